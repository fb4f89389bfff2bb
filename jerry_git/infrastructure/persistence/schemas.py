"""The JSON Schemas of our own events, made from their classes with pydantic (ADR-011)."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model

from jerry_domain.events.base import DomainEvent
from jerry_domain.events.work_item_events import WORK_ITEM_EVENTS
from jerry_git.infrastructure.persistence.codec import split_type

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BASE_FIELDS = frozenset(field.name for field in fields(DomainEvent))


def data_model(event: type[DomainEvent]) -> type[BaseModel]:
    """A pydantic model of the event's data; what it does not know, it lets pass."""
    hints = get_type_hints(event)
    columns: dict[str, Any] = {
        field.name: (hints[field.name], ... if field.default is MISSING else field.default)
        for field in fields(event)
        if field.name not in _BASE_FIELDS
    }
    return create_model(event.__name__, __config__=ConfigDict(strict=True, extra="allow"), **columns)


def data_schema(event: type[DomainEvent]) -> dict[str, Any]:
    """The JSON Schema of the event's data, with its dialect, name and meaning."""
    schema = data_model(event).model_json_schema()
    schema.pop("additionalProperties", None)  # "anything" is the default, and additive evolution needs it
    _strip_titles(schema)
    return {
        "$schema": DIALECT,
        "$id": f"urn:jerry:{event.event_type}",
        "title": event.event_type,
        "description": (event.__doc__ or "").strip(),
        **schema,
    }


def _strip_titles(schema: Any) -> None:
    """Drop the titles that pydantic makes out of names: they say nothing, and may change with its version."""
    if isinstance(schema, dict):
        for key in ("title", "description"):
            if isinstance(schema.get(key), str):
                del schema[key]
        for value in schema.values():
            _strip_titles(value)
    elif isinstance(schema, list):
        for value in schema:
            _strip_titles(value)


def all_schemas() -> dict[str, bytes]:
    """Every event's schema, as `<event name>/v<n>.json` to bytes."""
    found = {}
    for event in WORK_ITEM_EVENTS:
        name, version = split_type(event.event_type)
        text = json.dumps(data_schema(event), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        found[f"{name}/v{version}.json"] = text.encode()
    return found
