"""Undo: the events that compensate an item's last command (DESIGN 3: files are only ever added)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.errors import CannotUndoError
from jerry_domain.events.base import RecordedEvent, Stamp
from jerry_domain.events.work_item_events import (
    AssigneeChanged,
    Claimed,
    ClaimReleased,
    CommentAdded,
    CommentRemoved,
    Created,
    Deleted,
    DependencyAdded,
    DependencyRemoved,
    DetailsChanged,
    DisplayIdChanged,
    DueDateChanged,
    EstimateChanged,
    Imported,
    LabelsAdded,
    LabelsRemoved,
    ParentChanged,
    PriorityChanged,
    QualityMetricsUpdated,
    Reconciled,
    Restored,
    StatusChanged,
    StatusCorrected,
    WorkItemEvent,
    as_work_item_event,
)
from jerry_domain.services.causal_order import causal_order
from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.work_item_id import WorkItemId


def last_command(history: Sequence[RecordedEvent]) -> tuple[RecordedEvent, ...]:
    """The events of the newest command in `history`, oldest first: those that share its correlation id at the end."""
    ordered = causal_order(history)
    if not ordered:
        return ()
    command = ordered[-1].event.correlation_id
    start = len(ordered) - 1
    while command is not None and start and ordered[start - 1].event.correlation_id == command:
        start -= 1
    return ordered[start:]


def undo_last_command(item: WorkItem, history: Sequence[RecordedEvent], stamp: Stamp) -> tuple[RecordedEvent, ...]:
    """Raise on `item` the events that compensate its last command, newest first; returns what is compensated.

    The stamp's causation id becomes the id of each compensated event. Raises `CannotUndoError` where a change has no
    compensation; then nothing was raised that could be stored, for the caller drops the item.
    """
    undone = last_command(history)
    if not undone:
        raise CannotUndoError(item.state.name, "it has no history")
    if any(isinstance(recorded.event, Created) for recorded in undone):
        item.delete(replace(stamp, causation_id=undone[0].event.event_id), "undone")
    else:
        _take_back(item, history, undone, stamp)
    if not item.collect_events():
        raise CannotUndoError(item.state.name, _why_nothing(undone))
    return undone


def _take_back(item: WorkItem, history: Sequence[RecordedEvent], undone: Sequence[RecordedEvent], stamp: Stamp) -> None:
    earlier = causal_order(history)[: -len(undone)]
    states = []
    before = WorkItem(WorkItemId.parse(item.state.item_id))
    before.replay(earlier)
    for recorded in undone:
        states.append(before.state)
        before.replay((recorded,))
    for recorded, state in zip(reversed(undone), reversed(states), strict=True):
        cause = replace(stamp, causation_id=recorded.event.event_id)
        _compensate(item, state, as_work_item_event(recorded.event), cause)


def _why_nothing(undone: Sequence[RecordedEvent]) -> str:
    if any(isinstance(recorded.event, ClaimReleased) for recorded in undone):
        return "a claim is not handed back; take it anew with `jerry claim`"
    return "its effect no longer holds"


def _compensate(item: WorkItem, before: WorkItemState, event: WorkItemEvent, stamp: Stamp) -> None:
    match event:
        case StatusChanged() | StatusCorrected() | Reconciled():
            item.correct_status(stamp, "undone")
            if item.state.status is not before.status:  # two steps in one command, or two branches that moved it
                raise CannotUndoError(item.state.name, f"one step back does not lead to {before.status}")
        case DetailsChanged():
            fields = [name for name in ("title", "description", "work_type") if getattr(event, name) is not None]
            item.record(stamp, DetailsChanged, **{name: getattr(before, name) for name in fields})
        case PriorityChanged():
            item.prioritize(stamp, before.priority)
        case AssigneeChanged():
            item.assign(stamp, before.assignee)
        case Claimed():
            _give_up(item, before.claims, event, stamp)
        case ClaimReleased():
            pass  # a lease is taken anew by `claim`, never handed back: somebody else may have it by now
        case ParentChanged():
            item.record(stamp, ParentChanged, parent=before.parent)
        case DependencyAdded():
            item.stop_depending_on(stamp, event.target, event.kind)
        case DependencyRemoved():
            item.depend_on(stamp, event.target, event.kind)
        case LabelsAdded():
            item.remove_labels(stamp, set(event.labels) - before.labels)
        case LabelsRemoved():
            item.add_labels(stamp, set(event.labels) & before.labels)
        case CommentAdded():
            item.remove_comment(stamp, event.event_id)
        case CommentRemoved():
            for comment in before.comments:
                if comment.comment_id == event.comment:
                    item.comment(stamp, comment.text, author=comment.author, written_at=comment.written_at)
        case DueDateChanged():
            item.set_due(stamp, before.due)
        case EstimateChanged():
            item.set_estimate(stamp, before.estimate)
        case QualityMetricsUpdated():
            item.set_metrics(stamp, before.coverage, before.tests)
        case DisplayIdChanged():
            if not before.display_id:
                raise CannotUndoError(item.state.name, "the number it had before is not in its history")
            item.renumber(stamp, DisplayId.parse(before.display_id))
        case Deleted():
            item.restore(stamp, "undone")
        case Restored():
            item.delete(stamp, "undone")
        case Created() | Imported():
            raise CannotUndoError(item.state.name, "an import is taken back by `jerry delete`")
        case _:
            assert_never(event)


def _give_up(item: WorkItem, before: Sequence[Claim], event: Claimed, stamp: Stamp) -> None:
    """End the claim; one that was only renewed runs to its former end again."""
    for claim in before:
        if claim.is_active(stamp.at) and claim.may_be_of(event.claimant, event.claim_session):
            item.record(stamp, Claimed, claimant=event.claimant, claim_session=event.claim_session, until=claim.until)
            return
    item.release(stamp, "undone", force=True)
