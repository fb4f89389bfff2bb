"""The summary of what a merge brought."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.events.work_item_events import Claimed, Created, DetailsChanged, LabelsAdded, StatusChanged
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.checking.incoming import Incoming, incoming, summary
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from jerry_git.testing.histories import MOMENT, happened, stream
from tests.application.sources import MemorySource, file_of, files_of

READER = CloudEventFileReader()


def created(name: str, number: int) -> Created:
    return happened(Created, name, display_id=f"WORK-{number}", work_type=WorkType.TASK, title=name)


ONE = files_of([created("one", 1)])
LABEL = happened(LabelsAdded, "label", labels=("a",))


def step(name: str, target: WorkItemStatus) -> dict[str, bytes]:
    return beside(happened(StatusChanged, name, from_status=WorkItemStatus.PENDING, to_status=target))


def beside(event: DomainEvent) -> dict[str, bytes]:
    """The file of an event on the creation of the first item."""
    parents = (created("one", 1).event_id,)
    return file_of(RecordedEvent(event=event, stream=stream(), version=2, parents=parents, source="urn:uuid:x"))


def told(after, before):
    return list(summary(incoming(MemorySource(after, before), READER)))


@pytest.mark.positive
def test_new_and_changed_items_are_told():
    after = {**files_of([created("one", 1), LABEL]), **files_of([created("two", 2)], 1)}
    assert told(after, ONE) == ["jerry: 2 events came in", "  new: WORK-2 two", "  changed: WORK-1 one"]


@pytest.mark.positive
def test_one_event_is_one_event():
    assert told(files_of([created("one", 1), LABEL]), ONE)[0] == "jerry: 1 event came in"


@pytest.mark.edge
def test_of_an_item_that_was_given_up_no_claims_are_told():
    came = told({**ONE, **step("given up", WorkItemStatus.CANCELLED)}, ONE)
    assert came == ["jerry: 1 event came in", "  changed: WORK-1 one"]


@pytest.mark.positive
def test_items_that_branches_moved_apart_are_told():
    left, right = step("left", WorkItemStatus.IN_PROGRESS), step("right", WorkItemStatus.CANCELLED)
    assert told({**ONE, **left, **right}, {**ONE, **left})[2:] == [
        "  moved apart: WORK-1 one",
        "  branches disagree: `jerry show ITEM` tells what they say, `jerry reconcile` settles it",
    ]


@pytest.mark.positive
def test_fields_that_branches_wrote_differently_are_named():
    def title(name: str) -> dict[str, bytes]:
        return beside(happened(DetailsChanged, name, title=name))

    left, right = title("left"), title("right")
    assert told({**ONE, **left, **right}, {**ONE, **left})[2] == "  said differently: WORK-1 left (title)"


@pytest.mark.positive
def test_a_claim_that_somebody_elses_came_before_is_told_to_whoever_holds_it():
    def claim(name: str) -> dict[str, bytes]:
        return beside(happened(Claimed, name, claimant=name, until=MOMENT + timedelta(hours=1)))

    left, right = claim("Ada"), claim("Grace")
    assert told({**ONE, **left, **right}, {**ONE, **left})[2:] == ["  claimed before: WORK-1 one, Grace"]


@pytest.mark.edge
def test_what_stood_apart_before_is_not_told_again():
    left, right = step("left", WorkItemStatus.IN_PROGRESS), step("right", WorkItemStatus.CANCELLED)
    other = files_of([created("two", 2)], 1)
    assert told({**ONE, **left, **right, **other}, {**ONE, **left, **right}) == [
        "jerry: 1 event came in",
        "  new: WORK-2 two",
    ]


@pytest.mark.positive
def test_what_was_lost_on_the_way_is_told():
    (path,) = ONE
    assert told({}, ONE) == [
        f"  warning[event-deleted] {path} is gone, but HEAD has it",
        f"    mend: git checkout HEAD -- {path}",
    ]


@pytest.mark.edge
def test_of_very_many_items_some_are_named():
    names = tuple(f"WORK-{number}" for number in range(12))
    assert list(summary(Incoming(created=names, events=12)))[-1] == "  new: and 2 more"


@pytest.mark.edge
def test_where_nothing_came_nothing_is_said():
    assert told(ONE, ONE) == []
    assert told({**ONE, ".jerry/events/x": b"x"}, ONE) == []
