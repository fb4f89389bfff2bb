"""The aggregate root (PAT-002): state that changes by events alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Generic, Self, TypeVar

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.services.causal_order import causal_order

E = TypeVar("E", bound=DomainEvent)


class AggregateRoot(ABC, Generic[E]):
    """One stream's state, and the events it has raised and not yet stored.

    Public methods of subclasses are commands: they may refuse, and otherwise call `_raise_event`.
    `_apply` never refuses: a recorded event is history.
    """

    category: ClassVar[str]

    def __init__(self, identity: str) -> None:
        self._identity = identity
        self._version = 0
        self._pending: list[E] = []

    @classmethod
    def load_from_history(cls, identity: str, history: Iterable[RecordedEvent]) -> Self:
        """Rebuild the aggregate of `identity` from its recorded events, given in any order."""
        aggregate = cls._blank(identity)
        aggregate.replay(causal_order(history))
        return aggregate

    @classmethod
    @abstractmethod
    def _blank(cls, identity: str) -> Self:
        """The aggregate before its first event."""

    @property
    def stream(self) -> str:
        """The stream's name: category, hyphen, id (DESIGN 3)."""
        return f"{self.category}-{self._identity}"

    @property
    def version(self) -> int:
        """The stream version of the newest recorded event: the expected version of the next append."""
        return self._version

    def replay(self, history: Iterable[RecordedEvent]) -> None:
        """Apply more recorded events, which are in causal order already."""
        events = tuple(history)
        self._apply(*[self._admit(recorded.event) for recorded in events])
        self._version = max([self._version, *[recorded.version for recorded in events]])

    def collect_events(self) -> tuple[E, ...]:
        """The events raised since the last `mark_committed`, oldest first; they stay until then.

        So a conflict loses nothing: what was raised leaves only when the store has it.
        """
        return tuple(self._pending)

    def mark_committed(self, version: int) -> None:
        """The store has the pending events; the stream is at `version` now."""
        self._pending.clear()
        self._version = version

    def _raise_event(self, event: E) -> None:
        """Apply a new event and keep it for the store."""
        self._apply(event)
        self._pending.append(event)

    @abstractmethod
    def _admit(self, event: DomainEvent) -> E:
        """`event` as one of this aggregate's own; raises `TypeError` for an event of another aggregate."""

    @abstractmethod
    def _apply(self, *events: E) -> None:
        """Change the state as `events` say, one after the other. The only place where state changes."""
