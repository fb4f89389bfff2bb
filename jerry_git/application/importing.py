"""Bringing items in from another tracker: once each, with everything that tracker knew (ADR-018)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.aggregates.work_item_state import Dependency, WorkItemState
from jerry_domain.errors import CycleError, DomainError
from jerry_domain.events.base import Stamp
from jerry_domain.services.dependency_graph import check_acyclic
from jerry_domain.services.items import ItemTable
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_domain.value_objects.work_item_id import WorkItemId
from jerry_git.application.board import Board
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
    of earlier ones. Parents come first. A dry run says the same and writes nothing. `step` is called for each item.
    """
    with services.locks.hold(STRUCTURE):
        board = services.board()
        run = _Import(origin, board, new_stamp(services))
        new = _parents_first(run.unseen(foreign))
        for item in new:
            run.ids[item.reference] = str(services.ids.item_id())
        highest = board.items.highest_number()
        numbers = range(highest + 1, highest + 1 + len(new)) if dry_run else services.numbers.allot(len(new), highest)
        drafts: dict[str, WorkItem] = {}
        for item, number in zip(new, numbers, strict=True):
            work_item = run.draft(item, DisplayId(prefix=services.prefix, number=number))
            if work_item is not None:
                drafts[item.reference] = work_item
        finished = [item for item in new if item.reference in drafts]
        for item in finished:
            run.finish(item, drafts[item.reference])
        for item in _targets_first(finished):
            if not dry_run:
                save(services, drafts[item.reference])
            step()
        run.report.added += (work_item.state for work_item in drafts.values())
    return run.report


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


def _targets_first(items: Sequence[ForeignItem]) -> list[ForeignItem]:
    """In an order in which links lead to items saved before, unless they run in a circle.

    So an import that is cut off leaves no link to an item that the next run would give another id.
    """
    by_reference = {item.reference: item for item in items}
    ordered: dict[str, ForeignItem] = {}
    met: set[str] = set()
    line = list(reversed(by_reference))
    while line:
        item = by_reference[line[-1]]
        links = () if item.reference in met else (item.parent, *(target for _, target in item.dependencies))
        met.add(item.reference)
        ahead = [link for link in links if link in by_reference and link not in met]
        line += ahead
        if not ahead:
            ordered.setdefault(line.pop(), item)
    return list(ordered.values())


class _Import:
    """One run: internal ids by reference, the items so far, and the report."""

    def __init__(self, origin: str, board: Board, stamp: Stamp) -> None:
        self._origin = origin
        self._stamp = stamp
        self._items = ItemTable(board.items.values())
        self.report = ImportReport()
        self.ids = {
            reference.reference: state.item_id
            for state in board.items.values()
            for reference in state.imported
            if reference.origin == origin
        }

    def unseen(self, foreign: Sequence[ForeignItem]) -> list[ForeignItem]:
        """The items that are not here yet, each reference once; counts the others."""
        new: dict[str, ForeignItem] = {}
        for item in foreign:
            if item.reference in self.ids:
                self.report.known += 1
            elif item.reference in new:
                self._note(item, f"its id stands on line {new[item.reference].line} already; the first one counts")
            else:
                new[item.reference] = item
        return list(new.values())

    def draft(self, item: ForeignItem, display_id: DisplayId) -> WorkItem | None:
        """The item with all that concerns it alone, None where it cannot be; its parent was drafted before it."""
        try:
            work_item = self._create(item, display_id)
        except DomainError as error:
            self._note(item, f"passed over: {error}")
            del self.ids[item.reference]
            return None
        with self._noting(item):
            work_item.assign(self._stamp, item.assignee)
        with self._noting(item):
            work_item.set_estimate(self._stamp, item.estimate)
        for label in item.labels:
            with self._noting(item):
                work_item.add_labels(self._stamp, [label])
        for said in item.comments:
            with self._noting(item):
                work_item.comment(self._stamp, said.text, author=said.author, written_at=said.written_at)
        self._items.put(work_item.state)
        return work_item

    def _create(self, item: ForeignItem, display_id: DisplayId) -> WorkItem:
        work_item = WorkItem(WorkItemId.parse(self.ids[item.reference]))
        work_type, parent = self._place(item)
        work_item.create(
            self._stamp,
            display_id=display_id,
            title=item.title,
            work_type=work_type,
            description=item.description,
            priority=item.priority,
            parent=parent,
        )
        work_item.record_import(self._stamp, origin=self._origin, reference=item.reference, original=item.original)
        return work_item

    def finish(self, item: ForeignItem, work_item: WorkItem) -> None:
        """Its dependencies, for all items are drafted now; then the way to its status."""
        for kind, reference in item.dependencies:
            self._link(item, work_item, kind, reference)
        with self._noting(item):
            walk = _WALKS[item.status]
            for status in walk:
                work_item.move(self._stamp, status, item.reason if status is walk[-1] else "")
        with self._noting(item):
            if item.deleted is not None:
                work_item.delete(self._stamp, item.deleted)

    def _place(self, item: ForeignItem) -> tuple[WorkType, ParentFacts | None]:
        """The item's type and parent: it becomes a subtask where its own type cannot stand under such a parent."""
        if item.parent is None:
            return item.work_type, None
        parent = self._items.get(self.ids.get(item.parent, ""))
        if parent is None:
            where = "stands below it" if item.parent in self.ids else "is not in the file"
            self._note(item, f"its parent {item.parent} {where}; left at the top")
            return item.work_type, None
        facts = ParentFacts(item_id=parent.item_id, work_type=parent.work_type)
        if item.work_type.may_have_parent(parent.work_type):
            return item.work_type, facts
        if WorkType.SUBTASK.may_have_parent(parent.work_type):
            self._note(item, f"type {item.work_type} under a {parent.work_type} becomes subtask")
            return WorkType.SUBTASK, facts
        self._note(item, f"type {item.work_type} cannot stand under a {parent.work_type}; left at the top")
        return item.work_type, None

    def _link(self, item: ForeignItem, work_item: WorkItem, kind: DependencyKind, reference: str) -> None:
        target = self.ids.get(reference)
        if target is None:
            self._note(item, f"{kind} {reference}, which is not in the file: left out")
            return
        state = work_item.state
        linked = replace(state, dependencies=state.dependencies | {Dependency(kind=kind, target=target)})
        try:
            check_acyclic(self._items.changed(linked), state.item_id)
        except CycleError as error:
            self._note(item, f"{kind} {reference}: left out, for {error}")
            return
        with self._noting(item):
            work_item.depend_on(self._stamp, target, kind)
        self._items.put(work_item.state)

    @contextmanager
    def _noting(self, item: ForeignItem) -> Iterator[None]:
        """Note what the domain refuses, and go on."""
        try:
            yield
        except DomainError as error:
            self._note(item, f"left out: {error}")

    def _note(self, item: ForeignItem, message: str) -> None:
        self.report.notes.append(ImportNote(line=item.line, reference=item.reference, message=message))
