"""Events for tests of stores: by name where only identity matters, and one of each kind with all its fields."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from jerry_domain.events.base import DomainEvent
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
)
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_domain.value_objects.work_item_id import EPOCH, WorkItemId

E = TypeVar("E", bound=DomainEvent)

MOMENT = datetime(2026, 11, 23, 7, 10, 48, 123_000, tzinfo=UTC)
ACTOR = "Ada Lovelace <ada@example.org>"
CATEGORY = "work_item"

_COMMAND = UUID("0b9d2f6a-7c1e-4a53-8f3d-5e2a9c4b7d10")


def stream(number: int = 0) -> str:
    """The name of a stream of work item `number`, whose id was made at `MOMENT`."""
    return f"{CATEGORY}-{item_id(number)}"


def item_id(number: int) -> str:
    """The internal id of work item `number`."""
    return str(WorkItemId.compose((MOMENT - EPOCH) // (EPOCH.resolution * 1000), number))


def happened(event: type[E], name: str, **data: Any) -> E:
    """An event whose id follows from `name`, with its data."""
    return event(event_id=str(uuid5(_COMMAND, name)), occurred_at=MOMENT, actor=ACTOR, **data)


def batch(names: str) -> tuple[DomainEvent, ...]:
    """An event for each name, names divided by blanks: "a b" are two. `a!` has the id of `a` and other content."""
    return tuple(happened(CommentAdded, name.rstrip("!"), text=name) for name in names.split())


def ids(names: str) -> tuple[str, ...]:
    """The ids of the events that `batch` makes."""
    return tuple(event.event_id for event in batch(names))


ONE_OF_EACH: tuple[DomainEvent, ...] = (
    Created(
        event_id="3f0f2a64-52f5-5d0e-8d52-3a5d6a0f1c01",
        occurred_at=MOMENT,
        actor="Zoë Ångström <zoe@example.org>",
        session="agent-7",
        correlation_id="0b9d2f6a-7c1e-4a53-8f3d-5e2a9c4b7d10",
        causation_id="9a1d6f0e-63f3-4f0b-9a53-7d7f7f3a2b11",
        display_id="WORK-42",
        work_type=WorkType.STORY,
        title="Ümlauts, 日本語 and 🦜 survive",
        description='Two lines,\n"quotes", a \\ and a\ttab.',
        priority=Priority.CRITICAL,
        parent=item_id(7),
    ),
    happened(DetailsChanged, "details", title="A better title", description="", work_type=WorkType.TASK),
    happened(
        StatusChanged,
        "status",
        from_status=WorkItemStatus.IN_PROGRESS,
        to_status=WorkItemStatus.DONE,
        reason="shipped with a known gap",
        forced=True,
    ),
    happened(
        StatusCorrected,
        "corrected",
        from_status=WorkItemStatus.DONE,
        to_status=WorkItemStatus.IN_PROGRESS,
        corrects=happened(Restored, "status").event_id,
        reason="too early",
    ),
    happened(PriorityChanged, "priority", priority=Priority.LOW),
    happened(AssigneeChanged, "assignee", assignee=None),
    happened(
        Claimed, "claimed", claimant=ACTOR, claim_session="agent-7", until=datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    ),
    happened(ClaimReleased, "released", claimant=ACTOR, claim_session="agent-7", reason="lunch"),
    happened(ParentChanged, "parent", parent=None),
    happened(DependencyAdded, "dependency", target=item_id(8), kind=DependencyKind.DISCOVERED_FROM),
    happened(DependencyRemoved, "independence", target=item_id(8), kind=DependencyKind.DISCOVERED_FROM),
    happened(LabelsAdded, "labels", labels=("backend", "größe")),
    happened(LabelsRemoved, "fewer labels", labels=("backend",)),
    happened(
        CommentAdded,
        "comment",
        text="Looks good.",
        author="Grace Hopper <grace@example.org>",
        written_at=datetime(1, 1, 1, tzinfo=UTC),  # the zero of Go's clock, which trackers export
    ),
    happened(CommentRemoved, "no comment", comment=happened(Restored, "comment").event_id),
    happened(DueDateChanged, "due", due=date(2026, 12, 24)),
    happened(EstimateChanged, "estimate", minutes=90),
    happened(QualityMetricsUpdated, "quality", coverage=87.25, positive=65, negative=25, edge=10),
    happened(DisplayIdChanged, "renumbered", display_id="WORK-43"),
    happened(
        Imported, "imported", origin="beads", reference="bd-1", original={"issue_type": "chore", "status": "open"}
    ),
    happened(Deleted, "deleted", reason="a duplicate"),
    happened(Restored, "restored", reason="not a duplicate"),
    happened(
        Reconciled,
        "reconciled",
        from_status=WorkItemStatus.CANCELLED,
        to_status=WorkItemStatus.DONE,
        settles=(happened(Restored, "left").event_id, happened(Restored, "right").event_id),
        reason="it was shipped before it was given up",
        forced=True,
    ),
)
"""An event of each kind of a work item, every field other than its default."""
