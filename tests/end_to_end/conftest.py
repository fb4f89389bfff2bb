"""A person, a repository, and the program as that person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
PERSON = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


@dataclass(frozen=True)
class Place:
    """A folder, and the environment in which programs run there."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def git(self, *arguments: str) -> str:
        """What git prints."""
        return self.run("git", *arguments).stdout

    def jerry(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `jerry`."""
        return self.run(sys.executable, "-m", "jerry_git", *arguments, check=check)

    def ask(self, *arguments: str) -> Any:
        """What `jerry ... --json` prints, as data."""
        return json.loads(self.jerry(*arguments, "--json").stdout)

    def ask_anyway(self, *arguments: str) -> Any:
        """The same of a command that may end with findings."""
        return json.loads(self.jerry(*arguments, "--json", check=False).stdout)


def place(folder: Path, home: Path, **extra: str) -> Place:
    """`folder`, for a person without settings of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    personal = ("GIT_", "JERRY_", "COLUMNS", "NO_COLOR", "EDITOR", "VISUAL")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(personal)}
    roots = os.pathsep.join(str(ROOT / root) for root in (".", "domain", "hooks"))
    return Place(folder, {**inherited, **PERSON, "HOME": str(home), "PYTHONPATH": roots, **extra})


@pytest.fixture
def bare_place(tmp_path: Path) -> Place:
    """A repository without commits and without work tracking."""
    made = place(tmp_path / "repository", tmp_path / "home")
    made.git("init", "--quiet", "--initial-branch=main")
    return made


@pytest.fixture
def here(bare_place: Place) -> Place:
    """A repository with a commit of a user's own, and work tracking in it."""
    (bare_place.folder / "code.py").write_text("print('hello')\n")
    bare_place.git("add", "code.py")
    bare_place.git("commit", "--quiet", "--message", "Code")
    bare_place.jerry("init")
    bare_place.jerry("commit")
    return bare_place
