"""Events in memory: for tests, and for trying things out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.ports.event_store import StreamScan
from jerry_domain.services.causal_order import causal_order
from jerry_git.infrastructure.persistence.history import between, check_version, is_known, record, tip_of, version_of


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

    def get_version(self, stream: str) -> int:
        """See `IEventStore.get_version`."""
        return version_of(self._streams.get(stream, ()))

    def scan(self, category: str) -> Iterable[StreamScan]:
        """See `IEventStore.scan`."""
        for stream in sorted(self._streams):
            if stream.startswith(f"{category}-"):
                yield StreamScan(stream=stream, events=self.read(stream), problems=())
