"""The code and the registry agree: each class is published as it is, each published event has a class."""

from __future__ import annotations

import pytest

from jerry_git.application.schemas.checking import check_drift, check_everything
from jerry_git.application.schemas.declarations import OPAQUE, DeclaredEvent, SourceProblem, differences
from jerry_git.application.schemas.drift import drift
from jerry_git.application.schemas.registry import read
from tests.application.schemas.registries import FOLDER, ORDER, WITH_NOTE, codes, published, settings
from tests.application.sources import MemorySource

PLACED = b"""\
from dataclasses import dataclass


@dataclass
class placed:
    order: str
"""
OWN = {"modules": ("shop",)}


def event(schema=ORDER, version=None, name="placed", opaque=()):
    return DeclaredEvent(
        name=name,
        version=version,
        schema=schema,
        path="shop.py",
        line=7,
        module="shop",
        qualname="Placed",
        opaque=opaque,
    )


def told(events, files, problems=()):
    return list(drift(events, problems, read(MemorySource(files), FOLDER), differences))


@pytest.mark.positive
def test_a_class_that_is_published_as_it_is_passes():
    assert told([event()], published(ORDER)) == []
    assert told([event(ORDER, 1), event(WITH_NOTE, 2)], published(ORDER, WITH_NOTE)) == []


DRIFTED = {
    "a class that changed": ([event(WITH_NOTE)], published(ORDER), ["schema-drift"]),
    "an older version that changed": ([event(WITH_NOTE, 1)], published(ORDER, WITH_NOTE), ["schema-drift"]),
    "a class that is not published": ([event()], {}, ["schema-unpublished"]),
    "a version that is not published": ([event(ORDER, 2)], published(ORDER), ["schema-unpublished"]),
    "an event without a class": ([event()], published(ORDER) | published(ORDER, event="paid"), ["schema-orphaned"]),
    "a class that is not told whole": ([event(opaque=("/properties/a",))], published(ORDER), ["schema-opaque"]),
    "a name that no folder can have": ([event(name="a/b")], {}, ["schema-source"]),
}


@pytest.mark.positive
@pytest.mark.parametrize(("events", "files", "expected"), DRIFTED.values(), ids=DRIFTED)
def test_a_difference_is_told(events, files, expected):
    assert codes(told(events, files)) == expected


@pytest.mark.positive
def test_a_finding_names_class_and_places():
    (found,) = told([event(WITH_NOTE)], published(ORDER))
    assert (found.path, found.line) == ("shop.py", 7)
    assert "placed (Placed) is not what was published as v1: it differs at /properties/note" in found.message


@pytest.mark.positive
def test_what_cannot_be_read_is_told():
    problem = SourceProblem(message="no module", mend="correct it", path="shop.py", line=3)
    assert codes(told([], {}, [problem])) == ["schema-source"]


@pytest.mark.edge
def test_the_events_of_the_tracker_have_no_class_in_a_project_that_only_uses_it():
    files = published(ORDER, event="jerry.work_item.created")
    assert told([], files) == []
    assert codes(told([event(name="jerry.other")], files)) == ["schema-unpublished", "schema-orphaned"]


LIST = {
    "$ref": "#/$defs/L",
    "$defs": {"L": {"properties": {"next": {"$ref": "#/$defs/L"}, "value": {"type": "string"}}}},
}
OTHER = {
    "$ref": "#/$defs/N",
    "$defs": {"N": {"properties": {"next": {"$ref": "#/$defs/N"}, "value": {"type": "number"}}}},
}
DIFFERENT = {
    "the same": (ORDER, ORDER, []),
    "another type": ({"type": "string"}, {"type": "number"}, ["/type"]),
    "a place more": ({"prefixItems": [{}]}, {"prefixItems": [{}, {}]}, ["/prefixItems"]),
    "a place that is another": ({"prefixItems": [{"type": "null"}]}, {"prefixItems": [True]}, ["/prefixItems/0"]),
    "true and one": ({"const": True}, {"const": 1}, ["/const"]),
    "in a circle, by another name": (LIST, {**OTHER, "$defs": {"N": LIST["$defs"]["L"] | {"properties": {
        "next": {"$ref": "#/$defs/N"}, "value": {"type": "string"}}}}}, []),
    "in a circle, with another type": (LIST, OTHER, ["/properties/value/type"]),
    "what is not told": ({"properties": {"a": {OPAQUE: "x"}}}, {"properties": {"a": {"type": "string"}}}, []),
    "what is not told in a branch": (
        {"anyOf": [{OPAQUE: "x"}, {"type": "null"}]}, {"anyOf": [{"minLength": 1}, {"type": "null"}]}, []),
    "no objects": (True, False, [""]),
}  # fmt: skip


@pytest.mark.positive
@pytest.mark.parametrize(("one", "other", "expected"), DIFFERENT.values(), ids=DIFFERENT)
def test_differences_are_told_by_place(one, other, expected):
    assert differences(one, other) == expected


@pytest.mark.positive
def test_the_hook_looks_at_code_and_registry_when_either_changed():
    before = {"shop.py": PLACED} | published(ORDER)
    after = before | {"shop.py": PLACED + b"    note: str = ''\n"}
    assert codes(check_drift(MemorySource(after, before), None, settings(**OWN)).findings) == ["schema-drift"]
    source = MemorySource(before, before)
    assert check_drift(source, None, settings(**OWN)).findings == ()
    assert source.read == []


@pytest.mark.edge
def test_a_repository_that_names_no_classes_is_not_looked_into():
    source = MemorySource({"shop.py": PLACED}, {})
    assert check_drift(source, None, settings()).findings == ()
    assert check_everything(source, settings(), whole=True).findings == ()
    assert source.read == []


@pytest.mark.positive
@pytest.mark.parametrize("whole", [True, False])
def test_everything_asks_every_rule(whole):
    files = {"shop.py": PLACED, f"{FOLDER}/stray": b""} | published(ORDER, WITH_NOTE)
    report = check_everything(MemorySource(files, {}), settings(**OWN), whole=whole)
    assert codes(report.findings) == ["schema-drift", "schema-misplaced"]
