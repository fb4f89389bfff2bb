"""What other work trees of the clone are at, whose branches this one has not seen yet (DESIGN 4 to 6, ADR-030)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.value_objects.claim import Claim, merged_claims
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.board import Board, Taken

if TYPE_CHECKING:
    from jerry_git.application.ports import Claims, Services


def with_claims(services: Services, board: Board) -> Board:
    """`board`, with the claims that other work trees have made."""
    claims = services.activity.claims(services.clock.now())
    known = [
        replace(board.items[key], claims=claims_of(board.items[key].claims, board.taken.get(key, ()), claims[key]))
        for key in claims
        if key in board.items
    ]
    return replace(board, items=board.items.changed(*known)) if known else board


def claims_of(own: Sequence[Claim], taken: Sequence[Taken], elsewhere: Claims) -> tuple[Claim, ...]:
    """The claims that a history tells, as other work trees have left them: with theirs, without what they gave back.

    Of a claim that the history has the event of (`taken`), it says itself what became of it, until somebody else gave
    it back.
    """
    last = {(claimant, session): event_id for event_id, claimant, session in taken}
    kept = [claim for claim in own if last.get((claim.claimant, claim.session)) not in elsewhere.ended]
    known = {made.event_id for made in taken}
    return merged_claims(kept, (claim for event_id, claim in elsewhere.held.items() if event_id not in known))


def moved_on(services: Services, board: Board, states: tuple[WorkItemState, ...]) -> Mapping[str, WorkItemStatus]:
    """Those of these items that another branch of the clone has moved, and their status there.

    A branch that is gone does not count.
    """
    now = services.clock.now()
    steps = services.activity.steps(now, [state.item_id for state in states]) if states else {}
    moved = {
        state.item_id: step
        for state in states
        if (step := steps.get(state.item_id)) is not None
        and step.status is not WorkItemStatus.PENDING
        and all(recorded.event.event_id != step.event_id for recorded in board.histories[state.item_id])
    }
    if not moved:
        return {}
    there = services.activity.existing(frozenset(step.path for step in moved.values()))
    return {key: step.status for key, step in moved.items() if step.path in there}
