"""`jerry archive` and `jerry stats`: old events in few files, and what that saves."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click

from jerry_git.application import archiving
from jerry_git.application.archiving import PutAway, Size, Statistics
from jerry_git.application.errors import GitError
from jerry_git.application.past import read_date
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import line, table, terminal_width
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import warn

_OLD = "90d"
_FEW = 10


def _before(ctx: click.Context, param: click.Parameter, value: str) -> datetime:  # noqa: ARG001
    found = read_date(value, ctx.find_root().ensure_object(Session).app.clock.now())
    if found is None:
        raise click.BadParameter(f"{value!r} is not a date: write 2026-01-31, or 90d or 26w for so long ago")
    return found


before_option = click.option(
    "--before",
    default=_OLD,
    show_default=True,
    metavar="DATE",
    callback=_before,
    help="Items of which nothing was said since then: 2026-01-31, or 90d or 26w ago.",
)


@click.command("archive")
@before_option
@click.option("-n", "--dry-run", is_flag=True, help="Tell what would be put away, and do nothing.")
@click.option("--commit", "at_once", is_flag=True, help="Commit it as well, and nothing else.")
@json_option
@pass_session
def archive_command(session: Session, before: datetime, dry_run: bool, at_once: bool) -> int:  # noqa: FBT001
    """Put the events of items that are closed for long into archives.

    Their event files become lines of one file for each month in .jerry/archive/, as they stand, and go; archives
    are never altered. Nothing else changes: items are found, shown and reopened as before. Only what is
    committed as it stands is put away. The change is staged for your next `git commit`, as new events are.
    Archive while few branches are open: git may take files that go for renamed (docs/archiving.md).

    \b
    Examples:
      jerry archive --dry-run
      jerry archive --commit
      jerry archive --before 2026-01-31
    """
    if dry_run:
        return _foretell(session, archiving.statistics(session.board(), session.app.storeroom, before))
    with session.app.writing_locks.hold(f"archive-{session.app.repository.git_dir.name}"):
        done = archiving.put_away(session.board(), session.app.storeroom, before, _shown)
    commit = _committed(session, done) if at_once else None
    if session.json:
        session.emit_json(
            "jerry.archive.v1",
            items=len(done.streams),
            files=len(done.files),
            archives=list(done.archives),
            kept=[_name(stream) for stream in done.kept],
            commit=commit,
        )
    else:
        _print(session, done, commit)
    return 0


def _committed(session: Session, done: PutAway) -> str | None:
    """The commit of what was put away, now or by a run whose change is not committed; None where there is nothing."""
    session.flush()  # as the settings say: it may be committed by that
    try:
        committed = session.app.commit_pending(archived=True)
    except GitError:
        warn(
            "old events are put away, and not committed",
            "`jerry archive --commit` or your next commit takes them along",
        )
        raise
    if committed:
        return committed[1].commit
    return session.app.git.names_commit("HEAD") if done.streams else None


def _shown(streams: Sequence[str]) -> Iterable[str]:
    """The streams, with a bar on a terminal."""
    if not sys.stderr.isatty():
        yield from streams
        return
    with click.progressbar(streams, label="Reading old events", file=sys.stderr) as bar:
        yield from bar


def _name(stream: str) -> str:
    return stream.partition("-")[2]


def _foretell(session: Session, told: Statistics) -> int:
    if session.json:
        session.emit_json(
            "jerry.archive.v1",
            items=told.archivable,
            files=told.saving.files,
            archives=[],
            kept=[_name(stream) for stream in told.kept],
            commit=None,
        )
    elif told.archivable:
        click.echo(f"{_items(told.archivable)} would be put away: {_described(told.saving)}")
    else:
        click.echo("nothing would be put away" if told.kept else "nothing is old enough to be put away")
    _tell_of_kept(session, told.kept)
    return 0


def _print(session: Session, done: PutAway, commit: str | None) -> None:
    if done.streams:
        archives = f"{len(done.archives)} archive{'' if len(done.archives) == 1 else 's'}"
        click.echo(f"{_items(len(done.streams))} put away: {_files(len(done.files))} went into {archives}")
    else:
        click.echo("nothing more to put away" if commit else "nothing to put away")
    if commit:
        click.echo(f"committed as {commit[:8]}")
    _tell_of_kept(session, done.kept)


def _tell_of_kept(session: Session, kept: Sequence[str]) -> None:
    if kept and not session.json:
        board = session.board()
        names = ", ".join(board.name(_name(stream)) for stream in kept[:_FEW])
        more = f" and {len(kept) - _FEW} more" if len(kept) > _FEW else ""
        click.echo(f"left as they are, for their events are not committed as they stand: {line(names)}{more}", err=True)


@click.command("stats")
@before_option
@json_option
@pass_session
def stats_command(session: Session, before: datetime) -> int:
    """Show how much the store holds, and what archiving would save.

    \b
    Examples:
      jerry stats
      jerry stats --before 26w
    """
    told = archiving.statistics(session.board(), session.app.storeroom, before)
    if session.json:
        session.emit_json("jerry.stats.v1", **_data(told, before))
    else:
        _show(told, before)
    return 0


def _data(told: Statistics, before: datetime) -> dict[str, Any]:
    return {
        "items": told.items,
        "open": told.is_open,
        "event_files": _size(told.files),
        "archives": {**_size(told.archives), "appends": told.archived},
        "months": [{"month": month, "items": count, **_size(size)} for month, (count, size) in told.months.items()],
        "archivable": {"before": before.isoformat(), "items": told.archivable, **_size(told.saving)},
    }


def _size(size: Size) -> dict[str, int]:
    return {"files": size.files, "bytes": size.content, "disk_bytes": size.disk}


def _show(told: Statistics, before: datetime) -> None:
    click.echo(f"{_items(told.items)}, {told.is_open} open")
    click.echo(f"Event files: {_described(told.files)}")
    if told.archives.files:
        click.echo(f"Archives:    {_described(told.archives)}, with {_files(told.archived)} of old")
    rows = [
        (month or "unknown", f"{count}", f"{size.files}", _bytes(size.content), _bytes(size.disk))
        for month, (count, size) in told.months.items()
    ]
    if rows:
        click.echo()
        for row in table(("MONTH", "ITEMS", "FILES", "CONTENT", "ON DISK"), rows, flexible=0, columns=terminal_width()):
            click.echo(row)
    click.echo()
    if told.archivable:
        saving = f"{_items(told.archivable)}: {_described(told.saving)}"
        click.echo(f"Since {before:%Y-%m-%d} nothing was said of {saving}")
        click.echo("`jerry archive` would put them into a file for each month")
    elif told.kept:
        click.echo(
            f"Nothing to archive: what is closed since {before:%Y-%m-%d} or longer is not committed as it stands"
        )
    else:
        click.echo(f"Nothing to archive: no item is closed since {before:%Y-%m-%d} or longer")


def _items(count: int) -> str:
    return f"{count} item{'' if count == 1 else 's'}"


def _files(count: int) -> str:
    return f"{count} event file{'' if count == 1 else 's'}"


def _described(size: Size) -> str:
    return f"{size.files} file{'' if size.files == 1 else 's'}, {_bytes(size.content)}, {_bytes(size.disk)} on the disk"


def _bytes(count: int) -> str:
    """A number of bytes for people, in units of 1,024."""
    amount = float(count)
    for unit in ("bytes", "KiB", "MiB"):
        if amount < 1024:
            return f"{count} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GiB"
