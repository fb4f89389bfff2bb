"""Old events stay readable: every version by every later one, along the chain of upcasters."""

from __future__ import annotations

import pytest

from jerry_git.application.schemas.checking import check_compatible
from jerry_git.application.schemas.evolution import segments
from jerry_git.application.schemas.registry import Record
from jerry_git.application.schemas.upcasters import declared
from tests.application.schemas.registries import (
    FOLDER,
    ORDER,
    UPCAST,
    UPCASTERS,
    WITH_NOTE,
    WITH_TOTAL,
    codes,
    published,
    settings,
)
from tests.application.sources import MemorySource

CODE = {"shop/upcasters.py": UPCASTERS.encode()}


def record(version: int = 2, text: str = UPCASTERS) -> dict[str, bytes]:
    found = declared(MemorySource({"shop/upcasters.py": text.encode()}), settings(upcasters=UPCAST).schemas)[
        "placed", 1
    ]
    path = f"{FOLDER}/placed/v{version}.upcaster.json"
    return {path: Record(found.function, found.fingerprint).text().encode()}


def report(files, before=None, **own):
    return check_compatible(MemorySource(files, before), None, settings(**own))


@pytest.mark.positive
def test_additive_versions_pass():
    assert report(published(ORDER, WITH_NOTE)).findings == ()


@pytest.mark.positive
def test_a_version_that_does_not_read_an_earlier_one_is_told_with_an_event_that_breaks():
    (found,) = report(published(ORDER, WITH_TOTAL), published(ORDER)).findings
    assert (found.code, found.path) == ("schema-incompatible", f"{FOLDER}/placed/v2.json")
    assert found.message == (
        "placed: v2 does not read v1: O3 at /required: the property 'total' is new and required; "
        'a stored event that breaks: {"order": "text"}'
    )
    assert "make the change additive" in found.mend
    assert "`jerry schema stub placed --from 1`" in found.mend


@pytest.mark.positive
def test_only_events_that_changed_are_looked_at():
    before = published(ORDER, WITH_TOTAL) | published(ORDER, event="paid")
    source = MemorySource(before | published(ORDER, WITH_NOTE, event="paid"), before)
    assert check_compatible(source, None, settings()).findings == ()
    assert not any("placed" in path for path in source.read)


@pytest.mark.positive
def test_every_pair_of_versions_counts_and_not_neighbours_alone():
    text, number = ({"type": "object", "properties": {"a": {"type": kind}}} for kind in ("string", "number"))
    findings = report(published(text, {"type": "object", "properties": {}}, number)).findings
    pairs = {(found.code, found.message.partition(":")[2].partition(":")[0].strip()) for found in findings}
    assert ("schema-incompatible", "v3 does not read v1") in pairs
    assert not any("v3 does not read v2" in place for _, place in pairs)


@pytest.mark.positive
def test_an_upcaster_lets_a_version_ask_for_more():
    files = published(ORDER, WITH_TOTAL) | CODE | record()
    assert report(files, upcasters=UPCAST).findings == ()


@pytest.mark.positive
def test_an_upcaster_parts_the_versions_and_those_on_one_side_still_count():
    files = published(ORDER, WITH_TOTAL, {**WITH_TOTAL, "additionalProperties": False}, WITH_NOTE) | CODE | record()
    findings = report(files, upcasters=UPCAST).findings
    assert {found.message.split(":")[1] for found in findings} >= {" v3 does not read v2"}
    assert not any("does not read v1" in found.message for found in findings)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("versions", "steps", "expected"),
    [([1, 2, 3], [], [[1, 2, 3]]), ([1, 2, 3], [1], [[1], [2, 3]]), ([1, 2, 3], [1, 2], [[1], [2], [3]]), ([], [], [])],
)
def test_versions_are_cut_where_an_upcaster_leads_on(versions, steps, expected):
    assert segments(versions, steps) == expected


@pytest.mark.positive
def test_what_cannot_be_told_is_an_error_of_its_own():
    findings = report(published(ORDER, {**ORDER, "frobnicate": 1})).findings
    assert codes(findings) == ["schema-undecided"]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("level", "expected"), [("backward", []), ("forward", ["schema-incompatible"]), ("full", ["schema-incompatible"])]
)
def test_the_level_says_which_direction_counts(level, expected):
    wider = {**ORDER, "properties": {"order": {"type": ["string", "null"]}}}
    assert codes(report(published(ORDER, wider), level=level).findings) == expected


@pytest.mark.positive
@pytest.mark.parametrize(
    "later", [{"type": "object", "properties": {}},
              {"type": "object", "properties": {"note": {"type": "string", "default": "y"}}}],
    ids=["a property is dropped", "a default is another"],
)  # fmt: skip
def test_a_version_that_changes_the_meaning_of_old_events_is_told(later):
    first = {"type": "object", "properties": {"note": {"type": "string", "default": "x"}}}
    assert codes(report(published(first, later)).findings) == ["schema-meaning"]
    assert codes(report(published(first, later), level="forward").findings) == []


@pytest.mark.positive
def test_another_dialect_is_a_warning():
    old = {"$schema": "http://json-schema.org/draft-07/schema#", **ORDER}
    new = {"$schema": "https://json-schema.org/draft/2020-12/schema", **ORDER}
    assert codes(report(published(old, new)).findings) == ["schema-dialect"]


@pytest.mark.positive
def test_a_reference_out_of_the_file_is_told():
    inner = {**ORDER, "properties": {"a": [{"$ref": "#/$defs/A"}], "b": {"$ref": "common.json#/A"}}, "$defs": {"A": {}}}
    findings = report(
        published({**inner, "properties": {"b": {"$ref": "common.json#/A"}, "c": {"$ref": "#/$defs/A"}}})
    ).findings
    assert codes(findings) == ["schema-reference"]
    assert "common.json#/A" in findings[0].message


@pytest.mark.positive
def test_a_name_that_is_used_again_for_something_else_is_told():
    text, number = ({"type": "object", "properties": {"a": {"type": kind}}} for kind in ("string", "number"))
    gone = {"type": "object", "properties": {}}
    upcasters = {"placed.v1": "shop.upcasters:add_total", "placed.v2": "shop.upcasters:add_total"}
    findings = report(published(text, gone, number) | CODE | record() | record(3), upcasters=upcasters).findings
    assert codes(findings) == ["schema-reused-name"]
    back = report(published(text, gone, text) | CODE | record() | record(3), upcasters=upcasters)
    assert back.findings == ()


@pytest.mark.edge
def test_a_schema_that_is_no_object_has_no_names():
    assert report(published(True, {"type": "string"})).is_refused


@pytest.mark.positive
@pytest.mark.parametrize(
    ("missing", "words"), [([2], "v2 is missing below v3"), ([1, 2], "v1, v2 are missing below v3")]
)
def test_a_gap_is_told(missing, words):
    files = published(ORDER, ORDER, ORDER)
    for version in missing:
        del files[f"{FOLDER}/placed/v{version}.json"]
    (found,) = report(files).findings
    assert (found.code, words in found.message) == ("schema-gap", True)


UPCASTING = {
    "no function": ({"shop/upcasters.py": b""}, record(), ["upcaster-missing"]),
    "no module": ({}, record(), ["upcaster-missing"]),
    "not recorded": (CODE, {}, ["upcaster-changed"]),
    "another source": ({"shop/upcasters.py": UPCASTERS.replace("0", "1").encode()}, record(), ["upcaster-changed"]),
    "as it was published": (CODE, record(), []),
}


@pytest.mark.positive
@pytest.mark.parametrize(("code", "records", "expected"), UPCASTING.values(), ids=UPCASTING)
def test_an_upcaster_is_there_and_as_it_was_published(code, records, expected):
    assert codes(report(published(ORDER, WITH_TOTAL) | code | records, upcasters=UPCAST).findings) == expected


@pytest.mark.positive
def test_an_upcaster_from_a_version_that_is_not_published_is_told():
    assert codes(report(CODE, upcasters=UPCAST).findings) == ["upcaster-unknown"]


@pytest.mark.edge
def test_an_upcaster_may_be_there_before_the_version_that_it_leads_to():
    assert report(published(ORDER) | CODE, upcasters=UPCAST).findings == ()


@pytest.mark.positive
def test_a_published_upcaster_that_is_declared_no_more_is_told():
    findings = report(published(ORDER, WITH_TOTAL) | record()).findings
    assert sorted(codes(findings)) == ["schema-incompatible", "upcaster-missing"]


@pytest.mark.positive
def test_an_edit_of_an_upcaster_alone_is_looked_at():
    before = published(ORDER, WITH_TOTAL) | CODE | record()
    after = before | {"shop/upcasters.py": UPCASTERS.replace("0", "1").encode()}
    assert codes(report(after, before, upcasters=UPCAST).findings) == ["upcaster-changed"]
    assert report(before, before, upcasters=UPCAST).findings == ()


@pytest.mark.negative
def test_a_version_that_changed_on_another_side_is_refused_here_too():
    before, after = published(ORDER, WITH_NOTE), published(ORDER, WITH_TOTAL)
    assert codes(report(after, before).findings) == ["schema-incompatible", "schema-modified"]


@pytest.mark.edge
def test_a_long_event_is_shortened_in_the_message():
    old = {"type": "object", "properties": {f"property_number_{n}": {"const": "x" * 20} for n in range(20)}}
    old["required"] = sorted(old["properties"])
    new = {**old, "required": [*old["required"], "another"]}
    (found,) = report(published(old, new)).findings
    assert found.message.endswith("...")


@pytest.mark.edge
def test_records_of_several_events_are_kept_apart():
    files = published(ORDER, WITH_TOTAL) | record() | published(ORDER, event="paid") | CODE
    assert report(files, upcasters=UPCAST).findings == ()
