"""The benchmarks run and write what they promise. No time is asserted here (ADR-033)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks import archiving, growing, histories, sizes, starting
from benchmarks.growing import environment
from benchmarks.measuring import Table, counts, in_turn, medians, ratios, shown
from benchmarks.peers import Archived, Ticket, Tracker

ROOT = Path(__file__).parent.parent
ALONE = ("--backlog=", "--task=", "--fossil=")
STAND_IN = """#!/bin/sh
echo "$*" >> "$HOME/asked"
test "$1" != create || echo new > .tickets/work-new1.md
echo work-new1
"""
HEADS = ("command", "milliseconds", "ratio", "budget")


@pytest.fixture
def old_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four items one is open, and two are old enough to be archived."""
    monkeypatch.setattr(growing, "OPEN", 1)
    for module in (growing, archiving):
        monkeypatch.setattr(module, "OLD", timedelta(hours=2))


def _ticket(folder: Path, script: str) -> Ticket:
    program = folder / "tk"
    program.write_text(script)
    program.chmod(0o755)
    return Ticket(environment(folder), str(program))


def _run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(ROOT / source) for source in (".", "domain", "hooks"))
    command = (sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *arguments)
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True)


@pytest.mark.positive
def test_the_report_has_every_table_in_markdown_and_json(tmp_path: Path) -> None:
    """Start-up, the store as a library, and costs against size, in one run."""
    small = ("--sizes=5", "--runs=1", "--appends=4", "--events=4")
    done = _run("report", *small, *ALONE, f"--folder={tmp_path}")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "report.md").read_text()
    assert text == done.stdout
    report = json.loads((tmp_path / "report.json").read_text())
    costs = {f"sizes_{cost}" for cost in sizes.COSTS}
    assert set(report["tables"]) == {"start_5", "appends", "replays", "archiving"} | costs
    assert all(f"## {table['title']}\n" in text for table in report["tables"].values())
    assert all(row["jerry"] is not None for cost in sizes.COSTS for row in report["tables"][f"sizes_{cost}"]["rows"])
    assert {"jerry", "Python", "git", "SQLite"} <= set(report["versions"])


@pytest.mark.positive
@pytest.mark.parametrize(
    ("name", "arguments", "title"),
    [
        ("starting", ("--items=5", "--runs=1"), "## Commands beside `python -c"),
        ("imports", ("--runs=1",), "## What commands load"),
        ("throughput", ("--appends=4", "--events=4", "--runs=1"), "## Durable appends of one event"),
        ("sizes", ("--sizes=5", "--runs=1", *ALONE), "## List what is open"),
    ],
    ids=["starting", "imports", "throughput", "sizes"],
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
    assert histories.front_matter(0, items).count("\n\nComment ") == 3


@pytest.mark.positive
def test_a_size_is_grown_once_and_cloned(tmp_path: Path) -> None:
    """Ten event files to an item, committed as they stand."""
    world = environment(tmp_path)
    for name in ("one", "other"):
        growing.repository(tmp_path / name, 3, world)
    files = [sorted((tmp_path / name).glob(".jerry/events/*/*/*.json")) for name in ("one", "other")]
    assert len(files[0]) == 30
    assert [file.read_bytes() for file in files[0]] == [file.read_bytes() for file in files[1]]
    told = subprocess.run(("git", "status", "--porcelain"), cwd=tmp_path / "one", env=world, capture_output=True)
    assert told.stdout == b""


@pytest.mark.positive
@pytest.mark.usefixtures("old_work")
def test_what_is_old_is_archived_once(tmp_path: Path) -> None:
    """And each who measures has a clone of it."""
    world = environment(tmp_path)
    it = archiving.archive(tmp_path, 4, world)
    assert (it.items, it.files, it.archives) == (growing.old(4), 20, 1) == (2, 20, 1)
    assert archiving.archive(tmp_path, 4, world) == it
    for name in ("one", "other"):
        archiving.archived(tmp_path / name, 4, world)
        assert len(list((tmp_path / name).glob(".jerry/events/*/*/*.json"))) == 20
        assert len(list((tmp_path / name).glob(".jerry/archive/*.jsonl"))) == 1


@pytest.mark.positive
@pytest.mark.usefixtures("old_work")
def test_commands_are_measured_before_and_after_archiving(tmp_path: Path) -> None:
    """Beside the same budgets; and with git's split index instead."""
    tables = list(starting.measured(tmp_path, 4, 1, {"list": 1.8}))
    assert [table.name for table in tables] == ["start_4", "start_4_split", "start_4_archived"]
    assert len({tuple((row[0], row[3]) for row in table.rows) for table in tables}) == 1
    assert list((tmp_path / "start-split-4" / ".git").glob("sharedindex.*"))


@pytest.mark.positive
@pytest.mark.usefixtures("old_work")
def test_archived_work_stands_beside_that_in_files(tmp_path: Path) -> None:
    """With the ratio of the two in the same run."""
    world = environment(tmp_path)
    tables = sizes.measured(tmp_path, [Tracker(world), Archived(world)], [4], 1, 60)
    assert [table.heads for table in tables] == [("items", "jerry", "jerry, archived", "jerry to archived")] * len(
        tables
    )
    for table in tables:
        _, files, archives, ratio = table.rows[0]
        assert isinstance(files, float)
        assert isinstance(archives, float)
        assert ratio == files / archives


@pytest.mark.positive
def test_ticket_is_asked_as_a_user_asks_it(tmp_path: Path) -> None:
    """For what is open, for the youngest, and then for something new."""
    tables = sizes.measured(tmp_path, [_ticket(tmp_path, STAND_IN)], [3], 1, 60)
    assert (tmp_path / "asked").read_text().splitlines() == [
        *["ls --status=open"] * 2,
        "show work-0002",
        "create Something new",
        "start work-new1",
        "close work-new1",
    ]
    left_out = {table.name for table in tables if table.rows[0][1] is None}
    assert left_out == {"sizes_rebuild"}


@pytest.mark.positive
def test_peers_that_are_not_given_are_left_out(tmp_path: Path) -> None:
    """Of ticket there is no package: it is measured where a copy is given."""
    absent = {"task": None, "fossil": None, "backlog": None}
    assert [each.name for each in sizes.found(tmp_path, Namespace(**absent, ticket=None))] == [
        "jerry",
        "jerry, archived",
    ]
    assert sizes.found(tmp_path, Namespace(**absent, ticket="tk"))[-1].name == "ticket"


@pytest.mark.negative
def test_sizes_that_are_no_numbers_are_refused() -> None:
    """Before anything is measured."""
    assert counts("5,10") == [5, 10]
    done = _run("sizes", "--sizes=5,many")
    assert done.returncode == 2
    assert "--sizes" in done.stderr


@pytest.mark.negative
def test_who_fails_is_left_out(tmp_path: Path) -> None:
    """The others go on, and what was measured stays."""
    tables = sizes.measured(tmp_path, [_ticket(tmp_path, "#!/bin/sh\nexit 1\n")], [1, 2], 1, 60)
    assert [[shown(cell) for cell in row] for row in tables[0].rows] == [["1", "-"], ["2", "-"]]


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


@pytest.mark.edge
@pytest.mark.parametrize(("items", "old"), [(100, 0), (2160, 0), (2161, 1), (50_000, 47_840)])
def test_nothing_is_archived_of_the_last_ninety_days(items: int, old: int) -> None:
    """An item an hour: the size decides how many are older."""
    assert growing.old(items) == old
    assert Archived({}).is_for(items) == bool(old)


@pytest.mark.edge
def test_where_nothing_is_old_archiving_has_a_row_of_dashes(tmp_path: Path) -> None:
    """And no repository is made for it."""
    table = archiving.table(tmp_path, [5], environment(tmp_path))
    assert [shown(cell) for cell in table.rows[0]] == ["5", "0", *"--------"]
    assert list(tmp_path.iterdir()) == []
