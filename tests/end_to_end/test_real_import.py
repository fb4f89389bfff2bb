"""A real project's tracker comes in whole (tests/data)."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import ROOT, Place, place

STATUSES = {"closed": "done", "open": "pending", "in_progress": "in_progress"}
PRIORITIES = ["critical", "high", "medium", "low", "low"]
TYPES = {"feature": "story", "chore": "task"}


@pytest.fixture(scope="module")
def source() -> dict[str, dict[str, Any]]:
    """The issues as they stand in the file, by id."""
    text = lzma.decompress((ROOT / "tests" / "data" / "beads_rust-issues.jsonl.xz").read_bytes()).decode()
    return {issue["id"]: issue for issue in map(json.loads, text.splitlines())}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, source: dict[str, dict[str, Any]]) -> Place:
    """A repository into which they were imported, after a dry run, and committed."""
    folder = tmp_path_factory.mktemp("import")
    here = place(folder / "repository", folder / "home")
    here.git("init", "--quiet")
    here.jerry("init")
    file = folder / "issues.jsonl"
    file.write_text("".join(json.dumps(issue) + "\n" for issue in source.values()))
    rehearsal = here.ask("import", "beads", str(file), "--dry-run")
    assert (len(rehearsal["added"]), here.ask("list", "--all")["items"]) == (513, [])
    report = here.ask("import", "beads", str(file))
    assert report["added"] == rehearsal["added"]
    here.jerry("commit")
    return here


@pytest.fixture(scope="module")
def items(imported: Place) -> dict[str, dict[str, Any]]:
    """The items as they are now, by their id in the source."""
    rows = [*imported.ask("export")["items"], *imported.ask("list", "--all")["items"]]
    full = {row["id"]: row for row in rows if "imported" in row}
    return {row["imported"][0]["reference"]: row for row in full.values()}


def _kept(source: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {key: issue for key, issue in source.items() if issue["status"] != "tombstone"}


@pytest.mark.positive
def test_every_issue_is_there_in_its_status(items: dict[str, Any], source: dict[str, Any]) -> None:
    """512 live items; the tombstone is deleted, and so not exported."""
    expected = {key: STATUSES[issue["status"]] for key, issue in _kept(source).items()}
    assert {key: row["status"] for key, row in items.items()} == expected


@pytest.mark.positive
def test_types_follow_the_table_and_tasks_under_tasks_are_subtasks(
    items: dict[str, Any], source: dict[str, Any]
) -> None:
    """41 tasks stand under tasks, and are subtasks here."""
    counts = Counter(row["type"] for row in items.values())
    expected = Counter(TYPES.get(issue["issue_type"], issue["issue_type"]) for issue in _kept(source).values())
    expected.subtract({"task": 41, "subtask": -41})
    assert counts == +expected


@pytest.mark.positive
def test_priorities_titles_and_labels_are_the_same(items: dict[str, Any], source: dict[str, Any]) -> None:
    """Item by item."""
    for key, issue in _kept(source).items():
        row = items[key]
        assert row["title"] == issue["title"]
        assert row["priority"] == PRIORITIES[issue["priority"]]
        assert row["labels"] == sorted(issue.get("labels", []))


@pytest.mark.positive
def test_dependencies_and_parents_are_the_same(items: dict[str, Any], source: dict[str, Any]) -> None:
    """Each link leads from and to the same items as in the source, of whatever spelling."""
    names = {row["id"]: key for key, row in items.items()}
    seen = {
        (key, names.get(link["target"]), link["kind"]) for key, row in items.items() for link in row["dependencies"]
    } | {(key, names[row["parent"]], "parent-child") for key, row in items.items() if row["parent"]}
    expected = {
        (key, link["depends_on_id"], link["type"].replace("_", "-"))
        for key, issue in _kept(source).items()
        for link in issue.get("dependencies", [])
    }
    assert seen == expected


@pytest.mark.positive
def test_comments_keep_their_words_authors_and_times(items: dict[str, Any], source: dict[str, Any]) -> None:
    """180 comments."""
    seen = [(said["author"], said["written_at"], said["text"]) for row in items.values() for said in row["comments"]]
    expected = [
        (said["author"], said["created_at"], said["text"].rstrip())
        for issue in _kept(source).values()
        for said in issue.get("comments", [])
    ]
    assert sorted(seen) == sorted(expected)


@pytest.mark.positive
def test_ready_is_what_the_source_says(imported: Place, items: dict[str, Any], source: dict[str, Any]) -> None:
    """Open issues none of whose blockers, and none of whose ancestors' blockers, are open: computed from the source."""
    links = {key: issue.get("dependencies", []) for key, issue in source.items()}

    def held(key: str) -> bool:
        targets = [link["depends_on_id"] for link in links[key] if link["type"] == "blocks"]
        parents = [link["depends_on_id"] for link in links[key] if link["type"].startswith("parent")]
        return any(source[t]["status"] in ("open", "in_progress") for t in targets) or any(map(held, parents))

    expected = {items[key]["id"] for key, issue in source.items() if issue["status"] == "open" and not held(key)}
    ready = {row["id"] for row in imported.ask("ready")["items"]}
    assert ready == expected
    assert len(ready) == 8


@pytest.mark.positive
def test_one_item_in_full(items: dict[str, Any], source: dict[str, Any]) -> None:
    """Description with its further sections, reason, assignee, times and authors as data."""
    issue, row = source["beads_rust-07b"], items["beads_rust-07b"]
    assert row["description"] == f"{issue['description']}\n\n## Notes\n\n{issue['notes']}".rstrip()
    assert (row["reason"], row["assignee"]) == (issue["close_reason"], issue["assignee"])
    original = row["imported"][0]["original"]
    for key in ("created_at", "created_by", "updated_at", "closed_at", "status", "issue_type"):
        assert original[key] == issue[key]
    assert row["imported"][0]["origin"] == "beads"


@pytest.mark.positive
def test_a_second_run_adds_nothing(imported: Place, tmp_path: Path, source: dict[str, Any]) -> None:
    """An item is known by its reference; not even the index changes."""
    file = tmp_path / "again.jsonl"
    file.write_text("".join(json.dumps(issue) + "\n" for issue in source.values()))
    report = imported.ask("import", "beads", str(file))
    assert (report["added"], report["known"]) == ([], 513)
    assert imported.git("status", "--short") == ""


@pytest.mark.negative
def test_what_is_odd_is_reported_and_hides_nothing(here: Place, tmp_path: Path) -> None:
    """A dangling link, a bad line and an unknown word each get a note with their line."""
    file = tmp_path / "odd.jsonl"
    dangling = {"id": "a", "title": "A", "dependencies": [{"depends_on_id": "nowhere", "type": "blocks"}]}
    unknown = {"id": "b", "title": "B", "status": "pondering", "issue_type": "task"}
    file.write_text(f"{json.dumps(dangling)}\n{{broken\n{json.dumps(unknown)}\n")
    report = here.ask("import", "beads", str(file))
    assert [entry["reference"] for entry in report["added"]] == ["a", "b"]
    notes = {note["line"]: note["message"] for note in report["notes"]}
    assert "nowhere" in notes[1]
    assert "passed over" in notes[2]
    assert "pondering" in notes[3]
