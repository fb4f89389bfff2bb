"""Where the work tree is, as git sees it: `.git` may be a file, a folder of another place, or absent (DESIGN 5)."""

from __future__ import annotations

import os
import subprocess

import pytest

from jerry_git.application.errors import GitError, NoWorkTreeError
from jerry_git.infrastructure.adapters import git_discovery
from jerry_git.infrastructure.adapters.git_discovery import discover
from tests.infrastructure.repositories import commit_all, git, make_repository, write


def configure(*settings):
    """A change of a repository: these settings in its configuration."""

    def change(root):
        for name, value in zip(settings[::2], settings[1::2], strict=True):
            git(root, "config", name, value)

    return change


def append(path, text):
    """A change of a repository: a file of it gets longer."""

    def change(root):
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def head(text):
    """A change of a repository: another `HEAD`."""
    return lambda root: write(root, ".git/HEAD", text)


def linked_config(root):
    """`.git/config` is a symbolic link."""
    config = root / ".git" / "config"
    config.rename(root / "elsewhere")
    config.symlink_to(root / "elsewhere")


def linked_directory(root):
    """`.git` is a symbolic link."""
    (root / ".git").rename(root.parent / "elsewhere")
    (root / ".git").symlink_to(root.parent / "elsewhere")


def moved_directory(root):
    """`.git` is a file without a work tree's folder behind it, as `git init --separate-git-dir` makes it."""
    git(root, "init", "--quiet", f"--separate-git-dir={root.parent / 'elsewhere'}")


def others(root):
    """The folder belongs to somebody else."""
    os.chown(root, os.geteuid() + 1, -1)


def others_directory(root):
    """`.git` belongs to somebody else."""
    os.chown(root / ".git", os.geteuid() + 1, -1)


def a_commondir(root):
    """A file that only linked work trees have, with a repository behind it."""
    make_repository(root.parent / "another")
    write(root, ".git/commondir", f"{root.parent / 'another' / '.git'}\n")


PLAIN = {
    "untouched": lambda root: None,
    "detached": lambda root: git(root, "checkout", "--quiet", "--detach"),
    "settings": configure("user.name", "Grace", "core.autocrlf", "true", "remote.origin.url", "../there"),
}
"""What a repository may be to be found without git."""
SPECIAL = {
    "work tree elsewhere": configure("core.worktree", "../../other"),
    "bare": configure("core.bare", "true"),
    "bare, in a line": append(".git/config", "[core] bare = yes\n"),
    "bare, without a value": append(".git/config", "[CORE]\n\tBare\n"),
    "format": configure("core.repositoryFormatVersion", "2"),
    "extension": configure("core.repositoryFormatVersion", "1", "extensions.unheardOf", "true"),
    "settings by work tree": configure("extensions.worktreeConfig", "true", "core.repositoryFormatVersion", "1"),
    "more settings": append(".git/config", "[include]\n\tpath = ../more\n"),
    "torn settings": append(".git/config", "[core\nbare"),
    "head of nothing": head("ref: elsewhere\n"),
    "head of no text": head(""),
    "short head": head("1234\n"),
    "no head": lambda root: (root / ".git" / "HEAD").unlink(),
    "no refs": lambda root: [(root / ".git" / "refs").rename(root / "refs")],
    "linked settings": linked_config,
    "linked directory": linked_directory,
    "separate directory": moved_directory,
    "owner": others,
    "owner of the git directory": others_directory,
    "shared by another": a_commondir,
}
"""What leaves the answer to git."""


def answer(discovering, start):
    """What is found, or why nothing is."""
    try:
        return discovering(start)
    except NoWorkTreeError as error:
        return error.path, error.reason, error.detail


@pytest.fixture
def unasked(monkeypatch):
    """git must not be started."""

    def refuse(*arguments, **options):
        raise AssertionError(arguments)

    return lambda: monkeypatch.setattr(subprocess, "run", refuse)


@pytest.mark.positive
@pytest.mark.parametrize("name", PLAIN)
def test_a_usual_repository_is_found_without_git_and_as_git_finds_it(tmp_path, unasked, name):
    root = make_repository(tmp_path / "it")
    PLAIN[name](root)
    (root / "a" / "b").mkdir(parents=True)
    (tmp_path / "link").symlink_to(root / "a")
    starts = (root, root / "a" / "b", tmp_path / "link", tmp_path / "link" / "b" / "..")
    asked = [answer(git_discovery._asked, start) for start in starts]
    unasked()
    assert [discover(start) for start in starts] == asked


@pytest.mark.positive
def test_a_linked_work_tree_is_found_without_git_and_as_git_finds_it(repository, tmp_path, unasked):
    git(repository, "worktree", "add", "--quiet", tmp_path / "linked")
    write(tmp_path, "linked/a/file", "")
    starts = (tmp_path / "linked", tmp_path / "linked" / "a")
    asked = [answer(git_discovery._asked, start) for start in starts]
    unasked()
    assert [discover(start) for start in starts] == asked


@pytest.mark.edge
@pytest.mark.parametrize("name", SPECIAL)
def test_what_is_special_is_left_to_git(tmp_path, name):
    root = make_repository(tmp_path / "outer" / "it")
    SPECIAL[name](root)
    (root / "a").mkdir()
    for start in (root, root / "a"):
        with pytest.raises((git_discovery._Doubt, OSError)):
            git_discovery._plain(start)
        assert answer(discover, start) == answer(git_discovery._asked, start)


@pytest.mark.edge
@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".git", "gitdir: nowhere\n"),
        (".git", "gitdir: /nowhere\n"),
        (".git", "garbage"),
        (".git", ""),
        ("../it/.git/worktrees/linked/gitdir", "/elsewhere/.git\n"),
        ("../it/.git/worktrees/linked/commondir", "../nowhere\n"),
        ("../it/.git/worktrees/linked/HEAD", "what\n"),
    ],
)
def test_a_linked_work_tree_that_is_damaged_is_left_to_git(tmp_path, file, text):
    root = make_repository(tmp_path / "it")
    git(root, "worktree", "add", "--quiet", tmp_path / "linked")
    write(tmp_path / "linked", file, text)
    with pytest.raises((git_discovery._Doubt, OSError)):
        git_discovery._plain(tmp_path / "linked")
    assert answer(discover, tmp_path / "linked") == answer(git_discovery._asked, tmp_path / "linked")


@pytest.mark.edge
def test_a_linked_work_tree_that_was_moved_by_hand_is_left_to_git(repository, tmp_path):
    git(repository, "worktree", "add", "--quiet", tmp_path / "linked")
    (tmp_path / "linked").rename(tmp_path / "moved")
    with pytest.raises(git_discovery._Doubt):
        git_discovery._plain(tmp_path / "moved")
    assert discover(tmp_path / "moved") == git_discovery._asked(tmp_path / "moved")


@pytest.mark.edge
def test_the_innermost_repository_counts(repository, unasked):
    inner = make_repository(repository / "vendor" / "inner")
    bare = make_repository(repository / "bare", "--bare", commit=False)
    assert answer(discover, bare / "objects") == answer(git_discovery._asked, bare / "objects")
    commit_all(repository, "with others in it")
    unasked()
    assert discover(inner).root == inner
    assert discover(repository / "vendor").root == repository


@pytest.mark.edge
@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_CONFIG_COUNT", "GIT_CEILING_DIRECTORIES", "GIT_NOT_YET_KNOWN"])
def test_variables_of_git_leave_the_answer_to_git(repository, monkeypatch, name):
    monkeypatch.setenv(name, {"GIT_DIR": str(repository / ".git"), "GIT_CONFIG_COUNT": "0"}.get(name, "true"))
    with pytest.raises(git_discovery._Doubt):
        git_discovery._plain(repository)
    assert discover(repository).root == repository


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
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")  # which is git's to judge
    assert (refusal_at(repository).reason, refusal_at(repository).detail) == (
        "git refuses to work here",
        "git 2.36 or newer is needed",
    )


@pytest.mark.negative
def test_git_that_is_not_installed_is_told(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
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
