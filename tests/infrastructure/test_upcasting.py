"""Old versions of an event are lifted step by step when they are read (ADR-011), tried with an invented event."""

from __future__ import annotations

import json
from typing import ClassVar

import pytest

from jerry_domain.events.base import DomainEvent
from jerry_domain.values import value
from jerry_git.infrastructure.persistence.codec import CodecError, EventRegistry, decode, encode, split_type
from jerry_git.infrastructure.persistence.diagnosis import diagnose
from jerry_git.testing.histories import happened
from tests.infrastructure.stores import STREAM, files, open_store, recorded, tampered

NAME = "jerry.test.greeted"


@value
class Greeted(DomainEvent):
    """Version 3: people, where version 2 had one `person` and version 1 a `name`."""

    event_type: ClassVar[str] = f"{NAME}.v3"

    people: tuple[str, ...]
    loudly: bool = False


def name_becomes_person(data):
    return {"person": data["name"], **{key: value for key, value in data.items() if key != "name"}}


def person_becomes_people(data):
    return {"people": [data["person"]], **{key: value for key, value in data.items() if key != "person"}}


UPCASTERS = {(NAME, 1): name_becomes_person, (NAME, 2): person_becomes_people}
REGISTRY = EventRegistry([Greeted], UPCASTERS)


def stored(version, data):
    """A file with an event of `version` as a program of that time wrote it."""
    item = recorded("a", 1, event=happened(Greeted, "greeted", people=()))
    document = json.loads(encode([item]))
    document[0] |= {"type": f"{NAME}.v{version}", "data": data}
    return json.dumps(document).encode()


@pytest.mark.positive
@pytest.mark.parametrize(
    ("version", "data"),
    [(1, {"name": "Ada"}), (2, {"person": "Ada"}), (3, {"people": ["Ada"]})],
    ids=["two steps", "one step", "no step"],
)
def test_every_version_is_read_in_the_newest_shape(version, data):
    (item,) = decode(stored(version, data), REGISTRY)
    assert item.event == happened(Greeted, "greeted", people=("Ada",))


@pytest.mark.positive
def test_steps_run_in_order_and_keep_what_they_do_not_know():
    (item,) = decode(stored(1, {"name": "Ada", "loudly": True, "weather": "fine"}), REGISTRY)
    assert (item.event.loudly, item.data) == (True, {"weather": "fine"})


@pytest.mark.positive
def test_a_store_reads_old_versions_and_appends_new_ones_after_them(tmp_path):
    store = open_store(tmp_path, registry=REGISTRY)
    store.append(STREAM, [happened(Greeted, "one", people=("Ada",))], 0)
    tampered(files(tmp_path)[0], type=f"{NAME}.v1", data={"name": "Grace"})
    assert store.append(STREAM, [happened(Greeted, "two", people=("Alan",))], 1) == 2
    assert [item.event.people for item in store.read(STREAM)] == [("Grace",), ("Alan",)]


@pytest.mark.negative
@pytest.mark.parametrize(
    ("registry", "event_type", "message"),
    [
        (
            EventRegistry([Greeted], {(NAME, 2): person_becomes_people}),
            f"{NAME}.v1",
            f"there is no upcaster for {NAME} from version 1 to 2",
        ),
        (
            EventRegistry([Greeted], {(NAME, 1): name_becomes_person}),
            f"{NAME}.v1",
            f"there is no upcaster for {NAME} from version 2 to 3",
        ),
        (REGISTRY, f"{NAME}.v4", f"{NAME}.v4 needs a jerry-git that reads version 4; this one reads 3"),
        (
            REGISTRY,
            "jerry.test.waved.v2",
            "no event named jerry.test.waved is known here: jerry.test.waved.v2 needs a later jerry-git",
        ),
    ],
    ids=["a gap at the first step", "a gap at the last step", "a version newer than known", "an unknown name"],
)
def test_what_cannot_be_lifted_is_refused_with_the_version_needed(registry, event_type, message):
    content = stored(1, {"name": "Ada"}).replace(f"{NAME}.v1".encode(), event_type.encode())
    with pytest.raises(CodecError) as refusal:
        decode(content, registry)
    assert (refusal.value.code, refusal.value.message) == ("unknown-event-type", f"event 1: {message}")
    assert refusal.value.mend == "pip install --upgrade jerry-git"
    (problem,) = diagnose("f.json", content, registry)
    assert (problem.code, problem.message) == ("unknown-event-type", f"event 1: {message}")


@pytest.mark.negative
@pytest.mark.parametrize(
    "event_type",
    ["greeted", "greeted.v1", "jerry.greeted", "jerry.greeted.v0", "jerry.greeted.v01", "Jerry.greeted.v1",
     "jerry..greeted.v1", "jerry.greeted.v1\n", "os.system.v", "jerry.greeted.v" + "1" * 5000],
    ids=lambda event_type: event_type[:24].strip(),
)  # fmt: skip
def test_only_a_registered_looking_name_is_an_event_type(event_type):
    with pytest.raises(CodecError, match="is not the name of an event type"):
        split_type(event_type)


@pytest.mark.positive
def test_an_upcaster_never_sees_an_event_of_the_newest_version():
    registry = EventRegistry([Greeted], {(NAME, 3): lambda data: pytest.fail("called")})
    assert decode(stored(3, {"people": []}), registry)[0].event.people == ()
