"""Repositories that tests make, by asking git itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

GIT = Path(shutil.which("git") or "git")
"""git itself, whatever is found before it while a test runs."""
GIT_WORLD = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
ADA = {
    "GIT_AUTHOR_NAME": "Ada Lovelace",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-11-23T07:10:48Z",
    "GIT_COMMITTER_NAME": "Ada Lovelace",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_COMMITTER_DATE": "2026-11-23T07:10:48Z",
}
ACTOR = "Ada Lovelace <ada@example.org>"


def git(folder: Path, *arguments: str | Path, **environment: str) -> str:
    """What git prints; an error of git is an error of the test."""
    done = subprocess.run(
        ["git", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"git {arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def make_repository(folder: Path, *options: str, commit: bool = True) -> Path:
    """A new repository, with one commit unless told otherwise."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main", *options)
    if commit:
        write(folder, "README", "hello\n")
        commit_all(folder, "The first commit")
    return folder


def write(folder: Path, path: str, content: str | bytes) -> Path:
    """Write a file, folders included."""
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def commit_all(folder: Path, message: str, **environment: str) -> str:
    """Commit everything; the id of the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message, **environment)
    return git(folder, "rev-parse", "HEAD").strip()


def settings(**values: str) -> dict[str, str]:
    """Environment that sets git's configuration; `a__b` stands for `a.b`."""
    pairs = [(key.replace("__", "."), value) for key, value in values.items()]
    found = {"GIT_CONFIG_COUNT": str(len(pairs))}
    for number, (key, value) in enumerate(pairs):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def around_update(folder: Path, monkeypatch: pytest.MonkeyPatch, before: str = "", after: str = "") -> None:
    """Let shell commands run before and after git, when it is to update the index, as those of others may."""
    script = write(
        folder,
        "bin/git",
        f"#!/bin/sh\ncase \" $* \" in *' update-index --add '*) ;; *) exec '{GIT}' \"$@\" ;; esac\n"
        f"PATH='{GIT.parent}':$PATH\n{before}\n'{GIT}' \"$@\"\nresult=$?\n{after}\nexit $result\n",
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join((str(script.parent), os.environ["PATH"])))
