"""Texts that people write into items: what is accepted, and in which form it is kept."""

from __future__ import annotations

import re

from jerry_domain.errors import InvalidValueError

TITLE_LENGTH = 200
LABEL_LENGTH = 60
TEXT_BYTES = 1 << 20

_LABEL = re.compile(r"[^\s,\x00-\x1f\x7f]+")


def title(text: str) -> str:
    """A title: one line of 1 to 200 printable characters, without outer blanks; raises `InvalidValueError`."""
    stripped = text.strip()
    if not stripped:
        raise InvalidValueError("title", text, "a title has at least one visible character")
    if len(stripped) > TITLE_LENGTH:
        raise InvalidValueError("title", stripped[:40] + "...", f"a title has at most {TITLE_LENGTH} characters")
    if not stripped.replace("\u200d", "").replace("\u200c", "").isprintable():  # joiners are part of emoji
        raise InvalidValueError("title", stripped, "a title has no line breaks or control characters")
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
        raise InvalidValueError("estimate", str(minutes), "an estimate is at least one minute")
    return minutes
