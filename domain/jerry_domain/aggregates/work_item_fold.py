"""The fold that makes the state of a work item out of events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, TypeAlias, assert_never, cast

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

Changes: TypeAlias = dict[str, Any]
"""Fields of the state, and what they become."""

_NAMES = tuple(field.name for field in fields(WorkItemState))
_values = attrgetter(*_NAMES)


def evolve(state: WorkItemState, event: WorkItemEvent) -> WorkItemState:
    """The state after `event`. Never refuses."""
    return fold(state, (event,))


def fold(state: WorkItemState, events: Iterable[WorkItemEvent]) -> WorkItemState:
    """The state after `events`, one after the other. Never refuses.

    They change one draft, for to make a state of so many fields takes longer than all else that there is to do.
    """
    draft = SimpleNamespace(**dict(zip(_NAMES, _values(state), strict=True)))
    fields_of_draft = vars(draft)
    for event in events:
        fields_of_draft.update(_changes(cast("WorkItemState", draft), event), updated_at=event.occurred_at)
    return WorkItemState(**fields_of_draft)


def _changes(state: WorkItemState, event: WorkItemEvent) -> Changes:  # one flat branch for each event
    """What `event` changes; an event without a branch here is a type error."""
    match event:
        case Created():
            return _created(event)
        case DetailsChanged():
            return {
                "title": state.title if event.title is None else event.title,
                "description": state.description if event.description is None else event.description,
                "work_type": event.work_type or state.work_type,
            }
        case StatusChanged() | StatusCorrected() | Reconciled():
            return _moved(event)
        case PriorityChanged():
            return {"priority": event.priority}
        case AssigneeChanged():
            return {"assignee": event.assignee}
        case Claimed():
            taken = Claim(
                claimant=event.claimant, session=event.claim_session, until=event.until, since=event.occurred_at
            )
            return {"claims": with_claim(state.claims, taken)}
        case ClaimReleased():
            return {"claims": without_claim(state.claims, event.claimant, event.claim_session)}
        case ParentChanged():
            return {"parent": event.parent}
        case DependencyAdded():
            added = Dependency(kind=event.kind, target=event.target)
            return {"dependencies": state.dependencies | {added}}
        case DependencyRemoved():
            removed = Dependency(kind=event.kind, target=event.target)
            return {"dependencies": state.dependencies - {removed}}
        case LabelsAdded():
            return {"labels": state.labels | frozenset(event.labels)}
        case LabelsRemoved():
            return {"labels": state.labels - frozenset(event.labels)}
        case CommentAdded():
            comment = Comment(
                comment_id=event.event_id,
                author=event.author or event.actor,
                written_at=event.written_at or event.occurred_at,
                text=event.text,
            )
            return {"comments": (*state.comments, comment)}
        case CommentRemoved():
            kept = tuple(comment for comment in state.comments if comment.comment_id != event.comment)
            return {"comments": kept}
        case DueDateChanged():
            return {"due": event.due}
        case EstimateChanged():
            return {"estimate": event.minutes}
        case QualityMetricsUpdated():
            return _measured(event)
        case DisplayIdChanged():
            known = (*state.aliases, state.display_id)  # the last is empty where no creation was seen
            aliases = tuple(alias for alias in known if alias not in ("", event.display_id))
            return {"display_id": event.display_id, "aliases": aliases}
        case Imported():
            reference = ExternalReference(origin=event.origin, reference=event.reference, original=event.original)
            return {"imported": (*state.imported, reference)}
        case Deleted():
            return {"deleted": True}
        case Restored():
            return {"deleted": False}
        case _:
            assert_never(event)


def _created(event: Created) -> Changes:
    return {
        "display_id": event.display_id,
        "work_type": event.work_type,
        "title": event.title,
        "description": event.description,
        "priority": event.priority,
        "parent": event.parent,
        "created_at": event.occurred_at,
        "created_by": event.actor,
    }


def _moved(event: StatusChanged | StatusCorrected | Reconciled) -> Changes:
    return {
        "status": event.to_status,
        "status_event": event.event_id,
        "previous_status": event.from_status,
        "reason": event.reason,
        "closed_at": None if event.to_status.is_open else event.occurred_at,
    }


def _measured(event: QualityMetricsUpdated) -> Changes:
    counts = (event.positive, event.negative, event.edge)
    return {
        "coverage": None if event.coverage is None else TestCoverage(percent=event.coverage),
        "tests": None if counts == (None, None, None) else TestRatio.of(count or 0 for count in counts),
    }
