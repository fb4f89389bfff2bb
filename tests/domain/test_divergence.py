"""What branches say differently is kept and told until somebody settles it in sight of all of them (DESIGN 6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.errors import CannotUndoError, InvalidValueError, ItemDeletedError
from jerry_domain.events.work_item_events import (
    AssigneeChanged,
    ClaimReleased,
    CommentAdded,
    Deleted,
    DependencyAdded,
    DetailsChanged,
    DisplayIdChanged,
    DueDateChanged,
    EstimateChanged,
    LabelsAdded,
    ParentChanged,
    PriorityChanged,
    QualityMetricsUpdated,
    Reconciled,
    Restored,
    StatusCorrected,
)
from jerry_domain.services.causal_order import causal_order, heads
from jerry_domain.services.compensation import undo_last_command
from jerry_domain.services.divergence import divergences, is_straight
from jerry_domain.services.legality import judge
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from tests.domain.builders import (
    ALICE,
    BLOCKED,
    BOB,
    CANCELLED,
    DONE,
    IN_PROGRESS,
    ITEM,
    NOON,
    OTHER,
    PENDING,
    STREAM,
    beside,
    claimed,
    created,
    happened,
    moved,
    recorded,
    stamp,
)
from tests.domain.strategies import HISTORIES, forked_histories

ROOT = beside("root", 1)
TOLD = happened(CommentAdded, text="words")


def fork(one, other):
    """Two branches from the creation, an event on each; the other one comes later in the order of folding."""
    return ROOT, beside("one", 2, "root", event=one), beside("two", 2, "root", event=other)


def told(history):
    return [(found.field, *found.values) for found in divergences(history)]


def fold(history):
    return WorkItem.load_from_history(ITEM, history)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED), ("status", "in_progress", "cancelled")),
        (happened(DetailsChanged, title="A"), happened(DetailsChanged, title="B"), ("title", "A", "B")),
        (happened(DetailsChanged, description=""), happened(DetailsChanged, description="B"), ("description", "", "B")),
        (
            happened(DetailsChanged, work_type=WorkType.BUG),
            happened(DetailsChanged, work_type=WorkType.SPIKE),
            ("type", "bug", "spike"),
        ),
        (
            happened(PriorityChanged, priority=Priority.LOW),
            happened(PriorityChanged, priority=Priority.HIGH),
            ("priority", "low", "high"),
        ),
        (happened(AssigneeChanged, assignee="A"), happened(AssigneeChanged, assignee=None), ("assignee", "A", "")),
        (happened(ParentChanged, parent=OTHER), happened(ParentChanged, parent=None), ("parent", OTHER, "")),
        (
            happened(DueDateChanged, due=date(2026, 1, 2)),
            happened(DueDateChanged, due=None),
            ("due", "2026-01-02", ""),
        ),
        (happened(EstimateChanged, minutes=5), happened(EstimateChanged, minutes=6), ("estimate", "5", "6")),
        (
            happened(QualityMetricsUpdated, coverage=90.5, positive=1, negative=0, edge=None),
            happened(QualityMetricsUpdated, coverage=90.5, positive=2, negative=0, edge=None),
            ("quality", "90.5 1 0 ", "90.5 2 0 "),
        ),
        (happened(Deleted), moved(PENDING, IN_PROGRESS), ("existence", "kept", "deleted")),
        (happened(Deleted), happened(Restored), ("existence", "deleted", "kept")),
        (claimed(ALICE), happened(Deleted), ("existence", "kept", "deleted")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_field_of_one_value_that_both_branches_set_is_told(one, other, expected):
    assert told(fork(one, other)) == [expected]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (moved(PENDING, IN_PROGRESS), moved(PENDING, IN_PROGRESS)),
        (happened(DetailsChanged, title="A"), happened(DetailsChanged, description="B")),
        (happened(LabelsAdded, labels=("a",)), happened(LabelsAdded, labels=("b",))),
        (TOLD, TOLD),
        (TOLD, happened(Deleted)),
        (happened(DependencyAdded, target=OTHER, kind=DependencyKind.BLOCKS), moved(PENDING, CANCELLED)),
        (happened(DisplayIdChanged, display_id="WORK-2"), happened(DisplayIdChanged, display_id="WORK-3")),
        (claimed(ALICE), claimed(BOB)),
        (happened(PriorityChanged, priority=Priority.LOW), moved(PENDING, IN_PROGRESS)),
    ],
)
def test_changes_that_commute_simply_both_apply(one, other):
    assert told(fork(one, other)) == []


@pytest.mark.positive
def test_forks_come_first_and_each_field_is_told_for_itself():
    one = recorded((created(), happened(DetailsChanged, title="A"), moved(PENDING, IN_PROGRESS)))
    other = (
        beside("title", 2, "event-1", event=happened(DetailsChanged, title="B")),
        beside("step", 3, "title", event=moved(PENDING, CANCELLED)),
    )
    found = divergences((*one, *other))
    assert [(each.field, each.is_fork) for each in found] == [("status", True), ("title", False)]
    assert [rival.event_id for rival in found[1].rivals] == ["event-2", "title"]


@pytest.mark.positive
def test_what_is_in_effect_is_the_last_value():
    history = fork(happened(DetailsChanged, title="A"), happened(DetailsChanged, title="B"))
    (found,) = divergences(history)
    assert fold(history).state.title == found.effective.value == "B"


@pytest.mark.positive
def test_three_branches_of_which_two_agree():
    history = (
        *fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED)),
        beside("zwo", 2, "root", event=moved(PENDING, IN_PROGRESS)),
    )
    (found,) = divergences(history)
    assert (found.values, len(found.rivals)) == (("cancelled", "in_progress"), 3)


@pytest.mark.edge
def test_a_comment_on_top_of_both_settles_nothing_and_a_new_title_does():
    history = fork(happened(DetailsChanged, title="A"), happened(DetailsChanged, title="B"))
    comment = beside("comment", 3, *heads(history), event=TOLD)
    assert told((*history, comment)) == [("title", "A", "B")]
    title = beside("title", 4, "comment", event=happened(DetailsChanged, title="C"))
    assert told((*history, comment, title)) == []


@pytest.mark.edge
def test_a_straight_history_is_not_looked_at():
    history = recorded((created(), moved(PENDING, IN_PROGRESS)))
    assert is_straight(history)
    assert not is_straight(fork(TOLD, TOLD))
    assert not is_straight((*fork(TOLD, TOLD), beside("merge", 3, "one", "two", event=TOLD)))
    assert divergences(history) == divergences(()) == ()


@pytest.mark.edge
def test_an_event_whose_parents_are_not_here_is_beside_all_others():
    orphan = beside("orphan", 5, "gone", event=moved(IN_PROGRESS, BLOCKED))
    assert told((ROOT, beside("one", 2, "root", event=moved(PENDING, CANCELLED)), orphan)) == [
        ("status", "cancelled", "blocked")
    ]


# --- settling


def settled(history, value):
    """The history, with what `settle` raises for the first thing that the branches disagree about."""
    item = fold(history)
    item.settle(stamp(), divergences(history)[0], value, "agreed")
    events = item.collect_events()
    first = recorded(events, ordered := causal_order(history))[0]
    place = beside("settled", item.version + 1, *heads(ordered), at=NOON, event=events[0])
    assert first.event == events[0]
    return item, (*history, place)


@pytest.mark.positive
@pytest.mark.parametrize("status", [IN_PROGRESS, CANCELLED])
def test_a_fork_is_reconciled_to_what_one_of_the_branches_says(status):
    item, after = settled(fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED)), status)
    (event,) = item.collect_events()
    assert isinstance(event, Reconciled)
    assert (event.from_status, event.to_status, event.settles) == (CANCELLED, status, ("one", "two"))
    assert (item.state.status, item.state.reason) == (status, "agreed")
    assert told(after) == []
    assert judge(ITEM, after) == ()


@pytest.mark.positive
@pytest.mark.parametrize(
    ("one", "other", "value", "expected"),
    [
        (happened(DetailsChanged, title="A"), happened(DetailsChanged, title="B"), "A", ("title", "A")),
        (happened(DueDateChanged, due=None), happened(DueDateChanged, due=date(2026, 1, 2)), "", ("due", None)),
        (happened(EstimateChanged, minutes=5), happened(EstimateChanged, minutes=6), "6", ("estimate", 6)),
        (happened(Deleted), moved(PENDING, IN_PROGRESS), "kept", ("deleted", False)),
        (moved(PENDING, IN_PROGRESS), happened(Deleted), "deleted", ("deleted", True)),
    ],
)
def test_other_fields_are_settled_by_saying_one_value_again(one, other, value, expected):
    item, after = settled(fork(one, other), value)
    assert getattr(item.state, expected[0]) == expected[1]
    assert told(after) == []


@pytest.mark.positive
def test_a_deletion_that_is_taken_back_brings_the_item_back():
    item, _ = settled(fork(moved(PENDING, IN_PROGRESS), happened(Deleted)), "kept")
    assert [type(event) for event in item.collect_events()] == [Restored]
    assert item.state.is_open


@pytest.mark.positive
def test_an_item_that_is_closed_by_it_keeps_no_claim():
    history = (
        *fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED)),
        beside("x-claim", 3, "one", event=claimed(BOB)),
    )
    item = fold(history)
    item.settle(stamp(), divergences(history)[0], CANCELLED)
    assert [type(event) for event in item.collect_events()] == [Reconciled, ClaimReleased]
    assert item.state.claims == ()


@pytest.mark.positive
def test_that_a_step_was_forced_is_kept():
    started = recorded((created(), moved(PENDING, IN_PROGRESS)))
    branches = (
        beside("done", 3, "event-2", event=moved(IN_PROGRESS, DONE, "a gap", forced=True)),
        beside("off", 3, "event-2", event=moved(IN_PROGRESS, CANCELLED)),
    )
    for status, forced in ((DONE, True), (CANCELLED, False)):
        item = fold((*started, *branches))
        item.settle(stamp(), divergences((*started, *branches))[0], status)
        assert item.collect_events()[0].forced is forced


@pytest.mark.negative
def test_a_value_that_no_branch_says_is_refused():
    history = fork(happened(AssigneeChanged, assignee="A"), happened(AssigneeChanged, assignee=None))
    with pytest.raises(InvalidValueError, match="the branches say A and nothing"):
        fold(history).settle(stamp(), divergences(history)[0], "C")


@pytest.mark.negative
def test_a_deleted_item_is_reconciled_only_about_being_there():
    apart = fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED))
    history = (*apart, beside("zap", 3, *heads(apart), event=happened(Deleted)))
    with pytest.raises(ItemDeletedError):
        fold(history).settle(stamp(), divergences(apart)[0], CANCELLED)


@pytest.mark.positive
def test_undo_takes_a_reconciliation_back_to_what_the_fold_had_chosen():
    item, after = settled(fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED)), IN_PROGRESS)
    item = fold(after)
    undo_last_command(item, after, stamp(command=2))
    (event,) = item.collect_events()
    assert isinstance(event, StatusCorrected)
    assert item.state.status is CANCELLED
    assert judge(ITEM, (*after, beside("undone", 4, "settled", event=event))) == ()


@pytest.mark.negative
def test_a_reconciliation_that_kept_what_held_is_not_undone():
    _, after = settled(fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED)), CANCELLED)
    with pytest.raises(CannotUndoError):
        undo_last_command(fold(after), after, stamp(command=2))


@pytest.mark.negative
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"settles": ("one",)}, "does not name the last steps of all branches"),
        ({"to_status": DONE}, "leads from cancelled to done, where no branch had come"),
        ({"from_status": PENDING}, "leads from pending to in_progress, where no branch had come"),
    ],
)
def test_a_reconciliation_that_is_not_of_its_fork_is_told(change, words):
    apart = fork(moved(PENDING, IN_PROGRESS), moved(PENDING, CANCELLED))
    right = {"from_status": CANCELLED, "to_status": IN_PROGRESS, "settles": ("one", "two")}
    wrong = beside("wrong", 3, *heads(apart), event=happened(Reconciled, **{**right, **change}))
    (violation,) = judge(ITEM, (*apart, wrong))
    assert (violation.breach, violation.event_id, violation.message) == ("illegal-reconciliation", "wrong", words)


@pytest.mark.negative
def test_a_reconciliation_where_nothing_was_apart_is_told():
    event = happened(Reconciled, from_status=PENDING, to_status=PENDING, settles=("event-1",))
    (violation,) = judge(ITEM, recorded((created(), event)))
    assert violation.message == "settles a fork where there was none"


# --- claims of clones that had not met


@pytest.mark.positive
def test_of_two_claims_that_were_made_apart_the_first_one_holds():
    later = beside("a", 2, "root", at=NOON, event=claimed(BOB))
    earlier = beside("b", 3, "root", at=NOON - timedelta(minutes=1), event=claimed(ALICE))
    item = fold((ROOT, later, earlier))
    assert [claim.claimant for claim in item.state.claims] == [ALICE.actor, BOB.actor]
    assert item.state.active_claim(NOON).claimant == ALICE.actor


@pytest.mark.positive
def test_the_second_claim_holds_when_the_first_is_released_or_has_run_out():
    item = fold(fork(claimed(ALICE), claimed(BOB, NOON + timedelta(hours=9))))
    item.release(stamp(ALICE))
    assert [claim.claimant for claim in item.state.claims] == [BOB.actor]
    item = fold(fork(claimed(ALICE), claimed(BOB, NOON + timedelta(hours=9))))
    assert item.state.active_claim(NOON + timedelta(hours=2)).claimant == BOB.actor


@pytest.mark.positive
def test_whoever_came_second_gives_up_the_own_claim_alone():
    item = fold(fork(claimed(ALICE), claimed(BOB)))
    item.release(stamp(BOB))
    assert [claim.claimant for claim in item.state.claims] == [ALICE.actor]


@pytest.mark.edge
def test_a_renewed_claim_keeps_its_place_in_the_line():
    history = (
        *fork(claimed(ALICE), claimed(BOB)),
        beside("x", 3, "one", "two", at=NOON, event=claimed(ALICE, NOON + timedelta(days=1))),
    )
    first, second = fold(history).state.claims
    assert (first.claimant, first.until, second.claimant) == (ALICE.actor, NOON + timedelta(days=1), BOB.actor)


# --- every clone with the same files says the same


@pytest.mark.positive
@settings(max_examples=40)
@given(forked_histories(), st.randoms())
def test_branches_disagree_about_the_same_in_every_order_of_reading(history, random):
    shuffled = list(history)
    random.shuffle(shuffled)
    assert divergences(shuffled) == divergences(history)


@pytest.mark.positive
@settings(max_examples=40)
@given(forked_histories())
def test_what_the_fold_has_is_what_the_last_rival_says(history):
    state = fold(history).state
    has = {
        "status": state.status,
        "title": state.title,
        "description": state.description,
        "type": state.work_type,
        "priority": state.priority,
        "assignee": state.assignee or "",
        "parent": state.parent or "",
        "due": "" if state.due is None else state.due.isoformat(),
        "estimate": str(state.estimate or ""),
        "existence": "deleted" if state.deleted else "kept",
    }
    for found in divergences(history):
        if found.field != "quality":
            assert (found.field, found.effective.value) == (found.field, has[found.field])


@pytest.mark.positive
@given(HISTORIES)
def test_a_straight_history_says_one_thing(history):
    assert divergences(history) == ()
    assert [found for found in judge(ITEM, history) if found.breach == "fork"] == []


@pytest.mark.positive
def test_a_branch_that_brought_the_item_back_later_and_went_on_is_in_effect():
    """Its last word is no restoration, but the fold has seen one after the other branch's deletion."""
    history = (
        *fork(happened(Deleted), happened(Deleted)),
        beside("back", 3, "two", event=happened(Restored)),
        beside("on", 4, "back", event=moved(PENDING, IN_PROGRESS)),
    )
    assert told(history) == [("existence", "deleted", "kept")]
    assert not fold(history).state.deleted


@pytest.mark.positive
def test_of_an_item_that_all_agree_is_deleted_nothing_is_asked_until_it_is_back():
    texts = fork(happened(DetailsChanged, title="A"), happened(DetailsChanged, title="B"))
    gone = (*texts, beside("three", 3, "one", "two", event=happened(Deleted)))
    assert told(texts) == [("title", "A", "B")]
    assert told(gone) == []
    assert told((*gone, beside("four", 4, "three", event=happened(Restored)))) == [("title", "A", "B")]


@pytest.mark.positive
@settings(max_examples=40)
@given(forked_histories())
def test_whatever_the_branches_say_can_be_settled(history):
    for _ in range(20):
        found = divergences(history)
        if not found:
            return
        item = fold(history)
        item.settle(stamp(at=NOON), found[0], found[0].values[0])
        at_heads = heads(history)
        for event in item.collect_events():
            place = recorded((event,), causal_order(history))[0]
            history = (*history, place_on(place, item.version + 1, at_heads))
            at_heads = (event.event_id,)
            item.mark_committed(item.version + 1)
    raise AssertionError(told(history))


def place_on(place, version, parents):
    return type(place)(event=place.event, stream=STREAM, version=version, parents=tuple(parents))


@pytest.mark.edge
def test_every_status_has_a_text_that_names_it():
    assert [WorkItemStatus(str(status)) for status in WorkItemStatus] == list(WorkItemStatus)
