"""All items of one work tree in SQLite, so that a command reads what it is asked for and no more (ADR-032).

A cache without authority: whatever is wrong with it, it is made anew from the event files, or passed over. It lies in
the work tree's own git directory, and goes with it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from jerry_domain.aggregates.work_item_state import FOLD_VERSION
from jerry_git.application.layout import ARCHIVE, EVENTS, FOLDER
from jerry_git.infrastructure.persistence.cache import drop, is_to_blame, open_cache, writing
from jerry_git.infrastructure.persistence.marks import (
    are_old,
    entries_of,
    has_checksum,
    have_marks,
    index_mark,
    mark_of,
)
from jerry_git.infrastructure.persistence.projected_board import projected_board

if TYPE_CHECKING:
    from jerry_git.application.board import Board
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore
    from jerry_git.infrastructure.persistence.marks import IndexChange
    from jerry_git.infrastructure.persistence.projection_refresh import Reading

FORMAT = 8
VERSION = FORMAT * 10_000 + FOLD_VERSION
# Rows of items are long: in a table with rowids they fill half as many pages.
TABLES = """
CREATE TABLE items(
    id TEXT PRIMARY KEY, display TEXT, is_open INT, deleted INT, status TEXT, type TEXT, parent TEXT, number INT,
    incomplete INT, apart INT, taken TEXT, words TEXT, state TEXT
);
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
CREATE TABLE folders(stream TEXT PRIMARY KEY, path TEXT, mark TEXT, files TEXT) WITHOUT ROWID;
CREATE INDEX watched_folders ON folders(stream) WHERE files IS NOT NULL;
CREATE INDEX folder_paths ON folders(path);
CREATE TABLE archives(path TEXT PRIMARY KEY, mark TEXT) WITHOUT ROWID;
CREATE TABLE archived(stream TEXT, path TEXT, PRIMARY KEY (stream, path)) WITHOUT ROWID;
CREATE INDEX archived_paths ON archived(path);
CREATE TABLE problems(stream TEXT, problem TEXT);
CREATE INDEX troubled ON problems(stream);
CREATE TABLE fresh(token TEXT, looked INT);
CREATE TABLE snapshots(stream TEXT PRIMARY KEY, version INT, checkpoint TEXT, fold INT, state TEXT) WITHOUT ROWID;
"""


def projection_file(git_dir: str) -> str:
    """Where the database lies in the git directory of a work tree."""
    return f"{git_dir}/jerry/cache/projection.sqlite"


class Token(NamedTuple):
    """The marks that change when items may have changed; as a text it is kept beside the items that were read under it.

    They are those of git's index, and by place, of the folders above all months, of the months, of the archives with
    their folder, and of the journal's files.
    """

    of_index: str
    above: Mapping[str, str]
    months: Mapping[str, str]
    archives: Mapping[str, str]
    journal: Mapping[str, str]

    def __str__(self) -> str:
        told = {**self.above, **self.months, **self.archives, **self.journal}
        return "\n".join((self.of_index, *(f"{os.fsencode(place)!r} {mark}" for place, mark in told.items())))

    def others(self) -> Iterable[str]:
        """All marks but that of the index."""
        return (*self.above.values(), *self.months.values(), *self.archives.values(), *self.journal.values())


class Projection:
    """The items of the work tree `root`, kept in its git directory; `store` is asked only for what has changed.

    `journal` is the folder of the clone's journal; `reading` tells how what has changed is read.
    """

    def __init__(
        self,
        root: str,
        git_dir: str,
        journal: str,
        store: Callable[[], FileSystemEventStore],
        reading: Callable[[], Reading],
    ) -> None:
        self._root = root
        self._journal = journal
        self._index = f"{git_dir}/index"
        self._file = projection_file(git_dir)
        self._store = store
        self._reading = reading
        self._token: Token | None = None
        """What the items were read under that were asked for last."""

    def board(self) -> Board:
        """All items as the event files say; raises what reading them raises."""
        self._token = None
        for _ in range(2):
            try:
                return self._board()
            except OSError:  # there can be no folder for it
                break
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
            return projected_board(database, self._store)
        except BaseException:
            database.close()
            raise

    # --- freshness

    def _is_fresh(self, database: sqlite3.Connection) -> bool:
        """Whether the items are what the files say; if so the connection goes on seeing just these items."""
        database.execute("BEGIN")
        found = database.execute("SELECT token FROM fresh").fetchone()
        token = self._marks()
        if found == (str(token),) and self._are_watched_unchanged(database):
            self._token = token
            return True
        database.execute("COMMIT")
        return False

    def _marks(self) -> Token:
        """Marks of what git, the commands here, and a stream that is new or gone change; the same cost at any size.

        git writes its index anew whenever it changes a work tree; a command writes a line of the journal; a stream that
        comes or goes changes its month's folder. Months and archives are few, at any size.
        """
        root = self._root
        events = f"{root}/{EVENTS}"
        months = sorted(entry.path for entry in entries_of(events) if entry.is_dir(follow_symlinks=False))
        journal = sorted(entry.path for entry in entries_of(self._journal))
        archives = sorted(entry.path for entry in entries_of(f"{root}/{ARCHIVE}"))
        places = ((f"{root}/{FOLDER}", events), months, (f"{root}/{ARCHIVE}", *archives), journal)
        return Token(index_mark(self._index), *({place: mark_of(place) for place in each} for each in places))

    def _are_watched_unchanged(self, database: sqlite3.Connection) -> bool:
        """Whether the files of the open items, and of those that cannot be read, are as they were.

        For these, which are mostly asked about, what is changed by hand is seen at once.
        """
        rows = database.execute("SELECT path, mark, files FROM folders WHERE files IS NOT NULL")
        return all(
            mark_of(place) == mark and have_marks(place, files)
            for place, mark, files in ((f"{self._root}/{path}", mark, files) for path, mark, files in rows)
        )

    def _refresh(self, database: sqlite3.Connection) -> None:
        from jerry_git.infrastructure.persistence.projection_refresh import Refresh

        with writing(database):
            before, token = time.time_ns(), self._marks()
            Refresh(self._root, self._store, database, self._reading()).run(token, before)
        self._token = token

    # --- what a command wrote

    def follow(self, paths: Iterable[str], index: IndexChange) -> bool:
        """Take in event files that were just written and staged, if nothing else has changed (ADR-039).

        Returns whether that was so. In any doubt nothing is done: the next board finds out what has changed.
        """
        seen, self._token = self._token, None
        if seen is None or seen.of_index != index.before or not has_checksum(index.after):
            return False
        with suppress(OSError, sqlite3.DatabaseError):
            before, token = time.time_ns(), self._marks()
            if token.of_index != index.after or not are_old(token.others(), before):
                return False
            from jerry_git.infrastructure.persistence.projection_follow import Following

            with closing(open_cache(self._file, VERSION, TABLES)) as database:
                database.execute("PRAGMA busy_timeout=0")  # whoever else writes there knows more
                return Following(self._root, self._store, database, seen, token).follow(frozenset(paths), before)
        return False
