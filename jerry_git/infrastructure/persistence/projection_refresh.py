"""Brings the database of the projection up to date with the event files (ADR-032)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jerry_domain.services.items import highest_number, texts
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.persistence.marks import are_old, entries_of, mark_of, marks_in, sizes_in
from jerry_git.infrastructure.persistence.projected_board import CATEGORY
from jerry_git.infrastructure.persistence.states import pack

if TYPE_CHECKING:
    from jerry_domain.ports.event_store import Problem
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore

Contents = Callable[[Sequence[str]], Iterable[tuple[str, Mapping[str, bytes]]]]
"""Given folders, gives each once with the content by name of those of its files that need not be read from the disk.

A file that it gives was on the disk like that, whole, at some time after it was asked.
"""
Progress = Callable[[int], AbstractContextManager[Callable[[], None]]]
"""Given how many steps there are, gives what is called after each, and may show how far it is."""
MANY = 300
"""So many streams are read in other ways than one or two: starting git takes as long as opening some hundred files."""


def from_disk(folders: Sequence[str]) -> Iterable[tuple[str, Mapping[str, bytes]]]:
    """All files are read."""
    return ((folder, {}) for folder in folders)


def silent(steps: int) -> AbstractContextManager[Callable[[], None]]:  # noqa: ARG001
    """No progress is shown."""
    return nullcontext(lambda: None)


class Reading(NamedTuple):
    """How a projection reads what has changed; `contents` is asked where `many` streams have."""

    contents: Contents = from_disk
    progress: Progress = silent
    many: int = MANY


class Refresh:
    """Brings the items in `database`, inside a transaction, up to date with the files of the work tree `root`."""

    def __init__(
        self,
        root: Path,
        store: Callable[[], FileSystemEventStore],
        database: sqlite3.Connection,
        reading: Reading,
    ) -> None:
        self._root = root
        self._store = store
        self._database = database
        self._reading = reading

    def run(self, token: Sequence[str], before: int) -> None:
        """Read what has changed; `token` was told, at the time `before`, ahead of all that is read here."""
        rows = self._database.execute("SELECT stream, path, mark, watched FROM folders").fetchall()
        known: dict[str, tuple[str, int]] = {stream: (mark, watched) for stream, _, mark, watched in rows}
        archives = self._archives()
        places, moved = self._look(frozenset(path for _, path, _, _ in rows), archives)
        for stream in known.keys() - places.keys():
            _forget(self._database, stream)
        changed = [
            path
            for stream, path in places.items()
            if stream in moved or not self._is_as(path, *known.get(stream, ("", 0)))
        ]
        is_settled = self._update(changed, known.keys(), before)
        self._database.execute("DELETE FROM fresh")
        if is_settled and are_old((*token, *archives.values()), before):
            self._database.execute("INSERT INTO fresh VALUES (?)", ("\n".join(token),))

    def _look(self, known: Set[str], archives: Mapping[str, str]) -> tuple[Mapping[str, str], Set[str]]:
        """The folder of every stream, `known` or new (by path), and the streams with other events in archives."""
        astray = self._database.execute("SELECT 1 FROM problems WHERE stream = ''").fetchone() is not None
        there = None if astray else self._usual_places(known)
        altered = dict(self._database.execute("SELECT path, mark FROM archives")).items() ^ archives.items()
        moved = self._note_archives({path for path, _ in altered}, archives)
        places, strays = self._places() if there is None or altered else (there, [])
        self._database.execute("DELETE FROM problems WHERE stream = ''")
        _add_problems(self._database, "", strays)
        return places | self._archived_places(places), moved

    def _update(self, folders: Sequence[str], known: Set[str], before: int) -> bool:
        """Fold the streams in `folders` anew; whether all that lies there is older than `before`."""
        is_settled = True
        is_many = len(folders) >= self._reading.many
        with self._reading.progress(len(folders) * (1 + is_many)) as step:
            for folder, mark, contents in self._read_many(folders, step) if is_many else self._read_few(folders):
                stream = folder.rpartition("/")[2]
                if stream in known:
                    _forget(self._database, stream)
                watched = self._project(stream, contents)
                row = (stream, folder, mark if watched else _folder_of(mark), watched)
                self._database.execute("INSERT INTO folders VALUES (?, ?, ?, ?)", row)
                is_settled = is_settled and are_old(mark.split("\n"), before)
                step()
        return is_settled

    def _read_few(self, folders: Iterable[str]) -> Iterator[tuple[str, str, Mapping[str, bytes]]]:
        """The folders, each with the marks that it had before anything in it was read, and contents of files: none."""
        return ((folder, marks_in(f"{self._root}/{folder}"), {}) for folder in folders)

    def _read_many(
        self, folders: Sequence[str], step: Callable[[], None]
    ) -> Iterator[tuple[str, str, Mapping[str, bytes]]]:
        """The same with the contents that need not be read from the disk."""
        # All marks come first. What changes after them has other marks when it is looked at again; of what changed
        # before them, git is asked only now, so that it gives no content that is older than the marks.
        marks: dict[str, str] = {}
        for folder in folders:
            marks[folder] = marks_in(f"{self._root}/{folder}")
            step()
        for folder, contents in self._reading.contents(folders):
            mark = marks.pop(folder)
            yield folder, mark, _as_long_as_files(contents, mark)

    def _archives(self) -> dict[str, str]:
        """What lies in the folder of archives, by path, with its mark."""
        folder = self._root / ARCHIVE
        if folder.parent.is_symlink():
            return {}
        if folder.is_symlink():
            return {ARCHIVE: mark_of(folder)}
        return {f"{ARCHIVE}/{entry.name}": mark_of(entry.path) for entry in entries_of(folder)}

    def _note_archives(self, altered: Iterable[str], there: Mapping[str, str]) -> frozenset[str]:
        """Note the streams of archives that came, went or changed; returns all streams that they have, or had."""
        from jerry_git.infrastructure.persistence.event_paths import is_archive

        streams: set[str] = set()
        for path in altered:
            had = self._database.execute("SELECT stream FROM archived WHERE path = ?", (path,)).fetchall()
            streams.update(stream for (stream,) in had)
            self._database.execute("DELETE FROM archived WHERE path = ?", (path,))
            self._database.execute("DELETE FROM archives WHERE path = ?", (path,))
            if path in there:
                self._database.execute("INSERT INTO archives VALUES (?, ?)", (path, there[path]))
                has = self._store().archives.streams_in(path) if is_archive(path) else ()
                rows = [(stream, path) for stream in has if stream.startswith(f"{CATEGORY}-")]
                self._database.executemany("INSERT INTO archived VALUES (?, ?)", rows)
                streams.update(stream for stream, _ in rows)
        return frozenset(streams)

    def _archived_places(self, known: Mapping[str, str]) -> dict[str, str]:
        """The folders that the streams would have of which archives have everything."""
        rows = self._database.execute("SELECT DISTINCT stream FROM archived").fetchall()
        if not rows:
            return {}
        from jerry_git.infrastructure.persistence.event_paths import stream_folder

        return {stream: stream_folder(stream) for (stream,) in rows if stream not in known}

    def _usual_places(self, known: Set[str]) -> dict[str, str] | None:
        """The folder of every stream, `known` or new (by path); None where there is anything but streams of items."""
        events = self._root / EVENTS
        if events.is_symlink() or events.parent.is_symlink():
            return None
        found: dict[str, str] = {}
        for month in entries_of(events):
            if not month.is_dir(follow_symlinks=False):
                return None
            for entry in entries_of(month.path):
                path = f"{EVENTS}/{month.name}/{entry.name}"
                if not entry.is_dir(follow_symlinks=False) or (
                    path not in known and not _is_new(entry.name, month.name)
                ):
                    return None
                found[entry.name] = path
        return found

    def _places(self) -> tuple[dict[str, str], list[Problem]]:
        """The folder of every stream, and what lies astray."""
        from jerry_git.infrastructure.persistence.event_paths import stream_folder

        found: dict[str, str] = {}
        strays: list[Problem] = []
        for stream, problems in self._store().places(CATEGORY):
            strays += problems
            if stream:
                found[stream] = stream_folder(stream)
        return found, strays

    def _is_as(self, path: str, mark: str, watched: int) -> bool:
        folder = f"{self._root}/{path}"
        return (marks_in(folder) if watched else mark_of(folder)) == mark

    def _project(self, stream: str, contents: Mapping[str, bytes]) -> bool:
        """Fold a stream, of which files are read that are not in `contents`; whether they are to be watched."""
        from jerry_git.application.folding import board_of

        board = board_of([self._store().scan_stream(stream, contents)])
        for problems in board.broken.values():
            _add_problems(self._database, stream, problems)
        for state in board.items.values():
            row = (
                state.item_id,
                state.display_id,
                state.is_open,
                state.deleted,
                state.status,
                state.work_type,
                state.parent,
                highest_number((state,)),
                state.item_id in board.incomplete,
                state.item_id in board.divergences,
                json.dumps(taken) if (taken := board.taken.get(state.item_id)) else None,
                texts(state),
                pack(state),
            )
            self._database.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            self._database.executemany(
                "INSERT OR IGNORE INTO aliases VALUES (?, ?)", [(name, state.item_id) for name in state.aliases]
            )
            self._database.executemany(
                "INSERT OR IGNORE INTO dependencies VALUES (?, ?)",
                [(dependency.target, state.item_id) for dependency in state.dependencies],
            )
        return bool(board.broken) or any(state.is_open for state in board.items.values())


def _is_new(stream: str, month: str) -> bool:
    from jerry_git.infrastructure.persistence.event_paths import is_stream_of

    return stream.startswith(f"{CATEGORY}-") and is_stream_of(stream, month)


def _as_long_as_files(contents: Mapping[str, bytes], mark: str) -> Mapping[str, bytes]:
    """Contents that are as long as their files, which may have been written when they had other attributes."""
    sizes = sizes_in(mark) if contents else {}
    return {name: content for name, content in contents.items() if len(content) == sizes.get(name)}


def _folder_of(marks: str) -> str:
    return marks.partition("\n")[0]


def _forget(database: sqlite3.Connection, stream: str) -> None:
    item_id = stream.removeprefix(f"{CATEGORY}-")
    database.execute("DELETE FROM items WHERE id = ?", (item_id,))
    database.execute("DELETE FROM aliases WHERE id = ?", (item_id,))
    database.execute("DELETE FROM dependencies WHERE source = ?", (item_id,))
    database.execute("DELETE FROM problems WHERE stream = ?", (stream,))
    database.execute("DELETE FROM folders WHERE stream = ?", (stream,))


def _add_problems(database: sqlite3.Connection, stream: str, problems: Iterable[Problem]) -> None:
    rows = [(stream, json.dumps(asdict(problem))) for problem in problems]
    database.executemany("INSERT INTO problems VALUES (?, ?)", rows)
