"""Where a `$ref` points within one document: to the root, a JSON pointer, an anchor, or an embedded `$id`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin

Json = Any

SCHEMA = frozenset(
    {
        "additionalProperties",
        "contains",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
"""Keywords whose value is a schema."""
SCHEMAS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
"""Keywords whose value is a list of schemas."""
SCHEMA_MAP = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
"""Keywords whose value is an object of schemas."""


class Scope(NamedTuple):
    """The schema resource that references are read in: its root schema and its base URI."""

    root: Json
    base: str


def enter(schema: Json, scope: Scope) -> Scope | None:
    """The scope inside a schema: its own if it has an `$id`; None for an `$id` that names no resource."""
    name = schema.get("$id") if isinstance(schema, dict) else None
    if name is None or schema is scope.root:
        return scope
    base = _joined(scope.base, name.removesuffix("#")) if isinstance(name, str) else None
    return None if base is None or "#" in base else Scope(schema, base)


class Document:
    """A root schema and, once asked for, its embedded resources and anchors."""

    __slots__ = ("_anchors", "_resources", "root")

    def __init__(self, root: Json) -> None:
        self.root = enter(root, Scope(None, "")) or Scope(root, "")
        if self.root.root is None:
            self.root = Scope(root, "")
        self._resources: dict[str, Scope | None] | None = None
        self._anchors: dict[tuple[str, str], tuple[Json, Scope] | None] = {}

    def resolve(self, reference: str, scope: Scope) -> tuple[Json, Scope] | None:
        """The schema that a reference means, with its scope; None if it lies elsewhere or cannot be told."""
        url, _, fragment = reference.partition("#")
        if url:
            address = _joined(scope.base, url)
            found = self._index().get(address) if address is not None else None
            if found is None:
                return None
            scope = found
        fragment = unquote(fragment)
        if not fragment:
            return scope.root, scope
        if fragment.startswith("/"):
            return _at(scope, fragment)
        self._index()
        return self._anchors.get((scope.base, fragment))

    def _index(self) -> dict[str, Scope | None]:
        if self._resources is None:
            self._resources = {self.root.base: self.root}
            self._walk(self._resources)
        return self._resources

    def _walk(self, resources: dict[str, Scope | None]) -> None:
        waiting: list[tuple[Json, Scope]] = [(self.root.root, self.root)]
        seen = set()
        while waiting:
            schema, outer = waiting.pop()
            scope = enter(schema, outer)
            if scope is None or (id(schema), scope.base) in seen:
                continue
            seen.add((id(schema), scope.base))
            if scope.root is schema and scope.base != self.root.base:
                # A name given twice means neither.
                resources[scope.base] = None if scope.base in resources else scope
            self._note_anchors(schema, scope)
            waiting += [(child, scope) for child in _children(schema)]

    def _note_anchors(self, schema: dict[str, Json], scope: Scope) -> None:
        for keyword in ("$anchor", "$dynamicAnchor"):
            name = schema.get(keyword)
            if isinstance(name, str):
                key = (scope.base, name)
                known = self._anchors.setdefault(key, (schema, scope))
                if known is not None and known[0] is not schema:
                    self._anchors[key] = None


def _joined(base: str, url: str) -> str | None:
    try:
        return urljoin(base, url)
    except ValueError:  # such as an IPv6 address without its end
        return None


def _children(schema: dict[str, Json]) -> Iterator[dict[str, Json]]:
    for keyword, value in schema.items():
        inner: list[Json] = []
        if keyword in SCHEMA:
            inner = [value]
        elif keyword in SCHEMAS and isinstance(value, list):
            inner = value
        elif keyword in SCHEMA_MAP and isinstance(value, dict):
            inner = list(value.values())
        yield from (child for child in inner if isinstance(child, dict))


def _at(scope: Scope, pointer: str) -> tuple[Json, Scope] | None:
    node = scope.root
    for token in pointer.split("/")[1:]:
        # What a pointer across the border of an embedded resource means is left open.
        if node is not scope.root and isinstance(node, dict) and isinstance(node.get("$id"), str):
            return None
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isdecimal() and len(key) < 10 and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node, scope
