"""Where event files may lie: everything else in the folders is one problem, and links are never followed (DESIGN 3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from jerry_domain.ports.event_store import CorruptStreamError, StoreUnavailableError
from jerry_git.infrastructure.persistence.event_paths import is_event_path
from jerry_git.testing.histories import CATEGORY, batch
from jerry_git.testing.store_case import rows
from tests.infrastructure.stores import (
    FOLDER,
    OTHER_STREAM,
    STREAM,
    given_store,
    names_of,
    open_store,
    scanned,
    snapshot,
)

MONTH, EVENTS, JERRY = (FOLDER.rsplit("/", up)[0] for up in (1, 2, 3))


STRAYS = {
    "a file beside the months": (f"{EVENTS}/README", ".jerry/events/README"),
    "a month that there is not": (f"{EVENTS}/2026-13/", ".jerry/events/2026-13"),
    "a file in a month": (f"{MONTH}/notes", f"{MONTH}/notes"),
    "a file named like a stream": (f"{MONTH}/work_item-0sahnth7c0009", f"{MONTH}/work_item-0sahnth7c0009"),
    "a stream in another month": (f"{EVENTS}/2026-10/{STREAM}/", f"{EVENTS}/2026-10/{STREAM}"),
    "a stream with an impossible id": (f"{MONTH}/work_item-zzzzzzzzzzzzz9/", f"{MONTH}/work_item-zzzzzzzzzzzzz9"),
    "a folder name with a line break": (f"{MONTH}/{STREAM}\n/", f"{MONTH}/{STREAM}\n"),
    "a folder name of control characters": (f"{MONTH}/\x1b]0;x\x07/", f"{MONTH}/\x1b]0;x\x07"),
}


@pytest.mark.negative
@pytest.mark.parametrize(("made", "path"), rows(STRAYS))
def test_what_does_not_belong_there_is_a_problem_of_no_stream_and_hides_none(tmp_path, made, path):
    given_store(tmp_path, "a")
    place = tmp_path / "tree" / made
    place.parent.mkdir(parents=True, exist_ok=True)
    place.mkdir() if made.endswith("/") else place.write_text("x")
    found = scanned(tmp_path)
    assert [(problem.code, problem.path) for problem in found.pop("").problems] == [("wrong-name", path)]
    assert {name: names_of(scan.events) for name, scan in found.items()} == {STREAM: "a", OTHER_STREAM: "other"}
    assert open_store(tmp_path).append(STREAM, batch("b"), 1) == 2


def relinked(place: Path) -> None:
    """Move a folder away and leave a symbolic link to it."""
    target = place.with_name("Moved")
    place.rename(target)
    place.symlink_to(target)


@pytest.mark.negative
@pytest.mark.parametrize("level", [FOLDER, MONTH, EVENTS, JERRY], ids=["stream", "month", "events", ".jerry"])
def test_a_symbolic_link_at_any_level_is_never_followed(tmp_path, level):
    given_store(tmp_path, "a")
    relinked(tmp_path / "tree" / level)
    before = snapshot(tmp_path)
    store = open_store(tmp_path)
    for act in (lambda: store.read(STREAM), lambda: store.append(STREAM, batch("b"), 1)):
        with pytest.raises(CorruptStreamError) as refusal:
            act()
        assert [(problem.code, problem.path) for problem in refusal.value.problems] == [("symbolic-link", level)]
    assert any(problem.path == level for scan in scanned(tmp_path).values() for problem in scan.problems)
    assert STREAM not in scanned(tmp_path)
    assert snapshot(tmp_path) == before


@pytest.mark.negative
@pytest.mark.parametrize("level", [FOLDER, MONTH, EVENTS, JERRY], ids=["stream", "month", "events", ".jerry"])
def test_a_file_in_the_place_of_a_folder_is_a_problem_and_is_not_overwritten(tmp_path, level):
    place = tmp_path / "tree" / level
    store = open_store(tmp_path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("in the way")
    with pytest.raises((CorruptStreamError, StoreUnavailableError)):
        store.append(STREAM, batch("a"), 0)
    assert place.read_text() == "in the way"
    problems = [problem for scan in scanned(tmp_path).values() for problem in scan.problems]
    assert [problem.path for problem in problems] == [level]


@pytest.mark.positive
def test_events_of_another_category_are_left_alone(tmp_path):
    store = given_store(tmp_path, "a")
    foreign = "other" + STREAM.removeprefix(CATEGORY)
    store.append(foreign, batch("x"), 0)
    (tmp_path / "tree" / MONTH / foreign / "junk").write_text("x")
    assert scanned(tmp_path).keys() == {STREAM, OTHER_STREAM}
    assert [scan.stream for scan in store.scan("other")] == [foreign]


@pytest.mark.positive
def test_a_tree_without_events_is_empty(tmp_path):
    assert scanned(tmp_path) == {}
    (tmp_path / "tree" / JERRY).mkdir()
    (tmp_path / "tree" / JERRY / "config.toml").write_text("")
    assert scanned(tmp_path) == {}


NAME = "00000001-39d61193e97e.json"


@pytest.mark.positive
def test_where_an_event_file_can_be_follows_from_the_path_alone():
    assert is_event_path(f"{FOLDER}/{NAME}")


@pytest.mark.negative
@pytest.mark.parametrize(
    "path",
    [
        "",
        NAME,
        f"{FOLDER}/",
        f"{FOLDER}/{NAME}.orig",
        f"{FOLDER}/.{NAME}.1.tmp",
        f"{FOLDER}/{NAME}\n",
        f"{MONTH}/{NAME}",
        f"elsewhere/{FOLDER}/{NAME}",
        f"{EVENTS}/2026-10/{STREAM}/{NAME}",
        f"{MONTH}/work_item-zzz/{NAME}",
    ],
)
def test_no_event_file_can_be_at_another_path(path):
    assert not is_event_path(path)
