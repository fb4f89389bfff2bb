"""What work costs as its history grows, here and with other trackers on the same data: `just bench-sizes`.

Beside jerry, each where it can be found: Backlog.md (`npm install backlog.md`, then with
`--backlog node_modules/.bin/backlog`), Taskwarrior 2 and Fossil (Debian's `taskwarrior` and `fossil`), and a copy of
ticket (`--ticket PATH`). One that takes longer than `--patience` with something, or fails, is left out at larger sizes.
Prints a table for each cost: milliseconds, or megabytes.
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

from benchmarks import archiving
from benchmarks.growing import environment
from benchmarks.measuring import Cell, Table, allotted, counts, milliseconds, output, printed, workplace
from benchmarks.peers import Archived, Backlog, Fossil, Taskwarrior, Ticket, Tracker
from benchmarks.starting import SIZES

SELDOM = 2
"""So many runs measure what takes minutes with many items."""
LONG = 30
"""So many times the patience for those, and for the first command in a repository."""
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
    "Taskwarrior and Fossil all ten changes to an item are there; of Backlog.md and ticket the last state, for they "
    "keep no other.",
}


def main() -> None:
    """Measure every tool that is here, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=counts, default=SIZES, help="100,1000: items, ten events to each")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--patience", type=float, default=20, help="seconds for one command")
    add_programs(parser)
    options = parser.parse_args()
    with workplace() as folder:
        trackers = found(folder, options)
        tables = measured(folder, trackers, options.sizes, options.runs, options.patience)
        costs = archiving.table(folder, options.sizes, environment(folder))
        printed([*tables, costs], folder, numbers(trackers))


def add_programs(parser: argparse.ArgumentParser) -> None:
    """Where the others are."""
    parser.add_argument("--backlog", default=shutil.which("backlog"), help="the program of Backlog.md")
    parser.add_argument("--task", default=shutil.which("task"), help="the program of Taskwarrior 2")
    parser.add_argument("--fossil", default=shutil.which("fossil"), help="the program of Fossil")
    parser.add_argument("--ticket", help="an executable copy of ticket")


def found(folder: Path, options: argparse.Namespace) -> list[Tracker]:
    """jerry, and those of the others that are here."""
    world = {**environment(folder), "USER": "ada"}
    others = (
        (Taskwarrior, options.task),
        (Fossil, options.fossil),
        (Backlog, options.backlog),
        (Ticket, options.ticket),
    )
    return [Tracker(world), Archived(world), *(kind(world, str(Path(at).absolute())) for kind, at in others if at)]


def numbers(trackers: Sequence[Tracker]) -> dict[str, str]:
    """The versions of the others, by name."""
    return {tracker.name: tracker.version() for tracker in trackers if tracker.program}


Taken = dict[tuple[str, int], dict[str, list[float]]]
"""By cost and size: what each run took, by tracker."""


def measured(
    folder: Path, trackers: Sequence[Tracker], sizes: Sequence[int], runs: int, patience: float
) -> list[Table]:
    """A table for each cost, a row for each size; the folders of all are below `folder`."""
    taken: Taken = {}
    patient = list(trackers)
    for size in sizes:
        here = [tracker for tracker in patient if tracker.is_for(size)]
        places = {tracker.name: folder / f"{tracker.name.replace(', ', '-')}-{size}" for tracker in here}
        for tracker in here:
            tracker.fill(places[tracker.name], size)
        for run in range(runs):
            for tracker in [each for each in here if each in patient]:
                try:
                    for cost, took in _costs(tracker, places[tracker.name], size, run, patience):
                        taken.setdefault((cost, size), {}).setdefault(tracker.name, []).append(took)
                except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
                    patient.remove(tracker)
                    sys.stderr.write(f"{tracker.name} is left out from {size:,} items on: {error}\n")
    told = (
        f"Medians of {runs} runs in turn (of clones and lists without a cache at most {SELDOM}); ratios are medians of "
        "each run's ratio. A dash: there is no such thing, nothing was old enough to be archived, it failed, or "
        f"something took longer than {patience:g} s."
    )
    return [_table(cost, [tracker.name for tracker in trackers], sizes, taken, told) for cost in COSTS]


def _table(cost: str, names: Sequence[str], sizes: Sequence[int], taken: Taken, told: str) -> Table:
    """What all took, and the ratios of the first to each other, in the same runs."""
    rows: list[Sequence[Cell]] = []
    for size in sizes:
        found = taken.get((cost, size), {})
        took = [statistics.median(found[name]) if name in found else None for name in names]
        rows.append((f"{size:,}", *took, *(_ratio(found, names[0], name) for name in names[1:])))
    heads = ("items", *names, *(f"{names[0]} to {name.removeprefix('jerry, ')}" for name in names[1:]))
    return Table(f"sizes_{cost}", COSTS[cost], heads, rows, f"{NOTES.get(cost, 'Milliseconds.')} {told}")


def _ratio(found: Mapping[str, Sequence[float]], name: str, other: str) -> float | None:
    """The median of the runs that both took part in."""
    both = [found.get(name, ()), found.get(other, ())]
    pairs = list(zip(*both, strict=False))
    return statistics.median(one / another for one, another in pairs) if pairs else None


def _costs(tracker: Tracker, root: Path, size: int, run: int, patience: float) -> Iterator[tuple[str, float]]:
    """What each thing costs (milliseconds), in the order of a day's work; raises `TimeoutExpired`."""

    def timed(*command: str, timeout: float = patience) -> float:
        return milliseconds(root, tracker.world, *command, timeout=timeout)

    def does(verb: str, item: str = "") -> float:
        return timed(*tracker.command(root, verb, item))

    timed(*tracker.command(root, "list"), timeout=LONG * patience)  # after the fill, or the commit of the run before
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
    if run < SELDOM:
        yield from _seldom(tracker, root, run, lambda command: timed(*command, timeout=LONG * patience))


def _seldom(
    tracker: Tracker, root: Path, run: int, timed: Callable[[Sequence[str]], float]
) -> Iterator[tuple[str, float]]:
    yield "clone", timed(tracker.clone(root, root.with_name(f"{root.name}-clone-{run}")))
    remake = tracker.forget(root)
    if remake:
        yield "rebuild", timed(remake)


if __name__ == "__main__":
    main()
