"""The store of eventsourcing, for `just bench-throughput`. Imported only where that package is installed."""

# pyright: reportMissingImports=false

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError, OperationalError

from benchmarks.stores import EVENT_BYTES
from jerry_git.testing.histories import ACTOR

NAMESPACE = UUID("0b9d2f6a-7c1e-4a53-8f3d-5e2a9c4b7d10")
TEXT = "x" * (EVENT_BYTES - 208)
"""With it a row of its table has as many bytes as an event file of ours."""


class Note(Aggregate):
    """What has a text in each event."""

    @event("Begun")
    def __init__(self, number: int, actor: str, text: str) -> None:
        self.number = number
        self.actor = actor
        self.texts = [text]

    @event("Noted")
    def note(self, actor: str, text: str) -> None:
        """Add a text."""
        self.actor = actor
        self.texts.append(text)

    @staticmethod
    def create_id(number: int) -> UUID:
        """The id follows from the number."""
        return uuid5(NAMESPACE, str(number))


class Eventsourcing:
    """An application on its SQLite recorder, with its default settings; `app.save` appends."""

    name = "eventsourcing"

    def __init__(self, folder: Path) -> None:
        self.conflicts = 0
        names = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": os.fspath(folder / "events.sqlite")}
        self._app: Application[UUID] = Application(env={**names, "IS_SNAPSHOTTING_ENABLED": "yes"})
        self._notes: dict[int, Note] = {}

    def begin(self, number: int) -> None:
        """See `Writer.begin`."""
        self._notes[number] = Note(number, ACTOR, TEXT)
        self._app.save(self._notes[number])

    def know(self, number: int) -> None:
        """See `Writer.know`."""
        self._notes[number] = self._app.repository.get(Note.create_id(number))

    def append(self, number: int) -> None:
        """See `Writer.append`."""
        while True:
            try:
                self._notes[number].note(ACTOR, TEXT)
                self._app.save(self._notes[number])
            except (IntegrityError, OperationalError):
                self.conflicts += 1
                self.know(number)
            else:
                return

    def replay(self, number: int) -> int:
        """See `Writer.replay`."""
        found: Note = self._app.repository.get(Note.create_id(number))
        version: int = found.version
        return version

    def snapshot(self, number: int) -> bool:
        """See `Writer.snapshot`."""
        self._app.take_snapshot(Note.create_id(number))
        return True
