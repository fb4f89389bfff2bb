"""The id that people say: `WORK-42` (PAT-006, DESIGN 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jerry_domain.errors import InvalidValueError

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,9}")
_TEXT = re.compile(r"([A-Za-z][A-Za-z0-9]{0,9})-([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True, order=True)
class DisplayId:
    """A prefix of one to ten capitals and digits, and a number from 1 up; raises `InvalidValueError` otherwise."""

    prefix: str
    number: int

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise InvalidValueError(
                "prefix", self.prefix, "a prefix is one to ten capital letters and digits, a letter first"
            )
        if not 1 <= self.number < 10**9:
            raise InvalidValueError("display id", str(self.number), "the number lies between 1 and 999999999")

    @classmethod
    def parse(cls, text: str) -> DisplayId:
        """Read `WORK-42` in any case of letters; raises `InvalidValueError` for anything else."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise InvalidValueError("display id", text, "a display id looks like WORK-42")
        return cls(match[1].upper(), int(match[2]))

    def __str__(self) -> str:
        return f"{self.prefix}-{self.number}"
