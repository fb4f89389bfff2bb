"""The graph of packages as Mermaid, DOT and SVG: text for programs that draw, and a drawing to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from jerry_git.application.checking.rendering import printable
from jerry_git.application.layers.package_graph import Dependency, Package, PackageGraph, counted
from jerry_git.application.layers.svg import svg

__all__ = ["DRAWINGS", "Dependency", "Draw", "Package", "PackageGraph", "dot", "mermaid", "svg"]

Draw = Callable[[PackageGraph], str]

MOST_LINKS = 500
"""GitHub's Mermaid refuses to draw more (`maxEdges`)."""

_RED = "#cf222e"


def mermaid(graph: PackageGraph) -> str:
    """A flowchart for GitHub: a subgraph for each layer, violations as thick red links with their number."""
    return "".join(f"{line}\n" for line in _flowchart(graph))


def _flowchart(graph: PackageGraph) -> Iterator[str]:
    yield "flowchart TB"
    ids: dict[str, str] = {}
    for rank, (label, packages) in enumerate(graph.bands()):
        indent = "    " if label else "  "
        if label:
            yield f'  subgraph layer{rank}["{_entities(label)}"]'
        for package in packages:
            ids[package.name] = f"p{len(ids)}"
            modules = counted(package.modules, "module")
            yield f'{indent}{ids[package.name]}["{_entities(printable(package.name))}<br/>{modules}"]'
        if label:
            yield "  end"
    if not ids:
        yield '  none["no packages"]'
    links = graph.links()
    shown = _foremost(links)
    for link in shown:
        arrow = f'==>|"{counted(link.violations, "violation")}"|' if link.violations else "-->"
        yield f"  {ids[link.importer]} {arrow} {ids[link.imported]}"
    red = ",".join(str(index) for index, link in enumerate(shown) if link.violations)
    if red:
        yield f"  linkStyle {red} stroke:{_RED},stroke-width:3px,color:{_RED}"
    if len(shown) < len(links):
        yield f'  rest["{len(links) - len(shown)} of {len(links)} dependencies are left out"]'


def _foremost(links: tuple[Dependency, ...]) -> list[Dependency]:
    """As many as may be drawn: those with violations, then those with most imports; in the order of `links`."""
    weighty = sorted(links, key=lambda link: (-link.violations, -link.imports))[:MOST_LINKS]
    return sorted(weighty, key=lambda link: (link.importer, link.imported))


def _entities(text: str) -> str:
    """`text` for a quoted label of Mermaid, which reads `#` and a number as a character."""
    return re.sub(r"[^\w. -]", lambda match: f"#{ord(match[0])};", text)


def dot(graph: PackageGraph) -> str:
    """A digraph for graphviz: a cluster of one rank for each layer, violations red with their number."""
    return "".join(f"{line}\n" for line in _digraph(graph))


def _digraph(graph: PackageGraph) -> Iterator[str]:
    yield "digraph packages {"
    yield "  graph [rankdir=TB, newrank=true, fontname=Helvetica];"
    yield '  node [shape=box, style="rounded,filled", fillcolor=white, fontname=Helvetica];'
    yield '  edge [color="#6e7781", fontname=Helvetica];'
    ids: dict[str, str] = {}
    firsts = []
    ranks: dict[str, int] = {}
    for rank, (label, packages) in enumerate(graph.bands()):
        firsts.append(f"p{len(ids)}")
        nodes = []
        for package in packages:
            ids[package.name] = f"p{len(ids)}"
            ranks[package.name] = rank
            words = rf"{_escaped(printable(package.name))}\n{counted(package.modules, 'module')}"
            nodes.append(f'{ids[package.name]} [label="{words}"];')
        yield from _cluster(rank, label, nodes) if label else (f"  {node}" for node in nodes)
    if len(firsts) > 1:
        yield f"  {' -> '.join(firsts)} [style=invis];"
    for link in graph.links():
        upward = ranks[link.importer] > ranks[link.imported]
        yield f"  {ids[link.importer]} -> {ids[link.imported]} [{', '.join(_attributes(link, upward=upward))}];"
    yield "}"


def _cluster(rank: int, label: str, nodes: Iterable[str]) -> Iterator[str]:
    yield f"  subgraph cluster_{rank} {{"
    yield f'    label="{_escaped(label)}"; labeljust=l; style="rounded,filled"; color="#d0d7de"; fillcolor="#f6f8fa";'
    yield "    rank=same;"
    yield from (f"    {node}" for node in nodes)
    yield "  }"


def _attributes(link: Dependency, *, upward: bool) -> Iterator[str]:
    yield f"penwidth={min(1 + link.imports.bit_length() / 3, 4):.1f}"
    yield f'tooltip="{counted(link.imports, "import")}"'
    if link.violations:
        yield f'color="{_RED}", fontcolor="{_RED}", label="{link.violations}"'
    if upward:  # else graphviz would turn the layers upside down
        yield "constraint=false"


def _escaped(text: str) -> str:
    """`text` for a quoted label of graphviz, which knows both backslashes and HTML's entities."""
    return text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


DRAWINGS: Mapping[str, Draw] = {"mermaid": mermaid, "dot": dot, "svg": svg}
"""Every drawing by its name."""
