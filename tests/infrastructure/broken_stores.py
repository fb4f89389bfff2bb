"""Stores that each break one promise, run through the contract by `test_contract`, which wants them caught."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from jerry_domain.ports.event_store import ANY, ConcurrencyError, IdempotencyError
from jerry_git.infrastructure.persistence.in_memory_event_store import InMemoryEventStore
from jerry_git.testing.event_store_contract import EventStoreContract


class Honest(InMemoryEventStore):
    pass


class IgnoresTheExpectedVersion(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        return super().append(stream, events, ANY)


class TellsTheWrongActualVersion(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        try:
            return super().append(stream, events, expected_version)
        except ConcurrencyError as error:
            raise ConcurrencyError(error.stream, error.actual, error.expected) from error


class WritesBeforeItRefuses(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        try:
            return super().append(stream, events, expected_version)
        except ConcurrencyError:
            super().append(stream, events, ANY)
            raise


class ChecksTheVersionBeforeTheIds(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        if events and expected_version not in (ANY, self.get_version(stream)):
            raise ConcurrencyError(stream, expected_version, self.get_version(stream))
        return super().append(stream, events, expected_version)


class ForgetsOldIds(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        old = {item.event.event_id for item in self.read(stream)[:-10]}
        if any(event.event_id in old for event in events):
            raise ConcurrencyError(stream, expected_version, self.get_version(stream))
        return super().append(stream, events, expected_version)


class TakesTheNewPartOfABatch(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        try:
            return super().append(stream, events, expected_version)
        except IdempotencyError:
            known = {item.event.event_id for item in self.read(stream)}
            return super().append(stream, [event for event in events if event.event_id not in known], ANY)


class ComparesIdsAlone(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        recorded = {item.event.event_id: item.event for item in self.read(stream)}
        return super().append(stream, [recorded.get(event.event_id, event) for event in events], expected_version)


class KnowsIdsOfAllStreams(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        everywhere = {item.event.event_id for name in self._streams for item in self.read(name)}
        if not self.get_version(stream) and any(event.event_id in everywhere for event in events):
            return 0
        return super().append(stream, events, expected_version)


class LosesParents(InMemoryEventStore):
    def read(self, stream, from_version=1, to_version=None):
        return tuple(replace(item, parents=()) for item in super().read(stream, from_version, to_version))


class ReadsBackwards(InMemoryEventStore):
    def read(self, stream, from_version=1, to_version=None):
        return super().read(stream, from_version, to_version)[::-1]


class LeavesOutTheEndOfARange(InMemoryEventStore):
    def read(self, stream, from_version=1, to_version=None):
        return super().read(stream, from_version, None if to_version is None else to_version - 1)


class CountsVersionsFromZero(InMemoryEventStore):
    def read(self, stream, from_version=1, to_version=None):
        found = super().read(stream, from_version, to_version)
        return tuple(replace(item, version=item.version - 1) for item in found)


class ResumesWithWhatIsKnown(InMemoryEventStore):
    def resume(self, stream, checkpoint):
        return replace(super().resume(stream, checkpoint), events=self.read(stream))


class TrustsAnyCheckpoint(InMemoryEventStore):
    def resume(self, stream, checkpoint):
        return replace(super().resume(stream, checkpoint), whole=checkpoint is None)


class MakesCheckpointsOfThePast(InMemoryEventStore):
    def resume(self, stream, checkpoint):
        return replace(super().resume(stream, checkpoint), checkpoint=lambda: "1")


class RefusesEmptyBatches(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        if not events and expected_version not in (ANY, self.get_version(stream)):
            raise ConcurrencyError(stream, expected_version, self.get_version(stream))
        return super().append(stream, events, expected_version)


class MakesStreamsOfNothing(InMemoryEventStore):
    def append(self, stream, events, expected_version):
        self._streams.setdefault(stream, ())
        return super().append(stream, events, expected_version)


class ScansEverything(InMemoryEventStore):
    def scan(self, category):
        for stream in sorted(self._streams):
            yield from (scan for scan in super().scan(stream.split("-")[0]) if scan.stream == stream)


class ScansInOrderOfCreation(InMemoryEventStore):
    def scan(self, category):
        return sorted(super().scan(category), key=lambda scan: list(self._streams).index(scan.stream))


class LetsTwoWin(InMemoryEventStore):
    """Checks outside of the lock, and lets the others catch up before it writes."""

    arrived = threading.Barrier(4)

    def append(self, stream, events, expected_version):
        if threading.current_thread() is not threading.main_thread():
            if expected_version not in (ANY, self.get_version(stream)):
                raise ConcurrencyError(stream, expected_version, self.get_version(stream))
            self.arrived.wait(10)
            expected_version = ANY
        return super().append(stream, events, expected_version)


STORES = [Honest] + [
    store for store in InMemoryEventStore.__subclasses__() if store.__module__ == __name__ and store is not Honest
]


class Checked(EventStoreContract):
    """The contract on `store_class`; a store of a class that keeps to itself is made anew each time."""

    store_class = Honest

    @pytest.fixture(autouse=True)
    def storage(self):
        self.store = self.store_class()

    def make_store(self):
        return self.store


class TestEachProcessAlone(Checked):
    """What one process writes, no other sees."""

    def make_store(self):
        return Honest()


for _store in STORES:
    globals()[f"Test{_store.__name__}"] = type(f"Test{_store.__name__}", (Checked,), {"store_class": _store})
