"""Whether old events stay readable: every version against every earlier one, along the chain of upcasters (rule R8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.schemas.registry import Registry, pairs
from jerry_git.application.schemas.upcasters import Upcaster, key_of

if TYPE_CHECKING:
    from jerry_domain.schemas.compatibility import Comparison, Reason
    from jerry_git.application.settings import SchemaLevel

Json = Any
Compare = Callable[[Json, Json], "Comparison"]
Upcasters = Mapping[tuple[str, int], Upcaster]

_MOST = 5
"""So many reasons are told of one pair of versions."""


def comparing(old: Json, new: Json) -> Comparison:
    """The verdict on a change; loaded when the first is asked for."""
    from jerry_domain.schemas.compatibility import compare

    return compare(old, new)


def evolution(
    registry: Registry, upcasters: Upcasters, level: SchemaLevel, events: Iterable[str], compare: Compare = comparing
) -> Iterator[Finding]:
    """Every finding in how these events came to be what they are."""
    for event in sorted(events):
        versions = registry.events.get(event, {})
        yield from _gaps(registry, event)
        yield from _references(registry, event)
        for segment in segments(sorted(versions), [version for name, version in upcasters if name == event]):
            for earlier, later in pairs(segment):
                comparison = compare(versions[earlier], versions[later])
                yield from told(comparison, event, (earlier, later), registry.path(event, later), level)
        yield from _reused(registry, event)
        yield from _upcast(registry, upcasters, event)


def segments(versions: Sequence[int], steps: Sequence[int]) -> list[list[int]]:
    """The versions in runs that no upcaster parts: within one, an old event is read as it stands."""
    runs: list[list[int]] = []
    for version in versions:
        if runs and version - 1 not in steps:
            runs[-1].append(version)
        else:
            runs.append([version])
    return runs


def _gaps(registry: Registry, event: str) -> Iterator[Finding]:
    versions = sorted(registry.events.get(event, {}))
    missing = sorted(set(range(1, max(versions, default=0))) - set(versions))
    if missing:
        names = ", ".join(f"v{version}" for version in missing)
        message = f"{event}: {names} {'is' if len(missing) == 1 else 'are'} missing below v{versions[-1]}"
        mend = f"rename the file to v{missing[0]}.json while it is not published yet"
        yield finding("schema-gap", message, mend, registry.path(event, versions[-1]))


def _references(registry: Registry, event: str) -> Iterator[Finding]:
    for version, schema in sorted(registry.events.get(event, {}).items()):
        for reference in sorted(set(_outward(schema))):
            message = f"{event} v{version} refers to {reference}, which may change without it (rule R10)"
            yield finding(
                "schema-reference", message, "write what it refers to under $defs", registry.path(event, version)
            )


def _outward(schema: Json) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _outward(item)
    elif isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#"):
            yield reference
        for value in schema.values():
            yield from _outward(value)


# --- pairs of versions


def told(comparison: Comparison, event: str, pair: tuple[int, int], path: str, level: SchemaLevel) -> Iterator[Finding]:
    """What a comparison means for a pair of versions, or for a class that would be the later one."""
    earlier, later = pair
    backward = comparison.backward.reasons if level != "forward" else ()
    forward = comparison.forward.reasons if level != "backward" else ()
    for reasons, words in (
        (backward, f"v{later} does not read v{earlier}"),
        (forward, f"v{earlier} does not read v{later}"),
    ):
        for reason in reasons[:_MOST]:
            code = "schema-incompatible" if reason.verdict == "incompatible" else "schema-undecided"
            yield finding(code, f"{event}: {words}: {_because(reason)}", _ways_out(event, later), path)
    meaning = [note for note in comparison.notes if note.rule in ("O6", "O18")] if level != "forward" else []
    for note in meaning if comparison.backward.verdict == "compatible" else ():
        yield finding(
            "schema-meaning",
            f"{event}: v{later} after v{earlier}: {_because(note)}",
            _ways_out(event, later),
            path,
        )
    for note in comparison.notes:
        if note.rule == "R6":
            yield finding(
                "schema-dialect", f"{event}: v{later} after v{earlier}: {note.message}", "write it in 2020-12", path
            )


def _because(reason: Reason) -> str:
    """`{"a": 1}` and such are shortened: one line is enough to recognise an event."""
    place = f" at {reason.pointer}" if reason.pointer else ""
    shown = "" if reason.example is None else f"; a stored event that breaks: {_short(reason.example.text)}"
    return f"{reason.rule}{place}: {reason.message}{shown}"


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else f"{text[:most]}..."


def _ways_out(event: str, later: int) -> str:
    last = later - 1
    return (
        f"either make the change additive (optional, with a default), or give v{later} an upcaster from v{last}: "
        f"`jerry schema stub {event} --from {last}` prints one"
    )


# --- names


def _reused(registry: Registry, event: str) -> Iterator[Finding]:
    """A property that was there, was gone, and is there again as something else (rule R7)."""
    versions = sorted(registry.events.get(event, {}).items())
    properties = [(version, _properties(schema)) for version, schema in versions]
    for place, (later, named) in enumerate(properties):
        for key in sorted(named):
            before = [(version, earlier[key]) for version, earlier in properties[:place] if key in earlier]
            was_gone = place > 0 and key not in properties[place - 1][1]
            if was_gone and before and _form(before[-1][1]) != _form(named[key]):
                had = f"which v{before[-1][0]} had for something else"
                message = f"{event}: v{later} uses the name {key!r} again, {had} (rule R7)"
                yield finding(
                    "schema-reused-name", message, "give the new property another name", registry.path(event, later)
                )


def _properties(schema: Json) -> Mapping[str, Json]:
    found = schema.get("properties") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


def _form(schema: Json) -> Json:
    from jerry_domain.schemas.canonical import canonical

    return canonical(schema)


# --- upcasters


def _upcast(registry: Registry, upcasters: Upcasters, event: str) -> Iterator[Finding]:
    for (name, version), upcaster in sorted(upcasters.items()):
        if name == event:
            yield from _fault_of(registry, upcaster, version)
    for (name, version), record in sorted(registry.records.items()):
        if name == event and (event, version - 1) not in upcasters:
            message = f"{event}: the upcaster from v{version - 1} to v{version} is published, and declared no more"
            mend = f'declare "{key_of(event, version - 1)}" = "{record.function}" in [tool.jerry.schemas.upcasters]'
            yield finding("upcaster-missing", message, mend, registry.path(event, version))


def _fault_of(registry: Registry, upcaster: Upcaster, version: int) -> Iterator[Finding]:
    event = upcaster.event
    record = registry.records.get((event, version + 1))
    what = f"{event}: the upcaster from v{version} to v{version + 1}"
    if upcaster.fault:
        mend = f'correct "{key_of(event, version)}" in [tool.jerry.schemas.upcasters]'
        yield finding("upcaster-missing", f"{what} is not there: {upcaster.fault}", mend, upcaster.path)
    elif record is None:
        if version + 1 in registry.events.get(event, {}):
            mend = "jerry schema publish"
            yield finding("upcaster-changed", f"{what} is not recorded", mend, upcaster.path, upcaster.line)
        elif version not in registry.events.get(event, {}):
            mend = "declare it from a version that is published"
            yield finding(
                "upcaster-unknown", f"{what} starts from no published version", mend, upcaster.path, upcaster.line
            )
    elif record.fingerprint != upcaster.fingerprint:
        message = f"{what} is not as it was published: old events would now be read otherwise"
        mend = f"git log -p -- {upcaster.path}; restore it, and publish another version for another meaning"
        yield finding("upcaster-changed", message, mend, upcaster.path, upcaster.line)
