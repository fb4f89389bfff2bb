"""Events to the bytes of an event file and back: a CloudEvents 1.0 JSON batch (docs/format.md, ADR-013).

Reading is strict and needs the standard library alone, so that looking at a list of items starts quickly;
`diagnosis` judges the same bytes with pydantic when a file is refused and a person wants to hear everything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from jerry_domain.errors import InvalidValueError
from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.events.work_item_events import WORK_ITEM_EVENTS
from jerry_git.infrastructure.persistence.json_text import Json, indented, loads, shown

Upcaster = Callable[[dict[str, Json]], dict[str, Json]]
"""The data of one version of an event to the data of the next: pure, one step at a time (ADR-011)."""

ENVELOPE = (
    "specversion", "id", "source", "type", "subject", "time", "streamversion", "parents", "actor", "session",
    "correlationid", "causationid", "data",
)  # fmt: skip
"""The attributes of an event, in the order in which they are written."""

_ATTRIBUTES = frozenset(ENVELOPE)
_BASE_FIELDS = frozenset(field.name for field in fields(DomainEvent))
_IS_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z").fullmatch
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TYPE = re.compile(r"(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)\.v(?P<version>[1-9][0-9]{0,5})")
_IS_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch


class CodecError(ValueError):
    """Bytes that are not a batch of events. `code` is stable; `line` is 1-based, 0 where it is not known."""

    def __init__(self, code: str, message: str, mend: str, line: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.mend = mend
        self.line = line


RESTORE = "restore the file as it was committed: git checkout HEAD -- PATH"
"""How most faults are mended; PATH stands for the file's path."""


class EventRegistry:
    """Which event types can be read: the newest class of each name, and the upcasters that lead up to it.

    An upcaster is registered by event name and the version it starts from. Types are explicit names, never
    class paths: nothing that a file names is ever imported.
    """

    def __init__(self, events: Iterable[type[DomainEvent]], upcasters: Mapping[tuple[str, int], Upcaster]) -> None:
        self._newest: dict[str, tuple[int, type[DomainEvent]]] = {}
        for event in events:
            name, version = split_type(event.event_type)
            self._newest[name] = (version, event)
        self._current = {event.event_type: event for _, event in self._newest.values()}
        self._upcasters = dict(upcasters)

    def resolve(self, event_type: str, data: dict[str, Json]) -> tuple[type[DomainEvent], dict[str, Json]]:
        """The class for `event_type` and its data in that class's shape; raises `CodecError` for an unknown type."""
        current = self._current.get(event_type)
        if current is not None:
            return current, data
        name, version = split_type(event_type)
        if name not in self._newest:
            raise _unknown(f"no event named {name} is known here: {event_type} needs a later jerry-git")
        newest, event = self._newest[name]
        if version > newest:
            raise _unknown(f"{event_type} needs a jerry-git that reads version {version}; this one reads {newest}")
        for step in range(version, newest):
            upcast = self._upcasters.get((name, step))
            if upcast is None:
                raise _unknown(f"there is no upcaster for {name} from version {step} to {step + 1}")
            data = upcast(data)
        return event, data


def split_type(event_type: str) -> tuple[str, int]:
    """`jerry.work_item.created.v1` as name and version; raises `CodecError`."""
    match = _TYPE.fullmatch(event_type)
    if match is None:
        raise _unknown(f"{shown(event_type)} is not the name of an event type such as jerry.work_item.created.v1")
    return match["name"], int(match["version"])


def _unknown(message: str) -> CodecError:
    return CodecError("unknown-event-type", message, "pip install --upgrade jerry-git")


UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""Each is declared in pyproject.toml too, so that its source is published with the schema it leads to (LES-001)."""

REGISTRY = EventRegistry(WORK_ITEM_EVENTS, UPCASTERS)
"""The events of this version of jerry-git."""


# --- writing


def encode(batch: Sequence[RecordedEvent]) -> bytes:
    """The file for one batch: two-space indent, fixed key order, UTF-8, LF, one final newline."""
    return f"{indented([to_cloudevent(recorded) for recorded in batch])}\n".encode()


def to_cloudevent(recorded: RecordedEvent) -> dict[str, Json]:
    """One event as a CloudEvents JSON object, absent attributes left out, unknown ones kept before `data`."""
    event = recorded.event
    known = {
        "specversion": "1.0",
        "id": event.event_id,
        "source": recorded.source,
        "type": event.event_type,
        "subject": recorded.stream,
        "time": format_time(event.occurred_at),
        "streamversion": recorded.version,
        "parents": " ".join(recorded.parents) or None,
        "actor": event.actor,
        "session": event.session,
        "correlationid": event.correlation_id,
        "causationid": event.causation_id,
    }
    document = {key: value for key, value in known.items() if value is not None}
    if recorded.attributes:
        document.update(sorted(recorded.attributes.items()))
    document["data"] = _data_of(recorded)
    return document


def _data_of(recorded: RecordedEvent) -> dict[str, Json]:
    event = recorded.event
    data = {}
    for name, default in _own_fields(type(event)):
        value = getattr(event, name)
        if default is MISSING or value != default:
            data[name] = value if type(value) is str else _to_json(value)
    data.update(sorted(recorded.data.items()))
    return data


_known_fields: dict[type[DomainEvent], Sequence[tuple[str, object]]] = {}


def _own_fields(event_class: type[DomainEvent]) -> Sequence[tuple[str, object]]:
    """The names of an event class's fields beyond those that all have, each with its default or `MISSING`."""
    if event_class not in _known_fields:
        own = [field for field in fields(event_class) if field.name not in _BASE_FIELDS]
        _known_fields[event_class] = [(field.name, field.default) for field in own]
    return _known_fields[event_class]


def _to_json(value: object) -> Json:
    match value:
        case datetime():
            return format_time(value)
        case date():
            return value.isoformat()
        case StrEnum():
            return value.value
        case tuple():
            return [_to_json(item) for item in value]
        case Mapping():
            return dict(sorted(value.items()))
        case _:
            return value


def format_time(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: `2026-11-23T07:10:48.123Z`."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"  # it tells the zone by six characters


# --- reading


def decode(content: bytes, registry: EventRegistry = REGISTRY) -> tuple[RecordedEvent, ...]:
    """The events of one file, in the order of the file; raises `CodecError` with the first thing that is wrong."""
    text, batch = parse(content)
    recorded = []
    for number, item in enumerate(batch, 1):
        try:
            recorded.append(from_cloudevent(item, registry))
        except CodecError as error:
            line = error.line or line_of_event(text, item)
            raise CodecError(error.code, f"event {number}: {error.message}", error.mend, line) from error
    return tuple(recorded)


def parse(content: bytes) -> tuple[str, list[Json]]:
    """The text of one file, and the JSON array that it is; raises `CodecError`."""
    text = _text(content)
    batch = _parse(text)
    if not isinstance(batch, list) or not batch:
        raise CodecError("not-a-batch", "the file is not a JSON array of one or more events", RESTORE, 1)
    return text, batch


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CodecError("not-utf8", f"byte {error.start} is not UTF-8", RESTORE, line) from None


def _parse(text: str) -> Json:
    try:
        return loads(text)
    except json.JSONDecodeError as error:
        ended = " (the file ends too early)" if error.pos >= len(text.rstrip()) else ""
        raise CodecError("not-json", f"not JSON: {error.msg}{ended}", RESTORE, error.lineno) from None
    except RecursionError:
        raise CodecError("not-json", "not JSON of ours: nested too deeply", RESTORE) from None
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):x} is half a character"
        raise CodecError("not-json", f"not JSON of ours: {half}", RESTORE) from None
    except ValueError as error:  # a constant, a key twice, a number too large to be one
        raise CodecError("not-json", f"not JSON of ours: {error}", RESTORE) from None


def line_of_event(text: str, item: Json) -> int:
    """The line on which the event with this item's id begins, 0 where that cannot be told."""
    name = item.get("id") if isinstance(item, dict) else None
    place = text.find(f'"{name}"') if isinstance(name, str) and name else -1
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


def from_cloudevent(item: Json, registry: EventRegistry = REGISTRY) -> RecordedEvent:
    """One CloudEvents JSON object as a recorded event; raises `CodecError`."""
    if not isinstance(item, dict):
        raise _invalid("an event is a JSON object")
    if item.get("specversion") != "1.0":
        raise _invalid(f"specversion is {shown(item.get('specversion'))}, not '1.0'")
    data = item.get("data")
    if not isinstance(data, dict):
        raise _invalid("data is not a JSON object" if "data" in item else "data is missing")
    event_class, data = registry.resolve(_string(item, "type"), data)
    version = item.get("streamversion")
    if type(version) is not int or version < 1:
        raise _invalid(f"streamversion is {shown(version)}, not a whole number from 1 up")
    values = _read_fields(_field_readers(event_class), data)
    return RecordedEvent(
        event=_event(event_class, item, values),
        stream=_string(item, "subject"),
        version=version,
        parents=_parents(item),
        source=_string(item, "source"),
        attributes=_beyond(item, _ATTRIBUTES),
        data=_beyond(data, values),
    )


def _event(event_class: type[DomainEvent], item: dict[str, Json], values: dict[str, Any]) -> DomainEvent:
    event_id, occurred_at = _uuid(_string(item, "id"), "id"), _read_time(_string(item, "time"), "time")
    try:
        return event_class(
            event_id=event_id,
            occurred_at=occurred_at,
            actor=_string(item, "actor"),
            session=_optional_string(item, "session"),
            correlation_id=_optional_string(item, "correlationid"),
            causation_id=_optional_string(item, "causationid"),
            **values,
        )
    except InvalidValueError as error:
        raise _invalid(str(error)) from error


def _beyond(found: dict[str, Json], known: Container[str]) -> dict[str, Json]:
    """What is there and not known, as it was read."""
    return {key: value for key, value in found.items() if key not in known}


def _invalid(message: str) -> CodecError:
    return CodecError("invalid-event", message, RESTORE)


def _string(item: Mapping[str, Json], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise _invalid(f"{key} is missing" if key not in item else f"{key} is {shown(value)}, not a text")
    return value


def _optional_string(item: Mapping[str, Json], key: str) -> str | None:
    return _string(item, key) if key in item else None


def _parents(item: Mapping[str, Json]) -> tuple[str, ...]:
    parents = _optional_string(item, "parents")
    return () if parents is None else tuple([_uuid(parent, "parents") for parent in parents.split(" ")])


def _uuid(text: str, key: str) -> str:
    if not _IS_UUID(text):
        raise _invalid(f"{key} is {shown(text)}, not a UUID in lower case")
    return text


def _read_fields(readers: Mapping[str, _FieldReader], data: Mapping[str, Json]) -> dict[str, Any]:
    values = {}
    for name, reader in readers.items():
        if name in data:
            values[name] = reader.read(data[name], f"data.{name}")
        elif reader.required:
            raise _invalid(f"data.{name} is missing")
    return values


class _FieldReader(NamedTuple):
    read: Callable[[Json, str], Any]
    required: bool


_known_readers: dict[type[DomainEvent], Mapping[str, _FieldReader]] = {}


def _field_readers(event_class: type[DomainEvent]) -> Mapping[str, _FieldReader]:
    if event_class not in _known_readers:
        hints = get_type_hints(event_class)
        _known_readers[event_class] = {
            field.name: _FieldReader(_reader(hints[field.name]), field.default is MISSING)
            for field in fields(event_class)
            if field.name not in _BASE_FIELDS
        }
    return _known_readers[event_class]


def _reader(hint: Any) -> Callable[[Json, str], Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (inner,) = [argument for argument in arguments if argument is not NoneType]
        return _optional(_reader(inner))
    if origin is tuple:
        return _list_of(_reader(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _read_texts
    if issubclass(hint, StrEnum):
        return _choice(hint)
    return _SCALARS[hint]


def _optional(read: Callable[[Json, str], Any]) -> Callable[[Json, str], Any]:
    return lambda value, name: None if value is None else read(value, name)


def _list_of(read: Callable[[Json, str], Any]) -> Callable[[Json, str], Any]:
    def read_list(value: Json, name: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _invalid(f"{name} is {shown(value)}, not a list")
        return tuple(read(item, f"{name}[{place}]") for place, item in enumerate(value))

    return read_list


def _choice(choices: type[StrEnum]) -> Callable[[Json, str], Any]:
    members = {member.value: member for member in choices}

    def read_choice(value: Json, name: str) -> StrEnum:
        if not isinstance(value, str) or value not in members:
            raise _invalid(f"{name} is {shown(value)}, not one of {', '.join(members)}")
        return members[value]

    return read_choice


def _read_texts(value: Json, name: str) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise _invalid(f"{name} is {shown(value)}, not an object of texts")
    return value


def _read_text(value: Json, name: str) -> str:
    if not isinstance(value, str):
        raise _invalid(f"{name} is {shown(value)}, not a text")
    return value


def _read_int(value: Json, name: str) -> int:
    if type(value) is not int:
        raise _invalid(f"{name} is {shown(value)}, not a whole number")
    return value


def _read_float(value: Json, name: str) -> float:
    try:
        if type(value) in (int, float):
            return float(value)
    except OverflowError:  # a whole number of hundreds of digits
        pass
    raise _invalid(f"{name} is {shown(value)}, not a number")


def _read_bool(value: Json, name: str) -> bool:
    if not isinstance(value, bool):
        raise _invalid(f"{name} is {shown(value)}, not true or false")
    return value


def _read_time(value: Json, name: str) -> datetime:
    try:
        if isinstance(value, str) and _IS_TIME(value):
            return datetime.fromisoformat(value)
    except ValueError:  # the 31st of February
        pass
    raise _invalid(f"{name} is {shown(value)}, not a time such as 2026-11-23T07:10:48.123Z")


def _read_date(value: Json, name: str) -> date:
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _invalid(f"{name} is {shown(value)}, not a date such as 2026-11-23")


_SCALARS: Mapping[type, Callable[[Json, str], Any]] = {
    str: _read_text,
    int: _read_int,
    float: _read_float,
    bool: _read_bool,
    datetime: _read_time,
    date: _read_date,
}
