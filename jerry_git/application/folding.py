"""Boards made out of events: every stream folded anew. Nothing else has authority."""

from __future__ import annotations

from collections.abc import Iterable

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.events.base import RecordedEvent
from jerry_domain.events.work_item_events import Claimed
from jerry_domain.ports.event_store import IEventStore, Problem, StreamScan
from jerry_domain.services.causal_order import missing_parents
from jerry_domain.services.divergence import Divergence, divergences
from jerry_domain.services.items import ItemTable
from jerry_git.application.board import Board, Taken


def load_board(store: IEventStore) -> Board:
    """Fold every work item in `store`. One bad file costs its own item, never another."""
    return board_of(store.scan(WorkItem.category))


def board_of(scans: Iterable[StreamScan]) -> Board:
    """Fold the streams of work items that were found somewhere; problems of no stream have its name empty."""
    items: list[WorkItemState] = []
    histories: dict[str, tuple[RecordedEvent, ...]] = {}
    broken: dict[str, tuple[Problem, ...]] = {}
    strays: list[Problem] = []
    incomplete = set()
    apart: dict[str, tuple[Divergence, ...]] = {}
    taken: dict[str, tuple[Taken, ...]] = {}
    for scan in scans:
        item_id = scan.stream.removeprefix(f"{WorkItem.category}-")
        if not scan.stream:
            strays += scan.problems
        elif scan.problems:
            broken[item_id] = scan.problems
        elif scan.events:
            item = WorkItem.load_from_history(item_id, scan.events)
            items.append(item.state)
            histories[item_id] = scan.events
            if missing_parents(scan.events) or item.state.created_at is None:
                incomplete.add(item_id)
            if found := divergences(scan.events):
                apart[item_id] = found
            if claims := taken_in(scan.events):
                taken[item_id] = claims
    return Board(
        items=ItemTable(items),
        histories=histories,
        broken=broken,
        strays=tuple(strays),
        incomplete=frozenset(incomplete),
        divergences=dict(sorted(apart.items())),
        taken=taken,
    )


def taken_in(history: Iterable[RecordedEvent]) -> tuple[Taken, ...]:
    """The claims that a history tells of."""
    events = (recorded.event for recorded in history)
    return tuple(
        Taken(event.event_id, event.claimant, event.claim_session) for event in events if isinstance(event, Claimed)
    )
