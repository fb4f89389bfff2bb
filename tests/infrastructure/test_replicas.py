"""Every clone that has the same files says the same, in whatever order they came (DESIGN 6)."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.errors import DomainError
from jerry_domain.events.base import Stamp
from jerry_domain.services.divergence import divergences
from jerry_domain.value_objects.classification import Priority
from jerry_domain.value_objects.display_id import DisplayId
from jerry_git.application.board import Board
from jerry_git.application.folding import load_board
from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore
from jerry_git.testing.histories import MOMENT, item_id
from tests.infrastructure.stores import SOURCE

CLONES, ITEMS = 4, 2
WHERE = st.integers(0, CLONES - 1)
WRITE = st.tuples(st.just("write"), WHERE, st.integers(0, ITEMS - 1), st.integers(0, 9))
MERGE = st.tuples(st.just("merge"), WHERE, WHERE, st.just(0))
PICK = st.tuples(st.just("pick"), WHERE, WHERE, st.integers(0, 2**16))
"""A cherry-pick, a partial merge, or a rebase that was stopped: some of the files of another clone."""
LOSE = st.tuples(st.just("lose"), WHERE, st.just(0), st.integers(0, 2**16))
"""A branch that has some of the files only."""
STORIES = st.lists(st.one_of(WRITE, WRITE, WRITE, MERGE, PICK, LOSE), max_size=40)


@dataclass
class Clones:
    """Folders of event files, each with a store of its own."""

    folder: Path
    count: int = 0
    stores: list[FileSystemEventStore] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number in range(CLONES):
            root = self.root(number)
            root.mkdir(parents=True)
            self.stores.append(FileSystemEventStore(root, self.folder / f"private-{number}", SOURCE))
        for number in range(ITEMS):
            self.write(0, number, -1)
        for number in range(1, CLONES):
            self.take(number, self.files(0))

    def root(self, number: int) -> Path:
        return self.folder / f"clone-{number}"

    def files(self, number: int) -> dict[str, bytes]:
        root = self.root(number)
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.json"))}

    def take(self, number: int, files: dict[str, bytes]) -> None:
        for path, content in files.items():
            target = self.root(number) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

    def write(self, number: int, which: int, verb: int) -> None:
        """Give a command to an item as this clone knows it; a refusal writes nothing."""
        self.count += 1
        stream = f"work_item-{item_id(which)}"
        store = self.stores[number]
        history = store.read(stream)
        item = WorkItem.load_from_history(item_id(which), history)
        at = MOMENT + timedelta(minutes=self.count)
        stamp = Stamp(command_id=UUID(int=self.count), actor=f"Clone {number}", at=at, session=str(number))
        try:
            if verb < 0:
                item.create(stamp, display_id=DisplayId(prefix="WORK", number=which + 1), title="Item")
            elif verb == 0 and divergences(history):
                found = divergences(history)[0]
                item.settle(stamp, found, found.values[0])
            else:
                _command(item, stamp, verb, self.count)
        except DomainError:
            return
        store.append(stream, item.collect_events(), item.version)

    def play(self, kind: str, where: int, other: int, number: int) -> None:
        if kind == "write":
            self.write(where, other, number)
        elif kind == "merge":
            self.take(where, self.files(other))
        elif kind == "pick":
            self.take(where, _some(self.files(other), number))
        else:
            for path in _some(self.files(where), number):
                (self.root(where) / path).unlink()

    def board(self, number: int) -> Board:
        """As another process would read it."""
        return load_board(FileSystemEventStore(self.root(number), self.folder / "nowhere", SOURCE))


def _command(item: WorkItem, stamp: Stamp, verb: int, count: int) -> None:
    match verb:
        case 1:
            item.start(stamp)
        case 2:
            item.complete(stamp)
        case 3:
            item.cancel(stamp)
        case 4:
            item.edit(stamp, title=f"Title {count}")
        case 5:
            item.claim(stamp, stamp.at + timedelta(minutes=7))
        case 6:
            item.add_labels(stamp, [f"l{count % 3}"])
        case 7:
            item.remove_labels(stamp, [f"l{count % 3}"])
        case 8:
            item.prioritize(stamp, list(Priority)[count % 4])
        case _:
            item.delete(stamp) if count % 5 == 0 else item.comment(stamp, f"Words {count}")


def _some(files: dict[str, bytes], bits: int) -> dict[str, bytes]:
    """Those of the files whose bit is set."""
    return {path: files[path] for place, path in enumerate(sorted(files)) if bits >> place % 16 & 1}


@pytest.mark.positive
@settings(max_examples=60, deadline=None)
@given(STORIES, st.permutations(range(CLONES)))
def test_clones_with_the_same_files_have_the_same_board(
    story: list[tuple[str, int, int, int]], order: list[int]
) -> None:
    """In the middle of the story, and when each has met all others in an order of its own."""
    folder = Path(tempfile.mkdtemp())
    try:
        clones = Clones(folder)
        for step in story:
            clones.play(*step)
        _agree(clones)
        kept = [clones.files(number) for number in range(CLONES)]
        for number in range(CLONES):
            for other in order if number % 2 else reversed(order):
                clones.take(number, kept[other])
        assert len({tuple(clones.files(number).items()) for number in range(CLONES)}) == 1
        _agree(clones)
    finally:
        shutil.rmtree(folder)


def _agree(clones: Clones) -> None:
    boards: dict[tuple[str, ...], Board] = {}
    for number in range(CLONES):
        board = clones.board(number)
        assert board.problems == ()
        assert boards.setdefault(tuple(clones.files(number)), board) == board
