"""Which items can be started now, case by case; the users' page says the same, word for word."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest

from jerry_domain.services.readiness import by_urgency, is_ready, ready_items
from jerry_domain.value_objects.classification import Priority
from tests.domain.builders import ALICE, ALICE_UNNAMED, BOB, NOON, Worker, board, claim_of, item
from tests.domain.readiness_cases import CASES

PAGE = Path(__file__).parents[2] / "docs" / "ready.md"


def ready(items, key="it", worker=ALICE):
    return is_ready(items, key, now=NOON, actor=worker.actor, session=worker.session)


def cases(*, wanted):
    return [pytest.param(case.items, id=case.words) for case in CASES if case.ready is wanted]


@pytest.mark.positive
@pytest.mark.parametrize("items", cases(wanted=True))
def test_an_item_is_ready_when(items):
    assert ready(board(*items))


@pytest.mark.negative
@pytest.mark.parametrize("items", cases(wanted=False))
def test_an_item_is_not_ready_when(items):
    assert not ready(board(*items))


@pytest.mark.positive
def test_the_page_for_users_has_these_cases_and_no_others():
    page = {
        topic.strip(): re.findall(r"^\| (.+?) +\| (yes|no) +\|$", table, re.MULTILINE)
        for topic, table in re.findall(r"^## (.+)\n([^#]+)", PAGE.read_text(), re.MULTILINE)
        if "| ready? |" in table
    }
    assert page == {
        topic: [(case.words, "yes" if case.ready else "no") for case in group]
        for topic, group in groupby(CASES, lambda case: case.topic)
    }


@pytest.mark.edge
def test_nobody_in_particular_finds_every_running_claim_in_the_way():
    assert not ready(board(item("it", claims=(claim_of(ALICE_UNNAMED),))), worker=Worker(None))
    assert ready(board(item("it")), worker=Worker(None))


@pytest.mark.positive
def test_ready_items_come_by_urgency_and_then_by_age():
    items = board(
        item("c", priority=Priority.LOW),
        item("b", priority=Priority.HIGH),
        item("d", priority=Priority.CRITICAL, claims=(claim_of(BOB),)),
        item("a", priority=Priority.HIGH),
        item("e", "a", priority=Priority.CRITICAL),
    )
    found = ready_items(items, now=NOON, actor=ALICE.actor, session=ALICE.session)
    assert [state.item_id for state in found] == ["a", "b", "c"]


@pytest.mark.positive
def test_every_priority_has_its_place():
    states = [item(priority, priority=priority) for priority in reversed(Priority)]
    assert [state.priority for state in by_urgency(states)] == list(Priority)


@pytest.mark.edge
def test_a_family_that_stands_under_itself_is_still_judged():
    assert ready(board(item("it", parent="p"), item("p", parent="it")))
    assert not ready(board(item("it", parent="p"), item("p", "open", parent="it"), item("open")))


@pytest.mark.edge
def test_an_item_under_5000_ancestors_waits_for_the_blocker_of_the_topmost():
    chain = [item("i0", "open"), *(item(f"i{n}", parent=f"i{n - 1}") for n in range(1, 5_000))]
    assert not ready(board(*chain, item("open")), "i4999")
    assert ready(board(*chain), "i4999")
