"""Random schemas, changes of them, and values: what the properties of comparisons are tried on."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

Json = Any
SEEDS = st.integers(0, 2**32)
_KEYS = ("a", "b", "c")
_LEAVES: list[Json] = [
    {},
    True,
    False,
    {"type": "string"},
    {"type": "integer"},
    {"type": "number"},
    {"type": "null"},
    {"type": "boolean"},
    {"type": ["string", "null"]},
    {"type": ["integer", "string"]},
    {"enum": [1, "a", None]},
    {"enum": [True, "b", 1.5]},
    {"const": 1},
    {"const": "a"},
    {"const": None},
    {"type": "string", "minLength": 1},
    {"type": "string", "maxLength": 3},
    {"type": "integer", "minimum": 1},
    {"type": "number", "maximum": 1.5},
    {"type": "number", "exclusiveMinimum": 0},
    {"multipleOf": 2},
    {"multipleOf": 0.5},
    {"type": "integer", "minimum": 0, "maximum": 3},
    {"type": "string", "pattern": "^a"},
    {"type": "string", "pattern": "^a+$"},
    {"type": "string", "pattern": "^[ab]*$"},
]
_SCALARS: list[Json] = [None, True, False, 0, 1, 2, 3, -1, 1.5, 0.5, "", "a", "b", "aa", "ab", "aaa", "zzzz", 6, 12]


def schema_of(seed: int) -> Json:
    """A schema that refers to one definition."""
    return _rooted(Random(seed))


def pair_of(seed: int) -> tuple[Json, Json]:
    """A schema, and one that came of it by a few changes."""
    rng = Random(seed)
    old = _rooted(rng)
    return old, _changed(rng, old, rng.choice((0.1, 0.25, 0.5)))


def values_of(seed: int, count: int = 40) -> list[Json]:
    """Values in which such schemas may find something."""
    rng = Random(seed + 1)
    return [_value(rng, 0) for _ in range(count)]


def _rooted(rng: Random) -> Json:
    schema = _object(rng, 0) if rng.random() < 0.5 else _schema(rng, 0)
    return {"allOf": [schema], "$defs": {"N": _guarded(rng)}} if isinstance(schema, bool) else {
        **schema, "$defs": {"N": _guarded(rng)}
    }  # fmt: skip


def _guarded(rng: Random) -> Json:
    """A definition that leads to itself by way of a value, if it does."""
    return rng.choice((_object(rng, 1), {"type": "array", "items": {"$ref": "#/$defs/N"}}, {"type": "string"}))


def _schema(rng: Random, depth: int) -> Json:
    if depth > 2 or rng.random() < 0.25:
        return rng.choice(_LEAVES)
    make = rng.choices((_object, _array, _union, _reference), (35, 15, 20, 5))[0]
    return make(rng, depth)


def _object(rng: Random, depth: int) -> Json:
    schema: dict[str, Json] = {"type": "object"}
    schema["properties"] = {key: _schema(rng, depth + 1) for key in rng.sample(_KEYS, rng.randint(0, 3))}
    for keyword, share, make in (
        ("required", 0.5, lambda: sorted(rng.sample(_KEYS, rng.randint(1, 2)))),
        ("additionalProperties", 0.4, lambda: rng.choice((False, True, _schema(rng, depth + 1)))),
        ("minProperties", 0.1, lambda: rng.randint(0, 2)),
        ("maxProperties", 0.1, lambda: rng.randint(1, 3)),
        ("patternProperties", 0.1, lambda: {rng.choice(("^a", "b")): _schema(rng, depth + 1)}),
        ("propertyNames", 0.07, lambda: rng.choice(({"maxLength": 1}, {"enum": ["a", "b"]}, {"pattern": "^a"}))),
        ("dependentRequired", 0.1, lambda: {rng.choice(_KEYS): [rng.choice(_KEYS)]}),
        ("dependentSchemas", 0.07, lambda: {rng.choice(_KEYS): _schema(rng, depth + 1)}),
        ("unevaluatedProperties", 0.05, lambda: False),
    ):
        if rng.random() < share:
            schema[keyword] = make()
    return schema


def _array(rng: Random, depth: int) -> Json:
    schema: dict[str, Json] = {"type": "array"}
    for keyword, share, make in (
        ("items", 0.7, lambda: _schema(rng, depth + 1)),
        ("prefixItems", 0.3, lambda: [_schema(rng, depth + 1) for _ in range(rng.randint(1, 2))]),
        ("minItems", 0.3, lambda: rng.randint(0, 2)),
        ("maxItems", 0.3, lambda: rng.randint(0, 3)),
        ("uniqueItems", 0.2, lambda: True),
        ("contains", 0.2, lambda: _schema(rng, depth + 1)),
        ("minContains", 0.1, lambda: rng.randint(0, 2)),
        ("maxContains", 0.1, lambda: rng.randint(1, 2)),
        ("unevaluatedItems", 0.05, lambda: False),
    ):
        if rng.random() < share:
            schema[keyword] = make()
    return schema


def _union(rng: Random, depth: int) -> Json:
    keyword = rng.choice(("anyOf", "oneOf", "allOf", "not", "if"))
    if keyword == "not":
        return {"not": _schema(rng, depth + 1)}
    if keyword == "if":
        return {part: _schema(rng, depth + 1) for part in ("if", "then", "else")}
    return {keyword: [_schema(rng, depth + 1) for _ in range(rng.randint(1, 3))]}


def _reference(rng: Random, depth: int) -> Json:
    return {"type": "array", "items": {"$ref": "#/$defs/N"}} if depth else {"$ref": "#/$defs/N"}


def _changed(rng: Random, schema: Json, share: float) -> Json:
    if not isinstance(schema, dict) or "$ref" in schema:
        return schema
    if rng.random() < share * 0.4 and "$defs" not in schema:
        return _schema(rng, 2)
    return {
        key: value if key == "$defs" and rng.random() < 0.5 else _keyword(rng, key, value, share)
        for key, value in schema.items()
        if key == "$defs" or rng.random() > share * 0.3
    }


def _keyword(rng: Random, key: str, value: Json, share: float) -> Json:
    if key in ("properties", "patternProperties", "dependentSchemas", "$defs"):
        return {k: _changed(rng, v, share) for k, v in value.items() if key == "$defs" or rng.random() > 0.1}
    if key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        return [_changed(rng, item, share) for item in value if rng.random() > 0.1] or [_schema(rng, 2)]
    if key in ("items", "additionalProperties", "not", "if", "then", "else", "contains"):
        return _changed(rng, value, share)
    if key.startswith(("min", "max")) and isinstance(value, int):
        return max(0, value + rng.choice((-1, 0, 1)))
    return value


def _value(rng: Random, depth: int) -> Json:
    kind = rng.random()
    if depth > 2 or kind < 0.5:
        return rng.choice(_SCALARS)
    if kind < 0.8:
        return {key: _value(rng, depth + 1) for key in rng.sample((*_KEYS, "d", "ab"), rng.randint(0, 3))}
    return [_value(rng, depth + 1) for _ in range(rng.randint(0, 3))]
