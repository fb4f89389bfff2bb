"""Where each box and each line of a drawing lies: Sugiyama's method.

A line passes each row between its ends through a lane, which takes room in the row as a box does. The rows are ordered
so that few lines cross (barycentres), then all is moved to where its neighbours are, as near as order and room allow.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from jerry_git.application.layers.package_graph import Dependency

MOST_LANES = 400
"""With more, the lines to one package share lanes; those with violations do only where these alone are more."""

_SWEEPS, _MOVES = 12, 24
_LARGE = 4000
"""From here on, a third of the sweeps and moves must do."""

_LANE = 7.0
_GAP = 14.0
_LOOSE = 0.1


@dataclass(slots=True)
class Mesh:
    """Boxes and lanes by their number: in which row, how much room to each side, and with whom they are joined."""

    rows: list[list[int]]
    rooms: list[float] = field(default_factory=list)
    above: list[list[int]] = field(default_factory=list)
    below: list[list[int]] = field(default_factory=list)
    ways: list[list[int]] = field(default_factory=list)
    """The boxes and lanes of each link, from the importer to the imported."""

    def add(self, room: float) -> int:
        """A new box or lane."""
        self.rooms.append(room)
        self.above.append([])
        self.below.append([])
        return len(self.rooms) - 1

    def join(self, way: Sequence[int]) -> None:
        """Each of `way`, from the top, with the next, once."""
        for upper, lower in pairwise(way):
            if lower not in self.below[upper]:
                self.below[upper].append(lower)
                self.above[lower].append(upper)


def mesh(rows: Sequence[Sequence[str]], links: Sequence[Dependency], widths: Mapping[str, float]) -> Mesh:
    """What is to be placed; boxes are numbered as they come in `rows`, lanes after them."""
    woven = Mesh([[] for _ in rows])
    boxes: dict[str, tuple[int, int]] = {}
    for index, names in enumerate(rows):
        for name in names:
            boxes[name] = (index, woven.add(widths[name] / 2 + _GAP))
            woven.rows[index].append(boxes[name][1])
    lanes: dict[tuple[object, ...], int] = {}
    spans = [(abs(boxes[link.importer][0] - boxes[link.imported][0]) - 1, link.violations > 0) for link in links]
    shared = {
        False: sum(span for span, _ in spans) > MOST_LANES,
        True: sum(span for span, bad in spans if bad) > MOST_LANES,
    }
    for link in links:
        (start, first), (end, last) = boxes[link.importer], boxes[link.imported]
        step, bad = 1 if start < end else -1, link.violations > 0
        way = [first]
        for row in range(start + step, end, step):
            key = (link.imported, step, bad, row) if shared[bad] else (link, row)
            if key not in lanes:
                lanes[key] = woven.add(_LANE)
                woven.rows[row].append(lanes[key])
            way.append(lanes[key])
        way.append(last)
        woven.join(way[::step])
        woven.ways.append(way)
    return woven


def place(woven: Mesh) -> list[float]:
    """The middle of each box and lane from left to right, the leftmost edge at 0; orders the rows of `woven`."""
    hurry = 1 if len(woven.rooms) + len(woven.ways) < _LARGE else 3
    _order(woven, _SWEEPS // hurry)
    middles = _packed(woven)
    for move in range(_MOVES // hurry):
        sides = ((woven.above,), (woven.below,), (woven.above, woven.below))[move % 3]
        centre = sum(middles) / max(len(middles), 1)
        for row in woven.rows if sides[0] is woven.above else woven.rows[::-1]:
            _settle(row, woven, middles, sides, centre)
    left = min((middle - room for middle, room in zip(middles, woven.rooms, strict=True)), default=0)
    return [middle - left for middle in middles]


def _packed(woven: Mesh) -> list[float]:
    """Middles where each row is without holes, and centred at 0."""
    middles = [0.0] * len(woven.rooms)
    for row in woven.rows:
        _pack(row, woven.rooms, middles)
    return middles


def _pack(row: Iterable[int], rooms: Sequence[float], middles: list[float]) -> None:
    end = -sum(rooms[one] for one in row)
    for one in row:
        middles[one] = end + rooms[one]
        end += 2 * rooms[one]


def _order(woven: Mesh, sweeps: int) -> None:
    """Sort each row by the mean place of the neighbours, down and up in turn, and keep the order that crosses least."""
    middles = _packed(woven)
    best, least = [list(row) for row in woven.rows], _crossings(woven)
    for sweep in range(sweeps):
        neighbours = woven.below if sweep % 2 else woven.above
        for row in woven.rows[::-1] if sweep % 2 else woven.rows:
            wishes = {one: _mean(neighbours[one], middles, middles[one]) for one in row}
            row.sort(key=wishes.__getitem__)
            _pack(row, woven.rooms, middles)
        crossings = _crossings(woven)
        if crossings < least:
            best, least = [list(row) for row in woven.rows], crossings
    woven.rows[:] = best


def _mean(neighbours: Sequence[int], middles: Sequence[float], otherwise: float) -> float:
    return sum(middles[each] for each in neighbours) / len(neighbours) if neighbours else otherwise


def _crossings(woven: Mesh) -> int:
    """How many pairs of lines cross between two rows."""
    places = {one: place for row in woven.rows for place, one in enumerate(row)}
    crossed = 0
    for row in woven.rows:
        passed: list[int] = []
        for upper in row:
            ends = sorted(places[lower] for lower in woven.below[upper])
            crossed += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return crossed


def _settle(
    row: Sequence[int], woven: Mesh, middles: list[float], sides: Sequence[list[list[int]]], centre: float
) -> None:
    """Move a row as near to its neighbours as order and room allow, in least squares (pool adjacent violators).

    What has no neighbours is drawn to the centre, and gives way to all else.
    """
    offsets, end = [], 0.0
    pools: list[tuple[float, float, int]] = []  # weighed wishes, weights, how many
    for one in row:
        offsets.append(end + woven.rooms[one])
        end += 2 * woven.rooms[one]
        pulls = [(middles[near], _pull(one, near, woven)) for side in sides for near in side[one]]
        pulls = pulls or [(centre, _LOOSE)]
        weight = sum(pull for _, pull in pulls)
        pool = (sum(place * pull for place, pull in pulls) - offsets[-1] * weight, weight, 1)
        while pools and pools[-1][0] * pool[1] > pool[0] * pools[-1][1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1], before[2] + pool[2])
        pools.append(pool)
    shifts = [total / weight for total, weight, number in pools for _ in range(number)]
    for one, shift, offset in zip(row, shifts, offsets, strict=True):
        middles[one] = shift + offset


def _pull(one: int, other: int, woven: Mesh) -> float:
    """How much a bend between two costs: a line should rather bend beside its ends than on its way."""
    return (1.0, 2.0, 8.0)[(woven.rooms[one] == _LANE) + (woven.rooms[other] == _LANE)]
