"""Making several clones one: commit, fetch, integrate, check, push, and again when somebody was quicker (LES-003).

git's compare-and-swap on the remote's ref is the distributed lock: of several who push at once one wins, and the others
fetch, integrate and check anew (ADR-031).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from jerry_git.application.checking.findings import Report
from jerry_git.application.errors import CannotSyncError
from jerry_git.application.ports import CommitInfo
from jerry_git.application.retry import Backoff

Way = Literal["fast-forward", "merge", "rebase"]
"""How what came in was joined with what is here."""

PUSHES = Backoff(base=0.05, cap=5.0, tries=30)
"""How often a push that came too late is tried again; somebody else's got through each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far two ends of a branch are apart: commits that came in, and commits that are to go out."""

    behind: int
    ahead: int


class Upstream(Protocol):
    """The branch here and its other end on a remote; methods raise `GitError`, `CannotSyncError`."""

    @property
    def name(self) -> str:
        """What people call the other end: `origin/main`."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """No other sync of this work tree is at work; one that was killed is cleared up first."""
        ...

    def commit_pending(self) -> CommitInfo | None:
        """Commit the events that are not committed, and nothing else."""
        ...

    def fetch(self) -> None:
        """Ask the remote where its end stands."""
        ...

    def distance(self) -> Distance:
        """How far the ends are apart, as last fetched."""
        ...

    def integrate(self) -> Way:
        """Join what came in with what is here; refuses before it would touch a file of the user's."""
        ...

    def report(self) -> Report:
        """What the rules say of what is to go out."""
        ...

    def push(self) -> bool:
        """Give the branch to the remote; False when its end has moved on since it was fetched."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a sync did: the commit that it made, commits that came in and how, commits that went out."""

    upstream: str
    committed: CommitInfo | None = None
    received: int = 0
    ways: tuple[Way, ...] = ()
    sent: int = 0
    tries: int = 1
    report: Report | None = None


def sync(
    upstream: Upstream,
    *,
    send: bool = True,
    backoff: Backoff = PUSHES,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Synced:
    """Bring the branch and its other end together; with `send` False nothing is pushed.

    Raises `GitError`, and `CannotSyncError` where the user has to do something first; nothing of theirs was touched.
    """
    with upstream.alone():
        done = Synced(upstream=upstream.name, committed=upstream.commit_pending())
        for tries, pause in enumerate((0.0, *backoff.pauses(jitter)), 1):
            sleep(pause)
            upstream.fetch()
            apart = upstream.distance()
            if apart.behind:
                done = replace(done, received=done.received + apart.behind, ways=(*done.ways, upstream.integrate()))
                apart = upstream.distance()
            if not apart.ahead or not send:
                return done
            report = upstream.report()
            done = replace(done, report=report, tries=tries)
            if report.is_refused:
                return done
            if upstream.push():
                return replace(done, sent=apart.ahead)
    hint = "try again when it is quieter; what came in is here, and what is to go out is committed"
    raise CannotSyncError(f"{upstream.name} has moved on {backoff.tries} times while this was about to push", hint)
