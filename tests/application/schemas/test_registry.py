"""The registry as files: what is read, and what is told of the rest."""

from __future__ import annotations

import pytest

from jerry_git.application.schemas.registry import Place, Record, is_event_name, place_of, read
from tests.application.schemas.registries import FOLDER, ORDER, WITH_NOTE, codes, published
from tests.application.sources import MemorySource


@pytest.mark.positive
def test_every_version_is_read_by_event_and_number():
    registry = read(MemorySource(published(ORDER, WITH_NOTE) | published(ORDER, event="shop.paid-out")), FOLDER)
    assert registry.events == {"placed": {1: ORDER, 2: WITH_NOTE}, "shop.paid-out": {1: ORDER}}
    assert registry.newest("placed") == 2
    assert registry.newest("nothing") == 0
    assert registry.path("placed", 2) == f"{FOLDER}/placed/v2.json"
    assert registry.findings == ()


@pytest.mark.positive
def test_a_part_of_it_is_read_by_the_names_of_events():
    source = MemorySource(published(ORDER) | published(ORDER, event="paid"))
    assert read(source, FOLDER, ["paid"]).events == {"paid": {1: ORDER}}
    assert read(source, FOLDER, []).events == {}


@pytest.mark.positive
def test_a_record_leads_to_its_version():
    record = Record("shop.upcasters:f", "sha256:00")
    files = {f"{FOLDER}/placed/v2.upcaster.json": record.text().encode()}
    assert read(MemorySource(files), FOLDER).records == {("placed", 2): record}


UNREADABLE = {
    "not JSON": (b"{", "not JSON: Expecting property name enclosed in double quotes in line 1"),
    "not UTF-8": (b'{"title": "\xff"}', "byte 11 is not UTF-8"),
    "a key twice": (b'{"type": "string", "type": "object"}', "the key 'type' stands twice"),
    "a constant": (b'{"minimum": NaN}', "NaN is not JSON"),
    "no schema": (b"[]", "a schema is an object, true or false"),
    "too deep": (b'{"not":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
    "gone": (b"gone", "is not here"),
    "a link": (b"->elsewhere", "a symbolic link, which is never followed"),
    "a submodule": (b"@@", "not a regular file"),
}


@pytest.mark.negative
@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_and_hides_no_other(content, message):
    files = published(ORDER) | {f"{FOLDER}/broken/v1.json": content}
    registry = read(MemorySource(files), FOLDER)
    assert registry.events == {"placed": {1: ORDER}}
    (found,) = registry.findings
    assert (found.code, found.path, found.message) == ("schema-unreadable", f"{FOLDER}/broken/v1.json", message)


@pytest.mark.negative
def test_a_record_that_says_too_little_is_told():
    registry = read(MemorySource({f"{FOLDER}/placed/v2.upcaster.json": b"{}"}), FOLDER)
    assert codes(registry.findings) == ["schema-unreadable"]


@pytest.mark.edge
@pytest.mark.parametrize(
    "path", ["placed/v01.json", "placed/v1.JSON", "placed/x/v1.json", "v1.json", "1/v1.json", "a/v0.json"]
)
def test_a_file_that_is_called_otherwise_is_a_warning(path):
    (found,) = read(MemorySource({f"{FOLDER}/{path}": b"{}"}), FOLDER).findings
    assert (found.code, found.severity) == ("schema-misplaced", "warning")
    assert place_of(FOLDER, f"{FOLDER}/{path}") is None


@pytest.mark.positive
def test_places_and_names():
    assert place_of(FOLDER, f"{FOLDER}/placed/v3.upcaster.json") == Place("placed", 3, is_record=True)
    assert place_of(FOLDER, "elsewhere/placed/v3.json") is None
    assert Place("placed", 3).path(FOLDER) == f"{FOLDER}/placed/v3.json"
    assert [name for name in ("OrderPlaced", "a.b-c_d", "1a", "", "a/b", "ä") if is_event_name(name)] == [
        "OrderPlaced",
        "a.b-c_d",
    ]
