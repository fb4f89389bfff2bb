"""What is to be checked when: the sources that a repository offers, and which of them a hook or a push is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from jerry_git.application.checking.engine import check, check_append_only
from jerry_git.application.checking.findings import Report
from jerry_git.application.checking.sources import EventFileReader, Source
from jerry_git.application.settings import Settings


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """One ref of a push, as git tells its pre-push hook: names, and object ids (zeros where there is none)."""

    local: str
    tip: str
    remote: str
    before: str

    @classmethod
    def parse(cls, line: str) -> RefUpdate | None:
        """A line of the hook's standard input, None for something else."""
        fields = line.split()
        return cls(*fields) if len(fields) == 4 else None


@dataclass(frozen=True, slots=True)
class Push:
    """What a push would bring to a ref; `certain` when git has named it, otherwise it may not be part of the push."""

    source: Source
    certain: bool = True


class Sources(Protocol):
    """The sources of one repository; methods raise `GitError`, `CannotCheckError`."""

    def work_tree(self, published: str | None) -> Source:
        """The files on the disk, against what the next commit stands on, and `published` where that is named."""
        ...

    def index(self, published: str | None) -> Source:
        """What the next commit will have, against what it stands on."""
        ...

    def revision(self, name: str, published: str | None) -> Source:
        """The files of one commit."""
        ...

    def range(self, text: str) -> Source:
        """The later tree of `BASE..HEAD` against the earlier one."""
        ...

    def unpublished(self, published: str | None) -> Source:
        """The files on the disk, new ones included, against where the branch left what is published.

        That is `published` where it is named, else the branch that this one most likely left.
        """
        ...

    def moved(self) -> Sequence[Source]:
        """Where the branch stands against where it stood before its last move; the index after a squash merge."""
        ...

    def pushes(self, updates: Iterable[RefUpdate], remote: str) -> Sequence[Push]:
        """What these updates bring, each against what `remote` has."""
        ...

    def possible_pushes(self, remote: str, known: RefUpdate | None) -> Sequence[Push]:
        """What a push to `remote` can bring when only one ref of it is known, or none: every branch."""
        ...


Rules = Callable[[Source, EventFileReader, Settings], Report]
"""A part of the rules, or all of them, over one source."""

_JUDGED = frozenset(
    (
        "unreadable", "not-a-file", "symbolic-link", "too-large", "wrong-name", "not-utf8", "not-json", "not-a-batch",
        "invalid-event", "unknown-event-type", "version-gap", "stream-start", "created-twice", "illegal-transition",
        "illegal-correction", "illegal-reconciliation", "incomplete-history", "fork",
    )
)  # fmt: skip
"""What `transitions` tells: a stream that is no legal walk, and what keeps it from being judged."""


def everything(source: Source, reader: EventFileReader, settings: Settings) -> Report:
    """Every rule, over what differs from the base."""
    return check(source, reader, settings, whole=False)


def transitions(source: Source, reader: EventFileReader, settings: Settings) -> Report:
    """The rules of streams alone, over what differs from the base."""
    report = check(source, reader, settings, whole=False)
    return replace(report, findings=tuple(found for found in report.findings if found.code in _JUDGED))


append_only = check_append_only
"""The rule of files that are only added, over what differs from the base."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules of one repository, over its sources."""

    sources: Sources
    reader: EventFileReader
    settings: Settings

    def checked(self, source: Source, *, whole: bool) -> Report:
        """Every rule over one source: over all of it when `whole`, else over what differs from its base."""
        return check(source, self.reader, self.settings, whole=whole)

    def hooked(self, rules: Rules, environment: Mapping[str, str]) -> Iterator[Report]:
        """What a hook of the pre-commit framework is about, as its environment tells: a push, a range, or the index."""
        before, after = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
        if remote := environment.get("PRE_COMMIT_REMOTE_NAME"):
            names = (environment.get(f"PRE_COMMIT_{side}_BRANCH", "") for side in ("LOCAL", "REMOTE"))
            local, target = names
            # The framework looks at the first ref only (pre-commit#2523), and names neither end on a first push.
            known = RefUpdate(local, after or local, target, before or "0") if local else None
            yield from self._pushed(rules, self.sources.possible_pushes(remote, known))
        elif before and after:
            yield rules(self.sources.range(f"{before}..{after}"), self.reader, self.settings)
        else:
            yield rules(self.sources.index(self.settings.published), self.reader, self.settings)

    def pushed(self, rules: Rules, updates: Iterable[RefUpdate], remote: str) -> Iterator[Report]:
        """What a push is about, as git itself tells it."""
        yield from self._pushed(rules, self.sources.pushes(updates, remote))

    def _pushed(self, rules: Rules, pushes: Iterable[Push]) -> Iterator[Report]:
        for push in pushes:
            report = rules(push.source, self.reader, self.settings)
            yield report if push.certain else _softened(report)


def _softened(report: Report) -> Report:
    """What is wrong with a branch that may not be pushed at all is a warning."""
    return replace(report, findings=tuple(replace(found, severity="warning") for found in report.findings))
