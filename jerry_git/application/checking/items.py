"""Rules over all items together: who waits for whom, who refers to what, who is called what."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.services.dependency_graph import find_cycles
from jerry_git.application.board import Board, duplicates
from jerry_git.application.checking.findings import Concern, finding


def references(state: WorkItemState) -> frozenset[str]:
    """The internal ids that an item refers to: its parent, and what it leans on."""
    parent = {state.parent} if state.parent is not None else set()
    return frozenset(parent | {dependency.target for dependency in state.dependencies})


def twins(board: Board) -> Iterator[Concern]:
    """Items whose display id an older one has."""
    for state in duplicates(board):
        alike = (other.item_id for other in board.items.values() if other.display_id == state.display_id)
        message = f"{state.display_id} is also the id of an older item; this one is {state.item_id}: {state.title}"
        yield frozenset(alike), finding("duplicate-display-id", message, "jerry doctor --fix", fixable=True)


def circles(board: Board) -> Iterator[Concern]:
    """Items that wait for each other."""
    for path in find_cycles(board.items):
        names = [board.name(key) for key in path]
        message = f"these wait for each other for ever: {' -> '.join([*names, names[0]])}"
        yield frozenset(path), finding("cycle", message, "jerry depend remove ITEM TARGET")


def dangling(board: Board, known: Collection[str]) -> Iterator[Concern]:
    """References to items that are not in `known`."""
    for state in board.items.values():
        for key in sorted(references(state) - {*known}):
            message = f"{state.name} refers to {key}, which is not here"
            mend = f"jerry depend remove {state.name} {key}, or merge the branch that has it"
            yield frozenset((state.item_id,)), finding("dangling-reference", message, mend)
