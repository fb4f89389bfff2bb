"""Going on from a checkpoint gives what reading everything gives, whatever happened to the files since (ADR-012)."""

from __future__ import annotations

import os
import shutil
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.ports.event_store import CorruptStreamError
from jerry_git.application.snapshots import load_item
from jerry_git.infrastructure.persistence import event_files
from jerry_git.infrastructure.persistence.in_memory_snapshots import InMemorySnapshots
from jerry_git.testing.histories import batch, ids, item_id
from tests.infrastructure.stores import FOLDER, STREAM, files, given_store, open_store, put, recorded, tampered
from tests.infrastructure.test_known_streams import CHANGES


def settled(folder):
    """A checkpoint of the stream, made when its files are old enough."""
    for _ in range(100):
        found = open_store(folder).resume(STREAM, None).checkpoint()
        if found is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("no checkpoint within two seconds")


@pytest.mark.positive
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_resumed_is_what_is_there_whatever_came_between(tmp_path, change):
    store = given_store(tmp_path, "a b", "c")
    checkpoint, before = settled(tmp_path), store.read(STREAM)
    change(tmp_path)
    found = open_store(tmp_path).resume(STREAM, checkpoint)
    assert (() if found.whole else before) + found.events == open_store(tmp_path).read(STREAM)


@pytest.mark.positive
def test_beyond_a_checkpoint_only_new_files_are_read_and_an_append_reads_none(tmp_path, monkeypatch):
    given_store(tmp_path, "a b", "c")
    checkpoint = settled(tmp_path)
    open_store(tmp_path).append(STREAM, batch("d"), 3)
    opened = []
    read = event_files.read_regular
    monkeypatch.setattr(event_files, "read_regular", lambda root, path: opened.append(path) or read(root, path))
    store = open_store(tmp_path)
    found = store.resume(STREAM, checkpoint)
    assert ([item.event.event_id for item in found.events], found.whole) == ([*ids("d")], False)
    assert opened == [f"{FOLDER}/{files(tmp_path)[-1].name}"]
    assert store.append(STREAM, batch("e"), 4) == 5
    assert len(opened) == 1
    (last,) = store.read(STREAM, 5)
    assert last.parents == ids("d")


@pytest.mark.positive
def test_a_sibling_that_a_merge_brought_is_folded_in_its_place(tmp_path):
    given_store(tmp_path, "a", "b", "c")
    checkpoint = settled(tmp_path)
    put(tmp_path, recorded("s", 3, "b"))
    assert open_store(tmp_path).resume(STREAM, checkpoint).whole


@pytest.mark.positive
def test_a_file_that_was_altered_by_hand_is_seen_though_its_size_and_time_are_the_same(tmp_path):
    given_store(tmp_path, "a", "b")
    checkpoint = settled(tmp_path)
    path = files(tmp_path)[0]
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"text": "a"', b'"text": "z"'))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    found = open_store(tmp_path).resume(STREAM, checkpoint)
    assert (found.whole, found.events[0].event.text) == (True, "z")


@pytest.mark.positive
def test_there_is_no_checkpoint_of_files_that_have_just_changed(tmp_path):
    store = given_store(tmp_path, "a", "b")
    settled(tmp_path)
    for number in range(5):
        store.append(STREAM, batch(f"x{number}"), 2 + number)
        found, now = store.resume(STREAM, None), time.time_ns()
        if now - files(tmp_path)[-1].stat().st_ctime_ns < 50_000_000:  # else the machine was busy
            assert found.checkpoint() is None


@pytest.mark.positive
def test_there_is_no_checkpoint_of_what_was_appended_to_meanwhile(tmp_path):
    store = given_store(tmp_path, "a", "b")
    settled(tmp_path)
    found = store.resume(STREAM, None)
    assert found.checkpoint() is not None
    store.append(STREAM, batch("c"), 2)
    assert found.checkpoint() is None


@pytest.mark.positive
def test_there_is_no_checkpoint_of_a_stream_that_lacks_a_parent(tmp_path):
    put(tmp_path, recorded("a", 1))
    put(tmp_path, recorded("c", 3, "b"))
    time.sleep(0.1)
    assert open_store(tmp_path).resume(STREAM, None).checkpoint() is None


@pytest.mark.negative
def test_what_cannot_be_read_is_told_with_a_checkpoint_as_without(tmp_path):
    given_store(tmp_path, "a", "b")
    checkpoint = settled(tmp_path)
    tampered(files(tmp_path)[0], time="yesterday")
    with pytest.raises(CorruptStreamError, match="yesterday"):
        open_store(tmp_path).resume(STREAM, checkpoint)


@pytest.mark.negative
def test_a_new_file_that_cannot_be_read_is_told(tmp_path):
    given_store(tmp_path, "a", "b")
    checkpoint = settled(tmp_path)
    (tmp_path / "tree" / FOLDER / "00000003-0123456789ab.json").write_bytes(b"[")
    with pytest.raises(CorruptStreamError, match="ends too early"):
        open_store(tmp_path).resume(STREAM, checkpoint)


@pytest.mark.edge
def test_the_checkpoint_of_another_clone_is_of_no_use(tmp_path):
    given_store(tmp_path / "here", "a", "b")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    assert open_store(tmp_path / "there").resume(STREAM, settled(tmp_path / "here")).whole


@pytest.mark.positive
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_items_loaded_with_snapshots_are_those_folded_from_all_events(tmp_path_factory, data):
    """Events come and go in any order and shape, also such as no writer makes; snapshots are made if possible."""
    folder = tmp_path_factory.mktemp("random")
    snapshots = InMemorySnapshots()
    names: list[str] = []
    for number in range(data.draw(st.integers(1, 6))):
        for _ in range(data.draw(st.integers(0, 3))):
            parents = " ".join(data.draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else [])
            names.append(f"n{len(names)}")
            put(folder, recorded(names[-1], data.draw(st.integers(1, 6)), parents))
        if number and files(folder) and data.draw(st.booleans()):
            data.draw(st.sampled_from(files(folder))).unlink()
        if data.draw(st.booleans()):
            time.sleep(0.06)
        (folder / "tree" / FOLDER).mkdir(parents=True, exist_ok=True)
        loaded = load_item(open_store(folder), snapshots, item_id(0), every=1)
        history = open_store(folder).read(STREAM)
        folded = WorkItem.load_from_history(item_id(0), history)
        assert (loaded.state, loaded.version) == (folded.state, folded.version) if history else loaded is None
