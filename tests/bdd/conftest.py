"""The steps of the features, in the words of the people who read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_bdd import given, parsers, then, when

from jerry_domain.value_objects.classification import Priority, WorkType
from jerry_domain.value_objects.display_id import DisplayId
from jerry_domain.value_objects.quality import GateLevel, QualityPolicy, TestCoverage, TestRatio
from tests.bdd.world import World
from tests.domain.builders import at_status

Table = list[list[str]]
WHO = r"(?P<who>Alice in another session|Alice without a session|Alice|Bob)"
ITEM = r"(?P<item>WORK-\d+)"
VERBS = {
    "starts": "start",
    "blocks": "block",
    "unblocks": "unblock",
    "reopens": "reopen",
    "cancels": "cancel",
    "releases": "release",
    "deletes": "delete",
    "restores": "restore",
}


@pytest.fixture
def world() -> World:
    return World()


def rows(table: Table) -> list[dict[str, str]]:
    """A table as one dictionary a row."""
    head, *body = table
    return [dict(zip(head, row, strict=True)) for row in body]


# --- given


@given("these items:")
def these_items(world: World, datatable: Table) -> None:
    for row in rows(datatable):
        world.obey(
            "Alice",
            row["item"],
            lambda item, at, row=row: item.create(
                at,
                display_id=DisplayId.parse(row["item"]),
                title=row["title"],
                work_type=WorkType(row.get("type", "task")),
                priority=Priority(row.get("priority", "medium")),
                parent=world.parent(row["parent"]) if row.get("parent") else None,
            ),
        )
        for blocker in filter(None, row.get("waits for", "").split(", ")):
            waits(world, "Alice", row["item"], blocker)
        in_status(world, row["item"], row.get("status", "pending"))
        assert world.refusal is None


@given(parsers.re(ITEM + r" is in status (?P<status>\w+)"))
def in_status(world: World, item: str, status: str) -> None:
    for event in at_status(status)[1:]:
        world.obey("Alice", item, lambda it, at, event=event: it.move(at, event.to_status))
    assert world.load(item).state.status == status


@given(parsers.parse("every item must meet {level}"))
def every_item_must_meet(world: World, level: str) -> None:
    world.policy = QualityPolicy(default=GateLevel(level))


@given(parsers.parse("items of type {work_type} must meet {level}"))
def items_of_a_type_must_meet(world: World, work_type: str, level: str) -> None:
    world.policy = QualityPolicy(by_type={WorkType(work_type): GateLevel(level)})


@given(parsers.re(r"the tests of " + ITEM + " show:"))
def the_tests_show(world: World, item: str, datatable: Table) -> None:
    (row,) = rows(datatable)
    ratio = TestRatio(positive=int(row["positive"]), negative=int(row["negative"]), edge=int(row["edge"]))
    world.obey("Alice", item, lambda it, at: it.measure(at, TestCoverage(percent=float(row["coverage"])), ratio))


# --- when


@when(parsers.re(WHO + r" (?P<verb>" + "|".join(VERBS) + ") " + ITEM + r'(?: because "(?P<reason>.*)")?'))
def gives_a_command(world: World, who: str, verb: str, item: str, reason: str | None) -> None:
    world.obey(who, item, lambda it, at: getattr(it, VERBS[verb])(at, reason or ""))


@when(parsers.re(WHO + " finishes " + ITEM + r'(?: because "(?P<reason>.*)")?'))
def finishes(world: World, who: str, item: str, reason: str | None) -> None:
    world.finish(who, item, reason or "")


@when(parsers.re(WHO + " forces " + ITEM + r' to be done because "(?P<reason>.*)"'))
def forces(world: World, who: str, item: str, reason: str) -> None:
    world.finish(who, item, reason, force=True)


@when(parsers.re(WHO + " (?P<verb>claims|renews) " + ITEM + r" for (?P<minutes>\d+) minutes"))
def claims(world: World, who: str, verb: str, item: str, minutes: str) -> None:
    lease = timedelta(minutes=int(minutes))
    world.obey(who, item, lambda it, at: it.claim(at, at.at + lease, renew=verb == "renews"))


@when(parsers.re(WHO + " lets " + ITEM + r" wait for (?P<target>\S+)"))
def waits(world: World, who: str, item: str, target: str) -> None:
    world.obey(who, item, lambda it, at: it.depend_on(at, world.item_id(target)))


@when(parsers.re(WHO + " lets " + ITEM + r" wait no longer for (?P<target>\S+)"))
def waits_no_longer(world: World, who: str, item: str, target: str) -> None:
    world.obey(who, item, lambda it, at: it.stop_depending_on(at, world.item_id(target)))


@when(parsers.re(WHO + " moves " + ITEM + r" under (?P<parent>\S+)"))
def moves_under(world: World, who: str, item: str, parent: str) -> None:
    world.obey(who, item, lambda it, at: it.move_under(at, world.parent(parent)))


@when(parsers.re(WHO + " undoes the last change of " + ITEM))
def undoes(world: World, who: str, item: str) -> None:
    world.undo(who, item)


@when(parsers.parse("{minutes:d} minutes pass"))
def minutes_pass(world: World, minutes: int) -> None:
    world.pass_time(minutes)


# --- then


@then(parsers.re(ITEM + r" is (?P<status>pending|in_progress|blocked|done|cancelled|deleted)"))
def stands_at(world: World, item: str, status: str) -> None:
    state = world.load(item).state
    assert ("deleted" if state.deleted else state.status) == status


@then(parsers.parse('this is refused: "{words}"'))
def is_refused(world: World, words: str) -> None:
    assert str(world.refusal) == words


@then("this is refused, for these reasons:")
def is_refused_for_reasons(world: World, datatable: Table) -> None:
    assert list(getattr(world.refusal, "missing", ())) == [row["reason"] for row in rows(datatable)]


@then("nothing was written")
def nothing_was_written(world: World) -> None:
    assert (world.refusal, world.written) == (None, ())


@then(parsers.parse("this frees {names}"))
def frees(world: World, names: str) -> None:
    assert ", ".join(world.freed) == names


@then(parsers.parse("these items are ready for {who}:"))
def are_ready(world: World, who: str, datatable: Table) -> None:
    assert world.ready_for(who) == [row["item"] for row in rows(datatable)]


@then(parsers.re(ITEM + r" is assigned to (?P<who>\w+)"))
def is_assigned(world: World, item: str, who: str) -> None:
    assert world.load(item).state.assignee == who


@then(parsers.re(ITEM + r" is claimed by (?P<who>\w+) until (?P<until>\d\d:\d\d)"))
def is_claimed(world: World, item: str, who: str, until: str) -> None:
    claim = world.load(item).state.active_claim(world.now)
    assert claim is not None
    assert (claim.claimant, f"{claim.until:%H:%M}") == (who, until)


@then(parsers.re("nobody has claimed " + ITEM))
def is_not_claimed(world: World, item: str) -> None:
    assert world.load(item).state.claim is None


@then(parsers.re("the history of " + ITEM + " is:"))
def history_is(world: World, item: str, datatable: Table) -> None:
    found = []
    for event in (place.event for place in world.streams[item]):
        what = event.event_type.split(".")[2].replace("_", " ")
        row = {"by": event.actor, "what": what}
        row |= {"from": getattr(event, "from_status", ""), "to": getattr(event, "to_status", "")}
        found.append(row | {"reason": getattr(event, "reason", "")})
    assert found == rows(datatable)


@then(parsers.re("the history of " + ITEM + r' ends with a forced step because "(?P<reason>.*)"'))
def history_ends_forced(world: World, item: str, reason: str) -> None:
    event = world.streams[item][-1].event
    assert (getattr(event, "forced", False), getattr(event, "reason", "")) == (True, reason)
