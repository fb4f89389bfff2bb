"""The verbs that compare two moments of the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from jerry_git.cli.markdown import plain, section
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import cell, shorten, table, terminal_width, width
from jerry_git.cli.session import Session, named, pass_session
from jerry_git.cli.views import as_of, moment

if TYPE_CHECKING:
    from jerry_domain.aggregates.work_item_state import WorkItemState
    from jerry_git.application.board import Board
    from jerry_git.application.comparing import Changelog, Comparison, Difference, FieldChange
    from jerry_git.application.past import Moment

_WORK_TREE = "the work tree"
_PLURALS = {"story": "Stories"}


@click.command("diff")
@click.argument("revisions", nargs=-1, required=True, metavar="REV [REV]")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("table", "json", "markdown")),
    default="table",
    show_default=True,
    help="How to print.",
)
@json_option
@pass_session
def diff_command(session: Session, revisions: tuple[str, ...], form: str) -> int:
    """Show what changed in the work between two moments.

    A moment is a revision or a date, as for `--as-of`. One alone is compared with the work tree. REV..REV is the same
    as REV REV.

    \b
    Examples:
      jerry diff HEAD
      jerry diff v1.0 v1.1
      jerry diff main..feature --json
      jerry diff 2w yesterday --format markdown
    """
    from jerry_git.application.comparing import compare

    before, after = _sides(session, revisions)
    comparison = compare(session.board_at(before), session.board() if after is None else session.board_at(after))
    between = f"between {named(before)} and {_WORK_TREE if after is None else named(after)}"
    if session.json or form == "json":
        _print_json(session, before, after, comparison)
    elif not comparison.differences:
        click.echo(f"no differences in the work {between}", err=True)
    elif form == "markdown":
        click.echo("\n".join(_markdown(comparison)), nl=False)
    else:
        click.echo("\n".join(_lines(comparison, terminal_width())))
        count = len(comparison.differences)
        click.echo(f"{count} item{'' if count == 1 else 's'} changed {between}", err=True)
    return 0


def _sides(session: Session, revisions: tuple[str, ...]) -> tuple[Moment, Moment | None]:
    """The two moments, the later None for the work tree; raises `click.UsageError`, and what `moment_of` raises."""
    if len(revisions) == 1 and ".." in revisions[0]:
        return _range(session, revisions[0])
    if len(revisions) > 2:
        raise click.UsageError("Two revisions are compared, not more.", click.get_current_context())
    first, *second = (session.moment_of(revision) for revision in revisions)
    return first, second[0] if second else None


def _range(session: Session, text: str) -> tuple[Moment, Moment]:
    """REV..REV, in which an empty side is HEAD, as git has it."""
    before, dots, after = text.partition("..")
    if not dots or after.startswith(".") or ".." in after:
        message = f"{text!r} is not a range such as v1.0..v1.1 or v1.0..HEAD."
        raise click.UsageError(message, click.get_current_context())
    return session.moment_of(before or "HEAD"), session.moment_of(after or "HEAD")


def _print_json(session: Session, before: Moment, after: Moment | None, comparison: Comparison) -> None:
    from jerry_git.application.comparing import Kind

    session.emit_json(
        "jerry.diff.v1",
        before=as_of(before),
        after=as_of(after),
        **{kind: [_difference(one) for one in comparison.of(kind)] for kind in Kind},
        unreadable=list(comparison.unreadable),
    )


def _difference(difference: Difference) -> dict[str, Any]:
    before, after = difference.before, difference.after
    return {
        **_named(difference.state),
        "status_before": None if before is None else str(before.status),
        "status_after": None if after is None else str(after.status),
        "edits": [{"field": edit.field, "before": edit.before, "after": edit.after} for edit in difference.edits],
    }


def _named(state: WorkItemState) -> dict[str, str]:
    return {
        "id": state.name,
        "internal_id": state.item_id,
        "type": str(state.work_type),
        "title": state.title,
    }


def _status(difference: Difference) -> str:
    """Where the item stands, and where it stood if that was elsewhere."""
    sides = (difference.before, difference.after)
    return " -> ".join(dict.fromkeys(str(state.status) for state in sides if state is not None))


def _lines(comparison: Comparison, columns: int | None) -> Iterator[str]:
    """Sections of a screen: an item a line, its edited fields below it."""
    from jerry_git.application.comparing import Kind

    found = [(kind, one) for kind in Kind for one in comparison.of(kind)]
    cells = [(one.state.name, str(one.state.work_type), _status(one), one.state.title) for _, one in found]
    rows = table(("",) * 4, cells, 3, None if columns is None else columns - 2)[1:]
    last = None
    for (kind, one), row in zip(found, rows, strict=True):
        if kind is not last:
            yield click.style(f"{kind.capitalize()}:", bold=True)
        last = kind
        yield f"  {row}"
        if kind is Kind.EDITED:
            yield from (f"    {_edit(edit, None if columns is None else columns - 4)}" for edit in one.edits)


def _edit(edit: FieldChange, columns: int | None) -> str:
    """A field, old and new, in at most `columns`: each of the two may have what the other leaves."""
    head = f"{edit.field}: "
    old, new = (cell(value or "none") for value in (edit.before, edit.after))
    if columns is not None:
        room = max(columns - len(head) - len(" -> "), 6)
        old = shorten(old, max(room // 2, room - width(new)))
        new = shorten(new, room - width(old))
    return f"{head}{old} -> {new}"


def _markdown(comparison: Comparison) -> Iterator[str]:
    from jerry_git.application.comparing import Kind

    for kind in Kind:
        bullets = [(_told(kind, one), _edited(one) if kind is Kind.EDITED else ()) for one in comparison.of(kind)]
        if bullets:
            yield section(2, kind.capitalize(), bullets)


def _told(kind: str, difference: Difference) -> str:
    """An item on a line, with its status where the heading does not say it."""
    status = f": {_status(difference)}" if kind in ("new", "reopened", "moved", "missing") else ""
    return f"{_bullet(difference.state)}{status}"


def _edited(difference: Difference) -> list[str]:
    sides = ((edit.field, edit.before or "none", edit.after or "none") for edit in difference.edits)
    return [f"{field}: {plain(old)} -> {plain(new)}" for field, old, new in sides]


def _bullet(state: WorkItemState) -> str:
    return f"{plain(state.title)} ({plain(state.name)})"


@click.command("changelog")
@click.argument("revisions", metavar="REV..REV")
@click.option("--heading", metavar="TEXT", help="The heading, instead of the later revision and its day.")
@json_option
@pass_session
def changelog_command(session: Session, revisions: str, heading: str | None) -> int:
    """Write what was finished between two moments, as Markdown.

    An item counts that is done in the later and was not in the earlier, or was taken up again and done again between
    them. What was done and is not any more stands under "Reopened".

    \b
    Examples:
      jerry changelog v1.0..v1.1
      jerry changelog v1.1..HEAD --heading "Version 1.2"
      jerry changelog 2026-10-01..2026-10-31 --json
    """
    from jerry_git.application.comparing import changelog

    before, after = _range(session, revisions)
    board = session.board_at(after)
    found = changelog(session.board_at(before), board)
    if session.json:
        finished = [{**_named(state), **_ending(board, state)} for state in found.finished]
        reopened = [{**_named(state), "status": _state_of(state)} for state in found.reopened]
        session.emit_json(
            "jerry.changelog.v1",
            before=as_of(before),
            after=as_of(after),
            finished=finished,
            reopened=reopened,
            unreadable=list(found.unreadable),
        )
        return 0
    if heading is None:
        heading = plain(f"{revisions.partition('..')[2] or 'HEAD'} ({after.at:%Y-%m-%d})")
    click.echo("\n".join(_changelog(found, cell(heading).strip())), nl=False)
    return 0


def _ending(board: Board, state: WorkItemState) -> dict[str, str | None]:
    parent = None if state.parent is None else board.name(state.parent)
    return {"parent": parent, "closed_at": moment(state.closed_at)}


def _changelog(found: Changelog, heading: str) -> Iterator[str]:
    if heading:
        yield f"## {heading}\n"
    for work_type, entries in found.sections():
        bullets = [(_bullet(entry.state), [_bullet(state) for state in entry.subtasks]) for entry in entries]
        yield section(3, _PLURALS.get(work_type, f"{work_type.capitalize()}s"), bullets)
    if not found.finished:
        yield "Nothing was finished.\n"
    if found.reopened:
        rows = [(f"{_bullet(state)}: {_state_of(state)} now", ()) for state in found.reopened]
        yield section(3, "Reopened", rows)


def _state_of(state: WorkItemState) -> str:
    return "deleted" if state.deleted else str(state.status)
