"""Events that were acknowledged and are nowhere now: the doctor lists them, and brings them back (DESIGN 5)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place


@pytest.fixture
def busy(here: Place) -> Place:
    """An item that is committed, and a folder beside for work trees."""
    here.jerry("new", "First")
    here.jerry("commit")
    return here


def hard_reset(here: Place) -> None:
    here.jerry("comment", "WORK-1", "Words")
    here.git("reset", "--quiet", "--hard")


def reset_of_a_commit(here: Place) -> None:
    here.jerry("comment", "WORK-1", "Words")
    here.jerry("commit")
    here.git("reset", "--quiet", "--hard", "HEAD~1")


def cleaning(here: Place) -> None:
    here.jerry("comment", "WORK-1", "Words")
    here.git("reset", "--quiet")
    here.git("clean", "--quiet", "-fdx")


def dropped_stash(here: Place) -> None:
    here.jerry("comment", "WORK-1", "Words")
    here.git("stash", "push", "--quiet")
    here.git("stash", "drop", "--quiet")


def deleted_branch(here: Place) -> None:
    here.git("switch", "--quiet", "--create", "topic")
    here.jerry("comment", "WORK-1", "Words")
    here.jerry("commit")
    here.git("switch", "--quiet", "main")
    here.git("branch", "--quiet", "-D", "topic")


def deleted_work_tree(here: Place) -> None:
    other = Place(here.folder.parent / "other", here.environment)
    here.git("worktree", "add", "--quiet", "-b", "other", str(other.folder))
    other.jerry("comment", "WORK-1", "Words")
    here.git("worktree", "remove", "--force", str(other.folder))


def amended_away(here: Place) -> None:
    here.jerry("comment", "WORK-1", "Words")
    (here.folder / "code.py").write_text("changed")
    here.git("commit", "--quiet", "--all", "--message=Both")
    here.git("reset", "--quiet", "--hard", "HEAD~1")
    here.git("commit", "--quiet", "--allow-empty", "--message=Without")


ACCIDENTS = (
    hard_reset,
    reset_of_a_commit,
    cleaning,
    dropped_stash,
    deleted_branch,
    deleted_work_tree,
    amended_away,
)


@pytest.mark.positive
@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda accident: accident.__name__)
def test_what_was_lost_is_listed_asked_about_and_brought_back(busy: Place, accident: Callable[[Place], None]) -> None:
    """Never silently: without --recover nothing is written, and nothing without a yes."""
    accident(busy)
    (item,) = busy.ask("show", "WORK-1")["items"]
    assert item["comments"] == []
    told = busy.jerry("doctor", check=False).stdout
    assert "warning[lost-event] .jerry/events/" in told
    assert "comment_added of WORK-1 (Ada, " in told
    busy.jerry("doctor", "--fix")
    assert busy.ask("show", "WORK-1")["items"][0]["comments"] == []
    assert "recovered .jerry/events/" in busy.jerry("doctor", "--recover", "--yes").stdout
    (item,) = busy.ask("show", "WORK-1")["items"]
    assert [said["text"] for said in item["comments"]] == ["Words"]
    assert busy.jerry("doctor").stdout == "all is well\n"
    busy.jerry("commit")
    assert busy.jerry("check").stdout == ""


@pytest.mark.negative
def test_without_a_yes_nothing_is_written(busy: Place) -> None:
    """A pipe that ends is no yes."""
    hard_reset(busy)
    done = busy.jerry("doctor", "--recover", check=False)
    assert done.returncode == 130
    assert "lost: comment_added of WORK-1" in done.stderr
    assert busy.ask("show", "WORK-1")["items"][0]["comments"] == []


@pytest.mark.positive
@pytest.mark.parametrize("keeper", ["branch", "stash", "work tree", "tag"])
def test_what_is_somewhere_is_not_lost(busy: Place, tmp_path: Path, keeper: str) -> None:
    """In a branch, a tag, a stash or another work tree it only is not here."""
    busy.git("switch", "--quiet", "--create", "topic")
    busy.jerry("comment", "WORK-1", "Words")
    if keeper == "stash":
        busy.git("stash", "push", "--quiet")
    elif keeper == "work tree":
        busy.git("worktree", "add", "--quiet", str(tmp_path / "other"), "main")
        busy = Place(tmp_path / "other", busy.environment)
    else:
        busy.jerry("commit")
        busy.git("switch", "--quiet", "main")
    if keeper == "tag":
        busy.git("tag", "kept", "topic")
        busy.git("branch", "--quiet", "-D", "topic")
    assert busy.ask("show", "WORK-1")["items"][0]["comments"] == []
    assert busy.jerry("doctor").stdout == "all is well\n"
