"""`jerry review`: how carefully a change is to be reviewed, and what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.errors import ConfigurationError, GitError, NoWorkTreeError
from jerry_git.cli.checking import FOUND, could_not, show_finding
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import escaped, table, terminal_width
from jerry_git.cli.session import Session, pass_session

if TYPE_CHECKING:
    from jerry_git.application.reviewing.checklist import Answer
    from jerry_git.application.reviewing.reviewing import Review

_FORMATS = ("text", "json", "markdown", "github")
_HEADER = ("TIER", "WHERE", "WHAT", "BY")
_COLOURS = {"critical": "red", "high": "yellow"}
_MARKS = {"passed": click.style("[x]", fg="green"), "failed": click.style("[!]", fg="red"), "human": "[ ]"}


@click.command("review")
@click.argument("span", required=False, metavar="[RANGE]")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even where a check failed.")
@click.option(
    "-f", "--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="How to print."
)
@json_option
@pass_session
def review_command(session: Session, span: str | None, exit_zero: bool, form: str) -> int:  # noqa: FBT001
    """Say how carefully a change is to be reviewed, and what to look at.

    The riskiest thing that is touched gives the tier: critical (event classes and schemas, upcasters, the store's
    format), high (aggregates, ports), medium (command handlers, adapters) or low. A critical change needs a decision
    record.

    RANGE is BASE..HEAD, or BASE...HEAD from where the two parted. Without it: the work tree, new files included,
    against where the branch left what is published, which is [tool.jerry.append-only] published, a branch of another
    name that it tracks, the default branch of origin, main or master.

    Exit status 0: nothing failed; 1: a check failed, or a decision record is missing; 2: could not check.

    \b
    Examples:
      jerry review
      jerry review origin/main...HEAD
      jerry review origin/main...HEAD --format markdown --exit-zero
      jerry review HEAD~1..HEAD --json
    """
    from jerry_git.application.reviewing.rendering import FORMATS
    from jerry_git.application.reviewing.reviewing import review

    try:
        guard = session.app.guard
        sources, published = guard.sources, guard.settings.published
        source = sources.unpublished(published) if span is None else sources.range(span)
        found = review(source, guard.reader, guard.settings, session.app.layers)
    except (CannotCheckError, ConfigurationError, GitError, NoWorkTreeError) as error:
        return could_not(session, error)
    form = "json" if session.json else form
    if form == "text":
        _show(found)
    else:
        click.echo(FORMATS[form](found), nl=False)
    return FOUND if found.is_refused and not exit_zero else 0


def _show(review: Review) -> None:
    from jerry_git.application.reviewing.rendering import place, verdict, what, why

    if not review.touches:
        click.echo(escaped(verdict(review)), err=True)
        return
    click.echo(_coloured(verdict(review)))
    click.echo()
    rows = [(touch.tier, *(escaped(text(touch)) for text in (place, what, why))) for touch in review.touches]
    for row in table(_HEADER, rows, flexible=_HEADER.index("WHAT"), columns=terminal_width()):
        click.echo(_coloured(row))
    tier = None
    for answer in review.answers:
        if answer.question.tier != tier:
            tier = answer.question.tier
            click.echo(f"\n{_coloured(tier)}")
        _show_answer(answer)
    waiting = sum(answer.outcome == "human" for answer in review.answers)
    failed = sum(answer.outcome == "failed" for answer in review.answers)
    passed = len(review.answers) - waiting - failed
    counted = f"{passed} checked [x], {failed} failed [!], {waiting} for a human [ ]"
    click.echo(f"\n{escaped(review.source)}: {counted}", err=True)


def _show_answer(answer: Answer) -> None:
    from jerry_git.application.reviewing.rendering import said

    click.echo(f"{_MARKS[answer.outcome]} {escaped(said(answer))}")
    for found in answer.findings:
        show_finding(found)


def _coloured(text: str) -> str:
    """A line with the tier that it begins with in colour, where it is one to look at."""
    for tier, colour in _COLOURS.items():
        if text.startswith(tier):
            return click.style(tier, fg=colour) + text.removeprefix(tier)
    return text
