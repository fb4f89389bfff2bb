"""What a process has read of streams, so that an append reads only what is new (ADR-035)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from jerry_domain.events.base import RecordedEvent
from jerry_git.infrastructure.persistence.archives import Archives
from jerry_git.infrastructure.persistence.event_files import EventFiles
from jerry_git.infrastructure.persistence.history import Tip

MOST = 256
"""So many streams are kept, those that were asked for last."""


@dataclass(slots=True)
class KnownStream:
    """The names of the files that were read, the archives as they were before, and what all of these hold."""

    names: set[str]
    archives: Mapping[str, str]
    tip: Tip


class KnownStreams:
    """The tips of streams by name, each brought up to date by the files that came. What is kept may be lost."""

    def __init__(self, files: EventFiles, archives: Archives) -> None:
        self._files = files
        self._archives = archives
        self._streams: dict[str, KnownStream] = {}
        self._guard = Lock()

    def keep(self, stream: str, known: KnownStream) -> None:
        """Know what was read of a stream."""
        with self._guard:
            self._streams[stream] = known
            if len(self._streams) > MOST:
                del self._streams[next(iter(self._streams))]

    def catch_up(self, stream: str) -> Tip | None:
        """The tip of a stream as it is now; None when it must be read whole: in any doubt, and when it is not known.

        Only to be asked under the stream's lock.
        """
        with self._guard:
            known = self._streams.pop(stream, None)
        return None if known is None or self.go_on(stream, known) is None else known.tip

    def go_on(self, stream: str, known: KnownStream) -> Sequence[RecordedEvent] | None:
        """Read what came since `known` was read, and know it; None when the stream must be read whole."""
        if known.archives != self._archives.marks():
            return None
        names = self._files.beyond(stream, known.names)
        if names is None:
            return None
        found: list[RecordedEvent] = []
        for name in sorted(names):
            batch, problem = self._files.read(stream, name)
            if problem is not None or known.tip.meets([recorded.event for recorded in batch]):
                return None
            known.tip.add(batch)
            known.names.add(name)
            found += batch
        self.keep(stream, known)
        return found

    def add(self, stream: str, name: str, batch: Iterable[RecordedEvent]) -> None:
        """Know the batch that was just written as the file `name`, under the lock under which `catch_up` was asked.

        Of a write that failed nothing needs to be told: what it left behind is found as any other writer's.
        """
        known = self._streams.get(stream)
        if known is not None:
            known.names.add(name)
            known.tip.add(batch)
