"""A process that has read a stream appends as a new one would, and reads only what came since (ADR-035)."""

from __future__ import annotations

import os
import shutil

import pytest

from jerry_domain.ports.event_store import ConcurrencyError, CorruptStreamError, IdempotencyError
from jerry_git.infrastructure.persistence import event_files, known_streams
from jerry_git.infrastructure.persistence.archives import archive_path, to_line
from jerry_git.infrastructure.persistence.folder_watch import FolderWatch
from jerry_git.infrastructure.persistence.known_streams import LONG, MOST, MOST_WATCHED
from jerry_git.testing.histories import MOMENT, batch, ids, stream
from tests.infrastructure.stores import FOLDER, STREAM, files, given_store, names_of, open_store, put, recorded


@pytest.fixture
def opened(monkeypatch):
    """The event files that are read from now on."""
    paths = []
    read = event_files.read_regular

    def noted(root, path):
        paths.append(path)
        return read(root, path)

    monkeypatch.setattr(event_files, "read_regular", noted)
    return paths


@pytest.fixture
def watchable(tmp_path):
    """Where folders cannot be watched, the test has nothing to say."""
    try:
        FolderWatch(str(tmp_path))
    except OSError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["listed", "watched"])
def remembered(request, monkeypatch):
    """Makes a store whose process has read the stream; its folder is listed at each append, or watched."""
    if request.param == "watched":
        request.getfixturevalue("watchable")
        monkeypatch.setattr(known_streams, "LONG", 0)

    def make(folder, *batches):
        store = given_store(folder, *batches)
        for _ in range(2):  # who asks again is answered by a watch
            with pytest.raises(ConcurrencyError):
                store.append(STREAM, batch("refused"), 99)
        return store

    return make


@pytest.fixture
def listed(monkeypatch):
    """The folders that are listed from now on."""
    paths = []
    listdir = os.listdir

    def noted(path):
        paths.append(path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", noted)
    return paths


def archived(folder):
    """Fold the first file of the stream into an archive."""
    first = files(folder)[0]
    line = to_line(first.read_bytes())
    path = folder / "tree" / archive_path(f"{MOMENT:%Y-%m}", line)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(line)
    first.unlink()


CHANGES = {
    "another writer appended": lambda folder: open_store(folder).append(STREAM, batch("d e"), 3),
    "a merge brought a sibling": lambda folder: put(folder, recorded("s", 3, "b")),
    "a merge brought several, children first": lambda folder: [
        put(folder, recorded("t", 4, "s")),
        put(folder, recorded("s", 3, "b")),
    ],
    "a cherry-pick brought a child alone": lambda folder: put(folder, recorded("t", 5, "s")),
    "the last file went": lambda folder: files(folder)[-1].unlink(),
    "the whole stream went": lambda folder: shutil.rmtree(folder / "tree" / FOLDER),
    "a file went into an archive": archived,
    "a killed writer left a file behind": lambda folder: (
        folder / "tree" / FOLDER / ".00000004-0123456789ab.json.4711.tmp"
    ).write_bytes(b"[{"),
    "an event came again in another file": lambda folder: put(folder, recorded("b", 2, "a"), recorded("c", 3, "b")),
}


@pytest.mark.positive
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_who_has_read_the_stream_appends_as_a_new_process_does_whatever_came_between(tmp_path, change, remembered):
    appended = {}
    for who in ("old", "new"):
        store = remembered(tmp_path / who, "a b", "c")
        change(tmp_path / who)
        writer = store if who == "old" else open_store(tmp_path / who)
        version = open_store(tmp_path / who).get_version(STREAM)
        assert writer.append(STREAM, batch("y z"), version) == version + 2
        assert writer.append(STREAM, batch("zz"), version + 2) == version + 3
        appended[who] = open_store(tmp_path / who).read(STREAM)
        assert not store.leftovers(STREAM)
    assert appended["old"] == appended["new"]


@pytest.mark.positive
def test_a_child_that_came_before_its_parent_takes_the_place_of_both(tmp_path, remembered):
    store = remembered(tmp_path, "a")
    put(tmp_path, recorded("c", 3, "b"))
    assert store.append(STREAM, batch("x"), 3) == 4
    put(tmp_path, recorded("b", 2, "a"))
    assert store.append(STREAM, batch("y"), 4) == 5
    (last,) = store.read(STREAM, 5)
    assert names_of([item for item in store.read(STREAM) if item.event.event_id in last.parents]) == "x"


@pytest.mark.positive
def test_an_append_reads_nothing_that_this_process_has_read_or_written(tmp_path, opened):
    store = given_store(tmp_path, "a b", "c")
    opened.clear()
    store.append(STREAM, batch("d"), 3)
    assert opened == []
    reader = open_store(tmp_path)
    reader.read(STREAM)
    opened.clear()
    reader.append(STREAM, batch("e"), 4)
    assert opened == []


@pytest.mark.positive
def test_an_append_reads_what_is_new_and_that_once(tmp_path, opened, remembered):
    store = remembered(tmp_path, "a b", "c")
    new = put(tmp_path, recorded("s", 3, "b"))
    opened.clear()
    for version in (3, 4, 5):
        store.append(STREAM, batch(f"x{version}"), version)
    assert opened == [f"{FOLDER}/{new.name}"]


@pytest.mark.positive
@pytest.mark.usefixtures("watchable")
def test_a_long_folder_is_not_listed_by_who_appends_again_and_again(tmp_path, listed, opened):
    store = given_store(tmp_path)
    for version in range(LONG):
        store.append(STREAM, batch(f"a{version}"), version)
    listed.clear()
    for version in range(LONG, LONG + 5):
        store.append(STREAM, batch(f"a{version}"), version)
    assert len(listed) == 1
    other = open_store(tmp_path)
    other.append(STREAM, batch("b c"), LONG + 5)
    listed.clear()
    opened.clear()
    store.append(STREAM, batch("d"), LONG + 7)
    assert (listed, len(opened)) == ([], 1)
    assert store.read(STREAM)[-1].parents == ids("c")


@pytest.mark.edge
@pytest.mark.usefixtures("watchable")
def test_few_folders_are_watched_at_a_time(tmp_path, monkeypatch, listed):
    monkeypatch.setattr(known_streams, "LONG", 0)
    store = open_store(tmp_path)
    for version in range(4):
        for number in range(MOST_WATCHED + 1):
            store.append(stream(number), batch(f"a{version}"), version)
    listed.clear()
    for number in range(1, MOST_WATCHED + 1):
        store.append(stream(number), batch("b"), 4)
    assert listed == []
    store.append(stream(0), batch("b"), 4)
    assert len(listed) == 1


@pytest.mark.edge
def test_where_folders_cannot_be_watched_they_are_listed_and_it_is_tried_once(tmp_path, monkeypatch, listed):
    monkeypatch.setattr(known_streams, "LONG", 0)
    tried = []
    monkeypatch.setattr(event_files.EventFiles, "watch", lambda files, stream: tried.append(stream))
    store = open_store(tmp_path)
    for version in range(5):
        store.append(STREAM, batch(f"a{version}"), version)
    assert (len(listed), tried) == (4, [STREAM])


@pytest.mark.positive
def test_refusals_know_what_came_since(tmp_path, remembered):
    store = remembered(tmp_path, "a")
    open_store(tmp_path).append(STREAM, batch("b c"), 1)
    with pytest.raises(ConcurrencyError) as refusal:
        store.append(STREAM, batch("d"), 1)
    assert refusal.value.actual == 3
    assert store.append(STREAM, batch("b c"), 1) == 3


DAMAGE = {
    "a file cut short": (lambda folder: (folder / "00000002-0123456789ab.json").write_bytes(b"[{"), "not-json"),
    "a link in the place of a file": (
        lambda folder: (folder / "00000002-0123456789ab.json").symlink_to("/etc/hostname"),
        "symbolic-link",
    ),
    "a folder in the place of a file": (lambda folder: (folder / "00000002-0123456789ab.json").mkdir(), "not-a-file"),
    "a stray file": (lambda folder: (folder / "notes.txt").write_text("x"), "wrong-name"),
    "a link in the place of the folder": (
        lambda folder: (folder.rename(folder.with_name("away")), folder.symlink_to("away")),
        "symbolic-link",
    ),
    "a file in the place of the folder": (
        lambda folder: (shutil.rmtree(folder), folder.write_text("x")),
        "unreadable",
    ),
}


@pytest.mark.negative
@pytest.mark.parametrize(("damage", "code"), DAMAGE.values(), ids=DAMAGE)
def test_damage_that_came_since_is_refused_and_nothing_is_written(tmp_path, damage, code, remembered):
    store = remembered(tmp_path, "a")
    damage(tmp_path / "tree" / FOLDER)
    journal = len(list(store.journal.entries()))
    with pytest.raises(CorruptStreamError) as refusal:
        store.append(STREAM, batch("b"), 1)
    assert [problem.code for problem in refusal.value.problems] == [code]
    assert len(list(store.journal.entries())) == journal


@pytest.mark.negative
def test_a_known_id_with_other_content_is_refused_by_who_only_remembers_it(tmp_path):
    store = given_store(tmp_path, "a b")
    (event,) = batch("a")
    other = type(event)(event_id=event.event_id, occurred_at=MOMENT, actor=event.actor, text="other")
    with pytest.raises(IdempotencyError, match="other content"):
        store.append(STREAM, (other,), 2)


@pytest.mark.edge
def test_streams_beyond_those_that_are_remembered_are_read_anew(tmp_path, opened):
    store = open_store(tmp_path)
    for number in range(MOST + 1):
        store.append(stream(number), batch("a"), 0)
    store.append(stream(MOST), batch("b"), 1)
    assert opened == []
    store.append(stream(0), batch("b"), 1)
    assert len(opened) == 1
