"""`jerry check`: the rules over the work tree, the index, a revision or a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jerry_git.application.checking.findings import CannotCheckError, Finding, Report, joined
from jerry_git.application.checking.rendering import FORMATS, lines
from jerry_git.application.errors import ConfigurationError, GitError, NoWorkTreeError
from jerry_git.cli.errors import explain
from jerry_git.cli.options import json_option
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import as_json, say, warn_of_left_out

if TYPE_CHECKING:
    from jerry_git.application.checking.guard import Guard
    from jerry_git.application.checking.sources import Source

FOUND, UNKNOWN = 1, 2
_COLOURS = {"error": "red", "warning": "yellow"}


@click.command("check")
@click.argument("revision", required=False, metavar="[REVISION]")
@click.option("--staged", is_flag=True, help="Check what the next commit changes.")
@click.option("--range", "span", metavar="BASE..HEAD", help="Check what HEAD changes, tree against tree.")
@click.option("--whole", is_flag=True, help="With --staged or --range: check what did not change as well.")
@click.option(
    "-f", "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to print."
)
@json_option
@pass_session
def check_command(
    session: Session,
    revision: str | None,
    staged: bool,  # noqa: FBT001
    span: str | None,
    whole: bool,  # noqa: FBT001
    form: str,
) -> int:
    """Check that events are only added, and that every stream is legal.

    Without arguments it checks everything in the work tree. Exit status 0: no errors; 1: errors found;
    2: could not check. docs/findings has a page for each code.

    \b
    Examples:
      jerry check
      jerry check --staged
      jerry check --range origin/main..HEAD --format github
      jerry check v1.2.0 --json
    """
    if sum((revision is not None, staged, span is not None)) > 1:
        raise click.UsageError("REVISION, --staged and --range exclude each other.")
    try:
        guard = session.app.guard
        source = _source(guard, revision, span, staged=staged)
        whole = whole or not (staged or span)
        report = guard.checked(source, whole=whole)
        if whole and guard.settings.layers.declares:
            report = joined(report, session.app.layers(source, guard.reader, guard.settings))
        left_out = None if revision or staged or span else session.app.left_out()
    except (CannotCheckError, ConfigurationError, GitError, NoWorkTreeError) as error:
        return could_not(session, error)
    if session.json or form != "text":
        click.echo(FORMATS["json" if session.json else form](report), nl=False)
    else:
        show(report)
    warn_of_left_out(left_out)
    return FOUND if report.is_refused else 0


def _source(guard: Guard, revision: str | None, span: str | None, *, staged: bool) -> Source:
    published = guard.settings.published
    if span is not None:
        return guard.sources.range(span)
    if revision is not None:
        return guard.sources.revision(revision, published)
    return guard.sources.index(published) if staged else guard.sources.work_tree(published)


def could_not(session: Session, error: Exception) -> int:
    """Say why nothing is known, which never passes for clean; returns the exit status."""
    explanation = explain(error)
    assert explanation is not None  # noqa: S101 - every error that is caught above has words
    say(explanation)
    if session.json:
        session.emit_json("jerry.error.v1", error=as_json(explanation))
    return UNKNOWN


def show(report: Report, noun: str = "event file") -> None:
    """Findings for people on stdout, and on stderr what was looked at."""
    for found in report.findings:
        show_finding(found)
    errors = sum(found.severity == "error" for found in report.findings)
    warnings = len(report.findings) - errors
    counted = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}" if report.findings else "nothing found"
    click.echo(f"{counted} in {report.source} ({_count(report.files, noun)} read)", err=True)


def show_finding(found: Finding) -> None:
    """One finding, its severity in colour."""
    first, *rest = lines(found)
    mark = f"{found.severity}[{found.code}]"
    click.echo(first.replace(mark, click.style(mark, fg=_COLOURS[found.severity]), 1))
    for text in rest:
        click.echo(text)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
