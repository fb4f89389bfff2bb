"""The board at another moment: which commit is meant, and what the items were there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from jerry_domain.ports.event_store import StreamScan
from jerry_git.application.board import Board
from jerry_git.application.errors import BeforeHistoryError, UnknownMomentError
from jerry_git.application.folding import board_of

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AGO = re.compile(r"(\d{1,5})([hdw])")
_LENGTHS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DAYS_AGO = {"today": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit, by its full object id, and the time (UTC) that counts as now when one looks at it."""

    commit: str
    at: datetime


class Past(Protocol):
    """What git's objects tell of former states; every method raises `GitError`."""

    def named(self, revision: str) -> Moment | None:
        """The commit that `revision` names, at its committer's time; None where it names none that is here."""
        ...

    def last_until(self, at: datetime) -> Moment | None:
        """The last commit on HEAD's own line whose committer's time is not after `at`, at that time; or None."""
        ...

    def first(self) -> Moment | None:
        """The commit with which HEAD's own line begins here; None where nothing is committed."""
        ...

    def names(self) -> Sequence[str]:
        """What branches, remote branches and tags are called."""
        ...

    def is_shallow(self) -> bool:
        """Whether the history was cut off when the repository was cloned."""
        ...

    def scans(self, commit: str) -> Iterable[StreamScan]:
        """The streams of work items in a commit; never raises for a bad file: see `IEventStore.scan`."""
        ...


def moment_of(past: Past, text: str, now: datetime) -> Moment:
    """The moment that `text` names: a revision, or else a date as `read_date` takes it.

    A date means the last commit until then, and that time itself, though never one after `now`.
    Raises `UnknownMomentError`, `BeforeHistoryError`, `GitError`.
    """
    moment = past.named(text)
    if moment is not None:
        return moment
    at = read_date(text, now)
    if at is None:
        import difflib

        similar = difflib.get_close_matches(text, past.names(), n=3, cutoff=0.5)
        raise UnknownMomentError(text, similar, shallow=past.is_shallow())
    found = past.last_until(at)
    if found is None:
        first = past.first()
        raise BeforeHistoryError(text, at, None if first is None else first.at, shallow=past.is_shallow())
    return Moment(found.commit, min(at, now))


def board_at(past: Past, moment: Moment) -> Board:
    """The board as it was committed; empty where work tracking was not set up then. Raises `GitError`."""
    return board_of(past.scans(moment.commit))


def read_date(text: str, now: datetime) -> datetime | None:
    """A date as the last moment (UTC) that it covers, None for what is no date.

    2026-11-01, today and yesterday are whole days; 2026-11-01T14:30 may have seconds and a zone; 12h, 3d and 2w count
    back from `now`. Without a zone the user's own counts.
    """
    word = text.strip()
    try:
        if _TIME.fullmatch(word):
            return datetime.fromisoformat(word).astimezone(UTC)
        if _DAY.fullmatch(word):
            return _end_of(date.fromisoformat(word))
    except (ValueError, OverflowError):  # no such day, or one at an end of the calendar
        return None
    if word.lower() in _DAYS_AGO:
        return _end_of(now.astimezone().date() - timedelta(days=_DAYS_AGO[word.lower()]))
    match = _AGO.fullmatch(word)
    return now - int(match[1]) * _LENGTHS[match[2]] if match else None


def _end_of(day: date) -> datetime:
    """The last second of a day of the user's, for commits tell whole seconds."""
    return datetime.combine(day, time(23, 59, 59)).astimezone(UTC)
