"""What changes with files and folders, so that it may be remembered, and when it may not be trusted (ADR-032)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

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


def entries_of(folder: str | Path) -> list[os.DirEntry[str]]:
    """What lies in a folder; nothing where it cannot be told."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def mark_of(place: str | Path) -> str:
    """What changes with what lies at a place, the time of its last change last; for a folder, that of a name in it."""
    try:
        status = os.stat(place, follow_symlinks=False)  # noqa: PTH116 - thousands of folders
    except OSError:
        return "-"
    return f"{status.st_mode} {status.st_ino} {status.st_size} {status.st_mtime_ns}"


def marks_in(folder: str) -> str:
    """The mark of a folder, and those of the files in it, a line each."""
    lines = sorted(f"{entry.name} {mark_of(entry.path)}" for entry in entries_of(folder))
    return "\n".join((mark_of(folder), *lines))


def sizes_in(marks: str) -> dict[str, int]:
    """The sizes by name of the files of which `marks_in` told the marks."""
    rows = (line.rsplit(" ", 4) for line in marks.split("\n")[1:])
    return {row[0]: int(row[3]) for row in rows if len(row) == 5}
