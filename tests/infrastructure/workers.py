"""What the tests' processes do; run as `python -m tests.infrastructure.workers NAME ARGUMENTS`."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from jerry_domain.ports.event_store import ConcurrencyError, LockTimeoutError, StoreUnavailableError
from jerry_git.application.retry import Backoff, retrying
from jerry_git.infrastructure.adapters.identity import FileNumbers, SnowflakeIds, SystemClock
from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.infrastructure.persistence.file_locks import FileLocks
from jerry_git.testing.histories import CATEGORY, batch, stream
from tests.infrastructure.processes import forked, forked_at_once
from tests.infrastructure.stores import FOLDER, STREAM, given_store, names_of, open_store

PATIENT = Backoff(tries=60)
HALF = 64  # larger contents are written in two pieces


class MortalDisk(Disk):
    """A disk whose process is killed at the given step: before, in the middle of, or after each way of writing."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def _step(self) -> None:
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1

    def make_directory(self, path: Path) -> None:
        self._step()
        super().make_directory(path)

    def create(self, path: Path, content: bytes) -> None:
        self._step()
        super().create(path, content)
        self._step()

    def append_durably(self, path: Path, content: bytes) -> None:
        self._step()
        super().append_durably(path, content)
        self._step()

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        super().rename(source, target)
        self._step()

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)
        self._step()

    def _write_some(self, descriptor: int, content: memoryview) -> int:
        self._step()
        piece = content[: len(content) // 2] if len(content) > HALF else content
        return super()._write_some(descriptor, piece)

    def _sync(self, descriptor: int) -> None:
        self._step()
        super()._sync(descriptor)
        self._step()


def crash_at_each_step(folder: str, history: list[str]) -> list[int]:
    """Append "x y" in a child that dies at step 0, 1, 2 and so on, each in a folder of its own, until one completes.

    The folders are named after the step; returns the children's ends.
    """
    ends: list[int] = []
    while not ends or ends[-1] == -signal.SIGKILL:
        place = Path(folder, str(len(ends)))
        store = given_store(place, *history)
        version = store.get_version(STREAM)
        mortal = open_store(place, disk=MortalDisk(len(ends)))
        child = forked(
            lambda mortal=mortal, version=version: mortal.append(STREAM, batch("x y"), version) - version - 2
        )
        ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    return ends


def write_until_killed(folder: str, name: str, report: int) -> None:
    """Append to two streams by turns for ever; each acknowledged event goes to the file descriptor `report`."""
    store = open_store(Path(folder))
    number = 0
    while True:
        target, event = stream(number % 2), f"{name}-{number}"

        def attempt(target: str = target, event: str = event) -> int:
            return store.append(target, batch(event), store.get_version(target))

        retrying(attempt, PATIENT)
        os.write(report, f"{number % 2} {event}\n".encode())
        number += 1


def kill_at_random(folder: str, rounds: int, seed: int) -> dict[str, Any]:
    """Two writers, killed from outside at random; after each round a store of a new process is looked at."""
    dice = random.Random(seed)
    acknowledged: dict[str, set[str]] = {"0": set(), "1": set()}
    faults: list[str] = []
    for number in range(rounds):
        reading, writing = os.pipe()
        writers = [forked(partial(write_until_killed, folder, f"{number}-{name}", writing)) for name in "pq"]
        os.close(writing)
        with os.fdopen(reading, "rb") as reports:
            lines = [reports.readline() for _ in range(dice.randrange(1, 6))]
            time.sleep(dice.random() * 0.004)  # a random moment, not a time to wait for
            for writer in writers:
                os.kill(writer, signal.SIGKILL)
                os.waitpid(writer, 0)
            lines += reports.read().splitlines()
        for line in lines:
            which, event = line.decode().split()
            acknowledged[which].add(event)
        faults += _faults(Path(folder), acknowledged)
    return {"acknowledged": sum(map(len, acknowledged.values())), "faults": faults}


def _faults(folder: Path, acknowledged: dict[str, set[str]]) -> list[str]:
    store = open_store(folder)
    found = []
    for which, events in acknowledged.items():
        name = stream(int(which))
        recorded = store.read(name)
        found += [f"{which}: lost {event}" for event in events - set(names_of(recorded).split())]
        versions = [item.version for item in recorded]
        if versions != list(range(1, len(versions) + 1)):
            found.append(f"{which}: versions {versions}")
        event = f"after-{len(versions)}"
        store.append(name, batch(event), len(versions))
        events.add(event)
        if store.leftovers(name):
            found.append(f"{which}: left over {store.leftovers(name)}")
    return found


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


def hold_a_lock(folder: str, name: str) -> None:
    """Hold a lock, say so, and let it go at the end of standard input."""
    with FileLocks(Path(folder)).hold(name):
        print("held", flush=True)  # noqa: T201 - the test listens
        sys.stdin.read()


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

    def leave() -> None:
        for lock in locks._locks.values():
            lock.release(force=True)

    with locks.hold("l"):
        pass
    found = {"before, with what was inherited": ended(forked(lambda: look(locks)))}
    with locks.hold("l"):
        found["another process"] = another()
        orphan = forked(stay)
        leaver = forked(leave)
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


def _attempt(store_folder: Path, name: str) -> str:
    try:
        store = open_store(store_folder)
        store.append(STREAM, batch(name), store.get_version(STREAM))
    except StoreUnavailableError as error:
        return error.reason
    return ""


def _look(folder: Path) -> dict[str, Any]:
    """What a new process finds: events, problems, files, and journal entries."""
    store = open_store(folder)
    scans = {scan.stream: scan for scan in store.scan(CATEGORY)}
    place = folder / "tree" / FOLDER
    return {
        "events": names_of(scans[STREAM].events) if STREAM in scans else "",
        "problems": [str(problem) for scan in scans.values() for problem in scan.problems],
        "files": sorted(path.name[:8] for path in place.iterdir()) if place.is_dir() else [],
        "journal": [Path(entry.path).name[:8] for entry in store.journal.entries()],
    }


def fill_the_disk(folder: str, history: list[str]) -> list[dict[str, Any]]:
    """Appends on a full disk, one page more free each time, until one succeeds; a record of each attempt.

    The disk is the file system at `folder`, and it has no more than some hundred pages.
    """
    page = os.sysconf("SC_PAGE_SIZE")
    store = Path(folder, "store")
    open_store(store)
    if history:
        given_store(store, *history)
    filler = Path(folder, "filler")
    with filler.open("wb", buffering=0) as target:
        try:
            while True:
                target.write(bytes(page))
        except OSError:
            pass
    attempts: list[dict[str, Any]] = []
    while not attempts or attempts[-1]["reason"]:
        attempts.append({"reason": _attempt(store, "x"), **_look(store)})
        os.truncate(filler, max(0, filler.stat().st_size - page))
    return attempts


def hit_the_size_limit(folder: str, limit: int) -> list[dict[str, Any]]:
    """An append while no file may grow beyond `limit` bytes, and the same append without the limit."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    limited = {"reason": _attempt(Path(folder), "x"), **_look(Path(folder))}
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    return [limited, {"reason": _attempt(Path(folder), "x"), **_look(Path(folder))}]


def write_on_a_sealed_disk(folder: str, sealed: str) -> dict[str, Any]:
    """An append after the file system at `folder`, or else the folder `sealed` in it, was made read-only."""
    store = Path(folder, "store")
    given_store(store, "a")
    remount = ["mount", "-o", "remount,ro", folder]
    if not os.path.ismount(folder) or subprocess.run(remount, capture_output=True).returncode:
        for place in (Path(store, sealed), *Path(store, sealed).iterdir()):
            place.chmod(0o555 if place.is_dir() else 0o444)
    return {"reason": _attempt(store, "x"), **_look(store)}


def main() -> None:
    """Call the worker that the command line names."""
    name, arguments = sys.argv[1:]
    returned = globals()[name](*json.loads(arguments))
    print(json.dumps(returned))  # noqa: T201 - the test listens


if __name__ == "__main__":
    main()
