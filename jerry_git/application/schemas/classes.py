"""Classes of a library as schemas: data classes of the usual kinds, and enumerations, told from their code."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from jerry_git.application.schemas.annotations import (
    CONSTRAINTS,
    OpaqueError,
    Reader,
    constrained,
    literal,
    opaque,
    parsed,
    spelled,
)
from jerry_git.application.schemas.declarations import OPAQUE
from jerry_git.application.schemas.hazards import bound, judge, mentioned, validated
from jerry_git.application.schemas.library import LIKE_DATACLASS, Class, Library, Meaning, Module

Json = Any
Kind = Literal["dataclass", "model", "attrs", "typeddict", "struct", "enum"]

_DECORATORS: Mapping[str, Kind] = {
    "dataclasses.dataclass": "dataclass",
    LIKE_DATACLASS: "dataclass",
    "pydantic.dataclasses.dataclass": "dataclass",
    **{f"attrs.{name}": "attrs" for name in ("define", "frozen", "mutable")},
    **{f"attr.{name}": "attrs" for name in ("define", "frozen", "mutable", "s", "attrs", "dataclass")},
}
_BASES: Mapping[str, Kind] = {
    "pydantic.BaseModel": "model",
    "pydantic.main.BaseModel": "model",
    "typing.TypedDict": "typeddict",
    "msgspec.Struct": "struct",
    **{f"enum.{name}": "enum" for name in ("Enum", "StrEnum", "IntEnum")},
}
_HARMLESS_BASES = frozenset(("builtins.object", "builtins.str", "builtins.int", "abc.ABC"))
_HARMLESS_OPTIONS = frozenset(
    ("frozen", "slots", "kw_only", "eq", "order", "repr", "init", "unsafe_hash", "match_args", "weakref_slot", "hash")
)
_HARMLESS_CONFIG = frozenset(
    ("frozen", "title", "populate_by_name", "validate_assignment", "validate_default", "arbitrary_types_allowed",
     "str_strip_whitespace", "revalidate_instances", "from_attributes", "validate_by_name")
)  # fmt: skip
_FIELD_CALLS: Mapping[str, str] = {
    "dataclasses.field": "dataclass", "pydantic.Field": "model", "pydantic.fields.Field": "model",
    "attrs.field": "attrs", "attr.ib": "attrs", "attr.field": "attrs", "msgspec.field": "struct",
}  # fmt: skip
_SILENT = frozenset(("repr", "hash", "compare", "kw_only", "eq", "order", "description", "title", "examples", "frozen"))
_BASIC = frozenset(("string", "integer", "number", "boolean", "null", "object", "array"))


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its annotation, and the module in which that is read; `schema` where that says more."""

    name: str
    module: Module
    annotation: ast.expr
    default: tuple[Json, ...] = ()
    optional: bool = False
    constraints: Mapping[str, Json] | None = None
    """None where a field's options cannot be told."""
    hidden: bool | None = False
    """Whether slots keep a default from the classes that inherit it; None where that cannot be told."""


class Classes:
    """Describes the classes of a library; each is told once, and referred to by its name."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._reader = Reader(library, self)
        self._known_kinds: dict[Class, Kind | None] = {}
        self._orders: dict[Class, list[Class] | None] = {}
        self._extras: dict[Class, Json] = {}
        self.definitions: dict[str, Json] = {}

    def describe(self, found: Class) -> Json:
        """See `Describer.describe`."""
        name = found.name
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self._told(found)
        if OPAQUE in self.definitions[name]:
            raise OpaqueError
        return {"$ref": f"#/$defs/{name}"}

    def document(self, found: Class) -> Json:
        """The schema of a class with all that it refers to."""
        try:
            return {**self.describe(found), "$defs": self.definitions}
        except OpaqueError:
            return {OPAQUE: found.code.name}

    def _told(self, found: Class) -> Json:
        if found.module.names.get(found.code.name) is not found.code:  # the name may stand for another class
            return opaque(ast.Name(found.code.name))
        try:
            return self._enumeration(found) if self.kind(found) == "enum" else self._object(found)
        except OpaqueError:
            return opaque(ast.Name(found.code.name))

    # --- kinds

    def kind(self, found: Class) -> Kind | None:
        """What kind of class it is, None for another or one that cannot be told."""
        if found not in self._known_kinds:
            self._known_kinds[found] = None  # for a class that descends from itself
            self._known_kinds[found] = self._decorated(found) or self._based(found)
        return self._known_kinds[found]

    def _decorated(self, found: Class) -> Kind | None:
        """The kind that a decorator of its own gives a class."""
        return next((_DECORATORS[meaning] for meaning, _ in self._decorators(found)), None)

    def _decorators(self, found: Class) -> Iterator[tuple[str, ast.expr]]:
        """What the decorators stand for that give a class its kind, each with its code."""
        for decorator in found.code.decorator_list:
            code = decorator.func if isinstance(decorator, ast.Call) else decorator
            meaning = self._library.meaning(found.module, code)
            if isinstance(meaning, str) and meaning in _DECORATORS:
                yield meaning, decorator

    def _hides(self, owner: Class) -> bool | None:
        """Whether a class has slots, where one that inherits looks for defaults; None where that cannot be told."""
        for meaning, decorator in self._decorators(owner):
            words = decorator.keywords if isinstance(decorator, ast.Call) else []
            slots = next((word.value for word in words if word.arg == "slots"), ast.Constant(value=False))
            if meaning == LIKE_DATACLASS or not isinstance(slots, ast.Constant):
                return None
            return bool(slots.value)
        return False

    def _based(self, found: Class) -> Kind | None:
        for base in self.bases(found):
            if isinstance(base, str) and spelled(base) in _BASES:
                return _BASES[str(spelled(base))]
            if isinstance(base, Class) and (kind := self.kind(base)):
                return kind
        return None

    def bases(self, found: Class) -> list[Meaning]:
        """What the bases of a class stand for."""
        return [self._library.meaning(found.module, base) for base in found.code.bases]

    def ancestry(self, found: Class) -> list[Class]:
        """The class and those it inherits from, in Python's order; raises `OpaqueError` for what is not known."""
        if found not in self._orders:
            self._orders[found] = None  # for a class that descends from itself
            self._orders[found] = _merged(found, [self.ancestry(base) for base in self._known_bases(found)])
        order = self._orders[found]
        if order is None:
            raise OpaqueError
        return order

    def _known_bases(self, found: Class) -> list[Class]:
        known = []
        for base in self.bases(found):
            if isinstance(base, Class):
                known.append(base)
            elif not isinstance(base, str) or (spelled(base) not in _BASES and base not in _HARMLESS_BASES):
                raise OpaqueError
        return known

    # --- objects

    def _object(self, found: Class) -> Json:
        kind = self.kind(found)
        if kind is None:
            raise OpaqueError
        properties: dict[str, Json] = {}
        required: list[str] = []
        untold: set[str] = set()
        fields: dict[str, Field] = {}
        for owner in reversed(self.ancestry(found)):
            self._judge(owner, kind)
            untold |= set(validated(self._library, owner))
            if kind not in ("dataclass", "attrs") or self._decorated(owner):
                fields |= {field.name: _inheriting(field, fields, kind) for field in self._fields(owner, kind)}
                if (hides := self._hides(owner)) is not False:
                    fields = {name: _replaced(field, hidden=hides) for name, field in fields.items()}
        given = self._given(found, kind)
        for field in fields.values():
            is_told = not untold & {"*", field.name} and (field.optional or field.name not in given)
            key = self._key(field)
            properties[key] = self._property(field, kind, is_open=is_told)
            if not field.optional:
                required.append(key)
        schema = {"type": "object", "properties": properties, **({"required": required} if required else {})}
        extra = self._extra(found, kind)
        return {**schema, **({} if extra in (None, "ignore") else {"additionalProperties": extra == "allow"})}

    def _given(self, found: Class, kind: Kind) -> set[str]:
        """The names that are attributes of the class, and so the defaults of fields that say none themselves."""
        if kind not in ("dataclass", "model"):
            return set()
        names = set[str]()
        for owner in self.ancestry(found):
            is_own = self._decorated(owner) == kind or (kind == "model" and self.kind(owner) == kind)
            names |= bound(owner.code, annotated=not is_own)
        return names

    def _key(self, field: Field) -> str:
        alias = (field.constraints or {}).get("alias")
        return alias if isinstance(alias, str) else field.name

    def _property(self, field: Field, kind: Kind, *, is_open: bool) -> Json:
        if field.constraints is None or not is_open:
            return opaque(field.annotation)
        schema = self._reader.schema(field.module, field.annotation)
        if OPAQUE in schema or (kind == "struct" and not _is_basic(schema)):
            return opaque(field.annotation)
        try:
            schema = constrained(schema, {k: v for k, v in field.constraints.items() if k != "alias"})
        except OpaqueError:
            return opaque(field.annotation)
        return {**schema, "default": field.default[0]} if field.default else schema

    def _judge(self, owner: Class, kind: Kind) -> None:
        """Raise `OpaqueError` for what can change the schema in a way that is not told."""
        judge(self._library, owner, is_enum=kind == "enum")
        for decorator in owner.code.decorator_list:
            words = decorator.keywords if isinstance(decorator, ast.Call) else []
            if any(word.arg not in _HARMLESS_OPTIONS for word in words):
                raise OpaqueError
        allowed = {"model": {"extra"}, "typeddict": {"total"}, "struct": {"forbid_unknown_fields"}}.get(kind, set())
        if any(word.arg not in _HARMLESS_OPTIONS | allowed for word in owner.code.keywords):
            raise OpaqueError

    def _extra(self, found: Class, kind: Kind) -> Json:
        """What the class says of keys that it does not name, itself or by the last of its bases that says so."""
        if found not in self._extras:
            said = None
            for base in self._known_bases(found):
                said = self._extra(base, kind) or said
            self._extras[found] = self._own_extra(found, kind) or said
        return self._extras[found]

    def _own_extra(self, owner: Class, kind: Kind) -> Json:
        """`forbid`, `allow`, `ignore`, or nothing."""
        if kind == "struct":
            words = {word.arg: literal(word.value) for word in owner.code.keywords}
            word = words.get("forbid_unknown_fields")
            return None if word is None else "forbid" if word else "ignore"
        if kind != "model":
            return None
        options = {str(word.arg): word.value for word in owner.code.keywords if word.arg == "extra"}
        for statement in owner.code.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id="model_config")], value=value):
                    options |= _config(value)
                case ast.AnnAssign(target=ast.Name(id="model_config"), value=value) if value is not None:
                    options |= _config(value)
                case _:
                    pass
        if options.keys() - _HARMLESS_CONFIG - {"extra"}:
            raise OpaqueError
        return literal(options["extra"]) if "extra" in options else None

    # --- fields

    def _fields(self, owner: Class, kind: Kind) -> Iterator[Field]:
        is_total = not any(word.arg == "total" and literal(word.value) is False for word in owner.code.keywords)
        given = bound(owner.code)  # a name that the class gives a meaning has that in its annotations too
        is_own = any(meaning == LIKE_DATACLASS for meaning, _ in self._decorators(owner))
        for statement in owner.code.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                field = self._field(owner.module, statement.target.id, statement, kind, is_total=is_total)
                if field is not None:
                    is_shadowed = mentioned(field.annotation) & given
                    is_untold = is_own and not self._is_plain(owner.module, statement)
                    yield _untold(field) if is_shadowed or is_untold else field
            elif kind == "attrs" and isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
                raise OpaqueError  # attr.ib without an annotation

    def _is_plain(self, module: Module, statement: ast.AnnAssign) -> bool:
        """Whether a field means the same to whatever makes data classes."""
        if ast.unparse(statement.target).startswith("_"):
            return False
        call = statement.value
        return not isinstance(call, ast.Call) or self._library.meaning(module, call.func) == "dataclasses.field"

    def _field(
        self, module: Module, name: str, statement: ast.AnnAssign, kind: Kind, *, is_total: bool
    ) -> Field | None:
        annotation, marker = self._unmarked(module, statement.annotation)
        if marker == "ClassVar" or name in ("model_config",) or (kind == "model" and name.startswith("_")):
            return None
        if marker == "KW_ONLY":
            return None
        if marker in ("InitVar", "Final") or (kind == "attrs" and name.startswith("_")):
            raise OpaqueError
        if kind == "typeddict":
            optional = marker == "NotRequired" or (not is_total and marker != "Required")
            return Field(name, module, annotation, optional=optional, constraints={})
        if statement.value is None:
            return Field(name, module, annotation, constraints={})
        return self._with_default(Field(name, module, annotation, optional=True, constraints={}), statement.value)

    def _unmarked(self, module: Module, code: ast.expr) -> tuple[ast.expr, str]:
        """The annotation within `ClassVar[...]`, `NotRequired[...]` and such, and the word."""
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            with suppress(OpaqueError):
                code = parsed(code.value)
        outer = code.value if isinstance(code, ast.Subscript) else code
        meaning = self._library.meaning(module, outer) if isinstance(outer, ast.Name | ast.Attribute) else None
        origin, _, word = meaning.rpartition(".") if isinstance(meaning, str) else ("", "", "")
        words = ("ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "InitVar", "KW_ONLY")
        if word not in words or origin not in ("typing", "typing_extensions", "dataclasses"):
            return code, ""
        return (code.slice, word) if isinstance(code, ast.Subscript) else (code, word)

    def _with_default(self, field: Field, code: ast.expr) -> Field:
        if isinstance(code, ast.Call):
            meaning = self._library.meaning(field.module, code.func)
            if not isinstance(meaning, str) or meaning not in _FIELD_CALLS:
                return _untold(field)
            return self._called(field, code)
        try:
            return _replaced(field, default=(self._default(field.module, code),))
        except OpaqueError:
            return _untold(field)

    def _called(self, field: Field, code: ast.Call) -> Field:
        """A field by `field(...)`, `Field(...)` and such."""
        words: dict[str, ast.expr] = {str(word.arg): word.value for word in code.keywords}
        if code.args:
            words["default"] = code.args[0]
        known = {"default", "default_factory", "factory", "alias"} | CONSTRAINTS | _SILENT
        if words.keys() - known or len(code.args) > 1:
            return _untold(field)
        try:
            constraints = {key: literal(words[key]) for key in words if key in CONSTRAINTS or key == "alias"}
            is_required = "default" not in words and "default_factory" not in words and "factory" not in words
            if is_required or _is_ellipsis(words.get("default")):
                return _replaced(field, optional=False, constraints=constraints)
            default = (self._default(field.module, words["default"]),) if "default" in words else ()
        except OpaqueError:
            return _untold(field)
        return _replaced(field, default=default, constraints=constraints)

    def _default(self, module: Module, code: ast.expr) -> Json:
        """A literal, or the value of a member of an enumeration."""
        if isinstance(code, ast.Attribute):
            owner = self._library.meaning(module, code.value)
            if isinstance(owner, Class) and self.kind(owner) == "enum":
                members = self._members(owner)
                if code.attr in members:
                    return members[code.attr]
            raise OpaqueError
        return literal(code)

    # --- enumerations

    def _enumeration(self, found: Class) -> Json:
        values = list(self._members(found).values())
        if not values:
            raise OpaqueError
        return {"enum": values}

    def _members(self, found: Class) -> dict[str, Json]:
        self._judge(found, "enum")
        bases = {str(spelled(base)) for base in self.bases(found)}
        if not bases <= {"enum.Enum", "enum.StrEnum", "enum.IntEnum", "builtins.str", "builtins.int"}:
            raise OpaqueError
        members: dict[str, Json] = {}
        for statement in found.code.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if not name.startswith("_"):
                    members[name] = self._member(found.module, name, value, members, bases)
                case ast.Assign() | ast.AnnAssign():
                    raise OpaqueError
                case _:
                    pass
        return members

    def _member(self, module: Module, name: str, code: ast.expr, before: Mapping[str, Json], bases: set[str]) -> Json:
        if isinstance(code, ast.Call) and self._library.meaning(module, code.func) == "enum.auto" and not code.args:
            if "enum.StrEnum" in bases:
                return name.lower()
            numbers = [value for value in before.values() if isinstance(value, int)]
            if len(numbers) < len(before) or "builtins.str" in bases:
                raise OpaqueError
            return max(numbers, default=0) + 1
        value = literal(code)
        as_what = (
            int
            if bases & {"enum.IntEnum", "builtins.int"}
            else str
            if bases & {"enum.StrEnum", "builtins.str"}
            else None
        )
        if isinstance(value, list | dict) or (as_what and type(value) is not as_what):
            raise OpaqueError
        return value


def _merged(found: Class, lines: list[list[Class]]) -> list[Class]:
    """C3, as Python orders the ancestors of a class, by theirs; raises `OpaqueError` where there is none."""
    waiting = [*lines, [line[0] for line in lines]]
    order = [found]
    while waiting := [line for line in waiting if line]:
        free = [line[0] for line in waiting if not any(line[0] in other[1:] for other in waiting)]
        if not free:
            raise OpaqueError
        order.append(free[0])
        waiting = [[each for each in line if each != free[0]] for line in waiting]
    return order


def _config(code: ast.expr) -> dict[str, ast.expr]:
    match code:
        case ast.Call(args=[], keywords=words):
            return {str(word.arg): word.value for word in words}
        case ast.Dict(keys=keys, values=values):
            return {str(literal(key)) if key else "**": value for key, value in zip(keys, values, strict=True)}
        case _:
            raise OpaqueError


def _replaced(field: Field, **changes: Any) -> Field:
    return replace(field, **changes)


def _inheriting(field: Field, before: Mapping[str, Field], kind: Kind) -> Field:
    """A field of a dataclass that says no default has that of the ancestor's, where it is the class's attribute."""
    inherited = before.get(field.name)
    if kind != "dataclass" or field.optional or inherited is None or not inherited.default or inherited.hidden:
        return field
    if inherited.hidden is None:
        return _untold(field)
    return _replaced(field, optional=True, default=inherited.default)


def _untold(field: Field) -> Field:
    return _replaced(field, constraints=None)


def _is_ellipsis(code: ast.expr | None) -> bool:
    return isinstance(code, ast.Constant) and code.value is ...


def _is_basic(schema: Json) -> bool:
    """Whether msgspec would say the same: of plain types without formats, and of unions and lists of them."""
    if isinstance(schema, list):
        return all(map(_is_basic, schema))
    if not isinstance(schema, dict):
        return True
    if "format" in schema or "uniqueItems" in schema or "$ref" in schema or isinstance(schema.get("type"), list):
        return False
    return all(_is_basic(value) for key, value in schema.items() if key not in ("enum", "default", "required"))
