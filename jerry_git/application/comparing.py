"""Two boards compared: what changed in the work between them, and what was finished. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeGuard

from jerry_domain.aggregates.work_item_state import Dependency, WorkItemState
from jerry_domain.events.base import RecordedEvent
from jerry_domain.events.work_item_events import Reconciled, StatusChanged, StatusCorrected
from jerry_domain.value_objects.classification import DependencyKind, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.board import Board

DONE, CANCELLED = WorkItemStatus.DONE, WorkItemStatus.CANCELLED


class Kind(StrEnum):
    """How an item differs, in the order in which it is told; one may differ in several ways.

    `missing` is what the later board does not have at all, as on a branch: deletion is an event, never an absence.
    """

    NEW = "new"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    DELETED = "deleted"
    RESTORED = "restored"
    MOVED = "moved"
    EDITED = "edited"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its value on both sides as people read it, None for nothing."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One item as it is known last, its state on each side (None where it is not there), and how these differ."""

    state: WorkItemState
    before: WorkItemState | None
    after: WorkItemState | None
    kinds: tuple[Kind, ...]
    edits: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, by age of the items; `unreadable` are the internal ids of those that cannot be read on a side."""

    differences: tuple[Difference, ...]
    unreadable: tuple[str, ...]

    def of(self, kind: Kind) -> tuple[Difference, ...]:
        """The items that differ in this way."""
        return tuple(difference for difference in self.differences if kind in difference.kinds)


def compare(before: Board, after: Board) -> Comparison:
    """How `after` differs from `before`. Claims are leases that end by themselves, and not compared."""
    unreadable = {*before.broken, *after.broken}
    found = []
    for item_id, state in sorted({**before.items, **after.items}.items()):
        if item_id not in unreadable:
            old, new = before.items.get(item_id), after.items.get(item_id)
            edits = _edits(before, after, old, new) if _is_there(old) and _is_there(new) else ()
            kinds = tuple(_kinds(old, new, _since(before, after, item_id), edited=bool(edits)))
            if kinds:
                found.append(Difference(state, old, new, kinds, edits))
    return Comparison(tuple(found), tuple(sorted(unreadable)))


def _is_there(state: WorkItemState | None) -> TypeGuard[WorkItemState]:
    return state is not None and not state.deleted


def _kinds(
    old: WorkItemState | None, new: WorkItemState | None, since: Sequence[RecordedEvent], *, edited: bool
) -> Iterator[Kind]:
    if new is None or new.deleted:
        if old is not None and not old.deleted:
            yield Kind.MISSING if new is None else Kind.DELETED
        return
    if old is None:
        yield Kind.NEW
    elif old.deleted:
        yield Kind.RESTORED
    status = None if old is None else old.status
    if new.status is DONE and (status is not DONE or _is_done_again(since)):
        yield Kind.FINISHED
    elif new.status is CANCELLED and status is not CANCELLED:
        yield Kind.CANCELLED
    elif new.status.is_open and status is not None and status is not new.status:
        yield Kind.MOVED if status.is_open else Kind.REOPENED
    if edited:
        yield Kind.EDITED


def _since(before: Board, after: Board, item_id: str) -> list[RecordedEvent]:
    """The events of an item that the later board has and the earlier has not, in order."""
    known = {recorded.event.event_id for recorded in before.histories.get(item_id, ())}
    return [recorded for recorded in after.histories.get(item_id, ()) if recorded.event.event_id not in known]


def _is_done_again(since: Sequence[RecordedEvent]) -> bool:
    """Whether the item was taken up again and finished anew; a reopening that was taken back finishes nothing."""
    was_open = False
    for recorded in since:
        event = recorded.event
        if isinstance(event, StatusChanged | StatusCorrected | Reconciled) and event.from_status is DONE:
            was_open = True
        elif was_open and isinstance(event, StatusChanged) and event.to_status is DONE:
            return True
    return False


# --- fields


def _edits(before: Board, after: Board, old: WorkItemState, new: WorkItemState) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, show(before, value(old)), show(after, value(new)))
        for name, (value, show) in _FIELDS.items()
        if value(old) != value(new)
    )


def _text(board: Board, value: object) -> str | None:  # noqa: ARG001 - one shape for all that show a value
    return None if value is None else str(value) or None


def _item(board: Board, value: str | None) -> str | None:
    return None if value is None else board.name(value)


def _dependencies(board: Board, value: frozenset[Dependency]) -> str | None:
    words = {DependencyKind.BLOCKS: "waits for"}
    shown = (f"{words.get(one.kind, str(one.kind))} {board.name(one.target)}" for one in sorted(value))
    return ", ".join(shown) or None


def _labels(board: Board, value: frozenset[str]) -> str | None:  # noqa: ARG001
    return " ".join(sorted(value)) or None


def _estimate(board: Board, value: int | None) -> str | None:  # noqa: ARG001
    return None if value is None else f"{value} minutes"


def _count(board: Board, value: Sequence[object]) -> str | None:  # noqa: ARG001
    return str(len(value)) if value else None


_FIELDS: Mapping[str, tuple[Callable[[WorkItemState], Any], Callable[[Board, Any], str | None]]] = {
    "id": (lambda state: state.display_id, _text),
    "title": (lambda state: state.title, _text),
    "type": (lambda state: state.work_type, _text),
    "priority": (lambda state: state.priority, _text),
    "assignee": (lambda state: state.assignee, _text),
    "parent": (lambda state: state.parent, _item),
    "dependencies": (lambda state: state.dependencies, _dependencies),
    "labels": (lambda state: state.labels, _labels),
    "due": (lambda state: state.due, _text),
    "estimate": (lambda state: state.estimate, _estimate),
    "coverage": (lambda state: state.coverage, _text),
    "tests": (lambda state: state.tests, _text),
    "description": (lambda state: state.description, _text),
    "comments": (lambda state: state.comments, _count),
}
"""What can be edited: the value to compare, and how it is shown."""


# --- what was finished

SECTIONS = (WorkType.EPIC, WorkType.STORY, WorkType.TASK, WorkType.BUG, WorkType.SPIKE, WorkType.SUBTASK)
"""The order of a changelog."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished item, and the finished subtasks below it."""

    state: WorkItemState
    subtasks: tuple[WorkItemState, ...] = ()


@dataclass(frozen=True, slots=True)
class Changelog:
    """What was finished between two boards, what was done before and is not any more, and what cannot be read."""

    finished: tuple[WorkItemState, ...]
    reopened: tuple[WorkItemState, ...]
    unreadable: tuple[str, ...]

    def sections(self) -> Iterator[tuple[WorkType, tuple[Entry, ...]]]:
        """The finished items by type; a subtask stands below its parent where that is finished too."""
        hosts = {state.item_id for state in self.finished if state.work_type is not WorkType.SUBTASK}
        below: dict[str, list[WorkItemState]] = {}
        top = []
        for state in self.finished:
            if state.work_type is WorkType.SUBTASK and state.parent in hosts:
                below.setdefault(state.parent or "", []).append(state)
            else:
                top.append(state)
        for work_type in SECTIONS:
            entries = [
                Entry(state, tuple(below.get(state.item_id, ()))) for state in top if state.work_type is work_type
            ]
            if entries:
                yield work_type, tuple(entries)


def changelog(before: Board, after: Board) -> Changelog:
    """What `after` has finished that `before` has not; what was reopened and done again since counts as finished."""
    compared = compare(before, after)
    reopened = tuple(one.after for one in compared.differences if one.after is not None and _is_undone(one))
    return Changelog(tuple(one.state for one in compared.of(Kind.FINISHED)), reopened, compared.unreadable)


def _is_undone(difference: Difference) -> bool:
    """Whether what was done before is not done any more, where it is there at all."""
    old, new = difference.before, difference.after
    return _is_there(old) and old.status is DONE and not (_is_there(new) and new.status is DONE)
