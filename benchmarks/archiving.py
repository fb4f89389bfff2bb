"""Years of work after `jerry archive`: all but the last 90 days are lines of one file a month. And what that costs.

One of a size is archived once in a run, by `jerry archive` and `git commit`, and cloned for each who measures.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.growing import JERRY, OLD, cloned, old, repository
from benchmarks.measuring import Cell, Table, allotted, milliseconds, output
from jerry_git.testing.histories import MOMENT

COMMIT = ("git", "commit", "--quiet", "--message=Old work is archived")


@dataclass(frozen=True, slots=True)
class Archiving:
    """What became of a repository; milliseconds, and megabytes of `.jerry` on the disk."""

    items: int
    files: int
    archives: int
    list_ms: float
    archive_ms: float
    commit_ms: float
    before_mb: float
    after_mb: float


def archive(folder: Path, items: int, world: dict[str, str]) -> Archiving:
    """Archive what is old of so many items, once below `folder`; `old` says whether anything is."""
    record = folder / f"archived-{items}.json"
    if not record.exists():
        record.write_text(json.dumps(asdict(_archive(folder / f"archived-{items}", items, world))))
    return Archiving(**json.loads(record.read_text()))


def archived(root: Path, items: int, world: dict[str, str]) -> None:
    """As `repository`, with archives of what is old."""
    archive(root.parent, items, world)
    cloned(root.with_name(f"archived-{items}"), root, world)


def _archive(root: Path, items: int, world: dict[str, str]) -> Archiving:
    repository(root, items, world)
    before = allotted(root / ".jerry")
    list_ms = milliseconds(root, world, *JERRY, "list")
    start = time.perf_counter()
    limit = (MOMENT - OLD).isoformat(timespec="seconds")
    told = json.loads(output(root, world, *JERRY, "archive", f"--before={limit}", "--json"))
    archive_ms = (time.perf_counter() - start) * 1000
    commit_ms = milliseconds(root, world, *COMMIT)
    after = allotted(root / ".jerry")
    output(root, world, "git", "gc", "--quiet")
    count = len(told["archives"])
    sizes = (before / 1e6, after / 1e6)
    return Archiving(told["items"], told["files"], count, list_ms, archive_ms, commit_ms, *sizes)


def table(folder: Path, sizes: Sequence[int], world: dict[str, str]) -> Table:
    """What archiving costs at these sizes, measured below `folder`."""
    rows: list[Sequence[Cell]] = []
    for size in sizes:
        if old(size):
            it = archive(folder, size, world)
            ratio = (it.archive_ms + it.commit_ms) / it.list_ms
            took = (it.list_ms, it.archive_ms, it.commit_ms, ratio)
            rows.append((f"{size:,}", it.items, it.files, it.archives, *took, it.before_mb, it.after_mb))
        else:
            rows.append((f"{size:,}", 0, *[None] * 8))
    counts = ("items", "put away", "files", "archives")
    costs = ("first list", "archive", "git commit", "archiving to first list")
    heads = (*counts, *costs, "megabytes before", "megabytes after")
    note = (
        "Milliseconds, and megabytes of `.jerry` as the disk allots them; measured once, for there is no second time. "
        "The first list has no projection: it reads all that is archived then."
    )
    return Table("archiving", "What `jerry archive` costs, and what it saves", heads, rows, note)
