"""Many processes at once (lessons-from-peers: lost writes, two winners)."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
from collections import Counter
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from jerry_domain.events.base import RecordedEvent
from jerry_git.bootstrap import bootstrap
from jerry_git.cli.main import main
from tests.end_to_end.conftest import Place

FORK = multiprocessing.get_context("fork")
PROCESSES, COMMANDS, ITEMS = 8, 50, 20


def _worker(here: Place, session: str, barrier: Barrier, results: Path, commands: list[tuple[str, ...]]) -> None:
    """Run commands through the program's own `main`, and note the JSON that each prints."""
    os.environ.clear()
    os.environ.update(here.environment)
    if session:
        os.environ["JERRY_SESSION"] = session
    os.chdir(here.folder)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(results / f"{os.getpid()}.{name}", os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    barrier.wait()
    for arguments in commands:
        main([*arguments, "--json"])
    sys.stdout.flush()
    os._exit(0)


def _crowd(
    here: Place, results: Path, plans: list[list[tuple[str, ...]]], *, sessions: bool = True
) -> list[dict[str, Any]]:
    """Let one process for each plan run at the same time; returns every document that they printed."""
    results.mkdir()
    barrier = FORK.Barrier(len(plans))
    workers = [
        FORK.Process(target=_worker, args=(here, f"worker-{number}" if sessions else "", barrier, results, plan))
        for number, plan in enumerate(plans)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(240)
    assert [worker.exitcode for worker in workers] == [0] * len(plans)
    documents = []
    for file in results.glob("*.out"):
        text, decoder, position = file.read_text(), json.JSONDecoder(), 0
        while position < len(text.rstrip()):
            document, position = decoder.raw_decode(text, position)
            position += 1
            documents.append(document)
    return documents


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
    documents = _crowd(here, tmp_path / "results", plans)
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
    documents = _crowd(here, tmp_path / "results", plans, sessions=sessions)
    won = Counter(
        outcome["id"] for document in documents for outcome in document.get("outcomes", ()) if outcome["changed"]
    )
    assert won == {f"WORK-{item}": 1 for item in range(1, 6)}


@pytest.mark.positive
def test_new_items_made_at_once_have_numbers_of_their_own(here: Place, tmp_path: Path) -> None:
    """8 processes x 5 items: forty different display ids, without a gap."""
    plans = [[("new", f"From {number}") for _ in range(5)] for number in range(PROCESSES)]
    documents = _crowd(here, tmp_path / "results", plans)
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
