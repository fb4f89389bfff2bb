"""Ids that nobody has made before, and numbers that the whole clone counts (PAT-006, DESIGN 4)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from jerry_domain.errors import InvalidValueError
from jerry_domain.ports.event_store import LockTimeoutError, StoreUnavailableError
from jerry_domain.value_objects.work_item_id import EPOCH
from jerry_git.infrastructure.adapters.identity import FileNumbers, SnowflakeIds, SystemClock
from jerry_git.infrastructure.persistence.file_locks import FileLocks
from tests.infrastructure.processes import run

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class HandSetClock:
    """Shows what it is set to."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def made(ids, count):
    return [ids.item_id() for _ in range(count)]


@pytest.fixture
def numbers(tmp_path):
    return FileNumbers(tmp_path / "number.json", FileLocks(tmp_path / "locks", 1))


# --- ids


@pytest.mark.positive
def test_an_id_tells_when_it_was_made():
    assert SnowflakeIds(HandSetClock()).item_id().created_at == NOON


@pytest.mark.positive
def test_8_forked_workers_make_5000_ids_each_without_a_duplicate(tmp_path):
    assert run("snowflakes", tmp_path, 8, 5000) == [0] * 8
    files = [(tmp_path / str(who)).read_text().split("\n") for who in range(8)]
    assert len({text for file in files for text in file}) == 8 * 5000
    assert all(file == sorted(set(file)) for file in files)


@pytest.mark.positive
def test_ids_grow_while_the_clock_runs():
    clock = HandSetClock()
    ids = SnowflakeIds(clock)
    found = []
    for step in range(500):
        clock.moment = NOON + step * MILLISECOND / 3
        found.append(ids.item_id())
    numbers = [item.number for item in found]
    assert numbers == sorted(set(numbers))
    assert [str(item) for item in found] == sorted(str(item) for item in found)


@pytest.mark.positive
def test_ids_grow_over_a_clock_that_steps_back():
    clock = HandSetClock()
    ids = SnowflakeIds(clock)
    found = made(ids, 3)
    clock.moment = NOON - timedelta(hours=1)
    found += made(ids, 600)
    clock.moment = NOON + MILLISECOND
    found += made(ids, 3)
    numbers = [item.number for item in found]
    assert numbers == sorted(set(numbers))


@pytest.mark.positive
def test_a_burst_in_one_millisecond_lets_the_time_run_on():
    found = made(SnowflakeIds(HandSetClock()), 1000)
    numbers = [item.number for item in found]
    assert numbers == sorted(set(numbers))
    ahead = found[-1].created_at - NOON
    assert 3 * MILLISECOND <= ahead <= 4 * MILLISECOND


@pytest.mark.positive
def test_after_a_restart_in_the_same_millisecond_no_id_comes_twice():
    draws = iter([11, 5, 12, 5])
    before = made(SnowflakeIds(HandSetClock(), lambda below: next(draws)), 200)
    after = made(SnowflakeIds(HandSetClock(), lambda below: next(draws)), 200)
    assert set(before).isdisjoint(after)


@pytest.mark.positive
def test_the_sequence_begins_anew_at_random_in_each_millisecond():
    clock = HandSetClock()
    asked = []
    ids = SnowflakeIds(clock, lambda below: asked.append(below) or 7)
    for step in range(3):
        clock.moment = NOON + step * MILLISECOND
        ids.item_id()
    assert asked == [1 << 14, 128, 128, 128]


@pytest.mark.edge
def test_the_last_sequence_number_of_a_millisecond_is_used_before_the_time_runs_on():
    ids = SnowflakeIds(HandSetClock(), lambda below: below - 1)
    found = made(ids, 130)
    assert [item.created_at for item in found] == [NOON] * 129 + [NOON + MILLISECOND]


@pytest.mark.edge
def test_the_first_millisecond_there_is_has_ids():
    assert SnowflakeIds(HandSetClock(EPOCH)).item_id().created_at == EPOCH


@pytest.mark.negative
def test_a_clock_that_shows_a_time_before_ids_began_is_refused():
    with pytest.raises(InvalidValueError, match="does not fit"):
        SnowflakeIds(HandSetClock(EPOCH - timedelta(days=1))).item_id()


@pytest.mark.positive
def test_command_ids_are_all_different():
    ids = SnowflakeIds(HandSetClock())
    assert len({ids.command_id() for _ in range(100)}) == 100


@pytest.mark.positive
def test_the_clock_tells_utc_in_whole_milliseconds():
    before = datetime.now(UTC) - MILLISECOND
    moment = SystemClock().now()
    assert before <= moment <= datetime.now(UTC)
    assert (moment.tzinfo, moment.microsecond % 1000) == (UTC, 0)


# --- numbers


@pytest.mark.positive
def test_numbers_begin_at_1_and_go_on_after_a_restart(tmp_path, numbers):
    assert list(numbers.allot(2, 0)) == [1, 2]
    again = FileNumbers(tmp_path / "number.json", FileLocks(tmp_path / "locks", 1))
    assert list(again.allot(1, 0)) == [3]


@pytest.mark.positive
def test_numbers_lie_above_all_that_were_seen_in_the_log(numbers):
    assert list(numbers.allot(1, 41)) == [42]
    assert list(numbers.allot(1, 7)) == [43]


@pytest.mark.positive
def test_processes_share_one_counter(tmp_path):
    assert run("numbers", tmp_path, 8, 10) == [0] * 8
    drawn = [list(map(int, (tmp_path / str(who)).read_text().split())) for who in range(8)]
    assert sorted(number for numbers in drawn for number in numbers) == list(range(1, 8 * 15 + 1))
    assert all(numbers == sorted(numbers) for numbers in drawn)


@pytest.mark.positive
def test_drawing_no_number_writes_nothing(tmp_path, numbers):
    assert list(numbers.allot(0, 5)) == []
    assert not (tmp_path / "number.json").exists()


@pytest.mark.edge
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"true", b"-5", b"1.5", b'"7"', b"[7]", b"\xff", b"1" * 5000, b"1000000000", b"[" * 10**5],
    ids=lambda content: repr(content[:12]),
)
def test_a_damaged_counter_counts_as_lost_and_what_was_seen_in_the_log_still_holds(tmp_path, numbers, content):
    (tmp_path / "number.json").write_bytes(content)
    assert list(numbers.allot(1, 12)) == [13]
    assert list(numbers.allot(1, 0)) == [14]


@pytest.mark.positive
def test_what_a_killed_process_left_of_the_counter_is_written_over(tmp_path, numbers):
    numbers.allot(3, 0)
    (tmp_path / "number.tmp").write_text("9")
    assert list(numbers.allot(1, 0)) == [4]
    assert not (tmp_path / "number.tmp").exists()


@pytest.mark.negative
def test_a_counter_that_cannot_be_written_is_told(tmp_path, numbers):
    (tmp_path / "number.json").mkdir()
    with pytest.raises(StoreUnavailableError, match=r"number\.json: cannot be written: Is a directory"):
        numbers.allot(1, 0)


@pytest.mark.negative
def test_waiting_for_the_counter_ends(tmp_path):
    impatient = FileNumbers(tmp_path / "number.json", FileLocks(tmp_path, 0.05))
    holding, done = threading.Event(), threading.Event()

    def hold():
        with FileLocks(tmp_path, 1).hold("numbers"):
            holding.set()
            done.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(20)
    try:
        with pytest.raises(LockTimeoutError):
            impatient.allot(1, 0)
    finally:
        done.set()
        thread.join()
    assert not (tmp_path / "number.json").exists()
