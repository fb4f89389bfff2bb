"""All of "Speed" in one run: `just bench`. Writes report.md, report.json and pictures into benchmarks/report.

Start-up beside its budgets, the store as a library beside eventsourcing, and costs against size beside other trackers.
What is not installed is left out: eventsourcing and matplotlib come with the extra `bench`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import sizes, starting, throughput
from benchmarks.measuring import Report, machine, versions, workplace
from benchmarks.pictures import draw


def main() -> None:
    """Measure all, write the report, print it; the exit status is not that of the budgets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, sizes.SIZES)), help="items, ten events each")
    parser.add_argument("--start-sizes", default="100,10000,50000", help="the same, for the budgets")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--appends", type=int, default=1000)
    parser.add_argument("--events", type=int, default=1000, help="in the stream that is replayed")
    parser.add_argument("--patience", type=float, default=60, help="seconds for one command")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "report")
    sizes.add_programs(parser)
    options = parser.parse_args()
    with workplace() as place:
        for report in parts(place, options):
            report.write(options.folder)  # each time: what was measured stays if something later fails
    sys.stdout.write(report.markdown())


def parts(place: Path, options: argparse.Namespace) -> Iterator[Report]:
    """The report as it grows, measured in fresh folders below `place`; the last one has everything."""
    allowed = starting.budgets(starting.BUDGETS)
    tables = [starting.table(place, items, options.runs, allowed) for items in _numbers(options.start_sizes)]
    yield Report(machine(place), versions(), tuple(tables))
    tables.append(throughput.appending(place, options.appends, options.runs))
    tables.append(throughput.replaying(place, options.events, options.runs))
    yield Report(machine(place), versions(), tuple(tables))
    trackers = sizes.found(place, options)
    tables += sizes.measured(place, trackers, _numbers(options.sizes), options.runs, options.patience)
    known = {**versions(), **sizes.numbers(trackers)}
    yield Report(machine(place), known, tuple(tables), draw(tables, options.folder))


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


if __name__ == "__main__":
    main()
