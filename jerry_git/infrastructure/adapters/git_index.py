"""Adding files to git's index, and knowing whether anything else was done to it meanwhile (ADR-039)."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from subprocess import Popen
from typing import NamedTuple

from jerry_git.infrastructure.persistence.marks import NOTHING, IndexChange, mark_of_index

_PATIENCE = 0.25
"""Seconds to wait for git's lock, which is there after a few milliseconds."""
_PAUSE = 0.0005
_COUNT = slice(8, 12)
"""Where an index tells how many entries it has (gitformat-index)."""


def finish(process: Popen[bytes], named: bytes, files: int, index: str) -> tuple[bytes, IndexChange | None]:
    """Give `git update-index --stdin`, which was just started, the names of so many files, and wait for its end.

    Returns what it complains of, and the change of the index at `index` (none where it is "") where that is all that
    happened to it: git takes the lock, reads the index, then the names, and writes a new index into the lock file,
    which becomes the index. So who sees the lock, then the index, and in the end that very file as the index, knows
    that nobody else wrote one between.
    """
    place = os.path.realpath(index)  # git locks what a link leads to
    lock = _opened_lock(f"{place}.lock", process) if index else None
    try:
        before = _look(place)
        _, complaint = process.communicate(named)
        after = _look(place)
        is_own = lock is not None and after.file == _file(lock) and after.entries == before.entries + files
    finally:
        if lock is not None:  # open until now, so that no other file gets its number
            os.close(lock)
    return complaint, IndexChange(before.mark, after.mark) if is_own else None


def _opened_lock(place: str, process: Popen[bytes]) -> int | None:
    end = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if os.path.lexists(place):
            with suppress(OSError):  # gone meanwhile
                return os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        time.sleep(_PAUSE)
    return None


class _Look(NamedTuple):
    file: tuple[int, int] | None = None
    mark: str = NOTHING
    entries: int = 0


def _look(index: str) -> _Look:
    """What can be told of an index; nothing where there is none."""
    try:
        descriptor = os.open(index, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return _Look()
    try:
        entries = os.pread(descriptor, _COUNT.stop, 0)[_COUNT]
        return _Look(_file(descriptor), mark_of_index(descriptor), int.from_bytes(entries))
    except OSError:
        return _Look()
    finally:
        os.close(descriptor)


def _file(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino
