"""The registry: published schemas as files, `<directory>/<event name>/v<n>.json`, and what leads up to each.

Beside it, `v<n>.upcaster.json` records the upcaster from version n-1: where it is, and the fingerprint of its source.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.checking.sources import LINK, Entry, Source

Json = Any

_EVENT = r"[A-Za-z][A-Za-z0-9_.-]{0,199}"
_FILE = re.compile(rf"(?P<event>{_EVENT})/v(?P<version>[1-9][0-9]{{0,5}})(?P<record>\.upcaster)?\.json")
_NAME = re.compile(_EVENT)


@dataclass(frozen=True, slots=True)
class Place:
    """What a path of the registry is about: a version of an event, or the record of the upcaster that leads to it."""

    event: str
    version: int
    is_record: bool = False

    def path(self, directory: str) -> str:
        """Where it lies."""
        return f"{directory}/{self.event}/v{self.version}{'.upcaster' if self.is_record else ''}.json"


@dataclass(frozen=True, slots=True)
class Record:
    """A published upcaster: `function` is `module:name`, `fingerprint` that of its source."""

    function: str
    fingerprint: str

    def text(self) -> str:
        """The file."""
        return json.dumps({"fingerprint": self.fingerprint, "function": self.function}, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class Registry:
    """What is published: schemas by event and version, records by event and the version they lead to."""

    directory: str
    events: Mapping[str, Mapping[int, Json]] = field(default_factory=dict)
    records: Mapping[tuple[str, int], Record] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def path(self, event: str, version: int) -> str:
        """The file of one version."""
        return Place(event, version).path(self.directory)

    def newest(self, event: str) -> int:
        """The latest version of an event, 0 where none is published."""
        return max(self.events.get(event, {}), default=0)


def is_event_name(name: str) -> bool:
    """Whether a folder of the registry can have this name."""
    return _NAME.fullmatch(name) is not None


def place_of(directory: str, path: str) -> Place | None:
    """What a path is about, None for a file that has no place in the registry."""
    match = _FILE.fullmatch(path.removeprefix(f"{directory}/")) if path.startswith(f"{directory}/") else None
    return Place(match["event"], int(match["version"]), match["record"] is not None) if match else None


def read(source: Source, directory: str, events: Collection[str] | None = None) -> Registry:
    """The registry of a source, or the part of it that is about some events; raises as the source does."""
    folders = [directory] if events is None else [f"{directory}/{name}" for name in sorted(events)]
    entries = source.entries(folders) if folders else ()
    wanted: dict[Entry, Place] = {}
    findings: list[Finding] = []
    for entry in entries:
        place = place_of(directory, entry.path)
        if place is None or not entry.is_regular:
            findings.append(_misplaced(directory, entry))
        else:
            wanted[entry] = place
    schemas: dict[str, dict[int, Json]] = {}
    records: dict[tuple[str, int], Record] = {}
    for entry, content in source.contents(list(wanted)):
        place = wanted[entry]
        try:
            value = parsed(content)
            if place.is_record:
                records[place.event, place.version] = _record(value)
            else:
                schemas.setdefault(place.event, {})[place.version] = _schema(value)
        except NotReadableError as error:
            findings.append(_unreadable(entry.path, str(error)))
    return Registry(directory, schemas, records, tuple(findings))


def _misplaced(directory: str, entry: Entry) -> Finding:
    if not entry.is_regular:
        what = "a symbolic link, which is never followed" if entry.mode == LINK else "not a regular file"
        return _unreadable(entry.path, what)
    message = f"not where a schema can be: {directory}/<event name>/v<n>.json"
    return finding("schema-misplaced", message, f"git mv it out of {directory}", entry.path)


def _unreadable(path: str, message: str) -> Finding:
    return finding("schema-unreadable", message, f"git log -- {path}", path)


class NotReadableError(ValueError):
    """Bytes that are no file of the registry."""


def parsed(content: bytes | Problem) -> Json:
    """The JSON of a file; raises `NotReadableError`."""
    if isinstance(content, Problem):
        raise NotReadableError(content.message)
    try:
        return json.loads(content.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise NotReadableError(f"byte {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise NotReadableError(f"not JSON: {error.msg} in line {error.lineno}") from error
    except RecursionError as error:
        raise NotReadableError("nested too deeply") from error


def _unique(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise NotReadableError(f"the key {twice[0]!r} stands twice")
    return dict(pairs)


def _no_constant(name: str) -> Json:
    raise NotReadableError(f"{name} is not JSON")


def _schema(value: Json) -> Json:
    if not isinstance(value, dict | bool):
        raise NotReadableError("a schema is an object, true or false")
    return value


def _record(value: Json) -> Record:
    match value:
        case {"function": str(function), "fingerprint": str(fingerprint)}:
            return Record(function, fingerprint)
        case _:
            raise NotReadableError('not the record of an upcaster: {"function": ..., "fingerprint": ...}')


def pairs(versions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each version with each later one."""
    for place, earlier in enumerate(versions):
        for later in versions[place + 1 :]:
            yield earlier, later
