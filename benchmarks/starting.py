"""How long commands take, as ratios to `python -c "import click"` in the same run: `just bench-start`.

At each size in a repository with all events as files. Where some are old enough to be archived, in that one with git's
split index too, and in one where they are archived.
Reading commands are measured with a warm projection. Each writing command follows an unmeasured reading one, and goes
on with the item of the one before: `new`, `start`, `done`. Exits with 1 where a ratio of budgets.toml is exceeded.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.archiving import archived
from benchmarks.growing import environment, old, repository, run
from benchmarks.measuring import (
    Cell,
    Table,
    counts,
    in_turn,
    medians,
    milliseconds,
    output,
    printed,
    ratios,
    workplace,
)

BUDGETS = Path(__file__).parent / "budgets.toml"
JERRY = (sys.executable, "-c", "from jerry_git.__main__ import run; run()")
"""What the installed script `jerry` does."""
BASE = 'python -c "import click"'
AFTER = "list, right after a change"
SIZES = (100, 1_000, 10_000, 50_000)
UNSEEN = 0.06
"""Seconds: a change that is younger is looked at again by the next command (ADR-032)."""


def main() -> None:
    """Measure at each size, print the tables, say whether the budgets were kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=counts, default=SIZES, help="100,1000: sizes, ten events to an item")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    allowed = budgets(BUDGETS)
    with workplace() as folder:
        tables = [each for items in options.items for each in measured(folder, items, options.runs, allowed)]
        printed(tables, folder)
    over = exceeded(tables)
    sys.stderr.writelines(f"{line}\n" for line in over)
    sys.exit(1 if over else 0)


def budgets(file: Path) -> dict[str, float]:
    """The ratios that are allowed, by command; raises `ValueError` where one is not a positive number."""
    found = tomllib.loads(file.read_text()).get("ratios", {})
    wrong = [name for name, ratio in found.items() if isinstance(ratio, bool) or not _is_positive(ratio)]
    if wrong or not found:
        raise ValueError(f"{file.name}: positive numbers are expected in [ratios]: {', '.join(wrong) or 'none there'}")
    return {name: float(ratio) for name, ratio in found.items()}


def _is_positive(ratio: object) -> bool:
    return isinstance(ratio, int | float) and ratio > 0


def exceeded(tables: Sequence[Table]) -> list[str]:
    """A line for each budget that was not kept."""
    return [
        f"{table.title}: `{row[0]}` is at {row[2]:.2f}, its budget is {row[3]:g}"
        for table in tables
        for row in table.rows
        if isinstance(row[2], float) and isinstance(row[3], float) and row[2] > row[3]
    ]


def measured(folder: Path, items: int, runs: int, allowed: Mapping[str, float]) -> Iterator[Table]:
    """The table of a fresh repository of so many items below `folder`, and those of large ones: see above."""
    world = environment(folder)
    root = folder / f"start-{items}"
    repository(root, items, world)
    title = f"Commands beside `{BASE}`, {items:,} items"
    yield _table(f"start_{items}", title, _taken(root, world, items, runs), runs, allowed)
    if old(items):
        root = folder / f"start-split-{items}"
        repository(root, items, world)
        run(root, world, "git", "config", "core.splitIndex", "true")
        run(root, world, "git", "update-index", "--split-index")
        yield _table(f"start_{items}_split", f"{title}, split index", _taken(root, world, items, runs), runs, allowed)
        root = folder / f"start-archived-{items}"
        archived(root, items, world)
        yield _table(f"start_{items}_archived", f"{title}, archived", _taken(root, world, items, runs), runs, allowed)


def _taken(root: Path, world: Mapping[str, str], items: int, runs: int) -> dict[str, tuple[float, float]]:
    """Milliseconds and ratio of each command; that of the base is of the reading ones."""
    found: dict[str, tuple[float, float]] = {}
    for cases in (_reading(root, world, items), _writing(root, world)):
        taken = in_turn(cases, runs)
        took, ratio = medians(taken), ratios(taken, BASE)
        for name in cases:
            found.setdefault(name, (took[name], ratio[name]))
    return found


def _table(
    name: str, title: str, taken: Mapping[str, tuple[float, float]], runs: int, allowed: Mapping[str, float]
) -> Table:
    rows: list[Sequence[Cell]] = [(each, *numbers, allowed.get(each)) for each, numbers in taken.items()]
    return Table(name, title, ("command", "milliseconds", "ratio", "budget"), rows, f"Medians of {runs} runs in turn.")


def _base(root: Path, world: Mapping[str, str]) -> Callable[[], float]:
    return lambda: milliseconds(root, world, sys.executable, "-c", "import click")


def _reading(root: Path, world: Mapping[str, str], items: int) -> dict[str, Callable[[], float]]:
    def case(*arguments: str) -> Callable[[], float]:
        return lambda: milliseconds(root, world, *JERRY, *arguments)

    warm(root, world)
    return {
        BASE: _base(root, world),
        "--version": case("--version"),
        "list": case("list"),
        "ready": case("ready"),
        "show": case("show", f"WORK-{items}"),
    }


def _writing(root: Path, world: Mapping[str, str]) -> dict[str, Callable[[], float]]:
    made = ""

    def new() -> float:
        nonlocal made
        warm(root, world)
        start = time.perf_counter()
        said = output(root, world, *JERRY, "new", "Something new")
        took = (time.perf_counter() - start) * 1000
        made = re.findall(r"WORK-\d+", said)[0]
        return took

    def step(verb: str) -> Callable[[], float]:
        def once() -> float:
            warm(root, world)
            return milliseconds(root, world, *JERRY, verb, made)

        return once

    def after() -> float:
        return milliseconds(root, world, *JERRY, "list")

    return {BASE: _base(root, world), "new": new, "start": step("start"), "done": step("done"), AFTER: after}


def warm(root: Path, world: Mapping[str, str]) -> None:
    """Bring the projection up to date, so that the next command has nothing to do for that."""
    for _ in range(2):  # the first may still find changes that are too young
        output(root, world, *JERRY, "list")
        time.sleep(UNSEEN)


if __name__ == "__main__":
    main()
