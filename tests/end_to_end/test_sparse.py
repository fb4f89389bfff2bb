"""Checkouts in which the files of `.jerry`, or some of them, are in git alone."""

from __future__ import annotations

import shutil

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


@pytest.mark.negative
@pytest.mark.parametrize("command", [("list",), ("new", "More"), ("init",), ("init", "--prefix", "APP"), ("doctor",)])
def test_work_tracking_that_is_not_checked_out_is_not_set_up_anew(sparse: Place, command: tuple[str, ...]) -> None:
    sparse.git("sparse-checkout", "set", "--cone", "src")
    assert not (sparse.folder / ".jerry").exists()
    refused = sparse.jerry(*command, check=False)
    assert refused.returncode == 1
    assert "this sparse checkout leaves out .jerry/repository.json, which git has" in refused.stderr
    assert sparse.git("status", "--porcelain") == ""
    sparse.run("sh", "-c", refused.stderr.partition("hint: `")[2].partition("`")[0])
    assert [item["id"] for item in sparse.ask("list", "--all")["items"]] == ["WORK-1", "WORK-2"]


@pytest.mark.negative
def test_a_folder_that_was_removed_by_hand_is_not_set_up_anew(sparse: Place) -> None:
    shutil.rmtree(sparse.folder / ".jerry")
    refused = sparse.jerry("init", "--prefix", "APP", check=False)
    assert refused.returncode == 1
    assert "this work tree does not have .jerry/repository.json, which git has" in refused.stderr
    sparse.run("sh", "-c", refused.stderr.partition("hint: `")[2].partition("`")[0])
    assert sparse.git("status", "--porcelain") == ""


@pytest.mark.positive
def test_who_takes_work_tracking_out_of_git_may_set_it_up_anew(sparse: Place) -> None:
    sparse.git("rm", "--quiet", "-r", ".jerry")
    sparse.jerry("init", "--prefix", "APP")
    assert "APP" in (sparse.folder / ".jerry/repository.json").read_text()


@pytest.mark.negative
@pytest.mark.parametrize("command", ["list", "ready", "status", "stats", "doctor"])
def test_a_checkout_without_archives_says_that_items_are_missing(sparse: Place, command: str) -> None:
    assert "warning" not in sparse.jerry(command).stderr
    sparse.git("sparse-checkout", "set", "--no-cone", "/*", "!/.jerry/archive")
    told = sparse.jerry(command).stderr
    assert "warning: this sparse checkout leaves out 1 file of .jerry: items may be missing" in told
    patterns = told.partition("`... add '")[2].partition("'")[0]
    sparse.git("sparse-checkout", "add", patterns)
    assert "warning" not in sparse.jerry(command).stderr
    assert [item["id"] for item in sparse.ask("list", "--all")["items"]] == ["WORK-1", "WORK-2"]
