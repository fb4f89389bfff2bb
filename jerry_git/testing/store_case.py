"""What all contracts of stores share: a store on fresh storage, given histories, tables of cases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pytest

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.ports.event_store import IEventStore
from jerry_git.testing.histories import batch, stream

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

STREAM = stream()


class StoreCase(ABC):
    """Tests of a store. The storage is fresh for each test."""

    @abstractmethod
    def make_store(self) -> IEventStore:
        """A store on the test's storage: each call is another process that opens the same one."""

    def given(self, *batches: str) -> IEventStore:
        """A store whose stream holds these batches."""
        store = self.make_store()
        for names in batches:
            store.append(STREAM, batch(names), store.get_version(STREAM))
        return store

    def recorded(self) -> tuple[RecordedEvent, ...]:
        """The stream as a new process finds it."""
        return self.make_store().read(STREAM)


def events_of(recorded: Sequence[RecordedEvent]) -> tuple[DomainEvent, ...]:
    """The events themselves, without their place in the log."""
    return tuple(item.event for item in recorded)


def rows(table: Mapping[str, tuple[object, ...]]) -> list[ParameterSet]:
    """A table of cases, each row under its name, for `pytest.mark.parametrize`."""
    return [pytest.param(*row, id=name) for name, row in table.items()]
