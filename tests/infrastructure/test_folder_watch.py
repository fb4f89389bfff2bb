"""A watched folder tells each change exactly, or that it cannot (ADR-035)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from jerry_git.infrastructure.persistence.folder_watch import FolderWatch
from tests.infrastructure.processes import forked


@pytest.fixture
def folder(tmp_path):
    """A folder with the file `old` in it, where folders can be watched."""
    place = tmp_path / "above" / "folder"
    place.mkdir(parents=True)
    (place / "old").touch()
    try:
        FolderWatch(os.fspath(place))
    except OSError as error:
        pytest.skip(str(error))
    return place


@pytest.fixture
def watch(folder):
    return FolderWatch(os.fspath(folder))


@pytest.mark.positive
def test_what_came_and_went_is_told_once_each_name_as_it_was_last(folder, watch):
    (folder / "new").touch()
    (folder / ".tmp").touch()
    (folder / ".tmp").rename(folder / "renamed")
    (folder / "link").symlink_to("nowhere")
    (folder / "old").unlink()
    (folder / "back").touch()
    (folder / "back").unlink()
    (folder / "back").mkdir()
    assert watch.changes() == {"new": True, ".tmp": False, "renamed": True, "link": True, "old": False, "back": True}
    assert watch.changes() == {}


@pytest.mark.positive
def test_nothing_is_told_of_files_that_are_read_or_written(folder, watch):
    (folder / "old").write_text("x")
    (folder / "old").read_text()
    assert watch.changes() == {}


@pytest.mark.positive
def test_more_changes_than_are_read_at_a_time_are_all_told(folder, watch):
    names = {f"{number:0200}" for number in range(300)}
    for name in names:
        (folder / name).touch()
    assert watch.changes() == dict.fromkeys(names, True)


@pytest.mark.edge
def test_too_many_changes_are_not_known(folder, watch):
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if most > 1 << 15:
        pytest.skip("this system keeps very many")
    for _ in range(most // 4 + 1):
        for name in ("one", "other"):
            (folder / name).touch()
        for name in ("one", "other"):
            (folder / name).unlink()
    assert watch.changes() is None


def _replaced(folder):
    folder.rename(folder.with_name("away"))
    folder.mkdir()


def _linked(folder):
    folder.rename(folder.with_name("away"))
    folder.symlink_to("away")


def _moved_with_its_parent(folder):
    folder.parent.rename(folder.parent.with_name("elsewhere"))
    folder.mkdir(parents=True)


def _away_and_back(folder):
    folder.rename(folder.with_name("away"))
    folder.with_name("away").rename(folder)


@pytest.mark.negative
@pytest.mark.parametrize(
    "change",
    [shutil.rmtree, _replaced, _linked, _moved_with_its_parent, _away_and_back],
    ids=lambda call: call.__name__,
)
def test_of_a_folder_that_was_moved_removed_or_replaced_nothing_is_known(folder, watch, change):
    change(folder)
    assert watch.changes() is None


@pytest.mark.edge
def test_a_fork_knows_nothing_and_takes_nothing_from_its_parent(folder, watch):
    (folder / "new").touch()
    child = forked(lambda: int(watch.changes() is not None))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert watch.changes() == {"new": True}


@pytest.mark.negative
@pytest.mark.parametrize("path", ["/proc/self", "/nowhere"])
def test_where_changes_would_not_be_told_there_is_no_watch(path):
    with pytest.raises(OSError, match=r".+"):
        FolderWatch(path)


@pytest.mark.negative
def test_a_link_to_a_folder_is_not_watched(folder):
    (folder / "link").symlink_to(folder)
    with pytest.raises(OSError, match="no watch"):
        FolderWatch(os.fspath(folder / "link"))
