# ruff: noqa: E501 - the lines of a table are the lines of modules
"""Random event classes as source text, over the annotations and defaults that can be told without importing."""

from __future__ import annotations

from random import Random

HEAD = """\
from __future__ import annotations
import datetime as dt
import enum
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum, auto
from typing import Annotated, Any, ClassVar, Dict, FrozenSet, List, Literal, NewType, Optional, Set, Tuple, Union
from uuid import UUID

import attrs
import msgspec
from annotated_types import Ge, MaxLen
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import NotRequired, TypedDict

UserId = NewType("UserId", str)
Money = Union[int, Decimal]
Name = Annotated[str, Field(min_length=1, max_length=40)]


class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"


class Size(IntEnum):
    SMALL = 1
    LARGE = auto()


class Mood(StrEnum):
    GOOD = auto()
    BAD = "awful"


class Only(Enum):
    ONE = "one"


@dataclass
class Line:
    sku: str
    count: int = 1


class Address(BaseModel):
    street: str
    zip: Optional[str] = None


class Node(BaseModel):
    value: int
    children: list[Node] = Field(default_factory=list)


class Extras(TypedDict, total=False):
    a: int
    b: typing.Required[str]
"""

_LEAVES = (
    "str", "int", "float", "bool", "None", "bytes", "datetime", "dt.date", "time", "timedelta", "UUID", "Decimal", "Any",
    "list", "dict", "UserId", "Money", "Name", "Colour", "Size", "Mood", "Only", "Line", "Address", "Node", "Extras",
    "'str'", "'Line | None'", "Literal['a', 'b']", "Literal['x']", "Literal[1, 'y', None]",
    "Annotated[int, Field(ge=1, lt=10)]", "Annotated[str, StringConstraints(pattern='^a')]",
    "Annotated[float, Ge(0)]", "Annotated[list[int], MaxLen(3)]", "Annotated[int, 'said']", "enum.Enum and None",
)[:-1]  # fmt: skip
_BASIC = ("str", "int", "float", "bool", "None", "Any", "Literal['a', 'b']")
_DEFAULTS = {
    "str": ("'x'", "''"), "int": ("0", "-3"), "float": ("1.5",), "bool": ("True",), "Colour": ("Colour.RED",),
    "Mood": ("Mood.BAD",), "Size": ("Size.LARGE",),
}  # fmt: skip


def annotation(rng: Random, depth: int = 0, leaves: tuple[str, ...] = _LEAVES) -> str:
    """An annotation of the grammar."""
    if depth > 2 or rng.random() < 0.5:
        return rng.choice(leaves)

    def inner() -> str:
        return annotation(rng, depth + 1, leaves)

    def plain() -> str:  # in a union with texts, a text would be an operator on texts
        return rng.choice([leaf for leaf in leaves if not leaf.startswith("'")])

    if leaves is _BASIC:
        return rng.choice(
            (lambda: f"list[{inner()}]", lambda: f"dict[str, {inner()}]", lambda: f"Optional[{plain()}]")
        )()
    return rng.choice(
        (
            lambda: f"list[{inner()}]",
            lambda: f"List[{inner()}]",
            lambda: f"Sequence[{inner()}]",
            lambda: f"set[{rng.choice(('str', 'int', 'UUID'))}]",
            lambda: f"{rng.choice(('frozenset', 'Set', 'FrozenSet'))}[str]",
            lambda: f"tuple[{inner()}, ...]",
            lambda: f"Tuple[{inner()}, {inner()}]",
            lambda: f"dict[str, {inner()}]",
            lambda: f"{rng.choice(('Dict', 'Mapping', 'typing.Mapping'))}[str, {inner()}]",
            lambda: f"Optional[{inner()}]",
            lambda: f"Union[{inner()}, {inner()}]",
            lambda: f"{plain()} | {plain()} | None",
        )
    )()


def _fields(rng: Random, kind: str) -> list[str]:
    lines = []
    for number in range(rng.randint(0, 5)):
        hint = annotation(rng, leaves=_BASIC if kind == "struct" else _LEAVES)
        lines.append(f"    f{number}: {hint}{_default(rng, hint, kind)}")
    return lines


def _default(rng: Random, hint: str, kind: str) -> str:
    if kind == "typeddict" or rng.random() < 0.5:
        return ""
    if hint.startswith("list[") and kind == "dataclass":
        return " = field(default_factory=list)"
    if kind == "model" and rng.random() < 0.3 and hint in ("str", "int"):
        bound = "max_length=3" if hint == "str" else "gt=0"
        return f" = Field({bound})" if rng.random() < 0.5 else f" = Field(default={_DEFAULTS[hint][0]}, {bound})"
    if hint.startswith("Optional[") or hint.endswith("| None"):
        return " = None"
    return f" = {rng.choice(_DEFAULTS[hint])}" if hint in _DEFAULTS else ""


def module(seed: int) -> str:
    """A module with one class of each kind, called `Event0` and so on."""
    rng = Random(seed)
    parts = [HEAD]
    for number, kind in enumerate(("dataclass", "model", "attrs", "typeddict", "struct")):
        name = f"Event{number}"
        head = {
            "dataclass": f"@dataclass(frozen=True, kw_only=True)\nclass {name}:",
            "model": f"class {name}(BaseModel{rng.choice(('', ', extra=chr(34)'))[:0]}):",
            "attrs": f"@attrs.frozen(kw_only=True)\nclass {name}:",
            "typeddict": f"class {name}(TypedDict{rng.choice(('', ', total=False'))}):",
            "struct": f"class {name}(msgspec.Struct, kw_only=True{rng.choice(('', ', forbid_unknown_fields=True'))}):",
        }[kind]
        body = _fields(rng, kind)
        if kind == "model" and rng.random() < 0.4:
            body.insert(
                0, f"    model_config = ConfigDict(extra={rng.choice(('forbid', 'allow', 'ignore'))!r}, frozen=True)"
            )
        if kind != "typeddict":
            body.insert(0, f"    event_type: ClassVar[str] = 'thing{number}.v{rng.randint(1, 3)}'")
        parts.append(f"\n\n{head}\n" + ("\n".join(body) or "    pass") + "\n")
        if kind == "dataclass":
            own = _fields(rng, kind)
            parts.append(
                f"\n\n@dataclass(frozen=True, kw_only=True)\nclass Child({name}):\n"
                + ("\n".join(own) or "    pass")
                + "\n"
            )
    return "".join(parts)
