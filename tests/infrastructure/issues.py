"""Files of beads, made up, and what is read of them."""

from __future__ import annotations

import json
from pathlib import Path

from jerry_git.application.importing import ForeignItem, ImportNote
from jerry_git.infrastructure.adapters.beads import read_beads

NEW = {"id": "b-1", "title": "A thing"}


class Issues:
    """Writes issues, or raw lines, into a file and reads it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, *lines: dict[str, object] | bytes) -> tuple[list[ForeignItem], list[ImportNote]]:
        """The items and notes of these lines."""
        raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        self._path.write_bytes(b"\n".join(raw) + b"\n")
        return read_beads(self._path)

    def read_one(self, **fields: object) -> tuple[ForeignItem, list[str]]:
        """The item of one issue with these fields, and the words of the notes on it."""
        (item,), notes = self.read({**NEW, **fields})
        assert {note.reference for note in notes} <= {"b-1"}
        return item, [note.message for note in notes]
