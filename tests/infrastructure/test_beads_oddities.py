"""Odd issues of beads are noted and taken as well as can be; a line that is none is passed over, and hides no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jerry_domain.value_objects.classification import DependencyKind, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.infrastructure.adapters.beads import read_beads
from jerry_git.testing.store_case import rows
from tests.infrastructure.issues import NEW

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
def test_what_is_odd_is_noted_and_taken_as_well_as_it_can_be(issues, fields, expected, words):
    item, notes = issues.read_one(**fields)
    assert {name: getattr(item, name) for name in expected} == expected
    assert notes == words


@pytest.mark.edge
def test_a_title_of_200_characters_or_with_a_joined_emoji_stays_as_it_is(issues):
    for title in ("x" * 200, "a family: 👩\u200d👧"):
        assert (issues.read_one(title=title)[0].title, issues.read_one(title=title)[1]) == (title, [])


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
def test_the_time_of_a_comment_is_in_utc_or_unknown(issues, written, understood):
    item, _ = issues.read_one(comments=[{"text": "x", "created_at": written}])
    assert item.comments[0].written_at == understood


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
def test_a_line_that_is_no_issue_is_noted_and_hides_no_other(issues, line, words):
    items, (note,) = issues.read({**NEW, "id": "b-8"}, line, {**NEW, "id": "b-9"})
    assert [item.reference for item in items] == ["b-8", "b-9"]
    assert (note.line, note.reference) == (2, "")
    assert note.message.startswith(f"passed over: {words}")


@pytest.mark.negative
def test_everything_wrong_with_a_line_is_named(issues):
    _, (note,) = issues.read({"id": "", "priority": -1})
    assert [part.split(":")[0].removeprefix("passed over").strip() for part in note.message.split("; ")] == [
        "", "title", "priority",
    ]  # fmt: skip


@pytest.mark.negative
def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_beads(tmp_path / "nothing.jsonl")
