"""Replaying stored events: each is valid as it was published, and its upcasters lead to what the newest version takes.

That is the rule that sees what no schema shows: validators, `__post_init__`, what an upcaster really does (rule R12).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jerry_domain.schemas.evaluation import valid
from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.schemas.registry import NotReadableError, Registry, parsed
from jerry_git.application.settings import SchemaSettings, StoredEvents

Json = Any
Upcast = Callable[[dict[str, Json]], dict[str, Json]]


class BrokenCodeError(Exception):
    """The user's code cannot be loaded, or did not take an event: what it said."""


class UserCode(Protocol):
    """The upcasters and event classes of a repository, in the environment that runs.

    Methods raise `BrokenCodeError`.
    """

    def upcaster(self, function: str) -> Upcast:
        """The function at `module:name`."""
        ...

    def load(self, event: str, data: Json) -> None:
        """Make an event of the newest class of this name; nothing where no class is known."""
        ...


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored: where, and what it says."""

    path: str
    line: int
    event: str
    version: int
    data: Json


def stored(path: str, content: bytes, settings: StoredEvents) -> Iterator[StoredEvent | Finding]:
    """The events of one file: a JSON array, one object, or an object a line; what is none is a finding."""
    for line, text in _documents(content):
        try:
            documents = parsed(text)
        except NotReadableError as error:
            yield _broken(path, line, str(error), f"git log -- {path}")
            continue
        for document in documents if isinstance(documents, list) else [documents]:
            yield _event(path, line, document, settings)


def _documents(content: bytes) -> Iterator[tuple[int, bytes]]:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        lines = content.splitlines()
        if len(lines) > 1:
            yield from ((number, text) for number, text in enumerate(lines, 1) if text.strip())
            return
    yield 1, content


def _event(path: str, line: int, document: Json, settings: StoredEvents) -> StoredEvent | Finding:
    mend = "name the keys of an event in [tool.jerry.schemas.stored]"
    if not isinstance(document, dict) or not isinstance(document.get(settings.type), str):
        return _broken(path, line, f"not an event: {settings.type!r} is to hold the name of its type", mend)
    name, mark, digits = document[settings.type].rpartition(".v")
    if mark and digits.isdecimal():
        event, version = name, int(digits)
    else:
        event, version = document[settings.type], document.get(settings.version, 1)
    if type(version) is not int:
        return _broken(path, line, f"not an event: {settings.version!r} is to hold the number of its version", mend)
    if settings.data not in document:
        return _broken(path, line, f"not an event: {settings.data!r} is to hold its data", mend)
    return StoredEvent(path, line, event, version, document[settings.data])


def _broken(path: str, line: int, message: str, mend: str) -> Finding:
    return finding("stored-event", message, mend, path, line)


def replay(
    events: Sequence[StoredEvent], registry: Registry, settings: SchemaSettings, code: UserCode
) -> Iterator[Finding]:
    """A finding for each event that does not come to what the newest version takes."""
    for stored_event in events:
        fault = _replayed(stored_event, registry, settings.upcasters, code)
        if fault is not None:
            yield _broken(
                stored_event.path,
                stored_event.line,
                f"{stored_event.event} v{stored_event.version}: {fault[0]}",
                fault[1],
            )


def _replayed(
    stored_event: StoredEvent, registry: Registry, upcasters: Mapping[str, str], code: UserCode
) -> tuple[str, str] | None:
    event, version, data = stored_event.event, stored_event.version, stored_event.data
    published = registry.events.get(event, {})
    if version not in published:
        return "this version is not published", "jerry schema publish"
    if valid(data, published[version]) is False:
        return f"is not valid as v{version} was published", f"jerry schema show {event} --version {version}"
    newest = registry.newest(event)
    try:
        for step in range(version, newest):
            function = upcasters.get(f"{event}.v{step}")
            data = code.upcaster(function)(data) if function else data
        if valid(data, published[newest]) is False:
            return (
                f"came out as what v{newest} does not take: {_short(data)}",
                f"jerry schema stub {event} --from {version}",
            )
        code.load(event, data)
    except BrokenCodeError as error:
        return str(error), "correct the upcaster or the class, or publish another version"
    return None


def _short(data: Json) -> str:
    text = json.dumps(data, ensure_ascii=False, default=repr)
    return text if len(text) <= 160 else f"{text[:160]}..."
