"""A history that is not straight, drawn: what branches did apart stands side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_git.cli.lanes import lanes

Events = list[tuple[str, tuple[str, ...]]]


def drawn(*events: str) -> list[str]:
    """Rows for events written as `id parent parent`, newest first."""
    history = [(words[0], tuple(words[1:])) for words in (event.split() for event in events)]
    return [f"{row} {key}" if key else row for row, key in lanes(history)]


@pytest.mark.positive
def test_a_straight_history_is_one_lane() -> None:
    assert drawn("c b", "b a", "a") == ["* c", "* b", "* a"]


@pytest.mark.positive
def test_two_branches_stand_side_by_side_and_join() -> None:
    assert drawn("c a", "b a", "a") == ["* c", "| * b", "|-'", "* a"]


@pytest.mark.positive
def test_an_event_on_several_heads_parts_the_lanes() -> None:
    assert drawn("d b c", "c a", "b a", "a") == ["* d", "|-.", "* | c", "| * b", "|-'", "* a"]


@pytest.mark.positive
def test_three_branches_cross_the_lanes_between() -> None:
    assert drawn("d a", "c a", "b a", "a") == ["* d", "| * c", "| | * b", "|-|-'", "|-'", "* a"]


@pytest.mark.edge
def test_events_whose_parents_are_not_here_end_their_lane() -> None:
    assert drawn("b gone", "a") == ["* b", "* a"]
    assert drawn() == []


HISTORIES = st.lists(st.lists(st.integers(0, 30), max_size=3), max_size=12).map(
    lambda rows: [
        (str(number), tuple(dict.fromkeys(str(number + 1 + step) for step in steps)))
        for number, steps in enumerate(rows)
    ]
)


@pytest.mark.positive
@given(HISTORIES)
def test_each_event_has_one_row_and_the_open_lanes_are_what_is_still_waited_for(history: Events) -> None:
    known = {key for key, _ in history}
    rows = list(lanes(history))
    assert [key for _, key in rows if key] == [key for key, _ in history]
    waited: list[str] = []
    for row, key in rows:
        assert row.count("*") == (key is not None)
        if key is None:
            continue
        waited = [other for other in waited if other != key]
        assert len(row.split()) == len(waited) + 1
        parents = dict(history)[key]
        waited += [parent for parent in dict.fromkeys(parents) if parent in known]
