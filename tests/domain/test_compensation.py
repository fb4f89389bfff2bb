"""Undo: the last command is taken back by further events, and an undo can be undone."""

from __future__ import annotations

from datetime import UTC, datetime

import hypothesis
import pytest

from jerry_domain.errors import CannotUndoError, ItemDeletedError
from jerry_domain.events.work_item_events import (
    WORK_ITEM_EVENTS,
    AssigneeChanged,
    Claimed,
    ClaimReleased,
    CommentAdded,
    CommentRemoved,
    Created,
    Deleted,
    DependencyAdded,
    DetailsChanged,
    DisplayIdChanged,
    Imported,
    LabelsAdded,
    PriorityChanged,
    Reconciled,
    Restored,
)
from jerry_domain.services.compensation import last_command
from jerry_domain.value_objects.classification import Priority
from tests.domain.builders import (
    ALICE,
    CANCELLED,
    DONE,
    IN_PROGRESS,
    PENDING,
    beside,
    claimed,
    created,
    happened,
    moved,
    recorded,
    released,
)
from tests.domain.compensation_cases import LEANS, TABLE, corrected, together, undo
from tests.domain.given_when_then import Given, given, refused
from tests.domain.strategies import HISTORIES

BOOK_KEEPING = {"updated_at", "closed_at", "status_event", "previous_status", "reason"}
ROWS = [pytest.param(before, last, answer, id=words) for words, before, last, answer in TABLE]


@pytest.mark.positive
@pytest.mark.parametrize(("before", "last", "answer"), ROWS)
def test_undo_compensates(before, last, answer):
    outcome = undo(given(created(), *before, last)).then(answer)
    assert outcome.raised[0].causation_id == outcome.history[-1].event.event_id


@pytest.mark.positive
@pytest.mark.parametrize(("before", "last", "answer"), ROWS)
def test_undo_brings_back_what_was_there(before, last, answer):
    was = given(created(), *before).when(lambda item, at: None).item.state
    now = undo(given(created(), *before, last)).item.state
    lasting = BOOK_KEEPING | {"aliases", "comments"}
    if last.event_type == Claimed.event_type:
        lasting.add("claims")  # somebody else's is not handed back
    if not isinstance(last, CommentRemoved):
        assert now.comments == was.comments
    assert changed(was, now) <= lasting


def at(history):
    """The state that a history folds to."""
    return Given(history).when(lambda item, at: None).item.state


def changed(one, other):
    return {name for name in one.__slots__ if getattr(one, name) != getattr(other, name)}


@pytest.mark.positive
def test_the_table_has_a_row_for_every_event_that_can_be_undone_alone():
    assert {type(last) for _, _, last, _ in TABLE} == set(WORK_ITEM_EVENTS) - {
        Created,
        Imported,
        ClaimReleased,
        Reconciled,
    }


@pytest.mark.positive
@pytest.mark.parametrize(
    "last",
    [
        pytest.param(moved(PENDING, IN_PROGRESS), id="a step"),
        pytest.param(happened(DetailsChanged, title="New"), id="a title"),
        pytest.param(happened(DependencyAdded, **LEANS), id="a dependency"),
        pytest.param(happened(LabelsAdded, labels=("a",)), id="a label"),
        pytest.param(happened(Deleted), id="a deletion"),
    ],
)
def test_an_undo_is_undone_and_that_again(last):
    first = given(created(), last)
    done = first.when(lambda item, at: None).item.state
    undone = undo(first)
    redone = undo(undone)
    assert changed(done, redone.item.state) <= BOOK_KEEPING
    assert changed(undone.item.state, undo(redone).item.state) <= BOOK_KEEPING


@pytest.mark.positive
@hypothesis.given(HISTORIES)
def test_whatever_the_last_command_was_undo_brings_back_what_was_there_and_undo_again_what_is(history):
    now, last = Given(history), last_command(history)
    undone = undo(now)
    if undone.refusal is None and len(last) < len(history):
        before = at(history[: -len(last)])
        assert changed(before, undone.item.state) <= BOOK_KEEPING | {"aliases", "comments", "claims"}
        again = undo(undone)
        assert again.refusal or changed(at(history), again.item.state) <= BOOK_KEEPING | {
            "aliases",
            "comments",
            "claims",
        }


@pytest.mark.positive
def test_undoing_a_creation_deletes_the_item_and_undoing_that_restores_it():
    gone = undo(given(created()))
    gone.then(happened(Deleted, reason="undone"))
    undo(gone).then(happened(Restored, reason="undone"))


@pytest.mark.positive
def test_everything_that_one_command_did_is_undone_the_newest_first():
    command = together(claimed(ALICE), happened(AssigneeChanged, assignee=ALICE.actor), moved(PENDING, IN_PROGRESS))
    outcome = undo(given(created(), happened(PriorityChanged, priority=Priority.LOW), *command))
    outcome.then(
        corrected(IN_PROGRESS, PENDING, "event-5"), happened(AssigneeChanged, assignee=None), released(ALICE, "undone")
    )
    assert [event.causation_id for event in outcome.raised] == ["event-5", "event-4", "event-3"]


@pytest.mark.positive
def test_two_changes_of_one_field_in_one_command_are_undone_one_by_one():
    command = together(happened(DetailsChanged, title="Second"), happened(DetailsChanged, title="Third"))
    undo(given(created(title="First"), *command)).then(
        happened(DetailsChanged, title="Second"), happened(DetailsChanged, title="First")
    )


@pytest.mark.positive
def test_an_import_is_undone_together_with_its_creation():
    imported = happened(Imported, origin="beads", reference="bd-1", original={})
    history = together(created(), imported, happened(LabelsAdded, labels=("a",)))
    undo(given(*history)).then(happened(Deleted, reason="undone"))


@pytest.mark.positive
def test_closing_is_undone_and_the_claim_it_ended_stays_ended():
    history = together(moved(IN_PROGRESS, DONE), released(ALICE))
    undo(given(created(), moved(PENDING, IN_PROGRESS), claimed(ALICE), *history)).then(
        corrected(DONE, IN_PROGRESS, "event-4")
    )


@pytest.mark.positive
@pytest.mark.parametrize(
    ("history", "count"),
    [
        pytest.param((), 0, id="nothing of nothing"),
        pytest.param((created(), moved(PENDING, IN_PROGRESS)), 1, id="one event that names no command"),
        pytest.param((created(), *together(claimed(ALICE), released(ALICE))), 2, id="all events of the last command"),
        pytest.param(together(created(), claimed(ALICE)), 2, id="all events of the only command"),
        pytest.param((*together(created()), claimed(ALICE), *together(released(ALICE))), 1, id="only those at the end"),
    ],
)
def test_the_last_command_is(history, count):
    events = recorded(history)
    assert last_command(events[::-1]) == events[len(events) - count :]


@pytest.mark.negative
@pytest.mark.parametrize(
    ("history", "why"),
    [
        pytest.param((), "it has no history", id="nothing"),
        pytest.param((created(), claimed(ALICE), released(ALICE)), "take it anew with `jerry claim`", id="a release"),
        pytest.param(
            (created(), happened(Imported, origin="beads", reference="bd-1", original={})),
            "taken back by `jerry delete`",
            id="an import of an item that was there before",
        ),
        pytest.param(
            (created(), happened(CommentRemoved, comment="nowhere")), "no longer holds", id="what had no effect"
        ),
        pytest.param(
            together(created(), happened(Deleted)), "no longer holds", id="the creation of what was born deleted"
        ),
        pytest.param(
            (happened(DisplayIdChanged, display_id="WORK-2"),),
            "not in its history",
            id="a number before which there was none",
        ),
    ],
)
def test_undo_is_refused_for(history, why):
    outcome = undo(given(*history)).then(refused(CannotUndoError))
    assert why in outcome.refusal.reason


@pytest.mark.negative
def test_two_steps_of_one_command_are_not_undone_by_half():
    history = (created(), *together(moved(PENDING, IN_PROGRESS), moved(IN_PROGRESS, DONE)))
    outcome = undo(given(*history))
    assert outcome.refusal.reason == "one step back does not lead to pending"


@pytest.mark.edge
def test_a_step_is_not_undone_where_another_branch_moved_the_item_too():
    history = (
        beside("a", 1),
        beside("b", 2, "a", event=moved(PENDING, CANCELLED)),
        beside("c", 2, "a", event=moved(PENDING, IN_PROGRESS)),
    )
    assert undo(Given(history)).refusal.reason == "one step back does not lead to cancelled"


@pytest.mark.edge
def test_what_another_branch_deleted_takes_no_undo():
    history = (
        beside("a", 1),
        beside("b", 2, "a", event=happened(Deleted)),
        beside("c", 3, "a", event=happened(PriorityChanged, priority=Priority.LOW)),
    )
    undo(Given(history)).then(refused(ItemDeletedError))


@pytest.mark.positive
def test_an_old_comment_comes_back_with_its_author_and_its_moment():
    long_ago = datetime(2019, 5, 1, tzinfo=UTC)
    said = happened(CommentAdded, text="Hm.", author="Carol", written_at=long_ago)
    outcome = undo(given(created(), said, happened(CommentRemoved, comment="event-2")))
    (comment,) = outcome.item.state.comments
    assert (comment.author, comment.written_at, comment.text) == ("Carol", long_ago, "Hm.")
