"""What commands report: one line for each item, or one JSON document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from jerry_git.cli.printing import line
from jerry_git.cli.talk import REFUSED, as_json, say
from jerry_git.cli.views import outcome as outcome_view

if TYPE_CHECKING:
    from jerry_git.application.commands import Outcome
    from jerry_git.cli.session import Session

Act = Callable[[str], "Outcome"]
Word = str | Callable[["Outcome"], str]


def carry_out(session: Session, references: Sequence[str], act: Act, changed: Word, unchanged: Word) -> int:
    """Do `act` to each item and report; one that is refused does not stop the others. Returns the exit status.

    `changed` and `unchanged` say in a few words what happened, or why nothing did. Where that cannot be printed, the
    items are done all the same, and the `OSError` is raised at the end.
    """
    reports, errors, unprinted = [], [], None
    for reference in dict.fromkeys(references):
        try:
            result = act(reference)
        except Exception as error:
            from jerry_git.cli.errors import explain  # which knows all that can be refused

            explanation = explain(error)
            if explanation is None:
                raise
            errors.append(as_json(explanation, reference))
            say(explanation)
            continue
        message = _worded(changed if result.changed else unchanged, result)
        reports.append((result, message))
        if not session.json:
            try:
                _print(result, message)
            except OSError as error:
                unprinted = error
    if unprinted is not None:
        raise unprinted
    if session.json:
        _print_json(session, reports, errors)
    return REFUSED if errors else 0


def announce(session: Session, result: Outcome, changed: Word, unchanged: Word) -> None:
    """Report one outcome."""
    message = _worded(changed if result.changed else unchanged, result)
    if session.json:
        _print_json(session, [(result, message)], [])
    else:
        _print(result, message)


def _worded(word: Word, result: Outcome) -> str:
    return word if isinstance(word, str) else word(result)


def _print(result: Outcome, message: str) -> None:
    state = result.after
    mark = click.style(state.name, bold=True)
    click.echo(f"{mark} {line(message)}: {line(state.title)}")
    for freed in result.unblocked:
        click.echo(f"  unblocked {click.style(freed.name, bold=True)}: {line(freed.title)}")


def _print_json(session: Session, reports: list[tuple[Outcome, str]], errors: list[dict[str, Any]]) -> None:
    board = session.app.board()
    session.emit_json(
        "jerry.outcomes.v1",
        outcomes=[outcome_view(board, result, message) for result, message in reports],
        errors=errors,
    )
