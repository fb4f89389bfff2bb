"""Text that is safe and fits: no control characters from a file reach the terminal, and tables keep to its width."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Sequence

# Joiners are invisible, harmless, and part of many emoji and scripts.
_JOINERS = frozenset("\u200c\u200d")
ELLIPSIS = "…"


def line(text: str) -> str:
    """`text` with everything that is not printable written as an escape, line breaks excepted."""
    if text.isprintable():
        return text
    return "".join(
        char if char in "\n" or char in _JOINERS or char.isprintable() else char.encode("unicode_escape").decode()
        for char in text
    )


def escaped(text: str) -> str:
    """`text` with everything that is not printable written as an escape, line breaks too: for names of files."""
    return line(text).replace("\n", "\\n")


def cell(text: str) -> str:
    """`text` on one line."""
    return line(text.replace("\n", " "))


def width(text: str) -> int:
    """The columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or char in _JOINERS or unicodedata.category(char) == "Mn":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shorten(text: str, columns: int) -> str:
    """`text` in at most `columns`, with an ellipsis where it was cut."""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for char in text:
        used += _char_width(char)
        if used > columns - 1:
            break
        kept += char
    return kept.rstrip() + ELLIPSIS if columns > 0 else ""


def terminal_width() -> int | None:
    """The columns of the terminal, or of `COLUMNS`; None where there is neither, as in a pipe: nothing is cut."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        import shutil

        return max(shutil.get_terminal_size().columns, 20)
    return None


def table(header: Sequence[str], rows: Sequence[Sequence[str]], flexible: int, columns: int | None = None) -> list[str]:
    """Lines of a table, two blanks between columns; the column `flexible` is cut to make it fit in `columns`."""
    cells = [[cell(text) for text in row] for row in rows]
    widths = [max(width(text) for text in column) for column in zip(header, *cells, strict=True)]
    if columns is not None:
        _fit(widths, flexible, columns)
    return [_row(row, widths) for row in [header, *cells]]


def _fit(widths: list[int], flexible: int, columns: int) -> None:
    """Narrow the flexible column down to 12, then always the widest one down to 3, until all fit in `columns`.

    The first column names the row, and is never cut.
    """
    available = columns - 2 * (len(widths) - 1)
    widths[flexible] = max(min(widths[flexible], available - sum(widths) + widths[flexible]), min(widths[flexible], 12))
    while sum(widths) > available and max(widths[1:]) > 3:
        widths[widths.index(max(widths[1:]), 1)] -= 1


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    cut = [shorten(text, columns) for text, columns in zip(row, widths, strict=True)]
    padded = [text + " " * (columns - width(text)) for text, columns in zip(cut, widths, strict=True)]
    return "  ".join(padded).rstrip()
