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
