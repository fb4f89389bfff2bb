"""What every event carries, and what the log adds to it when it is recorded (PAT-001)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who gives a command, when, and as which attempt. `at` is UTC, whole milliseconds.

    `command_id` names the command: all its events share it as their correlation id, and their own ids are derived
    from it, so a command sent twice makes the same events and the second append writes nothing (ADR-016).
    """

    command_id: UUID
    actor: str
    at: datetime
    session: str | None = None
    causation_id: str | None = None

    def event_id(self, stream: str, position: int) -> str:
        """The id of the event at `position` (0-based) among those this command raises on `stream`."""
        return str(uuid5(self.command_id, f"{stream}/{position}"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DomainEvent:
    """Something that happened. Subclasses add their data and name their registered `event_type`.

    `occurred_at` is UTC, whole milliseconds; `actor` is `Name <mail>` as git gives it. Events are equal that are of
    one class and have the same in each field: told here once, for what `dataclass` compiles for each of two dozen
    classes is felt in every command that writes.
    """

    event_type: ClassVar[str]

    event_id: str
    occurred_at: datetime
    actor: str
    session: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        told = (f"{each.name}={value!r}" for each, value in zip(fields(self), self._values(), strict=True))
        return f"{type(self).__qualname__}({', '.join(told)})"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """An event in its place in the log.

    `version` is the stream version, 1 for the first; `parents` are the ids of the heads it was appended on;
    `source` names the repository; `attributes` and `data` hold what this program does not know, as it was read.
    """

    event: DomainEvent
    stream: str
    version: int
    parents: tuple[str, ...] = ()
    source: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
