"""What is said to people on stderr: refusals, warnings, hints (DESIGN 9)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import click

from jerry_git.cli.printing import escaped

if TYPE_CHECKING:
    from jerry_git.application.board import Board
    from jerry_git.application.errors import NotCheckedOutError

REFUSED, BUG = 1, 3
MOST_PROBLEMS = 5


class Explanation(NamedTuple):
    """An error for people: `code` is stable, `hint` says what to do."""

    code: str
    message: str
    hint: str = ""


class RefusedError(Exception):
    """A refusal that the command line itself words."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.explanation = Explanation(code, message, hint)


def as_json(explanation: Explanation, reference: str | None = None) -> dict[str, str | None]:
    """An explanation as data."""
    base = {"code": explanation.code, "message": explanation.message, "hint": explanation.hint or None}
    return base if reference is None else {"id": reference, **base}


def _tell(text: str) -> None:
    """Print on stderr; errors are told when click has forgotten what colours the user wants."""
    click.echo(text, err=True, color=False if os.environ.get("NO_COLOR") else None)


def say(explanation: Explanation) -> None:
    """Print an explanation on stderr."""
    _tell(f"{click.style('error:', fg='red', bold=True)} {explanation.message}")
    if explanation.hint:
        _tell(f"\n{click.style('hint:', fg='cyan')} {explanation.hint}")


def warn(message: str, hint: str = "") -> None:
    """Print a warning on stderr."""
    _tell(f"{click.style('warning:', fg='yellow', bold=True)} {message}")
    if hint:
        _tell(f"{click.style('hint:', fg='cyan')} {hint}")


def warn_of_left_out(error: NotCheckedOutError | None) -> None:
    """Tell that the work tree lacks files of the store, so that what is said of items is not the whole."""
    if error is not None:
        message = f"{error}: items may be missing, or older than they are"
        warn(escaped(message), escaped(f"`{error.cure}` brings it here"))


def warn_of(board: Board, hint: str = "`jerry doctor` says how to mend them") -> None:
    """Tell what could not be read, the first few by name; the other items are not concerned."""
    problems = board.problems
    for problem in problems[:MOST_PROBLEMS]:
        warn(escaped(str(problem)))
    if len(problems) > MOST_PROBLEMS:
        warn(f"and {len(problems) - MOST_PROBLEMS} more files that cannot be read")
    if problems:
        _tell(f"{click.style('hint:', fg='cyan')} {hint}\n")
