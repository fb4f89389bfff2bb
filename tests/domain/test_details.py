"""What an item says: title, description, type, urgency, labels, comments, due day, estimate, metrics."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jerry_domain.aggregates.work_item import ParentFacts
from jerry_domain.errors import InvalidValueError, ParentTypeError
from jerry_domain.events.work_item_events import (
    CommentAdded,
    CommentRemoved,
    DetailsChanged,
    DueDateChanged,
    EstimateChanged,
    LabelsAdded,
    LabelsRemoved,
    PriorityChanged,
    QualityMetricsUpdated,
)
from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from tests.domain.builders import ALICE, BOB, MORNING, OTHER, created, happened
from tests.domain.given_when_then import given, refused

LONG_AGO = datetime(2019, 5, 1, tzinfo=UTC)
DAY = date(2026, 4, 1)
WRITTEN = created(title="Old", description="Old words", work_type=WorkType.TASK)
LABELLED = happened(LabelsAdded, labels=("api", "cli"))
COMMENTED = happened(CommentAdded, text="Hm.", by=BOB)
MEASURED = happened(QualityMetricsUpdated, coverage=50.0, positive=2, negative=1, edge=0)


def command(name, *args, **data):
    """A command by its name."""
    return lambda item, at: getattr(item, name)(at, *args, **data)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("history", "do", "event"),
    [
        pytest.param([], command("edit", title=" New "), happened(DetailsChanged, title="New"), id="a new title"),
        pytest.param(
            [],
            command("edit", description="a\r\nb\n\n"),
            happened(DetailsChanged, description="a\nb"),
            id="a new description, its line ends made plain",
        ),
        pytest.param(
            [], command("edit", description=""), happened(DetailsChanged, description=""), id="no description any more"
        ),
        pytest.param(
            [],
            command("edit", work_type=WorkType.BUG),
            happened(DetailsChanged, work_type=WorkType.BUG),
            id="another type",
        ),
        pytest.param(
            [],
            command("edit", title="New", description="Old words", work_type=WorkType.TASK),
            happened(DetailsChanged, title="New"),
            id="of several fields only those that differ",
        ),
        pytest.param(
            [],
            command("prioritize", Priority.CRITICAL),
            happened(PriorityChanged, priority=Priority.CRITICAL),
            id="another priority",
        ),
        pytest.param(
            [],
            command("add_labels", ["ui", "api", "ui"]),
            happened(LabelsAdded, labels=("api", "ui")),
            id="labels, sorted and each once",
        ),
        pytest.param(
            [LABELLED], command("add_labels", ["cli", "ui"]), happened(LabelsAdded, labels=("ui",)), id="a new label"
        ),
        pytest.param(
            [LABELLED],
            command("remove_labels", ["cli", "ui"]),
            happened(LabelsRemoved, labels=("cli",)),
            id="a label less",
        ),
        pytest.param([], command("comment", "Yes.\n"), happened(CommentAdded, text="Yes."), id="a comment"),
        pytest.param(
            [],
            command("comment", "Yes.", author="Carol", written_at=LONG_AGO),
            happened(CommentAdded, text="Yes.", author="Carol", written_at=LONG_AGO),
            id="a comment that somebody else wrote long ago",
        ),
        pytest.param(
            [COMMENTED],
            command("remove_comment", "event-2"),
            happened(CommentRemoved, comment="event-2"),
            id="a comment withdrawn",
        ),
        pytest.param([], command("set_due", DAY), happened(DueDateChanged, due=DAY), id="a day to be done by"),
        pytest.param(
            [happened(DueDateChanged, due=DAY)],
            command("set_due", None),
            happened(DueDateChanged, due=None),
            id="no such day any more",
        ),
        pytest.param([], command("set_estimate", 90), happened(EstimateChanged, minutes=90), id="an estimate"),
        pytest.param(
            [happened(EstimateChanged, minutes=90)],
            command("set_estimate", None),
            happened(EstimateChanged, minutes=None),
            id="no estimate any more",
        ),
        pytest.param(
            [],
            command("measure", TestCoverage(percent=80.5), TestRatio(positive=3, negative=2, edge=1)),
            happened(QualityMetricsUpdated, coverage=80.5, positive=3, negative=2, edge=1),
            id="coverage and tests",
        ),
        pytest.param(
            [],
            command("measure", TestCoverage(percent=80.5), None),
            happened(QualityMetricsUpdated, coverage=80.5),
            id="coverage alone",
        ),
        pytest.param(
            [MEASURED],
            command("measure", None, TestRatio(positive=9, negative=9, edge=9)),
            happened(QualityMetricsUpdated, coverage=50.0, positive=9, negative=9, edge=9),
            id="tests anew beside the coverage known before",
        ),
        pytest.param(
            [MEASURED], command("set_metrics", None, None), happened(QualityMetricsUpdated), id="metrics unknown again"
        ),
    ],
)
def test_a_change_is_recorded(history, do, event):
    given(WRITTEN, *history).when(do).then(event)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("history", "do"),
    [
        pytest.param([], command("edit"), id="an edit of nothing"),
        pytest.param(
            [],
            command("edit", title="Old ", description="Old words\n", work_type=WorkType.TASK),
            id="the words it has",
        ),
        pytest.param([], command("prioritize", Priority.MEDIUM), id="the priority it has"),
        pytest.param([LABELLED], command("add_labels", ["cli"]), id="a label it has"),
        pytest.param([], command("add_labels", []), id="no labels"),
        pytest.param([LABELLED], command("remove_labels", ["ui"]), id="a label it has not"),
        pytest.param([], command("remove_comment", "event-9"), id="a comment that is not there"),
        pytest.param(
            [COMMENTED, happened(CommentRemoved, comment="event-2")],
            command("remove_comment", "event-2"),
            id="a comment withdrawn before",
        ),
        pytest.param([], command("set_due", None), id="no day where there is none"),
        pytest.param([happened(DueDateChanged, due=DAY)], command("set_due", DAY), id="the day it has"),
        pytest.param([], command("set_estimate", None), id="no estimate where there is none"),
        pytest.param([happened(EstimateChanged, minutes=9)], command("set_estimate", 9), id="the estimate it has"),
        pytest.param([], command("measure", None, None), id="no metrics"),
        pytest.param(
            [MEASURED],
            command("measure", TestCoverage(percent=50), TestRatio(positive=2, negative=1, edge=0)),
            id="the metrics it has",
        ),
    ],
)
def test_a_change_to_what_it_is_already_changes_nothing(history, do):
    given(WRITTEN, *history).when(do).then_nothing()


@pytest.mark.negative
@pytest.mark.parametrize(
    ("do", "field"),
    [
        pytest.param(command("edit", title="  "), "title", id="a title of blanks"),
        pytest.param(command("edit", title="two\nlines"), "title", id="a title of two lines"),
        pytest.param(command("edit", title="New", description="\0"), "description", id="a NUL in the description"),
        pytest.param(command("add_labels", ["good", "not good"]), "label", id="a label with a blank"),
        pytest.param(command("comment", " \n"), "comment", id="a comment of blanks"),
        pytest.param(command("comment", "x" * (1 << 20) + "y"), "comment", id="a comment of more than 1 MiB"),
        pytest.param(command("set_estimate", 0), "estimate", id="an estimate of nothing"),
        pytest.param(command("set_estimate", -5), "estimate", id="an estimate below nothing"),
    ],
)
def test_a_value_that_is_not_valid_is_refused(do, field):
    given(WRITTEN).when(do).then(refused(InvalidValueError, field=field))


@pytest.mark.positive
def test_a_new_type_that_fits_parent_and_children_is_accepted():
    story = ParentFacts(item_id=OTHER, work_type=WorkType.STORY)
    given(WRITTEN).when(
        lambda item, at: item.edit(at, work_type=WorkType.BUG, parent=story, children=[WorkType.SUBTASK])
    ).then(happened(DetailsChanged, work_type=WorkType.BUG))


@pytest.mark.negative
def test_a_new_type_that_does_not_fit_the_parent_is_refused():
    bug = ParentFacts(item_id=OTHER, work_type=WorkType.BUG)
    given(created(work_type=WorkType.SUBTASK)).when(
        lambda item, at: item.edit(at, work_type=WorkType.TASK, parent=bug)
    ).then(refused(ParentTypeError, item_type=WorkType.TASK, parent_type=WorkType.BUG, allowed=("epic", "story")))


@pytest.mark.negative
def test_a_new_type_that_does_not_fit_a_child_is_refused():
    given(WRITTEN).when(
        lambda item, at: item.edit(at, work_type=WorkType.SPIKE, children=[WorkType.SUBTASK, WorkType.BUG])
    ).then(refused(ParentTypeError, item_type=WorkType.BUG, parent_type=WorkType.SPIKE))


@pytest.mark.edge
def test_an_ill_matched_family_from_elsewhere_does_not_hinder_other_edits():
    spike = ParentFacts(item_id=OTHER, work_type=WorkType.SPIKE)
    given(WRITTEN).when(lambda item, at: item.edit(at, title="New", parent=spike, children=[WorkType.EPIC])).then(
        happened(DetailsChanged, title="New")
    )


@pytest.mark.positive
def test_a_comment_is_of_the_actor_and_the_moment_unless_said_otherwise():
    said = given(WRITTEN, COMMENTED).when(lambda item, at: item.comment(at, "I see.", author="Carol"))
    first, second = said.item.state.comments
    assert (first.comment_id, first.author, first.written_at, first.text) == ("event-2", BOB.actor, MORNING, "Hm.")
    assert (second.author, second.written_at) == ("Carol", said.raised[0].occurred_at)
    assert said.raised[0].actor == ALICE.actor
