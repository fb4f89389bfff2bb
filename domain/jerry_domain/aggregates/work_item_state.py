"""The state of a work item and the fold that makes it out of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

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
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_domain.value_objects.status import INITIAL_STATUS, WorkItemStatus

FOLD_VERSION = 2
"""Raised with every change of `evolve` or of the state's shape: cached folds of another version are dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said; `comment_id` is the id of the event that added it."""

    comment_id: str
    author: str
    written_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dependency:
    """A leaning on the item `target` (internal id). Kind `blocks`: the target blocks the one that holds this."""

    kind: DependencyKind
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalReference:
    """Where an imported item came from: the other tracker, the id there, and its fields as they stood."""

    origin: str
    reference: str
    original: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItemState:
    """Everything the events of one item say. `created_at` is None while no creation was seen (an incomplete history).

    Times are UTC; `estimate` is in minutes; `parent` and dependency targets are internal ids;
    `status_event` is the id of the last event that moved the status; `claims` are more than one only where clones that
    had not met took the item at the same time, the first come first.
    """

    item_id: str
    display_id: str = ""
    aliases: tuple[str, ...] = ()
    work_type: WorkType = WorkType.TASK
    title: str = ""
    description: str = ""
    status: WorkItemStatus = INITIAL_STATUS
    status_event: str | None = None
    previous_status: WorkItemStatus | None = None
    reason: str = ""
    priority: Priority = Priority.MEDIUM
    assignee: str | None = None
    claims: tuple[Claim, ...] = ()
    parent: str | None = None
    dependencies: frozenset[Dependency] = frozenset()
    labels: frozenset[str] = frozenset()
    comments: tuple[Comment, ...] = ()
    due: date | None = None
    estimate: int | None = None
    coverage: TestCoverage | None = None
    tests: TestRatio | None = None
    imported: tuple[ExternalReference, ...] = field(default=())
    deleted: bool = False
    created_at: datetime | None = None
    created_by: str = ""
    updated_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def name(self) -> str:
        """What to call the item: its display id, or the internal one where no creation was seen."""
        return self.display_id or self.item_id

    @property
    def is_open(self) -> bool:
        """Whether there is work left in it: not done, not cancelled, not deleted."""
        return self.status.is_open and not self.deleted

    @property
    def claim(self) -> Claim | None:
        """The claim that came first, even where it has run out; None where nobody claims the item."""
        return self.claims[0] if self.claims else None

    def targets(self, kind: DependencyKind) -> tuple[str, ...]:
        """The targets of dependencies of one kind, sorted."""
        return tuple(sorted(dependency.target for dependency in self.dependencies if dependency.kind is kind))

    def active_claim(self, now: datetime) -> Claim | None:
        """The claim that still runs at `now`, if any."""
        return next((claim for claim in self.claims if claim.is_active(now)), None)


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
