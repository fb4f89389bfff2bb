"""How items stand to each other: parents, dependencies, and numbers that two clones gave twice."""

from __future__ import annotations

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.errors import CycleError, InvalidValueError, ItemDeletedError, ParentTypeError
from jerry_domain.value_objects.classification import DependencyKind, WorkType
from jerry_domain.value_objects.work_item_id import WorkItemId
from jerry_git.application import commands
from jerry_git.application.board import duplicates
from jerry_git.application.commands.handling import change
from jerry_git.application.errors import AmbiguousItemError, ItemNotFoundError
from tests.application.acting import IN_PROGRESS, at, board, events_of, given, history, internal, names, state, twin

NOWHERE = str(WorkItemId.compose(1, 1))
"""The internal id of an item that is not here."""


@pytest.fixture
def three(services):
    """WORK-1, an epic; WORK-2, a story; WORK-3, a task."""
    for work_type in (WorkType.EPIC, WorkType.STORY, WorkType.TASK):
        given(services, str(work_type), work_type=work_type)
    return services


@pytest.mark.positive
def test_an_item_moves_under_a_parent_and_to_the_top_again(three):
    assert events_of(commands.move_under(three, "WORK-3", "WORK-2")) == ["parent_changed"]
    assert state(three, "WORK-3").parent == internal(three, "WORK-2")
    assert commands.move_under(three, "WORK-3", None).after.parent is None


@pytest.mark.positive
def test_moving_away_from_a_parent_that_waits_sets_free(three):
    commands.depend(three, "WORK-2", ["WORK-1"])
    commands.move_under(three, "WORK-3", "WORK-2")
    assert names(commands.move_under(three, "WORK-3", None).unblocked) == ["WORK-3"]


@pytest.mark.positive
def test_a_parent_that_is_the_parent_already_writes_nothing(three):
    commands.move_under(three, "WORK-3", "WORK-1")
    assert not commands.move_under(three, "WORK-3", "WORK-1").changed


@pytest.mark.negative
@pytest.mark.parametrize(
    ("item", "parent", "error"),
    [
        pytest.param("WORK-1", "WORK-2", ParentTypeError, id="an epic under a story"),
        pytest.param("WORK-1", "WORK-1", InvalidValueError, id="an epic under itself"),
        pytest.param("WORK-2", "WORK-9", ItemNotFoundError, id="a story under nothing that is here"),
        pytest.param("WORK-9", "WORK-1", ItemNotFoundError, id="nothing that is here under an epic"),
        pytest.param("WORK-2", "WORK-4", ItemDeletedError, id="a story under a deleted epic"),
    ],
)
def test_a_place_that_does_not_fit_is_refused(three, item, parent, error):
    given(three, "Gone", work_type=WorkType.EPIC)
    commands.delete(three, "WORK-4")
    with pytest.raises(error):
        commands.move_under(three, item, parent)


@pytest.mark.negative
def test_an_epic_below_itself_is_refused(services):
    given(services, "Top", work_type=WorkType.EPIC)
    given(services, "Middle", work_type=WorkType.EPIC, parent="WORK-1")
    given(services, "Bottom", work_type=WorkType.EPIC, parent="WORK-2")
    with pytest.raises(InvalidValueError, match="below itself"):
        commands.move_under(services, "WORK-1", "WORK-3")
    assert history(services, "WORK-1") == ["created"]


@pytest.mark.positive
def test_several_targets_are_one_command(services):
    given(services, "Lexer", "Parser", "Report")
    outcome = commands.depend(services, "WORK-3", ["WORK-1", "WORK-2"])
    assert events_of(outcome) == ["dependency_added", "dependency_added"]
    assert len({event.correlation_id for event in outcome.events}) == 1
    assert commands.stop_depending(services, "WORK-3", ["WORK-1", "WORK-2"]).after.dependencies == frozenset()


@pytest.mark.positive
def test_removing_the_last_blocker_sets_free(services):
    given(services, "Lexer", "Parser", "Report")
    commands.depend(services, "WORK-3", ["WORK-1", "WORK-2"])
    assert names(commands.stop_depending(services, "WORK-3", ["WORK-1"]).unblocked) == []
    assert names(commands.stop_depending(services, "WORK-3", ["WORK-2"]).unblocked) == ["WORK-3"]


@pytest.mark.positive
@pytest.mark.parametrize("kind", DependencyKind)
def test_each_kind_of_dependency_is_put_up_and_taken_down_for_itself(services, kind):
    given(services, "Lexer", "Parser")
    for other in DependencyKind:
        commands.depend(services, "WORK-1", ["WORK-2"], other)
    left = commands.stop_depending(services, "WORK-1", ["WORK-2"], kind).after.dependencies
    assert {dependency.kind for dependency in left} == set(DependencyKind) - {kind}


@pytest.mark.positive
def test_a_dependency_that_stands_is_not_written_again(services):
    given(services, "Lexer", "Parser")
    commands.depend(services, "WORK-2", ["WORK-1"])
    assert not commands.depend(services, "WORK-2", ["WORK-1", "WORK-1"]).changed


@pytest.mark.edge
def test_a_dependency_on_an_item_that_is_not_here_can_be_removed_by_its_internal_id(services):
    given(services, "Parser")
    change(services, internal(services, "WORK-1"), lambda item, stamp: item.depend_on(stamp, NOWHERE))
    assert commands.stop_depending(services, "WORK-1", [NOWHERE]).after.dependencies == frozenset()


@pytest.mark.negative
def test_items_cannot_wait_for_each_other(services):
    given(services, "a", "b", "c")
    commands.depend(services, "WORK-2", ["WORK-1"])
    commands.depend(services, "WORK-3", ["WORK-2"])
    with pytest.raises(CycleError) as refusal:
        commands.depend(services, "WORK-1", ["WORK-3"])
    assert set(refusal.value.path) == {"WORK-1", "WORK-2", "WORK-3"}
    assert history(services, "WORK-1") == ["created"]


@pytest.mark.negative
@pytest.mark.parametrize(
    ("targets", "error"),
    [
        pytest.param(["WORK-1"], InvalidValueError, id="itself"),
        pytest.param(["WORK-3"], ItemDeletedError, id="a deleted item"),
        pytest.param(["WORK-2", "WORK-9"], ItemNotFoundError, id="one that is there and one that is not"),
    ],
)
def test_a_target_that_cannot_be_waited_for_is_refused_and_nothing_is_written(services, targets, error):
    given(services, "Lexer", "Parser", "Gone")
    commands.delete(services, "WORK-3")
    with pytest.raises(error):
        commands.depend(services, "WORK-1", targets)
    assert history(services, "WORK-1") == ["created"]


@pytest.mark.edge
def test_an_old_ring_of_others_does_not_forbid_a_new_dependency(services):
    given(services, "a", "b", "c")
    ids = [internal(services, name) for name in ("WORK-1", "WORK-2")]
    for source, target in (ids, ids[::-1]):  # as a merge of two branches brings it
        change(services, source, lambda item, stamp, target=target: item.depend_on(stamp, target))
    assert commands.depend(services, "WORK-3", ["WORK-1"]).changed


@pytest.mark.positive
def test_the_younger_of_twins_is_renumbered_and_keeps_its_old_number_as_an_alias(services):
    given(services, "Older", "Other")
    younger = twin(services, "WORK-1", "Younger")
    (outcome,) = commands.renumber_duplicates(services)
    assert (outcome.before.display_id, outcome.after.display_id) == ("WORK-1", "WORK-3")
    assert (outcome.after.item_id, outcome.after.aliases) == (younger, ("WORK-1",))
    assert commands.renumber_duplicates(services) == ()


@pytest.mark.positive
def test_of_triplets_each_gets_a_number_of_its_own(services):
    given(services, "Older")
    for title in ("Second", "Third"):
        twin(services, "WORK-1", title)
    assert [outcome.after.display_id for outcome in commands.renumber_duplicates(services)] == ["WORK-2", "WORK-3"]


@pytest.mark.edge
def test_a_deleted_twin_is_left_in_peace(services):
    given(services, "Older")
    item_id = twin(services, "WORK-1")
    commands.delete(services, item_id)
    assert duplicates(board(services)) == ()


@pytest.mark.negative
def test_twins_are_told_apart_before_they_are_changed(services):
    at(services, IN_PROGRESS)
    twin(services, "WORK-1")
    with pytest.raises(AmbiguousItemError):
        commands.complete(services, "WORK-1")


@pytest.mark.edge
def test_no_two_streams_are_mixed_up(services):
    given(services, "a", "b")
    commands.start(services, "WORK-2")
    streams = [scan.stream for scan in services.store.scan(WorkItem.category)]
    assert [services.store.get_version(stream) for stream in streams] == [1, 2]
