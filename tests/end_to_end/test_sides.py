"""Which values are ours, and which were merged: asked of real clones and branches (ADR-029)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Place
from tests.end_to_end.remotes import begun, clone, hub


def title(where: Place) -> Any:
    """The title of the first item."""
    return where.ask("show", "WORK-1")["items"][0]["title"]


def retitle(where: Place, words: str) -> None:
    """Give the first item a title, and commit it."""
    where.jerry("edit", "WORK-1", "--title", words)
    where.jerry("commit")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Place, Place]:
    """Two clones that gave an item different titles; the right one has merged what the left one pushed."""
    there = hub(tmp_path)
    left = begun(str(there.folder), tmp_path / "left", tmp_path / "home")
    left.jerry("new", "One")
    left.jerry("sync")
    right = clone(str(there.folder), tmp_path / "right", tmp_path / "home")
    retitle(left, "Left")
    left.jerry("sync")
    retitle(right, "Right")
    right.jerry("sync")
    left.jerry("sync")
    return left, right


@pytest.mark.positive
@pytest.mark.parametrize(("side", "titles"), [("--ours", ("Left", "Right")), ("--theirs", ("Right", "Left"))])
def test_ours_is_what_the_clone_wrote_whoever_merged(pair: tuple[Place, Place], side: str, titles: tuple[str]) -> None:
    for where, expected in zip(pair, titles, strict=True):
        where.jerry("reconcile", "WORK-1", side)
        assert title(where) == expected


@pytest.mark.positive
@pytest.mark.parametrize(("side", "expected"), [("--ours", "Right"), ("--theirs", "Left")])
def test_to_a_third_clone_ours_is_what_the_branch_had_before_the_merge(
    pair: tuple[Place, Place], tmp_path: Path, side: str, expected: str
) -> None:
    third = clone(pair[0].git("remote", "get-url", "origin").strip(), tmp_path / "third", tmp_path / "home")
    third.jerry("reconcile", "WORK-1", side)
    assert title(third) == expected


@pytest.mark.positive
@pytest.mark.parametrize(("branch", "expected"), [("main", "Main"), ("other", "Other")])
def test_of_branches_of_one_clone_ours_is_that_which_stands_here(here: Place, branch: str, expected: str) -> None:
    _two_branches(here)
    here.git("switch", "--quiet", branch)
    here.git("merge", "--quiet", "--no-edit", "other" if branch == "main" else "main")
    here.jerry("reconcile", "WORK-1", "--ours")
    assert title(here) == expected


@pytest.mark.positive
def test_what_is_being_merged_is_theirs_before_it_is_committed(here: Place) -> None:
    """And what is ours here is in HEAD."""
    _two_branches(here)
    here.git("merge", "--quiet", "--no-commit", "other")
    here.jerry("reconcile", "WORK-1", "--keep")
    assert here.ask("show", "WORK-1")["items"][0]["divergences"] == []
    here.git("commit", "--quiet", "--no-edit")
    assert here.jerry("check").returncode == 0


@pytest.mark.negative
def test_of_a_line_that_was_rebased_nothing_can_be_told(here: Place) -> None:
    _two_branches(here)
    here.git("rebase", "--quiet", "other")
    for side in ("ours", "theirs"):
        refused = here.jerry("reconcile", "WORK-1", f"--{side}", check=False)
        assert refused.returncode == 1
        assert f"which title of WORK-1 is {side} cannot be told" in refused.stderr
    assert len(here.ask("show", "WORK-1")["items"][0]["divergences"]) == 1


def _two_branches(here: Place) -> None:
    """An item with a title on main and another one on a branch; main is checked out."""
    here.jerry("init")
    here.jerry("new", "One")
    here.jerry("commit")
    here.git("branch", "--quiet", "--move", "main")
    here.git("switch", "--quiet", "--create", "other")
    retitle(here, "Other")
    here.git("switch", "--quiet", "main")
    retitle(here, "Main")
