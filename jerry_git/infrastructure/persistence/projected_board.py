"""The items as the database of the projection has them, each read when it is asked for (ADR-032)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.services.items import Items
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.board import Board, Taken
from jerry_git.infrastructure.persistence.states import unpack

if TYPE_CHECKING:
    from jerry_domain.events.base import RecordedEvent
    from jerry_domain.ports.event_store import Problem
    from jerry_domain.services.divergence import Divergence
    from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore

CATEGORY = "work_item"


def projected_board(database: sqlite3.Connection, store: Callable[[], FileSystemEventStore]) -> Board:
    """All items in `database`, which is closed with them; `store` gives the events that are asked for."""
    broken: dict[str, list[Problem]] = {}
    for stream, problem in database.execute("SELECT stream, problem FROM problems ORDER BY stream, rowid"):
        from jerry_domain.ports.event_store import Problem

        broken.setdefault(stream.removeprefix(f"{CATEGORY}-"), []).append(Problem(**json.loads(problem)))
    strays = tuple(broken.pop("", ()))
    items = ProjectedItems(database)
    histories = _Histories(items, store)
    apart = [key for (key,) in database.execute("SELECT id FROM items WHERE apart ORDER BY id")]
    return Board(
        items=items,
        histories=histories,
        broken={key: tuple(problems) for key, problems in broken.items()},
        strays=strays,
        incomplete=frozenset(key for (key,) in database.execute("SELECT id FROM items WHERE incomplete")),
        divergences=_Divergences(apart, histories) if apart else {},
        taken=_Takings(database),
    )


class ProjectedItems(Items):
    """Items that are read when they are asked for."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._states: dict[str, WorkItemState] = {}

    def __getitem__(self, item_id: str) -> WorkItemState:
        if item_id not in self._states:
            row = self._database.execute("SELECT state FROM items WHERE id = ?", (item_id,)).fetchone()
            if row is None:
                raise KeyError(item_id)
            self._states[item_id] = unpack(row[0])
        return self._states[item_id]

    def __del__(self) -> None:
        self._database.close()

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._states or bool(self._keys("SELECT id FROM items WHERE id = ?", item_id))

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys("SELECT id FROM items ORDER BY id"))

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM items").fetchone()[0])

    def __bool__(self) -> bool:
        return self._database.execute("SELECT 1 FROM items LIMIT 1").fetchone() is not None

    def open(self) -> Iterator[WorkItemState]:
        """See `Items.open`."""
        return self._all("SELECT id, state FROM items WHERE is_open ORDER BY id")

    def values(self) -> Any:
        """The states, read at once."""
        return list(self._all("SELECT id, state FROM items ORDER BY id"))

    def children(self, item_id: str) -> tuple[str, ...]:
        """See `Items.children`."""
        return self._keys("SELECT id FROM items WHERE parent = ? AND NOT deleted ORDER BY id", item_id)

    def dependents(self, item_id: str) -> tuple[str, ...]:
        """See `Items.dependents`."""
        return self._keys("SELECT source FROM dependencies WHERE target = ? ORDER BY source", item_id)

    def called(self, name: str) -> tuple[str, ...]:
        """See `Items.called`."""
        return self._keys("SELECT id FROM items WHERE display = ? ORDER BY id", name)

    def once_called(self, name: str) -> tuple[str, ...]:
        """See `Items.once_called`."""
        return self._keys("SELECT id FROM aliases WHERE name = ? ORDER BY id", name)

    def beginning(self, prefix: str) -> tuple[str, ...]:
        """See `Items.beginning`."""
        return self._keys("SELECT id FROM items WHERE id >= ? AND id < ? ORDER BY id", prefix, f"{prefix}~")

    def named_like(self, beginning: str) -> tuple[str, ...]:
        """See `Items.named_like`."""
        end = f"{beginning}\U0010ffff"
        return self._keys("SELECT id FROM items WHERE display >= ? AND display < ? ORDER BY id", beginning, end)

    def with_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """See `Items.with_words`."""
        wanted = " AND ".join("instr(words, ?)" for _ in words) or "1"
        return self._keys(f"SELECT id FROM items WHERE {wanted} ORDER BY id", *words)  # noqa: S608 - question marks

    def counts(self) -> Mapping[tuple[WorkItemStatus, WorkType], int]:
        """See `Items.counts`."""
        rows = self._database.execute(
            "SELECT status, type, count(*) FROM items WHERE NOT deleted GROUP BY status, type"
        )
        return {(WorkItemStatus(status), WorkType(kind)): count for status, kind, count in rows}

    def highest_number(self) -> int:
        """See `Items.highest_number`."""
        return int(self._database.execute("SELECT max(number) FROM items").fetchone()[0] or 0)

    def _keys(self, query: str, *values: object) -> tuple[str, ...]:
        return tuple(key for (key,) in self._database.execute(query, values))

    def _all(self, query: str) -> Iterator[WorkItemState]:
        for item_id, text in self._database.execute(query).fetchall():
            if item_id not in self._states:
                self._states[item_id] = unpack(text)
            yield self._states[item_id]


class _Histories(Mapping[str, "tuple[RecordedEvent, ...]"]):
    """The events of items, read from their files when they are asked for."""

    def __init__(self, items: ProjectedItems, store: Callable[[], FileSystemEventStore]) -> None:
        self._items = items
        self._store = store
        self._read: dict[str, tuple[RecordedEvent, ...]] = {}

    def __getitem__(self, item_id: str) -> tuple[RecordedEvent, ...]:
        if item_id not in self._read:
            if item_id not in self._items:
                raise KeyError(item_id)
            self._read[item_id] = self._store().read(f"{CATEGORY}-{item_id}")
        return self._read[item_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class _Takings(Mapping[str, tuple[Taken, ...]]):
    """Every claim that was made on an item, read when it is asked for."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __getitem__(self, item_id: str) -> tuple[Taken, ...]:
        query = "SELECT taken FROM items WHERE id = ? AND taken IS NOT NULL"
        row = self._database.execute(query, (item_id,)).fetchone()
        if row is None:
            raise KeyError(item_id)
        return tuple(Taken(*made) for made in json.loads(row[0]))

    def __iter__(self) -> Iterator[str]:
        return (key for (key,) in self._database.execute("SELECT id FROM items WHERE taken IS NOT NULL").fetchall())

    def __len__(self) -> int:
        return len(list(iter(self)))


class _Divergences(Mapping[str, "tuple[Divergence, ...]"]):
    """What branches disagree about, told from the events of the items where they do."""

    def __init__(self, keys: list[str], histories: _Histories) -> None:
        self._keys = keys
        self._known = frozenset(keys)
        self._histories = histories

    def __getitem__(self, item_id: str) -> tuple[Divergence, ...]:
        if item_id not in self._known:
            raise KeyError(item_id)
        from jerry_domain.services.divergence import divergences

        return divergences(self._histories[item_id])

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
