"""Statuses, types, priorities, kinds of dependency, and claims: the small words of the domain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jerry_domain.value_objects.classification import PARENT_TYPES, DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import INITIAL_STATUS, TRANSITIONS, WorkItemStatus, state_diagram
from tests.domain.builders import ALICE, ALICE_ELSEWHERE, ALICE_UNNAMED, BOB, NOON, claim_of


@pytest.mark.positive
@pytest.mark.parametrize(
    ("words", "spellings"),
    [
        pytest.param(WorkItemStatus, "pending in_progress blocked done cancelled", id="statuses"),
        pytest.param(WorkType, "epic story task subtask bug spike", id="types"),
        pytest.param(Priority, "critical high medium low", id="priorities"),
        pytest.param(DependencyKind, "blocks relates-to discovered-from duplicates", id="dependency kinds"),
    ],
)
def test_the_spellings_are_for_ever(words, spellings):
    assert [str(word) for word in words] == spellings.split()


@pytest.mark.positive
def test_the_state_machine_is_drawn_as_a_mermaid_diagram():
    assert state_diagram() == (
        "stateDiagram-v2\n"
        "    [*] --> pending\n"
        "    pending --> in_progress\n"
        "    pending --> cancelled\n"
        "    in_progress --> blocked\n"
        "    in_progress --> done\n"
        "    in_progress --> cancelled\n"
        "    blocked --> in_progress\n"
        "    blocked --> cancelled\n"
        "    done --> in_progress\n"
        "    cancelled --> [*]\n"
    )


@pytest.mark.positive
def test_an_item_begins_pending_and_is_open_until_it_is_done_or_cancelled():
    assert INITIAL_STATUS is WorkItemStatus.PENDING
    assert [str(status) for status in WorkItemStatus if status.is_open] == ["pending", "in_progress", "blocked"]


@pytest.mark.negative
@pytest.mark.parametrize("status", WorkItemStatus)
def test_no_status_can_become_itself(status):
    assert not status.can_become(status)


@pytest.mark.positive
def test_every_status_can_be_reached_and_only_a_cancelled_item_stays_as_it_is():
    reached = {INITIAL_STATUS}.union(*TRANSITIONS.values())
    assert reached == set(WorkItemStatus) == set(TRANSITIONS)
    assert [status for status, targets in TRANSITIONS.items() if not targets] == [WorkItemStatus.CANCELLED]


@pytest.mark.positive
def test_priorities_are_ranked_from_the_most_urgent():
    assert [priority.rank for priority in Priority] == [0, 1, 2, 3]
    assert Priority.CRITICAL.rank == 0


@pytest.mark.positive
@pytest.mark.parametrize("work_type", WorkType)
def test_a_type_says_which_parents_make_sense(work_type):
    assert tuple(parent for parent in WorkType if work_type.may_have_parent(parent)) == PARENT_TYPES[work_type]
    assert PARENT_TYPES[work_type]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("seconds", "active"),
    [
        pytest.param(-1, True, id="before its end"),
        pytest.param(0, False, id="at its end"),
        pytest.param(1, False, id="after its end"),
    ],
)
def test_a_claim_runs_up_to_its_end(seconds, active):
    assert claim_of(ALICE, NOON).is_active(NOON + timedelta(seconds=seconds)) is active


@pytest.mark.positive
@pytest.mark.parametrize(
    ("holder", "worker", "held", "possible"),
    [
        pytest.param(ALICE, ALICE, True, True, id="the same actor in the same session"),
        pytest.param(ALICE, ALICE_ELSEWHERE, False, False, id="the same actor in another session"),
        pytest.param(ALICE, ALICE_UNNAMED, False, False, id="the same actor, who names no session"),
        pytest.param(ALICE_UNNAMED, ALICE, False, False, id="the same actor, who named no session before"),
        pytest.param(ALICE_UNNAMED, ALICE_UNNAMED, False, True, id="the same actor, never naming a session"),
        pytest.param(ALICE, BOB, False, False, id="somebody else"),
    ],
)
def test_a_claim_is_held_by_actor_and_session_together(holder, worker, held, possible):
    claim = claim_of(holder)
    assert claim.is_held_by(worker.actor, worker.session) is held
    assert claim.may_be_of(worker.actor, worker.session) is possible
