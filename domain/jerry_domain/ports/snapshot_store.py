"""The port to snapshots: cached folds of long streams, without any authority (ADR-012)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of a stream as of `version`, whose heads were `heads` (event ids, sorted).

    `schema` is the version of the fold that made it: a snapshot of another one is dropped, never converted.
    """

    stream: str
    version: int
    heads: tuple[str, ...]
    schema: int
    state: Mapping[str, object]


class ISnapshotStore(Protocol):
    """Snapshots by stream. Losing one costs time, nothing else: no method raises for a missing or damaged one."""

    def load(self, stream: str, schema: int) -> Snapshot | None:
        """The newest snapshot of `stream` made with `schema`, or None where there is none that can be read."""
        ...

    def save(self, snapshot: Snapshot) -> None:
        """Keep `snapshot` in place of older ones of its stream; may do nothing."""
        ...
