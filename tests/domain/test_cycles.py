"""Items that wait for each other, through dependencies and hierarchy together, are found and refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_domain.errors import CycleError
from jerry_domain.services.dependency_graph import (
    check_acyclic,
    find_cycles,
    open_blockers,
    open_children,
)
from jerry_domain.value_objects.classification import DependencyKind
from tests.domain.builders import DONE, IN_PROGRESS, board, item

RELATES = DependencyKind.RELATES_TO


def row(words, *items, cycles=()):
    return pytest.param(board(*items), set(map(frozenset, cycles)), id=words)


TANGLED = [
    row("two block each other", item("a", "b"), item("b", "a"), cycles=["ab"]),
    row("three in a ring", item("a", "b"), item("b", "c"), item("c", "a"), cycles=["abc"]),
    row("two rings apart", item("a", "b"), item("b", "a"), item("c", "d"), item("d", "c"), cycles=["ab", "cd"]),
    row("two rings that share an item", item("a", "b", "c"), item("b", "a"), item("c", "a"), cycles=["ab", "ac"]),
    row("an item that blocks itself", item("a", "a"), cycles=["a"]),
    row("a child blocked by its own parent", item("c", "p", parent="p"), item("p"), cycles=["cp"]),
    row("a parent blocked by its own child", item("p", "c"), item("c", parent="p"), cycles=["cp"]),
    row("a parent and its child that block each other", item("p", "c"), item("c", "p", parent="p"), cycles=["cp"]),
    row(
        "a child blocked by its parent's parent",
        item("g"),
        item("p", parent="g"),
        item("c", "g", parent="p"),
        cycles=["cgp"],
    ),
    row(
        "a parent's parent blocked by a grandchild",
        item("g", "c"),
        item("p", parent="g"),
        item("c", parent="p"),
        cycles=["cgp"],
    ),
    row("an item under itself", item("a", parent="a"), cycles=["a"]),
    row("two under each other", item("a", parent="b"), item("b", parent="a"), cycles=["ab"]),
    row(
        "parents blocked by each other's children",
        item("p", "d"),
        item("c", parent="p"),
        item("q", "c"),
        item("d", parent="q"),
        cycles=["cdpq"],
    ),
    row(
        "children blocked by each other's parents",
        item("p"),
        item("c", "q", parent="p"),
        item("q"),
        item("d", "p", parent="q"),
        cycles=["cdpq"],
    ),
    row(
        "a child blocked by an item that waits for the parent",
        item("p"),
        item("c", "x", parent="p"),
        item("x", "p"),
        cycles=["cpx"],
    ),
    row(
        "a parent that waits for an item that waits for the child",
        item("p", "x"),
        item("c", parent="p"),
        item("x", "c"),
        cycles=["cpx"],
    ),
    row("a ring of closed items, which can be reopened", item("a", "b", status=DONE), item("b", "a"), cycles=["ab"]),
]
SOUND = [
    row("nothing at all"),
    row("a row", item("a", "b"), item("b", "c"), item("c")),
    row("a diamond", item("a", "b", "c"), item("b", "d"), item("c", "d"), item("d")),
    row("a family", item("p"), item("c", parent="p"), item("d", parent="p")),
    row("siblings of which one blocks the other", item("p"), item("c", "d", parent="p"), item("d", parent="p")),
    row(
        "a child blocked by another family's parent",
        item("p"),
        item("c", "q", parent="p"),
        item("q"),
        item("d", parent="q"),
    ),
    row("a ring through a deleted item", item("a", "b"), item("b", "a", deleted=True)),
    row("a family ring through a deleted parent", item("c", "x", parent="p"), item("p", "c", deleted=True), item("x")),
    row("a ring of items that only relate", item("a", "b", kind=RELATES), item("b", "a", kind=RELATES)),
    row("a ring that only relates on one side", item("a", "b"), item("b", "a", kind=RELATES)),
    row("a blocker and a parent that are not here", item("a", "nowhere", parent="nobody")),
]


@st.composite
def boards(draw):
    """Up to six items with dependencies and parents drawn at will."""
    keys = "abcdef"[: draw(st.integers(1, 6))]
    others = st.sampled_from([*keys, "nowhere"])
    return board(
        *(
            item(
                key,
                *draw(st.lists(others, max_size=2)),
                parent=draw(st.none() | others),
                status=draw(st.sampled_from([IN_PROGRESS, DONE])),
                deleted=draw(st.sampled_from([False, False, False, True])),
            )
            for key in keys
        )
    )


def refused(items, key):
    try:
        check_acyclic(items, key)
    except CycleError as error:
        return error
    return None


@pytest.mark.negative
@pytest.mark.parametrize(("items", "cycles"), TANGLED)
def test_items_that_wait_for_each_other_are_found(items, cycles):
    found = find_cycles(items)
    assert set(map(frozenset, found)) == cycles
    assert len(found) == len(cycles)


@pytest.mark.negative
@pytest.mark.parametrize(("items", "cycles"), TANGLED)
def test_each_of_them_is_refused_and_the_others_are_named(items, cycles):
    for key in items:
        own = [cycle for cycle in cycles if key in cycle]
        error = refused(items, key)
        assert error is not None
        assert frozenset(name.removeprefix("WORK-") for name in error.path) in own


@pytest.mark.positive
@pytest.mark.parametrize(("items", "cycles"), SOUND)
def test_items_that_can_all_be_finished_are_accepted(items, cycles):
    assert find_cycles(items) == ()
    assert [key for key in items if not items[key].deleted and refused(items, key)] == []


@pytest.mark.positive
def test_a_cycle_is_told_in_the_order_of_waiting():
    assert find_cycles(board(item("a", "b"), item("b", "c"), item("c", "a"))) == (("a", "b", "c"),)


@pytest.mark.positive
def test_an_item_that_waits_for_a_ring_of_others_does_not_wait_for_itself():
    items = board(item("a", "b"), item("b", "a"), item("new", "a"))
    assert refused(items, "new") is None
    assert refused(items, "a").path == ("WORK-a", "WORK-b")


@pytest.mark.positive
@given(boards())
def test_an_item_is_refused_only_within_a_cycle_and_every_cycle_is_refused(items):
    tangled = {key for cycle in find_cycles(items) for key in cycle}
    refusals = {key: refused(items, key) for key in items if not items[key].deleted}
    assert tangled <= {key for key, error in refusals.items() if error}
    assert all(items[key].name in error.path for key, error in refusals.items() if error)


@pytest.mark.positive
@given(boards())
def test_where_nobody_waits_for_himself_somebody_can_go_on(items):
    going = {key for key, state in items.items() if state.is_open}
    if going and not find_cycles(items):
        free = {key for key in going if not open_blockers(items, key)}
        assert any(not open_children(items, key) for key in free)


@pytest.mark.edge
@pytest.mark.parametrize("count", [5_000, 20_000])
@pytest.mark.parametrize(
    "link",
    [
        pytest.param(lambda n, m: item(f"i{n:06}", f"i{m:06}"), id="each blocked by the next"),
        pytest.param(lambda n, m: item(f"i{n:06}", parent=f"i{m:06}"), id="each under the next"),
    ],
)
def test_a_very_long_chain_is_walked(count, link):
    chain = board(*(link(number, number + 1) for number in range(count)))
    assert find_cycles(chain) == ()
    ring = chain.changed(link(count, 0))
    (cycle,) = find_cycles(ring)
    assert len(cycle) == count + 1
