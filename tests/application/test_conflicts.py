"""Another writer between load and save: the command reads anew and decides anew, and nothing is lost (LES-003)."""

from __future__ import annotations

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.errors import IllegalTransitionError, InvalidValueError
from jerry_domain.ports.event_store import ConcurrencyError, CorruptStreamError
from jerry_domain.value_objects.classification import Priority
from jerry_git.application import commands, retry
from jerry_git.application.commands import Draft
from jerry_git.application.commands.handling import change, load, save
from jerry_git.application.errors import ItemNotFoundError
from tests.application.acting import CANCELLED, IN_PROGRESS, at, given, history, internal, state, versions
from tests.application.fakes import DamagedStore, InterleavingStore, Services, problem


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that retries made; none of them is waited for."""
    made: list[float] = []
    monkeypatch.setattr(retry.retrying, "__kwdefaults__", {"sleep": made.append, "jitter": lambda: 0.5})
    return made


def interleave(services: Services, *acts) -> InterleavingStore:
    """Let others act, one before each of the next appends."""
    services.store = InterleavingStore(services.store, list(acts))
    return services.store


@pytest.mark.positive
def test_a_change_beside_another_one_is_made_on_the_second_try(services, pauses):
    given(services, "Parser")
    other = services.of("Grace")
    store = interleave(services, lambda: commands.comment(other, "WORK-1", "Me first"))
    outcome = commands.start(services, "WORK-1")
    assert (store.appends, len(pauses)) == (2, 1)
    assert [comment.text for comment in outcome.before.comments] == ["Me first"]
    assert history(services, "WORK-1") == ["created", "comment_added", "status_changed"]
    assert versions(services, "WORK-1") == [1, 2, 3]


@pytest.mark.positive
def test_the_second_try_decides_anew_and_finds_its_effect_there(services, pauses):
    given(services, "Parser")
    other = services.of("Grace")
    interleave(services, lambda: commands.start(other, "WORK-1"))
    assert not commands.start(services, "WORK-1").changed
    assert history(services, "WORK-1") == ["created", "status_changed"]


@pytest.mark.negative
def test_the_second_try_decides_anew_and_refuses(services, pauses):
    given(services, "Parser")
    other = services.of("Grace")
    interleave(services, lambda: commands.cancel(other, "WORK-1"))
    with pytest.raises(IllegalTransitionError):
        commands.start(services, "WORK-1")
    assert state(services, "WORK-1").status is CANCELLED


@pytest.mark.positive
def test_what_was_refused_is_still_with_the_item(services):
    given(services, "Parser")
    item = load(services, internal(services, "WORK-1"))
    item.start(commands.new_stamp(services))
    pending = item.collect_events()
    commands.comment(services.of("Grace"), "WORK-1", "Me first")
    with pytest.raises(ConcurrencyError):
        save(services, item)
    assert item.collect_events() == pending
    assert item.version == 1


@pytest.mark.positive
def test_what_was_stored_has_left_the_item(services):
    given(services, "Parser")
    item = load(services, internal(services, "WORK-1"))
    item.start(commands.new_stamp(services))
    assert len(save(services, item)) == 1
    assert (item.collect_events(), item.version) == ((), 2)
    assert save(services, item) == ()


@pytest.mark.positive
def test_undo_takes_back_what_is_last_when_it_is_stored(services, pauses):
    name = at(services, IN_PROGRESS)
    other = services.of("Grace")
    interleave(services, lambda: commands.prioritize(other, name, Priority.LOW))
    outcome = commands.undo(services, name)
    assert [item.event.event_type.split(".")[-2] for item in outcome.undone] == ["priority_changed"]
    assert (outcome.after.priority, outcome.after.status) == (Priority.MEDIUM, IN_PROGRESS)


@pytest.mark.positive
def test_a_new_item_whose_id_is_taken_gets_another_one(services, pauses):
    ids = services.ids
    other = services.of("Grace")
    other.ids.start = ids.start + 1  # the next id of one is the next but one of the other

    def meanwhile():
        other.ids.items = ids.items - 2
        commands.create(other, Draft(title="Theirs"))

    interleave(services, meanwhile)
    outcome = commands.create(services, Draft(title="Mine"))
    assert outcome.after.title == "Mine"
    assert {state(services, name).title for name in ("WORK-1", "WORK-2")} == {"Mine", "Theirs"}


@pytest.mark.negative
def test_after_eight_tries_the_conflict_is_told(services, pauses):
    given(services, "Parser")
    other = services.of("Grace")
    store = interleave(services, *[lambda: commands.comment(other, "WORK-1", "Me first")] * 8)
    with pytest.raises(ConcurrencyError) as refusal:
        commands.start(services, "WORK-1")
    assert (store.appends, len(pauses)) == (8, 7)
    assert (refusal.value.expected, refusal.value.actual) == (8, 9)
    assert history(services, "WORK-1") == ["created", *["comment_added"] * 8]


@pytest.mark.positive
def test_the_eighth_try_may_succeed(services, pauses):
    given(services, "Parser")
    other = services.of("Grace")
    interleave(services, *[lambda: commands.comment(other, "WORK-1", "Me first")] * 7)
    assert commands.start(services, "WORK-1").after.status is IN_PROGRESS
    assert versions(services, "WORK-1") == list(range(1, 10))


@pytest.mark.negative
def test_a_refusal_is_not_tried_again(services, pauses):
    given(services, "Parser")
    with pytest.raises(InvalidValueError):
        commands.comment(services, "WORK-1", " ")
    assert pauses == []


@pytest.mark.edge
def test_one_command_has_one_stamp_over_all_its_tries(services, pauses):
    given(services, "Parser")
    other = services.of("Grace")
    interleave(services, lambda: commands.comment(other, "WORK-1", "Me first"))
    given_before = services.ids.commands
    outcome = commands.start(services, "WORK-1")
    assert services.ids.commands == given_before + 1
    assert outcome.events[0].occurred_at == services.clock.now()


@pytest.mark.negative
def test_an_item_that_went_between_two_looks_is_not_found(services):
    given(services, "Parser")
    with pytest.raises(ItemNotFoundError):
        change(services, "0000000000001", lambda item, stamp: item.start(stamp))


@pytest.mark.negative
def test_an_item_that_broke_between_two_looks_is_refused(services):
    given(services, "Parser")
    item_id = internal(services, "WORK-1")
    whole = services.store
    services.store = DamagedStore(whole, damaged={item_id: problem()})
    with pytest.raises(CorruptStreamError):
        change(services, item_id, lambda item, stamp: item.start(stamp))
    assert whole.get_version(f"{WorkItem.category}-{item_id}") == 1
