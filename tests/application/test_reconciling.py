"""Settling what branches disagree about: on all heads, and only what was asked (DESIGN 6)."""

from __future__ import annotations

import pytest

from jerry_domain.errors import InvalidValueError
from jerry_domain.services.causal_order import heads
from jerry_git.application import commands
from jerry_git.application.errors import ItemNotFoundError
from jerry_git.application.folding import load_board
from jerry_git.infrastructure.persistence.in_memory_event_store import InMemoryEventStore
from tests.application.acting import CANCELLED, DONE, IN_PROGRESS, events_of, given, internal, state
from tests.application.fakes import Services


class MergedStore(InMemoryEventStore):
    """A store that can take in the streams of another one, as a merge of two branches does."""

    def copy(self):
        other = MergedStore(self._source)
        other._streams = dict(self._streams)
        return other

    def take_in(self, other):
        for stream, events in other._streams.items():
            known = self._streams.get(stream, ())
            ids = {recorded.event.event_id for recorded in known}
            self._streams[stream] = (*known, *(each for each in events if each.event.event_id not in ids))


def met(ours, theirs, *titles):
    """Services in whose store two branches met: what `ours` did here and `theirs` there after items were made."""
    services = Services(store=MergedStore())
    given(services, *(titles or ("Parser",)))
    grace = services.of("Grace", "grace-1")
    grace.store = services.store.copy()
    ours(services)
    grace.clock.advance(minutes=1)
    theirs(grace)
    services.store.take_in(grace.store)
    return services


def moved(services):
    commands.start(services, "WORK-1")


def given_up(services):
    commands.cancel(services, "WORK-1")


def keep(found):
    return found.effective.value


def apart(services, name="WORK-1"):
    return [each.field for each in load_board(services.store).divergences.get(internal(services, name), ())]


@pytest.mark.positive
@pytest.mark.parametrize("status", [IN_PROGRESS, CANCELLED])
def test_a_fork_is_reconciled_on_all_heads(status):
    services = met(moved, given_up)
    before = heads(services.store.read(f"work_item-{internal(services, 'WORK-1')}"))
    outcome = commands.reconcile(services, "WORK-1", lambda found: str(status), "agreed")
    assert (events_of(outcome), outcome.after.status, outcome.after.reason) == (["reconciled"], status, "agreed")
    last = services.store.read(f"work_item-{outcome.after.item_id}")[-1]
    assert (len(before), last.parents) == (2, before)
    assert apart(services) == []


@pytest.mark.positive
def test_each_field_is_settled_for_itself():
    def ours(services):
        moved(services)
        commands.edit(services, "WORK-1", title="Ours")

    def theirs(services):
        given_up(services)
        commands.edit(services, "WORK-1", title="Theirs")

    services = met(ours, theirs)
    outcome = commands.reconcile(services, "WORK-1", lambda found: "Ours" if found.field == "title" else None)
    assert (events_of(outcome), outcome.after.title, apart(services)) == (["details_changed"], "Ours", ["status"])
    outcome = commands.reconcile(services, "WORK-1", keep)
    assert (events_of(outcome), apart(services)) == (["reconciled"], [])


@pytest.mark.positive
def test_an_item_that_is_deleted_on_one_branch_is_brought_back_before_its_status_is_settled():
    def theirs(services):
        commands.cancel(services, "WORK-1")
        commands.delete(services, "WORK-1")

    services = met(moved, theirs)
    assert apart(services) == ["existence", "status"]
    values = {"existence": "kept", "status": "in_progress"}
    outcome = commands.reconcile(services, "WORK-1", lambda found: values[found.field])
    assert (events_of(outcome), outcome.after.deleted, apart(services)) == (["restored", "reconciled"], False, [])


@pytest.mark.positive
def test_what_it_sets_free_is_told():
    services = Services(store=MergedStore())
    given(services, "Lexer", "Parser")
    commands.depend(services, "WORK-2", ["WORK-1"])
    commands.start(services, "WORK-1")
    grace = services.of("Grace", "grace-1")
    grace.store = services.store.copy()
    commands.complete(services, "WORK-1")
    grace.clock.advance(minutes=1)
    commands.block(grace, "WORK-1")
    services.store.take_in(grace.store)
    outcome = commands.reconcile(services, "WORK-1", lambda found: str(DONE))
    assert [freed.name for freed in outcome.unblocked] == ["WORK-2"]


@pytest.mark.positive
def test_nothing_to_settle_writes_nothing():
    services = met(moved, lambda grace: commands.comment(grace, "WORK-1", "Words"))
    assert not commands.reconcile(services, "WORK-1", keep).changed


@pytest.mark.negative
def test_a_value_of_no_branch_is_refused():
    services = met(moved, given_up)
    with pytest.raises(InvalidValueError, match="the branches say in_progress and cancelled"):
        commands.reconcile(services, "WORK-1", lambda found: "done")
    assert apart(services) == ["status"]


@pytest.mark.negative
def test_an_unknown_item_is_refused(services):
    with pytest.raises(ItemNotFoundError):
        commands.reconcile(services, "WORK-9", keep)


@pytest.mark.edge
def test_two_people_who_reconcile_differently_make_a_new_fork_which_can_be_settled():
    services = met(moved, given_up)
    grace = services.of("Grace", "grace-1", start=900)
    grace.store = services.store.copy()
    commands.reconcile(services, "WORK-1", lambda found: "in_progress")
    grace.clock.advance(minutes=2)
    commands.reconcile(grace, "WORK-1", lambda found: "cancelled")
    services.store.take_in(grace.store)
    assert apart(services) == ["status"]
    commands.reconcile(services, "WORK-1", lambda found: "cancelled")
    assert (apart(services), state(services, "WORK-1").status) == ([], CANCELLED)
