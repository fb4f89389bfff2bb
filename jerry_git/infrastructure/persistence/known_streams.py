"""What a process has read of streams, so that an append reads only what is new (ADR-035)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from jerry_domain.events.base import RecordedEvent
from jerry_git.infrastructure.persistence.archives import Archives
from jerry_git.infrastructure.persistence.event_files import EventFiles
from jerry_git.infrastructure.persistence.folder_watch import FolderWatch
from jerry_git.infrastructure.persistence.history import Tip

MOST = 256
"""So many streams are kept, those that were asked for last."""
LONG = 100
"""Folders with more names are watched, where the system allows it: to list them takes longer than all the rest."""
MOST_WATCHED = 8
"""So many folders are watched, those that were asked for last: a system allows a user some hundred watchers."""


@dataclass(slots=True)
class KnownStream:
    """The names of the files that were read, the archives as they were before, and what all of these hold.

    `asked` is how often an append asked for it; `watch` tells what changed in the folder since it was asked last.
    """

    names: set[str]
    archives: Mapping[str, str]
    tip: Tip
    asked: int = 0
    watch: FolderWatch | None = None


class KnownStreams:
    """The tips of streams by name, each brought up to date by the files that came. What is kept may be lost."""

    def __init__(self, files: EventFiles, archives: Archives) -> None:
        self._files = files
        self._archives = archives
        self._streams: dict[str, KnownStream] = {}
        self._watchable = True
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
        if known is None:
            return None
        changes = None if known.watch is None else known.watch.changes()
        if changes is None:  # then the folder is listed, and the watch begins before that
            known.watch = self._watch(stream, known)
        known.asked += 1
        return None if self.go_on(stream, known, changes) is None else known.tip

    def _watch(self, stream: str, known: KnownStream) -> FolderWatch | None:
        if not (self._watchable and known.asked) or len(known.names) < LONG:  # who appends once needs no watch
            return None
        with self._guard:
            watched = [other for other in self._streams.values() if other.watch is not None]
        for other in watched[: max(0, len(watched) + 1 - MOST_WATCHED)]:
            other.watch = None
        watch = self._files.watch(stream)
        self._watchable = watch is not None  # where there can be none, trying it each time would cost more than listing
        return watch

    def go_on(
        self, stream: str, known: KnownStream, changes: Mapping[str, bool] | None = None
    ) -> Sequence[RecordedEvent] | None:
        """Read what came since `known` was read, and know it; None when the stream must be read whole.

        `changes` are those of the folder, where they are known: else it is listed.
        """
        if known.archives != self._archives.marks():
            return None
        names = self._files.beyond(stream, known.names, changes)
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
