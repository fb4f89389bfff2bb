"""Which events are ours: of the branch that stands here, or of this clone, and not of what was merged into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.persistence.journal import Journal


def ours(git: Git, journal: Journal, places: Mapping[str, str]) -> frozenset[str]:
    """Those of the events in `places` (path of its file by event id) that are ours; raises `GitError`.

    What a merge brought is theirs, all else of the branch's own line of commits, and what is not committed, is ours.
    Where that tells no difference (after a rebase, or a fast-forward) what was written in this clone is ours.
    """
    merged = _merged(git, set(places.values())) if places else frozenset()
    own = frozenset(key for key, path in places.items() if path not in merged)
    if own != frozenset(places):
        return own
    written = {entry.path for entry in journal.entries()}
    return frozenset(key for key, path in places.items() if path in written)


def _merged(git: Git, paths: Collection[str]) -> frozenset[str]:
    """The paths that HEAD's own line of commits got by a merge."""
    if git.names_commit("HEAD") is None:
        return frozenset()
    printed = git.ask(
        "--literal-pathspecs", "log", "--first-parent", "--diff-merges=first-parent", "--no-show-signature",
        "--no-renames", "--diff-filter=A", "--name-only", "-z", "--format=tformat:commit %P", "--", *sorted(paths),
    )  # fmt: skip
    found, is_merge = set(), False
    for row in printed.replace("\n", "\0").split("\0"):
        if row.startswith("commit"):
            is_merge = len(row.split(" ")) > 2
        elif row and is_merge:
            found.add(row)
    return frozenset(found)
