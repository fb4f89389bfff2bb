"""The journal: every append of every worktree of this clone, one line each, never read for state (DESIGN 5).

It is what an append's durability rests on, and what brings back events lost to `git reset --hard` or `git clean`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from jerry_git.infrastructure.persistence.disk import Disk, Place


class JournalEntry(NamedTuple):
    """One append: the event file's path relative to the root of the work tree, and its text."""

    path: str
    text: str


class Journal:
    """Lines of JSON in one file a month below `folder`.

    A line begins with its line feed, so that the torn line of a killed writer spoils nobody else's.
    """

    def __init__(self, folder: Place, disk: Disk) -> None:
        self._folder = os.fspath(folder)
        self._disk = disk

    def write(self, entry: JournalEntry, at: datetime) -> None:
        """Add an entry and wait until the disk has it; raises `OSError`."""
        self._append({"path": entry.path, "text": entry.text}, at)

    def withdraw(self, path: str, at: datetime) -> None:
        """Note that the append of `path` was refused after all; raises `OSError`."""
        self._append({"withdrawn": path}, at)

    def entries(self) -> Iterator[JournalEntry]:
        """All appends, oldest first, each path once; torn lines and withdrawn appends are passed over."""
        found: dict[str, JournalEntry] = {}
        for name in self._files():
            with open(f"{self._folder}/{name}", encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    _read_line(line, found)
        yield from found.values()

    def since(self, offsets: Mapping[str, int]) -> Iterator[tuple[str, int, str]]:
        """The lines beyond `offsets` (bytes, by name of the file): file, offset behind the line, line.

        A last line that is not whole is left for later: its writer may be at work. A file that has become shorter
        is read from its beginning.
        """
        for name in self._files():
            file, start = f"{self._folder}/{name}", offsets.get(name, 0)
            size = os.stat(file).st_size
            if size == start:
                continue
            with open(file, "rb") as lines:
                place = start if start <= size else 0
                lines.seek(place)
                for line in lines:
                    place += len(line)
                    text = line.decode("utf-8", "replace").strip()
                    if line.endswith(b"\n") or _is_whole(text):
                        yield name, place, text

    def _files(self) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self._folder) if name.endswith(".jsonl"))
        except (FileNotFoundError, NotADirectoryError):  # nothing was appended yet
            return []

    def _append(self, record: dict[str, str], at: datetime) -> None:
        members = ", ".join(f"{quoted(key)}: {quoted(value)}" for key, value in record.items())
        line = f"\n{{{members}}}".encode()
        path = f"{self._folder}/{at.year:04d}-{at.month:02d}.jsonl"
        try:
            self._disk.append_durably(path, line)
        except FileNotFoundError:  # the clone's first append
            os.makedirs(self._folder, exist_ok=True)
            self._disk.append_durably(path, line)


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _read_line(line: str, found: dict[str, JournalEntry]) -> None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return
    match record:
        case {"withdrawn": str(path)}:
            found.pop(path, None)
        case {"path": str(path), "text": str(text)}:
            found[path] = JournalEntry(path, text)
