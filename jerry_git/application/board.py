"""The board: all work items as the events say, and what could not be read. A fold, without authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.errors import InvalidValueError
from jerry_domain.services.items import Items, ItemTable
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.work_item_id import LENGTH, fold_lookalikes
from jerry_domain.values import Value, value
from jerry_git.application.errors import AmbiguousItemError, ItemNotFoundError, UnreadableItemError

if TYPE_CHECKING:
    from jerry_domain.events.base import RecordedEvent
    from jerry_domain.ports.event_store import Problem
    from jerry_domain.services.divergence import Divergence


class Taken(NamedTuple):
    """A claim that was made: the id of the event, and the worker."""

    event_id: str
    claimant: str
    session: str | None


@value
class Board(Value):
    """Items by internal id, in the order of their making; deleted ones included.

    `broken` holds, by internal id, the problems of items that could not be folded; `strays` those of no item.
    `incomplete` are the items whose history has events missing (a cherry-pick, a sparse checkout); `divergences` what
    branches disagree about, for the items where they do; `taken` every claim that was made, where there were any, in
    the order of folding.
    """

    items: Items = field(default_factory=ItemTable)
    histories: Mapping[str, tuple[RecordedEvent, ...]] = field(default_factory=dict)
    broken: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    strays: tuple[Problem, ...] = ()
    incomplete: frozenset[str] = frozenset()
    divergences: Mapping[str, tuple[Divergence, ...]] = field(default_factory=dict)
    taken: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that could not be read."""
        return (*self.strays, *(problem for problems in self.broken.values() for problem in problems))

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
        several = [self.items[key] for key in self.items.beginning(prefix)] if prefix else []
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
        return tuple(sorted({*self.items.called(name), *self.items.once_called(name)}))

    def _named(self, reference: str) -> list[WorkItemState]:
        """Items of exactly this id, the oldest first; aliases count where no display id is the same."""
        if len(reference) == LENGTH and fold_lookalikes(reference) in self.items:
            return [self.items[fold_lookalikes(reference)]]
        try:
            wanted = str(DisplayId.parse(reference))
        except InvalidValueError:
            return []
        return [self.items[key] for key in self.items.called(wanted) or self.items.once_called(wanted)]

    def _missing(self, reference: str) -> Exception:
        """Why nothing was found: an item that cannot be read may be the one that is meant."""
        broken = self.broken.get(fold_lookalikes(reference))
        if broken:
            return UnreadableItemError(reference, broken)
        import difflib

        names = [state.display_id for state in self.items.values() if state.display_id and not state.deleted]
        similar = difflib.get_close_matches(reference.upper(), names, n=3, cutoff=0.7)
        return ItemNotFoundError(reference, similar, len(self.broken))


def duplicates(board: Board) -> tuple[WorkItemState, ...]:
    """The items whose display id an older item has; deleted ones are left in peace."""
    seen: set[str] = set()
    younger = []
    for state in board.items.values():
        if state.display_id in seen and not state.deleted:
            younger.append(state)
        seen.add(state.display_id)
    return tuple(younger)
