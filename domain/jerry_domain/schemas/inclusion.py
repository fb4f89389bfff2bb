"""Whether every value of one schema is of another: proven, refuted by a value, or neither.

Terms are taken apart into shapes, and shapes compared type by type, down to the values within. A pair that is met
again below itself is taken for proven: values are finite, so that what is below is always smaller. Should such a pair
be refuted later, all that leaned on it is judged again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import islice
from types import ModuleType
from typing import Any

from jerry_domain.schemas import arrays, numbers, objects, texts
from jerry_domain.schemas.documents import Node, Term, TooLongError, UndecidedError, conjunction, holds, same
from jerry_domain.schemas.evaluation import Budget, equal
from jerry_domain.schemas.faults import Fault, real
from jerry_domain.schemas.shapes import Kind, Shape, shapes

Json = Any
Key = tuple[tuple[int, str], ...]

STEPS = 4_000
"""Pairs of terms that are looked at before the answer is `undecided` (rule X1)."""
LOOKS = 15_000
"""Pairs of a value and a schema that are looked at before values decide nothing any more."""
_SAMPLES = 16
_DEEPEST = 12

_TYPES: Mapping[Kind, ModuleType] = {"number": numbers, "string": texts, "array": arrays, "object": objects}
"""The rules of each type that has more values than can be listed."""


class Inclusion:
    """One writer and one reader; see `faults.Judge`."""

    def __init__(
        self, *, backward: bool, strict: bool, steps: Budget | None = None, looks: Budget | None = None
    ) -> None:
        self.backward = backward
        self.strict = strict
        self._steps = Budget(STEPS) if steps is None else steps
        self._depth = 0
        self._looks = Budget(LOOKS) if looks is None else looks
        self._level = 0
        self._open: dict[tuple[Key, Key], int] = {}
        self._disjoining: set[Key] = set()
        self._leaned: set[tuple[Key, Key]] = set()
        self._proven: dict[tuple[Key, Key], tuple[Fault, ...]] = {}
        self._refuted: dict[tuple[Key, Key], tuple[Fault, ...]] = {}
        self._empty: dict[Key, bool] = {}
        self._sampled: dict[tuple[Key, Key], tuple[Json, ...]] = {}

    def judge(self, writer: Term, reader: Term) -> list[Fault]:
        """Every fault of a whole document; raises `UndecidedError` when it takes too long."""
        while True:
            before = len(self._refuted)
            found = self.faults(writer, reader)
            if len(self._refuted) == before or not self._leaned & self._refuted.keys():
                return list(found)
            self._proven.clear()

    # --- inclusion

    def faults(self, writer: Term, reader: Term) -> Sequence[Fault]:
        """See `faults.Judge`."""
        self._level += 1
        try:
            return self.faults_here(writer, reader)
        finally:
            self._level -= 1

    def faults_here(self, writer: Term, reader: Term) -> Sequence[Fault]:
        """See `faults.Judge`."""
        pair = (_key(writer), _key(reader))
        if not reader:
            return ()
        if pair in self._open:
            if self._open[pair] == self._level:
                return [Fault(rule="X1", message="the question leads to itself", pointer=reader[0].place())]
            self._leaned.add(pair)
            return ()
        known = self._refuted.get(pair, self._proven.get(pair))
        if known is not None:
            return known
        self._step(reader)
        self._open[pair] = self._level
        found = tuple(self._judged(writer, reader))
        del self._open[pair]
        (self._refuted if real(found) else self._proven)[pair] = found
        return found

    @cached_property
    def _strictly(self) -> Inclusion:
        if self.strict:
            return self
        return Inclusion(backward=self.backward, strict=True, steps=self._steps, looks=self._looks)

    def within(self, one: Term, other: Term) -> bool:
        """See `faults.Judge`; what is excluded or contained is nobody's writing, so that nothing is as written."""
        return not real(self._strictly.faults_here(one, other))

    def _step(self, term: Term) -> None:
        self._steps.left -= 1
        if self._steps.left < 0:
            raise TooLongError("X1", f"not decided within {STEPS} steps", term[0].place() if term else "")

    def _judged(self, writer: Term, reader: Term) -> list[Fault]:
        if same(writer, reader):
            return []
        try:
            wanted = shapes(reader, reader=True)
            given = [shape for shape in shapes(writer, reader=False) if not self._is_empty(shape)]
        except UndecidedError as error:
            return self._shown([Fault(rule=error.rule, message=error.message, pointer=error.pointer)], writer, reader)
        found = self._missing_types(given, wanted, writer, reader)
        there = {shape.kind for shape in wanted}
        for shape in given:
            if shape.kind in there:
                found += self._covered(shape, [other for other in wanted if other.kind == shape.kind], reader)
        found += self._discriminated(writer, reader)
        shown = self._shown(found, writer, reader)
        return [_schema_added(shown, reader)] if not writer and real(shown) else shown

    def _missing_types(self, given: list[Shape], wanted: list[Shape], writer: Term, reader: Term) -> list[Fault]:
        before: set[Kind] = {shape.kind for shape in given}
        after: set[Kind] = {shape.kind for shape in wanted}
        missing = sorted(before - after)
        if not missing:
            return []
        if not after:
            place = reader[0].place()
            return [Fault(rule="T12", message="no value at all is taken", pointer=place, witness=self._one(writer))]
        rule = _type_rule(before, after, backward=self.backward)
        rule = _union_rule(writer, reader) or rule if rule == "T7" else rule
        place = next((node.place("type") for node in reader if node.has("type")), reader[0].place())
        lost = [shape for shape in given if shape.kind == missing[0]]
        witness = tuple(value for shape in lost[:1] for value in islice(self._of_shape(shape, []), 1))
        message = f"{_any_of(after)} only, was {_any_of(before)}"
        return [Fault(rule=rule, message=message, pointer=place, witness=witness)]

    def _covered(self, shape: Shape, others: list[Shape], reader: Term) -> list[Fault]:
        """Why no one of the reader's shapes, nor all of them together, take all of this one."""
        if shape.values is not None:
            return self._valued(shape, shape.values, others, reader)
        tried = []
        for other in others:
            found = self._within(shape, other)
            if not real(found):
                return found
            tried.append((self._apart(shape, other), len(real(found)), found))
        few = numbers.Numbers.of(shape).few() if shape.kind == "number" else None
        if few is not None and all(self.holds(value, reader) for value in few):
            return []
        if len(others) == 1 and not tried[0][0]:
            return tried[0][2]
        parts = self._split(shape, reader)
        return self._uncovered(shape, tried, reader) if parts is None else parts

    def _valued(self, shape: Shape, values: Sequence[Json], others: list[Shape], reader: Term) -> list[Fault]:
        refused = [
            value for value in values if self.holds(value, shape.term) is not False and not self.holds(value, reader)
        ]
        if not refused:
            return self._formats(shape, values, others)
        shown = ", ".join(json.dumps(value, ensure_ascii=False)[:60] for value in refused[:5])
        listed = [node for other in others for node in other.nodes if node.has("enum", "const")]
        node = (listed or [node for other in others for node in other.nodes])[0]
        keyword = next((key for key in ("const", "enum") if key in node.schema), "")
        rule = "T11" if keyword == "const" else ("T9" if self.backward else "T8")
        place = node.place(keyword) if keyword else node.place()
        sure = [value for value in refused if self.holds(value, reader) is False]
        return [Fault(rule=rule, message=f"{shown} is not taken", pointer=place, witness=tuple(sure[:1]))]

    def _formats(self, shape: Shape, values: Sequence[Json], others: list[Shape]) -> list[Fault]:
        """Formats are no matter of validity; that listed texts fit them is asked by rule S3."""
        if shape.kind != "string" or any(texts.all_fit(other, values) for other in others):
            return []
        return [fault for fault in texts.faults(shape, others[0], self) if fault.rule == "S3"]

    def _within(self, shape: Shape, other: Shape) -> list[Fault]:
        """Why one shape is not within another of its type."""
        found: list[Fault] = []
        if other.values is not None:
            found.append(self._listed(other))
        else:
            found += _TYPES[shape.kind].faults(shape, other, self)
        for negation in other.nots:
            if not self._excludes(shape, negation.term):
                message = "a value that is excluded may be there"
                found.append(Fault(rule=negation.rule, message=message, pointer=negation.place))
        return found

    def _listed(self, other: Shape) -> Fault:
        node = next(node for node in other.nodes if node.has("enum", "const"))
        keyword = "const" if "const" in node.schema else "enum"
        message = "listed values only, was any" if keyword == "enum" else f"{node.schema['const']!r} only, was any"
        return Fault(rule="T11" if keyword == "const" else "T10", message=message, pointer=node.place(keyword))

    def _excludes(self, shape: Shape, term: Term) -> bool:
        """Whether it is proven that nothing of the shape is of the term."""
        if any(self.within(term, negation.term) for negation in shape.nots):
            return True
        return self.disjoint(_whole(shape), term)

    def _split(self, shape: Shape, reader: Term) -> list[Fault] | None:
        """The same question for each value of a tag; None when there is no tag to tell cases apart."""
        tag = _tag(shape) if shape.kind == "object" else None
        if tag is None:
            return None
        key, values = tag
        parts = [
            conjunction([*shape.nodes, shape.nodes[0].with_only(f"{key}={json.dumps(value)}", _tagged(key, value))])
            for value in values
        ]
        return [fault for part in parts for fault in self.faults_here(part, reader)]

    def _uncovered(self, shape: Shape, tried: list[tuple[bool, int, list[Fault]]], reader: Term) -> list[Fault]:
        """The faults of the closest shape, as the fault of a union where there is more than one choice."""
        near = [entry for entry in tried if not entry[0]]
        closest = min(near or tried, key=lambda entry: entry[1])[2]
        union = next((node for node in reader if node.has("anyOf", "oneOf", "if")), None)
        if len(near) == 1 or union is None:
            return closest
        keyword = next(key for key in ("oneOf", "anyOf", "if") if union.has(key))
        first = next((fault for fault in real(closest) if fault.witness), real(closest)[0])
        witness = first.witness if near else tuple(islice(self._of_shape(shape, []), 1))
        message = f"no branch takes all of it: {first.message}" if near else "no branch takes it"
        rule = "U8" if keyword == "if" else "U1"
        return [replace(first, rule=rule, message=message, pointer=union.place(keyword), witness=witness)]

    def _discriminated(self, writer: Term, reader: Term) -> Iterator[Fault]:
        """OpenAPI's `discriminator`, which says how a union is read (rules U5, U6)."""
        before, after = (_with_discriminator(side) for side in (writer, reader))
        if before is None or after is None:
            return
        old, new = before.schema["discriminator"], after.schema["discriminator"]
        place = after.place("discriminator")
        if old.get("propertyName") != new.get("propertyName"):
            yield Fault(rule="U5", message="the discriminator is another property", pointer=place, by_rule=True)
        elif lacking := sorted(_mapping(old) - _mapping(new)):
            rule = "U5" if self.backward else "U6"
            message = f"the discriminator maps {', '.join(lacking)} to nothing"
            yield Fault(rule=rule, message=message, pointer=place, by_rule=True)

    # --- disjointness, emptiness

    def holds(self, value: Json, term: Term) -> bool | None:
        """See `faults.Judge`."""
        return holds(value, term, self._looks)

    def disjoint(self, one: Term, other: Term) -> bool:
        """See `faults.Judge`; a pair met again below itself is not taken for proven."""
        pair = (*_key(one), *_key(other))
        if pair in self._disjoining:
            return False
        self._step(one)
        self._disjoining.add(pair)
        try:
            left, right = shapes(one, reader=False), shapes(other, reader=False)
            return all(self._apart(mine, yours) for mine in left for yours in right)
        except UndecidedError:
            return False
        finally:
            self._disjoining.discard(pair)

    def _apart(self, one: Shape, other: Shape) -> bool:
        if one.kind != other.kind:
            return True
        for mine, yours in ((one, other), (other, one)):
            if mine.values is not None:
                return all(
                    self.holds(value, conjunction([*mine.nodes, *yours.nodes])) is False for value in mine.values
                )
        for mine, yours in ((one, other), (other, one)):
            if any(self.within(_whole(mine), negation.term) for negation in yours.nots):
                return True
        return bool(_TYPES[one.kind].disjoint(one, other, self))

    def is_empty(self, term: Term) -> bool:
        """See `faults.Judge`."""
        key = _key(term)
        if key not in self._empty:
            self._empty[key] = False  # should the term be met again below itself
            with suppress(UndecidedError):
                self._empty[key] = all(self._is_empty(shape) for shape in shapes(term, reader=False))
        return self._empty[key]

    def _is_empty(self, shape: Shape) -> bool:
        if shape.values is not None:
            return all(self.holds(value, shape.term) is False for value in shape.values)
        return bool(_TYPES[shape.kind].is_empty(shape, self))

    # --- values that show it

    def samples(self, term: Term, hints: Term = ()) -> Iterator[Json]:
        """See `faults.Judge`."""
        pair = (_key(term), _key(hints))
        if pair not in self._sampled:
            if self._depth > _DEEPEST:
                return iter(())
            self._step(term)
            self._depth += 1
            found = list(islice(self._drawn(term, hints), _SAMPLES))
            self._depth -= 1
            self._sampled[pair] = tuple(found)
        return iter(self._sampled[pair])

    def _drawn(self, term: Term, hints: Term) -> Iterator[Json]:
        try:
            own, other = shapes(term, reader=False), shapes(hints, reader=False) if hints else []
            excluded = {negation.term for shape in (*own, *other) for negation in shape.nots}
            conditions = [(node,) for shape in other for _, node in objects.Objects.of(shape).conditions]
            other = [*other, *(shape for term in (*excluded, *conditions) for shape in shapes(term, reader=False))]
        except UndecidedError:
            return
        for shape in own:
            for value in islice(self._of_shape(shape, [hint for hint in other if hint.kind == shape.kind]), _SAMPLES):
                if self.holds(value, term) is not False:
                    yield value

    def _of_shape(self, shape: Shape, hints: list[Shape]) -> Iterator[Json]:
        if shape.values is not None:
            return iter(shape.values)
        listed = (value for hint in hints for value in hint.values or ())
        drawn: Iterator[Json] = _TYPES[shape.kind].samples(shape, [hint for hint in hints if hint.values is None], self)
        return _chained(drawn, listed)

    def _one(self, term: Term) -> tuple[Json, ...]:
        return tuple(islice(self.samples(term), 1))

    def witnesses(self, writer: Term, reader: Term) -> list[Json]:
        """Values of the writer's that the reader does not take, as many as were found."""
        drawn = [*self.samples(writer, reader), *self.samples(reader, writer)]
        return [value for value in drawn if self.holds(value, writer) and self.holds(value, reader) is False]

    def _shown(self, faults: list[Fault], writer: Term, reader: Term) -> list[Fault]:
        """The faults with a witness each, where one is found."""
        if all(fault.witness or fault.note or fault.by_rule for fault in faults):
            return faults
        found = self.witnesses(writer, reader)
        return [
            fault if fault.witness or fault.note else replace(fault, witness=_fitting(fault, found)) for fault in faults
        ]


_LACKING = frozenset(("O3", "O4", "O5", "O6", "O8", "O9", "O10"))


def _fitting(fault: Fault, found: list[Json]) -> tuple[Json, ...]:
    """The value among those found that shows this fault best."""
    if fault.rule in _LACKING and len(fault.path) == 1:
        lacking = [value for value in found if isinstance(value, dict) and fault.path[0] not in value]
        return tuple(lacking[:1])
    return tuple(found[:1])


def _key(term: Term) -> Key:
    return tuple(node.key for node in term)


def _whole(shape: Shape) -> Term:
    kind = shape.nodes[0].with_only(shape.kind, {"type": shape.kind}) if shape.nodes else None
    return shape.term if kind is None else conjunction([*shape.nodes, kind])


def _tagged(key: str, value: Json) -> Json:
    return {"type": "object", "properties": {key: {"const": value}}}


def _tag(shape: Shape) -> tuple[str, tuple[Json, ...]] | None:
    """The first required key that has a few listed values and more than one."""
    ours = objects.Objects.of(shape)
    for key in sorted(ours.required & ours.declared):
        try:
            kinds = shapes(ours.at(key), reader=False)
        except UndecidedError:
            continue
        listed = [value for kind in kinds for value in kind.values or ()]
        values = [value for place, value in enumerate(listed) if not any(equal(value, v) for v in listed[:place])]
        if all(kind.values is not None for kind in kinds) and 1 < len(values) <= _SAMPLES:
            return key, tuple(values)
    return None


def _with_discriminator(term: Term) -> Node | None:
    return next(
        (node for node in term if node.has("discriminator") and isinstance(node.schema["discriminator"], dict)), None
    )


def _mapping(discriminator: Mapping[str, Json]) -> set[str]:
    mapping = discriminator.get("mapping")
    return {str(key) for key in mapping} if isinstance(mapping, dict) else set()


def _schema_added(faults: list[Fault], reader: Term) -> Fault:
    """One fault for all of them where the writer had no schema."""
    first = next((fault for fault in real(faults) if fault.witness), real(faults)[0])
    if first.rule in ("X1", "F3"):
        return first
    return replace(first, rule="T12", message=f"was anything: {first.message}", pointer=reader[0].place(), path=())


def _type_rule(before: Set[Kind], after: Set[Kind], *, backward: bool) -> str:
    missing = before - after
    if missing == {"null"}:
        return "T6" if backward else "T5"
    if before & after:
        return "T7"
    return "A4" if ("array" in before) != ("array" in after) else "T1"


def _union_rule(writer: Term, reader: Term) -> str | None:
    """The rule of a union that has another number of branches, None where there is no union."""
    if any(node.has("oneOf") for node in (*writer, *reader)):
        return "U2"
    return "U1" if any(node.has("anyOf") for node in (*writer, *reader)) else None


def _any_of(kinds: Set[Kind]) -> str:
    return "anything" if len(kinds) > 5 else " or ".join(sorted(kinds)) or "nothing"


def _chained(*parts: Iterator[Json]) -> Iterator[Json]:
    for part in parts:
        yield from part
