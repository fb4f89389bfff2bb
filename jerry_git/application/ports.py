"""What the application asks of the outside, beside the store of events. Each docstring says what is raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from jerry_domain.value_objects.work_item_id import WorkItemId


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """UTC, whole milliseconds."""
        ...


class Ids(Protocol):
    """Makes ids that nobody has made before."""

    def item_id(self) -> WorkItemId:
        """A new internal id, larger than the last one made here."""
        ...

    def command_id(self) -> UUID:
        """A new id for a command."""
        ...


class Locks(Protocol):
    """Locks that all worktrees of the clone share."""

    def hold(self, name: str) -> AbstractContextManager[None]:
        """Hold a lock while in the context; raises `LockTimeoutError`, `StoreUnavailableError`."""
        ...


class Numbers(Protocol):
    """The numbers of display ids, counted for the whole clone (DESIGN 4)."""

    def allot(self, count: int, highest_seen: int) -> range:
        """The next `count` numbers, above all that were allotted here and above `highest_seen`.

        Raises `LockTimeoutError`, `StoreUnavailableError`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitInfo:
    """A commit: full object id, author as `Name <mail>`, time in UTC, first line of the message."""

    commit: str
    author: str
    at: datetime
    subject: str


class History(Protocol):
    """What git knows of event files."""

    def commits_adding(self, paths: Sequence[str]) -> Mapping[str, CommitInfo]:
        """For each path (relative to the root) that HEAD's history added, the commit that did; others are left out."""
        ...


class Staging(Protocol):
    """The user's index, to which new event files are added so that they ride in the next commit."""

    def note(self, path: str) -> None:
        """Remember a new file, by its path relative to the root."""
        ...

    def flush(self) -> None:
        """Act on the noted files as `commit.mode` says; raises `GitError`, after which the files are still there."""
        ...


class Commits(Protocol):
    """Commits of event files alone."""

    def pending(self) -> tuple[str, ...]:
        """Files below `.jerry/` that are not committed yet, relative to the root, sorted; raises `GitError`."""
        ...

    def commit(self, paths: Sequence[str], message: str) -> CommitInfo:
        """Commit just these files, with the user's hooks and signing; raises `GitError`."""
        ...


class GitError(Exception):
    """git refused, or could not run. `command` is what was tried, `stderr` what git said."""

    def __init__(self, command: Sequence[str], stderr: str) -> None:
        super().__init__(stderr.strip() or f"git {' '.join(command)} failed")
        self.command = tuple(command)
        self.stderr = stderr


class Progress(Protocol):
    """Tells a person how far a long task is."""

    def __call__(self, label: str, total: int) -> AbstractContextManager[ProgressStep]:
        """Show progress while in the context."""
        ...


class ProgressStep(Protocol):
    """One step of a long task."""

    def __call__(self, steps: int = 1) -> object:
        """Another `steps` are done."""
        ...
