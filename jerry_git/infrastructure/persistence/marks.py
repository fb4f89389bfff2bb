"""What changes with files and folders, so that it may be remembered, and when it may not be trusted (ADR-032)."""

from __future__ import annotations

import os
from collections.abc import Iterable

_TICK = 50_000_000
"""Nanoseconds: what changed so shortly before it was looked at may have changed once more under the same time."""
_COARSE = 2_500_000_000
"""The same where a filesystem tells whole seconds."""
NOTHING = "-"
"""The mark of what is not there."""


def are_old(marks: Iterable[str], moment: int) -> bool:
    """Whether no mark tells a time so near to `moment` that something may have changed since under the same time.

    A mark is a text that ends with a time in nanoseconds, as `moment` is, or tells none.
    """
    times = [int(told) for mark in marks if (told := mark.rpartition(" ")[2]).isdigit()]
    return all(told < moment - (_TICK if told % 1_000_000_000 else _COARSE) for told in times)


def entries_of(folder: str) -> list[os.DirEntry[str]]:
    """What lies in a folder; nothing where it cannot be told."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def mark_of(place: str | os.DirEntry[str]) -> str:
    """What changes with what lies at a place, the time of its last change last; for a folder, that of a name in it."""
    try:
        return _told(os.lstat(place) if isinstance(place, str) else place.stat(follow_symlinks=False))
    except OSError:
        return NOTHING


def _told(status: os.stat_result) -> str:
    return f"{status.st_mode} {status.st_ino} {status.st_size} {status.st_mtime_ns}"


def marked(folder: str) -> list[tuple[os.DirEntry[str], str]]:
    """What lies in a folder, each with its mark; nothing where it cannot be told."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return []
    try:  # names are looked up from the open folder: half the work of a path for each, where there are thousands
        with os.scandir(descriptor) as entries:
            return [(entry, mark_of(entry)) for entry in entries]
    except OSError:
        return []
    finally:
        os.close(descriptor)


def marks_in(folder: str) -> str:
    """The marks of the files in a folder, a line each."""
    return "\n".join(sorted(f"{storable(entry.name)} {mark}" for entry, mark in marked(folder)))


def storable(name: str) -> str:
    """A name as a database takes it: bytes that are no UTF-8, of which no file of ours has any, as escapes."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def have_marks(folder: str, marks: str) -> bool:
    """Whether the files in a folder of which `marks_in` told the marks have them still; others are not looked for."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            return all(
                line.endswith(_told(os.stat(line.rsplit(" ", 4)[0], dir_fd=descriptor, follow_symlinks=False)))
                for line in marks.split("\n")
                if line
            )
        finally:
            os.close(descriptor)
    except OSError:
        return False


def sizes_in(marks: str) -> dict[str, int]:
    """The sizes by name of the files of which `marks_in` told the marks."""
    rows = (line.rsplit(" ", 4) for line in marks.split("\n"))
    return {row[0]: int(row[3]) for row in rows if len(row) == 5}
