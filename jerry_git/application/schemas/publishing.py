"""Publishing: what joins the registry, and what is refused with the reasons why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from jerry_domain.schemas.canonical import canonical, published_text
from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.schemas.evolution import Compare, comparing, evolution
from jerry_git.application.schemas.registry import Place, Record, Registry, is_event_name, place_of
from jerry_git.application.schemas.upcasters import Upcaster, key_of

if TYPE_CHECKING:
    from jerry_git.application.schemas.declarations import DeclaredEvent
    from jerry_git.application.settings import SchemaLevel

Json = Any


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that joins the registry: what it is about, and its text."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing would do: the new files, the events that are published as they are, and what is refused."""

    files: tuple[NewFile, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Finding, ...] = ()


class RegistryFolder(Protocol):
    """Where the registry is written; implemented over the work tree."""

    def add(self, path: str, text: str) -> None:
        """Write a new file, whole or not at all; raises `OSError`, `FileExistsError` for one that is there."""
        ...


def plan(
    declared: Sequence[DeclaredEvent],
    registry: Registry,
    upcasters: Mapping[tuple[str, int], Upcaster],
    level: SchemaLevel,
    compare: Compare = comparing,
) -> Plan:
    """What joins the registry; each event by itself, so that one that is refused holds up no other."""
    files: list[NewFile] = []
    unchanged: list[str] = []
    refused: list[Finding] = []
    broken = _broken(registry)
    for name, group in sorted(_grouped(declared).items()):
        new, faults = ([], broken[name]) if name in broken else _joining(group, registry, upcasters)
        if not faults and new:
            faults = list(_faults(name, new, registry, upcasters, level, compare))
        if faults:
            refused += faults
        elif new:
            files += new
        else:
            unchanged.append(name)
    return Plan(tuple(files), tuple(unchanged), tuple(refused))


def publish(plan: Plan, registry: Registry, folder: RegistryFolder) -> list[str]:
    """Write the new files; returns their paths. Raises `OSError`."""
    paths = []
    for new in plan.files:
        path = new.place.path(registry.directory)
        folder.add(path, new.text)
        paths.append(path)
    return paths


def _broken(registry: Registry) -> dict[str, list[Finding]]:
    """What cannot be read of the registry, by event: on it nothing can be built."""
    found: dict[str, list[Finding]] = {}
    for fault in registry.findings:
        place = place_of(registry.directory, fault.path)
        if place is not None:
            found.setdefault(place.event, []).append(fault)
    return found


def _grouped(declared: Iterable[DeclaredEvent]) -> dict[str, list[DeclaredEvent]]:
    groups: dict[str, list[DeclaredEvent]] = {}
    for event in declared:
        groups.setdefault(event.name, []).append(event)
    return {name: sorted(group, key=lambda event: event.version or 0) for name, group in groups.items()}


def _joining(
    group: Sequence[DeclaredEvent], registry: Registry, upcasters: Mapping[tuple[str, int], Upcaster]
) -> tuple[list[NewFile], list[Finding]]:
    """The files of one event that are not published yet; a file of a schema comes with that of its upcaster."""
    new: list[NewFile] = []
    if len({event.version for event in group}) < len(group) or (len(group) > 1 and group[0].version is None):
        others = " and ".join(event.qualname for event in group)
        mend = "give each class a name, or a version, of its own"
        return [], [_refused(group[-1], f"{others} are all called {group[0].name}", mend)]
    for event in group:
        version, fault = _version(event, registry, len([file for file in new if not file.place.is_record]))
        if fault is not None:
            return [], [fault]
        if version is not None:
            new.append(NewFile(Place(event.name, version), published_text(_headed(event, version))))
    there = {*registry.events.get(group[0].name, {}), *(file.place.version for file in new)}
    for (name, start), upcaster in sorted(upcasters.items()):
        is_new = (name, start + 1) not in registry.records and upcaster.fingerprint
        if name == group[0].name and start + 1 in there and is_new:
            new.append(NewFile(Place(name, start + 1, is_record=True), _record(upcaster).text()))
    return new, []


def _headed(event: DeclaredEvent, version: int) -> Json:
    return {"title": key_of(event.name, version), **{k: v for k, v in event.schema.items() if k != "title"}}


def _record(upcaster: Upcaster) -> Record:
    return Record(upcaster.function, upcaster.fingerprint)


def _version(event: DeclaredEvent, registry: Registry, ahead: int) -> tuple[int | None, Finding | None]:
    """The version that a class would be published as, None where it is; `ahead` are on their way."""
    published = registry.events.get(event.name, {})
    newest = registry.newest(event.name) + ahead
    wanted = event.version or (newest if newest and _is(event, published.get(newest)) else newest + 1)
    if not is_event_name(event.name):
        return None, _refused(
            event, "its name can be no folder's: letters, digits, dots, hyphens, underscores", "rename it"
        )
    if wanted in published:
        if _is(event, published[wanted]):
            return None, None
        mend = f"give the class the version {newest + 1}; a file that is not committed yet may be deleted instead"
        return None, finding(
            "schema-modified", f"{event.name} ({event.qualname}): v{wanted} is published as something else", mend,
            event.path, event.line,
        )  # fmt: skip
    if wanted != newest + 1:
        return None, _refused(
            event, f"v{wanted} would leave a gap after v{newest}", f"give the class the version {newest + 1}"
        )
    return wanted, None


def _is(event: DeclaredEvent, published: Json) -> bool:
    return bool(canonical(event.schema) == canonical(published))


def _refused(event: DeclaredEvent, message: str, mend: str) -> Finding:
    return finding("schema-gap", f"{event.name} ({event.qualname}): {message}", mend, event.path, event.line)


def _faults(
    name: str,
    new: Sequence[NewFile],
    registry: Registry,
    upcasters: Mapping[tuple[str, int], Upcaster],
    level: SchemaLevel,
    compare: Compare,
) -> Iterator[Finding]:
    """What the checks would say once these files were there."""
    joined = _with(registry, new)
    before = set(evolution(registry, upcasters, level, [name], compare))
    for found in evolution(joined, upcasters, level, [name], compare):
        if found.severity == "error" and found not in before:
            yield found


def _with(registry: Registry, new: Sequence[NewFile]) -> Registry:
    import json

    events = {name: dict(versions) for name, versions in registry.events.items()}
    records = dict(registry.records)
    for file in new:
        value = json.loads(file.text)
        if file.place.is_record:
            records[file.place.event, file.place.version] = Record(value["function"], value["fingerprint"])
        else:
            events.setdefault(file.place.event, {})[file.place.version] = value
    return Registry(registry.directory, events, records)
