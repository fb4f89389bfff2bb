"""Snapshots in the projection's database: kept, replaced, and lost without harm (ADR-012)."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from jerry_domain.aggregates.work_item_state import FOLD_VERSION, WorkItemState
from jerry_domain.ports.snapshot_store import Snapshot
from jerry_git.application import commands
from jerry_git.bootstrap import bootstrap
from jerry_git.infrastructure.persistence import event_files
from jerry_git.infrastructure.persistence.in_memory_snapshots import InMemorySnapshots
from jerry_git.infrastructure.persistence.projection import projection_file
from jerry_git.infrastructure.persistence.snapshots import SqliteSnapshots
from jerry_git.testing.histories import item_id, stream
from tests.infrastructure.repositories import ADA
from tests.infrastructure.trackers import tracker

SNAPSHOT = Snapshot(
    stream=stream(), version=60, checkpoint="so far", schema=FOLD_VERSION, state=WorkItemState(item_id=item_id(0))
)


@pytest.fixture(params=["in SQLite", "in memory"])
def snapshots(request, tmp_path):
    return SqliteSnapshots(tmp_path) if request.param == "in SQLite" else InMemorySnapshots()


@pytest.mark.positive
def test_a_snapshot_is_loaded_as_it_was_saved(snapshots):
    assert snapshots.load(stream(), FOLD_VERSION) is None
    snapshots.save(SNAPSHOT)
    assert snapshots.load(stream(), FOLD_VERSION) == SNAPSHOT
    assert snapshots.load(stream(1), FOLD_VERSION) is None


@pytest.mark.positive
def test_a_new_snapshot_takes_the_place_of_the_old_one(snapshots):
    later = replace(SNAPSHOT, version=110, checkpoint="further")
    snapshots.save(SNAPSHOT)
    snapshots.save(later)
    assert snapshots.load(stream(), FOLD_VERSION) == later


@pytest.mark.positive
def test_a_snapshot_of_another_fold_is_not_there(snapshots):
    snapshots.save(SNAPSHOT)
    assert snapshots.load(stream(), FOLD_VERSION + 1) is None


def damage_state(file):
    with sqlite3.connect(file) as database:
        database.execute("UPDATE snapshots SET state = '[1, 2]'")


LOSSES = {
    "the database is gone": lambda file: file.unlink(),
    "it is no database": lambda file: file.write_bytes(b"not a database, though it is as long as the head of one" * 20),
    "a folder stands in its place": lambda file: (file.unlink(), file.mkdir()),
    "a state cannot be read": damage_state,
}


@pytest.mark.negative
@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES)
def test_losing_snapshots_raises_nothing(tmp_path, lose):
    SqliteSnapshots(tmp_path).save(SNAPSHOT)
    for suffix in ("-wal", "-shm"):
        file = Path(projection_file(str(tmp_path)))
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    lose(Path(projection_file(str(tmp_path))))
    assert SqliteSnapshots(tmp_path).load(stream(), FOLD_VERSION) is None
    SqliteSnapshots(tmp_path).save(SNAPSHOT)


@pytest.mark.edge
def test_where_no_folder_can_be_made_there_are_no_snapshots(tmp_path):
    (tmp_path / "jerry").write_text("in the way")
    SqliteSnapshots(tmp_path).save(SNAPSHOT)
    assert SqliteSnapshots(tmp_path).load(stream(), FOLD_VERSION) is None


@pytest.mark.positive
def test_a_command_on_an_item_with_many_events_reads_what_came_after_its_snapshot(tmp_path, monkeypatch):
    app = tracker(tmp_path / "work")
    item = app.board().pick("WORK-1").item_id
    for number in range(60):
        commands.comment(app, "WORK-1", f"said {number}")
    time.sleep(0.1)
    commands.comment(bootstrap(tmp_path / "work", ADA), "WORK-1", "once more")
    kept = bootstrap(tmp_path / "work", ADA).snapshots.load(f"work_item-{item}", FOLD_VERSION)
    assert kept.version >= 50  # which of them depends on how fast the comments came: a file that is young waits
    opened = []
    read = event_files.read_regular
    monkeypatch.setattr(event_files, "read_regular", lambda root, path: opened.append(path) or read(root, path))
    time.sleep(0.1)  # what is younger is read once more by the projection
    late = bootstrap(tmp_path / "work", ADA)
    late.board()
    opened.clear()
    outcome = commands.comment(late, "WORK-1", "and again")
    assert [int(path.split("/")[-1].split("-")[0]) for path in opened] == [*range(kept.version + 1, 63)]
    assert [said.text for said in outcome.after.comments][-3:] == ["said 59", "once more", "and again"]
    assert len(outcome.after.comments) == 62
