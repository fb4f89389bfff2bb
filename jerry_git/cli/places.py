"""What each place says of items, on a screen and as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from jerry_git.cli.printing import table, terminal_width
from jerry_git.cli.views import brief

if TYPE_CHECKING:
    from jerry_domain.aggregates.work_item_state import WorkItemState
    from jerry_git.application.board import Board
    from jerry_git.application.places import Row, Sighting
    from jerry_git.cli.session import Session

_NOWHERE = "not there"


def show_places(session: Session, board: Board, sightings: Sequence[Sighting]) -> None:
    """Print a row for each item and place; this place is marked by an asterisk."""
    if session.json:
        session.emit_json("jerry.places.v1", items=[_data(board, sighting) for sighting in sightings])
        return
    rows = [_row(sighting, row) for sighting in sightings for row in sighting.rows]
    lines = table(("ID", "PLACE", "STATUS", "PRIORITY", "UPDATED (UTC)", "TITLE"), rows, 5, terminal_width())
    if rows:
        click.echo(click.style(lines[0], dim=True))
        click.echo("\n".join(lines[1:]))
    else:
        click.echo("no such items in any place", err=True)


def _row(sighting: Sighting, row: Row) -> tuple[str, ...]:
    state = row.state
    place = f"{'* ' if row.place.here else '  '}{row.place.name}"
    if state is None:
        return (sighting.name, place, _NOWHERE, "", "", "")
    status = "deleted" if state.deleted else str(state.status)
    updated = "" if state.updated_at is None else f"{state.updated_at:%Y-%m-%d %H:%M}"
    return (state.name, place, status, str(state.priority), updated, state.title)


def _item(board: Board, state: WorkItemState) -> dict[str, Any]:
    """An item as another place has it, beside the items of this one."""
    return brief(replace(board, items=board.items.changed(state), divergences={}), state)


def _data(board: Board, sighting: Sighting) -> dict[str, Any]:
    return {
        "id": sighting.name,
        "internal_id": sighting.item_id,
        "places": [
            {
                "name": row.place.name,
                "path": row.place.path or None,
                "here": row.place.here,
                "item": None if row.state is None else _item(board, row.state),
            }
            for row in sighting.rows
        ],
    }
