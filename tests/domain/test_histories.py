"""Whatever was legal when it happened: the fold of it is the state, in one go or in parts, in any order of reading."""

from __future__ import annotations

import functools

import pytest
from hypothesis import Phase, find, given, seed, settings
from hypothesis import strategies as st

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_fold import evolve
from jerry_domain.aggregates.work_item_state import Comment, WorkItemState
from jerry_domain.events.work_item_events import WORK_ITEM_EVENTS, Created, Reconciled, StatusChanged, StatusCorrected
from jerry_domain.services.causal_order import causal_order, heads, missing_parents
from jerry_domain.value_objects.status import WorkItemStatus
from tests.domain.builders import ITEM
from tests.domain.strategies import HISTORIES, SESSIONS, forked_histories

FORKED = forked_histories()
FEW = settings(max_examples=40)  # a forked history is long


def fold(history):
    return WorkItem.load_from_history(ITEM, history)


@pytest.mark.positive
@given(SESSIONS)
def test_the_fold_of_a_history_is_the_item_that_made_it(session):
    replayed = fold(session.history)
    assert replayed.state == session.item.state
    assert replayed.version == session.item.version == len(session.history)


@pytest.mark.positive
@given(st.one_of(HISTORIES, FORKED), st.data())
def test_a_replay_in_two_halves_is_the_replay_at_once(history, data):
    ordered = causal_order(history)
    middle = data.draw(st.integers(0, len(ordered)))
    item = fold(ordered[:middle])
    item.replay(ordered[middle:])
    assert (item.state, item.version) == (fold(history).state, fold(history).version)


@pytest.mark.positive
@FEW
@given(FORKED, st.randoms())
def test_a_history_folds_to_the_same_in_every_order_of_reading(history, random):
    shuffled = list(history)
    random.shuffle(shuffled)
    assert fold(shuffled).state == fold(history).state


@pytest.mark.positive
@FEW
@given(FORKED)
def test_a_history_read_twice_over_is_the_same_history(history):
    assert fold(history + history).state == fold(history).state


@pytest.mark.positive
@given(HISTORIES)
def test_a_straight_history_is_a_walk_through_the_state_machine(history):
    status = "pending"
    for event in (place.event for place in history):
        if isinstance(event, StatusChanged):
            assert event.from_status == status
            assert event.from_status.can_become(event.to_status)
        if isinstance(event, StatusChanged | StatusCorrected):
            status = event.to_status
    assert fold(history).state.status == status


@pytest.mark.positive
@FEW
@given(FORKED)
def test_a_history_is_whole_begins_with_the_creation_and_names_no_event_twice(history):
    ids = [place.event.event_id for place in history]
    assert len(set(ids)) == len(ids)
    assert missing_parents(history) == ()
    assert isinstance(causal_order(history)[0].event, Created)
    assert 1 <= len(heads(history)) <= 2


@pytest.mark.positive
@given(FORKED)
def test_every_event_updates_an_item_at_its_time(history):
    state = WorkItemState(item_id=ITEM)
    for event in (place.event for place in causal_order(history)):
        state = evolve(state, event)
        assert state.updated_at == event.occurred_at


@pytest.mark.edge
@FEW
@given(FORKED, st.data())
def test_a_history_with_gaps_still_folds(history, data):
    kept = [place for place in history if data.draw(st.booleans())]
    state = fold(kept).state
    assert state.name in {ITEM, *(f"WORK-{number}" for number in range(1, 5))}
    assert all(isinstance(comment, Comment) for comment in state.comments)


SEARCH = settings(max_examples=2000, database=None, phases=[Phase.generate])


@functools.cache
def sample(strategy, count, number=0):
    """So many of what a strategy makes, the same in every run."""
    collected = []

    @seed(number)
    @settings(max_examples=count, database=None, phases=[Phase.generate])
    @given(strategy)
    def collect(history):
        collected.append(history)

    collect()
    return collected


@pytest.mark.positive
def test_every_event_turns_up_in_the_histories():
    """How many are made in a run may hang on how busy the machine is."""
    missing = set(WORK_ITEM_EVENTS) - {Reconciled}  # which only follows on a fork
    for number in range(8):
        missing -= {type(place.event) for history in sample(HISTORIES, 400, number) for place in history}
        if not missing:
            break
    assert missing == set()


@pytest.mark.positive
def test_forks_and_merges_turn_up_in_the_histories():
    """`find` raises when there is none among very many."""
    for wanted in (
        lambda history: len(heads(history)) == 2,
        lambda history: any(len(e.parents) == 2 for e in history),
        lambda history: any(isinstance(e.event, Reconciled) for e in history),
    ):
        assert wanted(find(FORKED, wanted, settings=SEARCH))


@pytest.mark.positive
def test_every_status_turns_up_in_the_histories():
    assert {fold(history).state.status for history in sample(HISTORIES, 400)} == set(WorkItemStatus)
