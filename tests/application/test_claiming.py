"""Who works on what: claims, their ends, and the next item for a worker who asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jerry_domain.errors import ClaimedByOtherError, IllegalTransitionError, InvalidValueError
from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_git.application import commands
from tests.application.acting import CANCELLED, DONE, IN_PROGRESS, at, events_of, given, history, internal, state
from tests.application.fakes import NOON, DamagedStore, InterleavingStore, problem

HOUR = timedelta(hours=1)


@pytest.mark.positive
def test_a_claim_runs_as_long_as_the_settings_say(services):
    services.settings = replace(services.settings, claim_lease=HOUR)
    given(services, "Parser")
    claim = commands.claim(services, "WORK-1").after.claim
    assert (claim.claimant, claim.session, claim.until) == ("Ada <ada@example.org>", "ada-1", NOON + HOUR)


@pytest.mark.positive
def test_a_claim_runs_as_long_as_the_worker_says(services):
    given(services, "Parser")
    assert commands.claim(services, "WORK-1", 3 * HOUR).after.claim.until == NOON + 3 * HOUR


@pytest.mark.positive
def test_a_claim_can_start_the_item_in_the_same_command(services):
    given(services, "Parser")
    outcome = commands.claim(services, "WORK-1", start=True)
    assert events_of(outcome) == ["claimed", "assignee_changed", "status_changed"]
    assert outcome.after.status is IN_PROGRESS


@pytest.mark.positive
def test_a_lease_that_is_named_renews_ones_own_claim(services):
    given(services, "Parser")
    commands.claim(services, "WORK-1")
    assert commands.claim(services, "WORK-1", 5 * HOUR).after.claim.until == NOON + 5 * HOUR


@pytest.mark.positive
def test_claiming_again_without_a_lease_writes_nothing(services):
    given(services, "Parser")
    commands.claim(services, "WORK-1")
    services.clock.advance(minutes=5)
    assert not commands.claim(services, "WORK-1").changed


@pytest.mark.negative
@pytest.mark.parametrize(
    ("name", "session"),
    [
        pytest.param("Grace", "grace-1", id="somebody else"),
        pytest.param("Ada", "ada-2", id="another session of the same name"),
        pytest.param("Ada", None, id="the same name without a session"),
    ],
)
def test_an_item_that_is_claimed_is_refused_to(services, name, session):
    given(services, "Parser")
    commands.claim(services, "WORK-1")
    with pytest.raises(ClaimedByOtherError):
        commands.claim(services.of(name, session), "WORK-1")


@pytest.mark.positive
def test_a_claim_that_ran_out_is_free(services):
    given(services, "Parser")
    commands.claim(services, "WORK-1", HOUR)
    services.clock.advance(hours=1)
    assert commands.claim(services.of("Grace"), "WORK-1").after.claim.claimant == "Grace <grace@example.org>"


@pytest.mark.negative
@pytest.mark.parametrize("status", [DONE, CANCELLED])
def test_a_closed_item_is_not_claimed(services, status):
    with pytest.raises(IllegalTransitionError):
        commands.claim(services, at(services, status))


@pytest.mark.negative
def test_a_lease_that_ends_before_it_begins_is_refused(services):
    given(services, "Parser")
    with pytest.raises(InvalidValueError):
        commands.claim(services, "WORK-1", timedelta(minutes=-1))


@pytest.mark.positive
def test_a_claim_is_given_back(services):
    given(services, "Parser")
    commands.claim(services, "WORK-1")
    outcome = commands.release(services, "WORK-1", "lunch")
    assert (events_of(outcome), outcome.after.claim) == (["claim_released"], None)


@pytest.mark.positive
def test_releasing_what_nobody_claimed_writes_nothing(services):
    given(services, "Parser")
    assert not commands.release(services, "WORK-1").changed


@pytest.mark.negative
def test_anothers_claim_is_released_by_force_alone(services):
    given(services, "Parser")
    commands.claim(services, "WORK-1")
    with pytest.raises(ClaimedByOtherError):
        commands.release(services.of("Grace"), "WORK-1")
    assert commands.release(services.of("Grace"), "WORK-1", force=True).after.claim is None


@pytest.mark.positive
def test_next_is_the_most_urgent_then_the_oldest(services):
    given(services, "Old", "Older")
    given(services, "Urgent", priority=Priority.CRITICAL)
    taken = [commands.claim_next(services).after.title for _ in range(3)]
    assert taken == ["Urgent", "Old", "Older"]


@pytest.mark.positive
def test_next_passes_over_what_waits_and_what_is_not_wanted(services):
    given(services, "Lexer")
    given(services, "Parser", depends_on=["WORK-1"], work_type=WorkType.BUG)
    given(services, "Report", work_type=WorkType.BUG)
    outcome = commands.claim_next(services, HOUR, start=True, wanted=lambda item: item.work_type is WorkType.BUG)
    assert (outcome.after.title, outcome.after.status) == ("Report", IN_PROGRESS)
    assert outcome.after.claim.until == NOON + HOUR


@pytest.mark.negative
def test_next_is_nothing_where_nothing_is_ready(services):
    assert commands.claim_next(services) is None
    at(services, IN_PROGRESS)
    assert commands.claim_next(services) is None


@pytest.mark.positive
def test_next_means_another_item_than_the_one_already_held(services):
    given(services, "Parser")
    commands.claim(services, "WORK-1")
    assert commands.claim_next(services) is None


MEANWHILE = {
    "somebody claims it": lambda other: commands.claim(other, "WORK-1"),
    "somebody starts it": lambda other: commands.start(other, "WORK-1"),
    "somebody finishes it": lambda other: (commands.start(other, "WORK-1"), commands.complete(other, "WORK-1")),
    "somebody deletes it": lambda other: commands.delete(other, "WORK-1"),
}


@pytest.mark.edge
@pytest.mark.parametrize("event", MEANWHILE)
def test_next_goes_on_to_the_next_when_it_comes_too_late(services, event):
    given(services, "First", "Second")
    other = services.of("Grace", "grace-1")
    services.store = InterleavingStore(services.store, [lambda: MEANWHILE[event](other)])
    outcome = commands.claim_next(services, start=True)
    expected = "First" if event == "somebody starts it" else "Second"
    assert outcome.after.title == expected
    assert outcome.after.claim.claimant == "Ada <ada@example.org>"


@pytest.mark.edge
def test_next_goes_on_when_an_item_breaks_under_its_hands(services):
    given(services, "First", "Second")
    first, whole = internal(services, "WORK-1"), services.store

    class BreakingStore(DamagedStore):
        def scan(self, category):
            return whole.scan(category)

    services.store = BreakingStore(whole, damaged={first: problem()})
    assert commands.claim_next(services).after.title == "Second"


@pytest.mark.positive
def test_who_claims_has_the_item_until_the_end(services):
    given(services, "Parser")
    commands.claim(services, "WORK-1", start=True)
    commands.complete(services, "WORK-1")
    assert history(services, "WORK-1")[-2:] == ["status_changed", "claim_released"]
    assert state(services, "WORK-1").status is DONE
