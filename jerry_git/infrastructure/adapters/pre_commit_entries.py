"""An entry of pre-commit's configuration: as lines, as data, and whether another one says the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jerry_git.application.hooks import Entry, Value
from jerry_git.infrastructure.adapters.yaml_nodes import Plain, read

_WORD = r"[\w./@+~-]+(?::[\w./@+~-]+)*"
_SIMPLE = re.compile(rf"(?=[A-Za-z]){_WORD}(?: {_WORD})*", re.ASCII)
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
"""What would be no text if it stood without quotes: pre-commit reads YAML 1.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a list of repositories is laid out: the dash's column, the blanks after a dash, the inner dash's offset."""

    column: int = 2
    gap: int = 1
    inner: int = 2


def rendered(entry: Entry, style: Style) -> list[str]:
    """The entry as lines."""
    inner = style.column + 1 + style.gap
    rev = [f"rev: {_scalar(entry.rev)}"] if entry.rev else []
    lines = _element([f"repo: {_scalar(entry.repo)}", *rev, "hooks:"], style.column, style.gap)
    for hook in entry.hooks:
        pairs = [f"{key}: {_scalar(value)}" for key, value in hook.items()]
        lines += _element(pairs, inner + style.inner, style.gap)
    return lines


def _element(pairs: Sequence[str], column: int, gap: int) -> list[str]:
    dash, indent = f"{' ' * column}-{' ' * gap}", " " * (column + 1 + gap)
    return [f"{indent if number else dash}{pair}" for number, pair in enumerate(pairs)]


def _scalar(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_scalar, value))}]"
    is_simple = _SIMPLE.fullmatch(value) and value.lower() not in _WORDS
    return value if is_simple else json.dumps(value, ensure_ascii=False)


def as_plain(entry: Entry) -> dict[str, Plain]:
    """The entry as a parser finds it."""
    (element,) = read("\n".join(rendered(entry, Style(column=0)))).root.children
    return element.mapping()


def says(found: Mapping[str, Plain], target: Mapping[str, Plain]) -> bool:
    """Whether an entry has just the hooks of the target, each with what the target says of it and perhaps more."""
    ours, wanted = (_hooks_by_id(entry) for entry in (found, target))
    same = all(found.get(key) == value for key, value in target.items() if key != "hooks")
    return (
        same
        and ours.keys() == wanted.keys()
        and all(hook.items() <= ours[name].items() for name, hook in wanted.items())
    )


def _hooks_by_id(entry: Mapping[str, Plain]) -> dict[str, dict[str, Plain]]:
    hooks = entry["hooks"]
    return {str(hook["id"]): hook for hook in hooks if isinstance(hook, dict)}
