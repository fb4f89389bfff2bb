"""The canonical form of a JSON Schema: one spelling for all that means the same, with whatever generates it.

Two schemas of one form are one schema (rules R1, R2, O14, O19, F1 of docs/schema-rules.md); nothing is ever compared
byte by byte, for the same class is written otherwise by every release of pydantic.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from jerry_domain.schemas.dialects import LISTS, MAPS, ONE
from jerry_domain.schemas.shapes import kind_of

Json = Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""What published schemas are written in."""

_ANNOTATIONS = frozenset(("title", "description", "examples", "$comment", "deprecated", "readOnly", "writeOnly"))
_HEAD = ("$schema", "$id", "title", "description", "$comment")
_SETS = frozenset(("required", "enum", "type"))
_TRIVIAL: Mapping[str, tuple[Json, ...]] = {
    "additionalProperties": (True,), "items": (True,), "propertyNames": (True,), "unevaluatedItems": (True,),
    "unevaluatedProperties": (True,), "minLength": (0,), "minItems": (0,), "minProperties": (0,), "required": ([],),
    "uniqueItems": (False,), "patternProperties": ({},), "dependentRequired": ({},), "dependentSchemas": ({},),
    "allOf": ([],), "prefixItems": ([],), "$defs": ({},), "definitions": ({},),
}  # fmt: skip
_DECIMAL = "^(?!^[-+.]*$)[+-]?0*"
"""How pydantic's pattern for a Decimal begins: releases differ in whether they write it, and in its rest."""
_MOST = 20_000
"""A schema in which more references would be written out keeps them."""
_ROUNDS = 8
_MOST_DEFINITIONS = 300
"""The same for a schema of more definitions."""


def canonical(schema: Json) -> Json:
    """The canonical form; what is no schema, or nested too deeply, is given back as it is."""
    try:
        return _form(schema, keep_open=False)
    except RecursionError:
        return schema


def fingerprint(schema: Json) -> str:
    """`sha256:` and the digest of the canonical form."""
    return f"sha256:{hashlib.sha256(_text(canonical(schema)).encode()).hexdigest()}"


def published_text(schema: Json) -> str:
    """The text of a published file: the canonical form with the head of the schema, which says what it is about.

    That an object lets anything in by word is kept where it names properties: it tells that its writer makes more
    keys than those (docs/schema-rules.md, "as written").
    """
    body = _form(schema, keep_open=True)
    if isinstance(body, dict):
        head = {key: schema[key] for key in _HEAD if isinstance(schema.get(key), str)}
        body = {"$schema": DIALECT, **head, **body}
    return json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _form(schema: Json, *, keep_open: bool) -> Json:
    """Written until nothing changes any more: what a definition said that is gone now is no longer to be heeded."""
    for form in islice(_forms(schema, keep_open=keep_open), _ROUNDS):
        schema = form
    return schema


def _forms(schema: Json, *, keep_open: bool) -> Iterator[Json]:
    while _text(written := _once(schema, keep_open=keep_open)) != _text(schema):
        yield written
        schema = written


def _once(schema: Json, *, keep_open: bool) -> Json:
    if not isinstance(schema, dict):
        return schema
    writer = _Writer(schema, keep_open=keep_open)
    root = writer.node({key: value for key, value in schema.items() if key not in ("$schema", "$id")})
    return writer.with_definitions(root)


def _text(schema: Json) -> str:
    return json.dumps(schema, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class _Writer:
    """One schema being written; definitions that cannot be written out are numbered as they are met."""

    def __init__(self, schema: Mapping[str, Json], *, keep_open: bool) -> None:
        self._kept_words = _said(schema, keep_open=keep_open)
        self._targets = {
            f"#/{group}/{_token(name)}": definition
            for group in ("$defs", "definitions")
            if isinstance(schema.get(group), dict)
            for name, definition in schema[group].items()
        }
        self._kept = _kept(schema, self._targets)
        self._names: dict[str, str] = {}
        self._written: dict[str, Json] = {}

    def with_definitions(self, root: Json) -> Json:
        """The root with the definitions that are left."""
        return dict(sorted({**root, "$defs": self._written}.items())) if self._written else root

    def node(self, schema: Json) -> Json:
        """One schema in its form."""
        if not isinstance(schema, dict):
            return schema
        schema = self._written_out(schema)
        written = {key: self._keyword(key, value) for key, value in schema.items() if key not in _ANNOTATIONS}
        for key in ("$defs", "definitions"):
            written.pop(key, None)
        _simplify(written, self._kept_words)
        return True if written == {} else dict(sorted(written.items()))

    def _written_out(self, schema: Mapping[str, Json]) -> Mapping[str, Json]:
        """The schema with what it refers to in the reference's place, where nothing but annotations stands beside."""
        while isinstance(reference := schema.get("$ref"), str):
            target = self._targets.get(reference)
            beside = {key: value for key, value in schema.items() if key != "$ref" and key not in _ANNOTATIONS}
            if (
                reference in self._kept
                or not isinstance(target, dict)
                or beside.keys() - {"default", "$defs", "definitions"}
            ):
                return {**schema, "$ref": self._named(reference)}
            schema = {**target, **beside}
        return schema

    def _named(self, reference: str) -> str:
        if reference not in self._targets:
            return reference
        if reference not in self._names:
            self._names[reference] = name = f"D{len(self._names) + 1}"
            self._written[name] = self.node(self._targets[reference])
        return f"#/$defs/{self._names[reference]}"

    def _keyword(self, key: str, value: Json) -> Json:
        if key in ONE:
            return _plain(self.node(value))
        if key in LISTS and isinstance(value, list):
            return [_plain(self.node(item)) for item in value]
        if key in MAPS and key not in ("$defs", "definitions") and isinstance(value, dict):
            return {name: _plain(self.node(item)) for name, item in sorted(value.items())}
        if key == "discriminator" and isinstance(value, dict):
            return {"propertyName": value.get("propertyName")}
        return _number(value) if key not in ("default", "const", "enum") else value


def _plain(schema: Json) -> Json:
    return True if schema == {} and isinstance(schema, dict) else schema


def _number(value: Json) -> Json:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _kept(schema: Json, targets: Mapping[str, Json]) -> frozenset[str]:
    """The references that stay: to what refers to itself in the end, and all of them where there is too much."""
    if len(targets) > _MOST_DEFINITIONS:
        return frozenset(targets)
    direct = {name: frozenset(ref for ref in _references(target) if ref in targets) for name, target in targets.items()}
    reached = dict(direct)
    for _ in targets:
        wider = {name: refs.union(*(reached[ref] for ref in refs)) for name, refs in reached.items()}
        if wider == reached:
            break
        reached = wider
    circular = frozenset(name for name, refs in reached.items() if name in refs)
    return circular if _size(schema, targets, direct, circular) <= _MOST else frozenset(targets)


def _size(
    schema: Json, targets: Mapping[str, Json], direct: Mapping[str, frozenset[str]], circular: frozenset[str]
) -> int:
    """How many references are followed when all but the circular ones are written out."""
    sizes: dict[str, int] = dict.fromkeys(circular, 1)

    def size(name: str) -> int:
        if name not in sizes:
            counts = Counter(ref for ref in _references(targets[name]) if ref in direct)
            sizes[name] = 1 + sum(count * size(ref) for ref, count in counts.items())
        return sizes[name]

    return sum(size(ref) for ref in _references(schema) if ref in targets)


def _references(schema: Json) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _references(item)
    elif isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from _references(value)


# --- one spelling for each meaning


def _simplify(written: dict[str, Json], kept: frozenset[str]) -> None:
    _types(written)
    _values(written)
    for key in ("anyOf", "allOf"):
        if isinstance(written.get(key), list):
            written[key] = _flat(key, written[key])
    for key in ("anyOf", "oneOf", "allOf"):
        if isinstance(written.get(key), list):
            written[key] = _sorted(written[key]) if key == "oneOf" else _unique(written[key])
    if isinstance(written.get("anyOf"), list):
        written["anyOf"] = _merged(written["anyOf"])
    _unwrap(written)
    if isinstance(written.get("required"), list):
        written["required"] = _unique(written["required"])
    if isinstance(pattern := written.get("pattern"), str) and pattern.startswith(_DECIMAL):
        del written["pattern"]
    kept = kept if "properties" in written or "items" in kept else frozenset()
    for key in _TRIVIAL.keys() & written.keys() - kept:
        if _is_one_of(written[key], _TRIVIAL[key]):
            del written[key]


def _said(schema: Json, *, keep_open: bool) -> frozenset[str]:
    """The words that say something though they let everything in: beside an `unevaluated...`, that it is evaluated."""
    if "unevaluatedProperties" in (words := set(_words(schema))) or "unevaluatedItems" in words:
        return frozenset(("additionalProperties", "items"))
    return frozenset(("additionalProperties",)) if keep_open else frozenset()


def _words(schema: Json) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _words(item)
    elif isinstance(schema, dict):
        yield from schema
        for value in schema.values():
            yield from _words(value)


def _is_one_of(value: Json, values: Iterable[Json]) -> bool:
    return any(type(value) is type(other) and value == other for other in values)


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
    if isinstance(written.get("enum"), list) and "const" not in written:
        written["enum"] = _unique(written["enum"])
        if len(written["enum"]) == 1:
            (written["const"],) = written.pop("enum")
    listed = written.get("enum", [written["const"]] if "const" in written else None)
    kinds = written.get("type")
    if isinstance(listed, list) and kinds is not None and all(_has_type(value, kinds) for value in listed):
        del written["type"]
    if "const" in written and written["const"] is None:
        written.pop("const")
        written["type"] = "null"


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
    return [json.loads(text) for text in sorted({_text(value) for value in values})]


def _sorted(values: list[Json]) -> list[Json]:
    return sorted(values, key=_text)
