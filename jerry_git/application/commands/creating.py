"""Items come and go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.events.base import Stamp
from jerry_domain.services.compensation import undo_last_command
from jerry_domain.services.dependency_graph import (
    check_acyclic,
)
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_git.application.commands.handling import (
    STRUCTURE,
    Outcome,
    alive,
    change,
    check_graph,
    new_stamp,
    parent_facts,
    save,
    with_unblocked,
)
from jerry_git.application.ports import Services
from jerry_git.application.retry import retrying


class Draft(NamedTuple):
    """A new item as the user describes it; other items by reference."""

    title: str
    work_type: WorkType = WorkType.TASK
    description: str = ""
    priority: Priority = Priority.MEDIUM
    parent: str | None = None
    depends_on: Sequence[str] = ()
    discovered_from: str | None = None
    labels: Sequence[str] = ()
    assignee: str | None = None
    due: date | None = None
    estimate: int | None = None


def create(services: Services, draft: Draft) -> Outcome:
    """Bring an item into being, with everything the draft says in one batch."""
    with services.locks.hold(STRUCTURE):
        board = services.board()
        parent = None if draft.parent is None else parent_facts(board, draft.parent)
        blockers = [alive(board, reference).item_id for reference in draft.depends_on]
        source = None if draft.discovered_from is None else board.pick(draft.discovered_from).item_id
        stamp = new_stamp(services)
        _rehearse(services, draft, parent, stamp)
        number = services.numbers.allot(1, board.items.highest_number())[0]

        def attempt() -> Outcome:
            item = WorkItem(services.ids.item_id())
            item.create(
                stamp,
                display_id=DisplayId(prefix=services.prefix, number=number),
                title=draft.title,
                work_type=draft.work_type,
                description=draft.description,
                priority=draft.priority,
                parent=parent,
            )
            _furnish(item, stamp, draft)
            for blocker in blockers:
                item.depend_on(stamp, blocker)
            if source is not None:
                item.depend_on(stamp, source, DependencyKind.DISCOVERED_FROM)
            check_acyclic(board.items.changed(item.state), item.state.item_id)
            return Outcome(before=None, events=save(services, item), after=item.state)

        return retrying(attempt)


def _rehearse(services: Services, draft: Draft, parent: ParentFacts | None, stamp: Stamp) -> None:
    """Refuse a bad draft before a number is spent on it."""
    item = WorkItem(services.ids.item_id())
    name = DisplayId(prefix=services.prefix, number=1)
    item.create(
        stamp,
        display_id=name,
        title=draft.title,
        work_type=draft.work_type,
        description=draft.description,
        parent=parent,
    )
    _furnish(item, stamp, draft)


def _furnish(item: WorkItem, stamp: Stamp, draft: Draft) -> None:
    item.add_labels(stamp, draft.labels)
    item.assign(stamp, draft.assignee)
    item.set_due(stamp, draft.due)
    item.set_estimate(stamp, draft.estimate)


def delete(services: Services, reference: str, reason: str = "") -> Outcome:
    """Delete an item; its events stay, and `undo` brings it back."""
    with services.locks.hold(STRUCTURE):
        board = services.board()
        outcome = change(services, board.pick(reference).item_id, lambda item, stamp: item.delete(stamp, reason))
        return with_unblocked(board, outcome)


def undo(services: Services, reference: str) -> Outcome:
    """Compensate the item's last command by new events; raises `CannotUndoError`, `CycleError`."""
    with services.locks.hold(STRUCTURE):
        board = services.board()
        item_id = board.pick(reference).item_id
        stamp = new_stamp(services)

        def attempt() -> Outcome:
            history = services.store.read(f"{WorkItem.category}-{item_id}")
            item = WorkItem.load_from_history(item_id, history)
            before = item.state
            undone = undo_last_command(item, history, stamp)
            check_graph(board, item)
            return Outcome(before=before, events=save(services, item), after=item.state, undone=undone)

        return with_unblocked(board, retrying(attempt))
