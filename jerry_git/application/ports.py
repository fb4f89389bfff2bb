"""What the application asks of the outside, beside the store of events. Each docstring says what is raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.status import WorkItemStatus

if TYPE_CHECKING:
    from uuid import UUID

    from jerry_domain.ports.event_store import IEventStore
    from jerry_domain.ports.snapshot_store import ISnapshotStore
    from jerry_domain.value_objects.work_item_id import WorkItemId
    from jerry_git.application.board import Board
    from jerry_git.application.settings import Settings


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


class CommitInfo(NamedTuple):
    """A commit: full object id, author as `Name <mail>`, time in UTC, first line of the message."""

    commit: str
    author: str
    at: datetime
    subject: str


class History(Protocol):
    """What git knows of events."""

    def commits_of(self, streams: Sequence[str]) -> Mapping[str, CommitInfo]:
        """For each event id of these streams that HEAD's history carries, the commit that brought it.

        Events that are not committed yet are left out; raises `GitError`.
        """
        ...


class Staging(Protocol):
    """The user's index, to which new event files are added so that they ride in the next commit."""

    def note(self, path: str) -> None:
        """Remember a new file, by its path relative to the root."""
        ...

    def note_gone(self, path: str) -> None:
        """Remember a file that went into an archive."""
        ...

    def flush(self) -> None:
        """Act on the noted files as `commit.mode` says; raises `GitError`, after which the files are still there."""
        ...


class Pending(NamedTuple):
    """What is not committed yet, by paths relative to the root, sorted.

    `new` are event files, archives and files of `jerry init`, `gone` event files that went into an archive.
    """

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.new) + len(self.gone)


class Step(NamedTuple):
    """The last step of an item in any work tree: the event's id, where it led, and the path of its file."""

    event_id: str
    status: WorkItemStatus
    path: str


class Claims(NamedTuple):
    """The claims on one item in all work trees: what runs, and what was given back, by id of the event that took it."""

    held: Mapping[str, Claim] = MappingProxyType({})
    ended: frozenset[str] = frozenset()


class Activity(Protocol):
    """What was written in all work trees of the clone; methods may raise `GitError`."""

    def claims(self, now: datetime) -> Mapping[str, Claims]:
        """The claims of items, by internal id; those that have run out by themselves are left out."""
        ...

    def steps(self, now: datetime, items: Iterable[str]) -> Mapping[str, Step]:
        """The last step of each of these items, by internal id, as far as there is one that is not long ago."""
        ...

    def existing(self, paths: frozenset[str]) -> frozenset[str]:
        """Those of these event files that are in a work tree of the clone, or on a branch that it knows."""
        ...

    def finish(self, now: datetime) -> None:
        """Finish claims in this work tree whose writer was killed when they were certain and not in place yet.

        Raises what an append raises.
        """
        ...


class Worker(Protocol):
    """Who gives the commands."""

    @property
    def actor(self) -> str:
        """`Name <mail>` as git gives it; raises `GitError` where git knows no name."""
        ...

    @property
    def session(self) -> str | None:
        """What tells two sessions of one actor apart, if anything was named."""
        ...


class Services(Protocol):
    """All ports together, as `jerry_git.bootstrap` wires them. A port is made when it is first asked for."""

    @property
    def store(self) -> IEventStore: ...  # noqa: D102 - the ports say what they are
    @property
    def snapshots(self) -> ISnapshotStore: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def ids(self) -> Ids: ...  # noqa: D102
    @property
    def locks(self) -> Locks: ...  # noqa: D102
    @property
    def numbers(self) -> Numbers: ...  # noqa: D102
    @property
    def worker(self) -> Worker: ...  # noqa: D102
    @property
    def settings(self) -> Settings: ...  # noqa: D102
    @property
    def activity(self) -> Activity: ...  # noqa: D102

    @property
    def prefix(self) -> str:
        """The prefix of display ids."""
        ...

    def board(self) -> Board:
        """All items as they are now; raises what reading the store raises."""
        ...
