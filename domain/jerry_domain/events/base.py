"""What every event carries, and what the log adds to it when it is recorded (PAT-001)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid5

from jerry_domain.values import Value, value


@value
class Stamp(Value):
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


@value
class DomainEvent(Value):
    """Something that happened. Subclasses add their data and name their registered `event_type`.

    `occurred_at` is UTC, whole milliseconds; `actor` is `Name <mail>` as git gives it.
    """

    event_type: ClassVar[str]

    event_id: str
    occurred_at: datetime
    actor: str
    session: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None


@value
class RecordedEvent(Value):
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
