"""Wherever git works, and wherever it does not: the exact words each time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place, place


def _refusal(where: Place, *arguments: str) -> tuple[int, str]:
    done = where.jerry(*arguments, check=False)
    return done.returncode, done.stderr.replace(str(where.folder), "HERE")


@pytest.mark.negative
def test_outside_of_a_repository(tmp_path: Path) -> None:
    """git is asked; nobody guesses."""
    where = place(tmp_path / "nowhere", tmp_path / "home", GIT_CEILING_DIRECTORIES=str(tmp_path))
    hint = "hint: make one with `git init`, or go to one with `jerry -C PATH`\n"
    assert _refusal(where, "list") == (1, f"error: HERE is not in a git repository\n\n{hint}")


@pytest.mark.negative
def test_in_a_bare_repository(tmp_path: Path) -> None:
    """There is no work tree to keep items in."""
    where = place(tmp_path / "bare", tmp_path / "home")
    where.git("init", "--quiet", "--bare")
    hint = "hint: work items live in a work tree: `git worktree add PATH`\n"
    assert _refusal(where, "list") == (1, f"error: HERE is a bare repository, without a work tree\n\n{hint}")


@pytest.mark.negative
def test_before_init(bare_place: Place) -> None:
    """The hint is the command that helps."""
    expected = "error: no work items are kept in HERE yet\n\nhint: `jerry init` sets it up\n"
    assert _refusal(bare_place, "list") == (1, expected)


@pytest.mark.negative
def test_inside_the_git_folder(here: Place) -> None:
    """git's own folder is no work tree."""
    code, words = _refusal(Place(here.folder / ".git", here.environment), "list")
    assert code == 1
    assert "is git's own folder, not a work tree" in words


@pytest.mark.negative
def test_without_a_name_for_commits(here: Place) -> None:
    """An event needs an actor; the hint says how to tell git."""
    nameless = {key: value for key, value in here.environment.items() if not key.startswith("GIT_AUTHOR")}
    here.git("config", "user.useConfigOnly", "true")
    code, words = _refusal(Place(here.folder, nameless), "new", "Something")
    assert code == 1
    assert "hint: tell git who you are: `git config user.name NAME`" in words


@pytest.mark.negative
def test_without_git(here: Place, tmp_path: Path) -> None:
    """A clear word, no traceback; to look around, git is not needed (ADR-036)."""
    (tmp_path / "empty").mkdir()
    alone = Place(here.folder, {**here.environment, "PATH": str(tmp_path / "empty")})
    code, words = _refusal(alone, "new", "Something")
    assert (code, "git is not on the PATH" in words) == (1, True)
    assert _refusal(alone, "list") == (0, "no items yet: `jerry new TITLE` makes the first\n")


@pytest.mark.positive
@pytest.mark.parametrize("archived", [False, True], ids=["as files", "archived"])
def test_with_a_split_index(here: Place, archived: bool) -> None:
    """Some programs cannot read one (libgit2); whatever asks for the index here is git."""
    here.git("config", "core.splitIndex", "true")
    here.git("update-index", "--split-index")
    for title in ("First", "Second"):
        here.jerry("new", title)
    here.jerry("start", "WORK-1")
    here.jerry("done", "WORK-1")
    here.git("commit", "--quiet", "--message=Work")
    assert list((here.folder / ".git").glob("sharedindex.*"))
    if archived:
        here.jerry("archive", "--before", "0h", "--commit")
    here.git("switch", "--quiet", "--create", "other")
    here.jerry("start", "WORK-2")
    here.jerry("commit")
    here.git("switch", "--quiet", "main")
    here.jerry("new", "Third")
    here.jerry("commit")
    here.git("merge", "--quiet", "--no-edit", "other")
    found = {row["id"]: row["status"] for row in here.ask("list", "--all")["items"]}
    assert found == {"WORK-1": "done", "WORK-2": "in_progress", "WORK-3": "pending"}
    for command in (
        "check",
        "check --staged",
        "audit",
        "log WORK-1",
        "list --as-of HEAD",
        "review",
        "stats",
        "diff HEAD~1",
    ):
        assert here.jerry(*command.split()).returncode == 0
    assert here.jerry("doctor").stdout == "all is well\n"
    assert here.git("status", "--short") == ""


@pytest.mark.positive
def test_in_a_repository_without_commits(bare_place: Place) -> None:
    """An unborn branch takes items, and the first commit."""
    bare_place.jerry("init")
    bare_place.jerry("new", "First")
    bare_place.jerry("commit")
    assert [row["title"] for row in bare_place.ask("list")["items"]] == ["First"]
    assert bare_place.git("status", "--short") == ""


@pytest.mark.positive
def test_on_a_detached_head(here: Place) -> None:
    """Work goes on, and is committed there."""
    here.git("checkout", "--quiet", "--detach")
    here.jerry("new", "Adrift")
    here.jerry("commit")
    assert here.ask("log", "WORK-1")["events"][0]["commit"] == here.git("rev-parse", "HEAD").strip()


@pytest.mark.positive
def test_in_a_subfolder_and_with_the_path_option(here: Place, tmp_path: Path) -> None:
    """The work tree is found from below, and from elsewhere."""
    below = Place(here.folder / "a" / "b", here.environment)
    below.folder.mkdir(parents=True)
    below.jerry("new", "From below")
    elsewhere = place(tmp_path / "elsewhere", tmp_path / "home")
    assert "From below" in elsewhere.jerry("-C", str(here.folder), "list").stdout


@pytest.mark.positive
def test_in_a_linked_worktree_and_in_a_submodule(here: Place, tmp_path: Path) -> None:
    """Where `.git` is a file (beads 478, git-bug 971)."""
    here.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Place(tmp_path / "linked", here.environment)
    linked.jerry("new", "In the worktree")
    linked.jerry("commit")
    outer = place(tmp_path / "outer", tmp_path / "home")
    outer.git("init", "--quiet")
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(here.folder), "inner")
    inner = Place(outer.folder / "inner", here.environment)
    inner.jerry("new", "In the submodule")
    inner.jerry("commit")
    assert [row["title"] for row in inner.ask("list")["items"]] == ["In the submodule"]
    assert not (outer.folder / ".jerry").exists()


@pytest.mark.positive
def test_git_jerry_is_jerry(here: Place) -> None:
    """`git jerry list` finds the console script."""
    script = here.folder.parent / "bin" / "git-jerry"
    script.parent.mkdir()
    script.symlink_to(Path(sys.executable).parent / "git-jerry")
    there = Place(here.folder, {**here.environment, "PATH": f"{script.parent}:{here.environment['PATH']}"})
    there.jerry("new", "By git")
    assert "By git" in there.git("jerry", "list")


@pytest.mark.positive
def test_in_a_repository_inside_another(here: Place) -> None:
    """Each has its own items."""
    inside = Place(here.folder / "vendor" / "lib", here.environment)
    inside.folder.mkdir(parents=True)
    inside.git("init", "--quiet")
    inside.jerry("init", "--prefix", "LIB")
    inside.jerry("new", "Inner")
    assert [row["id"] for row in inside.ask("list")["items"]] == ["LIB-1"]
    assert here.ask("list")["items"] == []


@pytest.mark.edge
def test_a_session_that_is_not_utf8_is_written_with_question_marks(here: Place) -> None:
    """An event is UTF-8, whatever the environment holds."""
    here.run("bash", "-c", f"JERRY_SESSION=$'s\\xff' {sys.executable} -m jerry_git new Something")
    assert here.ask("log", "WORK-1")["events"][0]["event"]["session"] == "s?"
