"""Who stands under whom, and who is held up by whom."""

from __future__ import annotations

import pytest

from jerry_domain.services.dependency_graph import (
    ancestors,
    open_blockers,
    open_children,
    unblocked_by,
)
from tests.domain.builders import CANCELLED, DONE, IN_PROGRESS, board, item


@pytest.mark.positive
def test_children_are_those_that_are_not_deleted():
    items = board(
        item("p"),
        item("d", parent="p"),
        item("c", parent="p"),
        item("x", parent="p", deleted=True),
        item("o", parent="q"),
    )
    assert [items.children(parent) for parent in "pqr"] == [("c", "d"), ("o",), ()]


@pytest.mark.positive
def test_open_children_are_those_with_work_left():
    items = board(
        item("p"),
        item("d", parent="p", status=IN_PROGRESS),
        item("c", parent="p"),
        item("done", parent="p", status=DONE),
        item("cancelled", parent="p", status=CANCELLED),
        item("deleted", parent="p", deleted=True),
    )
    assert open_children(items, "p") == ("c", "d")
    assert open_children(items, "d") == ()


@pytest.mark.positive
@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param(board(item("a")), [], id="none at the top"),
        pytest.param(
            board(item("a", parent="b"), item("b", parent="c"), item("c")), ["b", "c"], id="the nearest first"
        ),
        pytest.param(board(item("a", parent="gone")), ["gone"], id="up to one that is not here"),
        pytest.param(
            board(item("a", parent="b"), item("b", parent="a")), ["b"], id="each once, where they go in a ring"
        ),
        pytest.param(
            board(item("a", parent="b"), item("b", parent="c"), item("c", parent="b")), ["b", "c"], id="up into a ring"
        ),
        pytest.param(board(), [], id="none of an item that is not here"),
    ],
)
def test_ancestors_are_told_upwards(items, expected):
    assert list(ancestors(items, "a")) == expected


@pytest.mark.positive
def test_an_item_is_held_up_by_its_own_blockers_and_its_ancestors():
    items = board(
        item("it", "z", "x", "closed", "nowhere", parent="p"),
        item("p", "y", "x", parent="g"),
        item("g", "w"),
        *map(item, "wxyz"),
        item("closed", status=CANCELLED),
    )
    assert open_blockers(items, "it") == ("w", "x", "y", "z")


@pytest.mark.positive
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"status": DONE}, ("child", "waits"), id="done, it frees who waited for it, and their children"),
        pytest.param({"status": CANCELLED}, ("child", "waits"), id="cancelled, it frees the same"),
        pytest.param({"deleted": True}, ("child", "waits"), id="deleted, it frees the same"),
        pytest.param({"status": IN_PROGRESS}, (), id="only started, it frees nobody"),
    ],
)
def test_a_blocker_tells_whom_it_freed(change, expected):
    others = (
        item("waits", "b"),
        item("child", parent="waits"),
        item("both", "b", "other"),
        item("other"),
        item("never", "nowhere"),
        item("closed", "b", status=DONE),
    )
    assert unblocked_by(board(item("b"), *others), board(item("b", **change), *others), "b") == expected


@pytest.mark.positive
def test_an_item_that_is_new_was_never_held_up():
    assert unblocked_by(board(item("b")), board(item("b", status=DONE), item("new", "b")), "b") == ()
