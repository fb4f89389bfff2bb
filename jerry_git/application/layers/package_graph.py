"""Packages and what they import of each other: what a drawing shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jerry_git.application.checking.rendering import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package, its number of modules, and its layer: 0 is the top, None is in no layer."""

    name: str
    modules: int
    layer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One package imports another: at how many places, and how many of these break a rule."""

    importer: str
    imported: str
    imports: int
    violations: int = 0

    def __str__(self) -> str:
        told = f"{printable(self.importer)} -> {printable(self.imported)}: {counted(self.imports, 'import')}"
        return f"{told}, {counted(self.violations, 'violation')}" if self.violations else told


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageGraph:
    """Packages, their dependencies, and the label of each layer from the top."""

    packages: tuple[Package, ...]
    dependencies: tuple[Dependency, ...]
    layers: tuple[str, ...] = ()

    def links(self) -> tuple[Dependency, ...]:
        """What is drawn, sorted: no package's dependency on itself, and none on a package that is not here."""
        names = {package.name for package in self.packages}
        ends = ((each.importer, each.imported, each) for each in self.dependencies)
        drawn = (each for importer, imported, each in ends if importer != imported and {importer, imported} <= names)
        return tuple(sorted(drawn, key=lambda each: (each.importer, each.imported)))

    def bands(self) -> Iterator[tuple[str, tuple[Package, ...]]]:
        """Each layer that has packages, from the top, with its label; those in no layer come last."""
        ranks = sorted({package.layer for package in self.packages if package.layer is not None})
        packages = sorted(self.packages, key=lambda package: package.name)
        for rank in ranks:
            label = self.layers[rank] if 0 <= rank < len(self.layers) else f"layer {rank}"
            yield printable(label), tuple(package for package in packages if package.layer == rank)
        rest = tuple(package for package in packages if package.layer is None)
        if rest:
            yield "in no layer" if ranks else "", rest


def counted(number: int, noun: str) -> str:
    """`1 import`, `2 imports`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
