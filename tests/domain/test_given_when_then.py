"""The tests' own language: it tells right from wrong outcomes, so that a table in it can fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.errors import IllegalTransitionError, InvalidValueError, ItemDeletedError
from jerry_domain.events.base import Stamp
from jerry_domain.events.work_item_events import LabelsAdded, PriorityChanged
from jerry_domain.value_objects.classification import Priority
from tests.domain.builders import BOB, IN_PROGRESS, PENDING, at_status, created, deleted, happened, moved, stamp
from tests.domain.given_when_then import given, refused


def start(item: WorkItem, at: Stamp) -> None:
    item.start(at)


def tamper(item: WorkItem, at: Stamp) -> None:
    item.state = replace(item.state, title="Changed behind the events' back")


def forge(item: WorkItem, at: Stamp) -> None:
    item.start(stamp(BOB, command=99))


@pytest.mark.positive
def test_events_that_were_raised_are_recognised():
    given(created()).when(start).then(moved(PENDING, IN_PROGRESS))


@pytest.mark.positive
def test_a_refusal_is_recognised_by_its_error_and_its_attributes():
    given(*deleted()).when(start).then(refused(ItemDeletedError, item="WORK-1"))


@pytest.mark.positive
def test_nothing_is_recognised():
    given(*at_status(IN_PROGRESS)).when(start).then_nothing()


@pytest.mark.positive
def test_a_second_command_sees_what_the_first_one_raised():
    given(created()).when(start).when(start).then_nothing()


@pytest.mark.negative
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda outcome: outcome.then(moved(PENDING, IN_PROGRESS, "another reason")), id="other data"),
        pytest.param(lambda outcome: outcome.then(happened(LabelsAdded, labels=())), id="another event"),
        pytest.param(lambda outcome: outcome.then(*[moved(PENDING, IN_PROGRESS)] * 2), id="an event too many"),
        pytest.param(lambda outcome: outcome.then(refused(ItemDeletedError)), id="a refusal that did not come"),
        pytest.param(lambda outcome: outcome.then_nothing(), id="nothing, where something was raised"),
        pytest.param(lambda outcome: outcome.then(), id="no expectation at all"),
    ],
)
def test_a_wrong_expectation_of_an_accepted_command_fails(wrong):
    outcome = given(created()).when(start)
    with pytest.raises(AssertionError):
        wrong(outcome)


@pytest.mark.negative
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda outcome: outcome.then(refused(IllegalTransitionError)), id="another error"),
        pytest.param(lambda outcome: outcome.then(refused(ItemDeletedError, item="WORK-2")), id="other attributes"),
        pytest.param(lambda outcome: outcome.then(moved(PENDING, IN_PROGRESS)), id="events that did not come"),
        pytest.param(lambda outcome: outcome.then_nothing(), id="nothing, where it was refused"),
    ],
)
def test_a_wrong_expectation_of_a_refused_command_fails(wrong):
    outcome = given(*deleted()).when(start)
    with pytest.raises(AssertionError):
        wrong(outcome)


@pytest.mark.negative
def test_an_event_less_than_expected_fails():
    def both(item: WorkItem, at: Stamp) -> None:
        item.start(at)
        item.prioritize(at, Priority.HIGH)

    outcome = given(created()).when(both)
    with pytest.raises(AssertionError):
        outcome.then(moved(PENDING, IN_PROGRESS))
    outcome.then(moved(PENDING, IN_PROGRESS), happened(PriorityChanged, priority=Priority.HIGH))


@pytest.mark.negative
def test_a_parent_class_of_the_error_is_not_good_enough():
    outcome = given(created()).when(lambda item, at: item.edit(at, title=" "))
    with pytest.raises(AssertionError):
        outcome.then(refused(ValueError))
    outcome.then(refused(InvalidValueError, field="title"))


@pytest.mark.edge
def test_a_state_changed_without_an_event_fails():
    with pytest.raises(AssertionError, match="outside _apply"):
        given(created()).when(tamper)


@pytest.mark.edge
def test_a_state_changed_without_an_event_fails_even_when_the_command_is_refused():
    def tamper_and_refuse(item: WorkItem, at: Stamp) -> None:
        tamper(item, at)
        item.edit(at, title="")

    with pytest.raises(AssertionError, match="outside _apply"):
        given(created()).when(tamper_and_refuse)


@pytest.mark.edge
def test_an_event_with_another_stamp_than_the_commands_fails():
    with pytest.raises(AssertionError):
        given(created()).when(forge)


@pytest.mark.edge
def test_a_refusal_that_leaves_an_event_behind_fails():
    def half(item: WorkItem, at: Stamp) -> None:
        item.start(at)
        item.edit(at, title="")

    outcome = given(created()).when(half)
    with pytest.raises(AssertionError, match="leaves nothing behind"):
        outcome.then(refused(InvalidValueError))


@pytest.mark.edge
def test_an_error_that_is_not_the_domains_is_never_swallowed():
    with pytest.raises(ZeroDivisionError):
        given(created()).when(lambda item, at: 1 // 0)
