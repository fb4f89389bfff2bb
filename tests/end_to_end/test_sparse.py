"""Checkouts in which the files of `.jerry`, or some of them, are in git alone."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place
from tests.end_to_end.old_work import put_away


@pytest.fixture
def sparse(here: Place) -> Place:
    """A repository with a done item in an archive and an open one; its checkout can leave folders out."""
    for title in ("Old", "New"):
        here.jerry("new", title)
    here.jerry("cancel", "WORK-1")
    here.jerry("commit")
    put_away(here)
    (here.folder / "src").mkdir()
    (here.folder / "src" / "code.py").write_text("print()\n")
    here.git("add", "src")
    here.git("commit", "--quiet", "--message=Code")
    return here


def mend(where: Place, told: str) -> None:
    """Do what the hint says, from where it was said."""
    where.run("sh", "-c", told.partition("hint: `")[2].partition("`")[0])


def both_are_there(where: Place) -> None:
    """Nothing is missing any longer."""
    told = where.jerry("list", "--all", "--json")
    assert "warning" not in told.stderr
    assert [item["id"] for item in json.loads(told.stdout)["items"]] == ["WORK-1", "WORK-2"]


@pytest.mark.negative
@pytest.mark.parametrize("command", [("list",), ("new", "More"), ("init",), ("init", "--prefix", "APP"), ("doctor",)])
@pytest.mark.parametrize("folder", ["", "src"])
def test_work_tracking_that_is_not_checked_out_is_not_set_up_anew(
    sparse: Place, command: tuple[str, ...], folder: str
) -> None:
    sparse.git("sparse-checkout", "set", "--cone", "src")
    assert not (sparse.folder / ".jerry").exists()
    here = replace(sparse, folder=sparse.folder / folder)
    refused = here.jerry(*command, check=False)
    assert refused.returncode == 1
    assert "this sparse checkout leaves out .jerry/repository.json, which git has" in refused.stderr
    assert sparse.git("status", "--porcelain") == ""
    mend(here, refused.stderr)
    both_are_there(sparse)


@pytest.mark.negative
@pytest.mark.parametrize("folder", ["", "src"])
def test_a_folder_that_was_removed_by_hand_is_not_set_up_anew(sparse: Place, folder: str) -> None:
    shutil.rmtree(sparse.folder / ".jerry")
    here = replace(sparse, folder=sparse.folder / folder)
    refused = here.jerry("init", "--prefix", "APP", check=False)
    assert refused.returncode == 1
    assert "this work tree does not have .jerry/repository.json, which git has" in refused.stderr
    mend(here, refused.stderr)
    assert sparse.git("status", "--porcelain") == ""


@pytest.mark.negative
def test_what_was_cloned_without_a_checkout_is_not_set_up_anew(sparse: Place, tmp_path: Path) -> None:
    sparse.git("clone", "--quiet", "--no-checkout", ".", str(tmp_path / "clone"))
    clone = replace(sparse, folder=tmp_path / "clone")
    refused = clone.jerry("init", "--prefix", "APP", check=False)
    assert refused.returncode == 1
    assert "this work tree does not have .jerry/repository.json, which git has" in refused.stderr
    mend(clone, refused.stderr)
    both_are_there(clone)


@pytest.mark.positive
def test_who_takes_work_tracking_out_of_git_may_set_it_up_anew(sparse: Place) -> None:
    sparse.git("rm", "--quiet", "-r", ".jerry")
    sparse.jerry("init", "--prefix", "APP")
    assert "APP" in (sparse.folder / ".jerry/repository.json").read_text()


@pytest.mark.negative
@pytest.mark.parametrize("command", ["list", "ready", "status", "stats", "doctor", "check"])
@pytest.mark.parametrize("patterns", [("--no-cone", "/*", "!/.jerry/archive"), ("--cone", "src", ".jerry/events")])
def test_a_checkout_without_archives_says_that_items_are_missing(
    sparse: Place, command: str, patterns: tuple[str, ...]
) -> None:
    assert "warning:" not in sparse.jerry(command).stderr
    sparse.git("sparse-checkout", "set", *patterns)
    here = replace(sparse, folder=sparse.folder / "src")
    told = here.jerry(command).stderr
    assert "warning: this sparse checkout leaves out 1 file of events, which git has: items may be missing" in told
    mend(here, told)
    assert "warning:" not in sparse.jerry(command).stderr
    both_are_there(sparse)


@pytest.mark.negative
@pytest.mark.parametrize("command", [("new", "More"), ("cancel", "WORK-2"), ("archive", "--before", "0h")])
def test_nothing_is_written_where_archives_are_left_out(
    sparse: Place, command: tuple[str, ...], tmp_path: Path
) -> None:
    """A number that is taken would be given once more, and a status changed without the steps before."""
    sparse.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = replace(sparse, folder=tmp_path / "clone")
    clone.git("sparse-checkout", "set", "--no-cone", "/*", "!/.jerry/archive")
    refused = clone.jerry(*command, check=False)
    assert (refused.returncode, clone.git("status", "--porcelain")) == (1, "")
    assert "error: this sparse checkout leaves out 1 file of events, which git has" in refused.stderr
    mend(clone, refused.stderr.partition("error: ")[2])
    clone.jerry(*command)


@pytest.mark.positive
def test_what_else_of_the_folder_is_left_out_hinders_nobody(sparse: Place) -> None:
    sparse.git("sparse-checkout", "set", "--no-cone", "/*", "!/.jerry/README.md", "!/.jerry/schemas")
    sparse.jerry("new", "More")
    assert "warning:" not in sparse.jerry("list").stderr
