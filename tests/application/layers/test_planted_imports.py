"""A layered package made at random keeps its rules; one import that is planted in it is found, with its chain."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jerry_git.application.checking.findings import Finding
from jerry_git.application.layers.checking import LayerCheck
from jerry_git.application.layers.scans import DirectScans
from jerry_git.application.settings import LayerSettings, Settings
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from tests.application.sources import MemorySource

FORMS = (
    "import {full}",
    "import {full} as other",
    "import os, {full}",
    "from {package} import {name}",
    "from {package} import {name} as other",
    "from {package} import (\n    {name},\n)",
    "from {full} import *",
    "from {full} import something, more",
    "from {dots}{inner} import something",
    "def f():\n    import {full}",
    "class C:\n    from {package} import {name}",
    "try:\n    import {full}\nexcept ImportError:\n    pass",
    "if False:\n    import {full}",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from {package} import {name}",
    "import importlib\nimportlib.import_module('{full}')",
    "from importlib import import_module as load\nf = lambda: load('{full}')",
    "import importlib\nimportlib.import_module('{dots}{inner}', __package__)",
    "__import__('{full}')",
    "import pkgutil\npkgutil.resolve_name('{full}:something')",
)
MARKED = ("{full}", "{name}", "{inner}", "load(", "import_module(", "resolve_name(")


@dataclass(frozen=True)
class Module:
    """A module of the package `app`, in a folder of its own kind: a layer, or `held` for those in none."""

    folder: str
    name: str

    @property
    def full(self) -> str:
        return f"app.{self.folder}.{self.name}"

    @property
    def path(self) -> str:
        return f"app/{self.folder}/{self.name}.py"


@dataclass(frozen=True)
class Line:
    """An import of a module, in one of the forms."""

    to: Module
    form: str

    @property
    def text(self) -> str:
        """Both are two levels below the top, so that two dots lead there from everywhere."""
        to = self.to
        return self.form.format(
            full=to.full, package=f"app.{to.folder}", name=to.name, dots="..", inner=f"{to.folder}.{to.name}"
        )

    @property
    def line(self) -> int:
        """The line of it on which the import is."""
        return next(
            number + 1
            for number, line in reversed(list(enumerate(self.form.split("\n"))))
            if any(m in line for m in MARKED)
        )


@dataclass(frozen=True)
class Package:
    """Modules by layer, from the top, those in no layer, and who imports whom."""

    layers: Sequence[Sequence[Module]]
    held: Sequence[Module]
    imports: dict[Module, list[Line]]

    def check(self, extra: dict[Module, list[Line]]) -> Sequence[Finding]:
        """What is found, with more imports at the end of some modules."""
        files = {}
        for module in {*self.imports, *extra}:
            lines = [line.text for line in (*self.imports.get(module, ()), *extra.get(module, ()))]
            files[module.path] = "".join(f"{line}\n" for line in lines).encode()
        names = tuple((f"app.layer{rank}",) for rank in range(len(self.layers)))
        asked = Settings(layers=LayerSettings(layers=names))
        return LayerCheck(DirectScans())(MemorySource(files), CloudEventFileReader(), asked).findings

    def line_of(self, module: Module, planted: Line) -> int:
        """Where an import stands that is added at the end of a module."""
        return sum(line.text.count("\n") + 1 for line in self.imports.get(module, ())) + planted.line


forms = st.sampled_from(FORMS)


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """A lawful package: each layer imports what is below it, and itself; what is in no layer imports no layer."""
    count = draw(st.integers(2, 5))
    layers = [
        [Module(f"layer{rank}", f"m{number}") for number in range(draw(st.integers(1, 4)))] for rank in range(count)
    ]
    held = [Module("held", f"h{number}") for number in range(draw(st.integers(0, 4)))]
    order = [*(module for layer in layers for module in layer), *held]
    imports: dict[Module, list[Line]] = {}
    for at, module in enumerate(order):
        later = order[at + 1 :]
        wanted = draw(st.lists(st.sampled_from(later), max_size=3, unique=True)) if later else []
        imports[module] = [Line(to, draw(forms)) for to in wanted]
    return Package(layers, held, imports)


@pytest.mark.positive
@settings(max_examples=150, deadline=None)
@given(packages())
def test_a_lawful_package_has_no_finding(package: Package) -> None:
    assert package.check({}) == ()


@pytest.mark.positive
@settings(max_examples=300, deadline=None)
@given(packages(), st.data())
def test_a_forbidden_import_that_is_planted_is_found_with_its_chain(package: Package, data: st.DataObject) -> None:
    low = data.draw(st.integers(1, len(package.layers) - 1))
    high = data.draw(st.integers(0, low - 1))
    importer = data.draw(st.sampled_from(package.layers[low]))
    imported = data.draw(st.sampled_from(package.layers[high]))
    between = [Module("held", f"way{number}") for number in range(data.draw(st.integers(0, 3)))]
    way = [importer, *between, imported]
    planted = {one: Line(other, data.draw(forms)) for one, other in itertools.pairwise(way)}
    (told,) = package.check({one: [line] for one, line in planted.items()})
    lines = [(one.path, package.line_of(one, line)) for one, line in planted.items()]
    assert (told.path, told.line) == lines[0]
    assert told.message.endswith(f": app.layer{low} is below app.layer{high}")
    if between:
        assert told.code == "layer-chain"
        assert [(step.path, step.line) for step in told.steps] == lines
        names = [f"{one.full} imports {other.full}" for one, other in itertools.pairwise(way)]
        assert [step.message for step in told.steps] == names
    else:
        assert (told.code, told.steps) == ("layer-import", ())
        assert told.message.startswith(f"{importer.full} imports {imported.full}")


@pytest.mark.positive
@settings(max_examples=100, deadline=None)
@given(packages(), st.data())
def test_of_two_ways_the_shorter_is_told(package: Package, data: st.DataObject) -> None:
    importer, imported = package.layers[1][0], package.layers[0][0]
    long = [Module("held", f"long{number}") for number in range(data.draw(st.integers(2, 4)))]
    short = [Module("held", f"short{number}") for number in range(data.draw(st.integers(1, len(long) - 1)))]
    extra: dict[Module, list[Line]] = {}
    for way in ([importer, *long, imported], [importer, *short, imported]):
        for one, other in itertools.pairwise(way):
            extra.setdefault(one, []).append(Line(other, data.draw(forms)))
    (told,) = package.check(extra)
    assert [step.path for step in told.steps] == [each.path for each in (importer, *short)]
