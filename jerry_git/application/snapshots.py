"""Loading an item from its last snapshot and what came after, as ADR-012 decides."""

from __future__ import annotations

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import FOLD_VERSION
from jerry_domain.ports.event_store import IEventStore
from jerry_domain.ports.snapshot_store import ISnapshotStore, Snapshot

EVERY = 50
"""A snapshot is made when so many events had to be folded."""


def load_item(store: IEventStore, snapshots: ISnapshotStore, item_id: str, every: int = EVERY) -> WorkItem | None:
    """The item as its events make it, None where it has none; raises `CorruptStreamError`.

    The store says whether a snapshot may be gone on from: the events decide, and the snapshot saves folding them.
    """
    stream = f"{WorkItem.category}-{item_id}"
    kept = snapshots.load(stream, FOLD_VERSION)
    found = store.resume(stream, None if kept is None else kept.checkpoint)
    if kept is None or found.whole:
        item = WorkItem.load_from_history(item_id, found.events)
    else:
        item = WorkItem.load_from_state(kept.state, kept.version)
        item.replay(found.events)
    if len(found.events) >= every:
        _keep(snapshots, item, found.checkpoint())
    return item if item.version else None


def _keep(snapshots: ISnapshotStore, item: WorkItem, checkpoint: str | None) -> None:
    if checkpoint is not None:
        version, state = item.version, item.state
        snapshots.save(
            Snapshot(stream=item.stream, version=version, checkpoint=checkpoint, schema=FOLD_VERSION, state=state)
        )
