"""What breaks a rule, judged against its own causal past (DESIGN 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from jerry_domain.events.work_item_events import CommentAdded, LabelsAdded, StatusCorrected
from jerry_domain.services.causal_order import heads
from jerry_domain.services.legality import Breach, judge
from jerry_domain.value_objects.status import WorkItemStatus
from tests.domain.builders import (
    BLOCKED,
    CANCELLED,
    DONE,
    IN_PROGRESS,
    ITEM,
    PENDING,
    at_status,
    beside,
    created,
    happened,
    moved,
    recorded,
)
from tests.domain.strategies import HISTORIES, forked_histories

WORDS = happened(CommentAdded, text="Words")
LABEL = happened(LabelsAdded, labels=("a",))
ROOT = beside("root", 1, event=created())


def breaches(*history):
    return [(violation.breach.value, violation.event_id) for violation in judge(ITEM, history)]


def corrected(source, target, corrects):
    return happened(StatusCorrected, from_status=source, to_status=target, corrects=corrects)


@pytest.mark.positive
@pytest.mark.parametrize("status", WorkItemStatus)
def test_each_way_through_the_state_machine_is_legal(status):
    assert breaches(*recorded(at_status(status))) == []


@pytest.mark.positive
@given(HISTORIES)
def test_whatever_was_commanded_in_one_clone_breaks_nothing(history):
    assert judge(ITEM, history) == ()


@pytest.mark.positive
@settings(max_examples=60)
@given(forked_histories())
def test_whatever_was_commanded_in_two_clones_breaks_nothing_but_may_fork(history):
    assert {violation.breach for violation in judge(ITEM, history)} <= {Breach.FORK}


@pytest.mark.positive
def test_a_correction_goes_exactly_back():
    steps = recorded((*at_status(DONE), corrected(DONE, IN_PROGRESS, "event-3")))
    assert breaches(*steps) == []


@pytest.mark.positive
def test_nothing_is_wrong_with_nothing():
    assert judge(ITEM, ()) == ()


@pytest.mark.positive
@pytest.mark.parametrize(
    ("history", "step"),
    [
        ((created(), moved(PENDING, DONE)), "cannot go from pending to done"),
        ((created(), moved(PENDING, PENDING)), "cannot go from pending to pending"),
        ((created(), moved(IN_PROGRESS, DONE)), "from in_progress to done, but WORK-1 was pending there"),
        ((*at_status(CANCELLED), moved(CANCELLED, IN_PROGRESS)), "cannot go from cancelled to in_progress"),
        ((*at_status(DONE), moved(DONE, BLOCKED)), "cannot go from done to blocked"),
        ((*at_status(BLOCKED), moved(IN_PROGRESS, DONE)), "but WORK-1 was blocked there"),
    ],
)
def test_a_step_that_the_state_machine_does_not_have_is_illegal(history, step):
    (violation,) = judge(ITEM, recorded(history))
    assert (violation.breach, violation.event_id) == (Breach.TRANSITION, f"event-{len(history)}")
    assert step in violation.message


@pytest.mark.positive
@pytest.mark.parametrize(
    "correction",
    [
        corrected(DONE, PENDING, "event-3"),
        corrected(IN_PROGRESS, DONE, "event-3"),
        corrected(DONE, IN_PROGRESS, "event-2"),
    ],
    ids=["further back", "the wrong way", "another step"],
)
def test_a_correction_that_does_not_take_back_the_last_step_is_illegal(correction):
    assert breaches(*recorded((*at_status(DONE), correction))) == [("illegal-correction", "event-4")]


@pytest.mark.positive
def test_a_correction_of_an_item_that_never_moved_is_illegal():
    assert breaches(*recorded((created(), corrected(PENDING, PENDING, "x")))) == [("illegal-correction", "event-2")]


@pytest.mark.positive
def test_a_stream_that_begins_with_something_else_is_found():
    assert breaches(beside("a", 1, event=WORDS)) == [("stream-start", "a")]


@pytest.mark.positive
@pytest.mark.parametrize("parents", [("root",), ()], ids=["on the first", "beside the first"])
def test_a_second_creation_is_found(parents):
    second = beside("second", 1 + len(parents), *parents, event=created())
    assert breaches(ROOT, second) == [("created-twice", "second")]


@pytest.mark.positive
@pytest.mark.parametrize("version", [1, 3, 9])
def test_a_version_that_does_not_follow_its_parent_is_found(version):
    assert breaches(ROOT, beside("next", version, "root", event=WORDS)) == [("version-gap", "next")]


@pytest.mark.positive
def test_an_event_without_parents_later_than_the_first_is_found():
    assert breaches(ROOT, beside("loose", 2, event=WORDS)) == [("version-gap", "loose"), ("stream-start", "loose")]


@pytest.mark.positive
def test_each_breach_is_told_for_itself():
    wrong = recorded((created(), moved(PENDING, DONE), moved(PENDING, IN_PROGRESS)))
    assert breaches(*wrong) == [("illegal-transition", "event-2"), ("illegal-transition", "event-3")]


@pytest.mark.edge
def test_a_step_is_judged_by_what_its_writer_saw_and_not_by_what_came_in_beside():
    one = beside("one", 2, "root", event=moved(PENDING, IN_PROGRESS))
    other = beside("other", 2, "root", event=moved(PENDING, IN_PROGRESS))
    assert breaches(ROOT, one, other) == []


@pytest.mark.edge
def test_versions_go_on_from_the_highest_parent():
    one = beside("one", 2, "root", event=WORDS)
    other = beside("other", 2, "root", event=LABEL)
    further = beside("further", 3, "other", event=WORDS)
    both = beside("both", 4, "further", "one", event=LABEL)
    assert breaches(ROOT, one, other, further, both) == []
    assert breaches(ROOT, one, other, further, replace(both, version=3)) == [("version-gap", "both")]


@pytest.mark.edge
def test_what_stands_on_missing_events_is_incomplete_and_judged_no_further():
    orphan = beside("orphan", 7, "gone", event=moved(BLOCKED, IN_PROGRESS))
    after = beside("after", 8, "orphan", event=moved(DONE, CANCELLED))
    (violation,) = judge(ITEM, (ROOT, orphan, after))
    assert (violation.breach, violation.event_id) == (Breach.INCOMPLETE, "orphan")
    assert violation.message == "was appended on events that are not here: gone"


@pytest.mark.edge
def test_events_that_are_each_others_ancestors_are_incomplete():
    one, other = beside("one", 2, "other", event=WORDS), beside("other", 3, "one", event=LABEL)
    assert breaches(ROOT, one, other) == [("incomplete-history", "one")]


def fork(one, other):
    return ROOT, beside("one", 2, "root", event=one), beside("other", 2, "root", event=other)


@pytest.mark.positive
def test_branches_that_moved_an_item_apart_are_a_fork():
    (violation,) = judge(ITEM, fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED)))
    assert violation.breach is Breach.FORK
    assert {violation.event_id, *violation.others} == {"one", "other"}
    assert violation.message == "branches moved the item apart: to cancelled and to in_progress"


@pytest.mark.positive
def test_a_branch_that_went_further_is_a_fork_too():
    history = (*fork(moved(PENDING, IN_PROGRESS), moved(PENDING, IN_PROGRESS)),)
    further = beside("further", 3, "one", event=moved(IN_PROGRESS, DONE))
    assert breaches(*history, further) == [("fork", "further")]


@pytest.mark.positive
def test_a_comment_on_both_branches_settles_no_fork():
    history = fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED))
    comment = beside("comment", 3, *heads(history), event=WORDS)
    assert breaches(*history, comment) == [("fork", "other")]


@pytest.mark.positive
def test_a_step_in_sight_of_both_branches_settles_a_fork():
    history = fork(moved(PENDING, CANCELLED), moved(PENDING, IN_PROGRESS))
    step = beside("step", 3, *heads(history), event=moved(IN_PROGRESS, DONE))
    assert breaches(*history, step) == []


@pytest.mark.edge
@pytest.mark.parametrize("other", [moved(PENDING, IN_PROGRESS), WORDS], ids=["the same step", "a comment"])
def test_what_does_not_contradict_is_no_fork(other):
    assert breaches(*fork(moved(PENDING, IN_PROGRESS), other)) == []


@pytest.mark.edge
def test_a_long_stream_is_judged_once_for_each_event():
    labels = [replace(LABEL, event_id=f"label-{number}") for number in range(3_000)]
    assert judge(ITEM, recorded((created(), *labels))) == ()
