"""The benchmarks run and write what they promise. No time is asserted here (ADR-033)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import histories, sizes, starting
from benchmarks.growing import environment
from benchmarks.measuring import Table, in_turn, medians, ratios, shown
from benchmarks.peers import Tracker

ROOT = Path(__file__).parent.parent
ALONE = ("--backlog=", "--task=", "--fossil=")
HEADS = ("command", "milliseconds", "ratio", "budget")


def _run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(ROOT / source) for source in (".", "domain", "hooks"))
    command = (sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *arguments)
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True)


@pytest.mark.positive
def test_the_report_has_every_table_in_markdown_and_json(tmp_path: Path) -> None:
    """Start-up, the store as a library, and costs against size, in one run."""
    small = ("--sizes=5", "--start-sizes=5", "--runs=1", "--appends=4", "--events=4")
    done = _run("report", *small, *ALONE, f"--folder={tmp_path}")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "report.md").read_text()
    assert text == done.stdout
    report = json.loads((tmp_path / "report.json").read_text())
    assert set(report["tables"]) == {"start_5", "appends", "replays", *(f"sizes_{cost}" for cost in sizes.COSTS)}
    assert all(f"## {table['title']}\n" in text for table in report["tables"].values())
    assert all(row["jerry"] is not None for cost in sizes.COSTS for row in report["tables"][f"sizes_{cost}"]["rows"])
    assert {"jerry", "Python", "git", "SQLite"} <= set(report["versions"])


@pytest.mark.positive
@pytest.mark.parametrize(
    ("name", "arguments", "title"),
    [
        ("starting", ("--items=5", "--runs=1"), "## Commands beside `python -c"),
        ("throughput", ("--appends=4", "--events=4", "--runs=1"), "## Durable appends of one event"),
        ("sizes", ("--sizes=5", "--runs=1", *ALONE), "## List what is open"),
    ],
    ids=["starting", "throughput", "sizes"],
)
def test_a_benchmark_runs_alone(name: str, arguments: tuple[str, ...], title: str) -> None:
    """It prints its own tables; that of start-up may say with its status that a budget was exceeded."""
    done = _run(name, *arguments)
    assert done.returncode in ((0, 1) if name == "starting" else (0,)), done.stderr
    assert title in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.positive
def test_every_command_that_is_measured_has_a_budget() -> None:
    """And each budget is of something that is measured."""
    assert set(starting.budgets(starting.BUDGETS)) == {"--version", "list", "ready", "show", "new", "start", "done"}


@pytest.mark.positive
def test_cases_take_turns() -> None:
    """A busy moment hits all alike; ratios are taken within a run."""
    order: list[str] = []

    def case(name: str, *values: float) -> float:
        order.append(name)
        return values[order.count(name) - 1]

    taken = in_turn({"base": lambda: case("base", 1, 10, 2), "ours": lambda: case("ours", 3, 30, 4)}, 3)
    assert order == ["base", "ours"] * 3
    assert medians(taken) == {"base": 2, "ours": 4}
    assert ratios(taken, "base") == {"base": 1, "ours": 3}


@pytest.mark.positive
@pytest.mark.parametrize("items", [1, 1000], ids=["open", "done"])
def test_the_others_get_ten_changes_to_an_item_too(items: int) -> None:
    """In the form that each keeps."""
    assert len(list(histories.lines(0, items))) == len(list(histories.cards(0, items))) == 10
    assert histories.markdown(0, items).count("created: ") == 3


@pytest.mark.negative
@pytest.mark.parametrize(
    "text",
    ["", "[ratios]\n", '[ratios]\nlist = "quick"\n', "[ratios]\nlist = 0\n", "[ratios]\nlist = true\n"],
    ids=["nothing", "none there", "a word", "zero", "a truth"],
)
def test_budgets_that_are_no_ratios_are_refused(tmp_path: Path, text: str) -> None:
    """Before anything is measured."""
    file = tmp_path / "budgets.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"budgets\.toml"):
        starting.budgets(file)


@pytest.mark.negative
def test_what_is_over_its_budget_is_told() -> None:
    """With the size, the ratio and what was allowed."""
    rows = [("python", 40.0, 1.0, None), ("list", 90.0, 2.25, 1.8), ("show", 60.0, 1.5, 1.8)]
    assert starting.exceeded([Table("start", "5 items", HEADS, rows)]) == [
        "5 items: `list` is at 2.25, its budget is 1.8"
    ]


@pytest.mark.edge
def test_what_is_just_at_its_budget_keeps_it() -> None:
    """The budget is the last ratio that is allowed."""
    assert starting.exceeded([Table("start", "5 items", HEADS, [("list", 72.0, 1.8, 1.8)])]) == []


@pytest.mark.edge
def test_who_takes_too_long_is_left_out_from_then_on(tmp_path: Path) -> None:
    """And the tables show a dash."""
    tables = sizes.measured(tmp_path, [Tracker(environment(tmp_path))], [1, 2], 1, 0.001)
    assert [[shown(cell) for cell in row] for row in tables[0].rows] == [["1", "-"], ["2", "-"]]
    assert not (tmp_path / "jerry-2").exists()
