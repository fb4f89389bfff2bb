"""The issues of beads, read whole: odd ones are noted, none is fatal, one bad line hides no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.folding import load_board
from jerry_git.application.importing import ForeignComment, import_items
from jerry_git.application.initializing import identity_for
from jerry_git.bootstrap import bootstrap
from jerry_git.infrastructure.adapters.beads import ORIGIN
from tests.infrastructure.issues import NEW
from tests.infrastructure.repositories import git


@pytest.mark.positive
def test_an_issue_with_just_id_and_title_is_an_open_task(issues):
    item, notes = issues.read_one()
    assert (item.line, item.reference, item.title, notes) == (1, "b-1", "A thing", [])
    assert (item.work_type, item.status, item.priority) == (WorkType.TASK, WorkItemStatus.PENDING, Priority.MEDIUM)
    assert (item.description, item.parent, list(item.dependencies), item.assignee, item.estimate, item.deleted) == (
        "", None, [], None, None, None,
    )  # fmt: skip


@pytest.mark.positive
def test_everything_an_issue_says_is_kept(issues):
    item, notes = issues.read_one(
        description="What",
        design="How",
        acceptance_criteria="When done",
        notes="By the way",
        status="closed",
        close_reason="shipped",
        priority=1,
        issue_type="feature",
        assignee="ada",
        estimated_minutes=90,
        labels=["ui", "two words", "a,b", " "],
        comments=[{"author": "grace", "text": "Nice", "created_at": "2025-01-02T03:04:05.678901+02:00", "id": 7}],
        created_at="2025-01-01T00:00:00Z",
        created_by="grace",
        metadata={"x": [1]},
        external_ref="",
    )
    assert notes == []
    assert (
        item.description == "What\n\n## Design\n\nHow\n\n## Acceptance criteria\n\nWhen done\n\n## Notes\n\nBy the way"
    )
    assert (item.status, item.reason, item.priority, item.work_type) == ("done", "shipped", "high", "story")
    assert (item.assignee, item.estimate, item.labels) == ("ada", 90, ["ui", "two-words", "a-b"])
    written = datetime(2025, 1, 2, 1, 4, 5, 678_000, tzinfo=UTC)
    assert item.comments == [ForeignComment(author="grace", written_at=written, text="Nice")]
    assert item.original == {
        "created_at": "2025-01-01T00:00:00Z",
        "created_by": "grace",
        "issue_type": "feature",
        "metadata": "{'x': [1]}",
        "priority": "1",
        "status": "closed",
    }


@pytest.mark.positive
@pytest.mark.parametrize(
    ("word", "status"),
    [("open", "pending"), ("deferred", "pending"), ("in_progress", "in_progress"), ("hooked", "in_progress"),
     ("blocked", "blocked"), ("closed", "done"), ("done", "done"), ("cancelled", "cancelled"),
     ("In-Progress", "in_progress"), (" OPEN ", "pending")],
)  # fmt: skip
def test_a_status_is_understood_in_any_spelling(issues, word, status):
    item, notes = issues.read_one(status=word)
    assert (item.status, notes) == (status, [])


@pytest.mark.positive
@pytest.mark.parametrize(
    ("word", "work_type"),
    [("epic", "epic"), ("feature", "story"), ("task", "task"), ("chore", "task"), ("Bug", "bug"), ("spike", "spike")],
)
def test_a_type_is_understood(issues, word, work_type):
    item, notes = issues.read_one(issue_type=word)
    assert (item.work_type, notes) == (work_type, [])


@pytest.mark.positive
@pytest.mark.parametrize(("number", "priority"), list(enumerate(["critical", "high", "medium", "low", "low", "low"])))
def test_a_priority_is_understood(issues, number, priority):
    assert issues.read_one(priority=number)[0].priority == priority


@pytest.mark.positive
def test_dependencies_and_the_parent_are_told_apart(issues):
    kinds = ["blocks", "related", "relates-to", "discovered-from", "duplicates", "parent-child"]
    item, notes = issues.read_one(dependencies=[{"depends_on_id": f"b-{kind}", "type": kind} for kind in kinds])
    assert item.parent == "b-parent-child"
    assert item.dependencies == [
        (DependencyKind.BLOCKS, "b-blocks"),
        (DependencyKind.RELATES_TO, "b-related"),
        (DependencyKind.RELATES_TO, "b-relates-to"),
        (DependencyKind.DISCOVERED_FROM, "b-discovered-from"),
        (DependencyKind.DUPLICATES, "b-duplicates"),
    ]
    assert notes == []


@pytest.mark.positive
@pytest.mark.parametrize(("reason", "deleted"), [("", "deleted in beads"), ("a duplicate", "a duplicate")])
def test_a_tombstone_is_a_deleted_item(issues, reason, deleted):
    item, notes = issues.read_one(status="tombstone", delete_reason=reason)
    assert (item.deleted, item.status, notes) == (deleted, WorkItemStatus.PENDING, [])


@pytest.mark.positive
def test_fields_that_are_null_say_nothing(issues):
    nothing = dict.fromkeys(
        ["description", "design", "status", "priority", "issue_type", "assignee", "labels", "dependencies", "comments",
         "close_reason", "estimated_minutes", "created_at"]
    )  # fmt: skip
    assert issues.read_one(**nothing) == issues.read_one()


@pytest.mark.positive
def test_empty_lines_are_passed_over_and_lines_are_counted(issues):
    items, notes = issues.read(b"", NEW, b"  ", {**NEW, "id": "b-2"})
    assert [(item.line, item.reference) for item in items] == [(2, "b-1"), (4, "b-2")]
    assert notes == []


@pytest.mark.positive
def test_a_tangled_file_is_taken_in_whole_and_the_second_time_adds_nothing(repository, issues):
    app = bootstrap(repository, {})
    app.folder.write_missing(identity_for("x", "WORK"))
    below = [{"depends_on_id": parent, "type": "parent-child"} for parent in ("b-1", "b-2", "b-3")]
    items, unread = issues.read(
        {**NEW, "id": "b-1", "issue_type": "epic", "dependencies": [below[2]]},
        {**NEW, "id": "b-2", "issue_type": "epic", "dependencies": [below[0]]},
        {**NEW, "id": "b-3", "issue_type": "epic", "dependencies": [below[1]]},
        {**NEW, "id": "b-4", "dependencies": [{"depends_on_id": "b-5"}, {"depends_on_id": "b-77"}]},
        {**NEW, "id": "b-5", "dependencies": [{"depends_on_id": "b-4"}]},
        {**NEW, "id": "b-5", "title": "Again"},
        {**NEW, "id": "b-6", "description": "x" * (1 << 20) + "y"},
        {**NEW, "id": "b-7", "dependencies": [{"depends_on_id": "b-6"}], "comments": [
            {"text": "Go's zero", "created_at": "0001-01-01T00:00:00Z"},
        ]},
    )  # fmt: skip
    assert unread == []
    report = import_items(app, ORIGIN, items)
    assert [state.imported[0].reference for state in report.added] == ["b-2", "b-3", "b-1", "b-4", "b-5", "b-7"]
    noted = {(note.line, note.reference) for note in report.notes}
    assert noted >= {(4, "b-4"), (6, "b-5"), (7, "b-6"), (8, "b-7")}
    assert not load_board(app.store).broken
    again = bootstrap(repository, {})
    assert [scan.problems for scan in again.store.scan("work_item")] == [()] * 6
    second = import_items(again, ORIGIN, [item for item in items if item.reference != "b-6"])
    assert (second.added, second.known) == ([], 7)
    app.staging.flush()
    assert git(repository, "status", "--porcelain", "--", ".jerry/events").count("A  .jerry/events/") == 6
