"""The board: all work items as the events say, and what could not be read. A fold, without authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.errors import InvalidValueError
from jerry_domain.events.base import RecordedEvent
from jerry_domain.ports.event_store import IEventStore, Problem, StreamScan
from jerry_domain.services.causal_order import missing_parents
from jerry_domain.services.divergence import Divergence, divergences
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.work_item_id import LENGTH, fold_lookalikes
from jerry_git.application.errors import AmbiguousItemError, ItemNotFoundError, UnreadableItemError


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Items by internal id, in the order of their making; deleted ones included.

    `broken` holds, by internal id, the problems of items that could not be folded; `strays` those of no item.
    `incomplete` are the items whose history has events missing (a cherry-pick, a sparse checkout); `divergences` what
    branches disagree about, for the items where they do.
    """

    items: Mapping[str, WorkItemState] = field(default_factory=dict)
    histories: Mapping[str, tuple[RecordedEvent, ...]] = field(default_factory=dict)
    broken: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    strays: tuple[Problem, ...] = ()
    incomplete: frozenset[str] = frozenset()
    divergences: Mapping[str, tuple[Divergence, ...]] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that could not be read."""
        return (*self.strays, *(problem for problems in self.broken.values() for problem in problems))

    @property
    def highest_number(self) -> int:
        """The highest number in any display id or alias, 0 where there is none."""
        names = (name for state in self.items.values() for name in (state.display_id, *state.aliases) if name)
        return max((number_of(name) for name in names), default=0)

    def name(self, item_id: str) -> str:
        """What to call an item: its display id, or the internal one when it is not here."""
        return self.items[item_id].name if item_id in self.items else item_id

    def find(self, reference: str) -> WorkItemState:
        """The item for reading: by display id, alias, internal id, or a unique prefix of one.

        Of two items with one display id the older has it (DESIGN 4). Raises `ItemNotFoundError`,
        `AmbiguousItemError` for a prefix of several, `UnreadableItemError`.
        """
        exact = self._named(reference)
        if exact:
            return exact[0]
        prefix = fold_lookalikes(reference)
        several = [state for key, state in self.items.items() if prefix and key.startswith(prefix)]
        if len(several) > 1:
            raise AmbiguousItemError(reference, several)
        if several:
            return several[0]
        raise self._missing(reference)

    def pick(self, reference: str) -> WorkItemState:
        """The item for writing: exactly one may answer to the display id, alias or whole internal id.

        Raises `ItemNotFoundError`, `AmbiguousItemError`, `UnreadableItemError`.
        """
        exact = self._named(reference)
        if len(exact) > 1:
            raise AmbiguousItemError(reference, exact)
        if exact:
            return exact[0]
        raise self._missing(reference)

    def holders(self, name: str) -> tuple[str, ...]:
        """The internal ids of all items that are called `name`, or were, the oldest first."""
        return tuple(key for key, state in self.items.items() if name in (state.display_id, *state.aliases))

    def _named(self, reference: str) -> list[WorkItemState]:
        """Items of exactly this id, the oldest first; aliases count where no display id is the same."""
        if len(reference) == LENGTH and fold_lookalikes(reference) in self.items:
            return [self.items[fold_lookalikes(reference)]]
        try:
            wanted = str(DisplayId.parse(reference))
        except InvalidValueError:
            return []
        named = [state for state in self.items.values() if state.display_id == wanted]
        return named or [state for state in self.items.values() if wanted in state.aliases]

    def _missing(self, reference: str) -> Exception:
        """Why nothing was found: an item that cannot be read may be the one that is meant."""
        broken = self.broken.get(fold_lookalikes(reference))
        if broken:
            return UnreadableItemError(reference, broken)
        import difflib

        names = [state.display_id for state in self.items.values() if state.display_id and not state.deleted]
        return ItemNotFoundError(reference, difflib.get_close_matches(reference.upper(), names, n=3, cutoff=0.7))


def number_of(display_id: str) -> int:
    """The number in a display id, 0 where it is not written like one (a file of another writer)."""
    try:
        return DisplayId.parse(display_id).number
    except InvalidValueError:
        return 0


def duplicates(board: Board) -> tuple[WorkItemState, ...]:
    """The items whose display id an older item has; deleted ones are left in peace."""
    seen: set[str] = set()
    younger = []
    for state in board.items.values():
        if state.display_id in seen and not state.deleted:
            younger.append(state)
        seen.add(state.display_id)
    return tuple(younger)


def load_board(store: IEventStore) -> Board:
    """Fold every work item in `store`. One bad file costs its own item, never another."""
    return board_of(store.scan(WorkItem.category))


def board_of(scans: Iterable[StreamScan]) -> Board:
    """Fold the streams of work items that were found somewhere; problems of no stream have its name empty."""
    items: dict[str, WorkItemState] = {}
    histories: dict[str, tuple[RecordedEvent, ...]] = {}
    broken: dict[str, tuple[Problem, ...]] = {}
    strays: list[Problem] = []
    incomplete = set()
    apart: dict[str, tuple[Divergence, ...]] = {}
    for scan in scans:
        item_id = scan.stream.removeprefix(f"{WorkItem.category}-")
        if not scan.stream:
            strays += scan.problems
        elif scan.problems:
            broken[item_id] = scan.problems
        elif scan.events:
            item = WorkItem.load_from_history(item_id, scan.events)
            items[item_id] = item.state
            histories[item_id] = scan.events
            if missing_parents(scan.events) or item.state.created_at is None:
                incomplete.add(item_id)
            if found := divergences(scan.events):
                apart[item_id] = found
    return Board(
        items=dict(sorted(items.items())),
        histories=histories,
        broken=broken,
        strays=tuple(strays),
        incomplete=frozenset(incomplete),
        divergences=dict(sorted(apart.items())),
    )
