"""Branches that disagree are told everywhere, and `jerry reconcile` settles what people choose."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress

import pytest

from tests.cli.conftest import Desk, fork

THERE = """
start WORK-1
edit WORK-2 --title Theirs
prioritize WORK-2 --priority high
due WORK-2 --on 2030-01-02
"""
HERE = """
cancel WORK-1
edit WORK-2 --title Ours
prioritize WORK-2 --priority low
due WORK-2 --on none
"""


def play(desk: Desk, script: str) -> None:
    """Give these commands, and commit what they did."""
    for command in script.split("\n")[1:-1]:
        desk.jerry(*command.split())
    desk.jerry("commit")


@pytest.fixture
def apart(desk: Desk) -> Desk:
    """A fork of WORK-1 and three fields of WORK-2 that differ, after a merge."""
    play(desk, "\nnew One\nnew Two --due 2029-01-01\nnew Three\n")
    desk.git("switch", "--quiet", "--create", "there")
    play(desk, THERE)
    desk.git("switch", "--quiet", "main")
    play(desk, HERE)
    desk.git("merge", "--quiet", "--no-edit", "there")
    return desk


def disagreements(desk: Desk, name: str) -> dict[str, list[str]]:
    """What branches say of each field of an item that they disagree about."""
    return {
        each["field"]: sorted(rival["value"] for rival in each["rivals"]) for each in desk.item(name)["divergences"]
    }


@pytest.mark.positive
def test_what_branches_say_is_told_of_each_field(apart: Desk) -> None:
    assert disagreements(apart, "WORK-1") == {"status": ["cancelled", "in_progress"]}
    assert disagreements(apart, "WORK-2") == {
        "due": ["", "2030-01-02"],
        "priority": ["high", "low"],
        "title": ["Ours", "Theirs"],
    }
    assert disagreements(apart, "WORK-3") == {}
    assert apart.ask("status")["in_conflict"] == ["WORK-1", "WORK-2"]


@pytest.mark.positive
@pytest.mark.parametrize("form", ["table", "csv", "markdown", "toon"])
def test_every_form_of_a_list_marks_them(apart: Desk, form: str) -> None:
    shown = apart.jerry("list", "--all", "--format", form).stdout
    assert shown.count("cancelled (fork)") == 1
    assert shown.count("pending (differs)") == 1
    assert shown.count("(") == 2


@pytest.mark.positive
def test_a_history_that_parted_is_drawn_and_can_be_read_flat(apart: Desk) -> None:
    drawn = apart.jerry("log", "WORK-1").screen.split("\n")
    assert [row.split("  ")[0].strip() for row in drawn[1:5]] == ["*", "| *", "|-'", "*"]
    assert apart.jerry("log", "WORK-1", "--no-graph").screen.count("|") == 0
    assert apart.jerry("log", "WORK-3").screen.count("*") == 0
    assert apart.jerry("log", "WORK-3", "--graph").screen.count("*") == 1


@pytest.mark.positive
@pytest.mark.parametrize(
    ("side", "status", "title", "priority", "due"),
    [
        ("--ours", "cancelled", "Ours", "low", None),
        ("--theirs", "in_progress", "Theirs", "high", "2030-01-02"),
        ("--keep", "cancelled", "Ours", "low", None),
    ],
)
def test_a_side_is_taken_of_all_items(
    apart: Desk, side: str, status: str, title: str, priority: str, due: str | None
) -> None:
    apart.jerry("reconcile", "--all", side, "--reason", "agreed")
    item = apart.item("WORK-2")
    assert (apart.item("WORK-1")["status"], item["title"], item["priority"], item["due"]) == (
        status,
        title,
        priority,
        due,
    )
    assert apart.ask("status")["in_conflict"] == []
    assert "fork" not in apart.jerry("check").screen


@pytest.mark.positive
def test_one_of_the_values_is_taken_and_says_why(apart: Desk) -> None:
    told = apart.jerry("reconcile", "WORK-1", "--to", "in_progress", "--reason", "we need it")
    assert told.screen == "WORK-1 reconciled to in_progress: One\n"
    item = apart.item("WORK-1")
    assert (item["status"], item["reason"]) == ("in_progress", "we need it")
    assert apart.events("WORK-1")[-1] == "reconciled"


@pytest.mark.positive
def test_one_field_is_settled_and_the_others_wait(apart: Desk) -> None:
    apart.jerry("reconcile", "WORK-2", "--theirs", "--field", "title")
    assert list(disagreements(apart, "WORK-2")) == ["due", "priority"]
    apart.jerry("reconcile", "WORK-2", "--to", "none")
    assert disagreements(apart, "WORK-2") == {"priority": ["high", "low"]}
    assert (apart.item("WORK-2")["title"], apart.item("WORK-2")["due"]) == ("Theirs", None)


@pytest.mark.positive
def test_who_writes_in_sight_of_both_has_settled_it(apart: Desk) -> None:
    apart.jerry("edit", "WORK-2", "--title", "Both")
    assert list(disagreements(apart, "WORK-2")) == ["due", "priority"]


@pytest.mark.positive
def test_what_two_clones_settle_differently_is_told_again(apart: Desk) -> None:
    apart.git("switch", "--quiet", "there")
    apart.git("merge", "--quiet", "main")
    apart.jerry("reconcile", "WORK-1", "--to", "in_progress")
    apart.jerry("commit")
    apart.git("switch", "--quiet", "main")
    apart.jerry("reconcile", "WORK-1", "--to", "cancelled")
    apart.jerry("commit")
    apart.git("merge", "--quiet", "--no-edit", "there")
    assert disagreements(apart, "WORK-1") == {"status": ["cancelled", "in_progress"]}
    apart.jerry("reconcile", "--all", "--keep")
    assert disagreements(apart, "WORK-1") == {}


@pytest.mark.positive
def test_the_document_has_each_item_with_its_events(apart: Desk) -> None:
    document = apart.ask("reconcile", "WORK-1", "WORK-2", "WORK-3", "--theirs")
    assert [(each["item"]["id"], len(each["events"])) for each in document["outcomes"]] == [
        ("WORK-1", 1),
        ("WORK-2", 3),
        ("WORK-3", 0),
    ]


@pytest.mark.edge
def test_an_item_that_all_agree_about_has_nothing_to_settle(apart: Desk) -> None:
    told = apart.jerry("reconcile", "WORK-3", "--ours").screen
    assert told == "WORK-3 has nothing to settle, nothing to write: Three\n"
    assert apart.events("WORK-3") == ["created"]


@pytest.mark.edge
def test_where_all_agree_nothing_is_asked(desk: Desk) -> None:
    desk.jerry("new", "One")
    assert desk.jerry("reconcile").screen == "all branches agree, nothing to settle\n"
    assert desk.ask("reconcile", "--all", "--ours")["outcomes"] == []


@pytest.mark.negative
def test_without_a_choice_and_a_terminal_nobody_can_be_asked(apart: Desk) -> None:
    assert apart.refused("reconcile") == (
        "error: branches disagree about WORK-1 (status), WORK-2 (due, priority, title)\n\n"
        "hint: choose with --ours, --theirs, --keep or --to VALUE; `jerry show ITEM` tells what the branches say\n"
    )


@pytest.mark.negative
def test_a_value_that_no_branch_says_is_refused_with_those_that_they_say(apart: Desk) -> None:
    assert apart.refused("reconcile", "WORK-2", "--to", "None of it") == (
        "error: no branch says 'None of it' of WORK-2\n\n"
        "hint: the branches say due: '2030-01-02' or 'none'; priority: 'high' or 'low'; title: 'Theirs' or 'Ours'\n"
    )
    assert len(disagreements(apart, "WORK-2")) == 3


@pytest.mark.negative
def test_a_field_that_all_agree_about_is_refused_with_the_others(apart: Desk) -> None:
    assert apart.refused("reconcile", "WORK-2", "--field", "titel", "--ours") == (
        "error: no branches disagree about 'titel' there\n\nhint: they disagree about: due, priority, title\n"
    )
    assert "they agree about everything" in apart.refused("reconcile", "WORK-3", "--field", "title", "--ours")


@pytest.mark.negative
@pytest.mark.parametrize(
    "arguments", [("WORK-1", "--to", "done", "--ours"), ("WORK-1", "--all", "--ours"), ("WORK-1", "--mine")]
)
def test_choices_that_exclude_each_other_are_refused(apart: Desk, arguments: tuple[str, ...]) -> None:
    answer = apart.jerry("reconcile", *arguments, check=False)
    assert answer.returncode == 2
    assert disagreements(apart, "WORK-1") != {}


@pytest.mark.negative
def test_a_side_that_says_two_things_or_none_is_refused(desk: Desk) -> None:
    """Both moves were merged into a branch that said nothing."""
    play(desk, "\nnew One\n")
    for branch, step in (("left", "start"), ("right", "cancel")):
        desk.git("switch", "--quiet", "--create", branch, "main")
        play(desk, f"\n{step} WORK-1\n")
    desk.git("switch", "--quiet", "main")
    desk.git("merge", "--quiet", "--no-edit", "--no-ff", "left")
    desk.git("merge", "--quiet", "--no-edit", "right")
    for side in ("--ours", "--theirs"):
        assert desk.refused("reconcile", "WORK-1", side) == (
            f"error: which status of WORK-1 is {side[2:]} cannot be told\n\n"
            "hint: say which: jerry reconcile WORK-1 --field status --to 'in_progress' or 'cancelled'\n"
        )


# --- a person at a terminal


def typed(desk: Desk, answers: str, *arguments: str) -> tuple[int, str]:
    """The exit status, and what a terminal shows, of a command that is given these answers there."""
    terminal, other = pty.openpty()
    command = (sys.executable, "-m", "jerry_git", "reconcile", *arguments)
    with subprocess.Popen(command, cwd=desk.folder, stdin=other, stdout=other, stderr=other) as process:
        os.close(other)
        os.write(terminal, answers.encode())
        seen = b""
        with suppress(OSError):  # Linux: the other end is closed
            while part := os.read(terminal, 4096):
                seen += part
    os.close(terminal)
    return process.returncode, seen.decode().replace("\r\n", "\n")


@pytest.mark.positive
def test_a_person_is_asked_about_each_field(apart: Desk) -> None:
    returncode, seen = typed(apart, "1\n1\ns\n2\n")
    assert returncode == 0, seen
    assert disagreements(apart, "WORK-1") == {}
    assert disagreements(apart, "WORK-2") == {"priority": ["high", "low"]}
    assert apart.item("WORK-1")["status"] == "in_progress"
    assert (apart.item("WORK-2")["title"], apart.item("WORK-2")["due"]) == ("Ours", "2030-01-02")
    assert "  2) nothing" in seen
    assert seen.count("Which holds?") == 4


@pytest.mark.edge
def test_a_person_who_answers_nonsense_is_asked_again_and_may_skip_all(apart: Desk) -> None:
    returncode, seen = typed(apart, "3\nyes\ns\n", "WORK-1")
    assert returncode == 0, seen
    assert seen.count("Which holds?") == 3
    assert disagreements(apart, "WORK-1") != {}


@pytest.mark.negative
def test_a_person_who_stops_has_changed_nothing(apart: Desk) -> None:
    """The end of the input: Ctrl-D."""
    returncode, seen = typed(apart, "\x04", "WORK-1", "WORK-2")
    assert returncode != 0, seen
    assert "Traceback" not in seen
    assert disagreements(apart, "WORK-1") != {}


@pytest.mark.positive
def test_deleting_and_going_on_is_a_fork_of_being_there(desk: Desk) -> None:
    play(desk, "\nnew One\n")
    desk.git("switch", "--quiet", "--create", "there")
    play(desk, "\ndelete WORK-1\n")
    desk.git("switch", "--quiet", "main")
    play(desk, "\nstart WORK-1\n")
    desk.git("merge", "--quiet", "--no-edit", "there")
    assert "fork" in desk.jerry("check").screen
    desk.jerry("reconcile", "--all", "--ours")
    assert desk.item("WORK-1")["status"] == "in_progress"
    assert desk.item("WORK-1")["divergences"] == []


@pytest.mark.positive
def test_an_item_that_goes_takes_its_other_disagreements_along(desk: Desk) -> None:
    play(desk, "\nnew One\n")
    desk.git("switch", "--quiet", "--create", "there")
    play(desk, "\nstart WORK-1\nedit WORK-1 --title Theirs\n")
    desk.git("switch", "--quiet", "main")
    play(desk, "\nedit WORK-1 --title Ours\ndelete WORK-1\n")
    desk.git("merge", "--quiet", "--no-edit", "there")
    assert list(disagreements(desk, "WORK-1")) == ["existence", "title"]
    desk.jerry("reconcile", "--all", "--ours")
    assert desk.item("WORK-1")["deleted"]
    assert desk.ask("status")["in_conflict"] == []


@pytest.mark.positive
def test_two_forks_are_settled_each_in_its_own_way(desk: Desk) -> None:
    play(desk, "\nnew One\nnew Two\n")
    fork(desk, "WORK-1")
    fork(desk, "WORK-2")
    desk.jerry("reconcile", "WORK-1", "--ours")
    desk.jerry("reconcile", "WORK-2", "--theirs")
    assert [desk.item(name)["status"] for name in ("WORK-1", "WORK-2")] == ["cancelled", "in_progress"]
