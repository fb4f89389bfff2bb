"""When a file may have changed again under the same time: so that they may be remembered by their times (ADR-032)."""

from __future__ import annotations

from collections.abc import Iterable

_TICK = 50_000_000
"""Nanoseconds: what changed so shortly before it was looked at may have changed once more under the same time."""
_COARSE = 2_500_000_000
"""The same where a filesystem tells whole seconds."""


def are_old(marks: Iterable[str], moment: int) -> bool:
    """Whether no mark tells a time so near to `moment` that something may have changed since under the same time.

    A mark is a text that ends with a time in nanoseconds, as `moment` is, or tells none.
    """
    times = [int(told) for mark in marks if (told := mark.rpartition(" ")[2]).isdigit()]
    return all(told < moment - (_TICK if told % 1_000_000_000 else _COARSE) for told in times)
