"""The rules of schemas over one source: what a hook asks about the change, and `jerry check` about everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from jerry_git.application.checking.engine import graded
from jerry_git.application.checking.findings import Finding, Report
from jerry_git.application.checking.sources import Change, Source
from jerry_git.application.schemas.registry import place_of, read
from jerry_git.application.settings import SchemaSettings, Settings

if TYPE_CHECKING:
    from jerry_git.application.checking.sources import EventFileReader

_SETTINGS = ("pyproject.toml", ".jerry/config.toml")


def check_immutable(source: Source, reader: EventFileReader, settings: Settings) -> Report:  # noqa: ARG001 - one shape
    """What was published and is not as it was; reads the files that differ. Raises as the source does."""
    changes = published_changes(source, settings.schemas)
    return _report(source, settings, unaltered(source, settings.schemas, changes), len(changes))


def check_compatible(source: Source, reader: EventFileReader, settings: Settings) -> Report:  # noqa: ARG001 - one shape
    """Whether old events stay readable, of those events that differ from the base. Raises as the source does.

    A version that means something else on another side is told here too: two branches may both have published it.
    """
    changes = published_changes(source, settings.schemas)
    altered = (found for found in unaltered(source, settings.schemas, changes) if found.severity == "error")
    return _report(source, settings, (*altered, *readable(source, settings.schemas, whole=False)), len(changes))


def check_drift(source: Source, reader: EventFileReader, settings: Settings) -> Report:  # noqa: ARG001 - one shape
    """Whether classes and registry agree, all of them, as far as that can be told without importing anything."""
    return _report(source, settings, agreeing(source, settings.schemas), 0)


def check_schemas(source: Source, settings: Settings, *, whole: bool) -> Iterator[Finding]:
    """Every rule of schemas, of everything when `whole`, else of what differs from the base."""
    changes = published_changes(source, settings.schemas)
    yield from unaltered(source, settings.schemas, changes)
    yield from readable(source, settings.schemas, whole=whole)
    if whole or settings.schemas.declares:
        yield from agreeing(source, settings.schemas)


def published_changes(source: Source, settings: SchemaSettings) -> Sequence[Change]:
    """What differs below the registry from everything that has published it."""
    return source.changes((settings.directory,), published=False)


def unaltered(source: Source, settings: SchemaSettings, changes: Sequence[Change]) -> Iterator[Finding]:
    """See `immutable.immutable`; loads it only where something changed."""
    if any(change.before is not None for change in changes):
        from jerry_git.application.schemas.immutable import immutable

        yield from immutable(source, settings.directory, changes)


def readable(source: Source, settings: SchemaSettings, *, whole: bool) -> Iterator[Finding]:
    """See `evolution.evolution`, with what cannot be read: of all events, or of those with a part in the change."""
    events = None if whole else _concerned(source, settings)
    if events is not None and not events:
        return
    from jerry_git.application.schemas.evolution import evolution
    from jerry_git.application.schemas.upcasters import declared

    registry = read(source, settings.directory, events)
    yield from registry.findings
    upcasters = declared(source, settings)
    names = registry.events.keys() | {event for event, _ in upcasters} | {event for event, _ in registry.records}
    wanted = names if events is None else names & events
    yield from evolution(registry, upcasters, settings.level, wanted)


def _concerned(source: Source, settings: SchemaSettings) -> set[str]:
    """The events that a change is about: a file of theirs, the module of an upcaster, or the settings."""
    changes = source.changes((settings.directory, *_upcasting(settings), *_SETTINGS), published=False)
    events = {place.event for change in changes if (place := place_of(settings.directory, change.path))}
    inside = f"{settings.directory}/"
    odd = {change.path.removeprefix(inside).partition("/")[0] for change in changes if change.path.startswith(inside)}
    if any(not change.path.startswith(inside) for change in changes):
        events |= {key.rpartition(".v")[0] for key in settings.upcasters}
    return events | odd


def _upcasting(settings: SchemaSettings) -> list[str]:
    if not settings.upcasters:
        return []
    from jerry_git.application.schemas.upcasters import paths

    return paths(settings)


def agreeing(source: Source, settings: SchemaSettings) -> Iterator[Finding]:
    """See `drift.drift`; nothing where the settings name no event classes."""
    if not settings.declares:
        return
    from jerry_git.application.schemas.drift import drift
    from jerry_git.application.schemas.static_classes import declared, differences

    events, problems = declared(source, settings)
    yield from drift(events, problems, read(source, settings.directory), differences)


def _report(source: Source, settings: Settings, findings: Iterable[Finding], files: int) -> Report:
    return Report(source=source.name, findings=graded(findings, settings.severities), files=files)
