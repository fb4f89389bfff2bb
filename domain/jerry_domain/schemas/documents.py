"""A schema as a document of nodes, and conjunctions of such nodes: what the decision procedure speaks of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import unquote

from jerry_domain.schemas.dialects import LISTS, MAPS, ONE, DialectError, dialect, escaped, modern
from jerry_domain.schemas.evaluation import Budget, valid

Json = Any


class UnknownError(Exception):
    """An answer that cannot be given: the `rule` that says so, why, and at which JSON pointer."""

    def __init__(self, rule: str, message: str, pointer: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.pointer = pointer


class UndecidedError(UnknownError):
    """Something in a schema that cannot be judged; the rest of it can."""


class TooLongError(UnknownError):
    """The question takes too many steps; nothing catches it on the way."""


class Spelled(NamedTuple):
    """How a schema is written, and what it refers to."""

    text: str
    references: tuple[str, ...]


class Document:
    """One schema in 2020-12's spelling; raises `UndecidedError` for what is no schema of a known dialect."""

    def __init__(self, schema: Json) -> None:
        try:
            self.dialect = dialect(schema)
            written = modern(schema)
        except DialectError as error:
            raise UndecidedError("X1", error.message, error.pointer) from error
        except RecursionError as error:
            raise UndecidedError("X1", "nested too deeply", "") from error
        self.root = written.root
        self._origins = written.origins
        self._spelled: dict[str, Spelled] = {}

    @property
    def node(self) -> Node:
        """The root."""
        return Node(self, "", self.root)

    def origin(self, pointer: str) -> str:
        """The pointer into the schema as it was given."""
        head, tail = pointer, ""
        while head not in self._origins:
            head, _, last = head.rpartition("/")
            tail = f"/{last}{tail}"
        return self._origins[head] + tail

    def came_from(self, pointer: str) -> bool:
        """Whether a schema stands at `pointer` in what was given."""
        return pointer in self._places

    @cached_property
    def _places(self) -> frozenset[str]:
        return frozenset(self._origins.values())

    def target(self, node: Node) -> Node:
        """What the node's `$ref` names; raises `UndecidedError`."""
        reference = node.schema["$ref"]
        place = f"{node.pointer}/$ref"
        if not isinstance(reference, str):
            raise UndecidedError("X1", "$ref is not a text", place)
        if self._rebased and node.pointer != "":
            raise UndecidedError("F3", "$id inside of the schema gives references another meaning", place)
        pointer = self._place(reference)
        if pointer is None or pointer not in self._origins:
            raise UndecidedError("F3", f"$ref {reference!r} names nothing in this schema", place)
        return Node(self, pointer, self._schemas[pointer])

    def spelled(self, reference: str) -> Spelled:
        """How the target of a reference is spelled; what leads nowhere means whatever the whole document says."""
        if reference not in self._spelled:
            try:
                target = self.target(Node(self, "", {"$ref": reference})).schema
            except UndecidedError:
                target = self.root
            text = json.dumps(target, sort_keys=True)
            self._spelled[reference] = Spelled(text, tuple(sorted(set(_references(target)))))
        return self._spelled[reference]

    def _place(self, reference: str) -> str | None:
        if reference == "#":
            return ""
        if reference.startswith("#/"):
            return unquote(reference[1:])
        return self._anchors.get(reference[1:]) if reference.startswith("#") else None

    @cached_property
    def _schemas(self) -> Mapping[str, Json]:
        return dict(_walk(self.root, ""))

    @cached_property
    def _anchors(self) -> Mapping[str, str]:
        return {
            schema[key]: pointer
            for pointer, schema in self._schemas.items()
            if isinstance(schema, dict)
            for key in ("$anchor", "$dynamicAnchor")
            if isinstance(schema.get(key), str)
        }

    @cached_property
    def _rebased(self) -> bool:
        return any(
            pointer and isinstance(schema, dict) and "$id" in schema for pointer, schema in self._schemas.items()
        )


def _walk(schema: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """Every schema within a schema, with its JSON pointer."""
    yield pointer, schema
    for key, value in schema.items() if isinstance(schema, dict) else ():
        place = f"{pointer}/{escaped(key)}"
        if key in ONE:
            yield from _walk(value, place)
        elif key in LISTS:
            for number, item in enumerate(value):
                yield from _walk(item, f"{place}/{number}")
        elif key in MAPS:
            for name, item in value.items():
                yield from _walk(item, f"{place}/{escaped(name)}")


@dataclass(frozen=True, slots=True)
class Node:
    """A schema within a document; two are equal when they stand at the same place."""

    document: Document
    pointer: str
    schema: Json

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from others."""
        return id(self.document), self.pointer

    def has(self, *keywords: str) -> bool:
        """Whether the schema has one of these keywords."""
        return isinstance(self.schema, dict) and any(keyword in self.schema for keyword in keywords)

    def below(self, *path: str | int) -> Node:
        """The schema at `path`, relative to this one."""
        schema, pointer = self.schema, self.pointer
        for step in path:
            schema = schema[step]
            pointer = f"{pointer}/{escaped(str(step))}"
        return Node(self.document, pointer, schema)

    def with_only(self, mark: str, schema: Json) -> Node:
        """A schema that stands in no document, said of this place; `mark` tells it from others."""
        return Node(self.document, f"{self.pointer}\0{mark}", schema)

    def place(self, *path: str) -> str:
        """The JSON pointer of what is below this node, in the document as it was given."""
        pointer = self.pointer.partition("\0")[0]
        return self.document.origin("/".join((pointer, *map(escaped, path))))


Term = tuple[Node, ...]
"""A conjunction: a value is of the term when it is valid against each node. The empty one takes everything."""


def conjunction(nodes: Sequence[Node]) -> Term:
    """The nodes without repetition, sorted, without those that take everything."""
    unique = {node.key: node for node in nodes if node.schema is not True and node.schema != {}}
    return tuple(unique[key] for key in sorted(unique, key=lambda key: key[1]))


def holds(value: Json, term: Term, budget: Budget) -> bool | None:
    """Whether a value is of the term; None where it cannot be told, or the budget is used up."""
    told = True
    for node in term:
        is_valid = valid(value, node.schema, node.document.root, budget=budget)
        if is_valid is False:
            return False
        told = told and is_valid is True
    return True if told else None


def same(one: Term, other: Term) -> bool:
    """Whether two terms are spelled alike, with everything that they refer to."""
    if len(one) != len(other) or _texts(one) != _texts(other):
        return False
    waiting = [reference for node in one for reference in _references(node.schema)]
    seen: set[str] = set()
    while waiting:
        reference = waiting.pop()
        if reference in seen:
            continue
        seen.add(reference)
        mine, yours = (term[0].document.spelled(reference) for term in (one, other))
        if mine != yours:
            return False
        waiting += mine.references
    return True


def _texts(term: Term) -> list[str]:
    return sorted(json.dumps(node.schema, sort_keys=True) for node in term)


def _references(schema: Json) -> Iterator[str]:
    """Whatever could be a reference: one too many is no harm."""
    if isinstance(schema, list):
        for item in schema:
            yield from _references(item)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("$ref", "$dynamicRef", "$recursiveRef") and isinstance(value, str):
                yield value if key == "$ref" else f"{key} {value}"
            yield from _references(value)
