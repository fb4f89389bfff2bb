"""The store in memory keeps the promises of every store."""

from __future__ import annotations

import pytest

from jerry_git.infrastructure.persistence.in_memory_event_store import InMemoryEventStore
from jerry_git.testing.event_store_contract import EventStoreContract
from jerry_git.testing.histories import batch, stream


class TestInMemoryEventStore(EventStoreContract):
    @pytest.fixture(autouse=True)
    def storage(self):
        self.store = InMemoryEventStore()

    def make_store(self):
        return self.store


@pytest.mark.negative
def test_a_version_that_cannot_be_expected_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="-2 is not an expected version"):
        InMemoryEventStore().append(stream(), batch("a"), -2)


@pytest.mark.positive
def test_two_stores_in_memory_share_nothing():
    InMemoryEventStore().append(stream(), batch("a"), 0)
    assert InMemoryEventStore().get_version(stream()) == 0
