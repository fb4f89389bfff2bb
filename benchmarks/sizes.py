"""What work costs as its history grows, here and with other trackers on the same data: `just bench-sizes`.

Beside jerry, each where it can be found: Backlog.md (`npm install backlog.md`, then with
`--backlog node_modules/.bin/backlog`), Taskwarrior 2 and Fossil (Debian's `taskwarrior` and `fossil`). One that takes
longer than `--patience` with something, or fails, is left out at larger sizes. Prints a table for each cost:
milliseconds, or megabytes.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.growing import environment
from benchmarks.measuring import Cell, Table, milliseconds, output, printed, workplace
from benchmarks.peers import Backlog, Fossil, Taskwarrior, Tracker

SIZES = (100, 1_000, 10_000, 50_000)
COSTS = {
    "list": "List what is open",
    "show": "Show one item",
    "new": "Make an item",
    "start": "Start it",
    "done": "Finish it",
    "commit": "Commit these changes",
    "status": "`git status`",
    "rebuild": "List without any cache",
    "clone": "Clone",
    "disk": "Disk use",
}
NOTES = {
    "commit": "jerry: `git commit`, for its commands have staged the files; the others: `git add --all` first. "
    "Fossil commits each change at once.",
    "rebuild": "jerry: `list` without its projection; Fossil: `fossil rebuild`. The others keep nothing beside their "
    "files.",
    "clone": "By git's own transport, with the work tree; Fossil by its own.",
    "disk": "Megabytes as the disk allots them: data, packed history and caches, before anything is added. Of jerry, "
    "Taskwarrior and Fossil all ten changes to an item are there; of Backlog.md the last state, for it keeps no other.",
}


def main() -> None:
    """Measure every tool that is here, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="items, ten events each")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--patience", type=float, default=60, help="seconds for one command")
    add_programs(parser)
    options = parser.parse_args()
    with workplace() as folder:
        trackers = found(folder, options)
        sizes = [int(size) for size in options.sizes.split(",")]
        tables = measured(folder, trackers, sizes, options.runs, options.patience)
        printed(tables, folder, numbers(trackers))


def add_programs(parser: argparse.ArgumentParser) -> None:
    """Where the others are."""
    parser.add_argument("--backlog", default=shutil.which("backlog"), help="the program of Backlog.md")
    parser.add_argument("--task", default=shutil.which("task"), help="the program of Taskwarrior 2")
    parser.add_argument("--fossil", default=shutil.which("fossil"), help="the program of Fossil")


def found(folder: Path, options: argparse.Namespace) -> list[Tracker]:
    """jerry, and those of the others that are here."""
    world = {**environment(folder), "USER": "ada"}
    others = ((Taskwarrior, options.task), (Fossil, options.fossil), (Backlog, options.backlog))
    return [Tracker(world), *(kind(world, str(Path(at).absolute())) for kind, at in others if at)]


def numbers(trackers: Sequence[Tracker]) -> dict[str, str]:
    """The versions of the trackers, by name."""
    return {tracker.name: tracker.version() for tracker in trackers}


def measured(
    folder: Path, trackers: Sequence[Tracker], sizes: Sequence[int], runs: int, patience: float
) -> list[Table]:
    """A table for each cost, a row for each size; the folders of all are below `folder`."""
    costs: dict[tuple[str, str, int], float] = {}
    patient = list(trackers)
    for size in sizes:
        places = {tracker.name: folder / f"{tracker.name}-{size}" for tracker in patient}
        for tracker in patient:
            tracker.fill(places[tracker.name], size)
        taken: dict[tuple[str, str], list[float]] = {}
        for run in range(runs):
            for tracker in tuple(patient):
                try:
                    for cost, took in _costs(tracker, places[tracker.name], size, run, patience):
                        taken.setdefault((tracker.name, cost), []).append(took)
                except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
                    patient.remove(tracker)
                    sys.stderr.write(f"{tracker.name} is left out from {size:,} items on: {error}\n")
        for (name, cost), values in taken.items():
            costs[name, cost, size] = statistics.median(values)
    left_out = f"A dash: there is no such thing, it failed, or something took longer than {patience:g} s."
    return [_table(cost, trackers, sizes, costs, left_out) for cost in COSTS]


def _table(
    cost: str,
    trackers: Sequence[Tracker],
    sizes: Sequence[int],
    costs: Mapping[tuple[str, str, int], float],
    left_out: str,
) -> Table:
    rows: list[Sequence[Cell]] = [
        (f"{size:,}", *(costs.get((tracker.name, cost, size)) for tracker in trackers)) for size in sizes
    ]
    heads = ("items", *(tracker.name for tracker in trackers))
    return Table(f"sizes_{cost}", COSTS[cost], heads, rows, f"{NOTES.get(cost, 'Milliseconds.')} {left_out}")


def _costs(tracker: Tracker, root: Path, size: int, run: int, patience: float) -> Iterator[tuple[str, float]]:
    """What each thing costs (milliseconds), in the order of a day's work; raises `TimeoutExpired`."""

    def timed(*command: str, timeout: float = patience) -> float:
        return milliseconds(root, tracker.world, *command, timeout=timeout)

    def does(verb: str, item: str = "") -> float:
        return timed(*tracker.command(root, verb, item))

    timed(*tracker.command(root, "list"), timeout=10 * patience)  # after the fill, or the commit of the run before
    if run == 0:
        yield "disk", sum(map(allotted, tracker.sizes(root))) / 1e6
    yield "list", does("list")
    yield "show", does("show", tracker.youngest(size))
    if tracker.in_git:
        yield "status", timed("git", "status", "--porcelain")
    start = time.perf_counter()
    said = output(root, tracker.world, *tracker.command(root, "new"), timeout=patience)
    yield "new", (time.perf_counter() - start) * 1000
    item = tracker.made(said)
    yield "start", does("start", item)
    yield "done", does("done", item)
    if tracker.commit():
        yield "commit", sum(timed(*command) for command in tracker.commit())
    if run < 2:
        yield from _seldom(tracker, root, run, lambda command: timed(*command, timeout=10 * patience))


def _seldom(
    tracker: Tracker, root: Path, run: int, timed: Callable[[Sequence[str]], float]
) -> Iterator[tuple[str, float]]:
    yield "clone", timed(tracker.clone(root, root.with_name(f"{root.name}-clone-{run}")))
    remake = tracker.forget(root)
    if remake:
        yield "rebuild", timed(remake)


def allotted(place: Path) -> int:
    """Bytes that a file, or a folder with all in it, takes on the disk; 0 where nothing is."""
    if place.is_dir():
        return place.lstat().st_blocks * 512 + sum(allotted(each) for each in place.iterdir())
    return place.lstat().st_blocks * 512 if place.exists() else 0


if __name__ == "__main__":
    main()
