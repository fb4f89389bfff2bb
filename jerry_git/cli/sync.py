"""`jerry sync`: several clones become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jerry_git.application.checking.rendering import as_data
from jerry_git.application.syncing import Synced, sync
from jerry_git.cli.checking import show_finding
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import line
from jerry_git.cli.session import Session, pass_session

if TYPE_CHECKING:
    from jerry_git.application.board import Board

REFUSED = 1
_WAYS = {"fast-forward": "forward", "merge": "by a merge", "rebase": "by a rebase"}


@click.command("sync")
@click.argument("remote", required=False, metavar="[REMOTE]")
@click.option("--no-push", "keep", is_flag=True, help="Bring in what is there, and send nothing.")
@json_option
@pass_session
def sync_command(session: Session, remote: str | None, keep: bool) -> int:  # noqa: FBT001
    """Bring this branch and its other end on a remote together.

    Commits pending events, fetches, merges or rebases (as `sync.integrate` or git's own settings say), checks what is
    to go out, and pushes; when somebody else's push came first, all of that again. Everything is done by git
    itself, with your hooks and signing. Your own uncommitted work is never touched: where it is in the way, nothing
    is done.

    \b
    Examples:
      jerry sync
      jerry sync upstream
      jerry sync --no-push
    """
    done = sync(session.app.upstream(remote), send=not keep)
    refused = done.report is not None and done.report.is_refused
    board = session.board()
    if session.json:
        session.emit_json("jerry.sync.v1", **_data(done, board))
    else:
        _print(done, board)
    return REFUSED if refused else 0


def _data(done: Synced, board: Board) -> dict[str, Any]:
    report = done.report
    return {
        "upstream": done.upstream,
        "committed": None if done.committed is None else done.committed.commit,
        "received": done.received,
        "ways": list(done.ways),
        "sent": done.sent,
        "tries": done.tries,
        "findings": [] if report is None else [as_data(found) for found in report.findings],
        "in_conflict": [board.name(key) for key in board.divergences],
    }


def _print(done: Synced, board: Board) -> None:
    if done.committed is not None:
        click.echo(f"committed {done.committed.commit[:8]}: {line(done.committed.subject)}")
    if done.received:
        ways = ", ".join(dict.fromkeys(_WAYS[way] for way in done.ways))
        click.echo(f"{_commits(done.received)} came in from {line(done.upstream)}, {ways}")
    if done.report is not None:
        for found in done.report.findings:
            show_finding(found)
    if done.report is not None and done.report.is_refused:
        click.echo("nothing was sent: mend what was found, and sync again", err=True)
    elif done.sent:
        tries = f", at the {done.tries}th try" if done.tries > 3 else ""
        click.echo(f"{_commits(done.sent)} went out to {line(done.upstream)}{tries}")
    elif not done.received:
        click.echo(f"{line(done.upstream)} and this branch are one already")
    if board.divergences:
        names = ", ".join(board.name(key) for key in board.divergences)
        click.echo(f"branches disagree about {line(names)}: `jerry reconcile` settles it", err=True)


def _commits(count: int) -> str:
    return f"{count} commit{'' if count == 1 else 's'}"
