"""What every store of events promises for events that it is given twice (ADR-016): KurrentDB's rule made complete."""

# ruff: noqa: D102, S101 - the name of a test is its sentence, and assert its way to speak

from __future__ import annotations

import pytest

from jerry_domain.ports.event_store import ANY, NO_STREAM, IdempotencyError
from jerry_git.testing.histories import batch, ids
from jerry_git.testing.store_case import STREAM, StoreCase, events_of, rows

# The history is "a b" in one batch, then "c": version 3. Each row is a second append: events, expected version.
_KNOWN = {
    "a whole batch, expecting what it expected the first time": ("a b", NO_STREAM),
    "a whole batch, expecting the present version": ("a b", 3),
    "a whole batch, expecting anything": ("a b", ANY),
    "a whole batch, expecting a version there never was": ("a b", 99),
    "the last batch, expecting what it expected the first time": ("c", 2),
    "the last batch, expecting no stream": ("c", NO_STREAM),
    "part of a batch": ("b", 1),
    "parts of two batches": ("b c", 1),
    "two batches as one": ("a b c", NO_STREAM),
    "known events in another order": ("c a", 3),
}
_KNOWN_IN_PART = {
    "a known event before a new one, expecting the present version": ("c d", 3),
    "a known event before a new one, expecting what it expected the first time": ("c d", 2),
    "a known event before a new one, expecting anything": ("a d", ANY),
    "a known event after a new one": ("d c", 3),
    "a whole known history and a new event": ("a b c d", NO_STREAM),
    "a new event between two known ones, expecting a version there never was": ("a d b", 99),
}
_OTHER_CONTENT = {
    "other content, expecting what it expected the first time": ("a! b", NO_STREAM),
    "other content, expecting the present version": ("c!", 3),
    "other content, expecting anything": ("b!", ANY),
    "other content, expecting a version there never was": ("b!", 99),
    "other content beside a new event": ("c! d", 3),
}
_TWICE = {
    "a new event twice": ("d d", 3),
    "a new event twice, expecting anything": ("d e d", ANY),
    "a new event twice, once with other content": ("d d!", 3),
    "a known event twice": ("a a", NO_STREAM),
}
_NEW = {
    "expecting the present version": ("d", 3, 4),
    "expecting anything": ("d", ANY, 4),
    "two events": ("d e", 3, 5),
}

second_process = pytest.mark.parametrize(
    "second_process", [False, True], ids=["from the same process", "from a second process"]
)


class IdempotencyContract(StoreCase):
    """The history is "a b" in one batch, then "c", and then comes a second append."""

    @pytest.mark.positive
    @second_process
    @pytest.mark.parametrize(("names", "expected"), rows(_KNOWN))
    def test_known_events_succeed_and_nothing_is_written(
        self, names: str, expected: int, *, second_process: bool
    ) -> None:
        store = self.given("a b", "c")
        before = self.recorded()
        again = self.make_store() if second_process else store
        assert again.append(STREAM, batch(names), expected) == 3
        assert self.recorded() == before

    @pytest.mark.negative
    @second_process
    @pytest.mark.parametrize(("names", "expected"), rows({**_KNOWN_IN_PART, **_OTHER_CONTENT, **_TWICE}))
    def test_events_known_in_part_or_with_other_content_or_twice_are_refused_and_nothing_is_written(
        self, names: str, expected: int, *, second_process: bool
    ) -> None:
        store = self.given("a b", "c")
        before = self.recorded()
        again = self.make_store() if second_process else store
        with pytest.raises(IdempotencyError) as refusal:
            again.append(STREAM, batch(names), expected)
        assert refusal.value.stream == STREAM
        assert refusal.value.event_ids
        assert set(refusal.value.event_ids) <= set(ids(names))
        assert self.recorded() == before

    @pytest.mark.positive
    @second_process
    @pytest.mark.parametrize(("names", "expected", "version"), rows(_NEW))
    def test_new_events_are_written_after_the_known_ones(
        self, names: str, expected: int, version: int, *, second_process: bool
    ) -> None:
        store = self.given("a b", "c")
        again = self.make_store() if second_process else store
        assert again.append(STREAM, batch(names), expected) == version
        assert events_of(self.recorded()) == batch(f"a b c {names}")

    @pytest.mark.positive
    def test_an_append_whose_answer_was_lost_is_sent_again_long_after_others_have_appended(self) -> None:
        store = self.given("a")
        store.append(STREAM, batch("lost"), 1)
        other = self.make_store()
        for number in range(20):
            other.append(STREAM, batch(f"later{number}"), number + 2)
        assert store.append(STREAM, batch("lost"), 1) == 22
        assert len(self.recorded()) == 22
