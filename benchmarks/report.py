"""All of "Speed" in one run: `just bench`. Writes report.md, report.json and pictures into benchmarks/report.

Start-up beside its budgets, the store as a library beside eventsourcing, and costs against size beside other trackers.
What is not installed is left out: eventsourcing and matplotlib come with the extra `bench`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import archiving, sizes, starting, throughput
from benchmarks.growing import environment
from benchmarks.measuring import Report, Table, counts, machine, versions, workplace
from benchmarks.pictures import draw


def main() -> None:
    """Measure all, write the report, print it; the exit status is not that of the budgets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=counts, default=starting.SIZES, help="100,1000: items, ten events to each")
    parser.add_argument("--items", type=counts, help="the same for the budgets, where those are others")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--appends", type=int, default=1000)
    parser.add_argument("--events", type=int, default=1000, help="in the stream that is replayed")
    parser.add_argument("--patience", type=float, default=20, help="seconds for one command")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "report")
    sizes.add_programs(parser)
    options = parser.parse_args()
    with workplace() as place:
        for report in parts(place, options):
            report.write(options.folder)  # each time: what was measured stays if something later fails
    sys.stdout.write((options.folder / "report.md").read_text())


def parts(place: Path, options: argparse.Namespace) -> Iterator[Report]:
    """The report as it grows, measured in fresh folders below `place`; the last one has everything."""
    allowed = starting.budgets(starting.BUDGETS)
    tables: list[Table] = []
    for items in options.items or options.sizes:
        tables += starting.measured(place, items, options.runs, allowed)
        yield Report(machine(place), versions(), tuple(tables))
    tables.append(throughput.appending(place, options.appends, options.runs))
    tables.append(throughput.replaying(place, options.events, options.runs))
    tables.append(archiving.table(place, options.sizes, environment(place)))
    yield Report(machine(place), versions(), tuple(tables))
    trackers = sizes.found(place, options)
    tables += sizes.measured(place, trackers, options.sizes, options.runs, options.patience)
    known = {**versions(), **sizes.numbers(trackers)}
    yield Report(machine(place), known, tuple(tables), draw(tables, options.folder))


if __name__ == "__main__":
    main()
