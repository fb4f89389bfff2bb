# ruff: noqa: E501 - the lines of a table are the lines of modules
"""Event classes told from their code: which they are, what they are called, what cannot be told of them."""

from __future__ import annotations

import pytest

from jerry_git.application.schemas import declarations
from jerry_git.application.schemas.declarations import differences
from jerry_git.application.schemas.static_classes import declared
from jerry_git.application.settings import SchemaSettings
from tests.application.sources import MemorySource

HEAD = (
    "from dataclasses import dataclass, field, InitVar, KW_ONLY\n"
    "from typing import Annotated, Any, Callable, ClassVar, Final, Literal, NamedTuple, NewType, TypeVar, TYPE_CHECKING\n"
)
EVENT = "@dataclass\nclass Event:\n    at: int\n"


def found(files, **own):
    texts = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    return declared(MemorySource(texts), SchemaSettings(**own))


def names(files, **own):
    events, problems = found(files, **own)
    assert problems == []
    return [event.qualname for event in events]


def one(body: str, head: str = HEAD):
    """The class `Placed` of a module that has nothing else of interest."""
    events, problems = found({"shop.py": f"{head}{body}"}, modules=("shop",))
    assert problems == []
    (event,) = [event for event in events if event.qualname == "Placed"]
    return event


def fields(*lines: str, head: str = HEAD):
    """The properties of a dataclass with these lines."""
    return one("@dataclass\nclass Placed:\n" + "".join(f"    {line}\n" for line in lines), head)


# --- which classes


KINDS = (
    "from attrs import define\nfrom pydantic import BaseModel\nimport msgspec, enum\nfrom dataclasses import dataclass\n"
    "from typing_extensions import TypedDict\n"
    "@define\nclass A:\n    a: int\nclass B(BaseModel):\n    pass\nclass C(TypedDict):\n    pass\n"
    "class D(msgspec.Struct):\n    pass\nclass E(enum.Enum):\n    X = 1\nclass F:\n    pass\n@dataclass\nclass G:\n    pass\n"
    "@dataclass\nclass _H:\n    pass\nclass I(B):\n    pass\n"
)


@pytest.mark.positive
def test_a_module_declares_its_data_classes_of_every_kind():
    assert names({"shop.py": KINDS}, modules=("shop",)) == ["A", "B", "C", "D", "G", "I"]


TREE = {
    "src/shop/__init__.py": "from .base import Event as Base\n",
    "src/shop/base.py": HEAD + EVENT,
    "src/shop/orders/__init__.py": "",
    "src/shop/orders/events.py": "from dataclasses import dataclass\nfrom ..base import *\n@dataclass\nclass Placed(Event):\n    a: int\n"
    "@dataclass\nclass Other:\n    pass\n",
    "src/shop/paid.py": "import shop\nfrom dataclasses import dataclass\n@dataclass\nclass Paid(shop.Base):\n    a: int\n",
    "src/shop/late.py": "import shop.paid as p\nfrom dataclasses import dataclass\n@dataclass\nclass PaidLate(p.Paid):\n    b: int\n",
    "tools/x.py": "class Event:\n    pass\n",
}


@pytest.mark.positive
def test_classes_are_found_by_their_base_wherever_they_are():
    assert names(TREE, bases=("shop.base:Event",)) == ["PaidLate", "Placed", "Paid"]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("modules", "expected"),
    [(("shop.*",), ["PaidLate", "Placed", "Paid"]), (("shop.orders.*",), ["Placed"]), (("shop.paid",), ["Paid"])],
)
def test_modules_narrow_where_classes_are_looked_for(modules, expected):
    assert names(TREE, bases=("shop:Base",), modules=modules) == expected


@pytest.mark.positive
def test_inherited_fields_come_first_and_the_envelope_is_left_out():
    events, _ = found(TREE, bases=("shop.base:Event",))
    late = next(event for event in events if event.qualname == "PaidLate")
    assert list(late.schema["properties"]) == ["a", "at", "b"]
    assert late.schema["required"] == ["a", "at", "b"]
    events, _ = found(TREE, bases=("shop.base:Event",), envelope=("at", "a", "b"))
    assert all(event.schema == {"properties": {}, "type": "object"} for event in events)
    assert {event.module for event in events} == {"shop.orders.events", "shop.paid", "shop.late"}


@pytest.mark.positive
@pytest.mark.parametrize(
    "told",
    ["from typing import dataclass_transform as like", "import typing_extensions as t\nlike = t.dataclass_transform"],
)
def test_what_says_that_it_makes_dataclasses_is_taken_at_its_word(told):
    files = {
        "shop/values.py": f"{told}\n@like(kw_only_default=True)\ndef value(kind):\n    return kind\n",
        "shop/events.py": "from shop.values import value\nclass Event: ...\n@value\nclass Placed(Event):\n    a: int = 1\n",
    }
    (event,), _ = found(files, bases=("shop.events:Event",))
    assert event.schema == {"type": "object", "properties": {"a": {"type": "integer", "default": 1}}}


@pytest.mark.negative
@pytest.mark.parametrize("told", ["", "@cache\n", "@cache()\n", "@dataclass_transform\n"])
def test_another_function_makes_no_dataclasses(told):
    code = f"from typing import dataclass_transform\nclass Event: ...\n{told}def value(kind): ...\n@value\nclass A(Event):\n    a: int\n"
    (event,), _ = found({"shop.py": code}, bases=("shop:Event",))
    assert event.schema == {declarations.OPAQUE: "A"}


PROBLEMS = {
    "no such module": ({"shop.py": ""}, {"modules": ("shop.events",)}, "there is no module shop.events below"),
    "no such base": ({"shop.py": ""}, {"bases": ("shop:Event",)}, "the base class shop:Event is not there"),
    "no module of the base": ({}, {"bases": ("shop:Event",)}, "the base class shop:Event is not there"),
    "not Python": ({"shop.py": "x = 1\ndef"}, {"modules": ("shop",)}, "not Python of this version: invalid syntax"),
    "null bytes": ({"shop.py": b"\0"}, {"modules": ("shop",)}, ""),
    "too deep": ({"shop.py": "x = " + "-" * 100_000 + "1"}, {"modules": ("shop",)}, ""),
    "not here": ({"shop.py": b"gone"}, {"modules": ("shop",)}, "is not here"),
}


@pytest.mark.negative
@pytest.mark.parametrize(("files", "own", "message"), PROBLEMS.values(), ids=PROBLEMS)
def test_what_the_settings_name_and_cannot_be_read_is_told(files, own, message):
    events, problems = found(files, **own)
    assert events == []
    assert message in problems[0].message
    assert problems[0].mend


@pytest.mark.edge
def test_a_byte_order_mark_and_another_encoding_are_read():
    text = b"\xef\xbb\xbf" + HEAD.encode() + EVENT.encode()
    assert names({"shop.py": text}, modules=("shop",)) == ["Event"]
    latin = b"# -*- coding: latin-1 -*-\n# \xe4\n" + HEAD.encode() + EVENT.encode()
    assert names({"shop.py": latin}, modules=("shop",)) == ["Event"]


# --- names and versions


NAMED = {
    "by its class": ("class Placed:", [], ("Placed", None)),
    "by an attribute": ("class Placed:", ["event_type = 'placed'"], ("placed", None)),
    "by an annotated attribute": ("class Placed:", ["event_type: ClassVar[str] = 'placed.v2'"], ("placed", 2)),
    "by a literal field": ("class Placed:", ["event_type: Literal['placed.v3']"], ("placed", 3)),
    "by a literal field with a default": ("class Placed:", ["event_type: Literal['a', 'b'] = 'b'"], ("b", None)),
    "with a version beside it": ("class Placed:", ["event_type = 'placed'", "event_version = 4"], ("placed", 4)),
    "by something that is computed": ("class Placed:", ["event_type = f()"], ("Placed", None)),
}


@pytest.mark.positive
@pytest.mark.parametrize(("head", "lines", "expected"), NAMED.values(), ids=NAMED)
def test_an_event_has_a_name_and_a_version(head, lines, expected):
    event = one(f"@dataclass\n{head}\n" + "".join(f"    {line}\n" for line in [*lines, "a: int"]))
    assert (event.name, event.version) == expected


@pytest.mark.positive
@pytest.mark.parametrize(
    ("name", "expected"),
    [("PlacedV2", ("Placed", 2)), ("Placed_V12", ("Placed", 12)), ("V2", ("V2", None)), ("TV2", ("T", 2))],
)
def test_the_name_of_a_class_may_end_in_a_version(name, expected):
    (event,), _ = found({"shop.py": f"{HEAD}@dataclass\nclass {name}:\n    pass\n"}, modules=("shop",))
    assert (event.name, event.version) == expected


# --- what is told, and what is not


TOLD = {
    "an alias": (["a: Mine"], HEAD + "Mine = dict[str, int]\n"),
    "an annotated alias": (["a: Mine"], HEAD + "Mine: object = int\n"),
    "an alias of an alias": (["a: Yours"], HEAD + "Mine = int\nYours = Mine\n"),
    "a new type": (["a: Mine"], HEAD + "Mine = NewType('Mine', str)\n"),
    "a name that is imported for type checkers": (
        ["a: UUID"], HEAD + "if TYPE_CHECKING:\n    from uuid import UUID\nelse:\n    from uuid import UUID\n"
    ),
    "an import that is tried": (["a: UUID"], HEAD + "try:\n    from uuid import UUID\nexcept ImportError:\n    pass\n"),
    "words of the language": (["_: KW_ONLY", "a: ClassVar[int] = 3", "b: ClassVar = 4", "c: int"], HEAD),
    "a default that is listed": (["a: list = field(default_factory=list)", "b: tuple = ()", "c: dict = field(default=None)"], HEAD),
    "an annotation in quotes": (["a: 'list[int] | None' = None"], HEAD),
    "empty tuples": (["a: tuple[()]", "b: tuple[int, ...]"], HEAD),
}  # fmt: skip


@pytest.mark.positive
@pytest.mark.parametrize(("lines", "head"), TOLD.values(), ids=TOLD)
def test_what_is_plain_is_told(lines, head):
    assert fields(*lines, head=head).opaque == ()


OPAQUE = {
    "a name from elsewhere": ["a: Foreign"],
    "a name that is bound twice": ["a: Twice"],
    "a function's": ["a: make()"],
    "an attribute of a value": ["a: VALUE.inner"],
    "a type variable": ["a: T"],
    "a key that is no text": ["a: dict[int, str]"],
    "a type that has no schema": ["a: complex"],
    "something else with brackets": ["a: Callable[[int], int]"],
    "broken quotes": ["a: 'list['"],
    "a default that is computed": ["a: int = make()"],
    "a default that is a name": ["a: int = VALUE"],
    "a default of no JSON": ["a: bytes = b''"],
    "a default with keys that are no texts": ["a: dict = field(default={1: 2})"],
    "options that are not known": ["a: int = field(default=1, metadata={})"],
    "an enumeration that is computed": ["a: Computed"],
    "an enumeration of tuples": ["a: Tuples"],
    "an enumeration without members": ["a: Empty"],
    "an enumeration of another kind": ["a: Flags"],
    "an enumeration with fields": ["a: Fielded"],
    "numbers after texts": ["a: Mixed"],
    "an enumeration of floats": ["a: Floats"],
    "a private member": ["a: Private"],
    "a member that is not there": ["a: Colour = Colour.GREEN"],
    "an attribute that is no member's": ["a: int = VALUE.real"],
    "metadata that are not known": ["a: Annotated[int, make()]"],
    "metadata that are no call": ["a: Annotated[int, VALUE]"],
    "bounds of a text": ["a: Annotated[str, Gt(3)]"],
    "bounds that are computed": ["a: Annotated[int, Gt(VALUE)]"],
    "a class that is none of data": ["a: Plain"],
    "a class of an unknown base": ["a: Strange"],
    "a class with options": ["a: Optioned"],
    "a union with an unknown part": ["a: int | Foreign"],
    "a named tuple": ["a: Point"],
    "a very long way": ["a: Circle"],
    "a class that makes its own schema": ["a: Own"],
    "a model with a Config": ["a: Configured"],
}
AROUND = (
    HEAD
    + "from elsewhere import Foreign, Base\nfrom annotated_types import Gt\nfrom enum import Enum, Flag, auto\n"
    + "from pydantic import BaseModel\nimport other\n"
    + "Twice = int\nTwice = str\nT = TypeVar('T')\nVALUE = 3\nCircle = 'Circle'\n"
    + "def make():\n    pass\nasync def later():\n    pass\n"
    + "class Computed(Enum):\n    A = make()\nclass Tuples(Enum):\n    A = (1, 2)\nclass Empty(Enum):\n    pass\n"
    + "class Flags(Flag):\n    A = 1\nclass Colour(Enum):\n    RED = 'red'\n    def f(self): pass\n"
    + "class Fielded(Enum):\n    x: int\n    A = 1\nclass Mixed(Enum):\n    A = 'a'\n    B = auto()\n"
    + "class Floats(float, Enum):\n    A = 1.5\n"
    + "class Private(Enum):\n    _x = 3\n"
    + "class Plain:\n    pass\n@dataclass\nclass Strange(Base):\n    a: int\n@dataclass(config=VALUE)\nclass Optioned:\n    a: int\n"
    + "class Point(NamedTuple):\n    x: int\n@dataclass\nclass Own:\n    def __get_pydantic_core_schema__(self): pass\n"
    + "class Configured(BaseModel):\n    class Config:\n        extra = 'forbid'\n"
)


@pytest.mark.negative
@pytest.mark.parametrize("lines", OPAQUE.values(), ids=OPAQUE)
def test_what_cannot_be_told_is_said_to_be_so(lines):
    event = fields(*lines, "b: int", head=AROUND)
    assert event.opaque == ("/properties/a",)
    assert event.schema["properties"]["b"] == {"type": "integer"}


WHOLLY_OPAQUE = {
    "a base from elsewhere": "@dataclass\nclass Placed(Base):\n    a: int\n",
    "bases that have no order": "class A: pass\nclass B(A): pass\n@dataclass\nclass Placed(A, B):\n    a: int\n",
    "a field that is no field": "@dataclass\nclass Placed:\n    a: InitVar[int]\n",
    "a final one": "@dataclass\nclass Placed:\n    a: Final[int] = 3\n",
    "options of the decorator": "@dataclass(config=3)\nclass Placed:\n    a: int\n",
    "options of the class": "class Placed(BaseModel, strict=True):\n    a: int\n",
    "configuration that is not known": "class Placed(BaseModel):\n    model_config = {'strict': True}\n    a: int\n",
    "configuration from elsewhere": "class Placed(BaseModel):\n    model_config = {**VALUE}\n    a: int\n",
    "configuration that is computed": "class Placed(BaseModel):\n    model_config: Any = make\n    a: int\n",
    "private fields of attrs": "@define\nclass Placed:\n    _a: int\n",
    "attrs without annotations": "@define\nclass Placed:\n    a = make()\n",
}


@pytest.mark.negative
@pytest.mark.parametrize("body", WHOLLY_OPAQUE.values(), ids=WHOLLY_OPAQUE)
def test_a_class_that_cannot_be_told_is_opaque_as_a_whole(body):
    assert one(body, AROUND + "from attrs import define\n").opaque == ("",)


MODEL = "from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator\nclass Placed(BaseModel{}):\n{}"


def model(*lines: str, options: str = ""):
    return one(MODEL.format(options, "".join(f"    {line}\n" for line in lines)))


@pytest.mark.positive
@pytest.mark.parametrize(
    ("lines", "options", "expected"),
    [
        (["model_config = ConfigDict(extra='forbid')"], "", False),
        (["model_config: ConfigDict = {'extra': 'forbid', 'frozen': True}"], "", False),
        ([], ", extra='forbid'", False),
        (["model_config = ConfigDict(extra='allow')"], "", None),
        (["model_config = ConfigDict(extra='ignore')"], "", None),
        (["_private: int = 3"], "", None),
    ],
)
def test_a_model_says_what_it_does_with_other_keys(lines, options, expected):
    event = model(*lines, "a: int", options=options)
    assert event.schema.get("additionalProperties") is expected
    assert list(event.schema["properties"]) == ["a"]


@pytest.mark.positive
def test_a_field_of_a_model_has_an_alias_and_bounds():
    event = model(
        "a: int = Field(alias='b', gt=0)",
        "c: str = Field('x', max_length=3, description='said')",
        "d: int = Field(...)",
    )
    assert event.schema["properties"]["b"] == {"exclusiveMinimum": 0, "type": "integer"}
    assert event.schema["properties"]["c"] == {"default": "x", "maxLength": 3, "type": "string"}
    assert event.schema["required"] == ["b", "d"]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["@field_validator('a')", "def f(cls, v): return v"], ()),
        (["@field_validator('a', mode='after')", "def f(cls, v): return v"], ()),
        (["@field_validator('a', mode='before')", "def f(cls, v): return v"], ("/properties/a",)),
        (["@field_validator('b', mode='plain')", "def f(cls, v): return v"], ("/properties/b",)),
        (["@model_validator(mode='before')", "def f(cls, v): return v"], ("/properties/a", "/properties/b")),
        (["@model_validator(mode='after')", "def f(self): return self"], ()),
        (["@staticmethod", "def f(): pass"], ()),
        (["@other.deco('a')", "def f(): pass"], ()),
    ],
)
def test_a_validator_that_may_change_what_is_taken_makes_its_field_opaque(lines, expected):
    assert model("a: int", "b: int = 3", *lines).opaque == expected


@pytest.mark.positive
@pytest.mark.parametrize(
    "field", ["a: int = Field(gt=VALUE)", "a: int = Field(1, 2)", "a: str = Field(gt=1)", "a: int = Field(default=f())",
              "a: int | None = Field(None, gt=3)", "a: int = Field(gt=1, discriminator='x')"]
)  # fmt: skip
def test_options_of_a_field_that_are_not_told_make_it_opaque(field):
    assert model(field).opaque == ("/properties/a",)


@pytest.mark.edge
def test_a_data_class_within_a_model_that_forbids_other_keys_has_its_own_word():
    body = "@dataclass\nclass Line:\n    a: int\nclass Placed(BaseModel):\n    model_config = {'extra': 'forbid'}\n    line: Line\n"
    assert "additionalProperties" not in one(body, AROUND).schema["properties"]["line"]


@pytest.mark.edge
def test_an_undecorated_child_of_a_data_class_has_no_fields_of_its_own():
    body = "@dataclass\nclass Parent:\n    a: int = 1\nclass Placed(Parent):\n    b: int\n"
    assert list(one(body).schema["properties"]) == ["a"]


@pytest.mark.edge
def test_a_field_without_a_default_has_the_ancestors():
    body = "@dataclass\nclass Parent:\n    a: int = 1\n    b: int = 2\n@dataclass\nclass Placed(Parent):\n    a: int\n    b: str = 'x'\n"
    properties = one(body).schema["properties"]
    assert (properties["a"], properties["b"]) == ({"default": 1, "type": "integer"}, {"default": "x", "type": "string"})


@pytest.mark.edge
def test_circles_of_imports_and_classes_come_to_an_end():
    files = {
        "a.py": "from b import X as Y\nfrom b import *\nfrom dataclasses import dataclass\n@dataclass\nclass E:\n    y: Y\n    z: Z\n",
        "b.py": "from a import Y as X\nfrom a import *\n",
    }
    events, _ = found(files, modules=("a",))
    assert events[0].opaque == ("/properties/y", "/properties/z")
    circle = "from dataclasses import dataclass\n@dataclass\nclass A(B):\n    pass\n@dataclass\nclass B(A):\n    pass\n"
    events, _ = found({"a.py": circle}, modules=("a",))
    assert [event.opaque for event in events] == [("",), ("",)]
    events, _ = found({"a.py": f"{HEAD}A = B\nB = A\n@dataclass\nclass E:\n    a: A\n"}, modules=("a",))
    assert events[0].opaque == ("/properties/a",)
    deep = "from dataclasses import dataclass\n@dataclass\nclass E:\n    a: " + "list[" * 60 + "int" + "]" * 60 + "\n"
    events, _ = found({"a.py": deep}, modules=("a",))
    assert len(events[0].opaque) == 1


@pytest.mark.positive
def test_submodules_and_packages_are_told_apart():
    files = {
        "shop/__init__.py": "",
        "shop/kinds.py": "from enum import Enum\nclass Kind(Enum):\n    A = 'a'\n",
        "shop/events.py": "from dataclasses import dataclass\nfrom . import kinds\nimport shop.kinds\n@dataclass\nclass E:\n"
        "    a: kinds.Kind\n    b: shop.kinds.Kind = shop.kinds.Kind.A\n",
    }
    (event,), _ = found(files, modules=("shop.events",))
    assert event.opaque == ()
    assert event.schema["properties"]["b"] == {"const": "a", "default": "a"}


@pytest.mark.positive
def test_typed_dicts_say_what_they_need():
    head = "from typing import TypedDict, Required, NotRequired\n"
    body = "class Base(TypedDict):\n    a: int\nclass Placed(Base, total=False):\n    b: int\n    c: Required[int]\n    d: NotRequired[int]\n"
    assert one(body, head).schema["required"] == ["a", "c"]


@pytest.mark.positive
def test_structs_are_told_where_both_would_say_the_same():
    head = "import msgspec, datetime\n"
    body = "class Placed(msgspec.Struct, forbid_unknown_fields=True):\n    a: int\n    b: datetime.date\n    c: list[str | None] = []\n"
    event = one(body, head)
    assert event.opaque == ("/properties/b",)
    assert event.schema["additionalProperties"] is False


@pytest.mark.positive
def test_the_words_of_several_libraries_mean_the_same():
    head = (
        "from dataclasses import dataclass\nfrom collections.abc import Mapping, Sequence, Set, Iterable\nimport typing as t\n"
        "from pydantic import Field\nfrom annotated_types import Gt, Len\n"
    )
    told = (
        "a: Sequence[t.Optional[int]]",
        "b: t.Union[Mapping[str, int], Set[str]]",
        "c: t.Annotated[int, 'said', Gt(3)]",
        "d: t.Annotated[int, Field(gt=3, description='said')]",
    )
    event = fields(*told, head=head)
    assert event.opaque == ()
    assert event.schema["properties"]["d"]["exclusiveMinimum"] == 3
    untold = (
        "a: Iterable[int]",
        "b: t.Annotated[int, Len(3)]",
        "c: t.Annotated[int, Field(strict=True)]",
        "d: Gt(1, int)",
    )
    assert fields(*untold, head=head).opaque == ("/properties/a", "/properties/b", "/properties/c", "/properties/d")


@pytest.mark.positive
@pytest.mark.parametrize(("base", "values"), [("StrEnum", ["green", "red"]), ("Enum", [1, 2]), ("IntEnum", [1, 2])])
def test_members_that_number_themselves_are_told(base, values):
    head = f"{HEAD}from enum import {base}, auto\nclass Colour({base}):\n    RED = auto()\n    GREEN = auto()\n"
    assert values == _enumerated(fields("a: Colour", head=head).schema)


def _enumerated(schema):
    found = schema["properties"]["a"]
    return (found if "enum" in found else schema["$defs"]["Colour"])["enum"]


@pytest.mark.edge
def test_a_listed_default_of_several_values_is_told():
    assert fields("a: dict = field(default={'x': [1, 2.5, None]})").schema["properties"]["a"]["default"] == {
        "x": [1, 2.5, None]
    }


@pytest.mark.edge
def test_a_module_of_one_name_below_two_roots_is_the_first():
    text = HEAD + EVENT + "@dataclass\nclass Placed(Event):\n    pass\n"
    events, _ = found({"shop.py": text, "src/shop.py": text}, bases=("shop:Event",))
    assert [event.path for event in events] == ["shop.py"]


@pytest.mark.edge
def test_other_decorators_of_a_class_are_passed_over():
    assert one("@other.final\n@dataclass\nclass Placed:\n    a: int\n").opaque == ()


@pytest.mark.negative
def test_where_everything_of_another_library_is_imported_no_name_is_certain():
    assert fields("a: int", head=HEAD + "from elsewhere import *\n").opaque == ("/properties/a",)


@pytest.mark.edge
@pytest.mark.parametrize(
    "text",
    [
        "J = list['J'] | dict[str, 'J']\n",
        "J = dict[str, 'J']\n",
        "".join(f"A{n} = tuple[A{n + 1}, A{n + 1}]\n" for n in range(35)) + "A35 = int\nJ = A0\n",
    ],
    ids=["twice within itself", "within itself", "doubling each time"],
)
def test_an_alias_without_an_end_is_given_up_soon(text):
    assert one(f"{text}@dataclass\nclass Placed:\n    a: J\n").opaque != ()


@pytest.mark.edge
def test_a_ladder_of_bases_is_climbed_once():
    rungs = "".join(
        f"class A{n}(A{n - 1}, B{n - 1}): pass\nclass B{n}(A{n - 1}, B{n - 1}): pass\n" for n in range(1, 20)
    )
    text = f"{HEAD}{EVENT}class A0(Event): pass\nclass B0(Event): pass\n{rungs}"
    assert len(names({"shop.py": text}, bases=("shop:Event",))) == 40
    assert "A19" in names({"shop.py": f"{HEAD}@dataclass\nclass A0: pass\nclass B0: pass\n{rungs}"}, modules=("shop",))


@pytest.mark.edge
def test_a_class_in_a_condition_that_is_one_of_two_is_opaque_as_a_whole():
    body = "if VALUE:\n    @dataclass\n    class Placed:\n        a: int\nelse:\n    @dataclass\n    class Placed:\n        b: int\n"
    assert one(body).opaque == ("",)


@pytest.mark.edge
def test_what_cannot_be_told_may_be_anything_so_that_nothing_is_said_of_it():
    event = fields("a: dict[str, Foreign]", head=AROUND)
    assert event.opaque == ("/properties/a/additionalProperties",)
    published = {"type": "object", "properties": {"a": {"type": "object"}}, "required": ["a"]}
    assert differences(event.schema, published) == []
    assert differences(event.schema, published | {"properties": {"a": {"type": "array"}}}) == ["/properties/a/type"]
