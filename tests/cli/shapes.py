"""The shape of a JSON document: its keys and the types of its values, without the values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "shapes"

MAPS = frozenset({"by_status", "by_type", "transitions", "original", "signatures"})
"""Keys under which an object is a table: any keys, values of one shape."""

OPEN = frozenset({"data", "document", "value"})
"""Keys under which an object has a contract of its own: the schema of an event, or an event."""

_NAMES = {str: "text", bool: "true or false", int: "whole number", float: "number", type(None): "null"}


def shape(value: Any, key: str = "") -> Any:
    """Keys and types; a list has the merged shape of its elements."""
    if isinstance(value, dict):
        if key in OPEN:
            return "object"
        if key in MAPS:
            return {"*": merged([shape(item) for item in value.values()])}
        return {name: shape(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [merged([shape(item) for item in value])] if value else []
    return _NAMES[type(value)]


def merged(shapes: list[Any]) -> Any:
    """One shape for all: `a | b` for different types, `key?` for a key that some lack, `or null` beside an object."""
    tables = [dict(item) for item in shapes if isinstance(item, dict)]
    words = {word for item in shapes if isinstance(item, str) for word in item.split(" | ")}
    marks = [table.pop("or null", False) for table in tables]
    nullable = "null" in words or any(marks)
    if tables:
        return _table(tables) | ({"or null": True} if nullable else {})
    if any(isinstance(item, list) for item in shapes):
        elements = [element for item in shapes for element in item]
        return [merged(elements)] if elements else []
    return " | ".join(sorted(words))


def _table(tables: list[dict[str, Any]]) -> dict[str, Any]:
    optional = {name.rstrip("?") for table in tables for name in table if name.endswith("?")}
    plain = [{name.rstrip("?"): item for name, item in table.items()} for table in tables]
    optional |= {name for table in plain for name in table if any(name not in other for other in plain)}
    names = dict.fromkeys(name for table in plain for name in table)
    return {
        f"{name}?" if name in optional else name: merged([table[name] for table in plain if name in table])
        for name in names
    }


def written(observed: Any) -> str:
    """A shape as its snapshot file holds it."""
    return json.dumps(observed, indent=2) + "\n"
