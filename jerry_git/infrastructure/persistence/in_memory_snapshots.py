"""Snapshots in memory: for tests, and for a process that keeps its items no longer than it lives."""

from __future__ import annotations

from jerry_domain.ports.snapshot_store import Snapshot


class InMemorySnapshots:
    """An `ISnapshotStore` that forgets everything when it goes."""

    def __init__(self) -> None:
        self._snapshots: dict[str, Snapshot] = {}

    def load(self, stream: str, schema: int) -> Snapshot | None:
        """See `ISnapshotStore.load`."""
        found = self._snapshots.get(stream)
        return found if found is not None and found.schema == schema else None

    def save(self, snapshot: Snapshot) -> None:
        """See `ISnapshotStore.save`."""
        self._snapshots[snapshot.stream] = snapshot
