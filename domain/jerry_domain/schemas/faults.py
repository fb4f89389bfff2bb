"""Why a value of one schema may not be one of another: a fault, small enough to be carried up to the whole event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from jerry_domain.schemas.documents import Node, Term

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that a reader does not take from a writer.

    `pointer` is a JSON pointer into the reader's schema, or the writer's for what the reader lacks; `path` the place in
    the value, `*` for any key or place; `witness` holds one value that shows it, or nothing. `by_rule`: it counts
    though no value shows it, for validators do not look. `note`: no fault at all, but a change that matters.
    """

    rule: str
    message: str
    pointer: str
    path: tuple[str, ...] = ()
    witness: tuple[Json, ...] = ()
    by_rule: bool = False
    note: bool = False

    def under(self, step: str, witness: tuple[Json, ...]) -> Fault:
        """The same, seen from the value that holds this one at `step`, with a witness of that."""
        return replace(self, path=(step, *self.path), witness=witness)


class Judge(Protocol):
    """What the rules of one JSON type ask about the values within."""

    backward: bool
    """Whether the writer is the old schema and the reader the new one."""
    strict: bool
    """Whether a writer may have made keys that its schema does not name."""

    def faults(self, writer: Term, reader: Term) -> Sequence[Fault]:
        """Why not every value of the writer's is the reader's; empty, or notes alone, when it is proven.

        Asked about what is within the value at hand, never about that value itself.
        """
        ...

    def faults_here(self, writer: Term, reader: Term) -> Sequence[Fault]:
        """The same, asked about the value at hand."""
        ...

    def within(self, one: Term, other: Term) -> bool:
        """Whether it is proven that every value of the one is of the other, whoever made it; of the value at hand."""
        ...

    def holds(self, value: Json, term: Term) -> bool | None:
        """Whether a value is of the term; None where that cannot be told."""
        ...

    def disjoint(self, one: Term, other: Term) -> bool:
        """Whether it is proven that no value is of both."""
        ...

    def is_empty(self, term: Term) -> bool:
        """Whether it is proven that nothing is of the term."""
        ...

    def samples(self, term: Term, hints: Term = ()) -> Iterator[Json]:
        """A few values of the term, those first that a reader of `hints` might not take."""
        ...


def real(faults: Iterable[Fault]) -> list[Fault]:
    """The faults without the notes."""
    return [fault for fault in faults if not fault.note]


def tightest(nodes: Sequence[Node], key: str, *, largest: bool) -> tuple[Json, str] | None:
    """The largest or smallest value that a keyword has in these nodes, and its place; None where none has it."""
    found = [(node.schema[key], node) for node in nodes if key in node.schema]
    if not found:
        return None
    value, node = (max if largest else min)(found, key=lambda pair: pair[0])
    return value, node.place(key)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many there may be, at least and at most, with the places that say so."""

    least: int
    most: int | None
    least_place: str = ""
    most_place: str = ""

    @classmethod
    def of(cls, nodes: Sequence[Node], least: str, most: str) -> Limits:
        """From two keywords."""
        low, high = tightest(nodes, least, largest=True), tightest(nodes, most, largest=False)
        return cls(
            int(low[0]) if low else 0,
            int(high[0]) if high else None,
            low[1] if low else "",
            high[1] if high else "",
        )

    @property
    def is_empty(self) -> bool:
        """Whether no number fits."""
        return self.most is not None and self.most < self.least

    def overlaps(self, other: Limits) -> bool:
        """Whether a number fits both."""
        highs = [high for high in (self.most, other.most) if high is not None]
        return not highs or max(self.least, other.least) <= min(highs)

    def faults(self, reader: Limits, rule: str, what: str) -> Iterator[Fault]:
        """Where the writer may have fewer or more than the reader takes."""
        if reader.least > self.least:
            message = f"at least {reader.least} {what}, was {self.least}"
            yield Fault(rule=rule, message=message, pointer=reader.least_place)
        if reader.most is not None and (self.most is None or self.most > reader.most):
            was = "any number" if self.most is None else self.most
            yield Fault(rule=rule, message=f"at most {reader.most} {what}, was {was}", pointer=reader.most_place)

    def numbers(self, hints: Limits) -> list[int]:
        """A few numbers that fit, those first that the hints do not take."""
        wanted = [hints.least - 1, -1 if hints.most is None else hints.most + 1, self.least, self.least + 1]
        wanted += [] if self.most is None else [self.most]
        return [n for n in dict.fromkeys(wanted) if n >= self.least and (self.most is None or n <= self.most)]
