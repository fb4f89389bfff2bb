"""`jerry reconcile`: people say which of the values holds that branches disagree about."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from jerry_git.application import commands
from jerry_git.cli.options import items_argument, json_option, reason_option
from jerry_git.cli.outcomes import carry_out
from jerry_git.cli.printing import cell, line, shorten
from jerry_git.cli.screens import disagreement
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import RefusedError
from jerry_git.cli.views import said

if TYPE_CHECKING:
    from jerry_domain.services.divergence import Divergence
    from jerry_git.application.board import Board
    from jerry_git.application.commands import Outcome
    from jerry_git.application.commands.reconciling import Choice

_NOTHING = "none"
_SKIP = "s"


@click.command("reconcile")
@items_argument(required=False)
@click.option("--all", "everything", is_flag=True, help="Every item that branches disagree about.")
@click.option("--ours", "side", flag_value="ours", help="What this clone, or else this branch, says.")
@click.option("--theirs", "side", flag_value="theirs", help="What was merged into it.")
@click.option("--keep", "side", flag_value="keep", help="What is in effect now.")
@click.option("--to", "value", metavar="VALUE", help="This value, `none` for nothing; only where a branch says so.")
@click.option("--field", "field", metavar="FIELD", help="Only this field: status, title, priority, ...")
@reason_option
@json_option
@pass_session
def reconcile_command(
    session: Session,
    items: tuple[str, ...],
    everything: bool,  # noqa: FBT001
    side: str | None,
    value: str | None,
    field: str | None,
    reason: str,
) -> int:
    """Say what holds where branches disagree about items.

    Merging never fails over work items. Where two branches moved an item to different statuses, or wrote different
    titles, all clones show the same one of the two, and both are kept until somebody decides. On a
    terminal you are asked about each field; elsewhere say --ours, --theirs, --keep or --to.

    \b
    Examples:
      jerry reconcile                         ask about everything
      jerry reconcile WORK-1 --to done
      jerry reconcile WORK-1 --theirs --field title
      jerry reconcile --all --keep --reason "the merge of October"
    """
    if side and value is not None:
        raise click.UsageError("--to names a value: --ours, --theirs and --keep choose one, so give one of them")
    if items and everything:
        raise click.UsageError("name items, or ask for --all, but not both")
    board = session.board()
    wanted = dict.fromkeys(board.find(item).item_id for item in items) if items else dict.fromkeys(board.divergences)
    _check_field(board, list(wanted), field)
    if not wanted and not session.json:
        click.echo("all branches agree, nothing to settle")
        return 0
    choose = _chooser(session, board, [key for key in wanted if key in board.divergences], side, value)

    def settle(item_id: str) -> Outcome:
        found = board.divergences.get(item_id, ())
        chosen = {each.field: choose(item_id, each) for each in found if field in (None, each.field)}
        if value is not None and found and all(word is None for word in chosen.values()):
            raise _not_said(board, board.name(item_id), found, value)
        return commands.reconcile(session.app, item_id, _as_chosen(found, chosen), reason)

    return carry_out(session, list(wanted), settle, _settled, "has nothing to settle, nothing to write")


def _check_field(board: Board, keys: Sequence[str], field: str | None) -> None:
    known = sorted({each.field for key in keys for each in board.divergences.get(key, ())})
    if field is not None and field not in known:
        hint = f"they disagree about: {', '.join(known)}" if known else "they agree about everything"
        raise RefusedError("no-divergence", f"no branches disagree about {cell(field)!r} there", hint)


def _as_chosen(found: Sequence[Divergence], chosen: Mapping[str, str | None]) -> Choice:
    """What was chosen, as long as the branches still say what they said when it was."""
    asked = {each.field: each.rivals for each in found}

    def choose(each: Divergence) -> str | None:
        return chosen.get(each.field) if asked.get(each.field) == each.rivals else None

    return choose


def _chooser(
    session: Session, board: Board, keys: Sequence[str], side: str | None, value: str | None
) -> Callable[[str, Divergence], str | None]:
    if side == "keep":
        return lambda _, found: found.effective.value
    if side is not None:
        return lambda item_id, found: _of_side(session, board, item_id, found, side)
    if value is not None:
        wanted = "" if value == _NOTHING else value
        return lambda _, found: next(
            (rival.value for rival in found.rivals if said(board, found.field, rival.value) == wanted), None
        )
    if keys and (session.json or sys.stdin is None or not sys.stdin.isatty()):
        names = ", ".join(f"{board.name(key)} ({_fields(board.divergences[key])})" for key in keys)
        hint = "choose with --ours, --theirs, --keep or --to VALUE; `jerry show ITEM` tells what the branches say"
        raise RefusedError("nobody-to-ask", f"branches disagree about {names}", hint)
    return lambda item_id, found: _ask(board, item_id, found)


def _of_side(session: Session, board: Board, item_id: str, found: Divergence, side: str) -> str:
    own = session.app.ours(item_id, [rival.event_id for rival in found.rivals])
    values = {rival.value for rival in found.rivals if (rival.event_id in own) == (side == "ours")}
    if len(values) == 1:
        return values.pop()
    message = f"which {found.field} of {board.name(item_id)} is {side} cannot be told"
    hint = f"say which: jerry reconcile {board.name(item_id)} --field {found.field} --to {_choices(board, found)}"
    raise RefusedError("no-side", message, hint)


def _ask(board: Board, item_id: str, found: Divergence) -> str | None:
    click.echo(f"{click.style(board.name(item_id), bold=True)} {line(board.items[item_id].title)}", err=True)
    for row in disagreement(board, found):
        click.echo(row, err=True)
    for number, word in enumerate(found.values, 1):
        shown = shorten(cell(said(board, found.field, word)), 60) or "nothing"
        click.echo(f"  {number}) {shown}", err=True)
    answers = [str(number) for number in range(1, len(found.values) + 1)]
    answer = click.prompt(f"Which holds? ({_SKIP} to skip)", type=click.Choice([*answers, _SKIP]), err=True)
    return None if answer == _SKIP else found.values[int(answer) - 1]


def _not_said(board: Board, name: str, found: Sequence[Divergence], value: str) -> RefusedError:
    says = "; ".join(f"{each.field}: {_choices(board, each)}" for each in found)
    return RefusedError("not-a-rival", f"no branch says {cell(value)!r} of {name}", f"the branches say {says}")


def _choices(board: Board, found: Divergence) -> str:
    return " or ".join(repr(shorten(cell(said(board, found.field, word)), 40) or _NOTHING) for word in found.values)


def _fields(found: Sequence[Divergence]) -> str:
    return ", ".join(each.field for each in found)


def _settled(result: Outcome) -> str:
    kinds = {event.event_type.split(".")[-2] for event in result.events}
    return f"reconciled to {result.after.status}" if "reconciled" in kinds else "reconciled"
