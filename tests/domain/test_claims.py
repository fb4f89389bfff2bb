"""Claims: one worker at a time, told apart by actor and session, and never for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jerry_domain.errors import ClaimedByOtherError, IllegalTransitionError, InvalidValueError
from jerry_domain.events.work_item_events import AssigneeChanged
from tests.domain.builders import (
    ALICE,
    ALICE_ELSEWHERE,
    ALICE_UNNAMED,
    BLOCKED,
    BOB,
    CANCELLED,
    DONE,
    IN_PROGRESS,
    MORNING,
    NOON,
    PENDING,
    SOON,
    at_status,
    claimed,
    created,
    happened,
    moved,
    released,
    stamp,
)
from tests.domain.given_when_then import given, refused

LATER = NOON + timedelta(hours=2)


def assigned(worker):
    return happened(AssigneeChanged, assignee=worker.actor)


def item_of(worker, until=SOON, status=PENDING):
    """An item in `status` that the worker has claimed."""
    return (*at_status(status), claimed(worker, until), assigned(worker))


OTHERS = [
    pytest.param(ALICE, BOB, id="somebody else holds it"),
    pytest.param(ALICE_ELSEWHERE, ALICE, id="the same actor holds it in another session"),
    pytest.param(ALICE_UNNAMED, ALICE, id="the same actor holds it without a session"),
    pytest.param(ALICE, ALICE_UNNAMED, id="the same actor in a session holds it against one without"),
]


@pytest.mark.positive
@pytest.mark.parametrize("status", [PENDING, IN_PROGRESS, BLOCKED])
@pytest.mark.parametrize("worker", [pytest.param(ALICE, id="session"), pytest.param(ALICE_UNNAMED, id="no session")])
def test_an_open_item_that_nobody_holds_is_claimed_and_gets_an_assignee(status, worker):
    given(*at_status(status)).when(lambda item, at: item.claim(at, SOON), by=stamp(worker)).then(
        claimed(worker), assigned(worker)
    )


@pytest.mark.positive
def test_a_claim_leaves_the_assignee_who_is_there():
    given(created(), assigned(BOB)).when(lambda item, at: item.claim(at, SOON)).then(claimed(ALICE))


@pytest.mark.positive
def test_a_claim_that_ran_out_is_free_for_anybody():
    given(*item_of(ALICE)).when(lambda item, at: item.claim(at, LATER), by=stamp(BOB, SOON)).then(claimed(BOB, LATER))


@pytest.mark.positive
def test_claiming_what_one_holds_changes_nothing():
    given(*item_of(ALICE)).when(lambda item, at: item.claim(at, LATER)).then_nothing()


@pytest.mark.positive
@pytest.mark.parametrize(
    "until", [pytest.param(LATER, id="longer"), pytest.param(NOON + timedelta(minutes=5), id="shorter")]
)
def test_renewing_what_one_holds_moves_the_end(until):
    given(*item_of(ALICE)).when(lambda item, at: item.claim(at, until, renew=True)).then(claimed(ALICE, until))


@pytest.mark.positive
def test_renewing_what_nobody_holds_is_a_claim():
    given(created()).when(lambda item, at: item.claim(at, SOON, renew=True)).then(claimed(ALICE), assigned(ALICE))


@pytest.mark.negative
@pytest.mark.parametrize(
    ("holder", "worker"), [*OTHERS, pytest.param(ALICE_UNNAMED, ALICE_UNNAMED, id="nobody can tell")]
)
@pytest.mark.parametrize("renew", [pytest.param(False, id="claim"), pytest.param(True, id="renew")])
def test_what_another_worker_holds_cannot_be_claimed(holder, worker, renew):
    given(*item_of(holder)).when(lambda item, at: item.claim(at, LATER, renew=renew), by=stamp(worker)).then(
        refused(ClaimedByOtherError, item="WORK-1", claimant=holder.actor, session=holder.session, until=SOON)
    )


@pytest.mark.negative
@pytest.mark.parametrize("status", [DONE, CANCELLED])
def test_a_closed_item_cannot_be_claimed(status):
    given(*at_status(status)).when(lambda item, at: item.claim(at, SOON)).then(
        refused(IllegalTransitionError, source=status, target="claimed")
    )


@pytest.mark.edge
@pytest.mark.parametrize("until", [pytest.param(NOON, id="at once"), pytest.param(MORNING, id="in the past")])
def test_a_claim_that_ends_before_it_begins_is_refused(until):
    given(created()).when(lambda item, at: item.claim(at, until)).then(refused(InvalidValueError, field="claim"))


@pytest.mark.edge
def test_a_claim_runs_until_the_last_millisecond_before_its_end():
    almost = SOON - timedelta(milliseconds=1)
    given(*item_of(ALICE)).when(lambda item, at: item.claim(at, LATER), by=stamp(BOB, almost)).then(
        refused(ClaimedByOtherError, until=SOON)
    )


@pytest.mark.positive
@pytest.mark.parametrize(
    ("holder", "worker", "at"),
    [
        pytest.param(ALICE, ALICE, NOON, id="the worker who holds it"),
        pytest.param(ALICE_UNNAMED, ALICE_UNNAMED, NOON, id="the actor who holds it without a session"),
        pytest.param(ALICE, BOB, SOON, id="anybody once the claim has run out"),
    ],
)
def test_an_item_is_started_by(holder, worker, at):
    given(*item_of(holder)).when(lambda item, at: item.start(at), by=stamp(worker, at)).then(
        moved(PENDING, IN_PROGRESS)
    )


@pytest.mark.negative
@pytest.mark.parametrize(("holder", "worker"), OTHERS)
def test_what_another_worker_holds_cannot_be_started(holder, worker):
    given(*item_of(holder)).when(lambda item, at: item.start(at), by=stamp(worker)).then(
        refused(ClaimedByOtherError, claimant=holder.actor, session=holder.session)
    )


@pytest.mark.positive
@pytest.mark.parametrize(
    ("holder", "worker", "at", "force"),
    [
        pytest.param(ALICE, ALICE, NOON, False, id="the worker who holds it"),
        pytest.param(ALICE_ELSEWHERE, ALICE, NOON, False, id="the same actor in another session"),
        pytest.param(ALICE, ALICE_UNNAMED, NOON, False, id="the same actor without a session"),
        pytest.param(ALICE, BOB, SOON, False, id="anybody once it has run out"),
        pytest.param(ALICE, BOB, NOON, True, id="anybody by force"),
    ],
)
def test_a_claim_is_released_by(holder, worker, at, force):
    given(*item_of(holder)).when(lambda item, at: item.release(at, "lunch", force=force), by=stamp(worker, at)).then(
        released(holder, "lunch")
    )


@pytest.mark.positive
def test_releasing_what_nobody_holds_changes_nothing():
    given(created()).when(lambda item, at: item.release(at)).then_nothing()


@pytest.mark.negative
def test_another_actors_running_claim_is_not_released_without_force():
    given(*item_of(ALICE)).when(lambda item, at: item.release(at), by=stamp(BOB)).then(
        refused(ClaimedByOtherError, claimant=ALICE.actor)
    )


@pytest.mark.negative
def test_a_release_with_a_reason_that_is_not_valid_text_is_refused():
    given(*item_of(ALICE)).when(lambda item, at: item.release(at, "a\0b")).then(
        refused(InvalidValueError, field="reason")
    )


@pytest.mark.positive
@pytest.mark.parametrize(
    ("close", "status"),
    [
        pytest.param(lambda item, at: item.complete(at), DONE, id="done"),
        pytest.param(lambda item, at: item.cancel(at), CANCELLED, id="cancelled"),
    ],
)
def test_closing_an_item_ends_its_claim(close, status):
    given(*item_of(ALICE, status=IN_PROGRESS)).when(close).then(moved(IN_PROGRESS, status), released(ALICE))


@pytest.mark.positive
def test_a_cancelled_item_that_still_has_a_claim_loses_it_when_cancelled_again():
    given(*item_of(ALICE, status=CANCELLED)).when(lambda item, at: item.cancel(at)).then(released(ALICE))


@pytest.mark.positive
@pytest.mark.parametrize(
    ("before", "assignee", "after"),
    [
        pytest.param(None, "Carol", "Carol", id="the first one"),
        pytest.param("Bob", "Carol", "Carol", id="another one in place of the first"),
        pytest.param("Bob", None, None, id="nobody any more"),
        pytest.param(None, "  Carol ", "Carol", id="without the outer blanks"),
    ],
)
def test_an_item_has_one_assignee(before, assignee, after):
    history = (created(),) if before is None else (created(), happened(AssigneeChanged, assignee=before))
    given(*history).when(lambda item, at: item.assign(at, assignee)).then(happened(AssigneeChanged, assignee=after))


@pytest.mark.positive
@pytest.mark.parametrize("assignee", [pytest.param("Carol", id="somebody"), pytest.param(None, id="nobody")])
def test_assigning_whom_it_has_changes_nothing(assignee):
    given(created(), happened(AssigneeChanged, assignee=assignee)).when(
        lambda item, at: item.assign(at, assignee)
    ).then_nothing()


@pytest.mark.negative
@pytest.mark.parametrize("name", [pytest.param(" ", id="blank"), pytest.param("Ca\nrol", id="with a line break")])
def test_an_assignee_without_a_proper_name_is_refused(name):
    given(created()).when(lambda item, at: item.assign(at, name)).then(refused(InvalidValueError, field="assignee"))
