"""What values have in common, told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, dataclass_transform

_V = TypeVar("_V", bound="Value")
_put = object.__setattr__


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

    if not TYPE_CHECKING:  # a checker makes of `value` what it makes of `dataclass`

        def __init__(self, **given: object) -> None:
            names, defaults, factories = _shape(type(self))
            if len(given) != len(names):
                given = {**defaults, **{name: make() for name, make in factories}, **given}
            try:
                for name in names:
                    _put(self, name, given[name])
            except KeyError:
                raise TypeError(_complaint(type(self), given.keys(), names)) from None
            if len(given) != len(names):
                raise TypeError(_complaint(type(self), given.keys(), names))
            self.__post_init__()

        def __setattr__(self, name: str, new: object) -> None:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")

        def __delattr__(self, name: str) -> None:
            raise FrozenInstanceError(f"cannot delete field {name!r}")

    @classmethod
    def of(cls, values: Iterable[object]) -> Self:
        """One of the values of its fields, in their order; raises `ValueError` where they are too few or too many."""
        made = object.__new__(cls)
        for name, each in zip(_shape(cls)[0], values, strict=True):
            _put(made, name, each)
        made.__post_init__()
        return made

    def __post_init__(self) -> None:
        """What a kind of value asks of its fields; raises what is told there."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        told = (f"{name}={getattr(self, name)!r}" for name in self._names())
        return f"{type(self).__qualname__}({', '.join(told)})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self).of, (self._values(),)

    def _names(self) -> tuple[str, ...]:
        return _shape(type(self))[0]

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self._names())


_Shape = tuple[tuple[str, ...], dict[str, object], tuple[tuple[str, Callable[[], object]], ...]]
"""The names of the fields of a class, what some are that nobody gives, and what makes others."""
_SHAPES: dict[type[Value], _Shape] = {}


def _shape(kind: type[Value]) -> _Shape:
    """The shape of a class, told when it is first asked for."""
    if kind not in _SHAPES:
        every = fields(kind)
        _SHAPES[kind] = (
            tuple(each.name for each in every),
            {each.name: each.default for each in every if each.default is not MISSING},
            tuple((each.name, each.default_factory) for each in every if each.default_factory is not MISSING),
        )
    return _SHAPES[kind]


def _complaint(kind: type[Value], given: Set[str], names: Sequence[str]) -> str:
    lacking, unknown = sorted({*names} - given), sorted(given - {*names})
    return f"{kind.__qualname__}: " + "; ".join(
        f"{what} {', '.join(names)}" for what, names in (("missing", lacking), ("unknown", unknown)) if names
    )
