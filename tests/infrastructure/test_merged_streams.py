"""Streams that two branches have appended to: one order everywhere, and appends on all heads (DESIGN 6)."""

from __future__ import annotations

from itertools import permutations

import pytest

from jerry_domain.services.causal_order import heads, missing_parents
from jerry_git.testing.histories import batch, ids
from tests.infrastructure.stores import (
    STREAM,
    files,
    names_of,
    open_store,
    put,
    recorded,
)


@pytest.mark.positive
def test_siblings_of_a_merge_are_read_in_the_same_order_whatever_the_disk_says(tmp_path):
    siblings = [recorded("b1", 2, "a"), recorded("b2", 2, "a"), recorded("c1", 3, "b1")]
    orders = set()
    for number, order in enumerate(permutations(siblings)):
        folder = tmp_path / str(number)
        put(folder, recorded("a", 1))
        for item in order:
            put(folder, item)
        orders.add(names_of(open_store(folder).read(STREAM)))
    assert len(orders) == 1
    assert heads(open_store(folder).read(STREAM)) == tuple(sorted(ids("b2 c1")))


@pytest.mark.positive
def test_an_append_after_a_merge_stands_on_all_heads(tmp_path):
    put(tmp_path, recorded("a", 1))
    put(tmp_path, recorded("b1", 2, "a"))
    put(tmp_path, recorded("b2", 2, "a"))
    store = open_store(tmp_path)
    assert store.append(STREAM, batch("c d"), 2) == 4
    last, before = store.read(STREAM)[:-3:-1]
    assert before.parents == tuple(sorted(ids("b1 b2")))
    assert (before.version, last.version, last.parents) == (3, 4, ids("c"))
    assert heads(store.read(STREAM)) == ids("d")


@pytest.mark.positive
def test_a_range_of_versions_holds_all_siblings(tmp_path):
    for item in (recorded("a", 1), recorded("b1", 2, "a"), recorded("b2", 2, "a"), recorded("c", 3, "b1 b2")):
        put(tmp_path, item)
    assert set(names_of(open_store(tmp_path).read(STREAM, 2, 2)).split()) == {"b1", "b2"}


@pytest.mark.positive
def test_an_event_that_came_by_a_merge_is_known(tmp_path):
    put(tmp_path, recorded("a", 1))
    put(tmp_path, recorded("b", 2, "a"))
    assert open_store(tmp_path).append(STREAM, batch("b"), 1) == 2
    assert len(files(tmp_path)) == 2


@pytest.mark.edge
def test_an_event_whose_parent_is_not_here_still_folds_and_is_seen_to_lack_it(tmp_path):
    put(tmp_path, recorded("a", 1))
    put(tmp_path, recorded("c", 3, "b"))
    store = open_store(tmp_path)
    assert names_of(store.read(STREAM)) == "a c"
    assert missing_parents(store.read(STREAM)) == ids("b")
    assert store.append(STREAM, batch("d"), 3) == 4


@pytest.mark.edge
def test_an_identical_duplicate_in_two_places_is_one_event(tmp_path):
    path = put(tmp_path, recorded("a", 1))
    put(tmp_path, recorded("a", 1), recorded("b", 2, "a"))
    assert path.exists()
    assert names_of(open_store(tmp_path).read(STREAM)) == "a b"
