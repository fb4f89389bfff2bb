"""The port to snapshots: cached folds of long streams, without any authority (ADR-012)."""

from __future__ import annotations

from typing import Protocol

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.values import Value, value


@value
class Snapshot(Value):
    """The state of a stream as of `version`, folded from what `checkpoint` tells: a text of the event store's own.

    `schema` is the version of the fold that made it: a snapshot of another one is dropped, never converted.
    """

    stream: str
    version: int
    checkpoint: str
    schema: int
    state: WorkItemState


class ISnapshotStore(Protocol):
    """Snapshots by stream. Losing one costs time, nothing else: no method raises for a missing or damaged one."""

    def load(self, stream: str, schema: int) -> Snapshot | None:
        """The newest snapshot of `stream` made with `schema`, or None where there is none that can be read."""
        ...

    def save(self, snapshot: Snapshot) -> None:
        """Keep `snapshot` in place of older ones of its stream; may do nothing."""
        ...
