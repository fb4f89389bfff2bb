"""SQLite files without authority: lost or damaged ones are made anew, unusable ones passed over (ADR-032)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_WAIT = 5.0
"""Seconds that a command waits for another one that writes, before it goes on without the cache."""
_OUTER = frozenset(
    (
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    )
)


def open_cache(file: str, version: int, tables: str) -> sqlite3.Connection:
    """A connection to the database in `file`, made by the statements `tables` where it is of another version.

    Raises `sqlite3.DatabaseError`, `OSError`.
    """
    os.makedirs(os.path.dirname(file), exist_ok=True)
    database = sqlite3.connect(file, timeout=_WAIT, isolation_level=None)
    try:
        if _version(database) != version:
            database.execute("PRAGMA journal_mode=WAL")
            make(database, version, tables)
        database.execute("PRAGMA synchronous=NORMAL")
    except BaseException:
        database.close()
        raise
    return database


def make(database: sqlite3.Connection, version: int, tables: str) -> None:
    """Empty a database, and make its tables."""
    with writing(database):
        if _version(database) == version:  # another command was quicker
            return
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            database.execute(f'DROP TABLE "{name}"')
        for statement in tables.split(";\n"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version={version}")


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """One transaction, for which other writers wait."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def is_to_blame(error: sqlite3.DatabaseError) -> bool:
    """Whether the database itself is damaged, rather than locked, read-only, or on a disk that is full."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _OUTER


def drop(file: str) -> None:
    """Remove a database, so that it is made anew."""
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            os.unlink(f"{file}{suffix}")


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])
