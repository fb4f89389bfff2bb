"""Durable appends and replays of the store as a library, beside eventsourcing: `just bench-throughput`.

One event at a time, by 1 and 4 processes, to 1 and 200 streams; with several streams each process has its own, with
one they are all at it, and who was too late tries again. The limit is a loop of write and fsync; bare files are
the same with a file for each event besides, made and named, and nothing else. eventsourcing
(the extra `bench`) appends by `app.save` on its SQLite recorder; where it is not installed its columns stay empty.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.measuring import Cell, Table, in_turn, medians, printed, ratios, workplace
from benchmarks.stores import Disk, Files, Jerry, Writer, stores

PEER = "eventsourcing"
SHAPES = ((1, 1), (1, 200), (4, 1), (4, 200))
"""Processes and streams."""
PATIENCE = 600
"""Seconds for a round of appends."""


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--appends", type=int, default=1000, help="by all processes together")
    parser.add_argument("--events", type=int, default=1000, help="in the stream that is replayed")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with workplace() as folder:
        tables = (appending(folder, options.appends, options.runs), replaying(folder, options.events, options.runs))
        printed(tables, folder)


@dataclass(frozen=True, slots=True)
class Round:
    """Appends by several processes: a second's worth, and how many were tried again."""

    rate: float
    conflicts: int


def appending(folder: Path, appends: int, runs: int, shapes: Sequence[tuple[int, int]] = SHAPES) -> Table:
    """The table of appends, measured in fresh folders below `folder`."""
    rows: list[Sequence[Cell]] = []
    names = list(stores())
    rounds: dict[tuple[str, int, int], list[Round]] = {}
    for run in range(runs):
        for processes, streams in shapes:
            for name in names if run % 2 else names[::-1]:
                place = folder / f"append-{name.split()[0]}-{processes}-{streams}-{run}"
                found = together(place, name, processes, streams, appends // processes)
                rounds.setdefault((name, processes, streams), []).append(found)
    for processes, streams in shapes:
        taken = {name: [each.rate for each in rounds[name, processes, streams]] for name in names}
        again = {
            name: round(statistics.median(each.conflicts for each in rounds[name, processes, streams]))
            for name in names
        }
        rows.append((f"{processes}", f"{streams}", *_compared(taken), again[Jerry.name], again.get(PEER)))
    rates = ("limit/s", f"{Files.name}/s", "jerry/s", f"{PEER}/s")
    to_limit = tuple(f"{name} to limit" for name in (Files.name, "jerry", PEER))
    compared = (*to_limit, f"jerry to {PEER}", "conflicts", f"conflicts of {PEER}")
    heads = ("processes", "streams", *rates, *compared)
    note = f"{appends:,} appends in each run, medians of {runs} runs in turn; ratios are medians of each run's ratio."
    return Table("appends", "Durable appends of one event", heads, rows, note)


def _compared(taken: Mapping[str, Sequence[float]]) -> tuple[Cell, ...]:
    rate, to_limit = medians(taken), ratios(taken, Disk.name)
    to_peer = ratios(taken, PEER)[Jerry.name] if PEER in taken else None
    shown = (Files.name, Jerry.name, PEER)
    return (rate[Disk.name], *(rate.get(name) for name in shown), *(to_limit.get(name) for name in shown), to_peer)


def together(folder: Path, name: str, processes: int, streams: int, appends: int) -> Round:
    """So many processes append so often each, in a fresh store in `folder`; raises `RuntimeError` where one fails."""
    folder.mkdir()
    first = stores()[name](folder)
    for number in range(streams):
        first.begin(number)
    context = get_context("spawn")
    told: Queue[tuple[float, float, int]] = context.Queue()
    barrier = context.Barrier(processes)
    crew = [
        context.Process(target=_work, args=(folder, name, _own(streams, at, processes), appends, barrier, told))
        for at in range(processes)
    ]
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join(PATIENCE)
        if worker.exitcode != 0:
            for each in crew:
                each.kill()
            raise RuntimeError(f"{name}: a process ended with {worker.exitcode}")
    spans = [told.get() for _ in crew]
    seconds = max(end for _, end, _ in spans) - min(start for start, _, _ in spans)
    return Round(processes * appends / seconds, sum(conflicts for _, _, conflicts in spans))


def _own(streams: int, at: int, processes: int) -> list[int]:
    """The streams of one process: all its own where there are enough of them."""
    return list(range(at, streams, processes)) if streams >= processes else list(range(streams))


def _work(
    folder: Path, name: str, mine: list[int], appends: int, barrier: Barrier, told: Queue[tuple[float, float, int]]
) -> None:
    writer = stores()[name](folder)
    for number in mine:
        writer.know(number)
    writer.append(mine[0])  # what is loaded at the first append is not counted
    writer.conflicts = 0
    barrier.wait(PATIENCE)
    start = time.perf_counter()
    for count in range(appends):
        writer.append(mine[count % len(mine)])
    told.put((start, time.perf_counter(), writer.conflicts))


def replaying(folder: Path, events: int, runs: int) -> Table:
    """The table of replays: milliseconds from the files to the aggregate."""
    read = stores().keys() - {Disk.name, Files.name}
    plain = {name: _long_stream(folder / f"replay-{name}", name, events) for name in sorted(read)}
    kept = {name: _long_stream(folder / f"snapshot-{name}", name, events) for name in plain}
    kept = {name: writer for name, writer in kept.items() if writer.snapshot(0)}
    rows: list[Sequence[Cell]] = []
    for kind, writers in (("all events", plain), ("with a snapshot", kept)):
        taken = in_turn({name: partial(_replay, writer) for name, writer in writers.items()}, runs)
        took, ratio = medians(taken), ratios(taken, PEER)[Jerry.name] if PEER in taken else None
        rows.append((kind, took.get(Jerry.name), took.get(PEER), ratio))
    note = f"Milliseconds, medians of {runs} runs in turn, files in the page cache."
    heads = ("replay", "jerry", PEER, f"jerry to {PEER}")
    return Table("replays", f"A stream of {events:,} events made into its aggregate", heads, rows, note)


def _long_stream(folder: Path, name: str, events: int) -> Writer:
    folder.mkdir()
    writer = stores()[name](folder)
    writer.begin(0)
    for _ in range(events - 1):
        writer.append(0)
    assert writer.replay(0) == events
    return writer


def _replay(writer: Writer) -> float:
    start = time.perf_counter()
    writer.replay(0)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
