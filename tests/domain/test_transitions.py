"""The state machine at the command level: every status to every status, and every verb from every status."""

from __future__ import annotations

from itertools import product

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.errors import IllegalTransitionError, InvalidValueError
from jerry_domain.value_objects.status import TRANSITIONS, WorkItemStatus
from tests.domain.builders import BLOCKED, CANCELLED, DONE, IN_PROGRESS, PENDING, at_status, moved
from tests.domain.given_when_then import given, refused

LEGAL = {
    (PENDING, IN_PROGRESS),
    (PENDING, CANCELLED),
    (IN_PROGRESS, BLOCKED),
    (IN_PROGRESS, DONE),
    (IN_PROGRESS, CANCELLED),
    (BLOCKED, IN_PROGRESS),
    (BLOCKED, CANCELLED),
    (DONE, IN_PROGRESS),
}
MATRIX = tuple(product(WorkItemStatus, repeat=2))

# What each verb does to an item in each status: the status it takes it to, `None` where it refuses,
# and the status it is in where the effect holds already.
VERBS = {
    WorkItem.start: (IN_PROGRESS, {PENDING: IN_PROGRESS, IN_PROGRESS: IN_PROGRESS}),
    WorkItem.block: (BLOCKED, {IN_PROGRESS: BLOCKED, BLOCKED: BLOCKED}),
    WorkItem.unblock: (IN_PROGRESS, {BLOCKED: IN_PROGRESS, IN_PROGRESS: IN_PROGRESS}),
    WorkItem.reopen: (IN_PROGRESS, {DONE: IN_PROGRESS, IN_PROGRESS: IN_PROGRESS}),
    WorkItem.complete: (DONE, {IN_PROGRESS: DONE, DONE: DONE}),
    WorkItem.cancel: (
        CANCELLED,
        {PENDING: CANCELLED, IN_PROGRESS: CANCELLED, BLOCKED: CANCELLED, CANCELLED: CANCELLED},
    ),
}


def steps(wanted):
    """The pairs of the matrix for which `wanted` holds, each with a sentence for an id."""
    return [pytest.param(*pair, id=f"from {pair[0]} to {pair[1]}") for pair in MATRIX if wanted(*pair)]


def verbs(wanted):
    """Verb, status it meets, and target, where `wanted` holds for status and result; each with a sentence for an id."""
    return [
        pytest.param(verb, status, target, id=f"{verb.__name__} when {status}")
        for verb, (target, results) in VERBS.items()
        for status in WorkItemStatus
        if wanted(status, results.get(status))
    ]


@pytest.mark.positive
@pytest.mark.parametrize(("source", "target"), steps(lambda *pair: pair in LEGAL))
def test_a_legal_step_is_recorded_with_its_reason(source, target):
    given(*at_status(source)).when(lambda item, at: item.move(at, target, "because")).then(
        moved(source, target, "because")
    )


@pytest.mark.negative
@pytest.mark.parametrize(
    ("source", "target"), steps(lambda source, target: (source, target) not in LEGAL and source is not target)
)
def test_an_illegal_step_is_refused_and_the_legal_ones_are_named(source, target):
    given(*at_status(source)).when(lambda item, at: item.move(at, target)).then(
        refused(IllegalTransitionError, item="WORK-1", source=source, target=target, allowed=TRANSITIONS[source])
    )


@pytest.mark.positive
@pytest.mark.parametrize(("source", "target"), steps(lambda source, target: source is target))
def test_a_step_to_where_the_item_stands_changes_nothing(source, target):
    given(*at_status(source)).when(lambda item, at: item.move(at, target)).then_nothing()


@pytest.mark.positive
def test_the_matrix_of_these_tests_is_whole():
    assert len(MATRIX) == 25
    assert {(source, target) for source, targets in TRANSITIONS.items() for target in targets} == LEGAL


@pytest.mark.positive
@pytest.mark.parametrize(
    ("verb", "status", "target"), verbs(lambda status, result: result is not None and result is not status)
)
def test_a_verb_takes_the_item_one_step_with_the_reason_given(verb, status, target):
    given(*at_status(status)).when(lambda item, at: verb(item, at, reason="because")).then(
        moved(status, target, "because")
    )


@pytest.mark.positive
@pytest.mark.parametrize(("verb", "status", "target"), verbs(lambda status, result: result is status))
def test_a_verb_whose_effect_holds_already_changes_nothing(verb, status, target):
    given(*at_status(status)).when(lambda item, at: verb(item, at, reason="because")).then_nothing()


@pytest.mark.negative
@pytest.mark.parametrize(("verb", "status", "target"), verbs(lambda status, result: result is None))
def test_a_verb_is_refused_in_a_status_it_is_not_for(verb, status, target):
    given(*at_status(status)).when(lambda item, at: verb(item, at, reason="because")).then(
        refused(IllegalTransitionError, item="WORK-1", source=status, target=target, allowed=TRANSITIONS[status])
    )


@pytest.mark.positive
def test_closing_notes_the_moment_and_reopening_clears_it():
    done = given(*at_status(IN_PROGRESS)).when(lambda item, at: item.complete(at))
    assert done.item.state.closed_at == done.raised[0].occurred_at
    assert not done.item.state.is_open
    reopened = done.when(lambda item, at: item.reopen(at))
    assert reopened.item.state.closed_at is None
    assert reopened.item.state.is_open


@pytest.mark.positive
def test_a_status_taken_back_goes_exactly_back_even_against_the_arrows():
    cancelled = given(*at_status(PENDING)).when(lambda item, at: item.cancel(at))
    corrected = cancelled.when(lambda item, at: item.correct_status(at, "a slip"))
    assert corrected.item.state.status is PENDING
    assert corrected.item.state.reason == "a slip"
    assert corrected.item.state.closed_at is None
    assert corrected.raised[0].corrects == cancelled.raised[0].event_id


@pytest.mark.positive
def test_a_status_taken_back_twice_is_where_it_was():
    twice = given(*at_status(DONE)).when(lambda item, at: item.correct_status(at))
    again = twice.when(lambda item, at: item.correct_status(at))
    assert (twice.item.state.status, again.item.state.status) == (IN_PROGRESS, DONE)
    assert again.item.state.closed_at is not None


@pytest.mark.edge
def test_an_item_that_never_moved_has_no_step_to_take_back():
    given(*at_status(PENDING)).when(lambda item, at: item.correct_status(at)).then_nothing()


@pytest.mark.negative
@pytest.mark.parametrize("verb", [pytest.param(verb, id=verb.__name__) for verb in VERBS])
def test_a_reason_that_is_not_valid_text_is_refused(verb):
    source = {WorkItem.start: PENDING, WorkItem.unblock: BLOCKED, WorkItem.reopen: DONE}.get(verb, IN_PROGRESS)
    given(*at_status(source)).when(lambda item, at: verb(item, at, reason="a\0b")).then(
        refused(InvalidValueError, field="reason")
    )
