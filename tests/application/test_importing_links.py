"""Importing: parents, dependencies, and what of them cannot be taken over."""

from __future__ import annotations

from itertools import permutations

import pytest

from jerry_domain.services.dependency_graph import find_cycles
from jerry_domain.value_objects.classification import DependencyKind, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application import commands
from tests.application.acting import board, state
from tests.application.fakes import DamagedStore, InterleavingStore, problem
from tests.application.foreign import blocks, bring, foreign, notes

EPIC, STORY, TASK = WorkType.EPIC, WorkType.STORY, WorkType.TASK


def parents(services) -> dict[str, str | None]:
    """Each item's parent, both by their ids in the other tracker."""
    items = board(services).items
    names = {key: item.imported[0].reference for key, item in items.items()}
    return {names[key]: names.get(item.parent) for key, item in items.items()}


def targets(services, reference: str) -> set[tuple[str, str]]:
    """An item's dependencies: kind, and the target by its id in the other tracker."""
    items = board(services).items
    names = {key: item.imported[0].reference for key, item in items.items()}
    (item,) = (item for item in items.values() if item.imported[0].reference == reference)
    return {(dependency.kind, names[dependency.target]) for dependency in item.dependencies}


@pytest.mark.positive
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_children_find_their_parents_in_any_order_of_the_file(services, order):
    family = [
        foreign("epic", work_type=EPIC),
        foreign("story", work_type=STORY, parent="epic"),
        foreign("task", parent="story"),
    ]
    assert notes(bring(services, *(family[place] for place in order))) == []
    assert parents(services) == {"epic": None, "story": "epic", "task": "story"}


@pytest.mark.positive
@pytest.mark.parametrize("kind", DependencyKind)
def test_dependencies_of_every_kind_lead_to_items_before_and_behind(services, kind):
    bring(
        services,
        foreign("a", dependencies=[(kind, "b")]),
        foreign("b"),
        foreign("c", dependencies=[(kind, "a"), (kind, "b")]),
    )
    assert targets(services, "a") == {(kind, "b")}
    assert targets(services, "c") == {(kind, "a"), (kind, "b")}


@pytest.mark.positive
def test_targets_are_saved_before_what_leads_to_them(services):
    saved = []
    services.store = InterleavingStore(services.store)
    append = services.store.append

    def noting(stream, events, expected_version):
        saved.append(events[0].title.removeprefix("Title of "))
        return append(stream, events, expected_version)

    services.store.append = noting
    bring(
        services,
        foreign("a", dependencies=blocks("b", "c")),
        foreign("b", dependencies=blocks("c")),
        foreign("c", parent="d"),
        foreign("d", work_type=STORY),
    )
    assert saved == ["d", "c", "b", "a"]


@pytest.mark.edge
def test_a_long_chain_needs_no_deep_stack(services):
    chain = [foreign(str(number), dependencies=blocks(str(number + 1))) for number in range(1500)]
    report = bring(services, *chain, foreign("1500"), dry_run=True)
    assert (len(report.added), report.notes) == (1501, [])


@pytest.mark.edge
def test_the_same_dependency_twice_is_one(services):
    bring(services, foreign("a", dependencies=blocks("b", "b")), foreign("b"))
    assert targets(services, "a") == {("blocks", "b")}


@pytest.mark.negative
def test_what_is_not_in_the_file_is_left_out_and_noted(services):
    report = bring(services, foreign("a", parent="gone", dependencies=[(DependencyKind.RELATES_TO, "lost")]))
    assert notes(report) == [
        (1, "a", "its parent gone is not in the file; left at the top"),
        (1, "a", "relates-to lost, which is not in the file: left out"),
    ]
    assert parents(services) == {"a": None}


@pytest.mark.negative
def test_a_ring_of_dependencies_is_cut_and_noted(services):
    report = bring(
        services,
        foreign("a", dependencies=blocks("b")),
        foreign("b", dependencies=blocks("c")),
        foreign("c", dependencies=blocks("a")),
    )
    ((line, reference, message),) = notes(report)
    assert (line, reference) == (3, "c")
    assert message.startswith("blocks a: left out, for these would wait for each other")
    assert find_cycles(board(services).items) == ()


@pytest.mark.negative
def test_a_ring_of_parents_is_cut_and_noted(services):
    report = bring(
        services,
        foreign("a", work_type=EPIC, parent="b"),
        foreign("b", work_type=EPIC, parent="c"),
        foreign("c", work_type=EPIC, parent="a"),
    )
    assert notes(report) == [(3, "c", "its parent a stands below it; left at the top")]
    assert parents(services) == {"a": "b", "b": "c", "c": None}


@pytest.mark.edge
def test_an_item_that_is_its_own_parent_or_blocker_is_not(services):
    report = bring(services, foreign("a", work_type=EPIC, parent="a", dependencies=blocks("a")))
    assert [message.partition(":")[0].partition(";")[0] for _, _, message in notes(report)] == [
        "its parent a stands below it",
        "blocks a",
    ]
    assert (parents(services), targets(services, "a")) == ({"a": None}, set())


@pytest.mark.negative
def test_a_type_that_cannot_stand_there_becomes_a_subtask(services):
    report = bring(services, foreign("story", work_type=STORY), foreign("epic", work_type=EPIC, parent="story"))
    assert notes(report) == [(2, "epic", "type epic under a story becomes subtask")]
    assert state(services, "WORK-2").work_type is WorkType.SUBTASK


@pytest.mark.negative
def test_what_nothing_can_stand_under_has_no_children(services):
    report = bring(
        services, foreign("story", work_type=STORY), foreign("sub", parent="story"), foreign("x", parent="sub")
    )
    assert notes(report) == [(3, "x", "type task under a task becomes subtask")]
    report = bring(services, foreign("y", parent="x"), foreign("x"), foreign("sub"), foreign("story"))
    assert notes(report) == [(1, "y", "type task cannot stand under a subtask; left at the top")]


@pytest.mark.negative
def test_a_parent_that_is_passed_over_leaves_its_children_at_the_top(services):
    report = bring(services, foreign("story", work_type=STORY, title=""), foreign("task", parent="story"))
    assert [reference for _, reference, _ in notes(report)] == ["story", "task"]
    assert parents(services) == {"task": None}


@pytest.mark.positive
def test_a_done_parent_may_keep_its_open_children(services):
    bring(services, foreign("story", work_type=STORY, status=WorkItemStatus.DONE), foreign("task", parent="story"))
    assert state(services, "WORK-1").status is WorkItemStatus.DONE


@pytest.mark.edge
def test_links_to_an_item_that_broke_since_are_left_out(services):
    bring(services, foreign("story", work_type=STORY))
    (broken,) = board(services).items
    services.store = DamagedStore(services.store, damaged={broken: problem()})
    report = bring(services, foreign("task", parent="story"))
    assert notes(report) == [(1, "task", "its parent story is not in the file; left at the top")]


@pytest.mark.positive
def test_a_link_to_an_item_deleted_here_is_kept(services):
    bring(services, foreign("a"))
    commands.delete(services, "WORK-1")
    assert notes(bring(services, foreign("b", dependencies=blocks("a")))) == []
    assert targets(services, "b") == {("blocks", "a")}
