"""Costs against size as pictures (SVG), where matplotlib (the extra `bench`) is installed."""

# pyright: reportMissingImports=false

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measuring import Table

PICTURES = {
    "commands.svg": ("list", "show", "new", "start", "done", "rebuild"),
    "repository.svg": ("status", "commit", "clone", "disk"),
}
"""Which costs each picture shows."""
COLUMNS = 2


def draw(tables: Sequence[Table], folder: Path) -> list[str]:
    """Write the pictures of the tables of `sizes` into `folder`; returns their names, none without matplotlib."""
    found = {table.name.removeprefix("sizes_"): table for table in tables if table.name.startswith("sizes_")}
    if not found or not find_spec("matplotlib"):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for name, costs in PICTURES.items():
        _draw(folder / name, [found[cost] for cost in costs])
    return list(PICTURES)


def _draw(file: Path, tables: Sequence[Table]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "jerry", "svg.fonttype": "none"})
    from matplotlib import pyplot

    rows = -(-len(tables) // COLUMNS)
    figure, places = pyplot.subplots(rows, COLUMNS, figsize=(9, 3 * rows), layout="constrained")
    for place, table in zip(places.flat, tables, strict=False):
        for at, name in enumerate(table.heads[1:], 1):
            if " to " in name:  # a ratio
                continue
            points = [(_size(row[0]), row[at]) for row in table.rows if row[at] is not None]
            if points:
                place.plot(*zip(*points, strict=True), marker="o", label=name)
        place.set(xscale="log", yscale="log", title=table.title.replace("`", ""), xlabel="items")
        place.set_ylabel("megabytes" if table.name == "sizes_disk" else "milliseconds")
        place.minorticks_off()
        place.grid(visible=True, alpha=0.3)
        place.legend(fontsize="small")
    for place in places.flat[len(tables) :]:
        place.set_axis_off()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)


def _size(cell: object) -> int:
    return int(str(cell).replace(",", ""))
