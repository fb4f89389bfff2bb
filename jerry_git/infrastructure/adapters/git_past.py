"""Former states read from git's objects: nothing is checked out, and of the disk only the git directory is read.

A few git processes, however many items there are; neither pygit2 nor pydantic, which start slowly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.ports.event_store import StreamScan
from jerry_git.application.past import Moment
from jerry_git.infrastructure.adapters.git import Git, commit_time
from jerry_git.infrastructure.adapters.git_sources import TreeSource
from jerry_git.infrastructure.adapters.unpacked_source import UnpackedSource
from jerry_git.infrastructure.persistence.committed_files import placed


class GitPast:
    """Implements `jerry_git.application.past.Past`."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def named(self, revision: str) -> Moment | None:
        """See `Past.named`."""
        commit = self._git.names_commit(revision)
        return None if commit is None else self._found("--no-walk", commit)

    def last_until(self, at: datetime) -> Moment | None:
        """See `Past.last_until`; on HEAD's own line (first parents), for what a merged branch said was not so here."""
        seconds = int(at.timestamp())
        return None if seconds < 0 else self._on_own_line(f"--min-age={seconds}")

    def first(self) -> Moment | None:
        """See `Past.first`."""
        return self._on_own_line("--max-parents=0")

    def _on_own_line(self, condition: str) -> Moment | None:
        head = self._git.names_commit("HEAD")
        return None if head is None else self._found("--first-parent", condition, head)

    def _found(self, *walk: str) -> Moment | None:
        wanted = ("rev-list", "--max-count=1", "--timestamp", *walk, "--")
        seconds, _, commit = self._git.read(*wanted).decode().strip().partition(" ")
        return Moment(commit, commit_time(int(seconds))) if commit else None

    def names(self) -> Sequence[str]:
        """See `Past.names`."""
        kinds = ("refs/heads/", "refs/remotes/", "refs/tags/")
        return self._git.ask("for-each-ref", "--format=%(refname:lstrip=2)", *kinds).splitlines()

    def is_shallow(self) -> bool:
        """See `Past.is_shallow`."""
        return self._git.ask("rev-parse", "--is-shallow-repository").strip() == "true"

    def scans(self, commit: str) -> Iterator[StreamScan]:
        """See `Past.scans`."""
        tree = UnpackedSource(TreeSource(self._git, commit, commit))
        files = placed(tree.entries((".jerry",)), WorkItem.category)
        strays = StreamScan(stream="", events=(), problems=tuple(tree.problems))
        for scan in (*([strays] if tree.problems else ()), *files.scans(tree.contents(files.entries))):
            told = (replace(problem, mend=f"git log {commit[:12]} -- {problem.path}") for problem in scan.problems)
            yield replace(scan, problems=tuple(told))
