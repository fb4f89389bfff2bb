"""What is old enough to be put away, and what that would save (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from jerry_git.application import archiving, commands
from jerry_git.application.archiving import Progress, PutAway, Size, old, statistics
from tests.application.acting import CANCELLED, DONE, IN_PROGRESS, at, board, internal
from tests.application.fakes import NOON, Services

LATER = NOON + timedelta(days=100)


@dataclass
class Room:
    """A storeroom in memory: a hundred bytes a file, a file a stream."""

    kept: Sequence[str] = ()
    taken: list[str] = field(default_factory=list)
    changed: Sequence[str] = ()

    def put_away(self, streams: Sequence[str], progress: Progress) -> PutAway:
        self.taken += progress(streams)
        return PutAway(streams=tuple(streams), files=("a",), archives=("b",))

    def streams(self) -> int:
        return len(self.sizes())

    def sizes(self) -> Mapping[str, Size]:
        return {stream: Size(files=1, content=100, disk=4096) for stream in self.kept}

    def uncommitted(self) -> Sequence[str]:
        return self.changed

    def archives(self) -> Size:
        return Size(files=1, content=50, disk=4096)

    def archived(self) -> int:
        return 7


@pytest.mark.positive
def test_what_is_closed_and_silent_for_long_is_old(services: Services) -> None:
    at(services, DONE, "Done")
    at(services, CANCELLED, "Cancelled")
    at(services, IN_PROGRESS, "Going")
    deleted = at(services, IN_PROGRESS, "Deleted")
    commands.delete(services, deleted)
    assert [state.title for state in old(board(services), LATER)] == ["Done", "Cancelled", "Deleted"]


@pytest.mark.positive
@pytest.mark.parametrize(("closed", "told"), [(1, 0), (2, 2), (3, 3)], ids=["few", "just as many", "more"])
def test_many_closed_items_with_files_are_told(
    services: Services, monkeypatch: pytest.MonkeyPatch, closed: int, told: int
) -> None:
    """Of open ones the files are needed."""
    monkeypatch.setattr(archiving, "MANY", 2)
    at(services, IN_PROGRESS, "Going")
    assert archiving.crowd(board(services), Room(kept=["a", "b", "c", "d"][: closed + 1])) == told


@pytest.mark.edge
def test_a_word_about_a_closed_item_keeps_it(services: Services) -> None:
    name = at(services, DONE)
    services.clock.advance(days=50)
    commands.comment(services, name, "still of interest")
    assert old(board(services), NOON + timedelta(days=50)) == ()
    assert len(old(board(services), NOON + timedelta(days=51))) == 1


@pytest.mark.positive
def test_what_is_old_is_handed_over(services: Services) -> None:
    name = at(services, DONE)
    at(services, IN_PROGRESS)
    room = Room()
    done = archiving.put_away(board(services), room, LATER, list)
    assert room.taken == list(done.streams) == [f"work_item-{internal(services, name)}"]


@pytest.mark.positive
def test_statistics_count_by_month_and_tell_the_saving(services: Services) -> None:
    done, going = (internal(services, at(services, status)) for status in (DONE, IN_PROGRESS))
    archived = internal(services, at(services, DONE))
    told = statistics(board(services), Room([f"work_item-{key}" for key in (done, going)]), LATER)
    assert (told.items, told.is_open, told.archivable, told.archived) == (3, 1, 1, 7)
    assert told.saving == Size(files=1, content=100, disk=4096)
    assert told.files == Size(files=2, content=200, disk=8192)
    assert told.months == {"2026-03": (3, told.files)}
    assert archived not in (done, going)


@pytest.mark.negative
def test_what_is_not_committed_as_it_stands_is_not_counted_as_saved(services: Services) -> None:
    keys = [internal(services, at(services, DONE)) for _ in range(2)]
    streams = [f"work_item-{key}" for key in keys]
    told = statistics(board(services), Room(streams, changed=streams[1:]), LATER)
    assert (told.archivable, told.saving.files, told.kept) == (1, 1, tuple(streams[1:]))


@pytest.mark.edge
def test_what_was_put_away_month_by_month_is_one_result() -> None:
    one, other = PutAway(streams=("a",), kept=("c",)), PutAway(streams=("b",), files=("f",), archives=("g",))
    assert one + other == PutAway(streams=("a", "b"), files=("f",), archives=("g",), kept=("c",))
