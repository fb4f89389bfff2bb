"""Locks between processes: bounded waiting, freed by death, never by a fork or by removing a file (DESIGN 5)."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import time

import pytest
from filelock import FileLock, Timeout

from jerry_domain.ports.event_store import LockTimeoutError, StoreUnavailableError
from jerry_git.infrastructure.persistence.file_locks import FileLocks
from jerry_git.testing.histories import batch
from tests.infrastructure.processes import run, start
from tests.infrastructure.stores import OTHER_STREAM, STREAM, given_store, names_of, open_store


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock `l`."""
    with start("hold_a_lock", tmp_path, "l") as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.mark.positive
def test_a_lock_is_held_and_free_again(tmp_path):
    locks = FileLocks(tmp_path, 1)
    for _ in range(2):
        with locks.hold("l"):
            pass


@pytest.mark.positive
def test_locks_of_different_names_do_not_wait_for_each_other(tmp_path, holder):
    with FileLocks(tmp_path, 0.05).hold("m"):
        assert holder.poll() is None


@pytest.mark.positive
def test_a_waiter_gets_the_lock_when_the_holder_lets_go(tmp_path, holder):
    holder.stdin.close()
    with FileLocks(tmp_path, 10).hold("l"):
        assert (tmp_path / "l.lock").exists()


@pytest.mark.positive
def test_a_killed_holder_frees_the_lock(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    with FileLocks(tmp_path, 10).hold("l"):
        assert holder.wait(timeout=10) == -signal.SIGKILL


@pytest.mark.positive
def test_filelock_is_loaded_where_somebody_else_holds_the_lock(tmp_path, holder):
    """Loading it is felt in each command that writes (ADR-035)."""
    assert run("try_a_lock", tmp_path, "m") == [True, False]
    assert run("try_a_lock", tmp_path, "l") == [False, True]


@pytest.mark.positive
def test_the_lock_is_the_one_that_filelock_takes(tmp_path):
    """Whoever guards something by a `FileLock` on the same file is waited for, and waits."""
    other = FileLock(tmp_path / "l.lock", timeout=0)
    with other:
        assert run("try_a_lock", tmp_path, "l")[0] is False
    with FileLocks(tmp_path, 1).hold("l"), pytest.raises(Timeout):
        other.acquire()
    with other:
        pass


@pytest.mark.positive
def test_an_error_inside_frees_the_lock(tmp_path):
    locks = FileLocks(tmp_path, 0.05)
    with pytest.raises(ZeroDivisionError), locks.hold("l"):
        _ = 1 / 0
    with FileLocks(tmp_path, 0.05).hold("l"):
        pass


@pytest.mark.positive
def test_the_lock_files_are_never_removed(tmp_path):
    store = given_store(tmp_path, "a")
    kept = {path.name: path.stat().st_ino for path in (tmp_path / "private" / "locks").iterdir()}
    assert kept
    store.append(STREAM, batch("b"), 1)
    open_store(tmp_path).append(OTHER_STREAM, batch("c"), 1)
    assert {path.name: path.stat().st_ino for path in (tmp_path / "private" / "locks").iterdir()} == kept


@pytest.mark.positive
def test_reading_takes_no_lock_and_makes_no_file(tmp_path):
    store = open_store(tmp_path)
    store.read(STREAM)
    list(store.scan("work_item"))
    assert not (tmp_path / "private").exists()


@pytest.mark.negative
def test_waiting_ends_with_an_error_that_names_the_lock_and_the_time(tmp_path, holder):
    before = time.monotonic()
    with pytest.raises(LockTimeoutError) as refusal, FileLocks(tmp_path, 0.1).hold("l"):
        pass
    assert 0.1 <= time.monotonic() - before < 5
    assert (refusal.value.name, refusal.value.seconds) == ("l", 0.1)
    assert str(refusal.value) == "the lock 'l' was held by another process for more than 0.1 s"


@pytest.mark.negative
def test_an_append_that_waits_too_long_is_refused_and_writes_nothing_and_reading_does_not_wait(tmp_path):
    folder = tmp_path / "private" / "locks"
    store = open_store(tmp_path, locks=lambda: FileLocks(folder, 0.1))
    store.append(STREAM, batch("a"), 0)
    (lock,) = folder.iterdir()
    with start("hold_a_lock", folder, lock.stem) as process:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(LockTimeoutError):
            store.append(STREAM, batch("b"), 1)
        assert names_of(store.read(STREAM)) == "a"
        process.kill()
    assert store.append(STREAM, batch("b"), 1) == 2


@pytest.mark.negative
@pytest.mark.parametrize(
    "stand_in_the_way",
    [lambda folder: folder.write_text("x"), lambda folder: (folder / "l.lock").mkdir(parents=True)],
    ids=["a file where the folder should be", "a folder where the lock should be"],
)
def test_what_stands_in_the_way_of_a_lock_is_told(tmp_path, stand_in_the_way):
    stand_in_the_way(tmp_path / "locks")
    with (
        pytest.raises(StoreUnavailableError, match="cannot lock") as refusal,
        FileLocks(tmp_path / "locks", 1).hold("l"),
    ):
        pass
    assert refusal.value.path == str(tmp_path / "locks")


@pytest.mark.negative
def test_a_file_system_without_locks_is_told_and_not_made_do_with_marks_that_outlive_their_writer(
    tmp_path, monkeypatch
):
    """No such file system is at hand, so the system's call stands in for it."""

    def unsupported(descriptor, operation):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with pytest.raises(StoreUnavailableError, match="cannot lock"), FileLocks(tmp_path, 1).hold("l"):
        pass


@pytest.mark.edge
def test_a_fork_inside_neither_frees_the_lock_nor_keeps_it(tmp_path):
    free, held = 0, 1
    assert run("fork_while_holding", tmp_path) == {
        "before, with what was inherited": free,
        "another process": held,
        "a child that releases what it inherited": 0,
        "another process after that": held,
        "after the end, with a child still alive": free,
        "that child": 0,
        "after all, with what was inherited": free,
    }
