"""Both stores behave like a dictionary of lists, whatever is asked of them in whatever order."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from jerry_domain.ports.event_store import ANY, ConcurrencyError, IdempotencyError
from jerry_git.infrastructure.persistence.in_memory_event_store import InMemoryEventStore
from jerry_git.testing.histories import CATEGORY, batch, stream
from tests.infrastructure.stores import names_of, open_store

STREAMS = [stream(number) for number in range(3)]
streams = st.sampled_from(STREAMS)
sizes = st.integers(1, 4)


class StoreModel(RuleBasedStateMachine):
    """Streams hold the names of their events; a name is never given twice unless a rule means to."""

    @initialize()
    def begin(self):
        self.model: dict[str, list[str]] = {}
        self.made = 0
        self.store = self.make_store()

    def make_store(self):
        raise NotImplementedError

    def held(self, name):
        return self.model.get(name, [])

    def new_names(self, size):
        self.made += size
        return [f"e{number}" for number in range(self.made - size, self.made)]

    @rule(name=streams, size=sizes, anything=st.booleans())
    def append(self, name, size, anything):
        names = self.new_names(size)
        expected = ANY if anything else len(self.held(name))
        self.model.setdefault(name, []).extend(names)
        assert self.store.append(name, batch(" ".join(names)), expected) == len(self.model[name])

    @rule(name=streams, size=sizes, version=st.integers(0, 12))
    def append_expecting_another_version(self, name, size, version):
        actual = len(self.held(name))
        expected = version if version != actual else actual + 1
        with pytest.raises(ConcurrencyError) as refusal:
            self.store.append(name, batch(" ".join(self.new_names(size))), expected)
        assert (refusal.value.expected, refusal.value.actual) == (expected, actual)

    @precondition(lambda self: any(self.model.values()))
    @rule(data=st.data(), expected=st.integers(-1, 30))
    def append_again(self, data, expected):
        name = data.draw(st.sampled_from([name for name in STREAMS if self.held(name)]))
        again = data.draw(st.lists(st.sampled_from(self.model[name]), min_size=1, max_size=4, unique=True))
        assert self.store.append(name, batch(" ".join(again)), expected) == len(self.model[name])

    @precondition(lambda self: any(self.model.values()))
    @rule(data=st.data(), expected=st.integers(-1, 30))
    def append_what_is_known_in_part_or_changed(self, data, expected):
        name = data.draw(st.sampled_from([name for name in STREAMS if self.held(name)]))
        known = data.draw(st.sampled_from(self.model[name]))
        wrong = data.draw(st.sampled_from([f"{known} new", f"new {known}", f"{known}!", f"{known} {known}", "new new"]))
        with pytest.raises(IdempotencyError):
            self.store.append(name, batch(wrong), expected)

    @rule(name=streams, expected=st.integers(-1, 30))
    def append_nothing(self, name, expected):
        assert self.store.append(name, (), expected) == len(self.held(name))

    @rule(name=streams, first=st.integers(1, 12), last=st.none() | st.integers(0, 12))
    def read_a_range(self, name, first, last):
        assert names_of(self.store.read(name, first, last)).split() == self.held(name)[first - 1 : last]

    @rule()
    def open_another_process(self):
        self.store = self.make_store()

    @invariant()
    def every_stream_is_as_in_the_model(self):
        scans = list(self.store.scan(CATEGORY))
        assert {scan.stream: names_of(scan.events).split() for scan in scans} == self.model
        for scan in scans:
            assert not scan.problems
            assert self.store.get_version(scan.stream) == len(self.model[scan.stream])
            assert [item.version for item in scan.events] == list(range(1, len(scan.events) + 1))


class InMemoryModel(StoreModel):
    def make_store(self):
        self.only = getattr(self, "only", None) or InMemoryEventStore()
        return self.only


class FileSystemModel(StoreModel):
    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()

    def make_store(self):
        return open_store(Path(self.folder.name))

    def teardown(self):
        self.folder.cleanup()


@pytest.mark.positive
class TestInMemoryModel(InMemoryModel.TestCase):
    settings = settings(max_examples=30, stateful_step_count=25, deadline=None)


@pytest.mark.positive
class TestFileSystemModel(FileSystemModel.TestCase):
    settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
