"""The state machine, and who works on what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.errors import ClaimedByOtherError, IllegalTransitionError, ItemDeletedError
from jerry_domain.events.base import Stamp
from jerry_domain.ports.event_store import CorruptStreamError
from jerry_domain.services.dependency_graph import (
    open_children,
)
from jerry_git.application.commands.handling import (
    CLAIMS,
    STRUCTURE,
    Outcome,
    change,
    change_named,
    with_unblocked,
)
from jerry_git.application.elsewhere import with_claims
from jerry_git.application.ports import Services
from jerry_git.application.queries import ready


def start(services: Services, reference: str, reason: str = "") -> Outcome:
    """pending -> in_progress."""
    return change_named(services, reference, lambda item, stamp: item.start(stamp, reason))


def block(services: Services, reference: str, reason: str = "") -> Outcome:
    """in_progress -> blocked."""
    return change_named(services, reference, lambda item, stamp: item.block(stamp, reason))


def unblock(services: Services, reference: str, reason: str = "") -> Outcome:
    """blocked -> in_progress."""
    return change_named(services, reference, lambda item, stamp: item.unblock(stamp, reason))


def reopen(services: Services, reference: str, reason: str = "") -> Outcome:
    """done -> in_progress."""
    return change_named(services, reference, lambda item, stamp: item.reopen(stamp, reason))


def cancel(services: Services, reference: str, reason: str = "") -> Outcome:
    """Any open status -> cancelled."""
    with services.locks.hold(STRUCTURE):
        board = services.board()
        outcome = change(services, board.pick(reference).item_id, lambda item, stamp: item.cancel(stamp, reason))
        return with_unblocked(board, outcome)


def complete(services: Services, reference: str, reason: str = "", *, force: bool = False) -> Outcome:
    """in_progress -> done, and what that sets free."""
    with services.locks.hold(STRUCTURE):
        board = services.board()
        item_id = board.pick(reference).item_id
        children = [board.name(child) for child in open_children(board.items, item_id)]
        outcome = change(
            services,
            item_id,
            lambda item, stamp: item.complete(
                stamp, reason=reason, open_children=children, policy=services.settings.quality, force=force
            ),
        )
        return with_unblocked(board, outcome)


def claim(services: Services, reference: str, lease: timedelta | None = None, *, start: bool = False) -> Outcome:
    """Take an item for the lease (settings' by default); a lease that is named renews one's own claim."""
    item_id = services.board().pick(reference).item_id
    with services.locks.hold(CLAIMS):
        services.activity.finish(services.clock.now())
        return change(services, item_id, _claim(services, lease, start=start))


def claim_next(
    services: Services,
    lease: timedelta | None = None,
    *,
    start: bool = False,
    wanted: Callable[[WorkItemState], bool] = lambda state: True,  # noqa: ARG005
) -> Outcome | None:
    """Take the most urgent ready item that is `wanted`; None when there is none."""
    with services.locks.hold(CLAIMS):
        services.activity.finish(services.clock.now())
        for state in ready(services, with_claims(services, services.board())):
            if state.active_claim(services.clock.now()) or not wanted(state):
                continue  # a claim that is still ready is one's own: next means another item
            try:
                return change(services, state.item_id, _claim(services, lease, start=start))
            except (ClaimedByOtherError, IllegalTransitionError, ItemDeletedError, CorruptStreamError):
                continue  # somebody was quicker, or the item went since the board was read
    return None


def _claim(services: Services, lease: timedelta | None, *, start: bool) -> Callable[[WorkItem, Stamp], None]:
    def decide(item: WorkItem, stamp: Stamp) -> None:
        item.claim(stamp, stamp.at + (lease or services.settings.claim_lease), renew=lease is not None)
        if start:
            item.start(stamp)

    return decide


def release(services: Services, reference: str, reason: str = "", *, force: bool = False) -> Outcome:
    """End a claim."""
    return change_named(services, reference, lambda item, stamp: item.release(stamp, reason, force=force))
