"""What git takes for renames where events went into archives, and how it is put right (ADR-034)."""

from __future__ import annotations

import json

import pytest

from jerry_git.infrastructure.persistence.event_paths import stream_folder
from tests.end_to_end.conftest import Place
from tests.end_to_end.old_work import is_well, put_away


@pytest.fixture
def alike(here: Place) -> Place:
    """Main has archived an item, and gone on with another one; a branch, which is checked out, goes on with the first.

    git takes the file that went and the one that came for a rename, and the first item's folder for the second's.
    """
    for command in (("new", "Old work"), ("new", "New work"), ("start", "WORK-1"), ("done", "WORK-1"), ("commit",)):
        here.jerry(*command)
    here.git("branch", "other")
    here.git("tag", "before")
    put_away(here)
    here.jerry("start", "WORK-2")
    here.jerry("commit")
    here.git("switch", "--quiet", "other")
    here.jerry("reopen", "WORK-1")
    here.jerry("commit")
    return here


def both_are_under_way(where: Place) -> None:
    """Both items are as the two branches left them."""
    assert [item["status"] for item in where.ask("list", "--all")["items"]] == ["in_progress"] * 2
    is_well(where)


@pytest.mark.positive
@pytest.mark.parametrize("asked", ["-c merge.directoryRenames=false merge", "merge --strategy=resolve"])
def test_what_git_took_for_a_rename_is_merged_where_it_is_not_asked_for_them(alike: Place, asked: str) -> None:
    alike.git(*asked.split(" "), "--quiet", "--no-edit", "main")
    both_are_under_way(alike)


@pytest.mark.negative
def test_an_event_that_git_has_moved_comes_back_as_the_check_says(alike: Place) -> None:
    alike.git("-c", "merge.directoryRenames=true", "merge", "--quiet", "--no-edit", "main")
    (found,) = alike.ask_anyway("check")["findings"]
    assert found["code"] == "wrong-name"
    alike.run("sh", "-c", found["mend"])
    alike.git("commit", "--quiet", "--amend", "--no-edit")
    both_are_under_way(alike)


@pytest.mark.negative
def test_an_event_that_git_has_moved_beside_an_archive_comes_back_as_the_check_says(here: Place) -> None:
    """A long text makes its event file and the archive alike, so that git takes the one for the other."""
    here.jerry("new", "Old work", "--description", "x" * 8000)
    here.jerry("cancel", "WORK-1")
    here.jerry("commit")
    here.git("branch", "other")
    here.git("tag", "before")
    put_away(here)
    here.git("switch", "--quiet", "other")
    here.jerry("comment", "WORK-1", "from another branch")
    here.jerry("commit")
    here.git("-c", "merge.directoryRenames=true", "merge", "--quiet", "--no-edit", "main")
    (found,) = here.ask_anyway("check")["findings"]
    assert (found["code"], found["path"].split("/")[:2]) == ("wrong-name", [".jerry", "archive"])
    assert found["mend"].startswith("git mv it out of .jerry/archive; an event goes back into the folder of its stream")
    stream = json.loads((here.folder / found["path"]).read_text())[0]["subject"]
    folder = here.folder / stream_folder(stream)
    folder.mkdir(parents=True)
    here.git("mv", found["path"], f"{folder}/")
    here.git("commit", "--quiet", "--amend", "--no-edit")
    (item,) = here.ask("show", "WORK-1")["items"]
    assert [comment["text"] for comment in item["comments"]] == ["from another branch"]
    is_well(here)


GOING_ON = {
    "merge": ("commit", "--quiet", "--no-edit"),
    "rebase": ("-c", "core.editor=true", "rebase", "--continue"),
    "cherry-pick": ("-c", "core.editor=true", "cherry-pick", "--continue"),
}


def conflicts(where: Place, way: str) -> list[str]:
    """Let git join this branch with main, which it cannot; the paths that it says are in conflict.

    A commit that is picked has all that main did.
    """
    whole = where.git("commit-tree", "main^{tree}", "-p", "before", "-m", "All").strip()
    stopped = where.run("git", way, whole if way == "cherry-pick" else "main", check=False)
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    return where.git("diff", "--name-only", "--diff-filter=U").splitlines()


def is_settled(where: Place, way: str) -> None:
    """The doctor tells what is wrong and puts it right, and git goes on; all checks are content then."""
    told = where.ask_anyway("doctor")["findings"]
    assert {each["mend"] for each in told if each["code"] == "misjoined"} == {"jerry doctor --fix"}
    assert "`jerry doctor --fix` puts events and archives" in where.jerry("status").stderr
    refused = where.jerry("check", "--staged", check=False)
    assert (refused.returncode, "`jerry doctor --fix` puts it" in refused.stderr) == (2, True)
    assert where.ask("doctor", "--fix")["findings"] == []
    assert where.git("diff", "--name-only") == ""
    assert "jerry doctor" not in where.jerry("status").stderr
    assert where.ask("check", "--staged")["findings"] == []
    where.git(*GOING_ON[way])
    is_well(where)


@pytest.mark.negative
@pytest.mark.parametrize("way", GOING_ON)
def test_a_folder_that_git_took_for_renamed_is_put_right(alike: Place, way: str) -> None:
    assert conflicts(alike, way)
    is_settled(alike, way)
    both_are_under_way(alike)


@pytest.mark.negative
@pytest.mark.parametrize("way", ["merge --squash main", "stash pop", "cherry-pick --no-commit all"])
def test_it_is_put_right_too_where_git_does_not_keep_what_it_joins(alike: Place, way: str) -> None:
    alike.git("tag", "all", alike.git("commit-tree", "main^{tree}", "-p", "before", "-m", "All").strip())
    if way == "stash pop":
        alike.git("reset", "--quiet", "--soft", "HEAD~1")
        alike.git("stash")
        alike.git("reset", "--quiet", "--hard", "main")
    stopped = alike.run("git", *way.split(), check=False)
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert alike.ask("doctor", "--fix")["findings"] == []
    assert alike.git("diff", "--name-only") == ""
    alike.git("commit", "--quiet", "--message=Joined")
    both_are_under_way(alike)


@pytest.fixture
def both(here: Place) -> Place:
    """Two branches have archived the same item, which was cancelled, and each has cancelled another one."""
    for title in ("Old work", "New work", "More work"):
        here.jerry("new", title)
    here.jerry("cancel", "WORK-1")
    here.jerry("commit")
    here.git("tag", "before")
    here.git("branch", "other")
    for branch, item in (("main", "WORK-2"), ("other", "WORK-3")):
        here.git("switch", "--quiet", branch)
        here.git("commit", "--quiet", "--allow-empty", f"--message={branch}")  # else both may have the very same commit
        put_away(here)
        here.jerry("cancel", item)
        here.jerry("commit")
    return here


@pytest.mark.negative
def test_a_file_that_git_took_for_renamed_in_two_ways_is_put_right(both: Place) -> None:
    assert conflicts(both, "merge")
    is_settled(both, "merge")
    assert [item["status"] for item in both.ask("list", "--all")["items"]] == ["cancelled"] * 3
    assert len(list(both.folder.glob(".jerry/archive/*"))) == 1


@pytest.mark.negative
def test_what_was_added_with_the_conflict_in_it_is_put_right(alike: Place) -> None:
    """`git add` takes the moved event for granted. What is written meanwhile stays, and so does code in conflict."""
    alike.git("switch", "--quiet", "main")
    change(alike, "main")
    alike.git("switch", "--quiet", "other")
    change(alike, "other")
    assert "code.py" in conflicts(alike, "merge")
    alike.git("add", "--all", ".jerry")
    alike.jerry("comment", "WORK-1", "while merging")
    assert {each["code"] for each in alike.ask_anyway("doctor")["findings"]} == {"misjoined"}
    assert alike.ask("doctor", "--fix")["findings"] == []
    assert alike.git("diff", "--name-only", "--diff-filter=U").split() == ["code.py"]
    alike.git("checkout", "--theirs", "code.py")
    alike.git("commit", "--quiet", "--no-edit", "--all")
    both_are_under_way(alike)
    assert len(alike.ask("show", "WORK-1")["items"][0]["comments"]) == 1


def change(where: Place, text: str) -> None:
    """Commit a change of the code."""
    (where.folder / "code.py").write_text(f"print({text!r})\n")
    where.git("commit", "--quiet", "--all", f"--message={text}")


@pytest.mark.negative
def test_marks_that_git_wrote_into_archives_are_taken_out(here: Place) -> None:
    """A long text makes an event and an archive alike; each branch has one of its own."""
    here.jerry("new", "Old work", "--description", "x" * 9000)
    here.jerry("cancel", "WORK-1")
    for title in ("Ours", "Theirs"):
        here.jerry("new", title)
    here.jerry("commit")
    here.git("tag", "before")
    here.git("branch", "other")
    for branch, item in (("main", "WORK-2"), ("other", "WORK-3")):
        here.git("switch", "--quiet", branch)
        here.jerry("cancel", item)
        here.jerry("commit")
        put_away(here)
    conflicts(here, "merge")
    assert any(b"<<<<<<<" in archive.read_bytes() for archive in here.folder.glob(".jerry/archive/*"))
    is_settled(here, "merge")
    assert [item["status"] for item in here.ask("list", "--all")["items"]] == ["cancelled"] * 3
