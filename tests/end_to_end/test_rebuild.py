"""The first look at a repository reads all events there are (ADR-037)."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Place
from tests.end_to_end.test_flat import grown

SIZES = (310, 330)
"""From 300 streams on, git is asked."""
PROBE = """
import json, sys
opened, started = [], []
def watch(event, arguments):
    if event == "open" and "/.jerry/events/" in str(arguments[0]) and str(arguments[0]).endswith(".json"):
        opened.append(str(arguments[0]))
    if event == "subprocess.Popen":
        started.append(arguments[1][-1])
sys.addaudithook(watch)
from jerry_git.cli.main import main
status = main(sys.argv[1:])
print(json.dumps({"status": status, "opened": opened, "started": len(started)}), file=sys.stderr)
"""
IMPATIENT = """
import sys
from jerry_git.cli import progress
progress.PATIENCE = 0
from jerry_git.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> list[Place]:
    """Two histories of different length, committed."""
    return [grown(tmp_path_factory.mktemp(f"closed-{closed}"), closed) for closed in SIZES]


def looked(here: Place) -> dict[str, Any]:
    """What is done for a list of items."""
    report: dict[str, Any] = json.loads(here.run(sys.executable, "-c", PROBE, "list").stderr.splitlines()[-1])
    assert report["status"] == 0
    return report


def rebuild(here: Place) -> dict[str, Any]:
    """What is done for the first list of items."""
    forget(here)
    return looked(here)


@pytest.mark.positive
def test_no_committed_event_file_is_opened_and_git_is_asked_thrice_at_any_size(sizes: list[Place]) -> None:
    for here in sizes:
        report = rebuild(here)
        assert report["opened"] == []
        assert report["started"] == 3


@pytest.mark.positive
def test_only_what_was_altered_since_is_opened(sizes: list[Place]) -> None:
    file = sorted(sizes[0].folder.glob(".jerry/events/*/*/*.json"))[7]
    content = file.read_bytes()
    file.write_bytes(content + b"\n")
    opened = rebuild(sizes[0])["opened"]
    assert [Path(path).name for path in opened] == [file.name]
    file.write_bytes(content)


def forget(here: Place) -> None:
    """The next look will be the first one."""
    shutil.rmtree(here.folder / ".git" / "jerry" / "cache", ignore_errors=True)


@pytest.mark.positive
def test_few_changes_are_read_without_git(sizes: list[Place]) -> None:
    rebuild(sizes[1])
    sizes[1].jerry("comment", "WORK-2", "words")
    report = looked(sizes[1])
    assert 0 < len(report["opened"]) < 10
    assert report["started"] == 0


def on_terminal(here: Place, *arguments: str) -> str:
    """What `jerry list` shows to a person beside the items, where everything takes long."""
    terminal, other = pty.openpty()
    command = (sys.executable, "-c", IMPATIENT, "list", *arguments)
    with subprocess.Popen(
        command, cwd=here.folder, env=here.environment, stdin=other, stdout=subprocess.DEVNULL, stderr=other
    ) as process:
        os.close(other)
        seen = b""
        with suppress(OSError):  # Linux: the other end is closed
            while part := os.read(terminal, 4096):
                seen += part
    os.close(terminal)
    assert process.returncode == 0
    return seen.decode()


@pytest.mark.positive
def test_a_long_rebuild_shows_a_bar_on_a_terminal_and_takes_it_away(sizes: list[Place]) -> None:
    forget(sizes[0])
    seen = on_terminal(sizes[0])
    assert "Reading events" in seen
    assert "100%" in seen
    assert seen.endswith("\x1b[?25h\r\n\x1b[1A\x1b[2K3 items\r\n")  # the cursor is back, and the line is free


@pytest.mark.negative
def test_no_bar_is_shown_where_all_is_known(sizes: list[Place]) -> None:
    on_terminal(sizes[0])
    assert on_terminal(sizes[0]) == "3 items\r\n"


@pytest.mark.negative
def test_no_bar_is_shown_to_programs(sizes: list[Place]) -> None:
    forget(sizes[0])
    assert on_terminal(sizes[0], "--json") == ""
    forget(sizes[0])
    assert sizes[0].run(sys.executable, "-c", IMPATIENT, "list").stderr == "3 items\n"
