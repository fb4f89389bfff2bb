"""When snapshots are made and used, over a store and snapshots in memory (ADR-012)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_state import FOLD_VERSION
from jerry_git.application.snapshots import load_item
from jerry_git.infrastructure.persistence.in_memory_event_store import InMemoryEventStore
from jerry_git.infrastructure.persistence.in_memory_snapshots import InMemorySnapshots
from jerry_git.testing.histories import batch, item_id, stream


def store_of(count):
    store = InMemoryEventStore()
    for number in range(count):
        store.append(stream(), batch(f"e{number}"), number)
    return store


def texts(item):
    return [said.text for said in item.state.comments]


class Unsettled(InMemoryEventStore):
    """A store that cannot tell a checkpoint yet."""

    def resume(self, stream, checkpoint):
        return replace(super().resume(stream, checkpoint), checkpoint=lambda: None)


@pytest.mark.positive
@pytest.mark.parametrize(("events", "kept"), [(49, None), (50, 50), (51, 51)])
def test_a_snapshot_is_made_when_fifty_events_had_to_be_folded(events, kept):
    snapshots = InMemorySnapshots()
    item = load_item(store_of(events), snapshots, item_id(0))
    found = snapshots.load(stream(), FOLD_VERSION)
    assert item.version == events
    assert (None if found is None else found.version) == kept


@pytest.mark.positive
def test_the_next_one_is_made_when_as_many_came_after_it():
    store, snapshots = store_of(50), InMemorySnapshots()
    for number in range(50, 100):
        load_item(store, snapshots, item_id(0))
        store.append(stream(), batch(f"e{number}"), number)
    assert snapshots.load(stream(), FOLD_VERSION).version == 50
    load_item(store, snapshots, item_id(0))
    assert snapshots.load(stream(), FOLD_VERSION).version == 100


@pytest.mark.positive
def test_an_item_goes_on_from_its_snapshot():
    store, snapshots = store_of(4), InMemorySnapshots()
    load_item(store, snapshots, item_id(0), every=3)
    kept = snapshots.load(stream(), FOLD_VERSION)
    snapshots.save(replace(kept, state=replace(kept.state, title="of the snapshot")))
    store.append(stream(), batch("last"), 4)
    item = load_item(store, snapshots, item_id(0), every=3)
    assert (item.state.title, texts(item)[-1], item.version) == ("of the snapshot", "last", 5)


@pytest.mark.positive
def test_a_snapshot_that_the_store_does_not_know_is_passed_over():
    store, snapshots = store_of(4), InMemorySnapshots()
    load_item(store_of(9), snapshots, item_id(0), every=3)
    item = load_item(store, snapshots, item_id(0), every=3)
    folded = WorkItem.load_from_history(item_id(0), store.read(stream()))
    assert (item.state, item.version) == (folded.state, folded.version)


@pytest.mark.positive
def test_without_a_checkpoint_no_snapshot_is_made():
    store, snapshots = Unsettled(), InMemorySnapshots()
    for number in range(5):
        store.append(stream(), batch(f"e{number}"), number)
    assert load_item(store, snapshots, item_id(0), every=3).version == 5
    assert snapshots.load(stream(), FOLD_VERSION) is None


@pytest.mark.edge
def test_an_item_without_events_is_none():
    assert load_item(store_of(0), InMemorySnapshots(), item_id(0)) is None
