"""The journal: every append of the clone, one line each, whatever happened to the lines around it (DESIGN 5)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jerry_git.infrastructure.persistence.disk import Disk
from jerry_git.infrastructure.persistence.journal import Journal, JournalEntry
from jerry_git.testing.histories import batch
from tests.infrastructure.processes import run
from tests.infrastructure.stores import FOLDER, STREAM, files, given_store, open_store

NOVEMBER = datetime(2026, 11, 23, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
A, B, C = (JournalEntry(f"{name}.json", f'["{name}", "größe"]\n') for name in "abc")


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal", Disk())


def entries(journal):
    return list(journal.entries())


@pytest.mark.positive
def test_entries_come_back_oldest_first_over_all_months(journal, tmp_path):
    journal.write(B, DECEMBER)
    journal.write(A, NOVEMBER)
    assert entries(journal) == [A, B]
    assert sorted(path.name for path in (tmp_path / "journal").iterdir()) == ["2026-11.jsonl", "2026-12.jsonl"]


@pytest.mark.positive
def test_a_withdrawn_append_is_passed_over_even_when_the_month_has_changed(journal):
    for entry in (A, B):
        journal.write(entry, NOVEMBER)
    journal.withdraw(A.path, DECEMBER)
    assert entries(journal) == [B]


@pytest.mark.positive
def test_an_append_that_was_withdrawn_and_made_again_counts(journal):
    journal.write(A, NOVEMBER)
    journal.withdraw(A.path, NOVEMBER)
    journal.write(A, NOVEMBER)
    assert entries(journal) == [A]


@pytest.mark.positive
def test_an_append_that_stands_twice_is_one_entry_the_last(journal):
    journal.write(A, NOVEMBER)
    journal.write(JournalEntry(A.path, "newer"), NOVEMBER)
    assert entries(journal) == [JournalEntry(A.path, "newer")]


@pytest.mark.positive
def test_every_append_of_a_store_is_in_the_journal_with_its_bytes(tmp_path):
    store = given_store(tmp_path, "a b", "c")
    written = {f"{FOLDER}/{path.name}": path.read_text() for path in files(tmp_path)}
    assert written.items() <= {entry.path: entry.text for entry in store.journal.entries()}.items()


@pytest.mark.positive
def test_processes_that_write_at_once_do_not_mix_their_lines(tmp_path):
    assert run("crowd", tmp_path, 4, 4, 8) == [0] * 4
    for file in (tmp_path / "private" / "journal").iterdir():
        lines = file.read_text().split("\n")[1:]
        assert len([json.loads(line) for line in lines]) == 4 * 8


@pytest.mark.positive
def test_there_are_no_entries_before_the_first_append(journal):
    assert entries(journal) == []


@pytest.mark.edge
@pytest.mark.parametrize("size", [1, 9, 30])
def test_the_torn_last_line_of_a_killed_writer_spoils_nobody_else(journal, tmp_path, size):
    journal.write(A, NOVEMBER)
    with (tmp_path / "journal" / "2026-11.jsonl").open("ab") as file:
        file.write(("\n" + json.dumps({"path": B.path, "text": B.text})).encode()[:size])
    assert entries(journal) == [A]
    journal.write(C, NOVEMBER)
    assert entries(journal) == [A, C]


@pytest.mark.negative
@pytest.mark.parametrize(
    "line",
    [b"", b"null", b"[1]", b"7", b"{}", b'{"path": 5, "text": "x"}', b'{"path": "x"}', b'{"withdrawn": 5}', b"\xff\xfe",
     b"[" * 100_000],
    ids=lambda line: repr(line[:12]),
)  # fmt: skip
def test_a_line_that_is_no_entry_is_passed_over(journal, tmp_path, line):
    journal.write(A, NOVEMBER)
    with (tmp_path / "journal" / "2026-11.jsonl").open("ab") as file:
        file.write(b"\n" + line)
    journal.write(B, NOVEMBER)
    assert entries(journal) == [A, B]


@pytest.mark.negative
def test_a_journal_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "journal").write_text("in the way")
    with pytest.raises(NotADirectoryError, match="Not a directory"):
        Journal(tmp_path / "journal", Disk()).write(A, NOVEMBER)


@pytest.mark.positive
def test_a_damaged_journal_stops_neither_reading_nor_appending(tmp_path):
    given_store(tmp_path, "a")
    (journal,) = Path(tmp_path / "private" / "journal").iterdir()
    journal.write_bytes(b"\x00\xff rubbish")
    store = open_store(tmp_path)
    assert store.append(STREAM, batch("b"), 1) == 2
    assert [Path(entry.path).name for entry in store.journal.entries()] == [files(tmp_path)[1].name]
