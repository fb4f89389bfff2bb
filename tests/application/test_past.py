"""Which moment a person means: a revision, or else a date."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from jerry_domain.ports.event_store import StreamScan
from jerry_git.application.board import Board
from jerry_git.application.errors import BeforeHistoryError, UnknownMomentError
from jerry_git.application.folding import load_board
from jerry_git.application.past import Moment, board_at, moment_of, read_date
from tests.application.acting import PENDING, at
from tests.application.fakes import NOON, Services

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class KnownPast:
    """Commits by their names and times, one a day at noon, the last one on the second of March."""

    tags: dict[str, Moment] = field(default_factory=dict)
    commits: list[Moment] = field(default_factory=list)
    scanned: list[StreamScan] = field(default_factory=list)
    shallow: bool = False

    def named(self, revision: str) -> Moment | None:
        return self.tags.get(revision)

    def last_until(self, at: datetime) -> Moment | None:
        return next((moment for moment in reversed(self.commits) if moment.at <= at), None)

    def first(self) -> Moment | None:
        return self.commits[0] if self.commits else None

    def names(self) -> list[str]:
        return list(self.tags)

    def is_shallow(self) -> bool:
        return self.shallow

    def scans(self, commit: str) -> list[StreamScan]:
        return [scan for scan in self.scanned if commit == "c3"]


@pytest.fixture
def past() -> KnownPast:
    """Three commits, the first of them tagged."""
    commits = [Moment(f"c{number}", NOON - timedelta(days=3 - number)) for number in (1, 2, 3)]
    return KnownPast({"v1.0": commits[0], "v1.1": commits[1]}, commits)


@pytest.fixture
def eastern() -> Iterator[None]:
    """A person at the east coast of America: five hours behind in winter, four in summer."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.positive
@pytest.mark.usefixtures("eastern")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01", "2026-11-02T04:59:59"),  # the day on which summer time ends
        ("2026-07-01", "2026-07-02T03:59:59"),
        ("2026-11-02T14:30", "2026-11-02T19:30:00"),
        (" 2026-11-02 14:30:15 ", "2026-11-02T19:30:15"),
        ("2026-11-01T14:30Z", "2026-11-01T14:30:00"),
        ("2026-11-01T14:30:05+02:00", "2026-11-01T12:30:05"),
        ("today", "2026-03-03T04:59:59"),
        ("Yesterday", "2026-03-02T04:59:59"),
        ("3d", "2026-02-27T12:00:00"),
        ("2w", "2026-02-16T12:00:00"),
        ("36h", "2026-03-01T00:00:00"),
        ("0d", "2026-03-02T12:00:00"),
    ],
)
def test_a_date_covers_the_time_until(text: str, expected: str) -> None:
    """In the user's own zone, where none is written."""
    assert read_date(text, NOON) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.negative
@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-02-30", "2026-13-01", "20261101", "2026-11-01T25:00", "1.11.2026", "-3d", "3", "d", "3 d", "3m",
     "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "tomorrow"],
)  # fmt: skip
def test_no_date_is(text: str) -> None:
    """A month of months is nothing that can be counted back, and the future has no commits."""
    assert read_date(text, NOON) is None


@pytest.mark.positive
def test_a_revision_is_the_time_of_its_commit(past: KnownPast) -> None:
    assert moment_of(past, "v1.0", NOON) == Moment("c1", NOON - timedelta(days=2))


@pytest.mark.positive
def test_a_revision_is_tried_before_a_date(past: KnownPast) -> None:
    """A branch may be called as it likes."""
    past.tags["2026-03-01"] = past.commits[0]
    assert moment_of(past, "2026-03-01", NOON).commit == "c1"


@pytest.mark.positive
def test_a_date_is_the_last_commit_until_then_at_that_time(past: KnownPast) -> None:
    """What ran out between the commit and the date has run out."""
    assert moment_of(past, "2026-03-01T18:00Z", NOON) == Moment("c2", MONDAY - timedelta(hours=6))


@pytest.mark.edge
def test_a_commit_of_that_very_time_counts(past: KnownPast) -> None:
    assert moment_of(past, "2026-03-01T12:00Z", NOON).commit == "c2"
    assert moment_of(past, "1d", NOON).commit == "c2"


@pytest.mark.edge
def test_a_date_to_come_is_now(past: KnownPast) -> None:
    """Nobody knows which claims will have run out."""
    assert moment_of(past, "2030-01-01", NOON) == Moment("c3", NOON)


@pytest.mark.negative
@pytest.mark.parametrize(("text", "similar"), [("v1.2", ("v1.1", "v1.0")), ("nonsense", ())])
def test_what_is_neither_names_what_looks_like_it(past: KnownPast, text: str, similar: tuple[str, ...]) -> None:
    past.shallow = True
    with pytest.raises(UnknownMomentError) as refusal:
        moment_of(past, text, NOON)
    assert (refusal.value.text, refusal.value.similar, refusal.value.shallow) == (text, similar, True)


@pytest.mark.negative
def test_a_date_before_the_first_commit_is_refused(past: KnownPast) -> None:
    with pytest.raises(BeforeHistoryError) as refusal:
        moment_of(past, "2026-02-01T00:00Z", NOON)
    error = refusal.value
    assert (error.text, error.first, error.shallow) == ("2026-02-01T00:00Z", past.commits[0].at, False)


@pytest.mark.negative
def test_where_nothing_is_committed_there_is_no_past() -> None:
    with pytest.raises(BeforeHistoryError) as refusal:
        moment_of(KnownPast(), "today", NOON)
    assert refusal.value.first is None


@pytest.mark.positive
def test_the_board_is_that_of_the_commit(past: KnownPast, services: Services) -> None:
    at(services, PENDING)
    past.scanned = list(services.store.scan("work_item"))
    assert board_at(past, past.commits[2]) == load_board(services.store)
    assert board_at(past, past.commits[0]) == Board()
