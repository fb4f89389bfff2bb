"""Whole screens: lists and what stands around them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.cli.conftest import Desk


def screen(text: str) -> str:
    """An expected screen, written without its indent."""
    return dedent(text).removeprefix("\n")


@pytest.fixture
def work(desk: Desk) -> Desk:
    """A story with two tasks, the second waiting for the first, and a bug found at it."""
    desk.jerry("new", "A parser for dates", "--type", "story", "--priority", "high")
    desk.jerry("new", "Write the lexer", "--parent", "WORK-1", "--estimate", "90m", "--label", "parser", "--label", "a")
    desk.jerry("new", "Write the parser", "-P", "WORK-1", "-D", "WORK-2", "--due", "2026-12-24", "-d", "In\n\n  C.")
    desk.jerry("new", "Loops on empty input", "-t", "bug", "-p", "critical", "--discovered-from", "WORK-3")
    return desk


@pytest.mark.positive
def test_setting_up_says_how_items_are_called(start: Desk) -> None:
    start.git("init", "--quiet")
    assert start.jerry("init", "--prefix", "app").screen == screen(f"""
        Work tracking is set up in {start.folder}: items are called APP-1, ...
        Next: jerry new "What there is to do"
        """)
    assert start.jerry("init").screen == "Work tracking is set up here already: items are called APP-1, ...\n"


@pytest.mark.positive
def test_a_new_item_is_named(desk: Desk) -> None:
    assert desk.jerry("new", "Parser").screen == "WORK-1 created: Parser\n"


@pytest.mark.positive
def test_a_list_has_the_most_urgent_first_and_who_waits_for_whom(work: Desk) -> None:
    work.jerry("assign", "WORK-3", "--to", "Grace Hopper <grace@example.org>")
    assert work.jerry("list").screen == screen("""
        ID      TYPE   STATUS   PRIORITY  TITLE                 ASSIGNEE      BLOCKED BY
        WORK-4  bug    pending  critical  Loops on empty input
        WORK-1  story  pending  high      A parser for dates
        WORK-2  task   pending  medium    Write the lexer
        WORK-3  task   pending  medium    Write the parser      Grace Hopper  WORK-2
        4 items
        """)


@pytest.mark.positive
def test_a_list_has_only_the_columns_that_say_something(desk: Desk) -> None:
    desk.jerry("new", "Parser")
    assert desk.jerry("list").screen == screen("""
        ID      TYPE  STATUS   PRIORITY  TITLE
        WORK-1  task  pending  medium    Parser
        1 item
        """)


@pytest.mark.positive
def test_a_list_tells_what_is_deleted(work: Desk) -> None:
    work.jerry("start", "WORK-4")
    work.jerry("delete", "WORK-4")
    assert work.jerry("list", "--all", "--type", "bug").screen == screen("""
        ID      TYPE  STATUS   PRIORITY  TITLE
        WORK-4  bug   deleted  critical  Loops on empty input
        1 item
        """)


@pytest.mark.positive
def test_what_is_ready_is_counted(work: Desk) -> None:
    assert work.jerry("ready", "--limit", "2").screen == screen("""
        ID      TYPE   STATUS   PRIORITY  TITLE
        WORK-4  bug    pending  critical  Loops on empty input
        WORK-1  story  pending  high      A parser for dates
        2 ready items
        """)


@pytest.mark.positive
def test_matches_are_counted(work: Desk) -> None:
    assert work.jerry("search", "PARSER", "write").screen == screen("""
        ID      TYPE  STATUS   PRIORITY  TITLE             BLOCKED BY
        WORK-3  task  pending  medium    Write the parser  WORK-2
        WORK-2  task  pending  medium    Write the lexer
        2 matches
        """)


@pytest.mark.positive
def test_several_items_are_shown_with_all_their_relations(work: Desk) -> None:
    work.jerry("new", "Sub", "--type", "subtask", "--parent", "WORK-3")
    work.jerry("depend", "add", "WORK-4", "WORK-2", "--kind", "relates-to")
    work.jerry("depend", "add", "WORK-4", "WORK-1", "--kind", "duplicates")
    assert work.jerry("show", "WORK-5", "WORK-4", "WORK-3").screen == screen("""
        WORK-5  Sub
        subtask · pending · medium
        Parent        WORK-3 [pending] Write the parser
        Held up by    WORK-2 [pending] Write the lexer, through its parent
        Created       2026-03-02 09:05 UTC by Ada <ada@example.org>

        WORK-4  Loops on empty input
        bug · pending · critical
        Relates to    WORK-2 [pending] Write the lexer
        Found at      WORK-3 [pending] Write the parser
        Duplicates    WORK-1 [pending] A parser for dates
        Created       2026-03-02 09:04 UTC by Ada <ada@example.org>

        WORK-3  Write the parser
        task · pending · medium
        Parent        WORK-1 [pending] A parser for dates
        Children      WORK-5 [pending] Sub
        Depends on    WORK-2 [pending] Write the lexer
        Led to        WORK-4 [pending] Loops on empty input
        Due           2026-12-24
        Created       2026-03-02 09:03 UTC by Ada <ada@example.org>

            In

              C.
        """)


@pytest.mark.positive
def test_an_item_from_elsewhere_is_shown_with_its_origin(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.folder / "issues.jsonl").write_text('{"id": "bd-1", "title": "Old", "status": "closed"}\n')
    desk.jerry("import", "beads", "issues.jsonl")
    monkeypatch.setenv("JERRY_SESSION", "agent-7")
    desk.jerry("reopen", "WORK-1")
    desk.jerry("claim", "WORK-1")
    assert desk.jerry("show", "WORK-1").screen == screen("""
        WORK-1  Old
        task · in_progress · medium
        Assignee      Ada <ada@example.org>
        Claimed       by Ada <ada@example.org>, session agent-7, until 2026-03-02 11:03 UTC
        Created       2026-03-02 09:01 UTC by Ada <ada@example.org>
        Imported      from beads: bd-1
        """)
    desk.jerry("done", "WORK-1", "--reason", "fixed")
    assert "Closed        2026-03-02 09:05 UTC\n" in desk.jerry("show", "WORK-1").screen


@pytest.mark.positive
def test_the_log_names_the_commits_and_what_is_not_committed(work: Desk) -> None:
    work.jerry("commit")
    work.jerry("start", "WORK-2")
    assert work.jerry("log", "WORK-2").screen == screen("""
        WHEN (UTC)        ITEM    WHO  COMMIT    WHAT
        2026-03-02 09:06  WORK-2  Ada  -         pending -> in_progress
        2026-03-02 09:02  WORK-2  Ada  <commit>  estimate 90 minutes
        2026-03-02 09:02  WORK-2  Ada  <commit>  labelled a parser
        2026-03-02 09:02  WORK-2  Ada  <commit>  created: Write the lexer
        """)


@pytest.mark.edge
def test_a_log_of_nothing_says_so(desk: Desk) -> None:
    assert desk.jerry("log").screen == "nothing has happened yet\n"


@pytest.mark.positive
def test_a_commit_says_what_it_holds(desk: Desk) -> None:
    desk.jerry("new", "Parser")
    assert desk.jerry("commit").screen == "committed 1 file as <commit>: jerry: WORK-1\n"
    assert desk.jerry("commit").screen == "nothing to commit: every event is committed\n"
    desk.jerry("new", "Lexer")
    desk.jerry("start", "WORK-2")
    assert desk.jerry("commit", "-m", "Plan it").screen == "committed 2 files as <commit>: Plan it\n"


@pytest.mark.positive
def test_a_whole_store_is_well(work: Desk) -> None:
    assert work.jerry("doctor").screen == "all is well\n"
