"""The internal id: 13 digits that sort by time and read back to the same number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects.work_item_id import EPOCH, LENGTH, WorkItemId, fold_lookalikes

HIGHEST = (1 << 63) - 1
NUMBERS = st.integers(0, HIGHEST)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("number", "text"),
    [
        pytest.param(0, "0000000000000", id="the lowest"),
        pytest.param(31, "000000000000z", id="one digit"),
        pytest.param(32, "0000000000010", id="two digits"),
        pytest.param(HIGHEST, "7zzzzzzzzzzzz", id="the highest"),
    ],
)
def test_an_id_is_written_in_13_digits_and_read_back(number, text):
    assert str(WorkItemId(number=number)) == text
    assert WorkItemId.parse(text) == WorkItemId(number=number)


@pytest.mark.positive
@given(NUMBERS)
def test_every_id_reads_back_to_itself(number):
    text = str(WorkItemId(number=number))
    assert len(text) == LENGTH
    assert WorkItemId.parse(text).number == number


@pytest.mark.positive
@given(NUMBERS, NUMBERS)
def test_ids_sort_as_text_as_they_sort_by_time(one, other):
    assert (str(WorkItemId(number=one)) < str(WorkItemId(number=other))) == (one < other)


@pytest.mark.positive
def test_an_id_knows_its_moment_and_month():
    milliseconds = int((datetime(2026, 3, 31, 23, 59, 59, 999000, tzinfo=UTC) - EPOCH).total_seconds() * 1000)
    last_of_march = WorkItemId.compose(milliseconds, (1 << 22) - 1)
    assert last_of_march.created_at == datetime(2026, 3, 31, 23, 59, 59, 999000, tzinfo=UTC)
    assert last_of_march.month == "2026-03"
    assert WorkItemId.compose(milliseconds + 1, 0).month == "2026-04"


@pytest.mark.edge
def test_the_time_of_an_id_begins_in_2020_and_lasts_69_years():
    assert WorkItemId(number=0).created_at == EPOCH
    assert WorkItemId(number=HIGHEST).created_at.year == 2089


@pytest.mark.negative
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: WorkItemId(number=-1), id="below zero"),
        pytest.param(lambda: WorkItemId(number=1 << 63), id="of 64 bits"),
        pytest.param(lambda: WorkItemId.compose(1 << 41, 0), id="of too late a time"),
        pytest.param(lambda: WorkItemId.compose(-1, 0), id="of a time before the epoch"),
        pytest.param(lambda: WorkItemId.compose(0, 1 << 22), id="with a tail of 23 bits"),
        pytest.param(lambda: WorkItemId.compose(0, -1), id="with a tail below zero"),
    ],
)
def test_a_number_that_does_not_fit_is_refused(make):
    with pytest.raises(InvalidValueError, match="does not fit"):
        make()


@pytest.mark.negative
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("000000000000", id="12 digits"),
        pytest.param("00000000000000", id="14 digits"),
        pytest.param("000000000000A", id="a capital"),
        pytest.param("000000000000i", id="a digit that Crockford leaves out"),
        pytest.param("00000000000٣0", id="a digit of another script"),
        pytest.param("8000000000000", id="64 bits"),
        pytest.param("000000000000\n", id="a line break"),
    ],
)
def test_another_spelling_is_refused(text):
    with pytest.raises(InvalidValueError) as caught:
        WorkItemId.parse(text)
    assert caught.value.field == "id"


@pytest.mark.positive
@pytest.mark.parametrize(
    ("typed", "meant"),
    [("06HS", "06hs"), ("O6hs", "06hs"), ("o", "0"), ("Il", "11"), ("iL", "11"), ("u", "u"), ("", "")],
)
def test_lookalikes_are_folded_to_what_was_meant(typed, meant):
    assert fold_lookalikes(typed) == meant
