"""All items of one work tree in SQLite, so that a command reads what it is asked for and no more (ADR-032).

A cache without authority: whatever is wrong with it, it is made anew from the event files, or passed over. It lies in
the work tree's own git directory, and goes with it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jerry_domain.aggregates.work_item_state import FOLD_VERSION, WorkItemState
from jerry_domain.services.items import Items, highest_number, texts
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.board import Board, Taken
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.persistence.cache import drop, is_to_blame, open_cache, writing
from jerry_git.infrastructure.persistence.marks import are_old
from jerry_git.infrastructure.persistence.states import pack, unpack

if TYPE_CHECKING:
    from jerry_domain.events.base import RecordedEvent
    from jerry_domain.ports.event_store import Problem
    from jerry_domain.services.divergence import Divergence
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore

FORMAT = 3
CATEGORY = "work_item"
VERSION = FORMAT * 10_000 + FOLD_VERSION
TABLES = """
CREATE TABLE items(
    id TEXT PRIMARY KEY, display TEXT, is_open INT, deleted INT, status TEXT, type TEXT, parent TEXT, number INT,
    incomplete INT, apart INT, taken TEXT, words TEXT, state TEXT
) WITHOUT ROWID;
CREATE INDEX open_items ON items(id) WHERE is_open;
CREATE INDEX parents ON items(parent, id) WHERE parent IS NOT NULL AND NOT deleted;
CREATE INDEX counts ON items(status, type) WHERE NOT deleted;
CREATE INDEX numbers ON items(number);
CREATE INDEX displays ON items(display);
CREATE INDEX lacking ON items(id) WHERE incomplete;
CREATE INDEX diverging ON items(id) WHERE apart;
CREATE TABLE aliases(name TEXT, id TEXT, PRIMARY KEY (name, id)) WITHOUT ROWID;
CREATE TABLE dependencies(target TEXT, source TEXT, PRIMARY KEY (target, source)) WITHOUT ROWID;
CREATE INDEX alias_items ON aliases(id);
CREATE INDEX sources ON dependencies(source);
CREATE TABLE folders(stream TEXT PRIMARY KEY, path TEXT, mark TEXT, watched INT) WITHOUT ROWID;
CREATE INDEX watched_folders ON folders(stream) WHERE watched;
CREATE TABLE archives(path TEXT PRIMARY KEY, mark TEXT) WITHOUT ROWID;
CREATE TABLE archived(stream TEXT, path TEXT, PRIMARY KEY (stream, path)) WITHOUT ROWID;
CREATE INDEX archived_paths ON archived(path);
CREATE TABLE problems(stream TEXT, problem TEXT);
CREATE INDEX troubled ON problems(stream);
CREATE TABLE fresh(token TEXT);
CREATE TABLE snapshots(stream TEXT PRIMARY KEY, version INT, checkpoint TEXT, fold INT, state TEXT) WITHOUT ROWID;
"""


def projection_file(git_dir: Path) -> Path:
    """Where the database lies in the git directory of a work tree."""
    return git_dir / "jerry" / "cache" / "projection.sqlite"


Progress = Callable[[Iterable[str], int], Iterable[str]]
"""Given the streams that are to be read and how many they are, gives them on, and may show how far it is."""


def silent(streams: Iterable[str], count: int) -> Iterable[str]:  # noqa: ARG001
    """No progress is shown."""
    return streams


class Projection:
    """The items of the work tree `root`, kept in its git directory; `store` is asked only for what has changed.

    `journal` is the folder of the clone's journal.
    """

    def __init__(
        self,
        root: Path,
        git_dir: Path,
        journal: Path,
        store: Callable[[], FileSystemEventStore],
        progress: Progress = silent,
    ) -> None:
        self._root = root
        self._journal = journal
        self._index = git_dir / "index"
        self._file = projection_file(git_dir)
        self._store = store
        self._progress = progress

    def board(self) -> Board:
        """All items as the event files say; raises what reading them raises."""
        for _ in range(2):
            try:
                return self._board()
            except sqlite3.DatabaseError as error:
                if not is_to_blame(error):
                    break
                drop(self._file)
        from jerry_git.application.folding import load_board

        return load_board(self._store())

    def _board(self) -> Board:
        database = open_cache(self._file, VERSION, TABLES)
        try:
            if not self._is_fresh(database):
                self._refresh(database)
                database.execute("BEGIN")
            return _board_of(database, self._store)
        except BaseException:
            database.close()
            raise

    # --- freshness

    def _is_fresh(self, database: sqlite3.Connection) -> bool:
        """Whether the items are what the files say; if so the connection goes on seeing just these items."""
        database.execute("BEGIN")
        found = database.execute("SELECT token FROM fresh").fetchone()
        if found is not None and found[0] == "\n".join(self._token()) and self._are_watched_unchanged(database):
            return True
        database.execute("COMMIT")
        return False

    def _token(self) -> list[str]:
        """Marks of what git, the commands here, and a stream that is new or gone change; the same cost at any size.

        git writes its index anew whenever it changes a work tree; a command writes a line of the journal; a stream that
        comes or goes changes its month's folder, and an archive that of the archives.
        """
        events = self._root / EVENTS
        months = sorted(entry.path for entry in _entries(events) if entry.is_dir(follow_symlinks=False))
        journal = sorted(entry.path for entry in _entries(self._journal))
        above = (events.parent, events, self._root / ARCHIVE)
        places = (os.fspath(self._index), *map(os.fspath, above), *months, *journal)
        return [f"{os.fsencode(place)!r} {_mark(place)}" for place in places]

    def _are_watched_unchanged(self, database: sqlite3.Connection) -> bool:
        """Whether the files of the open items, and of those that cannot be read, are as they were.

        For these, which are mostly asked about, what is changed by hand is seen at once.
        """
        rows = database.execute("SELECT path, mark FROM folders WHERE watched")
        return all(_marks(f"{self._root}/{path}") == mark for path, mark in rows)

    def _refresh(self, database: sqlite3.Connection) -> None:
        with writing(database):
            before = time.time_ns()
            token = self._token()
            rows = database.execute("SELECT stream, path, mark, watched FROM folders").fetchall()
            known: dict[str, tuple[str, int]] = {stream: (mark, watched) for stream, _, mark, watched in rows}
            astray = database.execute("SELECT 1 FROM problems WHERE stream = ''").fetchone() is not None
            there = None if astray else self._usual_places({path for _, path, _, _ in rows})
            archives = self._archives()
            altered = dict(database.execute("SELECT path, mark FROM archives")).items() ^ archives.items()
            moved = self._note_archives(database, {path for path, _ in altered}, archives)
            places, strays = self._places() if there is None or altered else (there, [])
            places |= self._archived_places(database, places)
            changed = [
                stream
                for stream, path in places.items()
                if stream in moved or not self._is_as(path, *known.get(stream, ("", 0)))
            ]
            database.execute("DELETE FROM problems WHERE stream = ''")
            _add_problems(database, "", strays)
            for stream in known.keys() - places.keys():
                _forget(database, stream)
            marks = [*token, *archives.values()]
            for stream in self._progress(changed, len(changed)):
                _forget(database, stream)
                folder = f"{self._root}/{places[stream]}"
                mark = _marks(folder)  # before it is read
                watched = self._project(database, stream)
                row = (stream, places[stream], mark if watched else _folder_of(mark), watched)
                database.execute("INSERT INTO folders VALUES (?, ?, ?, ?)", row)
                marks += mark.split("\n")
            database.execute("DELETE FROM fresh")
            if are_old(marks, before):
                database.execute("INSERT INTO fresh VALUES (?)", ("\n".join(token),))

    def _archives(self) -> dict[str, str]:
        """What lies in the folder of archives, by path, with its mark."""
        folder = self._root / ARCHIVE
        if folder.parent.is_symlink():
            return {}
        if folder.is_symlink():
            return {ARCHIVE: _mark(folder)}
        return {f"{ARCHIVE}/{entry.name}": _mark(entry.path) for entry in _entries(folder)}

    def _note_archives(
        self, database: sqlite3.Connection, altered: Iterable[str], there: Mapping[str, str]
    ) -> frozenset[str]:
        """Note the streams of archives that came, went or changed; returns all streams that they have, or had."""
        from jerry_git.infrastructure.persistence.event_paths import is_archive

        streams: set[str] = set()
        for path in altered:
            had = database.execute("SELECT stream FROM archived WHERE path = ?", (path,)).fetchall()
            streams.update(stream for (stream,) in had)
            database.execute("DELETE FROM archived WHERE path = ?", (path,))
            database.execute("DELETE FROM archives WHERE path = ?", (path,))
            if path in there:
                database.execute("INSERT INTO archives VALUES (?, ?)", (path, there[path]))
                has = self._store().archives.streams_in(path) if is_archive(path) else ()
                rows = [(stream, path) for stream in has if stream.startswith(f"{CATEGORY}-")]
                database.executemany("INSERT INTO archived VALUES (?, ?)", rows)
                streams.update(stream for stream, _ in rows)
        return frozenset(streams)

    def _archived_places(self, database: sqlite3.Connection, known: Mapping[str, str]) -> dict[str, str]:
        """The folders that the streams would have of which archives have everything."""
        rows = database.execute("SELECT DISTINCT stream FROM archived").fetchall()
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
        for month in _entries(events):
            if not month.is_dir(follow_symlinks=False):
                return None
            for entry in _entries(month.path):
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
        return (_marks(folder) if watched else _mark(folder)) == mark

    def _project(self, database: sqlite3.Connection, stream: str) -> bool:
        """Fold a stream; whether its files are to be watched."""
        from jerry_git.application.folding import board_of

        board = board_of([self._store().scan_stream(stream)])
        for problems in board.broken.values():
            _add_problems(database, stream, problems)
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
            database.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            database.executemany(
                "INSERT OR IGNORE INTO aliases VALUES (?, ?)", [(name, state.item_id) for name in state.aliases]
            )
            database.executemany(
                "INSERT OR IGNORE INTO dependencies VALUES (?, ?)",
                [(dependency.target, state.item_id) for dependency in state.dependencies],
            )
        return bool(board.broken) or any(state.is_open for state in board.items.values())


def _is_new(stream: str, month: str) -> bool:
    from jerry_git.infrastructure.persistence.event_paths import is_stream_of

    return stream.startswith(f"{CATEGORY}-") and is_stream_of(stream, month)


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _mark(place: str | Path) -> str:
    """What changes with what lies at a place, the time of its last change last; for a folder, that of a name in it."""
    try:
        status = os.stat(place, follow_symlinks=False)  # noqa: PTH116 - thousands of folders
    except OSError:
        return "-"
    return f"{status.st_mode} {status.st_ino} {status.st_size} {status.st_mtime_ns}"


def _marks(folder: str) -> str:
    """The mark of a folder, and those of the files in it, a line each."""
    lines = sorted(f"{entry.name} {_mark(entry.path)}" for entry in _entries(folder))
    return "\n".join((_mark(folder), *lines))


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


def _board_of(database: sqlite3.Connection, store: Callable[[], FileSystemEventStore]) -> Board:
    broken: dict[str, list[Problem]] = {}
    for stream, problem in database.execute("SELECT stream, problem FROM problems ORDER BY stream, rowid"):
        from jerry_domain.ports.event_store import Problem

        broken.setdefault(stream.removeprefix(f"{CATEGORY}-"), []).append(Problem(**json.loads(problem)))
    strays = tuple(broken.pop("", ()))
    items = ProjectedItems(database)
    histories = _Histories(items, store)
    apart = [key for (key,) in database.execute("SELECT id FROM items WHERE apart ORDER BY id")]
    return Board(
        items=items,
        histories=histories,
        broken={key: tuple(problems) for key, problems in broken.items()},
        strays=strays,
        incomplete=frozenset(key for (key,) in database.execute("SELECT id FROM items WHERE incomplete")),
        divergences=_Divergences(apart, histories) if apart else {},
        taken=_Takings(database),
    )


class ProjectedItems(Items):
    """Items that are read when they are asked for."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._states: dict[str, WorkItemState] = {}

    def __getitem__(self, item_id: str) -> WorkItemState:
        if item_id not in self._states:
            row = self._database.execute("SELECT state FROM items WHERE id = ?", (item_id,)).fetchone()
            if row is None:
                raise KeyError(item_id)
            self._states[item_id] = unpack(row[0])
        return self._states[item_id]

    def __del__(self) -> None:
        self._database.close()

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._states or bool(self._keys("SELECT id FROM items WHERE id = ?", item_id))

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys("SELECT id FROM items ORDER BY id"))

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM items").fetchone()[0])

    def __bool__(self) -> bool:
        return self._database.execute("SELECT 1 FROM items LIMIT 1").fetchone() is not None

    def open(self) -> Iterator[WorkItemState]:
        """See `Items.open`."""
        return self._all("SELECT id, state FROM items WHERE is_open ORDER BY id")

    def values(self) -> Any:
        """The states, read at once."""
        return list(self._all("SELECT id, state FROM items ORDER BY id"))

    def children(self, item_id: str) -> tuple[str, ...]:
        """See `Items.children`."""
        return self._keys("SELECT id FROM items WHERE parent = ? AND NOT deleted ORDER BY id", item_id)

    def dependents(self, item_id: str) -> tuple[str, ...]:
        """See `Items.dependents`."""
        return self._keys("SELECT source FROM dependencies WHERE target = ? ORDER BY source", item_id)

    def called(self, name: str) -> tuple[str, ...]:
        """See `Items.called`."""
        return self._keys("SELECT id FROM items WHERE display = ? ORDER BY id", name)

    def once_called(self, name: str) -> tuple[str, ...]:
        """See `Items.once_called`."""
        return self._keys("SELECT id FROM aliases WHERE name = ? ORDER BY id", name)

    def beginning(self, prefix: str) -> tuple[str, ...]:
        """See `Items.beginning`."""
        return self._keys("SELECT id FROM items WHERE id >= ? AND id < ? ORDER BY id", prefix, f"{prefix}~")

    def named_like(self, beginning: str) -> tuple[str, ...]:
        """See `Items.named_like`."""
        end = f"{beginning}\U0010ffff"
        return self._keys("SELECT id FROM items WHERE display >= ? AND display < ? ORDER BY id", beginning, end)

    def with_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """See `Items.with_words`."""
        wanted = " AND ".join("instr(words, ?)" for _ in words) or "1"
        return self._keys(f"SELECT id FROM items WHERE {wanted} ORDER BY id", *words)  # noqa: S608 - question marks

    def counts(self) -> Mapping[tuple[WorkItemStatus, WorkType], int]:
        """See `Items.counts`."""
        rows = self._database.execute(
            "SELECT status, type, count(*) FROM items WHERE NOT deleted GROUP BY status, type"
        )
        return {(WorkItemStatus(status), WorkType(kind)): count for status, kind, count in rows}

    def highest_number(self) -> int:
        """See `Items.highest_number`."""
        return int(self._database.execute("SELECT max(number) FROM items").fetchone()[0] or 0)

    def _keys(self, query: str, *values: object) -> tuple[str, ...]:
        return tuple(key for (key,) in self._database.execute(query, values))

    def _all(self, query: str) -> Iterator[WorkItemState]:
        for item_id, text in self._database.execute(query).fetchall():
            if item_id not in self._states:
                self._states[item_id] = unpack(text)
            yield self._states[item_id]


class _Histories(Mapping[str, "tuple[RecordedEvent, ...]"]):
    """The events of items, read from their files when they are asked for."""

    def __init__(self, items: ProjectedItems, store: Callable[[], FileSystemEventStore]) -> None:
        self._items = items
        self._store = store
        self._read: dict[str, tuple[RecordedEvent, ...]] = {}

    def __getitem__(self, item_id: str) -> tuple[RecordedEvent, ...]:
        if item_id not in self._read:
            if item_id not in self._items:
                raise KeyError(item_id)
            self._read[item_id] = self._store().read(f"{CATEGORY}-{item_id}")
        return self._read[item_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class _Takings(Mapping[str, tuple[Taken, ...]]):
    """Every claim that was made on an item, read when it is asked for."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __getitem__(self, item_id: str) -> tuple[Taken, ...]:
        query = "SELECT taken FROM items WHERE id = ? AND taken IS NOT NULL"
        row = self._database.execute(query, (item_id,)).fetchone()
        if row is None:
            raise KeyError(item_id)
        return tuple(Taken(*made) for made in json.loads(row[0]))

    def __iter__(self) -> Iterator[str]:
        return (key for (key,) in self._database.execute("SELECT id FROM items WHERE taken IS NOT NULL").fetchall())

    def __len__(self) -> int:
        return len(list(iter(self)))


class _Divergences(Mapping[str, "tuple[Divergence, ...]"]):
    """What branches disagree about, told from the events of the items where they do."""

    def __init__(self, keys: list[str], histories: _Histories) -> None:
        self._keys = keys
        self._known = frozenset(keys)
        self._histories = histories

    def __getitem__(self, item_id: str) -> tuple[Divergence, ...]:
        if item_id not in self._known:
            raise KeyError(item_id)
        from jerry_domain.services.divergence import divergences

        return divergences(self._histories[item_id])

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
