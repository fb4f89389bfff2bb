"""How much room words take in a drawing: estimated high, for a font that nobody knows."""

from __future__ import annotations

from unicodedata import east_asian_width

_NARROW = frozenset("iljtfrI.,:;'|!()[]/ ")
_BROAD = frozenset("mwMW@%&")


def width(text: str, size: float) -> float:
    """The width of `text` in a sans-serif font of `size`."""
    return size * sum(_em(char) for char in text)


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.42
    if char in _BROAD:
        return 1.0
    if char.isascii():
        return 0.72 if char.isupper() else 0.64
    return 1.1 if east_asian_width(char) in "WFA" else 0.85


def elided(text: str, size: float, room: float) -> str:
    """`text`, or as much of its start and end as has room, with an ellipsis between."""
    shown, kept = text, len(text) - 1
    while kept > 0 and width(shown, size) > room:
        kept -= 1
        shown = f"{text[: kept // 2]}\u2026{text[len(text) - (kept + 1) // 2 :]}"
    return shown
