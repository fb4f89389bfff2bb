"""What an annotation means as a JSON Schema, told from its code: what pydantic would say, or nothing at all."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from jerry_git.application.schemas.declarations import OPAQUE
from jerry_git.application.schemas.library import Alias, Class, Library, Meaning, Module

Json = Any

_DEEPEST = 40
_MOST = 10_000
"""More annotations than a class's fields have: aliases of aliases that double each time have no end."""


class OpaqueError(Exception):
    """Something that cannot be told without running it."""


class Describer(Protocol):
    """Who knows the schemas of classes."""

    def describe(self, found: Class) -> Json:
        """The schema of a class, or a reference to it; raises `OpaqueError`."""
        ...


def opaque(code: ast.AST) -> Json:
    """The schema that says that nothing is said."""
    return {OPAQUE: ast.unparse(code)}


_PLAIN: Mapping[str, Json] = {
    "builtins.str": {"type": "string"},
    "builtins.int": {"type": "integer"},
    "builtins.float": {"type": "number"},
    "builtins.bool": {"type": "boolean"},
    "builtins.bytes": {"type": "string", "format": "binary"},
    "builtins.list": {"type": "array"},
    "builtins.tuple": {"type": "array"},
    "builtins.set": {"type": "array", "uniqueItems": True},
    "builtins.frozenset": {"type": "array", "uniqueItems": True},
    "builtins.dict": {"type": "object"},
    "datetime.datetime": {"type": "string", "format": "date-time"},
    "datetime.date": {"type": "string", "format": "date"},
    "datetime.time": {"type": "string", "format": "time"},
    "datetime.timedelta": {"type": "string", "format": "duration"},
    "uuid.UUID": {"type": "string", "format": "uuid"},
    "decimal.Decimal": {"type": ["number", "string"]},
    "typing.Any": {},
    "builtins.object": {},
}
_SPELLINGS = {
    "List": "builtins.list", "Tuple": "builtins.tuple", "Set": "builtins.set", "FrozenSet": "builtins.frozenset",
    "Dict": "builtins.dict", "Sequence": "builtins.list", "Mapping": "builtins.dict", "AbstractSet": "builtins.set",
}  # fmt: skip
_ABSTRACT = {"Sequence": "builtins.list", "Mapping": "builtins.dict", "Set": "builtins.set"}

LENGTHS: Mapping[str, Mapping[str, str]] = {
    "string": {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"},
    "array": {"min_length": "minItems", "max_length": "maxItems"},
    "object": {"min_length": "minProperties", "max_length": "maxProperties"},
}
_BOUNDS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum",
    "multiple_of": "multipleOf"}  # fmt: skip
CONSTRAINTS = frozenset((*_BOUNDS, "min_length", "max_length", "pattern"))
_ANNOTATED_TYPES = {"Gt": "gt", "Ge": "ge", "Lt": "lt", "Le": "le", "MultipleOf": "multiple_of",
    "MinLen": "min_length", "MaxLen": "max_length"}  # fmt: skip


def spelled(meaning: Meaning) -> Meaning:
    """The name of a type as `_PLAIN` has it, whichever module it was taken from."""
    if not isinstance(meaning, str):
        return meaning
    module, _, name = meaning.rpartition(".")
    if module in ("typing", "typing_extensions"):
        return _SPELLINGS.get(name, f"typing.{name}")
    if module == "collections.abc":
        return _ABSTRACT.get(name, meaning)
    return meaning


class Reader:
    """Reads annotations of a library; classes are described by whoever asks."""

    def __init__(self, library: Library, describer: Describer) -> None:
        self._library = library
        self._describer = describer
        self._depth = 0
        self._left = _MOST
        self._aliases: list[ast.expr] = []

    def schema(self, module: Module, code: ast.expr) -> Json:
        """The schema of an annotation, opaque where it cannot be told."""
        self._depth += 1
        try:
            self._left -= 1
            if self._depth > _DEEPEST or self._left < 0:
                return opaque(code)
            return self._schema(module, code)
        except OpaqueError:
            return opaque(code)
        finally:
            self._depth -= 1

    def _schema(self, module: Module, code: ast.expr) -> Json:
        match code:
            case ast.Constant(value=None):
                return {"type": "null"}
            case ast.Constant(value=str(text)):
                return self.schema(module, parsed(text))
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._union(module, [left, right])
            case ast.Subscript(value=value, slice=inner):
                arguments = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
                return self._subscript(module, spelled(self._library.meaning(module, value)), arguments)
            case ast.Call(args=[ast.Constant(), base]):
                if self._library.meaning(module, code.func) == "typing.NewType":
                    return self._strict(module, base)
                raise OpaqueError
            case _:
                return self._name(module, code)

    def _name(self, module: Module, code: ast.expr) -> Json:
        match spelled(self._library.meaning(module, code)):
            case Class() as found:
                return self._describer.describe(found)
            case Alias(module=inner, code=stands):
                return self._aliased(inner, stands)
            case str(name) if name in _PLAIN:
                return dict(_PLAIN[name])
            case _:
                raise OpaqueError

    def _aliased(self, module: Module, code: ast.expr) -> Json:
        if code in self._aliases:
            raise OpaqueError
        self._aliases.append(code)
        try:
            return self._strict(module, code)
        finally:
            self._aliases.pop()

    def _strict(self, module: Module, code: ast.expr) -> Json:
        """The schema; raises `OpaqueError` for one that cannot be told."""
        found = self.schema(module, code)
        if isinstance(found, dict) and OPAQUE in found:
            raise OpaqueError
        return found

    def _union(self, module: Module, parts: Sequence[ast.expr]) -> Json:
        return {"anyOf": [self._strict(module, part) for part in parts]}

    def _subscript(self, module: Module, origin: Meaning, arguments: list[ast.expr]) -> Json:
        match origin:
            case "typing.Optional":
                return {"anyOf": [self._strict(module, arguments[0]), {"type": "null"}]}
            case "typing.Union":
                return self._union(module, arguments)
            case "typing.Literal":
                return {"enum": [literal(argument) for argument in arguments]}
            case "typing.Annotated":
                return self._annotated(module, arguments[0], arguments[1:])
            case "builtins.list":
                return {"type": "array", "items": self.schema(module, arguments[0])}
            case "builtins.set" | "builtins.frozenset":
                return {"type": "array", "uniqueItems": True, "items": self.schema(module, arguments[0])}
            case "builtins.tuple":
                return self._tuple(module, arguments)
            case "builtins.dict":
                return self._dict(module, arguments)
            case _:
                raise OpaqueError

    def _tuple(self, module: Module, arguments: list[ast.expr]) -> Json:
        match arguments:
            case [item, ast.Constant(value=last)] if last is ...:
                return {"type": "array", "items": self.schema(module, item)}
            case _:
                places = [self.schema(module, argument) for argument in arguments]
                count = len(places)
                return {"type": "array", "prefixItems": places, "minItems": count, "maxItems": count}

    def _dict(self, module: Module, arguments: list[ast.expr]) -> Json:
        key, value = arguments
        if spelled(self._library.meaning(module, key)) != "builtins.str":
            raise OpaqueError
        return {"type": "object", "additionalProperties": self.schema(module, value)}

    # --- constraints

    def _annotated(self, module: Module, code: ast.expr, metadata: list[ast.expr]) -> Json:
        schema = self._strict(module, code)
        for item in metadata:
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                continue
            schema = constrained(schema, self._constraints(module, item))
        return schema

    def _constraints(self, module: Module, code: ast.expr) -> dict[str, Json]:
        if not isinstance(code, ast.Call):
            raise OpaqueError
        name = self._library.meaning(module, code.func)
        words = {str(word.arg): literal(word.value) for word in code.keywords}
        if name in ("pydantic.Field", "pydantic.fields.Field", "pydantic.StringConstraints") and not code.args:
            if words.keys() - CONSTRAINTS - {"description", "title", "examples"}:
                raise OpaqueError
            return {key: value for key, value in words.items() if key in CONSTRAINTS}
        if isinstance(name, str) and name.startswith("annotated_types.") and len(code.args) == 1 and not words:
            word = _ANNOTATED_TYPES.get(name.removeprefix("annotated_types."))
            if word is not None:
                return {word: literal(code.args[0])}
        raise OpaqueError


def constrained(schema: Json, constraints: Mapping[str, Json]) -> Json:
    """The schema with pydantic's constraints as keywords; raises `OpaqueError` where it has no simple type."""
    if not constraints:
        return schema
    kind = schema.get("type")
    table = _BOUNDS if kind in ("integer", "number") else LENGTHS.get(kind, {}) if isinstance(kind, str) else {}
    added = {}
    for word, value in constraints.items():
        if word not in table or table[word] in schema or "format" in schema or value is None:
            raise OpaqueError
        added[table[word]] = value
    return {**schema, **added}


def parsed(text: str) -> ast.expr:
    """An annotation that is written as a text; raises `OpaqueError`."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise OpaqueError from error


def literal(code: ast.expr) -> Json:
    """A value that JSON has, as it is written; raises `OpaqueError`."""
    try:
        value = ast.literal_eval(code)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        raise OpaqueError from error
    return _plain(value)


def _plain(value: Any) -> Json:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict() if all(isinstance(key, str) for key in value):
            return {key: _plain(item) for key, item in value.items()}
        case _:
            raise OpaqueError
