"""The few ways of writing: never over what is there, never through a link, the journal first (DESIGN 5)."""

from __future__ import annotations

import pytest

from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.testing.histories import batch
from tests.infrastructure.stores import STREAM, open_store


class WatchedDisk(Disk):
    """Notes each way of writing as it is done."""

    def __init__(self):
        self.done = []

    def create(self, path, content):
        super().create(path, content)
        self.done.append("write")

    def append_durably(self, path, content):
        super().append_durably(path, content)
        self.done.append("journal")

    def rename(self, source, target):
        super().rename(source, target)
        self.done.append("rename")

    def _sync(self, descriptor):
        super()._sync(descriptor)
        self.done.append("sync")


@pytest.mark.positive
def test_a_file_appears_when_its_journal_line_is_on_the_disk_and_not_before(tmp_path):
    disk = WatchedDisk()
    store = open_store(tmp_path, disk=disk)
    store.append(STREAM, batch("a"), 0)
    new_journal = ["sync", "sync"]  # the file, and the folder that names it
    assert disk.done == ["write", *new_journal, "journal", "rename"]
    disk.done.clear()
    store.append(STREAM, batch("b"), 1)
    assert disk.done == ["write", "sync", "journal", "rename"]


@pytest.mark.positive
def test_a_folder_is_made_once(tmp_path):
    for _ in range(2):
        Disk().make_directory(tmp_path / "folder")
    assert (tmp_path / "folder").is_dir()


@pytest.mark.positive
def test_a_disk_says_what_stands_at_a_path_links_that_lead_nowhere_included(tmp_path):
    (tmp_path / "link").symlink_to("nowhere")
    assert [Disk().exists(tmp_path / name) for name in ("link", "nothing")] == [True, False]


@pytest.mark.positive
def test_a_file_that_is_gone_already_is_removed(tmp_path):
    (tmp_path / "file").touch()
    for _ in range(2):
        Disk().remove(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.negative
def test_what_is_there_is_never_written_over_and_a_link_never_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "file").write_text("mine")
    for name in ("link", "file"):
        with pytest.raises(FileExistsError):
            Disk().create(tmp_path / name, b"yours")
    assert (tmp_path / "file").read_text() == "mine"
    assert not (tmp_path / "target").exists()


@pytest.mark.negative
def test_a_journal_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="symbolic links"):
        Disk().append_durably(tmp_path / "link", b"yours")
    assert not (tmp_path / "target").exists()


@pytest.mark.negative
@pytest.mark.parametrize(
    "make",
    [lambda place, folder: place.write_text("x"), lambda place, folder: place.symlink_to(folder)],
    ids=["a file", "a link to a folder"],
)
def test_what_stands_in_the_place_of_a_folder_is_no_folder(tmp_path, make):
    make(tmp_path / "place", tmp_path)
    with pytest.raises(NotADirectoryError):
        Disk().make_directory(tmp_path / "place")


@pytest.mark.negative
def test_a_disk_does_not_guess_what_it_cannot_see(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        Disk().exists(tmp_path / "file" / "below")
