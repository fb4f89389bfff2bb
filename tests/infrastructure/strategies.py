"""Hypothesis strategies of events; every new event class joins by itself, field by field."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import settings
from hypothesis import strategies as st

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.events.work_item_events import WORK_ITEM_EVENTS, QualityMetricsUpdated
from jerry_git.infrastructure.persistence.codec import ENVELOPE
from jerry_git.testing.histories import stream

THOROUGH = settings(max_examples=60, deadline=None)
QUICK = settings(max_examples=40, deadline=None)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
words = texts.filter(bool)
event_ids = st.uuids().map(str)
moments = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
whole = st.integers(min_value=-(10**12), max_value=10**12)
_SCALARS: dict[type, st.SearchStrategy[Any]] = {
    str: texts,
    int: whole,
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    date: st.dates(),
    datetime: moments,
}
json_values = st.recursive(
    st.none() | st.booleans() | whole | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if NoneType in arguments:
        return st.none() | _values(next(argument for argument in arguments if argument is not NoneType))
    if origin is tuple:
        return st.lists(_values(arguments[0]), max_size=3).map(tuple)
    if origin is not None:
        return st.dictionaries(texts, texts, max_size=3)
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return _SCALARS[hint]


_ENVELOPE_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "event_id": event_ids,
    "occurred_at": moments,
    "actor": words,
    "session": st.none() | words,
    "correlation_id": st.none() | words,
    "causation_id": st.none() | words,
}
_CHECKED: dict[type[DomainEvent], dict[str, st.SearchStrategy[Any]]] = {
    QualityMetricsUpdated: {
        "coverage": st.none() | st.floats(0, 100),
        **dict.fromkeys(("positive", "negative", "edge"), st.none() | st.integers(0, 10**9)),
    }
}


def events_of_class(event: type[DomainEvent]) -> st.SearchStrategy[DomainEvent]:
    """Events of one class, every field drawn; the few that judge their values get good ones."""
    hints = get_type_hints(event)
    names = [field.name for field in fields(event)]
    known = {**_ENVELOPE_FIELDS, **_CHECKED.get(event, {})}
    drawn = {name: known[name] if name in known else _values(hints[name]) for name in names}
    return st.builds(event, **drawn)


events = st.sampled_from(WORK_ITEM_EVENTS).flatmap(events_of_class)


@st.composite
def recorded_events(draw: st.DrawFn) -> RecordedEvent:
    """An event in its place, with attributes and data of a program that knows more."""
    event = draw(events)
    fields_of_event = {field.name for field in fields(event)}
    return RecordedEvent(
        event=event,
        stream=draw(words | st.just(stream())),
        version=draw(st.integers(1, 10**8)),
        parents=tuple(draw(st.lists(event_ids, max_size=2))),
        source=draw(words),
        attributes=draw(st.dictionaries(texts.filter(lambda key: key not in ENVELOPE), json_values, max_size=2)),
        data=draw(st.dictionaries(texts.filter(lambda key: key not in fields_of_event), json_values, max_size=2)),
    )


batches = st.lists(recorded_events(), min_size=1, max_size=3)
