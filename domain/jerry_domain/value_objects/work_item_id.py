"""The internal id of a work item: a Snowflake in Crockford base 32 (PAT-006, DESIGN 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from jerry_domain.errors import InvalidValueError
from jerry_domain.values import Value, value

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
TIME_BITS = 41
TAIL_BITS = 22
LENGTH = 13

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGITS = {digit: value for value, digit in enumerate(_ALPHABET)}
_LOOKALIKES = str.maketrans("iloILO", "110110")


@value
class WorkItemId(Value):
    """A 63-bit number: 41 bits of milliseconds since 2020-01-01 UTC, then 22 that tell one millisecond's ids apart.

    Written as 13 lower-case Crockford base-32 digits, so the text sorts by time as well.
    Raises `InvalidValueError` when the number does not fit.
    """

    number: int

    def __post_init__(self) -> None:
        if not 0 <= self.number < 1 << (TIME_BITS + TAIL_BITS):
            raise InvalidValueError("id", str(self.number), "does not fit in 63 bits")

    @classmethod
    def compose(cls, milliseconds: int, tail: int) -> WorkItemId:
        """The id of `milliseconds` since the epoch and a 22-bit `tail`."""
        if not 0 <= tail < 1 << TAIL_BITS:
            raise InvalidValueError("id", str(tail), "the tail does not fit in 22 bits")
        return cls(number=milliseconds << TAIL_BITS | tail)

    @classmethod
    def parse(cls, text: str) -> WorkItemId:
        """Read 13 digits as written by `str`; raises `InvalidValueError` for any other spelling."""
        if len(text) != LENGTH or not set(text) <= _DIGITS.keys():
            raise InvalidValueError("id", text, "an id is 13 lower-case Crockford base-32 digits")
        number = 0
        for digit in text:
            number = number << 5 | _DIGITS[digit]
        return cls(number=number)

    @property
    def created_at(self) -> datetime:
        """When the id was made, in UTC, to the millisecond."""
        return EPOCH + timedelta(milliseconds=self.number >> TAIL_BITS)

    @property
    def month(self) -> str:
        """The UTC month of the id as `yyyy-mm`: the folder of its stream follows from the id alone (DESIGN 3)."""
        return f"{self.created_at:%Y-%m}"

    def __str__(self) -> str:
        return "".join(_ALPHABET[self.number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def fold_lookalikes(text: str) -> str:
    """What a person may have meant: lower case, with i and l read as 1 and o as 0 (Crockford's rule)."""
    return text.translate(_LOOKALIKES).lower()
