"""What the tests' processes do; run as `python -m tests.infrastructure.workers NAME ARGUMENTS`."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from jerry_domain.ports.event_store import ANY, ConcurrencyError, LockTimeoutError
from jerry_git.application.retry import retrying
from jerry_git.infrastructure.adapters.identity import FileNumbers, SnowflakeIds, SystemClock
from jerry_git.infrastructure.persistence import known_streams
from jerry_git.infrastructure.persistence.file_locks import FileLocks
from jerry_git.testing.histories import batch, stream
from tests.infrastructure.crashing import PATIENT, crash_at_each_step, kill_at_random
from tests.infrastructure.processes import forked, forked_at_once
from tests.infrastructure.starving import fill_the_disk, hit_the_size_limit, write_on_a_sealed_disk
from tests.infrastructure.stores import open_store


def race(folder: str, streams: int, processes: int) -> list[list[int]]:
    """For each stream, `processes` appends at once with one expected version: 0 for won, 1 for a right refusal."""

    def attempt(name: str, who: int, expected: int) -> int:
        try:
            return open_store(Path(folder)).append(name, batch(f"{who}"), expected) - expected - 1
        except ConcurrencyError as refusal:
            return 1 if (refusal.expected, refusal.actual) == (expected, expected + 1) else 2

    statuses = []
    for number in range(streams):
        name, expected = stream(number), number % 2
        if expected:
            open_store(Path(folder)).append(name, batch("first"), 0)
        statuses.append(forked_at_once([partial(attempt, name, who, expected) for who in range(processes)]))
    return statuses


def crowd(folder: str, streams: int, processes: int, appends: int) -> list[int]:
    """`processes` at once, each making `appends` appends to shared streams, with retry; returns their statuses."""

    def work(who: int) -> None:
        store = open_store(Path(folder))
        for number in range(appends):
            name = stream((who + number) % streams)
            names = batch(f"{who}-{number}a {who}-{number}b" if number % 3 == 0 else f"{who}-{number}")
            retrying(lambda name=name, names=names: store.append(name, names, store.get_version(name)), PATIENT)

    return forked_at_once([partial(work, who) for who in range(processes)])


def watching_crowd(folder: str, processes: int, appends: int) -> list[int]:
    """`processes` at once, each making `appends` appends to one stream, whose folder they watch and do not list."""
    known_streams.LONG = 0

    def work(who: int) -> None:
        store = open_store(Path(folder))
        for number in range(appends):
            retrying(lambda number=number: store.append(stream(0), batch(f"{who}-{number}"), ANY), PATIENT)

    return forked_at_once([partial(work, who) for who in range(processes)])


def hold_a_lock(folder: str, name: str) -> None:
    """Hold a lock, say so, and let it go at the end of standard input."""
    with FileLocks(Path(folder)).hold(name):
        print("held", flush=True)  # noqa: T201 - the test listens
        sys.stdin.read()


def try_a_lock(folder: str, name: str) -> list[bool]:
    """Whether a lock could be had within a moment, and whether filelock was loaded for that."""
    try:
        with FileLocks(Path(folder), 0.05).hold(name):
            had = True
    except LockTimeoutError:
        had = False
    return [had, "filelock" in sys.modules]


def fork_while_holding(folder: str) -> dict[str, int]:
    """What children find that were forked while the parent held a lock; 0 free, 1 held, for each moment."""
    locks = FileLocks(Path(folder), 0.05)

    def look(own: FileLocks) -> int:
        try:
            with own.hold("l"):
                return 0
        except LockTimeoutError:
            return 1

    def ended(child: int) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def another() -> int:
        return ended(forked(lambda: look(FileLocks(Path(folder), 0.05))))

    gate, opener = os.pipe()

    def stay() -> None:
        os.close(opener)
        os.read(gate, 1)

    with locks.hold("l"):
        pass
    found = {"before, with what was inherited": ended(forked(lambda: look(locks)))}
    with ExitStack() as inside:
        inside.enter_context(locks.hold("l"))
        found["another process"] = another()
        orphan = forked(stay)
        leaver = forked(inside.close)
        found["a child that releases what it inherited"] = ended(leaver)
        found["another process after that"] = another()
    found["after the end, with a child still alive"] = another()
    os.close(opener)
    found["that child"] = ended(orphan)
    found["after all, with what was inherited"] = ended(forked(lambda: look(locks)))
    return found


def snowflakes(folder: str, processes: int, count: int) -> list[int]:
    """Each of `processes` children makes `count` ids from one inherited generator, into a file of its own."""
    ids = SnowflakeIds(SystemClock())
    ids.item_id()

    def work(who: int) -> None:
        Path(folder, str(who)).write_text("\n".join(str(ids.item_id()) for _ in range(count)))

    return forked_at_once([partial(work, who) for who in range(processes)])


def numbers(folder: str, processes: int, count: int) -> list[int]:
    """Each of `processes` children draws `count` times one or two numbers, into a file of its own."""

    def work(who: int) -> None:
        counter = FileNumbers(Path(folder, "number.json"), FileLocks(Path(folder, "locks")))
        drawn = [number for turn in range(count) for number in counter.allot(turn % 2 + 1, 0)]
        Path(folder, str(who)).write_text(" ".join(map(str, drawn)))

    return forked_at_once([partial(work, who) for who in range(processes)])


WORKERS = {
    worker.__name__: worker
    for worker in (
        crash_at_each_step, kill_at_random, fill_the_disk, hit_the_size_limit, write_on_a_sealed_disk,
        race, crowd, watching_crowd, hold_a_lock, try_a_lock, fork_while_holding, snowflakes, numbers,
    )
}  # fmt: skip


def main() -> None:
    """Call the worker that the command line names."""
    name, arguments = sys.argv[1:]
    returned = WORKERS[name](*json.loads(arguments))
    print(json.dumps(returned))  # noqa: T201 - the test listens


if __name__ == "__main__":
    main()
