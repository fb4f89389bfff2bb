"""Snapshots in the database of the projection, with its standing: lost at any time, and made again (ADR-012)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from jerry_domain.ports.snapshot_store import Snapshot
from jerry_git.infrastructure.persistence.cache import open_cache
from jerry_git.infrastructure.persistence.projection import TABLES, VERSION, projection_file
from jerry_git.infrastructure.persistence.states import pack, unpack


class SqliteSnapshots:
    """An `ISnapshotStore` in the git directory of a work tree. A damaged database is mended by the projection."""

    def __init__(self, git_dir: str) -> None:
        self._file = projection_file(git_dir)

    def load(self, stream: str, schema: int) -> Snapshot | None:
        """See `ISnapshotStore.load`."""
        with suppress(sqlite3.DatabaseError, OSError, ValueError, TypeError), self._open() as database:
            query = "SELECT version, checkpoint, state FROM snapshots WHERE stream = ? AND fold = ?"
            row = database.execute(query, (stream, schema)).fetchone()
            if row is not None:
                version, checkpoint, text = row
                return Snapshot(
                    stream=stream, version=version, checkpoint=checkpoint, schema=schema, state=unpack(text)
                )
        return None

    def save(self, snapshot: Snapshot) -> None:
        """See `ISnapshotStore.save`."""
        row = (snapshot.stream, snapshot.version, snapshot.checkpoint, snapshot.schema, pack(snapshot.state))
        with suppress(sqlite3.DatabaseError, OSError), self._open() as database:
            database.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)", row)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(open_cache(self._file, VERSION, TABLES)) as database:
            yield database
