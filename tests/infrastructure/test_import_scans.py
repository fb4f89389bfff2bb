"""What is remembered of files: never older than the files, never broken for long, never in anybody's way."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import Step, finding
from jerry_git.application.checking.sources import Entry
from jerry_git.application.layers.imports import Scan
from jerry_git.application.layers.scans import DirectScans
from jerry_git.infrastructure.adapters.import_scans import RememberedScans
from tests.application.sources import MemorySource

FILES = {
    "a.py": b"import one\n",
    "b.py": b"from __future__ import annotations\nfrom .two import x as y\n",
    "c.py": b"try:\n    pass\nexcept A, B:\n    import three\nlazy import four\n",
    "tool": b"#!/usr/bin/env python3\nimport five\n",
    "LICENSE": b"You may import this.\n",
    "e.py": b"import importlib\nimportlib.import_module('six')\nimportlib.import_module(x) # jerry: allow[LES-002] y\n",
}
Read = dict[str, Scan | Problem | None]


def read(scans: RememberedScans | DirectScans, source: MemorySource, *, texts: bool = False) -> Read:
    return {entry.path: scan for entry, scan in scans.of(source, source.tracked(), texts=texts)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.mark.positive
def test_what_is_remembered_is_what_was_read(folder: Path) -> None:
    source = MemorySource(FILES)
    expected = read(DirectScans(), source)
    assert read(RememberedScans(folder), source) == expected
    source.read.clear()
    assert read(RememberedScans(folder), source) == expected
    assert source.read == []


@pytest.mark.positive
def test_one_file_that_changed_is_the_only_one_that_is_read(folder: Path) -> None:
    class Counting(MemorySource):
        def former(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
            self.read += [entry.path for entry in entries]
            return super().former(entries)

    read(RememberedScans(folder), MemorySource(FILES))
    source = Counting({**FILES, "b.py": b"import seven\n"})
    found = read(RememberedScans(folder), source)
    assert source.read == ["b.py"]
    assert [each.module for each in found["b.py"].imports] == ["seven"]  # type: ignore[union-attr]


@pytest.mark.positive
def test_the_same_content_under_a_name_that_is_python_and_one_that_is_not_are_two_things(folder: Path) -> None:
    same = {"a.py": b"import one\n", "a": b"import one\n"}
    for _ in range(2):
        found = read(RememberedScans(folder), MemorySource(same))
        assert (found["a"], found["a.py"] is None) == (None, False)


@pytest.mark.positive
def test_texts_are_remembered_apart(folder: Path) -> None:
    source = MemorySource({"a.py": b"x = 'shop.infrastructure.db'\n"})
    for texts in (False, True, False, True):
        (scan,) = read(RememberedScans(folder), source, texts=texts).values()
        assert len(scan.imports) == texts  # type: ignore[union-attr]


@pytest.mark.positive
def test_two_processes_read_very_many_as_one_does(folder: Path) -> None:
    source = MemorySource({f"m{number}.py": b"import one, two\n" * (number % 7) for number in range(40)})
    assert read(RememberedScans(folder, many=10), source) == read(DirectScans(), source)


@pytest.mark.positive
@pytest.mark.parametrize(
    "damage",
    [b"", b"\0\0\0", b"nonsense\nmore nonsense here\n", b"[" * 9999],
    ids=["empty", "null bytes", "nonsense", "nested"],
)
def test_a_damaged_memory_is_read_as_if_it_were_not_there(folder: Path, damage: bytes) -> None:
    source = MemorySource(FILES)
    read(RememberedScans(folder), source)
    (place,) = folder.iterdir()
    whole = place.read_bytes()
    for content in (damage, whole[:-20], whole + damage, whole.replace(b"[", b"{")):
        place.write_bytes(content)
        assert read(RememberedScans(folder), source) == read(DirectScans(), source)


@pytest.mark.negative
def test_what_cannot_be_read_is_told_each_time_and_never_remembered(folder: Path) -> None:
    broken = MemorySource({**FILES, "b.py": b"gone"})
    for _ in range(2):
        found = read(RememberedScans(folder), _Missing({**FILES, "b.py": b"gone"}))
        assert isinstance(found["b.py"], Problem)
        assert len(found) == len(FILES)
    assert broken.read == []


class _Missing(MemorySource):
    """Objects of which one is not here."""

    def former(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        yield from self.contents(entries)


@pytest.mark.negative
def test_where_nothing_can_be_written_everything_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    scans = RememberedScans(tmp_path / "cache")
    assert read(scans, MemorySource(FILES)) == read(DirectScans(), MemorySource(FILES))
    scans.keep("k", [])
    assert scans.report("k") is None


@pytest.mark.positive
def test_a_report_is_remembered_with_everything_that_is_in_it(folder: Path) -> None:
    steps = (Step(path="a.py", line=1, column=2, message="a imports b"),)
    found = (
        finding("layer-chain", "wörds", "mend", "a.py", 1, column=2, steps=steps),
        finding("layer-unread", "words", "mend", "\udcff.py"),
    )
    RememberedScans(folder).keep("key", found)
    assert RememberedScans(folder).report("key") == found
    assert RememberedScans(folder).report("other") is None


@pytest.mark.positive
@pytest.mark.parametrize("damage", ["", "[{}]", '[{"code": "nothing"}]', "{", "[1]", '{"a": 1}'])
def test_a_damaged_report_is_none(folder: Path, damage: str) -> None:
    scans = RememberedScans(folder)
    scans.keep("key", [finding("layer-unread", "words", "mend", "a.py")])
    (folder / "key.json").write_text(damage)
    assert scans.report("key") is None


@pytest.mark.positive
def test_old_reports_and_scans_make_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jerry_git.infrastructure.adapters.import_scans._SPARE", 5)
    scans = RememberedScans(folder)
    for number in range(40):
        scans.keep(f"key{number}", [])
        read(scans, MemorySource({"a.py": b"import a%d\n" % number}))
    assert len(list(folder.glob("*.json"))) == 32
    (place,) = folder.glob("*.lines")
    assert len(place.read_bytes().splitlines()) <= 10


def _work(folder: Path, seed: int) -> None:
    """Read random trees for ever."""
    chance = random.Random(seed)
    while True:
        names = chance.sample(range(60), 20)
        source = MemorySource({f"m{name}.py": b"import x%d\n" % name * 50 for name in names})
        scans = RememberedScans(folder)
        for path, scan in read(scans, source).items():
            assert isinstance(scan, Scan)
            assert {each.module for each in scan.imports} == {f"x{path[1:-3]}"}
        scans.keep(f"key{chance.randrange(5)}", [finding("layer-unread", "words" * 1000, "mend", "a.py")])
        for number in range(5):
            known = scans.report(f"key{number}")
            assert known is None or known[0].message == "words" * 1000


@pytest.mark.positive
def test_crowds_that_are_killed_at_any_moment_leave_nothing_that_lies(folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    chance = random.Random(5)
    for round_ in range(6):
        crowd = [context.Process(target=_work, args=(folder, 10 * round_ + number)) for number in range(4)]
        for worker in crowd:
            worker.start()
        time.sleep(chance.uniform(0.05, 0.3))
        states = [worker.exitcode for worker in crowd]
        for worker in crowd:
            os.kill(worker.pid or 0, signal.SIGKILL)
            worker.join()
        assert states == [None] * 4  # nobody had found a fault before
    source = MemorySource({f"m{name}.py": b"import x%d\n" % name * 50 for name in range(60)})
    assert read(RememberedScans(folder), source) == read(DirectScans(), source)


@pytest.mark.positive
def test_another_python_remembers_for_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(RememberedScans(folder), MemorySource(FILES))
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    read(RememberedScans(folder), MemorySource(FILES))
    assert len(list(folder.glob("*.lines"))) == 2
