"""Given these events, when this command, then these events, or this refusal, or nothing (PAT-004).

After every command the live aggregate is compared with the replay of what it was given and what it has raised: state
changes by events alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.errors import DomainError
from jerry_domain.events.base import DomainEvent, RecordedEvent, Stamp
from jerry_domain.events.work_item_events import WorkItemEvent
from tests.domain.builders import ITEM, recorded, stamp

Command = Callable[[WorkItem, Stamp], object]


@dataclass(frozen=True)
class Refusal:
    """A command's refusal: exactly this error, with these attributes among its own."""

    error: type[DomainError]
    attributes: dict[str, object]


def refused(error: type[DomainError], **attributes: object) -> Refusal:
    """The refusal to expect."""
    return Refusal(error, attributes)


@dataclass(frozen=True)
class Outcome:
    """What a command did to an item."""

    item: WorkItem
    history: tuple[RecordedEvent, ...]
    raised: tuple[WorkItemEvent, ...]
    refusal: DomainError | None

    def then(self, *expected: DomainEvent | Refusal) -> Outcome:
        """Exactly these events were raised, in this order, or this refusal was."""
        assert expected, "say `then_nothing()`"
        if isinstance(expected[0], Refusal):
            self._check_refusal(expected[0])
        else:
            self._check_accepted()
            assert [_bare(event) for event in self.raised] == [_bare(event) for event in expected]
        return self

    def then_nothing(self) -> Outcome:
        """The command was accepted, and its effect held already."""
        self._check_accepted()
        assert self.raised == ()
        return self

    def when(self, command: Command, *, by: Stamp | None = None) -> Outcome:
        """The next command, once the events of this one are recorded."""
        return _run(self.history + recorded(self.raised, self.history), command, by or stamp(command=2))

    def _check_accepted(self) -> None:
        assert self.refusal is None, f"refused: {self.refusal!r}"

    def _check_refusal(self, expected: Refusal) -> None:
        assert type(self.refusal) is expected.error, f"not refused as expected: {self.refusal!r}, raised {self.raised}"
        assert self.raised == (), "a refusal leaves nothing behind"
        assert {name: getattr(self.refusal, name) for name in expected.attributes} == expected.attributes


@dataclass(frozen=True)
class Given:
    """The history before the command."""

    history: tuple[RecordedEvent, ...]

    def when(self, command: Command, *, by: Stamp | None = None) -> Outcome:
        """Give one command, at noon by Alice unless said otherwise."""
        return _run(self.history, command, by or stamp())


def given(*events: DomainEvent) -> Given:
    """An item with this history; none at all when it is yet to be created."""
    return Given(recorded(events))


def _run(history: tuple[RecordedEvent, ...], command: Command, by: Stamp) -> Outcome:
    item = WorkItem.load_from_history(ITEM, history)
    refusal: DomainError | None = None
    try:
        command(item, by)
    except DomainError as error:
        refusal = error
    raised = item.collect_events()
    _check_stamped(item, raised, by)
    replayed = WorkItem.load_from_history(ITEM, history + recorded(raised, history))
    assert replayed.state == item.state, "the live aggregate differs from its replay: state changed outside _apply"
    return Outcome(item, history, raised, refusal)


def _check_stamped(item: WorkItem, raised: tuple[WorkItemEvent, ...], by: Stamp) -> None:
    """Every event says who, when, and which command, and has the id that its place in the command gives it."""
    for position, event in enumerate(raised):
        envelope = (event.event_id, event.occurred_at, event.actor, event.session, event.correlation_id)
        assert envelope == (by.event_id(item.stream, position), by.at, by.actor, by.session, str(by.command_id))


def _bare(event: DomainEvent) -> DomainEvent:
    """The event without its envelope, which the stamp determines."""
    blank = {"event_id": "", "actor": "", "session": None, "correlation_id": None, "causation_id": None}
    return replace(event, occurred_at=stamp().at, **blank)
