"""A source of files in memory, and event files as the store would write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from hashlib import sha1

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.sources import LINK, Change, Entry
from jerry_git.infrastructure.persistence.codec import encode
from jerry_git.infrastructure.persistence.event_paths import file_name, stream_folder
from jerry_git.testing.histories import happened, stream

Files = Mapping[str, bytes]


def files_of(events: Sequence[DomainEvent], number: int = 0, after: Sequence[RecordedEvent] = ()) -> dict[str, bytes]:
    """One file for each event, in a straight line: the stream of item `number`."""
    history = list(after)
    files = {}
    for event in events:
        parents = (history[-1].event.event_id,) if history else ()
        place = RecordedEvent(
            event=event, stream=stream(number), version=len(history) + 1, parents=parents, source="urn:uuid:x"
        )
        history.append(place)
        files |= file_of(place)
    return files


def file_of(*batch: RecordedEvent) -> dict[str, bytes]:
    """The file of one batch, by its path."""
    return {f"{stream_folder(batch[0].stream)}/{file_name(batch)}": encode(batch)}


class MemorySource:
    """Implements `Source`: `files` against `before`; a link is a file whose bytes begin with `->`."""

    def __init__(self, files: Files, before: Files | None = None, published: Files | None = None) -> None:
        self.name = "memory"
        self._files = files
        self._before = before
        self._published = published
        self.read: list[str] = []

    def changes(self, patterns: Sequence[str], *, published: bool) -> Sequence[Change]:
        before = self._published if published and self._published is not None else self._before
        paths = sorted({*self._files, *(before or {})})
        sides = [(path, _entry(path, before or {}), _entry(path, self._files)) for path in paths]
        return [Change("HEAD", path, old, new) for path, old, new in sides if old != new and _is_below(path, patterns)]

    def files(self, folders: Sequence[str]) -> Sequence[Entry]:
        return self.entries(folders)

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        found = (_entry(path, self._files) for path in sorted(self._files) if _is_below(path, folders))
        return [entry for entry in found if entry is not None]

    def contents(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        for entry in entries:
            self.read.append(entry.path)
            content = self._files[entry.path]
            gone = Problem(code="unreadable", path=entry.path, message="is not here", mend="git fsck")
            aim = content.removeprefix(b"-> ") if entry.mode == LINK else content
            yield entry, gone if content == b"gone" else aim

    def former(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        for entry in entries:
            for files in (self._before, self._published, self._files):
                if files is not None and _entry(entry.path, files) == entry:
                    yield entry, files[entry.path]
                    break

    def tracked(self) -> Sequence[Entry]:
        found = (_entry(path, self._files) for path in sorted(self._files))
        return [entry for entry in found if entry is not None]

    def mentioning(self, texts: Sequence[str], folder: str, names: str = "*") -> Sequence[str]:
        return [
            path
            for path, content in self._files.items()
            if path.startswith(folder)
            and fnmatchcase(path.rpartition("/")[2], names)
            and any(text.encode() in content for text in texts)
        ]


def _entry(path: str, files: Files) -> Entry | None:
    if path not in files:
        return None
    mode = {b"->": "120000", b"@@": "160000"}.get(files[path][:2], "100644")
    return Entry(path, mode, sha1(files[path], usedforsecurity=False).hexdigest())


def _is_below(path: str, patterns: Iterable[str]) -> bool:
    """As git's glob pathspecs go; a `**/` may stand for no folder at all."""
    return any(
        path == pattern or path.startswith(f"{pattern}/") or fnmatchcase(path, pattern.replace("**/", ""))
        for pattern in patterns
    )


__all__ = ["MemorySource", "file_of", "files_of", "happened"]
