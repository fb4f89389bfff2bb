"""The fold that makes the state of a work item out of events."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any, assert_never

from jerry_domain.aggregates.work_item_state import Comment, Dependency, ExternalReference, WorkItemState
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
)
from jerry_domain.value_objects.claim import Claim, with_claim, without_claim
from jerry_domain.value_objects.quality import TestCoverage, TestRatio

_NAMES = tuple(field.name for field in fields(WorkItemState))
_values = attrgetter(*_NAMES)


def evolve(state: WorkItemState, event: WorkItemEvent) -> WorkItemState:  # one flat branch for each event
    """The state after `event`. Never refuses; an event without a branch here is a type error."""
    match event:
        case Created():
            return _created(state, event)
        case DetailsChanged():
            return _with(
                state,
                event,
                title=state.title if event.title is None else event.title,
                description=state.description if event.description is None else event.description,
                work_type=event.work_type or state.work_type,
            )
        case StatusChanged() | StatusCorrected() | Reconciled():
            return _moved(state, event)
        case PriorityChanged():
            return _with(state, event, priority=event.priority)
        case AssigneeChanged():
            return _with(state, event, assignee=event.assignee)
        case Claimed():
            taken = Claim(
                claimant=event.claimant, session=event.claim_session, until=event.until, since=event.occurred_at
            )
            return _with(state, event, claims=with_claim(state.claims, taken))
        case ClaimReleased():
            return _with(state, event, claims=without_claim(state.claims, event.claimant, event.claim_session))
        case ParentChanged():
            return _with(state, event, parent=event.parent)
        case DependencyAdded():
            added = Dependency(kind=event.kind, target=event.target)
            return _with(state, event, dependencies=state.dependencies | {added})
        case DependencyRemoved():
            removed = Dependency(kind=event.kind, target=event.target)
            return _with(state, event, dependencies=state.dependencies - {removed})
        case LabelsAdded():
            return _with(state, event, labels=state.labels | frozenset(event.labels))
        case LabelsRemoved():
            return _with(state, event, labels=state.labels - frozenset(event.labels))
        case CommentAdded():
            comment = Comment(
                comment_id=event.event_id,
                author=event.author or event.actor,
                written_at=event.written_at or event.occurred_at,
                text=event.text,
            )
            return _with(state, event, comments=(*state.comments, comment))
        case CommentRemoved():
            kept = tuple(comment for comment in state.comments if comment.comment_id != event.comment)
            return _with(state, event, comments=kept)
        case DueDateChanged():
            return _with(state, event, due=event.due)
        case EstimateChanged():
            return _with(state, event, estimate=event.minutes)
        case QualityMetricsUpdated():
            return _measured(state, event)
        case DisplayIdChanged():
            known = (*state.aliases, state.display_id)  # the last is empty where no creation was seen
            aliases = tuple(alias for alias in known if alias not in ("", event.display_id))
            return _with(state, event, display_id=event.display_id, aliases=aliases)
        case Imported():
            reference = ExternalReference(origin=event.origin, reference=event.reference, original=event.original)
            return _with(state, event, imported=(*state.imported, reference))
        case Deleted():
            return _with(state, event, deleted=True)
        case Restored():
            return _with(state, event, deleted=False)
        case _:
            assert_never(event)


def _created(state: WorkItemState, event: Created) -> WorkItemState:
    return _with(
        state,
        event,
        display_id=event.display_id,
        work_type=event.work_type,
        title=event.title,
        description=event.description,
        priority=event.priority,
        parent=event.parent,
        created_at=event.occurred_at,
        created_by=event.actor,
    )


def _moved(state: WorkItemState, event: StatusChanged | StatusCorrected | Reconciled) -> WorkItemState:
    return _with(
        state,
        event,
        status=event.to_status,
        status_event=event.event_id,
        previous_status=event.from_status,
        reason=event.reason,
        closed_at=None if event.to_status.is_open else event.occurred_at,
    )


def _measured(state: WorkItemState, event: QualityMetricsUpdated) -> WorkItemState:
    counts = (event.positive, event.negative, event.edge)
    return _with(
        state,
        event,
        coverage=None if event.coverage is None else TestCoverage(event.coverage),
        tests=None if counts == (None, None, None) else TestRatio(*(count or 0 for count in counts)),
    )


def _with(state: WorkItemState, event: WorkItemEvent, **changes: Any) -> WorkItemState:
    """What `dataclasses.replace` gives, which takes twice the time; a million events are folded by it."""
    kept = dict(zip(_NAMES, _values(state), strict=True))
    kept.update(changes, updated_at=event.occurred_at)
    return WorkItemState(**kept)
