"""The rules of an append, the same for every store: what is known already, which version, which parents."""

from __future__ import annotations

from collections.abc import Sequence

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.ports.event_store import ANY, NO_STREAM, ConcurrencyError, IdempotencyError
from jerry_domain.services.causal_order import heads


def version_of(history: Sequence[RecordedEvent]) -> int:
    """The highest version, `NO_STREAM` where there is none."""
    return max((recorded.version for recorded in history), default=NO_STREAM)


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


def check_version(stream: str, history: Sequence[RecordedEvent], expected: int) -> int:
    """The stream's version; raises `ConcurrencyError` where `expected` is another one, `ValueError` for nonsense."""
    if expected < ANY:
        raise ValueError(f"{expected} is not an expected version: a version, NO_STREAM (0) or ANY (-1)")
    actual = version_of(history)
    if expected not in (ANY, actual):
        raise ConcurrencyError(stream, expected, actual)
    return actual


def record(
    stream: str, history: Sequence[RecordedEvent], events: Sequence[DomainEvent], source: str
) -> tuple[RecordedEvent, ...]:
    """`events` in their place after `history`: the first on all heads, each further one on the one before it."""
    parents = heads(history)
    first = version_of(history) + 1
    batch = []
    for place, event in enumerate(events):
        batch.append(RecordedEvent(event=event, stream=stream, version=first + place, parents=parents, source=source))
        parents = (event.event_id,)
    return tuple(batch)


def between(history: Sequence[RecordedEvent], first: int, last: int | None) -> tuple[RecordedEvent, ...]:
    """The events with versions from `first` to `last`, both inclusive."""
    return tuple(item for item in history if first <= item.version and (last is None or item.version <= last))
