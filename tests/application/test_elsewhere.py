"""What other work trees of the clone have claimed and moved, as this one sees it (ADR-030)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jerry_domain.errors import ClaimedByOtherError
from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application import commands, queries
from jerry_git.application.elsewhere import with_claims
from jerry_git.application.folding import load_board
from jerry_git.application.ports import Claims, Step
from tests.application.acting import given, internal, state
from tests.application.fakes import NOON

HOUR = timedelta(hours=1)
GRACE = Claim(claimant="Grace <grace@example.org>", session="grace-1", until=NOON + HOUR, since=NOON - HOUR)


def board(services):
    return load_board(services.store)


def names(states):
    return [each.name for each in states]


@pytest.fixture
def busy(services):
    """Two items, of which Grace has claimed the first in a work tree of hers."""
    given(services, "First", "Second")
    services.activity.known = {internal(services, "WORK-1"): Claims(held={"there": GRACE})}
    return services


@pytest.mark.positive
def test_a_claim_that_was_made_elsewhere_is_on_the_board(busy):
    items = with_claims(busy, board(busy)).items
    assert items[internal(busy, "WORK-1")].active_claim(NOON) == GRACE
    assert items[internal(busy, "WORK-2")].claims == ()


@pytest.mark.positive
def test_what_is_claimed_elsewhere_is_not_ready_here(busy):
    assert names(queries.ready(busy, with_claims(busy, board(busy)))) == ["WORK-2"]
    assert commands.claim_next(busy).after.name == "WORK-2"


@pytest.mark.negative
@pytest.mark.parametrize("act", [commands.claim, commands.start])
def test_what_is_claimed_elsewhere_is_not_taken_here(busy, act):
    with pytest.raises(ClaimedByOtherError):
        act(busy, "WORK-1")


@pytest.mark.positive
def test_the_next_item_is_another_than_the_one_that_is_claimed_elsewhere(busy):
    outcome = commands.claim_next(busy.of("Grace", "grace-1"))
    assert (outcome.after.name, outcome.changed) == ("WORK-2", True)


@pytest.mark.positive
def test_whoever_has_the_claim_there_has_it_here(busy):
    grace = busy.of("Grace", "grace-1")
    assert names(queries.ready(grace, with_claims(grace, board(grace)))) == ["WORK-1", "WORK-2"]
    assert not commands.claim(grace, "WORK-1").changed
    outcome = commands.release(grace, "WORK-1")
    assert [event.claimant for event in outcome.events] == [GRACE.claimant]


@pytest.mark.positive
def test_a_claim_that_this_history_has_is_as_the_history_says(services):
    given(services, "First")
    taken = commands.claim(services, "WORK-1")
    commands.release(services, "WORK-1")
    key = internal(services, "WORK-1")
    held = taken.after.claims[0]
    services.activity.known = {key: Claims(held={taken.events[0].event_id: held})}
    assert with_claims(services, board(services)).items[key].claims == ()


@pytest.mark.positive
def test_a_claim_that_was_given_back_elsewhere_is_gone_here(services):
    given(services, "First")
    first = commands.claim(services, "WORK-1").events[0].event_id
    key = internal(services, "WORK-1")
    services.activity.known = {key: Claims(ended=frozenset({first}))}
    assert with_claims(services, board(services)).items[key].claims == ()
    again = commands.claim(services.of("Ada", "ada-1"), "WORK-1", 3 * HOUR)
    assert again.changed
    assert len(with_claims(services, board(services)).items[key].claims) == 1


@pytest.mark.edge
def test_a_claim_on_an_item_that_is_not_here_is_left_out(services):
    given(services, "First")
    services.activity.known = {"06hs000000009": Claims(held={"there": GRACE})}
    before = board(services)
    assert with_claims(services, before) is before


@pytest.mark.positive
@pytest.mark.parametrize(
    ("status", "there", "ready"),
    [
        (WorkItemStatus.DONE, True, ["WORK-2"]),
        (WorkItemStatus.IN_PROGRESS, True, ["WORK-2"]),
        (WorkItemStatus.PENDING, True, ["WORK-1", "WORK-2"]),
        (WorkItemStatus.DONE, False, ["WORK-1", "WORK-2"]),
    ],
)
def test_what_another_branch_has_moved_is_not_offered_as_long_as_it_is_there(services, status, there, ready):
    given(services, "First", "Second")
    services.activity.moved = {internal(services, "WORK-1"): Step(event_id="e", status=status, path="p")}
    services.activity.there = {"p"} if there else set()
    assert names(queries.ready(services, board(services))) == ready


@pytest.mark.positive
def test_a_step_that_this_branch_has_is_no_reason(services):
    given(services, "First")
    (started,) = commands.start(services, "WORK-1").events
    commands.undo(services, "WORK-1")
    key = internal(services, "WORK-1")
    services.activity.moved = {key: Step(event_id=started.event_id, status=WorkItemStatus.DONE, path="p")}
    services.activity.there = {"p"}
    assert names(queries.ready(services, board(services))) == ["WORK-1"]


@pytest.mark.edge
def test_a_former_moment_knows_nothing_of_other_work_trees(busy):
    busy.activity.moved = {internal(busy, "WORK-1"): Step(event_id="e", status=WorkItemStatus.DONE, path="p")}
    busy.activity.there = {"p"}
    assert names(queries.ready(busy, board(busy))) == ["WORK-2"]
    assert names(queries.ready(busy, board(busy), NOON)) == ["WORK-1", "WORK-2"]


@pytest.mark.edge
def test_claims_of_killed_writers_are_finished_before_one_is_taken(services):
    given(services, "First")
    commands.claim(services, "WORK-1")
    commands.claim_next(services)
    assert services.activity.finished == 2
    assert state(services, "WORK-1").claim is not None
