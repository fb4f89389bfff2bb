"""Two boards compared: given the work at one moment, when something happens, then this is what differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application import commands
from jerry_git.application.board import Board
from jerry_git.application.comparing import Changelog, Kind, changelog, compare
from jerry_git.application.folding import load_board
from tests.application.acting import BLOCKED, CANCELLED, DONE, IN_PROGRESS, PENDING, at, board, given, internal
from tests.application.fakes import DamagedStore, Services, problem

Act = Callable[[Services, str], object]


def differences(services: Services, *acts: Callable[[], object]) -> dict[str, list[str]]:
    """The ways in which each item differs after the acts, by display id."""
    before = board(services)
    for act in acts:
        act()
    return {one.state.name: [*one.kinds] for one in compare(before, board(services)).differences}


def edits(services: Services, act: Callable[[], object]) -> list[tuple[str, str | None, str | None]]:
    """The edits of the one item that differs after an act."""
    before = board(services)
    act()
    (one,) = compare(before, board(services)).differences
    return [(edit.field, edit.before, edit.after) for edit in one.edits]


STEPS: dict[str, tuple[WorkItemStatus, list[Act], list[str]]] = {
    "a start moves": (PENDING, [commands.start], ["moved"]),
    "a block moves": (IN_PROGRESS, [commands.block], ["moved"]),
    "an end is told, not the steps to it": (PENDING, [commands.start, commands.complete], ["finished"]),
    "a cancellation": (BLOCKED, [commands.cancel], ["cancelled"]),
    "a reopening": (DONE, [commands.reopen], ["reopened"]),
    "reopened, then blocked": (DONE, [commands.reopen, commands.block], ["reopened"]),
    "reopened, then cancelled": (DONE, [commands.reopen, commands.cancel], ["cancelled"]),
    "reopened, then done again": (DONE, [commands.reopen, commands.complete], ["finished"]),
    "an end taken back, then done again": (DONE, [commands.undo, commands.complete], ["finished"]),
    "a cancellation taken back": (CANCELLED, [commands.undo], ["reopened"]),
    "a deletion": (PENDING, [commands.delete], ["deleted"]),
    "started, then deleted": (PENDING, [commands.start, commands.delete], ["deleted"]),
}


@pytest.mark.positive
@pytest.mark.parametrize(("status", "steps", "expected"), STEPS.values(), ids=list(STEPS))
def test_a_step_is_told_as(services: Services, status: WorkItemStatus, steps: list[Act], expected: list[str]) -> None:
    name = at(services, status)
    told = differences(services, *(lambda step=step: step(services, name) for step in steps))
    assert told == {name: expected}


@pytest.mark.positive
def test_a_new_item_is_told_with_what_became_of_it(services: Services) -> None:
    """Done already: it stands in both lists, for both are true."""
    told = differences(
        services, lambda: at(services, PENDING), lambda: at(services, DONE), lambda: at(services, CANCELLED)
    )
    assert told == {"WORK-1": ["new"], "WORK-2": ["new", "finished"], "WORK-3": ["new", "cancelled"]}


@pytest.mark.positive
def test_an_item_that_comes_back_is_restored(services: Services) -> None:
    name = at(services, PENDING)
    commands.delete(services, name)
    assert differences(services, lambda: commands.undo(services, name)) == {name: ["restored"]}


@pytest.mark.positive
def test_what_the_later_board_lacks_is_missing_and_not_deleted(services: Services) -> None:
    """A branch that was not merged says nothing about an item."""
    earlier = board(services)
    at(services, DONE)
    (one,) = compare(board(services), earlier).differences
    assert (one.kinds, one.after) == ((Kind.MISSING,), None)
    assert changelog(board(services), earlier) == Changelog((), (), ())


EDITS: dict[str, tuple[Act, list[tuple[str, str | None, str | None]]]] = {
    "title": (lambda on, name: commands.edit(on, name, title="Lexer"), [("title", "Parser", "Lexer")]),
    "type": (lambda on, name: commands.edit(on, name, work_type=WorkType.BUG), [("type", "task", "bug")]),
    "description": (lambda on, name: commands.edit(on, name, description="a\nb"), [("description", None, "a\nb")]),
    "priority": (lambda on, name: commands.prioritize(on, name, Priority.HIGH), [("priority", "medium", "high")]),
    "assignee": (lambda on, name: commands.assign(on, name, "Eve"), [("assignee", None, "Eve")]),
    "parent": (lambda on, name: commands.move_under(on, name, "WORK-1"), [("parent", None, "WORK-1")]),
    "due": (lambda on, name: commands.set_due(on, name, date(2026, 3, 9)), [("due", None, "2026-03-09")]),
    "estimate": (lambda on, name: commands.set_estimate(on, name, 90), [("estimate", None, "90 minutes")]),
    "labels": (lambda on, name: commands.label(on, name, add=["b", "a"]), [("labels", None, "a b")]),
    "comments": (lambda on, name: commands.comment(on, name, "Hello"), [("comments", None, "1")]),
    "dependencies": (
        lambda on, name: commands.depend(on, name, ["WORK-1"], DependencyKind.BLOCKS),
        [("dependencies", None, "waits for WORK-1")],
    ),
    "another dependency": (
        lambda on, name: commands.depend(on, name, ["WORK-1"], DependencyKind.RELATES_TO),
        [("dependencies", None, "relates-to WORK-1")],
    ),
    "quality": (
        lambda on, name: commands.measure(
            on, name, TestCoverage(percent=90.5), TestRatio(positive=3, negative=2, edge=1)
        ),
        [("coverage", None, "90.5 %"), ("tests", None, "3 positive, 2 negative, 1 edge")],
    ),
}


@pytest.mark.positive
@pytest.mark.parametrize(("act", "expected"), EDITS.values(), ids=list(EDITS))
def test_an_edit_is_told_by_field_from_old_to_new(
    services: Services, act: Act, expected: list[tuple[str, str | None, str | None]]
) -> None:
    given(services, "Epic", work_type=WorkType.EPIC)
    name = at(services, PENDING)
    assert edits(services, lambda: act(services, name)) == expected


@pytest.mark.positive
def test_what_was_cleared_is_told_as_nothing(services: Services) -> None:
    (epic,) = given(services, "Epic", work_type=WorkType.EPIC)
    (name,) = given(services, "Parser", parent=epic, estimate=60)
    assert edits(services, lambda: commands.move_under(services, name, None)) == [("parent", "WORK-1", None)]
    assert edits(services, lambda: commands.set_estimate(services, name, None)) == [("estimate", "60 minutes", None)]


@pytest.mark.positive
def test_edits_are_told_beside_a_step(services: Services) -> None:
    name = at(services, IN_PROGRESS)
    told = differences(
        services, lambda: commands.edit(services, name, title="Lexer"), lambda: commands.complete(services, name)
    )
    assert told == {name: ["finished", "edited"]}


@pytest.mark.positive
def test_an_item_that_is_renumbered_is_the_same_item(services: Services) -> None:
    """Its internal id says so; who refers to it was not edited."""
    names = given(services, "Parser", "Lexer")
    commands.depend(services, names[1], [names[0]], DependencyKind.BLOCKS)
    before = board(services)
    key = internal(services, names[0])
    renumbered = replace(before.items[key], display_id="WORK-9", aliases=("WORK-1",))
    (one,) = compare(before, replace(before, items={**before.items, key: renumbered})).differences
    assert (one.state.name, [(edit.field, edit.before, edit.after) for edit in one.edits]) == (
        "WORK-9",
        [("id", "WORK-1", "WORK-9")],
    )


@pytest.mark.edge
def test_nothing_differs_from_itself(services: Services) -> None:
    for status in WorkItemStatus:
        at(services, status)
    assert compare(board(services), board(services)).differences == ()
    assert compare(Board(), Board()).differences == ()


@pytest.mark.edge
def test_claims_are_no_change_of_the_work(services: Services) -> None:
    """A lease ends by itself."""
    name = at(services, PENDING)
    before = board(services)
    state = before.pick(name)
    commands.claim(services, name)
    after = board(services)
    unassigned = replace(after.pick(name), assignee=state.assignee)
    assert compare(before, replace(after, items={state.item_id: unassigned})).differences == ()


@pytest.mark.edge
def test_what_was_deleted_all_along_is_not_told(services: Services) -> None:
    """Nor what was made and deleted between the two, nor what is deleted there and missing here."""
    name = at(services, PENDING)
    empty = board(services)
    commands.delete(services, name)
    before = board(services)
    assert differences(services, lambda: commands.delete(services, at(services, PENDING))) == {}
    assert compare(before, Board()).differences == ()
    assert compare(Board(), before).differences == ()
    assert [one.kinds for one in compare(empty, before).differences] == [(Kind.DELETED,)]


@pytest.mark.edge
def test_a_reopening_that_was_taken_back_finishes_nothing(services: Services) -> None:
    """The item was done all the time."""
    name = at(services, DONE)
    told = differences(services, lambda: commands.reopen(services, name), lambda: commands.undo(services, name))
    assert told == {}


@pytest.mark.negative
def test_an_item_that_cannot_be_read_on_a_side_is_not_compared(services: Services) -> None:
    """It is neither new nor missing, and it hides no other."""
    given(services, "Parser", "Lexer")
    whole = board(services)
    key = internal(services, "WORK-1")
    damaged = load_board(DamagedStore(services.store, damaged={key: problem()}))
    commands.start(services, "WORK-2")
    for before, after in ((damaged, board(services)), (replace(whole, items={}), damaged)):
        found = compare(before, after)
        assert found.unreadable == (key,)
        assert [one.state.name for one in found.differences] == ["WORK-2"]


# --- changelog


def finished(services: Services, before: Board) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """The sections of the changelog: type, titles, titles below."""
    found = changelog(before, board(services))
    return [
        (work_type, [(entry.state.title, [below.title for below in entry.subtasks]) for entry in entries])
        for work_type, entries in found.sections()
    ]


@pytest.mark.positive
def test_finished_items_are_grouped_by_type_in_order(services: Services) -> None:
    before = board(services)
    for work_type in reversed(WorkType):
        at(services, DONE, work_type.value, work_type=work_type)
    at(services, IN_PROGRESS)
    order = ["epic", "story", "task", "bug", "spike", "subtask"]
    assert finished(services, before) == [(name, [(name, [])]) for name in order]


@pytest.mark.positive
def test_subtasks_stand_below_a_finished_parent(services: Services) -> None:
    """Others have a section of their own."""
    before = board(services)
    (host, open_host) = given(services, "Host", "Open host")
    for title, parent in (("One", host), ("Two", host), ("Apart", open_host)):
        at(services, DONE, title, work_type=WorkType.SUBTASK, parent=parent)
    commands.start(services, host)
    commands.complete(services, host)
    assert finished(services, before) == [("task", [("Host", ["One", "Two"])]), ("subtask", [("Apart", [])])]


@pytest.mark.positive
def test_what_was_done_before_is_not_finished_again_unless_it_was_reopened(services: Services) -> None:
    at(services, DONE, "Old")
    again = at(services, DONE, "Again")
    before = board(services)
    commands.reopen(services, again)
    commands.complete(services, again)
    assert finished(services, before) == [("task", [("Again", [])])]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("steps", "status"),
    [((commands.reopen,), IN_PROGRESS), ((commands.reopen, commands.cancel), CANCELLED), ((commands.delete,), DONE)],
    ids=["taken up", "given up", "deleted"],
)
def test_what_is_not_done_any_more_is_told(services: Services, steps: tuple[Act, ...], status: WorkItemStatus) -> None:
    name = at(services, DONE)
    before = board(services)
    for step in steps:
        step(services, name)
    found = changelog(before, board(services))
    assert found.finished == ()
    assert [(state.name, state.status) for state in found.reopened] == [(name, status)]


@pytest.mark.edge
def test_subtasks_below_each_other_are_all_told(services: Services) -> None:
    """No command makes such a circle, but a merge of two branches may."""
    before = board(services)
    names = [at(services, DONE, title, work_type=WorkType.SUBTASK) for title in ("One", "Two")]
    after = board(services)
    one, two = (after.pick(name) for name in names)
    circle = {one.item_id: replace(one, parent=two.item_id), two.item_id: replace(two, parent=one.item_id)}
    (section,) = changelog(before, replace(after, items=circle)).sections()
    assert [entry.state.title for entry in section[1]] == ["One", "Two"]


@pytest.mark.negative
def test_a_changelog_names_what_cannot_be_read(services: Services) -> None:
    at(services, DONE)
    key = internal(services, "WORK-1")
    damaged = load_board(DamagedStore(services.store, damaged={key: problem()}))
    assert changelog(Board(), damaged) == Changelog((), (), (key,))
