"""What items say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.events.base import Stamp
from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_git.application.commands.handling import (
    STRUCTURE,
    Outcome,
    change,
    change_named,
)
from jerry_git.application.ports import Services


def edit(
    services: Services,
    reference: str,
    *,
    title: str | None = None,
    description: str | None = None,
    work_type: WorkType | None = None,
) -> Outcome:
    """Change title, description or type."""
    with services.locks.hold(STRUCTURE):
        board = services.board()
        state = board.pick(reference)
        parent = board.items.get(state.parent) if state.parent is not None else None
        facts = None if parent is None else ParentFacts(item_id=parent.item_id, work_type=parent.work_type)
        children = [board.items[child].work_type for child in board.items.children(state.item_id)]
        return change(
            services,
            state.item_id,
            lambda item, stamp: item.edit(
                stamp, title=title, description=description, work_type=work_type, parent=facts, children=children
            ),
        )


def prioritize(services: Services, reference: str, priority: Priority) -> Outcome:
    """Change the urgency."""
    return change_named(services, reference, lambda item, stamp: item.prioritize(stamp, priority))


def label(services: Services, reference: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Outcome:
    """Put labels on and take labels off."""
    added, removed = tuple(add), tuple(remove)

    def decide(item: WorkItem, stamp: Stamp) -> None:
        item.add_labels(stamp, added)
        item.remove_labels(stamp, removed)

    return change_named(services, reference, decide)


def comment(services: Services, reference: str, words: str) -> Outcome:
    """Say something about an item."""
    return change_named(services, reference, lambda item, stamp: item.comment(stamp, words))


def set_due(services: Services, reference: str, due: date | None) -> Outcome:
    """Set or clear the day by which an item should be done."""
    return change_named(services, reference, lambda item, stamp: item.set_due(stamp, due))


def set_estimate(services: Services, reference: str, minutes: int | None) -> Outcome:
    """Set or clear the work expected, in minutes."""
    return change_named(services, reference, lambda item, stamp: item.set_estimate(stamp, minutes))


def measure(services: Services, reference: str, coverage: TestCoverage | None, tests: TestRatio | None) -> Outcome:
    """Record what an item's tests show."""
    return change_named(services, reference, lambda item, stamp: item.measure(stamp, coverage, tests))


def assign(services: Services, reference: str, assignee: str | None) -> Outcome:
    """Make one person responsible, or nobody."""
    return change_named(services, reference, lambda item, stamp: item.assign(stamp, assignee))
