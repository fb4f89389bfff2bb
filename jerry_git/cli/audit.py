"""`jerry audit`: the proof that no event was ever altered."""

from __future__ import annotations

import sys
from datetime import UTC
from typing import TYPE_CHECKING, Any

import click

from jerry_git.application.auditing import Addition, AuditReport, audit
from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.checking.rendering import as_data
from jerry_git.application.errors import GitError, NoWorkTreeError
from jerry_git.cli.checking import could_not, show_finding
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import escaped, table, terminal_width
from jerry_git.cli.session import Session, pass_session

if TYPE_CHECKING:
    from jerry_git.application.auditing import AuditedHistory

FOUND = 1
_HEADER = ("FILE", "COMMIT", "DATE", "SIGNATURE", "AUTHOR")
_AUTHOR = _HEADER.index("AUTHOR")


@click.command("audit")
@click.argument("revision", default="HEAD", metavar="[REVISION]")
@click.option("--list", "listed", is_flag=True, help="Print every event file, with the commit that added it.")
@json_option
@pass_session
def audit_command(session: Session, revision: str, listed: bool) -> int:  # noqa: FBT001
    """Prove that no event was ever altered, over the whole history.

    Reads every commit from the first to REVISION (HEAD unless told otherwise): each event file was added once, and no
    commit or merge altered, removed or replaced it. Exit status 0: so it is; 1: it is not; 2: could not check.

    \b
    Examples:
      jerry audit
      jerry audit v1.2.0
      jerry audit --list
      jerry audit --json
    """
    try:
        report = _audited(session.app.audited_history(revision), quiet=session.json)
    except (CannotCheckError, GitError, NoWorkTreeError) as error:
        return could_not(session, error)
    if session.json:
        session.emit_json("jerry.audit.v1", **_as_json(report))
    else:
        _show(report, revision, listed=listed)
    return FOUND if report.findings else 0


def _audited(history: AuditedHistory, *, quiet: bool) -> AuditReport:
    """The report, with a bar on a terminal that goes on with each commit."""
    if quiet or not sys.stderr.isatty():
        return audit(history)
    total = history.commits
    with click.progressbar(
        length=total, label="Reading history", file=sys.stderr, update_min_steps=max(total // 200, 1)
    ) as bar:
        return audit(history, lambda: bar.update(1))


def _show(report: AuditReport, revision: str, *, listed: bool) -> None:
    if listed and report.additions:
        rows = [_row(addition) for addition in report.additions]
        for row in table(_HEADER, rows, flexible=_AUTHOR, columns=terminal_width()):
            click.echo(row)
        click.echo()
    for found in report.findings:
        show_finding(found)
    for sentence in _figures(report, revision):
        click.echo(escaped(sentence))


def _row(addition: Addition) -> tuple[str, ...]:
    """Path, commit, date, signature, author."""
    day = f"{addition.at:%Y-%m-%d}"
    return escaped(addition.path), addition.commit[:8], day, addition.signature, escaped(addition.author)


def _figures(report: AuditReport, revision: str) -> list[str]:
    """What was looked at, and what came of it."""
    looked = f"{_count(report.commits, 'commit')} up to {revision}"
    if report.revision:
        looked += f" ({report.revision[:8]})"
    proved = "each added once and never altered" if report.files else "no event is committed yet"
    faults = _count(len(report.findings), "breach", "breaches")
    figures = [f"{looked}, {_count(report.files, 'event file')}: {faults if report.findings else proved}"]
    if report.repeated:
        figures.append(f"{_count(report.repeated, 'event file')} added alike by several commits, as by a cherry-pick")
    states = report.by_signature
    if states:
        told = ", ".join(f"{number:,} {_state(state)}" for state, number in states.items())
        figures.append(f"{_count(sum(states.values()), 'commit')} with event files: {told}")
    return figures


def _state(state: str) -> str:
    return "unsigned" if state == "none" else f"signed ({state})"


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _as_json(report: AuditReport) -> dict[str, Any]:
    return {
        "revision": report.revision or None,
        "commits": report.commits,
        "files": report.files,
        "signatures": report.by_signature,
        "findings": [{key: _sound(value) for key, value in as_data(found).items()} for found in report.findings],
        "additions": [_addition(addition) for addition in report.additions],
    }


def _sound(value: Any) -> Any:
    """A text without the bytes of a file's name that are not UTF-8, which JSON cannot hold."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _addition(addition: Addition) -> dict[str, str]:
    return {
        "path": _sound(addition.path),
        "commit": addition.commit,
        "author": addition.author,
        "at": f"{addition.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "signature": addition.signature,
    }
