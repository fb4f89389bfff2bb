"""The verbs that bring items in and write them out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jerry_git.application import queries
from jerry_git.cli.formats import FORMATS, emit
from jerry_git.cli.options import as_of_option, json_option
from jerry_git.cli.printing import escaped
from jerry_git.cli.session import Session, pass_session

if TYPE_CHECKING:
    from jerry_git.application.importing import ImportNote, ImportReport

BEADS = "beads"
MOST_NOTES = 10


@click.group("import")
def import_command() -> None:
    """Bring items in from another tracker.

    \b
    Examples:
      jerry import beads .beads/issues.jsonl --dry-run
      jerry import beads .beads/issues.jsonl
    """


@import_command.command("beads")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option("--notes", "all_notes", is_flag=True, help="Tell everything that was not taken over as it stood.")
@json_option
@pass_session
def beads_command(session: Session, file: Path, dry_run: bool, all_notes: bool) -> int:  # noqa: FBT001
    """Import the issues of beads (bd, br) from their JSONL file.

    Each issue comes once, however often this is run: its id there is kept as an external reference, with the
    original times and authors. What has no counterpart here is noted, and never stops the rest.

    \b
    Examples:
      jerry import beads .beads/issues.jsonl --dry-run
      jerry import beads .beads/issues.jsonl
    """
    from jerry_git.application.importing import import_items
    from jerry_git.bootstrap import foreign_items

    items, notes = foreign_items(BEADS, file)
    silent = session.json or not sys.stderr.isatty()
    with click.progressbar(length=len(items), label="importing", file=sys.stderr, hidden=silent) as bar:
        report = import_items(session.app, BEADS, items, dry_run=dry_run, step=lambda: bar.update(1))
    report.notes[:0] = notes
    if session.json:
        _print_json(session, report, dry_run=dry_run)
    else:
        _print(report, dry_run=dry_run, most=None if all_notes else MOST_NOTES)
    return 0


def _print_json(session: Session, report: ImportReport, *, dry_run: bool) -> None:
    session.emit_json(
        "jerry.import.v1",
        dry_run=dry_run,
        added=[
            {"id": state.display_id, "reference": reference.reference}
            for state in report.added
            for reference in state.imported
        ],
        known=report.known,
        by_status=report.by_status,
        notes=[{"line": note.line, "reference": note.reference, "message": note.message} for note in report.notes],
    )


def _print(report: ImportReport, *, dry_run: bool, most: int | None) -> None:
    for note in report.notes[:most]:
        click.echo(_worded(note), err=True)
    if most is not None and len(report.notes) > most:
        click.echo(f"... and {len(report.notes) - most} more notes: see them with --notes", err=True)
    would = "would be " if dry_run else ""
    click.echo(f"{len(report.added)} items {would}imported, {report.known} were here already")
    for status, count in sorted(report.by_status.items()):
        click.echo(f"  {status:<12} {count:>5}")


def _worded(note: ImportNote) -> str:
    name = f" {note.reference}" if note.reference else ""
    return escaped(f"note: line {note.line}{name}: {note.message}")


@click.command("export")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True)
@click.option("--open", "only_open", is_flag=True, help="Open items only.")
@click.option("--events", is_flag=True, help="The events themselves, one CloudEvents JSON object a line.")
@as_of_option
@json_option
@pass_session
def export_command(session: Session, form: str, only_open: bool, events: bool) -> int:  # noqa: FBT001
    """Write items out for other programs.

    json and jsonl hold everything about each item; csv, markdown and toon are one flat table.

    \b
    Examples:
      jerry export > items.jsonl
      jerry export --open --format toon
      jerry export --events > events.jsonl
      jerry export --as-of v1.0 --format csv > items-1.0.csv
    """
    board = session.board()
    if events:
        from jerry_git.bootstrap import cloudevent

        for history in board.histories.values():
            for recorded in history:
                click.echo(json.dumps(cloudevent(recorded), ensure_ascii=False))
        return 0
    states = queries.select(board, queries.Filter(closed=not only_open), "created")
    emit(session, board, states, "json" if session.json else form, detailed=True)
    return 0
