"""The id that people say: a prefix and a number."""

from __future__ import annotations

import pytest

from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects.display_id import DisplayId


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "prefix", "number"),
    [
        pytest.param("WORK-42", "WORK", 42, id="as written"),
        pytest.param("work-42", "WORK", 42, id="in small letters"),
        pytest.param("wOrK-42", "WORK", 42, id="in mixed letters"),
        pytest.param("A-1", "A", 1, id="the shortest"),
        pytest.param("B2B4567890-999999999", "B2B4567890", 999999999, id="the longest"),
    ],
)
def test_a_display_id_is_read_in_any_case_and_written_in_capitals(text, prefix, number):
    display_id = DisplayId.parse(text)
    assert display_id == DisplayId(prefix=prefix, number=number)
    assert str(display_id) == text.upper()


@pytest.mark.negative
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("42", id="a number alone"),
        pytest.param("WORK", id="a prefix alone"),
        pytest.param("WORK42", id="no hyphen"),
        pytest.param("WORK-0", id="number zero"),
        pytest.param("WORK-042", id="a leading zero"),
        pytest.param("WORK--1", id="two hyphens"),
        pytest.param("WORK-1 ", id="a blank after it"),
        pytest.param("WORK-1\n", id="a line break after it"),
        pytest.param("2WORK-1", id="a prefix that begins with a digit"),
        pytest.param("MUCHTOOLONG-1", id="a prefix of eleven letters"),
        pytest.param("WORK-1000000000", id="a number of ten digits"),
        pytest.param("WORK-٤", id="a digit of another script"),
        pytest.param("STRASSE-ß", id="a letter for a number"),
    ],
)
def test_what_does_not_look_like_work_42_is_refused(text):
    with pytest.raises(InvalidValueError, match="looks like WORK-42"):
        DisplayId.parse(text)


@pytest.mark.negative
@pytest.mark.parametrize(
    ("prefix", "number", "field"),
    [
        pytest.param("work", 1, "prefix", id="small letters"),
        pytest.param("", 1, "prefix", id="no prefix"),
        pytest.param("WORK", 0, "display id", id="zero"),
        pytest.param("WORK", -1, "display id", id="below zero"),
        pytest.param("WORK", 10**9, "display id", id="too high a number"),
    ],
)
def test_parts_that_are_not_right_are_refused(prefix, number, field):
    with pytest.raises(InvalidValueError) as caught:
        DisplayId(prefix=prefix, number=number)
    assert caught.value.field == field
