"""The verbs of the state machine, and what they set free."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jerry_domain.errors import (
    IllegalTransitionError,
    InvalidValueError,
    ItemDeletedError,
    OpenChildrenError,
    QualityGateError,
)
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.quality import GateLevel, QualityPolicy, TestCoverage, TestRatio
from jerry_git.application import commands
from jerry_git.application.commands import STRUCTURE
from jerry_git.application.errors import ItemNotFoundError
from tests.application.acting import (
    BLOCKED,
    CANCELLED,
    DONE,
    IN_PROGRESS,
    PENDING,
    at,
    events_of,
    given,
    history,
    names,
    state,
)

VERBS = {
    "start": commands.start,
    "block": commands.block,
    "unblock": commands.unblock,
    "complete": commands.complete,
    "cancel": commands.cancel,
    "reopen": commands.reopen,
}
MOVES = [
    ("start", PENDING, IN_PROGRESS),
    ("block", IN_PROGRESS, BLOCKED),
    ("unblock", BLOCKED, IN_PROGRESS),
    ("complete", IN_PROGRESS, DONE),
    ("reopen", DONE, IN_PROGRESS),
    ("cancel", PENDING, CANCELLED),
    ("cancel", IN_PROGRESS, CANCELLED),
    ("cancel", BLOCKED, CANCELLED),
]
ENDS = {verb: target for verb, _, target in MOVES}
REFUSED = [
    (verb, status)
    for verb in VERBS
    for status in (PENDING, IN_PROGRESS, BLOCKED, DONE, CANCELLED)
    if status is not ENDS[verb] and (verb, status, ENDS[verb]) not in MOVES
]


@pytest.mark.positive
@pytest.mark.parametrize(("verb", "source", "target"), MOVES)
def test_a_verb_takes_its_step_and_keeps_the_reason(services, verb, source, target):
    name = at(services, source)
    outcome = VERBS[verb](services, name, "because")
    assert (outcome.before.status, outcome.after.status, outcome.after.reason) == (source, target, "because")
    assert state(services, name) == outcome.after


@pytest.mark.negative
@pytest.mark.parametrize(("verb", "status"), REFUSED)
def test_a_verb_refuses_every_other_start(services, verb, status):
    name = at(services, status)
    written = history(services, name)
    with pytest.raises(IllegalTransitionError):
        VERBS[verb](services, name)
    assert history(services, name) == written


@pytest.mark.positive
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_whose_effect_holds_writes_nothing_and_succeeds(services, verb):
    name = at(services, ENDS[verb])
    written = history(services, name)
    outcome = VERBS[verb](services, name, "again")
    assert not outcome.changed
    assert outcome.before == outcome.after
    assert history(services, name) == written


@pytest.mark.negative
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_refuses_a_deleted_item(services, verb):
    name = at(services, PENDING)
    commands.delete(services, name)
    with pytest.raises(ItemDeletedError):
        VERBS[verb](services, name)


@pytest.mark.negative
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_refuses_an_item_that_is_not_there(services, verb):
    with pytest.raises(ItemNotFoundError):
        VERBS[verb](services, "WORK-1")


@pytest.mark.positive
@pytest.mark.parametrize("verb", ["complete", "cancel"])
def test_closing_says_what_it_sets_free(services, verb):
    blocker = at(services, IN_PROGRESS, "Lexer")
    given(services, "Other")
    given(services, "Parser", depends_on=[blocker])
    given(services, "Report", depends_on=[blocker, "WORK-2"])
    assert names(VERBS[verb](services, blocker).unblocked) == ["WORK-3"]


@pytest.mark.positive
@pytest.mark.parametrize("verb", ["complete", "cancel"])
def test_closing_ends_the_claim(services, verb):
    name = at(services, PENDING)
    commands.claim(services, name, start=True)
    assert events_of(VERBS[verb](services, name)) == ["status_changed", "claim_released"]
    assert state(services, name).claim is None


@pytest.mark.negative
def test_an_item_with_open_children_is_not_done(services):
    parent = at(services, IN_PROGRESS, "Dates", work_type=WorkType.STORY)
    given(services, "Lexer", "Parser", parent=parent)
    commands.cancel(services, "WORK-2")
    with pytest.raises(OpenChildrenError) as refusal:
        commands.complete(services, parent)
    assert refusal.value.children == ("WORK-3",)


@pytest.mark.positive
def test_force_with_a_reason_passes_open_children_and_is_remembered(services):
    parent = at(services, IN_PROGRESS, "Dates", work_type=WorkType.STORY)
    given(services, "Lexer", parent=parent)
    outcome = commands.complete(services, parent, "moved to WORK-9", force=True)
    assert outcome.after.status is DONE
    assert outcome.events[0].forced


@pytest.mark.negative
def test_force_without_a_reason_is_refused(services):
    with pytest.raises(InvalidValueError):
        commands.complete(services, at(services, IN_PROGRESS), force=True)


@pytest.mark.negative
def test_a_gate_that_is_configured_refuses_and_says_what_is_missing(services):
    services.settings = replace(services.settings, quality=QualityPolicy(default=GateLevel.L1))
    name = at(services, IN_PROGRESS)
    commands.measure(services, name, TestCoverage(percent=79), TestRatio(positive=3))
    with pytest.raises(QualityGateError) as refusal:
        commands.complete(services, name)
    assert refusal.value.missing == ("no negative tests", "coverage 79 % is 1 points under 80 %")


@pytest.mark.positive
def test_a_gate_that_is_met_lets_the_item_be_done(services):
    services.settings = replace(services.settings, quality=QualityPolicy(default=GateLevel.L2))
    name = at(services, IN_PROGRESS)
    commands.measure(services, name, TestCoverage(percent=90), TestRatio(positive=3, negative=1, edge=1))
    assert commands.complete(services, name).after.status is DONE


@pytest.mark.positive
@pytest.mark.parametrize("verb", ["complete", "cancel"])
def test_closing_looks_at_several_items_and_so_holds_the_lock_of_the_structure(services, verb):
    name = at(services, IN_PROGRESS)
    services.locks.taken.clear()
    VERBS[verb](services, name)
    assert services.locks.taken == [STRUCTURE]
