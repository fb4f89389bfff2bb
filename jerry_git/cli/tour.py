"""The tour: a scratch repository, and the commands of a working day in it, for real."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from jerry_git.cli.talk import RefusedError

STEPS: Sequence[tuple[str, Sequence[str]]] = (
    ("A repository, and work tracking in it", ("git init --quiet", "jerry init", "jerry commit")),
    (
        "Some work, and what waits for what",
        (
            'jerry new "A parser for dates" --type story --priority high',
            'jerry new "Write the lexer" --parent WORK-1 --estimate 2h',
            'jerry new "Write the parser" --parent WORK-1 --depends-on WORK-2',
            'jerry new "Parser loops on empty input" --type bug --priority critical',
            "jerry depend add WORK-4 WORK-3 --kind discovered-from",
            "jerry depend tree WORK-3",
        ),
    ),
    ("What can be started now?", ("jerry ready",)),
    (
        "Take one, do it, and see what that sets free",
        (
            "jerry claim WORK-2 --start",
            'jerry comment WORK-2 "Regular expressions do it"',
            "jerry done WORK-2",
        ),
    ),
    (
        "Events ride in the commit with the code; the history is in git",
        (
            'git commit --quiet --message "Lexer"',
            "jerry log WORK-2",
            "jerry start WORK-3",
            "jerry commit",
            "jerry status",
            "git log --oneline --stat=78 -2",
        ),
    ),
)


@click.command("demo")
@click.option(
    "-d", "--directory", type=click.Path(path_type=Path), help="Where to make the repository; a new folder otherwise."
)
def demo_command(directory: Path | None) -> int:
    """See a tour of jerry in a scratch repository.

    Runs real commands in a real repository, which is left for you to play with.

    \b
    Examples:
      jerry demo
      jerry demo --directory /tmp/tour
    """
    root = _scratch(directory)
    for title, commands in STEPS:
        click.secho(f"\n# {title}", fg="cyan", bold=True)
        for command in commands:
            click.echo(f"{click.style('$', dim=True)} {command}")
            sys.stdout.flush()
            _run(root, command)
    click.echo(f"\nThe repository is yours to play with:\n  cd {shlex.quote(str(root))}")
    return 0


def _scratch(directory: Path | None) -> Path:
    if directory is None:
        return Path(tempfile.mkdtemp(prefix="jerry-demo-"))
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise RefusedError("not-empty", f"{directory} is not empty", "name a new folder, or none")
    return directory


def _run(root: Path, command: str) -> None:
    """Run one command of the tour: `jerry` is this very program, with this very Python."""
    arguments = shlex.split(command)
    if arguments[0] == "jerry":
        arguments[:1] = [sys.executable, "-m", "jerry_git"]
    done = subprocess.run(arguments, cwd=root, env=_environment(), check=False)
    if done.returncode:
        raise RefusedError("demo", f"the tour ended at `{command}`", "the message above says why")


def _environment() -> dict[str, str]:
    """The user's, with a name for commits where git knows none, and free of the repository that we may be in."""
    names = {
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
    }
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "JERRY_"))}
    quiet = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "init.defaultBranch", "GIT_CONFIG_VALUE_0": "main"}
    return {**inherited, **names, **quiet, "GIT_PAGER": "cat", "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
