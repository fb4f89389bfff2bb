"""The verdict on a change from one JSON Schema to another: who can still read whose events, and what breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Json = Any
Verdict = Literal["compatible", "incompatible", "undecided"]
"""`undecided` is never a silent yes: whoever asks treats it as a no, with its own name."""
Step = Literal["free", "version", "upcaster"]
"""What the change asks of an append-only store: nothing, a new version, or a new version with an upcaster."""


@dataclass(frozen=True, slots=True)
class Example:
    """A value that the writer's schema takes and the reader's does not."""

    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One change: `rule` is its id in docs/schema-rules.md, `breaks` what it means for the direction asked about.

    `pointer` is a JSON pointer into the new schema, into the old one for what the new one lacks; `path` a JSON pointer
    into the events (`*` is any key or place). `example` is a whole event that shows it, where one was found.
    """

    rule: str
    verdict: Verdict
    message: str
    pointer: str = ""
    path: str = ""
    example: Example | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Whether every event of one schema is one of the other, and each reason why not."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both directions: `backward` is the new reader over old events, `forward` the old reader over new events.

    `notes` are changes that break neither and still matter; `step` is what an append-only store has to do.
    """

    backward: Direction
    forward: Direction
    notes: tuple[Reason, ...] = ()
    step: Step = "free"

    @property
    def full(self) -> Direction:
        """Both directions as one."""
        verdicts = {self.backward.verdict, self.forward.verdict}
        worst: Verdict = next(v for v in ("incompatible", "undecided", "compatible") if v in verdicts)  # type: ignore[misc,unused-ignore]
        return Direction(verdict=worst, reasons=(*self.backward.reasons, *self.forward.reasons))


def compare(old: Json, new: Json, *, strict: bool = False) -> Comparison:
    """Compare two JSON Schemas.

    Unless `strict`, schemas are taken as written: a writer never made a key that its schema did not name, so that a
    property added to an open object breaks nothing.
    """
    if old == new:
        same = Direction(verdict="compatible")
        return Comparison(backward=same, forward=same)
    raise NotImplementedError(strict)
