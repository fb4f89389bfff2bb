"""The same classes have one canonical form, whichever release of pydantic describes them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jerry_domain.schemas.canonical import canonical

REPOSITORY = Path(__file__).parents[2]
RELEASES = ("2.11.*", "2.12.*", "2.14.*")
"""The oldest that we take, one of those that write a pattern for a Decimal (2.12 and 2.13 do), and the newest."""
ZOO = """
import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal, Mapping, Optional, Sequence, Union
from uuid import UUID
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from typing_extensions import NotRequired, TypedDict

class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"

class Size(IntEnum):
    ONE = 1

@dataclass
class Line:
    sku: str
    count: int = 1

class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9

class Dog(BaseModel):
    kind: Literal["dog"] = "dog"

class Node(BaseModel):
    value: Decimal
    children: list["Node"] = Field(default_factory=list)

class Extras(TypedDict):
    a: int
    b: NotRequired[dict[str, Any]]

class Everything(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: Decimal
    b: dict[str, Any]
    c: dict
    d: tuple[int, str]
    e: tuple[int, ...]
    f: set[UUID]
    g: Colour
    h: Size = Size.ONE
    i: datetime
    j: date
    k: time
    l: timedelta
    m: bytes
    n: Line
    o: Optional[Line] = None
    p: Union[int, str, None]
    q: Annotated[Union[Cat, Dog], Field(discriminator="kind")]
    r: Annotated[int, Field(gt=0, le=10)]
    s: Annotated[str, Field(min_length=1, pattern="^a")]
    t: Sequence[Mapping[str, float]]
    u: Extras
    v: Any = None
    w: Literal["x", 1, None]
    x: Annotated[Decimal, Field(max_digits=5, decimal_places=2)]
    y: frozenset[str] = frozenset()
    z: float = 1.0

from jerry_git.infrastructure.adapters.exact_schemas import _schema

print(json.dumps([_schema(each) for each in (Everything, Node, Line, Extras, Cat, dict[str, Any], Decimal)]))
"""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    """The schemas of the zoo, by release."""
    found = {}
    uv = Path(sys.executable).with_name("uv")
    for release in RELEASES:
        place = tmp_path_factory.mktemp("release") / "venv"
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, place], check=True)
        python = place / "bin" / "python"
        own = [uv, "pip", "install", "--quiet", "--python", python, "--editable", REPOSITORY, f"pydantic=={release}"]
        subprocess.run(own, check=True)
        printed = subprocess.run([python, "-c", ZOO], check=True, capture_output=True, text=True)
        found[release] = json.loads(printed.stdout)
    return found


@pytest.mark.positive
def test_every_release_describes_the_same_classes_by_one_form(described):
    one, *others = [[canonical(schema) for schema in found] for found in described.values()]
    assert others == [one, one]


@pytest.mark.edge
def test_the_releases_are_ones_that_write_them_differently(described):
    assert len({json.dumps(found, sort_keys=True) for found in described.values()}) > 1
