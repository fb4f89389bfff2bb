"""Undo: what happened before, what happened last, and what takes that back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from jerry_domain.events.work_item_events import (
    AssigneeChanged,
    CommentAdded,
    CommentRemoved,
    Deleted,
    DependencyAdded,
    DependencyRemoved,
    DetailsChanged,
    DisplayIdChanged,
    DueDateChanged,
    EstimateChanged,
    LabelsAdded,
    LabelsRemoved,
    ParentChanged,
    PriorityChanged,
    QualityMetricsUpdated,
    Restored,
    StatusCorrected,
)
from jerry_domain.services.compensation import undo_last_command
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from tests.domain.builders import (
    ALICE,
    BOB,
    CANCELLED,
    IN_PROGRESS,
    MORNING,
    NOON,
    OTHER,
    PENDING,
    claimed,
    happened,
    moved,
    recorded,
    released,
    stamp,
)
from tests.domain.given_when_then import Given

LATE = NOON + timedelta(hours=9)
LEANS = {"target": OTHER, "kind": DependencyKind.BLOCKS}
DAY = date(2026, 4, 1)


def corrected(source, target, corrects):
    return happened(StatusCorrected, from_status=source, to_status=target, corrects=corrects, reason="undone")


def together(*events):
    """The events of one command."""
    return tuple(replace(event, correlation_id="one command") for event in events)


def undo(outcome):
    """Undo the last command of a `Given`, or of an outcome's history."""
    history = (
        outcome.history if isinstance(outcome, Given) else outcome.history + recorded(outcome.raised, outcome.history)
    )
    command = stamp(command=len(history) + 100)
    return Given(history).when(lambda item, at: undo_last_command(item, history, at), by=command)


# What happened before, the last event, and what undo raises for it; `event-2` is the first of what happened before.
TABLE = [
    ("a first step", [], moved(PENDING, IN_PROGRESS), corrected(IN_PROGRESS, PENDING, "event-2")),
    ("a final step", [], moved(PENDING, CANCELLED), corrected(CANCELLED, PENDING, "event-2")),
    (
        "a correction",
        [moved(PENDING, IN_PROGRESS)],
        corrected(IN_PROGRESS, PENDING, "event-2"),
        corrected(PENDING, IN_PROGRESS, "event-3"),
    ),
    (
        "a new title",
        [happened(DetailsChanged, title="Second", description="Words")],
        happened(DetailsChanged, title="Third"),
        happened(DetailsChanged, title="Second"),
    ),
    (
        "title, description and type at once",
        [],
        happened(DetailsChanged, title="New", description="Words", work_type=WorkType.BUG),
        happened(DetailsChanged, title="Write it down", description="", work_type=WorkType.TASK),
    ),
    (
        "a priority",
        [],
        happened(PriorityChanged, priority=Priority.LOW),
        happened(PriorityChanged, priority=Priority.MEDIUM),
    ),
    ("an assignment", [], happened(AssigneeChanged, assignee="Bob"), happened(AssigneeChanged, assignee=None)),
    (
        "another assignment",
        [happened(AssigneeChanged, assignee="Bob")],
        happened(AssigneeChanged, assignee=None),
        happened(AssigneeChanged, assignee="Bob"),
    ),
    ("a claim", [], claimed(ALICE), released(ALICE, "undone")),
    ("a claim renewed", [claimed(ALICE)], claimed(ALICE, LATE), claimed(ALICE)),
    ("a claim anew after one's own ran out", [claimed(ALICE, MORNING)], claimed(ALICE), released(ALICE, "undone")),
    ("a claim after somebody else's", [claimed(BOB)], claimed(ALICE), released(ALICE, "undone")),
    ("a move under a parent", [], happened(ParentChanged, parent=OTHER), happened(ParentChanged, parent=None)),
    (
        "a move to the top",
        [happened(ParentChanged, parent=OTHER)],
        happened(ParentChanged, parent=None),
        happened(ParentChanged, parent=OTHER),
    ),
    ("a dependency", [], happened(DependencyAdded, **LEANS), happened(DependencyRemoved, **LEANS)),
    (
        "a dependency removed",
        [happened(DependencyAdded, **LEANS)],
        happened(DependencyRemoved, **LEANS),
        happened(DependencyAdded, **LEANS),
    ),
    (
        "labels, of which it had one",
        [happened(LabelsAdded, labels=("a",))],
        happened(LabelsAdded, labels=("a", "b", "c")),
        happened(LabelsRemoved, labels=("b", "c")),
    ),
    (
        "labels removed, of which it had one",
        [happened(LabelsAdded, labels=("a",))],
        happened(LabelsRemoved, labels=("a", "b")),
        happened(LabelsAdded, labels=("a",)),
    ),
    ("a comment", [], happened(CommentAdded, text="Hm."), happened(CommentRemoved, comment="event-2")),
    (
        "a comment withdrawn, among others",
        [happened(CommentAdded, text="Hm.", by=BOB), happened(CommentAdded, text="Yes.")],
        happened(CommentRemoved, comment="event-2"),
        happened(CommentAdded, text="Hm.", author=BOB.actor, written_at=MORNING),
    ),
    ("a due day", [], happened(DueDateChanged, due=DAY), happened(DueDateChanged, due=None)),
    ("an estimate", [], happened(EstimateChanged, minutes=5), happened(EstimateChanged, minutes=None)),
    ("the first metrics", [], happened(QualityMetricsUpdated, coverage=80.0), happened(QualityMetricsUpdated)),
    (
        "further metrics",
        [happened(QualityMetricsUpdated, coverage=80.0, positive=1)],
        happened(QualityMetricsUpdated, coverage=70.0, positive=2, negative=1),
        happened(QualityMetricsUpdated, coverage=80.0, positive=1, negative=0, edge=0),
    ),
    (
        "a new number",
        [],
        happened(DisplayIdChanged, display_id="WORK-2"),
        happened(DisplayIdChanged, display_id="WORK-1"),
    ),
    ("a deletion", [], happened(Deleted), happened(Restored, reason="undone")),
    ("a restoration", [happened(Deleted)], happened(Restored), happened(Deleted, reason="undone")),
]
