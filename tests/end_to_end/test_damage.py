"""One bad file never hides the rest, and every error names the file and the mend."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Place

Damage = Callable[[Path], None]


def _event_file(place: Place, item: str) -> Path:
    """The first event file of an item."""
    internal = place.ask("show", item)["items"][0]["internal_id"]
    return min(place.folder.glob(f".jerry/events/*/work_item-{internal}/*.json"))


def _rewrite(change: Callable[[dict[str, object]], object]) -> Damage:
    def damage(file: Path) -> None:
        batch = json.loads(file.read_text())
        change(batch[0])
        file.write_text(json.dumps(batch))

    return damage


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def _link(file: Path) -> None:
    aside = file.parents[4] / "aside.json"
    file.rename(aside)
    file.symlink_to(aside)


def _grow(file: Path) -> None:
    os.truncate(file, 100 << 20)


def _twice(file: Path) -> None:
    batch = json.loads(file.read_text())
    batch[0]["streamversion"] = 7
    (file.parent / file.name.replace("00000001", "00000007")).write_text(json.dumps(batch))


def _fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "truncated JSON": (_truncate, "not JSON"),
    "a wrong type": (_rewrite(lambda event: event.update(streamversion="1")), "streamversion"),
    "an unknown event type": (
        _rewrite(lambda event: event.update(type="jerry.work_item.teleported.v1")),
        "needs a later jerry-git",
    ),
    "a later version of an event": (
        _rewrite(lambda event: event.update(type="jerry.work_item.created.v9")),
        "version 9",
    ),
    "a missing version": (_rewrite(lambda event: event.pop("streamversion")), "streamversion"),
    "a duplicate id": (_twice, "stands in another file"),
    "a wrong name": (lambda file: file.rename(file.with_name("00000009-000000000000.json")) and None, "is not named"),
    "a symbolic link": (_link, "symbolic link"),
    "a file of 100 MB": (_grow, "bytes are more than"),
    "a pipe in place of a file": (_fifo, "not a regular file"),
    "bytes that are not UTF-8": (lambda file: file.write_bytes(b"[\xff]") and None, "UTF-8"),
}


@pytest.fixture
def two_items(here: Place) -> Place:
    """A repository with two items, both committed."""
    here.jerry("new", "Hurt")
    here.jerry("new", "Whole")
    here.jerry("commit")
    return here


@pytest.mark.negative
@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_item_is_named_and_the_others_are_shown(two_items: Place, name: str) -> None:
    """`list` shows the rest and succeeds; `doctor` fails, naming file and mend; nothing is written to the item."""
    damage, words = DAMAGES[name]
    internal = two_items.ask("show", "WORK-1")["items"][0]["internal_id"]
    damage(_event_file(two_items, "WORK-1"))
    listed = two_items.jerry("list")
    assert "Whole" in listed.stdout
    assert "Hurt" not in listed.stdout
    assert internal in listed.stderr
    assert words in listed.stderr
    assert two_items.jerry("show", internal, check=False).returncode == 1
    assert two_items.jerry("start", internal, check=False).returncode == 1
    assert two_items.jerry("start", "WORK-2").returncode == 0
    doctor = two_items.jerry("doctor", check=False)
    assert doctor.returncode == 1
    assert words in doctor.stdout
    assert "mend: " in doctor.stdout


@pytest.mark.negative
def test_what_doctor_advises_mends_the_file(two_items: Place) -> None:
    """A committed file comes back by the very command that is printed."""
    file = _event_file(two_items, "WORK-1")
    _truncate(file)
    findings = json.loads(two_items.jerry("doctor", "--json", check=False).stdout)["findings"]
    mend = findings[0]["mend"].removeprefix("restore the file as it was committed: ")
    two_items.run(*mend.split())
    assert two_items.jerry("doctor").stdout == "all is well\n"


@pytest.mark.edge
def test_names_with_control_characters_reach_the_terminal_as_escapes(two_items: Place) -> None:
    """A stray file's name cannot move the cursor or forge a line."""
    folder = _event_file(two_items, "WORK-1").parent
    (folder / "evil\x1b[2J\n00000002.json").write_text("[]")
    listed = two_items.jerry("list")
    assert "\x1b" not in listed.stderr
    assert "evil\\x1b[2J\\n00000002.json" in listed.stderr
    assert "Whole" in listed.stdout


@pytest.mark.negative
def test_names_that_are_no_text_are_told_and_hide_nothing(two_items: Place) -> None:
    """Linux takes any bytes for a name; a database takes text."""
    stray = os.fsdecode(b"\xff.json")
    for folder in (_event_file(two_items, "WORK-1").parent, two_items.folder / ".jerry" / "archive"):
        folder.mkdir(exist_ok=True)
        (folder / stray).write_text("[]")
        for _ in range(2):
            listed = two_items.jerry("list")
            assert f"{folder.name}/" in listed.stderr
            assert "Whole" in listed.stdout


@pytest.mark.edge
def test_an_event_written_by_another_program_cannot_forge_the_screen(two_items: Place) -> None:
    """A title with control characters is shown with escapes."""
    file = _event_file(two_items, "WORK-1")
    batch = json.loads(file.read_text())
    batch[0]["data"]["title"] = "calm\x1b]0;pwned\x07\nWORK-9 forged"
    file.write_text(json.dumps(batch, indent=2))
    shown = two_items.jerry("list").stdout
    assert "\x1b" not in shown
    assert "\nWORK-9" not in shown


@pytest.mark.positive
def test_events_lost_to_git_clean_are_listed_and_brought_back(here: Place) -> None:
    """The journal has them; nothing is brought back silently."""
    here.jerry("new", "Precious")
    here.git("reset", "--quiet", "--hard")
    here.git("clean", "--quiet", "-fdx")
    assert here.ask("list")["items"] == []
    findings = here.ask("doctor")["findings"]
    assert {finding["code"] for finding in findings} == {"lost-event"}
    here.jerry("doctor", "--recover", "--yes")
    assert [row["title"] for row in here.ask("list")["items"]] == ["Precious"]
    assert here.git("status", "--porcelain").startswith("A  .jerry/events/")


@pytest.mark.positive
def test_events_of_another_branch_are_not_called_lost(here: Place) -> None:
    """They are in a commit; a checkout only put them out of sight."""
    here.git("switch", "--quiet", "--create", "other")
    here.jerry("new", "Elsewhere")
    here.jerry("commit")
    here.git("switch", "--quiet", "main")
    assert here.jerry("doctor").stdout == "all is well\n"


@pytest.mark.positive
def test_two_clones_that_made_one_number_are_told_apart_and_renumbered(here: Place, tmp_path: Path) -> None:
    """After the merge both items are whole; reads take the older, writes list both, `doctor --fix` renumbers."""
    here.git("clone", "--quiet", str(here.folder), str(tmp_path / "clone"))
    clone = Place(tmp_path / "clone", here.environment)
    here.jerry("new", "Older")
    here.jerry("commit")
    clone.jerry("new", "Younger")
    clone.jerry("commit")
    here.git("pull", "--quiet", "--no-rebase", "--no-edit", str(clone.folder), "main")
    assert [row["title"] for row in here.ask("show", "WORK-1")["items"]] == ["Older"]
    refused = here.jerry("start", "WORK-1", check=False)
    assert refused.returncode == 1
    assert "Older" in refused.stderr
    assert "Younger" in refused.stderr
    here.jerry("doctor", "--fix")
    titles = {row["id"]: row["title"] for row in here.ask("list")["items"]}
    assert titles == {"WORK-1": "Older", "WORK-2": "Younger"}


@pytest.mark.positive
def test_two_clones_that_were_both_set_up_merge_without_a_conflict(bare_place: Place, tmp_path: Path) -> None:
    """The identity follows from the first commit, so both wrote the same bytes."""
    (bare_place.folder / "code.py").write_text("1\n")
    bare_place.git("add", "code.py")
    bare_place.git("commit", "--quiet", "--message", "Code")
    bare_place.git("clone", "--quiet", str(bare_place.folder), str(tmp_path / "clone"))
    clone = Place(tmp_path / "clone", bare_place.environment)
    for place, title in ((bare_place, "Here"), (clone, "There")):
        place.jerry("init")
        place.jerry("new", title)
        place.jerry("commit")
    bare_place.git("pull", "--quiet", "--no-rebase", "--no-edit", str(clone.folder), "main")
    assert {row["title"] for row in bare_place.ask("list")["items"]} == {"Here", "There"}


@pytest.mark.negative
def test_a_store_that_cannot_be_written_says_so_and_loses_nothing(two_items: Place) -> None:
    """A file stands where the month's folder should be made: refused, and the next try works."""
    events = two_items.folder / ".jerry" / "events"
    shutil.move(events, two_items.folder / "aside")
    events.write_text("in the way")
    refused = two_items.jerry("new", "Blocked", check=False)
    assert refused.returncode == 1
    assert "Not a directory" in refused.stderr
    assert ".jerry/events" in refused.stderr
    events.unlink()
    shutil.move(two_items.folder / "aside", events)
    assert two_items.jerry("new", "Free").returncode == 0
    assert two_items.jerry("doctor").stdout == "all is well\n"
