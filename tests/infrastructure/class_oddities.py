# ruff: noqa: E501 - the lines of a table are the lines of modules
"""Classes that do not take what a glance at their fields says: what a reader of code would get wrong."""

from __future__ import annotations

HEAD = """\
from __future__ import annotations
import attr, attrs, enum, msgspec, typing
from dataclasses import InitVar, dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Optional, Union
import pydantic
from pydantic import BaseModel, ConfigDict, Field, field_validator, with_config
from pydantic import field_validator as checked
from typing_extensions import TypedDict
VALUE = 3
"""

_ENUM = "\nclass Placed(BaseModel):\n    k: K\n"

TOLD = {
    "a child that lets in what its parent forbids": "class Q(BaseModel):\n    model_config = ConfigDict(extra='forbid')\nclass Placed(Q):\n    model_config = ConfigDict(extra='ignore')\n    a: int\n",
    "a child that forbids as its parent": "class Q(BaseModel):\n    model_config = ConfigDict(extra='forbid')\nclass Placed(Q):\n    a: int\n",
    "the last of two bases": "class Q(BaseModel):\n    model_config = ConfigDict(extra='forbid')\nclass R(BaseModel):\n    model_config = ConfigDict(extra='allow')\nclass Placed(Q, R):\n    a: int\n",
    "a struct that lets in what its parent forbids": "class Q(msgspec.Struct, forbid_unknown_fields=True):\n    a: int\nclass Placed(Q, forbid_unknown_fields=False):\n    b: int\n",
    "fields of a plain class beside a data class": "class M:\n    b: int = 3\n@dataclass\nclass Placed(M):\n    a: int\n",
    "fields of a plain class beside a model": "class M:\n    b: int = 3\nclass Placed(M, BaseModel):\n    a: int\n",
    "a diamond": "@dataclass\nclass A:\n    x: int = 1\n@dataclass\nclass B(A):\n    x: str = 'b'\n@dataclass\nclass C(A):\n    x: float = 2.5\n@dataclass\nclass Placed(B, C):\n    pass\n",
    "a type checker's methods": "class Placed(BaseModel):\n    a: int\n    if typing.TYPE_CHECKING:\n        def f(self): ...\n",
    "anything": "class Placed(BaseModel):\n    a: object\n    b: dict[str, object]\n",
    "a struct of places": "class Placed(msgspec.Struct):\n    a: tuple[int, str]\n",
    "a class in a condition": "if True:\n    class Placed(BaseModel):\n        a: int\n",
    "members of one value": "class K(enum.Enum):\n    A = 'a'\n    B = 'a'\n    C = 'c'" + _ENUM,
    "a model that refers to itself": "class Placed(BaseModel):\n    a: int\n    next: Optional[Placed] = None\n",
    "models that refer to each other": "class Q(BaseModel):\n    p: Optional[Placed] = None\nclass Placed(BaseModel):\n    q: Optional[Q] = None\n",
    "bounds of lists": "class Placed(BaseModel):\n    x: list[int] = Field(min_length=1)\n    y: dict[str, int] = Field(max_length=3)\n    z: set[str] = Field(min_length=2)\n",
    "defaults of another type": "class Placed(BaseModel):\n    a: float = 1\n    b: tuple[int, int] = (1, 2)\n    c: bool = 1\n    d: str = 3\n",
    "options of pydantic in a data class": "@dataclass\nclass Placed:\n    a: int = Field(gt=0)\n    b: str = Field('x', max_length=3)\n",
    "a decorator that makes data classes": "@typing.dataclass_transform()\ndef like(kind):\n    return dataclass(slots=True)(kind)\n@like\nclass Q:\n    a: int\n@like\nclass Placed(Q):\n    b: str = 'x'\n    c: list[int] = field(default_factory=list)\n",
    "a default that slots hide": "@dataclass(slots=True)\nclass Q:\n    a: int = 1\n@dataclass\nclass Placed(Q):\n    a: int\n",
    "a default that slots hide from a grandchild": "@dataclass\nclass Q:\n    a: int = 1\n@dataclass(slots=True)\nclass R(Q):\n    b: int = 2\n@dataclass\nclass Placed(R):\n    a: int\n",
    "a default that no slots hide": "@dataclass(slots=False)\nclass Q:\n    a: int = 1\n@dataclass(slots=True)\nclass Placed(Q):\n    a: int\n",
    "a property called title": "class Placed(BaseModel):\n    title: str\n    description: str = 'x'\n",
}
"""Modules whose class `Placed` is told as it is, with nothing left open."""

UNTOLD = {
    "a default that another decorator may hide": "@typing.dataclass_transform()\ndef like(kind):\n    return dataclass(slots=True)(kind)\n@like\nclass Q:\n    a: int = 1\n@like\nclass Placed(Q):\n    a: int\n",
    "a default that slots may hide": "SLOTS = True\n@dataclass(slots=SLOTS)\nclass Q:\n    a: int = 1\n@dataclass\nclass Placed(Q):\n    a: int\n",
    "options that another decorator may understand": "@typing.dataclass_transform()\ndef like(kind):\n    return dataclass(slots=True)(kind)\n@like\nclass Placed:\n    a: int = Field(gt=3)\n",
    "a name that another decorator may change": "@typing.dataclass_transform()\ndef like(kind):\n    return attrs.define(kind)\n@like\nclass Placed:\n    a: int\n    _b: int = attrs.field(default=3)\n    _c: int = 3\n",
    "a condition in the body": "class Placed(BaseModel):\n    a: int\n    if True:\n        b: int\n",
    "something tried in the body": "class Placed(BaseModel):\n    a: int\n    try:\n        b: int = 3\n    except ValueError: pass\n",
    "a class within of the same name": "class K(enum.Enum):\n    A = 'a'\nclass Placed(BaseModel):\n    class K(enum.Enum):\n        B = 'b'\n    k: K\n",
    "a class within, in quotes": "class K(enum.Enum):\n    A = 'a'\nclass Placed(BaseModel):\n    class K(enum.Enum):\n        B = 'b'\n    k: 'K'\n    l: Literal['[']\n",
    "an import within": "@dataclass\nclass Placed:\n    from decimal import Decimal as date\n    on: date\n",
    "a default of a plain class, for a data class": "class M:\n    a = 3\n@dataclass\nclass Placed(M):\n    a: int\n",
    "a default of a plain class, for a model": "class M:\n    a = 3\nclass Placed(M, BaseModel):\n    a: int\n",
    "a configuration of a data class": "@dataclass\nclass Placed:\n    __pydantic_config__ = ConfigDict(extra='forbid')\n    a: int\n",
    "a configuration of a dictionary": "@with_config(ConfigDict(extra='forbid'))\nclass Placed(TypedDict):\n    a: int\n",
    "a configuration of a decorated data class": "@pydantic.with_config(ConfigDict(extra='forbid'))\n@dataclass\nclass Placed:\n    a: int\n",
    "a field that is set later": "@dataclass\nclass Placed:\n    a: int\n    b: int = field(init=False)\n",
    "a required field with options": "class Placed(BaseModel):\n    a: int = Field(json_schema_extra={'x': 1})\n    b: int\n",
    "a bound that is computed": "class Placed(BaseModel):\n    a: int = Field(gt=VALUE)\n    b: int\n",
    "another name for validation": "class Placed(BaseModel):\n    a: int = Field(validation_alias='z')\n    b: int\n",
    "another name and more": "class Placed(BaseModel):\n    a: int = Field(alias='c', strict=True)\n    b: int\n",
    "a default in an annotation": "class Placed(BaseModel):\n    a: Annotated[int, Field(default=3)]\n",
    "a name in an annotation": "class Placed(BaseModel):\n    a: Annotated[int, Field(alias='b')]\n",
    "metadata of a required field": "@dataclass\nclass Placed:\n    a: int = field(metadata={'x': 1})\n",
    "a discriminator": "class A(BaseModel):\n    k: Literal['a']\nclass B(BaseModel):\n    k: Literal['b']\nclass Placed(BaseModel):\n    x: Union[A, B] = Field(discriminator='k')\n",
    "whole numbers that are not": "class K(enum.IntEnum):\n    A = True\n    B = 2" + _ENUM,
    "numbers made of texts": "class K(int, enum.Enum):\n    A = '1'" + _ENUM,
    "texts made of numbers": "class K(str, enum.Enum):\n    A = 1" + _ENUM,
    "members that are made": "class K(str, enum.Enum):\n    A = '1'\n    def __new__(cls, value):\n        made = str.__new__(cls, value)\n        made._value_ = value * 2\n        return made"
    + _ENUM,
    "members in a condition": "class K(enum.Enum):\n    A = '1'\n    if True:\n        B = '2'" + _ENUM,
    "a converter": "@attrs.define\nclass Placed:\n    a: int = attrs.field(converter=int)\n    b: int\n",
    "annotations that are no fields": "@attr.s\nclass Placed:\n    a: int = 3\n",
    "a default by a method": "@attrs.define\nclass Placed:\n    a: int = attrs.field()\n    @a.default\n    def f(self): return 3\n",
    "another name of a struct's field": "class Placed(msgspec.Struct):\n    a: int = msgspec.field(name='b')\n",
    "a validator by another name": "class Placed(BaseModel):\n    a: int\n    @checked('a', mode='plain')\n    def f(cls, v): return v\n",
    "a validator that is assigned": "class Placed(BaseModel):\n    a: int\n    _f = field_validator('a', mode='plain')(lambda v: v)\n",
    "a class that is defined again": "class Placed(BaseModel):\n    a: int\nclass Placed(BaseModel):\n    b: int\n",
}
"""Modules of whose class `Placed` something cannot be told, and nothing is told wrong."""
