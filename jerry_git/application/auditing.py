"""The audit: every event file was added once and never altered, on any path of history (DESIGN 3)."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.checking.sources import LINK, SUBMODULE, Entry

Signature = Literal[
    "good", "bad", "unknown-validity", "expired", "expired-key", "revoked", "cannot-check", "none"
]  # fmt: skip
"""What git says of the signature of a commit; `cannot-check` where there is one and the key is not known."""

FOLDER = "40000"
"""The mode of a folder, as git writes it."""

_KINDS = {LINK: "a symbolic link", SUBMODULE: "a submodule", FOLDER: "a folder"}


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands at one path of the log, and what stood there in each parent; None for nothing."""

    now: Entry | None
    before: tuple[Entry | None, ...] = ()

    def addition(self) -> Entry | None:
        """What came here: something at the path of no file, and not as any parent has it."""
        now = self.now
        if now is None or now.mode == FOLDER or now in self.before:
            return None
        return None if any(entry is not None and entry.is_regular for entry in self.before) else now

    def altered(self) -> Entry | None:
        """The file of a parent that is not as it was; the executable bit does not matter, and links are no files."""
        files = (entry for entry in self.before if entry is not None and entry.is_regular)
        return next((file for file in files if not self._has(file)), None)

    def _has(self, file: Entry) -> bool:
        return self.now is not None and self.now.is_regular and self.now.blob == file.blob


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit, and where the log differs from that of a parent; `signed` tells a signature, good or bad."""

    commit: str
    author: str
    at: datetime
    signed: bool = False
    differences: Sequence[Difference] = ()


class AuditedHistory(Protocol):
    """The history of one revision; methods raise `CannotCheckError` where an object is missing, and `GitError`."""

    @property
    def revision(self) -> str:
        """The full id of the commit that history is read from, empty where there is no commit yet."""
        ...

    @property
    def commits(self) -> int:
        """How many commits there are."""
        ...

    def steps(self) -> Iterator[Step]:
        """Every commit once, parents before children."""
        ...

    def signatures(self, commits: Sequence[str]) -> Mapping[str, Signature]:
        """What git says of the signatures of these commits, asked once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A commit that added a file of the log: what it added, who made it and when, and the state of its signature."""

    path: str
    blob: str
    commit: str
    author: str
    at: datetime
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """The outcome of an audit: how many commits and files there are, who added what, and what is wrong."""

    revision: str
    commits: int
    additions: tuple[Addition, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def files(self) -> int:
        """How many event files history has, each counted once."""
        return len({addition.path for addition in self.additions})

    @property
    def repeated(self) -> int:
        """How many event files several commits added alike, as a cherry-pick does."""
        counts = Counter((addition.path, addition.blob) for addition in self.additions)
        return sum(count > 1 for count in counts.values())

    @property
    def by_signature(self) -> Mapping[str, int]:
        """Of the commits that add event files, how many are in each state, the most frequent first."""
        states = {addition.commit: addition.signature for addition in self.additions}
        return dict(Counter(states.values()).most_common())


def audit(history: AuditedHistory, progress: Callable[[], None] = lambda: None) -> AuditReport:
    """Read the whole history, calling `progress` after each commit; raises `CannotCheckError`, `GitError`."""
    ledger = _Ledger()
    for step in history.steps():
        ledger.enter(step)
        progress()
    signatures = history.signatures(ledger.signed())
    return AuditReport(
        revision=history.revision,
        commits=history.commits,
        additions=tuple(_addition(step, entry, signatures) for step, entry in ledger.additions),
        findings=tuple(ledger.findings),
    )


def _addition(step: Step, entry: Entry, signatures: Mapping[str, Signature]) -> Addition:
    state: Signature = signatures.get(step.commit, "cannot-check") if step.signed else "none"
    return Addition(
        path=entry.path, blob=entry.blob, commit=step.commit, author=step.author, at=step.at, signature=state
    )


@dataclass(slots=True)
class _Ledger:
    """What was seen so far; `firsts` has the first addition of each path."""

    findings: list[Finding] = field(default_factory=list)
    additions: list[tuple[Step, Entry]] = field(default_factory=list)
    firsts: dict[str, tuple[Step, Entry]] = field(default_factory=dict)

    def enter(self, step: Step) -> None:
        for difference in step.differences:
            if (altered := difference.altered()) is not None:
                self.findings.append(_alteration(step, altered.path, difference.now))
            if (added := difference.addition()) is not None:
                self._add(step, added)

    def _add(self, step: Step, entry: Entry) -> None:
        if not entry.is_regular:
            self.findings.append(_not_a_file(step, entry))
            return
        self.additions.append((step, entry))
        earlier, first = self.firsts.setdefault(entry.path, (step, entry))
        if first.blob != entry.blob:
            what = f"was added otherwise in {earlier.commit[:8]}, and again"
            self.findings.append(_found("added-twice", what, step, entry.path))

    def signed(self) -> list[str]:
        """The commits whose signatures are asked for."""
        return list(dict.fromkeys(step.commit for step, _ in self.additions if step.signed))


def _alteration(step: Step, path: str, now: Entry | None) -> Finding:
    if now is None:
        return _found("event-deleted", "was deleted", step, path)
    if now.is_regular:
        return _found("event-modified", "was modified", step, path)
    return _found("event-replaced", f"was replaced by {_kind(now)}", step, path)


def _not_a_file(step: Step, entry: Entry) -> Finding:
    code = "symbolic-link" if entry.mode == LINK else "not-a-file"
    return _found(code, f"was added as {_kind(entry)}", step, entry.path)


def _kind(entry: Entry) -> str:
    return _KINDS.get(entry.mode, f"an entry of mode {entry.mode}")


def _found(code: str, what: str, step: Step, path: str) -> Finding:
    short = step.commit[:8]
    # -m: of a merge, git shows nothing of a file that is as one of the parents has it
    mend = f"git show -m {short} -- {shlex.quote(path)}"
    return finding(code, f"{what} in {short}, by {step.author} on {step.at:%Y-%m-%d}", mend, path)
