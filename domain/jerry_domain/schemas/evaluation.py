"""Whether a value is valid against a JSON Schema of 2020-12, in three values: yes, no, and None for "cannot tell".

Yes and no are claims. None is the answer to a reference that leaves the document, a dynamic one or a cycle of them, to
a keyword with a value that it cannot have, to a pattern or format that is not understood, and to work without end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from jerry_domain.schemas.assertions import (
    ASSERTIONS,
    Truth,
    all_of,
    any_of,
    anything,
    equal,
    finds,
    is_count,
    is_list,
    is_object,
    is_schema,
    is_schema_map,
    is_schemas,
    is_text,
)
from jerry_domain.schemas.formats import fits_format
from jerry_domain.schemas.references import Document, Scope, enter

__all__ = ["equal", "valid"]

Json = Any
Place = str | int

MAX_STEPS: Final = 20_000
"""How many pairs of a value and a schema are looked at."""
MAX_DEPTH: Final = 80
"""How deep they nest; each level takes a handful of Python's frames."""
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class Budget:
    """How many pairs of a value and a schema may still be looked at, over several evaluations."""

    __slots__ = ("left",)

    def __init__(self, left: int = MAX_STEPS) -> None:
        self.left = left


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


def valid(
    instance: Json, schema: Json, root: Json | None = None, *, formats: bool = False, budget: Budget | None = None
) -> bool | None:
    """Whether the value is valid, or None where that cannot be told; `format` is asserted if `formats`.

    `root` is the document, or embedded resource, that the schema's references are read in. What is looked at is taken
    off the `budget`, by default one of its own.
    """
    try:
        document = Document(schema if root is None else root)
        evaluation = _Evaluation(document, Budget() if budget is None else budget, formats=formats)
        return evaluation.check(instance, schema, evaluation.document.root).verdict
    except (_BudgetUsedUpError, RecursionError):
        return None


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


class _Evaluation:
    """One run over one document: what is left to spend, and what is being looked at."""

    __slots__ = ("budget", "document", "formats", "looking")

    def __init__(self, document: Document, budget: Budget, *, formats: bool) -> None:
        self.document = document
        self.budget = budget
        self.formats = formats
        self.looking: set[tuple[int, int]] = set()

    def check(self, instance: Json, schema: Json, outer: Scope) -> _Outcome:
        """The outcome for one value and one schema."""
        if not isinstance(schema, dict):
            return _Outcome(schema) if isinstance(schema, bool) else _in_doubt(instance)
        scope = enter(schema, outer)
        pair = (id(instance), id(schema))
        if scope is None or pair in self.looking or len(self.looking) >= MAX_DEPTH or _is_foreign(schema, scope):
            return _in_doubt(instance)
        self.budget.left -= 1
        if self.budget.left < 0:
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
        for keyword, shape in (("unevaluatedItems", is_list), ("unevaluatedProperties", is_object)):
            if keyword in schema and shape(instance):
                seen = _both(seen, self._check_rest(instance, schema[keyword], seen, scope))
        return seen

    def _outcomes(self, instance: Json, schema: dict[str, Json], scope: Scope) -> Iterator[_Outcome]:
        # What decides by itself comes first: most values are refused by it, and cheaply.
        for keyword, value in schema.items():
            assertion = ASSERTIONS.get(keyword)
            if assertion:
                fits = assertion.shape(value)
                if not fits or assertion.concerns(instance):
                    yield _Outcome(assertion.holds(instance, value) if fits else None)
        if self.formats and isinstance(instance, str) and "format" in schema:
            yield _Outcome(fits_format(instance, schema["format"]) if is_text(schema["format"]) else None)
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
                found = finds(pattern, key)
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
        if not (is_object(patterns) and is_object(named)):
            return _in_doubt(instance)
        parts = [_Outcome(verdict=True)]
        for key, value in instance.items():
            known = True if key in named else any_of(finds(pattern, key) for pattern in patterns)
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
        if not is_list(prefix):
            return _in_doubt(instance)
        places = frozenset(range(len(prefix), len(instance)))
        branches = dict.fromkeys(places, schema["items"])
        return _Outcome(self._each(instance, branches, places, scope), places, places)

    def contains(self, instance: list[Json], schema: dict[str, Json], scope: Scope) -> _Outcome:
        """`contains` with `minContains` and `maxContains`."""
        least, most = schema.get("minContains", 1), schema.get("maxContains", len(instance))
        if not (is_count(least) and is_count(most)):
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
    "$dynamicRef": (anything, anything, _never),
    "$recursiveRef": (anything, anything, _never),
    "$ref": (is_text, anything, _Evaluation.refer),
    "additionalProperties": (is_schema, is_object, _Evaluation.additional),
    "allOf": (is_schemas, anything, _Evaluation.all_of),
    "anyOf": (is_schemas, anything, _Evaluation.any_of),
    "contains": (is_schema, is_list, _Evaluation.contains),
    "dependentSchemas": (is_schema_map, is_object, _Evaluation.dependents),
    "if": (is_schema, anything, _Evaluation.decide),
    "items": (is_schema, is_list, _Evaluation.items),
    "not": (is_schema, anything, _Evaluation.negate),
    "oneOf": (is_schemas, anything, _Evaluation.one_of),
    "patternProperties": (is_schema_map, is_object, _Evaluation.patterns),
    "prefixItems": (is_schemas, is_list, _Evaluation.prefix),
    "properties": (is_schema_map, is_object, _Evaluation.properties),
    "propertyNames": (is_schema, is_object, _Evaluation.names),
}
