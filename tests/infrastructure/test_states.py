"""States that were packed are the same when they are unpacked."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_domain.aggregates.work_item_state import Comment, Dependency, ExternalReference, WorkItemState
from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.infrastructure.persistence.states import pack, unpack

TEXTS = st.text(max_size=6)
TIMES = st.datetimes(timezones=st.just(UTC))
COUNTS = st.integers(0, 999)
CLAIMS = st.builds(Claim, claimant=TEXTS, session=st.none() | TEXTS, until=TIMES, since=TIMES)
STATES = st.builds(
    WorkItemState,
    item_id=TEXTS,
    display_id=TEXTS,
    aliases=st.lists(TEXTS, max_size=2).map(tuple),
    work_type=st.sampled_from(WorkType),
    title=TEXTS,
    description=TEXTS,
    status=st.sampled_from(WorkItemStatus),
    status_event=st.none() | TEXTS,
    previous_status=st.none() | st.sampled_from(WorkItemStatus),
    reason=TEXTS,
    priority=st.sampled_from(Priority),
    assignee=st.none() | TEXTS,
    claims=st.lists(CLAIMS, max_size=2).map(tuple),
    parent=st.none() | TEXTS,
    dependencies=st.frozensets(st.builds(Dependency, kind=st.sampled_from(DependencyKind), target=TEXTS), max_size=2),
    labels=st.frozensets(TEXTS, max_size=2),
    comments=st.lists(st.builds(Comment, comment_id=TEXTS, author=TEXTS, written_at=TIMES, text=TEXTS), max_size=2).map(
        tuple
    ),
    due=st.none() | st.dates(),
    estimate=st.none() | COUNTS,
    coverage=st.none() | st.builds(TestCoverage, percent=st.floats(0, 100)),
    tests=st.none() | st.builds(TestRatio, positive=COUNTS, negative=COUNTS, edge=COUNTS),
    imported=st.lists(
        st.builds(ExternalReference, origin=TEXTS, reference=TEXTS, original=st.dictionaries(TEXTS, TEXTS, max_size=2)),
        max_size=2,
    ).map(tuple),
    deleted=st.booleans(),
    created_at=st.none() | TIMES,
    created_by=TEXTS,
    updated_at=st.none() | TIMES,
    closed_at=st.none() | TIMES,
)


@pytest.mark.positive
@given(STATES)
def test_a_state_is_the_same_when_it_is_back(state: WorkItemState) -> None:
    assert unpack(pack(state)) == state


@pytest.mark.positive
def test_every_field_is_kept() -> None:
    """A field that is new and not packed would come back as its default."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    state = WorkItemState(
        item_id="i",
        display_id="WORK-1",
        aliases=("WORK-9",),
        work_type=WorkType.BUG,
        title="t",
        description="d",
        status=WorkItemStatus.DONE,
        status_event="e",
        previous_status=WorkItemStatus.BLOCKED,
        reason="r",
        priority=Priority.HIGH,
        assignee="a",
        claims=(Claim(claimant="c", session="s", until=noon + timedelta(hours=1), since=noon),),
        parent="p",
        dependencies=frozenset({Dependency(kind=DependencyKind.BLOCKS, target="x")}),
        labels=frozenset({"l"}),
        comments=(Comment(comment_id="k", author="a", written_at=noon, text="said"),),
        due=date(2026, 4, 1),
        estimate=5,
        coverage=TestCoverage(percent=90.5),
        tests=TestRatio(positive=1, negative=2, edge=3),
        imported=(ExternalReference(origin="beads", reference="bd-1", original={"a": "b"}),),
        deleted=True,
        created_at=noon,
        created_by="a",
        updated_at=noon,
        closed_at=noon,
    )
    bare = WorkItemState(item_id="i")
    assert [name for name in state.__slots__ if getattr(state, name) == getattr(bare, name)] == ["item_id"]
    assert unpack(pack(state)) == state


@pytest.mark.negative
@pytest.mark.parametrize("damaged", ["", "{}", "[]", "[1, 2]", json.dumps([None] * 27), json.dumps(["x"] * 27)])
def test_what_is_no_state_is_refused(damaged: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        unpack(damaged)


@pytest.mark.edge
def test_nothing_but_the_id_is_needed() -> None:
    state: Any = unpack(pack(WorkItemState(item_id="i")))
    assert state == WorkItemState(item_id="i")
