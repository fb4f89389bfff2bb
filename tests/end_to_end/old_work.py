"""Repositories in which old events went into archives."""

from __future__ import annotations

from tests.end_to_end.conftest import Place


def put_away(where: Place) -> list[str]:
    """Put away whatever is closed, in a commit of its own; the archives that came."""
    found: list[str] = where.ask("archive", "--before", "0h", "--commit")["archives"]
    assert where.git("status", "--porcelain") == ""
    return found


def is_well(where: Place) -> None:
    """Every check is content."""
    assert where.ask("doctor")["findings"] == []
    assert where.ask("check")["findings"] == []
    assert where.ask("audit")["findings"] == []
    assert where.ask("check", "--range", "before..HEAD")["findings"] == []
