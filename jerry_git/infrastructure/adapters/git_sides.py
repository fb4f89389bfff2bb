"""Which events are ours: of this clone, or of the branch that stands here, and not of what was merged into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.persistence.journal import Journal


def ours(git: Git, journal: Journal, places: Mapping[str, str]) -> frozenset[str]:
    """Those of the events in `places` (path of its file by event id) that are ours; raises `GitError`.

    What was written in this clone is ours. Where that tells no difference, for branches of one clone met, what a merge
    brought into HEAD's own line of commits is theirs, and all else, also what is not committed, is ours.
    """
    written = {entry.path for entry in journal.entries()}
    own = frozenset(key for key, path in places.items() if path in written)
    if own not in (frozenset(), frozenset(places)):
        return own
    merged = _merged(git, set(places.values()))
    return frozenset(key for key, path in places.items() if path not in merged)


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
