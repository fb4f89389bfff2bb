"""A process killed at any instant of an append leaves all of it or nothing (DESIGN 5)."""

from __future__ import annotations

import shutil
import signal

import pytest

from jerry_git.testing.histories import batch
from tests.infrastructure.processes import run
from tests.infrastructure.stores import FOLDER, OTHER_STREAM, STREAM, files, names_of, open_store, scanned


@pytest.fixture(scope="module", params=[[], ["a b", "c"]], ids=["a new stream", "a stream with history"])
def crashes(request, tmp_path_factory):
    """Folders in which an append of "x y" was killed at each step in turn; the last one completed."""
    folder = tmp_path_factory.mktemp("crashes")
    ends = run("crash_at_each_step", folder, request.param)
    assert ends == [-signal.SIGKILL] * (len(ends) - 1) + [0]
    return [folder / str(step) for step in range(len(ends))], " ".join(request.param)


@pytest.mark.positive
def test_an_append_has_many_steps_and_is_killed_at_each(crashes):
    folders, _ = crashes
    assert len(folders) > 15


@pytest.mark.positive
def test_after_a_kill_at_any_step_all_of_the_append_is_there_or_nothing(crashes):
    folders, before = crashes
    outcomes = [names_of(open_store(folder).read(STREAM)) for folder in folders]
    whole = f"{before} x y".strip()
    appeared = outcomes.index(whole)
    assert outcomes == [before] * appeared + [whole] * (len(outcomes) - appeared)
    assert appeared < len(outcomes) - 1


@pytest.mark.positive
def test_after_a_kill_at_any_step_no_torn_file_is_visible_and_other_streams_are_whole(crashes):
    for folder in crashes[0]:
        found = scanned(folder)
        assert found[OTHER_STREAM].problems == ()
        assert names_of(found[OTHER_STREAM].events) == "other"
        assert "" not in found
        assert STREAM not in found or (found[STREAM].events and not found[STREAM].problems)


@pytest.mark.positive
def test_after_a_kill_at_any_step_what_is_visible_is_in_the_journal(crashes):
    for folder in crashes[0]:
        journal = {entry.path: entry.text for entry in open_store(folder).journal.entries()}
        for path in (folder / "tree" / FOLDER).glob("[0-9]*.json"):
            assert journal[f"{FOLDER}/{path.name}"] == path.read_text()


@pytest.mark.positive
def test_after_a_kill_at_any_step_clearing_up_finishes_exactly_what_the_journal_has(crashes, tmp_path):
    """The journal's line is what makes an append certain (ADR-030): with it the event comes, without it nothing."""
    for step, folder in enumerate(crashes[0]):
        store = open_store(shutil.copytree(folder, tmp_path / str(step)))
        store.clear_leftovers(STREAM)
        written = {f"{FOLDER}/{path.name}" for path in (tmp_path / str(step) / "tree" / FOLDER).glob("*")}
        assert written == {entry.path for entry in store.journal.entries() if entry.path.startswith(FOLDER)}


@pytest.mark.positive
def test_after_a_kill_at_any_step_the_same_append_sent_again_succeeds_and_leaves_nothing_behind(crashes):
    folders, before = crashes
    version = len(before.split())
    for folder in folders:
        store = open_store(folder)
        assert store.append(STREAM, batch("x y"), version) == version + 2
        assert store.append(STREAM, batch("z"), version + 2) == version + 3
        assert names_of(store.read(STREAM)) == f"{before} x y z".strip()
        assert all(path.suffix == ".json" and path.name[0] != "." for path in files(folder))
        journal = {entry.path for entry in store.journal.entries()}
        assert {f"{FOLDER}/{path.name}" for path in files(folder)} <= journal


@pytest.mark.positive
def test_writers_killed_from_outside_at_random_lose_nothing_that_was_acknowledged(tmp_path):
    outcome = run("kill_at_random", tmp_path, 30, 20261123)
    assert outcome["faults"] == []
    assert outcome["acknowledged"] > 60
