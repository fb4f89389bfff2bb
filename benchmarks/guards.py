"""What the guards cost beside 20,000 committed events: `just bench-guards`.

Prints a Markdown table. Each row is the median of several runs, taken in turn so that a busy moment hits all alike, and
its ratio to a bare `git status` in the same run, for machines differ.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.events.work_item_events import Created, LabelsAdded
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.work_item_id import EPOCH, WorkItemId
from jerry_git.infrastructure.persistence.codec import encode
from jerry_git.infrastructure.persistence.event_paths import file_name, stream_folder
from jerry_git.testing.histories import MOMENT, happened

EVENTS_PER_ITEM = 10
ROOT = Path(__file__).parent.parent
JERRY = (sys.executable, "-m", "jerry_git")
HOOK = (sys.executable, "-c", "import sys; from jerry_hooks.check import main; sys.exit(main())")
CONFIG = """\
repos:
  - repo: local
    hooks:
      - {id: check, name: check, entry: "%s", language: system, always_run: true, pass_filenames: false}
"""


def main() -> None:
    """Make a repository, measure in it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "repository"
        environment = _environment(Path(folder))
        _repository(root, options.events, environment)
        rows = list(_measure(root, options.runs, environment))
    print(f"{options.events:,} committed events, {options.runs} runs, median\n")
    print("| what | milliseconds | to `git status` |\n| --- | ---: | ---: |")
    base = rows[0][1]
    for name, milliseconds in rows:
        print(f"| {name} | {milliseconds:.0f} | {milliseconds / base:.1f} |")


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    names = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org"}
    names |= {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org"}
    paths = os.pathsep.join(str(ROOT / source) for source in (".", "domain", "hooks"))
    return {**kept, **names, "HOME": str(folder), "PRE_COMMIT_HOME": str(folder / "home"), "PYTHONPATH": paths}


def _repository(root: Path, events: int, environment: dict[str, str]) -> None:
    root.mkdir()
    _run(root, environment, "git", "init", "--quiet", "--initial-branch=main")
    _run(root, environment, "git", "config", "gc.auto", "0")  # one at a time: the one that is measured after
    _run(root, environment, *JERRY, "init")
    for number in range(events // EVENTS_PER_ITEM):
        _item(root, number)
    for name, entry in (("nothing.yaml", "true"), ("check.yaml", " ".join(HOOK).replace(HOOK[2], f"'{HOOK[2]}'"))):
        (root / name).write_text(CONFIG % entry)
    _run(root, environment, "git", "add", ".")
    _run(root, environment, "git", "commit", "--quiet", "--message=Everything")
    _run(root, environment, "git", "gc", "--quiet")
    (root / ".pre-commit-config.yaml").write_text(CONFIG % "true")
    _run(root, environment, "git", "add", ".")


def _item(root: Path, number: int) -> None:
    moment = MOMENT - timedelta(hours=number)
    item = WorkItemId.compose((moment - EPOCH) // timedelta(milliseconds=1), number)
    parents: tuple[str, ...] = ()
    event: DomainEvent
    for version in range(1, EVENTS_PER_ITEM + 1):
        name = f"{number}/{version}"
        if version == 1:
            event = happened(
                Created, name, display_id=f"WORK-{number + 1}", work_type=WorkType.TASK, title=f"Item {number}"
            )
        else:
            event = happened(LabelsAdded, name, labels=(f"label-{version}",))
        place = RecordedEvent(
            event=replace(event, occurred_at=moment),
            stream=f"work_item-{item}",
            version=version,
            parents=parents,
            source="urn:uuid:0b9d2f6a-7c1e-4a53-8f3d-5e2a9c4b7d10",
        )
        folder = root / stream_folder(place.stream)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file_name((place,))).write_bytes(encode((place,)))
        parents = (place.event.event_id,)


def _measure(root: Path, runs: int, environment: dict[str, str]) -> Iterator[tuple[str, float]]:
    def timed(*command: str) -> Callable[[], float]:
        def once() -> float:
            start = time.perf_counter()
            _run(root, environment, *command)
            return (time.perf_counter() - start) * 1000

        return once

    pre_commit = (sys.executable, "-m", "pre_commit", "run", "--all-files", "--config")
    cases: dict[str, Callable[[], float]] = {
        "`git status`": timed("git", "status", "--porcelain"),
        "`python -c pass`": timed(sys.executable, "-c", "pass"),
        "hook, nothing of ours staged": timed(*HOOK),
        "the framework alone": timed(*pre_commit, "nothing.yaml"),
        "the framework with the hook": timed(*pre_commit, "check.yaml"),
    }
    results = _in_turn(cases, runs)
    label = (*JERRY, "label", "WORK-7", "--add", "new")
    _run(root, environment, *label)
    results |= _in_turn({"hook, an event of an item staged": timed(*HOOK)}, runs)
    _run(root, environment, *JERRY, "new", "Another item")
    results |= _in_turn({"hook, a new item staged as well": timed(*HOOK)}, runs)
    _run(root, environment, *JERRY, "depend", "add", "WORK-8", "WORK-9")
    results |= _in_turn({"hook, a new dependency staged as well": timed(*HOOK)}, runs)
    _run(root, environment, "git", "commit", "--quiet", "--message=More")
    span = (*JERRY, "check", "--range", "HEAD~1..HEAD")
    results |= _in_turn({"`jerry check --range`, the same changes as two trees": timed(*span)}, runs)
    results |= _in_turn({"`jerry check HEAD`, everything": timed(*JERRY, "check", "HEAD")}, max(runs // 3, 1))
    yield from results.items()


def _in_turn(cases: dict[str, Callable[[], float]], runs: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(runs):
        for name, once in cases.items():
            taken[name].append(once())
    return {name: statistics.median(values) for name, values in taken.items()}


def _run(root: Path, environment: dict[str, str], *command: str) -> None:
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)


if __name__ == "__main__":
    main()
