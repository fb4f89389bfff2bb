"""The verbs that look. They write nothing, take no lock, and import as little as they can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application import queries
from jerry_git.cli.formats import FORMATS, count_line, emit
from jerry_git.cli.options import as_of_option, choice, complete_items, day, items_argument, json_option
from jerry_git.cli.printing import cell, line, shorten, table, terminal_width
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.views import as_of, moment

if TYPE_CHECKING:
    from jerry_domain.aggregates.work_item_state import WorkItemState
    from jerry_git.application.board import Board
    from jerry_git.application.ports import CommitInfo

format_option = click.option(
    "-f", "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."
)


def _emit(
    session: Session,
    board: Board,
    states: Sequence[WorkItemState],
    form: str,
    nothing: str,
    words: tuple[str, str] = ("item", "items"),
) -> None:
    """Print a list; an empty table is a sentence on stderr."""
    form = "json" if session.json else form
    if states or form != "table":
        emit(session, board, states, form)
    if form == "table":
        if states:
            count_line(board, states, *(f"{word}{session.then}" for word in words))
        else:
            click.echo(nothing, err=True)


@click.command("list")
@click.option("-a", "--all", "everything", is_flag=True, help="Closed and deleted items too.")
@click.option("-s", "--status", "statuses", multiple=True, type=choice(WorkItemStatus))
@click.option("-t", "--type", "types", multiple=True, type=choice(WorkType))
@click.option("-p", "--priority", "priorities", multiple=True, type=choice(Priority))
@click.option("-l", "--label", "labels", multiple=True, help="With all of these labels.")
@click.option("--assignee", metavar="NAME", help="A part of the name, or `none`.")
@click.option("--parent", metavar="ITEM", shell_complete=complete_items, help="Standing under ITEM.")
@click.option("--due-by", type=day, metavar="DAY", help="Due on DAY or before.")
@click.option("--claimed", is_flag=True, help="Claimed by somebody now.")
@click.option("--sort", type=click.Choice(list(queries.SORT_KEYS)), default="priority", show_default=True)
@click.option("--reverse", is_flag=True, help="Turn the order round.")
@click.option("-n", "--limit", type=click.IntRange(min=1), metavar="N", help="The first N only.")
@click.option("--all-worktrees", "all_trees", is_flag=True, help="What each work tree says, a row for each.")
@format_option
@as_of_option
@json_option
@pass_session
def list_command(
    session: Session,
    everything: bool,  # noqa: FBT001
    statuses: tuple[str, ...],
    types: tuple[str, ...],
    priorities: tuple[str, ...],
    labels: tuple[str, ...],
    assignee: str | None,
    parent: str | None,
    due_by: date | None,
    claimed: bool,  # noqa: FBT001
    sort: str,
    reverse: bool,  # noqa: FBT001
    limit: int | None,
    all_trees: bool,  # noqa: FBT001
    form: str,
) -> int:
    """List work items: the open ones, the most urgent first.

    \b
    Examples:
      jerry list
      jerry list --status in_progress --status blocked
      jerry list --type bug --label parser --sort updated --reverse
      jerry list --all --format csv > items.csv
      jerry list --all --as-of v1.0
      jerry list --all-worktrees
      jerry list --json
    """
    board = session.board()
    wanted = queries.Filter(
        statuses=[WorkItemStatus(status) for status in statuses],
        types=[WorkType(work_type) for work_type in types],
        priorities=[Priority(priority) for priority in priorities],
        labels=labels,
        assignee=assignee,
        parent=board.find(parent).item_id if parent is not None else None,
        due_by=due_by,
        claimed_at=session.now() if claimed else None,
        closed=everything,
        deleted=everything,
    )
    if all_trees:
        _elsewhere(session, form, "--all-worktrees")
        from jerry_git.application.places import over_work_trees
        from jerry_git.cli.places import show_places

        sightings = over_work_trees(session.app.places, wanted.accepts)
        show_places(session, board, (sightings[::-1] if reverse else sightings)[:limit])
        return 0
    states = queries.select(board, wanted, sort)
    states = tuple(reversed(states)) if reverse else states
    none = "no items then" if session.moment else "no items yet: `jerry new TITLE` makes the first"
    hint = "no such items" if board.items else none
    _emit(session, board, states[:limit], form, hint)
    return 0


def _elsewhere(session: Session, form: str, option: str) -> None:
    """Refuse what makes no sense beside an option that looks at several places."""
    if session.as_of is not None:
        raise click.UsageError(f"{option} shows what is there now, and --as-of what was")
    if form not in ("table", "json"):
        raise click.UsageError(f"{option} prints a table or --json")
    session.json = session.json or form == "json"


@click.command("ready")
@click.option("-t", "--type", "types", multiple=True, type=choice(WorkType))
@click.option("-l", "--label", "labels", multiple=True, help="With all of these labels.")
@click.option("-n", "--limit", type=click.IntRange(min=1), metavar="N", help="The first N only.")
@format_option
@as_of_option
@json_option
@pass_session
def ready_command(
    session: Session, types: tuple[str, ...], labels: tuple[str, ...], limit: int | None, form: str
) -> int:
    """List what can be started now, the most urgent first.

    Ready is what is pending, waits for no open item, neither itself nor through a parent, and is not
    claimed by somebody else.

    \b
    Examples:
      jerry ready
      jerry ready --type bug --limit 5
      jerry ready --format toon
      jerry ready --as-of yesterday
    """
    board = session.board()
    states = [
        state
        for state in queries.ready(session.app, board, session.former)
        if (not types or state.work_type in types) and state.labels.issuperset(labels)
    ]
    _emit(session, board, states[:limit], form, "nothing is ready", ("ready item", "ready items"))
    return 0


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--open", "only_open", is_flag=True, help="Open items only.")
@click.option("-n", "--limit", type=click.IntRange(min=1), metavar="N", help="The first N only.")
@format_option
@json_option
@pass_session
def search_command(
    session: Session,
    words: tuple[str, ...],
    only_open: bool,  # noqa: FBT001
    limit: int | None,
    form: str,
) -> int:
    """Find items by words, in title, description, labels and comments.

    All words must be there, in any case; titles count most.

    \b
    Examples:
      jerry search parser loop
      jerry search "empty input" --open
    """
    board = session.board()
    states = queries.search(board, " ".join(words), closed=not only_open)
    _emit(session, board, states[:limit], form, "nothing found", ("match", "matches"))
    return 0


@click.command("show")
@items_argument()
@click.option("--all-branches", is_flag=True, help="What each branch says, a row for each.")
@format_option
@as_of_option
@json_option
@pass_session
def show_command(session: Session, items: tuple[str, ...], all_branches: bool, form: str) -> int:  # noqa: FBT001
    """Show everything about items.

    \b
    Examples:
      jerry show WORK-1
      jerry show WORK-1 WORK-2 --json
      jerry show WORK-1 --as-of 2026-11-01
      jerry show WORK-1 --all-branches
    """
    if all_branches:
        _elsewhere(session, form, "--all-branches")
        from jerry_git.application.places import over_branches
        from jerry_git.cli.places import show_places

        board = session.board()
        show_places(session, board, [over_branches(session.app.places, board, item) for item in items])
        return 0
    board = session.board()
    states = [board.find(item) for item in items]
    _tell_twins(board, [state.item_id for state in states])
    form = "json" if session.json else form
    if form != "table":
        emit(session, board, states, form, detailed=True)
        return 0
    from jerry_git.cli.screens import screen

    now = session.now()
    for place, state in enumerate(states):
        click.echo("\n" if place else "", nl=False)
        click.echo("\n".join(screen(board, state, now)))
    if session.moment:
        click.echo(f"\nshown{session.then}", err=True)
    return 0


@click.command("status")
@as_of_option
@json_option
@pass_session
def status_command(session: Session) -> int:
    """Show the state of the work at a glance.

    \b
    Examples:
      jerry status
      jerry status --as-of 2w
    """
    board = session.board()
    summary = queries.summarize(session.app, board, session.former)
    pending = None if session.moment else session.app.pending()
    if session.json:
        session.emit_json(
            "jerry.status.v1",
            total=summary.total,
            by_status=summary.by_status,
            by_type=summary.by_type,
            ready=summary.ready,
            claimed=[state.name for state in summary.claimed],
            overdue=[state.name for state in summary.overdue],
            uncommitted_files=None if pending is None else len(pending),
            unreadable_items=len(board.broken),
            in_conflict=[board.name(key) for key in board.divergences],
            as_of=as_of(session.moment),
        )
        return 0
    items = "1 item" if summary.total == 1 else f"{summary.total} items"
    click.echo(f"{items}, {summary.ready} ready{session.then}")
    for status, count in summary.by_status.items():
        click.echo(f"  {status:<12} {count:>5}")
    for title, states in (("Claimed", summary.claimed), ("Overdue", summary.overdue)):
        if states:
            click.echo(f"{title}:")
        for state in states:
            by = f" by {state.claim.claimant}" if title == "Claimed" and state.claim else f" since {state.due}"
            click.echo(f"  {state.name} {line(state.title)}{line(by)}")
    if board.divergences:
        click.echo("Branches disagree (`jerry reconcile`):")
    for key, found in board.divergences.items():
        click.echo(f"  {board.name(key)} {line(board.items[key].title)}: {', '.join(each.field for each in found)}")
    if pending:
        files = f"{len(pending)} file{'' if len(pending) == 1 else 's'}"
        click.echo(f"Not committed: {files} (`jerry commit`, or with your next `git commit`)")
    if session.moment is None:
        _advise_archiving(session, board)
        _warn_of_supposed_renames(session)
    return 0


def _warn_of_supposed_renames(session: Session) -> None:
    from jerry_git.cli.talk import warn

    if count := len(session.app.joining.misjoined()):
        files = f"{count} file{'' if count == 1 else 's'}"
        hint = "`jerry doctor --fix` puts events and archives as the branches have them"
        warn(f"git takes what went into archives for renamed, and has {files} otherwise than the branches", hint)


def _advise_archiving(session: Session, board: Board) -> None:
    from jerry_git.application.archiving import crowd

    if count := crowd(board, session.app.storeroom):
        what = f"{count} closed items have event files of their own, which git looks at each time"
        click.echo(f"hint: {what}; `jerry stats` says what `jerry archive` would save", err=True)


@click.command("log")
@items_argument(required=False)
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), metavar="N", help="The newest N only; 20 unless items are named."
)
@click.option("--all", "everything", is_flag=True, help="From the beginning.")
@click.option(
    "--graph/--no-graph", default=None, help="Draw the branches of one item's history; done where it is not straight."
)
@json_option
@pass_session
def log_command(
    session: Session,
    items: tuple[str, ...],
    limit: int | None,
    everything: bool,  # noqa: FBT001
    graph: bool | None,  # noqa: FBT001
) -> int:
    """Show who did what and when, and the commits that carry it; the newest first.

    \b
    Examples:
      jerry log WORK-1
      jerry log WORK-1 --graph
      jerry log -n 50
      jerry log --all --json
    """
    board = session.board()
    chosen = [board.find(item).item_id for item in items] or list(board.items)
    most = None if everything or (items and limit is None) else limit or 20
    if graph and len(chosen) != 1:
        raise click.UsageError("--graph draws the history of one item")
    from jerry_domain.services.divergence import is_straight

    entries = queries.log(board, chosen)
    drawn = len(chosen) == 1 and (graph if graph is not None else not is_straight(board.histories[chosen[0]]))
    if drawn:  # parents before children: time alone may say otherwise
        place = {recorded.event.event_id: number for number, recorded in enumerate(board.histories[chosen[0]])}
        entries = tuple(sorted(entries, key=lambda entry: -place[entry.recorded.event.event_id]))
    entries = entries[:most]
    commits = session.app.history.commits_of(sorted({entry.recorded.stream for entry in entries}))
    naming = {key: session.app.mentions(board, key) for key in chosen} if items else {}
    if session.json:
        events = [_event(board, entry, commits) for entry in entries]
        named = [_commit(board.name(key), info) for key, infos in naming.items() for info in infos]
        session.emit_json("jerry.log.v1", events=events, commits=named)
        return 0
    _tell_twins(board, chosen if items else ())
    if entries:
        _print_log(board, entries, commits, drawn=drawn)
    else:
        click.echo("nothing has happened yet", err=True)
    carrying = {info.commit for info in commits.values()}
    for key, infos in naming.items():
        others = [info for info in infos if info.commit not in carrying]
        if others:
            click.echo(f"Commits that name {board.name(key)}:")
        for info in others:
            who = info.author.partition(" <")[0]
            click.echo(line(f"  {info.commit[:8]} {info.at:%Y-%m-%d %H:%M} {who}: {info.subject}"))
    return 0


def _commit(name: str, info: CommitInfo) -> dict[str, Any]:
    return {"item": name, "commit": info.commit, "author": info.author, "at": moment(info.at), "subject": info.subject}


def _tell_twins(board: Board, keys: Sequence[str]) -> None:
    """Tell of younger items that have the name of one of these."""
    for key in keys:
        name = board.items[key].display_id
        oldest, *younger = board.items.called(name) if name else (key,)
        for twin in (board.items[other] for other in younger if oldest == key):
            if not twin.deleted:
                click.echo(
                    f"{name} is also the id of a younger item, {twin.item_id}: {cell(twin.title)}; "
                    "`jerry doctor --fix` renumbers it",
                    err=True,
                )


def _print_log(board: Board, entries: Sequence[queries.LogEntry], commits: Any, *, drawn: bool) -> None:
    from jerry_git.cli.lanes import lanes
    from jerry_git.cli.words import describe

    rows = {}
    for entry in entries:
        event = entry.recorded.event
        commit = commits.get(event.event_id)
        rows[event.event_id] = (
            f"{event.occurred_at:%Y-%m-%d %H:%M}",
            entry.after.name,
            event.actor.partition(" <")[0],
            commit.commit[:8] if commit else "-",
            cell(describe(board, entry)),
        )
    header = ("WHEN (UTC)", "ITEM", "WHO", "COMMIT", "WHAT")
    if drawn:
        history = [(entry.recorded.event.event_id, entry.recorded.parents) for entry in entries]
        shown = [(row, *(rows[key] if key else ("",) * 5)) for row, key in lanes(history)]
        lines = table(("", *header), shown, 5, terminal_width())
    else:
        lines = table(header, [*rows.values()], 4, terminal_width())
    click.echo(click.style(lines[0], dim=True))
    click.echo("\n".join(lines[1:]))


def _event(board: Board, entry: queries.LogEntry, commits: Any) -> dict[str, Any]:
    from jerry_git.bootstrap import cloudevent
    from jerry_git.cli.words import describe

    recorded = entry.recorded
    commit = commits.get(recorded.event.event_id)
    return {
        "item": entry.after.name,
        "summary": shorten(cell(describe(board, entry)), 200),
        "commit": commit.commit if commit else None,
        "event": cloudevent(recorded),
    }
