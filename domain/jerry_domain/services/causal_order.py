"""The one order in which a stream's events are folded, the same in every clone (DESIGN 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from heapq import heapify, heappop, heappush

from jerry_domain.events.base import RecordedEvent


def _rank(recorded: RecordedEvent) -> tuple[int, datetime, str]:
    return (recorded.version, recorded.event.occurred_at, recorded.event.event_id)


def causal_order(history: Iterable[RecordedEvent]) -> tuple[RecordedEvent, ...]:
    """Parents before children; where that leaves a choice: lower stream version, earlier time, smaller id.

    Parents that are not in `history` are passed over. Events that are each other's ancestors, which no writer makes,
    come last by the same rank, so that damage never hides an event.
    """
    events = tuple(history)
    if _is_straight(events):
        return events
    by_id = {recorded.event.event_id: recorded for recorded in events}
    waiting = {key: sum(parent in by_id for parent in set(item.parents)) for key, item in by_id.items()}
    children: dict[str, list[str]] = {}
    for key, recorded in by_id.items():
        for parent in set(recorded.parents):
            children.setdefault(parent, []).append(key)
    ready = [_rank(by_id[key]) for key, count in waiting.items() if not count]
    heapify(ready)
    ordered: list[RecordedEvent] = []
    while ready:
        key = heappop(ready)[2]
        ordered.append(by_id[key])
        for child in children.get(key, ()):
            waiting[child] -= 1
            if not waiting[child]:
                heappush(ready, _rank(by_id[child]))
    if len(ordered) < len(by_id):
        ordered += sorted((item for key, item in by_id.items() if waiting[key] > 0), key=_rank)
    return tuple(ordered)


def _is_straight(events: tuple[RecordedEvent, ...]) -> bool:
    """Whether each event stands on the one before it alone, as nearly all streams are and are read."""
    before: tuple[str, ...] = ()
    for recorded in events:
        if recorded.parents != before:
            return False
        before = (recorded.event.event_id,)
    return len({recorded.event.event_id for recorded in events}) == len(events)


def heads(history: Iterable[RecordedEvent]) -> tuple[str, ...]:
    """The ids of the events that are nobody's parent, sorted: one in a straight stream, several after a merge."""
    events = tuple(history)
    inner = {parent for recorded in events for parent in recorded.parents}
    return tuple(sorted({recorded.event.event_id for recorded in events} - inner))


def missing_parents(history: Iterable[RecordedEvent]) -> tuple[str, ...]:
    """The ids of parents that are not here, sorted: the history is incomplete (a cherry-pick, a sparse checkout)."""
    events = tuple(history)
    known = {recorded.event.event_id for recorded in events}
    return tuple(sorted({parent for recorded in events for parent in recorded.parents} - known))
