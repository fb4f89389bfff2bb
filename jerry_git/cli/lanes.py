"""A history as a small graph: a lane for each branch, drawn down from the newest event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

EVENT, LANE, ACROSS, PART, JOIN = "*", "|", "-", ".", "'"


def lanes(history: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, str | None]]:
    """Rows of a graph of events that come newest first, each an id and the ids of its parents, of which some may lack.

    A row is what stands in the lanes, and the id of the event that it is about, None where lanes only part or join:
    `*` is the event, `|` a lane that goes by, `|-.` lanes that part above, `|-'` lanes that join below. Of several
    parents the newest keeps the lane.
    """
    events = tuple(history)
    places = {key: place for place, (key, _) in enumerate(events)}
    open_lanes: list[str] = []
    for key, parents in events:
        first = open_lanes.index(key) if key in open_lanes else len(open_lanes)
        while open_lanes.count(key) > 1:
            last = len(open_lanes) - 1 - open_lanes[::-1].index(key)
            yield _turn(len(open_lanes), first, last, JOIN), None
            del open_lanes[last]
        if first == len(open_lanes):
            open_lanes.append(key)
        yield " ".join(EVENT if place == first else LANE for place in range(len(open_lanes))), key
        before = sorted({parent for parent in parents if parent in places}, key=places.__getitem__)
        if not before:
            del open_lanes[first]
            continue
        open_lanes[first] = before[0]
        for parent in before[1:]:
            open_lanes.append(parent)
            yield _turn(len(open_lanes), first, len(open_lanes) - 1, PART), None


def _turn(width: int, first: int, last: int, corner: str) -> str:
    """A row in which the lane `last` parts from, or joins, the lane `first`."""
    row = [LANE, *(f" {LANE}" for _ in range(width - 1))]
    for place in range(first + 1, last + 1):
        row[place] = f"{ACROSS}{corner if place == last else LANE}"
    return "".join(row)
