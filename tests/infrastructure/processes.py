"""Real processes: workers in an interpreter of their own, which fork as they need, in single-threaded Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PYTHONPATH = os.pathsep.join(str(ROOT / place) for place in (".", "domain", "hooks"))


def environment() -> dict[str, str]:
    """The surrounding of a worker; coverage stays out, for a killed process leaves half a file of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    return {**kept, "PYTHONPATH": PYTHONPATH}


def command(worker: str, *arguments: object) -> list[str]:
    """The command that calls a function of `workers` with these arguments and prints what it returns, as JSON."""
    return [sys.executable, "-m", "tests.infrastructure.workers", worker, json.dumps(arguments, default=str)]


def run(worker: str, *arguments: object, within: Sequence[str] = ()) -> Any:
    """What a worker returns; `within` is a command that runs a command."""
    done = subprocess.run(
        [*within, *command(worker, *arguments)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def start(worker: str, *arguments: object) -> subprocess.Popen[str]:
    """A worker under way, to which the test can talk."""
    return subprocess.Popen(
        command(worker, *arguments),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait, without guessing how long, until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.002)


def forked(work: Callable[[], object]) -> int:
    """The id of a child that does `work` and ends with what it returns as its status, 99 after an exception."""
    child = os.fork()
    if child:
        return child
    status = 99
    try:
        status = int(work() or 0)  # type: ignore[call-overload]
    finally:
        os._exit(status)


def forked_at_once(works: Sequence[Callable[[], object]]) -> list[int]:
    """The statuses of children that all begin at the same moment."""
    gate, opener = os.pipe()

    def waiting(work: Callable[[], object]) -> Callable[[], object]:
        def begin() -> object:
            os.close(opener)
            os.read(gate, 1)
            return work()

        return begin

    children = [forked(waiting(work)) for work in works]
    os.close(opener)
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    os.close(gate)
    return statuses
