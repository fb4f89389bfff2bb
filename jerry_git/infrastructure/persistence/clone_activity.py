"""What goes on in all work trees of a clone, whatever branch they are on: a projection of the journal (ADR-030).

A claim is an event on a branch, which other branches do not have yet. The journal has every append of the clone, and
its line is what makes an append certain; so the claims that run follow from the journal alone, and a writer that is
killed at any instant leaves them right. The projection is a small file beside the other caches, and may be deleted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.ports import Claims, Step
from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.infrastructure.persistence.journal import Journal

if TYPE_CHECKING:
    from jerry_domain.events.base import RecordedEvent
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore

CATEGORY = "work_item"
FORMAT = 1
KEPT = timedelta(days=30)
"""How long a step is remembered that other branches may not have yet."""
_MARKS = ("jerry.work_item.claim", "jerry.work_item.status_", "jerry.work_item.reconciled", '{"withdrawn"')
_LONG = 256 * 1024
"""So many bytes of the journal are rather noted as read than read once more by the next command."""


@dataclass
class _Projection:
    """By item the claims that hold and those that were given back, each with its path, by event id; and the last step.

    `offsets` tells how far the journal was read.
    """

    claims: dict[str, dict[str, tuple[Claim, str]]] = field(default_factory=dict)
    ended: dict[str, dict[str, tuple[Claim, str]]] = field(default_factory=dict)
    steps: dict[str, tuple[Step, datetime]] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)


class CloneActivity:
    """Implements `jerry_git.application.elsewhere.Activity`; `file` keeps the projection."""

    def __init__(
        self,
        journal: Path,
        file: Path,
        store: Callable[[], FileSystemEventStore],
        existing: Callable[[frozenset[str]], frozenset[str]],
    ) -> None:
        self._journal = Journal(journal, Disk())
        self._store = store
        self._file = file
        self._existing = existing

    def claims(self, now: datetime) -> Mapping[str, Claims]:
        """See `Activity.claims`."""
        found = self._read(now)
        running, ended = _running(found.claims, now), _running(found.ended, now)
        return {
            key: Claims(
                held={event_id: claim for event_id, (claim, _) in running.get(key, {}).items()},
                ended=frozenset(ended.get(key, {})),
            )
            for key in running.keys() | ended.keys()
        }

    def steps(self, now: datetime) -> Mapping[str, Step]:
        """See `Activity.steps`."""
        return {key: step for key, (step, at) in self._read(now).steps.items() if now - at < KEPT}

    def existing(self, paths: frozenset[str]) -> frozenset[str]:
        """See `Activity.existing`."""
        return self._existing(paths)

    def finish(self, now: datetime) -> None:
        """See `Activity.finish`."""
        for item_id, held in _running(self._read(now).claims, now).items():
            for _, path in held.values():
                if not self._store().holds(path):
                    self._store().remove_leftovers(f"{CATEGORY}-{item_id}")

    def _read(self, now: datetime) -> _Projection:
        projection = _load(self._file)
        start = sum(projection.offsets.values())
        noted = False
        for name, end, line in self._journal.since(projection.offsets):
            projection.offsets[name] = end
            if any(mark in line for mark in _MARKS):
                noted = True
                _note(projection, line)
        if noted or sum(projection.offsets.values()) - start > _LONG:
            _save(self._file, projection, now)
        return projection


def _note(projection: _Projection, line: str) -> None:
    from jerry_git.infrastructure.persistence.codec import CodecError, decode

    try:
        record = json.loads(line)
        if "withdrawn" in record:
            _withdraw(projection, record["withdrawn"])
            return
        path, batch = record["path"], decode(record["text"].encode())
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, CodecError):
        return  # a torn line: its append never happened
    for recorded in batch:
        _project(projection, path, recorded)


def _project(projection: _Projection, path: str, recorded: RecordedEvent) -> None:
    from jerry_domain.events.work_item_events import Claimed, ClaimReleased, Reconciled, StatusChanged, StatusCorrected

    event = recorded.event
    key = recorded.stream.removeprefix(f"{CATEGORY}-")
    if isinstance(event, Claimed):
        taken = Claim(claimant=event.claimant, session=event.claim_session, until=event.until, since=event.occurred_at)
        own = _drop(projection, key, event.claimant, event.claim_session)
        since = min(claim.since for claim in (*(claim for claim in own if claim.is_active(taken.since)), taken))
        projection.claims.setdefault(key, {})[event.event_id] = (replace(taken, since=since), path)
    elif isinstance(event, ClaimReleased):
        _drop(projection, key, event.claimant, event.claim_session)
    elif isinstance(event, StatusChanged | StatusCorrected | Reconciled):
        step = Step(event_id=event.event_id, status=event.to_status, path=path)
        projection.steps[key] = (step, event.occurred_at)


def _drop(projection: _Projection, key: str, claimant: str, session: str | None) -> list[Claim]:
    """Note that the claims of one worker hold no longer; returns them."""
    held = projection.claims.get(key, {})
    own = {event_id: row for event_id, row in held.items() if row[0].may_be_of(claimant, session)}
    projection.claims[key] = {event_id: row for event_id, row in held.items() if event_id not in own}
    projection.ended[key] = {**projection.ended.get(key, {}), **own}
    return [claim for claim, _ in own.values()]


def _running(
    table: Mapping[str, Mapping[str, tuple[Claim, str]]], now: datetime
) -> dict[str, dict[str, tuple[Claim, str]]]:
    """What of the table still matters: what is left out has run out by itself."""
    rows = {
        key: {event_id: row for event_id, row in held.items() if row[0].is_active(now)} for key, held in table.items()
    }
    return {key: held for key, held in rows.items() if held}


def _withdraw(projection: _Projection, path: str) -> None:
    """An append that was refused after all: nothing of it holds."""
    for held in (*projection.claims.values(), *projection.ended.values()):
        for event_id in [event_id for event_id, (_, file) in held.items() if file == path]:
            del held[event_id]
    for key in [key for key, (step, _) in projection.steps.items() if step.path == path]:
        del projection.steps[key]


def _load(file: Path) -> _Projection:
    """What was kept; nothing at all where that cannot be read, or is of another version."""
    try:
        kept = json.loads(file.read_bytes())
        if kept["format"] != FORMAT:
            return _Projection()
        return _Projection(
            claims=_claims(kept["claims"]),
            ended=_claims(kept["ended"]),
            steps={key: _step(row) for key, row in kept["steps"].items()},
            offsets={str(name): int(offset) for name, offset in kept["offsets"].items()},
        )
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return _Projection()


def _claims(table: dict[str, dict[str, list[Any]]]) -> dict[str, dict[str, tuple[Claim, str]]]:
    return {key: {event_id: _claim(row) for event_id, row in rows.items()} for key, rows in table.items()}


def _claim(row: list[Any]) -> tuple[Claim, str]:
    claimant, session, until, since, path = row
    ends, begins = datetime.fromisoformat(until), datetime.fromisoformat(since)
    return Claim(claimant=claimant, session=session, until=ends, since=begins), path


def _rows(table: Mapping[str, Mapping[str, tuple[Claim, str]]], now: datetime) -> dict[str, dict[str, list[Any]]]:
    return {
        key: {
            event_id: [claim.claimant, claim.session, claim.until.isoformat(), claim.since.isoformat(), path]
            for event_id, (claim, path) in held.items()
        }
        for key, held in _running(table, now).items()
    }


def _step(row: list[Any]) -> tuple[Step, datetime]:
    event_id, status, path, at = row
    return Step(event_id=event_id, status=WorkItemStatus(status), path=path), datetime.fromisoformat(at)


def _save(file: Path, projection: _Projection, now: datetime) -> None:
    """Keep what still matters; a disk that cannot take it costs the next command some reading."""
    kept = {
        "format": FORMAT,
        "offsets": projection.offsets,
        "claims": _rows(projection.claims, now),
        "ended": _rows(projection.ended, now),
        "steps": {
            key: (step.event_id, step.status, step.path, at.isoformat())
            for key, (step, at) in projection.steps.items()
            if now - at < KEPT
        },
    }
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(kept))
        temporary.replace(file)
    except OSError:
        return
