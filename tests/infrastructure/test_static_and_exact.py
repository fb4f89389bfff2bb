# ruff: noqa: E501 - the lines of a table are the lines of modules
"""What is told of an event class without importing it is what the class says when it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jerry_git.application.schemas.declarations import differences
from jerry_git.application.schemas.static_classes import declared
from jerry_git.application.settings import SchemaSettings
from jerry_git.infrastructure.adapters.exact_schemas import exact
from tests.application.sources import MemorySource
from tests.infrastructure.class_oddities import HEAD, TOLD, UNTOLD
from tests.infrastructure.class_sources import module

EVENTS = {"Event0", "Child", "Event1", "Event2", "Event3", "Event4"}


def both(root: Path, name: str, text: str):
    """The classes of a module of this name, told from its code and told by itself."""
    (root / f"{name}.py").write_text(text)
    own = SchemaSettings(modules=(name,), source_roots=(".",))
    static, problems = declared(MemorySource({f"{name}.py": text.encode()}), own)
    try:
        asked, failures = exact(static, root, own)
    finally:
        sys.modules.pop(name, None)
    assert (problems, failures) == ([], [])
    return static, asked


@pytest.mark.positive
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_both_agree_on_everything_and_nothing_plain_is_left_untold(tmp_path, seed):
    static, asked = both(tmp_path, f"events_{seed}", module(seed))
    assert {event.qualname for event in static} >= EVENTS
    for told, known in zip(static, asked, strict=True):
        assert told.opaque == (), told.qualname
        assert differences(told.schema, known.schema) == [], (told.qualname, told.schema, known.schema)
        assert (told.name, told.version) == (known.name, known.version)


def placed(root: Path, text: str):
    """What is told of the class `Placed` and what it says itself."""
    name = f"odd_{abs(hash(text))}"
    told, asked = both(root, name, HEAD + text)
    return next((one, two) for one, two in zip(told, asked, strict=True) if one.qualname == "Placed")


@pytest.mark.positive
@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD)
def test_what_an_odd_class_takes_is_told(tmp_path, text):
    told, known = placed(tmp_path, text)
    assert differences(told.schema, known.schema) == []
    assert told.opaque == ()


@pytest.mark.negative
@pytest.mark.filterwarnings("ignore:Field name:UserWarning")
@pytest.mark.parametrize("text", UNTOLD.values(), ids=UNTOLD)
def test_what_a_glance_would_get_wrong_is_said_to_be_untold(tmp_path, text):
    told, known = placed(tmp_path, text)
    assert differences(told.schema, known.schema) == []
    assert told.opaque


@pytest.mark.negative
@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ("    a: int = Field(strict=True)\n    b: int\n", "    a: int = Field(strict=True)\n    b: str\n", ["/properties/b/type"]),
        ("    a: int = Field(strict=True)\n", "    a: int\n    b: int\n    c: int\n", ["/properties/b", "/properties/c", "/required"]),
    ],
    ids=["another field", "more fields"],
)  # fmt: skip
def test_what_cannot_be_told_of_one_field_hides_no_change_of_another(tmp_path, before, after, places):
    told, _ = placed(tmp_path, f"class Placed(BaseModel):\n{before}")
    _, known = placed(tmp_path, f"class Placed(BaseModel):\n{after}")
    assert differences(told.schema, known.schema) == places
