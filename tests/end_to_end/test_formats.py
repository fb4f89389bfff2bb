"""Lists in every format, for people, programs and language models (PAT-005)."""

from __future__ import annotations

import csv
import io
import json

import pytest
import toon_format

from tests.end_to_end.conftest import Place

COLUMNS = ["id", "type", "status", "priority", "title", "assignee", "labels", "parent", "blocked_by", "due", "estimate"]


@pytest.fixture
def listed(here: Place) -> Place:
    """An epic, and two tasks under it with everything that a row can hold."""
    here.jerry("new", "An epic, with a comma", "--type", "epic")
    here.jerry("new", 'A "quoted" | piped title', "--parent", "WORK-1", "--label", "b", "--label", "a")
    here.jerry(
        "new", "Last", "--depends-on", "WORK-1", "--depends-on", "WORK-2", "--due", "2030-01-02", "--estimate", "2h"
    )
    here.jerry("assign", "WORK-3", "--to", "me")
    return here


@pytest.mark.positive
@pytest.mark.parametrize("command", [("list",), ("ready",), ("search", "a"), ("show", "WORK-2"), ("export",)])
def test_toon_is_one_flat_table(listed: Place, command: tuple[str, ...]) -> None:
    """A tabular header with every key, a line for each item, list values joined, no times of day; it round-trips."""
    printed = listed.jerry(*command, "--format", "toon").stdout
    rows = list(csv.DictReader(io.StringIO(listed.jerry(*command, "--format", "csv").stdout)))
    lines = printed.rstrip("\n").split("\n")
    assert lines[0] == f"items[{len(rows)}]{{{','.join(COLUMNS)}}}:"
    assert len(lines) == 1 + len(rows)
    assert toon_format.decode(printed.rstrip("\n")) == {"items": rows}
    assert all(list(row) == COLUMNS for row in rows)


@pytest.mark.positive
def test_toon_is_smaller_than_compact_json(listed: Place) -> None:
    """That is what it is for: the same rows, at least a quarter less."""
    for number in range(20):
        listed.jerry("new", f"Item {number} of many")
    printed = listed.jerry("list", "--format", "toon").stdout
    compact = json.dumps(toon_format.decode(printed.rstrip("\n")), separators=(",", ":"))
    assert len(printed) < 0.75 * len(compact)


@pytest.mark.positive
def test_csv_is_read_by_other_programs(listed: Place) -> None:
    """Commas and quotes in a title survive."""
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(listed.jerry("list", "--format", "csv").stdout))}
    assert rows["WORK-1"]["title"] == "An epic, with a comma"
    assert rows["WORK-2"]["title"] == 'A "quoted" | piped title'
    assert rows["WORK-2"]["labels"] == "a b"
    assert rows["WORK-3"]["blocked_by"] == "WORK-1 WORK-2"


@pytest.mark.positive
def test_markdown_is_a_table_that_a_title_cannot_break(listed: Place) -> None:
    """A pipe in a title is escaped."""
    lines = listed.jerry("list", "--format", "markdown").stdout.splitlines()
    assert lines[0] == f"| {' | '.join(COLUMNS)} |"
    assert any(r'A "quoted" \| piped title' in line for line in lines)
    assert {line.replace("\\|", "").count("|") for line in lines} == {len(COLUMNS) + 1}


@pytest.mark.positive
def test_json_lines_hold_one_item_each_and_json_the_same_ones(listed: Place) -> None:
    """`list --format jsonl` and `list --json` agree."""
    lines = [json.loads(line) for line in listed.jerry("list", "--format", "jsonl").stdout.splitlines()]
    document = listed.ask("list")
    assert document["items"] == lines
    assert (document["schema"], document["problems"]) == ("jerry.items.v1", [])


@pytest.mark.positive
def test_export_of_events_is_cloudevents_line_by_line(listed: Place) -> None:
    """Every event of every item, as it stands in its file."""
    events = [json.loads(line) for line in listed.jerry("export", "--events").stdout.splitlines()]
    assert {event["specversion"] for event in events} == {"1.0"}
    assert sum(event["type"] == "jerry.work_item.created.v1" for event in events) == 3


@pytest.mark.edge
def test_an_empty_list_is_valid_in_every_format(here: Place) -> None:
    """No items: a header, or nothing; never an error."""
    assert here.jerry("list", "--format", "toon").stdout == f"items[0]{{{','.join(COLUMNS)}}}:\n"
    assert here.jerry("list", "--format", "csv").stdout == ",".join(COLUMNS) + "\n"
    assert here.ask("list")["items"] == []
    assert here.jerry("list").stdout == ""


@pytest.mark.positive
@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_a_table_fits_the_terminal(listed: Place, columns: int) -> None:
    """No line is wider, wide characters included; the name of an item is never cut."""
    listed.jerry("new", "日本語のタイトル " * 8)
    narrow = Place(listed.folder, {**listed.environment, "COLUMNS": str(columns)})
    lines = narrow.jerry("list").stdout.splitlines()
    wide = [sum(2 if ord(char) > 0x2E80 else 1 for char in line) for line in lines]
    assert max(wide) <= columns
    assert all(line.startswith(("ID", "WORK-")) for line in lines)
