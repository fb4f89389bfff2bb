"""The verdict on a change from one JSON Schema to another: who can still read whose events, and what breaks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from jerry_domain.schemas.dialects import escaped
from jerry_domain.schemas.documents import Document, UndecidedError, UnknownError, conjunction
from jerry_domain.schemas.evaluation import valid
from jerry_domain.schemas.faults import Fault, real
from jerry_domain.schemas.inclusion import Inclusion

Json = Any
Verdict = Literal["compatible", "incompatible", "undecided"]
"""`undecided` is never a silent yes: whoever asks treats it as a no, with its own name."""
Step = Literal["free", "version", "upcaster"]
"""What the change asks of an append-only store: nothing, a new version, or a new version with an upcaster."""


@dataclass(frozen=True, slots=True)
class Example:
    """A value that the writer's schema takes and the reader's does not, as JSON on one line."""

    text: str

    @property
    def value(self) -> Json:
        """The value itself."""
        return json.loads(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One change: `rule` is its id in docs/schema-rules.md, `breaks` what it means for the direction asked about.

    `pointer` is a JSON pointer into the new schema, into the old one for what the new one lacks; `path` a JSON pointer
    into the events (`*` is any key or place). `example` is a whole event that shows it, where one was found.
    """

    rule: str
    verdict: Verdict
    message: str
    pointer: str = ""
    path: str = ""
    example: Example | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Whether every event of one schema is one of the other, and each reason why not."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both directions: `backward` is the new reader over old events, `forward` the old reader over new events.

    `notes` are changes that break neither and still matter; `step` is what an append-only store has to do.
    """

    backward: Direction
    forward: Direction
    notes: tuple[Reason, ...] = ()
    step: Step = "free"

    @property
    def full(self) -> Direction:
        """Both directions as one."""
        verdict = worst((self.backward.verdict, self.forward.verdict))
        return Direction(verdict=verdict, reasons=(*self.backward.reasons, *self.forward.reasons))


def compare(old: Json, new: Json, *, strict: bool = False) -> Comparison:
    """Compare two JSON Schemas of any dialect from draft-04 on; never raises for what they are.

    Unless `strict`, schemas are taken as written: a writer never made a key that its schema did not name, so that a
    property added to an open object breaks nothing.
    """
    if _alike(old, new):
        same = Direction(verdict="compatible")
        return Comparison(backward=same, forward=same)
    try:
        before, after = Document(old), Document(new)
    except UndecidedError as error:
        unsure = Direction(verdict="undecided", reasons=(_undecided(error),))
        return Comparison(backward=unsure, forward=unsure, step="upcaster")
    backward, notes = _direction(before, after, backward=True, strict=strict)
    forward, _ = _direction(after, before, backward=False, strict=strict)
    notes = (*notes, *_dialects(before, after))
    return Comparison(backward=backward, forward=forward, notes=notes, step=_step(backward, forward, notes))


def _alike(old: Json, new: Json) -> bool:
    """Whether both are the same JSON, where True is not 1."""
    return old == new and json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)


def _direction(
    writer: Document, reader: Document, *, backward: bool, strict: bool
) -> tuple[Direction, tuple[Reason, ...]]:
    inclusion = Inclusion(backward=backward, strict=strict)
    terms = conjunction([writer.node]), conjunction([reader.node])
    try:
        found = inclusion.judge(*terms)
        if real(found) and not any(fault.by_rule or _shows(fault, writer, reader) for fault in real(found)):
            found = _with_any_witness(found, inclusion.witnesses(*terms))
    except UnknownError as error:
        return Direction(verdict="undecided", reasons=(_undecided(error),)), ()
    except RecursionError:
        deep = Reason(rule="X1", verdict="undecided", message="nested too deeply")
        return Direction(verdict="undecided", reasons=(deep,)), ()
    reasons = tuple(dict.fromkeys(_reason(fault, writer, reader) for fault in real(found)))
    notes = tuple(_reason(fault, writer, reader) for fault in found if fault.note)
    return Direction(verdict=worst(reason.verdict for reason in reasons), reasons=reasons), notes


def _with_any_witness(found: list[Fault], witnesses: list[Json]) -> list[Fault]:
    first = real(found)[0]
    return [replace(fault, witness=tuple(witnesses[:1])) if fault is first else fault for fault in found]


def _shows(fault: Fault, writer: Document, reader: Document) -> bool:
    """Whether the fault's witness is an event of the writer's that the reader refuses."""
    return any(
        valid(value, writer.root, writer.root) is True and valid(value, reader.root, reader.root) is False
        for value in fault.witness
    )


def _reason(fault: Fault, writer: Document, reader: Document) -> Reason:
    verdict: Verdict = "compatible" if fault.note else "undecided"
    example = None
    if not fault.note and _shows(fault, writer, reader):
        verdict, example = "incompatible", Example(json.dumps(fault.witness[0], ensure_ascii=False))
    elif fault.by_rule:
        verdict = "incompatible"
        example = Example(json.dumps(fault.witness[0], ensure_ascii=False)) if fault.witness else None
    path = "".join(f"/{escaped(step)}" for step in fault.path)
    rule, message = _in_context(fault, writer, reader)
    return Reason(rule=rule, verdict=verdict, message=message, pointer=fault.pointer, path=path, example=example)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts; nothing said is compatible."""
    said = set(verdicts)
    if "incompatible" in said:
        return "incompatible"
    return "undecided" if "undecided" in said else "compatible"


def _in_context(fault: Fault, writer: Document, reader: Document) -> tuple[str, str]:
    """The rule, by where the reader's schema says what the writer's did not: a branch of its own, a condition."""
    keyword = _branch(fault.pointer, writer, reader)
    rule = {"allOf": "U3", "if": "U8", "then": "U8", "else": "U8", "not": "U7"}.get(keyword, fault.rule)
    if rule == fault.rule:
        return fault.rule, fault.message
    return rule, f"{fault.message} ({keyword})"


def _branch(pointer: str, writer: Document, reader: Document) -> str:
    """The innermost of `allOf`, `if`, `then`, `else`, `not` on the way to a place, if only the reader has it."""
    steps = pointer.split("/")
    for end in range(len(steps), 1, -1):
        place = "/".join(steps[:end])
        if reader.came_from(place) and not writer.came_from(place):
            named = steps[end - 2] if steps[end - 1].isdigit() else steps[end - 1]
            if named in ("allOf", "if", "then", "else", "not"):
                return named
    return ""


def _undecided(error: UnknownError) -> Reason:
    return Reason(rule=error.rule, verdict="undecided", message=error.message, pointer=error.pointer)


def _dialects(before: Document, after: Document) -> tuple[Reason, ...]:
    if before.dialect == after.dialect or before.dialect is None or after.dialect is None:
        return ()
    message = "the dialect is another: `$schema` of both is not the same"
    return (Reason(rule="R6", verdict="compatible", message=message, pointer="/$schema"),)


_UPCAST = frozenset(("O6", "O18"))
"""Changes that break no reader and still change what old events mean."""


def _step(backward: Direction, forward: Direction, notes: tuple[Reason, ...]) -> Step:
    if backward.verdict != "compatible" or any(note.rule in _UPCAST for note in notes):
        return "upcaster"
    return "version" if forward.verdict != "compatible" or notes else "free"
