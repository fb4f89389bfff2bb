"""Whole screens, as a person sees them."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A repository with work tracking, and an epic, a task and a bug in it."""
    desk.jerry("new", "Dates", "--type", "epic")
    desk.jerry("new", "Parser", "--parent", "WORK-1", "--description", "Two\n\twords", "--label", "b", "--label", "a")
    desk.jerry("new", "Loops", "--type", "bug", "--depends-on", "WORK-2", "--discovered-from", "WORK-2")
    return desk


def _steady(screen: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "THEN", screen)


def _log(desk: Desk, item: str) -> list[str]:
    """What happened to an item, the oldest first."""
    lines = desk.jerry("log", item).stdout.splitlines()[1:]
    return [_steady(line)[4:].split("  ", maxsplit=4)[-1].strip() for line in reversed(lines)]


@pytest.mark.positive
def test_show_has_everything_about_an_item(desk: Desk) -> None:
    """Where it stands, to whom it belongs, what it waits for, what was said."""
    for command in (
        ("claim", "WORK-2", "--start"),
        ("due", "WORK-2", "--on", "2030-01-02"),
        ("estimate", "WORK-2", "--work", "1h30m"),
        ("comment", "WORK-2", "Half of it works"),
    ):
        desk.jerry(*command)
    assert _steady(desk.jerry("show", "WORK-2").stdout) == (
        "WORK-2  Parser\n"
        "task · in_progress · medium\n"
        "Assignee      Ada <ada@example.org>\n"
        "Claimed       by Ada <ada@example.org>, until THEN UTC\n"
        "Parent        WORK-1 [pending] Dates\n"
        "Blocks        WORK-3 [pending] Loops\n"
        "Led to        WORK-3 [pending] Loops\n"
        "Labels        a b\n"
        "Due           2030-01-02\n"
        "Estimate      1 h 30 min\n"
        "Created       THEN UTC by Ada <ada@example.org>\n"
        "\n"
        "    Two\n"
        "        words\n"
        "\n"
        "Ada <ada@example.org>, THEN UTC:\n"
        "    Half of it works\n"
    )


@pytest.mark.positive
def test_show_tells_how_an_item_ended_and_what_its_tests_show(desk: Desk) -> None:
    """Reason, quality, when it was closed."""
    (desk.folder / "coverage.json").write_text('{"totals": {"covered_lines": 9, "num_statements": 10}}')
    desk.jerry("quality", "WORK-2", "--coverage", "coverage.json")
    desk.jerry("start", "WORK-2")
    desk.jerry("done", "WORK-2", "--reason", "shipped")
    shown = _steady(desk.jerry("show", "WORK-2").stdout)
    for line in (
        "task · done · medium",
        "Reason        shipped",
        "Quality       coverage 90 %",
        "Closed        THEN UTC",
    ):
        assert line in shown.splitlines()
    assert "Depends on    WORK-2 [done] Parser" in desk.jerry("show", "WORK-3").stdout
    assert "Children      WORK-2 [done] Parser" in desk.jerry("show", "WORK-1").stdout


@pytest.mark.positive
def test_show_tells_what_holds_an_item_up_through_its_parent(desk: Desk) -> None:
    """A blocker of the epic holds up the task under it."""
    desk.jerry("new", "First of all")
    desk.jerry("depend", "add", "WORK-1", "WORK-4")
    held = "Held up by    WORK-4 [pending] First of all, through its parent"
    assert held in desk.jerry("show", "WORK-2").stdout.splitlines()


@pytest.mark.positive
def test_the_log_says_what_happened_in_words(desk: Desk) -> None:
    """Each kind of event has its own."""
    (desk.folder / "coverage.json").write_text('{"totals": {"covered_lines": 9, "num_statements": 10}}')
    for command in (
        "start WORK-3",
        "block WORK-3 --reason vendor",
        "unblock WORK-3",
        "undo WORK-3",
        "edit WORK-3 --title Spins --type task --description More",
        "prioritize WORK-3 --priority high",
        "assign WORK-3 --to Eve",
        "assign WORK-3 --to none",
        "parent WORK-3 --under WORK-1",
        "parent WORK-3 --under none",
        "depend remove WORK-3 WORK-2",
        "label WORK-3 --add x",
        "label WORK-3 --remove x",
        "comment WORK-3 Aha",
        "undo WORK-3",
        "due WORK-3 --on 2030-01-02",
        "due WORK-3 --on none",
        "estimate WORK-3 --work 2h",
        "estimate WORK-3 --work none",
        "quality WORK-3 --coverage coverage.json",
        "delete WORK-3 --reason twin",
        "undo WORK-3",
    ):
        desk.jerry(*command.split())
    assert _log(desk, "WORK-3") == [
        "created: Loops",
        "depends on WORK-2",
        "discovered-from WORK-2",
        "pending -> in_progress",
        "in_progress -> blocked (vendor)",
        "blocked -> in_progress",
        "in_progress back to blocked (undone)",
        "title: Spins, type: task, description changed",
        "priority medium -> high",
        "assigned to Eve",
        "assigned to nobody",
        "moved under WORK-1",
        "moved to the top",
        "no longer depends on WORK-2",
        "labelled x",
        "label x removed",
        "commented: Aha",
        "comment withdrawn",
        "due 2030-01-02",
        "due on no day",
        "estimate 120 minutes",
        "estimate cleared",
        "measured: coverage 90 %",
        "deleted (twin)",
        "restored (undone)",
    ]


@pytest.mark.positive
def test_the_tree_of_dependencies_goes_both_ways(desk: Desk) -> None:
    """What an item waits for, and what waits for it; an item met twice is not followed twice."""
    desk.jerry("new", "Last", "--depends-on", "WORK-2", "--depends-on", "WORK-3")
    assert desk.jerry("depend", "tree", "WORK-4").stdout == (
        "WORK-4 [pending] Last\n"
        "├── WORK-2 [pending] Parser\n"
        "└── WORK-3 [pending] Loops\n"
        "    └── WORK-2 [pending] Parser (above)\n"
    )
    assert desk.jerry("depend", "tree", "WORK-2", "--reverse").stdout.splitlines()[1] == "├── WORK-3 [pending] Loops"
    assert [node["depth"] for node in desk.ask("depend", "tree", "WORK-4")["nodes"]] == [0, 1, 1, 2]


@pytest.mark.positive
def test_the_status_is_the_work_at_a_glance(desk: Desk) -> None:
    """Counts, claims, what is overdue, and what is not committed yet."""
    desk.jerry("commit")
    desk.jerry("claim", "WORK-2")
    desk.jerry("due", "WORK-3", "--on", "2020-01-01")
    assert desk.jerry("status").stdout == (
        "3 items, 1 ready\n"
        "  pending          3\n"
        "  in_progress      0\n"
        "  blocked          0\n"
        "  done             0\n"
        "  cancelled        0\n"
        "Claimed:\n"
        "  WORK-2 Parser by Ada <ada@example.org>\n"
        "Overdue:\n"
        "  WORK-3 Loops since 2020-01-01\n"
        "Not committed: 2 files (`jerry commit`, or with your next `git commit`)\n"
    )


@pytest.mark.positive
def test_the_verbs_of_a_life_say_what_they_did(desk: Desk) -> None:
    """One line each."""
    said = [
        desk.jerry(*command.split()).stdout
        for command in (
            "start WORK-2",
            "block WORK-2",
            "unblock WORK-2",
            "done WORK-2",
            "reopen WORK-2",
            "cancel WORK-2",
            "claim WORK-3 --for 30m",
            "release WORK-3",
            "release WORK-3",
        )
    ]
    assert [_steady(line) for line in said] == [
        "WORK-2 started: Parser\n",
        "WORK-2 blocked: Parser\n",
        "WORK-2 unblocked: Parser\n",
        "WORK-2 done: Parser\n  unblocked WORK-3: Loops\n",
        "WORK-2 reopened: Parser\n",
        "WORK-2 cancelled: Parser\n  unblocked WORK-3: Loops\n",
        "WORK-3 claimed until THEN UTC: Loops\n",
        "WORK-3 released: Loops\n",
        "WORK-3 is not claimed, nothing to write: Loops\n",
    ]


@pytest.mark.positive
def test_the_doctor_writes_again_what_init_wrote(desk: Desk) -> None:
    """A missing file is told with its mend, and mended by it."""
    (desk.folder / ".jerry" / ".gitattributes").unlink()
    told = desk.jerry("doctor").stdout
    assert told == (
        "warning[missing-file] .jerry/.gitattributes: a file of `jerry init` is not there\n  mend: jerry doctor --fix\n"
    )
    assert desk.jerry("doctor", "--fix").stdout == "wrote .jerry/.gitattributes\nall is well\n"


@pytest.mark.positive
def test_next_takes_what_is_wanted(desk: Desk) -> None:
    """Of the ready items, the most urgent one of the type, label and priority asked for."""
    desk.jerry("new", "Urgent", "--priority", "critical")
    assert desk.ask("claim", "--next", "--label", "a")["outcomes"][0]["id"] == "WORK-2"
    assert desk.ask("claim", "--next", "--type", "task", "--priority", "critical")["outcomes"][0]["id"] == "WORK-4"


@pytest.mark.positive
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_its_completion(desk: Desk, shell: str) -> None:
    """The scripts name the program and its variable."""
    script = desk.jerry("completion", shell).stdout
    assert "_JERRY_COMPLETE" in script
    assert "jerry" in script


@pytest.mark.positive
def test_the_states_are_drawn_and_told(desk: Desk) -> None:
    """As a Mermaid diagram, and as data."""
    assert desk.jerry("states").stdout.startswith("stateDiagram-v2\n    [*] --> pending\n")
    assert desk.ask("states")["transitions"]["done"] == ["in_progress"]


@pytest.mark.negative
def test_nothing_ready_is_told_with_a_hint(desk: Desk) -> None:
    """`claim --next` with nothing to take is refused."""
    desk.jerry("claim", "WORK-1")
    desk.jerry("claim", "WORK-2")
    refused = desk.jerry("claim", "--next", check=False)
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: nothing is ready to be claimed\n\nhint: `jerry list`")
