"""What all work trees of a clone are at, told from the journal alone (ADR-030)."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from jerry_domain.events.work_item_events import Claimed, ClaimReleased, StatusChanged
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.infrastructure.persistence.clone_activity import KEPT, CloneActivity
from jerry_git.infrastructure.persistence.journal import JournalEntry
from jerry_git.testing.histories import MOMENT, batch, happened, item_id, stream
from tests.infrastructure.stores import FOLDER, STREAM, files, open_store

LATER = MOMENT + timedelta(minutes=5)
HOUR = timedelta(hours=1)
ITEM = item_id(0)


def activity(folder):
    """As a new process would open it."""
    private = folder / "private"
    file = private / "cache" / "activity.sqlite"
    return CloneActivity(private / "journal", file, lambda: open_store(folder), lambda paths: paths)


def claimed(name="claim", claimant="Ada", session="one", until=MOMENT + HOUR):
    return happened(Claimed, name, claimant=claimant, claim_session=session, until=until)


def released(name="release", claimant="Ada", session="one"):
    return happened(ClaimReleased, name, claimant=claimant, claim_session=session)


def moved(name, to_status=WorkItemStatus.IN_PROGRESS):
    return happened(StatusChanged, name, from_status=WorkItemStatus.PENDING, to_status=to_status)


def append(folder, *events, tree="tree"):
    store = open_store(folder)
    store.append(STREAM, events, store.get_version(STREAM))


def holders(folder, now=LATER):
    found = activity(folder).claims(now).get(ITEM)
    return [] if found is None else [claim.claimant for claim in found.held.values()]


@pytest.mark.positive
def test_a_claim_runs_from_the_moment_that_it_is_in_the_journal(tmp_path):
    append(tmp_path, claimed())
    assert holders(tmp_path) == ["Ada"]
    (event_id,) = activity(tmp_path).claims(LATER)[ITEM].held
    assert event_id == claimed().event_id


@pytest.mark.positive
def test_a_claim_that_is_given_back_is_told_as_ended_until_it_would_have_run_out(tmp_path):
    append(tmp_path, claimed())
    append(tmp_path, released())
    found = activity(tmp_path).claims(LATER)[ITEM]
    assert (dict(found.held), found.ended) == ({}, frozenset({claimed().event_id}))
    assert activity(tmp_path).claims(MOMENT + HOUR) == {}


@pytest.mark.positive
def test_renewing_replaces_and_keeps_the_place_in_the_line(tmp_path):
    append(tmp_path, claimed())
    append(tmp_path, claimed("again", until=MOMENT + 3 * HOUR))
    (claim,) = activity(tmp_path).claims(LATER)[ITEM].held.values()
    assert (claim.until, claim.since) == (MOMENT + 3 * HOUR, MOMENT)


@pytest.mark.positive
def test_a_claim_ends_by_itself(tmp_path):
    append(tmp_path, claimed())
    assert holders(tmp_path, MOMENT + HOUR) == []


@pytest.mark.positive
def test_the_last_step_of_an_item_is_known_for_a_while(tmp_path):
    append(tmp_path, moved("start"))
    append(tmp_path, moved("finish", WorkItemStatus.DONE))
    step = activity(tmp_path).steps(LATER, [ITEM])[ITEM]
    assert (step.event_id, step.status) == (moved("finish").event_id, WorkItemStatus.DONE)
    assert step.path == f"{FOLDER}/{files(tmp_path)[-1].name}"
    assert activity(tmp_path).steps(MOMENT + KEPT, [ITEM]) == {}


@pytest.mark.positive
def test_only_what_was_added_is_read_again(tmp_path):
    append(tmp_path, claimed())
    assert holders(tmp_path) == ["Ada"]
    (journal,) = (tmp_path / "private" / "journal").iterdir()
    kept = journal.read_bytes()
    journal.write_bytes(b" " * len(kept))
    assert holders(tmp_path) == ["Ada"]
    append(tmp_path, claimed("other", claimant="Grace"))
    assert holders(tmp_path) == ["Ada", "Grace"]


@pytest.mark.positive
def test_an_append_that_was_withdrawn_never_was(tmp_path):
    append(tmp_path, claimed(), moved("start"))
    assert holders(tmp_path) == ["Ada"]
    store = open_store(tmp_path)
    store.journal.withdraw(f"{FOLDER}/{files(tmp_path)[-1].name}", datetime.now(UTC))
    assert (holders(tmp_path), activity(tmp_path).steps(LATER, [ITEM])) == ([], {})


@pytest.mark.positive
def test_a_journal_with_much_else_is_noted_as_read(tmp_path):
    store = open_store(tmp_path)
    for number in range(5):
        store.journal.write(JournalEntry(f"{number}.json", "x" * 80_000), datetime.now(UTC))
    assert activity(tmp_path).claims(LATER) == {}
    with sqlite3.connect(tmp_path / "private" / "cache" / "activity.sqlite") as database:
        (place,) = database.execute("SELECT place FROM offsets").fetchone()
    assert place > 5 * 80_000


@pytest.mark.positive
def test_a_claim_whose_writer_was_killed_after_the_journal_is_finished(tmp_path):
    append(tmp_path, claimed())
    (file,) = files(tmp_path)
    file.rename(file.with_name(f".{file.name}.4711.tmp"))
    store = open_store(tmp_path)
    assert store.read(STREAM) == ()
    activity(tmp_path).finish(LATER)
    assert [recorded.event for recorded in store.read(STREAM)] == [claimed()]


@pytest.mark.edge
def test_a_claim_on_another_branch_has_nothing_to_finish_here(tmp_path):
    append(tmp_path, claimed())
    (file,) = files(tmp_path)
    file.unlink()
    activity(tmp_path).finish(LATER)
    assert open_store(tmp_path).read(STREAM) == ()
    assert activity(tmp_path).existing(frozenset({"a"})) == {"a"}


@pytest.mark.negative
@pytest.mark.parametrize(
    "line",
    [
        b'\n{"path": "x", "text": "jerry.work_item.claimed',
        b'\n{"path": "x", "text": "[] jerry.work_item.claimed"}',
        b'\n["jerry.work_item.claimed"]',
        b'\n{"withdrawn": 7}',
        b"\n\xff jerry.work_item.claimed",
        b'\n{"text": "jerry.work_item.claimed"}',
    ],
)
def test_a_line_that_cannot_be_read_spoils_nothing(tmp_path, line):
    append(tmp_path, claimed())
    (journal,) = (tmp_path / "private" / "journal").iterdir()
    with journal.open("ab") as file:
        file.write(line)
    assert holders(tmp_path) == ["Ada"]
    append(tmp_path, claimed("other", claimant="Grace"))
    assert holders(tmp_path) == ["Ada", "Grace"]


@pytest.mark.negative
def test_a_place_that_cannot_be_written_costs_reading_and_nothing_else(tmp_path):
    append(tmp_path, claimed())
    (tmp_path / "private" / "cache").write_text("a file in the way")
    assert holders(tmp_path) == ["Ada"]
    assert holders(tmp_path) == ["Ada"]


@pytest.mark.edge
def test_a_journal_that_has_become_shorter_is_read_from_its_beginning(tmp_path):
    append(tmp_path, claimed())
    store = open_store(tmp_path)
    store.append(stream(1), batch("other"), 0)
    assert holders(tmp_path) == ["Ada"]
    (journal,) = (tmp_path / "private" / "journal").iterdir()
    first, *_ = journal.read_bytes().strip().splitlines()
    journal.write_bytes(b"\n" + first)
    assert holders(tmp_path) == ["Ada"]
