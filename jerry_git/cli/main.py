"""The command `jerry`: a group whose commands are imported when they are called (DESIGN 8)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module

import click

from jerry_git import __version__
from jerry_git.cli.session import Session

SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Begin": {
        "init": ("repository", "Set up work tracking in this repository."),
        "new": ("editing", "Create a work item."),
        "demo": ("tour", "See a tour of jerry in a scratch repository."),
    },
    "Look": {
        "list": ("reading", "List work items."),
        "ready": ("reading", "List what can be started now."),
        "show": ("reading", "Show everything about items."),
        "search": ("reading", "Find items by words."),
        "status": ("reading", "Show the state of the work at a glance."),
        "log": ("reading", "Show who did what and when, and the commits that carry it."),
        "diff": ("comparing", "Show what changed in the work between two moments."),
        "changelog": ("comparing", "Write what was finished between two moments, as Markdown."),
    },
    "Work": {
        "claim": ("lifecycle", "Take items, so that nobody else works on them."),
        "release": ("lifecycle", "Give claimed items back."),
        "start": ("lifecycle", "Start items: pending to in_progress."),
        "block": ("lifecycle", "Mark items as blocked: in_progress to blocked."),
        "unblock": ("lifecycle", "Go on with items: blocked to in_progress."),
        "done": ("lifecycle", "Finish items: in_progress to done."),
        "cancel": ("lifecycle", "Give items up: to cancelled, which is final."),
        "reopen": ("lifecycle", "Take finished items up again: done to in_progress."),
    },
    "Change": {
        "edit": ("editing", "Change title, description or type."),
        "assign": ("editing", "Make one person responsible, or nobody."),
        "prioritize": ("editing", "Change how urgent items are."),
        "label": ("editing", "Put labels on items and take them off."),
        "comment": ("editing", "Say something about an item."),
        "due": ("editing", "Set or clear the day by which items should be done."),
        "estimate": ("editing", "Set or clear the work expected."),
        "quality": ("editing", "Record coverage and test counts from report files."),
        "parent": ("graph", "Put items under another item, or at the top."),
        "depend": ("graph", "Say which items wait for which."),
        "undo": ("editing", "Take back the last change of items, by a further event."),
        "delete": ("editing", "Delete items; their history stays."),
        "reconcile": ("reconcile", "Say what holds where branches disagree about items."),
    },
    "Share": {
        "commit": ("repository", "Commit pending events, and nothing else."),
        "sync": ("sync", "Bring this branch and its other end on a remote together."),
        "import": ("exchange", "Bring items in from another tracker."),
        "export": ("exchange", "Write items out for other programs."),
    },
    "Guard": {
        "check": ("checking", "Check that events are only added, and that every stream is legal."),
        "review": ("review", "Say how carefully a change is to be reviewed, and what to look at."),
        "audit": ("audit", "Prove that no event was ever altered, over the whole history."),
        "schema": ("schema", "Publish the schemas of events, and keep old events readable."),
        "layers": ("layers", "Check that each layer imports only what it may."),
        "hooks": ("hooks", "Put the checks into your pre-commit configuration."),
    },
    "Care": {
        "doctor": ("repository", "Examine the store, and mend what can be mended."),
        "stats": ("archive", "Show how much the store holds, and what archiving would save."),
        "archive": ("archive", "Put the events of items that are closed for long into archives."),
        "states": ("shell", "Draw the state machine of work items."),
        "completion": ("shell", "Print the script for shell completion."),
    },
}
"""Commands by section: the module that holds each, and its short help, so that `--help` imports none of them."""

_COMMANDS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module, or None for an unknown name."""
        if cmd_name not in _COMMANDS:
            return None
        name = f"jerry_git.cli.{_COMMANDS[cmd_name][0]}"
        module = import_module(name)  # jerry: allow[LES-002] a command is loaded when it is called, from this folder
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that `args` begin with; an unknown one is a usage error that names similar ones."""
        name = click.utils.make_str(args[0])
        if name not in _COMMANDS:
            import difflib

            similar = difflib.get_close_matches(name, _COMMANDS, n=3, cutoff=0.5)
            hint = f" Did you mean {' or '.join(f'`jerry {match}`' for match in similar)}?" if similar else ""
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands in sections."""
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, text) for name, (_, text) in commands.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": None},
    epilog="Start with `jerry init`, or watch `jerry demo`. Every command has --help with examples.",
)
@click.option(
    "-C",
    "folder",
    metavar="PATH",
    type=click.Path(exists=True, file_okay=False),
    help="Work as if started in PATH, as in git.",
)
@click.version_option(__version__, prog_name="jerry", message="%(prog)s %(version)s")
@click.pass_context
def root(ctx: click.Context, folder: str | None) -> None:
    """Track work in your own git repository.

    Work items are kept as events under .jerry/, committed with the code they belong to.
    """
    ctx.ensure_object(Session).folder = folder
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main(arguments: list[str] | None = None) -> int:
    """Run `jerry` and return its exit status: 0 done, 1 refused, 2 usage, 130 interrupted, 3 a bug (DESIGN 9)."""
    session = Session()
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return _run(session, arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # with --json, what went wrong is told on stdout as well
        click.echo(f"error: {error.strerror}", err=True)
        return 1
    except SystemExit:
        if type(sys.stdout).__name__.endswith("PacifyFlushWrapper"):
            return 0  # click's way to say that the reader has gone: `jerry list | head -1`
        raise


def _run(session: Session, arguments: list[str]) -> int:
    try:
        try:
            result = root.main(arguments, prog_name="jerry", standalone_mode=False, obj=session)
        except click.exceptions.Exit as leave:
            result = leave.exit_code
        finally:
            session.flush()
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.UsageError as error:
        from jerry_git.cli.errors import usage

        usage(error)
        return 2
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the one handler on top
        if isinstance(error.__cause__, KeyboardInterrupt):  # while a module of the command was loaded
            return _interrupted()
        from jerry_git.cli.errors import report

        return report(session, error, arguments)


def _interrupted() -> int:
    click.echo("interrupted", err=True)
    return 130
