"""What users ask of the board: lists, what is ready, the state at a glance, and the log."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_git.application import commands, queries
from jerry_git.application.queries import Filter
from tests.application.acting import BLOCKED, CANCELLED, DONE, IN_PROGRESS, PENDING, at, board, given, internal, names
from tests.application.fakes import NOON


@pytest.fixture
def work(services):
    """Six items, each of another make; the sixth is deleted."""
    at(services, IN_PROGRESS, "Epic", work_type=WorkType.EPIC, assignee="Grace Hopper <grace@example.org>")
    at(services, PENDING, "story", work_type=WorkType.STORY, parent="WORK-1", labels=["ui", "slow"])
    at(services, BLOCKED, "Bug", work_type=WorkType.BUG, priority=Priority.CRITICAL, labels=["ui"])
    at(services, DONE, "task", due=date(2026, 3, 1))
    at(services, CANCELLED, "Spike", work_type=WorkType.SPIKE, priority=Priority.LOW)
    given(services, "Gone", due=date(2026, 3, 3))
    commands.delete(services, "WORK-6")
    return services


CASES = {
    "nothing asked: the open ones": (Filter(), "1 2 3"),
    "closed ones too": (Filter(closed=True), "1 2 3 4 5"),
    "deleted ones too": (Filter(deleted=True), "1 2 3 6"),
    "everything": (Filter(closed=True, deleted=True), "1 2 3 4 5 6"),
    "a status": (Filter(statuses=[BLOCKED]), "3"),
    "two statuses, a closed one among them": (Filter(statuses=[PENDING, DONE]), "2 4"),
    "a closed status with closed ones not asked for": (Filter(statuses=[CANCELLED]), "5"),
    "a type": (Filter(types=[WorkType.BUG]), "3"),
    "two types": (Filter(types=[WorkType.BUG, WorkType.EPIC]), "1 3"),
    "a priority": (Filter(priorities=[Priority.CRITICAL, Priority.LOW], closed=True), "3 5"),
    "a label": (Filter(labels=["ui"]), "2 3"),
    "all of two labels": (Filter(labels=["ui", "slow"]), "2"),
    "an assignee by part of the name in any case": (Filter(assignee="hopper"), "1"),
    "nobody's": (Filter(assignee="none"), "2 3"),
    "a parent": (Filter(parent="epic"), "2"),
    "due on a day or before": (Filter(due_by=date(2026, 3, 1), closed=True), "4"),
    "due before any is": (Filter(due_by=date(2026, 2, 28), closed=True, deleted=True), ""),
    "claimed now": (Filter(claimed_at=NOON), "2"),
    "claimed when every lease has run out": (Filter(claimed_at=NOON + timedelta(hours=2)), ""),
    "all conditions at once": (Filter(labels=["ui"], types=[WorkType.STORY], assignee="ada", claimed_at=NOON), "2"),
    "conditions that no item meets together": (Filter(labels=["slow"], types=[WorkType.BUG]), ""),
}


@pytest.mark.positive
@pytest.mark.parametrize(("wanted", "expected"), CASES.values(), ids=CASES)
def test_a_list_has_the_items_that_meet_every_condition(work, wanted, expected):
    if wanted.claimed_at or wanted.assignee == "ada":
        commands.claim(work, "WORK-2")
    if wanted.parent:
        wanted = Filter(parent=internal(work, "WORK-1"))
    found = queries.select(board(work), wanted, "created")
    assert names(found) == [f"WORK-{number}" for number in expected.split()]


SORTED = {
    "priority": "3 1 2 4 6 5",
    "created": "1 2 3 4 5 6",
    "updated": "2 3 4 5 6 1",
    "due": "4 6 3 1 2 5",
    "status": "2 6 1 3 4 5",
    "title": "3 1 6 5 2 4",
}


@pytest.mark.positive
@pytest.mark.parametrize("sort", queries.SORT_KEYS)
def test_a_list_is_sorted_as_asked(work, sort):
    work.clock.advance(minutes=1)
    commands.comment(work, "WORK-1", "the newest word")
    found = queries.select(board(work), Filter(closed=True, deleted=True), sort)
    assert names(found) == [f"WORK-{number}" for number in SORTED[sort].split()]


@pytest.mark.positive
def test_every_sort_order_is_tested():
    assert set(SORTED) == set(queries.SORT_KEYS)


@pytest.mark.negative
def test_an_unknown_sort_order_is_an_error(work):
    with pytest.raises(KeyError):
        queries.select(board(work), Filter(), "colour")


@pytest.mark.positive
def test_ready_is_what_the_worker_can_start(services):
    given(services, "Lexer", "Mine", "Theirs")
    given(services, "Parser", depends_on=["WORK-1"], priority=Priority.CRITICAL)
    commands.claim(services, "WORK-2")
    commands.claim(services.of("Grace"), "WORK-3")
    assert names(queries.ready(services, board(services))) == ["WORK-1", "WORK-2"]


@pytest.mark.edge
def test_who_the_worker_is_is_asked_only_when_something_is_claimed(services):
    given(services, "Parser")
    asked = services.worker.asked
    queries.ready(services, board(services))
    assert services.worker.asked == asked
    commands.claim(services.of("Grace"), "WORK-1")
    queries.ready(services, board(services))
    assert services.worker.asked == asked + 1


@pytest.mark.positive
def test_the_summary_counts_and_leaves_deleted_items_out(work):
    commands.claim(work, "WORK-2")
    commands.set_due(work, "WORK-3", date(2026, 3, 1))
    commands.set_due(work, "WORK-1", date(2026, 3, 2))
    summary = queries.summarize(work, board(work))
    assert summary.total == 5
    assert dict(summary.by_status) == {PENDING: 1, IN_PROGRESS: 1, BLOCKED: 1, DONE: 1, CANCELLED: 1}
    assert sum(summary.by_type.values()) == 5
    assert summary.by_type[WorkType.SUBTASK] == 0
    assert summary.ready == 1
    assert names(summary.claimed) == ["WORK-2"]
    assert names(summary.overdue) == ["WORK-3"]  # due today is not overdue, and what is done cannot be


@pytest.mark.edge
def test_the_summary_of_nothing_is_all_noughts(services):
    summary = queries.summarize(services, board(services))
    assert (summary.total, summary.ready, summary.claimed, summary.overdue) == (0, 0, (), ())
    assert set(summary.by_status.values()) == {0}


@pytest.mark.positive
def test_the_log_has_the_newest_first_with_the_state_before_and_after(services):
    given(services, "Parser", labels=["old"])
    services.clock.advance(minutes=1)
    commands.start(services, "WORK-1")
    entries = queries.log(board(services), [internal(services, "WORK-1")])
    assert [entry.recorded.event.event_type.split(".")[-2] for entry in entries] == [
        "status_changed",
        "labels_added",
        "created",
    ]
    assert [(entry.before.status, entry.after.status) for entry in entries[:1]] == [(PENDING, IN_PROGRESS)]
    assert (entries[-1].before.title, entries[-1].after.title) == ("", "Parser")


@pytest.mark.positive
def test_the_log_of_several_items_is_one_history(services):
    given(services, "Lexer")
    services.clock.advance(minutes=1)
    given(services, "Parser")
    services.clock.advance(minutes=1)
    commands.start(services, "WORK-1")
    entries = queries.log(board(services), list(board(services).items))
    assert [entry.after.display_id for entry in entries] == ["WORK-1", "WORK-2", "WORK-1"]


@pytest.mark.negative
def test_the_log_of_an_item_that_is_not_there_is_an_error(services):
    with pytest.raises(KeyError):
        queries.log(board(services), ["0000000000001"])
