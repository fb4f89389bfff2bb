"""A ready upcaster for a change from one schema to the next."""

from __future__ import annotations

from typing import Any

from jerry_domain.schemas.documents import Document, UnknownError, conjunction
from jerry_domain.schemas.inclusion import Inclusion
from jerry_git.application.schemas.upcasters import stub

Json = Any


def stub_between(event: str, version: int, old: Json, new: Json) -> str:
    """The upcaster of an event from a version whose schema is `old` to one whose schema is `new`."""
    before, after = _properties(old), _properties(new)
    required = new.get("required", ()) if isinstance(new, dict) else ()
    added: dict[str, Json] = {key: _sample(new, key) for key in sorted(required) if key in after and key not in before}
    return stub(event, version, added, sorted(before.keys() - after.keys()))


def _properties(schema: Json) -> dict[str, Json]:
    found = schema.get("properties") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


def _sample(schema: Json, key: str) -> Json:
    """A value that the property takes: its default, or one that fits; None where none is found."""
    own = schema["properties"][key]
    if isinstance(own, dict) and "default" in own:
        return own["default"]
    try:
        node = Document(schema).node.below("properties", key)
        return next(Inclusion(backward=True, strict=False).samples(conjunction([node])), None)
    except UnknownError:
        return None
