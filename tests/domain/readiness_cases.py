"""Which items are ready: the cases, in words that the users' page repeats (docs/ready.md).

The question is always put for item `it`, at noon, by Alice in her first session.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.value_objects.classification import DependencyKind, Priority
from tests.domain.builders import (
    ALICE,
    ALICE_ELSEWHERE,
    ALICE_UNNAMED,
    BLOCKED,
    BOB,
    CANCELLED,
    DONE,
    IN_PROGRESS,
    NOON,
    claim_of,
    item,
)


class Case(NamedTuple):
    """A heading of the page, the case in words, the items, and whether `it` is ready."""

    topic: str
    words: str
    items: tuple[WorkItemState, ...]
    ready: bool


STATUS, BLOCKERS, FAMILY, CLAIMS = "Status", "Blockers", "Parents and children", "Claims"


def case(topic: str, words: str, *items: WorkItemState, ready: bool) -> Case:
    return Case(topic, words, items, ready)


OPEN = item("open")
FINISHED = item("finished", status=DONE)
WAITING_PARENT = item("parent", "open")

CASES = (
    case(STATUS, "It is pending and nothing is in its way", item("it"), ready=True),
    case(STATUS, "It is in progress", item("it", status=IN_PROGRESS), ready=False),
    case(STATUS, "It is blocked", item("it", status=BLOCKED), ready=False),
    case(STATUS, "It is done", item("it", status=DONE), ready=False),
    case(STATUS, "It is cancelled", item("it", status=CANCELLED), ready=False),
    case(STATUS, "It is deleted", item("it", deleted=True), ready=False),
    case(STATUS, "It is overdue", item("it", due=date(2020, 1, 1)), ready=True),
    case(STATUS, "It is of low priority", item("it", priority=Priority.LOW), ready=True),
    case(BLOCKERS, "Its blocker is pending", item("it", "open"), OPEN, ready=False),
    case(BLOCKERS, "Its blocker is in progress", item("it", "b"), item("b", status=IN_PROGRESS), ready=False),
    case(BLOCKERS, "Its blocker is itself blocked", item("it", "b"), item("b", status=BLOCKED), ready=False),
    case(BLOCKERS, "Its blocker is done", item("it", "finished"), FINISHED, ready=True),
    case(BLOCKERS, "Its blocker is cancelled", item("it", "b"), item("b", status=CANCELLED), ready=True),
    case(BLOCKERS, "Its blocker is deleted", item("it", "b"), item("b", deleted=True), ready=True),
    case(BLOCKERS, "Its blocker is not in this repository", item("it", "nowhere"), ready=True),
    case(
        BLOCKERS,
        "One of its blockers is done, another is pending",
        item("it", "open", "finished"),
        OPEN,
        FINISHED,
        ready=False,
    ),
    case(
        BLOCKERS,
        "Its blocker is done, though that one's own blocker is still open",
        item("it", "b"),
        item("b", "open", status=DONE),
        OPEN,
        ready=True,
    ),
    case(BLOCKERS, "Another open item waits for it", item("it"), item("b", "it"), ready=True),
    case(BLOCKERS, "It and another item block each other", item("it", "b"), item("b", "it"), ready=False),
    case(
        BLOCKERS,
        "It only relates to an open item",
        item("it", "open", kind=DependencyKind.RELATES_TO),
        OPEN,
        ready=True,
    ),
    case(
        BLOCKERS,
        "It was discovered from an open item",
        item("it", "open", kind=DependencyKind.DISCOVERED_FROM),
        OPEN,
        ready=True,
    ),
    case(
        BLOCKERS,
        "It duplicates an open item",
        item("it", "open", kind=DependencyKind.DUPLICATES),
        OPEN,
        ready=True,
    ),
    case(FAMILY, "Its parent is pending", item("it", parent="p"), item("p"), ready=True),
    case(FAMILY, "Its parent is blocked", item("it", parent="p"), item("p", status=BLOCKED), ready=True),
    case(FAMILY, "Its parent is done", item("it", parent="p"), item("p", status=DONE), ready=True),
    case(FAMILY, "Its parent is cancelled", item("it", parent="p"), item("p", status=CANCELLED), ready=True),
    case(FAMILY, "Its parent is not in this repository", item("it", parent="nowhere"), ready=True),
    case(FAMILY, "Its parent has an open blocker", item("it", parent="parent"), WAITING_PARENT, OPEN, ready=False),
    case(
        FAMILY,
        "Its parent had a blocker, which is done now",
        item("it", parent="p"),
        item("p", "finished"),
        FINISHED,
        ready=True,
    ),
    case(
        FAMILY,
        "The parent of its parent has an open blocker",
        item("it", parent="p"),
        item("p", parent="parent"),
        WAITING_PARENT,
        OPEN,
        ready=False,
    ),
    case(
        FAMILY,
        "Its parent is done, but has an open blocker",
        item("it", parent="p"),
        item("p", "open", status=DONE),
        OPEN,
        ready=False,
    ),
    case(
        FAMILY,
        "Its parent is cancelled, but has an open blocker",
        item("it", parent="p"),
        item("p", "open", status=CANCELLED),
        OPEN,
        ready=False,
    ),
    case(
        FAMILY,
        "Its parent is deleted, whatever that one waited for",
        item("it", parent="p"),
        item("p", "open", deleted=True, parent="parent"),
        WAITING_PARENT,
        OPEN,
        ready=True,
    ),
    case(
        FAMILY,
        "Its parent only relates to an open item",
        item("it", parent="p"),
        item("p", "open", kind=DependencyKind.RELATES_TO),
        OPEN,
        ready=True,
    ),
    case(FAMILY, "It has open children", item("it"), item("c", parent="it"), ready=True),
    case(
        FAMILY,
        "Its child has an open blocker",
        item("it"),
        item("c", "open", parent="it"),
        OPEN,
        ready=True,
    ),
    case(FAMILY, "It is blocked by its own open child", item("it", "c"), item("c", parent="it"), ready=False),
    case(
        FAMILY,
        "Its sibling has an open blocker",
        item("it", parent="p"),
        item("p"),
        item("s", "open", parent="p"),
        OPEN,
        ready=True,
    ),
    case(FAMILY, "Its sibling blocks it", item("it", "s", parent="p"), item("s", parent="p"), item("p"), ready=False),
    case(CLAIMS, "It is assigned to somebody else, but nobody claimed it", item("it", assignee=BOB.actor), ready=True),
    case(CLAIMS, "You claimed it in this session", item("it", claims=(claim_of(ALICE),)), ready=True),
    case(CLAIMS, "You claimed it in another session", item("it", claims=(claim_of(ALICE_ELSEWHERE),)), ready=False),
    case(CLAIMS, "You claimed it without naming a session", item("it", claims=(claim_of(ALICE_UNNAMED),)), ready=False),
    case(CLAIMS, "Somebody else claimed it", item("it", claims=(claim_of(BOB),)), ready=False),
    case(
        CLAIMS,
        "Somebody else claimed it, and the claim has run out",
        item("it", claims=(claim_of(BOB, NOON - timedelta(hours=1)),)),
        ready=True,
    ),
    case(
        CLAIMS,
        "Somebody else's claim ends at this very moment",
        item("it", claims=(claim_of(BOB, NOON),)),
        ready=True,
    ),
    case(
        CLAIMS,
        "Somebody else claimed its parent",
        item("it", parent="p"),
        item("p", claims=(claim_of(BOB),)),
        ready=True,
    ),
    case(
        CLAIMS,
        "You claimed it in this session, but its blocker is open",
        item("it", "open", claims=(claim_of(ALICE),)),
        OPEN,
        ready=False,
    ),
)
