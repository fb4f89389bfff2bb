"""Whether anything but our own file came into git's index is known from the lock that becomes it (ADR-039)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jerry_git.application.errors import GitError
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.persistence.marks import NOTHING, are_old, has_checksum, index_mark
from tests.infrastructure.processes import wait_until
from tests.infrastructure.repositories import around_update, git, make_repository, write


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One commit, and a file that nobody has added."""
    made = make_repository(tmp_path / "repository")
    write(made, "new", "new")
    return made


def index_of(repository: Path) -> str:
    """Where git has its index."""
    return os.fspath(repository / ".git" / "index")


@pytest.mark.positive
def test_a_change_that_is_ours_alone_is_told_by_its_marks(repository: Path) -> None:
    before = index_mark(index_of(repository))
    change = Git(repository).add(["new"], index_of(repository))
    assert change == (before, index_mark(index_of(repository)))
    assert before != NOTHING
    assert git(repository, "diff", "--cached", "--name-only") == "new\n"


@pytest.mark.positive
def test_several_files_are_one_change(repository: Path) -> None:
    write(repository, "other", "other")
    assert Git(repository).add(["new", "other"], index_of(repository)) is not None


@pytest.mark.positive
def test_a_work_tree_has_an_index_of_its_own(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "--quiet", tmp_path / "there")
    write(tmp_path / "there", "new", "new")
    index = repository / ".git" / "worktrees" / "there" / "index"
    assert Git(tmp_path / "there").add(["new"], os.fspath(index)) is not None


@pytest.mark.negative
@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"before": "touch more; git add more"}, id="another git before ours has read the index"),
        pytest.param(
            {"before": "touch more; (sleep 0.1; printf 'new\\0more\\0') | git update-index --add -z --stdin"},
            id="another git that leaves nothing to do for ours",
        ),
        pytest.param({"after": "touch more; git add more"}, id="another git after ours"),
        pytest.param({"after": "git read-tree HEAD; git add new"}, id="another git after ours, which adds the same"),
    ],
)
def test_a_change_that_another_git_takes_part_in_is_not_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: dict[str, str]
) -> None:
    before = index_mark(index_of(repository))
    around_update(tmp_path, monkeypatch, **other)
    change = Git(repository).add(["new"], index_of(repository))
    assert change is None or change.before != before
    assert "new\n" in git(repository, "diff", "--cached", "--name-only")


@pytest.mark.negative
def test_nothing_is_told_of_a_file_that_was_added_before(repository: Path) -> None:
    git(repository, "add", "new")
    assert Git(repository).add(["new"], index_of(repository)) is None


@pytest.mark.negative
def test_nothing_is_told_of_an_index_that_is_not_gits(repository: Path, tmp_path: Path) -> None:
    write(tmp_path, "index", Path(index_of(repository)).read_bytes())
    assert Git(repository).add(["new"], os.fspath(tmp_path / "index")) is None
    assert git(repository, "diff", "--cached", "--name-only") == "new\n"


@pytest.mark.negative
def test_nothing_is_told_of_an_ignored_file(repository: Path) -> None:
    write(repository, ".gitignore", "new\n")
    before = index_mark(index_of(repository))
    with pytest.raises(GitError, match="ignored by one of your"):
        Git(repository).add(["new"], index_of(repository))
    assert index_mark(index_of(repository)) == before
    assert not Path(f"{index_of(repository)}.lock").exists()


@pytest.mark.edge
def test_there_may_be_no_index_yet(repository: Path) -> None:
    Path(index_of(repository)).unlink()
    assert index_mark(index_of(repository)) == NOTHING
    assert Git(repository).add(["new"], index_of(repository)) == (NOTHING, index_mark(index_of(repository)))


KILLED = """
import os, sys
from pathlib import Path
import jerry_git.infrastructure.adapters.git as adapter
adapter.finish = lambda *given: os.kill(os.getpid(), 9)
adapter.Git(Path(sys.argv[1])).add(["new"], sys.argv[2])
"""


@pytest.mark.positive
def test_who_is_killed_while_git_waits_for_the_names_leaves_no_lock(repository: Path) -> None:
    done = subprocess.run((sys.executable, "-c", KILLED, repository, index_of(repository)), check=False)
    assert done.returncode == -9
    wait_until(lambda: not Path(f"{index_of(repository)}.lock").exists())
    assert git(repository, "diff", "--cached", "--name-only") == ""


@pytest.mark.positive
def test_the_mark_of_an_index_tells_what_is_in_it(repository: Path) -> None:
    content = Path(index_of(repository)).read_bytes()
    mark = index_mark(index_of(repository))
    assert mark.startswith(content[-20:].hex())
    assert has_checksum(mark)
    assert not are_old([mark], time.time_ns())


@pytest.mark.edge
def test_an_index_may_have_no_checksum(repository: Path) -> None:
    content = Path(index_of(repository)).read_bytes()
    Path(index_of(repository)).write_bytes(content[:-20] + bytes(20))  # as `index.skipHash` has it, from git 2.40 on
    assert not has_checksum(index_mark(index_of(repository)))
    assert not has_checksum(NOTHING)


@pytest.mark.positive
def test_an_index_may_be_a_link(repository: Path, tmp_path: Path) -> None:
    """git follows it, and locks and replaces what it leads to."""
    there = Path(index_of(repository)).rename(tmp_path / "there")
    Path(index_of(repository)).symlink_to(there)
    before = index_mark(index_of(repository))
    assert Git(repository).add(["new"], index_of(repository)) == (before, index_mark(os.fspath(there)))
    assert Path(index_of(repository)).is_symlink()


@pytest.mark.negative
def test_who_must_not_write_there_is_told_soon(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is waited for once, not at each try."""
    monkeypatch.setenv("GIT_INDEX_FILE", os.fspath(repository / "nowhere" / "index"))
    waited: list[float] = []
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: (waited.append(seconds), sleep(0.0005)))
    with pytest.raises(GitError, match="nowhere/index"):
        Git(repository).add(["new"], index_of(repository))
    assert len([pause for pause in waited if pause < 0.001]) < 1000
