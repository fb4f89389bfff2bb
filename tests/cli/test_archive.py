"""`jerry archive` and `jerry stats`: whole screens."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Desk


@pytest.fixture
def finished(desk: Desk) -> Desk:
    """One item that is done and one that is open, committed."""
    desk.jerry("new", "One")
    desk.jerry("new", "Two")
    desk.jerry("start", "WORK-1")
    desk.jerry("done", "WORK-1")
    desk.jerry("commit")
    return desk


@pytest.mark.positive
def test_stats_tell_what_there_is_and_what_archiving_would_save(finished: Desk) -> None:
    finished.clock.advance(days=100)
    rows = finished.jerry("stats").stdout.splitlines()
    assert rows[0] == "2 items, 1 open"
    assert rows[1].startswith("Event files: 4 files, ")
    assert rows[3].split() == ["MONTH", "ITEMS", "FILES", "CONTENT", "ON", "DISK"]
    assert rows[4].split()[:3] == ["2026-03", "2", "4"]
    assert rows[6].startswith("Since 2026-03-12 nothing was said of 1 item: 3 files, ")
    assert rows[7] == "`jerry archive` would put them into a file for each month"


@pytest.mark.positive
def test_what_is_put_away_is_told(finished: Desk) -> None:
    finished.clock.advance(days=100)
    assert finished.jerry("archive", "--dry-run").stdout.startswith("1 item would be put away: 3 files, ")
    assert finished.jerry("archive").screen == "1 item put away: 3 event files went into 1 archive\n"
    assert finished.jerry("status").stdout.splitlines()[-1].startswith("Not committed: 4 files")
    assert finished.jerry("commit").screen == "committed 4 files as <commit>: jerry: put old events into archives\n"
    assert finished.jerry("stats").stdout.splitlines()[2].endswith("with 3 event files of old")
    assert finished.jerry("archive").screen == "nothing to put away\n"


@pytest.mark.positive
@pytest.mark.parametrize("mode", ["stage", "auto", "manual"])
def test_it_may_be_committed_at_once_and_alone(finished: Desk, mode: str) -> None:
    (finished.folder / ".jerry" / "config.toml").write_text(f'[commit]\nmode = "{mode}"\n')
    (finished.folder / "mine.txt").write_text("mine")
    finished.git("add", "mine.txt")
    finished.clock.advance(days=100)
    screen = finished.jerry("archive", "--commit").screen
    assert screen == "1 item put away: 3 event files went into 1 archive\ncommitted as <commit>\n"
    changed = finished.git("show", "--name-status", "--format=%s", "--no-renames").splitlines()
    assert changed[0] == "jerry: put old events into archives"
    assert [row[0] for row in changed[2:]] == ["A", "D", "D", "D"]
    assert finished.git("diff", "--cached", "--name-only") == "mine.txt\n"


@pytest.mark.negative
@pytest.mark.parametrize("left", ["untracked", "staged"])
@pytest.mark.parametrize("way", ["committed at once", "staged"])
def test_an_archive_that_a_run_left_behind_is_committed_with_what_goes(finished: Desk, left: str, way: str) -> None:
    """As after a run that was killed before it removed the files, or that was taken back."""
    finished.clock.advance(days=100)
    finished.jerry("archive")
    finished.git("reset", "--quiet")
    finished.git("checkout", "--quiet", "--", ".jerry")
    if left == "staged":
        finished.git("add", ".jerry")
    if way == "staged":
        assert finished.jerry("archive").screen == "1 item put away: 3 event files went into 1 archive\n"
        finished.git("commit", "--quiet", "-m", "put away")
    else:
        screen = finished.jerry("archive", "--commit").screen
        assert screen == "1 item put away: 3 event files went into 1 archive\ncommitted as <commit>\n"
    changed = finished.git("show", "--name-status", "--format=", "--no-renames").splitlines()
    assert [row[0] for row in changed] == ["A", "D", "D", "D"]
    assert finished.git("status", "--short") == ""
    finished.jerry("audit")


@pytest.mark.edge
def test_nothing_is_old_today(finished: Desk) -> None:
    assert finished.jerry("archive").screen == "nothing to put away\n"
    assert finished.jerry("archive", "--dry-run").screen == "nothing is old enough to be put away\n"
    assert "Nothing to archive: no item is closed since 2025-12-02 or longer" in finished.jerry("stats").stdout


@pytest.mark.edge
def test_what_is_not_committed_is_named_and_stays(finished: Desk) -> None:
    finished.jerry("comment", "WORK-1", "one word more")
    finished.clock.advance(days=100)
    answer = finished.jerry("archive", "--commit")
    assert answer.stdout == "nothing to put away\n"
    assert answer.stderr == "left as they are, for their events are not committed as they stand: WORK-1\n"
    foretold = finished.jerry("archive", "--dry-run")
    assert (foretold.stdout, foretold.stderr) == ("nothing would be put away\n", answer.stderr)
    assert finished.ask("archive", "--dry-run")["kept"] == finished.ask("archive")["kept"] != []
    told = finished.jerry("stats").stdout
    assert "Nothing to archive: what is closed since 2026-03-12 or longer is not committed as it stands\n" in told


@pytest.mark.positive
@pytest.mark.parametrize("left", ["all", "the removals"])
def test_what_an_earlier_run_put_away_is_committed_by_a_later_one(finished: Desk, left: str) -> None:
    """A run without --commit, or one whose commit a hook refused."""
    finished.clock.advance(days=100)
    finished.jerry("archive")
    if left == "the removals":
        finished.git("commit", "--quiet", "--message=The archive", "--", ".jerry/archive")
    assert finished.jerry("archive", "--commit").screen == "nothing more to put away\ncommitted as <commit>\n"
    changed = finished.git("show", "--name-status", "--format=%s", "--no-renames").splitlines()
    assert changed[0] == "jerry: put old events into archives"
    assert [row[0] for row in changed[2:]] == [*(["A"] if left == "all" else []), "D", "D", "D"]
    assert finished.git("status", "--short") == ""
    assert finished.jerry("archive", "--commit").screen == "nothing to put away\n"


@pytest.mark.negative
def test_what_is_no_date_is_refused(finished: Desk) -> None:
    answer = finished.jerry("archive", "--before", "once", check=False)
    assert answer.returncode == 2
    assert "'once' is not a date: write 2026-01-31, or 90d or 26w for so long ago" in answer.stderr


@pytest.mark.positive
def test_the_status_advises_to_archive_where_git_is_slowed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On stderr, and only where it is worth it."""
    desk.jerry("new", "Old")
    desk.jerry("cancel", "WORK-1")
    assert "archive" not in desk.jerry("status").stderr
    monkeypatch.setattr("jerry_git.application.archiving.MANY", 1)
    told = desk.jerry("status").stderr
    assert told == (
        "hint: 1 closed items have event files of their own, which git looks at each time; `jerry stats` says what "
        "`jerry archive` would save\n"
    )
    assert desk.jerry("status", "--as-of", "HEAD").stderr.find("archive") == -1
