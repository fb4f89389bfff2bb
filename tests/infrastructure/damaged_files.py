"""Event files that somebody has damaged: bytes of a good file, changed in one place."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from jerry_git.infrastructure.persistence.codec import encode
from jerry_git.testing.histories import ONE_OF_EACH, ids
from tests.infrastructure.stores import recorded

GONE = object()

GOOD = encode([replace(recorded("a", 1), event=ONE_OF_EACH[0]), recorded("b", 2, "a")])
"""Two events: a creation with every attribute, and a comment."""


def line_of(text: str) -> int:
    """The line of the good file on which `text` first stands."""
    return GOOD.decode().partition(text)[0].count("\n") + 1


SECOND = line_of(ids("b")[0])
LAST = GOOD.count(b"\n")


def raw(old: str, new: str) -> bytes:
    """The good file with one text replaced by another, once."""
    text = GOOD.decode()
    assert old in text, old
    return text.replace(old, new, 1).encode()


def changed(key: str, value: Any, *, event: int = 1) -> bytes:
    """The good file with one attribute, or `data.field`, of an event changed; `GONE` takes it away."""
    batch = json.loads(GOOD)
    *outer, last = key.split(".")
    place = batch[event - 1]
    for part in outer:
        place = place[part]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return (json.dumps(batch, indent=2, ensure_ascii=False) + "\n").encode()


def one_event(name: str, field: str, value: Any) -> bytes:
    """A file with the example event of a class, one field of its data changed; `GONE` takes it away."""
    (event,) = [event for event in ONE_OF_EACH if type(event).__name__ == name]
    batch = json.loads(encode([replace(recorded("a", 1), event=event)]))
    if value is GONE:
        del batch[0]["data"][field]
    else:
        batch[0]["data"][field] = value
    return (json.dumps(batch, indent=2) + "\n").encode()


NOT_JSON = {
    "nothing at all": (b"", 1, "the file ends too early"),
    "only blanks": (b"  \n\n", 3, "the file ends too early"),
    "cut off in the middle": (GOOD.partition(b"Two lines")[0], line_of("Two lines"), "Unterminated string"),
    "cut off before the last bracket": (GOOD[:-2], LAST, "the file ends too early"),
    "a conflict marker of a merge": (b"<<<<<<< HEAD\n" + GOOD, 1, "Expecting value"),
    "something behind the end": (GOOD + b"[]", LAST + 1, "Extra data"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, 1, "BOM"),
    "a comma missing": (raw('"1.0",', '"1.0"'), 4, "Expecting ',' delimiter"),
    "single quotes": (raw('"specversion"', "'specversion'"), 3, "double quotes"),
    "a line break in a text": (raw('"text": "b"', '"text": "b\n"'), line_of('"b"'), "control character"),
    "NaN": (raw('"streamversion": 1', '"streamversion": NaN'), 0, "NaN is not JSON"),
    "infinity": (raw('"streamversion": 1', '"streamversion": -Infinity'), 0, "-Infinity is not JSON"),
    "a number larger than any": (raw('"streamversion": 1', '"streamversion": 1e999'), 0, "too large for a number"),
    "a number of thousands of digits": (raw('"streamversion": 1', f'"streamversion": {"1" * 5000}'), 0, "4300 digits"),
    "a key twice": (raw('"text": "b"', '"text": "b", "text": "c"'), 0, "the key 'text' stands twice"),
    "half a character": (raw('"text": "b"', '"text": "\\ud83e"'), 0, "\\ud83e is half a character"),
    "nested more deeply than Python goes": (b"[" * 100_000, 0, "nested too deeply"),
    "nested more deeply than allowed": (raw('"text": "b"', f'"text": {"[" * 40}{"]" * 40}'), 0, "nested too deeply"),
}
"""Content, line and part of the message; the code is `not-json`."""

NOT_UTF8 = {
    "Latin-1": (GOOD.decode().encode("latin-1", "replace"), line_of("Zoë")),
    "UTF-16": (GOOD.decode().encode("utf-16"), 1),
    "a character cut in half": (GOOD.replace("🦜".encode(), "🦜".encode()[:2]), line_of("🦜")),
}
"""Content and line; the code is `not-utf8`."""

NOT_A_BATCH = {
    "an object": b'{"specversion": "1.0"}',
    "an empty list": b"[]",
    "null": b"null",
    "a number": b"1",
    "a text": b'"[]"',
}
"""The code is `not-a-batch`, on line 1."""

INVALID = {
    "an event that is a text": (b'["event"]', 0, "event 1: an event is a JSON object"),
    "an event that is a list": (b"[[]]", 0, "event 1: an event is a JSON object"),
    "no specversion": (changed("specversion", GONE), 3, "event 1: specversion is None, not '1.0'"),
    "another specversion": (changed("specversion", "0.3"), 4, "event 1: specversion is '0.3', not '1.0'"),
    "a specversion that is a number": (changed("specversion", 1.0), 4, "event 1: specversion is 1.0, not '1.0'"),
    "no data": (changed("data", GONE), 4, "event 1: data is missing"),
    "data that is null": (changed("data", None), 4, "event 1: data is not a JSON object"),
    "data that is a list": (changed("data", []), 4, "event 1: data is not a JSON object"),
    "no type": (changed("type", GONE), 4, "event 1: type is missing"),
    "a type that is a number": (changed("type", 7), 4, "event 1: type is 7, not a text"),
    "no id": (changed("id", GONE), 0, "event 1: id is missing"),
    "an id that is a number": (changed("id", 7), 0, "event 1: id is 7, not a text"),
    "an empty id": (changed("id", ""), 0, "event 1: id is '', not a text"),
    "an id that is no UUID": (changed("id", "abc"), 4, "event 1: id is 'abc', not a UUID in lower case"),
    "an id in capitals": (
        changed("id", "3F0F2A64-52F5-5D0E-8D52-3A5D6A0F1C01"),
        4,
        "event 1: id is '3F0F2A64-52F5-5D0E-8D52-3A5D6A0F1C01', not a UUID in lower case",
    ),
    "no source": (changed("source", GONE), 4, "event 1: source is missing"),
    "no subject": (changed("subject", GONE), 4, "event 1: subject is missing"),
    "a subject that is null": (changed("subject", None), 4, "event 1: subject is None, not a text"),
    "no time": (changed("time", GONE), 4, "event 1: time is missing"),
    "a time without milliseconds": (
        changed("time", "2026-11-23T07:10:48Z"),
        4,
        "event 1: time is '2026-11-23T07:10:48Z', not a time such as 2026-11-23T07:10:48.123Z",
    ),
    "a time with an offset": (changed("time", "2026-11-23T07:10:48.123+01:00"), 4, "not a time such as"),
    "a time on the 31st of February": (changed("time", "2026-02-31T00:00:00.000Z"), 4, "not a time such as"),
    "a time in the year 0": (changed("time", "0000-01-01T00:00:00.000Z"), 4, "not a time such as"),
    "no streamversion": (changed("streamversion", GONE), 4, "streamversion is None, not a whole number from 1 up"),
    "streamversion 0": (changed("streamversion", 0), 4, "streamversion is 0, not a whole number from 1 up"),
    "a negative streamversion": (changed("streamversion", -1), 4, "streamversion is -1, not a whole number"),
    "a streamversion that is true": (changed("streamversion", True), 4, "streamversion is True, not a whole number"),
    "a streamversion with a fraction": (changed("streamversion", 1.0), 4, "streamversion is 1.0, not a whole number"),
    "a streamversion that is a text": (changed("streamversion", "1"), 4, "streamversion is '1', not a whole number"),
    "no actor": (changed("actor", GONE), 4, "event 1: actor is missing"),
    "an empty actor": (changed("actor", ""), 4, "event 1: actor is '', not a text"),
    "a session that is null": (changed("session", None), 4, "event 1: session is None, not a text"),
    "an empty correlation id": (changed("correlationid", ""), 4, "event 1: correlationid is '', not a text"),
    "a causation id that is a number": (changed("causationid", 7), 4, "event 1: causationid is 7, not a text"),
    "parents that are a list": (changed("parents", ["x"], event=2), SECOND, "event 2: parents is ['x'], not a text"),
    "a parent that is no UUID": (changed("parents", "x", event=2), SECOND, "event 2: parents is 'x', not a UUID"),
    "two blanks between parents": (
        changed("parents", "3f0f2a64-52f5-5d0e-8d52-3a5d6a0f1c01  3f0f2a64-52f5-5d0e-8d52-3a5d6a0f1c02", event=2),
        SECOND,
        "event 2: parents is '', not a UUID",
    ),
    "a field missing in the second event": (
        changed("data.text", GONE, event=2),
        SECOND,
        "event 2: data.text is missing",
    ),
    "a text that is a number": (changed("data.title", 5), 4, "event 1: data.title is 5, not a text"),
    "a text that is null": (changed("data.title", None), 4, "event 1: data.title is None, not a text"),
    "a choice that there is not": (
        changed("data.work_type", "saga"),
        4,
        "event 1: data.work_type is 'saga', not one of epic, story, task, subtask, bug, spike",
    ),
    "a choice that is a list": (changed("data.priority", ["low"]), 4, "data.priority is ['low'], not one of critical,"),
    "an optional text that is false": (changed("data.parent", False), 4, "data.parent is False, not a text"),
    "a whole number with a fraction": (one_event("EstimateChanged", "minutes", 1.5), 4, "not a whole number"),
    "a whole number that is true": (one_event("EstimateChanged", "minutes", True), 4, "is True, not a whole number"),
    "a number that is a text": (one_event("QualityMetricsUpdated", "coverage", "87"), 4, "is '87', not a number"),
    "a number that is true": (one_event("QualityMetricsUpdated", "coverage", True), 4, "is True, not a number"),
    "a number of hundreds of digits": (one_event("QualityMetricsUpdated", "coverage", 10**400), 4, "not a number"),
    "a coverage of more than all": (one_event("QualityMetricsUpdated", "coverage", 101), 4, "between 0 and 100"),
    "fewer tests than none": (one_event("QualityMetricsUpdated", "edge", -1), 4, "a count is 0 or more"),
    "a truth that is a number": (one_event("StatusChanged", "forced", 1), 4, "data.forced is 1, not true or false"),
    "a date that is a time": (one_event("DueDateChanged", "due", "2026-12-24T00:00:00.000Z"), 4, "not a date such as"),
    "a date on the 31st of April": (one_event("DueDateChanged", "due", "2026-04-31"), 4, "not a date such as"),
    "a date that is a number": (one_event("DueDateChanged", "due", 20261224), 4, "is 20261224, not a date such as"),
    "a required field that may be null, missing": (one_event("DueDateChanged", "due", GONE), 4, "due is missing"),
    "a time in the data that is a date": (one_event("Claimed", "until", "2026-12-24"), 4, "not a time such as"),
    "a list that is a text": (one_event("LabelsAdded", "labels", "x"), 4, "data.labels is 'x', not a list"),
    "a list with a number in it": (one_event("LabelsAdded", "labels", ["x", 5]), 4, "data.labels[1] is 5, not a text"),
    "an object that is a list": (one_event("Imported", "original", []), 4, "data.original is [], not an object of"),
    "an object with a number in it": (one_event("Imported", "original", {"x": 5}), 4, "not an object of texts"),
    "a very long wrong value": (changed("data.work_type", "x" * 10_000), 4, "'xxxxxxxxxxxx"),
}
"""Content, line and the end or whole of the message; the code is `invalid-event`."""
