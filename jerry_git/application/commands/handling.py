"""How every command is carried out: load, decide, append with the expected version, retry (LES-003)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.errors import InvalidValueError, ItemDeletedError
from jerry_domain.events.base import DomainEvent, RecordedEvent, Stamp
from jerry_domain.services.dependency_graph import (
    ancestors,
    check_acyclic,
    unblocked_by,
)
from jerry_git.application.board import Board
from jerry_git.application.elsewhere import claims_of
from jerry_git.application.errors import ItemNotFoundError
from jerry_git.application.folding import taken_in
from jerry_git.application.ports import Services
from jerry_git.application.retry import retrying
from jerry_git.application.snapshots import load_item

STRUCTURE = "structure"
"""The lock under which dependencies, hierarchy and completion change: their rules look at several streams at once."""

CLAIMS = "claims"
"""The lock under which all work trees of the clone take claims: what one takes, the next one knows of."""


class Outcome(NamedTuple):
    """What a command did: the item before (None when it is new) and after, its events, and what it set free."""

    before: WorkItemState | None
    after: WorkItemState
    events: tuple[DomainEvent, ...]
    unblocked: tuple[WorkItemState, ...] = ()
    undone: tuple[RecordedEvent, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was written; if not, the command's effect held already."""
        return bool(self.events)


def new_stamp(services: Services) -> Stamp:
    """The stamp of a command given now by the worker."""
    worker = services.worker
    return Stamp(
        command_id=services.ids.command_id(), actor=worker.actor, at=services.clock.now(), session=worker.session
    )


def load(services: Services, item_id: str) -> WorkItem:
    """The item of an internal id, which knows of the claims on it in other work trees.

    Raises `ItemNotFoundError`, `CorruptStreamError`.
    """
    item = load_item(services.store, services.snapshots, item_id)
    if item is None:
        raise ItemNotFoundError(item_id)
    elsewhere = services.activity.claims(services.clock.now()).get(item_id)
    if elsewhere is not None:
        taken = taken_in(services.store.read(item.stream))
        item.observe_claims(claims_of(item.state.claims, taken, elsewhere))
    return item


def save(services: Services, item: WorkItem) -> tuple[DomainEvent, ...]:
    """Append what the item has raised; the events stay with it unless the store took them."""
    events = item.collect_events()
    if events:
        item.mark_committed(services.store.append(item.stream, events, item.version))
    return events


def change(services: Services, item_id: str, decide: Callable[[WorkItem, Stamp], None]) -> Outcome:
    """Let `decide` give commands to the item, and store what follows; anew after each conflict."""
    stamp = new_stamp(services)

    def attempt() -> Outcome:
        item = load(services, item_id)
        before = item.state
        decide(item, stamp)
        return Outcome(before=before, events=save(services, item), after=item.state)

    return retrying(attempt)


def change_named(services: Services, reference: str, decide: Callable[[WorkItem, Stamp], None]) -> Outcome:
    """`change` for the item that `reference` names."""
    return change(services, services.board().pick(reference).item_id, decide)


def with_unblocked(board: Board, outcome: Outcome) -> Outcome:
    """`outcome`, with the items that nothing holds up any more, compared with `board`."""
    after = board.items.changed(outcome.after)
    freed = unblocked_by(board.items, after, outcome.after.item_id)
    return outcome._replace(unblocked=tuple(after[key] for key in freed))


def parent_facts(board: Board, reference: str) -> ParentFacts:
    """What an item must know of the parent that `reference` names."""
    state = alive(board, reference)
    return ParentFacts(item_id=state.item_id, work_type=state.work_type)


def alive(board: Board, reference: str) -> WorkItemState:
    """The item that `reference` names; raises `ItemDeletedError` as well as what `pick` raises."""
    state = board.pick(reference)
    if state.deleted:
        raise ItemDeletedError(state.name)
    return state


def check_graph(board: Board, item: WorkItem) -> None:
    """Refuse when the item, as it is about to be, waits for itself; raises `CycleError`, `InvalidValueError`."""
    items = board.items.changed(item.state)
    if item.state == board.items.get(item.state.item_id) or item.state.deleted:
        return
    parent = item.state.parent or ""
    if item.state.item_id in (parent, *ancestors(items, parent)):
        raise InvalidValueError("parent", item.state.name, "an item cannot stand below itself")
    check_acyclic(items, item.state.item_id)
