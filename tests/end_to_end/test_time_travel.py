"""Looking back wherever git works: branches, dates, linked worktrees, shallow clones, and when the disk has nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Place, place


def commit(where: Place, message: str, day: str) -> str:
    """Commit everything on a day; returns the commit's id."""
    where.git("add", "--all")
    dated = Place(where.folder, {**where.environment, "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"})
    dated.git("commit", "--quiet", "--allow-empty", "--message", message)
    return where.git("rev-parse", "HEAD").strip()


def titles(where: Place, *arguments: str) -> list[str]:
    """The titles that `jerry list --all` tells."""
    return [item["title"] for item in where.ask("list", "--all", "--sort", "created", *arguments)["items"]]


@pytest.fixture
def years(bare_place: Place) -> Place:
    """A repository with an item a year, tagged; commits at noon of the first of June, from the year 2021 on."""
    where = Place(bare_place.folder, {**bare_place.environment, "TZ": "UTC0"})
    commit(where, "Begin", "2020-06-01")
    where.jerry("init")
    for year in (2021, 2022, 2023):
        where.jerry("new", f"Of {year}")
        commit(where, f"{year}", f"{year}-06-01")
        where.git("tag", f"y{year}")
    return where


@pytest.mark.positive
def test_every_way_to_name_a_moment_leads_there(years: Place) -> None:
    """Tags, branches of others, computed names, ids, days, times, and zones."""
    years.git("branch", "old", "y2022")
    years.git("update-ref", "refs/remotes/origin/old", "y2022")
    middle = years.git("rev-parse", "y2022").strip()
    names = ("y2022", "old", "origin/old", "HEAD~1", "main^", middle, middle[:9], "2022-06-01", "2023-05-31")
    times = ("2022-06-01T12:00", "2022-06-01T12:00:00Z", "2022-06-01T14:00+02:00", "2023-06-01T11:59:59")
    for moment in (*names, *times):
        assert titles(years, "--as-of", moment) == ["Of 2021", "Of 2022"], moment
    assert titles(years, "--as-of", "2022-06-01T11:59:59") == ["Of 2021"]
    assert titles(years, "--as-of", "1d") == ["Of 2021", "Of 2022", "Of 2023"]
    assert titles(years, "--as-of", "2020-06-01") == []


@pytest.mark.positive
def test_a_day_ends_when_it_ends_for_the_user(years: Place) -> None:
    """Noon in London is the next day far in the east, and the day before is not over far in the west."""
    days = {"FAR-14": "2022-06-02", "UTC0": "2022-06-01", "WEST11": "2022-06-01"}
    for zone, day in days.items():
        there = Place(years.folder, {**years.environment, "TZ": zone})
        assert titles(there, "--as-of", day) == ["Of 2021", "Of 2022"]
    east = Place(years.folder, {**years.environment, "TZ": "FAR-14"})
    assert titles(east, "--as-of", "2022-06-01") == ["Of 2021"]


@pytest.mark.positive
def test_nothing_on_the_disk_is_read(years: Place) -> None:
    """The work tree may have no items, or none that can be read; the answers are those of the commit."""
    before = {command: years.jerry(*command.split()).stdout for command in ("list", "ready", "show WORK-2", "export")}
    shutil.rmtree(years.folder / ".jerry")
    (years.folder / ".jerry").symlink_to(years.folder / "nowhere")
    (years.folder / "pyproject.toml").write_text("not TOML")
    for command, screen in before.items():
        assert years.jerry(*command.split(), "--as-of", "HEAD").stdout == screen
    assert years.ask("status", "--as-of", "HEAD")["total"] == 3
    assert years.jerry("changelog", "y2021..y2023").returncode == 0
    assert years.git("status", "--short").split() != []


@pytest.mark.positive
def test_nothing_is_written(years: Place) -> None:
    """No file, no ref, no index: caches alone, which may be lost."""

    def everything() -> dict[Path, bytes]:
        files = (path for path in years.folder.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in files if path.parent.name != "cache"}

    before = everything()
    for command in ("list --as-of y2021", "status --as-of 1w", "diff y2021", "diff y2021 y2023", "changelog y2021.."):
        years.jerry(*command.split())
    assert everything() == before


@pytest.mark.positive
def test_a_branch_that_lacks_items_shows_its_own(years: Place) -> None:
    """And what it lacks is missing there, never deleted."""
    years.git("checkout", "--quiet", "-b", "old", "y2021")
    years.jerry("new", "Of the branch")
    commit(years, "Branch", "2024-06-01")
    years.git("checkout", "--quiet", "main")
    assert titles(years, "--as-of", "old") == ["Of 2021", "Of the branch"]
    assert titles(years) == ["Of 2021", "Of 2022", "Of 2023"]
    difference = years.ask("diff", "main..old")
    assert [item["title"] for item in difference["new"]] == ["Of the branch"]
    assert [item["title"] for item in difference["missing"]] == ["Of 2022", "Of 2023"]
    assert difference["deleted"] == []


@pytest.mark.positive
def test_from_a_subfolder_and_with_a_detached_head(years: Place) -> None:
    """HEAD's history is that of the commit that is checked out."""
    years.git("checkout", "--quiet", "--detach", "y2022")
    below = Place(years.folder / "a" / "b", years.environment)
    below.folder.mkdir(parents=True)
    assert titles(below, "--as-of", "HEAD") == ["Of 2021", "Of 2022"]
    assert titles(below, "--as-of", "2030-01-01") == ["Of 2021", "Of 2022"]
    assert titles(below, "--as-of", "main") == ["Of 2021", "Of 2022", "Of 2023"]


@pytest.mark.positive
def test_in_a_linked_worktree_head_is_its_own(years: Place, tmp_path: Path) -> None:
    years.git("worktree", "add", "--quiet", "-b", "linked", str(tmp_path / "linked"), "y2021")
    linked = Place(tmp_path / "linked", years.environment)
    linked.jerry("new", "Linked")
    commit(linked, "Linked", "2024-06-01")
    assert titles(linked, "--as-of", "HEAD") == ["Of 2021", "Linked"]
    assert titles(linked, "--as-of", "2023-12-31") == ["Of 2021"]
    assert titles(years, "--as-of", "linked") == ["Of 2021", "Linked"]


@pytest.mark.positive
def test_a_repository_of_the_other_hash_has_a_past_too(tmp_path: Path) -> None:
    """SHA-256, as git has it on request."""
    where = place(tmp_path / "repository", tmp_path / "home")
    where.git("init", "--quiet", "--object-format=sha256")
    where.jerry("init")
    where.jerry("new", "First")
    assert len(commit(where, "First", "2021-06-01")) == 64
    assert titles(where, "--as-of", "HEAD") == ["First"]


@pytest.mark.edge
def test_settings_of_the_user_change_no_answer(years: Place) -> None:
    """Signatures, colours, replaced objects and an order of history of one's own."""
    expected = (titles(years, "--as-of", "2022-06-01"), years.jerry("diff", "y2021", "y2023").stdout)
    for setting in ("log.showSignature=true", "color.ui=always", "log.date=relative", "core.quotePath=true"):
        years.git("config", *setting.split("="))
    years.git("replace", "y2022^{commit}", "y2021^{commit}")
    assert (titles(years, "--as-of", "2022-06-01"), years.jerry("diff", "y2021", "y2023").stdout) == expected


@pytest.mark.edge
def test_a_branch_named_like_an_option_is_a_branch(years: Place) -> None:
    years.git("update-ref", "refs/heads/--all", "y2021")
    assert titles(years, "--as-of=--all") == ["Of 2021"]
    assert years.jerry("diff", "--", "--all", "y2022").stdout == "New:\n  WORK-2  task  pending  Of 2022\n"
    assert years.jerry("changelog", "--", "--all..y2022").stdout.startswith("## y2022 (2022-06-01)\n")


@pytest.mark.edge
def test_a_file_that_was_damaged_then_is_whole_now(years: Place) -> None:
    """One bad file costs its item, then and there only."""
    (file,) = years.folder.glob(f".jerry/events/*/work_item-{years.ask('show', 'WORK-2')['items'][0]['internal_id']}/*")
    kept = file.read_bytes()
    file.write_bytes(kept[:100])
    commit(years, "Damage", "2024-06-01")
    file.write_bytes(kept)
    commit(years, "Repair", "2025-06-01")
    done = years.jerry("list", "--as-of", "2024-12-31")
    assert [row.split()[-1] for row in done.stdout.splitlines()[1:]] == ["2021", "2023"]
    assert f"warning: {file.relative_to(years.folder)}:" in done.stderr
    assert titles(years, "--as-of", "2025-12-31") == ["Of 2021", "Of 2022", "Of 2023"]
    difference: dict[str, Any] = years.ask("diff", "2024-12-31", "HEAD")
    assert (difference["new"], len(difference["unreadable"])) == ([], 1)


@pytest.mark.negative
def test_a_shallow_clone_says_that_it_knows_no_more(years: Place, tmp_path: Path) -> None:
    years.git("clone", "--quiet", "--depth=2", f"file://{years.folder}", str(tmp_path / "clone"))
    clone = Place(tmp_path / "clone", years.environment)
    assert titles(clone, "--as-of", "HEAD~1") == ["Of 2021", "Of 2022"]
    hint = "this clone is shallow, and `git fetch --unshallow` brings the rest\n"
    for moment in ("2021-06-01", "HEAD~2"):
        done = clone.jerry("list", "--as-of", moment, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"error: '{moment}' is ")
        assert done.stderr.endswith(hint)


@pytest.mark.negative
def test_where_nothing_is_committed_there_is_no_past(bare_place: Place) -> None:
    bare_place.jerry("init")
    done = bare_place.jerry("list", "--as-of", "today", check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "error: nothing is committed yet")
    done = bare_place.jerry("diff", "HEAD", check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        "error: 'HEAD' is neither a revision that is here nor a date",
    )


@pytest.mark.negative
def test_a_history_that_is_damaged_is_told_and_is_no_bug(years: Place) -> None:
    """A tree that is gone: git's words, and no traceback."""
    tree = years.git("rev-parse", "y2021:.jerry/events").strip()
    (years.folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    done = years.jerry("list", "--as-of", "y2021", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: git refuses:\n")
