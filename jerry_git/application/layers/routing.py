"""Boxes, bands and lines with their coordinates: what a drawing has only to write down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jerry_git.application.layers.package_graph import Dependency, PackageGraph
from jerry_git.application.layers.placing import Mesh, mesh, place
from jerry_git.application.layers.ranking import Row, components, rows

MARGIN = 24.0
HEIGHT = 42.0
"""Of each box."""

_TIP = 9.0
_BAND_PADDING = 16.0
_BAND_GAP = 10.0
_TRIED = 4
"""Rows from its importer in which a badge looks for a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What the words need: the width of each box, of the labels at the left, and the height of the head."""

    widths: Mapping[str, float]
    gutter: float
    head: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A package's box, by its upper left corner."""

    name: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A layer, over the whole width."""

    top: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A dependency's line; `badge` is where its violations are counted."""

    link: Dependency
    kind: str
    upward: bool
    path: str
    badge: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that is drawn."""

    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


Point = tuple[float, float]
Curve = tuple[Point, Point]
"""From one row to the next; it leaves and arrives upright."""


def badge_width(number: int) -> float:
    """The width of the badge that shows `number`."""
    return 12.0 + 8 * len(str(number))


def picture(graph: PackageGraph, sizes: Sizes) -> Picture:
    """Place all of `graph`."""
    links = graph.links()
    lines = rows(graph)
    woven = mesh([row.names for row in lines], links, sizes.widths)
    left = MARGIN + sizes.gutter
    middles = [left + middle for middle in place(woven)]
    tops = _tops(lines, woven, middles, sizes.head)
    right = max((middle + room for middle, room in zip(middles, woven.rooms, strict=True)), default=left)
    names = [name for row in lines for name in row.names]
    places = {one: tops[index] for index, row in enumerate(woven.rows) for one in row}
    boxes = tuple(
        Box(name=name, x=middles[one] - sizes.widths[name] / 2, y=places[one], width=sizes.widths[name])
        for one, name in enumerate(names)
    )
    height = (tops[-1] + HEIGHT if tops else sizes.head) + _BAND_PADDING + MARGIN / 2
    cycles = components(names, [link for link in links if not link.violations])
    routes = tuple(_routes(links, woven, _Ports(woven, boxes, middles), places, cycles))
    bands = tuple(_bands(lines, tops))
    return Picture(boxes=boxes, bands=bands, routes=routes, width=right + MARGIN, height=height)


def _tops(lines: Sequence[Row], woven: Mesh, middles: Sequence[float], head: float) -> list[float]:
    """The upper edge of each row; the more and the longer lines pass between two, the farther they are apart."""
    tops = [head + _BAND_PADDING] if lines else []
    for row, (upper, lower) in zip(woven.rows, pairwise(lines), strict=False):
        shifts = [abs(middles[one] - middles[below]) for one in row for below in woven.below[one]]
        gap = 34 + min(len(shifts), 30) + min(max(shifts, default=0) / 12, 60)
        if upper.band != lower.band:
            gap = max(gap + _BAND_GAP, 2 * _BAND_PADDING + _BAND_GAP)
        tops.append(tops[-1] + HEIGHT + gap)
    return tops


def _bands(lines: Sequence[Row], tops: Sequence[float]) -> Iterator[Band]:
    """From the middle between two rows to the next such middle."""
    first = 0
    for index, row in enumerate(lines):
        if index + 1 == len(lines) or lines[index + 1].band != row.band:
            top = tops[0] - _BAND_PADDING
            if first:
                top = (tops[first - 1] + HEIGHT + tops[first] + _BAND_GAP) / 2
            bottom = tops[index] + HEIGHT + _BAND_PADDING
            if index + 1 < len(lines):
                bottom = (tops[index] + HEIGHT + tops[index + 1] - _BAND_GAP) / 2
            yield Band(top=top, height=bottom - top)
            first = index + 1


class _Ports:
    """Where lines leave and reach a box: side by side, in the order in which they go off."""

    def __init__(self, woven: Mesh, boxes: Sequence[Box], middles: Sequence[float]) -> None:
        self._middles = middles
        self._ports: dict[tuple[int, int, bool], float] = {}
        places = {one: index for index, row in enumerate(woven.rows) for one in row}
        sides: dict[tuple[int, bool], set[tuple[float, bool, int]]] = {}
        for way in woven.ways:
            upward = places[way[0]] > places[way[-1]]
            for box, near in ((way[0], way[1]), (way[-1], way[-2])):
                sides.setdefault((box, places[near] > places[box]), set()).add((middles[near], upward, near))
        for (box, _), ends in sides.items():
            pitch = min(14.0, (boxes[box].width - 24) / len(ends))
            for index, (_, upward, near) in enumerate(sorted(ends)):
                self._ports[box, near, upward] = middles[box] + pitch * (index - (len(ends) - 1) / 2)

    def at(self, one: int, near: int, *, upward: bool) -> float:
        """Where a line from or to `near` is at the box or lane `one`."""
        return self._ports.get((one, near, upward), self._middles[one])


def _routes(
    links: Sequence[Dependency], woven: Mesh, ports: _Ports, tops: Mapping[int, float], cycles: Mapping[str, int]
) -> Iterator[Route]:
    taken: list[tuple[float, float, float]] = []
    for link, way in zip(links, woven.ways, strict=True):
        upward = tops[way[0]] > tops[way[-1]]
        curves = list(_curves(way, ports, tops, upward=upward))
        kind = "violation" if link.violations else "upward" if upward else "plain"
        if kind != "violation" and cycles[link.importer] == cycles[link.imported]:
            kind = "cycle"
        badge = _free(curves, badge_width(link.violations), taken) if link.violations else None
        yield Route(link=link, kind=kind, upward=upward, path=_path(curves), badge=badge)


def _curves(way: Sequence[int], ports: _Ports, tops: Mapping[int, float], *, upward: bool) -> Iterator[Curve]:
    out, into = (0.0, HEIGHT + _TIP) if upward else (HEIGHT, -_TIP)
    for one, following in pairwise(way):
        far = into if following == way[-1] else HEIGHT if upward else 0.0
        start = ports.at(one, following, upward=upward), tops[one] + out
        yield start, (ports.at(following, one, upward=upward), tops[following] + far)


def _path(curves: Sequence[Curve]) -> str:
    drawn = [f"M{curves[0][0][0]:.1f} {curves[0][0][1]:.1f}"]
    for (start, top), (end, bottom) in curves:
        middle = (top + bottom) / 2
        drawn.append(f"V{top:.1f}C{start:.1f} {middle:.1f} {end:.1f} {middle:.1f} {end:.1f} {bottom:.1f}")
    return "".join(drawn)


def _free(curves: Sequence[Curve], wide: float, taken: list[tuple[float, float, float]]) -> Point:
    """A point on the line where a badge lies over no other, the first point where there is none."""
    spots = [_along(curve, part / 16) for curve in curves[:_TRIED] for part in (8, 6, 10, 5, 11, 7, 9, 4, 12, 3, 13, 2)]
    free = ((x, y) for x, y in spots if all(abs(x - a) > (wide + w) / 2 + 2 or abs(y - b) > 20 for a, b, w in taken))
    spot = next(free, spots[0])
    taken.append((*spot, wide))
    return spot


def _along(curve: Curve, part: float) -> Point:
    """The point of a curve after `part` of its way."""
    (start, top), (end, bottom) = curve
    middle, rest = (top + bottom) / 2, 1 - part
    x = start * (rest**3 + 3 * rest**2 * part) + end * (3 * rest * part**2 + part**3)
    return x, top * rest**3 + middle * 3 * rest * part * (rest + part) + bottom * part**3
