"""History read from git's objects with pygit2: which commit carries which event file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pygit2
from pygit2.enums import SortMode

from jerry_git.application.errors import GitError
from jerry_git.application.ports import CommitInfo
from jerry_git.infrastructure.adapters.git import commit_time

_SUBTREES = (".jerry", "events")


class GitHistory:
    """The history of HEAD. Two trees are compared by id, so that only what differs is opened."""

    def __init__(self, git_dir: Path, locate: Callable[[str], Mapping[str, str]]) -> None:
        """`locate` gives, for a stream, the path of the file that holds each event id."""
        self._locate = locate
        try:
            self._repository = pygit2.Repository(str(git_dir))
        except pygit2.GitError as error:
            raise GitError(("open", str(git_dir)), str(error)) from error

    def commits_of(self, streams: Sequence[str]) -> Mapping[str, CommitInfo]:
        """See `History.commits_of`."""
        places = {event_id: path for stream in streams for event_id, path in self._locate(stream).items()}
        try:
            commits = self._commits_adding(set(places.values()))
        except (pygit2.GitError, KeyError) as error:  # an object is missing: damage, or a partial clone
            raise GitError(("log",), f"the history cannot be read to its end: {error}") from error
        return {event_id: commits[path] for event_id, path in places.items() if path in commits}

    def _commits_adding(self, wanted: set[str]) -> dict[str, CommitInfo]:
        """The commit that added each path; of several, the newest."""
        found: dict[str, CommitInfo] = {}
        if self._repository.head_is_unborn:
            return found
        for commit in self._repository.walk(self._repository.head.target, SortMode.TOPOLOGICAL | SortMode.TIME):
            if len(found) == len(wanted):
                break
            before = [self._events(parent) for parent in commit.parents]
            for path in _added(self._events(commit), before, "/".join(_SUBTREES)):
                if path in wanted and path not in found:
                    found[path] = _info(commit)
        return found

    def _events(self, commit: pygit2.Commit) -> pygit2.Tree | None:
        tree: pygit2.Object = commit.tree
        for name in _SUBTREES:
            if not isinstance(tree, pygit2.Tree) or name not in tree:
                return None
            tree = tree[name]
        return tree if isinstance(tree, pygit2.Tree) else None


def _added(tree: pygit2.Tree | None, before: Sequence[pygit2.Tree | None], path: str) -> Iterator[str]:
    """The paths in `tree` that are in none of the trees `before`."""
    if tree is None or any(other is not None and other.id == tree.id for other in before):
        return
    for entry in tree:
        name = entry.name or ""  # an entry of a tree has one
        others = [other[name] if other is not None and name in other else None for other in before]
        here = f"{path}/{name}"
        if isinstance(entry, pygit2.Tree):
            subtrees = [other if isinstance(other, pygit2.Tree) else None for other in others]
            yield from _added(entry, subtrees, here)
        elif all(other is None for other in others):
            yield here


def _info(commit: pygit2.Commit) -> CommitInfo:
    author = commit.author
    return CommitInfo(
        commit=str(commit.id),
        author=readable(author.raw_name + b" <" + author.raw_email + b">", commit.message_encoding),
        at=commit_time(author.time),
        subject=readable(commit.raw_message.partition(b"\n")[0], commit.message_encoding),
    )


def readable(raw: bytes, encoding: str | None) -> str:
    """Text of a commit, in the encoding that it names; what is no text there becomes question marks."""
    try:
        return raw.decode(encoding or "utf-8", "replace")
    except LookupError:  # git lets a commit name an encoding that there is not
        return raw.decode("utf-8", "replace")
