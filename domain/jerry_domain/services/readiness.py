"""Which items can be started now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.services.dependency_graph import open_blockers
from jerry_domain.services.items import Items
from jerry_domain.value_objects.status import WorkItemStatus


def is_ready(items: Items, item_id: str, *, now: datetime, actor: str | None, session: str | None) -> bool:
    """Pending, not deleted, no open blocker of its own or an ancestor's, and not claimed by somebody else.

    Not by somebody else: not at all, or by this very `actor` in this very `session`; `docs/ready.md` has the cases.
    """
    state = items[item_id]
    if state.deleted or state.status is not WorkItemStatus.PENDING:
        return False
    claim = state.active_claim(now)
    if claim is not None and not (actor is not None and claim.is_held_by(actor, session)):
        return False
    return not open_blockers(items, item_id)


def ready_items(items: Items, *, now: datetime, actor: str | None, session: str | None) -> tuple[WorkItemState, ...]:
    """The ready items, the most urgent first, then the oldest."""
    ready = (state for state in items.open() if is_ready(items, state.item_id, now=now, actor=actor, session=session))
    return by_urgency(ready)


def by_urgency(states: Iterable[WorkItemState]) -> tuple[WorkItemState, ...]:
    """Sorted by priority, then by age (internal ids sort by time)."""
    return tuple(sorted(states, key=lambda state: (state.priority.rank, state.item_id)))
