"""git, asked about the user and the files: the same answers whatever the user has set (DESIGN 1)."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from jerry_git.application.errors import GitError
from jerry_git.infrastructure.adapters.git import Git
from tests.infrastructure.processes import wait_until
from tests.infrastructure.repositories import ACTOR, ADA, commit_all, git, make_repository, write


def staged(folder: Path) -> str:
    return git(folder, "diff", "--cached", "--name-status", "-z").replace("\0", " ").strip()


# --- who


@pytest.mark.positive
def test_the_actor_is_who_git_would_write_into_a_commit(repository):
    assert Git(repository).actor() == ACTOR


@pytest.mark.positive
def test_the_actor_may_come_from_the_configuration(repository, monkeypatch):
    for name in ADA:
        monkeypatch.delenv(name)
    git(repository, "config", "user.name", "Zoë Ångström")
    git(repository, "config", "user.email", "zoe@example.org")
    assert Git(repository).actor() == "Zoë Ångström <zoe@example.org>"


@pytest.mark.edge
def test_a_name_that_is_not_utf8_is_written_with_question_marks(repository, monkeypatch):
    monkeypatch.setenv("GIT_AUTHOR_NAME", os.fsdecode(b"Zo\xeb"))
    assert Git(repository).actor() == "Zo? <ada@example.org>"


@pytest.mark.negative
def test_without_a_name_git_is_heard(repository, monkeypatch):
    for name in ADA:
        monkeypatch.delenv(name)
    git(repository, "config", "user.useConfigOnly", "true")
    with pytest.raises(GitError, match="no email was given") as refusal:
        Git(repository).actor()
    assert refusal.value.command == ("var", "GIT_AUTHOR_IDENT")


# --- where history began


@pytest.mark.positive
def test_history_has_one_root_or_several_and_none_before_the_first_commit(tmp_path):
    folder = make_repository(tmp_path / "new", commit=False)
    assert Git(folder).root_commits() == ()
    first = commit_all(folder, "one")
    commit_all(folder, "two")
    assert Git(folder).root_commits() == (first,)
    git(folder, "checkout", "--quiet", "--orphan", "other")
    other = commit_all(folder, "another beginning")
    git(folder, "merge", "--quiet", "--allow-unrelated-histories", "--message", "both", "main")
    assert Git(folder).root_commits() == tuple(sorted([first, other]))


@pytest.mark.positive
def test_all_work_trees_of_a_clone_are_known_this_one_first(repository, tmp_path):
    assert Git(repository).work_trees() == (repository,)
    linked = tmp_path / "two\nlines"
    git(repository, "worktree", "add", "--quiet", "-b", "side", linked)
    assert Git(repository).work_trees() == (repository, linked)
    assert Git(linked).work_trees() == (linked, repository)


@pytest.mark.positive
def test_every_path_that_was_ever_added_is_known_on_branches_in_merges_and_stashes(repository):
    def add(name, branch="main"):
        git(repository, "checkout", "--quiet", "-B", branch)
        write(repository, f".jerry/events/{name}", name)
        commit_all(repository, name)

    add("on main")
    add("größe", "side")
    git(repository, "rm", "--quiet", "-r", ".jerry")
    commit_all(repository, "gone")
    git(repository, "checkout", "--quiet", "main")
    write(repository, ".jerry/events/stashed", "")
    write(repository, "elsewhere", "")
    git(repository, "add", "--all")
    git(repository, "stash", "--quiet")
    added = Git(repository).paths_ever_added(".jerry/events")
    assert added == {f".jerry/events/{name}" for name in ("on main", "größe", "stashed")}


@pytest.mark.positive
def test_nothing_was_ever_added_before_the_first_commit(tmp_path):
    assert Git(make_repository(tmp_path / "new", commit=False)).paths_ever_added(".jerry") == frozenset()


# --- the index


@pytest.mark.positive
def test_just_the_named_files_are_staged(repository):
    for name in ("a", "b", "c"):
        write(repository, f".jerry/{name}", name)
    Git(repository).add([".jerry/a", ".jerry/c"])
    assert staged(repository) == "A .jerry/a A .jerry/c"


@pytest.mark.edge
@pytest.mark.parametrize("name", ["*", "[ab]", ":(top)x", "-x", "two\nlines", "größe", "!x", "\\x", '"x"'])
def test_a_file_of_any_name_is_staged_alone(repository, name):
    write(repository, f".jerry/{name}", "x")
    write(repository, ".jerry/a", "a")
    Git(repository).add([f".jerry/{name}"])
    assert staged(repository) == f"A .jerry/{name}"
    assert Git(repository).new_and_gone()[0] == tuple(sorted([f".jerry/{name}", ".jerry/a"]))


@pytest.mark.negative
def test_a_name_that_looks_like_a_pattern_is_never_one(repository):
    write(repository, ".jerry/a", "a")
    with pytest.raises(GitError, match="does not exist"):
        Git(repository).add([".jerry/[ab]"])
    assert staged(repository) == ""


@pytest.mark.edge
def test_staging_nothing_stages_nothing(repository):
    write(repository, "a", "a")
    Git(repository).add([])
    assert staged(repository) == ""


@pytest.mark.negative
def test_a_file_that_is_not_there_cannot_be_staged(repository):
    with pytest.raises(GitError, match="does not exist"):
        Git(repository).add([".jerry/a"])


@pytest.mark.negative
def test_a_file_that_the_user_has_git_ignore_is_not_forced_in(repository):
    write(repository, ".gitignore", ".jerry/\n")
    write(repository, ".jerry/a", "a")
    with pytest.raises(GitError, match="ignored by one of your"):
        Git(repository).add([".jerry/a"])


@pytest.mark.positive
def test_new_files_are_pending_until_they_are_committed(repository):
    write(repository, ".jerry/events/untracked", "1")
    write(repository, ".jerry/events/staged", "2")
    write(repository, ".jerry/events/staged and changed", "3")
    write(repository, "elsewhere", "4")
    write(repository, "src/.jerry/deeper", "5")
    git(repository, "add", ".jerry/events/staged", ".jerry/events/staged and changed")
    write(repository, ".jerry/events/staged and changed", "changed")
    new = (".jerry/events/staged", ".jerry/events/staged and changed", ".jerry/events/untracked")
    assert Git(repository).new_and_gone()[0] == new
    commit_all(repository, "all")
    assert Git(repository).new_and_gone()[0] == ()


@pytest.mark.positive
def test_files_that_are_changed_renamed_or_gone_are_not_pending(repository):
    for name in ("changed", "deleted", "renamed"):
        write(repository, f".jerry/{name}", f"{name}\n" * 20)
    commit_all(repository, "all")
    write(repository, ".jerry/changed", "otherwise")
    (repository / ".jerry" / "deleted").unlink()
    write(repository, ".jerry/staged and gone", "")
    git(repository, "add", ".jerry/staged and gone")
    (repository / ".jerry" / "staged and gone").unlink()
    assert Git(repository).new_and_gone()[0] == ()
    git(repository, "mv", ".jerry/renamed", ".jerry/new name")
    assert Git(repository).new_and_gone()[0] == (".jerry/new name",)


@pytest.mark.positive
def test_an_index_that_another_git_holds_for_a_moment_is_waited_for(repository, tmp_path, monkeypatch):
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    write(repository, ".jerry/a", "a")
    lock = write(repository, ".git/index.lock", "")

    def tries():
        return trace.read_text().count("built-in: git update-index") if trace.exists() else 0

    def release():
        wait_until(lambda: tries() > 1)  # so one try at least has failed
        lock.unlink()

    other = threading.Thread(target=release)
    other.start()
    Git(repository).add([".jerry/a"])
    other.join()
    assert tries() > 1
    assert staged(repository) == "A .jerry/a"


@pytest.mark.negative
def test_an_index_that_is_held_for_good_is_given_up_in_the_words_of_git(repository):
    write(repository, ".jerry/a", "a")
    lock = write(repository, ".git/index.lock", "")
    with pytest.raises(GitError, match=r"index\.lock': File exists"):
        Git(repository).add([".jerry/a"])
    assert lock.exists()


@pytest.mark.positive
def test_looking_never_touches_the_index(repository):
    write(repository, ".jerry/a", "a")
    write(repository, "README", "hello\n")  # its time has changed, so git would like to refresh
    before = (repository / ".git" / "index").stat()
    Git(repository).new_and_gone()
    after = (repository / ".git" / "index").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
