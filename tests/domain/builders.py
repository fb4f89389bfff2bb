"""People, moments and events for the domain's tests, each made in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

from jerry_domain.aggregates.work_item_state import Dependency, WorkItemState
from jerry_domain.events.base import DomainEvent, RecordedEvent, Stamp
from jerry_domain.events.work_item_events import Claimed, ClaimReleased, Created, Deleted, StatusChanged
from jerry_domain.services.items import Items, ItemTable
from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.classification import DependencyKind, WorkType
from jerry_domain.value_objects.status import WorkItemStatus

E = TypeVar("E", bound=DomainEvent)

PENDING, IN_PROGRESS, BLOCKED, DONE, CANCELLED = WorkItemStatus
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOON = NOON + timedelta(hours=1)
ITEM = "06hs000000000"
OTHER = "06hs000000001"
THIRD = "06hs000000002"
STREAM = f"work_item-{ITEM}"


@dataclass(frozen=True)
class Worker:
    """An actor in a session."""

    actor: str
    session: str | None = None


ALICE = Worker("Alice <alice@example.org>", "alice-1")
ALICE_ELSEWHERE = Worker(ALICE.actor, "alice-2")
ALICE_UNNAMED = Worker(ALICE.actor)
BOB = Worker("Bob <bob@example.org>", "bob-1")


def stamp(worker: Worker = ALICE, at: datetime = NOON, command: int = 1) -> Stamp:
    """A command of `worker`; another number is another command."""
    return Stamp(command_id=UUID(int=command), actor=worker.actor, session=worker.session, at=at)


def happened(event: type[E], *, by: Worker = ALICE, at: datetime = MORNING, **data: object) -> E:
    """An event with its data; `recorded` gives it an id."""
    return event(event_id="", occurred_at=at, actor=by.actor, session=by.session, **data)


def created(**data: object) -> Created:
    """The creation of WORK-1, a task, unless the data say otherwise."""
    return happened(Created, **{"display_id": "WORK-1", "work_type": WorkType.TASK, "title": "Write it down", **data})


def moved(source: WorkItemStatus, target: WorkItemStatus, reason: str = "", *, forced: bool = False) -> StatusChanged:
    """One step of the state machine."""
    return happened(StatusChanged, from_status=source, to_status=target, reason=reason, forced=forced)


def claimed(worker: Worker, until: datetime = SOON) -> Claimed:
    """The worker takes a lease, at noon for an hour unless said otherwise."""
    return happened(Claimed, claimant=worker.actor, claim_session=worker.session, until=until)


def released(worker: Worker, reason: str = "") -> ClaimReleased:
    """The worker's lease ends before its time."""
    return happened(ClaimReleased, claimant=worker.actor, claim_session=worker.session, reason=reason)


_WAYS: dict[WorkItemStatus, tuple[WorkItemStatus, ...]] = {
    PENDING: (),
    IN_PROGRESS: (IN_PROGRESS,),
    BLOCKED: (IN_PROGRESS, BLOCKED),
    DONE: (IN_PROGRESS, DONE),
    CANCELLED: (CANCELLED,),
}


def at_status(status: WorkItemStatus, **data: object) -> tuple[DomainEvent, ...]:
    """The history of an item that has come to `status`."""
    way = (PENDING, *_WAYS[status])
    return (created(**data), *(moved(source, target) for source, target in pairwise(way)))


def deleted(**data: object) -> tuple[DomainEvent, ...]:
    """The history of an item that was created and deleted."""
    return (created(**data), happened(Deleted))


def recorded(events: Iterable[DomainEvent], after: Iterable[RecordedEvent] = ()) -> tuple[RecordedEvent, ...]:
    """The events in a straight stream behind those of `after`; one without an id gets `event-<version>`."""
    history = list(after)
    start = len(history)
    for event in events:
        version = len(history) + 1
        named = event if event.event_id else replace(event, event_id=f"event-{version}")
        parents = (history[-1].event.event_id,) if history else ()
        history.append(RecordedEvent(event=named, stream=STREAM, version=version, parents=parents))
    return tuple(history[start:])


def beside(
    key: str, version: int, *parents: str, at: datetime = MORNING, event: DomainEvent | None = None
) -> RecordedEvent:
    """An event in its own place in a stream that need not be straight."""
    named = replace(event or created(title=key), event_id=key, occurred_at=at)
    return RecordedEvent(event=named, stream=STREAM, version=version, parents=parents)


def claim_of(worker: Worker, until: datetime = SOON) -> Claim:
    """The worker's lease, running at noon unless said otherwise."""
    return Claim(claimant=worker.actor, session=worker.session, until=until, since=MORNING)


def item(key: str, *blockers: str, kind: DependencyKind = DependencyKind.BLOCKS, **data: object) -> WorkItemState:
    """The state of an item that leans on `blockers`."""
    leaning = frozenset(Dependency(kind=kind, target=target) for target in blockers)
    return WorkItemState(**{"item_id": key, "display_id": f"WORK-{key}", "dependencies": leaning, **data})


def board(*states: WorkItemState) -> Items:
    """Items by their id, as the services take them."""
    return ItemTable(states)
