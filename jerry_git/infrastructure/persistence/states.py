"""States as JSON text, for caches: a state that was packed by the same fold is the same state when it is unpacked."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import starmap
from typing import TYPE_CHECKING, Any

from jerry_domain.aggregates.work_item_state import Comment, Dependency, ExternalReference, WorkItemState
from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus

if TYPE_CHECKING:
    from jerry_domain.value_objects.quality import TestCoverage, TestRatio


def pack(state: WorkItemState) -> str:
    """A state as one line of JSON."""
    return json.dumps(
        (
            state.item_id,
            state.display_id,
            state.aliases,
            state.work_type,
            state.title,
            state.description,
            state.status,
            state.status_event,
            state.previous_status,
            state.reason,
            state.priority,
            state.assignee,
            [(claim.claimant, claim.session, _iso(claim.until), _iso(claim.since)) for claim in state.claims],
            state.parent,
            sorted((dependency.kind, dependency.target) for dependency in state.dependencies),
            sorted(state.labels),
            [(said.comment_id, said.author, _iso(said.written_at), said.text) for said in state.comments],
            _iso(state.due),
            state.estimate,
            None if state.coverage is None else state.coverage.percent,
            None if state.tests is None else (state.tests.positive, state.tests.negative, state.tests.edge),
            [(found.origin, found.reference, dict(found.original)) for found in state.imported],
            state.deleted,
            _iso(state.created_at),
            state.created_by,
            _iso(state.updated_at),
            _iso(state.closed_at),
        ),
        ensure_ascii=False,
        separators=(",", ":"),
    )


def unpack(text: str) -> WorkItemState:
    """What `pack` was given; raises `ValueError`, `TypeError` for another text."""
    (
        item_id, display_id, aliases, work_type, title, description, status, status_event, previous, reason, priority,
        assignee, claims, parent, dependencies, labels, comments, due, estimate, coverage, tests, imported, deleted,
        created_at, created_by, updated_at, closed_at,
    ) = json.loads(text)  # fmt: skip
    return WorkItemState(
        item_id=item_id,
        display_id=display_id,
        aliases=tuple(aliases),
        work_type=WorkType(work_type),
        title=title,
        description=description,
        status=WorkItemStatus(status),
        status_event=status_event,
        previous_status=None if previous is None else WorkItemStatus(previous),
        reason=reason,
        priority=Priority(priority),
        assignee=assignee,
        claims=tuple(starmap(_claim, claims)),
        parent=parent,
        dependencies=frozenset(starmap(_dependency, dependencies)),
        labels=frozenset(labels),
        comments=tuple(starmap(_comment, comments)),
        due=None if due is None else date.fromisoformat(due),
        estimate=estimate,
        coverage=None if coverage is None else _coverage(coverage),
        tests=None if tests is None else _tests(*tests),
        imported=tuple(starmap(_reference, imported)),
        deleted=deleted,
        created_at=_time(created_at),
        created_by=created_by,
        updated_at=_time(updated_at),
        closed_at=_time(closed_at),
    )


def _claim(claimant: str, session: str | None, until: str, since: str) -> Claim:
    ends, begins = datetime.fromisoformat(until), datetime.fromisoformat(since)
    return Claim(claimant=claimant, session=session, until=ends, since=begins)


def _dependency(kind: str, target: str) -> Dependency:
    return Dependency(kind=DependencyKind(kind), target=target)


def _comment(comment_id: str, author: str, written_at: str, text: str) -> Comment:
    return Comment.of((comment_id, author, datetime.fromisoformat(written_at), text))


def _reference(origin: str, reference: str, original: dict[str, Any]) -> ExternalReference:
    return ExternalReference(origin=origin, reference=reference, original=original)


def _coverage(percent: float) -> TestCoverage:
    from jerry_domain.value_objects.quality import TestCoverage  # few items have been measured

    return TestCoverage(percent=percent)


def _tests(positive: int, negative: int, edge: int) -> TestRatio:
    from jerry_domain.value_objects.quality import TestRatio

    return TestRatio(positive=positive, negative=negative, edge=edge)


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
