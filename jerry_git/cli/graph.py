"""The verbs about how items stand to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from jerry_domain.services.dependency_graph import find_cycles
from jerry_domain.value_objects.classification import DependencyKind
from jerry_git.application import commands
from jerry_git.cli.options import choice, complete_items, item_argument, items_argument, json_option
from jerry_git.cli.outcomes import announce, carry_out
from jerry_git.cli.printing import line
from jerry_git.cli.session import Session, pass_session

if TYPE_CHECKING:
    from jerry_git.application.board import Board

NOTHING = "is so already, nothing to write"
FOUND = 1


@click.command("parent")
@items_argument()
@click.option(
    "-u", "--under", required=True, metavar="ITEM", shell_complete=complete_items, help="The new parent, or `none`."
)
@json_option
@pass_session
def parent_command(session: Session, items: tuple[str, ...], under: str) -> int:
    """Put items under another item, or at the top.

    \b
    Examples:
      jerry parent WORK-2 WORK-3 --under WORK-1
      jerry parent WORK-2 --under none
    """
    parent = None if under == "none" else under
    changed = f"moved under {parent}" if parent else "moved to the top"
    return carry_out(session, items, lambda item: commands.move_under(session.app, item, parent), changed, NOTHING)


@click.group("depend")
def depend_command() -> None:
    """Say which items wait for which.

    \b
    Examples:
      jerry depend add WORK-3 WORK-1          WORK-3 waits for WORK-1
      jerry depend tree WORK-3                what it waits for, and what that waits for
      jerry depend cycles                     items that wait for each other
    """


_kind_option = click.option(
    "-k",
    "--kind",
    type=choice(DependencyKind),
    default=DependencyKind.BLOCKS.value,
    show_default=True,
    help="blocks: ITEM waits for TARGET. The others say where it belongs, and hold nothing up.",
)
_targets_argument = click.argument(
    "targets", nargs=-1, required=True, metavar="TARGET...", shell_complete=complete_items
)


@depend_command.command("add")
@item_argument
@_targets_argument
@_kind_option
@json_option
@pass_session
def add_command(session: Session, item: str, targets: tuple[str, ...], kind: str) -> int:
    """Let ITEM depend on TARGETs.

    A dependency that would make items wait for each other, through their parents too, is refused.

    \b
    Examples:
      jerry depend add WORK-3 WORK-1 WORK-2
      jerry depend add WORK-4 WORK-3 --kind discovered-from
    """
    result = commands.depend(session.app, item, targets, DependencyKind(kind))
    announce(session, result, f"{_PHRASES[DependencyKind(kind)]} {', '.join(targets)} now", NOTHING)
    return 0


@depend_command.command("remove")
@item_argument
@_targets_argument
@_kind_option
@json_option
@pass_session
def remove_command(session: Session, item: str, targets: tuple[str, ...], kind: str) -> int:
    """Let ITEM depend on TARGETs no longer.

    \b
    Examples:
      jerry depend remove WORK-3 WORK-1
    """
    result = commands.stop_depending(session.app, item, targets, DependencyKind(kind))
    announce(session, result, f"no longer {_PHRASES[DependencyKind(kind)]} {', '.join(targets)}", NOTHING)
    return 0


_PHRASES = {
    DependencyKind.BLOCKS: "depends on",
    DependencyKind.RELATES_TO: "relates to",
    DependencyKind.DISCOVERED_FROM: "is discovered from",
    DependencyKind.DUPLICATES: "duplicates",
}


@depend_command.command("tree")
@item_argument
@click.option("--reverse", is_flag=True, help="What waits for ITEM instead.")
@json_option
@pass_session
def tree_command(session: Session, item: str, reverse: bool) -> int:  # noqa: FBT001
    """Show what ITEM waits for, and what that waits for.

    \b
    Examples:
      jerry depend tree WORK-3
      jerry depend tree WORK-1 --reverse
    """
    board = session.board()
    start = board.find(item).item_id
    rows = list(_tree(board, start, reverse=reverse))
    if session.json:
        nodes = [{"id": board.name(key), "depth": depth, "again": again} for depth, key, again, _ in rows]
        session.emit_json("jerry.tree.v1", root=board.name(start), nodes=nodes)
        return 0
    for _, key, again, branch in rows:
        state = board.items.get(key)
        words = f"[{state.status}] {line(state.title)}" if state else "[not here]"
        click.echo(f"{branch}{click.style(board.name(key), bold=True)} {words}{' (above)' if again else ''}")
    return 0


def _tree(board: Board, start: str, *, reverse: bool) -> Iterator[tuple[int, str, bool, str]]:
    """Depth, item, whether it was shown above, and the branch drawn before it; without recursion."""
    waiting: dict[str, list[str]] = {}
    for key, state in board.items.items():
        for target in state.targets(DependencyKind.BLOCKS):
            source, end = (target, key) if reverse else (key, target)
            waiting.setdefault(source, []).append(end)
    seen: set[str] = set()
    stack: list[tuple[int, str, str, str]] = [(0, start, "", "")]
    while stack:
        depth, key, branch, indent = stack.pop()
        again = key in seen
        yield depth, key, again, branch
        seen.add(key)
        below = [] if again else waiting.get(key, [])
        for place, child in reversed(list(enumerate(below))):
            last = place == len(below) - 1
            stack.append(
                (depth + 1, child, indent + ("└── " if last else "├── "), indent + ("    " if last else "│   "))
            )


@depend_command.command("cycles")
@json_option
@pass_session
def cycles_command(session: Session) -> int:
    """Find items that wait for each other; exit 1 when there are any.

    Commands never make such a circle, but a merge of two branches can.

    \b
    Examples:
      jerry depend cycles
    """
    board = session.board()
    cycles = [[board.name(key) for key in path] for path in find_cycles(board.items)]
    if session.json:
        session.emit_json("jerry.cycles.v1", cycles=cycles)
    for path in cycles if not session.json else ():
        click.echo(" -> ".join([*path, path[0]]))
    if not cycles and not session.json:
        click.echo("no items wait for each other", err=True)
    return FOUND if cycles else 0
