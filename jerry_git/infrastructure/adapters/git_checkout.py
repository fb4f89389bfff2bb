"""What git has below `.jerry` and the work tree lacks: left out by a sparse checkout, removed, or not checked out."""

from __future__ import annotations

import shlex
from pathlib import Path

from jerry_git.application.errors import NotCheckedOutError
from jerry_git.application.layout import ARCHIVE, EVENTS, FOLDER
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_discovery import Repository

_LEFT_OUT = "S"
"""git's letter for a file that is not to be in the work tree."""


class GitCheckout:
    """The files of one work tree beside those that git has for it; methods raise `GitError`."""

    def __init__(self, git: Git, repository: Repository) -> None:
        self._git = git
        self._root = repository.root
        self._index = repository.git_dir / "index"

    def lacking(self, path: str) -> NotCheckedOutError | None:
        """That git has the file at `path`, which is not here; None where git does not have it either."""
        lacks = f"this work tree does not have {path}"
        if not self._index.exists():  # as after `git clone --no-checkout`
            is_there = self._git.names_commit("HEAD") and self._git.ask("ls-tree", "--full-tree", "HEAD", path)
            return NotCheckedOutError(lacks, self._command(f"checkout HEAD -- {FOLDER}")) if is_there else None
        tag = self._tags(path).get(path)
        if tag == _LEFT_OUT:
            return self._left_out(path)
        return NotCheckedOutError(lacks, self._command(f"checkout -- {FOLDER}")) if tag else None

    def left_out(self) -> NotCheckedOutError | None:
        """That a sparse checkout leaves out events or archives, so that items are missing, or older than they are."""
        tags = self._tags(EVENTS, ARCHIVE)
        count = sum(tag == _LEFT_OUT and not (self._root / path).exists() for path, tag in tags.items())
        return self._left_out(f"{count} file{'' if count == 1 else 's'} of events") if count else None

    def _left_out(self, what: str) -> NotCheckedOutError:
        cone = self._git.read("config", "--bool", "--get", "core.sparseCheckoutCone", none_is=1).strip() == b"true"
        added = FOLDER if cone else f"'/{FOLDER}/**'"
        return NotCheckedOutError(
            f"this sparse checkout leaves out {what}", self._command(f"sparse-checkout add {added}")
        )

    def _tags(self, *places: str) -> dict[str, str]:
        """The files at or below these places that the index has, each with git's letter for it."""
        printed = self._git.ask("--literal-pathspecs", "ls-files", "-t", "-z", "--", *places)
        return {path: tag for tag, _, path in (row.partition(" ") for row in printed.split("\0") if row)}

    def _command(self, words: str) -> str:
        """A command of git's that does what is meant from where the user is."""
        is_at_root = Path.cwd().resolve() == self._root
        return f"git {words}" if is_at_root else f"git -C {shlex.quote(str(self._root))} {words}"
