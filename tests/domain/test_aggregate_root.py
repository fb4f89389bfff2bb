"""The aggregate root: pending events, versions, replay; and values that never become events."""

from __future__ import annotations

from functools import reduce
from math import nan
from typing import ClassVar

import pytest
from hypothesis import given

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.aggregates.work_item_fold import evolve, fold
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.errors import InvalidValueError
from jerry_domain.events.base import DomainEvent
from jerry_domain.events.work_item_events import (
    WORK_ITEM_EVENTS,
    DetailsChanged,
    QualityMetricsUpdated,
    StatusChanged,
    as_work_item_event,
)
from jerry_domain.services.causal_order import causal_order
from jerry_domain.value_objects.quality import TestRatio
from jerry_domain.values import value
from tests.domain.builders import (
    DONE,
    IN_PROGRESS,
    ITEM,
    MORNING,
    NOON,
    PENDING,
    STREAM,
    at_status,
    beside,
    created,
    happened,
    moved,
    recorded,
    stamp,
)
from tests.domain.strategies import forked_histories


@value
class InvoicePaid(DomainEvent):
    """An event of another aggregate."""

    event_type: ClassVar[str] = "shop.invoice.paid.v1"


def loaded(*events):
    return WorkItem.load_from_history(ITEM, recorded(events))


@pytest.mark.positive
@given(forked_histories())
def test_events_folded_at_once_make_the_same_state_as_one_by_one(history):
    blank = WorkItemState(item_id=ITEM)
    events = [as_work_item_event(item.event) for item in causal_order(history)]
    assert fold(blank, events) == reduce(evolve, events, blank)


@pytest.mark.edge
def test_no_events_leave_the_state_as_it_is():
    state = loaded(*at_status(DONE)).state
    assert fold(state, ()) == state


@pytest.mark.positive
def test_an_item_is_at_the_version_of_its_newest_recorded_event_whatever_is_pending():
    item = loaded(*at_status(IN_PROGRESS))
    item.block(stamp())
    assert (item.stream, item.version, len(item.collect_events())) == (STREAM, 2, 1)


@pytest.mark.positive
def test_an_item_without_history_is_at_version_0():
    assert loaded().version == 0


@pytest.mark.positive
def test_pending_events_stay_until_the_store_has_them():
    item = loaded(created())
    item.start(stamp())
    assert item.collect_events() == item.collect_events() != ()
    item.mark_committed(2)
    assert (item.version, item.collect_events(), item.state.status) == (2, (), IN_PROGRESS)


@pytest.mark.positive
def test_the_same_command_sent_twice_makes_the_same_events():
    one, other = loaded(created()), loaded(created())
    for item in (one, other):
        item.claim(stamp(), NOON.replace(hour=13))
        item.start(stamp())
    assert one.collect_events() == other.collect_events()
    assert len({event.event_id for event in one.collect_events()}) == 3


@pytest.mark.positive
def test_another_command_makes_other_events():
    one, other = loaded(created()), loaded(created())
    one.start(stamp(command=1))
    other.start(stamp(command=2))
    assert one.collect_events()[0].event_id != other.collect_events()[0].event_id


@pytest.mark.positive
def test_a_history_is_read_in_any_order():
    history = recorded(at_status(DONE))
    assert WorkItem.load_from_history(ITEM, reversed(history)).state == loaded(*at_status(DONE)).state


@pytest.mark.positive
def test_after_a_merge_the_version_is_the_highest_of_all():
    item = loaded(created())
    item.replay([beside("a", 5), beside("b", 3)])
    assert item.version == 5
    item.replay([beside("c", 4)])
    item.replay([])
    assert item.version == 5


@pytest.mark.edge
def test_a_recorded_event_that_no_command_would_raise_is_history_all_the_same():
    item = loaded(moved(DONE, PENDING), created(), moved(PENDING, PENDING))
    assert (item.state.status, item.state.name) == (PENDING, "WORK-1")


@pytest.mark.positive
@pytest.mark.parametrize(
    ("counts", "tests"),
    [
        pytest.param({}, None, id="no counts"),
        pytest.param({"positive": 2}, TestRatio(positive=2), id="one count, the others 0"),
        pytest.param({"edge": 0}, TestRatio(), id="a count of 0"),
    ],
)
def test_metrics_may_be_known_in_part(counts, tests):
    state = loaded(created(), happened(QualityMetricsUpdated, **counts)).state
    assert (state.tests, state.coverage) == (tests, None)


@pytest.mark.negative
@pytest.mark.parametrize("metrics", [{"coverage": 101.0}, {"coverage": nan}, {"positive": -1}, {"edge": -1}])
def test_metrics_out_of_range_never_become_an_event(metrics):
    with pytest.raises(InvalidValueError):
        happened(QualityMetricsUpdated, **metrics)


@pytest.mark.negative
def test_an_event_of_another_aggregate_is_refused():
    with pytest.raises(TypeError, match="InvoicePaid is not an event of a work item"):
        loaded(happened(InvoicePaid))
    with pytest.raises(AssertionError):  # were it admitted, the fold would not pass over it in silence
        evolve(WorkItemState(item_id=ITEM), happened(InvoicePaid))


@pytest.mark.positive
def test_an_event_leaves_alone_what_it_does_not_name():
    before = loaded(*at_status(IN_PROGRESS, description="Old words")).state
    after = loaded(*at_status(IN_PROGRESS, description="Old words"), happened(DetailsChanged, title="New")).state
    assert (after.title, after.description, after.work_type) == ("New", "Old words", before.work_type)
    assert (after.status, after.status_event) == (before.status, before.status_event)


@pytest.mark.positive
def test_an_item_is_updated_by_every_event_and_created_by_the_first():
    state = loaded(created(), happened(StatusChanged, at=NOON, from_status=PENDING, to_status=IN_PROGRESS)).state
    assert (state.created_at, state.updated_at) == (MORNING, NOON)


@pytest.mark.positive
def test_every_event_type_has_a_registered_name_of_its_own_with_a_version():
    names = [event.event_type for event in WORK_ITEM_EVENTS]
    assert len(set(names)) == len(names) == 23
    assert all(name.startswith("jerry.work_item.") and name.endswith(".v1") for name in names)
    assert as_work_item_event(created()) == created()
