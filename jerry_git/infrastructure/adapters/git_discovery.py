"""Where the work tree around a folder is: seen at once where nothing is special, else asked of git (ADR-036)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from jerry_git.application.errors import NoWorkTreeError

if TYPE_CHECKING:
    from pathlib import Path

_HARMLESS = tuple(
    f"GIT_{name}"
    for name in (
        *("AUTHOR_", "COMMITTER_", "EDITOR", "SEQUENCE_EDITOR", "PAGER", "MERGE_", "TERMINAL_PROMPT", "ASKPASS"),
        *("SSH", "SSL_", "HTTP_", "CURL_", "PROXY_", "TRACE", "EXEC_PATH"),
        *("CONFIG_NOSYSTEM", "CONFIG_SYSTEM", "CONFIG_GLOBAL"),
    )
)
"""How variables of git's begin that have no say in where a work tree is. What machine and user set has none either."""
_HEAD = rb"ref: refs/[^\n]+\n|([0-9a-f]{40}|[0-9a-f]{64})\n"
_SPECIAL = (b"extensions", b"include", b"worktree", b"bare", b"repositoryformatversion")
_USUAL = (b"bare = false", b"repositoryformatversion = 0")
_MOST = 65536
"""Bytes; larger files are git's to read."""


class Repository(NamedTuple):
    """Where a work tree is: its root, its own git directory, and the git directory that all worktrees share."""

    root_name: str
    git_dir_name: str
    common_dir_name: str

    @property
    def root(self) -> Path:
        """The root of the work tree."""
        return _path(self.root_name)

    @property
    def git_dir(self) -> Path:
        """The work tree's own git directory."""
        return _path(self.git_dir_name)

    @property
    def common_dir(self) -> Path:
        """The git directory that all worktrees share."""
        return _path(self.common_dir_name)

    @property
    def private_name(self) -> str:
        """The tool's own folder in the git directory: locks, journal, counters. One for all worktrees (DESIGN 5)."""
        return f"{self.common_dir_name}/jerry"

    @property
    def private(self) -> Path:
        """The same as a path."""
        return _path(self.private_name)


def _path(name: str) -> Path:
    from pathlib import Path

    return Path(name)


def discover(start: str | os.PathLike[str]) -> Repository:
    """The work tree around `start`, as git sees it (`GIT_DIR` and `GIT_WORK_TREE` included).

    Raises `NoWorkTreeError`, and `GitError` where git is not installed.
    """
    try:
        return _plain(os.path.realpath(start, strict=True))
    except (_Doubt, OSError):
        return _asked(os.fspath(start))


class _Doubt(Exception):
    """Something that only git can judge."""


def _demand(condition: object) -> None:
    if not condition:
        raise _Doubt


def _plain(start: str) -> Repository:
    """The work tree around `start`, a path without symbolic links; raises `_Doubt`, `OSError`."""
    _demand(all(name.startswith(_HARMLESS) for name in os.environ if name.startswith("GIT_")))
    device = os.stat(start).st_dev
    for folder in _upwards(start):
        _demand(os.stat(folder).st_dev == device)
        mark = os.path.join(folder, ".git")
        if os.path.lexists(mark):
            return _at(folder, mark)
        _demand(not os.path.lexists(os.path.join(folder, "HEAD")))  # which git may take for a bare repository
    raise _Doubt


def _upwards(folder: str) -> Iterator[str]:
    """A folder and those above it, up to the root of the file system."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _at(root: str, mark: str) -> Repository:
    """The work tree `root`, whose `.git` is `mark`."""
    _own(root)
    if stat.S_ISDIR(_own(mark)):
        git_dir = common = mark
        _demand(not os.path.lexists(f"{git_dir}/commondir"))
    else:
        git_dir = _path_in(mark, "gitdir: ")
        _demand(git_dir == os.path.realpath(git_dir, strict=True) and stat.S_ISDIR(_own(git_dir)))
        _demand(_path_in(f"{git_dir}/gitdir") == mark)  # or the work tree was moved by hand
        common = os.path.realpath(os.path.join(git_dir, _path_in(f"{git_dir}/commondir")), strict=True)
        _own(common)
    _demand(re.fullmatch(_HEAD, _read(f"{git_dir}/HEAD")))
    _demand(os.path.isdir(f"{common}/objects") and os.path.isdir(f"{common}/refs"))
    _demand(all(map(_is_usual, _read(f"{common}/config").lower().splitlines())))
    return Repository(root, git_dir, common)


def _is_usual(line: bytes) -> bool:
    """Whether a line of the configuration, in small letters, leaves everything where it usually is."""
    return line.strip() in _USUAL or not any(word in line for word in _SPECIAL)


def _own(path: str) -> int:
    """The mode of a folder or file of the user's own, for git takes no other (`safe.directory`)."""
    found = os.lstat(path)
    _demand(hasattr(os, "geteuid") and found.st_uid == os.geteuid())
    return found.st_mode


def _path_in(file: str, label: str = "") -> str:
    """The path that a file of git's has in its only line, behind `label`."""
    line, end, rest = os.fsdecode(_read(file)).partition("\n")
    _demand(line.startswith(label) and line != label and end and not rest)
    return line.removeprefix(label)


def _read(path: str) -> bytes:
    """A small regular file."""
    found = os.lstat(path)
    _demand(stat.S_ISREG(found.st_mode) and found.st_size <= _MOST)
    with open(path, "rb") as file:
        return file.read()


def _asked(start: str) -> Repository:
    """What git answers."""
    from jerry_git.infrastructure.adapters.git import run

    questions = ("--is-bare-repository", "--is-inside-git-dir", "--path-format=absolute", "--git-common-dir")
    places = ("--absolute-git-dir", "--show-toplevel")
    here = _path(start)
    done = run(here, ("rev-parse", *questions, *places))
    answers = done.stdout.split("\n", 5)
    if "--path-format=absolute" in answers:  # git before 2.31 hands back what it does not know
        raise NoWorkTreeError(here, "git refuses to work here", "git 2.36 or newer is needed")
    if done.returncode and len(answers) < 4:
        reason = "no repository" if "not a git repository" in done.stderr else "git refuses to work here"
        raise NoWorkTreeError(here, reason, done.stderr.strip())
    if done.returncode:
        bare, _, common = answers[:3]
        reason = "bare repository" if bare == "true" else "inside the git directory"
        raise NoWorkTreeError(_path(common), reason)
    if answers[5]:  # a path with a line break in it
        answers = ["", "", *(_place(here, question) for question in ("--git-common-dir", *places))]
    common, git_dir, root = answers[2], answers[3], answers[4]
    return Repository(root, git_dir, common)


def _place(start: Path, question: str) -> str:
    from jerry_git.infrastructure.adapters.git import run

    return run(start, ("rev-parse", "--path-format=absolute", question)).stdout.removesuffix("\n")
