"""Text that is safe and fits: no control characters, and tables that keep to their width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_git.cli.printing import cell, escaped, line, shorten, table, terminal_width, width

ANY = st.text(max_size=40)
ROWS = st.lists(st.tuples(st.text("abc", min_size=1, max_size=8), ANY, ANY), max_size=5)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain", "plain", id="plain text"),
        pytest.param("日本語 é 🦜", "日本語 é 🦜", id="any script"),
        pytest.param("👩\u200d💻", "👩\u200d💻", id="joined emoji"),
        pytest.param("\x1b[2J", "\\x1b[2J", id="an escape sequence"),
        pytest.param("a\rb\x07", "a\\rb\\x07", id="a carriage return and a bell"),
        pytest.param("\x9b31m", "\\x9b31m", id="a control character of eight bits"),
        pytest.param("a\u202eb", "a\\u202eb", id="a turn of direction"),
        pytest.param("\ud800", "\\ud800", id="half a character"),
        pytest.param("a\nb", "a\nb", id="a line break"),
    ],
)
def test_a_line_shows(text: str, shown: str) -> None:
    assert line(text) == shown


@pytest.mark.positive
def test_names_of_files_and_cells_stay_on_one_line() -> None:
    assert escaped("a\nb\x1b") == "a\\nb\\x1b"
    assert cell("a\nb\x1b") == "a b\\x1b"


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("👩\u200d💻", 4), ("ﬀ", 1), ("", 0), ("\uff21", 2)]
)
def test_wide_characters_take_two_columns_and_marks_none(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 4, "abc…"),
        ("ab cdef", 4, "ab…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 0, ""),
    ],
)
def test_what_is_too_long_ends_in_an_ellipsis(text: str, columns: int, shown: str) -> None:
    assert shorten(text, columns) == shown


@pytest.mark.edge
@given(ANY, st.integers(0, 50))
def test_a_shortened_text_is_never_wider(text: str, columns: int) -> None:
    assert width(shorten(text, columns)) <= columns


@pytest.mark.edge
@given(ANY)
def test_nothing_unprintable_comes_out(text: str) -> None:
    for shown in (line(text).replace("\n", ""), escaped(text), cell(text)):
        assert all(char.isprintable() or char in "\u200c\u200d" for char in shown)


@pytest.mark.edge
@given(ROWS, st.integers(30, 120))
def test_a_table_keeps_to_its_width_and_cuts_no_name(rows: list[tuple[str, str, str]], columns: int) -> None:
    lines = table(("ID", "TITLE", "WHO"), rows, 1, columns)
    assert len(lines) == 1 + len(rows)
    assert all(width(text) <= columns for text in lines)
    assert all(text.startswith(row[0]) for text, row in zip(lines[1:], rows, strict=True))


@pytest.mark.positive
def test_without_a_width_nothing_is_cut() -> None:
    assert table(("ID", "TITLE"), [("1", "x" * 500)], 1, None) == ["ID  TITLE", f"1   {'x' * 500}"]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("columns", "expected"), [("100", 100), ("5", 20), ("", None), ("wide", None), ("-1", None), ("0", 80)]
)
def test_the_width_in_a_pipe_is_that_of_columns(
    monkeypatch: pytest.MonkeyPatch, columns: str, expected: int | None
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal_width() == expected
