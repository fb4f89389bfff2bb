"""What an event class declares: its name, its version, its schema, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

Json = Any

OPAQUE = "x-jerry-opaque"
"""The keyword of a schema that cannot be told without importing the class; its value is what the source says there."""

_NAMED = re.compile(r"(?P<name>.+)\.v(?P<version>[1-9][0-9]{0,5})")
_SUFFIXED = re.compile(r"(?P<name>.*[^V0-9_])_?V(?P<version>[1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredEvent:
    """An event class; `version` is None where it says none, `opaque` are JSON pointers to what cannot be told of it."""

    name: str
    version: int | None
    schema: Json
    path: str
    line: int
    module: str
    qualname: str
    opaque: tuple[str, ...] = ()

    def without(self, fields: Iterable[str]) -> DeclaredEvent:
        """The same with some fields left out of its schema."""
        return replace(self, schema=without(self.schema, fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProblem:
    """Something that the settings name and that cannot be read; `line` is 0 where there is none."""

    message: str
    mend: str
    path: str = ""
    line: int = 0


def named(class_name: str, name: object, version: object) -> tuple[str, int | None]:
    """An event's name and version, by its class's name and the values of the two attributes, None where there is none.

    `order_placed.v2` is version 2 of `order_placed`; a class `OrderPlacedV2` without a name is version 2 of
    `OrderPlaced`.
    """
    own = version if type(version) is int and version > 0 else None
    if not isinstance(name, str):
        match = _SUFFIXED.fullmatch(class_name)
        return (match["name"], own or int(match["version"])) if match else (class_name, own)
    match = _NAMED.fullmatch(name)
    return (match["name"], int(match["version"])) if match else (name, own)


def without(schema: Json, fields: Iterable[str]) -> Json:
    """An object's schema without some of its properties."""
    left_out = set(fields)
    if not isinstance(schema, dict) or not left_out:
        return schema
    properties = {key: value for key, value in schema.get("properties", {}).items() if key not in left_out}
    required = [key for key in schema.get("required", ()) if key not in left_out]
    return {**schema, "properties": properties, "required": required} if "properties" in schema else schema


def opaque_places(schema: Json, pointer: str = "") -> tuple[str, ...]:
    """The JSON pointers of what cannot be told, in a schema."""
    if isinstance(schema, list):
        return tuple(place for n, item in enumerate(schema) for place in opaque_places(item, f"{pointer}/{n}"))
    if not isinstance(schema, dict):
        return ()
    if OPAQUE in schema:
        return (pointer,)
    return tuple(place for key, item in schema.items() for place in opaque_places(item, f"{pointer}/{key}"))


def differences(static: Json, published: Json) -> list[str]:
    """The JSON pointers at which two schemas in canonical form differ; what cannot be told matches anything."""
    from jerry_domain.schemas.canonical import canonical

    one, other = canonical(static), canonical(published)
    return list(_differing((one, one), (other, other), "", {}))


def _differing(
    one: tuple[Json, Json], other: tuple[Json, Json], pointer: str, seen: dict[tuple[int, int], Json]
) -> Iterable[str]:
    """Pairs of a document and a schema in it: definitions are followed, for their names say nothing."""
    mine, yours = _followed(*one), _followed(*other)
    if (id(mine), id(yours)) in seen or _is_untold(mine):
        return
    if isinstance(mine, dict) and isinstance(yours, dict):
        seen[id(mine), id(yours)] = (mine, yours)  # held, so that no other gets the same id
        mine, yours = _told(mine, yours)
        for key in sorted((mine.keys() | yours.keys()) - {"$defs"}):
            place = f"{pointer}/{key}"
            if key in mine and _is_untold(mine[key]):
                continue
            if key in mine and key in yours:
                yield from _differing((one[0], mine[key]), (other[0], yours[key]), place, seen)
            else:
                yield place
    elif isinstance(mine, list) and isinstance(yours, list) and len(mine) == len(yours):
        for number, (left, right) in enumerate(zip(mine, yours, strict=True)):
            yield from _differing((one[0], left), (other[0], right), f"{pointer}/{number}", seen)
    elif mine != yours or type(mine) is not type(yours):
        yield pointer


def _told(mine: Json, yours: Json) -> tuple[Json, Json]:
    """Two schemas without the properties that cannot be told of mine: required or not, and by whatever name.

    One that is not among yours has another name there, or is none: as many of yours that are not mine may be it.
    """
    if not isinstance(mine.get("properties"), dict) or not isinstance(yours.get("properties"), dict):
        return mine, yours
    untold = {key for key, schema in mine["properties"].items() if _is_untold(schema)}
    renamed = len(untold - yours["properties"].keys())
    left_out = untold | set(sorted(yours["properties"].keys() - mine["properties"].keys())[:renamed])
    return _slim(mine, left_out), _slim(yours, left_out)


def _slim(schema: Json, left_out: set[str]) -> Json:
    slim = without(schema, left_out)
    return {key: value for key, value in slim.items() if key != "required" or value}


def _is_untold(schema: Json) -> bool:
    """Whether nothing is said: by the schema, or by a branch of it, which then may be any other's."""
    if not isinstance(schema, dict):
        return False
    return OPAQUE in schema or any(_is_untold(branch) for key in ("anyOf", "oneOf") for branch in schema.get(key, ()))


def _followed(document: Json, schema: Json) -> Json:
    if isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str) and isinstance(document, dict):
        definitions: Mapping[str, Json] = document.get("$defs", {})
        return definitions.get(reference.removeprefix("#/$defs/"), schema)
    return schema
