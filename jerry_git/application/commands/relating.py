"""How items stand to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.events.base import Stamp
from jerry_domain.value_objects.classification import DependencyKind
from jerry_domain.value_objects.display_id import DisplayId
from jerry_git.application.board import Board, duplicates
from jerry_git.application.commands.handling import (
    STRUCTURE,
    Outcome,
    alive,
    change,
    check_graph,
    parent_facts,
    with_unblocked,
)
from jerry_git.application.ports import Services


def move_under(services: Services, reference: str, parent: str | None) -> Outcome:
    """Put an item under another one, or at the top; raises `CycleError`, `ParentTypeError`."""

    def decide(board: Board) -> Callable[[WorkItem, Stamp], None]:
        facts = None if parent is None else parent_facts(board, parent)
        return lambda item, stamp: item.move_under(stamp, facts)

    return _restructure(services, reference, decide)


def depend(
    services: Services, reference: str, targets: Sequence[str], kind: DependencyKind = DependencyKind.BLOCKS
) -> Outcome:
    """Let an item lean on others; raises `CycleError`."""

    def decide(board: Board) -> Callable[[WorkItem, Stamp], None]:
        ids = [alive(board, target).item_id for target in targets]
        return lambda item, stamp: _each(ids, lambda target: item.depend_on(stamp, target, kind))

    return _restructure(services, reference, decide)


def stop_depending(
    services: Services, reference: str, targets: Sequence[str], kind: DependencyKind = DependencyKind.BLOCKS
) -> Outcome:
    """Let an item lean on others no longer."""

    def decide(board: Board) -> Callable[[WorkItem, Stamp], None]:
        ids = [_target(board, reference, target) for target in targets]
        return lambda item, stamp: _each(ids, lambda target: item.stop_depending_on(stamp, target, kind))

    return _restructure(services, reference, decide)


def _each(ids: Iterable[str], act: Callable[[str], None]) -> None:
    for item_id in ids:
        act(item_id)


def _target(board: Board, reference: str, target: str) -> str:
    """A target's internal id; one that dangles is named by that id."""
    dangling = {dependency.target for dependency in board.pick(reference).dependencies} - board.items.keys()
    return target if target in dangling else board.pick(target).item_id


def _restructure(
    services: Services, reference: str, plan: Callable[[Board], Callable[[WorkItem, Stamp], None]]
) -> Outcome:
    with services.locks.hold(STRUCTURE):
        board = services.board()
        item_id = board.pick(reference).item_id
        act = plan(board)

        def decide(item: WorkItem, stamp: Stamp) -> None:
            act(item, stamp)
            check_graph(board, item)

        return with_unblocked(board, change(services, item_id, decide))


def renumber_duplicates(services: Services) -> tuple[Outcome, ...]:
    """Give every item whose display id an older one has a new number (DESIGN 4)."""
    with services.locks.hold(STRUCTURE):
        board = services.board()
        outcomes = []
        for state in duplicates(board):
            number = services.numbers.allot(1, board.items.highest_number())[0]
            display_id = DisplayId(prefix=services.prefix, number=number)
            outcomes.append(
                change(services, state.item_id, lambda item, stamp, new=display_id: item.renumber(stamp, new))  # type: ignore[misc]
            )
        return tuple(outcomes)
