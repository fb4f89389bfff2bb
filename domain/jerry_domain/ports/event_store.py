"""The port to the log of events (PAT-001, PAT-003), with its errors.

EventStoreError
+-- ConcurrencyError        refused: somebody appended first
+-- IdempotencyError        refused: event ids known in part, or known with other content
+-- CorruptStreamError      refused: the stream cannot be read whole
+-- LockTimeoutError        refused: another writer held the lock for too long
+-- StoreUnavailableError   refused: the disk is full, read-only, or not what it should be
+-- OutcomeUnknownError     the events may or may not have been written
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.values import Value, value

NO_STREAM: Final = 0
"""The version of a stream that does not exist."""

ANY: Final = -1
"""As an expected version: append whatever the version is."""


class EventStoreError(Exception):
    """An append or a read did not succeed. Except for `OutcomeUnknownError`, nothing was written."""


class ConcurrencyError(EventStoreError):
    """The stream was not at the version that the writer expected."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream}: expected version {expected}, found {actual}")
        self.stream = stream
        self.expected = expected
        self.actual = actual


class IdempotencyError(EventStoreError):
    """Some of the event ids are in the stream already and some are not, or one is there with other content."""

    def __init__(self, stream: str, event_ids: Sequence[str], reason: str) -> None:
        super().__init__(f"stream {stream}: {reason}: {', '.join(event_ids)}")
        self.stream = stream
        self.event_ids = tuple(event_ids)
        self.reason = reason


@value
class Problem(Value):
    """Something in the store that cannot be read: where it lies, what is wrong, and how to mend it.

    `code` is stable; `path` is relative to the repository, `line` 1-based, 0 where there is none.
    """

    code: str
    path: str
    message: str
    mend: str
    line: int = 0
    stream: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class CorruptStreamError(EventStoreError):
    """Part of the stream cannot be read, so its state is not known. Other streams are not concerned."""

    def __init__(self, stream: str, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.stream = stream
        self.problems = tuple(problems)


class LockTimeoutError(EventStoreError):
    """Another process held the lock for longer than `seconds`."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"the lock {name!r} was held by another process for more than {seconds:g} s")
        self.name = name
        self.seconds = seconds


class StoreUnavailableError(EventStoreError):
    """The place where events are kept cannot be used as it is; nothing was written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class OutcomeUnknownError(EventStoreError):
    """The append was cut off where it cannot be told whether it took effect. Sending it again is safe."""

    def __init__(self, stream: str, event_ids: Sequence[str], reason: str) -> None:
        super().__init__(f"stream {stream}: {reason}")
        self.stream = stream
        self.event_ids = tuple(event_ids)
        self.reason = reason


@value
class StreamScan(Value):
    """One stream as found in a scan of the whole store: its readable events in order, and what could not be read."""

    stream: str
    events: tuple[RecordedEvent, ...]
    problems: tuple[Problem, ...]


@value
class Resumption(Value):
    """What a stream has beyond a checkpoint: its `events` in causal order, all of them where it is `whole`.

    Where it is not, each of them stands on everything that the checkpoint tells of, so that folding them onto the state
    of then gives the state of now. `checkpoint()` is the one for all that has been read; None where nobody could
    tell later whether it still holds.
    """

    events: tuple[RecordedEvent, ...]
    whole: bool
    checkpoint: Callable[[], str | None]


class IEventStore(Protocol):
    """Streams of events, appended with optimistic concurrency.

    Versions are 1-based; a stream that does not exist has version `NO_STREAM` (0) and reads as empty.
    """

    def append(self, stream: str, events: Sequence[DomainEvent], expected_version: int) -> int:
        """Append `events` as one atomic batch, if the stream is at `expected_version` *before* the append.

        Returns the stream's version after it. `ANY` checks nothing; an empty batch writes nothing and succeeds.
        Idempotent: when all event ids are in the stream with the same content, nothing is written and the current
        version is returned, whatever the expected version says.

        Raises `ConcurrencyError`, `IdempotencyError`, `CorruptStreamError`, `LockTimeoutError`,
        `StoreUnavailableError` (nothing written) or `OutcomeUnknownError`.
        """
        ...

    def read(self, stream: str, from_version: int = 1, to_version: int | None = None) -> tuple[RecordedEvent, ...]:
        """The events with versions from `from_version` to `to_version`, both inclusive, in causal order.

        Raises `CorruptStreamError` when any file of the stream cannot be read.
        """
        ...

    def resume(self, stream: str, checkpoint: str | None) -> Resumption:
        """The events beyond `checkpoint`, or all of them: without one, with one of no use, and in any doubt.

        Raises `CorruptStreamError`.
        """
        ...

    def get_version(self, stream: str) -> int:
        """The highest version in the stream, `NO_STREAM` where there is none; raises `CorruptStreamError`."""
        ...

    def scan(self, category: str) -> Iterable[StreamScan]:
        """Every stream of `category`, by name. Never raises for a bad file: it is in `problems`."""
        ...
