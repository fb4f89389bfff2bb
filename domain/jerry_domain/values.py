"""What values have in common, told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, TypeVar, dataclass_transform

_V = TypeVar("_V", bound="Value")


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value(kind: type[_V]) -> type[_V]:
    """A frozen dataclass with slots and fields by keyword, of which `Value` does what `dataclass` would compile.

    Compiling is felt by every command that loads the class (DESIGN 8): for the two dozen kinds of events it takes as
    long as starting Python.
    """
    return dataclass(init=False, eq=False, repr=False, slots=True, kw_only=True)(kind)


class Value:
    """A base of classes made by `value`: equal is what is of one class with equal fields.

    Making one raises `TypeError` for a field that is missing or unknown; setting a field `FrozenInstanceError`.
    """

    __slots__ = ()

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    if not TYPE_CHECKING:  # pragma: no branch - a checker makes of `value` what it makes of `dataclass`

        def __init__(self, **given: object) -> None:
            kind = type(self)  # looked up here: values are made by the thousand
            puts, defaults, factories, _ = _SHAPES.get(kind) or _shape(kind)
            if len(given) != len(puts):
                given = {**defaults, **{name: make() for name, make in factories}, **given}
            try:
                for name, put in puts:
                    put(self, given[name])
            except KeyError:
                raise TypeError(_complaint(kind, given.keys())) from None
            if len(given) != len(puts):
                raise TypeError(_complaint(kind, given.keys()))
            self.__post_init__()

        def __setattr__(self, name: str, new: object) -> None:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")

        def __delattr__(self, name: str) -> None:
            raise FrozenInstanceError(f"cannot delete field {name!r}")

    @classmethod
    def of(cls, values: Iterable[object]) -> Self:
        """One of the values of its fields, in their order; raises `ValueError` where they are too few or too many."""
        made = object.__new__(cls)
        for (_, put), each in zip(_shape(cls).puts, values, strict=True):
            put(made, each)
        made.__post_init__()
        return made

    def __post_init__(self) -> None:
        """What a kind of value asks of its fields; raises what is told there."""

    def __eq__(self, other: object) -> bool:
        kind = type(self)
        if type(other) is not kind:
            return NotImplemented
        values = (_SHAPES.get(kind) or _shape(kind)).values
        return values(self) == values(other)

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        told = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))
        return f"{type(self).__qualname__}({', '.join(told)})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self).of, (self._values(),)

    def _values(self) -> tuple[object, ...]:
        return _shape(type(self)).values(self)


class _Shape(NamedTuple):
    """What is known of the fields of a class: their slots, what some are that nobody gives, what makes others."""

    puts: tuple[tuple[str, Callable[[Value, object], None]], ...]
    defaults: dict[str, object]
    factories: tuple[tuple[str, Callable[[], object]], ...]
    values: Callable[[Value], tuple[object, ...]]


_SHAPES: dict[type[Value], _Shape] = {}


def _shape(kind: type[Value]) -> _Shape:
    """The shape of a class, told when it is first asked for."""
    if kind not in _SHAPES:
        every = fields(kind)
        names = [each.name for each in every]
        _SHAPES[kind] = _Shape(
            tuple((name, getattr(kind, name).__set__) for name in names),
            {each.name: each.default for each in every if each.default is not MISSING},
            tuple((each.name, each.default_factory) for each in every if each.default_factory is not MISSING),
            # which gives no tuple of one
            attrgetter(*names) if len(names) > 1 else lambda made: tuple(getattr(made, name) for name in names),
        )
    return _SHAPES[kind]


def _complaint(kind: type[Value], given: Set[str]) -> str:
    shape = _shape(kind)
    names = {name for name, _ in shape.puts}
    missing = names - given - shape.defaults.keys() - {name for name, _ in shape.factories}
    return f"{kind.__qualname__}: " + "; ".join(
        f"{what} {', '.join(sorted(which))}"
        for what, which in (("missing", missing), ("unknown", given - names))
        if which
    )
