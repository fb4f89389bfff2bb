"""Commits whose `Jerry-Item` trailers name an item, by any name that it has or had (docs/commits.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jerry_git.application.ports import CommitInfo
from jerry_git.infrastructure.adapters.git import Git, commit_time

TRAILER = "Jerry-Item"
_FORMAT = f"--format=%H%x00%an <%ae>%x00%at%x00%s%x00%(trailers:key={TRAILER},valueonly,separator=%x2C)%x1e"


def mentioning(
    git: Git, item_id: str, names: Mapping[str, Sequence[str]], folders: Mapping[str, str]
) -> list[CommitInfo]:
    """The commits of HEAD's history that mean the item, the newest first; raises `GitError`.

    `names` gives for each of the item's names the internal ids of all items that have or had it, `folders` the folder
    of each of these items. Where a name was given twice a commit means the oldest item that was there: clones that
    had not met each knew one only.
    """
    if git.names_commit("HEAD") is None:
        return []
    found = []
    for info, named in _commits(git):
        if any(_means(git, info.commit, names[name], folders) == item_id for name in named if name in names):
            found.append(info)
    return found


def _commits(git: Git) -> Iterator[tuple[CommitInfo, list[str]]]:
    printed = git.ask(
        "log", "--no-show-signature", "--encoding=UTF-8", f"--grep=^{TRAILER}:", "-i", _FORMAT, "HEAD", "--"
    )
    for record in filter(None, (record.strip("\n") for record in printed.split("\x1e"))):
        commit, author, seconds, subject, named = record.split("\0")
        info = CommitInfo(commit=commit, author=author, at=commit_time(int(seconds)), subject=subject)
        yield info, [name.strip() for name in named.split(",")]


def _means(git: Git, commit: str, holders: Sequence[str], folders: Mapping[str, str]) -> str:
    """Which of several items of one name a commit means."""
    if len(holders) == 1:
        return holders[0]
    asked = "".join(f"{commit}:{folders[holder]}\n" for holder in holders).encode()
    rows = git.read("cat-file", "--batch-check=%(objectname)", stdin=asked).decode().splitlines()
    there = [holder for holder, row in zip(holders, rows, strict=True) if not row.endswith(" missing")]
    return min(there or holders)
