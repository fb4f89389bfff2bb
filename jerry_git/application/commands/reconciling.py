"""Settling what branches disagree about."""

from __future__ import annotations

from collections.abc import Callable

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.services.divergence import EXISTENCE, Divergence, divergences
from jerry_git.application.commands.handling import (
    STRUCTURE,
    Outcome,
    check_graph,
    new_stamp,
    save,
    with_unblocked,
)
from jerry_git.application.ports import Services
from jerry_git.application.retry import retrying

Choice = Callable[[Divergence], str | None]
"""Says which of the values holds, None to leave the field as it is."""


def reconcile(services: Services, reference: str, choose: Choice, reason: str = "") -> Outcome:
    """Append what `choose` says about each field that branches disagree about, on all heads.

    Raises `InvalidValueError` for a value that no branch says, and `CycleError`.
    """
    with services.locks.hold(STRUCTURE):
        board = services.board()
        item_id = board.pick(reference).item_id
        stamp = new_stamp(services)

        def attempt() -> Outcome:
            history = services.store.read(f"{WorkItem.category}-{item_id}")
            item = WorkItem.load_from_history(item_id, history)
            before = item.state
            # existence first: of a deleted item nothing else can be settled
            is_decided = False
            for found in sorted(divergences(history), key=lambda each: each.field != EXISTENCE):
                value = choose(found)
                if value is not None and not (is_decided and item.state.deleted):
                    item.settle(stamp, found, value, reason)
                    is_decided = is_decided or found.field == EXISTENCE
            check_graph(board, item)
            return Outcome(before=before, events=save(services, item), after=item.state)

        return with_unblocked(board, retrying(attempt))
