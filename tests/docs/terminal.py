"""Transcripts in documentation: their commands run for real, their screens compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_COMMIT = re.compile(r"\b[0-9a-f]{8}\b")
_FOLDER = re.compile(r"set up in \S+: ")

# What pages show in their place.
TEN_O_CLOCK = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - a text, no moment
COMMIT = "3f5c1e2a"
FOLDER = "/home/ada/app"


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def steps(transcript: str) -> Iterator[tuple[str, str]]:
    """Each command of a transcript, with the screen that follows it."""
    for part in re.split(r"^\$ ", transcript, flags=re.MULTILINE)[1:]:
        command, _, screen = part.partition("\n")
        yield command, screen


def steady(screen: str) -> str:
    """A screen without what differs from run to run."""
    return _FOLDER.sub("set up in FOLDER: ", _COMMIT.sub("COMMIT", _TIME.sub("DAY TIME", screen)))


def dated(screen: str) -> str:
    """A screen as it may stand in a page: begun at ten o'clock, by Ada, with one commit."""
    times = [datetime.fromisoformat(time) for time in _TIME.findall(screen)]
    shift = TEN_O_CLOCK - min(times, default=TEN_O_CLOCK)
    moved = _TIME.sub(lambda match: f"{datetime.fromisoformat(match[0]) + shift:%Y-%m-%d %H:%M}", screen)
    return _FOLDER.sub(f"set up in {FOLDER}: ", _COMMIT.sub(COMMIT, moved))


def environment(home: Path) -> dict[str, str]:
    """A person named Ada, without settings of her own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONUNBUFFERED": "1",  # a terminal shows stdout and stderr in the order in which they were written
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "PYTHONPATH": os.pathsep.join(str(ROOT / root) for root in (".", "domain", "hooks")),
    }


def run(command: str, folder: Path, home: Path) -> str:
    """What a person sees who types `command` in `folder`; `jerry` is the program under test."""
    arguments = shlex.split(command)
    if arguments[0] == "jerry":
        arguments[:1] = [sys.executable, "-m", "jerry_git"]
    done = subprocess.run(
        arguments,
        cwd=folder,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def played(transcript: str, place: Path) -> str:
    """The transcript with what its commands print now, in an empty folder below `place`."""
    home, folder = place / "home", place / "app"
    home.mkdir()
    folder.mkdir()
    return "".join(f"$ {command}\n{run(command, folder, home)}" for command, _ in steps(transcript))
