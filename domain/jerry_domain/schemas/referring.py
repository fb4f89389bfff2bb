"""What a schema refers to: which definitions lead to themselves, how much there is when the rest is written out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from jerry_domain.schemas.dialects import LISTS, MAPS, ONE

Json = Any

ANNOTATIONS = frozenset(("title", "description", "examples", "$comment", "deprecated", "readOnly", "writeOnly"))
"""Keywords that say nothing of which values are taken."""
GROUPS = ("$defs", "definitions")
"""Keywords that hold definitions."""
_VALUES = frozenset(("const", "enum", "default", "discriminator", *GROUPS))
_MOST = 50_000
"""A schema that has more nodes when references are written out keeps them."""


class References:
    """The references of one schema to its definitions, `targets` by pointer; raises `RecursionError` for a deep one."""

    def __init__(self, schema: Mapping[str, Json], targets: Mapping[str, Json]) -> None:
        self._schema = schema
        self._targets = targets
        self._direct = {name: _to(targets, target) for name, target in targets.items()}

    @cached_property
    def are_foreign(self) -> bool:
        """Whether something is referred to by its place, its anchor or its address, which no other form may change."""
        for node in self._reached:
            words = [node[key] for key in ("$ref", "$dynamicRef", "$recursiveRef") if key in node]
            if node is not self._schema:
                words.append(node.get("$id"))
            if any(isinstance(word, str) and word not in self._targets and word != "#" for word in words):
                return True
        return any(isinstance(raw.get("$ref"), str) for node in self._reached for raw in _unread(node))

    @property
    def are_evaluations_seen(self) -> bool:
        """Whether a word asks what other words have seen of a value."""
        words = ("unevaluatedProperties", "unevaluatedItems")
        return any(node.get(word, True) is not True for node in self._reached for word in words)

    @cached_property
    def _reached(self) -> list[Mapping[str, Json]]:
        """The schemas that count: of the root, and of the definitions that it leads to."""
        found = list(_schemas(self._schema))
        seen = set[str]()
        for node in found:  # which grows
            reference = node.get("$ref")
            if isinstance(reference, str) and reference in self._targets and reference not in seen:
                seen.add(reference)
                found += _schemas(self._targets[reference])
        return found

    def kept(self) -> frozenset[str]:
        """The references that stay: to what leads to itself, and all of them where there is too much."""
        circular = self._circular()
        return circular if self._size(circular) <= _MOST else frozenset(self._targets)

    def _circular(self) -> frozenset[str]:
        """The definitions that lead to themselves: Kosaraju's components of more than one, or of one on its own."""
        backward: dict[str, list[str]] = {name: [] for name in self._direct}
        for name, others in self._direct.items():
            for other in others:
                backward[other].append(name)
        seen = set[str]()
        order = [name for start in self._direct for name in _finished(start, self._direct, seen)]
        seen = set()
        circular = set[str]()
        for start in reversed(order):
            component = _finished(start, backward, seen)
            if len(component) > 1 or start in self._direct[start]:
                circular |= set(component)
        return frozenset(circular)

    def _size(self, circular: frozenset[str]) -> int:
        """How many nodes there are when all but the circular definitions are written out."""
        sizes: dict[str, int] = {name: _weight(self._targets[name]) for name in circular}

        def size(name: str) -> int:
            if name not in sizes:
                own = self._direct[name].items()
                sizes[name] = _weight(self._targets[name]) + sum(count * size(other) for other, count in own)
            return sizes[name]

        within = [_to(self._targets, self._schema), *(self._direct[name] for name in circular)]
        return sum(count * size(name) for each in within for name, count in each.items() if name not in circular)


def _to(targets: Mapping[str, Json], schema: Json) -> Counter[str]:
    """How often a schema refers to which definition."""
    references = (node.get("$ref") for node in _schemas(schema))
    return Counter(reference for reference in references if isinstance(reference, str) and reference in targets)


def _schemas(schema: Json) -> Iterator[Mapping[str, Json]]:
    """A schema and those in it, its definitions apart."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            for key, value in node.items():
                waiting += _held(key, value)


def _held(key: str, value: Json) -> Iterable[Json]:
    """The schemas that a keyword holds."""
    if key in ONE:
        return (value,)
    if key in LISTS and isinstance(value, list):
        return value
    return value.values() if key in MAPS and key not in GROUPS and isinstance(value, dict) else ()


def _unread(schema: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The objects in keywords that are not known, or not held as they should be."""
    waiting = [
        value
        for key, value in schema.items()
        if key not in ANNOTATIONS
        and key not in _VALUES
        and (key not in ONE or isinstance(value, list))
        and not _held(key, value)
    ]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _weight(schema: Json) -> int:
    return sum(1 + len(node) for node in _schemas(schema))


def _finished(start: str, edges: Mapping[str, Any], seen: set[str]) -> list[str]:
    """What can be reached and was not seen, each after all that it leads to."""
    if start in seen:
        return []
    seen.add(start)
    done = []
    path = [(start, iter(edges[start]))]
    while path:
        name, others = path[-1]
        following = next((other for other in others if other not in seen), None)
        if following is None:
            done.append(name)
            path.pop()
        else:
            seen.add(following)
            path.append((following, iter(edges[following])))
    return done
