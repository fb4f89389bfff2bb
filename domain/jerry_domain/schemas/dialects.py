"""JSON Schema's dialects, draft-04 to 2020-12, spelled as 2020-12 spells them (rule N4 of docs/schema-rules.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any

DIALECTS: Mapping[str, int] = {
    "http://json-schema.org/draft-04/schema": 4,
    "http://json-schema.org/draft-06/schema": 6,
    "http://json-schema.org/draft-07/schema": 7,
    "https://json-schema.org/draft/2019-09/schema": 2019,
    "https://json-schema.org/draft/2020-12/schema": 2020,
}
"""What `$schema` may say, without its empty fragment."""

ONE = frozenset(
    (
        "additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else", "unevaluatedItems",
        "unevaluatedProperties", "contentSchema",
    )
)  # fmt: skip
"""Keywords that hold a schema."""
LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
"""Keywords that hold a list of schemas."""
MAPS = frozenset(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"))
"""Keywords that hold schemas by name."""

_SINCE = {"const": 6, "contains": 6, "propertyNames": 6, "if": 7, "then": 7, "else": 7, "dependentRequired": 2019,
    "dependentSchemas": 2019, "minContains": 2019, "maxContains": 2019, "unevaluatedItems": 2019,
    "unevaluatedProperties": 2019, "prefixItems": 2020, "$dynamicRef": 2020, "$recursiveRef": 2019}  # fmt: skip


class DialectError(ValueError):
    """A schema that is none, or whose dialect is not known; `pointer` is the place."""

    def __init__(self, message: str, pointer: str) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Modern:
    """A schema in 2020-12's spelling, and from each place in it the JSON pointer where it stood before."""

    root: Json
    origins: Mapping[str, str] = field(default_factory=dict)


def dialect(schema: Json) -> int | None:
    """The draft that `$schema` names, as 4, 6, 7, 2019 or 2020; None where it names none; raises `DialectError`."""
    named = schema.get("$schema") if isinstance(schema, dict) else None
    if named is None:
        return None
    if not isinstance(named, str) or named.removesuffix("#") not in DIALECTS:
        raise DialectError(f"the dialect {named!r} is not known", "/$schema")
    return DIALECTS[named.removesuffix("#")]


def modern(schema: Json) -> Modern:
    """The schema in 2020-12's spelling; raises `DialectError`, `RecursionError`."""
    writer = _Writer(dialect(schema), schema)
    root = writer.node(schema, "", "")
    writer.retarget()
    if isinstance(root, dict):
        root.pop("$schema", None)
    return Modern(root, writer.origins)


def escaped(key: str) -> str:
    """A key as a token of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


class _Writer:
    def __init__(self, draft: int | None, schema: Json) -> None:
        self._draft = draft
        self._is_legacy = draft is None and _has_legacy(schema)
        self._written: list[dict[str, Json]] = []
        self.origins: dict[str, str] = {}

    def retarget(self) -> None:
        """Let each reference name the place where its target stands now."""
        places = {old: new for new, old in self.origins.items()}
        for schema in self._written:
            target = schema.get("$ref")
            if isinstance(target, str) and target[:1] == "#" and target[1:] in places:
                schema["$ref"] = f"#{places[target[1:]]}"

    def node(self, schema: Json, old: str, new: str) -> Json:
        if isinstance(schema, bool):
            self.origins[new] = old
            return schema
        if not isinstance(schema, dict):
            raise DialectError("a schema is an object, true or false", old)
        self.origins[new] = old
        if self._ignores_siblings(schema, old):
            schema = {key: value for key, value in schema.items() if key in ("$ref", "definitions", "$defs")}
        written: dict[str, Json] = {}
        for key, value in schema.items():
            self._keyword(schema, key, value, (old, new), written)
        _nullable(written)
        self._written.append(written)
        return written

    def _ignores_siblings(self, schema: Mapping[str, Json], place: str) -> bool:
        if "$ref" not in schema or not isinstance(schema["$ref"], str):
            return False
        if self._is_legacy and set(schema) - {"$ref", "definitions", "title", "description", "$comment", "default"}:
            raise DialectError("keywords beside $ref count or not, by the dialect: name it in $schema", place)
        return self._draft in (4, 6, 7)

    def _keyword(
        self, schema: Mapping[str, Json], key: str, value: Json, at: tuple[str, str], written: dict[str, Json]
    ) -> None:
        if self._draft is not None and _SINCE.get(key, 0) > self._draft:
            return  # not a keyword of that dialect: ignored by its rules
        old, new = (f"{place}/{escaped(key)}" for place in at)
        if not self._bound(schema, key, value, old, written) and not self._former(schema, key, value, at, written):
            written[key] = self._inside(key, value, old, new)

    def _bound(self, schema: Mapping[str, Json], key: str, value: Json, old: str, written: dict[str, Json]) -> bool:
        """Write a bound as draft-06 has it, where an exclusive one is a number; whether it is one of draft-04's."""
        if key in ("exclusiveMinimum", "exclusiveMaximum") and isinstance(value, bool):
            self._only_before(6, f"{key} is a number", old)
            if value:
                written[key] = _excluded(schema, key, old)
            return True
        return key in ("minimum", "maximum") and schema.get(f"exclusive{key.capitalize()}") is True

    def _former(
        self, schema: Mapping[str, Json], key: str, value: Json, at: tuple[str, str], written: dict[str, Json]
    ) -> bool:
        """Write a keyword that 2020-12 has no more; whether it is one."""
        old, new = f"{at[0]}/{escaped(key)}", at[1]
        if key == "items" and isinstance(value, list):
            self._only_before(2020, "items is one schema", old)
            written["prefixItems"] = self._list(value, old, f"{new}/prefixItems")
        elif key == "additionalItems" and self._draft != 2020:
            if isinstance(schema.get("items"), list):
                written["items"] = self.node(value, old, f"{new}/items")
        elif key == "dependencies" and self._draft not in (2019, 2020):
            self._dependencies(value, old, new, written)
        elif key == "id" and self._draft == 4:
            written["$id"] = value
        else:
            return False
        return True

    def _inside(self, key: str, value: Json, old: str, new: str) -> Json:
        if key in ONE:
            return self.node(value, old, new)
        if key in LISTS:
            return self._list(value, old, new)
        if key in MAPS:
            return self._map(value, old, new)
        return value

    def _list(self, value: Json, old: str, new: str) -> list[Json]:
        if not isinstance(value, list):
            raise DialectError("a list of schemas is expected", old)
        return [self.node(item, f"{old}/{place}", f"{new}/{place}") for place, item in enumerate(value)]

    def _map(self, value: Json, old: str, new: str) -> dict[str, Json]:
        if not isinstance(value, dict):
            raise DialectError("schemas by name are expected", old)
        return {
            name: self.node(item, f"{old}/{escaped(name)}", f"{new}/{escaped(name)}") for name, item in value.items()
        }

    def _dependencies(self, value: Json, old: str, new: str, written: dict[str, Json]) -> None:
        if not isinstance(value, dict):
            raise DialectError("dependencies by name are expected", old)
        for name, needed in value.items():
            token = escaped(name)
            if isinstance(needed, list):
                written.setdefault("dependentRequired", {})[name] = needed
            else:
                place = f"{new}/dependentSchemas/{token}"
                written.setdefault("dependentSchemas", {})[name] = self.node(needed, f"{old}/{token}", place)

    def _only_before(self, draft: int, message: str, place: str) -> None:
        if self._draft is not None and self._draft >= draft:
            raise DialectError(f"in this dialect {message}", place)


def _excluded(schema: Mapping[str, Json], key: str, place: str) -> Json:
    plain = key.removeprefix("exclusive").lower()
    if plain not in schema:
        raise DialectError(f"{key} needs {plain} beside it", place)
    return schema[plain]


def _nullable(written: dict[str, Json]) -> None:
    """OpenAPI's `nullable` beside a `type` is one more type (rule T5)."""
    if written.get("nullable") is True and isinstance(kinds := written.get("type"), str | list):
        known = [kinds] if isinstance(kinds, str) else kinds
        written["type"] = known if "null" in known else [*known, "null"]
    if isinstance(written.get("nullable"), bool):
        del written["nullable"]


def _has_legacy(schema: Json) -> bool:
    """Whether a schema that names no dialect is written in a way that 2020-12 does not know."""
    if isinstance(schema, list):
        return any(_has_legacy(item) for item in schema)
    if not isinstance(schema, dict):
        return False
    flags = (schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum"))
    marks = (isinstance(schema.get("items"), list), isinstance(schema.get("dependencies"), dict))
    return any(isinstance(flag, bool) for flag in flags) or any(marks) or any(map(_has_legacy, schema.values()))
