"""The id that people say: `WORK-42` (PAT-006, DESIGN 4)."""

from __future__ import annotations

import re

from jerry_domain.errors import InvalidValueError
from jerry_domain.values import Value, value

# Compiled by who asks: most commands do not.
_TEXT = r"([A-Za-z][A-Za-z0-9]{0,9})-([1-9][0-9]{0,8})"


@value
class DisplayId(Value):
    """A prefix of one to ten capitals and digits, and a number from 1 up; raises `InvalidValueError` otherwise."""

    prefix: str
    number: int

    def __post_init__(self) -> None:
        if not _is_prefix(self.prefix):
            raise InvalidValueError(
                "prefix", self.prefix, "a prefix is one to ten capital letters and digits, a letter first"
            )
        if not 1 <= self.number < 10**9:
            raise InvalidValueError("display id", str(self.number), "the number lies between 1 and 999999999")

    @classmethod
    def parse(cls, text: str) -> DisplayId:
        """Read `WORK-42` in any case of letters; raises `InvalidValueError` for anything else."""
        match = re.fullmatch(_TEXT, text)
        if match is None:
            raise InvalidValueError("display id", text, "a display id looks like WORK-42")
        return cls(prefix=match[1].upper(), number=int(match[2]))

    def __str__(self) -> str:
        return f"{self.prefix}-{self.number}"


def _is_prefix(text: str) -> bool:
    return 1 <= len(text) <= 10 and text.isascii() and text.isalnum() and text[0].isalpha() and text == text.upper()
