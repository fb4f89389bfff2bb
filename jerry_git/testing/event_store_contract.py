"""What every store of events promises, as tests: DESIGN 5 and the port `IEventStore`, word by word.

A store's own test module says

    class TestMyEventStore(EventStoreContract):
        @pytest.fixture(autouse=True)
        def storage(self, tmp_path): self.path = tmp_path

        def make_store(self): return MyEventStore(self.path)

and its pytest settings declare the marks `positive`, `negative` and `edge`.
"""

# ruff: noqa: D102, S101 - the name of a test is its sentence, and assert its way to speak

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest

from jerry_domain.ports.event_store import ANY, NO_STREAM, ConcurrencyError
from jerry_domain.services.causal_order import causal_order
from jerry_git.testing.histories import CATEGORY, ONE_OF_EACH, batch, ids, stream
from jerry_git.testing.idempotency_contract import IdempotencyContract
from jerry_git.testing.store_case import STREAM, events_of, rows

_CONFLICTS = {
    "no stream": NO_STREAM,
    "a version in the middle of a batch": 1,
    "the version before the last": 2,
    "one version too many": 4,
    "a version far ahead": 1_000_000,
}
_RANGES = {
    "all": (1, None, "a b c d e"),
    "from the second": (2, None, "b c d e"),
    "up to the third": (1, 3, "a b c"),
    "from the second to the fourth, both inclusive": (2, 4, "b c d"),
    "just the third": (3, 3, "c"),
}
_EMPTY_RANGES = {
    "beyond the end": (6, None),
    "the end before the beginning": (4, 2),
    "nothing up to version 0": (1, 0),
}


class EventStoreContract(IdempotencyContract):
    """Tests that a store inherits, those for events given twice included."""

    # --- versions

    @pytest.mark.positive
    def test_a_stream_that_does_not_exist_has_version_0_and_reads_as_empty(self) -> None:
        store = self.make_store()
        assert (store.get_version(STREAM), store.read(STREAM), list(store.scan(CATEGORY))) == (NO_STREAM, (), [])

    @pytest.mark.positive
    def test_an_append_returns_the_version_of_its_last_event(self) -> None:
        store = self.make_store()
        assert store.append(STREAM, batch("a b"), NO_STREAM) == 2
        assert store.append(STREAM, batch("c"), 2) == 3
        assert store.get_version(STREAM) == 3

    @pytest.mark.positive
    def test_versions_start_at_1_and_leave_no_gap(self) -> None:
        self.given("a", "b c d", "e")
        assert [item.version for item in self.recorded()] == [1, 2, 3, 4, 5]

    @pytest.mark.positive
    def test_expecting_anything_appends_to_a_new_stream_and_to_an_old_one(self) -> None:
        store = self.make_store()
        assert store.append(STREAM, batch("a"), ANY) == 1
        assert store.append(STREAM, batch("b c"), ANY) == 3

    @pytest.mark.positive
    def test_streams_are_apart(self) -> None:
        store = self.given("a b")
        assert store.append(stream(1), batch("c"), NO_STREAM) == 1
        assert (store.get_version(STREAM), store.get_version(stream(1))) == (2, 1)
        assert events_of(store.read(stream(1))) == batch("c")

    @pytest.mark.edge
    def test_an_event_id_is_known_in_its_own_stream_alone(self) -> None:
        store = self.given("a")
        assert store.append(stream(1), batch("a"), NO_STREAM) == 1

    # --- refusals

    @pytest.mark.negative
    @pytest.mark.parametrize("expected", _CONFLICTS.values(), ids=_CONFLICTS)
    def test_a_wrong_expected_version_is_refused_with_both_versions_and_nothing_is_written(self, expected: int) -> None:
        store = self.given("a b", "c")
        before = self.recorded()
        with pytest.raises(ConcurrencyError) as refusal:
            store.append(STREAM, batch("d e"), expected)
        assert (refusal.value.stream, refusal.value.expected, refusal.value.actual) == (STREAM, expected, 3)
        assert self.recorded() == before

    @pytest.mark.negative
    def test_a_version_of_a_stream_that_does_not_exist_is_refused_and_makes_no_stream(self) -> None:
        with pytest.raises(ConcurrencyError) as refusal:
            self.make_store().append(STREAM, batch("a"), 1)
        assert (refusal.value.expected, refusal.value.actual) == (1, NO_STREAM)
        assert list(self.make_store().scan(CATEGORY)) == []

    # --- what is recorded

    @pytest.mark.positive
    def test_an_event_of_every_kind_comes_back_as_it_was(self) -> None:
        self.make_store().append(STREAM, ONE_OF_EACH, NO_STREAM)
        assert events_of(self.recorded()) == ONE_OF_EACH

    @pytest.mark.positive
    def test_each_event_names_its_stream_and_all_name_one_source(self) -> None:
        self.given("a b", "c")
        assert {item.stream for item in self.recorded()} == {STREAM}
        assert len({item.source for item in self.recorded()}) == 1

    @pytest.mark.positive
    def test_the_first_event_has_no_parent_and_each_other_the_one_before_it(self) -> None:
        self.given("a b", "c", "d e")
        assert [item.parents for item in self.recorded()] == [(), *((key,) for key in ids("a b c d"))]

    @pytest.mark.positive
    def test_events_are_read_in_causal_order(self) -> None:
        self.given("a b", "c", "d e")
        assert self.recorded() == causal_order(reversed(self.recorded()))

    @pytest.mark.positive
    @pytest.mark.parametrize(("first", "last", "expected"), rows(_RANGES))
    def test_a_range_of_versions_is_read_with_both_its_ends(self, first: int, last: int | None, expected: str) -> None:
        store = self.given("a b", "c", "d e")
        assert events_of(store.read(STREAM, first, last)) == batch(expected)

    @pytest.mark.edge
    @pytest.mark.parametrize(("first", "last"), rows(_EMPTY_RANGES))
    def test_a_range_without_versions_reads_as_empty(self, first: int, last: int | None) -> None:
        assert self.given("a b", "c", "d e").read(STREAM, first, last) == ()

    @pytest.mark.positive
    def test_a_scan_gives_each_stream_of_its_category_once_by_name(self) -> None:
        store = self.make_store()
        for number in (2, 0, 1):
            store.append(stream(number), batch(f"a{number} b{number}"), NO_STREAM)
        store.append("other" + STREAM.removeprefix(CATEGORY), batch("x"), NO_STREAM)
        scans = list(self.make_store().scan(CATEGORY))
        assert [scan.stream for scan in scans] == [stream(0), stream(1), stream(2)]
        assert [scan.events for scan in scans] == [store.read(stream(number)) for number in range(3)]
        assert [scan.problems for scan in scans] == [(), (), ()]

    # --- going on from a checkpoint

    def checkpoint(self) -> str | None:
        """A checkpoint of the stream as it is; a store may have to wait for one, or have none at all."""
        for _ in range(50):
            found = self.make_store().resume(STREAM, None).checkpoint()
            if found is not None:
                return found
            sleep(0.02)
        return None

    @pytest.mark.positive
    @pytest.mark.parametrize("batches", [(), ("a b", "c")], ids=["no events", "three events"])
    def test_without_a_checkpoint_all_events_are_given(self, batches: tuple[str, ...]) -> None:
        found = self.given(*batches).resume(STREAM, None)
        assert (found.events, found.whole) == (self.recorded(), True)

    @pytest.mark.positive
    @pytest.mark.parametrize("later", [(), ("c",), ("c", "d e")], ids=["nothing", "one batch", "two batches"])
    def test_beyond_a_checkpoint_is_what_was_appended_since_or_everything(self, later: tuple[str, ...]) -> None:
        self.given("a", "b")
        checkpoint, before = self.checkpoint(), self.recorded()
        self.given(*later)
        found = self.make_store().resume(STREAM, checkpoint)
        assert (() if found.whole else before) + found.events == self.recorded()
        assert found.whole or checkpoint is not None

    @pytest.mark.positive
    def test_a_checkpoint_may_be_made_of_what_was_resumed(self) -> None:
        self.given("a")
        first = self.checkpoint()
        self.given("b")
        sleep(0.1)
        second = self.make_store().resume(STREAM, first).checkpoint()
        before = self.recorded()
        self.given("c")
        found = self.make_store().resume(STREAM, second)
        assert (() if found.whole else before) + found.events == self.recorded()

    @pytest.mark.edge
    def test_a_checkpoint_of_no_use_gives_everything(self) -> None:
        store = self.given("a", "b c", "d")
        longer = self.checkpoint()
        for checkpoint in ("", "nonsense", "[]", "{", "-1", "999"):
            assert store.resume(STREAM, checkpoint).whole
        store.append(stream(1), batch("x"), NO_STREAM)
        found = self.make_store().resume(stream(1), longer)
        assert (events_of(found.events), found.whole) == (batch("x"), True)

    # --- empty batches

    @pytest.mark.edge
    @pytest.mark.parametrize("expected", [NO_STREAM, 2, ANY, 99])
    def test_an_empty_batch_succeeds_whatever_it_expects_and_writes_nothing(self, expected: int) -> None:
        store = self.given("a b")
        before = self.recorded()
        assert store.append(STREAM, (), expected) == 2
        assert self.recorded() == before

    @pytest.mark.edge
    def test_an_empty_batch_makes_no_stream(self) -> None:
        assert self.make_store().append(STREAM, (), NO_STREAM) == NO_STREAM
        assert list(self.make_store().scan(CATEGORY)) == []

    # --- several processes

    @pytest.mark.positive
    def test_two_stores_see_each_others_appends(self) -> None:
        one, two = self.make_store(), self.make_store()
        one.append(STREAM, batch("a"), NO_STREAM)
        assert two.append(STREAM, batch("b"), 1) == 2
        assert one.append(STREAM, batch("c"), 2) == 3
        assert events_of(one.read(STREAM)) == events_of(two.read(STREAM)) == batch("a b c")
        assert one.get_version(STREAM) == two.get_version(STREAM) == 3

    @pytest.mark.negative
    def test_who_read_before_another_appended_is_refused_and_succeeds_after_reading_again(self) -> None:
        one, two = self.given("a"), self.make_store()
        seen = one.get_version(STREAM)
        two.append(STREAM, batch("b"), two.get_version(STREAM))
        with pytest.raises(ConcurrencyError) as refusal:
            one.append(STREAM, batch("c"), seen)
        assert (refusal.value.expected, refusal.value.actual) == (1, 2)
        assert one.append(STREAM, batch("c"), one.get_version(STREAM)) == 3
        assert events_of(self.recorded()) == batch("a b c")

    @pytest.mark.positive
    def test_of_several_appends_at_once_with_one_expected_version_exactly_one_wins(self) -> None:
        self.given("a")
        stores = [self.make_store() for _ in range(4)]
        barrier = Barrier(len(stores))

        def attempt(number: int) -> int:
            barrier.wait(timeout=10)
            try:
                return stores[number].append(STREAM, batch(f"t{number}"), 1)
            except ConcurrencyError as refusal:
                return -refusal.actual

        with ThreadPoolExecutor(len(stores)) as pool:
            outcomes = sorted(pool.map(attempt, range(len(stores))))
        assert outcomes == [-2, -2, -2, 2]
        assert [item.version for item in self.recorded()] == [1, 2]
