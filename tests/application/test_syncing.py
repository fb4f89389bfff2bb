"""A sync: in which order things happen, when it tries again, and when it stops (LES-003)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from jerry_git.application.checking.findings import Report, finding
from jerry_git.application.errors import CannotSyncError, GitError
from jerry_git.application.ports import CommitInfo
from jerry_git.application.retry import Backoff
from jerry_git.application.syncing import Distance, sync

COMMIT = CommitInfo(commit="c" * 40, author="Ada <ada@example.org>", at=datetime(2026, 3, 2, tzinfo=UTC), subject="x")
CLEAN = Report(source="HEAD", files=1, findings=())
FORKED = Report(source="HEAD", files=1, findings=(finding("fork", "apart", "jerry reconcile"),))
FORGED = Report(source="HEAD", files=1, findings=(finding("event-modified", "is forged", "git checkout"),))


@dataclass
class Ends:
    """Two ends of a branch: how far they are apart each time somebody looks, and how the pushes end."""

    behind: list[int]
    ahead: int = 1
    pushes: list[bool] = field(default_factory=lambda: [True])
    found: Report = CLEAN
    name: str = "origin/main"
    pending: CommitInfo | None = None
    did: list[str] = field(default_factory=list)
    late: int = 0

    @contextmanager
    def alone(self):
        self.did.append("begin")
        yield
        self.did.append("end")

    def commit_pending(self):
        self.did.append("commit")
        return self.pending

    def fetch(self):
        self.did.append("fetch")
        self.late = self.behind.pop(0)

    def distance(self):
        return Distance(behind=self.late, ahead=self.ahead)

    def integrate(self):
        self.did.append("join")
        self.late = 0
        return "merge"

    def report(self):
        self.did.append("check")
        return self.found

    def push(self):
        self.did.append("push")
        return self.pushes.pop(0)


def still(seconds):
    """Nobody waits here."""


@pytest.mark.positive
def test_what_is_here_is_committed_checked_and_sent():
    ends = Ends([0], pending=COMMIT)
    done = sync(ends)
    assert ends.did == ["begin", "commit", "fetch", "check", "push", "end"]
    assert (done.committed, done.received, done.sent, done.tries, done.report) == (COMMIT, 0, 1, 1, CLEAN)


@pytest.mark.positive
def test_what_came_in_is_joined_before_anything_is_sent():
    ends = Ends([3], ahead=2)
    done = sync(ends)
    assert ends.did == ["begin", "commit", "fetch", "join", "check", "push", "end"]
    assert (done.received, done.ways, done.sent) == (3, ("merge",), 2)


@pytest.mark.positive
def test_a_push_that_came_too_late_is_tried_again_with_a_longer_and_longer_pause():
    ends, pauses = Ends([0, 2, 1], pushes=[False, False, True]), []
    backoff = Backoff(base=1, cap=100, tries=5)
    done = sync(ends, backoff=backoff, sleep=pauses.append, jitter=lambda: 1.0)
    assert ends.did[2:-1] == ["fetch", "check", "push", *["fetch", "join", "check", "push"] * 2]
    assert (done.tries, done.received, done.ways, pauses) == (3, 3, ("merge", "merge"), [0.0, 1.0, 2.0])


@pytest.mark.positive
def test_nothing_to_send_sends_nothing():
    ends = Ends([1], ahead=0)
    assert sync(ends).sent == 0
    assert ends.did == ["begin", "commit", "fetch", "join", "end"]


@pytest.mark.positive
def test_nothing_is_sent_when_that_is_not_wanted():
    ends = Ends([1])
    assert sync(ends, send=False).sent == 0
    assert "push" not in ends.did


@pytest.mark.positive
def test_a_warning_is_told_and_sent_along():
    done = sync(Ends([0], found=FORKED))
    assert (done.sent, done.report) == (1, FORKED)


@pytest.mark.negative
def test_what_breaks_a_rule_stays_here():
    ends = Ends([0], found=FORGED)
    done = sync(ends)
    assert (done.sent, done.report) == (0, FORGED)
    assert "push" not in ends.did


@pytest.mark.negative
def test_a_remote_that_moves_on_for_ever_is_given_up():
    ends = Ends([0] * 3, pushes=[False] * 3)
    with pytest.raises(CannotSyncError, match="origin/main has moved on 3 times") as caught:
        sync(ends, backoff=Backoff(tries=3), sleep=still)
    assert "what is to go out is committed" in caught.value.hint


@pytest.mark.negative
def test_what_git_refuses_ends_the_sync():
    class Closed(Ends):
        def push(self):
            raise GitError(("push",), "denied")

    with pytest.raises(GitError, match="denied"):
        sync(Closed([0]), sleep=still)
