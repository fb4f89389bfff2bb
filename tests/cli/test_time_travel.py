"""Looking back, and comparing: whole screens over real commits, each at the time of the desk's clock."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from textwrap import dedent

import pytest

from tests.cli.conftest import Desk


def commit(desk: Desk, tag: str = "") -> None:
    """Commit what is staged, at the time of the desk's clock."""
    environment = {**os.environ, "GIT_COMMITTER_DATE": desk.clock.now().isoformat()}
    command = ("git", "commit", "--quiet", "--allow-empty", "--message=Work")
    subprocess.run(command, cwd=desk.folder, env=environment, check=True, capture_output=True)
    if tag:
        desk.git("tag", tag)


def screen(text: str) -> str:
    """An expected screen, written without its indent."""
    return dedent(text).removeprefix("\n")


@pytest.fixture
def utc() -> Iterator[None]:
    """A person in London, in winter."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TZ", "UTC0")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def released(desk: Desk, utc: None) -> Desk:
    """Two releases a day apart, and something since: v1 with three items, v2 with one of them done and one begun."""
    desk.jerry("new", "Lexer", "--due", "2026-03-02")
    desk.jerry("new", "Parser", "--depends-on", "WORK-1")
    desk.jerry("new", "Printer", "--label", "ui")
    desk.jerry("claim", "WORK-3", "--for", "3h")
    commit(desk, "v1")
    desk.clock.advance(days=1)
    desk.jerry("claim", "WORK-1", "--start")
    desk.jerry("done", "WORK-1")
    desk.jerry("start", "WORK-2")
    desk.jerry("edit", "WORK-2", "--title", "Grammar")
    commit(desk, "v2")
    desk.clock.advance(days=1)
    desk.jerry("new", "Later")
    return desk


# --- --as-of


@pytest.mark.positive
def test_a_list_shows_what_was_open_then(released: Desk) -> None:
    """And says when that was, where a person reads it."""
    assert released.jerry("list", "--as-of", "v1").screen == screen("""
        ID      TYPE  STATUS   PRIORITY  TITLE    ASSIGNEE  BLOCKED BY
        WORK-1  task  pending  medium    Lexer
        WORK-2  task  pending  medium    Parser             WORK-1
        WORK-3  task  pending  medium    Printer  Ada
        3 items as of <commit>, 2026-03-02 09:04 UTC
        """)


@pytest.mark.positive
def test_what_is_ready_is_judged_by_the_clock_of_then(released: Desk) -> None:
    """The claim of that morning still ran at the commit, and not in the evening."""
    assert released.jerry("ready", "--as-of", "v1").stdout.splitlines()[1:] == [
        "WORK-1  task  pending  medium    Lexer"
    ]
    evening = released.ask("ready", "--as-of", "2026-03-02")
    assert [item["id"] for item in evening["items"]] == ["WORK-1", "WORK-3"]
    assert evening["as_of"]["at"] == "2026-03-02T23:59:59Z"


@pytest.mark.positive
def test_claimed_items_are_those_claimed_then(released: Desk) -> None:
    def claimed(moment: str) -> list[str]:
        return [item["id"] for item in released.ask("list", "--claimed", "--as-of", moment)["items"]]

    assert (claimed("v1"), claimed("yesterday"), claimed("2026-03-02T10:00Z")) == (["WORK-3"], [], ["WORK-3"])


@pytest.mark.positive
def test_the_status_counts_what_was_overdue_then(released: Desk) -> None:
    """And says nothing of files that are not committed: there were none."""
    assert released.jerry("status", "--as-of", "v1").screen.splitlines()[0] == (
        "3 items, 1 ready as of <commit>, 2026-03-02 09:04 UTC"
    )
    then = released.ask("status", "--as-of", "1d")
    assert (then["overdue"], then["uncommitted_files"], then["total"]) == ([], None, 3)
    assert released.ask("status", "--as-of", "2026-03-03T09:00Z")["overdue"] == ["WORK-1"]
    assert released.ask("status")["uncommitted_files"] == 1
    assert "Not committed" not in released.jerry("status", "--as-of", "v1").stdout


@pytest.mark.positive
def test_an_item_is_shown_as_it_was(released: Desk) -> None:
    answer = released.jerry("show", "WORK-2", "--as-of", "v1")
    assert answer.stdout.splitlines()[:3] == [
        "WORK-2  Parser",
        "task · pending · medium",
        "Depends on    WORK-1 [pending] Lexer",
    ]
    assert answer.stderr.endswith(", 2026-03-02 09:04 UTC\n")


@pytest.mark.positive
def test_an_export_of_then_has_everything_in_every_format(released: Desk) -> None:
    (first, *_) = released.jerry("export", "--as-of", "v1").stdout.splitlines()
    assert json.loads(first)["status"] == "pending"
    assert len(released.jerry("export", "--as-of", "v1", "--format", "csv").stdout.splitlines()) == 4
    events = released.jerry("export", "--as-of", "v1", "--events").stdout.splitlines()
    assert len(events) == len(released.jerry("export", "--events").stdout.splitlines()) - 8


@pytest.mark.positive
def test_a_document_names_the_commit_and_the_time(released: Desk) -> None:
    commit_id = released.git("rev-parse", "v1").strip()
    for command in ("list", "ready", "status", "show WORK-1", "export"):
        then = released.ask(*command.split(), "--as-of", "v1")
        assert then["as_of"] == {"commit": commit_id, "at": "2026-03-02T09:04:00Z"}
        assert released.ask(*command.split())["as_of"] is None


@pytest.mark.edge
def test_before_work_tracking_there_were_no_items(released: Desk) -> None:
    """A revision without `.jerry` is no error."""
    root = released.git("rev-list", "--max-parents=0", "HEAD").strip()
    answer = released.jerry("list", "--as-of", root)
    assert (answer.stdout, answer.stderr) == ("", "no items then\n")
    assert released.ask("status", "--as-of", root)["total"] == 0


@pytest.mark.negative
@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("v3", "error: 'v3' is neither a revision that is here nor a date\n\nhint: Did you mean `v2` or `v1`?\n"),
        ("2026-02-30", "error: '2026-02-30' is neither a revision that is here nor a date\n\nhint: a date is written"),
        ("--all", "error: '--all' is neither a revision that is here nor a date\n\nhint: a date is written"),
        (
            "2026-03-01",
            "error: '2026-03-01' is before the first commit, which is of 2026-03-02 09:00 UTC\n\nhint: name",
        ),
    ],
)
def test_a_moment_that_there_is_not_is_refused(released: Desk, moment: str, words: str) -> None:
    assert released.refused("list", f"--as-of={moment}").startswith(words)


@pytest.mark.negative
def test_an_item_that_was_not_there_yet_is_not_found(released: Desk) -> None:
    """The refusal says when it was looked for."""
    words = released.refused("show", "WORK-4", "--as-of", "v1")
    assert words.startswith("error: no item is called 'WORK-4' as of ")
    assert "2026-03-02 09:04 UTC\n\nhint: Did you mean WORK-" in words


@pytest.mark.negative
def test_a_damaged_file_of_then_hides_no_other_item(released: Desk) -> None:
    """The warning says that it is of that commit."""
    (file, *_) = released.files("WORK-1")
    kept = file.read_bytes()
    file.write_text("[]")
    released.git("add", ".")
    commit(released, "bad")
    file.write_bytes(kept)
    answer = released.jerry("list", "--all", "--as-of", "bad")
    assert [row.split()[0] for row in answer.stdout.splitlines()[1:]] == ["WORK-2", "WORK-3", "WORK-4"]
    assert "not-a-batch" not in answer.stderr
    assert "these files are in commit" in answer.stderr
    (problem,) = released.ask("list", "--as-of", "bad")["problems"]
    assert problem["mend"] == f"git log {released.git('rev-parse', 'bad')[:12]} -- {problem['path']}"
    assert released.ask("diff", "bad", "HEAD~1")["unreadable"] == [file.parent.name.partition("-")[2]]


# --- diff


@pytest.mark.positive
def test_two_releases_differ_by_what_was_done_moved_and_edited(released: Desk) -> None:
    assert released.jerry("diff", "v1", "v2").screen == screen("""
        Finished:
          WORK-1  task  pending -> done         Lexer
        Moved:
          WORK-2  task  pending -> in_progress  Grammar
        Edited:
          WORK-1  task  pending -> done         Lexer
            assignee: none -> Ada <ada@example.org>
          WORK-2  task  pending -> in_progress  Grammar
            title: Parser -> Grammar
        2 items changed between <commit>, 2026-03-02 09:04 UTC and <commit>, 2026-03-03 09:08 UTC
        """)


@pytest.mark.positive
def test_one_revision_is_compared_with_the_work_tree(released: Desk) -> None:
    answer = released.jerry("diff", "v2")
    assert answer.stdout == "New:\n  WORK-4  task  pending  Later\n"
    assert answer.stderr.endswith(" and the work tree\n")
    assert released.ask("diff", "v2")["after"] is None


@pytest.mark.positive
@pytest.mark.parametrize("same", [["v1..v2"], ["v1.."], ["v1", "HEAD"], ["2026-03-02", "2026-03-03"], ["40h..0d"]])
def test_a_range_is_two_moments(released: Desk, same: list[str]) -> None:
    assert released.jerry("diff", *same).stdout == released.jerry("diff", "v1", "v2").stdout


@pytest.mark.positive
def test_differences_fit_the_terminal(released: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    released.jerry("edit", "WORK-4", "--title", "A title that is far too long for the terminal of this person")
    released.jerry("commit")
    released.jerry("edit", "WORK-4", "--description", "many words " * 20, "--title", "Short")
    monkeypatch.setenv("COLUMNS", "40")
    assert released.jerry("diff", "HEAD").stdout == screen("""
        Edited:
          WORK-4  task  pending  Short
            title: A title that is far… -> Short
            description: none -> many words man…
        """)


@pytest.mark.positive
def test_differences_as_markdown_keep_the_signs_of_titles(released: Desk) -> None:
    released.jerry("edit", "WORK-3", "--title", "1. *Print* <all> `of` [it](x)")
    released.jerry("delete", "WORK-2")
    assert released.jerry("diff", "v2", "--format", "markdown").stdout == screen(r"""
        ## New

        - Later (WORK-4): pending

        ## Deleted

        - Grammar (WORK-2)

        ## Edited

        - 1\. \*Print\* \<all\> \`of\` \[it\](x) (WORK-3)
          - title: Printer -> 1\. \*Print\* \<all\> \`of\` \[it\](x)
        """)


@pytest.mark.positive
def test_differences_as_data_have_every_section(released: Desk) -> None:
    data = released.jerry("diff", "v1..v2", "--format", "json").data
    sections = {name: [item["id"] for item in found] for name, found in data.items() if isinstance(found, list)}
    assert {name: found for name, found in sections.items() if found} == {
        "finished": ["WORK-1"],
        "moved": ["WORK-2"],
        "edited": ["WORK-1", "WORK-2"],
    }
    assert [*sections] == [
        "new", "finished", "cancelled", "reopened", "deleted", "restored", "moved", "edited", "missing", "unreadable",
    ]  # fmt: skip
    assert data["moved"][0]["edits"] == [{"field": "title", "before": "Parser", "after": "Grammar"}]


@pytest.mark.edge
def test_where_nothing_differs_that_is_said_and_nothing_printed(released: Desk) -> None:
    answer = released.jerry("diff", "v1", "v1")
    assert answer.stdout == ""
    assert answer.screen.startswith("no differences in the work between <commit>")


@pytest.mark.negative
@pytest.mark.parametrize(
    "arguments",
    [["diff"], ["diff", "v1...v2"], ["diff", "v1", "v2", "HEAD"], ["diff", "v1..v2..HEAD"], ["changelog", "v1"],
     ["changelog"], ["changelog", "v1", "v2"]],
)  # fmt: skip
def test_what_is_no_pair_of_moments_is_a_wrong_use(released: Desk, arguments: list[str]) -> None:
    answer = released.jerry(*arguments, check=False)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "hint: `jerry " in answer.stderr


@pytest.mark.negative
@pytest.mark.parametrize("arguments", [["diff", "v1", "v3"], ["diff", "v3..v1"], ["changelog", "v1..v3"]])
def test_a_moment_that_there_is_not_compares_with_nothing(released: Desk, arguments: list[str]) -> None:
    assert released.refused(*arguments).startswith("error: 'v3' is neither a revision that is here nor a date\n")


# --- changelog


@pytest.fixture
def finished(released: Desk) -> Desk:
    """Finished since v2: a story, a bug with odd signs, a task with two subtasks; one more subtask; one reopened."""
    released.jerry("new", "Dates", "--type", "story")
    released.jerry("new", "*Loops* on #empty_input", "--type", "bug")
    for title, parent in (("Tests", "WORK-4"), ("Words", "WORK-4"), ("Apart", "WORK-3")):
        released.jerry("new", title, "--type", "subtask", "--parent", parent)
    for name in ("WORK-7", "WORK-8", "WORK-9", "WORK-4", "WORK-5", "WORK-6"):
        released.jerry("start", name)
        released.jerry("done", name)
    released.jerry("reopen", "WORK-1")
    commit(released, "v3")
    return released


@pytest.mark.positive
def test_a_changelog_groups_what_was_finished(finished: Desk) -> None:
    assert finished.jerry("changelog", "v2..v3").stdout == screen(r"""
        ## v3 (2026-03-04)

        ### Stories

        - Dates (WORK-5)

        ### Tasks

        - Later (WORK-4)
          - Tests (WORK-7)
          - Words (WORK-8)

        ### Bugs

        - \*Loops\* on \#empty\_input (WORK-6)

        ### Subtasks

        - Apart (WORK-9)

        ### Reopened

        - Lexer (WORK-1): in_progress now
        """)


@pytest.mark.positive
def test_a_changelog_has_the_heading_that_one_wants(finished: Desk) -> None:
    assert finished.jerry("changelog", "v2..", "--heading", "[1.2] - *today*").stdout.startswith("## [1.2] - *today*\n")
    assert finished.jerry("changelog", "v2..", "--heading", "").stdout.startswith("### Stories\n")


@pytest.mark.positive
def test_a_changelog_as_data_has_the_same_items(finished: Desk) -> None:
    data = finished.ask("changelog", "v2..v3")
    assert [item["id"] for item in data["finished"]] == [f"WORK-{number}" for number in (4, 5, 6, 7, 8, 9)]
    assert data["finished"][3]["parent"] == "WORK-4"
    assert [(item["id"], item["status"]) for item in data["reopened"]] == [("WORK-1", "in_progress")]


@pytest.mark.positive
def test_done_again_since_counts_again(finished: Desk) -> None:
    finished.jerry("done", "WORK-1")
    commit(finished, "v4")
    assert "- Lexer (WORK-1)" in finished.jerry("changelog", "v2..v4").stdout
    assert "Reopened" not in finished.jerry("changelog", "v2..v4").stdout


@pytest.mark.edge
def test_a_changelog_of_nothing_says_so(finished: Desk) -> None:
    assert finished.jerry("changelog", "v3..v3").stdout == "## v3 (2026-03-04)\n\nNothing was finished.\n"


@pytest.mark.edge
def test_a_deleted_item_is_told_as_deleted(finished: Desk) -> None:
    finished.jerry("delete", "WORK-5")
    commit(finished)
    assert finished.jerry("changelog", "v3..HEAD").stdout.endswith("### Reopened\n\n- Dates (WORK-5): deleted now\n")
