"""The verbs of event schemas: publish them, look at them, compare them, hold old events against them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jerry_git.application.checking.findings import CannotCheckError, Report, graded
from jerry_git.application.checking.rendering import FORMATS, as_data
from jerry_git.application.errors import ConfigurationError, GitError, NoWorkTreeError
from jerry_git.cli.checking import FOUND, could_not, show, show_finding
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import escaped, table, terminal_width
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import RefusedError, warn

if TYPE_CHECKING:
    from jerry_domain.schemas.compatibility import Comparison, Direction, Reason
    from jerry_git.application.schemas.registry import Registry

_MARKS = {"compatible": "green", "incompatible": "red", "undecided": "yellow"}
_STEPS = {
    "free": "nothing to do: old and new mean the same",
    "version": "a new version, which reads old events as they stand",
    "upcaster": "a new version, and an upcaster for old events",
}

format_option = click.option(
    "-f", "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to print."
)
static_option = click.option("--static", is_flag=True, help="Read the classes without importing them.")


@click.group("schema")
def schema_command() -> None:
    """Publish the schemas of events, and keep old events readable.

    A published schema is a file in git, .jerry/schemas/<event name>/v<n>.json, and never changes. Works in any
    repository of Python; [tool.jerry.schemas] names the event classes.

    \b
    Examples:
      jerry schema publish
      jerry schema diff old.json new.json
      jerry schema check
    """


@schema_command.command("publish")
@click.argument("events", nargs=-1, metavar="[EVENT]...")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be published, and write nothing.")
@static_option
@json_option
@pass_session
def publish_command(session: Session, events: Sequence[str], dry_run: bool, static: bool) -> int:  # noqa: FBT001
    """Publish what is new: the schemas of event classes, and the fingerprints of upcasters.

    A class that changed becomes the next version where it reads all old events as they stand, or where an upcaster is
    declared. Anything else is refused, with an event that would break.

    \b
    Examples:
      jerry schema publish
      jerry schema publish order_placed --dry-run
    """
    from jerry_git.application.schemas.publishing import plan, publish

    app = session.app
    declared, problems, registry, upcasters = app.schemas.state(exact=not static)
    wanted = [event for event in declared if not events or event.name in events]
    _known(events, {event.name for event in declared})
    found = plan(wanted, registry, upcasters, app.settings.schemas.level)
    refused = (*graded(app.schemas.findings_of(problems), {}), *found.refused)
    paths = [new.place.path(registry.directory) for new in found.files]
    if not dry_run:
        publish(found, registry, app.schemas.folder)
    if session.json:
        session.emit_json(
            "jerry.schema-publish.v1",
            published=paths,
            unchanged=list(found.unchanged),
            refused=[as_data(fault) for fault in refused],
            dry_run=dry_run,
        )
    else:
        for fault in refused:
            show_finding(fault)
        for path in paths:
            click.echo(f"{'would publish' if dry_run else 'published'} {escaped(path)}")
        _summary(len(paths), len(found.unchanged), len(refused), registry.directory)
    return FOUND if refused else 0


def _summary(new: int, unchanged: int, refused: int, directory: str) -> None:
    click.echo(f"{new} new, {unchanged} published as they are, {refused} refused", err=True)
    if new:
        click.echo(f"hint: `git add {directory}`: what is committed is published for good", err=True)


def _known(wanted: Sequence[str], names: set[str]) -> None:
    for name in wanted:
        if name not in names:
            import difflib

            similar = difflib.get_close_matches(name, names, n=3)
            hint = f"Did you mean {' or '.join(f'`{match}`' for match in similar)}?" if similar else "jerry schema list"
            raise RefusedError("no-event", f"no event is called {name!r}", hint)


@schema_command.command("list")
@json_option
@pass_session
def list_command(session: Session) -> None:
    """List the published events with their versions.

    \b
    Examples:
      jerry schema list
      jerry schema list --json
    """
    registry = _registry(session)
    if session.json:
        events = [
            {
                "event": name,
                "versions": sorted(versions),
                "upcasters": sorted(version - 1 for event, version in registry.records if event == name),
            }
            for name, versions in sorted(registry.events.items())
        ]
        session.emit_json("jerry.schema-list.v1", directory=registry.directory, events=events)
        return
    rows = [
        (
            name,
            ", ".join(f"v{version}" for version in sorted(versions)),
            ", ".join(f"v{v - 1} to v{v}" for event, v in sorted(registry.records) if event == name),
        )
        for name, versions in sorted(registry.events.items())
    ]
    for text in table(("EVENT", "VERSIONS", "UPCASTERS"), rows, flexible=0, columns=terminal_width()) if rows else ():
        click.echo(text)
    click.echo(f"{len(rows)} event{'' if len(rows) == 1 else 's'} in {registry.directory}", err=True)


@schema_command.command("show")
@click.argument("event")
@click.option("--version", "version", type=click.IntRange(1), metavar="N", help="Another version than the newest.")
@json_option
@pass_session
def show_command(session: Session, event: str, version: int | None) -> None:
    """Print a published schema.

    \b
    Examples:
      jerry schema show order_placed
      jerry schema show order_placed --version 1
    """
    registry = _registry(session)
    version, schema = _published(registry, event, version)
    if session.json:
        path = registry.path(event, version)
        session.emit_json("jerry.schema.v1", event=event, version=version, path=path, document=schema)
    else:
        click.echo(json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True))


def _registry(session: Session) -> Registry:
    """What is published; tells on stderr what cannot be read of it."""
    registry = session.app.schemas.registry()
    for fault in registry.findings:
        warn(f"{escaped(fault.path)}: {fault.message}", fault.mend)
    return registry


def _published(registry: Registry, event: str, version: int | None) -> tuple[int, Any]:
    _known([event], set(registry.events))
    versions = registry.events[event]
    version = version or max(versions)
    if version not in versions:
        there = ", ".join(f"v{number}" for number in sorted(versions))
        raise RefusedError("no-version", f"{event} has no v{version}", f"there are: {there}")
    return version, versions[version]


@schema_command.command("diff")
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="OLD.json")
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="NEW.json")
@click.option("--strict", is_flag=True, help="An open object may hold keys that its schema does not name.")
@json_option
@pass_session
def diff_command(session: Session, old: Path, new: Path, strict: bool) -> int:  # noqa: FBT001
    """Compare two JSON Schemas: who can still read whose events, and what breaks.

    Backward: the new schema takes every event of the old one. Forward: the old takes every event of the new. docs/
    schema-rules.md explains the rules. Exit status 0: backward compatible; 1: not, or undecided. Needs no repository.

    \b
    Examples:
      jerry schema diff old.json new.json
      jerry schema diff old.json new.json --json
    """
    from jerry_domain.schemas.compatibility import compare

    comparison = compare(_file(old), _file(new), strict=strict)
    if session.json:
        session.emit_json("jerry.schema-diff.v1", **_comparison(comparison))
    else:
        for name, direction in (("backward", comparison.backward), ("forward", comparison.forward)):
            _show_direction(name, direction)
        for note in comparison.notes:
            click.echo(f"note: {_reason_line(note)}")
        click.echo(f"in an event store: {_STEPS[comparison.step]}")
    return 0 if comparison.backward.verdict == "compatible" else FOUND


def _file(path: Path) -> Any:
    from jerry_git.application.schemas.registry import NotReadableError, parsed

    try:
        return parsed(path.read_bytes())
    except NotReadableError as error:
        raise RefusedError("no-schema", f"{path}: {error}", "name a file that holds a JSON Schema") from error


def _comparison(comparison: Comparison) -> dict[str, Any]:
    directions = {"backward": comparison.backward, "forward": comparison.forward}
    return {
        **{name: direction.verdict for name, direction in directions.items()},
        "full": comparison.full.verdict,
        "step": comparison.step,
        "reasons": [
            {"direction": name, **_reason(reason)} for name, found in directions.items() for reason in found.reasons
        ],
        "notes": [_reason(note) for note in comparison.notes],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "verdict": reason.verdict,
        "message": reason.message,
        "pointer": reason.pointer,
        "path": reason.path,
        "example": None if reason.example is None else {"value": reason.example.value},
    }


def _show_direction(name: str, direction: Direction) -> None:
    click.echo(f"{name}: {click.style(direction.verdict, fg=_MARKS[direction.verdict])}")
    for reason in direction.reasons:
        click.echo(f"  {_reason_line(reason)}")
        if reason.example is not None:
            click.echo(f"    such as: {escaped(reason.example.text)}")


def _reason_line(reason: Reason) -> str:
    return escaped(f"{reason.rule} {reason.pointer or '(root)'}: {reason.message}")


@schema_command.command("check")
@click.option("--staged", is_flag=True, help="Check what the next commit changes.")
@click.option("--range", "span", metavar="BASE..HEAD", help="Check what HEAD changes, tree against tree.")
@format_option
@json_option
@pass_session
def check_command(session: Session, staged: bool, span: str | None, form: str) -> int:  # noqa: FBT001
    """Check that published schemas stay, old events stay readable, and the code agrees.

    Without options it checks everything in the work tree. Nothing is imported: what cannot be told of a class without
    that is a warning, and `pytest --jerry-schemas` tells it. Exit status as of `jerry check`.

    \b
    Examples:
      jerry schema check
      jerry schema check --range origin/main..HEAD --format github
    """
    if staged and span is not None:
        raise click.UsageError("--staged and --range exclude each other.")
    from jerry_git.application.schemas.checking import check_everything

    try:
        guard = session.app.guard
        source = (
            guard.sources.range(span)
            if span is not None
            else (guard.sources.index if staged else guard.sources.work_tree)(guard.settings.published)
        )
        report = check_everything(source, guard.settings, whole=not staged and span is None)
    except (CannotCheckError, ConfigurationError, GitError, NoWorkTreeError) as error:
        return could_not(session, error)
    return _report(session, report, form)


def _report(session: Session, report: Report, form: str) -> int:
    if session.json or form != "text":
        click.echo(FORMATS["json" if session.json else form](report), nl=False)
    else:
        show(report, "file")
    return FOUND if report.is_refused else 0


@schema_command.command("verify")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]...")
@format_option
@json_option
@pass_session
def verify_command(session: Session, files: Sequence[Path], form: str) -> int:
    """Replay stored events through the upcasters, up to the newest version.

    FILE holds events as JSON: an array, one object, or an object a line. Without files: those of
    [tool.jerry.schemas.stored], and the events of this repository's work items. Upcasters and classes are imported:
    run it in the environment of your project.

    \b
    Examples:
      jerry schema verify
      jerry schema verify fixtures/events.jsonl
    """
    return _report(session, session.app.schemas.verified(files), form)


@schema_command.command("stub")
@click.argument("event")
@click.option("--from", "version", type=click.IntRange(1), metavar="N", help="The version it starts from. [newest]")
@static_option
@json_option
@pass_session
def stub_command(session: Session, event: str, version: int | None, static: bool) -> None:  # noqa: FBT001
    """Print an upcaster, ready to be filled in, and the line of the settings that declares it.

    It leads to the next published version, or to the class as it is now.

    \b
    Examples:
      jerry schema stub order_placed
      jerry schema stub order_placed --from 1
    """
    from jerry_git.application.schemas.stubs import stub_between

    registry = _registry(session)
    start, old = _published(registry, event, version)
    new = registry.events[event].get(start + 1)
    if new is None:
        declared, _, _, _ = session.app.schemas.state(exact=not static)
        new = next((other.schema for other in declared if other.name == event), old)
    text = stub_between(event, start, old, new)
    if session.json:
        session.emit_json("jerry.schema-stub.v1", event=event, version=start, text=text)
    else:
        click.echo(text, nl=False)
