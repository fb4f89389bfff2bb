"""The rules of a repository, from its settings: which modules must not import which."""

from __future__ import annotations

import posixpath
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from jerry_git.application.layers.graph import Graph, Rule
from jerry_git.application.layers.modules import Module
from jerry_git.application.settings import ExternalRule, LayerPair, LayerSettings

DOMAIN = ("domain",)
OUTSIDE = ("infrastructure", "adapters", "application", "interface", "interfaces", "cli")
"""What a domain must not import, where a repository sets nothing (LES-002)."""
STANDARD_LIBRARY = "stdlib"


@dataclass(eq=False)
class Rules:
    """The rules over one graph, what they do not concern, and the patterns that match nothing."""

    rules: list[Rule] = field(default_factory=list)
    allowed: list[tuple[LayerPair, frozenset[int], frozenset[int]]] = field(default_factory=list)
    unmatched: list[tuple[str, str]] = field(default_factory=list)
    layers: list[tuple[str, frozenset[int]]] = field(default_factory=list)
    """The layers by name, from the top; those of the default are two."""


def rules_of(settings: LayerSettings, graph: Graph) -> Rules:
    """All rules that the settings name, over the modules that there are."""
    return _Maker(settings, graph).made()


def asks_deep(settings: LayerSettings) -> Callable[[str], bool]:
    """Whether a rule about packages from elsewhere names exactly this dotted name."""
    patterns = [pattern for rule in settings.external for pattern in (*rule.forbidden, *rule.only) if "." in pattern]
    tests = [re.compile(_expression(_whole(pattern))) for pattern in patterns]
    return lambda name: any(test.fullmatch(name) for test in tests)


def matching(modules: Sequence[Module], pattern: str) -> frozenset[int]:
    """The modules that a pattern means, with all that is below them; one with a slash is about paths."""
    by_path = "/" in pattern
    test = re.compile(_glob(pattern) if by_path else f"{_expression(pattern)}(\\..*)?", re.DOTALL)
    return frozenset(
        number for number, module in enumerate(modules) if test.fullmatch(module.path if by_path else module.name)
    )


def _expression(pattern: str) -> str:
    """`*` is any name, or a part of one; `**` any number of them."""
    parts = [".*" if part == "**" else re.escape(part).replace(r"\*", "[^.]*") for part in pattern.split(".")]
    return r"\.".join(parts).replace(r".*\.", r"(?:.*\.)?")


def _glob(pattern: str) -> str:
    parts = [
        ".*" if part == "**" else re.escape(part).replace(r"\*", "[^/]*") for part in pattern.strip("/").split("/")
    ]
    return f"{'/'.join(parts).replace('.*/', '(?:.*/)?')}(/.*)?"


def _whole(pattern: str) -> str:
    """`requests.*` is all of `requests`."""
    return pattern.removesuffix(".*")


def bare(names: Iterable[str]) -> bool:
    """Whether no name has a dot, a star or a slash: then they stand for packages under one parent, wherever that is."""
    return all(re.fullmatch(r"\w+", name) for name in names)


class _Maker:
    def __init__(self, settings: LayerSettings, graph: Graph) -> None:
        self._settings = settings
        self._graph = graph
        self._modules = graph.modules.all
        self._made = Rules()

    def made(self) -> Rules:
        settings = self._settings
        if settings.layers:
            self._layers(settings.layers)
        for place, pair in enumerate(settings.forbidden):
            self._forbidden(f"forbidden[{place}]", pair)
        if not settings.layers and not settings.forbidden:
            self._default()
        for place, rule in enumerate(settings.external):
            self._external(f"external[{place}]", rule)
        for place, pair in enumerate(settings.allowed):
            importers = self._nodes(f"allowed[{place}].from", pair.importers)
            self._made.allowed.append((pair, importers, self._nodes(f"allowed[{place}].to", pair.imported)))
        return self._made

    def _default(self) -> None:
        """The domain imports nothing that stands around it."""
        domains, others = set[int](), set[int]()
        for parent in self._parents((*DOMAIN, *OUTSIDE)).values():
            outer = {name: nodes for name, nodes in parent.items() if name in OUTSIDE}
            if "domain" in parent and outer:
                self._pair({"domain": parent["domain"]}, outer, LayerPair())
                domains |= parent["domain"]
                others |= {number for nodes in outer.values() for number in nodes}
        if domains:
            self._made.layers = [("around the domain", frozenset(others)), ("domain", frozenset(domains))]

    def _layers(self, layers: Sequence[Sequence[str]]) -> None:
        """Each layer imports what is below it, and itself."""
        names = [name for layer in layers for name in layer]
        labels = [", ".join(layer) for layer in layers]
        if bare(names):
            found = self._parents(names)
            self._told_apart("layers", names, found.values())
            groups = [
                [frozenset(number for name in layer for number in parent.get(name, ())) for layer in layers]
                for parent in found.values()
                if len(parent) > 1
            ]
            self._joined("layers", names, groups)
        else:
            groups = [self._ranked(layers)]
        for group in groups:
            self._order(labels, group)
        joined = [frozenset(number for group in groups for number in group[rank]) for rank in range(len(layers))]
        self._made.layers = list(zip(labels, joined, strict=True))

    def _ranked(self, layers: Sequence[Sequence[str]]) -> list[frozenset[int]]:
        """The modules of each layer; one that two patterns match belongs to that of more names."""
        patterns = [(name.count("."), rank, name) for rank, layer in enumerate(layers) for name in layer]
        ranks: dict[int, int] = {}
        for _, rank, name in sorted(patterns):
            ranks |= dict.fromkeys(self._nodes("layers", (name,)), rank)
        return [frozenset(number for number, at in ranks.items() if at == rank) for rank in range(len(layers))]

    def _order(self, labels: Sequence[str], group: Sequence[frozenset[int]]) -> None:
        concerned = frozenset().union(*group)
        for rank in range(1, len(group)):
            says = {
                number: f"{labels[rank]} is below {labels[above]}" for above in range(rank) for number in group[above]
            }
            self._add(group[rank], frozenset(says), concerned, says, "layer-import", LayerPair())

    def _forbidden(self, key: str, pair: LayerPair) -> None:
        names = (*pair.importers, *pair.imported)
        if not bare(names):
            importers = {name: self._nodes(f"{key}.from", (name,)) for name in pair.importers}
            self._pair(importers, {name: self._nodes(f"{key}.to", (name,)) for name in pair.imported}, pair)
            return
        found = self._parents(names)
        self._told_apart(key, names, found.values())
        both = [parent for parent in found.values() if all(parent.keys() & set(side) for side in _sides(pair))]
        self._joined(key, names, both)
        for parent in both:
            importers = {name: parent[name] for name in pair.importers if name in parent}
            self._pair(importers, {name: parent[name] for name in pair.imported if name in parent}, pair)

    def _pair(self, importers: dict[str, frozenset[int]], imported: dict[str, frozenset[int]], pair: LayerPair) -> None:
        first = ", ".join(importers)
        nodes = frozenset().union(*importers.values())
        says = {
            number: f"{first} must not import {name}"
            for name, numbers in imported.items()
            for number in numbers
            if number not in nodes
        }
        self._add(nodes, frozenset(says), nodes | says.keys(), says, "layer-import", pair)

    def _external(self, key: str, rule: ExternalRule) -> None:
        importers = self._nodes(f"{key}.from", rule.importers)
        first = ", ".join(rule.importers)
        outside = self._graph.outside
        if rule.forbidden:
            tests = [re.compile(f"{_expression(_whole(pattern))}(\\..*)?") for pattern in rule.forbidden]
            named = {number for name, number in outside.items() if any(test.fullmatch(name) for test in tests)}
            says = {number: f"{first} must not import {', '.join(rule.forbidden)}" for number in named}
            self._add(importers, frozenset(named), importers, says, "layer-external", rule)
        if rule.only:
            taken = [pattern for pattern in rule.only if pattern != STANDARD_LIBRARY]
            tests = [re.compile(f"{_expression(_whole(pattern))}(\\..*)?") for pattern in taken]
            standard = STANDARD_LIBRARY in rule.only
            others = {
                number
                for name, number in outside.items()
                if not any(test.fullmatch(name) for test in tests)
                and not (standard and name.partition(".")[0] in sys.stdlib_module_names)
            }
            says = {number: f"{first} imports nothing from elsewhere but {', '.join(rule.only)}" for number in others}
            self._add(importers, frozenset(others), importers, says, "layer-external", rule)

    def _add(
        self,
        importers: frozenset[int],
        imported: frozenset[int],
        concerned: frozenset[int],
        says: dict[int, str],
        code: str,
        switches: LayerPair | ExternalRule,
    ) -> None:
        settings = self._settings
        transitive = settings.transitive if switches.transitive is None else switches.transitive
        typing = settings.type_checking if switches.type_checking is None else switches.type_checking
        self._made.rules.append(Rule(importers, imported, concerned, says, code, transitive, typing))

    def _nodes(self, key: str, patterns: Sequence[str]) -> frozenset[int]:
        found = frozenset[int]()
        for pattern in patterns:
            nodes = matching(self._modules, pattern)
            if not nodes:
                self._made.unmatched.append((key, pattern))
            found |= nodes
        return found

    def _told_apart(self, key: str, names: Sequence[str], parents: Iterable[dict[str, frozenset[int]]]) -> None:
        """A bare name that stands nowhere matches nothing."""
        there = {name for parent in parents for name in parent}
        self._made.unmatched += [(key, name) for name in names if name not in there]

    def _joined(self, key: str, names: Sequence[str], groups: Sequence[object]) -> None:
        """Bare names that never stand side by side say nothing of each other."""
        told = {pattern for _, pattern in self._made.unmatched}
        if not groups and not told & set(names):
            self._made.unmatched.append((key, " beside ".join(names)))

    def _parents(self, names: Sequence[str]) -> dict[str, dict[str, frozenset[int]]]:
        """The folders that have packages or modules of these names, and the modules of each."""
        wanted = frozenset(names)
        found: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, module in enumerate(self._modules):
            for parent, name in _levels(module.base):
                if name in wanted:
                    found[parent][name].add(number)
        return {
            parent: {name: frozenset(numbers) for name, numbers in inner.items()} for parent, inner in found.items()
        }


def _sides(pair: LayerPair) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return pair.importers, pair.imported


def _levels(base: str) -> Iterator[tuple[str, str]]:
    while base:
        parent, name = posixpath.split(base)
        yield parent, name
        base = parent
