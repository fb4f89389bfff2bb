"""What items say is changed by one event each, and by none where it says so already."""

from __future__ import annotations

from datetime import date

import pytest

from jerry_domain.errors import InvalidValueError, ItemDeletedError, ParentTypeError
from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_git.application import commands
from tests.application.acting import events_of, given, history, state

CHANGES = {
    "title": (lambda s, name: commands.edit(s, name, title="Lexer"), "details_changed"),
    "description": (lambda s, name: commands.edit(s, name, description="Long."), "details_changed"),
    "type": (lambda s, name: commands.edit(s, name, work_type=WorkType.SPIKE), "details_changed"),
    "priority": (lambda s, name: commands.prioritize(s, name, Priority.LOW), "priority_changed"),
    "labels on": (lambda s, name: commands.label(s, name, add=["new"]), "labels_added"),
    "labels off": (lambda s, name: commands.label(s, name, remove=["old"]), "labels_removed"),
    "due": (lambda s, name: commands.set_due(s, name, date(2027, 1, 1)), "due_date_changed"),
    "no due": (lambda s, name: commands.set_due(s, name, None), "due_date_changed"),
    "estimate": (lambda s, name: commands.set_estimate(s, name, 30), "estimate_changed"),
    "no estimate": (lambda s, name: commands.set_estimate(s, name, None), "estimate_changed"),
    "assignee": (lambda s, name: commands.assign(s, name, "Grace"), "assignee_changed"),
    "no assignee": (lambda s, name: commands.assign(s, name, None), "assignee_changed"),
    "coverage": (lambda s, name: commands.measure(s, name, TestCoverage(percent=80), None), "quality_metrics_updated"),
    "tests": (
        lambda s, name: commands.measure(s, name, None, TestRatio(positive=1, negative=2, edge=3)),
        "quality_metrics_updated",
    ),
}


@pytest.fixture
def item(services):
    """An item that has something of everything."""
    (name,) = given(
        services, "Parser", labels=["old"], due=date(2026, 12, 24), estimate=60, assignee="Ada", description="Short."
    )
    return name


@pytest.mark.positive
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_one_event(services, item, change):
    act, event = CHANGES[change]
    outcome = act(services, item)
    assert events_of(outcome) == [event]
    assert outcome.after == state(services, item) != outcome.before


@pytest.mark.positive
@pytest.mark.parametrize("change", CHANGES)
def test_the_same_change_twice_is_written_once(services, item, change):
    act, _ = CHANGES[change]
    act(services, item)
    written = history(services, item)
    assert not act(services, item).changed
    assert history(services, item) == written


@pytest.mark.negative
@pytest.mark.parametrize("change", CHANGES)
def test_a_deleted_item_is_not_changed(services, item, change):
    commands.delete(services, item)
    with pytest.raises(ItemDeletedError):
        CHANGES[change][0](services, item)


@pytest.mark.positive
def test_labels_are_put_on_and_taken_off_in_one_command(services, item):
    outcome = commands.label(services, item, iter(["new"]), iter(["old"]))
    assert events_of(outcome) == ["labels_added", "labels_removed"]
    assert outcome.after.labels == {"new"}


@pytest.mark.positive
def test_every_comment_is_kept_with_its_author(services, item):
    commands.comment(services, item, "Half of it works")
    commands.comment(services.of("Grace"), item, "Half of it works")
    said = [(comment.author, comment.text) for comment in state(services, item).comments]
    assert said == [
        ("Ada <ada@example.org>", "Half of it works"),
        ("Grace <grace@example.org>", "Half of it works"),
    ]


@pytest.mark.positive
def test_metrics_that_are_not_named_stay_as_they_were(services, item):
    commands.measure(services, item, TestCoverage(percent=80), TestRatio(positive=1, negative=2, edge=3))
    after = commands.measure(services, item, None, TestRatio(positive=4, negative=5, edge=6)).after
    assert (after.coverage, after.tests) == (TestCoverage(percent=80), TestRatio(positive=4, negative=5, edge=6))


@pytest.mark.negative
@pytest.mark.parametrize("words", ["", " \n", "\0"])
def test_a_comment_without_words_is_refused(services, item, words):
    with pytest.raises(InvalidValueError):
        commands.comment(services, item, words)


@pytest.mark.negative
def test_a_type_that_does_not_fit_the_parent_is_refused(services):
    given(services, "Epic", work_type=WorkType.EPIC)
    given(services, "Story", work_type=WorkType.STORY, parent="WORK-1")
    with pytest.raises(ParentTypeError):
        commands.edit(services, "WORK-2", work_type=WorkType.SUBTASK)


@pytest.mark.negative
def test_a_type_that_does_not_fit_a_child_is_refused(services):
    given(services, "Story", work_type=WorkType.STORY)
    given(services, "Task", parent="WORK-1")
    with pytest.raises(ParentTypeError):
        commands.edit(services, "WORK-1", work_type=WorkType.BUG)


@pytest.mark.positive
def test_a_type_that_fits_parent_and_children_is_taken(services):
    given(services, "Epic", work_type=WorkType.EPIC)
    given(services, "Story", work_type=WorkType.STORY, parent="WORK-1")
    given(services, "Task", parent="WORK-2")
    assert commands.edit(services, "WORK-2", work_type=WorkType.EPIC).after.work_type is WorkType.EPIC
