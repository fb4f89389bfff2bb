"""Many processes at once (lessons-from-peers: lost writes, two winners)."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from jerry_domain.events.base import RecordedEvent
from jerry_git.bootstrap import bootstrap
from tests.end_to_end.conftest import Place
from tests.end_to_end.crowds import crowd

PROCESSES, COMMANDS, ITEMS = 8, 50, 20


def _plan(number: int, shuffled: random.Random) -> list[tuple[str, ...]]:
    verbs = (
        ("comment", "{item}", "words {step}"),
        ("label", "{item}", "--add", "w{worker}-{step}"),
        ("start", "{item}"),
        ("block", "{item}"),
        ("unblock", "{item}"),
        ("prioritize", "{item}", "--priority", "high"),
        ("prioritize", "{item}", "--priority", "low"),
        ("claim", "{item}"),
        ("release", "{item}"),
        ("depend", "add", "{item}", "{other}"),
        ("done", "{item}"),
        ("reopen", "{item}"),
    )
    plan = []
    for step in range(COMMANDS):
        item, other = shuffled.sample(range(1, ITEMS + 1), 2)
        words = {"item": f"WORK-{item}", "other": f"WORK-{other}", "worker": number, "step": step}
        plan.append(tuple(part.format(**words) for part in shuffled.choice(verbs)))
    return plan


@pytest.mark.positive
def test_every_reported_success_of_eight_workers_is_in_the_log_once(here: Place, tmp_path: Path) -> None:
    """8 processes x 50 commands on 20 shared items: nothing lost, nothing twice, no gap in any stream."""
    for number in range(ITEMS):
        here.jerry("new", f"Item {number}")
    plans = [_plan(number, random.Random(number)) for number in range(PROCESSES)]
    documents = crowd([here], tmp_path / "results", plans)
    assert len(documents) == PROCESSES * COMMANDS
    reported = [
        event["id"] for document in documents for outcome in document.get("outcomes", ()) for event in outcome["events"]
    ]
    assert len(reported) > PROCESSES * COMMANDS / 3
    histories = _histories(here)
    recorded = Counter(event.event.event_id for history in histories for event in history)
    assert max(recorded.values()) == 1
    assert set(reported) <= recorded.keys()
    assert len(set(reported)) == len(reported)
    written = {event.event.event_id for history in histories for event in history if event.event.session}
    assert written == set(reported)
    for history in histories:
        assert [event.version for event in history] == list(range(1, len(history) + 1))
    assert here.jerry("doctor").stdout == "all is well\n"
    assert here.git("status", "--porcelain", "--untracked-files=all").count("?? ") == 0


def _histories(here: Place) -> list[tuple[RecordedEvent, ...]]:
    return [scan.events for scan in bootstrap(here.folder, here.environment).store.scan("work_item")]


@pytest.mark.positive
@pytest.mark.parametrize("sessions", [True, False], ids=["each names a session", "none names a session"])
def test_exactly_one_of_eight_simultaneous_claims_wins(here: Place, tmp_path: Path, sessions: bool) -> None:
    """However often they meet, and whether or not they name a session."""
    for number in range(5):
        here.jerry("new", f"Item {number}")
    plans = [[("claim", f"WORK-{item}") for item in range(1, 6)] for _ in range(PROCESSES)]
    documents = crowd([here], tmp_path / "results", plans, sessions=sessions)
    won = Counter(
        outcome["id"] for document in documents for outcome in document.get("outcomes", ()) if outcome["changed"]
    )
    assert won == {f"WORK-{item}": 1 for item in range(1, 6)}


@pytest.mark.positive
def test_new_items_made_at_once_have_numbers_of_their_own(here: Place, tmp_path: Path) -> None:
    """8 processes x 5 items: forty different display ids, without a gap."""
    plans = [[("new", f"From {number}") for _ in range(5)] for number in range(PROCESSES)]
    documents = crowd([here], tmp_path / "results", plans)
    ids = [outcome["id"] for document in documents for outcome in document["outcomes"]]
    assert sorted(ids, key=lambda name: int(name[5:])) == [f"WORK-{number}" for number in range(1, 41)]


@pytest.mark.negative
def test_no_process_is_left_behind(here: Place) -> None:
    """There is no daemon: when a command has ended, nothing of it runs."""
    here.jerry("new", "Something")
    marked = [
        entry
        for entry in Path("/proc").glob("[0-9]*/cwd")
        if os.access(entry, os.R_OK) and os.path.realpath(entry) == str(here.folder)
    ]
    assert marked == []
