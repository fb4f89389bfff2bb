"""The questions users ask of the board. Nothing here writes, and nothing takes a lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.services.readiness import ready_items
from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_domain.values import Value, value
from jerry_git.application.board import Board
from jerry_git.application.elsewhere import moved_on

if TYPE_CHECKING:
    from jerry_domain.events.base import RecordedEvent
    from jerry_git.application.ports import Services

SORT_KEYS: Mapping[str, Callable[[WorkItemState], object]] = {
    "priority": lambda state: (state.priority.rank, state.item_id),
    "created": lambda state: state.item_id,
    "updated": lambda state: (state.updated_at, state.item_id),
    "due": lambda state: (state.due or date.max, state.priority.rank, state.item_id),
    "status": lambda state: (tuple(WorkItemStatus).index(state.status), state.priority.rank, state.item_id),
    "title": lambda state: (state.title.casefold(), state.item_id),
}
"""What a list can be sorted by."""


@value
class Filter(Value):
    """Which items to list: all conditions together; an empty one asks nothing. `parent` is an internal id."""

    statuses: Sequence[WorkItemStatus] = ()
    types: Sequence[WorkType] = ()
    priorities: Sequence[Priority] = ()
    labels: Sequence[str] = ()
    assignee: str | None = None
    parent: str | None = None
    due_by: date | None = None
    claimed_at: datetime | None = None
    closed: bool = False
    deleted: bool = False

    def accepts(self, state: WorkItemState) -> bool:
        """Whether `state` meets every condition. Closed items count when asked for, by `closed` or by status."""
        wanted_status = state.status in self.statuses if self.statuses else self.closed or state.status.is_open
        return (
            wanted_status
            and (self.deleted or not state.deleted)
            and (not self.types or state.work_type in self.types)
            and (not self.priorities or state.priority in self.priorities)
            and state.labels.issuperset(self.labels)
            and (self.assignee is None or self._is_assigned(state))
            and (self.parent is None or state.parent == self.parent)
            and (self.due_by is None or (state.due is not None and state.due <= self.due_by))
            and (self.claimed_at is None or state.active_claim(self.claimed_at) is not None)
        )

    def _is_assigned(self, state: WorkItemState) -> bool:
        """`none` asks for items of nobody; otherwise a part of the assignee's name, in any case."""
        if self.assignee == "none":
            return state.assignee is None
        return (self.assignee or "").casefold() in (state.assignee or "").casefold()


def select(board: Board, wanted: Filter, sort: str = "priority") -> tuple[WorkItemState, ...]:
    """The items that `wanted` accepts, sorted by one of `SORT_KEYS`."""
    only_open = not wanted.closed and all(status.is_open for status in wanted.statuses) and not wanted.deleted
    states = board.items.open() if only_open else board.items.values()
    chosen = (state for state in states if wanted.accepts(state))
    return tuple(sorted(chosen, key=SORT_KEYS[sort]))  # type: ignore[arg-type]  # the keys of one entry compare


def search(board: Board, words: str, *, closed: bool = True) -> tuple[WorkItemState, ...]:
    """The items that hold all words, in any case, in title, description, labels or comments; best matches first."""
    terms = words.casefold().split()
    found = []
    for state in (board.items[key] for key in board.items.with_words(terms)):
        if not state.deleted and (closed or state.status.is_open):
            title = state.title.casefold()
            found.append((sum(term not in title for term in terms), not state.status.is_open, state.item_id))
    return tuple(board.items[key] for _, _, key in sorted(found))


def ready(services: Services, board: Board, then: datetime | None = None) -> tuple[WorkItemState, ...]:
    """What the worker can start now, without what other work trees have started or closed; `board` tells of claims.

    With `then` what could be started at that former moment, of which no other work tree says anything. Who the worker
    is, is asked only where something is claimed.
    """
    now = then or services.clock.now()
    claims = any(state.active_claim(now) for state in board.items.open())
    actor, session = (services.worker.actor, services.worker.session) if claims else (None, None)
    found = ready_items(board.items, now=now, actor=actor, session=session)
    gone = {} if then else moved_on(services, board, found)
    return tuple(state for state in found if state.item_id not in gone)


@value
class Summary(Value):
    """The state of the work at a glance; counts leave deleted items out."""

    by_status: Mapping[WorkItemStatus, int]
    by_type: Mapping[WorkType, int]
    ready: int
    claimed: tuple[WorkItemState, ...]
    overdue: tuple[WorkItemState, ...]
    total: int


def summarize(services: Services, board: Board, then: datetime | None = None) -> Summary:
    """Counts, what is claimed, and what is overdue, now or at a former moment."""
    now = then or services.clock.now()
    statuses, types = Counter[WorkItemStatus](), Counter[WorkType]()
    for (status, work_type), count in board.items.counts().items():
        statuses[status] += count
        types[work_type] += count
    going = list(board.items.open())
    return Summary(
        by_status={status: statuses[status] for status in WorkItemStatus},
        by_type={work_type: types[work_type] for work_type in WorkType},
        ready=len(ready(services, board, then)),
        claimed=tuple(state for state in going if state.active_claim(now)),
        overdue=tuple(state for state in going if state.due and state.due < now.date()),
        total=statuses.total(),
    )


@value
class LogEntry(Value):
    """One event of one item, with the item's state before and after it."""

    recorded: RecordedEvent
    before: WorkItemState
    after: WorkItemState


def log(board: Board, item_ids: Sequence[str]) -> tuple[LogEntry, ...]:
    """The events of these items, the newest first."""
    from jerry_domain.aggregates.work_item import WorkItem

    entries = []
    for item_id in item_ids:
        item = WorkItem.load_from_history(item_id, ())
        for recorded in board.histories[item_id]:
            before = item.state
            item.replay((recorded,))
            entries.append(LogEntry(recorded=recorded, before=before, after=item.state))
    # Stable: events of one millisecond stay in causal order, which `reversed` turns as well.
    entries.sort(key=lambda entry: entry.recorded.event.occurred_at)
    return tuple(reversed(entries))
