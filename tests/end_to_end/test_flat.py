"""What a command does does not grow with the work: the same files, folders, queries and git processes at two sizes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place, place

SIZES = (10, 60)
PROBE = """
import json, os, sys, time
from collections import Counter
from pathlib import Path
done = Counter()
def watch(event, arguments):
    if event in ("open", "os.scandir", "os.listdir", "subprocess.Popen"):
        done[event] += 1
sys.addaudithook(watch)
import sqlite3
connect = sqlite3.connect
def traced(*arguments, **options):
    database = connect(*arguments, **options)
    database.set_trace_callback(lambda query: done.update(["query"]))
    return database
sqlite3.connect = traced
from jerry_git.cli.main import main
from jerry_git.infrastructure.adapters.git import GitStaging
from jerry_git.infrastructure.persistence.projection import Projection
flush = GitStaging.flush
if sys.argv[3] == "slow":  # git takes longer than what was written is in doubt
    GitStaging.flush = lambda staging: (time.sleep(0.06), flush(staging))
else:  # how long it takes is not left to chance
    Projection.follow = lambda *written: None
before, command = (part.split() for part in sys.argv[1:3])
main(before), main(command)  # imports open files too
for place in (Path(".jerry"), Path(".git/jerry/journal")):
    for path in place.rglob("*"):
        os.utime(path, (1_700_000_000.25, 1_700_000_000.25))  # nothing is so young that it is looked at once more
os.utime(".git/index", (1_700_000_000.25, 1_700_000_000.25))
time.sleep(0.06)  # nobody sets the time of an inode
main(["list"]), main(before)
done.clear()
status = main(command)
print(json.dumps({"status": status, "done": done}), file=sys.stderr)
"""


def grown(folder: Path, closed: int, *, archived: bool = False) -> Place:
    """A repository with so many closed items, three open ones, and everything committed; old work may be archived."""
    here = place(folder / "repository", folder / "home")
    here.git("init", "--quiet", "--initial-branch=main")
    rows = [{"id": f"bd-{number}", "title": f"Item {number}", "status": "closed"} for number in range(closed)]
    (here.folder / "issues.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    here.jerry("init")
    for title in ("One", "Two", "Three"):
        here.jerry("new", title)
    here.jerry("depend", "add", "WORK-3", "WORK-2")
    here.jerry("import", "beads", "issues.jsonl")
    here.jerry("commit")
    if archived:
        here.jerry("archive", "--before", "0h", "--commit")
    return here


@pytest.fixture(scope="module", params=[False, True], ids=["as files", "archived"])
def sizes(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> list[Place]:
    """The same work in front of histories of two sizes."""
    places = (tmp_path_factory.mktemp(f"closed-{closed}") for closed in SIZES)
    return [grown(folder, closed, archived=request.param) for folder, closed in zip(places, SIZES, strict=True)]


def effort(here: Place, command: str, after: str = "list", git: str = "quick") -> Counter[str]:
    """How many files and folders a command opens, how many queries and processes it makes, once all is warm."""
    report = json.loads(here.run(sys.executable, "-c", PROBE, after, command, git).stderr.splitlines()[-1])
    assert report["status"] == 0
    return Counter(report["done"])


@pytest.mark.positive
@pytest.mark.parametrize("command", ["list", "list --json", "ready", "show WORK-2", "show WORK-2 --json"])
def test_looking_costs_the_same_at_any_size(sizes: list[Place], command: str) -> None:
    few, many = (effort(here, command) for here in sizes)
    assert few == many
    assert few["subprocess.Popen"] == 0
    assert few["query"] < 40


@pytest.mark.positive
@pytest.mark.parametrize("command", ["new Again", "comment WORK-3 words"])
def test_writing_costs_the_same_at_any_size(sizes: list[Place], command: str) -> None:
    """Beside what git does with its index: once to know who writes, and twice to stage."""
    few, many = (effort(here, command) for here in sizes)
    assert few == many
    assert few["subprocess.Popen"] == 3
    assert few["query"] < 80


@pytest.mark.positive
@pytest.mark.parametrize("command", ["list", "comment WORK-2 words"])
def test_what_follows_a_change_costs_the_same_at_any_size(sizes: list[Place], command: str) -> None:
    """Beside one look at each folder: only what has changed is read."""
    few, many = (effort(here, command, after="comment WORK-3 words") for here in sizes)
    assert few == many


@pytest.mark.positive
@pytest.mark.parametrize("command", ["list", "comment WORK-2 words", "new Again"])
def test_what_a_command_takes_in_costs_the_same_at_any_size(sizes: list[Place], command: str) -> None:
    """And spares the next one to look at each folder."""
    few, many = (effort(here, command, after="comment WORK-3 words", git="slow") for here in sizes)
    assert few == many
    assert many["os.scandir"] < effort(sizes[1], command, after="comment WORK-3 words")["os.scandir"]


@pytest.mark.positive
@pytest.mark.parametrize("sizes", [False], ids=["as files"], indirect=True)
def test_the_probe_sees_what_grows(sizes: list[Place]) -> None:
    """Everything that a check reads, for one."""
    few, many = (effort(here, "check") for here in sizes)
    assert many["open"] >= few["open"] + (SIZES[1] - SIZES[0])
