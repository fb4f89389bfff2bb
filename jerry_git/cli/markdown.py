"""Texts of users in Markdown: shown as they are, whatever signs they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jerry_git.cli.printing import cell

_SIGNS = re.compile(r"([\\`*_\[\]<>#|~&$])")
_START = re.compile(r"^([-+=]|\d+(?=[.)]))")


def plain(text: str) -> str:
    """`text` on one line, with everything escaped that Markdown or HTML would take for a sign of its own."""
    return _START.sub(_escape_start, _SIGNS.sub(r"\\\1", cell(text).strip()))


def _escape_start(match: re.Match[str]) -> str:
    """A list within the list: `1.` is none with a backslash before its point."""
    return f"{match[1]}\\" if match[1].isdigit() else f"\\{match[1]}"


Bullet = tuple[str, Sequence[str]]
"""A line of a list, and the lines below it."""


def section(level: int, title: str, bullets: Sequence[Bullet]) -> str:
    """A heading with a list below it."""
    lines = "".join(f"- {text}\n" + "".join(f"  - {inner}\n" for inner in below) for text, below in bullets)
    return f"{'#' * level} {title}\n\n{lines}"
