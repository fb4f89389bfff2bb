"""Arguments and options that many commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jerry_git.cli.session import Session

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])

_DURATION = re.compile(r"(?:(?P<w>\d+)w)?(?:(?P<d>\d+)d)?(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?")


def complete_items(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Display ids that begin with what was typed, with their titles; none rather than an error."""
    from click.shell_completion import CompletionItem

    from jerry_git.application.board import load_board

    session = ctx.find_root().ensure_object(Session)
    session.folder = session.folder or ctx.find_root().params.get("folder")
    try:
        board = load_board(session.app.store)
    except Exception:  # noqa: BLE001 - a completion has nowhere to tell an error
        return []
    return [
        CompletionItem(state.display_id, help=state.title)
        for state in board.items.values()
        if state.display_id.startswith(incomplete.upper()) and not state.deleted
    ]


def items_argument(*, required: bool = True) -> Callable[[F], F]:
    """ITEM...: one or several references to items."""
    return click.argument("items", nargs=-1, required=required, metavar="ITEM...", shell_complete=complete_items)


item_argument = click.argument("item", metavar="ITEM", shell_complete=complete_items)


def _note_json(ctx: click.Context, param: click.Parameter, value: bool) -> bool:  # noqa: ARG001, FBT001
    ctx.find_root().ensure_object(Session).json = value
    return value


json_option = click.option(
    "--json", "as_json", is_flag=True, is_eager=True, expose_value=False, callback=_note_json, help="Print JSON."
)
reason_option = click.option("-r", "--reason", default="", metavar="TEXT", help="Why; kept in the history.")


class DateType(click.ParamType):
    """A day: 2026-12-24, today, tomorrow, or +3d from today; `none` clears."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | None:
        """The day, or None for `none`."""
        text = str(value).strip().lower()
        if text == "none":
            return None
        # The user's own day: a due date has no time of day and no zone.
        days = {"today": 0, "tomorrow": 1}.get(text)
        if match := re.fullmatch(r"\+(\d{1,5})d", text):
            days = int(match[1])
        if days is not None:
            return date.today() + timedelta(days=days)  # noqa: DTZ011
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fail(f"{value!r} is not a day: write 2026-12-24, today, tomorrow, +3d or none", param, ctx)


class DurationType(click.ParamType):
    """A length of time such as 90m, 2h, 1h30m or 3d; the hours of a day and the days of a week are given."""

    name = "duration"

    def __init__(self, hours_a_day: int, days_a_week: int) -> None:
        self._day = hours_a_day * 60
        self._week = days_a_week * self._day

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta | None:
        """The time, or None for `none`."""
        text = str(value).strip().lower()
        if text == "none":
            return None
        match = _DURATION.fullmatch(text)
        parts = {unit: int(number or 0) for unit, number in match.groupdict().items()} if match else {}
        minutes = parts and parts["w"] * self._week + parts["d"] * self._day + parts["h"] * 60 + parts["m"]
        if not minutes or minutes > 10_000_000:
            self.fail(f"{value!r} is not a length of time: write 90m, 2h, 1h30m or 3d", param, ctx)
        return timedelta(minutes=minutes)


WORK_TIME = DurationType(hours_a_day=8, days_a_week=5)
CLOCK_TIME = DurationType(hours_a_day=24, days_a_week=7)
