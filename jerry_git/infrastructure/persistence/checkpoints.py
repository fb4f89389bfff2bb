"""What a process has read of a stream, as a text with which another one goes on from there (ADR-012)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from jerry_git.infrastructure.persistence.history import Tip
from jerry_git.infrastructure.persistence.known_streams import KnownStream


class Checkpoint(NamedTuple):
    """A stream as it was read, and a digest of the marks that its files had."""

    known: KnownStream
    digest: str

    @classmethod
    def of(cls, known: KnownStream, marks: Mapping[str, str]) -> Checkpoint:
        """The checkpoint of a stream in whose folder are exactly the files `marks`."""
        return cls(known, _digest(marks))

    @classmethod
    def parse(cls, text: str) -> Checkpoint | None:
        """What `str` gave; None for another text."""
        try:
            version, ids, heads, names, archives, digest = json.loads(text)
            return cls(KnownStream(set(names), dict(archives), Tip(version, set(ids), set(heads))), digest)
        except (ValueError, TypeError):
            return None

    def holds(self, marks: Mapping[str, str], archives: Mapping[str, str]) -> bool:
        """Whether the files and archives that were read are there as they were; `marks` may have more."""
        there = {name: mark for name, mark in marks.items() if name in self.known.names}
        return archives == self.known.archives and _digest(there) == self.digest

    def __str__(self) -> str:
        tip = self.known.tip
        parts = tip.version, sorted(tip.ids), sorted(tip.heads), sorted(self.known.names), {**self.known.archives}
        return json.dumps((*parts, self.digest), separators=(",", ":"))


def _digest(marks: Mapping[str, str]) -> str:
    lines = (f"{name} {mark}\n" for name, mark in sorted(marks.items()))
    return sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
