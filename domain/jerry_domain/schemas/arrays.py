"""Arrays: items, tuples, lengths, uniqueness, contains (rules A1 to A4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from jerry_domain.schemas.documents import Node, Term, conjunction
from jerry_domain.schemas.evaluation import equal
from jerry_domain.schemas.faults import Fault, Judge, Limits, real
from jerry_domain.schemas.shapes import Shape

Json = Any

_LONGEST = 40
"""No sample is longer."""


@dataclass(frozen=True, slots=True)
class Contains:
    """`contains` with how many it asks for."""

    term: Term
    limits: Limits
    place: str


@dataclass(frozen=True, slots=True)
class Arrays:
    """What arrays a shape takes."""

    nodes: tuple[Node, ...]
    limits: Limits
    places: int
    """How many places have a schema of their own, in the longest `prefixItems`."""
    unique: str | None
    contains: tuple[Contains, ...]

    @classmethod
    def of(cls, shape: Shape) -> Arrays:
        """From the keywords of its nodes."""
        nodes = tuple(node for node in shape.nodes if isinstance(node.schema, dict))
        unique = next((node.place("uniqueItems") for node in nodes if node.schema.get("uniqueItems")), None)
        contains = tuple(_contains(node) for node in nodes if "contains" in node.schema)
        places = max((len(node.schema.get("prefixItems", ())) for node in nodes), default=0)
        return cls(nodes, Limits.of(nodes, "minItems", "maxItems"), places, unique, contains)

    def at(self, place: int) -> Term:
        """What stands at a place, counted from 0."""
        return conjunction([node for part in self.nodes for node in _at(part, place)])

    @property
    def rest(self) -> Term:
        """What stands after all places that have a schema of their own."""
        return self.at(self.places)

    def most(self, judge: Judge) -> int | None:
        """The longest there can be, None where there is no end."""
        closed = next((place for place in range(self.places + 1) if judge.is_empty(self.at(place))), None)
        ends = [end for end in (self.limits.most, closed) if end is not None]
        return min(ends) if ends else None

    def numbered(self, judge: Judge) -> Limits:
        """How many items there may be."""
        asked = max((contained.limits.least for contained in self.contains), default=0)
        return replace(self.limits, least=max(asked, self.limits.least), most=self.most(judge))


def _at(node: Node, place: int) -> Iterator[Node]:
    if place < len(node.schema.get("prefixItems", ())):
        yield node.below("prefixItems", place)
    elif "items" in node.schema:
        yield node.below("items")


def _contains(node: Node) -> Contains:
    limits = Limits.of([node], "minContains", "maxContains")
    least = limits.least if "minContains" in node.schema else 1
    return Contains(conjunction([node.below("contains")]), replace(limits, least=least), node.place("contains"))


def faults(writer: Shape, reader: Shape, judge: Judge) -> Iterator[Fault]:
    """What arrays of the writer's the reader does not take."""
    ours, theirs = Arrays.of(writer), Arrays.of(reader)
    numbered = ours.numbered(judge)
    yield from numbered.faults(theirs.limits, "A2", "items")
    if theirs.unique is not None and ours.unique is None and numbered.most not in (0, 1):
        yield Fault(rule="A2", message="no item twice", pointer=theirs.unique)
    places = max(ours.places, theirs.places)
    for place in range(places + 1):
        if numbered.most is None or place < numbered.most:
            yield from _items(ours, theirs, place, judge)
    for contained in theirs.contains:
        yield from _uncontained(ours, contained, numbered, judge)


def _items(ours: Arrays, theirs: Arrays, place: int, judge: Judge) -> Iterator[Fault]:
    is_rest = place >= max(ours.places, theirs.places)
    step = "*" if is_rest else str(place)
    is_tuple = (ours.places, theirs.places) != (0, 0)
    for fault in judge.faults(ours.at(place), theirs.at(place)):
        moved = fault.under(step, _around(ours, place, fault.witness, judge))
        if not fault.note and is_tuple and (place < ours.places) != (place < theirs.places):
            moved = replace(moved, rule="A3", message=f"place {place} of the tuple: {fault.message}")
        elif fault.rule in ("T12", "O5") and not fault.note:
            moved = replace(moved, rule="A3" if is_tuple else "A1")
        yield moved


def _around(ours: Arrays, place: int, witness: tuple[Json, ...], judge: Judge) -> tuple[Json, ...]:
    """An array of the writer's that holds the witness at a place, and what it has to contain behind that."""
    for value in witness:
        fixed = {place: value, **dict(enumerate(_contained(ours, judge), place + 1))}
        length = max(ours.limits.least, *(key + 1 for key in fixed))
        filled = _filled(ours, length, judge, fixed) if length <= _LONGEST else None
        if filled is not None:
            return (filled,)
    return ()


def _contained(ours: Arrays, judge: Judge, hints: Term = ()) -> list[Json]:
    """As many of what has to be contained as have to be, if possible such that the hints do not take it."""
    found = []
    for own in ours.contains:
        drawn = list(judge.samples(own.term, hints))
        refused = [value for value in drawn if hints and judge.holds(value, hints) is False]
        found += [value for value in (refused or drawn)[:1] for _ in range(min(own.limits.least, _LONGEST))]
    return found


def _filled(ours: Arrays, length: int, judge: Judge, fixed: dict[int, Json]) -> list[Json] | None:
    items: list[Json] = []
    for place in range(length):
        if place in fixed:
            items.append(fixed[place])
            continue
        others = [*items, *fixed.values()]
        fresh = (
            item
            for item in islice(judge.samples(ours.at(place)), length + 2)
            if ours.unique is None or not any(equal(item, other) for other in others)
        )
        item = next(fresh, _NOTHING)
        if item is _NOTHING:
            return None
        items.append(item)
    return items


_NOTHING = object()


def _uncontained(ours: Arrays, asked: Contains, numbered: Limits, judge: Judge) -> Iterator[Fault]:
    if not _has_enough(ours, asked, numbered, judge):
        message = f"at least {asked.limits.least} of the items that it contains"
        yield Fault(rule="A2", message=message, pointer=asked.place)
    most = asked.limits.most
    if most is not None and not _has_few(ours, asked, most, numbered, judge):
        yield Fault(rule="A2", message=f"at most {most} of the items that it contains", pointer=asked.place)


def _has_enough(ours: Arrays, asked: Contains, numbered: Limits, judge: Judge) -> bool:
    if asked.limits.least == 0:
        return True
    if any(own.limits.least >= asked.limits.least and judge.within(own.term, asked.term) for own in ours.contains):
        return True
    sure = [place for place in range(ours.places) if not real(judge.faults(ours.at(place), asked.term))]
    within = len([place for place in sure if place < numbered.least])
    beyond = max(numbered.least - ours.places, 0)
    if beyond and not real(judge.faults(ours.rest, asked.term)):
        within += beyond
    return within >= asked.limits.least


def _has_few(ours: Arrays, asked: Contains, most: int, numbered: Limits, judge: Judge) -> bool:
    if numbered.most is not None and numbered.most <= most:
        return True
    return any(
        own.limits.most is not None and own.limits.most <= most and judge.within(asked.term, own.term)
        for own in ours.contains
    )


def disjoint(one: Shape, other: Shape, judge: Judge) -> bool:
    """Whether it is proven that no array is of both."""
    left, right = Arrays.of(one), Arrays.of(other)
    ours, theirs = left.numbered(judge), right.numbered(judge)
    least = max(ours.least, theirs.least)
    places = range(min(least, max(left.places, right.places) + 1))
    return not ours.overlaps(theirs) or any(judge.disjoint(left.at(place), right.at(place)) for place in places)


def is_empty(shape: Shape, judge: Judge) -> bool:
    """Whether it is proven that no array is left."""
    return Arrays.of(shape).numbered(judge).is_empty


def samples(shape: Shape, hints: list[Shape], judge: Judge) -> Iterator[Json]:
    """A few arrays, those first that the hints do not take."""
    ours = Arrays.of(shape)
    numbered = ours.numbered(judge)
    fixed = dict(enumerate(_contained(ours, judge)))
    for hint in hints:
        theirs = Arrays.of(hint)
        for length in numbered.numbers(theirs.limits):
            yield from _of_length(ours, length, judge, fixed)
        if theirs.unique is not None:
            yield from _twice(ours, numbered, judge)
        for asked in theirs.contains:
            yield from _with(ours, asked, numbered, judge)
    for length in numbered.numbers(numbered):
        yield from _of_length(ours, max(length, len(fixed)), judge, fixed)


def _of_length(ours: Arrays, length: int, judge: Judge, fixed: dict[int, Json]) -> Iterator[Json]:
    if length <= _LONGEST:
        filled = _filled(ours, length, judge, {place: item for place, item in fixed.items() if place < length})
        if filled is not None:
            yield filled


def _twice(ours: Arrays, numbered: Limits, judge: Judge) -> Iterator[Json]:
    for item in islice(judge.samples(ours.rest), 1):
        yield from _of_length(
            ours, max(numbered.least, ours.places + 2), judge, {ours.places: item, ours.places + 1: item}
        )
    for item in islice(judge.samples(ours.at(0)), 1):
        yield from _of_length(ours, max(numbered.least, 2), judge, {0: item, 1: item})


def _with(ours: Arrays, asked: Contains, numbered: Limits, judge: Judge) -> Iterator[Json]:
    """An array without what is to be contained, and one with too many of it."""
    fixed = dict(enumerate(_contained(ours, judge, asked.term)))
    yield from _of_length(ours, max(numbered.least, len(fixed)), judge, fixed)
    other = islice((item for item in judge.samples(ours.rest, asked.term)), 1)
    for item in other:
        yield from _of_length(ours, max(numbered.least, 1), judge, dict.fromkeys(range(max(numbered.least, 1)), item))
    for item in islice(judge.samples(asked.term), 1):
        count = max(numbered.least, (asked.limits.most or 0) + 1)
        yield from _of_length(ours, count, judge, dict.fromkeys(range(min(count, _LONGEST)), item))
