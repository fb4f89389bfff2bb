"""Where branches say different things about one item, and nobody has settled it yet (DESIGN 6).

Changes that commute (sets, comments, different fields) simply both apply. Of a field that holds one value the last in
the order of folding is in effect; what the other branches say is kept, and told here until an event that was made in
sight of all of them says it anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.events.work_item_events import (
    AssigneeChanged,
    Claimed,
    Deleted,
    DetailsChanged,
    DueDateChanged,
    EstimateChanged,
    ParentChanged,
    PriorityChanged,
    QualityMetricsUpdated,
    Reconciled,
    Restored,
    StatusChanged,
    StatusCorrected,
    WorkItemEvent,
    as_work_item_event,
)
from jerry_domain.services.causal_order import causal_order, heads
from jerry_domain.values import Value, value

STATUS = "status"
EXISTENCE = "existence"
DELETED, KEPT = "deleted", "kept"
"""The two values of `EXISTENCE`: one branch deleted what another one went on with."""

FIELDS: Mapping[str, tuple[type[DomainEvent], tuple[str, ...]]] = {
    "title": (DetailsChanged, ("title",)),
    "description": (DetailsChanged, ("description",)),
    "type": (DetailsChanged, ("work_type",)),
    "priority": (PriorityChanged, ("priority",)),
    "assignee": (AssigneeChanged, ("assignee",)),
    "parent": (ParentChanged, ("parent",)),
    "due": (DueDateChanged, ("due",)),
    "estimate": (EstimateChanged, ("minutes",)),
    "quality": (QualityMetricsUpdated, ("coverage", "positive", "negative", "edge")),
}
"""The other fields that hold one value: the event that sets each, and the names of the event's data.

The display id is not among them: of two new numbers one stays an alias, so nobody has to choose.
"""


@value
class Rival(Value):
    """What one branch says last: the value as text (empty for none), and the event that said it."""

    value: str
    recorded: RecordedEvent

    @property
    def event_id(self) -> str:
        """The id of the event."""
        return self.recorded.event.event_id


@value
class Divergence(Value):
    """A field about which branches disagree; the last of the rivals, in the order of folding, is in effect."""

    field: str
    rivals: tuple[Rival, ...]

    @property
    def is_fork(self) -> bool:
        """Whether the branches moved the item apart (DESIGN 6), rather than wrote different texts."""
        return self.field in (STATUS, EXISTENCE)

    @property
    def effective(self) -> Rival:
        """What the fold chose."""
        return self.rivals[-1]

    @property
    def values(self) -> tuple[str, ...]:
        """The different values, the effective one last."""
        others = dict.fromkeys(rival.value for rival in self.rivals if rival.value != self.effective.value)
        return (*others, self.effective.value)


def is_straight(history: Sequence[RecordedEvent]) -> bool:
    """Whether no two events of a stream were ever appended apart from each other."""
    return len(heads(history)) == 1 and all(len(recorded.parents) < 2 for recorded in history)


def divergences(history: Sequence[RecordedEvent]) -> tuple[Divergence, ...]:
    """What branches disagree about, forks first, then by field; nothing of an item that all agree is deleted."""
    if is_straight(history):
        return ()
    ordered = causal_order(history)
    last: dict[str, list[Rival]] = {}
    for recorded, field, said in _unseen(ordered):
        last.setdefault(field, []).insert(0, Rival(value=said, recorded=recorded))
    if {rival.value for rival in last.get(EXISTENCE, ())} == {DELETED}:
        return ()
    if EXISTENCE in last:
        effective = _existence(ordered)
        last[EXISTENCE].sort(key=lambda rival: rival.value == effective)
    found = [Divergence(field=field, rivals=tuple(rivals)) for field, rivals in last.items()]
    apart = [divergence for divergence in found if len(divergence.values) > 1]
    return tuple(sorted(apart, key=lambda divergence: (not divergence.is_fork, divergence.field)))


def _unseen(ordered: Sequence[RecordedEvent]) -> Iterator[tuple[RecordedEvent, str, str]]:
    """What each event says of a field, newest first, where no later event that says something of it has seen it."""
    parents = {recorded.event.event_id: recorded.parents for recorded in ordered}
    seen: dict[str, set[str]] = {}
    for recorded in reversed(ordered):
        for field, said in _says(as_work_item_event(recorded.event)):
            if recorded.event.event_id not in seen.setdefault(field, set()):
                yield recorded, field, said
                _add_ancestry(recorded.event.event_id, parents, seen[field])


def _add_ancestry(event_id: str, parents: dict[str, tuple[str, ...]], seen: set[str]) -> None:
    waiting: list[str] = [event_id]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += parents.get(key, ())


def _says(event: WorkItemEvent) -> Iterator[tuple[str, str]]:
    """The fields of one value that an event sets, with their values as text."""
    if isinstance(event, StatusChanged | StatusCorrected | Reconciled):
        yield STATUS, str(event.to_status)
    if isinstance(event, StatusChanged | StatusCorrected | Reconciled | Claimed | Restored):
        yield EXISTENCE, KEPT
    if isinstance(event, Deleted):
        yield EXISTENCE, DELETED
    for field, (kind, names) in FIELDS.items():
        if isinstance(event, kind) and (kind is not DetailsChanged or getattr(event, names[0]) is not None):
            yield field, " ".join(_text(getattr(event, name)) for name in names)


def _existence(ordered: Sequence[RecordedEvent]) -> str:
    """What the fold has: going on with an item says that it is there, and does not bring it back."""
    events = (recorded.event for recorded in reversed(ordered))
    return DELETED if isinstance(next(filter(_sets_existence, events), None), Deleted) else KEPT


def _sets_existence(event: DomainEvent) -> bool:
    return isinstance(event, Deleted | Restored)


def _text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
