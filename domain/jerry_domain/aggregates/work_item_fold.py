"""The fold that makes the state of a work item out of events."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

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


def evolve(state: WorkItemState, event: WorkItemEvent) -> WorkItemState:
    """The state after `event`. Never refuses; an event without a branch here is a type error."""
    return replace(_change(state, event), updated_at=event.occurred_at)


def _change(state: WorkItemState, event: WorkItemEvent) -> WorkItemState:  # one flat branch for each event
    match event:
        case Created():
            return _created(state, event)
        case DetailsChanged():
            return replace(
                state,
                title=state.title if event.title is None else event.title,
                description=state.description if event.description is None else event.description,
                work_type=event.work_type or state.work_type,
            )
        case StatusChanged() | StatusCorrected() | Reconciled():
            return _moved(state, event)
        case PriorityChanged():
            return replace(state, priority=event.priority)
        case AssigneeChanged():
            return replace(state, assignee=event.assignee)
        case Claimed():
            taken = Claim(
                claimant=event.claimant, session=event.claim_session, until=event.until, since=event.occurred_at
            )
            return replace(state, claims=with_claim(state.claims, taken))
        case ClaimReleased():
            return replace(state, claims=without_claim(state.claims, event.claimant, event.claim_session))
        case ParentChanged():
            return replace(state, parent=event.parent)
        case DependencyAdded():
            added = Dependency(kind=event.kind, target=event.target)
            return replace(state, dependencies=state.dependencies | {added})
        case DependencyRemoved():
            removed = Dependency(kind=event.kind, target=event.target)
            return replace(state, dependencies=state.dependencies - {removed})
        case LabelsAdded():
            return replace(state, labels=state.labels | frozenset(event.labels))
        case LabelsRemoved():
            return replace(state, labels=state.labels - frozenset(event.labels))
        case CommentAdded():
            comment = Comment(
                comment_id=event.event_id,
                author=event.author or event.actor,
                written_at=event.written_at or event.occurred_at,
                text=event.text,
            )
            return replace(state, comments=(*state.comments, comment))
        case CommentRemoved():
            kept = tuple(comment for comment in state.comments if comment.comment_id != event.comment)
            return replace(state, comments=kept)
        case DueDateChanged():
            return replace(state, due=event.due)
        case EstimateChanged():
            return replace(state, estimate=event.minutes)
        case QualityMetricsUpdated():
            return _measured(state, event)
        case DisplayIdChanged():
            known = (*state.aliases, state.display_id)  # the last is empty where no creation was seen
            aliases = tuple(alias for alias in known if alias not in ("", event.display_id))
            return replace(state, display_id=event.display_id, aliases=aliases)
        case Imported():
            reference = ExternalReference(origin=event.origin, reference=event.reference, original=event.original)
            return replace(state, imported=(*state.imported, reference))
        case Deleted():
            return replace(state, deleted=True)
        case Restored():
            return replace(state, deleted=False)
        case _:
            assert_never(event)


def _created(state: WorkItemState, event: Created) -> WorkItemState:
    return replace(
        state,
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
    return replace(
        state,
        status=event.to_status,
        status_event=event.event_id,
        previous_status=event.from_status,
        reason=event.reason,
        closed_at=None if event.to_status.is_open else event.occurred_at,
    )


def _measured(state: WorkItemState, event: QualityMetricsUpdated) -> WorkItemState:
    counts = (event.positive, event.negative, event.edge)
    return replace(
        state,
        coverage=None if event.coverage is None else TestCoverage(event.coverage),
        tests=None if counts == (None, None, None) else TestRatio(*(count or 0 for count in counts)),
    )
