"""What values have in common, told once."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast


class Value:
    """A base for dataclasses made with `eq=False, repr=False`: equal is what is of one class with equal fields.

    What `dataclass` compiles for each class is felt by every command that loads it (DESIGN 8): for the two dozen kinds
    of events it takes as long as starting Python.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        told = (f"{name}={value!r}" for name, value in zip(self._names(), self._values(), strict=True))
        return f"{type(self).__qualname__}({', '.join(told)})"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self._names())

    def _names(self) -> tuple[str, ...]:
        return tuple(each.name for each in fields(cast("Any", self)))
