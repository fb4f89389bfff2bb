"""The events of a work item. Each is for ever: fields may be added with a default, nothing else (LES-001)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, TypeAlias, get_args

from jerry_domain.events.base import DomainEvent
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_domain.values import value


@value
class Created(DomainEvent):
    """The item came to be, in status pending; the first event of every stream. `parent` is an internal id."""

    event_type: ClassVar[str] = "jerry.work_item.created.v1"

    display_id: str
    work_type: WorkType
    title: str
    description: str = ""
    priority: Priority = Priority.MEDIUM
    parent: str | None = None


@value
class DetailsChanged(DomainEvent):
    """Title, description or type changed; None leaves a field as it was."""

    event_type: ClassVar[str] = "jerry.work_item.details_changed.v1"

    title: str | None = None
    description: str | None = None
    work_type: WorkType | None = None


@value
class StatusChanged(DomainEvent):
    """One step through the state machine. `forced` tells that a rule other than the state machine was overruled."""

    event_type: ClassVar[str] = "jerry.work_item.status_changed.v1"

    from_status: WorkItemStatus
    to_status: WorkItemStatus
    reason: str = ""
    forced: bool = False


@value
class StatusCorrected(DomainEvent):
    """A step taken by mistake was taken back: `corrects` is the id of the item's last status event.

    It alone may go against the arrows, and only exactly back.
    """

    event_type: ClassVar[str] = "jerry.work_item.status_corrected.v1"

    from_status: WorkItemStatus
    to_status: WorkItemStatus
    corrects: str
    reason: str = ""


@value
class PriorityChanged(DomainEvent):
    """The urgency changed."""

    event_type: ClassVar[str] = "jerry.work_item.priority_changed.v1"

    priority: Priority


@value
class AssigneeChanged(DomainEvent):
    """The one person responsible changed; None for nobody."""

    event_type: ClassVar[str] = "jerry.work_item.assignee_changed.v1"

    assignee: str | None


@value
class Claimed(DomainEvent):
    """A worker took, or renewed, a lease on the item until `until` (UTC)."""

    event_type: ClassVar[str] = "jerry.work_item.claimed.v1"

    claimant: str
    claim_session: str | None = None
    until: datetime


@value
class ClaimReleased(DomainEvent):
    """The lease of `claimant` ended before its time."""

    event_type: ClassVar[str] = "jerry.work_item.claim_released.v1"

    claimant: str
    claim_session: str | None = None
    reason: str = ""


@value
class ParentChanged(DomainEvent):
    """The item moved in the hierarchy; `parent` is an internal id, None for the top."""

    event_type: ClassVar[str] = "jerry.work_item.parent_changed.v1"

    parent: str | None


@value
class DependencyAdded(DomainEvent):
    """The item now leans on `target` (an internal id). Kind `blocks`: the target blocks this item."""

    event_type: ClassVar[str] = "jerry.work_item.dependency_added.v1"

    target: str
    kind: DependencyKind


@value
class DependencyRemoved(DomainEvent):
    """The item no longer leans on `target` in this way."""

    event_type: ClassVar[str] = "jerry.work_item.dependency_removed.v1"

    target: str
    kind: DependencyKind


@value
class LabelsAdded(DomainEvent):
    """Labels were put on."""

    event_type: ClassVar[str] = "jerry.work_item.labels_added.v1"

    labels: tuple[str, ...]


@value
class LabelsRemoved(DomainEvent):
    """Labels were taken off."""

    event_type: ClassVar[str] = "jerry.work_item.labels_removed.v1"

    labels: tuple[str, ...]


@value
class CommentAdded(DomainEvent):
    """Somebody said something. `author` and `written_at` stand where both differ from the event's (an import)."""

    event_type: ClassVar[str] = "jerry.work_item.comment_added.v1"

    text: str
    author: str | None = None
    written_at: datetime | None = None


@value
class CommentRemoved(DomainEvent):
    """A comment was withdrawn; `comment` is the id of the event that added it."""

    event_type: ClassVar[str] = "jerry.work_item.comment_removed.v1"

    comment: str


@value
class DueDateChanged(DomainEvent):
    """The day by which the item should be done; None for no such day."""

    event_type: ClassVar[str] = "jerry.work_item.due_date_changed.v1"

    due: date | None


@value
class EstimateChanged(DomainEvent):
    """The work expected, in minutes; None for unknown."""

    event_type: ClassVar[str] = "jerry.work_item.estimate_changed.v1"

    minutes: int | None


@value
class QualityMetricsUpdated(DomainEvent):
    """What the tests show: coverage in percent, and counts of passing tests by kind. None where unknown."""

    event_type: ClassVar[str] = "jerry.work_item.quality_metrics_updated.v1"

    coverage: float | None = None
    positive: int | None = None
    negative: int | None = None
    edge: int | None = None

    def __post_init__(self) -> None:
        """Values out of range never become an event, so that the fold need not refuse them."""
        if self.coverage is not None:
            TestCoverage(percent=self.coverage)
        TestRatio(positive=self.positive or 0, negative=self.negative or 0, edge=self.edge or 0)


@value
class DisplayIdChanged(DomainEvent):
    """The item was renumbered; the old display id stays an alias (DESIGN 4)."""

    event_type: ClassVar[str] = "jerry.work_item.display_id_changed.v1"

    display_id: str


@value
class Imported(DomainEvent):
    """The item came from another tracker: `reference` is its id there, `original` its fields as they stood there."""

    event_type: ClassVar[str] = "jerry.work_item.imported.v1"

    origin: str
    reference: str
    original: Mapping[str, str]


@value
class Deleted(DomainEvent):
    """The item was deleted: explicit, for absence means nothing (DESIGN 3)."""

    event_type: ClassVar[str] = "jerry.work_item.deleted.v1"

    reason: str = ""


@value
class Restored(DomainEvent):
    """A deletion was taken back."""

    event_type: ClassVar[str] = "jerry.work_item.restored.v1"

    reason: str = ""


@value
class Reconciled(DomainEvent):
    """Branches had moved the item apart, and somebody decided: `settles` are the ids of the last steps of each branch.

    `to_status` is where one of these steps leads, `from_status` where the fold of all of them stood.
    """

    event_type: ClassVar[str] = "jerry.work_item.reconciled.v1"

    from_status: WorkItemStatus
    to_status: WorkItemStatus
    settles: tuple[str, ...]
    reason: str = ""
    forced: bool = False


WorkItemEvent: TypeAlias = (
    Created
    | DetailsChanged
    | StatusChanged
    | StatusCorrected
    | PriorityChanged
    | AssigneeChanged
    | Claimed
    | ClaimReleased
    | ParentChanged
    | DependencyAdded
    | DependencyRemoved
    | LabelsAdded
    | LabelsRemoved
    | CommentAdded
    | CommentRemoved
    | DueDateChanged
    | EstimateChanged
    | QualityMetricsUpdated
    | DisplayIdChanged
    | Imported
    | Deleted
    | Restored
    | Reconciled
)

WORK_ITEM_EVENTS: tuple[type[DomainEvent], ...] = get_args(WorkItemEvent)
"""Every event class of a work item, in the order of the specification."""


def as_work_item_event(event: DomainEvent) -> WorkItemEvent:
    """`event`, known to be one of the union; raises `TypeError` for an event of another aggregate."""
    if not isinstance(event, WORK_ITEM_EVENTS):
        raise TypeError(f"{type(event).__name__} is not an event of a work item")
    return event  # type: ignore[return-value]  # the tuple is made of the union's members
