"""What each command loads, as `python -X importtime` tells it: `just bench-imports`.

Below each command the modules of a package are counted together, the dearest first: where start-up time goes. The
times are those of a run that is watched, some longer than others; `just bench-start` has the real ones.
"""

from __future__ import annotations

import argparse
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.growing import environment, repository
from benchmarks.measuring import Cell, Table, printed, workplace
from benchmarks.starting import JERRY, warm

COMMANDS = (
    "--version",
    "--help",
    "list",
    "ready",
    "show WORK-20",
    "search item",
    "new Something",
    "comment WORK-20 words",
)
SHOWN = 6
"""So many packages are named."""


def main() -> None:
    """Measure in a small repository, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="of which the shortest counts")
    options = parser.parse_args()
    with workplace() as folder:
        printed((loading(folder, options.runs),), folder)


def loading(folder: Path, runs: int) -> Table:
    """The table, measured in a fresh repository below `folder`."""
    world = environment(folder)
    root = folder / "imports"
    repository(root, 20, world)
    rows: list[Sequence[Cell]] = []
    for command in COMMANDS:
        warm(root, world)
        found = [loaded(root, world, *command.split()) for _ in range(runs)]
        least = min(found, key=lambda each: sum(each.values()))
        packages: Counter[str] = Counter()
        for module, took in least.items():
            packages[_package(module)] += took
        dearest = ", ".join(f"{name} {took / 1000:.1f}" for name, took in packages.most_common(SHOWN))
        rows.append((command.split()[0], len(least), sum(least.values()) / 1000, dearest))
    note = f"The shortest of {runs} runs under `-X importtime`, in milliseconds; Python's own start is in it."
    return Table("imports", "What commands load", ("command", "modules", "milliseconds", "the dearest"), rows, note)


def loaded(root: Path, world: Mapping[str, str], *arguments: str) -> dict[str, int]:
    """The modules that a command loads, each with the microseconds that it takes by itself."""
    command = (JERRY[0], "-X", "importtime", *JERRY[1:], *arguments)
    done = subprocess.run(command, cwd=root, env=world, check=True, text=True, capture_output=True)
    rows = (line.removeprefix("import time:").split("|") for line in done.stderr.splitlines() if "|" in line)
    return {row[2].strip(): int(row[0]) for row in rows if row[0].strip().isdigit()}


def _package(module: str) -> str:
    """The distribution, or the part of our own, that a module is of."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0].startswith("jerry_") else parts[0]


if __name__ == "__main__":
    main()
