"""Two clones that both made WORK-1: both items are whole, and every name still finds what was meant (DESIGN 4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place
from tests.end_to_end.remotes import begun, clone, hub


@pytest.fixture
def met(tmp_path: Path) -> tuple[Place, Place]:
    """Two clones that gave the number 1 each, with a commit of code that names it, and synced."""
    shared = hub(tmp_path)
    one = begun(str(shared.folder), tmp_path / "one", tmp_path / "home")
    two = clone(str(shared.folder), tmp_path / "two", tmp_path / "home")
    for where, title in ((one, "Older"), (two, "Younger")):
        where.jerry("new", title)
        where.jerry("commit", "--message", f"Plan {title}")
        where.git("commit", "--quiet", "--allow-empty", "--message", f"Code of {title}\n\nJerry-Item: WORK-1")
        where.jerry("sync")
    one.jerry("sync")
    return one, two


def named(where: Place, item: str) -> list[str]:
    return [commit["subject"] for commit in where.ask("log", item)["commits"]]


def younger(where: Place) -> str:
    (item,) = [item for item in where.ask("list")["items"] if item["title"] == "Younger"]
    return str(item["internal_id"])


@pytest.mark.positive
def test_both_items_are_whole_and_the_older_has_the_number(met: tuple[Place, Place]) -> None:
    for where in met:
        titles = {item["title"]: item["id"] for item in where.ask("list")["items"]}
        assert titles == {"Older": "WORK-1", "Younger": "WORK-1"}
        shown = where.jerry("show", "WORK-1")
        assert shown.stdout.splitlines()[0].split() == ["WORK-1", "Older"]
        assert f"WORK-1 is also the id of a younger item, {younger(where)}: Younger" in shown.stderr
        assert "`jerry doctor --fix` renumbers it" in where.jerry("log", "WORK-1").stderr


@pytest.mark.negative
def test_writing_wants_to_know_which_one(met: tuple[Place, Place]) -> None:
    one, _ = met
    refused = one.jerry("start", "WORK-1", check=False)
    assert refused.returncode == 1
    assert "Older" in refused.stderr
    assert "Younger" in refused.stderr
    one.jerry("start", younger(one))
    assert {item["title"]: item["status"] for item in one.ask("list")["items"]} == {
        "Older": "pending",
        "Younger": "in_progress",
    }


@pytest.mark.positive
def test_the_younger_is_renumbered_by_an_event_and_its_old_number_stays_an_alias(met: tuple[Place, Place]) -> None:
    one, two = met
    assert "renumbered WORK-1 (Younger) to WORK-2" in one.jerry("doctor", "--fix").stdout
    one.jerry("sync")
    two.jerry("sync")
    for where in met:
        (item,) = where.ask("show", "WORK-2")["items"]
        assert (item["title"], item["aliases"]) == ("Younger", ["WORK-1"])
        assert where.ask("show", "WORK-1")["items"][0]["title"] == "Older"
        where.jerry("start", "WORK-1")
    assert two.ask("log", "WORK-2")["events"][0]["summary"] == "renumbered from WORK-1 to WORK-2"


@pytest.mark.positive
def test_commits_that_named_the_old_number_find_the_item_that_they_meant(met: tuple[Place, Place]) -> None:
    one, two = met
    one.jerry("doctor", "--fix")
    one.git("commit", "--quiet", "--allow-empty", "--message", "After both met\n\nJerry-Item: WORK-1")
    one.git("commit", "--quiet", "--allow-empty", "--message", "By its new number\n\nJerry-Item: WORK-2")
    one.jerry("sync")
    two.jerry("sync")
    for where in met:
        assert named(where, "WORK-1") == ["After both met", "Code of Older"]
        assert named(where, "WORK-2") == ["By its new number", "Code of Younger"]
    printed = one.jerry("log", "WORK-2").stdout
    assert "Commits that name WORK-2:" in printed
    assert "Ada: Code of Younger" in printed


@pytest.mark.edge
def test_both_clones_renumber_before_they_meet_again(met: tuple[Place, Place]) -> None:
    """Of two new numbers one holds, the other stays an alias; nobody has to settle anything."""
    one, two = met
    two.jerry("new", "Taken there")
    one.jerry("doctor", "--fix")
    two.jerry("doctor", "--fix")
    one.jerry("sync")
    two.jerry("sync")
    one.jerry("sync")
    for where in met:
        assert [item["divergences"] for item in where.ask("list")["items"]] == [[], [], []]
        where.jerry("doctor", "--fix")
    for where in (one, two, one):
        where.jerry("sync")
    numbers = {item["title"]: item["id"] for item in one.ask("list")["items"]}
    assert numbers == {item["title"]: item["id"] for item in two.ask("list")["items"]}
    assert len(set(numbers.values())) == 3
    assert one.ask("show", "WORK-1")["items"][0]["title"] == "Older"


@pytest.mark.edge
def test_a_repository_without_commits_names_nothing(bare_place: Place) -> None:
    bare_place.jerry("init")
    bare_place.jerry("new", "First")
    assert named(bare_place, "WORK-1") == []
