"""What is not committed yet is committed, whoever else commits at the same time (LES-003)."""

from __future__ import annotations

from collections.abc import Callable

from jerry_git.application.errors import GitError
from jerry_git.application.ports import CommitInfo, Pending


def commit_pending(
    pending: Callable[[], Pending], commit: Callable[[Pending], CommitInfo]
) -> tuple[Pending, CommitInfo] | None:
    """Commit what is pending; returns what that was, None where nothing is. Raises `GitError`.

    Where git refuses, and others have committed some of it meanwhile, the rest is committed. No lock is held: the hooks
    of a commit may call this program again.
    """
    wanted = pending()
    while wanted:
        try:
            return wanted, commit(wanted)
        except GitError:
            left = pending()
            if {*wanted.new, *wanted.gone} <= {*left.new, *left.gone}:
                raise
            wanted = left
    return None
