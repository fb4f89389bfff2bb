"""A disk that is full, read-only or failing: nothing half written, nothing lost, and words that say so (DESIGN 5)."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from jerry_domain.ports.event_store import CorruptStreamError, OutcomeUnknownError, StoreUnavailableError
from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.testing.histories import batch, ids
from tests.infrastructure.disks import on_a_small_disk
from tests.infrastructure.processes import run
from tests.infrastructure.stores import FOLDER, STREAM, files, given_store, names_of, open_store, scanned

LIMIT = 8192


class FailingDisk(Disk):
    """A disk on which the named ways of writing fail; `done` has them fail after they took effect."""

    def __init__(self, *failing: str, done: bool = False, code: int = errno.EIO) -> None:
        self._failing = failing
        self._done = done
        self._code = code

    def _fail(self, way: str, path: Path) -> None:
        if way in self._failing:
            raise OSError(self._code, os.strerror(self._code), str(path))

    def make_directory(self, path: Path) -> None:
        self._fail("make_directory", path)
        super().make_directory(path)

    def create(self, path: Path, content: bytes) -> None:
        if "create" in self._failing:
            super().create(path, content[: len(content) // 2])
        self._fail("create", path)
        super().create(path, content)

    def append_durably(self, path: Path, content: bytes) -> None:
        self._fail("append_durably", path)
        super().append_durably(path, content)

    def rename(self, source: Path, target: Path) -> None:
        if self._done:
            super().rename(source, target)
        self._fail("rename", target)
        super().rename(source, target)

    def exists(self, path: Path) -> bool:
        self._fail("exists", path)
        return super().exists(path)

    def remove(self, path: Path) -> None:
        self._fail("remove", path)
        super().remove(path)


def refused(folder, *failing, **options):
    """The refusal of an append of "x" to "a" on a failing disk, with all that must hold after it checked."""
    given_store(folder, "a")
    store = open_store(folder, disk=FailingDisk(*failing, **options))
    with pytest.raises(StoreUnavailableError) as refusal:
        store.append(STREAM, batch("x"), 1)
    assert refusal.value.path == f"{FOLDER}/00000002-{ids('x')[0][-12:]}.json"
    assert names_of(open_store(folder).read(STREAM)) == "a"
    return refusal.value.reason


def journalled(folder):
    return [Path(entry.path).name[:8] for entry in open_store(folder).journal.entries() if STREAM in entry.path]


# --- a real disk that is full


@pytest.mark.negative
@pytest.mark.parametrize("history", [[], ["a b"]], ids=["a new stream", "a stream with history"])
def test_on_a_full_disk_nothing_is_written_and_with_room_again_the_append_succeeds(tmp_path, history):
    within = on_a_small_disk(tmp_path / "disk", "1m")
    if within is None:  # the next best: no file may grow beyond a limit
        given_store(tmp_path / "disk" / "store", *history)
        attempts = run("hit_the_size_limit", tmp_path / "disk" / "store", 100)
    else:
        attempts = run("fill_the_disk", tmp_path / "disk", history, within=within)
    *failed, succeeded = attempts
    before = " ".join(history)
    assert failed
    for attempt in failed:
        assert "nothing was written: " in attempt["reason"] or "cannot lock: " in attempt["reason"]
        assert (attempt["events"], attempt["problems"]) == (before, [])
        assert [name for name in attempt["files"] if not name.startswith(".")] == ["00000001"] * len(history)
    assert (succeeded["events"], succeeded["reason"]) == (f"{before} x".strip(), "")
    assert succeeded["files"] == ["00000001", "00000003"][-len(history) - 1 :] if history else ["00000001"]


@pytest.mark.negative
def test_a_file_that_may_not_grow_is_refused_and_nothing_is_left(tmp_path):
    given_store(tmp_path, "a")
    limited, free = run("hit_the_size_limit", tmp_path, 100)
    assert "nothing was written: File too large" in limited["reason"]
    assert (limited["events"], limited["files"], limited["journal"]) == ("a", ["00000001"], ["00000001", "00000001"])
    assert (free["events"], free["reason"]) == ("a x", "")


@pytest.mark.negative
def test_a_journal_that_may_not_grow_means_that_nothing_is_written(tmp_path):
    store = given_store(tmp_path, "a")
    (journal,) = (tmp_path / "private" / "journal").iterdir()
    with journal.open("ab") as file:
        file.write(b"\n" * LIMIT)
    limited, free = run("hit_the_size_limit", tmp_path, LIMIT)
    assert "nothing was written: File too large" in limited["reason"]
    assert (limited["events"], limited["files"]) == ("a", ["00000001"])
    assert (free["events"], free["reason"]) == ("a x", "")
    assert journalled(tmp_path) == ["00000001", "00000002"]
    assert names_of(store.read(STREAM)) == "a x"


@pytest.mark.negative
@pytest.mark.parametrize(
    "sealed", [f"tree/{FOLDER}", "private/journal"], ids=["the stream's folder", "the journal's folder"]
)
def test_what_is_read_only_can_be_read_and_is_refused_to_writers(tmp_path, sealed):
    within = on_a_small_disk(tmp_path / "disk", "1m") or ()
    found = run("write_on_a_sealed_disk", tmp_path / "disk", sealed, within=within)
    assert "Read-only file system" in found["reason"] or "Permission denied" in found["reason"]
    assert (found["events"], found["problems"], found["files"]) == ("a", [], ["00000001"])


# --- what stands in the way


@pytest.mark.negative
@pytest.mark.parametrize("place", ["", "/locks", "/journal"], ids=["the private folder", "the locks", "the journal"])
def test_a_file_in_the_place_of_a_private_folder_is_told(tmp_path, place):
    blocked = tmp_path / f"private{place}"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("in the way")
    with pytest.raises(StoreUnavailableError, match=str(tmp_path / "private")):
        open_store(tmp_path).append(STREAM, batch("a"), 0)
    assert scanned(tmp_path) == {}
    blocked.unlink()
    assert open_store(tmp_path).append(STREAM, batch("a"), 0) == 1


@pytest.mark.negative
def test_a_work_tree_that_is_not_there_is_told(tmp_path):
    store = open_store(tmp_path)
    (tmp_path / "tree").rmdir()
    with pytest.raises(StoreUnavailableError, match="nothing was written: No such file or directory: "):
        store.append(STREAM, batch("a"), 0)


@pytest.mark.negative
def test_events_that_are_a_file_are_told_and_left_alone(tmp_path):
    store = open_store(tmp_path)
    (tmp_path / "tree" / ".jerry").mkdir()
    (tmp_path / "tree" / ".jerry" / "events").write_text("mine")
    with pytest.raises(CorruptStreamError, match="cannot be listed: Not a directory"):
        store.append(STREAM, batch("a"), 0)
    assert (tmp_path / "tree" / ".jerry" / "events").read_text() == "mine"


# --- each way of writing fails


@pytest.mark.negative
@pytest.mark.parametrize("failing", ["create", "append_durably", "rename"])
def test_whichever_way_of_writing_fails_nothing_is_left_behind(tmp_path, failing):
    assert refused(tmp_path, failing).startswith("nothing was written: Input/output error: ")
    assert [path.name[:8] for path in files(tmp_path)] == ["00000001"]
    assert journalled(tmp_path) == ["00000001"]


@pytest.mark.negative
def test_a_folder_that_cannot_be_made_is_told_when_a_stream_begins_and_when_it_is_restored(tmp_path):
    store = open_store(tmp_path, disk=FailingDisk("make_directory"))
    with pytest.raises(StoreUnavailableError, match="nothing was written: Input/output error"):
        store.append(STREAM, batch("a"), 0)
    with pytest.raises(StoreUnavailableError, match="nothing was written: Input/output error"):
        store.restore(f"{FOLDER}/00000001-0123456789ab.json", b"[]")
    assert (scanned(tmp_path), journalled(tmp_path)) == ({}, [])


@pytest.mark.negative
def test_a_rename_that_fails_withdraws_what_the_journal_says(tmp_path):
    refused(tmp_path, "rename")
    (journal,) = (tmp_path / "private" / "journal").iterdir()
    assert journal.read_text().splitlines()[-1].startswith('{"withdrawn": ')
    assert open_store(tmp_path).append(STREAM, batch("x"), 1) == 2
    assert journalled(tmp_path) == ["00000001", "00000002"]


@pytest.mark.negative
@pytest.mark.parametrize("failing", ["create", "append_durably", "rename"])
def test_what_cannot_even_be_cleaned_up_is_not_seen_and_goes_with_the_next_append(tmp_path, failing):
    refused(tmp_path, failing, "remove")
    assert any(path.suffix == ".tmp" for path in files(tmp_path))
    assert open_store(tmp_path).append(STREAM, batch("y"), 1) == 2
    assert [path.name[:8] for path in files(tmp_path)] == ["00000001", "00000002"]


@pytest.mark.negative
def test_leftovers_that_cannot_be_removed_are_told(tmp_path):
    given_store(tmp_path, "a")
    leftover = files(tmp_path)[0].with_name(f".{files(tmp_path)[0].name}.1.tmp")
    leftover.touch()
    store = open_store(tmp_path, disk=FailingDisk("remove"))
    with pytest.raises(StoreUnavailableError, match="cannot be removed: Input/output error"):
        store.clear_leftovers(STREAM)


@pytest.mark.negative
@pytest.mark.parametrize("failing", ["create", "rename"])
def test_a_file_that_cannot_be_restored_is_told_and_left_out_whole(tmp_path, failing):
    given_store(tmp_path, "a")
    (lost,) = files(tmp_path)
    content = lost.read_bytes()
    lost.unlink()
    with pytest.raises(StoreUnavailableError, match="nothing was written: Input/output error"):
        open_store(tmp_path, disk=FailingDisk(failing)).restore(f"{FOLDER}/{lost.name}", content)
    assert files(tmp_path) == []


@pytest.mark.edge
def test_a_rename_that_fails_after_it_took_effect_is_a_success(tmp_path):
    given_store(tmp_path, "a")
    assert open_store(tmp_path, disk=FailingDisk("rename", done=True)).append(STREAM, batch("x"), 1) == 2
    assert names_of(open_store(tmp_path).read(STREAM)) == "a x"
    assert journalled(tmp_path) == ["00000001", "00000002"]


@pytest.mark.edge
@pytest.mark.parametrize("done", [True, False], ids=["it took effect", "it did not"])
def test_when_nobody_can_tell_whether_the_rename_took_effect_the_outcome_is_unknown_and_sending_it_again_is_safe(
    tmp_path, done
):
    given_store(tmp_path, "a")
    with pytest.raises(OutcomeUnknownError) as unknown:
        open_store(tmp_path, disk=FailingDisk("rename", "exists", done=done)).append(STREAM, batch("x y"), 1)
    assert (unknown.value.stream, unknown.value.event_ids) == (STREAM, ids("x y"))
    assert "Input/output error" in unknown.value.reason
    assert journalled(tmp_path) == ["00000001", "00000002"]
    assert open_store(tmp_path).append(STREAM, batch("x y"), 1) == 3
    assert names_of(open_store(tmp_path).read(STREAM)) == "a x y"
