"""Coming and going: creation, import, renumbering, deletion, and what a deleted item still takes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jerry_domain.aggregates.base import AggregateRoot
from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.errors import InvalidValueError, ItemDeletedError, ItemExistsError, ParentTypeError
from jerry_domain.events.work_item_events import Created, Deleted, DisplayIdChanged, Imported, Restored
from jerry_domain.services.divergence import Divergence
from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.status import WorkItemStatus
from tests.domain.builders import (
    ALICE,
    ITEM,
    NOON,
    OTHER,
    PENDING,
    STREAM,
    created,
    deleted,
    happened,
)
from tests.domain.given_when_then import given, refused

WORK_1, WORK_2 = DisplayId(prefix="WORK", number=1), DisplayId(prefix="WORK", number=2)
EPIC = ParentFacts(item_id=OTHER, work_type=WorkType.EPIC)
FOREIGN = happened(Imported, origin="beads", reference="bd-1", original={"status": "open"})

COMMANDS = {
    "record_import": lambda item, at: item.record_import(at, origin="beads", reference="bd-1", original={}),
    "renumber": lambda item, at: item.renumber(at, WORK_2),
    "start": lambda item, at: item.start(at),
    "block": lambda item, at: item.block(at),
    "unblock": lambda item, at: item.unblock(at),
    "reopen": lambda item, at: item.reopen(at),
    "cancel": lambda item, at: item.cancel(at),
    "complete": lambda item, at: item.complete(at),
    "move": lambda item, at: item.move(at, WorkItemStatus.PENDING),
    "correct_status": lambda item, at: item.correct_status(at),
    "claim": lambda item, at: item.claim(at, NOON + timedelta(hours=1)),
    "release": lambda item, at: item.release(at, force=True),
    "settle": lambda item, at: item.settle(at, Divergence(field="title", rivals=()), "Old"),
    "assign": lambda item, at: item.assign(at, "Carol"),
    "edit": lambda item, at: item.edit(at, title="New"),
    "prioritize": lambda item, at: item.prioritize(at, Priority.LOW),
    "add_labels": lambda item, at: item.add_labels(at, ["ui"]),
    "remove_labels": lambda item, at: item.remove_labels(at, ["ui"]),
    "comment": lambda item, at: item.comment(at, "Hm."),
    "remove_comment": lambda item, at: item.remove_comment(at, "event-1"),
    "set_due": lambda item, at: item.set_due(at, date(2026, 4, 1)),
    "set_estimate": lambda item, at: item.set_estimate(at, 5),
    "measure": lambda item, at: item.measure(at, None, None),
    "set_metrics": lambda item, at: item.set_metrics(at, None, None),
    "move_under": lambda item, at: item.move_under(at, EPIC),
    "depend_on": lambda item, at: item.depend_on(at, OTHER),
    "stop_depending_on": lambda item, at: item.stop_depending_on(at, OTHER),
}


@pytest.mark.positive
def test_an_item_is_created_with_what_is_said_of_it():
    outcome = given().when(
        lambda item, at: item.create(
            at,
            display_id=WORK_1,
            title=" Write it down ",
            work_type=WorkType.STORY,
            description="At length.\r\n",
            priority=Priority.HIGH,
            parent=EPIC,
        )
    )
    outcome.then(
        created(work_type=WorkType.STORY, description="At length.", priority=Priority.HIGH, parent=OTHER),
    )
    state = outcome.item.state
    assert (state.item_id, state.name, state.status, state.parent) == (ITEM, "WORK-1", PENDING, OTHER)
    assert (state.created_at, state.updated_at, state.created_by) == (NOON, NOON, ALICE.actor)
    assert outcome.item.stream == STREAM


@pytest.mark.positive
def test_an_item_is_a_task_of_medium_priority_unless_said_otherwise():
    given().when(lambda item, at: item.create(at, display_id=WORK_1, title="Write it down")).then(
        happened(Created, display_id="WORK-1", work_type=WorkType.TASK, title="Write it down")
    )


@pytest.mark.negative
@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        pytest.param({"title": ""}, refused(InvalidValueError, field="title"), id="no title"),
        pytest.param(
            {"title": "Fine", "description": "\ud800"},
            refused(InvalidValueError, field="description"),
            id="a description that is not Unicode",
        ),
        pytest.param(
            {"title": "Fine", "work_type": WorkType.SUBTASK, "parent": EPIC},
            refused(ParentTypeError, item_type=WorkType.SUBTASK, parent_type=WorkType.EPIC),
            id="a parent of the wrong type",
        ),
    ],
)
def test_an_item_that_is_not_right_is_not_created(data, refusal):
    given().when(lambda item, at: item.create(at, display_id=WORK_1, **data)).then(refusal)


@pytest.mark.negative
def test_an_item_is_created_only_once():
    given(created()).when(lambda item, at: item.create(at, display_id=WORK_2, title="Again")).then(
        refused(ItemExistsError, item="WORK-1")
    )


@pytest.mark.edge
def test_an_item_is_created_only_once_even_before_it_is_stored():
    def twice(item, at):
        item.create(at, display_id=WORK_1, title="Once")
        item.create(at, display_id=WORK_1, title="Twice")

    assert isinstance(given().when(twice).refusal, ItemExistsError)


@pytest.mark.positive
def test_an_import_notes_where_the_item_came_from():
    outcome = given(created()).when(
        lambda item, at: item.record_import(at, origin="beads", reference="bd-1", original={"status": "open"})
    )
    outcome.then(FOREIGN)
    (reference,) = outcome.item.state.imported
    assert (reference.origin, reference.reference, reference.original) == ("beads", "bd-1", {"status": "open"})


@pytest.mark.positive
def test_an_import_noted_before_changes_nothing_whatever_its_fields_say():
    given(created(), FOREIGN).when(
        lambda item, at: item.record_import(at, origin="beads", reference="bd-1", original={"status": "closed"})
    ).then_nothing()


@pytest.mark.positive
def test_the_same_reference_of_another_tracker_is_another_one():
    given(created(), FOREIGN).when(
        lambda item, at: item.record_import(at, origin="other", reference="bd-1", original={})
    ).then(happened(Imported, origin="other", reference="bd-1", original={}))


@pytest.mark.positive
def test_a_renumbered_item_keeps_its_old_number_as_an_alias():
    outcome = given(created()).when(lambda item, at: item.renumber(at, WORK_2))
    outcome.then(happened(DisplayIdChanged, display_id="WORK-2"))
    assert (outcome.item.state.name, outcome.item.state.aliases) == ("WORK-2", ("WORK-1",))
    back = outcome.when(lambda item, at: item.renumber(at, WORK_1))
    assert (back.item.state.name, back.item.state.aliases) == ("WORK-1", ("WORK-2",))


@pytest.mark.positive
def test_renumbering_to_the_number_it_has_changes_nothing():
    given(created()).when(lambda item, at: item.renumber(at, WORK_1)).then_nothing()


@pytest.mark.edge
def test_an_item_whose_creation_is_not_here_goes_by_its_internal_id_and_has_no_empty_alias():
    outcome = given(happened(DisplayIdChanged, display_id="WORK-2")).when(lambda item, at: item.start(at))
    assert (outcome.item.state.aliases, outcome.item.state.created_at) == ((), None)
    nameless = given(happened(Deleted)).when(lambda item, at: item.start(at))
    nameless.then(refused(ItemDeletedError, item=ITEM))


@pytest.mark.positive
def test_an_item_is_deleted_and_restored_by_events():
    gone = given(created()).when(lambda item, at: item.delete(at, "a slip\n"))
    gone.then(happened(Deleted, reason="a slip"))
    assert (gone.item.state.deleted, gone.item.state.is_open) == (True, False)
    back = gone.when(lambda item, at: item.restore(at, "it was none"))
    back.then(happened(Restored, reason="it was none"))
    assert back.item.state.is_open


@pytest.mark.positive
@pytest.mark.parametrize(
    ("history", "do"),
    [
        pytest.param(deleted(), lambda item, at: item.delete(at), id="deleting what is deleted"),
        pytest.param((created(),), lambda item, at: item.restore(at), id="restoring what is there"),
    ],
)
def test_what_holds_already_changes_nothing(history, do):
    given(*history).when(do).then_nothing()


@pytest.mark.negative
@pytest.mark.parametrize("do", [pytest.param(do, id=name) for name, do in COMMANDS.items()])
def test_a_deleted_item_refuses(do):
    given(*deleted()).when(do).then(refused(ItemDeletedError, item="WORK-1"))


@pytest.mark.negative
@pytest.mark.parametrize(
    ("history", "do"),
    [
        pytest.param((created(),), lambda item, at: item.delete(at, "\0"), id="deleting"),
        pytest.param(deleted(), lambda item, at: item.restore(at, "\0"), id="restoring"),
    ],
)
def test_a_reason_with_a_nul_is_refused_when(history, do):
    given(*history).when(do).then(refused(InvalidValueError, field="reason"))


OTHERWISE = {"category", "state", "load_from_state", "create", "delete", "restore", "record", "observe_claims"}
"""What is no command, and what a deleted item takes."""


@pytest.mark.positive
def test_the_table_of_commands_that_a_deleted_item_refuses_is_whole():
    public = {name for name in vars(WorkItem) if not name.startswith("_")} - set(vars(AggregateRoot))
    assert public - OTHERWISE == set(COMMANDS)
