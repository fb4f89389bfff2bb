"""Registries in memory: published schemas as the files that they are."""

from __future__ import annotations

import json
from typing import Any

from jerry_git.application.settings import SchemaSettings, Settings

Json = Any
FOLDER = ".jerry/schemas"
ORDER = {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}
WITH_NOTE = {**ORDER, "properties": {**ORDER["properties"], "note": {"type": "string"}}}
WITH_TOTAL = {
    **ORDER,
    "properties": {**ORDER["properties"], "total": {"type": "number"}},
    "required": ["order", "total"],
}
UPCASTERS = "def add_total(data):\n    return {**data, 'total': NOTHING}\n\n\nNOTHING = 0\n"
UPCAST = {"placed.v1": "shop.upcasters:add_total"}


def published(*versions: Json, event: str = "placed") -> dict[str, bytes]:
    """The files of an event's versions, from 1."""
    return {f"{FOLDER}/{event}/v{n}.json": json.dumps(schema).encode() for n, schema in enumerate(versions, 1)}


def settings(**schemas: Any) -> Settings:
    """Settings that say something of schemas."""
    return Settings(schemas=SchemaSettings(**schemas))


def codes(findings: Any) -> list[str]:
    """The codes of findings, in their order."""
    return [found.code for found in findings]
