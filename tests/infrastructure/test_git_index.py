"""Whether anything but our own file came into git's index is known from the lock that becomes it (ADR-039)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jerry_git.application.errors import GitError
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.persistence.marks import NOTHING, are_old, index_mark
from tests.infrastructure.processes import wait_until
from tests.infrastructure.repositories import around_update, commit_all, git, make_repository, write

YOUNG = 0
"""A moment before all others: nothing that is told by its time alone is old at it."""


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
adapter.told = lambda *given: os.kill(os.getpid(), 9)
adapter.Git(Path(sys.argv[1])).add(["new"], sys.argv[2])
"""


@pytest.mark.positive
def test_who_is_killed_while_git_waits_for_the_names_leaves_no_lock(repository: Path) -> None:
    done = subprocess.run((sys.executable, "-c", KILLED, repository, index_of(repository)), check=False)
    assert done.returncode == -9
    wait_until(lambda: not Path(f"{index_of(repository)}.lock").exists())
    assert git(repository, "diff", "--cached", "--name-only") == ""


@pytest.mark.positive
def test_an_index_is_trusted_however_young_for_its_checksum_tells_what_is_in_it(repository: Path) -> None:
    commit_all(repository, "all")
    assert are_old([index_mark(index_of(repository))], YOUNG)


@pytest.mark.edge
def test_an_index_without_a_checksum_is_told_by_its_time(repository: Path) -> None:
    content = Path(index_of(repository)).read_bytes()
    Path(index_of(repository)).write_bytes(content[:-20] + bytes(20))  # as `index.skipHash` has it, from git 2.40 on
    assert not are_old([index_mark(index_of(repository))], YOUNG)


@pytest.mark.positive
def test_an_index_may_be_a_link(repository: Path, tmp_path: Path) -> None:
    """Which git follows, and replaces what it leads to."""
    there = Path(index_of(repository)).rename(tmp_path / "there")
    Path(index_of(repository)).symlink_to(there)
    before = index_mark(index_of(repository))
    git(repository, "add", "new")
    assert Path(index_of(repository)).is_symlink()
    assert index_mark(index_of(repository)) != before
