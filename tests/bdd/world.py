"""A small tracker in memory, on the real domain: what the steps of the features act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jerry_domain.aggregates.work_item import ParentFacts, WorkItem
from jerry_domain.errors import DomainError
from jerry_domain.events.base import DomainEvent, RecordedEvent, Stamp
from jerry_domain.services.causal_order import heads
from jerry_domain.services.compensation import undo_last_command
from jerry_domain.services.dependency_graph import check_acyclic, open_children, unblocked_by
from jerry_domain.services.items import Items, ItemTable
from jerry_domain.services.readiness import ready_items
from jerry_domain.value_objects.quality import QualityPolicy
from jerry_domain.value_objects.work_item_id import WorkItemId
from tests.domain.builders import NOON, Worker, stamp

WORKERS = {
    "Alice": Worker("Alice", "first"),
    "Alice in another session": Worker("Alice", "second"),
    "Alice without a session": Worker("Alice"),
    "Bob": Worker("Bob", "first"),
}


@dataclass
class World:
    """Every item's history by its name, the clock, and what the last command did."""

    streams: dict[str, tuple[RecordedEvent, ...]] = field(default_factory=dict)
    policy: QualityPolicy = field(default_factory=QualityPolicy)
    now: datetime = NOON
    commands: int = 0
    refusal: DomainError | None = None
    written: tuple[DomainEvent, ...] = ()
    freed: tuple[str, ...] = ()

    def item_id(self, name: str) -> str:
        """The internal id of an item: its number in the display id."""
        return str(WorkItemId(number=int(name.partition("-")[2])))

    def load(self, name: str) -> WorkItem:
        return WorkItem.load_from_history(self.item_id(name), self.streams.get(name, ()))

    @property
    def items(self) -> Items:
        return ItemTable([self.load(name).state for name in self.streams])

    def parent(self, name: str) -> ParentFacts:
        state = self.load(name).state
        return ParentFacts(item_id=state.item_id, work_type=state.work_type)

    def names(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        items = self.items
        return tuple(items[item_id].name for item_id in ids)

    def ready_for(self, worker: str) -> list[str]:
        who = WORKERS[worker]
        return [s.name for s in ready_items(self.items, now=self.now, actor=who.actor, session=who.session)]

    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def obey(self, worker: str, name: str, command: Callable[[WorkItem, Stamp], object]) -> None:
        """Let a worker give a command to an item, and record what it raises, or why it was refused."""
        self.commands += 1
        item, before = self.load(name), self.items
        self.refusal, self.written, self.freed = None, (), ()
        try:
            command(item, stamp(WORKERS[worker], self.now, self.commands))
            if not item.state.deleted:
                check_acyclic(before.changed(item.state), item.state.item_id)
        except DomainError as error:
            self.refusal = error
            return
        self.written = item.collect_events()
        self._record(name, item)
        self.freed = self.names(unblocked_by(before, self.items, self.item_id(name)))

    def finish(self, worker: str, name: str, reason: str, *, force: bool = False) -> None:
        children = self.names(open_children(self.items, self.item_id(name)))
        self.obey(
            worker,
            name,
            lambda item, at: item.complete(at, reason=reason, open_children=children, policy=self.policy, force=force),
        )

    def undo(self, worker: str, name: str) -> None:
        self.obey(worker, name, lambda item, at: undo_last_command(item, self.streams[name], at))

    def _record(self, name: str, item: WorkItem) -> None:
        history = self.streams.get(name, ())
        for event in item.collect_events():
            place = RecordedEvent(event=event, stream=item.stream, version=len(history) + 1, parents=heads(history))
            history = (*history, place)
        self.streams[name] = history
