"""Importing: every item once, with all that the other tracker knew (ADR-018)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application import commands
from jerry_git.application.commands import STRUCTURE
from jerry_git.application.importing import ForeignComment, import_items
from tests.application.acting import board, given, history, internal, state, versions
from tests.application.fakes import InterleavingStore
from tests.application.foreign import ORIGIN, blocks, bring, foreign, notes

WRITTEN = datetime(2025, 1, 2, 3, 4, tzinfo=UTC)
STEPS = {
    WorkItemStatus.PENDING: [],
    WorkItemStatus.IN_PROGRESS: ["in_progress"],
    WorkItemStatus.BLOCKED: ["in_progress", "blocked"],
    WorkItemStatus.DONE: ["in_progress", "done"],
    WorkItemStatus.CANCELLED: ["cancelled"],
}


@pytest.mark.positive
def test_everything_the_other_tracker_knew_comes_along(services):
    item = foreign(
        "bd-1",
        title="Parser",
        work_type=WorkType.BUG,
        status=WorkItemStatus.DONE,
        priority=Priority.CRITICAL,
        description="It loops.",
        reason="fixed",
        labels=["ui", "urgent"],
        comments=[ForeignComment(author="grace", written_at=WRITTEN, text="Me too")],
        assignee="SwiftDeer",
        estimate=90,
        original={"created_at": "2025-01-01T00:00:00Z", "created_by": "grace"},
    )
    (added,) = bring(services, item).added
    here = state(services, "WORK-1")
    assert added == here
    assert (here.title, here.work_type, here.priority) == ("Parser", "bug", "critical")
    assert (here.status, here.reason, here.description) == ("done", "fixed", "It loops.")
    assert (here.labels, here.assignee, here.estimate) == ({"ui", "urgent"}, "SwiftDeer", 90)
    (said,) = here.comments
    assert (said.author, said.written_at, said.text) == ("grace", WRITTEN, "Me too")
    (origin,) = here.imported
    assert (origin.origin, origin.reference) == (ORIGIN, "bd-1")
    assert origin.original == {"created_at": "2025-01-01T00:00:00Z", "created_by": "grace"}
    assert here.created_by == "Ada <ada@example.org>"


@pytest.mark.positive
@pytest.mark.parametrize(("status", "steps"), STEPS.items())
def test_an_item_walks_to_its_status_by_legal_steps(services, status, steps):
    bring(services, foreign("bd-1", status=status, reason="why"))
    walked = [
        entry.event
        for entry in board(services).histories[internal(services, "WORK-1")]
        if "status" in entry.event.event_type
    ]
    assert [event.to_status for event in walked] == steps
    assert [event.reason for event in walked] == ["" for _ in steps[1:]] + (["why"] if steps else [])


@pytest.mark.positive
def test_a_tombstone_is_a_deleted_item(services):
    report = bring(services, foreign("bd-1", deleted="a duplicate"))
    assert state(services, "WORK-1").deleted
    assert dict(report.by_status) == {"deleted": 1}


@pytest.mark.positive
def test_each_item_is_one_batch_and_all_are_one_command(services):
    services.store = InterleavingStore(services.store)
    bring(services, foreign("bd-1", labels=["a"]), foreign("bd-2", dependencies=blocks("bd-1")))
    assert services.store.appends == 2
    commands_given = {entry.event.correlation_id for entries in board(services).histories.values() for entry in entries}
    assert len(commands_given) == 1


@pytest.mark.positive
def test_a_second_run_adds_nothing(services):
    items = [foreign("bd-1"), foreign("bd-2", status=WorkItemStatus.DONE)]
    bring(services, *items)
    written = history(services, "WORK-1"), history(services, "WORK-2")
    report = bring(services, *items)
    assert (report.added, report.known, report.notes) == ([], 2, [])
    assert (history(services, "WORK-1"), history(services, "WORK-2")) == written
    assert services.numbers.last == 2


@pytest.mark.positive
def test_a_later_run_adds_what_is_new_and_links_it_to_what_is_here(services):
    bring(services, foreign("bd-1", work_type=WorkType.STORY))
    report = bring(services, foreign("bd-1"), foreign("bd-2", parent="bd-1", dependencies=blocks("bd-1")))
    assert (len(report.added), report.known) == (1, 1)
    assert state(services, "WORK-2").parent == internal(services, "WORK-1")


@pytest.mark.positive
def test_another_tracker_may_use_the_same_id(services):
    bring(services, foreign("1"))
    assert len(import_items(services, "elsewhere", [foreign("1")]).added) == 1


@pytest.mark.positive
def test_what_was_deleted_here_does_not_come_back(services):
    bring(services, foreign("bd-1"))
    commands.delete(services, "WORK-1")
    assert bring(services, foreign("bd-1")).known == 1


@pytest.mark.positive
def test_numbers_follow_those_that_are_here(services):
    given(services, "Mine")
    report = bring(services, foreign("bd-1"), foreign("bd-2"))
    assert [item.display_id for item in report.added] == ["WORK-2", "WORK-3"]


@pytest.mark.positive
def test_a_dry_run_says_the_same_and_writes_nothing(services):
    items = [foreign("bd-1", work_type=WorkType.EPIC), foreign("bd-2", parent="bd-1", dependencies=blocks("bd-9"))]
    dry = bring(services, *items, dry_run=True)
    assert (dict(board(services).items), services.numbers.last) == ({}, 0)
    wet = bring(services, *items)
    assert [item.title for item in dry.added] == [item.title for item in wet.added]
    assert [item.display_id for item in dry.added] == [item.display_id for item in wet.added]
    assert (dry.by_status, notes(dry)) == (wet.by_status, notes(wet))


@pytest.mark.positive
def test_every_item_is_a_step_for_the_progress_bar(services):
    steps = []
    bring(services, foreign("bd-1"), foreign("bd-2"), step=lambda: steps.append(1))
    assert len(steps) == 2


@pytest.mark.positive
def test_the_whole_import_holds_the_lock_of_the_structure(services):
    bring(services, foreign("bd-1"))
    assert services.locks.taken == [STRUCTURE]


@pytest.mark.edge
def test_nothing_to_import_is_nothing_imported(services):
    report = bring(services)
    assert (report.added, report.known, report.notes, dict(report.by_status)) == ([], 0, [], {})


@pytest.mark.positive
def test_an_import_that_is_cut_off_is_finished_by_the_next_run(services):
    def stop():
        raise KeyboardInterrupt

    items = [foreign("bd-1", dependencies=blocks("bd-2")), foreign("bd-2")]
    with pytest.raises(KeyboardInterrupt):
        bring(services, *items, step=stop)
    assert [item.title for item in board(services).items.values()] == ["Title of bd-2"]  # targets come first
    report = bring(services, *items)
    assert (len(report.added), report.known, report.notes) == (1, 1, [])
    assert len(report.added[0].dependencies) == 1


@pytest.mark.negative
def test_an_item_that_cannot_be_is_passed_over_and_the_rest_come(services):
    report = bring(services, foreign("bd-1", title=""), foreign("bd-2", dependencies=blocks("bd-1")))
    assert [item.title for item in report.added] == ["Title of bd-2"]
    assert [note[:2] for note in notes(report)] == [(1, "bd-1"), (2, "bd-2")]
    assert notes(report)[0][2].startswith("passed over: title ''")
    assert notes(report)[1][2] == "blocks bd-1, which is not in the file: left out"


@pytest.mark.negative
@pytest.mark.parametrize(
    ("data", "word"),
    [
        pytest.param({"assignee": "x" * 300}, "assignee", id="an assignee as long as a novel"),
        pytest.param({"estimate": -5}, "estimate", id="an estimate below nothing"),
        pytest.param({"labels": ["good", "two words"]}, "label", id="a label with a blank"),
        pytest.param({"comments": [ForeignComment(author="", written_at=None, text=" ")]}, "comment", id="no words"),
        pytest.param({"status": WorkItemStatus.DONE, "reason": "\0"}, "reason", id="a reason that is no text"),
        pytest.param({"deleted": "\0"}, "reason", id="a reason for deleting that is no text"),
    ],
)
def test_what_the_domain_refuses_is_left_out_and_noted(services, data, word):
    report = bring(services, foreign("bd-1", **data))
    ((line, reference, message),) = notes(report)
    assert (line, reference) == (1, "bd-1")
    assert message.startswith(f"left out: {word}")
    assert state(services, "WORK-1").title == "Title of bd-1"
    assert versions(services, "WORK-1") == list(range(1, len(versions(services, "WORK-1")) + 1))


@pytest.mark.negative
def test_an_id_that_stands_twice_counts_once(services):
    report = bring(services, foreign("bd-1", title="First"), foreign("bd-1", title="Second"))
    assert [item.title for item in report.added] == ["First"]
    assert notes(report) == [(2, "bd-1", "its id stands on line 1 already; the first one counts")]
