"""One fake for each port, and `Services` that holds them: what `jerry_git.bootstrap` wires, without a disk or git."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.ports.event_store import CorruptStreamError, IEventStore, Problem, Resumption, StreamScan
from jerry_domain.value_objects.work_item_id import EPOCH, WorkItemId
from jerry_git.application.board import Board
from jerry_git.application.folding import load_board
from jerry_git.application.ports import Claims, Step
from jerry_git.application.settings import Settings
from jerry_git.infrastructure.persistence.in_memory_event_store import InMemoryEventStore
from jerry_git.infrastructure.persistence.in_memory_snapshots import InMemorySnapshots

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class FixedClock:
    """Stands still until it is moved."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def advance(self, **time: float) -> None:
        self.moment += timedelta(**time)


@dataclass
class CountingIds:
    """Ids that count up from a start; `gone` tells how many items were asked for."""

    start: int = 1
    items: int = 0
    commands: int = 0

    def item_id(self) -> WorkItemId:
        self.items += 1
        return WorkItemId.compose((NOON - EPOCH) // timedelta(milliseconds=1), self.start + self.items)

    def command_id(self) -> UUID:
        self.commands += 1
        return UUID(int=self.start * 1_000_000 + self.commands)


@dataclass
class NotedLocks:
    """Nobody else is here; taking a lock that one holds would wait for ever, and is a failure instead."""

    held: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        assert name not in self.held, f"{name} is held already"
        self.held.append(name)
        self.taken.append(name)
        try:
            yield
        finally:
            self.held.remove(name)


@dataclass
class CountingNumbers:
    """The clone's counter, in memory."""

    last: int = 0

    def allot(self, count: int, highest_seen: int) -> range:
        first = max(self.last, highest_seen) + 1
        self.last = first + count - 1
        return range(first, first + count)


@dataclass
class NamedWorker:
    """An actor in a session; `asked` counts how often the name was wanted."""

    name: str = "Ada <ada@example.org>"
    session: str | None = "ada-1"
    asked: int = 0

    @property
    def actor(self) -> str:
        self.asked += 1
        return self.name


@dataclass
class InterleavingStore:
    """A store before whose next appends something else happens: another writer between load and save."""

    inner: IEventStore
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    appends: int = 0

    def append(self, stream: str, events: Sequence[DomainEvent], expected_version: int) -> int:
        self.appends += 1
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return self.inner.append(stream, events, expected_version)

    def read(self, stream: str, from_version: int = 1, to_version: int | None = None) -> tuple[RecordedEvent, ...]:
        return self.inner.read(stream, from_version, to_version)

    def resume(self, stream: str, checkpoint: str | None) -> Resumption:
        return self.inner.resume(stream, checkpoint)

    def get_version(self, stream: str) -> int:
        return self.inner.get_version(stream)

    def scan(self, category: str) -> Iterable[StreamScan]:
        return self.inner.scan(category)


@dataclass
class DamagedStore(InterleavingStore):
    """A store in which the streams of `damaged` (internal ids) cannot be read, nor what lies astray beside them."""

    damaged: dict[str, Problem] = field(default_factory=dict)
    strays: tuple[Problem, ...] = ()

    def read(self, stream: str, from_version: int = 1, to_version: int | None = None) -> tuple[RecordedEvent, ...]:
        item_id = stream.partition("-")[2]
        if item_id in self.damaged:
            raise CorruptStreamError(stream, [self.damaged[item_id]])
        return self.inner.read(stream, from_version, to_version)

    def resume(self, stream: str, checkpoint: str | None) -> Resumption:
        self.read(stream)
        return self.inner.resume(stream, checkpoint)

    def scan(self, category: str) -> Iterable[StreamScan]:
        if self.strays:
            yield StreamScan(stream="", events=(), problems=self.strays)
        for scan in self.inner.scan(category):
            problem = self.damaged.get(scan.stream.partition("-")[2])
            yield scan if problem is None else replace(scan, events=(), problems=(problem,))


@dataclass
class QuietActivity:
    """What other work trees do: nothing, unless a test says so."""

    known: dict[str, Claims] = field(default_factory=dict)
    moved: dict[str, Step] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    finished: int = 0

    def claims(self, now: datetime) -> dict[str, Claims]:
        return self.known

    def steps(self, now: datetime, items: Iterable[str]) -> dict[str, Step]:
        return {key: self.moved[key] for key in items if key in self.moved}

    def existing(self, paths: frozenset[str]) -> frozenset[str]:
        return paths & self.there

    def finish(self, now: datetime) -> None:
        self.finished += 1


@dataclass
class Services:
    """All ports together; implements `jerry_git.application.ports.Services`."""

    store: IEventStore = field(default_factory=InMemoryEventStore)
    snapshots: InMemorySnapshots = field(default_factory=InMemorySnapshots)
    clock: FixedClock = field(default_factory=FixedClock)
    ids: CountingIds = field(default_factory=CountingIds)
    locks: NotedLocks = field(default_factory=NotedLocks)
    numbers: CountingNumbers = field(default_factory=CountingNumbers)
    worker: NamedWorker = field(default_factory=NamedWorker)
    settings: Settings = field(default_factory=Settings)
    activity: QuietActivity = field(default_factory=QuietActivity)
    prefix: str = "WORK"

    def board(self) -> Board:
        """Everything folded anew."""
        return load_board(self.store)

    def of(self, name: str, session: str | None = None, start: int = 500) -> Services:
        """The same store for another worker, whose ids count from elsewhere, as in another process."""
        return replace(
            self,
            ids=CountingIds(start),
            locks=NotedLocks(),
            worker=NamedWorker(f"{name} <{name.lower()}@example.org>", session),
        )


def problem(path: str = ".jerry/events/x.json", message: str = "not JSON") -> Problem:
    """Something that cannot be read."""
    return Problem(code="not-json", path=path, message=message, mend=f"git checkout HEAD -- {path}", line=3)
