"""Old work is put away: the event files of items that are closed for long go into archives (DESIGN 8, ADR-034)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_git.application.board import Board

MANY = 5_000
"""So many closed items with event files of their own are worth a word: git looks at each file, again and again."""

Progress = Callable[[Sequence[str]], Iterable[str]]
"""Gives on the streams that it is given, and may show how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """So many files, their bytes, and the bytes that they take on the disk, in whole blocks."""

    files: int = 0
    content: int = 0
    disk: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(files=self.files + other.files, content=self.content + other.content, disk=self.disk + other.disk)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAway:
    """What went into archives: streams, their files, the archives' paths.

    `kept` are streams that stay as they are, because of files that are not committed as they stand, or not canonical.
    """

    streams: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __add__(self, other: PutAway) -> PutAway:
        return PutAway(
            streams=self.streams + other.streams,
            files=self.files + other.files,
            archives=self.archives + other.archives,
            kept=self.kept + other.kept,
        )


class Storeroom(Protocol):
    """Where archives are kept; methods may raise `GitError`, `StoreUnavailableError`."""

    def put_away(self, streams: Sequence[str], progress: Progress) -> PutAway:
        """Move the files of these streams into archives, those that are committed as they stand."""
        ...

    def streams(self) -> int:
        """How many streams have a folder of event files."""
        ...

    def sizes(self) -> Mapping[str, Size]:
        """The event files of each stream that has any."""
        ...

    def uncommitted(self) -> Collection[str]:
        """The streams that have event files which are not committed as they stand."""
        ...

    def archives(self) -> Size:
        """The archives."""
        ...

    def archived(self) -> int:
        """How many batches the archives have."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """How much there is: items by the month of their making, with the sizes of their event files.

    `archivable` are the items that are closed for long, and `saving` what their files take; `kept` are the streams of
    those that stay as they are, for they are not committed as they stand.
    """

    items: int
    is_open: int
    months: Mapping[str, tuple[int, Size]] = field(default_factory=dict)
    files: Size
    archives: Size
    archived: int
    archivable: int
    saving: Size
    kept: tuple[str, ...] = ()


def old(board: Board, before: datetime) -> tuple[WorkItemState, ...]:
    """The items that are closed or deleted, and of which nothing was said since `before`, oldest first.

    What cannot be read whole, or is in dispute, is at work still.
    """
    unsettled: Collection[str] = board.incomplete | board.divergences.keys()
    return tuple(
        state
        for state in board.items.values()
        if not state.is_open
        and state.updated_at is not None
        and state.updated_at < before
        and state.item_id not in unsettled
    )


def crowd(board: Board, storeroom: Storeroom) -> int:
    """How many closed items have event files of their own, where they are `MANY`; else 0."""
    count = storeroom.streams() - sum(1 for _ in board.items.open())
    return count if count >= MANY else 0


def put_away(board: Board, storeroom: Storeroom, before: datetime, progress: Progress) -> PutAway:
    """Put away what is old; raises as `Storeroom` does."""
    return storeroom.put_away([stream_of(state) for state in old(board, before)], progress)


def stream_of(state: WorkItemState) -> str:
    """The stream of an item."""
    return f"{WorkItem.category}-{state.item_id}"


def statistics(board: Board, storeroom: Storeroom, before: datetime) -> Statistics:
    """How much there is, and what putting away would save; raises as `Storeroom` does."""
    sizes = storeroom.sizes()
    months: dict[str, tuple[int, Size]] = {}
    states = list(board.items.values())
    for state in states:
        month = "" if state.created_at is None else f"{state.created_at:%Y-%m}"
        count, size = months.get(month, (0, Size()))
        months[month] = (count + 1, size + sizes.get(stream_of(state), Size()))
    candidates = [stream for stream in map(stream_of, old(board, before)) if stream in sizes]
    uncommitted = storeroom.uncommitted() if candidates else ()
    chosen = [sizes[stream] for stream in candidates if stream not in uncommitted]
    return Statistics(
        items=len(states),
        is_open=Counter(state.is_open for state in states)[True],
        months=dict(sorted(months.items())),
        files=sum(sizes.values(), Size()),
        archives=storeroom.archives(),
        archived=storeroom.archived(),
        archivable=len(chosen),
        saving=sum(chosen, Size()),
        kept=tuple(stream for stream in candidates if stream in uncommitted),
    )
