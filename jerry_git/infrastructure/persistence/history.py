"""The rules of an append, the same for every store: what is known already, which version, which parents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.ports.event_store import ANY, NO_STREAM, ConcurrencyError, IdempotencyError


@dataclass(slots=True)
class Tip:
    """All that an append must know of a stream: the version, the event ids, and which events are nobody's parent.

    `missing` are the parents that are not in the stream: who comes later and is one of them is no head.
    """

    version: int = NO_STREAM
    ids: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)

    def add(self, history: Iterable[RecordedEvent]) -> None:
        """Take in events, in any order; one that is known already changes nothing."""
        for recorded in history:
            event_id = recorded.event.event_id
            if event_id in self.ids:
                continue
            self.version = max(self.version, recorded.version)
            self.ids.add(event_id)
            if event_id in self.missing:
                self.missing.remove(event_id)
            else:
                self.heads.add(event_id)
            self.heads.difference_update(recorded.parents)
            self.missing.update(parent for parent in recorded.parents if parent not in self.ids)

    def meets(self, events: Sequence[DomainEvent]) -> bool:
        """Whether an event id is known, or comes twice, so that `is_known` has to look at what is recorded."""
        ids = {event.event_id for event in events}
        return len(ids) < len(events) or not self.ids.isdisjoint(ids)


def tip_of(history: Iterable[RecordedEvent]) -> Tip:
    """The tip of a stream with these events."""
    tip = Tip()
    tip.add(history)
    return tip


def follows(heads: Set[str], events: Iterable[RecordedEvent]) -> bool:
    """Whether each event, in this order, stands on all `heads` or on some of the events before it, and nothing else.

    Then all of them come after what the heads stand on, in causal order, whatever that is.
    """
    seen: set[str] = set()
    for recorded in events:
        parents = set(recorded.parents)
        if not (parents == heads or (parents and parents <= seen)):
            return False
        seen.add(recorded.event.event_id)
    return True


def is_known(stream: str, history: Sequence[RecordedEvent], events: Sequence[DomainEvent]) -> bool:
    """Whether all `events` are recorded already with the same content, so that there is nothing to write (ADR-016).

    Raises `IdempotencyError` when only some are, when one is there with other content, or when one comes twice.
    """
    recorded = {item.event.event_id: item.event for item in history}
    ids = [event.event_id for event in events]
    if len(set(ids)) < len(ids):
        raise IdempotencyError(stream, sorted({key for key in ids if ids.count(key) > 1}), "event ids come twice")
    known = [event for event in events if event.event_id in recorded]
    changed = [event.event_id for event in known if recorded[event.event_id] != event]
    if changed:
        raise IdempotencyError(stream, changed, "these event ids are recorded with other content")
    if known and len(known) < len(events):
        raise IdempotencyError(stream, [event.event_id for event in known], "only these event ids are recorded already")
    return bool(known)


def check_version(stream: str, tip: Tip, expected: int) -> None:
    """Raises `ConcurrencyError` where `expected` is not the stream's version, `ValueError` for nonsense."""
    if expected < ANY:
        raise ValueError(f"{expected} is not an expected version: a version, NO_STREAM (0) or ANY (-1)")
    if expected not in (ANY, tip.version):
        raise ConcurrencyError(stream, expected, tip.version)


def record(stream: str, tip: Tip, events: Sequence[DomainEvent], source: str) -> tuple[RecordedEvent, ...]:
    """`events` in their place after `tip`: the first on all heads, each further one on the one before it."""
    parents = tuple(sorted(tip.heads))
    first = tip.version + 1
    batch = []
    for place, event in enumerate(events):
        batch.append(RecordedEvent(event=event, stream=stream, version=first + place, parents=parents, source=source))
        parents = (event.event_id,)
    return tuple(batch)


def version_of(history: Sequence[RecordedEvent]) -> int:
    """The highest version, `NO_STREAM` where there is none."""
    return max((recorded.version for recorded in history), default=NO_STREAM)


def between(history: Sequence[RecordedEvent], first: int, last: int | None) -> tuple[RecordedEvent, ...]:
    """The events with versions from `first` to `last`, both inclusive."""
    return tuple(item for item in history if first <= item.version and (last is None or item.version <= last))
