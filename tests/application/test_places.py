"""What each place says of items: nobody is right, and all are shown (taskmd 12)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from jerry_domain.ports.event_store import StreamScan
from jerry_git.application import commands
from jerry_git.application.errors import ItemNotFoundError
from jerry_git.application.folding import load_board
from jerry_git.application.places import Place, over_branches, over_work_trees
from tests.application.acting import given
from tests.application.fakes import Services

HERE, THERE, OLD = Place(name="main", here=True), Place(name="topic"), Place(name="old")


@dataclass
class Shelf:
    """Places in memory: the streams of each."""

    trees: dict[Place, list[StreamScan]] = field(default_factory=dict)

    def work_trees(self):
        return list(self.trees.items())

    def branches(self):
        return {place: f"commit of {place.name}" for place in self.trees}

    def streams_on(self, stream, branches):
        return {place: scan for place in branches for scan in self.trees[place] if scan.stream == stream}

    def scans(self, commit):
        return next(scans for place, scans in self.trees.items() if commit.endswith(f" {place.name}"))


@pytest.fixture
def shelf():
    """Two items; on the topic the first one is started and there is a third; the old branch has nothing."""
    services = Services()
    given(services, "First", "Second")
    here = list(services.store.scan("work_item"))
    commands.start(services, "WORK-1")
    given(services, "Third")
    there = list(services.store.scan("work_item"))
    return Shelf({HERE: here, THERE: there, OLD: []})


def rows(sighting):
    return [(row.place.name, None if row.state is None else str(row.state.status)) for row in sighting.rows]


def board_here(shelf):
    services = Services()
    for scan in shelf.trees[HERE]:
        services.store.append(scan.stream, [recorded.event for recorded in scan.events], 0)
    return load_board(services.store)


@pytest.mark.positive
def test_a_row_for_each_work_tree_that_has_the_item(shelf):
    first, second, third = over_work_trees(shelf, lambda state: True)
    assert rows(first) == [("main", "pending"), ("topic", "in_progress")]
    assert rows(second) == [("main", "pending"), ("topic", "pending")]
    assert (third.name, rows(third)) == ("WORK-3", [("topic", "pending")])


@pytest.mark.positive
def test_an_item_that_is_wanted_in_one_place_is_shown_in_all(shelf):
    (found,) = over_work_trees(shelf, lambda state: state.status == "in_progress")
    assert rows(found) == [("main", "pending"), ("topic", "in_progress")]


@pytest.mark.positive
def test_every_branch_says_what_it_has_of_an_item(shelf):
    found = over_branches(shelf, board_here(shelf), "WORK-1")
    assert rows(found) == [("main", "pending"), ("topic", "in_progress"), ("old", None)]


@pytest.mark.positive
def test_an_item_of_another_branch_is_found_there(shelf):
    found = over_branches(shelf, board_here(shelf), "WORK-3")
    assert (found.name, rows(found)) == ("WORK-3", [("main", None), ("topic", "pending"), ("old", None)])


@pytest.mark.negative
def test_an_item_of_no_place_is_refused(shelf):
    with pytest.raises(ItemNotFoundError):
        over_branches(shelf, board_here(shelf), "WORK-9")


@pytest.mark.edge
def test_an_item_that_no_branch_has_yet_goes_by_its_internal_id(shelf):
    board = board_here(shelf)
    shelf.trees = {OLD: []}
    found = over_branches(shelf, board, "WORK-1")
    assert (found.name, rows(found)) == (found.item_id, [("old", None)])
