"""Transcripts in documentation: their commands run for real, their screens compared."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

# What differs from run to run, and what it is written as before screens are compared.
_VARYING = (
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "DAY TIME"),
    (re.compile(r"\b[0-9a-f]{8}\b"), "COMMIT"),
    (re.compile(r"set up in \S+: "), "set up in FOLDER: "),
)


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
    for pattern, word in _VARYING:
        screen = pattern.sub(word, screen)
    return screen


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
