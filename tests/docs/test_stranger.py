"""The format's page is enough for a second implementation: one that was made from it agrees with ours."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.docs import stranger
from tests.docs.terminal import ROOT
from tests.end_to_end.conftest import Place, place

LATER = datetime(2050, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
COMMAND = UUID(int=7)
ON_MAIN = """
new "An epic, to begin with" --type epic --description "Two lines" --priority high
new Task --parent WORK-1 --label b --label a --due 2026-12-24 --estimate 90m --assignee me
new "Loops on empty input" --type bug --discovered-from WORK-2
edit WORK-2 --title "Ümlauts and 🦜"
edit WORK-3 --type story
prioritize WORK-2 --priority critical
claim WORK-3 --start --for 3d
claim WORK-2
release WORK-2
comment WORK-2 "First"
comment WORK-2 "A slip"
undo WORK-2
label WORK-2 --remove a --add c
due WORK-2 --on none
estimate WORK-2 --work 2h
parent WORK-2 --under none
parent WORK-2 --under WORK-1
depend add WORK-2 WORK-3
depend remove WORK-2 WORK-3
depend add WORK-2 WORK-3 --kind relates-to
quality WORK-2 --coverage coverage.json --junit junit.xml
block WORK-3 --reason "vendor"
unblock WORK-3
done WORK-3 --reason "works"
undo WORK-3
cancel WORK-3 --reason "nobody wants it"
new Gone
delete WORK-4 --reason "twice"
new Back
delete WORK-5
undo WORK-5
import beads issues.jsonl
commit
"""
ON_A_BRANCH = """
start WORK-2
start WORK-5
comment WORK-2 "From the branch"
label WORK-2 --add branch
commit
"""
MEANWHILE = """
cancel WORK-2
cancel WORK-5
comment WORK-2 "From main"
commit
"""
ISSUES = """\
{"id": "bd-1", "title": "Old", "status": "closed", "created_by": "eve", "created_at": "2025-01-02T03:04:05.678901Z",
"comments": [{"author": "eve", "text": "Said before", "created_at": "2025-02-03T04:05:06Z"}]}
""".replace(",\n", ", ")


def _play(here: Place, script: str) -> None:
    for line in script.strip().splitlines():
        here.jerry(*shlex.split(line))


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A repository in which nearly every command was given, on two branches that were merged."""
    folder = tmp_path_factory.mktemp("lived-in")
    here = place(folder / "repository", folder / "home", JERRY_SESSION="agent-7")
    here.git("init", "--quiet", "--initial-branch=main")
    (here.folder / "coverage.json").write_text('{"totals": {"covered_lines": 9, "num_statements": 10}}')
    (here.folder / "junit.xml").write_text('<testsuite><testcase name="test_a"/></testsuite>')
    (here.folder / "issues.jsonl").write_text(ISSUES)
    _play(here, "init")
    _play(here, ON_MAIN)
    here.git("switch", "--quiet", "--create", "branch")
    _play(here, ON_A_BRANCH)
    here.git("switch", "--quiet", "main")
    _play(here, MEANWHILE)
    here.git("merge", "--quiet", "--no-edit", "branch")
    twin = {"display_id": "WORK-1", "work_type": "task", "title": "Of a clone that counted for itself"}
    stream = f"work_item-{stranger.item_id(LATER, 42)}"
    stranger.append(here.folder, stream, "created", twin, command=COMMAND, at=LATER)
    _play(here, "reconcile WORK-5 --keep\ndoctor --fix\ncommit")
    return here


@pytest.fixture
def here(lived_in: Place, tmp_path: Path) -> Place:
    """A clone of it."""
    subprocess.run(("git", "clone", "--quiet", str(lived_in.folder), str(tmp_path / "clone")), check=True)
    return Place(tmp_path / "clone", lived_in.environment)


def _seconds(time: str | None) -> str | None:
    return None if time is None else f"{time.partition('.')[0]}Z"


def _as_shown(items: dict[str, stranger.Item], own: str) -> dict[str, Any]:
    """A stranger's item as `jerry show` tells of it, but for what follows from other items."""
    item = items[own]

    def name(key: str | None) -> str | None:
        return items[key]["display_id"] if key in items else key

    claim = item["claims"][0] if item["claims"] else None
    return {
        "id": item["display_id"],
        "internal_id": own,
        "type": item["work_type"],
        "status": item["status"],
        "priority": item["priority"],
        "title": item["title"],
        "assignee": item["assignee"],
        "claim": claim
        and {
            "claimant": claim["worker"][0],
            "session": claim["worker"][1],
            "until": _seconds(claim["until"]),
        },
        "labels": sorted(item["labels"]),
        "parent": name(item["parent"]),
        "due": item["due"],
        "estimate_minutes": item["minutes"],
        "created_at": _seconds(item["made"][0]),
        "created_by": item["made"][1],
        "updated_at": _seconds(item["changed"]),
        "closed_at": _seconds(item["closed"]),
        "deleted": item["deleted"],
        "aliases": item["aliases"],
        "description": item["description"],
        "reason": item["reason"],
        "dependencies": [{"kind": kind, "target": name(target)} for kind, target in sorted(item["dependencies"])],
        "comments": [
            {"author": author, "written_at": _seconds(at), "text": text, "event": key}
            for key, (author, at, text) in item["comments"].items()
        ],
        "quality": {
            "coverage": item["coverage"],
            "tests": item["tests"] and dict(zip(("positive", "negative", "edge"), item["tests"], strict=True)),
        },
        "imported": item["imported"],
    }


@pytest.mark.positive
def test_a_stranger_reads_the_same_items(lived_in: Place) -> None:
    """Every field of every item, after a merge of two branches that both moved one of them."""
    streams = stranger.read_streams(lived_in.folder)
    items = {stream.partition("-")[2]: stranger.fold(events) for stream, events in streams.items()}
    assert {item["internal_id"] for item in lived_in.ask("list", "--all")["items"]} == items.keys()
    for item in lived_in.ask("show", *items)["items"]:
        seen = _as_shown(items, item["internal_id"])
        assert seen == {key: item[key] for key in seen}


@pytest.mark.positive
def test_the_repository_shows_all_that_can_happen(lived_in: Place) -> None:
    """What is compared above has every kind of event, and a stream with two heads."""
    streams = stranger.read_streams(lived_in.folder)
    happened = {event["type"].split(".")[2] for events in streams.values() for event in events}
    page = (ROOT / "docs" / "format.md").read_text()
    assert happened == set(_kinds(page))
    assert sorted(len(stranger.heads(events)) for events in streams.values())[-1] == 2


def _kinds(page: str) -> Sequence[str]:
    return [line.split(".")[2] for line in page.splitlines() if line.startswith("### `jerry.work_item.")]


@pytest.mark.positive
def test_a_stranger_writes_the_same_bytes(lived_in: Place) -> None:
    """Every file stands in the canonical form of the page."""
    files = list(lived_in.folder.glob(".jerry/events/*/*/*.json"))
    assert files
    for path in files:
        assert stranger.canonical(json.loads(path.read_bytes())) == path.read_bytes()


@pytest.mark.positive
def test_what_a_stranger_appends_is_read(here: Place) -> None:
    """A comment on an item with two heads, and a new item; the doctor finds nothing, `jerry commit` takes them."""
    item = here.ask("show", "WORK-2")["items"][0]
    stream = f"work_item-{item['internal_id']}"
    new = f"work_item-{stranger.item_id(NOON, 42)}"
    data = {"display_id": "WORK-99", "work_type": "task", "title": "From afar"}
    stranger.append(here.folder, stream, "comment_added", {"text": "Hello"}, command=COMMAND, at=NOON)
    stranger.append(here.folder, new, "created", data, command=COMMAND, at=NOON)
    after = here.ask("show", "WORK-2", "WORK-99")["items"]
    assert [comment["text"] for comment in after[0]["comments"]][-1] == "Hello"
    assert (after[1]["title"], after[1]["created_at"]) == ("From afar", "2026-03-02T12:00:00Z")
    assert here.jerry("doctor").stdout == "all is well\n"
    assert len(here.ask("commit")["files"]) == 2
    assert len(stranger.heads(stranger.read_streams(here.folder)[stream])) == 1


@pytest.mark.positive
def test_what_we_do_not_know_is_kept(here: Place) -> None:
    """An attribute and a field of a later writer come out again where events are exported."""
    stream = f"work_item-{stranger.item_id(NOON, 42)}"
    data = {"display_id": "WORK-99", "work_type": "task", "title": "From afar", "mood": "good"}
    stranger.append(here.folder, stream, "created", data, command=COMMAND, at=NOON, traceid="abc")
    exported = [json.loads(line) for line in here.jerry("export", "--events").stdout.splitlines()]
    (event,) = [event for event in exported if event["subject"] == stream]
    assert (event["traceid"], event["data"]["mood"]) == ("abc", "good")


@pytest.mark.positive
def test_a_stranger_reads_what_went_into_archives(here: Place) -> None:
    """By the page alone: the names of archives, their lines, and the union with the files."""
    before = stranger.read_streams(here.folder)
    assert here.ask("archive", "--before", "2100-01-01", "--commit")["files"] > 5
    here.jerry("reopen", "WORK-3", check=False)
    after = stranger.read_streams(here.folder)
    assert {stream: events[: len(before[stream])] for stream, events in after.items()} == before


@pytest.mark.negative
def test_what_a_stranger_invents_costs_its_own_item_alone(here: Place) -> None:
    """An event type that is not in the page: the item says what it needs, all others are shown."""
    before = {item["id"] for item in here.ask("list", "--all")["items"]}
    item = here.ask("show", "WORK-1")["items"][0]
    path = stranger.append(
        here.folder, f"work_item-{item['internal_id']}", "sung_about", {"song": "La"}, command=COMMAND, at=NOON
    )
    listed = here.ask("list", "--all")
    assert {item["id"] for item in listed["items"]} == before - {"WORK-1"}
    assert [(problem["code"], problem["path"]) for problem in listed["problems"]] == [("unknown-event-type", path)]


@pytest.mark.edge
def test_siblings_of_a_stranger_and_of_ours_are_both_there(here: Place) -> None:
    """Two writers that did not see each other: both comments, in the order of the page, on both sides."""
    item = here.ask("show", "WORK-1")["items"][0]
    stream = f"work_item-{item['internal_id']}"
    ours = here.folder / ".jerry"
    stranger.append(
        here.folder, stream, "comment_added", {"text": "Theirs"}, command=COMMAND, at=NOON + timedelta(days=9999)
    )
    kept = here.folder.parent / "kept"
    theirs = next(ours.rglob(f"*-{str(_event_id(stream))[-12:]}.json"))
    theirs.rename(kept)
    here.jerry("comment", "WORK-1", "Ours")
    kept.rename(theirs)
    events = stranger.read_streams(here.folder)[stream]
    assert [event["streamversion"] for event in events][-2:] == [events[-1]["streamversion"]] * 2
    texts = [comment["text"] for comment in here.ask("show", "WORK-1")["items"][0]["comments"]]
    assert texts == ["Ours", "Theirs"]
    assert [text for _, _, text in stranger.fold(events)["comments"].values()] == texts


def _event_id(stream: str) -> UUID:
    return stranger.uuid5(COMMAND, f"{stream}/0")
