"""The tutorial of schemas, run: every file is written, every command gives what the page shows."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place, place

PAGE = Path(__file__).parents[2] / "docs" / "schema-tutorial.md"
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def told(here: Place, text: str) -> str:
    """What a console shows when the commands of a block are given, stdout first, then stderr."""
    shown = []
    for line in (line for line in text.splitlines() if line.startswith("$ ")):
        command = shlex.split(line[2:])
        program = (sys.executable, "-m", "jerry_git") if command[0] == "jerry" else command[:1]
        done = here.run(*program, *command[1:], check=False)
        shown += [line, *f"{done.stdout}{done.stderr}".splitlines()]
    return "\n".join(shown) + "\n"


def played(here: Place, page: str) -> str:
    """The page with its files written and its consoles as they really are."""

    def play(match: re.Match[str]) -> str:
        if match["file"]:
            (here.folder / match["file"]).write_text(match["text"])
        elif match["kind"] == "console":
            return f"```console\n{told(here, match['text'])}```"
        return match[0]

    return BLOCK.sub(play, page)


@pytest.mark.positive
def test_the_tutorial_shows_what_happens(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("$ jerry schema publish") >= 4
    assert played(place(tmp_path / "shop", tmp_path / "home"), page) == page


@pytest.mark.negative
def test_the_tutorial_shows_a_refusal(tmp_path: Path) -> None:
    assert "error[schema-incompatible] order_placed: v3 does not read v1: O3" in PAGE.read_text(encoding="utf-8")
