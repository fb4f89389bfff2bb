"""Objects: properties, required ones, what else there may be, and what depends on what (rules O1 to O19)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from jerry_domain.schemas import patterns
from jerry_domain.schemas.documents import Node, Term, UndecidedError, conjunction, same
from jerry_domain.schemas.faults import Fault, Judge, Limits, real
from jerry_domain.schemas.patterns import TooLargeError, UnsupportedPatternError, language, sample
from jerry_domain.schemas.shapes import Shape

Json = Any


@dataclass(frozen=True, slots=True)
class Objects:
    """What objects a shape takes."""

    nodes: tuple[Node, ...]
    limits: Limits
    required: frozenset[str]

    @classmethod
    def of(cls, shape: Shape) -> Objects:
        """From the keywords of its nodes."""
        nodes = tuple(node for node in shape.nodes if isinstance(node.schema, dict))
        required = frozenset(key for node in nodes for key in node.schema.get("required", ()))
        limits = Limits.of(nodes, "minProperties", "maxProperties")
        return cls(nodes, limits, required)

    @property
    def declared(self) -> frozenset[str]:
        """The keys that `properties` names."""
        return frozenset(key for node in self.nodes for key in node.schema.get("properties", ()))

    @property
    def named(self) -> frozenset[str]:
        """Every key that is named anywhere."""
        needed = {key for name, keys in self.dependents for key in (name, *keys)}
        return self.declared | self.required | needed

    @property
    def patterns(self) -> tuple[tuple[str, Term], ...]:
        """The patterns of keys, each with what stands there."""
        return tuple(
            (pattern, conjunction([node.below("patternProperties", pattern)]))
            for node in self.nodes
            for pattern in node.schema.get("patternProperties", ())
        )

    @property
    def names(self) -> Term:
        """What keys have to be."""
        return conjunction([node.below("propertyNames") for node in self.nodes if "propertyNames" in node.schema])

    @property
    def dependents(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """`dependentRequired`: a key, and those that come with it."""
        return tuple(
            (name, tuple(keys))
            for node in self.nodes
            for name, keys in node.schema.get("dependentRequired", {}).items()
        )

    @property
    def conditions(self) -> tuple[tuple[str, Node], ...]:
        """`dependentSchemas`: a key, and what the object is then."""
        return tuple(
            (name, node.below("dependentSchemas", name))
            for node in self.nodes
            for name in node.schema.get("dependentSchemas", ())
        )

    @property
    def others(self) -> Term:
        """What stands at keys that neither a name nor a pattern covers."""
        return conjunction([node.below("additionalProperties") for node in self.nodes if _is_explicit(node)])

    @property
    def is_written(self) -> bool:
        """Whether the schema says itself what its writer makes: it names keys, and lets no others in by word."""
        is_named = any("properties" in node.schema or node.pointer == "" for node in self.nodes)
        return is_named and not any(_is_explicit(node) for node in self.nodes)

    def at(self, key: str) -> Term:
        """What stands at a key; raises `UndecidedError`."""
        return conjunction([node for part in self.nodes for node in _at(part, key)])

    def closure(self, keys: set[str]) -> set[str]:
        """The keys, the required ones, and all that come with them."""
        found = keys | self.required
        while more := {key for name, needed in self.dependents if name in found for key in needed} - found:
            found |= more
        return found


def _is_explicit(node: Node) -> bool:
    return "additionalProperties" in node.schema


def _at(node: Node, key: str) -> Iterator[Node]:
    is_covered = False
    if key in node.schema.get("properties", ()):
        is_covered = True
        yield node.below("properties", key)
    for pattern in node.schema.get("patternProperties", ()):
        if _finds(pattern, key):
            is_covered = True
            yield node.below("patternProperties", pattern)
    if not is_covered and _is_explicit(node):
        yield node.below("additionalProperties")


def _finds(pattern: str, key: str) -> bool:
    try:
        return language(pattern).matches(key)
    except (UnsupportedPatternError, TooLargeError) as error:
        raise UndecidedError("O15", f"a pattern of keys cannot be judged: {error}", "") from error


def faults(writer: Shape, reader: Shape, judge: Judge) -> Iterator[Fault]:
    """What objects of the writer's the reader does not take."""
    ours, theirs = Objects.of(writer), Objects.of(reader)
    try:
        yield from _judged(ours, theirs, judge)
    except UndecidedError as error:
        yield Fault(rule=error.rule, message=error.message, pointer=next((n.place() for n in reader.nodes), ""))


def _judged(ours: Objects, theirs: Objects, judge: Judge) -> Iterator[Fault]:
    for key in sorted(ours.named | theirs.named):
        yield from _at_key(ours, theirs, key, judge)
    yield from _missing(ours, theirs, judge)
    yield from _renamed(ours, theirs, judge)
    yield from _at_others(ours, theirs, judge)
    yield from _names(ours, theirs, judge)
    yield from _numbered(ours, judge).faults(theirs.limits, "O16", "properties")
    yield from _dependent(ours, theirs, judge)


# --- keys that have names


def _at_key(ours: Objects, theirs: Objects, key: str, judge: Judge) -> Iterator[Fault]:
    own, asked = ours.at(key), theirs.at(key)
    if judge.is_empty(own):
        return
    is_ours, is_theirs = (_declares(side, key) for side in (ours, theirs))
    if not is_ours and not is_theirs:
        return  # one of the others
    if is_theirs and not is_ours and ours.is_written and key not in ours.required and not judge.strict:
        return  # as written: no event has a key that its schema did not name (rule O2)
    found = [fault.under(key, _around(ours, key, fault.witness, judge)) for fault in judge.faults(own, asked)]
    if is_ours and is_theirs:
        yield from found
        yield from _default(ours, theirs, key, judge)
    elif is_ours:
        yield from _one_sided(ours, theirs, key, found, judge)
    elif real(found):
        rule, how = ("O2", "may be anything in") if judge.backward else ("O6", "is named no longer by")
        message = f"the property {key!r} {how} {'old' if judge.backward else 'new'} events"
        yield _summary(rule, message, _place(theirs, key), found)


def _one_sided(ours: Objects, theirs: Objects, key: str, found: Sequence[Fault], judge: Judge) -> Iterator[Fault]:
    """A property that only the writer names: the new schema dropped it, or added it."""
    place = _place(ours, key)
    if real(found):
        is_closed = judge.is_empty(theirs.at(key))
        refused = "the reader takes no such key" if is_closed else "the reader takes something else there"
        rule, what = ("O5", "removed") if judge.backward else ("O1", "added")
        yield _summary(rule, f"the property {key!r} was {what}, and {refused}", place, found)
    elif judge.backward:
        yield Fault(rule="O6", message=f"the property {key!r} was removed: its values are passed over", pointer=place,
                    path=(key,), note=True)  # fmt: skip


def _summary(rule: str, message: str, place: str, found: Sequence[Fault]) -> Fault:
    first = next((fault for fault in real(found) if fault.witness), real(found)[0])
    return replace(first, rule=rule, message=message, pointer=place)


def _declares(side: Objects, key: str) -> bool:
    return key in side.declared or any(_finds(pattern, key) for pattern, _ in side.patterns)


def _place(side: Objects, key: str) -> str:
    return next((node.place("properties", key) for node in side.nodes if key in node.schema.get("properties", ())), "")


def _default(ours: Objects, theirs: Objects, key: str, judge: Judge) -> Iterator[Fault]:
    before, after = _defaults(ours, key), _defaults(theirs, key)
    if judge.backward and before != after and key not in ours.required:
        message = f"the default of {key!r} is another: old events without it now mean something else"
        place = _place(theirs, key) or _place(ours, key)
        yield Fault(rule="O18", message=message, pointer=f"{place}/default", path=(key,), note=True)


def _defaults(side: Objects, key: str) -> list[Json]:
    nodes = [node.schema["properties"][key] for node in side.nodes if key in node.schema.get("properties", ())]
    return [node["default"] for node in nodes if isinstance(node, dict) and "default" in node]


# --- keys that have to be there


def _missing(ours: Objects, theirs: Objects, judge: Judge) -> Iterator[Fault]:
    for key in sorted(theirs.required - ours.closure(set())):
        node = next(node for node in theirs.nodes if key in node.schema.get("required", ()))
        rule, message = _missing_rule(ours, theirs, key, judge)
        yield Fault(rule=rule, message=message, pointer=node.place("required"), path=(key,))


def _missing_rule(ours: Objects, theirs: Objects, key: str, judge: Judge) -> tuple[str, str]:
    if not judge.backward:
        if key in ours.declared:
            return "O9", f"the property {key!r} is no longer required"
        rule = "O6" if not judge.is_empty(ours.at(key)) else "O5"
        return rule, f"the property {key!r} was removed, and the reader requires it"
    if key in ours.declared:
        return "O8", f"the property {key!r} was optional and is required"
    if key not in theirs.declared:
        return "O10", f"{key!r} is required and not among the properties"
    if _defaults(theirs, key):
        return "O4", f"the property {key!r} is new and required; its default is no value of an old event"
    return "O3", f"the property {key!r} is new and required"


def _renamed(ours: Objects, theirs: Objects, judge: Judge) -> Iterator[Fault]:
    """A guess, as a note: one property of the same schema went, and one that is required came (rule O7)."""
    if not judge.backward:
        return
    came = sorted(theirs.required & theirs.declared - ours.declared)
    went = [
        key for key in sorted(ours.declared - theirs.declared) if any(same(ours.at(key), theirs.at(c)) for c in came)
    ]
    if len(came) == len(went) == 1:
        message = f"{went[0]!r} looks renamed to {came[0]!r}: a name is for ever, an upcaster can rename it"
        yield Fault(rule="O7", message=message, pointer=_place(theirs, came[0]), path=(came[0],), note=True)


# --- all other keys


def _at_others(ours: Objects, theirs: Objects, judge: Judge) -> Iterator[Fault]:
    """Keys without names: those that patterns cover on either side, and the rest."""
    own = {pattern for pattern, _ in ours.patterns}
    asked = {pattern for pattern, _ in theirs.patterns}
    for pattern, term in theirs.patterns:
        if pattern not in own and not judge.is_empty(ours.others):
            yield from _other(ours, ours.others, term, "O15", pattern, judge)
        for other, written in ours.patterns:
            if other == pattern or not _apart(other, pattern):
                yield from _other(ours, written, term, "O15", other, judge)
    for pattern, written in ours.patterns:
        if pattern not in asked:
            yield from _other(ours, written, theirs.others, "O15", pattern, judge)
    if not judge.is_empty(ours.others):
        rule = _others_rule(ours, theirs, judge)
        yield from _other(ours, ours.others, theirs.others, rule, None, judge)


def _others_rule(ours: Objects, theirs: Objects, judge: Judge) -> str:
    if any("\0unevaluated" in node.pointer for side in (ours, theirs) for node in side.nodes):
        return "O15"
    if not judge.backward:
        return "O12"
    return "O11" if judge.is_empty(theirs.others) else "O13"


def _apart(one: str, other: str) -> bool:
    try:
        return patterns.disjoint(one, other)
    except (UnsupportedPatternError, TooLargeError):
        return False


def _other(ours: Objects, written: Term, asked: Term, rule: str, pattern: str | None, judge: Judge) -> Iterator[Fault]:
    found = real(judge.faults(written, asked))
    if found:
        place = asked[0].place() if asked else ""
        key = _free_key(ours, judge, pattern)
        where = "keys that are not named" if pattern is None else f"keys that match {pattern}"
        moved = [fault.under("*", _around(ours, key, fault.witness, judge)) for fault in found]
        yield _summary(rule, f"{where}: {found[0].message}", place, moved)


def _free_key(ours: Objects, judge: Judge, pattern: str | None = None) -> str:
    if pattern is not None:
        return _sampled_key(pattern)
    taken = ours.named
    names = ("extra", "extra2", "x", "_", "0", "Ü", "a", "A-1", "zzzz")
    free = (name for name in names if name not in taken and not _is_covered(ours, name, judge))
    return next(free, "no such key")


def _sampled_key(pattern: str) -> str:
    try:
        return sample([pattern]) or ""
    except (UnsupportedPatternError, TooLargeError) as error:
        raise UndecidedError("O15", f"a pattern of keys cannot be judged: {error}", "") from error


def _is_covered(ours: Objects, name: str, judge: Judge) -> bool:
    return any(_finds(pattern, name) for pattern, _ in ours.patterns) or judge.holds(name, ours.names) is False


# --- names, numbers, dependencies


def _names(ours: Objects, theirs: Objects, judge: Judge) -> Iterator[Fault]:
    asked = theirs.names
    if not asked:
        return
    place = asked[0].place()
    for key in sorted(ours.declared | ours.required):
        if not judge.is_empty(ours.at(key)) and judge.holds(key, asked) is not True:
            yield Fault(rule="O15", message=f"{key!r} is no name that a property may have", pointer=place)
    groups = [own for own, term in ours.patterns if not judge.is_empty(term)]
    node = asked[0]
    terms = [(node.with_only(f"names {own}", {"type": "string", "pattern": own}),) for own in groups]
    if not judge.is_empty(ours.others):
        terms.append((node.with_only("names", {"type": "string"}),))
    for term in terms:
        for fault in real(judge.faults(conjunction([*ours.names, *term]), asked))[:1]:
            message = f"not every key is a name that a property may have: {fault.message}"
            witness = tuple(w for key in fault.witness for w in _with_key(ours, key, judge))
            yield Fault(rule="O15", message=message, pointer=place, path=("*",), witness=witness)


def _with_key(ours: Objects, key: Json, judge: Judge) -> Iterator[Json]:
    for value in islice(judge.samples(ours.at(key)), 1):
        yield from _around(ours, key, (value,), judge)


def _numbered(ours: Objects, judge: Judge) -> Limits:
    """How many properties there may be."""
    least = max(ours.limits.least, len(ours.closure(set())))
    most = ours.limits.most
    if judge.is_empty(ours.others) and all(judge.is_empty(term) for _, term in ours.patterns):
        possible = len([key for key in ours.named if not judge.is_empty(ours.at(key))])
        most = possible if most is None else min(most, possible)
    return replace(ours.limits, least=least, most=most)


def _dependent(ours: Objects, theirs: Objects, judge: Judge) -> Iterator[Fault]:
    for name, needed in theirs.dependents:
        if not judge.is_empty(ours.at(name)) and (lacking := set(needed) - ours.closure({name})):
            node = next(node for node in theirs.nodes if name in node.schema.get("dependentRequired", ()))
            message = f"where {name!r} is, {', '.join(map(repr, sorted(lacking)))} has to be too"
            yield Fault(rule="O17", message=message, pointer=node.place("dependentRequired", name), path=(name,))
    for name, node in theirs.conditions:
        if not judge.is_empty(ours.at(name)):
            own = [condition for other, condition in ours.conditions if other == name]
            present = node.with_only("present", {"type": "object", "required": [name]})
            found = real(judge.faults_here(conjunction([*ours.nodes, *own, present]), conjunction([node])))
            for fault in found[:1]:
                message = f"where {name!r} is, more is asked: {fault.message}"
                yield replace(fault, rule="O17", message=message, pointer=node.place())


# --- whole objects


def disjoint(one: Shape, other: Shape, judge: Judge) -> bool:
    """Whether it is proven that no object is of both."""
    left, right = Objects.of(one), Objects.of(other)
    try:
        keys = left.closure(set()) | right.closure(set())
        if any(judge.disjoint(left.at(key), right.at(key)) for key in sorted(keys)):
            return True
        return not _numbered(left, judge).overlaps(_numbered(right, judge))
    except UndecidedError:
        return False


def is_empty(shape: Shape, judge: Judge) -> bool:
    """Whether it is proven that no object is left."""
    ours = Objects.of(shape)
    try:
        return any(judge.is_empty(ours.at(key)) for key in sorted(ours.required)) or ours.limits.is_empty
    except UndecidedError:
        return False


def _around(ours: Objects, key: str, witness: tuple[Json, ...], judge: Judge) -> tuple[Json, ...]:
    """An object of the writer's that holds the witness at a key."""
    return tuple(found for value in witness for found in _filled(ours, {key}, judge, {key: value}))


def _filled(ours: Objects, keys: set[str], judge: Judge, fixed: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """At most one object with these keys and those that have to come with them."""
    filled: dict[str, Json] = {}
    for key in sorted(ours.closure(keys)):
        values = [fixed[key]] if key in fixed else list(islice(judge.samples(ours.at(key)), 1))
        if not values:
            return
        filled[key] = values[0]
    number = 0
    while len(filled) < ours.limits.least and number < 100:
        number += 1
        name = f"{_free_key(ours, judge)}{number}"
        for value in islice(judge.samples(ours.at(name)), 1):
            filled[name] = value
    yield filled


def samples(shape: Shape, hints: list[Shape], judge: Judge) -> Iterator[Json]:
    """A few objects, those first that the hints may not take."""
    ours = Objects.of(shape)
    try:
        yield from _sampled(ours, [Objects.of(hint) for hint in hints], judge)
    except UndecidedError:
        return


def _sampled(ours: Objects, hints: list[Objects], judge: Judge) -> Iterator[Json]:
    optional = sorted(ours.declared - ours.required)
    yield from _filled(ours, set(), judge, {})
    possible = {key for key in optional if not judge.is_empty(ours.at(key))}
    yield from _filled(ours, possible, judge, {})
    for hint in hints:
        for name, _ in (*hint.dependents, *hint.conditions):
            yield from _filled(ours, {name}, judge, {})
        for key in sorted(hint.required & ours.declared):
            yield from _filled(ours, possible - {key}, judge, {})
        for key in sorted(hint.declared):
            for value in islice(judge.samples(ours.at(key), hint.at(key)), 3):
                yield from _filled(ours, {key}, judge, {key: value})
        if hint.limits.most is not None and hint.limits.most < 100:
            conditional = {name for other in hints for name, _ in other.conditions}
            for count in (hint.limits.most, hint.limits.most + 1):
                extra = {f"{_free_key(ours, judge)}{number}" for number in range(count)}
                yield from _filled(ours, extra, judge, {})
                yield from _filled(ours, extra | conditional, judge, {})
    for key in optional:
        yield from _filled(ours, {key}, judge, {})
    yield from _filled(ours, {_free_key(ours, judge)}, judge, {})
