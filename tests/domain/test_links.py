"""How one item stands to others: its parent and what it leans on."""

from __future__ import annotations

from itertools import product

import pytest

from jerry_domain.aggregates.work_item import ParentFacts
from jerry_domain.errors import InvalidValueError, ParentTypeError
from jerry_domain.events.work_item_events import DependencyAdded, DependencyRemoved, ParentChanged
from jerry_domain.value_objects.classification import PARENT_TYPES, DependencyKind, WorkType
from tests.domain.builders import ITEM, OTHER, THIRD, created, happened
from tests.domain.given_when_then import given, refused

EPIC, STORY, TASK, SUBTASK, BUG, SPIKE = WorkType
FITTING = {
    *((child, EPIC) for child in (EPIC, STORY, TASK, BUG, SPIKE)),
    *((child, STORY) for child in (TASK, SUBTASK, BUG, SPIKE)),
    *((child, TASK) for child in (SUBTASK, BUG)),
    (SUBTASK, BUG),
    (SUBTASK, SPIKE),
}


def families(*, fitting):
    """Child and parent types that fit, or do not, each pair with a sentence for an id."""
    return [
        pytest.param(child, parent, id=f"{child} under {parent}")
        for child, parent in product(WorkType, repeat=2)
        if ((child, parent) in FITTING) is fitting
    ]


def leaning(target, kind=DependencyKind.BLOCKS):
    return happened(DependencyAdded, target=target, kind=kind)


@pytest.mark.positive
@pytest.mark.parametrize(("child", "parent"), families(fitting=True))
def test_an_item_moves_under_a_parent_of_a_type_that_makes_sense(child, parent):
    facts = ParentFacts(item_id=OTHER, work_type=parent)
    given(created(work_type=child)).when(lambda item, at: item.move_under(at, facts)).then(
        happened(ParentChanged, parent=OTHER)
    )


@pytest.mark.negative
@pytest.mark.parametrize(("child", "parent"), families(fitting=False))
def test_an_item_does_not_move_under_a_parent_of_another_type(child, parent):
    facts = ParentFacts(item_id=OTHER, work_type=parent)
    given(created(work_type=child)).when(lambda item, at: item.move_under(at, facts)).then(
        refused(ParentTypeError, item_type=child, parent_type=parent, allowed=PARENT_TYPES[child])
    )


@pytest.mark.positive
def test_an_item_moves_to_the_top():
    given(created(parent=OTHER)).when(lambda item, at: item.move_under(at, None)).then(
        happened(ParentChanged, parent=None)
    )


@pytest.mark.positive
@pytest.mark.parametrize(
    ("parent", "facts"),
    [
        pytest.param(None, None, id="at the top already"),
        pytest.param(OTHER, ParentFacts(item_id=OTHER, work_type=SPIKE), id="under that parent already"),
    ],
)
def test_moving_to_where_it_stands_changes_nothing(parent, facts):
    given(created(parent=parent)).when(lambda item, at: item.move_under(at, facts)).then_nothing()


@pytest.mark.positive
@pytest.mark.parametrize("kind", DependencyKind)
def test_an_item_leans_on_another(kind):
    given(created()).when(lambda item, at: item.depend_on(at, OTHER, kind)).then(leaning(OTHER, kind))


@pytest.mark.positive
def test_an_item_is_blocked_by_what_it_leans_on_unless_another_kind_is_named():
    given(created()).when(lambda item, at: item.depend_on(at, OTHER)).then(leaning(OTHER, DependencyKind.BLOCKS))


@pytest.mark.positive
def test_an_item_leans_on_one_other_in_several_ways():
    outcome = given(created(), leaning(OTHER), leaning(THIRD)).when(
        lambda item, at: item.depend_on(at, OTHER, DependencyKind.DUPLICATES)
    )
    outcome.then(leaning(OTHER, DependencyKind.DUPLICATES))
    assert outcome.item.state.targets(DependencyKind.BLOCKS) == (OTHER, THIRD)
    assert outcome.item.state.targets(DependencyKind.DUPLICATES) == (OTHER,)


@pytest.mark.positive
def test_an_item_leans_no_longer_in_the_way_named():
    given(created(), leaning(OTHER), leaning(OTHER, DependencyKind.RELATES_TO)).when(
        lambda item, at: item.stop_depending_on(at, OTHER, DependencyKind.RELATES_TO)
    ).then(happened(DependencyRemoved, target=OTHER, kind=DependencyKind.RELATES_TO))


@pytest.mark.positive
@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda item, at: item.depend_on(at, OTHER), id="leaning as before"),
        pytest.param(lambda item, at: item.stop_depending_on(at, THIRD), id="no longer on what it never leaned on"),
        pytest.param(
            lambda item, at: item.stop_depending_on(at, OTHER, DependencyKind.DUPLICATES), id="no longer in another way"
        ),
    ],
)
def test_leaning_as_it_does_already_changes_nothing(do):
    given(created(), leaning(OTHER)).when(do).then_nothing()


@pytest.mark.negative
@pytest.mark.parametrize("kind", DependencyKind)
def test_an_item_does_not_lean_on_itself(kind):
    given(created()).when(lambda item, at: item.depend_on(at, ITEM, kind)).then(
        refused(InvalidValueError, field="dependency", value="WORK-1")
    )
