"""The verbs that make items and change what they say."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_git.application import commands
from jerry_git.cli.options import (
    choice,
    complete_items,
    day,
    item_argument,
    items_argument,
    json_option,
    reason_option,
    work_time,
)
from jerry_git.cli.outcomes import announce, carry_out
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import RefusedError

if TYPE_CHECKING:
    from jerry_git.application.commands import Outcome

NOTHING = "is so already, nothing to write"
EDITOR_MARK = "# Write below this line; an empty text gives up."


@click.command("new")
@click.argument("title")
@click.option("-t", "--type", "work_type", type=choice(WorkType), default=WorkType.TASK.value, show_default=True)
@click.option("-p", "--priority", type=choice(Priority), default=Priority.MEDIUM.value, show_default=True)
@click.option("-d", "--description", metavar="TEXT", help="More about it; `-` reads standard input.")
@click.option(
    "-F",
    "--description-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read it from a file.",
)
@click.option("-e", "--edit", "in_editor", is_flag=True, help="Write the description in $EDITOR.")
@click.option("-P", "--parent", metavar="ITEM", shell_complete=complete_items, help="Stand under this item.")
@click.option(
    "-D", "--depends-on", multiple=True, metavar="ITEM", shell_complete=complete_items, help="Wait for this item."
)
@click.option(
    "--discovered-from", metavar="ITEM", shell_complete=complete_items, help="Found while working on this item."
)
@click.option("-l", "--label", "labels", multiple=True, metavar="LABEL", help="Put a label on; may be repeated.")
@click.option("-a", "--assignee", metavar="NAME", help="Who is responsible; `me` for yourself.")
@click.option("--due", type=day, metavar="DAY", help="By when: 2026-12-24, today, tomorrow, +3d.")
@click.option("--estimate", type=work_time, metavar="TIME", help="How much work: 90m, 2h, 3d (of 8 hours).")
@json_option
@pass_session
def new_command(
    session: Session,
    title: str,
    work_type: str,
    priority: str,
    description: str | None,
    description_file: Path | None,
    in_editor: bool,  # noqa: FBT001
    parent: str | None,
    depends_on: tuple[str, ...],
    discovered_from: str | None,
    labels: tuple[str, ...],
    assignee: str | None,
    due: date | None,
    estimate: timedelta | None,
) -> int:
    """Create a work item.

    \b
    Examples:
      jerry new "Write the parser"
      jerry new "Parser loops on empty input" --type bug --priority high --parent WORK-1
      jerry new "Ship it" --depends-on WORK-2 --depends-on WORK-3 --due +7d --estimate 2h
      git log -3 | jerry new "Look into these" --description -
    """
    draft = commands.Draft(
        title=title,
        work_type=WorkType(work_type),
        description=_description(description, description_file, in_editor=in_editor, present="") or "",
        priority=Priority(priority),
        parent=parent,
        depends_on=depends_on,
        discovered_from=discovered_from,
        labels=labels,
        assignee=_person(session, assignee),
        due=due,
        estimate=_minutes(estimate),
    )
    announce(session, commands.create(session.app, draft), "created", NOTHING)
    return 0


def _description(
    text: str | None,
    file: Path | None,
    *,
    in_editor: bool,
    present: str,
    places: str = "--description, --description-file and --edit",
) -> str | None:
    """The text from the one of `places` that was named; None where none was."""
    if (text is not None) + (file is not None) + in_editor > 1:
        raise click.UsageError(f"name one of {places}")
    if text == "-":
        if sys.stdin is None:
            hint = "pipe the text in, as in `git log -3 | jerry ...`, or write it where the `-` stands"
            raise RefusedError("no-input", "standard input is closed", hint)
        return _utf8("standard input", sys.stdin.buffer.read())
    if file is not None:
        return _utf8(str(file), file.read_bytes())
    return _edited(present) if in_editor else text


def _edited(present: str) -> str:
    try:
        written = click.edit(f"{EDITOR_MARK}\n{present}", extension=".md")
    except UnicodeDecodeError as error:
        message = f"what the editor has saved is not UTF-8 at byte {error.start}"
        raise RefusedError("not-utf8", message, "let the editor save as UTF-8; nothing was written") from None
    if written is None:
        raise RefusedError("not-edited", "the editor was left without saving", "nothing was written")
    below = written.replace(EDITOR_MARK, "", 1).strip("\n")
    if not below.strip():
        raise RefusedError("not-edited", "the text is empty", "nothing was written")
    return below


def _utf8(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError("not-utf8", f"{name} is not UTF-8 at byte {error.start}", "convert it with iconv") from None


def _person(session: Session, name: str | None) -> str | None:
    return session.app.worker.actor if name == "me" else name


def _minutes(work: timedelta | None) -> int | None:
    return None if work is None else int(work.total_seconds() // 60)


@click.command("edit")
@item_argument
@click.option("-T", "--title", metavar="TEXT", help="The new title.")
@click.option("-t", "--type", "work_type", type=choice(WorkType), help="The new type.")
@click.option("-d", "--description", metavar="TEXT", help="The new description; `-` reads standard input.")
@click.option(
    "-F",
    "--description-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read it from a file.",
)
@json_option
@pass_session
def edit_command(
    session: Session,
    item: str,
    title: str | None,
    work_type: str | None,
    description: str | None,
    description_file: Path | None,
) -> int:
    """Change title, description or type.

    With no option, the description opens in $EDITOR.

    \b
    Examples:
      jerry edit WORK-1
      jerry edit WORK-1 --title "Write the new parser"
      jerry edit WORK-1 --type story --description-file notes.md
    """
    in_editor = title is None and work_type is None and description is None and description_file is None
    present = session.board().pick(item).description if in_editor else ""
    result = commands.edit(
        session.app,
        item,
        title=title,
        description=_description(description, description_file, in_editor=in_editor, present=present),
        work_type=WorkType(work_type) if work_type else None,
    )
    announce(session, result, "changed", NOTHING)
    return 0


@click.command("assign")
@items_argument()
@click.option("-t", "--to", "assignee", required=True, metavar="NAME", help="A name, `me`, or `none`.")
@json_option
@pass_session
def assign_command(session: Session, items: tuple[str, ...], assignee: str) -> int:
    """Make one person responsible, or nobody.

    \b
    Examples:
      jerry assign WORK-1 WORK-2 --to me
      jerry assign WORK-1 --to "Ada Lovelace <ada@example.org>"
      jerry assign WORK-1 --to none
    """
    person = None if assignee == "none" else _person(session, assignee)
    changed = f"assigned to {person}" if person else "assigned to nobody"
    return carry_out(session, items, lambda item: commands.assign(session.app, item, person), changed, NOTHING)


@click.command("prioritize")
@items_argument()
@click.option("-p", "--priority", required=True, type=choice(Priority))
@json_option
@pass_session
def prioritize_command(session: Session, items: tuple[str, ...], priority: str) -> int:
    """Change how urgent items are.

    \b
    Examples:
      jerry prioritize WORK-1 WORK-2 --priority critical
    """
    return carry_out(
        session,
        items,
        lambda item: commands.prioritize(session.app, item, Priority(priority)),
        f"is {priority} now",
        NOTHING,
    )


@click.command("label")
@items_argument()
@click.option("-a", "--add", multiple=True, metavar="LABEL", help="Put on; may be repeated.")
@click.option("-r", "--remove", multiple=True, metavar="LABEL", help="Take off; may be repeated.")
@json_option
@pass_session
def label_command(session: Session, items: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]) -> int:
    """Put labels on items and take them off.

    \b
    Examples:
      jerry label WORK-1 WORK-2 --add parser --add urgent
      jerry label WORK-1 --remove urgent
    """
    if not add and not remove:
        raise click.UsageError("name a label with --add or --remove")
    return carry_out(
        session,
        items,
        lambda item: commands.label(session.app, item, add, remove),
        lambda result: f"labelled {' '.join(sorted(result.after.labels)) or 'with nothing'}",
        NOTHING,
    )


@click.command("comment")
@item_argument
@click.argument("text", required=False)
@click.option("-e", "--edit", "in_editor", is_flag=True, help="Write it in $EDITOR.")
@json_option
@pass_session
def comment_command(session: Session, item: str, text: str | None, in_editor: bool) -> int:  # noqa: FBT001
    """Say something about an item.

    TEXT `-` reads standard input.

    \b
    Examples:
      jerry comment WORK-1 "Half of it works"
      jerry comment WORK-1 --edit
      pytest 2>&1 | tail | jerry comment WORK-1 -
    """
    words = _description(text, None, in_editor=in_editor, present="", places="TEXT and --edit")
    if words is None:
        raise click.UsageError("say what, as TEXT or with --edit")
    announce(session, commands.comment(session.app, item, words), "commented", NOTHING)
    return 0


@click.command("due")
@items_argument()
@click.option("-o", "--on", "due", required=True, type=day, metavar="DAY", help="2026-12-24, today, +3d, or none.")
@json_option
@pass_session
def due_command(session: Session, items: tuple[str, ...], due: date | None) -> int:
    """Set or clear the day by which items should be done.

    \b
    Examples:
      jerry due WORK-1 --on 2026-12-24
      jerry due WORK-1 WORK-2 --on +7d
      jerry due WORK-1 --on none
    """
    changed = f"due on {due}" if due else "due on no day"
    return carry_out(session, items, lambda item: commands.set_due(session.app, item, due), changed, NOTHING)


@click.command("estimate")
@items_argument()
@click.option(
    "-w", "--work", required=True, type=work_time, metavar="TIME", help="90m, 2h, 3d (of 8 hours), 1w, or none."
)
@json_option
@pass_session
def estimate_command(session: Session, items: tuple[str, ...], work: timedelta | None) -> int:
    """Set or clear the work expected.

    \b
    Examples:
      jerry estimate WORK-1 --work 1h30m
      jerry estimate WORK-1 --work none
    """
    minutes = _minutes(work)
    changed = f"estimated at {minutes} minutes" if minutes else "estimated at nothing"
    return carry_out(session, items, lambda item: commands.set_estimate(session.app, item, minutes), changed, NOTHING)


@click.command("quality")
@items_argument()
@click.option(
    "-c", "--coverage", type=click.Path(path_type=Path), metavar="FILE", help="A report of coverage.py, JSON or XML."
)
@click.option("-j", "--junit", type=click.Path(path_type=Path), metavar="FILE", help="A JUnit XML report.")
@json_option
@pass_session
def quality_command(session: Session, items: tuple[str, ...], coverage: Path | None, junit: Path | None) -> int:
    """Record coverage and test counts from report files.

    A test's kind is its JUnit property `kind` (positive, negative, edge), or a word of its name.

    \b
    Examples:
      coverage json && jerry quality WORK-1 --coverage coverage.json
      pytest --junit-xml junit.xml && jerry quality WORK-1 --junit junit.xml
    """
    from jerry_git.bootstrap import quality_reports

    if coverage is None and junit is None:
        raise click.UsageError("name a report with --coverage or --junit")
    measured, tests = quality_reports(coverage, junit)
    return carry_out(
        session, items, lambda item: commands.measure(session.app, item, measured, tests), _measured, NOTHING
    )


def _measured(result: Outcome) -> str:
    state = result.after
    known = [f"coverage {state.coverage}" if state.coverage else "", f"{state.tests} tests" if state.tests else ""]
    return f"measured: {', '.join(part for part in known if part)}"


@click.command("undo")
@items_argument()
@json_option
@pass_session
def undo_command(session: Session, items: tuple[str, ...]) -> int:
    """Take back the last change of items, by a further event.

    Nothing is erased: the history shows the change and its undoing. Undoing an undo brings the change back.

    \b
    Examples:
      jerry undo WORK-1
    """
    return carry_out(session, items, lambda item: commands.undo(session.app, item), _undone, NOTHING)


def _undone(result: Outcome) -> str:
    names = [recorded.event.event_type.split(".")[-2].replace("_", " ") for recorded in result.undone]
    return f"undone ({', '.join(names)})"


@click.command("delete")
@items_argument()
@reason_option
@json_option
@pass_session
def delete_command(session: Session, items: tuple[str, ...], reason: str) -> int:
    """Delete items; their history stays.

    `jerry undo` brings a deleted item back.

    \b
    Examples:
      jerry delete WORK-9 --reason "a duplicate of WORK-3"
    """
    return carry_out(
        session,
        items,
        lambda item: commands.delete(session.app, item, reason),
        "deleted",
        "is deleted already, nothing to write",
    )
