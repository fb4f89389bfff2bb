"""Whether a value is valid against a JSON Schema of 2020-12, in three values: yes, no, and None for "cannot tell".

Yes and no are claims. None is the answer to a reference that leaves the document, a dynamic one or a cycle of them, to
a keyword with a value that it cannot have, to a pattern or format that is not understood, and to work without end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import isfinite
from typing import Any, Final, NamedTuple

from jerry_domain.schemas.formats import fits_format
from jerry_domain.schemas.patterns import TooLargeError, UnsupportedPatternError, language
from jerry_domain.schemas.references import Document, Scope, enter

Json = Any
Truth = bool | None
Place = str | int

MAX_STEPS: Final = 20_000
"""How many pairs of a value and a schema are looked at."""
MAX_DEPTH: Final = 80
"""How deep they nest; each level takes a handful of Python's frames."""
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _BudgetUsedUpError(Exception):
    """There is more to do than is worth doing."""


class _Outcome(NamedTuple):
    """A verdict, and which keys or places of the value are evaluated: surely, and surely or perhaps."""

    verdict: Truth
    surely: frozenset[Place] = frozenset()
    maybe: frozenset[Place] = frozenset()

    def settled(self) -> _Outcome:
        """What others see of it: a schema that fails has evaluated nothing, one in doubt perhaps."""
        if self.verdict is False:
            return _Outcome(verdict=False)
        return self if self.verdict else _Outcome(None, frozenset(), self.maybe)


def valid(instance: Json, schema: Json, root: Json | None = None, *, formats: bool = False) -> bool | None:
    """Whether the value is valid, or None where that cannot be told; `format` is asserted if `formats`.

    `root` is the document, or embedded resource, that the schema's references are read in.
    """
    try:
        evaluation = _Evaluation(Document(schema if root is None else root), formats=formats)
        return evaluation.check(instance, schema, evaluation.document.root).verdict
    except (_BudgetUsedUpError, RecursionError):
        return None


def equal(a: Json, b: Json) -> bool:
    """Whether two values are the same in JSON: 1 is 1.0, but True is not 1, and the order of keys is nothing."""
    return bool(_key(a) == _key(b))


def all_of(verdicts: Iterable[Truth]) -> Truth:
    """Kleene's conjunction."""
    known = set(verdicts)
    return False if False in known else None if None in known else True


def any_of(verdicts: Iterable[Truth]) -> Truth:
    """Kleene's disjunction."""
    known = set(verdicts)
    return True if True in known else None if None in known else False


def _in_doubt(instance: Json) -> _Outcome:
    """The outcome of what is not understood: it may have evaluated anything."""
    return _Outcome(None, frozenset(), _places(instance))


def _places(instance: Json) -> frozenset[Place]:
    """The keys of an object, the places of an array."""
    if isinstance(instance, dict):
        return frozenset(instance)
    return frozenset(range(len(instance))) if isinstance(instance, list) else frozenset()


def _negation(verdict: Truth) -> Truth:
    return None if verdict is None else not verdict


def _key(value: Json) -> Json:
    """What equal values, and only they, have in common; the type `bool` and the like occur in no JSON."""
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, float):
        return _exact(value)
    if isinstance(value, list):
        return list, *map(_key, value)
    if isinstance(value, dict):
        return frozenset((name, _key(inner)) for name, inner in value.items())
    return value


def _exact(number: float) -> Fraction | float:
    """The number that was written, not the binary one beside it; infinity and its like stay."""
    if isinstance(number, int):
        return Fraction(number)
    return Fraction(repr(number)) if isfinite(number) else number


# Shapes: what a value or a keyword's value is.


def _anything(_: Json) -> bool:
    return True


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_text_or_texts(value: Json) -> bool:
    return _is_text(value) or _is_texts(value)


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict)


def _is_object_of_texts(value: Json) -> bool:
    return isinstance(value, dict) and all(map(_is_texts, value.values()))


def _is_flag(value: Json) -> bool:
    return isinstance(value, bool)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Json) -> bool:
    return _is_number(value) and (isinstance(value, int) or value.is_integer())


def _is_count(value: Json) -> bool:
    return _is_integer(value) and value >= 0


def _is_divisor(value: Json) -> bool:
    return _is_number(value) and isfinite(value) and value > 0


def _is_schema(value: Json) -> bool:
    return isinstance(value, dict | bool)


def _is_schemas(value: Json) -> bool:
    return isinstance(value, list) and all(map(_is_schema, value)) and value != []


def _is_schema_map(value: Json) -> bool:
    return isinstance(value, dict) and all(map(_is_schema, value.values()))


_TYPES: dict[str, Callable[[Json], bool]] = {
    "array": _is_list,
    "boolean": _is_flag,
    "integer": _is_integer,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": _is_object,
    "string": _is_text,
}


# Assertions: a value and a keyword's value alone decide.


def _has_type(instance: Json, names: str | list[str]) -> Truth:
    wanted = [names] if isinstance(names, str) else names
    return any_of(_TYPES[name](instance) if name in _TYPES else None for name in wanted)


def _is_multiple(instance: float, divisor: float) -> Truth:
    exact = _exact(instance)
    return exact % _exact(divisor) == 0 if isinstance(exact, Fraction) else None


def _are_unique(instance: list[Json], wanted: bool) -> Truth:  # noqa: FBT001 - the keyword's value
    return not wanted or len(set(map(_key, instance))) == len(instance)


def _has_dependents(instance: dict[str, Json], dependents: dict[str, list[str]]) -> Truth:
    return all(name in instance for key, names in dependents.items() if key in instance for name in names)


def _finds(pattern: str, text: str) -> Truth:
    try:
        return language(pattern).finds(text)
    except (UnsupportedPatternError, TooLargeError):
        return None


class _Assertion(NamedTuple):
    """A keyword: the shape of its value, the values that it speaks of, and what it says of them."""

    shape: Callable[[Json], bool]
    concerns: Callable[[Json], bool]
    holds: Callable[[Json, Json], Truth]


_ASSERTIONS = {
    "const": _Assertion(_anything, _anything, equal),
    "dependentRequired": _Assertion(_is_object_of_texts, _is_object, _has_dependents),
    "enum": _Assertion(_is_list, _anything, lambda it, values: _key(it) in map(_key, values)),
    "exclusiveMaximum": _Assertion(_is_number, _is_number, lambda it, bound: _exact(it) < _exact(bound)),
    "exclusiveMinimum": _Assertion(_is_number, _is_number, lambda it, bound: _exact(it) > _exact(bound)),
    "maxItems": _Assertion(_is_count, _is_list, lambda it, most: len(it) <= most),
    "maxLength": _Assertion(_is_count, _is_text, lambda it, most: len(it) <= most),
    "maxProperties": _Assertion(_is_count, _is_object, lambda it, most: len(it) <= most),
    "maximum": _Assertion(_is_number, _is_number, lambda it, bound: _exact(it) <= _exact(bound)),
    "minItems": _Assertion(_is_count, _is_list, lambda it, least: len(it) >= least),
    "minLength": _Assertion(_is_count, _is_text, lambda it, least: len(it) >= least),
    "minProperties": _Assertion(_is_count, _is_object, lambda it, least: len(it) >= least),
    "minimum": _Assertion(_is_number, _is_number, lambda it, bound: _exact(it) >= _exact(bound)),
    "multipleOf": _Assertion(_is_divisor, _is_number, _is_multiple),
    "pattern": _Assertion(_is_text, _is_text, lambda it, pattern: _finds(pattern, it)),
    "required": _Assertion(_is_texts, _is_object, lambda it, names: all(name in it for name in names)),
    "type": _Assertion(_is_text_or_texts, _anything, _has_type),
    "uniqueItems": _Assertion(_is_flag, _is_list, _are_unique),
}


class _Evaluation:
    """One run over one document: what is left to spend, and what is being looked at."""

    __slots__ = ("document", "formats", "looking", "steps")

    def __init__(self, document: Document, *, formats: bool) -> None:
        self.document = document
        self.formats = formats
        self.steps = 0
        self.looking: set[tuple[int, int]] = set()

    def check(self, instance: Json, schema: Json, outer: Scope) -> _Outcome:
        """The outcome for one value and one schema."""
        if not isinstance(schema, dict):
            return _Outcome(schema) if isinstance(schema, bool) else _in_doubt(instance)
        scope = enter(schema, outer)
        pair = (id(instance), id(schema))
        if scope is None or pair in self.looking or len(self.looking) >= MAX_DEPTH or _is_foreign(schema, scope):
            return _in_doubt(instance)
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _BudgetUsedUpError
        self.looking.add(pair)
        try:
            return self._check_keywords(instance, schema, scope).settled()
        finally:
            self.looking.discard(pair)

    def _check_keywords(self, instance: Json, schema: dict[str, Json], scope: Scope) -> _Outcome:
        seen = _Outcome(verdict=True)
        for outcome in self._outcomes(instance, schema, scope):
            seen = _both(seen, outcome)
            if seen.verdict is False:
                return seen
        for keyword, shape in (("unevaluatedItems", _is_list), ("unevaluatedProperties", _is_object)):
            if keyword in schema and shape(instance):
                seen = _both(seen, self._check_rest(instance, schema[keyword], seen, scope))
        return seen

    def _outcomes(self, instance: Json, schema: dict[str, Json], scope: Scope) -> Iterator[_Outcome]:
        # What decides by itself comes first: most values are refused by it, and cheaply.
        for keyword, value in schema.items():
            assertion = _ASSERTIONS.get(keyword)
            if assertion:
                fits = assertion.shape(value)
                if not fits or assertion.concerns(instance):
                    yield _Outcome(assertion.holds(instance, value) if fits else None)
        if self.formats and isinstance(instance, str) and "format" in schema:
            yield _Outcome(fits_format(instance, schema["format"]) if _is_text(schema["format"]) else None)
        for keyword, value in schema.items():
            if keyword in _APPLICATORS:
                shape, concerns, apply = _APPLICATORS[keyword]
                fits = shape(value)
                if not fits or concerns(instance):
                    yield apply(self, instance, schema, scope) if fits else _in_doubt(instance)

    def refer(self, instance: Json, schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`$ref`."""
        target = self.document.resolve(schema["$ref"], scope)
        return self.check(instance, *target) if target else _in_doubt(instance)

    def all_of(self, instance: Json, schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`allOf`."""
        return _merged([self.check(instance, branch, scope) for branch in schema["allOf"]], all_of)

    def any_of(self, instance: Json, schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`anyOf`: each branch that holds tells what it evaluated."""
        return _merged([self.check(instance, branch, scope) for branch in schema["anyOf"]], any_of)

    def one_of(self, instance: Json, schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`oneOf`."""
        return _merged([self.check(instance, branch, scope) for branch in schema["oneOf"]], _exactly_one)

    def negate(self, instance: Json, schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`not`, which evaluates nothing."""
        return _Outcome(_negation(self.check(instance, schema["not"], scope).verdict))

    def decide(self, instance: Json, schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`if` with `then` and `else`."""
        condition = self.check(instance, schema["if"], scope)
        if condition.verdict is False:
            return self.check(instance, schema.get("else", True), scope)
        yes = self.check(instance, schema.get("then", True), scope)
        if condition.verdict:
            return _both(condition, yes)
        no = self.check(instance, schema.get("else", True), scope)
        verdict = yes.verdict if yes.verdict == no.verdict else None
        return _Outcome(verdict, frozenset(), condition.maybe | yes.maybe | no.maybe)

    def dependents(self, instance: dict[str, Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`dependentSchemas`."""
        branches = schema["dependentSchemas"].items()
        return _merged([self.check(instance, branch, scope) for key, branch in branches if key in instance], all_of)

    def properties(self, instance: dict[str, Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`properties`."""
        named = schema["properties"]
        places = frozenset(key for key in instance if key in named)
        return _Outcome(self._each(instance, named, places, scope), places, places)

    def patterns(self, instance: dict[str, Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`patternProperties`."""
        parts = [_Outcome(verdict=True)]
        for key, value in instance.items():
            for pattern, branch in schema["patternProperties"].items():
                found = _finds(pattern, key)
                if found is not False:
                    verdict = self.check(value, branch, scope).verdict
                    place = frozenset({key})
                    parts.append(
                        _Outcome(verdict if found or verdict else None, place if found else frozenset(), place)
                    )
        return _merged(parts, all_of)

    def additional(self, instance: dict[str, Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`additionalProperties`, beside `properties` and `patternProperties`."""
        patterns = schema.get("patternProperties", {})
        named = schema.get("properties", {})
        if not (_is_object(patterns) and _is_object(named)):
            return _in_doubt(instance)
        parts = [_Outcome(verdict=True)]
        for key, value in instance.items():
            known = True if key in named else any_of(_finds(pattern, key) for pattern in patterns)
            if known is not True:
                verdict = self.check(value, schema["additionalProperties"], scope).verdict
                place = frozenset({key})
                doubtful = known is None
                parts.append(
                    _Outcome(None if doubtful and not verdict else verdict, frozenset() if doubtful else place, place)
                )
        return _merged(parts, all_of)

    def names(self, instance: dict[str, Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`propertyNames`."""
        return _Outcome(all_of(self.check(key, schema["propertyNames"], scope).verdict for key in instance))

    def prefix(self, instance: list[Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`prefixItems`."""
        branches = schema["prefixItems"]
        places = frozenset(range(min(len(branches), len(instance))))
        return _Outcome(self._each(instance, branches, places, scope), places, places)

    def items(self, instance: list[Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`items`, behind `prefixItems`."""
        prefix = schema.get("prefixItems", [])
        if not _is_list(prefix):
            return _in_doubt(instance)
        places = frozenset(range(len(prefix), len(instance)))
        branches = dict.fromkeys(places, schema["items"])
        return _Outcome(self._each(instance, branches, places, scope), places, places)

    def contains(self, instance: list[Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`contains` with `minContains` and `maxContains`."""
        least, most = schema.get("minContains", 1), schema.get("maxContains", len(instance))
        if not (_is_count(least) and _is_count(most)):
            return _in_doubt(instance)
        verdicts = [self.check(item, schema["contains"], scope).verdict for item in instance]
        surely = frozenset(place for place, verdict in enumerate(verdicts) if verdict)
        maybe = frozenset(place for place, verdict in enumerate(verdicts) if verdict is not False)
        enough = True if len(surely) >= least else None if len(maybe) >= least else False
        few = True if len(maybe) <= most else None if len(surely) <= most else False
        return _Outcome(all_of((enough, few)), surely, maybe)

    def _each(self, instance: Json, branches: Json, places: frozenset[Place], scope: Scope) -> Truth:
        return all_of(self.check(instance[place], branches[place], scope).verdict for place in places)

    def _check_rest(self, instance: Json, rest: Json, seen: _Outcome, scope: Scope) -> _Outcome:
        """`unevaluatedItems` and `unevaluatedProperties`."""
        places = _places(instance)
        verdicts = []
        for place in places - seen.surely:
            verdict = self.check(instance[place], rest, scope).verdict
            verdicts.append(verdict if verdict or place not in seen.maybe else None)
        return _Outcome(all_of(verdicts), places, places)


def _is_foreign(schema: dict[str, Json], scope: Scope) -> bool:
    """Whether a schema names a dialect other than those that have been brought into the form of 2020-12."""
    dialect = schema.get("$schema", DIALECT)
    return dialect != DIALECT and not (scope.root is schema and "//json-schema.org/" in str(dialect))


def _both(a: _Outcome, b: _Outcome) -> _Outcome:
    return _merged((a, b), all_of)


def _merged(outcomes: Iterable[_Outcome], combine: Callable[[Iterable[Truth]], Truth]) -> _Outcome:
    parts = list(outcomes)
    nothing: frozenset[Place] = frozenset()
    return _Outcome(
        combine([part.verdict for part in parts]),
        nothing.union(*(part.surely for part in parts)),
        nothing.union(*(part.maybe for part in parts)),
    )


def _exactly_one(verdicts: Iterable[Truth]) -> Truth:
    known = list(verdicts)
    certain, possible = known.count(True), len(known) - known.count(False)
    return False if certain > 1 or possible == 0 else True if certain == possible else None


def _never(_: _Evaluation, instance: Json, _schema: dict[str, Json], _scope: Scope) -> _Outcome:
    return _in_doubt(instance)


_Apply = Callable[[_Evaluation, Json, dict[str, Json], Scope], _Outcome]
_APPLICATORS: dict[str, tuple[Callable[[Json], bool], Callable[[Json], bool], _Apply]] = {
    "$dynamicRef": (_anything, _anything, _never),
    "$recursiveRef": (_anything, _anything, _never),
    "$ref": (_is_text, _anything, _Evaluation.refer),
    "additionalProperties": (_is_schema, _is_object, _Evaluation.additional),
    "allOf": (_is_schemas, _anything, _Evaluation.all_of),
    "anyOf": (_is_schemas, _anything, _Evaluation.any_of),
    "contains": (_is_schema, _is_list, _Evaluation.contains),
    "dependentSchemas": (_is_schema_map, _is_object, _Evaluation.dependents),
    "if": (_is_schema, _anything, _Evaluation.decide),
    "items": (_is_schema, _is_list, _Evaluation.items),
    "not": (_is_schema, _anything, _Evaluation.negate),
    "oneOf": (_is_schemas, _anything, _Evaluation.one_of),
    "patternProperties": (_is_schema_map, _is_object, _Evaluation.patterns),
    "prefixItems": (_is_schemas, _is_list, _Evaluation.prefix),
    "properties": (_is_schema_map, _is_object, _Evaluation.properties),
    "propertyNames": (_is_schema, _is_object, _Evaluation.names),
}
