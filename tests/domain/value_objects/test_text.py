"""Titles, labels, longer texts and durations: what is accepted, and in which form it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects import text

FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}"


@pytest.mark.positive
@pytest.mark.parametrize(
    ("given_title", "kept"),
    [
        pytest.param("Write it down", "Write it down", id="as it is"),
        pytest.param(" \tWrite it down\n", "Write it down", id="without outer blanks"),
        pytest.param("x" * 200, "x" * 200, id="200 characters"),
        pytest.param("Größe 漢字 ✓", "Größe 漢字 ✓", id="any script"),
        pytest.param(f"Fix {FAMILY}", f"Fix {FAMILY}", id="emoji that are joined"),
        pytest.param("Attention\u00a0: fin", "Attention\u00a0: fin", id="a fixed blank"),
    ],
)
def test_a_title_is_kept(given_title, kept):
    assert text.title(given_title) == kept


@pytest.mark.negative
@pytest.mark.parametrize(
    ("title", "reason"),
    [
        pytest.param("", "visible", id="nothing"),
        pytest.param(" \u00a0", "visible", id="blanks"),
        pytest.param("\u200d", "visible", id="a joiner with nothing to join"),
        pytest.param("x" * 201, "at most 200", id="201 characters"),
        pytest.param("two\nlines", "line breaks", id="a line break"),
        pytest.param("two\u2028lines", "line breaks", id="a line break of Unicode"),
        pytest.param("\x1b[31mred", "control", id="a terminal's control sequence"),
        pytest.param("abc\u202edef", "control", id="a turn of the reading direction"),
        pytest.param("half\ud800", "control", id="half a character"),
    ],
)
def test_a_title_is_refused(title, reason):
    with pytest.raises(InvalidValueError, match=reason) as caught:
        text.title(title)
    assert caught.value.field == "title"


@pytest.mark.edge
def test_a_title_much_too_long_is_not_repeated_whole():
    with pytest.raises(InvalidValueError) as caught:
        text.title("x" * 100_000)
    assert len(str(caught.value)) < 200


@pytest.mark.positive
@pytest.mark.parametrize("label", ["ui", "needs:review", "größe", "a/b", "x" * 60])
def test_a_label_is_kept(label):
    assert text.label(label) == label


@pytest.mark.negative
@pytest.mark.parametrize(
    "label",
    [
        pytest.param("", id="nothing"),
        pytest.param("two words", id="a blank"),
        pytest.param("a,b", id="a comma"),
        pytest.param("a\tb", id="a tab"),
        pytest.param("a\u200bb", id="a blank that is not seen"),
        pytest.param("a\x7f", id="a control character"),
        pytest.param("x" * 61, id="61 characters"),
    ],
)
def test_a_label_is_refused(label):
    with pytest.raises(InvalidValueError) as caught:
        text.label(label)
    assert caught.value.field == "label"


@pytest.mark.positive
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("a\r\nb\rc\n", "a\nb\nc", id="line ends made plain"),
        pytest.param("  a\n\n  b \n\n", "  a\n\n  b", id="inner and leading blanks"),
        pytest.param("x" * (1 << 20), "x" * (1 << 20), id="1 MiB"),
    ],
)
def test_a_longer_text_is_kept(written, kept):
    assert text.body("description", written) == kept


@pytest.mark.positive
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_text_kept_once_is_kept_as_it_is_for_ever(written):
    kept = text.body("comment", written)
    assert text.body("comment", kept) == kept
    assert "\r" not in kept


@pytest.mark.negative
@pytest.mark.parametrize(
    ("written", "reason"),
    [
        pytest.param("x" * (1 << 20) + "y", "at most 1048576 bytes", id="a byte over 1 MiB"),
        pytest.param("é" * (1 << 20), "at most 1048576 bytes", id="1 Mi characters of two bytes"),
        pytest.param("a\0b", "NUL", id="a NUL"),
        pytest.param("a\ud800b", "Unicode", id="half a character"),
    ],
)
def test_a_longer_text_is_refused(written, reason):
    with pytest.raises(InvalidValueError, match=reason) as caught:
        text.body("description", written)
    assert caught.value.field == "description"
    assert len(str(caught.value)) < 200


@pytest.mark.positive
@pytest.mark.parametrize("minutes", [None, 1, 90, 10_000_000])
def test_a_duration_is_kept(minutes):
    assert text.duration_minutes(minutes) == minutes


@pytest.mark.negative
@pytest.mark.parametrize("minutes", [0, -1, 10_000_001])
def test_a_duration_is_refused(minutes):
    with pytest.raises(InvalidValueError, match="between 1 and 10000000 minutes"):
        text.duration_minutes(minutes)
