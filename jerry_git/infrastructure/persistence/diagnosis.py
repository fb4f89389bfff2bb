"""Everything that is wrong with the content of an event file, judged by pydantic at the boundary (ADR-013).

The codec stops at the first fault, and is quick; this one is asked when a person wants to mend a file.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from jerry_domain.ports.event_store import Problem
from jerry_git.infrastructure.persistence.codec import REGISTRY, CodecError, EventRegistry, line_of_event
from jerry_git.infrastructure.persistence.schemas import data_model

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
_Text = Annotated[str, Field(min_length=1)]


class Envelope(BaseModel):
    """The attributes of an event (docs/format.md); unknown ones pass."""

    model_config = ConfigDict(strict=True, extra="allow")

    specversion: Literal["1.0"]
    id: Annotated[str, Field(pattern=_UUID)]
    source: _Text
    type: _Text
    subject: _Text
    time: Annotated[str, Field(pattern=_TIME)]
    streamversion: Annotated[int, Field(ge=1)]
    actor: _Text
    data: dict[str, Any]


_BATCH = TypeAdapter(Annotated[list[dict[str, Any]], Field(min_length=1)])


def diagnose(path: str, content: bytes, registry: EventRegistry = REGISTRY) -> tuple[Problem, ...]:
    """Every fault of the events in `content`, in the order of the file; empty where pydantic finds none."""
    text = content.decode("utf-8", "replace")
    try:
        batch = _BATCH.validate_json(content, strict=True)
    except ValidationError as error:
        return tuple(_problem(path, 1, detail["msg"]) for detail in error.errors())
    problems = []
    for number, item in enumerate(batch, 1):
        line = line_of_event(text, item)
        problems += [_problem(path, line, f"event {number}: {message}") for message in _faults(item, registry)]
    return tuple(problems)


def _faults(item: dict[str, Any], registry: EventRegistry) -> list[str]:
    try:
        envelope = Envelope.model_validate(item)
    except ValidationError as error:
        return _messages(error, "")
    try:
        event, data = registry.resolve(envelope.type, envelope.data)
        data_model(event).model_validate_json(json.dumps(data))
    except CodecError as error:
        return [error.message]
    except ValidationError as error:
        return _messages(error, "data.")
    return []


def _messages(error: ValidationError, prefix: str) -> list[str]:
    return [f"{prefix}{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors()]


def _problem(path: str, line: int, message: str) -> Problem:
    return Problem(code="invalid-event", path=path, message=message, mend=f"git checkout HEAD -- {path}", line=line)
