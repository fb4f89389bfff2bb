"""JSON as event files have it is written byte by byte as the standard library writes it (DESIGN 3)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_git.infrastructure.persistence.json_text import indented, loads
from tests.infrastructure.strategies import THOROUGH, json_values


def _standard(value):
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)


@pytest.mark.positive
@THOROUGH
@given(json_values)
def test_a_value_is_written_as_the_standard_library_indents_it(value):
    assert indented(value) == _standard(value)


@pytest.mark.positive
@THOROUGH
@given(json_values)
def test_what_was_written_is_read_as_it_was(value):
    assert loads(indented(value)) == value


@pytest.mark.edge
@pytest.mark.parametrize(
    "value",
    [[], {}, [[]], [{}], {"": []}, 10**400, -0.0, 1e-320, 1.5e300, '\u2028\x7f\x00"\\/', "😀", [True, None]],
    ids=repr,
)
def test_empty_large_tiny_and_escaped_values_are_written_as_ever(value):
    assert indented({"value": [value, value]}) == _standard({"value": [value, value]})


@pytest.mark.negative
@pytest.mark.parametrize("value", [float("nan"), float("inf"), [{"x": float("-inf")}]], ids=repr)
def test_what_is_no_number_is_not_written(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        indented(value)


@pytest.mark.edge
@given(st.text(st.characters(exclude_categories=[])))
def test_texts_with_halves_of_characters_are_written_as_ever(text):
    assert indented({text: text}) == _standard({text: text})
