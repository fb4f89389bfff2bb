"""The graph of packages as one SVG: no script, no font of its own, at home on light and dark pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from jerry_git.application.checking.rendering import printable
from jerry_git.application.layers import routing
from jerry_git.application.layers.lettering import elided, width
from jerry_git.application.layers.package_graph import Package, PackageGraph, counted
from jerry_git.application.layers.routing import HEIGHT, MARGIN, Box, Picture, Route, Sizes

_NAME, _SMALL, _LABEL = 13.0, 11.0, 13.0
_WIDEST_NAME, _WIDEST_LABEL, _NARROWEST = 210.0, 150.0, 84.0
_BOLD = 1.1
"""How much wider bold letters are."""

_PADDING = 12.0
_HEAD = 44.0
_LINE = 22.0
_SAMPLE = 52.0

Key = tuple[str, str]
"""The classes of a line in the legend, and the words beside it."""

_LIGHT = {
    "page": "#ffffff",
    "band": "#f6f8fa",
    "rim": "#d0d7de",
    "box": "#ffffff",
    "frame": "#8c959f",
    "ink": "#1f2328",
    "dim": "#59636e",
    "plain": "#7d8793",
    "cycle": "#bc6c00",
    "upward": "#8250df",
    "violation": "#cf222e",
    "on-red": "#ffffff",
}
_DARK = {
    "page": "#0d1117",
    "band": "#161b22",
    "rim": "#30363d",
    "box": "#212830",
    "frame": "#656c76",
    "ink": "#f0f6fc",
    "dim": "#9198a1",
    "plain": "#848d97",
    "cycle": "#e3a028",
    "upward": "#b78cff",
    "violation": "#ff6a69",
    "on-red": "#0d1117",
}
_KINDS = {
    "plain": "imports, the wider the more",
    "cycle": "in a cycle that breaks no rule",
    "upward": "upward",
    "violation": "breaks a rule, how often",
}
"""Each kind of line, in the order in which they are painted, and what the legend says of it."""

_LAYOUT = """\
.packages text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
.packages .name{font-size:13px;font-weight:500}
.packages .small{font-size:11px}
.packages .label{font-size:13px;font-weight:600}
.packages .count{font-size:11px;font-weight:700}
.packages .edge path,.packages .key path{fill:none}
.packages .edge path{stroke-opacity:.8}
.packages .edge.violation path{stroke-opacity:1}
.packages .up path{stroke-dasharray:7 4}
.packages .edge:hover path{stroke-opacity:1;stroke-width:5px}
"""


def svg(graph: PackageGraph) -> str:
    """The packages in rows, importers above what they import, each layer in a band of its own."""
    return "".join(f"{line}\n" for line in _document(graph))


def _document(graph: PackageGraph) -> Iterator[str]:
    packages = {package.name: package for package in graph.packages}
    labels = [elided(label, _LABEL, _WIDEST_LABEL) for label, _ in graph.bands()]
    gutter = max((width(label, _LABEL) * _BOLD for label in labels), default=0)
    sizes = Sizes(
        widths={name: _box_width(package) for name, package in packages.items()},
        gutter=gutter + 2 * _PADDING if gutter else 0,
        head=_HEAD,
    )
    picture = routing.picture(graph, sizes)
    kinds = [kind for kind in _KINDS if any(route.kind == kind for route in picture.routes)]
    keys = [(kind, words) for kind, words in _KINDS.items() if kind in kinds]
    if any(route.upward and route.kind != "upward" for route in picture.routes):
        keys.append(("plain up", "dashed: upward"))
    caption = _caption(graph, picture)
    widest = max((_key_width(words) for _, words in keys), default=0)
    wide = max(picture.width, max(widest, width(caption, _LABEL) * _BOLD) + 2 * MARGIN)
    legend = list(_legend(keys, wide - 2 * MARGIN))
    high = picture.height + _LINE * len(legend) + (MARGIN / 2 if keys else 0)
    size = f'viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" height="{high:.0f}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" class="packages" {size} role="img" aria-labelledby="what how">'
    yield '<title id="what">Packages and their imports</title>'
    yield f'<desc id="how">{caption}</desc>'
    yield f"<style>\n{_LAYOUT}{_colours(_LIGHT)}@media (prefers-color-scheme:dark){{\n{_colours(_DARK)}}}\n</style>"
    yield from _markers(kinds)
    yield '<rect class="page" width="100%" height="100%"/>'
    yield f'<text class="label ink" x="{MARGIN:.0f}" y="27">{caption}</text>'
    yield from _bands(picture, graph, wide)
    for kind in kinds:
        yield from (_edge(route) for route in picture.routes if route.kind == kind)
    for box in picture.boxes:
        yield from _box(box, packages[box.name])
    for route in picture.routes:
        if route.badge:
            yield from _badge(route.badge, str(route.link), str(route.link.violations))
    for line, part in enumerate(legend):
        yield from _legend_line(part, picture.height + 8 + _LINE * line)
    yield "</svg>"


def _colours(colours: dict[str, str]) -> str:
    fills = {"page": "page", "ink": "ink", "dim": "dim", "badge": "violation", "count": "on-red"}
    rules = [f".packages .{name}{{fill:{colours[colour]}}}" for name, colour in fills.items()]
    rules += [
        f".packages .band{{fill:{colours['band']};stroke:{colours['rim']}}}",
        f".packages .box{{fill:{colours['box']};stroke:{colours['frame']}}}",
    ]
    for kind in _KINDS:
        rules.append(f".packages .{kind} path{{stroke:{colours[kind]}}}")
        rules.append(f".packages .tip-{kind}{{fill:{colours[kind]}}}")
    return "".join(f"{rule}\n" for rule in rules)


def _box_width(package: Package) -> float:
    name = elided(printable(package.name), _NAME, _WIDEST_NAME)
    words = max(width(name, _NAME), width(counted(package.modules, "module"), _SMALL))
    return max(_NARROWEST, words + 2 * _PADDING)


def _caption(graph: PackageGraph, picture: Picture) -> str:
    """What is to be seen, in one line."""
    broken = sum(route.link.violations for route in picture.routes)
    kinds = Counter(route.kind for route in picture.routes)
    told = [counted(len(graph.packages), "package")]
    if picture.routes:
        number = len(picture.routes)
        told.append(f"{number} dependencies" if number > 1 else "1 dependency")
    if kinds["cycle"]:
        told.append(f"{kinds['cycle']} of them in cycles that break no rule")
    if broken:
        told.append(counted(broken, "violation"))
    return ", ".join(told)


def _markers(kinds: list[str]) -> Iterator[str]:
    yield "<defs>"
    for kind in kinds:
        frame = 'viewBox="0 0 10 10" refX="1" refY="5" markerWidth="10" markerHeight="10"'
        tip = f'<path class="tip-{kind}" d="M0 0.5L10 5L0 9.5Z"/>'
        yield f'<marker id="tip-{kind}" {frame} markerUnits="userSpaceOnUse" orient="auto">{tip}</marker>'
    yield "</defs>"


def _bands(picture: Picture, graph: PackageGraph, wide: float) -> Iterator[str]:
    for band, (label, _) in zip(picture.bands, graph.bands(), strict=True):
        if label:
            place = f'x="{MARGIN / 2:.0f}" y="{band.top:.1f}" width="{wide - MARGIN:.1f}" height="{band.height:.1f}"'
            middle = band.top + band.height / 2 + _LABEL / 3
            words = _text("label dim", MARGIN / 2 + _PADDING, middle, label, _LABEL, _WIDEST_LABEL, anchor="start")
            yield f'<g><title>{escape(label)}</title><rect class="band" {place} rx="10"/>{words}</g>'


def _edge(route: Route) -> str:
    stroke = min(1.2 + route.link.imports.bit_length() * 0.4, 4.5)
    classes = f"edge {route.kind} up" if route.upward else f"edge {route.kind}"
    line = f'<path d="{route.path}" stroke-width="{stroke:.1f}" marker-end="url(#tip-{route.kind})"/>'
    return f'<g class="{classes}"><title>{escape(str(route.link))}</title>{line}</g>'


def _box(box: Box, package: Package) -> Iterator[str]:
    name, modules = printable(package.name), counted(package.modules, "module")
    middle, room = box.x + box.width / 2, box.width - 2 * _PADDING
    place = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{HEIGHT:.1f}"'
    yield f'<g class="package"><title>{escape(f"{name}: {modules}")}</title><rect class="box" {place} rx="7"/>'
    yield _text("name ink", middle, box.y + 18, name, _NAME, max(room, _WIDEST_NAME))
    yield _text("small dim", middle, box.y + 33, modules, _SMALL, room) + "</g>"


def _text(kind: str, x: float, y: float, words: str, size: float, room: float, *, anchor: str = "middle") -> str:
    """`words`, elided to `room`; of letters whose width is hard to guess, the width is set."""
    shown = elided(words, size, room)
    exact = "" if words.isascii() else f' textLength="{width(shown, size):.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{exact}>{escape(shown)}</text>'


def _badge(centre: tuple[float, float], title: str, number: str) -> Iterator[str]:
    x, y = centre
    wide = routing.badge_width(int(number))
    place = f'x="{x - wide / 2:.1f}" y="{y - 9:.1f}" width="{wide:.1f}" height="18"'
    words = f'<text class="count" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{number}</text>'
    yield f'<g><title>{escape(title)}</title><rect class="badge" {place} rx="9"/>{words}</g>'


def _legend(keys: Sequence[Key], room: float) -> Iterator[list[Key]]:
    """`keys` in lines as long as there is room."""
    line: list[Key] = []
    for key in keys:
        if line and sum(_key_width(words) for _, words in [*line, key]) > room:
            yield line
            line = []
        line.append(key)
    if line:
        yield line


def _legend_line(keys: Sequence[Key], y: float) -> Iterator[str]:
    x = MARGIN
    for kind, words in keys:
        head = f' marker-end="url(#tip-{kind})"' if kind in _KINDS else ""
        line = f'<path d="M{x:.0f} {y:.0f}h34" stroke-width="2.4"{head}/>'
        told = f'<text class="small dim" x="{x + _SAMPLE:.0f}" y="{y + 4:.0f}">{words}</text>'
        yield f'<g class="key {kind}{" up" if kind == "upward" else ""}">{line}{told}</g>'
        x += _key_width(words)


def _key_width(words: str) -> float:
    return _SAMPLE + width(words, _SMALL) + 16
