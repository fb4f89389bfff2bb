"""Who imports whom, and by which chain one module reaches another."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jerry_git.application.layers.imports import TEXT, Import, Scan
from jerry_git.application.layers.modules import Modules

Sites = Callable[[int, int], Sequence[Import]]
"""The imports by which one module imports another, those that count."""


@dataclass(eq=False)
class Graph:
    """The imports between modules, by number; what lies outside of the repository has the numbers after theirs."""

    modules: Modules
    names: list[str]
    imports: list[dict[int, list[Import]]]
    outside: dict[str, int] = field(default_factory=dict)
    into: list[list[int]] = field(default_factory=list)

    @classmethod
    def of(cls, modules: Modules, scans: Mapping[int, Scan], deep: Callable[[str], bool]) -> Graph:
        """The graph of what the files say; `deep` tells which names of something outside are asked for by a rule."""
        graph = cls(modules, _names(modules), [{} for _ in modules.all])
        for importer, scan in scans.items():
            edges = graph.imports[importer]
            for found in scan.imports:
                for imported in graph._targets(importer, found, deep):
                    if imported != importer:
                        sites = edges.get(imported)
                        if sites is None:
                            edges[imported] = [found]
                        else:
                            sites.append(found)
        graph.into = [[] for _ in graph.names]
        for importer, edges in enumerate(graph.imports):
            for imported in edges:
                graph.into[imported].append(importer)
        return graph

    def _targets(self, importer: int, found: Import, deep: Callable[[str], bool]) -> Iterable[int]:
        target = self.modules.meant(importer, found)
        if target.module is not None:
            if found.how == TEXT and not self.modules.all[target.module].is_file:
                return
            yield target.module
        if target.outside and found.how != TEXT:
            name = target.outside
            if found.name and deep(f"{name}.{found.name}"):
                name = f"{name}.{found.name}"
            number = self.outside.get(name)
            if number is None:
                number = self.outside[name] = len(self.names)
                self.names.append(name)
                self.imports.append({})
            yield number

    def is_module(self, number: int) -> bool:
        """Whether the number is that of a module of the repository."""
        return number < len(self.modules.all)


def _names(modules: Modules) -> list[str]:
    """What each module is called: by its path where others have its name, as in a repository of several projects."""
    counts = Counter(module.name for module in modules.all)
    return [module.name if counts[module.name] == 1 else module.path for module in modules.all]


@dataclass(frozen=True, slots=True)
class Rule:
    """Modules that must not reach others, by number, through modules that are in no part of the same rule.

    `concerned` are the modules that a chain does not pass through: an import of theirs is judged by itself.
    `says` is the rule in words, by what is imported.
    """

    importers: frozenset[int]
    imported: frozenset[int]
    concerned: frozenset[int]
    says: Mapping[int, str]
    code: str
    transitive: bool = True
    typing: bool = True


def reaching(graph: Graph, rule: Rule, sites: Sites) -> set[int]:
    """The modules between, from which something forbidden is reached."""
    found: set[int] = set()
    ahead = list(rule.imported)
    while ahead:
        imported = ahead.pop()
        for importer in graph.into[imported]:
            if importer not in rule.concerned and importer not in found and sites(importer, imported):
                found.add(importer)
                ahead.append(importer)
    return found


def reached(graph: Graph, rule: Rule, sites: Sites) -> set[int]:
    """The modules between that those of the rule reach."""
    found: set[int] = set()
    ahead = list(rule.importers)
    while ahead:
        importer = ahead.pop()
        for imported in graph.imports[importer]:
            is_new = graph.is_module(imported) and imported not in rule.concerned and imported not in found
            if is_new and sites(importer, imported):
                found.add(imported)
                ahead.append(imported)
    return found


def chains(graph: Graph, rule: Rule, sites: Sites) -> Iterable[tuple[int, ...]]:
    """For each two modules that must not be joined and are, the shortest chain; of equal ones the first by name."""
    between = reaching(graph, rule, sites) if rule.transitive else set()
    for importer in sorted(rule.importers, key=lambda number: (graph.names[number], number)):
        edges = graph.imports[importer]
        if any(imported in rule.imported or imported in between for imported in edges):
            yield from _from(graph, rule, sites, importer, between)


def _from(graph: Graph, rule: Rule, sites: Sites, importer: int, between: set[int]) -> Iterable[tuple[int, ...]]:
    """Breadth first, each step by name."""
    before: dict[int, int] = {importer: importer}
    ahead = deque([importer])
    while ahead:
        at = ahead.popleft()
        for imported in sorted(graph.imports[at], key=lambda number: (graph.names[number], number)):
            if imported in before or not sites(at, imported):
                continue
            if imported in rule.imported:
                before[imported] = at
                yield _back(before, imported)
            elif imported in between:
                before[imported] = at
                ahead.append(imported)


def _back(before: Mapping[int, int], last: int) -> tuple[int, ...]:
    chain = [last]
    while before[chain[-1]] != chain[-1]:
        chain.append(before[chain[-1]])
    return tuple(reversed(chain))
