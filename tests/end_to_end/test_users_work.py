"""The user's index and work tree are theirs (beads 1881, beads_rust 337: swept in, wiped out)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place

COVERAGE = '{"totals": {"covered_lines": 9, "num_statements": 10}}'
WRITING = [
    ("new", "Third", "--type", "bug", "--label", "x", "--assignee", "me", "--due", "+3d", "--estimate", "2h"),
    ("claim", "WORK-1"),
    ("release", "WORK-1"),
    ("start", "WORK-1"),
    ("block", "WORK-1", "--reason", "waits"),
    ("unblock", "WORK-1"),
    ("done", "WORK-1"),
    ("reopen", "WORK-1"),
    ("cancel", "WORK-1"),
    ("undo", "WORK-1"),
    ("edit", "WORK-2", "--title", "Renamed"),
    ("assign", "WORK-2", "--to", "me"),
    ("prioritize", "WORK-2", "--priority", "high"),
    ("label", "WORK-2", "--add", "y"),
    ("comment", "WORK-2", "words"),
    ("due", "WORK-2", "--on", "none"),
    ("due", "WORK-2", "--on", "2030-01-01"),
    ("estimate", "WORK-2", "--work", "1h"),
    ("quality", "WORK-2", "--coverage", "coverage.json"),
    ("parent", "WORK-2", "--under", "WORK-4"),
    ("depend", "add", "WORK-2", "WORK-3"),
    ("depend", "remove", "WORK-2", "WORK-3"),
    ("delete", "WORK-2"),
    ("import", "beads", "issues.jsonl"),
    ("doctor", "--fix"),
]


@pytest.fixture
def at_work(here: Place) -> Place:
    """A user in the middle of something: a file half staged, a new file staged, one deleted, one untracked."""
    folder = here.folder
    for title, kind in (("First", "task"), ("Second", "task"), ("Other", "task"), ("Epic", "epic")):
        here.jerry("new", title, "--type", kind)
    (folder / "gone.txt").write_text("gone\n")
    here.git("add", "gone.txt")
    here.git("commit", "--quiet", "--all", "--message", "More")
    (folder / "code.py").write_text("print('staged')\n")
    (folder / "new.py").write_text("staged = 1\n")
    here.git("add", "code.py", "new.py")
    here.git("rm", "--quiet", "gone.txt")
    (folder / "code.py").write_text("print('unstaged')\n")
    (folder / "untracked.txt").write_text("mine\n")
    (folder / "coverage.json").write_text(COVERAGE)
    (folder / "issues.jsonl").write_text('{"id": "b-1", "title": "Imported"}\n')
    return here


def _users(place: Place) -> tuple[str, str, dict[str, bytes]]:
    """What is staged, what is not, and the bytes of every file, all but the tracker's."""
    others = ("--", ".", ":(exclude).jerry")
    files = {
        path.relative_to(place.folder).as_posix(): path.read_bytes()
        for path in place.folder.rglob("*")
        if path.is_file() and path.relative_to(place.folder).parts[0] not in (".git", ".jerry")
    }
    return place.git("diff", "--cached", "--raw", *others), place.git("diff", "--raw", *others), files


@pytest.mark.positive
@pytest.mark.parametrize("mode", ["stage", "auto", "manual"])
def test_every_writing_command_leaves_the_users_work_as_it_was(at_work: Place, mode: str) -> None:
    """Staged, unstaged and untracked changes are the same after each command, and after `jerry commit`."""
    (at_work.folder / "pyproject.toml").write_text(f'[tool.jerry.commit]\nmode = "{mode}"\n')
    before = _users(at_work)
    for command in WRITING:
        at_work.jerry(*command)
        assert _users(at_work) == before, command
    at_work.jerry("commit")
    assert _users(at_work) == before
    assert at_work.git("status", "--porcelain", "--", ".jerry") == ""


@pytest.mark.positive
def test_a_commit_of_events_carries_events_alone(at_work: Place) -> None:
    """`jerry commit` names its files; nothing else rides along."""
    at_work.jerry("start", "WORK-1")
    at_work.jerry("commit")
    names = at_work.git("show", "--format=", "--name-only", "HEAD").split()
    assert names
    assert [name for name in names if not name.startswith(".jerry/events/")] == []


@pytest.mark.positive
def test_events_ride_in_the_users_own_commit(at_work: Place) -> None:
    """They are staged as they are written, beside the code."""
    at_work.jerry("start", "WORK-1")
    at_work.git("commit", "--quiet", "--message", "Mine")
    names = at_work.git("show", "--format=", "--name-only", "HEAD").split()
    assert {"code.py", "new.py"} < set(names)
    assert [name for name in names if name.startswith(".jerry/events/")]


@pytest.mark.positive
def test_a_commit_runs_the_users_hooks(here: Place, tmp_path: Path) -> None:
    """Nothing is bypassed: the hook sees the event files, and may refuse them."""
    seen = tmp_path / "seen"
    hook = here.folder / ".git" / "hooks" / "pre-commit"
    hook.write_text(f"#!/bin/sh\ngit diff --cached --name-only > {seen}\n")
    hook.chmod(0o755)
    here.jerry("new", "Something")
    here.jerry("commit")
    assert ".jerry/events/" in seen.read_text()


@pytest.mark.negative
def test_a_hook_that_refuses_is_obeyed(here: Place) -> None:
    """The event stays written and staged; the commit is not made, and the hook's words are shown."""
    hook = here.folder / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n")
    hook.chmod(0o755)
    here.jerry("new", "Something")
    refused = here.jerry("commit", check=False)
    assert refused.returncode == 1
    assert "not on a Friday" in refused.stderr
    assert here.git("status", "--porcelain").startswith("A  .jerry/events/")


@pytest.mark.negative
def test_no_command_that_changes_nothing_writes_anything(at_work: Place) -> None:
    """What holds already is said, and the index stays as it was."""
    at_work.jerry("start", "WORK-1")
    before = at_work.git("status", "--porcelain")
    assert "already" in at_work.jerry("start", "WORK-1").stdout
    assert at_work.git("status", "--porcelain") == before


@pytest.mark.positive
def test_one_number_is_never_given_twice_in_a_clone(here: Place, tmp_path: Path) -> None:
    """A linked worktree on another branch shares the counter, though it does not see the other's items."""
    here.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "other"))
    there = Place(tmp_path / "other", here.environment)
    made = [place.ask("new", "Item")["outcomes"][0]["id"] for place in (here, there, here, there)]
    assert made == ["WORK-1", "WORK-2", "WORK-3", "WORK-4"]
    assert [row["id"] for row in there.ask("list")["items"]] == ["WORK-2", "WORK-4"]
