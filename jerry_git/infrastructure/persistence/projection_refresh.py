"""Brings the database of the projection up to date with the event files (ADR-032)."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from jerry_domain.services.items import highest_number, texts
from jerry_git.application.layout import ARCHIVE, EVENTS, FOLDER
from jerry_git.infrastructure.persistence.marks import (
    are_old,
    entries_of,
    mark_of,
    marked,
    marks_in,
    sizes_in,
    storable,
    times_in,
)
from jerry_git.infrastructure.persistence.projected_board import CATEGORY
from jerry_git.infrastructure.persistence.states import pack

if TYPE_CHECKING:
    from jerry_domain.ports.event_store import Problem
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore
    from jerry_git.infrastructure.persistence.projection import Token

Contents = Callable[[Sequence[str]], Iterable[tuple[str, Mapping[str, bytes]]]]
"""Given folders, gives each once with the content by name of those of its files that need not be read from the disk.

A file that it gives was on the disk like that, whole, at some time after it was asked.
"""
Progress = Callable[[int], AbstractContextManager[Callable[[], None]]]
"""Given how many steps there are, gives what is called after each, and may show how far it is."""
_MANY = 300
_SHARE = 4


def are_many(changed: int, streams: int) -> bool:
    """Whether to read as many streams in another way: git looks at all files there are, however few are wanted."""
    return changed >= _MANY and changed * _SHARE >= streams


def silent(steps: int) -> AbstractContextManager[Callable[[], None]]:  # noqa: ARG001
    """No progress is shown."""
    return nullcontext(lambda: None)


def nothing(folders: Sequence[str]) -> Iterable[tuple[str, Mapping[str, bytes]]]:
    """All is read from the disk."""
    return ((folder, {}) for folder in folders)


class Reading(NamedTuple):
    """How a projection reads what has changed; `contents` is asked where `many` of all streams have."""

    contents: Contents = nothing
    progress: Progress = silent
    many: Callable[[int, int], bool] = are_many


class Refresh:
    """Brings the items in `database`, inside a transaction, up to date with the files of the work tree `root`."""

    def __init__(
        self,
        root: str,
        store: Callable[[], FileSystemEventStore],
        database: sqlite3.Connection,
        reading: Reading = Reading(),  # noqa: B008 - it never changes
    ) -> None:
        self._root = root
        self._store = store
        self._database = database
        self._reading = reading

    def run(self, token: Token, before: int) -> None:
        """Read what has changed; `token` was told, at the time `before`, ahead of all that is read here."""
        rows = self._database.execute("SELECT stream, path, mark, files FROM folders").fetchall()
        known = {stream: (mark, files) for stream, _, mark, files in rows}
        is_odd = self._database.execute("SELECT 1 FROM problems WHERE stream = ''").fetchone() is not None
        usual = None if is_odd else self._usual_folders({path for _, path, _, _ in rows})
        there = self._judged_folders() if usual is None else usual
        archives = self._archives()  # after the folders: what goes from there is in an archive before
        altered = dict(self._database.execute("SELECT path, mark FROM archives")).items() ^ archives.items()
        moved = self._note_archives({path for path, _ in altered}, archives)
        self._database.execute("DELETE FROM problems WHERE stream = ''")
        if usual is None or altered:
            _add_problems(self._database, "", self._strays())
        changed = {
            path: mark
            for stream, (path, mark) in there.items()
            if stream in moved or not self._is_as(path, mark, *known.get(stream, ("", None)))
        }
        gone = (known.keys() | moved) - there.keys()
        for stream in gone | (known.keys() & {_stream_in(path) for path in changed}):
            _forget(self._database, stream)
        many = self._reading.many(len(changed), len(there))
        is_settled = self._read(changed, sorted(filter(self._is_archived, gone)), before, many=many)
        self._database.execute("DELETE FROM fresh")
        if is_settled and are_old((token.of_index, *token.others(), *archives.values()), before):
            self._database.execute("INSERT INTO fresh VALUES (?, ?)", (str(token), before))

    def renew(self, folders: Mapping[str, str], before: int) -> bool:
        """Read the streams in these folders anew; whether all that lies there is older than `before`."""
        for path in folders:
            _forget(self._database, _stream_in(path))
        return self._read(folders, (), before, many=False)

    def _read(self, folders: Mapping[str, str], archived: Sequence[str], before: int, *, many: bool) -> bool:
        """Fold the streams in `folders`, of which the marks are told, and those that archives alone have.

        Returns whether all that lies in the folders is older than `before`.
        """
        is_settled = True
        with self._reading.progress(len(folders) * (1 + many) + len(archived)) as step:
            read = self._read_many([*folders], step) if many else self._read_few(folders)
            for path, files, contents in read:
                mark, stream = folders[path], _stream_in(path)
                watched = self._project(stream, contents)
                if not are_old((mark, *times_in(files)), before):
                    mark, is_settled = "", False  # nothing will be equal to it: who knows what changes under this time
                row = (stream, path, mark, files if watched else None)
                self._database.execute("INSERT INTO folders VALUES (?, ?, ?, ?)", row)
                step()
            for stream in archived:
                self._project(stream, {})
                step()
        return is_settled

    def _read_few(self, folders: Iterable[str]) -> Iterator[tuple[str, str, Mapping[str, bytes]]]:
        """The folders, each with the marks that its files had before one was read, and contents of files: none."""
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
            files = marks.pop(folder)
            yield folder, files, _as_long_as_files(contents, files)

    def _is_archived(self, stream: str) -> bool:
        return self._database.execute("SELECT 1 FROM archived WHERE stream = ?", (stream,)).fetchone() is not None

    def _is_as(self, path: str, mark: str, known: str, files: str | None) -> bool:
        """Whether a folder is as it was, and where all of its `files` are known, these too."""
        return mark == known and (files is None or files == marks_in(f"{self._root}/{path}"))

    def _archives(self) -> dict[str, str]:
        """What lies in the folder of archives, by path, with its mark."""
        folder = f"{self._root}/{ARCHIVE}"
        if os.path.islink(f"{self._root}/{FOLDER}"):
            return {}
        if os.path.islink(folder):
            return {ARCHIVE: mark_of(folder)}
        return {f"{ARCHIVE}/{storable(entry.name)}": mark_of(entry.path) for entry in entries_of(folder)}

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

    def _usual_folders(self, known: Set[str]) -> dict[str, tuple[str, str]] | None:
        """The folder of every stream, `known` or new (by path); None where there is anything but streams of items."""
        events = f"{self._root}/{EVENTS}"
        if os.path.islink(events) or os.path.islink(f"{self._root}/{FOLDER}"):
            return None
        found: dict[str, tuple[str, str]] = {}
        for month in entries_of(events):
            if not month.is_dir(follow_symlinks=False):
                return None
            for entry, mark in marked(month.path):
                path = f"{EVENTS}/{month.name}/{entry.name}"
                if not entry.is_dir(follow_symlinks=False) or (
                    path not in known and not _is_new(entry.name, month.name)
                ):
                    return None
                found[entry.name] = path, mark
        return found

    def _judged_folders(self) -> dict[str, tuple[str, str]]:
        """The folder of every stream, whatever else lies there."""
        from jerry_git.infrastructure.persistence.event_paths import stream_folder

        paths = {stream: stream_folder(stream) for stream in self._store().folders(CATEGORY)}
        return {stream: (path, mark_of(f"{self._root}/{path}")) for stream, path in paths.items()}

    def _strays(self) -> list[Problem]:
        return [problem for _, problems in self._store().places(CATEGORY) for problem in problems]

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


def _stream_in(path: str) -> str:
    """The name of the stream whose folder is at `path`."""
    return path.rpartition("/")[2]


def _as_long_as_files(contents: Mapping[str, bytes], files: str) -> Mapping[str, bytes]:
    """Contents that are as long as their files, which may have been written when they had other attributes."""
    sizes = sizes_in(files) if contents else {}
    return {name: content for name, content in contents.items() if len(content) == sizes.get(name)}


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
