"""Bringing items in from another tracker: once each, with everything that tracker knew (ADR-018)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.aggregates.work_item_state import Dependency, WorkItemState
from jerry_domain.errors import CycleError, DomainError
from jerry_domain.events.base import Stamp
from jerry_domain.services.dependency_graph import check_acyclic
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_domain.value_objects.work_item_id import WorkItemId
from jerry_git.application.board import Board, load_board
from jerry_git.application.commands import STRUCTURE, new_stamp, save
from jerry_git.application.ports import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignComment:
    """A comment as the other tracker has it."""

    author: str
    written_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignItem:
    """An item of another tracker in our words. `reference` is its id there; links name such ids.

    `line` is where it stood in the file, 1-based. `original` holds, as text, whatever has no place elsewhere.
    """

    line: int
    reference: str
    title: str
    work_type: WorkType
    status: WorkItemStatus
    priority: Priority
    description: str = ""
    reason: str = ""
    parent: str | None = None
    dependencies: Sequence[tuple[DependencyKind, str]] = ()
    labels: Sequence[str] = ()
    comments: Sequence[ForeignComment] = ()
    assignee: str | None = None
    estimate: int | None = None
    deleted: str | None = None
    original: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportNote:
    """Something that was not taken over as it stood."""

    line: int
    reference: str
    message: str


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would do: items added, items that were here already, and notes."""

    added: list[WorkItemState] = field(default_factory=list)
    known: int = 0
    notes: list[ImportNote] = field(default_factory=list)

    @property
    def by_status(self) -> Mapping[str, int]:
        """Items added, by status; deleted ones apart."""
        return Counter("deleted" if state.deleted else str(state.status) for state in self.added)


class Refuse(Protocol):
    """Takes note of what was not taken over."""

    def __call__(self, item: ForeignItem, message: str) -> None:
        """`message` about `item`."""
        ...


_WALKS: Mapping[WorkItemStatus, tuple[WorkItemStatus, ...]] = {
    WorkItemStatus.PENDING: (),
    WorkItemStatus.IN_PROGRESS: (WorkItemStatus.IN_PROGRESS,),
    WorkItemStatus.BLOCKED: (WorkItemStatus.IN_PROGRESS, WorkItemStatus.BLOCKED),
    WorkItemStatus.DONE: (WorkItemStatus.IN_PROGRESS, WorkItemStatus.DONE),
    WorkItemStatus.CANCELLED: (WorkItemStatus.CANCELLED,),
}
"""The legal way from pending to each status."""


def import_items(
    services: Services,
    origin: str,
    foreign: Sequence[ForeignItem],
    *,
    dry_run: bool = False,
    step: Callable[[], object] = lambda: None,
) -> ImportReport:
    """Add the items that are not here yet, one batch each; what cannot be taken over is noted, never fatal.

    An item is known by `origin` and reference, so a second run adds nothing. Links lead to items of this run and
    of earlier ones. Parents come first. A dry run says the same and writes nothing.
    """
    report = ImportReport()

    def note(item: ForeignItem, message: str) -> None:
        report.notes.append(ImportNote(line=item.line, reference=item.reference, message=message))

    with services.locks.hold(STRUCTURE):
        board = load_board(services.store)
        ids = _known(board, origin)
        new = _unseen(foreign, ids, report, note)
        ids |= {item.reference: str(services.ids.item_id()) for item in new}
        highest = board.highest_number
        numbers = range(highest + 1, highest + 1 + len(new)) if dry_run else services.numbers.allot(len(new), highest)
        items = dict(board.items)
        types = {key: state.work_type for key, state in items.items()}
        stamp = new_stamp(services)
        drafts = []
        for item, number in zip(_parents_first(new), numbers, strict=True):
            parent = _parent(item, ids, types, note)
            types[ids[item.reference]] = _fitting_type(item, parent, note)
            display_id = DisplayId(services.prefix, number)
            drafts.append((item, _draft(item, ids, types, parent, display_id, origin, stamp, note)))
            items[ids[item.reference]] = drafts[-1][1].state
        for item, work_item in drafts:
            _link(item, work_item, ids, items, stamp, note)
            _finish(item, work_item, stamp)
            if not dry_run:
                save(services, work_item)
            report.added.append(work_item.state)
            step()
    return report


def _known(board: Board, origin: str) -> dict[str, str]:
    return {
        reference.reference: state.item_id
        for state in board.items.values()
        for reference in state.imported
        if reference.origin == origin
    }


def _unseen(
    foreign: Sequence[ForeignItem], ids: Mapping[str, str], report: ImportReport, note: Refuse
) -> list[ForeignItem]:
    new: dict[str, ForeignItem] = {}
    for item in foreign:
        if item.reference in ids:
            report.known += 1
        elif item.reference in new:
            note(item, f"its id stands on line {new[item.reference].line} already; the first one counts")
        else:
            new[item.reference] = item
    return list(new.values())


def _parents_first(items: Sequence[ForeignItem]) -> list[ForeignItem]:
    """In the order of the file, but no child before its parent; a circle of parents is cut where it is met."""
    by_reference = {item.reference: item for item in items}
    ordered: dict[str, ForeignItem] = {}
    for item in items:
        line: dict[str, ForeignItem] = {}
        above: ForeignItem | None = item
        while above is not None and above.reference not in ordered and above.reference not in line:
            line[above.reference] = above
            above = by_reference.get(above.parent) if above.parent is not None else None
        ordered |= dict(reversed(line.items()))
    return list(ordered.values())


def _parent(
    item: ForeignItem, ids: Mapping[str, str], types: Mapping[str, WorkType], note: Refuse
) -> ParentFacts | None:
    if item.parent is None:
        return None
    parent = ids.get(item.parent)
    if parent is None:
        note(item, f"its parent {item.parent} is not in the file")
        return None
    if parent not in types:
        note(item, f"its parent {item.parent} stands below it; left at the top")
        return None
    return ParentFacts(item_id=parent, work_type=types[parent])


def _fitting_type(item: ForeignItem, parent: ParentFacts | None, note: Refuse) -> WorkType:
    """The item's type, or subtask where its own cannot stand under such a parent."""
    if parent is None or item.work_type.may_have_parent(parent.work_type):
        return item.work_type
    if WorkType.SUBTASK.may_have_parent(parent.work_type):
        note(item, f"a {item.work_type} under a {parent.work_type} is a subtask here")
        return WorkType.SUBTASK
    note(item, f"a {item.work_type} cannot stand under a {parent.work_type}; left at the top")
    return item.work_type


def _draft(
    item: ForeignItem,
    ids: Mapping[str, str],
    types: Mapping[str, WorkType],
    parent: ParentFacts | None,
    display_id: DisplayId,
    origin: str,
    stamp: Stamp,
    note: Refuse,
) -> WorkItem:
    item_id = ids[item.reference]
    work_item = WorkItem(WorkItemId.parse(item_id))
    fits = parent if parent is not None and types[item_id].may_have_parent(parent.work_type) else None
    work_item.create(
        stamp,
        display_id=display_id,
        title=item.title,
        work_type=types[item_id],
        description=item.description,
        priority=item.priority,
        parent=fits,
    )
    work_item.record_import(stamp, origin=origin, reference=item.reference, original=item.original)
    _try(item, note, lambda: work_item.assign(stamp, item.assignee))
    _try(item, note, lambda: work_item.set_estimate(stamp, item.estimate))
    for label in item.labels:
        _try(item, note, lambda label=label: work_item.add_labels(stamp, [label]))  # type: ignore[misc]
    for said in item.comments:
        _try(
            item,
            note,
            lambda said=said: work_item.comment(stamp, said.text, author=said.author, written_at=said.written_at),  # type: ignore[misc]
        )
    return work_item


def _try(item: ForeignItem, note: Refuse, act: Callable[[], None]) -> None:
    try:
        act()
    except DomainError as error:
        note(item, f"left out: {error}")


def _link(
    item: ForeignItem,
    work_item: WorkItem,
    ids: Mapping[str, str],
    items: dict[str, WorkItemState],
    stamp: Stamp,
    note: Refuse,
) -> None:
    for kind, reference in item.dependencies:
        target = ids.get(reference)
        if target is None:
            note(item, f"{kind} {reference}, which is not in the file: left out")
            continue
        before = work_item.state
        trial = {**items, before.item_id: _with_dependency(before, kind, target)}
        try:
            check_acyclic(trial, before.item_id)
        except CycleError as error:
            note(item, f"{kind} {reference}: left out, for {error}")
            continue
        _try(item, note, lambda target=target, kind=kind: work_item.depend_on(stamp, target, kind))  # type: ignore[misc]
        items[before.item_id] = work_item.state


def _with_dependency(state: WorkItemState, kind: DependencyKind, target: str) -> WorkItemState:
    return replace(state, dependencies=state.dependencies | {Dependency(kind=kind, target=target)})


def _finish(item: ForeignItem, work_item: WorkItem, stamp: Stamp) -> None:
    walk = _WALKS[item.status]
    for status in walk:
        work_item.move(stamp, status, item.reason if status is walk[-1] else "")
    if item.deleted is not None:
        work_item.delete(stamp, item.deleted)
