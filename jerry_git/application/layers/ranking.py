"""In which row each package is drawn: importers above what they import, as far as there are no cycles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from jerry_git.application.layers.package_graph import Dependency, PackageGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Packages side by side; those of one band have one layer."""

    band: int
    names: tuple[str, ...]


def components(names: Iterable[str], links: Iterable[Dependency]) -> dict[str, int]:
    """A number for each name; those in one cycle have the same."""
    bits = {name: 1 << index for index, name in enumerate(names)}
    reached = dict(bits)
    for link in links:
        reached[link.importer] |= bits[link.imported]
    for middle, bit in bits.items():
        beyond = reached[middle]
        for name, seen in reached.items():
            if seen & bit:
                reached[name] = seen | beyond
    return reached  # who reach the same, themselves included, reach each other


def rows(graph: PackageGraph) -> list[Row]:
    """The rows from the top: each layer has its own, and within a layer no row has links within itself."""
    links = graph.links()
    drawn = []
    for band, (_, packages) in enumerate(graph.bands()):
        names = [package.name for package in packages]
        here = set(names)
        inner = [link for link in links if {link.importer, link.imported} <= here]
        widest = max(6, math.ceil(1.2 * math.sqrt(len(names))))
        drawn += [Row(band=band, names=row) for level in _levels(names, inner) for row in _parted(level, widest)]
    return drawn


def _levels(names: Sequence[str], links: Sequence[Dependency]) -> Iterator[list[str]]:
    """`names` by their depth; those without a link come last, where there are others."""
    depths = _depths(names, links)
    linked = {end for link in links for end in (link.importer, link.imported)}
    for depth in range(max(depths.values()) + 1):
        if level := [name for name in names if name in linked and depths[name] == depth]:
            yield level
    if alone := [name for name in names if name not in linked]:
        yield alone


def _depths(names: Sequence[str], links: Sequence[Dependency]) -> dict[str, int]:
    """The longest way to each name, against the arrow for the links that close a cycle."""
    component = components(names, links)
    places = _places(names, links, component)
    before: dict[str, list[str]] = {name: [] for name in names}
    for link in links:
        cyclic = component[link.importer] == component[link.imported]
        turned = cyclic and places[link.importer] > places[link.imported]
        upper, lower = (link.imported, link.importer) if turned else (link.importer, link.imported)
        before[lower].append(upper)
    depths: dict[str, int] = {}
    for name in TopologicalSorter(before).static_order():
        depths[name] = max((depths[upper] + 1 for upper in before[name]), default=0)
    return depths


def _places(names: Sequence[str], links: Sequence[Dependency], component: Mapping[str, int]) -> dict[str, int]:
    """An order of the members of each cycle in which few links point back, and rather those that break a rule."""
    cycles: dict[int, list[str]] = {}
    for name in names:
        cycles.setdefault(component[name], []).append(name)
    order: list[str] = []
    for members in cycles.values():
        order += _unwound(members, [link for link in links if {link.importer, link.imported} <= set(members)])
    return {name: place for place, name in enumerate(order)}


def _unwound(members: Sequence[str], links: Sequence[Dependency]) -> Iterator[str]:
    """Eades, Lin and Smyth's greedy order: next is always who imports most and is imported least by those left."""
    left = list(members)
    while left:
        gain = dict.fromkeys(left, 0)
        for link in links:
            weight = 1 + max(link.imports - link.violations, 0)
            gain[link.importer] += weight
            gain[link.imported] -= weight
        best = max(left, key=gain.__getitem__)
        yield best
        left.remove(best)
        links = [link for link in links if best not in (link.importer, link.imported)]


def _parted(names: Sequence[str], widest: int) -> Iterator[tuple[str, ...]]:
    """`names` in parts of about one size, none wider than `widest`."""
    parts = math.ceil(len(names) / widest)
    for part in range(parts):
        yield tuple(names[len(names) * part // parts : len(names) * (part + 1) // parts])
