"""Whether the code and the registry agree (rules R9, R11): classes changed, unpublished, orphaned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.schemas.registry import Registry, is_event_name

if TYPE_CHECKING:
    from jerry_git.application.schemas.declarations import DeclaredEvent, SourceProblem

Json = Any

TRACKER = "jerry."
"""How the names of the tracker's own events begin: `jerry init` writes their schemas into every repository."""
Differences = Callable[[Json, Json], Sequence[str]]


def drift(
    declared: Sequence[DeclaredEvent], problems: Iterable[SourceProblem], registry: Registry, differences: Differences
) -> Iterator[Finding]:
    """A finding for each class that is not what was published, each event without a class, each that cannot be told."""
    for problem in problems:
        yield finding("schema-source", problem.message, problem.mend, problem.path, problem.line)
    for event in declared:
        yield from _fault(event, registry, differences)
    names = {event.name for event in declared}
    foreign = () if any(name.startswith(TRACKER) for name in names) else TRACKER
    for name in sorted(registry.events.keys() - names):
        if foreign and name.startswith(foreign):
            continue
        message = f"{name} is published, and no class has this name"
        mend = "keep the class that reads it, or declare its module in [tool.jerry.schemas]"
        yield finding("schema-orphaned", message, mend, registry.path(name, registry.newest(name)))


def _fault(event: DeclaredEvent, registry: Registry, differences: Differences) -> Iterator[Finding]:
    what = f"{event.name} ({event.qualname})"
    version = event.version or registry.newest(event.name)
    published = registry.events.get(event.name, {}).get(version)
    if not is_event_name(event.name):
        mend = "give it a name of letters, digits, dots, hyphens and underscores"
        yield finding("schema-source", f"{what} has a name that no folder can have", mend, event.path, event.line)
    elif published is None:
        message = f"{what} is not published{f' as v{version}' if version else ''}"
        yield finding("schema-unpublished", message, "jerry schema publish", event.path, event.line)
    elif differing := differences(event.schema, published):
        places = ", ".join(pointer or "its root" for pointer in differing[:5])
        message = f"{what} is not what was published as v{version}: it differs at {places}"
        mend = "`jerry schema publish` makes it the next version, where old events allow that"
        yield finding("schema-drift", message, mend, event.path, event.line)
    for pointer in event.opaque:
        message = f"{what}: {pointer or 'its schema'} cannot be told without importing it"
        yield finding("schema-opaque", message, "pytest --jerry-schemas", event.path, event.line)
