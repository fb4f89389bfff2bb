"""Processes that are killed: at each step of an append in turn, and from outside at random."""

from __future__ import annotations

import os
import random
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

from jerry_git.application.retry import Backoff, retrying
from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.testing.histories import batch, stream
from tests.infrastructure.processes import forked
from tests.infrastructure.stores import STREAM, given_store, names_of, open_store

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
        store.clear_leftovers(name)  # what was certain when its writer was killed is finished by that
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
