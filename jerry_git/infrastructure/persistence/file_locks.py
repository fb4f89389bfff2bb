"""Locks between processes, on files that are never removed (beads 2933: a removed lock file lets two writers in)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jerry_domain.ports.event_store import LockTimeoutError, StoreUnavailableError

if TYPE_CHECKING:
    from filelock import FileLock

POLL_SECONDS = 0.005


class FileLocks:
    """Named locks below `folder`, shared by all worktrees of a clone. The system frees them when a holder dies."""

    def __init__(self, folder: Path, timeout: float = 10.0) -> None:
        self._folder = folder
        self._timeout = timeout
        self._locks: dict[tuple[int, str], FileLock] = {}

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Hold the lock `name`; raises `LockTimeoutError` after the timeout (seconds), `StoreUnavailableError`."""
        from filelock import Timeout

        try:
            lock = self._lock(name)
            lock.acquire(poll_interval=POLL_SECONDS)
        except Timeout:
            raise LockTimeoutError(name, self._timeout) from None
        except (OSError, NotImplementedError) as error:
            raise StoreUnavailableError(str(self._folder), f"cannot lock: {error}") from error
        try:
            yield
        finally:
            lock.release()

    def _lock(self, name: str) -> FileLock:
        from filelock import FileLock

        key = os.getpid(), name  # a lock that was inherited by a fork is of no use to the child
        if key not in self._locks:
            self._folder.mkdir(parents=True, exist_ok=True)
            # A soft lock left by another host would block for ever, so no falling back to one.
            self._locks[key] = FileLock(self._folder / f"{name}.lock", timeout=self._timeout, fallback_to_soft=False)
        return self._locks[key]
