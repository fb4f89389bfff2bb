"""Settings that are written plainly, read without pydantic; anything else is for pydantic to judge."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any, get_args

from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.quality import DEFAULT_THRESHOLDS, GateLevel, QualityPolicy
from jerry_git.application.settings import (
    CommitMode,
    ExternalRule,
    Integration,
    LayerPair,
    LayerSettings,
    ReviewSettings,
    SchemaSettings,
    Settings,
)


def quick_settings(table: object) -> Settings | None:
    """The settings that a table of `[tool.jerry]` writes plainly; None for anything that pydantic is to judge.

    A hook that has nothing to do takes a third of the time without pydantic, and a command that writes less than two
    thirds. A property test holds the two together.
    """
    if not isinstance(table, dict) or table.keys() - _READERS.keys():
        return None
    values: dict[str, Any] = {}
    for name, part in table.items():
        read = _READERS[name](part)
        if read is None:
            return None
        values |= read
    return Settings(**values)


_Values = Mapping[str, Any]
"""Values of `Settings` by their names."""


def _commit(table: object) -> _Values | None:
    mode = _only(table, "mode")
    return {"commit_mode": mode} if mode in get_args(CommitMode) else None


def _claim(table: object) -> _Values | None:
    minutes = _only(table, "minutes")
    if not _is_number(minutes, 0, 60 * 24 * 365) or not minutes:
        return None
    return {"claim_lease": timedelta(milliseconds=round(minutes * 60_000))}


def _lock(table: object) -> _Values | None:
    seconds = _only(table, "seconds")
    return {"lock_timeout": float(seconds)} if _is_number(seconds, 0, 3600) and seconds else None


def _sync(table: object) -> _Values | None:
    way = _only(table, "integrate")
    return {"integration": way} if way in get_args(Integration) else None


def _commit_message(table: object) -> _Values | None:
    needed = _only(table, "require-item")
    return {"message_needs_item": needed} if isinstance(needed, bool) else None


def _check(table: object) -> _Values | None:
    from jerry_git.application.checking.findings import RULES, Level

    levels = _only(table, "severity")
    if not isinstance(levels, dict) or levels.keys() - RULES.keys():
        return None
    return {"severities": levels} if all(level in get_args(Level) for level in levels.values()) else None


def _quality(table: object) -> _Values | None:
    if not isinstance(table, dict) or table.keys() - {"level", "types", "thresholds"}:
        return None
    try:
        level = GateLevel(table["level"]) if "level" in table else None
        types = {WorkType(kind): GateLevel(gate) for kind, gate in table.get("types", {}).items()}
        thresholds = {GateLevel(gate): least for gate, least in table.get("thresholds", {}).items()}
    except (ValueError, AttributeError):
        return None
    if not all(_is_number(least, 0, 100) for least in thresholds.values()):
        return None
    least_of = {**DEFAULT_THRESHOLDS, **{gate: float(least) for gate, least in thresholds.items()}}
    return {"quality": QualityPolicy(default=level, by_type=types, thresholds=least_of)}


def _append_only(table: object) -> _Values | None:
    paths = _only(table, "paths")
    return {"append_only_paths": tuple(paths)} if _are_patterns(paths) else None


def _only(table: object, key: str) -> Any:
    """The value of a table that has this key alone, else None."""
    return table[key] if isinstance(table, dict) and table.keys() == {key} else None


def _is_number(number: object, least: float, most: float) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and least <= number <= most


def _are_patterns(patterns: object) -> bool:
    return isinstance(patterns, list) and all(
        isinstance(text, str) and _PATTERN.fullmatch(text) and ".." not in text for text in patterns
    )


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
    if not all(map(_are_patterns, table.values())):
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


def _part(name: str, read: Callable[[object], object | None]) -> Callable[[object], _Values | None]:
    """A reader of one part of the settings that is an object of its own."""

    def values(table: object) -> _Values | None:
        found = read(table)
        return None if found is None else {name: found}

    return values


_READERS: Mapping[str, Callable[[object], _Values | None]] = {
    "commit": _commit,
    "claim": _claim,
    "lock": _lock,
    "sync": _sync,
    "commit-msg": _commit_message,
    "check": _check,
    "quality": _quality,
    "append-only": _append_only,
    "schemas": _part("schemas", quick_schemas),
    "layers": _part("layers", quick_layers),
    "review": _part("review", quick_review),
}
