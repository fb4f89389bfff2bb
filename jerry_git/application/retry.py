"""Retry is not optional (LES-003): a conflict means to read again and to decide anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Backoff(NamedTuple):
    """Exponential backoff with full jitter, in seconds: before retry n a pause from 0 to min(cap, base * factor^n)."""

    base: float = 0.010
    factor: float = 2.0
    cap: float = 1.0
    tries: int = 8

    def pauses(self, jitter: Callable[[], float]) -> Iterator[float]:
        """The pauses between the tries, one fewer than tries; `jitter` gives numbers from 0 up to 1."""
        for attempt in range(self.tries - 1):
            yield jitter() * min(self.cap, self.base * self.factor**attempt)


def retrying(
    action: Callable[[], T],
    backoff: Backoff | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] | None = None,
) -> T:
    """What `action` returns, tried again on `ConcurrencyError`; the last try's error is raised.

    `action` must read anew each time, for a decision on old state is what the error refused.
    """
    from random import random  # neither is needed by what only looks

    from jerry_domain.ports.event_store import ConcurrencyError

    for pause in (backoff or Backoff()).pauses(jitter or random):
        try:
            return action()
        except ConcurrencyError:
            sleep(pause)
    return action()
