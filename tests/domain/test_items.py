"""Items in memory, and items of which some are otherwise, give the same answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_domain.services.items import Items, ItemTable, number_of
from jerry_domain.value_objects.classification import WorkType
from tests.domain.builders import DONE, IN_PROGRESS, PENDING, board, item

KEYS = "abcdef"
NAMES = ("WORK-1", "WORK-2", "WORK-07", "odd")


@st.composite
def states(draw, keys=KEYS):
    """An item with names, a parent and dependencies drawn at will."""
    others = st.sampled_from([*keys, "nowhere"])
    return item(
        draw(st.sampled_from(keys)),
        *draw(st.lists(others, max_size=2)),
        display_id=draw(st.sampled_from(NAMES)),
        aliases=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2))),
        parent=draw(st.none() | others),
        status=draw(st.sampled_from([PENDING, DONE])),
        work_type=draw(st.sampled_from([WorkType.TASK, WorkType.BUG])),
        deleted=draw(st.booleans()),
        title=draw(st.sampled_from(["A", "ÜNDER"])),
        description=draw(st.sampled_from(["", "Said"])),
    )


def answers(items: Items) -> dict[str, object]:
    """What the items say to every question."""
    return {
        "items": list(items.items()),
        "length": len(items),
        "open": list(items.open()),
        "counts": {key: count for key, count in items.counts().items() if count},
        **{f"called {name}": (items.called(name), items.once_called(name)) for name in NAMES},
        **{f"like {name[:5]}": items.named_like(name[:5]) for name in (*NAMES, "")},
        **{f"words {words}": items.with_words(words) for words in ((), ("work-1",), ("a", "said"), ("ünder",))},
        **{f"around {key}": (items.children(key), items.dependents(key)) for key in (*KEYS, "nowhere")},
        **{f"beginning {key}": (items.beginning(key), key in items) for key in (*KEYS, "", "z")},
    }


@pytest.mark.positive
@given(st.lists(states()), st.lists(states()), st.lists(states()))
def test_items_that_were_changed_answer_as_those_that_always_were_so(before, first, second):
    base = ItemTable({state.item_id: state for state in before}.values())
    changed = base.changed(*first).changed(*second)
    expected = ItemTable({state.item_id: state for state in (*before, *first, *second)}.values())
    assert answers(changed) == answers(expected)
    assert changed.highest_number() == max(base.highest_number(), expected.highest_number())
    assert answers(base) == answers(ItemTable(base.values()))


@pytest.mark.positive
@given(st.lists(states()))
def test_items_that_are_put_one_by_one_answer_as_those_that_came_together(states):
    put = ItemTable()
    for state in sorted(states, key=lambda state: state.item_id):
        put.put(state)
    assert answers(put) == answers(ItemTable({state.item_id: state for state in put.values()}.values()))


@pytest.mark.positive
def test_who_stands_under_an_item_and_who_leans_on_it_is_told():
    items = board(item("p"), item("c", parent="p"), item("gone", parent="p", deleted=True), item("w", "p", "c"))
    assert (items.children("p"), items.dependents("p"), items.dependents("c")) == (("c",), ("w",), ("w",))


@pytest.mark.positive
def test_a_change_is_in_effect_and_the_rest_as_it_was():
    items = board(item("a"), item("b", "a")).changed(item("b", status=IN_PROGRESS), item("c", parent="a"))
    assert [state.status for state in items.values()] == [PENDING, IN_PROGRESS, PENDING]
    assert (items.dependents("a"), items.children("a")) == ((), ("c",))
    assert items["a"].item_id == "a"


@pytest.mark.negative
def test_an_item_that_is_not_here_is_not_found():
    items = board(item("a")).changed(item("b"))
    with pytest.raises(KeyError):
        items["c"]


@pytest.mark.edge
@pytest.mark.parametrize(("name", "number"), [("WORK-7", 7), ("work", 0), ("", 0), ("WORK-", 0)])
def test_what_is_no_display_id_has_no_number(name, number):
    assert number_of(name) == number
