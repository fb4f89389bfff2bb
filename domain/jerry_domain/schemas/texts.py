"""Texts: lengths, patterns, formats, encodings (rules S1 to S4, T4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jerry_domain.schemas.faults import Fault, Judge, Limits
from jerry_domain.schemas.formats import SUBFORMATS, fits_format
from jerry_domain.schemas.patterns import TooLargeError, UnsupportedPatternError, escaping, sample
from jerry_domain.schemas.shapes import Shape

Json = Any

_LONGEST = 5000
"""No sample is longer."""

EXAMPLES = {
    "date": "2026-11-23",
    "date-time": "2026-11-23T07:10:48Z",
    "time": "07:10:48Z",
    "duration": "P1D",
    "uuid": "4f9c8a52-3d1e-4c6b-9a77-0d6f1c2b3e4d",
    "email": "ada@example.com",
    "idn-email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "/orders/1",
    "json-pointer": "/a",
    "regex": "a+",
}


@dataclass(frozen=True, slots=True)
class Texts:
    """What texts a shape takes."""

    limits: Limits
    patterns: tuple[tuple[str, str], ...]
    formats: tuple[tuple[str, str], ...]
    contents: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, shape: Shape) -> Texts:
        """From the keywords of its nodes; each with its place."""
        nodes = shape.nodes
        patterns, formats = (
            tuple(sorted({(node.schema[key], node.place(key)) for node in nodes if key in node.schema}))
            for key in ("pattern", "format")
        )
        contents = {
            (key, node.schema[key], node.place(key))
            for node in nodes
            for key in ("contentEncoding", "contentMediaType")
            if key in node.schema
        }
        return cls(Limits.of(nodes, "minLength", "maxLength"), patterns, formats, tuple(sorted(contents)))

    @property
    def sources(self) -> list[str]:
        """The patterns without their places."""
        return [pattern for pattern, _ in self.patterns]


def faults(writer: Shape, reader: Shape, judge: Judge) -> Iterator[Fault]:  # noqa: ARG001
    """What texts of the writer's the reader does not take."""
    ours, theirs = Texts.of(writer), Texts.of(reader)
    yield from ours.limits.faults(theirs.limits, "S1", "characters")
    for pattern, place in theirs.patterns:
        yield from _escaping(ours, pattern, place)
    for name, place in theirs.formats:
        if not any(own == name or name in SUBFORMATS.get(own, ()) for own, _ in ours.formats):
            was = " or ".join(own for own, _ in ours.formats) or "any text"
            message = f"the format {name}, was {was}"
            yield Fault(rule="S3", message=message, pointer=place, witness=(f"no {name}",), by_rule=True)
    yield from _recoded(ours, theirs)


def _escaping(ours: Texts, pattern: str, place: str) -> Iterator[Fault]:
    if pattern in ours.sources:
        return
    message = f"only texts that match {pattern}"
    escaped = _escaped(tuple(ours.sources), pattern, ours.limits.least, ours.limits.most)
    if isinstance(escaped, ValueError):
        yield Fault(rule="S2", message=f"{message} (which cannot be judged: {escaped})", pointer=place)
    elif escaped is not None:
        yield Fault(rule="S2", message=message, pointer=place, witness=(escaped,))


@lru_cache(maxsize=1024)
def _escaped(inside: tuple[str, ...], outside: str, least: int, most: int | None) -> str | ValueError | None:
    try:
        return escaping(inside, (outside,), least, most)
    except (UnsupportedPatternError, TooLargeError) as error:
        return error


@lru_cache(maxsize=1024)
def _sampled(patterns: tuple[str, ...], least: int = 0, most: int | None = None) -> str | ValueError | None:
    try:
        return sample(patterns, least, most)
    except (UnsupportedPatternError, TooLargeError) as error:
        return error


def _recoded(ours: Texts, theirs: Texts) -> Iterator[Fault]:
    before, after = ({(key, value): place for key, value, place in texts.contents} for texts in (ours, theirs))
    for key, value in sorted(before.keys() ^ after.keys()):
        place = (after | before)[key, value]
        how = "is new" if (key, value) in after else "is gone"
        yield Fault(rule="S4", message=f"{key} {value} {how}", pointer=place, by_rule=True)


def disjoint(one: Shape, other: Shape, judge: Judge) -> bool:  # noqa: ARG001 - one signature for every type
    """Whether no text is of both."""
    left, right = Texts.of(one), Texts.of(other)
    return not left.limits.overlaps(right.limits) or _never_match(left.sources + right.sources)


def _never_match(patterns: list[str]) -> bool:
    return len(patterns) > 1 and _sampled(tuple(patterns)) is None


def is_empty(shape: Shape, judge: Judge) -> bool:  # noqa: ARG001 - one signature for every type
    """Whether no text is left, as far as the lengths tell."""
    return Texts.of(shape).limits.is_empty


def samples(shape: Shape, hints: list[Shape], judge: Judge) -> Iterator[Json]:  # noqa: ARG001
    """A few texts, those first that the hints do not take."""
    ours = Texts.of(shape)
    for hint in hints:
        yield from _beyond(ours, Texts.of(hint))
    yield from (EXAMPLES[name] for name, _ in ours.formats if name in EXAMPLES)
    if ours.patterns:
        yield from _matching(ours, ours.limits.least, ours.limits.most)
    elif ours.limits.least <= _LONGEST:
        yield from (text for text in ("text", "") if _fits(text, ours.limits))
        yield "a" * ours.limits.least


def _fits(text: str, limits: Limits) -> bool:
    return limits.least <= len(text) and (limits.most is None or len(text) <= limits.most)


def _beyond(ours: Texts, theirs: Texts) -> Iterator[str]:
    for length in ours.limits.numbers(theirs.limits):
        if length <= _LONGEST:
            yield from _matching(ours, length, length) if ours.patterns else ("a" * length,)
    for pattern, place in theirs.patterns:
        for fault in _escaping(ours, pattern, place):
            yield from fault.witness


def _matching(ours: Texts, least: int, most: int | None) -> Iterator[str]:
    found = _sampled(tuple(ours.sources), least, most)
    if isinstance(found, str):
        yield found


def all_fit(shape: Shape, values: Sequence[Json]) -> bool:
    """Whether each of the texts is known to fit every format that the shape names."""
    return all(fits_format(value, name) for name, _ in Texts.of(shape).formats for value in values)
