"""Putting event files into archives, so that a kill at any moment loses nothing (DESIGN 8, ADR-034).

An archive is on the disk, whole and under its name, before a file goes that it holds; what both have is read once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.ports.event_store import StoreUnavailableError
from jerry_git.application.archiving import Progress, PutAway, Size
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_sources import TreeSource, blob_id
from jerry_git.infrastructure.persistence.archives import MOST_BYTES, archive_path, batches_in, to_line
from jerry_git.infrastructure.persistence.codec import CodecError
from jerry_git.infrastructure.persistence.disk import TEMPORARY, Disk
from jerry_git.infrastructure.persistence.event_files import read_regular
from jerry_git.infrastructure.persistence.event_paths import stream_folder
from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore


class FileSystemStoreroom:
    """Implements `Storeroom` over a work tree; `written` is told each path that is new, `gone` each that is no more."""

    def __init__(
        self,
        root: Path,
        store: FileSystemEventStore,
        git: Git,
        written: Callable[[str], None],
        gone: Callable[[str], None],
        disk: Disk | None = None,
    ) -> None:
        self._root = root
        self._store = store
        self._git = git
        self._written = written
        self._gone = gone
        self._disk = disk or Disk()

    def put_away(self, streams: Sequence[str], progress: Progress) -> PutAway:
        """See `Storeroom.put_away`."""
        committed = self._committed()
        done = PutAway()
        for month, some in groupby(progress(sorted(streams, key=stream_folder)), key=_month):
            done += self._put_away(month, some, committed)
        return done

    def _put_away(self, month: str, streams: Iterable[str], committed: Mapping[str, str]) -> PutAway:
        taken: dict[str, dict[str, bytes]] = {}
        kept: list[str] = []
        for stream in streams:
            lines = self._lines(stream, committed)
            if lines:
                taken[stream] = lines
            elif lines is None:
                kept.append(stream)
        archives = self._write(month, {path: line for lines in taken.values() for path, line in lines.items()})
        gone = [path for stream, lines in taken.items() for path in self._remove(stream, lines)]
        return PutAway(streams=tuple(taken), files=tuple(gone), archives=archives, kept=tuple(kept))

    def streams(self) -> int:
        """See `Storeroom.streams`."""
        return sum(1 for _ in self._store.folders(WorkItem.category))

    def sizes(self) -> Mapping[str, Size]:
        """See `Storeroom.sizes`."""
        found = {}
        for stream in self._store.folders(WorkItem.category):
            names = self._names(stream)
            if names:
                found[stream] = sum((_size(self._root / path) for path in names), _folder_size(self._root, stream))
        return found

    def uncommitted(self) -> frozenset[str]:
        """See `Storeroom.uncommitted`."""
        files = [entry[3:] for entry in self._git.changes() if "D" not in entry[:2]]  # what is gone is in no file
        return frozenset(path.split("/")[-2] for path in files if path.startswith(f"{EVENTS}/"))

    def archives(self) -> Size:
        """See `Storeroom.archives`."""
        return sum((_size(self._root / path) for path in self._store.archives.marks()), Size())

    def archived(self) -> int:
        """See `Storeroom.archived`."""
        return len({path for archive in self._store.archives.marks() for path, _ in self._held(archive)})

    def _committed(self) -> Mapping[str, str]:
        """The blob of each event file that HEAD has."""
        head = self._git.names_commit("HEAD")
        entries = TreeSource(self._git, "HEAD", head).entries((EVENTS,)) if head else ()
        return {entry.path: entry.blob for entry in entries}

    def _names(self, stream: str) -> Sequence[str]:
        folder = stream_folder(stream)
        return [f"{folder}/{name}" for name in self._store.names(stream)]

    def _lines(self, stream: str, committed: Mapping[str, str]) -> dict[str, bytes] | None:
        """The line of each file of a stream, by path; None where one is not as HEAD has it, or not canonical."""
        lines = {}
        for path in self._names(stream):
            try:
                content = read_regular(os.fspath(self._root), path)
                lines[path] = to_line(content)
            except (CodecError, OSError):
                return None
            if blob_id(content, len(committed.get(path, ""))) != committed.get(path):
                return None
        return lines

    def _write(self, month: str, lines: Mapping[str, bytes]) -> tuple[str, ...]:
        """Write those of the lines, by path, that no archive holds yet; returns the archives that hold them all.

        Those that were there may not be committed: a run that was broken off or taken back leaves them behind.
        """
        holders = [(archive, self._held(archive) & lines.items()) for archive in self._store.archives.of_month(month)]
        found = [archive for archive, held in holders if held]
        missing = lines.keys() - {path for _, held in holders for path, _ in held}
        for archive in found:
            self._written(archive)
        for content in _parts(lines[path] for path in sorted(missing)):
            path = archive_path(month, content)
            self._create(path, content)
            found.append(path)
        return tuple(found)

    def _held(self, archive: str) -> frozenset[tuple[str, bytes]]:
        """The batches of an archive: the path of the file that each was, and its line."""
        batches, _ = batches_in(archive, read_regular(os.fspath(self._root), archive))
        return frozenset((batch.path, batch.line + b"\n") for batch in batches)

    def _create(self, path: str, content: bytes) -> None:
        target = self._root / path
        temporary = target.with_name(f".{target.name}.{os.getpid()}{TEMPORARY}")
        try:
            self._disk.make_directory(self._root / ARCHIVE)
            self._disk.remove(temporary)
            self._disk.append_durably(temporary, content)
            self._disk.rename(temporary, target)
            self._disk.sync_directory(target.parent)
        except OSError as error:
            raise StoreUnavailableError(path, f"nothing was written: {error.strerror}") from error
        self._written(path)

    def _remove(self, stream: str, files: Mapping[str, bytes]) -> Iterator[str]:
        """Remove these files; under the stream's lock, for a writer may be about to use the folder."""
        with self._store.locked(stream):
            for path in files:
                try:
                    self._disk.remove(self._root / path)
                except OSError as error:
                    reason = f"is in an archive, and cannot be removed: {error.strerror}"
                    raise StoreUnavailableError(path, reason) from error
                self._gone(path)
                yield path
            self._disk.remove_directory(self._root / stream_folder(stream))


def _month(stream: str) -> str:
    return stream_folder(stream).split("/")[-2]


def _parts(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The contents of archives, none much larger than `MOST_BYTES`."""
    part = bytearray()
    for line in lines:
        part += line
        if len(part) > MOST_BYTES:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)


def _size(path: Path) -> Size:
    status = path.lstat()
    return Size(files=1, content=status.st_size, disk=status.st_blocks * 512)


def _folder_size(root: Path, stream: str) -> Size:
    return Size(disk=(root / stream_folder(stream)).lstat().st_blocks * 512)
