"""A repository in use: files of the user's in every state, and an event file that is not committed."""

from __future__ import annotations

from jerry_git.application.initializing import identity_for
from jerry_git.infrastructure.persistence.jerry_folder import initial_files
from tests.infrastructure.repositories import commit_all, git, write

EVENT = ".jerry/events/2026-11/s/größe [1].json"
CONTENT = b'[\n  "gr\xc3\xb6\xc3\x9fe"\n]\n'
MESSAGE = "Größe: WORK-1 done\n\n# not a comment\n"


def with_events(folder):
    """A repository with an event file that is not committed, and the attributes that `jerry init` writes."""
    attributes = initial_files(identity_for("x", "WORK"))[".jerry/.gitattributes"]
    write(folder, ".jerry/.gitattributes", attributes)
    commit_all(folder, "attributes")
    write(folder, EVENT, CONTENT)
    return folder


def files_of(folder, revision="HEAD"):
    printed = git(folder, "diff-tree", "--no-commit-id", "--root", "-r", "-z", "--name-only", revision)
    return printed.split("\0")[:-1]


def in_use(folder):
    """Work of the user's: new, changed and half staged, with and without staging."""
    names = ("changed", "half staged", "staged", "deleted")
    for name in names:
        write(folder, name, "before\n")
    git(folder, "add", *names)
    git(folder, "commit", "--quiet", "--message", "the user's files")
    write(folder, "changed", "after\n")
    write(folder, "half staged", "one\n")
    write(folder, "staged", "after\n")
    write(folder, "added", "new\n")
    git(folder, "add", "half staged", "staged", "added")
    git(folder, "rm", "--quiet", "deleted")
    write(folder, "half staged", "two\n")
    write(folder, "untracked", "new\n")


def state_of(folder):
    """What the user sees of their own files: index, work tree, untracked files."""
    return (
        git(folder, "ls-files", "--stage", "--", ":(exclude).jerry"),
        git(folder, "status", "--porcelain", "--untracked-files=all", "--", ":(exclude).jerry"),
        {path.name: path.read_text() for path in folder.iterdir() if path.is_file()},
    )
