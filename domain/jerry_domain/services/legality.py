"""Which events of a stream should not be there, each judged against its own causal past (DESIGN 6).

A stream may have been appended to by writers that keep no rules, or on two branches at once. `judge` never refuses; it
tells, and whoever asks decides what follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from jerry_domain.aggregates.work_item_fold import evolve
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.events.base import RecordedEvent
from jerry_domain.events.work_item_events import (
    Created,
    Reconciled,
    StatusChanged,
    StatusCorrected,
    as_work_item_event,
)
from jerry_domain.services.causal_order import causal_order
from jerry_domain.services.divergence import EXISTENCE, STATUS, divergences
from jerry_domain.values import Value, value


class Breach(StrEnum):
    """The rule that is broken."""

    STREAM_START = "stream-start"
    CREATED_TWICE = "created-twice"
    VERSION = "version-gap"
    INCOMPLETE = "incomplete-history"
    TRANSITION = "illegal-transition"
    CORRECTION = "illegal-correction"
    RECONCILIATION = "illegal-reconciliation"
    FORK = "fork"


@value
class Violation(Value):
    """A rule broken by one event; a fork names the last of its events, and `others` the rest."""

    breach: Breach
    event_id: str
    message: str
    others: tuple[str, ...] = ()


def judge(item_id: str, history: Sequence[RecordedEvent]) -> tuple[Violation, ...]:
    """Everything in a stream's `history` that breaks a rule, in causal order, forks last."""
    ordered = causal_order(history)
    past = _Past(item_id)
    violations: list[Violation] = []
    for recorded in ordered:
        violations += _faults(past, recorded)
        past.add(recorded)
    return (*violations, *_forks(ordered))


class _Past:
    """The causal past of each event seen so far: the ids of its ancestors, and the state that they fold to.

    A straight stretch costs one step for each event; only where branches meet are both folded again.
    """

    def __init__(self, item_id: str) -> None:
        self._blank = WorkItemState(item_id=item_id)
        self._events: dict[str, RecordedEvent] = {}
        self._states: dict[str, WorkItemState] = {}
        self._broken: set[str] = set()

    def add(self, recorded: RecordedEvent) -> None:
        """Take an event whose parents, where they are here at all, have been added before."""
        key = recorded.event.event_id
        self._states[key] = evolve(self.before(recorded), as_work_item_event(recorded.event))
        self._events[key] = recorded
        if self.missing(recorded) or any(parent in self._broken for parent in recorded.parents):
            self._broken.add(key)

    def missing(self, recorded: RecordedEvent) -> tuple[str, ...]:
        """The parents that are not here."""
        return tuple(parent for parent in recorded.parents if parent not in self._events)

    def is_whole(self, recorded: RecordedEvent) -> bool:
        """Whether every ancestor of an event is here, so that its past can be judged."""
        return not self.missing(recorded) and not any(parent in self._broken for parent in recorded.parents)

    def before(self, recorded: RecordedEvent) -> WorkItemState:
        """The state that an event was decided on: its own ancestors folded, and nothing else."""
        parents = [parent for parent in dict.fromkeys(recorded.parents) if parent in self._events]
        if not parents:
            return self._blank
        if len(parents) == 1:
            return self._states[parents[0]]
        state = self._blank
        known = self.ancestry(parents)
        for ancestor in causal_order(self._events[key] for key in known):
            state = evolve(state, as_work_item_event(ancestor.event))
        return state

    def events_before(self, recorded: RecordedEvent) -> tuple[RecordedEvent, ...]:
        """The ancestors of an event."""
        return tuple(self._events[key] for key in self.ancestry(recorded.parents))

    def version_before(self, recorded: RecordedEvent) -> int:
        """The highest version among the parents, 0 where there is none."""
        return max((self._events[parent].version for parent in recorded.parents if parent in self._events), default=0)

    def ancestry(self, keys: Sequence[str]) -> set[str]:
        """These events and all their ancestors that are here."""
        found: set[str] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key not in found and key in self._events:
                found.add(key)
                waiting += self._events[key].parents
        return found

    @property
    def has_begun(self) -> bool:
        """Whether there is an event that nothing stands before."""
        return any(not recorded.parents for recorded in self._events.values())


def _faults(past: _Past, recorded: RecordedEvent) -> Iterator[Violation]:
    event = recorded.event
    key = event.event_id
    if not past.is_whole(recorded):
        if absent := past.missing(recorded):
            message = f"was appended on events that are not here: {', '.join(absent)}"
            yield Violation(breach=Breach.INCOMPLETE, event_id=key, message=message)
        return
    before = past.before(recorded)
    if recorded.version != past.version_before(recorded) + 1:
        message = f"version {recorded.version} stands on version {past.version_before(recorded)}"
        yield Violation(breach=Breach.VERSION, event_id=key, message=message)
    if not recorded.parents and not isinstance(event, Created):
        message = f"the stream begins with {event.event_type}, not with a creation"
        yield Violation(breach=Breach.STREAM_START, event_id=key, message=message)
    if isinstance(event, Created) and (recorded.parents or past.has_begun):
        yield Violation(breach=Breach.CREATED_TWICE, event_id=key, message="the item is created a second time")
    yield from _steps(before, recorded)
    if isinstance(event, Reconciled):
        yield from _reconciliation(before, event, past.events_before(recorded))


def _steps(before: WorkItemState, recorded: RecordedEvent) -> Iterator[Violation]:
    event = recorded.event
    if isinstance(event, StatusChanged):
        step = f"{event.from_status} to {event.to_status}"
        if event.from_status is not before.status:
            message = f"a step from {step}, but {before.name} was {before.status} there"
            yield Violation(breach=Breach.TRANSITION, event_id=event.event_id, message=message)
        elif not before.status.can_become(event.to_status):
            message = f"{before.name} cannot go from {step}"
            yield Violation(breach=Breach.TRANSITION, event_id=event.event_id, message=message)
    elif isinstance(event, StatusCorrected):
        wanted = (before.status, before.previous_status, before.status_event)
        if (event.from_status, event.to_status, event.corrects) != wanted:
            message = f"a correction from {event.from_status} to {event.to_status} does not take back the last step"
            yield Violation(breach=Breach.CORRECTION, event_id=event.event_id, message=message)


def _reconciliation(before: WorkItemState, event: Reconciled, history: Sequence[RecordedEvent]) -> Iterator[Violation]:
    """It settles exactly what was apart in its own past, and leads where one of the branches had come."""
    fork = next((found for found in divergences(history) if found.field == STATUS), None)
    if fork is None:
        message = "settles a fork where there was none"
    elif {*event.settles} != {rival.event_id for rival in fork.rivals}:
        message = "does not name the last steps of all branches"
    elif event.from_status is not before.status or event.to_status not in fork.values:
        message = f"leads from {event.from_status} to {event.to_status}, where no branch had come"
    else:
        return
    yield Violation(breach=Breach.RECONCILIATION, event_id=event.event_id, message=message)


def _forks(history: Sequence[RecordedEvent]) -> Iterator[Violation]:
    """Last steps that were taken apart from each other and lead to different places.

    A later event of another kind settles nothing: only a step that was taken in sight of all of them does.
    """
    for divergence in divergences(history):
        if divergence.is_fork:
            *others, newest = [rival.event_id for rival in divergence.rivals]
            words = " and ".join(f"to {value}" for value in sorted(divergence.values))
            message = f"branches moved the item apart: {words}"
            if divergence.field == EXISTENCE:
                message = "one branch deleted the item while another went on with it"
            yield Violation(breach=Breach.FORK, event_id=newest, message=message, others=tuple(others))
