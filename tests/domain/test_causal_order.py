"""One order of events for everybody: parents first, then version, time, id; and what a merge leaves behind."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_domain.services.causal_order import causal_order, heads, missing_parents
from tests.domain.builders import MORNING, beside

LATER = MORNING + timedelta(minutes=5)
FIRST = beside("first", 1)
MERGED = (
    FIRST,
    beside("left-2", 2, "first", at=LATER),
    beside("left-3", 3, "left-2", at=LATER),
    beside("right-2", 2, "first"),
    beside("merge-4", 4, "left-3", "right-2"),
)


@st.composite
def tangles(draw):
    """Events with parents drawn at will: straight, forked, merged, missing, and now and then each other's ancestors."""
    count = draw(st.integers(1, 8))
    keys = [f"e{number}" for number in range(count)]
    parents = st.lists(st.sampled_from([*keys, "elsewhere"]), max_size=3).map(tuple)
    minutes, versions = st.integers(0, 3), st.integers(1, 4)
    return [beside(key, draw(versions), *draw(parents), at=MORNING + timedelta(minutes=draw(minutes))) for key in keys]


def order(history):
    return [recorded.event.event_id for recorded in causal_order(history)]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("history", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(MERGED[:3], ["first", "left-2", "left-3"], id="a straight stream"),
        pytest.param(
            MERGED,
            ["first", "right-2", "left-2", "left-3", "merge-4"],
            id="a fork, by version and then time, and a merge",
        ),
        pytest.param(
            [FIRST, beside("b", 2, "first"), beside("a", 2, "first")],
            ["first", "a", "b"],
            id="siblings of one moment, by id",
        ),
        pytest.param(
            [FIRST, beside("late", 2, "first", at=LATER), beside("early", 3, "first")],
            ["first", "late", "early"],
            id="siblings, by version before time",
        ),
        pytest.param(
            [beside("parent", 9), beside("child", 1, "parent")],
            ["parent", "child"],
            id="a parent before its child whatever their versions say",
        ),
        pytest.param(
            [beside("picked", 7, "elsewhere"), FIRST], ["first", "picked"], id="an event whose parent is not here"
        ),
        pytest.param([FIRST, FIRST, beside("next", 2, "first")], ["first", "next"], id="an event that is there twice"),
        pytest.param(
            [FIRST, beside("next", 2, "first", "first")], ["first", "next"], id="a parent that is named twice"
        ),
    ],
)
def test_events_are_ordered(history, expected):
    for shuffled in permutations(history):
        assert order(shuffled) == expected


@pytest.mark.edge
@pytest.mark.parametrize(
    ("history", "expected"),
    [
        pytest.param([beside("self", 1, "self"), FIRST], ["first", "self"], id="an event that is its own parent"),
        pytest.param(
            [beside("b", 2, "a"), beside("a", 3, "b"), beside("z", 9)],
            ["z", "b", "a"],
            id="two that are each other's parents come last, by version",
        ),
        pytest.param(
            [beside("a", 1, "b"), beside("b", 2, "a"), beside("below", 3, "a"), FIRST],
            ["first", "a", "b", "below"],
            id="what hangs below such damage is not lost",
        ),
    ],
)
def test_damage_never_hides_an_event(history, expected):
    for shuffled in permutations(history):
        assert order(shuffled) == expected


@pytest.mark.positive
@given(tangles(), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_reading(history, random):
    shuffled = list(history)
    random.shuffle(shuffled)
    assert causal_order(shuffled) == causal_order(history)
    assert heads(shuffled) == heads(history)
    assert missing_parents(shuffled) == missing_parents(history)


@pytest.mark.positive
@given(tangles())
def test_every_event_is_there_once(history):
    assert sorted(order(history)) == sorted(recorded.event.event_id for recorded in history)


@pytest.mark.positive
@given(tangles())
def test_an_ordered_history_stays_as_it_is(history):
    assert causal_order(causal_order(history)) == causal_order(history)


@pytest.mark.positive
@given(tangles())
def test_parents_come_before_their_children_where_nothing_is_damaged(history):
    sound = [recorded for recorded in history if all(parent < recorded.event.event_id for parent in recorded.parents)]
    place = {key: position for position, key in enumerate(order(sound))}
    for recorded in sound:
        for parent in recorded.parents:
            assert place.get(parent, -1) < place[recorded.event.event_id]


@pytest.mark.edge
def test_ten_thousand_events_in_a_row_are_ordered_from_the_wrong_end():
    chain = [FIRST]
    for number in range(2, 10_001):
        chain.append(beside(f"e{number}", number, chain[-1].event.event_id))
    assert causal_order(reversed(chain)) == tuple(chain)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("history", "expected"),
    [
        pytest.param([], (), id="nothing has none"),
        pytest.param(MERGED[:3], ("left-3",), id="a straight stream has one"),
        pytest.param(MERGED[:4], ("left-3", "right-2"), id="a fork has several"),
        pytest.param(MERGED, ("merge-4",), id="a merge has one again"),
        pytest.param([beside("picked", 7, "elsewhere")], ("picked",), id="an event whose parent is not here"),
    ],
)
def test_heads_are_the_events_that_are_nobodys_parents(history, expected):
    assert heads(history) == expected


@pytest.mark.positive
@pytest.mark.parametrize(
    ("history", "expected"),
    [
        pytest.param(MERGED, (), id="a whole history misses none"),
        pytest.param(MERGED[1:], ("first",), id="one missing parent of two events is named once"),
        pytest.param([beside("picked", 7, "y", "x")], ("x", "y"), id="several are sorted"),
    ],
)
def test_missing_parents_tell_that_a_history_is_incomplete(history, expected):
    assert missing_parents(iter(history)) == expected
