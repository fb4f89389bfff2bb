"""The rules of schemas over one source: what a hook asks about the change, and `jerry check` about everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from jerry_git.application.checking.findings import Finding, Report, graded
from jerry_git.application.checking.sources import Change, Source
from jerry_git.application.settings import SchemaSettings, Settings

if TYPE_CHECKING:
    from jerry_git.application.checking.sources import EventFileReader

_SETTINGS = ("pyproject.toml", ".jerry/config.toml")


def check_immutable(source: Source, reader: EventFileReader, settings: Settings) -> Report:  # noqa: ARG001 - one shape
    """What was published and is not as it was; reads the files that differ. Raises as the source does."""
    changes = source.changes((settings.schemas.directory,), published=False)
    return _report(source, settings, unaltered(source, settings.schemas, changes), len(changes))


def check_compatible(source: Source, reader: EventFileReader, settings: Settings) -> Report:  # noqa: ARG001 - one shape
    """Whether old events stay readable, of those events that differ from the base. Raises as the source does.

    A version that means something else on another side is told here too: two branches may both have published it.
    """
    changes = source.changes(patterns(settings.schemas), published=False)
    altered = (found for found in unaltered(source, settings.schemas, changes) if found.severity == "error")
    found = (*altered, *readable(source, settings.schemas, changes, whole=False))
    return _report(source, settings, found, len(changes))


def check_drift(source: Source, reader: EventFileReader, settings: Settings) -> Report:  # noqa: ARG001 - one shape
    """Whether classes and registry agree, as far as that can be told without importing anything.

    Where neither code nor registry differs from the base, nothing is read. Raises as the source does.
    """
    own = settings.schemas
    code = [f"{'' if root == '.' else f'{root}/'}**/*.py" for root in own.source_roots]
    changes = source.changes((own.directory, *code, *_SETTINGS), published=False) if own.declares else ()
    found = agreeing(source, own) if changes else ()
    return _report(source, settings, found, len(changes))


def check_everything(source: Source, settings: Settings, *, whole: bool) -> Report:
    """All rules of schemas: over everything when `whole`, else over what differs from the base."""
    changes = source.changes(patterns(settings.schemas), published=False)
    found = [*check_schemas(source, settings.schemas, changes, whole=whole)]
    if not whole:
        found += agreeing(source, settings.schemas)
    return _report(source, settings, found, len(changes))


def check_schemas(
    source: Source, settings: SchemaSettings, changes: Sequence[Change], *, whole: bool
) -> Iterator[Finding]:
    """What the check of a repository asks of schemas; of the classes only when it looks at everything."""
    yield from unaltered(source, settings, changes)
    yield from readable(source, settings, changes, whole=whole)
    if whole:
        yield from agreeing(source, settings)


def patterns(settings: SchemaSettings) -> tuple[str, ...]:
    """Where a change can have to do with published schemas: the registry, and what declares and holds upcasters."""
    if not settings.upcasters:
        return (settings.directory,)
    from jerry_git.application.schemas.upcasters import paths

    return (settings.directory, *paths(settings), *_SETTINGS)


def unaltered(source: Source, settings: SchemaSettings, changes: Sequence[Change]) -> Iterator[Finding]:
    """See `immutable.immutable`; loads it only where something changed."""
    if any(change.before is not None and _is_inside(settings, change) for change in changes):
        from jerry_git.application.schemas.immutable import immutable

        yield from immutable(source, settings.directory, changes)


def readable(source: Source, settings: SchemaSettings, changes: Sequence[Change], *, whole: bool) -> Iterator[Finding]:
    """See `evolution.evolution`, with what cannot be read: of all events, or of those with a part in the change."""
    events = None if whole else _concerned(settings, changes)
    if events is not None and not events:
        return
    from jerry_git.application.schemas.evolution import evolution
    from jerry_git.application.schemas.registry import read
    from jerry_git.application.schemas.upcasters import declared

    registry = read(source, settings.directory, events)
    yield from registry.findings
    upcasters = declared(source, settings)
    names = registry.events.keys() | {event for event, _ in upcasters} | {event for event, _ in registry.records}
    yield from evolution(registry, upcasters, settings.level, names if events is None else names & events)


def _concerned(settings: SchemaSettings, changes: Sequence[Change]) -> set[str]:
    """The events that a change is about: a file of theirs, the module of an upcaster, or the settings."""
    inside = [change.path for change in changes if _is_inside(settings, change)]
    events = {path.removeprefix(f"{settings.directory}/").partition("/")[0] for path in inside}
    if len(inside) < len(changes):
        events |= {key.rpartition(".v")[0] for key in settings.upcasters}
    return events


def _is_inside(settings: SchemaSettings, change: Change) -> bool:
    return change.path.startswith(f"{settings.directory}/")


def agreeing(source: Source, settings: SchemaSettings) -> Iterator[Finding]:
    """See `drift.drift`; nothing where the settings name no event classes."""
    if not settings.declares:
        return
    from jerry_git.application.schemas.drift import drift
    from jerry_git.application.schemas.registry import read
    from jerry_git.application.schemas.static_classes import declared, differences

    events, problems = declared(source, settings)
    yield from drift(events, problems, read(source, settings.directory), differences)


def _report(source: Source, settings: Settings, findings: Iterable[Finding], files: int) -> Report:
    return Report(source=source.name, findings=graded(findings, settings.severities), files=files)
