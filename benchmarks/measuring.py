"""What every benchmark here shares: runs in turn, medians, the machine, versions, and reports in Markdown and JSON.

Only ratios of one run tell something about the code: machines differ, and so does one machine from hour to hour.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from jerry_git import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = str | float | None
"""In a table: words, a number, or nothing where nothing could be measured."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under their heads; `name` is its key in the JSON report, `note` stands below it."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def markdown(self) -> str:
        """As a table of GitHub's Markdown, under its title."""
        numeric = [any(isinstance(row[at], float | int) for row in self.rows) for at in range(len(self.heads))]
        rules = ["---:" if is_number else "---" for is_number in numeric]
        lines = [self.heads, rules, *([shown(cell) for cell in row] for row in self.rows)]
        text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{text}\n" + (f"\n{self.note}\n" if self.note else "")

    def data(self) -> dict[str, Any]:
        """As JSON: each row an object by the heads."""
        rows = [dict(zip(self.heads, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "note": self.note}


def shown(cell: Cell) -> str:
    """A cell as a table shows it: about three digits, for no more can be repeated."""
    match cell:
        case None:
            return "-"
        case str():
            return cell
        case int():
            return f"{cell:,}"
        case _ if abs(cell) >= 100:
            return f"{cell:,.0f}"
        case _ if 0 < abs(cell) < 0.1:
            return f"{cell:.2g}"
        case _:
            return f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"


def in_turn(cases: Mapping[str, Callable[[], float]], runs: int) -> dict[str, list[float]]:
    """What each case returns, `runs` times each, in turn, so that a busy moment hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(runs):
        for name, once in cases.items():
            taken[name].append(once())
    return taken


def medians(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each."""
    return {name: statistics.median(values) for name, values in taken.items()}


def ratios(taken: Mapping[str, Sequence[float]], base: str) -> dict[str, float]:
    """The median, over the runs, of each case's ratio to `base` in the same run."""
    return {
        name: statistics.median(value / at_base for value, at_base in zip(values, taken[base], strict=True))
        for name, values in taken.items()
    }


def milliseconds(root: Path, world: Mapping[str, str], *command: str, timeout: float | None = None) -> float:
    """How long a program takes, which succeeds; raises `CalledProcessError`, `TimeoutExpired`."""
    start = time.perf_counter()
    output(root, world, *command, timeout=timeout)
    return (time.perf_counter() - start) * 1000


def output(root: Path, world: Mapping[str, str], *command: str, timeout: float | None = None) -> str:
    """What a program prints; raises `CalledProcessError`, `TimeoutExpired`."""
    done = subprocess.run(
        command,
        cwd=root,
        env=world,
        check=True,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=timeout,
    )
    return done.stdout


def allotted(place: Path) -> int:
    """Bytes that a file, or a folder with all in it, takes on the disk; 0 where nothing is."""
    if place.is_dir():
        return place.lstat().st_blocks * 512 + sum(allotted(each) for each in place.iterdir())
    return place.lstat().st_blocks * 512 if place.exists() else 0


def counts(text: str) -> list[int]:
    """`100,1000` as numbers; raises `ValueError`."""
    return [int(number) for number in text.split(",")]


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder on a disk (TMPDIR), removed at the very end only: on ext4 removals slow what is created after them."""
    folder = Path(mkdtemp(prefix="jerry-bench-"))
    try:
        yield folder
    finally:
        rmtree(folder)


def machine(folder: Path) -> str:
    """Processors, memory, system and file system, without any name of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "")
    kind = _filesystem(folder)
    system = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    return f"{os.cpu_count()} cores ({model or platform.machine()}), {memory:.0f} GiB, {system}, {kind}"


def _filesystem(folder: Path) -> str:
    mounts = [line.split()[1:3] for line in _lines("/proc/mounts")]
    around = [(len(place), kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(around)[1] if around else "unknown file system"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def versions() -> dict[str, str]:
    """Those of jerry and what it stands on, and of the libraries that it is measured beside, where they are there."""
    git = output(Path.cwd(), os.environ, "git", "--version").split()[2]
    found = {"jerry": __version__, "Python": platform.python_version(), "git": git, "SQLite": sqlite3.sqlite_version}
    for name in ("click", "filelock", "eventsourcing"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@dataclass(frozen=True, slots=True)
class Report:
    """Tables of one run, with the machine and the versions that they were measured with."""

    machine: str
    versions: Mapping[str, str]
    tables: Sequence[Table]
    pictures: Sequence[str] = ()
    """File names beside the report."""

    def markdown(self) -> str:
        """The whole report as Markdown."""
        known = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        pictures = "".join(f"![{name}]({name})\n" for name in self.pictures)
        tables = "\n".join(table.markdown() for table in self.tables)
        return f"# Speed\n\n{self.machine}; {known}\n\n{tables}" + (f"\n{pictures}" if pictures else "")

    def data(self) -> dict[str, Any]:
        """The whole report as JSON."""
        tables = {table.name: table.data() for table in self.tables}
        return {"machine": self.machine, "versions": dict(self.versions), "tables": tables}

    def write(self, folder: Path) -> None:
        """`report.md` and `report.json` in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.md").write_text(self.markdown())
        (folder / "report.json").write_text(json.dumps(self.data(), indent=2) + "\n")


def printed(tables: Sequence[Table], folder: Path, found: Mapping[str, str] | None = None) -> None:
    """Print the tables of one benchmark, run alone."""
    sys.stdout.write(Report(machine(folder), {**versions(), **(found or {})}, tables).markdown())
