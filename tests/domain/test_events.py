"""Events are values: what they say is what they are."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from jerry_domain.events.work_item_events import CommentAdded, Deleted, LabelsAdded, Restored
from jerry_git.testing.histories import happened

SAID = happened(CommentAdded, "1", text="It works.")


@pytest.mark.positive
@pytest.mark.parametrize("event", [SAID, happened(Deleted, "1"), happened(LabelsAdded, "1", labels=("a", "b"))])
def test_an_event_is_equal_to_what_says_the_same(event):
    again = replace(event)
    assert again == event
    assert hash(again) == hash(event)
    assert again is not event


@pytest.mark.negative
@pytest.mark.parametrize(
    "other",
    [replace(SAID, text="It does not."), replace(SAID, event_id="2"), replace(SAID, session="night"), "It works."],
    ids=["another text", "another id", "another session", "no event"],
)
def test_an_event_differs_from_what_says_something_else(other):
    assert other != SAID


@pytest.mark.edge
def test_events_of_two_classes_differ_whatever_they_hold():
    deleted = happened(Deleted, "1")
    restored = Restored(**{name: getattr(deleted, name) for name in ("event_id", "occurred_at", "actor")})
    assert deleted != restored


@pytest.mark.positive
def test_an_event_shows_all_that_it_says():
    assert repr(SAID).startswith(f"CommentAdded(event_id={SAID.event_id!r}, occurred_at=datetime.datetime(")
    assert repr(SAID).endswith("text='It works.', author=None, written_at=None)")


@pytest.mark.negative
def test_an_event_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        SAID.text = "It does not."
