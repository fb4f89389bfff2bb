"""Publishing: what is new joins, what is additive is the next version, the rest is refused and told why."""

from __future__ import annotations

import json

import pytest

from jerry_git.application.schemas.declarations import DeclaredEvent
from jerry_git.application.schemas.publishing import plan, publish
from jerry_git.application.schemas.registry import Registry, read
from jerry_git.application.schemas.stubs import stub_between
from jerry_git.application.schemas.upcasters import Upcaster
from tests.application.schemas.registries import FOLDER, ORDER, WITH_NOTE, WITH_TOTAL, codes, published
from tests.application.sources import MemorySource

STEP = {("placed", 1): Upcaster("placed", 1, "shop:f", "shop.py", 3, "sha256:00")}


def event(schema=ORDER, version=None, name="placed", qualname="Placed"):
    return DeclaredEvent(
        name=name, version=version, schema=schema, path="shop.py", line=7, module="shop", qualname=qualname
    )


def registry(*versions) -> Registry:
    return read(MemorySource(published(*versions)), FOLDER)


def planned(events, there, upcasters=None):
    found = plan(events, there, upcasters or {}, "backward")
    paths = [new.place.path(FOLDER).removeprefix(f"{FOLDER}/") for new in found.files]
    return paths, list(found.unchanged), codes(found.refused)


PUBLISHED = {
    "a new event": ([event()], registry(), (["placed/v1.json"], [], [])),
    "what is published": ([event()], registry(ORDER), ([], ["placed"], [])),
    "what is published, by its version": ([event(version=1)], registry(ORDER, WITH_NOTE), ([], ["placed"], [])),
    "what only looks otherwise": ([event({**ORDER, "title": "Placed"})], registry(ORDER), ([], ["placed"], [])),
    "an additive change": ([event(WITH_NOTE)], registry(ORDER), (["placed/v2.json"], [], [])),
    "an additive change by its version": ([event(WITH_NOTE, 2)], registry(ORDER), (["placed/v2.json"], [], [])),
    "two versions at once": (
        [event(ORDER, 1), event(WITH_NOTE, 2, qualname="Placed2")], registry(),
        (["placed/v1.json", "placed/v2.json"], [], []),
    ),
    "two events": ([event(), event(name="paid")], registry(), (["paid/v1.json", "placed/v1.json"], [], [])),
}  # fmt: skip


@pytest.mark.positive
@pytest.mark.parametrize(("events", "there", "expected"), PUBLISHED.values(), ids=PUBLISHED)
def test_what_is_new_joins_and_what_is_there_stays(events, there, expected):
    assert planned(events, there) == expected


@pytest.mark.positive
def test_with_an_upcaster_a_version_may_ask_for_more_and_is_recorded():
    paths, _, refused = planned([event(WITH_TOTAL)], registry(ORDER), STEP)
    assert (paths, refused) == (["placed/v2.json", "placed/v2.upcaster.json"], [])


@pytest.mark.positive
def test_an_upcaster_of_a_published_version_is_recorded_once():
    there = registry(ORDER, WITH_TOTAL)
    assert planned([event(WITH_TOTAL)], there, STEP) == (["placed/v2.upcaster.json"], [], [])


REFUSED = {
    "a change that is not additive": ([event(WITH_TOTAL)], registry(ORDER), ["schema-incompatible"]),
    "a published version as something else": ([event(WITH_NOTE, 1)], registry(ORDER), ["schema-modified"]),
    "a version that leaves a gap": ([event(WITH_NOTE, 3)], registry(ORDER), ["schema-gap"]),
    "a name that no folder can have": ([event(name="placed/order")], registry(), ["schema-gap"]),
    "two classes of one name": ([event(), event(WITH_NOTE, qualname="Placed2")], registry(), ["schema-gap"]),
    "two classes of one version": (
        [event(version=1), event(WITH_NOTE, version=1, qualname="Placed2")], registry(), ["schema-gap"]
    ),
    "what cannot be told": ([event({**ORDER, "frobnicate": 1})], registry(ORDER), ["schema-undecided"]),
}  # fmt: skip


@pytest.mark.negative
@pytest.mark.parametrize(("events", "there", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_would_break_is_refused_and_nothing_of_it_is_written(events, there, expected):
    assert planned(events, there) == ([], [], expected)


@pytest.mark.negative
def test_one_event_that_is_refused_holds_up_no_other():
    paths, _, refused = planned([event(WITH_TOTAL), event(name="paid")], registry(ORDER))
    assert (paths, refused) == (["paid/v1.json"], ["schema-incompatible"])


@pytest.mark.edge
def test_a_breach_that_was_there_before_is_not_held_against_a_new_version():
    broken = registry(ORDER, WITH_TOTAL)
    wider = {**WITH_TOTAL, "properties": {**WITH_TOTAL["properties"], "note": {"type": "string"}}}
    paths, _, refused = planned([event(wider)], broken)
    assert paths == []
    assert refused == ["schema-incompatible"]
    assert planned([event(WITH_TOTAL)], broken) == ([], ["placed"], [])


@pytest.mark.positive
def test_what_is_planned_is_written_and_read_back_the_same():
    written: dict[str, bytes] = {}

    class Folder:
        def add(self, path, text):
            written[path] = text.encode()

    there = registry(ORDER)
    found = plan([event(WITH_TOTAL)], there, STEP, "backward")
    assert publish(found, there, Folder()) == [f"{FOLDER}/placed/v2.json", f"{FOLDER}/placed/v2.upcaster.json"]
    again = read(MemorySource(published(ORDER) | written), FOLDER)
    assert again.findings == ()
    assert planned([event(WITH_TOTAL)], again, STEP) == ([], ["placed"], [])
    assert json.loads(written[f"{FOLDER}/placed/v2.json"])["title"] == "placed.v2"


@pytest.mark.positive
def test_a_stub_names_what_the_next_version_asks_for_with_values_that_fit():
    new = {
        "type": "object",
        "properties": {"total": {"type": "integer", "minimum": 3}, "currency": {"type": "string", "default": "EUR"}},
        "required": ["total", "currency"],
    }
    text = stub_between("placed", 1, ORDER, new)
    assert "upcast.pop('order', None)" in text
    assert "upcast['currency'] = 'EUR'" in text
    namespace: dict = {}
    exec(text, namespace)  # noqa: S102 - our own stub
    assert namespace["placed_v1_to_v2"]({})["total"] >= 3


@pytest.mark.edge
def test_a_stub_of_schemas_that_are_no_objects_is_empty_but_for_the_rest():
    assert "pop" not in stub_between("placed", 1, True, False)
    odd = {"$schema": "urn:none", "properties": {"a": {}}, "required": ["a", "b"]}
    assert "upcast['a'] = None" in stub_between("placed", 1, {}, odd)
