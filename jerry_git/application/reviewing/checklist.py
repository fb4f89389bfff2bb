"""What a review asks, tier by tier, and what of it can be answered by running a check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from jerry_git.application.checking.engine import check
from jerry_git.application.checking.findings import Finding, Report
from jerry_git.application.checking.guard import Rules
from jerry_git.application.checking.sources import EventFileReader, Source
from jerry_git.application.reviewing.kinds import EVENT_BASES
from jerry_git.application.reviewing.naming import tense
from jerry_git.application.reviewing.tiers import Kind, Tier, Touch, listed, rank
from jerry_git.application.schemas.checking import check_everything
from jerry_git.application.settings import Settings

Outcome = Literal["passed", "failed", "human"]
"""What a check has said, or that a person is to judge."""


@dataclass(frozen=True, slots=True)
class Question:
    """One item of a checklist: `key` is stable."""

    key: str
    tier: Tier
    text: str


QUESTIONS: tuple[Question, ...] = (
    Question("decision-record", Tier.CRITICAL, "A decision record says why"),
    Question("past-tense", Tier.CRITICAL, "New events are named in the past tense"),
    Question("schema-contract", Tier.CRITICAL, "Published schemas keep their meaning, and old events stay readable"),
    Question("store", Tier.CRITICAL, "Event files are only added, and every stream is legal"),
    Question("consumers", Tier.CRITICAL, "All that reads these events can deal with the change, other systems too"),
    Question("aggregate-boundaries", Tier.HIGH, "One transaction changes one aggregate, and its rules are within it"),
    Question("layer-boundaries", Tier.HIGH, "The domain depends on nothing outside of it; adapters depend on ports"),
    Question("history", Tier.HIGH, "State changes by events alone, and to apply a recorded event never fails"),
    Question("port-contract", Tier.HIGH, "A port says what it raises, and every adapter keeps to it"),
    Question("language", Tier.HIGH, "The names are those of the domain expert"),
    Question("idempotency", Tier.MEDIUM, "The same command or event twice has the effect of one"),
    Question("thin-handlers", Tier.MEDIUM, "Handlers load, decide by the aggregate and store; no rule is in them"),
    Question("failures", Tier.MEDIUM, "Conflicts, time-outs and half-done work are dealt with"),
    Question("tests", Tier.LOW, "The change is tested"),
    Question("rebuilding", Tier.LOW, "A projection can be rebuilt from the events at any time"),
    Question("words", Tier.LOW, "Documentation says what the code does"),
)
"""Every question of every tier, the riskiest first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer: `note` says why, `findings` are what a check has found."""

    question: Question
    outcome: Outcome = "human"
    note: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Runnable:
    """A check over the source that answers the question `key`."""

    key: str
    run: Rules


def _schemas(source: Source, reader: EventFileReader, settings: Settings) -> Report:  # noqa: ARG001 - one shape
    return check_everything(source, settings, whole=False)


def _store(source: Source, reader: EventFileReader, settings: Settings) -> Report:
    """The rules of the store; those of schemas answer a question of their own."""
    report = check(source, reader, settings, whole=False)
    found = tuple(each for each in report.findings if not each.code.startswith(("schema-", "upcaster-")))
    return Report(source=report.source, findings=found, files=report.files)


def answered(
    touches: Sequence[Touch], source: Source, reader: EventFileReader, settings: Settings, layers: Rules
) -> Iterator[Answer]:
    """The checklists of all tiers that are touched; a check that fails is told whatever the tier.

    Raises `GitError`, and `CannotCheckError` where a tree is missing that is needed.
    """

    def bounded(source: Source, reader: EventFileReader, settings: Settings) -> Report:
        """The findings of layers in which a changed file has a part."""
        paths = {touch.path for touch in touches}
        report = layers(source, reader, settings)
        found = [each for each in report.findings if {each.path, *(step.path for step in each.steps)} & paths]
        return replace(report, findings=tuple(found))

    runnable = (
        Runnable("schema-contract", _schemas),
        Runnable("store", _store),
        Runnable("layer-boundaries", bounded),
    )
    tiers = {touch.tier for touch in touches}
    found = {"decision-record": _decision(touches), "past-tense": _naming(touches), "tests": _tests(touches)}
    found |= {each.key: _judged(each.run(source, reader, settings)) for each in runnable}
    for question in QUESTIONS:
        outcome, note, findings = found.get(question.key, ("human", "", ()))
        if question.tier in tiers or (outcome == "failed" and question.key in {each.key for each in runnable}):
            yield Answer(question, outcome, note, findings)


_Judgement = tuple[Outcome, str, tuple[Finding, ...]]


def _judged(report: Report) -> _Judgement:
    if not report.findings:
        return "passed", "", ()
    errors = sum(found.severity == "error" for found in report.findings)
    note = ", ".join(
        f"{number} {noun}{'' if number == 1 else 's'}"
        for number, noun in ((errors, "error"), (len(report.findings) - errors, "warning"))
        if number
    )
    return "failed" if report.is_refused else "passed", note, report.findings


def _decision(touches: Sequence[Touch]) -> _Judgement:
    records = [touch.path for touch in touches if touch.kind is Kind.DECISION and touch.how != "gone"]
    return ("passed", listed(records), ()) if records else ("failed", "none is in the change", ())


def _tests(touches: Sequence[Touch]) -> _Judgement:
    """Whether tests are in the change; that there is nothing to test is for a person to say."""
    number = sum(touch.kind is Kind.TEST and touch.how != "gone" for touch in touches)
    if number:
        return "passed", f"{number} file{'' if number == 1 else 's'} of tests in the change", ()
    return "human", "no test is in the change", ()


def _naming(touches: Sequence[Touch]) -> _Judgement:
    """What the names of new event classes say; one that was moved keeps its name."""
    moved = {name for touch in touches if touch.kind is Kind.EVENT and touch.how == "gone" for name in touch.names}
    new = [
        name
        for touch in touches
        if touch.kind is Kind.EVENT and touch.how == "new" and rank(touch.tier) < rank(Tier.LOW)
        for name in touch.names
        if name not in moved and _is_named_anew(name)
    ]
    if not new:
        return "passed", "no event is new", ()
    by_tense = {kind: [name for name in new if tense(name.rpartition(".")[2]) == kind] for kind in ("other", "untold")}
    if by_tense["other"]:
        return "failed", f"not in the past tense: {', '.join(by_tense['other'])}", ()
    if by_tense["untold"]:
        return "human", f"cannot be told of {', '.join(by_tense['untold'])}", ()
    return "passed", listed(new), ()


def _is_named_anew(name: str) -> bool:
    """Whether it is an event's own name: neither a base class, nor private, nor a part of another definition."""
    last = name.rpartition(".")[2]
    return " " not in name and last not in EVENT_BASES and not last.startswith("_")
