"""Random schemas with words strewn over them that say nothing, say it twice, or contradict each other."""

from __future__ import annotations

from random import Random
from typing import Any

from jerry_domain.schemas.dialects import LISTS, MAPS, ONE
from tests.domain.schemas.random_schemas import schema_of

Json = Any
_WORDS: dict[str, list[Json]] = {
    "const": [None, 1, 1.0, "a", True, [1.0]],
    "enum": [[1, 1.0], [None], ["a", "b", "a"], [True, 1], [0, False]],
    "type": ["null", "string", ["integer", "number"], ["string", "null"], ["array"]],
    "items": [False, True, {}],
    "prefixItems": [[True], [{"type": "integer"}, {}], []],
    "maxItems": [0, 1, 3, 1.0],
    "unevaluatedItems": [False, True],
    "unevaluatedProperties": [False, True, {"type": "integer"}],
    "additionalProperties": [True, {}, False],
    "title": ["x"],
    "allOf": [[{}], [True, {"items": True}], [{"additionalProperties": True}]],
    "anyOf": [[{"type": "string"}, {"type": ["null", "integer"]}], [{"anyOf": [{"const": None}]}], [{}]],
    "oneOf": [[{}], [True, False]],
    "properties": [{"title": {"title": "q"}, "a": {"const": 1.0}}],
    "not": [{}, False],
    "required": [[], ["a", "a"]],
    "$ref": ["#/$defs/N", "#/$defs/M", "#/$defs/T", "#/$defs/F", "#t"],
}


def odd_schema_of(seed: int) -> Json:
    """A schema of `schema_of` with more definitions and with words strewn in; nothing that it refers to is missing."""
    rng = Random(seed)
    schema = _strewn(rng, schema_of(seed), may_refer=True)
    own = {"M": {"$ref": "#/$defs/N", "title": "m"}, "T": True, "F": False, "U": {"$anchor": "t", "type": "string"}}
    schema["$defs"] |= own
    return schema


def _strewn(rng: Random, schema: Json, *, may_refer: bool) -> Json:
    if not isinstance(schema, dict):
        return schema
    found = {key: _inside(rng, key, value) for key, value in schema.items()}
    while rng.random() < 0.3:
        word = rng.choice(list(_WORDS))
        if may_refer or word != "$ref":
            found[word] = rng.choice(_WORDS[word])
    return found


def _inside(rng: Random, key: str, value: Json) -> Json:
    if key in MAPS:  # a definition that leads to itself without a value in between has no meaning
        return {name: _strewn(rng, item, may_refer=key != "$defs") for name, item in value.items()}
    if key in LISTS:
        return [_strewn(rng, item, may_refer=False) for item in value]
    return _strewn(rng, value, may_refer=key in ("items", "contains")) if key in ONE else value
