"""Undo of every kind of command: what the item says is again as it was, and the history shows both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Desk

KINDS = {
    "start": ("start WORK-1", "status changed"),
    "block": ("block WORK-3", "status changed"),
    "done": ("done WORK-3", "status changed"),
    "cancel": ("cancel WORK-1", "status changed"),
    "reopen": ("reopen WORK-4", "status changed"),
    "claim": ("claim WORK-1", "claimed, assignee changed"),
    "claim and start": ("claim WORK-1 --start", "claimed, assignee changed, status changed"),
    "edit": ("edit WORK-1 --title New --description New --type bug", "details changed"),
    "assign": ("assign WORK-3 --to Eve", "assignee changed"),
    "prioritize": ("prioritize WORK-1 --priority low", "priority changed"),
    "label": ("label WORK-1 --add x --add b --remove a", "labels added, labels removed"),
    "comment": ("comment WORK-1 Hello", "comment added"),
    "due": ("due WORK-1 --on none", "due date changed"),
    "estimate": ("estimate WORK-1 --work 3h", "estimate changed"),
    "quality": ("quality WORK-1 --coverage cov.json", "quality metrics updated"),
    "parent": ("parent WORK-1 --under WORK-2", "parent changed"),
    "depend add": ("depend add WORK-1 WORK-2 WORK-3", "dependency added, dependency added"),
    "depend remove": ("depend remove WORK-3 WORK-4", "dependency removed"),
    "delete": ("delete WORK-1", "deleted"),
}
PASSING = ("updated_at", "reason", "closed_at")
"""What an undo does not bring back: when the item was changed last, and why its status is what it is."""


@pytest.fixture
def work(desk: Desk) -> Desk:
    """A task with something of everything, a story, a task in progress, and one that is done."""
    (desk.folder / "cov.json").write_text('{"totals": {"covered_lines": 9, "num_statements": 10}}')
    desk.jerry("new", "Old", "-d", "Old", "--label", "a", "--label", "b", "--due", "2030-01-02", "--estimate", "1h")
    desk.jerry("new", "Story", "--type", "story")
    desk.jerry("new", "Going", "--assignee", "Ada")
    desk.jerry("new", "Done")
    for command in ("start WORK-3", "start WORK-4", "done WORK-4", "depend add WORK-3 WORK-4"):
        desk.jerry(*command.split())
    return desk


def said(desk: Desk, name: str) -> dict[str, Any]:
    """Everything about an item but what passes."""
    return {key: value for key, value in desk.item(name).items() if key not in PASSING}


@pytest.mark.positive
@pytest.mark.parametrize("kind", KINDS)
def test_an_undone_command_leaves_the_item_as_it_was(work: Desk, kind: str) -> None:
    command, undone = KINDS[kind]
    name = next(word for word in command.split() if word.startswith("WORK-"))
    before, title, history = said(work, name), work.item(name)["title"], work.events(name)
    work.jerry(*command.split())
    changed = said(work, name)
    assert changed != before
    assert work.jerry("undo", name).screen.partition("\n")[0] == f"{name} undone ({undone}): {title}"
    assert said(work, name) == before
    assert work.events(name)[: len(history)] == history
    assert len(work.events(name)) > len(history) + 1


@pytest.mark.positive
@pytest.mark.parametrize("kind", ["start", "edit", "label", "due", "depend add", "delete"])
def test_undoing_an_undo_brings_the_change_back(work: Desk, kind: str) -> None:
    command, _ = KINDS[kind]
    work.jerry(*command.split())
    changed = said(work, "WORK-1")
    work.jerry("undo", "WORK-1")
    work.jerry("undo", "WORK-1")
    assert said(work, "WORK-1") == changed


@pytest.mark.positive
def test_undoing_a_creation_deletes_the_item(work: Desk) -> None:
    work.jerry("new", "Mistake")
    assert work.jerry("undo", "WORK-5").screen == "WORK-5 undone (created): Mistake\n"
    assert work.item("WORK-5")["deleted"]


@pytest.mark.positive
def test_undo_names_what_it_sets_free(work: Desk) -> None:
    work.jerry("new", "Next", "--depends-on", "WORK-4")
    work.jerry("reopen", "WORK-4")
    assert work.jerry("undo", "WORK-4").screen == (
        "WORK-4 undone (status changed): Done\n  unblocked WORK-3: Going\n  unblocked WORK-5: Next\n"
    )


@pytest.mark.edge
def test_of_several_items_each_is_undone_for_itself(work: Desk) -> None:
    work.jerry("prioritize", "WORK-1", "WORK-2", "--priority", "low")
    work.jerry("comment", "WORK-1", "later")
    assert work.jerry("undo", "WORK-1", "WORK-2").screen == (
        "WORK-1 undone (comment added): Old\nWORK-2 undone (priority changed): Story\n"
    )


@pytest.mark.negative
def test_an_import_is_taken_back_by_delete(work: Desk) -> None:
    (work.folder / "issues.jsonl").write_text('{"id": "bd-1", "title": "Old"}\n')
    work.jerry("import", "beads", "issues.jsonl")
    assert work.jerry("undo", "WORK-5").screen == "WORK-5 undone (created, imported): Old\n"
    assert work.item("WORK-5")["deleted"]
