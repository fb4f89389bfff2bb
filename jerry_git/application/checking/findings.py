"""What a check may find: codes that are stable, each with a page of its own in `docs/findings/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from jerry_domain.ports.event_store import Problem

Severity = Literal["error", "warning"]
Level = Literal["error", "warning", "off"]
"""What a repository may set for a code: `off` leaves its findings out."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what is asked, in a sentence, and how grave a breach is unless the repository says otherwise."""

    title: str
    severity: Severity = "error"


RULES: Mapping[str, Rule] = {
    # append-only
    "event-modified": Rule("An event file keeps its content for ever."),
    "event-deleted": Rule("An event file stays for ever."),
    "event-renamed": Rule("An event file keeps its name and place."),
    "event-replaced": Rule("An event file stays a regular file."),
    "published-modified": Rule("A published file keeps its content."),
    "published-deleted": Rule("A published file stays."),
    "published-renamed": Rule("A published file keeps its name and place."),
    "published-replaced": Rule("A published file stays a regular file."),
    # files
    "unreadable": Rule("An event file can be read."),
    "not-a-file": Rule("An event file is a regular file."),
    "symbolic-link": Rule("Nothing below .jerry/events is a symbolic link."),
    "too-large": Rule("An event file has at most 16 MiB."),
    "wrong-name": Rule("Name and place of an event file agree with its content."),
    "not-utf8": Rule("An event file is UTF-8."),
    "not-json": Rule("An event file is JSON."),
    "not-a-batch": Rule("An event file is a CloudEvents batch: an array of one or more events."),
    "invalid-event": Rule("An event is valid CloudEvents, and its data agree with its schema."),
    "unknown-event-type": Rule("The type of an event is known."),
    "not-canonical": Rule("An event file is written in the canonical form."),
    # streams
    "version-gap": Rule("Versions count up by one, from those of the parents."),
    "stream-start": Rule("A stream begins with a creation."),
    "created-twice": Rule("An item is created once."),
    "illegal-transition": Rule("Each change of status is legal against its own causal past."),
    "illegal-correction": Rule("A correction takes back the last step, and goes exactly back."),
    "illegal-reconciliation": Rule("A reconciliation settles the fork that it saw, as one of the branches says."),
    "incomplete-history": Rule("The predecessors of each event are here.", "warning"),
    "fork": Rule("Branches that both moved an item are reconciled.", "warning"),
    "quality-gate": Rule("An item that is done has met its quality gate."),
    # the repository
    "duplicate-id": Rule("An event id stands once in the repository."),
    "duplicate-display-id": Rule("A display id belongs to one item.", "warning"),
    "cycle": Rule("No items wait for each other in a circle."),
    "dangling-reference": Rule("An item refers to items that are here.", "warning"),
    # the history
    "added-twice": Rule("An event file is the same wherever history adds it."),
    # messages of commits
    "unknown-item": Rule("The items that a commit message names exist."),
    "no-message": Rule("A commit message says more than its trailers."),
    "no-item": Rule("A commit message names an item, where the repository demands it."),
    # schemas
    "schema-modified": Rule("A published schema keeps its meaning."),
    "schema-rewritten": Rule("A published schema keeps its bytes.", "warning"),
    "schema-deleted": Rule("A published schema stays."),
    "schema-renamed": Rule("A published schema keeps its name and place."),
    "schema-replaced": Rule("A published schema stays a regular file."),
    "schema-published-twice": Rule("A version of an event is published once."),
    "schema-unreadable": Rule("A published schema can be read."),
    "schema-misplaced": Rule("The folder of schemas holds schemas only.", "warning"),
    "schema-gap": Rule("Versions of an event count up by one, from 1."),
    "schema-dialect": Rule("All versions of an event are written in one dialect.", "warning"),
    "schema-reference": Rule("A published schema refers to itself alone."),
    "schema-incompatible": Rule("A new version reads the events of every earlier one, or an upcaster does."),
    "schema-undecided": Rule("That a new version reads old events can be told."),
    "schema-meaning": Rule("A new version does not change what old events mean, or an upcaster says how."),
    "schema-reused-name": Rule("The name of a property is not used again for something else."),
    "upcaster-missing": Rule("A declared upcaster is there."),
    "upcaster-unknown": Rule("A declared upcaster leads from one published version to the next."),
    "upcaster-changed": Rule("A published upcaster keeps its source."),
    "stored-event": Rule("A stored event can be read by way of its upcasters."),
    "schema-drift": Rule("An event class agrees with its published schema."),
    "schema-unpublished": Rule("The schema of every event class is published."),
    "schema-orphaned": Rule("Every published event has a class."),
    "schema-opaque": Rule("The schema of an event class can be told without importing it.", "warning"),
    "schema-source": Rule("The modules and classes that the settings name can be read."),
    # layers
    "layer-import": Rule("A layer imports only what it may."),
    "layer-chain": Rule("A layer reaches only what it may, by way of others too."),
    "layer-external": Rule("A layer imports only those packages from elsewhere that it may."),
    "layer-dynamic": Rule("A guarded layer names what it imports.", "warning"),
    "layer-unread": Rule("Every module can be read."),
    "layer-syntax": Rule("Every module can be parsed.", "warning"),
    "layer-unmatched": Rule("Every pattern of the settings matches something."),
    "layer-allowance": Rule("An allowance says what it allows, and why."),
    "layer-unused": Rule("An allowance is needed.", "warning"),
    "layer-mended": Rule("The baseline holds only what is still there.", "warning"),
    "layer-baseline": Rule("The baseline can be read, and never grows."),
    # the care of the store (the doctor's)
    "misjoined": Rule("Where git is joining branches, events and archives are as these have them."),
    "missing-file": Rule("The files of `jerry init` are there.", "warning"),
    "leftover": Rule("No writer has left anything unfinished.", "warning"),
    "lost-event": Rule("Every event that was acknowledged is somewhere in git or a work tree.", "warning"),
}
"""Every rule by its code, in the order of the documentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step on the way to what was found: a place as of `Finding`, and what happens there."""

    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong: `code` is stable, `mend` the command that helps, `fixable` whether `doctor --fix` does.

    `path` is relative to the root of the repository, as git writes it, empty where no one file is concerned; `line` and
    `column` are 1-based, the latter in characters, 0 where there is none. `steps` lead from there to the cause.
    """

    code: str
    severity: Severity
    message: str
    mend: str
    path: str = ""
    line: int = 0
    fixable: bool = False
    column: int = 0
    steps: tuple[Step, ...] = ()


def finding(
    code: str,
    message: str,
    mend: str,
    path: str = "",
    line: int = 0,
    *,
    column: int = 0,
    steps: tuple[Step, ...] = (),
    fixable: bool = False,
) -> Finding:
    """A finding with the severity of its rule; raises `KeyError` for a code that is in no rule."""
    return Finding(
        code=code,
        severity=RULES[code].severity,
        message=message,
        mend=mend,
        path=path,
        line=line,
        column=column,
        steps=steps,
        fixable=fixable,
    )


Concern = tuple[frozenset[str], Finding]
"""A finding, and what it concerns: paths of files, or internal ids of items. Any of them may have brought it about."""


def of_problem(problem: Problem) -> Finding:
    """What a reader of events could not read, as a finding."""
    return finding(problem.code, problem.message, problem.mend, problem.path, problem.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of a check: the findings, and what was looked at (`files`) in what (`source`)."""

    source: str
    findings: tuple[Finding, ...] = ()
    files: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether there is an error among the findings; warnings alone refuse nothing."""
        return any(found.severity == "error" for found in self.findings)


def joined(one: Report, other: Report) -> Report:
    """Two reports on one source as one."""
    return Report(source=one.source, findings=graded((*one.findings, *other.findings), {}), files=one.files)


class CannotCheckError(Exception):
    """The check could not be made, so that nothing is known: `reason`, and the `cure`."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cure = cure


def graded(findings: Iterable[Finding], severities: Mapping[str, Level]) -> tuple[Finding, ...]:
    """The findings as grave as the repository says, errors first, then by place; those that are off are left out."""
    kept = []
    for found in findings:
        level = severities.get(found.code, found.severity)
        if level != "off":
            kept.append(found if level == found.severity else replace(found, severity=level))
    return tuple(sorted(kept, key=_order))


def _order(found: Finding) -> tuple[str, str, int, int, str, str]:
    return found.severity, found.path, found.line, found.column, found.code, found.message
