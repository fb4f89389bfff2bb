"""The issues of beads, read whole: odd ones are noted, none is fatal, one bad line hides no other."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.board import load_board
from jerry_git.application.importing import ForeignComment, import_items
from jerry_git.application.initializing import identity_for
from jerry_git.bootstrap import bootstrap
from jerry_git.infrastructure.adapters.beads import ORIGIN, read_beads
from jerry_git.testing.store_case import rows
from tests.infrastructure.repositories import git

NEW = {"id": "b-1", "title": "A thing"}


@pytest.fixture
def read(tmp_path):
    """What is read of issues, or of raw lines: items and notes."""

    def read_lines(*lines):
        path = tmp_path / "issues.jsonl"
        raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        path.write_bytes(b"\n".join(raw) + b"\n")
        return read_beads(path)

    return read_lines


@pytest.fixture
def read_one(read):
    """The item of one issue with these fields, and the words of the notes on it."""

    def read_fields(**fields):
        items, notes = read({**NEW, **fields})
        assert {note.reference for note in notes} <= {"b-1"}
        return items[0], [note.message for note in notes]

    return read_fields


@pytest.mark.positive
def test_an_issue_with_just_id_and_title_is_an_open_task(read_one):
    item, notes = read_one()
    assert (item.line, item.reference, item.title, notes) == (1, "b-1", "A thing", [])
    assert (item.work_type, item.status, item.priority) == (WorkType.TASK, WorkItemStatus.PENDING, Priority.MEDIUM)
    assert (item.description, item.parent, list(item.dependencies), item.assignee, item.estimate, item.deleted) == (
        "", None, [], None, None, None,
    )  # fmt: skip


@pytest.mark.positive
def test_everything_an_issue_says_is_kept(read_one):
    item, notes = read_one(
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
def test_a_status_is_understood_in_any_spelling(read_one, word, status):
    item, notes = read_one(status=word)
    assert (item.status, notes) == (status, [])


@pytest.mark.positive
@pytest.mark.parametrize(
    ("word", "work_type"),
    [("epic", "epic"), ("feature", "story"), ("task", "task"), ("chore", "task"), ("Bug", "bug"), ("spike", "spike")],
)
def test_a_type_is_understood(read_one, word, work_type):
    item, notes = read_one(issue_type=word)
    assert (item.work_type, notes) == (work_type, [])


@pytest.mark.positive
@pytest.mark.parametrize(("number", "priority"), list(enumerate(["critical", "high", "medium", "low", "low", "low"])))
def test_a_priority_is_understood(read_one, number, priority):
    assert read_one(priority=number)[0].priority == priority


@pytest.mark.positive
def test_dependencies_and_the_parent_are_told_apart(read_one):
    kinds = ["blocks", "related", "relates-to", "discovered-from", "duplicates", "parent-child"]
    item, notes = read_one(dependencies=[{"depends_on_id": f"b-{kind}", "type": kind} for kind in kinds])
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
def test_a_tombstone_is_a_deleted_item(read_one, reason, deleted):
    item, notes = read_one(status="tombstone", delete_reason=reason)
    assert (item.deleted, item.status, notes) == (deleted, WorkItemStatus.PENDING, [])


@pytest.mark.positive
def test_fields_that_are_null_say_nothing(read_one):
    nothing = dict.fromkeys(
        ["description", "design", "status", "priority", "issue_type", "assignee", "labels", "dependencies", "comments",
         "close_reason", "estimated_minutes", "created_at"]
    )  # fmt: skip
    assert read_one(**nothing) == read_one()


ODD = {
    "an unknown status": (
        {"status": "pinned"},
        {"status": WorkItemStatus.PENDING},
        ["status 'pinned' is not known here; taken as pending"],
    ),
    "an unknown type": (
        {"issue_type": "saga"},
        {"work_type": WorkType.TASK},
        ["type 'saga' is not known here; taken as task"],
    ),
    "an odd spelling of a dependency": (
        {"dependencies": [{"depends_on_id": "b-2", "type": "Discovered_From"}]},
        {"dependencies": [(DependencyKind.DISCOVERED_FROM, "b-2")]},
        ["dependency type 'Discovered_From' read as 'discovered-from'"],
    ),
    "an unknown dependency": (
        {"dependencies": [{"depends_on_id": "b-2", "type": "haunts"}]},
        {"dependencies": [(DependencyKind.RELATES_TO, "b-2")]},
        ["dependency type 'haunts' is not known here; taken as relates-to"],
    ),
    "two parents": (
        {"dependencies": [{"depends_on_id": f"b-{number}", "type": "parent-child"} for number in (2, 3)]},
        {"parent": "b-2", "dependencies": [(DependencyKind.RELATES_TO, "b-3")]},
        ["has more than one parent; b-3 becomes relates-to"],
    ),
    "a title of several lines": (
        {"title": "one\n two\tthree\x07"},
        {"title": "one two three"},
        ["title written as 'one two three'"],
    ),
    "a title that is too long": (
        {"title": "x" * 201},
        {"title": "x" * 199 + "…"},
        [f"title written as {'x' * 199 + '…'!r}"],
    ),
    "no visible title": ({"title": " \n"}, {"title": "b-1"}, ["title written as 'b-1'"]),
    "NUL characters": (
        {"description": "a\0b", "labels": ["c\0"]},
        {"description": "ab", "labels": ["c"]},
        ["NUL characters left out"],
    ),
}


@pytest.mark.edge
@pytest.mark.parametrize(("fields", "expected", "words"), rows(ODD))
def test_what_is_odd_is_noted_and_taken_as_well_as_it_can_be(read_one, fields, expected, words):
    item, notes = read_one(**fields)
    assert {name: getattr(item, name) for name in expected} == expected
    assert notes == words


@pytest.mark.edge
def test_a_title_of_200_characters_or_with_a_joined_emoji_stays_as_it_is(read_one):
    for title in ("x" * 200, "a family: 👩\u200d👧"):
        assert (read_one(title=title)[0].title, read_one(title=title)[1]) == (title, [])


@pytest.mark.edge
@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("2025-01-02T03:04:05", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-05:00", None),
        (None, None),
    ],
)
def test_the_time_of_a_comment_is_in_utc_or_unknown(read_one, written, understood):
    item, _ = read_one(comments=[{"text": "x", "created_at": written}])
    assert item.comments[0].written_at == understood


@pytest.mark.positive
def test_empty_lines_are_passed_over_and_lines_are_counted(read):
    items, notes = read(b"", NEW, b"  ", {**NEW, "id": "b-2"})
    assert [(item.line, item.reference) for item in items] == [(2, "b-1"), (4, "b-2")]
    assert notes == []


BAD_LINES = {
    "cut off": (b'{"id": "b-1", "ti', "not JSON: "),
    "not UTF-8": (b'{"id": "\xff", "title": "x"}', "not JSON: "),
    "half a character": (b'{"id": "b-1", "title": "\\ud83e"}', "not JSON: "),
    "nested too deeply": (b"[" * 10_000, "not JSON: "),
    "a list": (b"[]", "the line: "),
    "a conflict marker of a merge": (b"<<<<<<< HEAD", "not JSON: "),
    "no id": (b'{"title": "x"}', "id: Field required"),
    "an empty id": (b'{"id": "", "title": "x"}', "id: String should have at least 1 character"),
    "no title": (b'{"id": "b-1"}', "title: Field required"),
    "a negative priority": (b'{"id": "b-1", "title": "x", "priority": -1}', "priority: "),
    "labels that are a text": (b'{"id": "b-1", "title": "x", "labels": "ui"}', "labels: "),
    "a dependency on nothing": (b'{"id": "b-1", "title": "x", "dependencies": [{}]}', "dependencies.0.depends_on_id: "),
    "a comment of an impossible time": (
        b'{"id": "b-1", "title": "x", "comments": [{"created_at": "noon"}]}',
        "comments.0.created_at: ",
    ),
}


@pytest.mark.negative
@pytest.mark.parametrize(("line", "words"), rows(BAD_LINES))
def test_a_line_that_is_no_issue_is_noted_and_hides_no_other(read, line, words):
    items, (note,) = read({**NEW, "id": "b-8"}, line, {**NEW, "id": "b-9"})
    assert [item.reference for item in items] == ["b-8", "b-9"]
    assert (note.line, note.reference) == (2, "")
    assert note.message.startswith(f"passed over: {words}")


@pytest.mark.negative
def test_everything_wrong_with_a_line_is_named(read):
    _, (note,) = read({"id": "", "priority": -1})
    assert [part.split(":")[0].removeprefix("passed over").strip() for part in note.message.split("; ")] == [
        "", "title", "priority",
    ]  # fmt: skip


@pytest.mark.negative
def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_beads(tmp_path / "nothing.jsonl")


@pytest.mark.positive
def test_a_tangled_file_is_taken_in_whole_and_the_second_time_adds_nothing(repository, read):
    app = bootstrap(repository, {})
    app.folder.write_missing(identity_for("x", "WORK"))
    below = [{"depends_on_id": parent, "type": "parent-child"} for parent in ("b-1", "b-2", "b-3")]
    items, unread = read(
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
