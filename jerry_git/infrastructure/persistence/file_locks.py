"""Locks between processes, on files that are never removed (beads 2933: a removed lock file lets two writers in)."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jerry_domain.ports.event_store import LockTimeoutError, StoreUnavailableError

SHORTEST_WAIT = 0.0005
LONGEST_WAIT = 0.005
"""Seconds between two attempts, growing from the one to the other: an append holds a lock for some 0.5 ms."""

_open: set[int] = set()
"""The lock files that this process has open."""


class FileLocks:
    """Named locks below `folder`, shared by all worktrees of a clone. The system frees them when a holder dies.

    The lock is filelock's native one, taken on a descriptor of ours: its `FileLock` object costs twenty times as much
    for things that are of no use here, such as reentrance and falling back to marks that outlive their writer. A lock
    that is free is taken by the system's call, as filelock would: loading filelock, to have it wait and tell what is
    wrong, takes longer than all else that an append loads (ADR-035).
    """

    def __init__(self, folder: Path, timeout: float = 10.0) -> None:
        self._folder = os.fspath(folder)
        self._timeout = timeout

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Hold the lock `name`; raises `LockTimeoutError` after the timeout (seconds), `StoreUnavailableError`."""
        holder, descriptor = os.getpid(), self._open(name)
        _open.add(descriptor)
        try:
            if not _was_free(descriptor):
                self._wait_for(descriptor, name)
            try:
                yield
            finally:
                if os.getpid() == holder:  # at once, though a fork may not have come to closing its copy yet
                    fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            if os.getpid() == holder:  # else a fork came here, which has let go of it already
                _open.remove(descriptor)
                os.close(descriptor)

    def _open(self, name: str) -> int:
        path = f"{self._folder}/{name}.lock"
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            try:
                return os.open(path, flags, 0o666)
            except FileNotFoundError:
                Path(self._folder).mkdir(parents=True, exist_ok=True)
                return os.open(path, flags, 0o666)
        except OSError as error:
            raise self._refused(error) from error

    def _wait_for(self, descriptor: int, name: str) -> None:
        from filelock import lock_descriptor

        end, wait = time.monotonic() + self._timeout, SHORTEST_WAIT
        try:
            while not lock_descriptor(descriptor, blocking=False):
                if time.monotonic() >= end:
                    raise LockTimeoutError(name, self._timeout)
                time.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> StoreUnavailableError:
        return StoreUnavailableError(self._folder, f"cannot lock: {error}")


def _was_free(descriptor: int) -> bool:
    """Whether the lock could be had at once, and is held now; what is wrong, if anything, is left to be told."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _let_go() -> None:
    """A fork shares its parent's locks, and would keep them when the parent is killed."""
    for descriptor in _open:
        os.close(descriptor)
    _open.clear()


os.register_at_fork(after_in_child=_let_go)
