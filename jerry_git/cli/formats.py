"""Lists of items in the formats that people and programs ask for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from jerry_git.cli.printing import cell, table, terminal_width
from jerry_git.cli.talk import RefusedError
from jerry_git.cli.views import FLAT_COLUMNS, as_of, brief, flat, full, problems

if TYPE_CHECKING:
    from jerry_domain.aggregates.work_item_state import WorkItemState
    from jerry_git.application.board import Board
    from jerry_git.cli.session import Session

FORMATS = ("table", "json", "jsonl", "csv", "markdown", "toon")
_TABLE = ("id", "type", "status", "priority", "title", "assignee", "blocked_by")
_HEADS = {"blocked_by": "blocked by"}
_STATUS_COLOURS = {"in_progress": "yellow", "blocked": "red", "done": "green", "cancelled": "bright_black"}


def emit(session: Session, board: Board, states: Sequence[WorkItemState], form: str, *, detailed: bool = False) -> None:
    """Print `states` in a format; json and jsonl have everything about each when `detailed`."""
    view = full if detailed else brief
    match form:
        case "json":
            items = [view(board, state) for state in states]
            session.emit_json("jerry.items.v1", items=items, problems=problems(board), as_of=as_of(session.moment))
        case "jsonl":
            for state in states:
                click.echo(json.dumps(view(board, state), ensure_ascii=False))
        case "csv":
            click.echo(_csv([flat(board, state) for state in states]), nl=False)
        case "markdown":
            click.echo(_markdown([flat(board, state) for state in states]), nl=False)
        case "toon":
            click.echo(_toon([flat(board, state) for state in states]))
        case _:
            _table(board, states)


def _table(board: Board, states: Sequence[WorkItemState]) -> None:
    rows = [flat(board, state) for state in states]
    columns = [name for name in _TABLE if name in _TABLE[:5] or any(row[name] for row in rows)]
    for row in rows:
        row["assignee"] = row["assignee"].partition(" <")[0]
    lines = table(
        [_HEADS.get(name, name).upper() for name in columns],
        [[row[name] for name in columns] for row in rows],
        columns.index("title"),
        terminal_width(),
    )
    colours = [_STATUS_COLOURS.get(row["status"].partition(" ")[0]) for row in rows]
    coloured = (click.style(text, fg=colour) for text, colour in zip(lines[1:], colours, strict=True))
    click.echo("\n".join((click.style(lines[0], dim=True), *coloured)))


def _csv(rows: Sequence[dict[str, str]]) -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FLAT_COLUMNS)
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


def _markdown(rows: Sequence[dict[str, str]]) -> str:
    lines = [list(FLAT_COLUMNS), ["---"] * len(FLAT_COLUMNS)]
    lines += [[cell(value).replace("\\", "\\\\").replace("|", "\\|") for value in row.values()] for row in rows]
    return "".join(f"| {' | '.join(columns)} |\n" for columns in lines)


def _toon(rows: Sequence[dict[str, str]]) -> str:
    """One flat table under the key `items`: a length, the columns, and a line for each item (PAT-005)."""
    try:
        from toon_format import encode
    except ImportError:
        hint = "pip install 'jerry-git[toon]'"
        raise RefusedError("toon-missing", "the format toon needs the package toon-format", hint) from None
    return str(encode({"items": rows})) if rows else f"items[0]{{{','.join(FLAT_COLUMNS)}}}:"


def count_line(board: Board, states: Sequence[WorkItemState], one: str, many: str) -> None:
    """Tell on stderr how many there are, and what is to be settled, where a person reads a table."""
    click.echo(f"{len(states)} {one if len(states) == 1 else many}", err=True)
    if any(state.item_id in board.divergences for state in states):
        click.echo("branches disagree about some of them: `jerry reconcile` settles it", err=True)
