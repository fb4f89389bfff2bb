# ruff: noqa: E501 - the lines of modules
"""Event classes asked themselves: imported where the settings say they are, and nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jerry_git.application.schemas.static_classes import declared
from jerry_git.application.schemas.verifying import BrokenCodeError
from jerry_git.application.settings import SchemaSettings
from jerry_git.infrastructure.adapters.exact_schemas import MODE, exact
from jerry_git.infrastructure.adapters.user_code import ImportedCode, source_roots
from tests.application.sources import MemorySource

HEAD = "from dataclasses import dataclass\nfrom pydantic import BaseModel, field_validator\nimport attrs, msgspec\n"


@pytest.fixture
def asked(tmp_path: Path, request: pytest.FixtureRequest):
    """The classes of a module of this text, asked."""
    name = f"asked_{abs(hash(request.node.name))}"

    def ask(text: str, **own):
        (tmp_path / "src").mkdir(exist_ok=True)
        (tmp_path / "src" / f"{name}.py").write_text(HEAD + text)
        settings = SchemaSettings(**({"modules": (name,)} | {k: v.replace("MODULE", name) if isinstance(v, str) else tuple(
            item.replace("MODULE", name) for item in v) for k, v in own.items()}))  # fmt: skip
        static, problems = declared(MemorySource({f"src/{name}.py": (HEAD + text).encode()}), settings)
        assert problems == []
        return exact(static, tmp_path, settings)

    yield ask
    sys.modules.pop(name, None)


@pytest.mark.positive
def test_a_class_that_cannot_be_told_says_itself_what_it_takes(asked):
    text = (
        "class Placed(BaseModel):\n    a: int\n    @field_validator('a', mode='before')\n    def f(cls, v): return v\n"
    )
    (event,), problems = asked(text)
    assert problems == []
    assert event.schema == {
        "$comment": MODE, "properties": {"a": {"type": "integer"}}, "required": ["a"], "type": "object",
    }  # fmt: skip
    assert event.opaque == ()


@pytest.mark.positive
@pytest.mark.parametrize(
    "text",
    [
        "@attrs.frozen\nclass Placed:\n    a: int\n    b: list[str] = attrs.field(factory=list)\n    c: str = 'x'\n",
        "class Placed(msgspec.Struct):\n    a: int\n    b: list[str] = msgspec.field(default_factory=tuple)\n    c: str = 'x'\n",
        "class Placed(BaseModel):\n    a: int\n    b: list[str] = []\n    c: str = 'x'\n",
    ],
    ids=["attrs", "msgspec", "pydantic"],
)
def test_classes_of_every_library_are_asked(asked, text):
    (event,), problems = asked(text)
    assert problems == []
    assert sorted(event.schema["properties"]) == ["a", "b", "c"]
    assert event.schema["required"] == ["a"]


@pytest.mark.positive
def test_classes_that_are_made_at_run_time_are_found_by_their_base(asked):
    text = (
        "@dataclass\nclass Event:\n    at: int\n"
        "Made = dataclass(type('Made', (Event,), {'__annotations__': {'a': int}, 'event_type': 'made.v2', '__module__': __name__}))\n"
        "_Hidden = type('_Hidden', (Made,), {'__module__': __name__})\n"
    )
    (event,), problems = asked(text, bases=("MODULE:Event",), envelope=("at",))
    assert problems == []
    assert (event.name, event.version, event.qualname) == ("made", 2, "Made")
    assert list(event.schema["properties"]) == ["a"]


@pytest.mark.positive
def test_a_field_that_is_the_name_of_an_event_names_it(asked):
    text = "from typing import Literal\nclass Placed(BaseModel):\n    event_type: Literal['placed.v3'] = 'placed.v3'\n"
    (event,), _ = asked(text)
    assert (event.name, event.version) == ("placed", 3)


@pytest.mark.negative
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import nowhere_to_be_found\n@dataclass\nclass Placed:\n    a: int\n", "ModuleNotFoundError: No module named"),
        ("@dataclass\nclass Placed:\n    a: int\n1 / 0\n", "ZeroDivisionError: division by zero"),
        (
            "class Odd:\n    pass\n@dataclass\nclass Placed:\n    a: Odd\n",
            "has no JSON Schema: PydanticSchemaGenerationError",
        ),
        ("@dataclass\nclass Placed:\n    a: int\ndel Placed\n", "AttributeError"),
    ],
    ids=["no such library", "an error", "no schema", "gone"],
)
def test_a_class_that_cannot_be_asked_is_told_with_the_reason(asked, text, message):
    events, (problem,) = asked(text)
    assert events == []
    assert message in problem.message
    assert problem.path.endswith(".py")
    assert "--static" in problem.mend


@pytest.mark.negative
def test_one_class_without_a_schema_hides_no_other(asked):
    text = "class Odd:\n    pass\n@dataclass\nclass A:\n    a: Odd\n@dataclass\nclass B:\n    b: int\n"
    events, problems = asked(text)
    assert ([event.qualname for event in events], len(problems)) == (["B"], 1)


@pytest.mark.negative
def test_a_run_time_class_without_a_schema_is_told(asked):
    text = (
        "class Odd:\n    pass\n@dataclass\nclass Event:\n    at: int\n"
        "Made = dataclass(type('Made', (Event,), {'__annotations__': {'a': Odd}, '__module__': __name__}))\n"
    )
    events, (problem,) = asked(text, bases=("MODULE:Event",))
    assert events == []
    assert "Made has no JSON Schema" in problem.message


@pytest.mark.edge
def test_sys_path_is_as_it_was(tmp_path: Path):
    before = list(sys.path)
    (tmp_path / "src").mkdir()
    with source_roots(tmp_path, ("src", "gone")):
        assert sys.path[0] == str(tmp_path / "src")
    assert sys.path == before


CODE = (
    "import attrs, msgspec\nfrom pydantic import BaseModel\nclass Model(BaseModel):\n    a: int\n"
    "@attrs.define\nclass Attrs:\n    a: int\nclass Struct(msgspec.Struct):\n    a: int\n"
    "def grow(data):\n    data['a'] = 1\n    return data\ndef fail(data):\n    raise KeyError('b')\n"
)


@pytest.fixture
def code(tmp_path: Path):
    (tmp_path / "usercode.py").write_text(CODE)
    classes = {
        "model": "usercode:Model",
        "attrs": "usercode:Attrs",
        "struct": "usercode:Struct",
        "gone": "usercode:Gone",
    }
    yield ImportedCode(tmp_path, (".",), classes)
    sys.modules.pop("usercode", None)


@pytest.mark.positive
def test_an_upcaster_cannot_change_what_is_stored(code):
    stored = {"b": 1}
    assert code.upcaster("usercode:grow")(stored) == {"a": 1, "b": 1}
    assert stored == {"b": 1}


@pytest.mark.positive
@pytest.mark.parametrize("event", ["model", "attrs", "struct", "unknown"])
def test_a_class_takes_its_data(code, event):
    code.load(event, {"a": 1})


@pytest.mark.negative
def test_what_the_users_code_refuses_is_told(code):
    with pytest.raises(BrokenCodeError, match="usercode:fail failed: KeyError: 'b'"):
        code.upcaster("usercode:fail")({})
    with pytest.raises(BrokenCodeError, match="usercode:nothing cannot be imported"):
        code.upcaster("usercode:nothing")
    for event in ("model", "attrs", "struct", "gone"):
        with pytest.raises(BrokenCodeError):
            code.load(event, {"a": "x" if event != "attrs" else "y", "b": []})
