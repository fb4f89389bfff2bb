"""Many processes that run the program at the same time, each in a place of its own or all in one."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from jerry_git.cli.main import main
from tests.end_to_end.conftest import Place

FORK = multiprocessing.get_context("fork")
Plan = list[tuple[str, ...]]


def _worker(here: Place, session: str, barrier: Barrier, results: Path, commands: Plan) -> None:
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


def crowd(
    places: Sequence[Place], results: Path, plans: Sequence[Plan], *, sessions: bool = True
) -> list[dict[str, Any]]:
    """Let one process for each plan run at the same time, in the place of the same number, counted round.

    Returns every document that they printed.
    """
    results.mkdir()
    barrier = FORK.Barrier(len(plans))
    workers = []
    for number, plan in enumerate(plans):
        session = f"worker-{number}" if sessions else ""
        arguments = (places[number % len(places)], session, barrier, results, plan)
        workers.append(FORK.Process(target=_worker, args=arguments))
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
