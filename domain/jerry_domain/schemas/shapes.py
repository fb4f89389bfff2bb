"""A conjunction of schemas as a union of shapes: one JSON type each, with no applicator left above the value itself.

A writer's shapes may be wider than its schema and a reader's narrower, never the other way round: what is proven of
them is true of the schemas. That a schema refuses something is shown by a value only, never by a shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jerry_domain.schemas.documents import Node, Term, UndecidedError, conjunction
from jerry_domain.schemas.evaluation import equal

Json = Any
Kind = Literal["null", "boolean", "number", "string", "array", "object"]
KINDS: tuple[Kind, ...] = ("null", "boolean", "number", "string", "array", "object")

MOST = 256
"""No term has more shapes than these: beyond them it is undecided (rule X1)."""

_APPLICATORS = frozenset(
    ("$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "unevaluatedProperties", "unevaluatedItems")
)
_ANNOTATIONS = frozenset(
    (
        "$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "$defs", "definitions", "$vocabulary", "title",
        "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "discriminator",
        "contentSchema", "externalDocs", "xml",
    )
)  # fmt: skip

_COUNT, _NUMBER, _LIST, _MAP, _FLAG = "a whole number", "a number", "a list", "an object", "true or false"
_ASSERTIONS: Mapping[str, str] = {
    "type": "", "enum": _LIST, "const": "",
    "minimum": _NUMBER, "maximum": _NUMBER, "exclusiveMinimum": _NUMBER, "exclusiveMaximum": _NUMBER,
    "multipleOf": _NUMBER, "minLength": _COUNT, "maxLength": _COUNT, "pattern": "a text", "format": "a text",
    "contentEncoding": "a text", "contentMediaType": "a text",
    "prefixItems": _LIST, "items": "", "minItems": _COUNT, "maxItems": _COUNT, "uniqueItems": _FLAG, "contains": "",
    "minContains": _COUNT, "maxContains": _COUNT,
    "properties": _MAP, "patternProperties": _MAP, "additionalProperties": "", "propertyNames": "",
    "required": "a list of texts", "minProperties": _COUNT, "maxProperties": _COUNT, "dependentRequired": _MAP,
    "dependentSchemas": _MAP,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Not:
    """What a value must not be: the term, the rule that a change of it falls under, and its place."""

    term: Term
    rule: str
    place: str


@dataclass(frozen=True, slots=True)
class Bag:
    """Nodes that all hold by their own keywords, and what must not hold."""

    nodes: tuple[Node, ...] = ()
    nots: tuple[Not, ...] = ()

    def __and__(self, other: Bag) -> Bag:
        return Bag(self.nodes + other.nodes, self.nots + other.nots)


@dataclass(frozen=True, slots=True)
class Shape:
    """Values of one JSON type; `values` lists them where there is an enumeration."""

    kind: Kind
    nodes: tuple[Node, ...]
    nots: tuple[Not, ...]
    values: tuple[Json, ...] | None = None

    @property
    def term(self) -> Term:
        """The nodes that it comes from, whole."""
        return conjunction(self.nodes)


def shapes(term: Term, *, reader: bool) -> list[Shape]:
    """The shapes of a term, empty when it takes nothing; raises `UndecidedError`."""
    return [shape for bag in _all(term, frozenset(), reader) for shape in _shaped(bag)]


def _all(nodes: Iterable[Node], above: frozenset[tuple[int, str]], reader: bool) -> list[Bag]:  # noqa: FBT001 - private
    found = [Bag()]
    for node in nodes:
        found = _product(found, _bags(node, above, reader), node)
    return found


def _product(one: list[Bag], other: list[Bag], node: Node) -> list[Bag]:
    if len(one) * len(other) > MOST:
        raise UndecidedError("X1", f"more than {MOST} cases to tell apart", node.place())
    return [left & right for left in one for right in other]


def _bags(node: Node, above: frozenset[tuple[int, str]], reader: bool) -> list[Bag]:  # noqa: FBT001 - private
    if isinstance(node.schema, bool):
        return [Bag()] if node.schema else []
    if node.key in above:
        raise UndecidedError("F3", "a reference leads to itself with no value between", node.place())
    above |= {node.key}
    _judge_keywords(node, reader)
    found = [Bag((node,))]
    for part in _parts(node, above, reader):
        found = _product(found, part, node)
    return [_with_unevaluated(node, bag, reader) for bag in found]


def _judge_keywords(node: Node, reader: bool) -> None:  # noqa: FBT001 - private
    """Raise `UndecidedError` for what is not understood; of a writer it may be passed over, for it can only narrow."""
    for key, value in node.schema.items():
        if key in _ASSERTIONS:
            if not _is(value, _ASSERTIONS[key]):
                raise UndecidedError("X1", f"{key} is not {_ASSERTIONS[key]}", node.place(key))
        elif reader and key not in _APPLICATORS and key not in _ANNOTATIONS and not key.startswith("x-"):
            raise UndecidedError("F3" if key.endswith("Ref") else "X1", f"{key} is not understood", node.place(key))


def _is(value: Json, what: str) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    match what:
        case "a whole number":
            return is_number and value >= 0 and value == int(value)
        case "a number":
            return is_number and abs(value) != float("inf")
        case "a list":
            return isinstance(value, list)
        case "a list of texts":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "an object":
            return isinstance(value, dict)
        case "a text":
            return isinstance(value, str)
        case "true or false":
            return isinstance(value, bool)
        case _:
            return True


def _parts(node: Node, above: frozenset[tuple[int, str]], reader: bool) -> Iterator[list[Bag]]:  # noqa: FBT001
    schema = node.schema
    if "$ref" in schema:
        yield _referred(node, above, reader)
    for place in range(len(schema.get("allOf", ()))):
        yield _bags(node.below("allOf", place), above, reader)
    if "anyOf" in schema:
        branches = [node.below("anyOf", place) for place in range(len(schema["anyOf"]))]
        yield [bag for branch in branches for bag in _bags(branch, above, reader)]
    if "oneOf" in schema:
        yield list(_exclusive(node, above, reader))
    if "not" in schema:
        yield _negated(node.below("not"), above, reader)
    if "if" in schema and ("then" in schema or "else" in schema):
        yield _conditional(node, above, reader)


def _referred(node: Node, above: frozenset[tuple[int, str]], reader: bool) -> list[Bag]:  # noqa: FBT001 - private
    try:
        return _bags(node.document.target(node), above, reader)
    except UndecidedError:
        if reader:
            raise
        return [Bag()]


def _exclusive(node: Node, above: frozenset[tuple[int, str]], reader: bool) -> Iterator[Bag]:  # noqa: FBT001 - private
    branches = [node.below("oneOf", place) for place in range(len(node.schema["oneOf"]))]
    for branch in branches:
        others = tuple(Not((other,), "U2", other.place()) for other in branches if other is not branch)
        yield from (bag & Bag(nots=others) for bag in _bags(branch, above, reader))


def _conditional(node: Node, above: frozenset[tuple[int, str]], reader: bool) -> list[Bag]:  # noqa: FBT001 - private
    condition = node.below("if")
    then = [node.below("then")] if "then" in node.schema else []
    otherwise = [node.below("else")] if "else" in node.schema else []
    met = _all([condition, *then], above, reader)
    unmet = Bag(nots=(Not((condition,), "U8", condition.place()),))
    return [*met, *(bag & unmet for bag in _all(otherwise, above, reader))]


def _negated(node: Node, above: frozenset[tuple[int, str]], reader: bool) -> list[Bag]:  # noqa: FBT001 - private
    schema = node.schema
    if isinstance(schema, bool):
        return [] if schema else [Bag()]
    if set(schema) == {"not"}:
        return _bags(node.below("not"), above, reader)
    if set(schema) == {"anyOf"}:
        terms = [(node.below("anyOf", place),) for place in range(len(schema["anyOf"]))]
        return [Bag(nots=tuple(Not(term, "U7", node.place()) for term in terms))]
    if set(schema) == {"type"} and "integer" not in (kinds := _list(schema["type"])):
        return [Bag((node.with_only("not", {"type": [kind for kind in KINDS if kind not in kinds]}),))]
    return [Bag(nots=(Not((node,), "U7", node.place()),))]


def _with_unevaluated(node: Node, bag: Bag, reader: bool) -> Bag:  # noqa: FBT001 - private
    """`unevaluatedProperties` and `unevaluatedItems` as keywords that see all that this bag evaluates.

    Which branches of an `anyOf` succeed is not known: a reader is taken at its narrowest, a writer at its widest.
    """
    is_certain = reader or not any(
        key in part.schema for part in bag.nodes for key in ("anyOf", "dependentSchemas", "contains")
    )
    for keyword, widest in (("unevaluatedProperties", "additionalProperties"), ("unevaluatedItems", "items")):
        if keyword in node.schema and is_certain and not any(widest in part.schema for part in bag.nodes):
            bag &= Bag((node.with_only(keyword, _evaluated(node, bag, keyword)),))
    return bag


def _evaluated(node: Node, bag: Bag, keyword: str) -> Json:
    if keyword == "unevaluatedItems":
        longest = max((len(part.schema.get("prefixItems", ())) for part in bag.nodes), default=0)
        return {"prefixItems": [True] * longest, "items": node.schema[keyword]}
    return {
        **{
            key: {name: True for part in bag.nodes for name in part.schema.get(key, ())}
            for key in ("properties", "patternProperties")
        },
        "additionalProperties": node.schema[keyword],
    }


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _shaped(bag: Bag) -> Iterator[Shape]:
    values = _values(bag.nodes)
    for kind in KINDS:
        if all(kind in _kinds(node) for node in bag.nodes):
            yield Shape(kind, bag.nodes, bag.nots, _of_kind(kind, values))


def _kinds(node: Node) -> tuple[str, ...]:
    if "type" not in node.schema:
        return KINDS
    named = _list(node.schema["type"])
    if unknown := [kind for kind in named if kind not in (*KINDS, "integer")]:
        raise UndecidedError("X1", f"there is no type {unknown[0]!r}", node.place("type"))
    return tuple("number" if kind == "integer" else kind for kind in named)


def _values(nodes: Iterable[Node]) -> tuple[Json, ...] | None:
    """What `enum` and `const` leave, None where there is neither."""
    left: tuple[Json, ...] | None = None
    for node in nodes:
        for listed in _listed(node.schema):
            left = tuple(v for v in (listed if left is None else left) if any(equal(v, other) for other in listed))
    return left


def _listed(schema: Mapping[str, Json]) -> Iterator[list[Json]]:
    if "enum" in schema:
        yield schema["enum"]
    if "const" in schema:
        yield [schema["const"]]


_FEW: Mapping[Kind, tuple[Json, ...]] = {"null": (None,), "boolean": (False, True)}


def _of_kind(kind: Kind, values: tuple[Json, ...] | None) -> tuple[Json, ...] | None:
    if values is None:
        return _FEW.get(kind)
    return tuple(value for value in values if kind_of(value) == kind)


def kind_of(value: Json) -> Kind:
    """The JSON type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
