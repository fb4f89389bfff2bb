"""The verbs of layers: check who imports whom, freeze what is there today, draw it, begin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jerry_git.application.checking.findings import CannotCheckError, Report, graded
from jerry_git.application.checking.rendering import FORMATS, as_data
from jerry_git.application.errors import ConfigurationError, GitError, NoWorkTreeError
from jerry_git.cli.checking import FOUND, could_not, show, show_finding
from jerry_git.cli.options import json_option
from jerry_git.cli.printing import escaped
from jerry_git.cli.session import Session, pass_session
from jerry_git.cli.talk import RefusedError

if TYPE_CHECKING:
    from jerry_git.application.checking.sources import Source
    from jerry_git.application.layers.examining import Examined

format_option = click.option(
    "-f", "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to print."
)


@click.group("layers")
def layers_command() -> None:
    """Check that each layer imports only what it may: the domain never imports infrastructure.

    Works in any repository of Python, and imports nothing. [tool.jerry.layers] names the layers; without it, a package
    `domain` must not import `infrastructure`, `adapters`, `application`, `interface` or `cli` beside it.

    \b
    Examples:
      jerry layers check
      jerry layers init
      jerry layers graph --format svg --output layers.svg
    """


@layers_command.command("check")
@click.argument("revision", required=False)
@click.option("--staged", is_flag=True, help="Check what the next commit will have.")
@click.option("--range", "span", metavar="BASE..HEAD", help="Check HEAD, and that its baseline has not grown.")
@format_option
@json_option
@pass_session
def check_command(session: Session, revision: str | None, staged: bool, span: str | None, form: str) -> int:  # noqa: FBT001
    """Check every import of every module, directly and by way of others.

    Without arguments it checks the work tree: the files that git has or would take up. Exit status as of `jerry check`.
    A line may say `# jerry: allow[LES-002] reason`.

    \b
    Examples:
      jerry layers check
      jerry layers check --staged
      jerry layers check v1.2.0 --json
      jerry layers check --range origin/main..HEAD --format sarif
    """
    if sum((revision is not None, staged, span is not None)) > 1:
        raise click.UsageError("REVISION, --staged and --range exclude each other.")
    try:
        guard = session.app.guard
        source = _source(session, revision, span, staged=staged)
        report = session.app.layers(source, guard.reader, guard.settings)
    except (CannotCheckError, ConfigurationError, GitError, NoWorkTreeError) as error:
        return could_not(session, error)
    return _tell(session, report, form)


def _source(session: Session, revision: str | None, span: str | None, *, staged: bool) -> Source:
    guard = session.app.guard
    if span is not None:
        return guard.sources.range(span)
    if revision is not None:
        return guard.sources.revision(revision, guard.settings.published)
    return (guard.sources.index if staged else guard.sources.work_tree)(guard.settings.published)


def _tell(session: Session, report: Report, form: str) -> int:
    if session.json or form != "text":
        click.echo(FORMATS["json" if session.json else form](report), nl=False)
    else:
        show(report, "file")
    return FOUND if report.is_refused else 0


def _examined(session: Session) -> Examined:
    """Everything that is known of the work tree; raises what a check raises."""
    from jerry_git.application.layers.tree import tree_of

    guard = session.app.guard
    source = guard.sources.work_tree(None)
    entries = source.tracked()
    return session.app.layers.examined(source, tree_of(source, entries), entries, guard.settings.layers)


@layers_command.command("baseline")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@json_option
@pass_session
def baseline_command(session: Session, dry_run: bool) -> int:  # noqa: FBT001
    """Freeze the violations that are there today, so that only new ones fail.

    The first time it writes all of them to a file, which you commit. After that it only takes out what is mended; a new
    violation is never taken in.

    \b
    Examples:
      jerry layers baseline
      jerry layers baseline --dry-run
    """
    from jerry_git.application.layers.baseline import BaselineError, read, written
    from jerry_git.application.layers.freezing import freeze

    root, name = session.app.repository.root, session.app.settings.layers.baseline
    place = root / name
    if place.is_symlink() or any(parent.is_symlink() for parent in place.parents if parent.is_relative_to(root)):
        raise RefusedError(
            "symbolic-link", f"{name} is behind a symbolic link, which is never followed", f"ls -l {name}"
        )
    try:
        before = read(place.read_bytes()) if place.exists() else None
    except BaselineError as error:
        raise RefusedError("layer-baseline", f"{name}: {error}", f"git checkout HEAD -- {name}") from error
    made = freeze(_examined(session).violations(), before)
    if not dry_run and (before is None or made.mended):
        place.parent.mkdir(parents=True, exist_ok=True)
        new = place.with_name(f"{place.name}.tmp")
        new.write_text(written(made.kept), encoding="utf-8")
        new.replace(place)
    refused = graded([violation.found for violation in made.refused], session.app.settings.severities)
    if session.json:
        session.emit_json(
            "jerry.layers-baseline-written.v1",
            path=name,
            kept=[frozen._asdict() for frozen in made.kept],
            mended=[frozen._asdict() for frozen in made.mended],
            refused=[as_data(found) for found in refused],
            dry_run=dry_run,
        )
    else:
        for found in refused:
            show_finding(found)
        for frozen in made.mended:
            click.echo(f"mended: {escaped(frozen.importer)} to {escaped(frozen.imported)} ({frozen.code})")
        click.echo(f"{len(made.kept)} frozen, {len(made.mended)} mended, {len(refused)} new in {name}", err=True)
        if before is None and not dry_run:
            click.echo(f"hint: `git add {name}`", err=True)
    return FOUND if refused else 0


@layers_command.command("graph")
@click.option(
    "-f", "--format", "form", type=click.Choice(("mermaid", "dot", "svg")), default="mermaid", show_default=True,
    help="How to draw.",
)  # fmt: skip
@click.option(
    "--depth", type=click.IntRange(1, 20), default=2, show_default=True, help="Names of a package that count."
)
@click.option(
    "--within", default="", metavar="PACKAGE", help="Only what is below a package, with its names from there."
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to a file."
)
@json_option
@pass_session
def graph_command(session: Session, form: str, depth: int, within: str, output: Path | None) -> None:
    """Draw which package imports which, with violations in red.

    \b
    Examples:
      jerry layers graph
      jerry layers graph --format svg --output layers.svg
      jerry layers graph --within shop.domain --depth 1 --format dot
    """
    from jerry_git.application.layers.drawing import DRAWINGS
    from jerry_git.application.layers.picture import package_graph

    examined = _examined(session)
    graph = package_graph(examined, examined.violations(), depth, within)
    if within and not graph.packages:
        raise RefusedError("no-package", f"no package is called {within!r}", "`jerry layers graph` shows what there is")
    if session.json:
        session.emit_json(
            "jerry.layers-graph.v1",
            layers=list(graph.layers),
            packages=[{"name": each.name, "modules": each.modules, "layer": each.layer} for each in graph.packages],
            dependencies=[
                {
                    "importer": each.importer,
                    "imported": each.imported,
                    "imports": each.imports,
                    "violations": each.violations,
                }
                for each in graph.dependencies
            ],
        )
        return
    text = DRAWINGS[form](graph)
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"wrote {escaped(str(output))}", err=True)


@layers_command.command("init")
@json_option
@pass_session
def init_command(session: Session) -> None:
    """Propose a [tool.jerry.layers] from the packages that are there; writes nothing.

    \b
    Examples:
      jerry layers init
      jerry layers init >> pyproject.toml
    """
    from jerry_git.application.layers.proposing import propose

    found = propose(_examined(session))
    if found is None:
        hint = "docs/layers.md shows how to name your own"
        raise RefusedError("no-layers", "no packages with names such as domain and infrastructure stand together", hint)
    if session.json:
        session.emit_json("jerry.layers-init.v1", text=found.text, seen=list(found.seen))
        return
    click.echo(found.text, nl=False)
    for seen in found.seen:
        click.echo(f"seen under {escaped(seen)}", err=True)
    if session.app.settings.layers.declares:
        click.echo("hint: this repository has a [tool.jerry.layers] already", err=True)
