"""The tiers of a review, what belongs to each, and what a change touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Tier(StrEnum):
    """How carefully a change is reviewed; the riskiest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_RISKIEST_FIRST = tuple(Tier)

REVIEWERS: Mapping[Tier, str] = {
    Tier.CRITICAL: "a senior and an architect, with a decision record",
    Tier.HIGH: "a senior and a domain expert",
    Tier.MEDIUM: "two reviewers",
    Tier.LOW: "one reviewer",
}
"""Who reviews a change of each tier."""


class Kind(StrEnum):
    """What something is that a change touches, as people call it; the riskiest first."""

    EVENT = "event class"
    SCHEMA = "event schema"
    UPCASTER = "upcaster"
    STORE = "store format"
    STORED = "stored event"
    AGGREGATE = "aggregate"
    PORT = "port"
    SETTINGS = "settings of the guards"
    UNREADABLE = "code that cannot be read"
    HANDLER = "command handler"
    ADAPTER = "adapter"
    PROJECTION = "projection"
    QUERY = "query"
    CODE = "other code"
    TEST = "test"
    DECISION = "decision record"
    DOCUMENT = "documentation"
    LAYOUT = "comments and layout alone"
    NEW_STORED = "new stored event"
    FILE = "other file"


_TIERS: Mapping[Tier, frozenset[Kind]] = {
    Tier.CRITICAL: frozenset((Kind.EVENT, Kind.SCHEMA, Kind.UPCASTER, Kind.STORE, Kind.STORED)),
    Tier.HIGH: frozenset((Kind.AGGREGATE, Kind.PORT, Kind.SETTINGS, Kind.UNREADABLE)),
    Tier.MEDIUM: frozenset((Kind.HANDLER, Kind.ADAPTER)),
}


def tier_of(kind: Kind) -> Tier:
    """The tier that a kind belongs to."""
    return next((tier for tier, kinds in _TIERS.items() if kind in kinds), Tier.LOW)


def riskiest(tiers: Iterable[Tier]) -> Tier | None:
    """The riskiest of some tiers, None of none."""
    return min(tiers, key=_RISKIEST_FIRST.index, default=None)


def rank(tier: Tier) -> int:
    """0 for the riskiest."""
    return _RISKIEST_FIRST.index(tier)


How = Literal["new", "changed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Something in one file that a change touches, and why it is of its tier.

    `names` are definitions in code, `_h (of Order)` one that another one uses. `line` is that of the first one, as the
    file is now; 0 where there is none. `pattern` is the configured path that decided, empty where none did.
    """

    path: str
    kind: Kind
    how: How
    tier: Tier
    line: int = 0
    names: tuple[str, ...] = ()
    pattern: str = ""


_FEW = 4


def listed(names: Sequence[str]) -> str:
    """The first few of some names, and how many more there are."""
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"{', '.join(names[:_FEW])}{more}"
