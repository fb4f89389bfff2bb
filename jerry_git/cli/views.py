"""Items as data, for `--json` and the flat formats. The shapes are a contract: docs/json.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jerry_domain.services.dependency_graph import open_blockers
from jerry_domain.value_objects.classification import DependencyKind

if TYPE_CHECKING:
    from jerry_domain.aggregates.work_item_state import WorkItemState
    from jerry_domain.services.divergence import Divergence
    from jerry_git.application.board import Board
    from jerry_git.application.commands import Outcome
    from jerry_git.application.past import Moment

FLAT_COLUMNS = (
    "id", "type", "status", "priority", "title", "assignee", "labels", "parent", "blocked_by", "due", "estimate",
)  # fmt: skip
"""The columns of csv, markdown and toon."""


def moment(value: datetime | None) -> str | None:
    """A time as RFC 3339 in UTC, to the second."""
    return None if value is None else f"{value:%Y-%m-%dT%H:%M:%SZ}"


def as_of(then: Moment | None) -> dict[str, str | None] | None:
    """A former moment as data, None for now."""
    return None if then is None else {"commit": then.commit, "at": moment(then.at)}


def flat(board: Board, state: WorkItemState) -> dict[str, str]:
    """One row of texts: every key always there, lists joined by blanks, no times of day (PAT-005)."""
    return {
        "id": state.name,
        "type": str(state.work_type),
        "status": status_text(board, state),
        "priority": str(state.priority),
        "title": state.title,
        "assignee": state.assignee or "",
        "labels": " ".join(sorted(state.labels)),
        "parent": "" if state.parent is None else board.name(state.parent),
        "blocked_by": " ".join(board.name(key) for key in open_blockers(board.items, state.item_id)),
        "due": "" if state.due is None else state.due.isoformat(),
        "estimate": "" if state.estimate is None else str(state.estimate),
    }


def status_text(board: Board, state: WorkItemState) -> str:
    """The status as tables tell it, with a mark where branches disagree about the item."""
    status = "deleted" if state.deleted else str(state.status)
    found = board.divergences.get(state.item_id, ())
    return f"{status} (fork)" if any(each.is_fork for each in found) else f"{status} (differs)" if found else status


def brief(board: Board, state: WorkItemState) -> dict[str, Any]:
    """An item in a list."""
    claim = state.claim
    return {
        "id": state.name,
        "internal_id": state.item_id,
        "type": str(state.work_type),
        "status": str(state.status),
        "priority": str(state.priority),
        "title": state.title,
        "assignee": state.assignee,
        "claim": None
        if claim is None
        else {"claimant": claim.claimant, "session": claim.session, "until": moment(claim.until)},
        "labels": sorted(state.labels),
        "parent": None if state.parent is None else board.name(state.parent),
        "blocked_by": [board.name(key) for key in open_blockers(board.items, state.item_id)],
        "due": None if state.due is None else state.due.isoformat(),
        "estimate_minutes": state.estimate,
        "created_at": moment(state.created_at),
        "updated_at": moment(state.updated_at),
        "closed_at": moment(state.closed_at),
        "deleted": state.deleted,
        "incomplete": state.item_id in board.incomplete,
        "divergences": [divergence(board, found) for found in board.divergences.get(state.item_id, ())],
    }


def divergence(board: Board, found: Divergence) -> dict[str, Any]:
    """What branches disagree about; the last of the rivals is in effect."""
    return {
        "field": found.field,
        "fork": found.is_fork,
        "rivals": [
            {
                "value": said(board, found.field, rival.value),
                "actor": rival.recorded.event.actor,
                "at": moment(rival.recorded.event.occurred_at),
                "event": rival.event_id,
            }
            for rival in found.rivals
        ],
    }


def said(board: Board, field: str, value: str) -> str:
    """What a branch says of a field, in the words of people: items by their names."""
    return board.name(value) if field == "parent" and value else value


def full(board: Board, state: WorkItemState) -> dict[str, Any]:
    """Everything about an item."""
    return {
        **brief(board, state),
        "aliases": list(state.aliases),
        "description": state.description,
        "reason": state.reason,
        "created_by": state.created_by,
        "dependencies": [
            {"kind": str(dependency.kind), "target": board.name(dependency.target)}
            for dependency in sorted(state.dependencies)
        ],
        "dependents": [{"kind": str(kind), "source": name} for kind, name in dependents(board, state.item_id)],
        "children": [board.name(child) for child in board.items.children(state.item_id)],
        "comments": [
            {"author": said.author, "written_at": moment(said.written_at), "text": said.text, "event": said.comment_id}
            for said in state.comments
        ],
        "quality": quality(state),
        "imported": [
            {"origin": item.origin, "reference": item.reference, "original": dict(item.original)}
            for item in state.imported
        ],
    }


def quality(state: WorkItemState) -> Mapping[str, Any]:
    """Coverage in percent and counts of tests; None where unknown."""
    tests = state.tests
    return {
        "coverage": None if state.coverage is None else state.coverage.percent,
        "tests": None
        if tests is None
        else {"positive": tests.positive, "negative": tests.negative, "edge": tests.edge},
    }


def dependents(board: Board, item_id: str) -> list[tuple[DependencyKind, str]]:
    """Who leans on an item: kind and display id, items that are not deleted."""
    sources = (board.items[key] for key in board.items.dependents(item_id))
    return sorted(
        (dependency.kind, state.name)
        for state in sources
        if not state.deleted
        for dependency in state.dependencies
        if dependency.target == item_id
    )


def problems(board: Board) -> list[dict[str, Any]]:
    """What could not be read, as data."""
    return [
        {"code": item.code, "path": item.path, "line": item.line, "message": item.message, "mend": item.mend}
        for item in board.problems
    ]


def outcome(board: Board, result: Outcome, message: str) -> dict[str, Any]:
    """What a command did to one item."""
    return {
        "id": result.after.name,
        "changed": result.changed,
        "message": message,
        "events": [{"id": event.event_id, "type": event.event_type} for event in result.events],
        "unblocked": [state.name for state in result.unblocked],
        "item": brief(board, result.after),
    }
