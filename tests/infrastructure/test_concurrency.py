"""Many processes at once: exactly one wins, and with retry nobody loses anything (DESIGN 5)."""

from __future__ import annotations

import pytest

from jerry_git.testing.histories import stream
from tests.infrastructure.processes import run
from tests.infrastructure.stores import names_of, open_store

PROCESSES = 8


@pytest.mark.positive
def test_of_8_simultaneous_appends_with_one_expected_version_exactly_one_wins(tmp_path):
    outcomes = run("race", tmp_path, 12, PROCESSES)
    assert [sorted(statuses) for statuses in outcomes] == [[0] + [1] * (PROCESSES - 1)] * 12
    for number, statuses in enumerate(outcomes):
        winner = str(statuses.index(0))
        assert names_of(open_store(tmp_path).read(stream(number))).split()[-1] == winner
        assert open_store(tmp_path).get_version(stream(number)) == number % 2 + 1


@pytest.mark.positive
def test_8_processes_with_retry_leave_no_gap_and_every_event_once(tmp_path):
    appends, streams = 24, 3
    assert run("crowd", tmp_path, streams, PROCESSES, appends) == [0] * PROCESSES
    store = open_store(tmp_path)
    histories = [store.read(stream(number)) for number in range(streams)]
    for history in histories:
        assert [item.version for item in history] == list(range(1, len(history) + 1))
        assert [item.parents for item in history[1:]] == [(item.event.event_id,) for item in history[:-1]]
    expected = {f"{who}-{number}" for who in range(PROCESSES) for number in range(appends)}
    found = [name for history in histories for name in names_of(history).split()]
    assert len(found) == len(set(found)) == PROCESSES * (appends + appends // 3)
    assert {name.rstrip("ab") for name in found} == expected


@pytest.mark.positive
def test_processes_that_watch_a_folder_know_each_append_of_the_others(tmp_path):
    assert run("watching_crowd", tmp_path, 4, 40) == [0] * 4
    history = open_store(tmp_path).read(stream(0))
    assert [item.version for item in history] == list(range(1, 161))
    assert [item.parents for item in history[1:]] == [(item.event.event_id,) for item in history[:-1]]


@pytest.mark.positive
def test_the_events_of_one_append_stay_together_in_a_crowd(tmp_path):
    run("crowd", tmp_path, 1, PROCESSES, 6)
    names = names_of(open_store(tmp_path).read(stream(0))).split()
    for place, name in enumerate(names):
        if name.endswith("a"):
            assert names[place + 1] == f"{name[:-1]}b"
