"""The verbs that move items through the state machine, and claims."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_git.application import commands
from jerry_git.cli.options import choice, clock_time, items_argument, json_option, reason_option
from jerry_git.cli.outcomes import announce, carry_out
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import RefusedError

if TYPE_CHECKING:
    from jerry_domain.aggregates.work_item_state import WorkItemState
    from jerry_git.application.commands import Outcome

Handler = Callable[[Any, str, str], "Outcome"]


def _verb(name: str, handler: Handler, text: str, changed: str, unchanged: str) -> click.Command:
    """A command that does `handler` to each item, with a reason."""

    @click.command(name, help=text)
    @items_argument()
    @reason_option
    @json_option
    @pass_session
    def command(session: Session, items: tuple[str, ...], reason: str) -> int:
        return carry_out(session, items, lambda item: handler(session.app, item, reason), changed, unchanged)

    return command


start_command = _verb(
    "start",
    commands.start,
    """Start items: pending to in_progress.

    \b
    Examples:
      jerry start WORK-1
      jerry start WORK-1 WORK-2 --reason "the design is agreed"
    """,
    "started",
    "is in progress already, nothing to write",
)
block_command = _verb(
    "block",
    commands.block,
    """Mark items as blocked: in_progress to blocked.

    For waiting on another item, use `jerry depend add`, which unblocks by itself.

    \b
    Examples:
      jerry block WORK-1 --reason "waits for the vendor"
    """,
    "blocked",
    "is blocked already, nothing to write",
)
unblock_command = _verb(
    "unblock",
    commands.unblock,
    """Go on with items: blocked to in_progress.

    \b
    Examples:
      jerry unblock WORK-1
    """,
    "unblocked",
    "is in progress already, nothing to write",
)
reopen_command = _verb(
    "reopen",
    commands.reopen,
    """Take finished items up again: done to in_progress.

    \b
    Examples:
      jerry reopen WORK-1 --reason "the fix was not enough"
    """,
    "reopened",
    "is in progress already, nothing to write",
)
cancel_command = _verb(
    "cancel",
    commands.cancel,
    """Give items up: to cancelled, which is final.

    \b
    Examples:
      jerry cancel WORK-1 --reason "nobody needs it"
    """,
    "cancelled",
    "is cancelled already, nothing to write",
)


@click.command("done")
@items_argument()
@reason_option
@click.option("--force", is_flag=True, help="Past open children and quality gates; wants a reason.")
@json_option
@pass_session
def done_command(session: Session, items: tuple[str, ...], reason: str, force: bool) -> int:  # noqa: FBT001
    """Finish items: in_progress to done.

    Says which items that unblocks. An item with open children, or one whose quality gate is not met,
    is refused unless forced with a reason.

    \b
    Examples:
      jerry done WORK-1
      jerry done WORK-1 WORK-2
      jerry done WORK-3 --force --reason "the rest moved to WORK-9"
    """
    return carry_out(
        session,
        items,
        lambda item: commands.complete(session.app, item, reason, force=force),
        "done",
        "is done already, nothing to write",
    )


@click.command("claim")
@items_argument(required=False)
@click.option("--next", "take_next", is_flag=True, help="Take the most urgent ready item.")
@click.option("--start", is_flag=True, help="Start it as well.")
@click.option(
    "--for", "lease", type=clock_time, metavar="TIME", help="How long, as 90m, 2h or 3d; renews your own claim."
)
@click.option("--type", "types", multiple=True, type=choice(WorkType), help="With --next: of this type.")
@click.option("--label", "labels", multiple=True, help="With --next: with this label.")
@click.option("--priority", "priorities", multiple=True, type=choice(Priority), help="With --next: of this priority.")
@json_option
@pass_session
def claim_command(
    session: Session,
    items: tuple[str, ...],
    take_next: bool,  # noqa: FBT001
    start: bool,  # noqa: FBT001
    lease: timedelta | None,
    types: tuple[str, ...],
    labels: tuple[str, ...],
    priorities: tuple[str, ...],
) -> int:
    """Take items, so that nobody else works on them.

    A claim is a lease: it ends when the item is done, when it is released, or by itself after a while
    (two hours, unless the settings or --for say otherwise). Of several who claim one item at the same
    time, exactly one gets it. Workers that share one git name tell themselves apart by JERRY_SESSION.

    \b
    Examples:
      jerry claim WORK-1
      jerry claim --next --start
      jerry claim --next --type bug --label parser --for 30m
    """
    if take_next == bool(items):
        raise click.UsageError("name items, or ask for --next, but not both")
    if not take_next and (types or labels or priorities):
        raise click.UsageError("--type, --label and --priority choose among items for --next")
    if not take_next:
        return carry_out(
            session,
            items,
            lambda item: commands.claim(session.app, item, lease, start=start),
            _claimed,
            "is claimed by you already, nothing to write",
        )

    def wanted(state: WorkItemState) -> bool:
        return (
            (not types or state.work_type in types)
            and (not priorities or state.priority in priorities)
            and state.labels.issuperset(labels)
        )

    result = commands.claim_next(session.app, lease, start=start, wanted=wanted)
    if result is None:
        hint = "`jerry list` shows what is pending, and what it waits for"
        raise RefusedError("nothing-ready", "nothing is ready to be claimed", hint)
    announce(session, result, _claimed, "")
    return 0


def _claimed(result: Outcome) -> str:
    claim = result.after.claim
    until = f" until {claim.until:%Y-%m-%d %H:%M} UTC" if claim is not None else ""
    started = ", and started" if result.before and result.before.status is not result.after.status else ""
    return f"claimed{until}{started}"


@click.command("release")
@items_argument()
@reason_option
@click.option("--force", is_flag=True, help="Also a claim of somebody else.")
@json_option
@pass_session
def release_command(session: Session, items: tuple[str, ...], reason: str, force: bool) -> int:  # noqa: FBT001
    """Give claimed items back.

    \b
    Examples:
      jerry release WORK-1
      jerry release WORK-1 --force --reason "Ada is on holiday"
    """
    return carry_out(
        session,
        items,
        lambda item: commands.release(session.app, item, reason, force=force),
        "released",
        "is not claimed, nothing to write",
    )
