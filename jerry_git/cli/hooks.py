"""The verbs that put the checks into the configuration of the pre-commit framework, and take them out."""

from __future__ import annotations

from collections.abc import Sequence

import click

from jerry_git.application.hooks import (
    CONFIGURATION,
    HOOKS,
    LOCAL,
    HookConfigurationError,
    HooksReport,
    Origin,
    default_hooks,
    diff,
    install,
    uninstall,
)
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import escaped, line
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import RefusedError, warn

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}

dry_run_option = click.option("-n", "--dry-run", is_flag=True, help="Print what would change, and write nothing.")


def _known(ctx: click.Context, param: click.Parameter, ids: Sequence[str]) -> Sequence[str]:
    """The ids, each of which must be that of a hook."""
    for name in ids:
        if name not in HOOKS:
            import difflib

            similar = difflib.get_close_matches(name, HOOKS, n=3, cutoff=0.8)
            hint = f" Did you mean {' or '.join(f'`{match}`' for match in similar)}?" if similar else ""
            raise click.BadParameter(f"no hook is called {name!r}.{hint}", ctx, param)
    return ids


@click.group("hooks")
def hooks_command() -> None:
    """Put the checks into your pre-commit configuration.

    The file .pre-commit-config.yaml is all that is written: your git hooks stay as they are.

    \b
    Examples:
      jerry hooks install
      jerry hooks uninstall
    """


@hooks_command.command("install")
@click.option(
    "--hook",
    "ids",
    multiple=True,
    metavar="ID",
    callback=_known,
    help=f"A hook to install, any number of times: {', '.join(HOOKS)}.  [default: {', '.join(default_hooks())}]",
)
@click.option("--repo", metavar="URL", help="The repository that holds the hooks. [default: where jerry came from]")
@click.option("--rev", metavar="REV", help="The tag or commit in that repository.")
@dry_run_option
@json_option
@pass_session
def install_command(session: Session, ids: Sequence[str], repo: str | None, rev: str | None, dry_run: bool) -> int:  # noqa: FBT001
    """Write the hooks into .pre-commit-config.yaml.

    Everything else in the file stays as it is. Run it again to choose other hooks or another revision.

    \b
    Examples:
      jerry hooks install
      jerry hooks install --dry-run
      jerry hooks install --hook jerry-check --hook jerry-pre-push
    """
    origin = _origin(repo, rev)
    try:
        report = install(session.app.hook_configuration, ids, origin, dry_run=dry_run)
    except HookConfigurationError as error:
        raise _refused(error) from error
    if session.json:
        _emit(session, report)
    elif dry_run:
        _print_diff(report)
    elif report.draft.changed:
        click.echo(f"added to {CONFIGURATION}: {', '.join(report.hooks)}")
        click.echo(f"Next: `git add {CONFIGURATION}`, and once in each clone:\n  {report.command}")
    else:
        click.echo(f"already in {CONFIGURATION}: {', '.join(report.hooks)}")
        click.echo(f"Once in each clone:\n  {report.command}")
    for advice in report.warnings:
        warn(line(advice.message), line(advice.hint))
    return 0


@hooks_command.command("uninstall")
@dry_run_option
@json_option
@pass_session
def uninstall_command(session: Session, dry_run: bool) -> int:  # noqa: FBT001
    """Take the hooks out of .pre-commit-config.yaml.

    The file becomes what it was before; one that `jerry hooks install` made goes.

    \b
    Examples:
      jerry hooks uninstall
      jerry hooks uninstall --dry-run
    """
    try:
        report = uninstall(session.app.hook_configuration, dry_run=dry_run)
    except HookConfigurationError as error:
        raise _refused(error) from error
    if session.json:
        _emit(session, report)
    elif not report.draft.changed:
        click.echo("nothing to remove")
    elif dry_run:
        _print_diff(report)
    else:
        click.echo(f"removed from {CONFIGURATION}: {', '.join(report.hooks)}")
        click.echo(_left_over(report))
    return 0


def _left_over(report: HooksReport) -> str:
    """What `jerry hooks uninstall` leaves to do."""
    if report.command:
        text = "The file went too, and git hooks that pre-commit has made refuse every commit without it. Next:"
        return f"{text}\n  {report.command}"
    return "The git hooks that pre-commit has made stay: they run what else is in the file."


def _origin(repo: str | None, rev: str | None) -> Origin | None:
    """What the options name, None where they name nothing."""
    if (repo is None or repo == LOCAL) and rev is None:
        return None
    if not repo or not rev or repo in (LOCAL, "meta"):
        raise click.UsageError("--repo URL and --rev REV go together.")
    for option, value in (("--repo", repo), ("--rev", rev)):
        if not value.isprintable():
            raise click.UsageError(f"{option} {value!r} has characters that cannot be printed.")
    return Origin(repo=repo, rev=rev)


def _refused(error: HookConfigurationError) -> RefusedError:
    snippet = f":\n\n{error.snippet}" if error.snippet else ""
    return RefusedError(error.code, escaped(str(error)), line(error.hint + snippet))


def _emit(session: Session, report: HooksReport) -> None:
    session.emit_json(
        "jerry.hooks.v1",
        path=CONFIGURATION,
        changed=report.draft.changed,
        hooks=list(report.hooks),
        hook_types=list(report.hook_types),
        command=report.command or None,
        warnings=[{"code": advice.code, "message": advice.message, "hint": advice.hint} for advice in report.warnings],
    )


def _print_diff(report: HooksReport) -> None:
    for text in diff(report.draft):
        click.secho(line(text), fg=_COLOURS.get(text[:1]))
    if not report.draft.changed:
        click.echo("nothing to change")
