"""The store in files keeps the promises of every store, and those of its format (DESIGN 3, 5, 6)."""

from __future__ import annotations

import json

import pytest

from jerry_domain.errors import InvalidValueError
from jerry_domain.events.work_item_events import CommentAdded
from jerry_domain.ports.event_store import ANY, IdempotencyError, StoreUnavailableError
from jerry_git.infrastructure.persistence.event_files import MAX_BYTES
from jerry_git.infrastructure.persistence.event_paths import stream_folder
from jerry_git.testing.event_store_contract import EventStoreContract
from jerry_git.testing.histories import MOMENT, batch, happened, ids, item_id, stream
from tests.infrastructure.stores import (
    FOLDER,
    OTHER_STREAM,
    SOURCE,
    STREAM,
    files,
    given_store,
    names_of,
    open_store,
    put,
    recorded,
    scanned,
    snapshot,
)


class TestFileSystemEventStore(EventStoreContract):
    @pytest.fixture(autouse=True)
    def storage(self, tmp_path):
        self.folder = tmp_path

    def make_store(self):
        return open_store(self.folder)


@pytest.mark.positive
def test_an_append_is_one_file_named_by_first_version_and_first_event(tmp_path):
    given_store(tmp_path, "a b", "c")
    assert [path.name for path in files(tmp_path)] == [
        f"00000001-{ids('a')[0][-12:]}.json",
        f"00000003-{ids('c')[0][-12:]}.json",
    ]
    assert [len(json.loads(path.read_bytes())) for path in files(tmp_path)] == [2, 1]


@pytest.mark.positive
def test_a_stream_lies_in_the_month_of_its_id():
    assert stream_folder(STREAM) == f".jerry/events/2026-11/work_item-{item_id(0)}"


@pytest.mark.positive
def test_the_path_of_each_new_file_is_told_and_of_a_known_batch_is_not(tmp_path):
    told = []
    store = open_store(tmp_path, written=told.append)
    store.append(STREAM, batch("a"), 0)
    store.append(STREAM, batch("a"), 0)
    store.append(STREAM, batch("b c"), 1)
    assert told == [f"{FOLDER}/{path.name}" for path in files(tmp_path)]
    assert all((tmp_path / "tree" / path).is_file() for path in told)


@pytest.mark.positive
def test_an_append_leaves_its_file_and_a_line_in_the_journal_and_nothing_else(tmp_path):
    store = open_store(tmp_path)
    store.append(STREAM, batch("a"), 0)
    (path,) = files(tmp_path)
    (entry,) = store.journal.entries()
    assert (entry.path, entry.text) == (f"{FOLDER}/{path.name}", path.read_text())
    assert len(snapshot(tmp_path)) == 3  # the event file, the journal, the lock
    assert snapshot(tmp_path / "tree").keys() == {entry.path}


@pytest.mark.positive
def test_events_are_located_by_the_file_that_holds_them(tmp_path):
    store = given_store(tmp_path, "a b", "c")
    first, second = (f"{FOLDER}/{path.name}" for path in files(tmp_path))
    assert store.locate(STREAM) == dict(zip(ids("a b c"), (first, first, second), strict=True))


@pytest.mark.positive
def test_lost_files_are_restored_whole_and_told(tmp_path):
    store = given_store(tmp_path, "a", "b")
    entries = list(store.journal.entries())
    lost = files(tmp_path)[1]
    lost.unlink()
    told = []
    store.written = told.append
    for entry in entries:
        store.restore(entry.path, entry.text.encode())
    assert told == [f"{FOLDER}/{lost.name}"]
    assert names_of(store.read(STREAM)) == "a b"


@pytest.mark.positive
def test_leftovers_are_listed_and_removed_and_event_files_stay(tmp_path):
    store = given_store(tmp_path, "a")
    leftover = f".{files(tmp_path)[0].name}.4711.tmp"
    (tmp_path / "tree" / FOLDER / leftover).write_bytes(b"[{")
    assert store.leftovers(STREAM) == (leftover,)
    assert names_of(store.read(STREAM)) == "a"
    assert store.clear_leftovers(STREAM) == {f"{FOLDER}/{leftover}": ""}
    assert (store.leftovers(STREAM), names_of(store.read(STREAM))) == ((), "a")


@pytest.mark.edge
def test_a_batch_as_large_as_a_file_may_be_is_written_and_a_larger_one_refused(tmp_path):
    store = open_store(tmp_path)
    room = MAX_BYTES - put(tmp_path / "probe", recorded("a", 1)).stat().st_size
    largest = happened(CommentAdded, "largest", text="x" * (room + 1))
    assert store.append(STREAM, (largest,), 0) == 1
    assert files(tmp_path)[0].stat().st_size == MAX_BYTES
    assert open_store(tmp_path).read(STREAM)[0].event == largest
    with pytest.raises(StoreUnavailableError, match="16777217 bytes are more than the 16777216"):
        store.append(OTHER_STREAM, (happened(CommentAdded, "larger", text="x" * (room + 2)),), 0)
    assert store.get_version(OTHER_STREAM) == 0


@pytest.mark.positive
def test_restoring_what_is_there_changes_nothing(tmp_path):
    store = given_store(tmp_path, "a")
    (path,) = files(tmp_path)
    store.restore(f"{FOLDER}/{path.name}", b"something else")
    assert names_of(store.read(STREAM)) == "a"


@pytest.mark.negative
@pytest.mark.parametrize(
    "name",
    [
        "",
        "work_item",
        "work_item-",
        "-06hs000000000",
        "work_item-06hs00000000",
        "work_item-06HS000000000",
        "Work_Item-06hs000000000",
        "größe-06hs000000000",
        "work_item-../../escape",
        "../work_item-06hs000000000",
        "work_item-06hs000000000\n",
        "work_item-06hs00000000u",
    ],
)
def test_a_name_that_no_stream_can_have_is_refused_before_anything_is_touched(tmp_path, name):
    store = open_store(tmp_path)
    for act in (lambda: store.append(name, batch("a"), ANY), lambda: store.read(name), lambda: store.locate(name)):
        with pytest.raises(InvalidValueError):
            act()
    assert snapshot(tmp_path) == {}


@pytest.mark.negative
@pytest.mark.parametrize(
    "change",
    [
        {"event_id": "not-a-uuid"},
        {"event_id": "AB9D2F6A-7C1E-5A53-8F3D-5E2A9C4B7D10"},
        {"actor": ""},
        {"occurred_at": MOMENT.replace(microsecond=123_456)},
        {"text": "half a character: \ud83e"},
    ],
    ids=["an id that is no UUID", "an id in capitals", "no actor", "microseconds", "half a surrogate pair"],
)
def test_what_could_not_be_read_back_as_it_is_is_never_written(tmp_path, change):
    event = {"event_id": ids("a")[0], "occurred_at": MOMENT, "actor": "Ada <ada@example.org>", "text": "a", **change}
    with pytest.raises(ValueError):  # noqa: PT011 - the codec's, the store's or Unicode's own
        open_store(tmp_path).append(STREAM, (CommentAdded(**event),), 0)
    assert (scanned(tmp_path), snapshot(tmp_path / "tree")) == ({}, {})


@pytest.mark.negative
@pytest.mark.parametrize(
    ("names", "reason", "concerned"),
    [
        ("b c", "only these event ids are recorded already", "b"),
        ("a! b", "these event ids are recorded with other content", "a"),
        ("c d c", "event ids come twice", "c"),
    ],
)
def test_a_refused_repetition_names_the_events_concerned(tmp_path, names, reason, concerned):
    store = given_store(tmp_path, "a b")
    with pytest.raises(IdempotencyError) as refusal:
        store.append(STREAM, batch(names), 2)
    assert (refusal.value.reason, refusal.value.event_ids) == (reason, ids(concerned))


@pytest.mark.negative
def test_a_version_that_cannot_be_expected_is_a_mistake_of_the_caller(tmp_path):
    with pytest.raises(ValueError, match="-2 is not an expected version"):
        open_store(tmp_path).append(STREAM, batch("a"), -2)


@pytest.mark.positive
def test_every_event_names_the_repository_that_it_was_written_in(tmp_path):
    assert {item.source for item in given_store(tmp_path, "a b").read(STREAM)} == {SOURCE}


@pytest.mark.positive
def test_streams_of_one_month_are_scanned_by_name_and_of_several_by_month(tmp_path):
    store = open_store(tmp_path)
    names = [stream(5), stream(3), "work_item-0000000000000"]
    for number, name in enumerate(names):
        store.append(name, batch(f"a{number}"), 0)
    assert list(scanned(tmp_path)) == ["work_item-0000000000000", stream(3), stream(5)]
