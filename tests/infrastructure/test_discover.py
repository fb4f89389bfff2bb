"""Where the work tree is, as git sees it: `.git` may be a file, a folder of another place, or absent (DESIGN 5)."""

from __future__ import annotations

import os

import pytest

from jerry_git.application.errors import GitError, NoWorkTreeError
from jerry_git.infrastructure.adapters.git import discover
from tests.infrastructure.repositories import git, make_repository, write


@pytest.mark.positive
def test_a_repository_is_found_from_its_root(repository):
    found = discover(repository)
    assert (found.root, found.git_dir, found.common_dir) == (repository, repository / ".git", repository / ".git")
    assert found.private == repository / ".git" / "jerry"


@pytest.mark.positive
def test_a_repository_is_found_from_a_folder_inside(repository):
    write(repository, "a/b/c", "")
    assert discover(repository / "a" / "b") == discover(repository)


@pytest.mark.positive
def test_a_repository_without_commits_is_found(tmp_path):
    assert discover(make_repository(tmp_path / "new", commit=False)).root == tmp_path / "new"


@pytest.mark.positive
def test_linked_worktrees_have_their_own_root_and_share_the_private_folder(repository, tmp_path):
    git(repository, "worktree", "add", "--quiet", tmp_path / "linked")
    found = discover(tmp_path / "linked")
    assert found.root == tmp_path / "linked"
    assert found.git_dir == repository / ".git" / "worktrees" / "linked"
    assert found.private == discover(repository).private


@pytest.mark.positive
def test_a_submodule_is_a_repository_of_its_own(repository, tmp_path):
    outer = make_repository(tmp_path / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository, "inner")
    found = discover(outer / "inner")
    assert found.root == outer / "inner"
    assert found.private == outer / ".git" / "modules" / "inner" / "jerry"
    assert discover(outer).root == outer


@pytest.mark.positive
def test_a_git_directory_elsewhere_is_found_through_the_environment(repository, tmp_path, monkeypatch):
    (tmp_path / "tree").mkdir()
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "tree"))
    found = discover(tmp_path)
    assert (found.root, found.git_dir) == (tmp_path / "tree", repository / ".git")


@pytest.mark.edge
@pytest.mark.parametrize(
    "name", ["two\nlines", "ends in a line break\n", "\n", "größe", " blanks ", "-q", "it's \"quoted\" $HOME", "a:b"],
    ids=repr,
)  # fmt: skip
def test_a_path_of_any_characters_is_found_whole(tmp_path, name):
    root = make_repository(tmp_path / name)
    (root / "folder").mkdir()
    for start in (root, root / "folder"):
        found = discover(start)
        assert (found.root, found.git_dir, found.common_dir) == (root, root / ".git", root / ".git")


@pytest.mark.edge
def test_a_linked_worktree_at_a_path_with_a_line_break_is_found(repository, tmp_path):
    git(repository, "worktree", "add", "--quiet", "-b", "side", tmp_path / "two\nlines")
    found = discover(tmp_path / "two\nlines")
    assert (found.root, found.common_dir) == (tmp_path / "two\nlines", repository / ".git")
    assert found.git_dir.parent == repository / ".git" / "worktrees"


@pytest.mark.edge
def test_a_path_that_is_no_text_is_found(tmp_path):
    root = make_repository(tmp_path / os.fsdecode(b"gr\xf6\xdfe"))
    assert discover(root).root == root


def refusal_at(place):
    with pytest.raises(NoWorkTreeError) as refusal:
        discover(place)
    return refusal.value


@pytest.mark.negative
def test_a_folder_outside_of_any_repository_is_told(tmp_path):
    error = refusal_at(tmp_path)
    assert (error.path, error.reason) == (tmp_path, "no repository")
    assert "not a git repository" in error.detail


@pytest.mark.negative
def test_a_bare_repository_is_told(tmp_path):
    bare = make_repository(tmp_path / "bare.git", "--bare", commit=False)
    assert (refusal_at(bare).path, refusal_at(bare).reason) == (bare, "bare repository")


@pytest.mark.negative
def test_a_place_inside_of_the_git_directory_is_told(repository):
    error = refusal_at(repository / ".git" / "objects")
    assert (error.path, error.reason) == (repository / ".git", "inside the git directory")


@pytest.mark.negative
def test_a_git_file_that_leads_nowhere_is_told(tmp_path):
    write(tmp_path, ".git", "gitdir: /nowhere\n")
    assert refusal_at(tmp_path).reason == "no repository"


@pytest.mark.negative
def test_a_repository_that_git_does_not_trust_is_told_in_the_words_of_git(repository, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    error = refusal_at(repository)
    assert error.reason == "git refuses to work here"
    assert "dubious ownership" in error.detail


@pytest.mark.negative
def test_a_git_too_old_to_answer_is_told(repository, tmp_path, monkeypatch):
    """git before 2.31 hands `--path-format=absolute` back; no such git is at hand, so a script stands in for it."""
    old = write(tmp_path, "bin/git", "#!/bin/sh\necho false\necho false\necho --path-format=absolute\necho .git\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent), prepend=os.pathsep)
    assert (refusal_at(repository).reason, refusal_at(repository).detail) == (
        "git refuses to work here",
        "git 2.36 or newer is needed",
    )


@pytest.mark.negative
def test_git_that_is_not_installed_is_told(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not on the PATH") as refusal:
        discover(repository)
    assert refusal.value.command[0] == "rev-parse"


@pytest.mark.negative
@pytest.mark.parametrize(("make", "words"), [(False, "No such file or directory"), (True, "Not a directory")])
def test_a_place_that_is_no_folder_is_told(tmp_path, make, words):
    if make:
        write(tmp_path, "place", "")
    with pytest.raises(GitError, match=words):
        discover(tmp_path / "place")
