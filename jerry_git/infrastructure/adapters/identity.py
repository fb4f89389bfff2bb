"""Where ids, numbers and times come from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from jerry_domain.value_objects.work_item_id import EPOCH, WorkItemId

if TYPE_CHECKING:
    from pathlib import Path

    from jerry_git.application.ports import Clock, Locks

WORKER_BITS = 14
SEQUENCE_BITS = 8
_WORKERS = 1 << WORKER_BITS
_SEQUENCES = 1 << SEQUENCE_BITS
_NO_NUMBER = 10**9  # no display id goes so high


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SnowflakeIds:
    """Snowflake ids (PAT-006): the 22 low bits are a worker of 14 bits and a sequence of 8.

    The worker is a number drawn at random when the process starts, plus the process id: forked children share the
    draw and differ in their ids, processes started apart differ in the draw. The sequence starts at random in every
    millisecond. A clock that steps back, or more than 256 ids in a millisecond, make the time in the ids run on from
    the last one, so that ids of one process only ever grow.
    """

    def __init__(self, clock: Clock, draw: Callable[[int], int] | None = None) -> None:
        self._clock = clock
        from secrets import randbelow  # which only what makes ids needs

        self._draw = draw or randbelow
        self._salt = self._draw(_WORKERS)
        self._millisecond = -1
        self._sequence = 0

    def item_id(self) -> WorkItemId:
        """See `Ids.item_id`."""
        now = (self._clock.now() - EPOCH) // (EPOCH.resolution * 1000)
        if now > self._millisecond:
            self._millisecond = now
            # Half the range, so that a burst has room before the time must run on.
            self._sequence = self._draw(_SEQUENCES // 2)
        elif self._sequence + 1 < _SEQUENCES:
            self._sequence += 1
        else:
            self._millisecond += 1
            self._sequence = 0
        worker = (self._salt + os.getpid()) % _WORKERS
        return WorkItemId.compose(self._millisecond, worker << SEQUENCE_BITS | self._sequence)

    def command_id(self) -> UUID:
        """See `Ids.command_id`."""
        return uuid4()


class FileNumbers:
    """The clone's counter of display numbers, in a small file beside the locks."""

    def __init__(self, path: Path, locks: Locks) -> None:
        self._path = path
        self._locks = locks

    def allot(self, count: int, highest_seen: int) -> range:
        """See `Numbers.allot`."""
        with self._locks.hold("numbers"):
            first = max(self._read(), highest_seen) + 1
            numbers = range(first, first + count)
            if numbers:
                self._write(numbers[-1])
        return numbers

    def _read(self) -> int:
        """The last number allotted; a lost or damaged counter is 0, for what was seen in the log counts as well."""
        try:
            last = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return 0
        return last if type(last) is int and 0 < last < _NO_NUMBER else 0

    def _write(self, last: int) -> None:
        temporary = self._path.with_suffix(".tmp")
        try:
            temporary.write_text(f"{last}\n")
            temporary.replace(self._path)
        except OSError as error:
            from jerry_domain.ports.event_store import StoreUnavailableError

            raise StoreUnavailableError(str(self._path), f"cannot be written: {error.strerror}") from error
