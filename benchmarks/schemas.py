"""What the schema hooks cost beside 300 published schemas and 300 modules: `just bench-schemas`.

Prints a Markdown table. Each row is the median of several runs, taken in turn so that a busy moment hits all alike, and
its ratio to a bare `git status` in the same run, for machines differ.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

EVENTS, VERSIONS = 100, 3
HOOKS = ("immutable", "compat", "drift")
MODULE = """\
from dataclasses import dataclass


@dataclass
class Happened{number}:
    event_type = "happened_{number}"
    order: str
    count: int = 0
    note: str | None = None
"""


def main() -> None:
    """Make a repository, measure in it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _repository(root)
        bare = {"`git status`": ("git", "status"), "`python -c pass`": (sys.executable, "-c", "pass")}
        results = _in_turn(bare | {f"{name}, nothing staged": _hook(name) for name in HOOKS}, root, options.runs)
        _publish(root, 7, VERSIONS + 1)
        (root / "src/shop/m7.py").write_text(MODULE.format(number=7) + f"    more{VERSIONS + 1}: int = 0\n")
        _git(root, "add", ".")
        results |= _in_turn({f"{name}, a new version staged": _hook(name) for name in HOOKS}, root, options.runs)
    base = results["`git status`"]
    print(f"{EVENTS * VERSIONS} published schemas, {3 * EVENTS} modules, {options.runs} runs, median\n")
    print("| what | milliseconds | to `git status` |\n| --- | ---: | ---: |")
    for name, milliseconds in results.items():
        print(f"| {name} | {milliseconds:.0f} | {milliseconds / base:.1f} |")


def _hook(name: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"from jerry_hooks.schema_{name} import main; main()")


def _repository(root: Path) -> None:
    _git(root, "init", "--quiet")
    (root / "pyproject.toml").write_text('[tool.jerry.schemas]\nmodules = ["shop.*"]\n')
    (root / "src/shop").mkdir(parents=True)
    for number in range(3 * EVENTS):
        text = MODULE.format(number=number) if number < EVENTS else f"VALUE = {number}\n" * 50
        (root / f"src/shop/m{number}.py").write_text(text)
        for version in range(1, VERSIONS + 1) if number < EVENTS else ():
            _publish(root, number, version)
    _git(root, "add", ".")
    _git(root, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message=Everything")


def _publish(root: Path, number: int, version: int) -> None:
    own = {"order": {"type": "string"}, "count": {"type": "integer", "default": 0},
           "note": {"type": ["null", "string"], "default": None}}  # fmt: skip
    more = {f"more{added}": {"type": "integer", "default": 0} for added in range(VERSIONS + 1, version + 1)}
    kept = dict(list(own.items())[: version if version < VERSIONS else None])
    path = root / f".jerry/schemas/happened_{number}/v{version}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "object", "properties": {**kept, **more}, "required": ["order"]}))


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(("git", *arguments), cwd=root, check=True, capture_output=True)


def _in_turn(cases: dict[str, tuple[str, ...]], root: Path, runs: int) -> dict[str, float]:
    timed: dict[str, list[float]] = {name: [] for name in cases}
    once: Callable[..., object] = subprocess.run
    for _ in range(runs):
        for name, command in cases.items():
            start = time.perf_counter()
            once(command, cwd=root, check=True, capture_output=True)
            timed[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(times) for name, times in timed.items()}


if __name__ == "__main__":
    main()
