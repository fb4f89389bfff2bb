"""What each place says of the work: the work trees of the clone, and its branches. Nobody is right; all are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.ports.event_store import StreamScan
from jerry_git.application.board import Board
from jerry_git.application.errors import ItemNotFoundError
from jerry_git.application.folding import board_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A work tree (`path` is its root) or a branch (`path` is empty), by the name of its branch; `here` is this one."""

    name: str
    path: str = ""
    here: bool = False


class Places(Protocol):
    """The places of the clone; methods raise `GitError`."""

    def work_trees(self) -> Sequence[tuple[Place, Iterable[StreamScan]]]:
        """Every work tree that keeps items, this one first, with its streams."""
        ...

    def branches(self) -> Mapping[Place, str]:
        """Every branch, remote ones as last fetched included, with its commit; this one first, then by name."""
        ...

    def streams_on(self, stream: str, branches: Iterable[Place]) -> Mapping[Place, StreamScan]:
        """What each of the branches has of a stream."""
        ...

    def scans(self, commit: str) -> Iterable[StreamScan]:
        """The streams of work items in a commit."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one place says of an item: None for nothing."""

    place: Place
    state: WorkItemState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One item in all places."""

    item_id: str
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """What the first place that has the item calls it."""
        return next((row.state.name for row in self.rows if row.state is not None), self.item_id)


def over_work_trees(places: Places, accepts: Callable[[WorkItemState], bool]) -> tuple[Sighting, ...]:
    """The items that are accepted in at least one work tree, a row for each work tree that has them."""
    boards = [(place, board_of(scans)) for place, scans in places.work_trees()]
    keys = sorted({key for _, board in boards for key, state in board.items.items() if accepts(state)})
    return tuple(
        Sighting(
            item_id=key,
            rows=tuple(Row(place=place, state=board.items[key]) for place, board in boards if key in board.items),
        )
        for key in keys
    )


def over_branches(places: Places, here: Board, reference: str) -> Sighting:
    """What every branch says of one item, which may be on another branch only; raises `ItemNotFoundError`."""
    branches = places.branches()
    item_id = _found(places, here, reference, branches)
    scans = places.streams_on(f"{WorkItem.category}-{item_id}", branches)
    states = {place: board_of([scan]).items.get(item_id) for place, scan in scans.items()}
    return Sighting(item_id=item_id, rows=tuple(Row(place=place, state=states.get(place)) for place in branches))


def _found(places: Places, here: Board, reference: str, branches: Mapping[Place, str]) -> str:
    try:
        return here.find(reference).item_id
    except ItemNotFoundError as error:
        for commit in dict.fromkeys(branches.values()):
            try:
                return board_of(places.scans(commit)).find(reference).item_id
            except ItemNotFoundError:
                continue
        raise error from None
