"""Event classes as schemas, exactly: imported, and asked, in the environment of the project."""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jerry_domain.schemas.canonical import canonical
from jerry_git.application.schemas.declarations import DeclaredEvent, SourceProblem, named
from jerry_git.application.schemas.verifying import BrokenCodeError
from jerry_git.application.settings import SchemaSettings
from jerry_git.infrastructure.adapters.user_code import named as imported
from jerry_git.infrastructure.adapters.user_code import source_roots

Json = Any

MODE = "mode: validation"
"""What the root's `$comment` records: a schema of what the class reads, not of what it writes."""


def exact(
    declared: Iterable[DeclaredEvent], root: Path, settings: SchemaSettings
) -> tuple[list[DeclaredEvent], list[SourceProblem]]:
    """The same events with the schemas that their classes have when they run, and those made at run time only.

    What cannot be imported, or has no schema, is a problem that names the class; it hides no other.
    """
    events: list[DeclaredEvent] = []
    problems: list[SourceProblem] = []
    known = {(event.module, event.qualname) for event in declared}
    with source_roots(root, settings.source_roots):
        for event in declared:
            try:
                event_class = imported(f"{event.module}:{event.qualname}")
                events.append(_asked(event, event_class, settings))
            except BrokenCodeError as error:
                problems.append(_problem(event, str(error)))
        for event_class in _made_later(settings, known):
            event = _of_class(event_class, root, settings)
            try:
                events.append(_asked(event, event_class, settings))
            except BrokenCodeError as error:
                problems.append(_problem(event, str(error)))
    return events, problems


def _problem(event: DeclaredEvent, message: str) -> SourceProblem:
    mend = "install jerry-git into the environment of the project, or read it with `--static`"
    return SourceProblem(message=message, mend=mend, path=event.path, line=event.line)


def _asked(event: DeclaredEvent, event_class: Any, settings: SchemaSettings) -> DeclaredEvent:
    try:
        schema = canonical(_schema(event_class))
    except Exception as error:
        name = f"{event.module}:{event.qualname}"
        raise BrokenCodeError(f"{name} has no JSON Schema: {type(error).__name__}: {_first_line(error)}") from error
    trimmed = canonical(dataclasses.replace(event, schema=schema).without(settings.envelope).schema)
    told = (_attribute(event_class, key) for key in (settings.name_attribute, settings.version_attribute))
    own_name, own_version = named(event_class.__name__, *told)
    noted = {**trimmed, "$comment": MODE} if isinstance(trimmed, dict) else trimmed
    return dataclasses.replace(event, name=own_name, version=own_version, schema=noted, opaque=())


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]


def _attribute(event_class: Any, name: str) -> object:
    """The value of a class attribute, or the default of a pydantic field."""
    found = getattr(event_class, name, None)
    if found is None and (field := getattr(event_class, "model_fields", {}).get(name)) is not None:
        found = field.default
    return found


def _schema(event_class: Any) -> Json:
    if hasattr(event_class, "__struct_fields__"):
        import msgspec

        return msgspec.json.schema(event_class)
    from pydantic import TypeAdapter

    known = _as_model(event_class) if hasattr(event_class, "__attrs_attrs__") else event_class
    return TypeAdapter(known).json_schema(mode="validation", schema_generator=_generator())


@cache
def _generator() -> Any:
    """A generator that every release of pydantic agrees with.

    Releases differ in whether a data class within a model that forbids other keys says so too (2.11 does not, 2.14
    does): it says what its own configuration says.
    """
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        def dataclass_schema(self, schema: Any) -> Any:
            return _by_itself(super().dataclass_schema(schema), schema)

        def typed_dict_schema(self, schema: Any) -> Any:
            return _by_itself(super().typed_dict_schema(schema), schema)

    return Generator


def _by_itself(written: Json, schema: Json) -> Json:
    if not getattr(schema.get("cls"), "__pydantic_config__", None):
        written.pop("additionalProperties", None)
    return written


def _as_model(event_class: Any) -> Any:
    """A pydantic model with the fields of an attrs class, which pydantic does not know."""
    import attrs
    from pydantic import Field, create_model

    attrs.resolve_types(event_class)
    columns: dict[str, Any] = {}
    for field in attrs.fields(event_class):
        default: Any = field.default
        if default is attrs.NOTHING:
            default = ...
        elif isinstance(default, attrs.Factory):  # type: ignore[arg-type]
            default = Field(default_factory=list)
        columns[field.alias or field.name] = (field.type, default)
    return create_model(event_class.__name__, **columns)


def _made_later(settings: SchemaSettings, known: set[tuple[str, str]]) -> Iterator[Any]:
    """Subclasses of the bases that no code says in so many words."""
    for name in settings.bases:
        try:
            base = imported(name)
        except BrokenCodeError:  # told already, by whoever looked for it in the code
            continue
        for found in _descendants(base):
            place = (found.__module__, found.__qualname__)
            if place not in known and not found.__name__.startswith("_") and _is_within(found, settings):
                known.add(place)
                yield found


def _descendants(base: type) -> Iterator[type]:
    subclasses: list[type] = base.__subclasses__()
    for found in subclasses:
        yield found
        yield from _descendants(found)


def _is_within(found: type, settings: SchemaSettings) -> bool:
    patterns = settings.modules
    return not patterns or any(
        found.__module__ == pattern or (pattern.endswith(".*") and found.__module__.startswith(pattern[:-1]))
        for pattern in patterns
    )


def _of_class(found: type, root: Path, settings: SchemaSettings) -> DeclaredEvent:  # noqa: ARG001 - one shape
    path = Path(getattr(sys.modules.get(found.__module__), "__file__", None) or "")
    place = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
    try:
        line = inspect.getsourcelines(found)[1]
    except (OSError, TypeError):
        line = 0
    return DeclaredEvent(
        name=found.__name__, version=None, schema={}, path=place, line=line, module=found.__module__,
        qualname=found.__qualname__,
    )  # fmt: skip
