"""Stored events are replayed: valid as published, and through their upcasters to what the newest version takes."""

from __future__ import annotations

import json

import pytest

from jerry_git.application.schemas.registry import read
from jerry_git.application.schemas.verifying import BrokenCodeError, StoredEvent, replay, stored
from jerry_git.application.settings import SchemaSettings, StoredEvents
from tests.application.schemas.registries import FOLDER, ORDER, WITH_TOTAL, codes, published
from tests.application.sources import MemorySource

KEYS = StoredEvents()
PLACED = {"type": "placed.v1", "data": {"order": "1"}}


class Code:
    """The user's code: an upcaster that adds what it was made with, a class that refuses a negative total."""

    def __init__(self, added=0):
        self.added = added

    def upcaster(self, function):
        if function == "shop:gone":
            raise BrokenCodeError("shop:gone cannot be imported")
        return lambda data: {**data, "total": self.added}

    def load(self, event, data):
        if data.get("total", 0) < 0:
            raise BrokenCodeError("a total is not negative")


def found(content: bytes, keys=KEYS):
    return list(stored("events.json", content, keys))


def replayed(event, function="shop:f", added=0):
    registry = read(MemorySource(published(ORDER, WITH_TOTAL)), FOLDER)
    own = SchemaSettings(upcasters={"placed.v1": function} if function else {})
    return list(replay([event], registry, own, Code(added)))


EVENT = StoredEvent("events.json", 1, "placed", 1, {"order": "1"})
FORMS = {
    "an array": json.dumps([PLACED, PLACED]).encode(),
    "an object a line": b"\n".join([json.dumps(PLACED).encode()] * 2) + b"\n\n",
}


@pytest.mark.positive
@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_events_are_read_from_what_people_store_them_in(content):
    assert [(event.event, event.version, event.data) for event in found(content)] == [("placed", 1, {"order": "1"})] * 2


@pytest.mark.positive
def test_one_event_is_a_file_of_one():
    assert found(json.dumps(PLACED).encode()) == [EVENT]


@pytest.mark.positive
def test_the_keys_of_an_event_are_the_users():
    keys = StoredEvents(type="kind", version="schema", data="payload")
    content = json.dumps({"kind": "placed", "schema": 3, "payload": 1}).encode()
    assert found(content, keys) == [StoredEvent("events.json", 1, "placed", 3, 1)]
    assert found(json.dumps({"kind": "placed", "payload": 1}).encode(), keys)[0].version == 1


ODD = {
    "not JSON": b"{",
    "a line that is not JSON": b'{"type": "a", "data": 1}\n{',
    "no object": b"[3]",
    "no type": b'{"data": 1}',
    "no version": b'{"type": "a", "version": "1", "data": 1}',
    "no data": b'{"type": "a.v1"}',
    "a key twice": b'{"type": "a", "type": "b", "data": 1}',
}


@pytest.mark.negative
@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_what_is_no_event_is_told(content):
    last = found(content)[-1]
    assert (last.code, last.path) == ("stored-event", "events.json")


@pytest.mark.positive
def test_an_old_event_comes_through_its_upcaster():
    assert replayed(EVENT) == []


BROKEN = {
    "a version that is not published": (
        StoredEvent("e", 4, "placed", 3, {}),
        "shop:f",
        0,
        "this version is not published",
    ),
    "data that were never valid": (StoredEvent("e", 4, "placed", 1, {"order": 1}), "shop:f", 0, "is not valid as v1"),
    "no upcaster": (EVENT, "", 0, "came out as what v2 does not take"),
    "an upcaster that adds nonsense": (EVENT, "shop:f", "much" * 80, "came out as what v2 does not take"),
    "an upcaster that is not there": (EVENT, "shop:gone", 0, "shop:gone cannot be imported"),
    "a class that refuses it": (EVENT, "shop:f", -1, "a total is not negative"),
}


@pytest.mark.positive
@pytest.mark.parametrize(("event", "function", "added", "message"), BROKEN.values(), ids=BROKEN)
def test_an_event_that_does_not_come_through_is_told(event, function, added, message):
    (told,) = replayed(event, function, added)
    assert codes([told]) == ["stored-event"]
    assert message in told.message
    assert told.line == event.line
