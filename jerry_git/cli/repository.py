"""The verbs about the store as a whole: setting up, committing, looking after it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from jerry_git.application.checking.findings import Finding
from jerry_git.application.checking.rendering import as_data
from jerry_git.application.examination import LostFile, describe, examine, fix
from jerry_git.application.initializing import DEFAULT_PREFIX, initialize
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import escaped
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import warn_of_left_out

FOUND = 1


@click.command("init")
@click.option("-p", "--prefix", metavar="WORD", help=f"How display ids begin, set once. [default: {DEFAULT_PREFIX}]")
@json_option
@pass_session
def init_command(session: Session, prefix: str | None) -> int:
    """Set up work tracking in this repository.

    Writes a few files below .jerry/ and stages them; nothing else is touched, neither hooks nor settings.

    \b
    Examples:
      jerry init
      jerry init --prefix APP
    """
    app = session.app
    identity, written = initialize(app.folder, app.git.root_commits, app.ids.command_id, prefix)
    root = app.repository.root
    if session.json:
        session.emit_json("jerry.init.v1", root=str(root), prefix=identity.prefix, written=list(written))
    elif written:
        click.echo(f"Work tracking is set up in {escaped(str(root))}: items are called {identity.prefix}-1, ...")
        click.echo('Next: jerry new "What there is to do"')
    else:
        click.echo(f"Work tracking is set up here already: items are called {identity.prefix}-1, ...")
    return 0


@click.command("commit")
@click.option("-m", "--message", metavar="TEXT", help="The commit's message; one is made otherwise.")
@json_option
@pass_session
def commit_command(session: Session, message: str | None) -> int:
    """Commit pending events, and nothing else.

    What you have staged beside them stays staged; your hooks run, and your signing is honoured.
    Events also ride along in your own next `git commit`, for they are staged as they are written.

    \b
    Examples:
      jerry commit
      jerry commit --message "Plan the release"
    """
    committed = session.app.commit_pending(message)
    if committed is None:
        if session.json:
            session.emit_json("jerry.commit.v1", commit=None, files=[])
        else:
            click.echo("nothing to commit: every event is committed")
        return 0
    pending, done = committed
    if session.json:
        session.emit_json("jerry.commit.v1", commit=done.commit, files=[*pending.new, *pending.gone])
    else:
        files = f"{len(pending)} file{'' if len(pending) == 1 else 's'}"
        click.echo(f"committed {files} as {done.commit[:8]}: {done.subject}")
    return 0


@click.command("doctor")
@click.option(
    "--fix",
    "mend",
    is_flag=True,
    help="Mend what needs no choice: twin ids, missing files, leftovers, supposed renames.",
)
@click.option("--recover", is_flag=True, help="Bring lost events back from the journal, after asking.")
@click.option("-y", "--yes", is_flag=True, help="With --recover: do not ask.")
@json_option
@pass_session
def doctor_command(session: Session, mend: bool, recover: bool, yes: bool) -> int:  # noqa: FBT001
    """Examine the store, and mend what can be mended.

    With --fix, in a merge, rebase or cherry-pick that is under way, it also puts events and archives as the two sides
    have them, where git took them for renamed; nothing else is settled.

    Exit status 1 when something stays wrong that keeps items from being read or worked on.

    \b
    Examples:
      jerry doctor
      jerry doctor --fix
      jerry doctor --recover
    """
    app = session.app
    done = list(fix(app, app.care)) if mend else []
    if recover:
        done += _recover(session, app.care.lost(), yes=yes)
    findings = examine(app, app.care)
    warn_of_left_out(app.left_out())
    if session.json:
        session.emit_json("jerry.doctor.v1", done=done, findings=[as_data(finding) for finding in findings])
    else:
        _print(done, findings)
    return FOUND if any(finding.severity == "error" for finding in findings) else 0


def _recover(session: Session, lost: Sequence[LostFile], *, yes: bool) -> list[str]:
    if not lost:
        return []
    board = session.board()
    for file in lost:
        click.echo(f"lost: {escaped(describe(board, file))}, {escaped(file.path)}", err=True)
    if not yes and not click.confirm(f"Write these {len(lost)} files again?", err=True):
        return []
    return [f"recovered {path}" for path in session.app.care.recover([file.path for file in lost])]


def _print(done: Sequence[str], findings: Sequence[Finding]) -> None:
    for sentence in done:
        click.echo(escaped(sentence))
    for finding in findings:
        colour = "red" if finding.severity == "error" else "yellow"
        place = f"{finding.path}:{finding.line}: " if finding.line else f"{finding.path}: " if finding.path else ""
        mark = click.style(f"{finding.severity}[{finding.code}]", fg=colour)
        click.echo(f"{mark} {escaped(place + finding.message)}")
        click.echo(f"  mend: {escaped(finding.mend)}")
    if not findings:
        click.echo("all is well")
