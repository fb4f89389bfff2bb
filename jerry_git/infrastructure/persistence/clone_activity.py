"""What goes on in all work trees of a clone, whatever branch they are on: a projection of the journal (ADR-030).

A claim is an event on a branch, which other branches do not have yet. The journal has every append of the clone, and
its line is what makes an append certain; so the claims that run follow from the journal alone, and a writer that is
killed at any instant leaves them right. The projection is a small file beside the other caches, and may be deleted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.infrastructure.persistence.cache import drop, is_to_blame, make, open_cache, writing
from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.infrastructure.persistence.journal import Journal

if TYPE_CHECKING:
    from jerry_domain.events.base import RecordedEvent
    from jerry_git.application.ports import Claims, Step
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore

CATEGORY = "work_item"
FORMAT = 1
KEPT = timedelta(days=30)
"""How long a step is remembered that other branches may not have yet."""
_MARKS = ("jerry.work_item.claim", "jerry.work_item.status_", "jerry.work_item.reconciled", '{"withdrawn"')
_AT_ONCE = 500
"""Items that one query asks for: SQLite takes 999 values, and more only since 3.32."""
_LONG = 256 * 1024
"""So many bytes of the journal are rather noted as read than read once more by the next command."""
_TABLES = """
CREATE TABLE claims(
    event TEXT PRIMARY KEY, item TEXT, claimant TEXT, session TEXT, until TEXT, since TEXT, path TEXT, ended INT
);
CREATE INDEX claimed_items ON claims(item);
CREATE TABLE steps(item TEXT PRIMARY KEY, event TEXT, status TEXT, path TEXT, at TEXT);
CREATE INDEX step_files ON steps(path);
CREATE TABLE offsets(file TEXT PRIMARY KEY, place INT)
"""
"""Claims that run, or would still run had they not been given back; and how far each file of the journal was read."""

Row = tuple[Any, ...]


class CloneActivity:
    """Implements `jerry_git.application.elsewhere.Activity`; `file` keeps the projection, `journal` is a folder."""

    def __init__(
        self,
        journal: str,
        file: str,
        store: Callable[[], FileSystemEventStore],
        existing: Callable[[frozenset[str]], frozenset[str]],
    ) -> None:
        self._journal = Journal(journal, Disk())
        self._file = file
        self._store = store
        self._existing = existing

    def claims(self, now: datetime) -> Mapping[str, Claims]:
        """See `Activity.claims`."""
        with closing(self._open(now)) as database:
            rows = [row for row in database.execute(_ALL) if _claim(row).is_active(now)]
        if not rows:
            return {}
        from jerry_git.application.ports import Claims

        held: dict[str, dict[str, Claim]] = {}
        ended: dict[str, set[str]] = {}
        for row in rows:
            event, item, *_, is_over = row
            if is_over:
                ended.setdefault(item, set()).add(event)
            else:
                held.setdefault(item, {})[event] = _claim(row)
        return {
            key: Claims(held=held.get(key, {}), ended=frozenset(ended.get(key, ())))
            for key in held.keys() | ended.keys()
        }

    def steps(self, now: datetime, items: Iterable[str]) -> Mapping[str, Step]:
        """See `Activity.steps`."""
        wanted = [*items]
        parts = [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)]
        query = "SELECT item, event, status, path, at FROM steps WHERE item IN"
        with closing(self._open(now)) as database:
            rows = [
                row
                for part in parts
                for row in database.execute(f"{query} ({','.join('?' * len(part))})", part)  # question marks
            ]
        rows = [row for row in rows if now - datetime.fromisoformat(row[-1]) < KEPT]
        if not rows:
            return {}
        from jerry_git.application.ports import Step

        return {
            item: Step(event_id=event, status=WorkItemStatus(status), path=path)
            for item, event, status, path, _ in rows
        }

    def existing(self, paths: frozenset[str]) -> frozenset[str]:
        """See `Activity.existing`."""
        return self._existing(paths)

    def finish(self, now: datetime) -> None:
        """See `Activity.finish`."""
        with closing(self._open(now)) as database:
            rows = [row for row in database.execute(_ALL) if not row[-1] and _claim(row).is_active(now)]
        for _, item, *_, path, _ in rows:
            if not self._store().holds(path):
                self._store().clear_leftovers(f"{CATEGORY}-{item}")

    def _open(self, now: datetime) -> sqlite3.Connection:
        """The projection as the journal stands; in memory where no file can be used."""
        for _ in range(2):
            try:
                database = open_cache(self._file, FORMAT, _TABLES)
                try:
                    self._read(database, now)
                except BaseException:
                    database.close()
                    raise
            except sqlite3.DatabaseError as error:
                if not is_to_blame(error):
                    break
                drop(self._file)
            except OSError:
                break
            else:
                return database
        database = sqlite3.connect(":memory:", isolation_level=None)
        make(database, FORMAT, _TABLES)
        self._read(database, now)
        return database

    def _read(self, database: sqlite3.Connection, now: datetime) -> None:
        lines = list(self._journal.since(_offsets(database)))
        matters = any(mark in line for _, _, line in lines for mark in _MARKS)
        if not matters and sum(len(line) for _, _, line in lines) < _LONG:
            return
        with writing(database):
            for name, end, line in self._journal.since(_offsets(database)):  # another command may have been quicker
                database.execute("INSERT OR REPLACE INTO offsets VALUES (?, ?)", (name, end))
                if any(mark in line for mark in _MARKS):
                    _note(database, line)
            database.execute("DELETE FROM claims WHERE until <= ?", (now.isoformat(),))
            database.execute("DELETE FROM steps WHERE at <= ?", ((now - KEPT).isoformat(),))


_ALL = "SELECT event, item, claimant, session, until, since, path, ended FROM claims ORDER BY rowid"


def _claim(row: Row) -> Claim:
    _, _, claimant, session, until, since, *_ = row
    ends, begins = datetime.fromisoformat(until), datetime.fromisoformat(since)
    return Claim(claimant=claimant, session=session, until=ends, since=begins)


def _offsets(database: sqlite3.Connection) -> dict[str, int]:
    return dict(database.execute("SELECT file, place FROM offsets"))


def _note(database: sqlite3.Connection, line: str) -> None:
    from jerry_git.infrastructure.persistence.codec import CodecError, decode

    try:
        record = json.loads(line)
        withdrawn = record.get("withdrawn")
        if isinstance(withdrawn, str):
            database.execute("DELETE FROM claims WHERE path = ?", (withdrawn,))
            database.execute("DELETE FROM steps WHERE path = ?", (withdrawn,))
            return
        path, batch = str(record["path"]), decode(record["text"].encode())
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, CodecError):
        return  # a torn line: its append never happened
    for recorded in batch:
        _project(database, path, recorded)


def _project(database: sqlite3.Connection, path: str, recorded: RecordedEvent) -> None:
    from jerry_domain.events.work_item_events import Claimed, ClaimReleased, Reconciled, StatusChanged, StatusCorrected

    event = recorded.event
    item = recorded.stream.removeprefix(f"{CATEGORY}-")
    if isinstance(event, Claimed):
        own = _end(database, item, event.claimant, event.claim_session)
        taken = Claim(claimant=event.claimant, session=event.claim_session, until=event.until, since=event.occurred_at)
        since = min(claim.since for claim in (*(claim for claim in own if claim.is_active(taken.since)), taken))
        row = (event.event_id, item, taken.claimant, taken.session, taken.until.isoformat(), since.isoformat(), path, 0)
        database.execute("INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    elif isinstance(event, ClaimReleased):
        _end(database, item, event.claimant, event.claim_session)
    elif isinstance(event, StatusChanged | StatusCorrected | Reconciled):
        step = (item, event.event_id, event.to_status, path, event.occurred_at.isoformat())
        database.execute("INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?)", step)


def _end(database: sqlite3.Connection, item: str, claimant: str, session: str | None) -> list[Claim]:
    """Note that the claims of one worker hold no longer; returns them."""
    rows = database.execute(f"{_ALL.partition(' ORDER')[0]} WHERE item = ? AND NOT ended", (item,)).fetchall()
    own = [row for row in rows if _claim(row).may_be_of(claimant, session)]
    database.executemany("UPDATE claims SET ended = 1 WHERE event = ?", [(row[0],) for row in own])
    return [_claim(row) for row in own]
