"""Items come and go: creating, deleting, and taking the last command back."""

from __future__ import annotations

from datetime import date

import pytest

from jerry_domain.errors import (
    CannotUndoError,
    CycleError,
    InvalidValueError,
    ItemDeletedError,
    ParentTypeError,
)
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_git.application import commands
from jerry_git.application.commands import Draft
from jerry_git.application.errors import ItemNotFoundError
from tests.application.acting import (
    DONE,
    IN_PROGRESS,
    PENDING,
    at,
    board,
    events_of,
    given,
    history,
    internal,
    names,
    state,
    twin,
)


@pytest.mark.positive
def test_a_title_is_enough_for_an_item(services):
    outcome = commands.create(services, Draft(title="Parser"))
    assert outcome.before is None
    assert outcome.changed
    assert events_of(outcome) == ["created"]
    assert outcome.after == state(services, "WORK-1")
    assert (outcome.after.work_type, outcome.after.priority, outcome.after.status) == ("task", "medium", "pending")
    assert outcome.after.created_by == "Ada <ada@example.org>"


@pytest.mark.positive
def test_everything_a_draft_says_is_in_one_batch(services):
    given(services, "Dates", work_type=WorkType.STORY)
    given(services, "Lexer", "Report")
    earlier = services.ids.commands
    outcome = commands.create(
        services,
        Draft(
            title="Parser",
            work_type=WorkType.BUG,
            description="It loops.",
            priority=Priority.HIGH,
            parent="WORK-1",
            depends_on=["WORK-2"],
            discovered_from="WORK-3",
            labels=["parser", "urgent"],
            assignee="Grace",
            due=date(2026, 12, 24),
            estimate=90,
        ),
    )
    made = state(services, "WORK-4")
    assert made == outcome.after
    assert (made.title, made.work_type, made.description, made.priority) == ("Parser", "bug", "It loops.", "high")
    assert made.parent == internal(services, "WORK-1")
    assert made.targets(DependencyKind.BLOCKS) == (internal(services, "WORK-2"),)
    assert made.targets(DependencyKind.DISCOVERED_FROM) == (internal(services, "WORK-3"),)
    assert (made.labels, made.assignee) == ({"parser", "urgent"}, "Grace")
    assert (made.due, made.estimate) == (date(2026, 12, 24), 90)
    assert services.ids.commands == earlier + 1
    assert len({event.correlation_id for event in outcome.events}) == 1


@pytest.mark.positive
def test_numbers_go_up_and_are_not_given_twice(services):
    assert given(services, "a", "b") == ["WORK-1", "WORK-2"]
    commands.delete(services, "WORK-2")
    assert given(services, "c") == ["WORK-3"]


@pytest.mark.positive
def test_a_number_is_above_all_that_a_merge_brought(services):
    twin(services, "WORK-41")
    assert given(services, "a") == ["WORK-42"]


@pytest.mark.negative
@pytest.mark.parametrize(
    ("draft", "error"),
    [
        pytest.param({"title": " "}, InvalidValueError, id="a title that nobody sees"),
        pytest.param({"labels": ["two words"]}, InvalidValueError, id="a label with a blank"),
        pytest.param({"estimate": 0}, InvalidValueError, id="an estimate of nothing"),
        pytest.param({"assignee": ""}, InvalidValueError, id="an assignee without a name"),
        pytest.param({"description": "\0"}, InvalidValueError, id="a description that is no text"),
        pytest.param({"parent": "WORK-1"}, ParentTypeError, id="a task under a task"),
        pytest.param({"parent": "WORK-9"}, ItemNotFoundError, id="a parent that is not there"),
        pytest.param({"depends_on": ["WORK-9"]}, ItemNotFoundError, id="a blocker that is not there"),
        pytest.param({"discovered_from": "WORK-9"}, ItemNotFoundError, id="a source that is not there"),
        pytest.param({"parent": "WORK-2"}, ItemDeletedError, id="a parent that is deleted"),
        pytest.param({"depends_on": ["WORK-1", "WORK-2"]}, ItemDeletedError, id="a blocker that is deleted"),
    ],
)
def test_a_bad_draft_is_refused_and_spends_no_number(services, draft, error):
    given(services, "Parser", "Gone")
    commands.delete(services, "WORK-2")
    with pytest.raises(error):
        commands.create(services, Draft(**{"title": "New", **draft}))
    assert given(services, "Next") == ["WORK-3"]


@pytest.mark.negative
def test_a_new_item_cannot_wait_for_the_parent_that_waits_for_it(services):
    given(services, "Dates", work_type=WorkType.STORY)
    with pytest.raises(CycleError) as refusal:
        commands.create(services, Draft(title="Parser", parent="WORK-1", depends_on=["WORK-1"]))
    assert set(refusal.value.path) == {"WORK-1", "WORK-2"}
    assert names(board(services).items.values()) == ["WORK-1"]


@pytest.mark.positive
def test_an_item_can_be_found_while_working_on_a_deleted_one(services):
    given(services, "Gone")
    commands.delete(services, "WORK-1")
    (name,) = given(services, "Found", discovered_from="WORK-1")
    assert state(services, name).targets(DependencyKind.DISCOVERED_FROM) == (internal(services, "WORK-1"),)


@pytest.mark.positive
def test_deleting_sets_free_what_waited_for_the_item(services):
    given(services, "Lexer")
    given(services, "Parser", depends_on=["WORK-1"])
    outcome = commands.delete(services, "WORK-1", "not needed")
    assert names(outcome.unblocked) == ["WORK-2"]
    assert (events_of(outcome), outcome.events[0].reason) == (["deleted"], "not needed")


@pytest.mark.positive
def test_deleting_twice_writes_once(services):
    given(services, "Parser")
    commands.delete(services, "WORK-1")
    assert not commands.delete(services, "WORK-1").changed
    assert history(services, "WORK-1") == ["created", "deleted"]


@pytest.mark.positive
def test_undo_takes_back_a_whole_command(services):
    name = at(services, IN_PROGRESS)
    commands.claim(services, name)
    before = state(services, name)
    commands.complete(services, name)
    outcome = commands.undo(services, name)
    assert [item.event.event_type.split(".")[-2] for item in outcome.undone] == ["status_changed", "claim_released"]
    assert (outcome.before.status, outcome.after.status) == (DONE, IN_PROGRESS)
    assert outcome.after == state(services, name)
    assert outcome.after.assignee == before.assignee


@pytest.mark.positive
def test_undoing_an_undo_brings_the_change_back(services):
    name = at(services, IN_PROGRESS)
    assert commands.undo(services, name).after.status is PENDING
    assert commands.undo(services, name).after.status is IN_PROGRESS


@pytest.mark.positive
def test_undoing_a_creation_deletes_and_undoing_that_restores(services):
    given(services, "Parser")
    assert commands.undo(services, "WORK-1").after.deleted
    assert not commands.undo(services, "WORK-1").after.deleted
    assert history(services, "WORK-1") == ["created", "deleted", "restored"]


@pytest.mark.negative
def test_undo_refuses_what_would_make_items_wait_for_each_other(services):
    given(services, "Lexer", "Parser")
    commands.depend(services, "WORK-1", ["WORK-2"])
    commands.stop_depending(services, "WORK-1", ["WORK-2"])
    commands.depend(services, "WORK-2", ["WORK-1"])
    with pytest.raises(CycleError):
        commands.undo(services, "WORK-1")
    assert history(services, "WORK-1") == ["created", "dependency_added", "dependency_removed"]


@pytest.mark.negative
def test_undo_refuses_to_hand_a_claim_back(services):
    given(services, "Parser")
    commands.claim(services, "WORK-1")
    commands.release(services, "WORK-1")
    with pytest.raises(CannotUndoError):
        commands.undo(services, "WORK-1")
