"""A configuration for a repository that has none, proposed from what its packages are called and import."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from jerry_git.application.layers.examining import Examined

_RANKS = (
    ("main", "bootstrap", "composition", "wiring"),
    (
        "cli",
        "interface",
        "interfaces",
        "ui",
        "web",
        "api",
        "views",
        "presentation",
        "controllers",
        "routers",
        "entrypoints",
    ),
    ("infrastructure", "infra", "adapters", "persistence", "repositories", "db", "database"),
    ("application", "app", "services", "service_layer", "usecases", "use_cases", "handlers"),
    ("ports",),
    ("domain", "model", "models", "entities", "core"),
)  # fmt: skip
"""Names by their usual place, the highest first."""
_ORDER = {name: rank for rank, names in enumerate(_RANKS) for name in names}
_ROOTS = ("", ".")
_TESTS = ("tests", "test")
"""Below them the packages have the names of what they try."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The table for the settings, and what was seen."""

    text: str
    seen: tuple[str, ...]


def propose(examined: Examined) -> Proposal | None:
    """A `[tool.jerry.layers]` for the packages that are there; None where none has a name that tells its place.

    Of packages under one parent, each goes where its name puts it; the set of names that is found most often is taken.
    """
    parents: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for number in examined.scans:
        parts = examined.graph.modules.all[number].name.split(".")
        for at, part in enumerate(parts):
            if part in _TESTS:
                break
            if part in _ORDER:
                parents[".".join(parts[:at])][part] += 1
    found = {parent: names for parent, names in parents.items() if len({_ORDER[name] for name in names}) > 1}
    if not found:
        return None
    shapes = Counter(tuple(sorted(names)) for names in found.values())
    shape, times = max(shapes.items(), key=lambda each: (each[1], len(each[0]), each[0]))
    parent = min(parent for parent, names in found.items() if tuple(sorted(names)) == shape)
    head = f"{parent}." if parent and times == 1 else ""
    layers = [[f"{head}{name}" for name in shape if _ORDER[name] == rank] for rank in range(len(_RANKS))]
    seen = tuple(
        f"{parent or 'the top'}: {', '.join(sorted(names, key=lambda name: (_ORDER[name], name)))}"
        for parent, names in sorted(found.items())
    )
    return Proposal(_table(examined, [layer for layer in layers if layer]), seen)


def _table(examined: Examined, layers: Sequence[Sequence[str]]) -> str:
    used = {
        root
        for number in examined.scans
        for root in examined.graph.modules.roots
        if examined.graph.modules.all[number].path.startswith(f"{root}/" if root else "")
    }
    roots = sorted(root for root in used if root not in _ROOTS and (root == "src" or "/" in root or len(used) > 1))
    lines = ["[tool.jerry.layers]"]
    if roots:
        lines.append(f"roots = {json.dumps(roots)}")
    lines.append("layers = [  # each imports what stands below it")
    lines += [f"    {json.dumps(layer[0] if len(layer) == 1 else list(layer))}," for layer in layers]
    lines.append("]")
    return "\n".join(lines) + "\n"
