"""Keywords that a value and the keyword's own value decide between them, and the shapes that these values have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import isfinite
from typing import Any, NamedTuple

from jerry_domain.schemas.patterns import TooLargeError, UnsupportedPatternError, language

Json = Any
Truth = bool | None


def equal(a: Json, b: Json) -> bool:
    """Whether two values are the same in JSON: 1 is 1.0, but True is not 1, and the order of keys is nothing."""
    return bool(_key(a) == _key(b))


def all_of(verdicts: Iterable[Truth]) -> Truth:
    """Kleene's conjunction."""
    known = set(verdicts)
    return False if False in known else None if None in known else True


def any_of(verdicts: Iterable[Truth]) -> Truth:
    """Kleene's disjunction."""
    known = set(verdicts)
    return True if True in known else None if None in known else False


def _key(value: Json) -> Json:
    """What equal values, and only they, have in common; the type `bool` and the like occur in no JSON."""
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, float):
        return _exact(value)
    if isinstance(value, list):
        return list, *map(_key, value)
    if isinstance(value, dict):
        return frozenset((name, _key(inner)) for name, inner in value.items())
    return value


def _exact(number: float) -> Fraction | float:
    """The number that was written, not the binary one beside it; infinity and its like stay."""
    if isinstance(number, int):
        return Fraction(number)
    return Fraction(repr(number)) if isfinite(number) else number


# Shapes: what a value or a keyword's value is.


def anything(_: Json) -> bool:
    """Any value."""
    return True


def is_text(value: Json) -> bool:
    """A string."""
    return isinstance(value, str)


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_text_or_texts(value: Json) -> bool:
    return is_text(value) or _is_texts(value)


def is_list(value: Json) -> bool:
    """An array."""
    return isinstance(value, list)


def is_object(value: Json) -> bool:
    """An object."""
    return isinstance(value, dict)


def _is_object_of_texts(value: Json) -> bool:
    return isinstance(value, dict) and all(map(_is_texts, value.values()))


def _is_flag(value: Json) -> bool:
    return isinstance(value, bool)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Json) -> bool:
    return _is_number(value) and (isinstance(value, int) or value.is_integer())


def is_count(value: Json) -> bool:
    """A whole number from 0 on."""
    return _is_integer(value) and value >= 0


def _is_divisor(value: Json) -> bool:
    return _is_number(value) and isfinite(value) and value > 0


def is_schema(value: Json) -> bool:
    """An object or a boolean."""
    return isinstance(value, dict | bool)


def is_schemas(value: Json) -> bool:
    """A list of schemas, not empty."""
    return isinstance(value, list) and all(map(is_schema, value)) and value != []


def is_schema_map(value: Json) -> bool:
    """An object of schemas."""
    return isinstance(value, dict) and all(map(is_schema, value.values()))


_TYPES: dict[str, Callable[[Json], bool]] = {
    "array": is_list,
    "boolean": _is_flag,
    "integer": _is_integer,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": is_object,
    "string": is_text,
}


# Assertions: a value and a keyword's value alone decide.


def _has_type(instance: Json, names: str | list[str]) -> Truth:
    wanted = [names] if isinstance(names, str) else names
    return any_of(_TYPES[name](instance) if name in _TYPES else None for name in wanted)


def _is_multiple(instance: float, divisor: float) -> Truth:
    exact = _exact(instance)
    return exact % _exact(divisor) == 0 if isinstance(exact, Fraction) else None


def _are_unique(instance: list[Json], wanted: bool) -> Truth:  # noqa: FBT001 - the keyword's value
    return not wanted or len(set(map(_key, instance))) == len(instance)


def _has_dependents(instance: dict[str, Json], dependents: dict[str, list[str]]) -> Truth:
    return all(name in instance for key, names in dependents.items() if key in instance for name in names)


def finds(pattern: str, text: str) -> Truth:
    """Whether a pattern finds something in a text; None if that cannot be told."""
    try:
        return language(pattern).finds(text)
    except (UnsupportedPatternError, TooLargeError):
        return None


class Assertion(NamedTuple):
    """A keyword: the shape of its value, the values that it speaks of, and what it says of them."""

    shape: Callable[[Json], bool]
    concerns: Callable[[Json], bool]
    holds: Callable[[Json, Json], Truth]


ASSERTIONS = {
    "const": Assertion(anything, anything, equal),
    "dependentRequired": Assertion(_is_object_of_texts, is_object, _has_dependents),
    "enum": Assertion(is_list, anything, lambda it, values: _key(it) in map(_key, values)),
    "exclusiveMaximum": Assertion(_is_number, _is_number, lambda it, bound: _exact(it) < _exact(bound)),
    "exclusiveMinimum": Assertion(_is_number, _is_number, lambda it, bound: _exact(it) > _exact(bound)),
    "maxItems": Assertion(is_count, is_list, lambda it, most: len(it) <= most),
    "maxLength": Assertion(is_count, is_text, lambda it, most: len(it) <= most),
    "maxProperties": Assertion(is_count, is_object, lambda it, most: len(it) <= most),
    "maximum": Assertion(_is_number, _is_number, lambda it, bound: _exact(it) <= _exact(bound)),
    "minItems": Assertion(is_count, is_list, lambda it, least: len(it) >= least),
    "minLength": Assertion(is_count, is_text, lambda it, least: len(it) >= least),
    "minProperties": Assertion(is_count, is_object, lambda it, least: len(it) >= least),
    "minimum": Assertion(_is_number, _is_number, lambda it, bound: _exact(it) >= _exact(bound)),
    "multipleOf": Assertion(_is_divisor, _is_number, _is_multiple),
    "pattern": Assertion(is_text, is_text, lambda it, pattern: finds(pattern, it)),
    "required": Assertion(_is_texts, is_object, lambda it, names: all(name in it for name in names)),
    "type": Assertion(_is_text_or_texts, anything, _has_type),
    "uniqueItems": Assertion(_is_flag, is_list, _are_unique),
}
