"""The graph of packages for a drawing: modules gathered at a depth, with what breaks a rule counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from jerry_git.application.layers.examining import Examined, Violation
from jerry_git.application.layers.package_graph import Dependency, Package, PackageGraph


def package_graph(examined: Examined, violations: Iterable[Violation], depth: int, within: str = "") -> PackageGraph:
    """The packages of `depth` names below `within`, a dotted name; modules elsewhere are left out."""
    modules = examined.graph.modules.all
    head = f"{within}." if within else ""
    names: dict[int, str] = {}
    for number in examined.scans:
        name = modules[number].name
        if name == within or name.startswith(head):
            below = name.removeprefix(head) if name != within else ""
            names[number] = head + ".".join(below.split(".")[:depth]) if below else name
    ranks = {number: rank for rank, (_, numbers) in enumerate(examined.rules.layers) for number in numbers}
    sizes = Counter(names.values())
    layer: dict[str, set[int | None]] = {}
    for number, name in names.items():
        layer.setdefault(name, set()).add(ranks.get(number))
    imports: Counter[tuple[str, str]] = Counter()
    for importer, name in names.items():
        for imported, sites in examined.graph.imports[importer].items():
            if imported in names and names[imported] != name:
                imports[name, names[imported]] += len(sites)
    broken = _broken(examined, violations, names)
    return PackageGraph(
        packages=tuple(
            Package(name=name, modules=count, layer=next(iter(layer[name])) if len(layer[name]) == 1 else None)
            for name, count in sorted(sizes.items())
        ),
        dependencies=tuple(
            Dependency(importer=importer, imported=imported, imports=count, violations=broken[importer, imported])
            for (importer, imported), count in sorted(imports.items())
        ),
        layers=tuple(label for label, _ in examined.rules.layers),
    )


def _broken(examined: Examined, violations: Iterable[Violation], names: dict[int, str]) -> Counter[tuple[str, str]]:
    """How many violations each pair of packages has; those by way of others count where they leave the layer."""
    numbers = {examined.graph.names[number]: number for number in names}
    found: Counter[tuple[str, str]] = Counter()
    for violation in violations:
        ends = [violation.frozen.importer, violation.frozen.imported]
        if violation.found.steps:
            ends[1] = violation.found.steps[0].message.rpartition(" ")[2]
        one, other = (numbers.get(end) for end in ends)
        if one is not None and other is not None and names[one] != names[other]:
            found[names[one], names[other]] += 1
    return found
