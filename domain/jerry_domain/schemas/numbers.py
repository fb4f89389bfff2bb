"""Numbers: bounds, multiples, integers (rules N1 to N3, T2, T3)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jerry_domain.schemas.documents import Node
from jerry_domain.schemas.faults import Fault, Judge
from jerry_domain.schemas.shapes import Shape

Json = Any

_LARGEST = 10**300
"""No sample with a fraction is larger: it could not be written."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range; `outer` is -1 for the lower end and 1 for the upper one."""

    value: Fraction
    excluded: bool
    outer: int
    place: str

    def allows(self, number: Fraction) -> bool:
        """Whether a number is on the inner side."""
        inside = (number - self.value) * self.outer
        return inside < 0 or (inside == 0 and not self.excluded)

    def is_within(self, other: Bound) -> bool:
        """Whether all that this allows on its side, the other allows too."""
        return other.allows(self.value) or (self.value == other.value and self.excluded)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What numbers a shape takes."""

    low: Bound | None
    high: Bound | None
    is_integer: bool
    multiples: tuple[tuple[Fraction, str], ...]

    @classmethod
    def of(cls, shape: Shape) -> Numbers:
        """From the keywords of its nodes."""
        kinds = [node.schema["type"] for node in shape.nodes if "type" in node.schema]
        steps = [
            (exact(n.schema["multipleOf"]), n.place("multipleOf")) for n in shape.nodes if "multipleOf" in n.schema
        ]
        whole = any(kind == "integer" or (isinstance(kind, list) and "number" not in kind) for kind in kinds)
        is_integer = whole or any(step.denominator == 1 for step, _ in steps)
        low, high = (_tightest(shape.nodes, side, is_integer=is_integer) for side in (-1, 1))
        return cls(low, high, is_integer, tuple((abs(step), place) for step, place in steps if step))

    @property
    def is_empty(self) -> bool:
        """Whether no number is left, as far as the bounds tell."""
        if self.low is None or self.high is None:
            return False
        return not (self.low.allows(self.high.value) and self.high.allows(self.low.value))

    def allows(self, number: Fraction) -> bool:
        """Whether a number is taken."""
        ends = (end.allows(number) for end in (self.low, self.high) if end is not None)
        steps = ((number / step).denominator == 1 for step, _ in self.multiples)
        return all(ends) and all(steps) and (not self.is_integer or number.denominator == 1)

    def few(self, most: int = 64) -> list[Json] | None:
        """All of them when they are whole and no more than `most`, None otherwise."""
        if not self.is_integer or self.low is None or self.high is None:
            return None
        first, last = math.ceil(self.low.value), math.floor(self.high.value)
        numbers = range(first, last + 1)
        return [n for n in numbers if self.allows(Fraction(n))] if len(numbers) <= most else None


def exact(number: float) -> Fraction:
    """A JSON number as it is written: 0.1 is a tenth (rule N3)."""
    return Fraction(repr(number))


def _tightest(nodes: tuple[Node, ...], outer: int, *, is_integer: bool) -> Bound | None:
    plain, excluding = ("minimum", "exclusiveMinimum") if outer < 0 else ("maximum", "exclusiveMaximum")
    found = [
        Bound(exact(node.schema[key]), key == excluding, outer, node.place(key))
        for node in nodes
        for key in (plain, excluding)
        if key in node.schema
    ]
    if not found:
        return None
    bound = min(found, key=lambda end: (end.value * outer, not end.excluded))
    return _whole(bound) if is_integer else bound


def _whole(bound: Bound) -> Bound:
    """The same end for whole numbers, included (rule N2)."""
    number = Fraction(math.ceil(bound.value) if bound.outer < 0 else math.floor(bound.value))
    if bound.excluded and number == bound.value:
        number -= bound.outer
    return Bound(number, False, bound.outer, bound.place)  # noqa: FBT003 - included


def faults(writer: Shape, reader: Shape, judge: Judge) -> Iterator[Fault]:
    """What numbers of the writer's the reader does not take."""
    ours, theirs = Numbers.of(writer), Numbers.of(reader)
    if theirs.is_integer and not ours.is_integer and not _implied(ours, Fraction(1)):
        rule = "T3" if judge.backward else "T2"
        yield Fault(rule=rule, message="only whole numbers, was any number", pointer=_place_of_type(reader))
    for own, end in ((ours.low, theirs.low), (ours.high, theirs.high)):
        if end is not None and (own is None or not own.is_within(end)):
            yield _narrowed(own, end, judge)
    for step, place in theirs.multiples:
        if not _implied(ours, step):
            yield Fault(rule="N3", message=f"only multiples of {_shown(step)}", pointer=place)


def _narrowed(own: Bound | None, end: Bound, judge: Judge) -> Fault:
    is_same = own is not None and own.value == end.value
    side = "above" if end.outer < 0 else "below"
    word = side if end.excluded else ("at least" if end.outer < 0 else "at most")
    was = "" if own is None else f", was {_shown(own.value)}{' itself too' if is_same else ''}"
    rule = "N2" if is_same and not judge.backward else "N1"
    return Fault(rule=rule, message=f"only numbers {word} {_shown(end.value)}{was}", pointer=end.place)


def _implied(ours: Numbers, step: Fraction) -> bool:
    own = [multiple for multiple, _ in ours.multiples] + ([Fraction(1)] if ours.is_integer else [])
    return any((multiple / step).denominator == 1 for multiple in own)


def _place_of_type(shape: Shape) -> str:
    return next((node.place("type") for node in shape.nodes if "type" in node.schema), "")


def _shown(number: Fraction) -> str:
    return str(number if number.denominator == 1 else float(number))


def disjoint(one: Shape, other: Shape, judge: Judge) -> bool:  # noqa: ARG001 - one signature for every type
    """Whether no number is of both."""
    left, right = Numbers.of(one), Numbers.of(other)
    lows = [end for end in (left.low, right.low) if end is not None]
    highs = [end for end in (left.high, right.high) if end is not None]
    return any(not (low.allows(high.value) and high.allows(low.value)) for low in lows for high in highs)


def is_empty(shape: Shape, judge: Judge) -> bool:  # noqa: ARG001 - one signature for every type
    """Whether no number is left."""
    return Numbers.of(shape).is_empty


def samples(shape: Shape, hints: list[Shape], judge: Judge) -> Iterator[Json]:  # noqa: ARG001
    """A few numbers, those first that lie at the ends of either."""
    ours = Numbers.of(shape)
    others = [Numbers.of(hint) for hint in hints]
    step = Fraction(1)
    for multiple, _ in ours.multiples:
        step = Fraction(math.lcm(step.numerator, multiple.numerator), math.gcd(step.denominator, multiple.denominator))
    ends = [end for numbers in (ours, *others) for end in (numbers.low, numbers.high) if end is not None]
    steps = {step, *(multiple for numbers in (ours, *others) for multiple, _ in numbers.multiples)}
    near = [Fraction(0), *(end.value for end in ends)]
    small = [Fraction(1), Fraction(1, 2), Fraction(1, 1000)] if not ours.multiples else []
    wanted = [centre + shift * sign for centre in near for shift in (Fraction(0), *small, *steps) for sign in (1, -1)]
    wanted += [math.floor(centre / step) * step + n * step for centre in near for n in range(-2, 12)]
    for number in dict.fromkeys(wanted):
        if ours.allows(number) and (number.denominator == 1 or abs(number) < _LARGEST):
            yield number.numerator if number.denominator == 1 else float(number)
