"""Settings that are written plainly, read without pydantic; anything else is for pydantic to judge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from jerry_git.application.settings import (
    ExternalRule,
    LayerPair,
    LayerSettings,
    ReviewSettings,
    SchemaSettings,
    Settings,
)


def quick_settings(table: object) -> Settings | None:
    """The settings of schemas, layers and reviews alone, written plainly; None for anything that pydantic is to judge.

    A hook that has nothing to do takes a third of the time without pydantic. A property test holds the two together.
    """
    if not isinstance(table, dict) or table.keys() - {"schemas", "layers", "review"}:
        return None
    schemas, layers = quick_schemas(table.get("schemas", {})), quick_layers(table.get("layers", {}))
    review = quick_review(table.get("review", {}))
    if schemas is None or layers is None or review is None:
        return None
    return Settings(schemas=schemas, layers=layers, review=review)


_TEXTS: Mapping[str, re.Pattern[str]] = {
    "directory": (folder := re.compile(r"[.\w-][\w./-]*[\w-]", re.ASCII)),
    "source-roots": folder,
    "modules": re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(\.\*)?", re.ASCII),
    "bases": re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII),
    "name-attribute": (word := re.compile(r"[A-Za-z_]\w*", re.ASCII)),
    "version-attribute": word,
    "envelope": word,
}
_LISTS = frozenset(("source-roots", "modules", "bases", "envelope"))


def quick_schemas(table: object) -> SchemaSettings | None:
    """The settings of a plain `[tool.jerry.schemas]`, None for anything else."""
    if not isinstance(table, dict) or table.keys() - _TEXTS.keys():
        return None
    values: dict[str, Any] = {}
    for key, value in table.items():
        texts = value if key in _LISTS and isinstance(value, list) else [value]
        if (key in _LISTS) != isinstance(value, list) or not all(_is_plain(key, text) for text in texts):
            return None
        values[key.replace("-", "_")] = tuple(texts) if key in _LISTS else value
    return SchemaSettings(**values)


def _is_plain(key: str, text: object) -> bool:
    if not isinstance(text, str) or ".." in text or text.endswith("/"):
        return False
    return (key == "source-roots" and text == ".") or _TEXTS[key].fullmatch(text) is not None


_NAME = re.compile(r"[\w*]+([./-][\w*]+)*", re.ASCII)
_SWITCHES = frozenset(("transitive", "type-checking"))
_ROWS: Mapping[str, tuple[type[LayerPair | ExternalRule], frozenset[str], frozenset[str]]] = {
    "forbidden": (LayerPair, frozenset(("from", "to")), _SWITCHES),
    "allowed": (LayerPair, frozenset(("from", "to", "reason")), frozenset()),
    "external": (ExternalRule, frozenset(("from",)), _SWITCHES | {"forbidden", "only"}),
}
"""The lists of rules: what an element is, what it must say, and what it may."""
_KEYS = {"from": "importers", "to": "imported"}


def quick_layers(table: object) -> LayerSettings | None:
    """The settings of a plain `[tool.jerry.layers]`, None for anything else."""
    if not isinstance(table, dict):
        return None
    values: dict[str, Any] = {}
    for key, value in table.items():
        read: Any = None
        if key in _ROWS and isinstance(value, list):
            rows = [_row(*_ROWS[key], row) for row in value]
            read = None if None in rows else tuple(rows)
        elif key == "layers" and isinstance(value, list):
            layers = [_names(layer) for layer in value]
            read = None if None in layers else tuple(layers)
        elif key == "roots" and isinstance(value, list):
            read = tuple(value) if all(_is_plain("source-roots", root) for root in value) else None
        elif key == "baseline":
            read = value if _is_plain("directory", value) else None
        elif key in ("transitive", "type-checking", "strings"):
            read = value if isinstance(value, bool) else None
        if read is None:
            return None
        values[key.replace("-", "_")] = read
    return LayerSettings(**values)


_PATTERN = re.compile(r"[\w*.-]+(/[\w*.-]+)*/?", re.ASCII)


def quick_review(table: object) -> ReviewSettings | None:
    """The settings of a plain `[tool.jerry.review]`, None for anything else."""
    if not isinstance(table, dict) or table.keys() - {field.name for field in fields(ReviewSettings)}:
        return None
    for patterns in table.values():
        if not isinstance(patterns, list):
            return None
        if not all(isinstance(text, str) and _PATTERN.fullmatch(text) and ".." not in text for text in patterns):
            return None
    return ReviewSettings(**{key: tuple(patterns) for key, patterns in table.items()})


def _row(
    kind: type[LayerPair | ExternalRule], needed: frozenset[str], possible: frozenset[str], row: object
) -> LayerPair | ExternalRule | None:
    if not isinstance(row, dict) or needed - row.keys() or row.keys() - needed - possible:
        return None
    if kind is ExternalRule and not row.keys() & {"forbidden", "only"}:
        return None
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key in _SWITCHES:
            read: Any = value if isinstance(value, bool) else None
        elif key == "reason":
            read = value if isinstance(value, str) and value.strip() else None
        else:
            read = _names(value)
        if read is None:
            return None
        values[_KEYS.get(key, key.replace("-", "_"))] = read
    return kind(**values)


def _names(value: object) -> tuple[str, ...] | None:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names:
        return None
    return tuple(names) if all(isinstance(name, str) and _NAME.fullmatch(name) for name in names) else None
