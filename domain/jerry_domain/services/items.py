"""Items together, with the questions that rules over several of them ask; wherever the items are kept."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.status import WorkItemStatus


class Items(Mapping[str, WorkItemState]):
    """Items by internal id, the oldest first, deleted ones included. No question costs a look at all of them."""

    @abstractmethod
    def open(self) -> Iterator[WorkItemState]:
        """Those in which there is work left, the oldest first."""

    @abstractmethod
    def children(self, item_id: str) -> tuple[str, ...]:
        """The items that stand under one, deleted ones left out, sorted; the parent itself need not be here."""

    @abstractmethod
    def dependents(self, item_id: str) -> tuple[str, ...]:
        """The items with a dependency of any kind on one, deleted ones included, sorted; it need not be here itself."""

    @abstractmethod
    def called(self, name: str) -> tuple[str, ...]:
        """The items whose display id this is, the oldest first."""

    @abstractmethod
    def once_called(self, name: str) -> tuple[str, ...]:
        """The items that have this among their aliases, the oldest first."""

    @abstractmethod
    def beginning(self, prefix: str) -> tuple[str, ...]:
        """The items whose internal id begins so, the oldest first."""

    @abstractmethod
    def named_like(self, beginning: str) -> tuple[str, ...]:
        """The items whose display id begins so, the oldest first."""

    @abstractmethod
    def with_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """The items with all of these words, given casefolded, somewhere in their texts, the oldest first."""

    @abstractmethod
    def counts(self) -> Mapping[tuple[WorkItemStatus, WorkType], int]:
        """How many there are of each status and type; deleted ones are left out."""

    @abstractmethod
    def highest_number(self) -> int:
        """A number that no display id or alias goes above, 0 where there is none; one that was given up may count."""

    def changed(self, *states: WorkItemState) -> Items:
        """The same items but for these, which may be new."""
        return ChangedItems(self, {state.item_id: state for state in states})


class ItemTable(Items):
    """Items in memory."""

    def __init__(self, states: Iterable[WorkItemState] = ()) -> None:
        self._states: dict[str, WorkItemState] = {}
        self._children: dict[str, set[str]] = {}
        self._dependents: dict[str, set[str]] = {}
        for state in sorted(states, key=lambda state: state.item_id):
            self.put(state)

    def put(self, state: WorkItemState) -> None:
        """Add an item that is younger than all that are here, or one as it is now in the place of itself."""
        before = self._states.get(state.item_id)
        if before is not None:
            for index, key in self._places(before):
                index[key].discard(state.item_id)
        for index, key in self._places(state):
            index.setdefault(key, set()).add(state.item_id)
        self._states[state.item_id] = state

    def _places(self, state: WorkItemState) -> Iterator[tuple[dict[str, set[str]], str]]:
        if state.parent is not None and not state.deleted:
            yield self._children, state.parent
        for dependency in state.dependencies:
            yield self._dependents, dependency.target

    def __getitem__(self, item_id: str) -> WorkItemState:
        return self._states[item_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def open(self) -> Iterator[WorkItemState]:
        """See `Items.open`."""
        return (state for state in self._states.values() if state.is_open)

    def children(self, item_id: str) -> tuple[str, ...]:
        """See `Items.children`."""
        return tuple(sorted(self._children.get(item_id, ())))

    def dependents(self, item_id: str) -> tuple[str, ...]:
        """See `Items.dependents`."""
        return tuple(sorted(self._dependents.get(item_id, ())))

    def called(self, name: str) -> tuple[str, ...]:
        """See `Items.called`."""
        return tuple(key for key, state in self._states.items() if state.display_id == name)

    def once_called(self, name: str) -> tuple[str, ...]:
        """See `Items.once_called`."""
        return tuple(key for key, state in self._states.items() if name in state.aliases)

    def beginning(self, prefix: str) -> tuple[str, ...]:
        """See `Items.beginning`."""
        return tuple(key for key in self._states if key.startswith(prefix))

    def named_like(self, beginning: str) -> tuple[str, ...]:
        """See `Items.named_like`."""
        return tuple(key for key, state in self._states.items() if state.display_id.startswith(beginning))

    def with_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """See `Items.with_words`."""
        return tuple(key for key, state in self._states.items() if all(word in texts(state) for word in words))

    def counts(self) -> Mapping[tuple[WorkItemStatus, WorkType], int]:
        """See `Items.counts`."""
        return Counter((state.status, state.work_type) for state in self._states.values() if not state.deleted)

    def highest_number(self) -> int:
        """See `Items.highest_number`."""
        return highest_number(self._states.values())


class ChangedItems(Items):
    """Items of which some are otherwise."""

    def __init__(self, items: Items, states: Mapping[str, WorkItemState]) -> None:
        self._items = items
        self._states = states

    def __getitem__(self, item_id: str) -> WorkItemState:
        return self._states[item_id] if item_id in self._states else self._items[item_id]

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._states or item_id in self._items

    def __iter__(self) -> Iterator[str]:
        new = self._new()
        return iter(sorted((*self._items, *new)) if new else self._items)

    def __len__(self) -> int:
        return len(self._items) + len(self._new())

    def open(self) -> Iterator[WorkItemState]:
        """See `Items.open`."""
        known = [state for state in self._items.open() if state.item_id not in self._states]
        own = [state for state in self._states.values() if state.is_open]
        return iter(sorted((*known, *own), key=lambda state: state.item_id))

    def children(self, item_id: str) -> tuple[str, ...]:
        """See `Items.children`."""
        own = [key for key, state in self._states.items() if state.parent == item_id and not state.deleted]
        return self._with(self._items.children(item_id), own)

    def dependents(self, item_id: str) -> tuple[str, ...]:
        """See `Items.dependents`."""
        own = [
            key
            for key, state in self._states.items()
            if any(dependency.target == item_id for dependency in state.dependencies)
        ]
        return self._with(self._items.dependents(item_id), own)

    def called(self, name: str) -> tuple[str, ...]:
        """See `Items.called`."""
        return self._with(self._items.called(name), [k for k, s in self._states.items() if s.display_id == name])

    def once_called(self, name: str) -> tuple[str, ...]:
        """See `Items.once_called`."""
        return self._with(self._items.once_called(name), [k for k, s in self._states.items() if name in s.aliases])

    def beginning(self, prefix: str) -> tuple[str, ...]:
        """See `Items.beginning`."""
        return self._with(self._items.beginning(prefix), [key for key in self._states if key.startswith(prefix)])

    def named_like(self, beginning: str) -> tuple[str, ...]:
        """See `Items.named_like`."""
        own = [key for key, state in self._states.items() if state.display_id.startswith(beginning)]
        return self._with(self._items.named_like(beginning), own)

    def with_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """See `Items.with_words`."""
        own = [key for key, state in self._states.items() if all(word in texts(state) for word in words)]
        return self._with(self._items.with_words(words), own)

    def counts(self) -> Mapping[tuple[WorkItemStatus, WorkType], int]:
        """See `Items.counts`."""
        counted = Counter(self._items.counts())
        for key, state in self._states.items():
            before = self._items.get(key)
            if before is not None and not before.deleted:
                counted[before.status, before.work_type] -= 1
            if not state.deleted:
                counted[state.status, state.work_type] += 1
        return counted

    def highest_number(self) -> int:
        """See `Items.highest_number`."""
        return max(self._items.highest_number(), highest_number(self._states.values()))

    def changed(self, *states: WorkItemState) -> Items:
        """See `Items.changed`."""
        return ChangedItems(self._items, {**self._states, **{state.item_id: state for state in states}})

    def _with(self, known: tuple[str, ...], own: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted({*(key for key in known if key not in self._states), *own}))

    def _new(self) -> list[str]:
        return [key for key in self._states if key not in self._items]


def texts(state: WorkItemState) -> str:
    """All that is said of an item, casefolded: title, description, labels, comments, display id, a line each."""
    comments = " ".join(comment.text for comment in state.comments)
    lines = (state.title, state.description, " ".join(sorted(state.labels)), comments, state.display_id)
    return "\n".join(lines).casefold()


def number_of(display_id: str) -> int:
    """The number in a display id, 0 where it is not written like one (a file of another writer)."""
    try:
        return DisplayId.parse(display_id).number
    except InvalidValueError:
        return 0


def highest_number(states: Iterable[WorkItemState]) -> int:
    """The highest number in any display id or alias of these, 0 where there is none."""
    return max((number_of(name) for state in states for name in (state.display_id, *state.aliases) if name), default=0)
