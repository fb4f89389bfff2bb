"""Given some items, when a handler is called, then this is what is stored: the words that the tests share."""

from __future__ import annotations

from typing import Any

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application import commands
from jerry_git.application.board import Board
from jerry_git.application.folding import load_board
from tests.application.fakes import Services

PENDING, IN_PROGRESS, BLOCKED, DONE, CANCELLED = WorkItemStatus

_WAYS = {
    PENDING: (),
    IN_PROGRESS: (commands.start,),
    BLOCKED: (commands.start, commands.block),
    DONE: (commands.start, commands.complete),
    CANCELLED: (commands.cancel,),
}


def given(services: Services, *titles: str, **draft: Any) -> list[str]:
    """New items with these titles and this draft; returns their display ids."""
    return [commands.create(services, commands.Draft(title=title, **draft)).after.display_id for title in titles]


def at(services: Services, status: WorkItemStatus, title: str = "Parser", **draft: Any) -> str:
    """A new item that has come to `status`; returns its display id."""
    (name,) = given(services, title, **draft)
    for step in _WAYS[status]:
        step(services, name)
    return name


def board(services: Services) -> Board:
    """The board as it is now."""
    return load_board(services.store)


def state(services: Services, name: str) -> WorkItemState:
    """The item as the store has it, folded anew."""
    return board(services).pick(name)


def internal(services: Services, name: str) -> str:
    """The internal id of an item."""
    return state(services, name).item_id


def history(services: Services, name: str) -> list[str]:
    """What happened to an item, as the last words of the event types."""
    recorded = services.store.read(f"{WorkItem.category}-{internal(services, name)}")
    return [item.event.event_type.split(".")[-2] for item in recorded]


def versions(services: Services, name: str) -> list[int]:
    """The stream versions of an item's events, in order."""
    return [item.version for item in services.store.read(f"{WorkItem.category}-{internal(services, name)}")]


def events_of(outcome: commands.Outcome) -> list[str]:
    """What a command wrote, as the last words of the event types."""
    return [event.event_type.split(".")[-2] for event in outcome.events]


def names(states: Any) -> list[str]:
    """Display ids, in order."""
    return [item.display_id for item in states]


def twin(services: Services, display_id: str, title: str = "Twin") -> str:
    """A further item of the same display id, as a merge of two clones brings it; returns its internal id."""
    item = WorkItem(services.ids.item_id())
    item.create(commands.new_stamp(services), display_id=DisplayId.parse(display_id), title=title)
    commands.save(services, item)
    return item.state.item_id
