"""JSON as event files have it: read strictly, written in one form (docs/format.md)."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from json.encoder import encode_basestring
from reprlib import Repr
from typing import Any

Json = Any

MAX_DEPTH = 32
"""Arrays and objects are nested no deeper, the file's own array counted: what Python can take varies."""

quoted: Callable[[str], str] = encode_basestring
"""A text as JSON has it, with every character that need not be escaped as it is."""


def indented(value: Json, margin: str = "\n") -> str:
    """What `json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)` gives, in less than half the time.

    The standard library does not use its quick encoder where there is an indent (Python 3.11).
    """
    if isinstance(value, str):
        return quoted(value)
    inner = f"{margin}  "
    if isinstance(value, dict) and value:
        members = [f"{inner}{quoted(key)}: {indented(item, inner)}" for key, item in value.items()]
        return f"{{{','.join(members)}{margin}}}"
    if isinstance(value, list) and value:
        return f"[{','.join([inner + indented(item, inner) for item in value])}{margin}]"
    return str(value) if type(value) is int else _PLAIN.encode(value)


def loads(text: str) -> Json:
    """Read JSON; raises `ValueError` (`json.JSONDecodeError`, `UnicodeEncodeError`) or `RecursionError`.

    A constant such as NaN, a key that comes twice, a number too large to be one, half a character and what is nested
    too deeply are refused.
    """
    if text.startswith("\ufeff"):
        raise json.JSONDecodeError("a byte order mark (BOM) stands before it", text, 0)
    parsed = _DECODER.decode(text)
    if "\\u" in text:  # only an escape can bring in half of a surrogate pair, which is no character
        json.dumps(parsed, ensure_ascii=False).encode()
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deep(parsed):
        raise RecursionError
    return parsed


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _is_deep(parsed: Json) -> bool:
    level = [parsed]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
        level = [inner for inner in level if isinstance(inner, (dict, list))]
    return bool(level)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{shown(digits)} is too large for a number")
    return number


def _unique_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {shown(twice)} stands twice")
    return found


_PLAIN = json.JSONEncoder(allow_nan=False)
_DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_unique_keys)

_words = Repr()
_words.maxstring = _words.maxother = _words.maxlong = 60


def shown(value: Json) -> str:
    """`value` in short: what a file holds may be large, and nested deeper than `repr` can go."""
    return _words.repr(value)
