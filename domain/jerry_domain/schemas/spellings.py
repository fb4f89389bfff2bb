"""One spelling for each meaning of a schema's keywords, where what they hold is in its form already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from jerry_domain.schemas.shapes import kind_of

Json = Any

EVALUATING = frozenset(("additionalProperties", "unevaluatedProperties", "items", "unevaluatedItems"))
"""Words that say something even where they let all in: what they let in, `unevaluated...` around them does not see."""
_TRIVIAL: Mapping[str, tuple[Json, ...]] = {
    "additionalProperties": (True,), "items": (True,), "propertyNames": (True,), "unevaluatedItems": (True,),
    "unevaluatedProperties": (True,), "minLength": (0,), "minItems": (0,), "minProperties": (0,), "required": ([],),
    "uniqueItems": (False,), "patternProperties": ({},), "dependentRequired": ({},), "dependentSchemas": ({},),
    "allOf": ([],), "prefixItems": ([],), "$defs": ({},), "definitions": ({},),
}  # fmt: skip
_DECIMAL = "^(?!^[-+.]*$)[+-]?0*"
"""How pydantic's pattern for a Decimal begins: releases differ in whether they write it, and in its rest."""


def text_of(schema: Json) -> str:
    """A schema as text without spaces, by which schemas are ordered and told apart."""
    return json.dumps(schema, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def simplify(written: dict[str, Json], *, keep: frozenset[str]) -> None:
    """Write one schema in the one way; words of `keep` stay though they let anything in."""
    before: dict[str, Json] = {}
    while written != before:
        before = dict(written)
        _trivial(written, keep)
        _types(written)
        _values(written)
        _branches(written)
        if isinstance(written.get("required"), list):
            written["required"] = _unique(written["required"])
        if isinstance(pattern := written.get("pattern"), str) and pattern.startswith(_DECIMAL):
            del written["pattern"]
        _closed_tuple(written)


def _trivial(written: dict[str, Json], keep: frozenset[str]) -> None:
    for key, values in _TRIVIAL.items():
        if key in written and key not in keep and _is_one_of(written[key], values):
            del written[key]


def _branches(written: dict[str, Json]) -> None:
    for key in ("anyOf", "allOf"):
        if isinstance(written.get(key), list):
            written[key] = _unique(_flat(key, written[key]))
    if isinstance(written.get("oneOf"), list):
        written["oneOf"] = _sorted(written["oneOf"])
    if isinstance(written.get("anyOf"), list):
        written["anyOf"] = _merged(written["anyOf"])
    _unwrap(written)


def _is_one_of(value: Json, values: Iterable[Json]) -> bool:
    return any(type(value) is type(other) and value == other for other in values)


def _closed_tuple(written: dict[str, Json]) -> None:
    """That nothing follows the places of a tuple is said by their number."""
    places, most = written.get("prefixItems"), written.get("maxItems")
    if written.get("items") is False and isinstance(places, list) and isinstance(most, int | None):
        del written["items"]
        written["maxItems"] = len(places) if most is None else min(most, len(places))


def _types(written: dict[str, Json]) -> None:
    kinds = written.get("type")
    if written.get("nullable") is True and isinstance(kinds, str | list):
        kinds = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
    if isinstance(written.get("nullable"), bool):
        del written["nullable"]
    if isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds):
        kinds = sorted(set(kinds) - ({"integer"} if "number" in kinds else set()))
        kinds = kinds[0] if len(kinds) == 1 else kinds
    if kinds is not None:
        written["type"] = kinds


def _values(written: dict[str, Json]) -> None:
    """One listed value is a constant, and a type that all listed values have is said by them."""
    if "const" in written:
        written["const"] = whole(written["const"])
    if isinstance(written.get("enum"), list) and "const" not in written:
        written["enum"] = _unique([whole(value) for value in written["enum"]])
        if len(written["enum"]) == 1:
            (written["const"],) = written.pop("enum")
    listed = written.get("enum", [written["const"]] if "const" in written else None)
    kinds = written.get("type")
    if isinstance(listed, list) and kinds is not None and all(_has_type(value, kinds) for value in listed):
        del written["type"]
    if "const" in written and written["const"] is None and "type" not in written:
        written.pop("const")
        written["type"] = "null"


def whole(value: Json) -> Json:
    """A number without a fraction as an integer: to JSON Schema both are one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _has_type(value: Json, kinds: Json) -> bool:
    named = kinds if isinstance(kinds, list) else [kinds]
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return kind_of(value) in named or (is_whole and "integer" in named)


def _flat(key: str, branches: list[Json]) -> list[Json]:
    """The branches, with those of a branch that is nothing but a union, or a conjunction, in its place."""
    found: list[Json] = []
    for branch in branches:
        is_inner = isinstance(branch, dict) and branch.keys() == {key} and isinstance(branch[key], list)
        found += branch[key] if is_inner else [branch]
    return found


def _merged(branches: list[Json]) -> list[Json]:
    """Branches that are nothing but a type, as one."""
    plain = [branch for branch in branches if isinstance(branch, dict) and branch.keys() == {"type"}]
    if len(plain) < 2:
        return branches
    kinds = [kind for branch in plain for kind in _listed(branch["type"])]
    one = {"type": kinds}
    _types(one)
    return _sorted([one, *(branch for branch in branches if branch not in plain)])


def _listed(kinds: Json) -> list[Json]:
    return kinds if isinstance(kinds, list) else [kinds]


def _unwrap(written: dict[str, Json]) -> None:
    """A union or conjunction of one is that one, where nothing but a default stands beside."""
    for key in ("anyOf", "oneOf", "allOf"):
        if key in written and isinstance(written[key], list) and len(written[key]) == 1:
            beside = written.keys() - {key, "default", "discriminator"}
            (branch,) = written[key]
            if not beside and isinstance(branch, dict):
                del written[key]
                written.pop("discriminator", None)
                written.update({**branch, **written})
            elif branch is True and key != "oneOf":
                del written[key]


def _unique(values: list[Json]) -> list[Json]:
    return [json.loads(text) for text in sorted({text_of(value) for value in values})]


def _sorted(values: list[Json]) -> list[Json]:
    return sorted(values, key=text_of)
