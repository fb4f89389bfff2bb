"""What changes with files and folders, so that it may be remembered, and when it may not be trusted (ADR-032)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_TICK = 50_000_000
"""Nanoseconds: what changed so shortly before it was looked at may have changed once more under the same time."""
_COARSE = 2_500_000_000
"""The same where a filesystem tells whole seconds."""
_CHECKSUM = 20
"""Bytes at the end of an index: a SHA-1, or the end of a SHA-256."""
_NO_CHECKSUM = "?"
"""What stands in the mark of an index where git was to leave the checksum out (`index.skipHash`)."""
NOTHING = "-"
"""The mark of what is not there."""


def are_old(marks: Iterable[str], moment: int) -> bool:
    """Whether no mark tells a time so near to `moment` that something may have changed since under the same time.

    A mark is a text that ends with a time in nanoseconds, as `moment` is, or tells none.
    """
    times = [int(told) for mark in marks if (told := mark.rpartition(" ")[2]).isdigit()]
    return all(told < moment - (_TICK if told % 1_000_000_000 else _COARSE) for told in times)


class IndexChange(NamedTuple):
    """The marks of git's index before and after files were added to it, where nothing else came between."""

    before: str
    after: str


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


def size_in(mark: str) -> int:
    """The size in bytes of what has this mark, 0 of what is not there."""
    return 0 if mark == NOTHING else int(mark.split(" ")[2])


def index_mark(place: str) -> str:
    """The mark of git's index, with the checksum of all that is in it, which git writes at its end."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return mark_of_index(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        return NOTHING


def mark_of_index(descriptor: int) -> str:
    """The same of an index that is open; raises `OSError`."""
    status = os.fstat(descriptor)
    checksum = os.pread(descriptor, _CHECKSUM, max(0, status.st_size - _CHECKSUM))
    return f"{checksum.hex() if any(checksum) else _NO_CHECKSUM} {_told(status)}"


def has_checksum(mark: str) -> bool:
    """Whether an index with the same mark has the same in it, however young it is."""
    return mark != NOTHING and not mark.startswith(_NO_CHECKSUM)


def marked(folder: str) -> list[tuple[os.DirEntry[str], str]]:
    """What lies in a folder, each with its mark; nothing where it cannot be told."""
    return [(entry, mark_of(entry)) for entry in _entries_from_within(folder)]


def _entries_from_within(folder: str) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder, looked up from the open folder: half the work of a path for each of thousands."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        with os.scandir(descriptor) as entries:
            yield from entries
    except OSError:
        return
    finally:
        os.close(descriptor)


def marks_in(folder: str) -> str:
    """The files in a folder: a line with their names, one with the times of their last changes, one with their sizes.

    The times are those of the inodes (ctime), which nobody sets where the file system has them: beside the mark of the
    folder, which tells of a file that came, went or was replaced, they tell of whatever else happens to a file.
    """
    files = sorted((storable(entry.name), *_time_and_size(entry)) for entry in _entries_from_within(folder))
    names, times, sizes = ([file[part] for file in files] for part in range(3))
    return f"{'/'.join(map(str, names))}\n{times}\n{sizes}"


def _time_and_size(entry: os.DirEntry[str]) -> tuple[int, int]:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:  # gone meanwhile
        return -1, -1
    return status.st_ctime_ns, status.st_size


def storable(name: str) -> str:
    """A name as a line of a database takes it: what no name of a file of ours has, such as other bytes, as escapes."""
    if name.isascii() and name.isprintable():
        return name
    return os.fsencode(name).decode("utf-8", "backslashreplace").replace("\n", "\\n")


def have_marks(folder: str, marks: str) -> bool:
    """Whether the files in a folder of which `marks_in` told the marks have them still; others are not looked for."""
    names, _, told = marks.partition("\n")
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            found = [os.stat(name, dir_fd=descriptor, follow_symlinks=False) for name in names.split("/") if name]
        finally:
            os.close(descriptor)
    except (OSError, ValueError):  # a name that the system's encoding does not have
        return False
    return told == f"{[status.st_ctime_ns for status in found]}\n{[status.st_size for status in found]}"


def times_in(marks: str) -> list[str]:
    """The times, in nanoseconds, of the files of which `marks_in` told the marks."""
    return marks.split("\n")[1].strip("[]").split(", ")


def sizes_in(marks: str) -> dict[str, int]:
    """The sizes in bytes, by name, of the files of which `marks_in` told the marks."""
    names, _, sizes = marks.split("\n")
    return dict(zip(names.split("/"), json.loads(sizes), strict=True)) if names else {}
