"""The stores that `just bench-throughput` measures, behind one small surface: ours, eventsourcing's, and the bare disk.

A writer appends one event at a time, and returns once it is durable. Each keeps the versions that it knows, as an
application does that has its aggregates in memory; where another process was first, it reads anew and tries again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from jerry_domain.events.work_item_events import CommentAdded, Created
from jerry_domain.ports.event_store import ConcurrencyError
from jerry_domain.ports.snapshot_store import ISnapshotStore
from jerry_domain.value_objects.classification import WorkType
from jerry_git.infrastructure.adapters.identity import SystemClock
from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore
from jerry_git.infrastructure.persistence.in_memory_snapshots import InMemorySnapshots
from jerry_git.testing import histories
from jerry_git.testing.histories import ACTOR

EVENT_BYTES = 450
"""What an event of ours is on the disk with `TEXT`; the other stores get as many bytes."""
TEXT = "It works."
SETTLED = 0.1
"""Seconds: files must be so old before a snapshot is made of them (ADR-012)."""
SOURCE = "urn:uuid:0b9d2f6a-7c1e-4a53-8f3d-5e2a9c4b7d10"


CLOCK = SystemClock()


@cache
def stream(number: int) -> str:
    """The name of a stream, which an application knows from its aggregate."""
    return histories.stream(number)


class Writer(Protocol):
    """One process's access to a store; streams are numbered from 0."""

    conflicts: int
    """How often another process was first."""

    def begin(self, number: int) -> None:
        """Make a stream, with one event in it."""
        ...

    def know(self, number: int) -> None:
        """Take note of the version of a stream that was made before."""
        ...

    def append(self, number: int) -> None:
        """Append one event to a stream, durably."""
        ...

    def replay(self, number: int) -> int:
        """Make the aggregate out of its events; returns its version."""
        ...

    def snapshot(self, number: int) -> bool:
        """Keep the aggregate as it is, for later replays; False where the store has no such thing."""
        ...


class Jerry:
    """`FileSystemEventStore`."""

    name = "jerry"

    def __init__(self, folder: Path) -> None:
        import filelock  # noqa: F401 - else it is loaded at the first wait for a lock, and not at the first append

        (folder / "work").mkdir(exist_ok=True)
        self.conflicts = 0
        self._store = FileSystemEventStore(folder / "work", folder / "private", SOURCE)
        self._private = folder / "private"
        self._snapshots: ISnapshotStore = InMemorySnapshots()
        self._every = sys.maxsize
        self._versions: dict[int, int] = {}

    def begin(self, number: int) -> None:
        """See `Writer.begin`."""
        event = Created(
            event_id=str(uuid4()),
            occurred_at=CLOCK.now(),
            actor=ACTOR,
            display_id=f"WORK-{number + 1}",
            work_type=WorkType.TASK,
            title=TEXT,
        )
        self._versions[number] = self._store.append(stream(number), (event,), 0)

    def know(self, number: int) -> None:
        """See `Writer.know`."""
        self._versions[number] = self._store.get_version(stream(number))

    def append(self, number: int) -> None:
        """See `Writer.append`."""
        event = CommentAdded(event_id=str(uuid4()), occurred_at=CLOCK.now(), actor=ACTOR, text=TEXT)
        while True:
            try:
                self._versions[number] = self._store.append(stream(number), (event,), self._versions[number])
            except ConcurrencyError as error:
                self.conflicts += 1
                self._versions[number] = error.actual
            else:
                return

    def replay(self, number: int) -> int:
        """See `Writer.replay`."""
        from jerry_git.application.snapshots import load_item

        item = load_item(self._store, self._snapshots, stream(number).partition("-")[2], every=self._every)
        assert item is not None
        return item.version

    def snapshot(self, number: int) -> bool:
        """See `Writer.snapshot`. One is kept in the database, as commands do it."""
        from jerry_git.application.snapshots import EVERY
        from jerry_git.infrastructure.persistence.snapshots import SqliteSnapshots

        time.sleep(SETTLED)
        self._snapshots, self._every = SqliteSnapshots(os.fspath(self._private)), EVERY
        self.replay(number)
        return True


class Disk:
    """The limit: append to one open file, wait for the disk."""

    name = "write + fsync"

    def __init__(self, folder: Path) -> None:
        self.conflicts = 0
        self._file = os.open(folder / f"{uuid4()}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def begin(self, number: int) -> None:
        """See `Writer.begin`."""
        self.append(number)

    def know(self, number: int) -> None:
        """There are no versions."""

    def append(self, number: int) -> None:  # noqa: ARG002
        """See `Writer.append`."""
        os.write(self._file, b"x" * EVENT_BYTES)
        os.fsync(self._file)

    def replay(self, number: int) -> int:
        """Nothing is read."""
        raise NotImplementedError(number)

    def snapshot(self, number: int) -> bool:  # noqa: ARG002
        """See `Writer.snapshot`."""
        return False


class Files(Disk):
    """What a file for each event costs in any case: the same line and the same wait, and a file that gets its name."""

    name = "bare files"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder

    def begin(self, number: int) -> None:
        """See `Writer.begin`."""
        (self._folder / f"{number}").mkdir()
        self.append(number)

    def append(self, number: int) -> None:
        """See `Writer.append`."""
        place = f"{self._folder}/{number}/{uuid4()}"
        file = os.open(f"{place}.tmp", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.write(file, b"x" * EVENT_BYTES)
        os.close(file)
        super().append(number)
        os.rename(f"{place}.tmp", place)  # noqa: PTH104 - making paths costs more than the rename


def stores() -> dict[str, Callable[[Path], Writer]]:
    """Those that are there, by name, the limit first."""
    found: dict[str, Callable[[Path], Writer]] = {Disk.name: Disk, Files.name: Files, Jerry.name: Jerry}
    if find_spec("eventsourcing"):
        from benchmarks.eventsourcing_store import Eventsourcing

        found[Eventsourcing.name] = Eventsourcing
    return found
