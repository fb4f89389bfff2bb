"""Arguments and options that many commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jerry_git.cli.session import Session

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., Any])

_DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


def complete_items(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Display ids that begin with what was typed, with their titles; none rather than an error."""
    from click.shell_completion import CompletionItem

    session = ctx.find_root().ensure_object(Session)
    session.folder = session.folder or ctx.find_root().params.get("folder")
    try:
        board = session.app.board()
    except Exception:  # noqa: BLE001 - a completion has nowhere to tell an error
        return []
    return [
        CompletionItem(state.display_id, help=state.title)
        for state in (board.items[key] for key in board.items.named_like(incomplete.upper()))
        if not state.deleted
    ]


def items_argument(*, required: bool = True) -> Callable[[F], F]:
    """ITEM...: one or several references to items."""
    return click.argument("items", nargs=-1, required=required, metavar="ITEM...", shell_complete=complete_items)


item_argument = click.argument("item", metavar="ITEM", shell_complete=complete_items)


def choice(values: type[StrEnum]) -> click.Choice[str]:
    """One of the values of an enumeration, as a text: click 8.2 and later would offer the members' names."""
    return click.Choice([member.value for member in values])


def _note_json(ctx: click.Context, param: click.Parameter, value: bool) -> bool:  # noqa: ARG001, FBT001
    ctx.find_root().ensure_object(Session).json = value
    return value


json_option = click.option(
    "--json", "as_json", is_flag=True, is_eager=True, expose_value=False, callback=_note_json, help="Print JSON."
)
reason_option = click.option("-r", "--reason", default="", metavar="TEXT", help="Why; kept in the history.")


def _note_moment(ctx: click.Context, param: click.Parameter, value: str | None) -> None:  # noqa: ARG001
    ctx.find_root().ensure_object(Session).as_of = value


as_of_option = click.option(
    "--as-of",
    metavar="REV|DATE",
    expose_value=False,
    callback=_note_moment,
    help="As committed at a revision, or on a date: 2026-11-01, 2026-11-01T14:30, yesterday, 3d or 2w ago.",
)


def day(text: str) -> date | None:
    """A day: 2026-12-24, today, tomorrow, or +3d from today; None for `none`. Raises `click.BadParameter`."""
    word = text.strip().lower()
    if word == "none":
        return None
    days = {"today": 0, "tomorrow": 1}.get(word)
    if match := re.fullmatch(r"\+(\d{1,5})d", word):
        days = int(match[1])
    try:
        if days is not None:
            # The user's own day: a due date has no time of day and no zone.
            return date.today() + timedelta(days=days)  # noqa: DTZ011
        return date.fromisoformat(word)
    except (ValueError, OverflowError):  # the calendar ends with the year 9999
        message = f"{text!r} is not a day: write 2026-12-24, today, tomorrow, +3d or none"
        raise click.BadParameter(message) from None


def work_time(text: str) -> timedelta | None:
    """Work such as 90m, 2h, 1h30m, 3d of 8 hours or 1w of 5 days; None for `none`. Raises `click.BadParameter`."""
    return _duration(text, hours_a_day=8, days_a_week=5)


def clock_time(text: str) -> timedelta | None:
    """Time on the clock such as 90m, 2h or 3d; None for `none`. Raises `click.BadParameter`."""
    return _duration(text, hours_a_day=24, days_a_week=7)


def _duration(text: str, hours_a_day: int, days_a_week: int) -> timedelta | None:
    word = text.strip().lower()
    if word == "none":
        return None
    match = _DURATION.fullmatch(word)
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    total = (weeks * days_a_week + days) * hours_a_day * 60 + hours * 60 + minutes
    if not 0 < total <= 10_000_000:
        raise click.BadParameter(f"{text!r} is not a length of time: write 90m, 2h, 1h30m or 3d")
    return timedelta(minutes=total)
