"""Texts that people write into items: what is accepted, and in which form it is kept."""

from __future__ import annotations

import re

from jerry_domain.errors import InvalidValueError

TITLE_LENGTH = 200
LABEL_LENGTH = 60
TEXT_BYTES = 1 << 20

# Joiners are part of emoji and of some scripts, fixed blanks of French typography; neither is visible by itself.
_UNSEEN = dict.fromkeys(map(ord, "\u200c\u200d\u00a0\u202f"))
_LABEL = re.compile(r"[^\s,\x00-\x1f\x7f]+")


def title(text: str, field: str = "title") -> str:
    """A title: one line of 1 to 200 printable characters, without outer blanks; raises `InvalidValueError`."""
    stripped = text.strip()
    visible = stripped.translate(_UNSEEN)
    if not visible:
        raise InvalidValueError(field, text, f"the {field} has at least one visible character")
    if len(stripped) > TITLE_LENGTH:
        raise InvalidValueError(field, stripped[:40] + "...", f"the {field} has at most {TITLE_LENGTH} characters")
    if not visible.isprintable():
        raise InvalidValueError(field, stripped, f"the {field} has no line breaks or control characters")
    return stripped


def label(text: str) -> str:
    """A label: up to 60 characters with no blanks and no commas; raises `InvalidValueError`."""
    if not _LABEL.fullmatch(text) or not text.isprintable():
        raise InvalidValueError("label", text, "a label has no blanks, commas or control characters")
    if len(text) > LABEL_LENGTH:
        raise InvalidValueError("label", text[:40] + "...", f"a label has at most {LABEL_LENGTH} characters")
    return text


def body(field: str, text: str) -> str:
    """A longer text with LF line ends and no trailing blank lines; raises `InvalidValueError` over 1 MiB."""
    normal = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    try:
        size = len(normal.encode())
    except UnicodeEncodeError as error:
        raise InvalidValueError(field, normal[error.start : error.end], "the text is not valid Unicode") from None
    if size > TEXT_BYTES:
        raise InvalidValueError(field, f"{size} bytes", f"a text has at most {TEXT_BYTES} bytes")
    if "\0" in normal:
        raise InvalidValueError(field, "\0", "the text holds a NUL character")
    return normal


def duration_minutes(minutes: int | None) -> int | None:
    """An estimate in minutes, 1 or more, or None; raises `InvalidValueError`."""
    if minutes is not None and not 0 < minutes <= 10_000_000:
        raise InvalidValueError("estimate", str(minutes), "an estimate lies between 1 and 10000000 minutes")
    return minutes
