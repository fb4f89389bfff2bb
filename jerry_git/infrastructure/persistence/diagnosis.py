"""Everything that is wrong with the content of an event file, judged by pydantic at the boundary (ADR-013).

The codec stops at the first fault, and is quick; this one is asked when a person wants to mend a file.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jerry_domain.ports.event_store import Problem
from jerry_git.infrastructure.persistence.codec import (
    REGISTRY,
    RESTORE,
    CodecError,
    EventRegistry,
    from_cloudevent,
    line_of_event,
    parse,
)
from jerry_git.infrastructure.persistence.schemas import data_model

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
_Text = Annotated[str, Field(min_length=1)]


class Envelope(BaseModel):
    """The attributes of an event (docs/format.md); unknown ones pass."""

    model_config = ConfigDict(strict=True, extra="allow")

    specversion: Literal["1.0"]
    id: Annotated[str, Field(pattern=f"^{_UUID}$")]
    source: _Text
    type: _Text
    subject: _Text
    time: Annotated[str, Field(pattern=_TIME)]
    streamversion: Annotated[int, Field(ge=1)]
    parents: Annotated[str, Field(pattern=f"^{_UUID}( {_UUID})*$")] = ""  # a default is not judged
    actor: _Text
    session: _Text = ""
    correlationid: _Text = ""
    causationid: _Text = ""
    data: dict[str, Any]


def diagnose(path: str, content: bytes, registry: EventRegistry = REGISTRY) -> tuple[Problem, ...]:
    """Every fault of the events in `content`, in the order of the file; empty where the codec would read it."""
    try:
        text, batch = parse(content)
    except CodecError as error:
        return (_problem(path, error.line, error),)
    problems = []
    for number, item in enumerate(batch, 1):
        line = line_of_event(text, item)
        problems += [_problem(path, line, fault, f"event {number}: ") for fault in _faults(item, registry)]
    return tuple(problems)


def _faults(item: Any, registry: EventRegistry) -> list[CodecError]:
    faults = _judged(Envelope, item)
    if not any(fault.message.startswith(("type:", "data:")) for fault in faults) and isinstance(item, dict):
        faults += _faults_of_data(item, registry)
    if not faults:  # the few rules that are not about shape, such as the 31st of February
        try:
            from_cloudevent(item, registry)
        except CodecError as error:
            return [error]
    return faults


def _faults_of_data(item: dict[str, Any], registry: EventRegistry) -> list[CodecError]:
    try:
        event, data = registry.resolve(item["type"], item["data"])
    except CodecError as error:
        return [error]
    model = data_model(event)
    return _judged(model, {key: value for key, value in data.items() if key in model.model_fields}, "data.")


def _judged(model: type[BaseModel], value: Any, prefix: str = "") -> list[CodecError]:
    try:
        model.model_validate_json(json.dumps(value))  # as JSON, where a list is a tuple and a text a date
    except ValidationError as error:
        return [
            CodecError("invalid-event", f"{prefix}{_place(detail['loc'])}{detail['msg']}", RESTORE)
            for detail in error.errors()
        ]
    return []


def _place(keys: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, keys))}: " if keys else ""


def _problem(path: str, line: int, fault: CodecError, prefix: str = "") -> Problem:
    mend = fault.mend.replace("PATH", path)
    return Problem(code=fault.code, path=path, message=prefix + fault.message, mend=mend, line=line)
