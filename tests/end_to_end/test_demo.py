"""The tour tells a true story."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place, place


@pytest.mark.positive
def test_the_tour_runs_a_working_day_in_a_real_repository(tmp_path: Path) -> None:
    """Init, create, depend, ready, claim, done, commit, log; the repository stays to play with."""
    visitor = place(tmp_path / "elsewhere", tmp_path / "home")
    printed = visitor.jerry("demo", "--directory", str(tmp_path / "tour")).stdout
    for words in (
        "jerry init",
        "jerry new",
        "jerry depend",
        "jerry ready",
        "jerry claim",
        "jerry done",
        "jerry commit",
    ):
        assert f"$ {words}" in printed
    assert "unblocked WORK-3: Write the parser" in printed
    left = Place(tmp_path / "tour", visitor.environment)
    statuses = {row["id"]: row["status"] for row in left.ask("list", "--all")["items"]}
    assert statuses == {"WORK-1": "pending", "WORK-2": "done", "WORK-3": "in_progress", "WORK-4": "pending"}
    assert left.git("status", "--short") == ""
    assert left.jerry("doctor").stdout == "all is well\n"


@pytest.mark.positive
def test_the_tour_keeps_out_of_the_repository_it_is_called_from(here: Place, tmp_path: Path) -> None:
    """Even inside another repository, with GIT_DIR set, it makes one of its own."""
    before = here.git("rev-parse", "HEAD"), here.git("status", "--short")
    inside = Place(here.folder, {**here.environment, "GIT_DIR": str(here.folder / ".git"), "TMPDIR": str(tmp_path)})
    inside.jerry("demo")
    assert (here.git("rev-parse", "HEAD"), here.git("status", "--short")) == before


@pytest.mark.negative
def test_the_tour_refuses_a_folder_that_is_not_empty(tmp_path: Path) -> None:
    """What is there is somebody's."""
    visitor = place(tmp_path / "elsewhere", tmp_path / "home")
    (visitor.folder / "mine.txt").write_text("mine")
    refused = visitor.jerry("demo", "--directory", str(visitor.folder), check=False)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
