"""What each writing command says when it changes something, and when its effect holds already."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Desk

REPORT = '{"totals": {"covered_lines": 9, "num_statements": 10}}'

WORDS = {
    "start": ("", "start WORK-1", "started", "is in progress already, nothing to write"),
    "block": ("start", "block WORK-1", "blocked", "is blocked already, nothing to write"),
    "unblock": ("start block", "unblock WORK-1", "unblocked", "is in progress already, nothing to write"),
    "done": ("start", "done WORK-1", "done", "is done already, nothing to write"),
    "reopen": ("start done", "reopen WORK-1", "reopened", "is in progress already, nothing to write"),
    "cancel": ("", "cancel WORK-1", "cancelled", "is cancelled already, nothing to write"),
    "delete": ("", "delete WORK-1", "deleted", "is deleted already, nothing to write"),
    "claim": (
        "",
        "claim WORK-1",
        "claimed until 2026-03-02 11:03 UTC",
        "is claimed by you already, nothing to write",
    ),
    "release": ("claim", "release WORK-1", "released", "is not claimed, nothing to write"),
    "edit": ("", "edit WORK-1 --title Lexer", "changed", "is so already, nothing to write"),
    "assign": ("", "assign WORK-1 --to Eve", "assigned to Eve", "is so already, nothing to write"),
    "assign me": ("", "assign WORK-1 --to me", "assigned to Ada <ada@example.org>", "is so already, nothing to write"),
    "assign none": ("claim", "assign WORK-1 --to none", "assigned to nobody", "is so already, nothing to write"),
    "prioritize": ("", "prioritize WORK-1 -p low", "is low now", "is so already, nothing to write"),
    "label": ("", "label WORK-1 -a x -a y", "labelled x y", "is so already, nothing to write"),
    "due": ("", "due WORK-1 --on 2030-01-02", "due on 2030-01-02", "is so already, nothing to write"),
    "estimate": ("", "estimate WORK-1 --work 2h", "estimated at 120 minutes", "is so already, nothing to write"),
    "quality": ("", "quality WORK-1 -c cov.json", "measured: coverage 90 %", "is so already, nothing to write"),
    "parent": ("", "parent WORK-1 --under WORK-2", "moved under WORK-2", "is so already, nothing to write"),
    "depend add": ("", "depend add WORK-1 WORK-2", "depends on WORK-2 now", "is so already, nothing to write"),
    "depend add related": (
        "",
        "depend add WORK-1 WORK-2 -k relates-to",
        "relates to WORK-2 now",
        "is so already, nothing to write",
    ),
}


@pytest.fixture
def two(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """WORK-1, a task, and WORK-2, a story; the worker names a session."""
    monkeypatch.setenv("JERRY_SESSION", "agent-7")
    (desk.folder / "cov.json").write_text(REPORT)
    desk.jerry("new", "Parser")
    desk.jerry("new", "Story", "--type", "story")
    return desk


@pytest.mark.positive
@pytest.mark.parametrize("name", WORDS)
def test_a_command_says_what_it_did_and_a_second_time_that_nothing_was_to_do(two: Desk, name: str) -> None:
    before, command, changed, unchanged = WORDS[name]
    for verb in before.split():
        two.jerry(verb, "WORK-1")
    title = "Lexer" if name == "edit" else "Parser"
    assert two.jerry(*command.split()).screen == f"WORK-1 {changed}: {title}\n"
    written = two.git("status", "--porcelain")
    assert two.jerry(*command.split()).screen == f"WORK-1 {unchanged}: {title}\n"
    assert two.git("status", "--porcelain") == written


@pytest.mark.positive
@pytest.mark.parametrize(
    ("commands", "words"),
    [
        pytest.param(["label WORK-1 -a x", "label WORK-1 -r x"], "labelled with nothing", id="the last label"),
        pytest.param(["due WORK-1 --on 2030-01-02", "due WORK-1 --on none"], "due on no day", id="the day"),
        pytest.param(["estimate WORK-1 -w 2h", "estimate WORK-1 -w none"], "estimated at nothing", id="the estimate"),
        pytest.param(["parent WORK-1 -u WORK-2", "parent WORK-1 -u none"], "moved to the top", id="the parent"),
        pytest.param(
            ["depend add WORK-1 WORK-2 -k duplicates", "depend remove WORK-1 WORK-2 -k duplicates"],
            "no longer duplicates WORK-2",
            id="a dependency",
        ),
    ],
)
def test_what_was_set_can_be_cleared(two: Desk, commands: list[str], words: str) -> None:
    first, second = (two.jerry(*command.split()).screen for command in commands)
    assert second == f"WORK-1 {words}: Parser\n" != first


@pytest.mark.positive
def test_a_claim_can_start_the_item_and_say_so(two: Desk) -> None:
    screen = two.jerry("claim", "WORK-1", "--start", "--for", "30m").screen
    assert screen == "WORK-1 claimed until 2026-03-02 09:33 UTC, and started: Parser\n"


@pytest.mark.positive
def test_every_comment_counts(two: Desk) -> None:
    for _ in range(2):
        assert two.jerry("comment", "WORK-1", "Again").screen == "WORK-1 commented: Parser\n"
    assert [said["text"] for said in two.item("WORK-1")["comments"]] == ["Again", "Again"]


@pytest.mark.positive
@pytest.mark.parametrize("verb", ["done", "cancel", "delete"])
def test_what_is_set_free_is_named(two: Desk, verb: str) -> None:
    for title in ("Report", "Release"):
        two.jerry("new", title, "--depends-on", "WORK-1")
    two.jerry("start", "WORK-1")
    word = {"done": "done", "cancel": "cancelled", "delete": "deleted"}[verb]
    assert two.jerry(verb, "WORK-1").screen == (
        f"WORK-1 {word}: Parser\n  unblocked WORK-3: Report\n  unblocked WORK-4: Release\n"
    )


@pytest.mark.positive
def test_removing_a_dependency_names_what_it_sets_free(two: Desk) -> None:
    two.jerry("depend", "add", "WORK-1", "WORK-2")
    assert two.jerry("depend", "remove", "WORK-1", "WORK-2").screen == (
        "WORK-1 no longer depends on WORK-2: Parser\n  unblocked WORK-1: Parser\n"
    )


@pytest.mark.positive
def test_a_reason_is_kept_with_the_step(two: Desk) -> None:
    two.jerry("start", "WORK-1", "--reason", "the design is agreed")
    assert two.item("WORK-1")["reason"] == "the design is agreed"


@pytest.mark.positive
def test_an_item_named_twice_is_done_once(two: Desk) -> None:
    assert two.jerry("comment", "WORK-1", "x").screen == "WORK-1 commented: Parser\n"
    assert two.jerry("start", "WORK-1", "WORK-1").screen == "WORK-1 started: Parser\n"


@pytest.mark.negative
@pytest.mark.parametrize("json", [[], ["--json"]], ids=["in words", "in JSON"])
def test_one_that_is_refused_does_not_stop_the_others(two: Desk, json: list[str]) -> None:
    answer = two.jerry("start", "WORK-1", "WORK-7", "WORK-2", *json, check=False)
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: no item is called 'WORK-7'\n\nhint: Did you mean")
    assert {two.item(name)["status"] for name in ("WORK-1", "WORK-2")} == {"in_progress"}


@pytest.mark.positive
def test_next_claims_and_a_second_worker_gets_another(two: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert two.jerry("claim", "--next").screen.startswith("WORK-1 claimed until ")
    monkeypatch.setenv("JERRY_SESSION", "agent-8")
    assert two.jerry("claim", "--next", "--type", "story").screen.startswith("WORK-2 claimed until ")


@pytest.mark.positive
def test_who_acts_can_be_told_by_the_environment(two: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JERRY_ACTOR", " Robot <robot@example.org> ")
    two.jerry("comment", "WORK-1", "beep")
    assert two.item("WORK-1")["comments"][0]["author"] == "Robot <robot@example.org>"


@pytest.mark.edge
def test_an_empty_session_is_no_session(two: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JERRY_SESSION", " ")
    two.jerry("claim", "WORK-1")
    assert two.item("WORK-1")["claim"]["session"] is None
