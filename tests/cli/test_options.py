"""Days and lengths of time, as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import click
import pytest

from jerry_git.cli import options
from jerry_git.cli.options import clock_time, day, work_time


class Today(date):
    """The calendar on the second of March 2026."""

    @classmethod
    def today(cls) -> date:
        return date(2026, 3, 2)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        (" 2026-12-24 ", date(2026, 12, 24)),
        ("20261224", date(2026, 12, 24)),
        ("today", date(2026, 3, 2)),
        ("Tomorrow", date(2026, 3, 3)),
        ("+0d", date(2026, 3, 2)),
        ("+30d", date(2026, 4, 1)),
        ("none", None),
        ("NONE", None),
    ],
)
def test_a_day_can_be_written_as(monkeypatch: pytest.MonkeyPatch, text: str, expected: date | None) -> None:
    monkeypatch.setattr(options, "date", Today)
    assert day(text) == expected


@pytest.mark.negative
@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "24.12.2026", "3d", "+d", "+3w", "-1d", "+999999d"])
def test_a_day_cannot_be_written_as(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a day: write 2026-12-24, today, tomorrow"):
        day(text)


@pytest.mark.negative
def test_a_day_after_the_end_of_the_calendar_is_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "date", type("Late", (Today,), {"today": classmethod(lambda cls: date.max)}))
    with pytest.raises(click.BadParameter, match="is not a day"):
        day("+1d")


@pytest.mark.positive
@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90m", 90), ("2h", 120), ("1h30m", 90), ("3d", 3 * 8 * 60), ("1w", 40 * 60), ("1W2D3H4M", 56 * 60 + 3 * 60 + 4)],
)
def test_work_counts_days_of_eight_hours_and_weeks_of_five_days(text: str, minutes: int) -> None:
    assert work_time(text) == timedelta(minutes=minutes)


@pytest.mark.positive
@pytest.mark.parametrize(("text", "hours"), [("90m", 1.5), ("2h", 2), ("3d", 72), ("1w", 168)])
def test_a_claim_counts_time_on_the_clock(text: str, hours: float) -> None:
    assert clock_time(text) == timedelta(hours=hours)


@pytest.mark.edge
@pytest.mark.parametrize("read", [work_time, clock_time])
def test_none_is_no_time(read) -> None:
    assert read(" None ") is None


@pytest.mark.negative
@pytest.mark.parametrize("read", [work_time, clock_time])
@pytest.mark.parametrize("text", ["", "0m", "2", "h", "-1h", "1.5h", "30m1h", "1h 30m", "99999999h", "2 h"])
def test_a_length_of_time_cannot_be_written_as(read, text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a length of time: write 90m, 2h, 1h30m or 3d"):
        read(text)
