"""The command handlers: load the item, call it, append with the expected version, retry on a conflict (LES-003).

Every handler takes the services and a reference to an item (`WORK-42` or an internal id) and returns an `Outcome`.
All may raise the domain's errors, those of the board's `pick`, and those of the store's port.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.errors import ClaimedByOtherError, IllegalTransitionError, InvalidValueError, ItemDeletedError
from jerry_domain.events.base import DomainEvent, RecordedEvent, Stamp
from jerry_domain.ports.event_store import CorruptStreamError
from jerry_domain.services.compensation import undo_last_command
from jerry_domain.services.dependency_graph import (
    ancestors,
    check_acyclic,
    children_of,
    open_children,
    unblocked_by,
)
from jerry_domain.services.readiness import ready_items
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_git.application.board import Board, ItemNotFoundError, load_board
from jerry_git.application.ports import Services
from jerry_git.application.retry import retrying

STRUCTURE = "structure"
"""The lock under which dependencies, hierarchy and completion change: their rules look at several streams at once."""

CLAIMS = "claims"
"""The lock under which the next item is chosen, so that no two workers choose the same one in vain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
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
    """The item of an internal id; raises `ItemNotFoundError`, `CorruptStreamError`."""
    history = services.store.read(f"{WorkItem.category}-{item_id}")
    if not history:
        raise ItemNotFoundError(item_id)
    return WorkItem.load_from_history(item_id, history)


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
    return change(services, load_board(services.store).pick(reference).item_id, decide)


# --- coming and going


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
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
        board = load_board(services.store)
        parent = None if draft.parent is None else _facts(board, draft.parent)
        blockers = [_alive(board, reference).item_id for reference in draft.depends_on]
        source = None if draft.discovered_from is None else board.pick(draft.discovered_from).item_id
        stamp = new_stamp(services)
        _rehearse(services, draft, parent, stamp)
        number = services.numbers.allot(1, board.highest_number)[0]

        def attempt() -> Outcome:
            item = WorkItem(services.ids.item_id())
            item.create(
                stamp,
                display_id=DisplayId(services.prefix, number),
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
            check_acyclic({**board.items, item.state.item_id: item.state}, item.state.item_id)
            return Outcome(before=None, events=save(services, item), after=item.state)

        return retrying(attempt)


def _rehearse(services: Services, draft: Draft, parent: ParentFacts | None, stamp: Stamp) -> None:
    """Refuse a bad draft before a number is spent on it."""
    item = WorkItem(services.ids.item_id())
    name = DisplayId(services.prefix, 1)
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
        board = load_board(services.store)
        outcome = change(services, board.pick(reference).item_id, lambda item, stamp: item.delete(stamp, reason))
        return _with_unblocked(board, outcome)


def undo(services: Services, reference: str) -> Outcome:
    """Compensate the item's last command by new events; raises `CannotUndoError`, `CycleError`."""
    with services.locks.hold(STRUCTURE):
        board = load_board(services.store)
        item_id = board.pick(reference).item_id
        stamp = new_stamp(services)

        def attempt() -> Outcome:
            history = services.store.read(f"{WorkItem.category}-{item_id}")
            item = WorkItem.load_from_history(item_id, history)
            before = item.state
            undone = undo_last_command(item, history, stamp)
            _check_graph(board, item)
            return Outcome(before=before, events=save(services, item), after=item.state, undone=undone)

        return retrying(attempt)


def _facts(board: Board, reference: str) -> ParentFacts:
    state = _alive(board, reference)
    return ParentFacts(item_id=state.item_id, work_type=state.work_type)


def _alive(board: Board, reference: str) -> WorkItemState:
    state = board.pick(reference)
    if state.deleted:
        raise ItemDeletedError(state.name)
    return state


# --- the state machine


def start(services: Services, reference: str, reason: str = "") -> Outcome:
    """pending -> in_progress."""
    return change_named(services, reference, lambda item, stamp: item.start(stamp, reason))


def block(services: Services, reference: str, reason: str = "") -> Outcome:
    """in_progress -> blocked."""
    return change_named(services, reference, lambda item, stamp: item.block(stamp, reason))


def unblock(services: Services, reference: str, reason: str = "") -> Outcome:
    """blocked -> in_progress."""
    return change_named(services, reference, lambda item, stamp: item.unblock(stamp, reason))


def reopen(services: Services, reference: str, reason: str = "") -> Outcome:
    """done -> in_progress."""
    return change_named(services, reference, lambda item, stamp: item.reopen(stamp, reason))


def cancel(services: Services, reference: str, reason: str = "") -> Outcome:
    """Any open status -> cancelled."""
    with services.locks.hold(STRUCTURE):
        board = load_board(services.store)
        outcome = change(services, board.pick(reference).item_id, lambda item, stamp: item.cancel(stamp, reason))
        return _with_unblocked(board, outcome)


def complete(services: Services, reference: str, reason: str = "", *, force: bool = False) -> Outcome:
    """in_progress -> done, and what that sets free."""
    with services.locks.hold(STRUCTURE):
        board = load_board(services.store)
        item_id = board.pick(reference).item_id
        children = [board.name(child) for child in open_children(board.items, item_id)]
        outcome = change(
            services,
            item_id,
            lambda item, stamp: item.complete(
                stamp, reason=reason, open_children=children, policy=services.settings.quality, force=force
            ),
        )
        return _with_unblocked(board, outcome)


def _with_unblocked(board: Board, outcome: Outcome) -> Outcome:
    after = {**board.items, outcome.after.item_id: outcome.after}
    freed = unblocked_by(board.items, after)
    return replace(outcome, unblocked=tuple(after[key] for key in freed))


# --- who works on it


def claim(services: Services, reference: str, lease: timedelta | None = None, *, start: bool = False) -> Outcome:
    """Take an item for the lease (settings' by default); a lease that is named renews one's own claim."""
    return change_named(services, reference, _claim(services, lease, start=start))


def claim_next(
    services: Services,
    lease: timedelta | None = None,
    *,
    start: bool = False,
    wanted: Callable[[WorkItemState], bool] = lambda state: True,  # noqa: ARG005
) -> Outcome | None:
    """Take the most urgent ready item that is `wanted`; None when there is none."""
    worker = services.worker
    with services.locks.hold(CLAIMS):
        board = load_board(services.store)
        for state in ready_items(board.items, now=services.clock.now(), actor=worker.actor, session=worker.session):
            if state.active_claim(services.clock.now()) or not wanted(state):
                continue  # a claim that is still ready is one's own: next means another item
            try:
                return change(services, state.item_id, _claim(services, lease, start=start))
            except (ClaimedByOtherError, IllegalTransitionError, ItemDeletedError, CorruptStreamError):
                continue  # somebody was quicker, or the item went since the board was read
    return None


def _claim(services: Services, lease: timedelta | None, *, start: bool) -> Callable[[WorkItem, Stamp], None]:
    def decide(item: WorkItem, stamp: Stamp) -> None:
        item.claim(stamp, stamp.at + (lease or services.settings.claim_lease), renew=lease is not None)
        if start:
            item.start(stamp)

    return decide


def release(services: Services, reference: str, reason: str = "", *, force: bool = False) -> Outcome:
    """End a claim."""
    return change_named(services, reference, lambda item, stamp: item.release(stamp, reason, force=force))


def assign(services: Services, reference: str, assignee: str | None) -> Outcome:
    """Make one person responsible, or nobody."""
    return change_named(services, reference, lambda item, stamp: item.assign(stamp, assignee))


# --- what it says


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
        board = load_board(services.store)
        state = board.pick(reference)
        parent = board.items.get(state.parent) if state.parent is not None else None
        facts = None if parent is None else ParentFacts(item_id=parent.item_id, work_type=parent.work_type)
        children = [board.items[child].work_type for child in children_of(board.items).get(state.item_id, ())]
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


# --- how it stands to others


def move_under(services: Services, reference: str, parent: str | None) -> Outcome:
    """Put an item under another one, or at the top; raises `CycleError`, `ParentTypeError`."""

    def decide(board: Board) -> Callable[[WorkItem, Stamp], None]:
        facts = None if parent is None else _facts(board, parent)
        return lambda item, stamp: item.move_under(stamp, facts)

    return _restructure(services, reference, decide)


def depend(
    services: Services, reference: str, targets: Sequence[str], kind: DependencyKind = DependencyKind.BLOCKS
) -> Outcome:
    """Let an item lean on others; raises `CycleError`."""

    def decide(board: Board) -> Callable[[WorkItem, Stamp], None]:
        ids = [_alive(board, target).item_id for target in targets]
        return lambda item, stamp: _each(ids, lambda target: item.depend_on(stamp, target, kind))

    return _restructure(services, reference, decide)


def stop_depending(
    services: Services, reference: str, targets: Sequence[str], kind: DependencyKind = DependencyKind.BLOCKS
) -> Outcome:
    """Let an item lean on others no longer."""

    def decide(board: Board) -> Callable[[WorkItem, Stamp], None]:
        ids = [_target(board, reference, target) for target in targets]
        return lambda item, stamp: _each(ids, lambda target: item.stop_depending_on(stamp, target, kind))

    return _restructure(services, reference, decide)


def _each(ids: Iterable[str], act: Callable[[str], None]) -> None:
    for item_id in ids:
        act(item_id)


def _target(board: Board, reference: str, target: str) -> str:
    """A target's internal id; one that dangles is named by that id."""
    dangling = {dependency.target for dependency in board.pick(reference).dependencies} - board.items.keys()
    return target if target in dangling else board.pick(target).item_id


def _restructure(
    services: Services, reference: str, plan: Callable[[Board], Callable[[WorkItem, Stamp], None]]
) -> Outcome:
    with services.locks.hold(STRUCTURE):
        board = load_board(services.store)
        item_id = board.pick(reference).item_id
        act = plan(board)

        def decide(item: WorkItem, stamp: Stamp) -> None:
            act(item, stamp)
            _check_graph(board, item)

        return _with_unblocked(board, change(services, item_id, decide))


def _check_graph(board: Board, item: WorkItem) -> None:
    """Refuse when the item, as it is about to be, waits for itself; raises `CycleError`, `InvalidValueError`."""
    items = {**board.items, item.state.item_id: item.state}
    if item.state == board.items.get(item.state.item_id) or item.state.deleted:
        return
    if item.state.item_id in ancestors(items, item.state.parent or ""):
        raise InvalidValueError("parent", item.state.name, "an item cannot stand below itself")
    check_acyclic(items, item.state.item_id)


def renumber_duplicates(services: Services) -> tuple[Outcome, ...]:
    """Give every item whose display id an older one has a new number (DESIGN 4)."""
    with services.locks.hold(STRUCTURE):
        board = load_board(services.store)
        outcomes = []
        for state in duplicates(board):
            number = services.numbers.allot(1, board.highest_number)[0]
            display_id = DisplayId(services.prefix, number)
            outcomes.append(
                change(services, state.item_id, lambda item, stamp, new=display_id: item.renumber(stamp, new))  # type: ignore[misc]
            )
        return tuple(outcomes)


def duplicates(board: Board) -> tuple[WorkItemState, ...]:
    """The items whose display id an older item has; deleted ones are left in peace."""
    seen: set[str] = set()
    younger = []
    for state in board.items.values():
        if state.display_id in seen and not state.deleted:
            younger.append(state)
        seen.add(state.display_id)
    return tuple(younger)
