"""Documentation that is made from the code: `python -m tests.generate` writes it, tests compare it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args, get_origin, get_type_hints

import click

from jerry_domain.events.base import DomainEvent
from jerry_domain.events.work_item_events import WORK_ITEM_EVENTS
from jerry_domain.value_objects.status import state_diagram
from jerry_git.cli.main import SECTIONS, root
from jerry_git.infrastructure.persistence.schemas import all_schemas
from tests.docs.terminal import ROOT, blocks, dated, played, steady, steps
from tests.field_meanings import meaning

PLAYED = ("merging.md", "time-travel.md")
"""Pages whose transcripts are run."""
_BASE = {field.name for field in fields(DomainEvent)}
_WORDS = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "datetime": "time"}
_OUR_OWN_PAPERS = re.compile(r" \((?:DESIGN|LES|PAT)[^)]*\)")


def event_tables() -> str:
    """Each event type with a table of its data's fields."""
    return "\n".join("\n".join(_event(event)) for event in WORK_ITEM_EVENTS)


def _event(event: type[DomainEvent]) -> Iterator[str]:
    hints = get_type_hints(event)
    words = _OUR_OWN_PAPERS.sub("", " ".join((event.__doc__ or "").split())).replace("None", "null")
    yield f"### `{event.event_type}`\n"
    yield textwrap.fill(words, 120) + "\n"
    yield "| field | type | default | meaning |"
    yield "| --- | --- | --- | --- |"
    for field in fields(event):
        if field.name not in _BASE:
            default = "needed" if field.default is MISSING else f"`{_json(field.default)}`"
            says = meaning(event.event_type.split(".")[-2], field.name)
            yield f"| `{field.name}` | {_type(hints[field.name])} | {default} | {says} |"
    yield ""


def _json(value: object) -> str:
    return {None: "null", False: "false"}.get(value, f'"{value}"')


def _type(hint: type) -> str:
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return f"list of {_type(arguments[0])}"
    if type(None) in arguments:
        return f"{_type(arguments[0])} or null"
    if arguments:
        return "object of texts"
    if hasattr(hint, "__members__"):
        return ", ".join(f"`{member}`" for member in hint)
    return _WORDS.get(hint.__name__, hint.__name__)


def between(text: str, name: str, content: str) -> str:
    """`text` with `content` between the marks of `name`."""
    head, _, rest = text.partition(f"<!-- {name} -->\n")
    return f"{head}<!-- {name} -->\n{content}<!-- /{name} -->{rest.partition(f'<!-- /{name} -->')[2]}"


def command_reference() -> str:
    """Every command with its help, as docs/cli.md shows it."""
    lines = ["# The commands", "", "Made from the help texts; `jerry COMMAND --help` shows the same.", ""]
    context = click.Context(root, info_name="jerry", terminal_width=100, **root.context_settings)
    lines += ["## All together", "", f"```text\n{root.get_help(context)}\n```", ""]
    for section, commands in SECTIONS.items():
        lines += [f"## {section}", ""]
        for name in commands:
            command = root.get_command(context, name)
            assert command is not None
            lines += _command(command, click.Context(command, info_name=name, parent=context, terminal_width=100))
    return "\n".join(lines)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"### {context.command_path}\n"
    yield f"```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _command(below, click.Context(below, info_name=name, parent=context, terminal_width=100))


def generated() -> dict[Path, bytes]:
    """Every file that is made, whole or in part, with its content; the README apart, whose times pass."""
    page, states = ROOT / "docs" / "format.md", ROOT / "docs" / "states.md"
    drawn = f"```mermaid\n{state_diagram()}```\n"
    made = {
        page: between(page.read_text(), "events", f"\n{event_tables()}\n").encode(),
        states: between(states.read_text(), "diagram", drawn).encode(),
        ROOT / "docs" / "cli.md": command_reference().encode(),
    }
    return made | {ROOT / "jerry_git" / "schemas" / name: content for name, content in all_schemas().items()}


def refreshed(page: Path) -> str:
    """A page whose transcripts, one after the other, show what their commands print today where that has changed."""
    text = page.read_text()
    parts = blocks(page, "console")
    with TemporaryDirectory() as folder:
        seen = played("".join(parts), Path(folder))
    if steady(seen) == steady("".join(parts)):
        return text
    screens = iter(steps(dated(seen)))
    for part in parts:
        anew = "".join(f"$ {command}\n{screen}" for _, (command, screen) in zip(steps(part), screens, strict=False))
        text = text.replace(part, anew)
    return text


def main() -> None:
    """Write everything anew."""
    for path, content in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for page in (ROOT / "README.md", *(ROOT / "docs" / name for name in PLAYED)):
        page.write_text(refreshed(page))


if __name__ == "__main__":
    main()
