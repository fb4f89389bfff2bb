"""Appends where there is no room: on a full disk, under a limit of size, on a sealed disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from pathlib import Path
from typing import Any

from jerry_domain.ports.event_store import StoreUnavailableError
from jerry_git.testing.histories import CATEGORY, batch
from tests.infrastructure.stores import FOLDER, STREAM, given_store, names_of, open_store


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
