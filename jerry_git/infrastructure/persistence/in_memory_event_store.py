"""Events in memory: for tests, and for trying things out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.ports.event_store import Resumption, StreamScan
from jerry_domain.services.causal_order import causal_order
from jerry_git.infrastructure.persistence.history import (
    between,
    check_version,
    follows,
    is_known,
    record,
    tip_of,
    version_of,
)


class InMemoryEventStore:
    """An `IEventStore` that forgets everything when it goes."""

    def __init__(self, source: str = "urn:uuid:00000000-0000-0000-0000-000000000000") -> None:
        self._source = source
        self._streams: dict[str, tuple[RecordedEvent, ...]] = {}
        self._lock = Lock()

    def append(self, stream: str, events: Sequence[DomainEvent], expected_version: int) -> int:
        """See `IEventStore.append`."""
        with self._lock:
            history = self._streams.get(stream, ())
            if not events or is_known(stream, history, events):
                return version_of(history)
            tip = tip_of(history)
            check_version(stream, tip, expected_version)
            batch = record(stream, tip, events, self._source)
            self._streams[stream] = history + batch
            return batch[-1].version

    def read(self, stream: str, from_version: int = 1, to_version: int | None = None) -> tuple[RecordedEvent, ...]:
        """See `IEventStore.read`."""
        return between(causal_order(self._streams.get(stream, ())), from_version, to_version)

    def resume(self, stream: str, checkpoint: str | None) -> Resumption:
        """See `IEventStore.resume`. A checkpoint is the number of events."""
        history = self._streams.get(stream, ())
        known = int(checkpoint) if checkpoint is not None and checkpoint.isdecimal() else 0
        beyond = causal_order(history[known:])
        goes_on = 0 < known <= len(history) and follows(tip_of(history[:known]).heads, beyond)
        events = beyond if goes_on else causal_order(history)
        return Resumption(events=events, whole=not goes_on, checkpoint=lambda: str(len(history)))

    def get_version(self, stream: str) -> int:
        """See `IEventStore.get_version`."""
        return version_of(self._streams.get(stream, ()))

    def scan(self, category: str) -> Iterable[StreamScan]:
        """See `IEventStore.scan`."""
        for stream in sorted(self._streams):
            if stream.startswith(f"{category}-"):
                yield StreamScan(stream=stream, events=self.read(stream), problems=())
