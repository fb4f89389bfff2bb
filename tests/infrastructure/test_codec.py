"""Events to bytes and back: nothing is lost, and the bytes are canonical (DESIGN 3)."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from jerry_domain.events.base import DomainEvent
from jerry_domain.events.work_item_events import WORK_ITEM_EVENTS, CommentAdded, LabelsAdded, StatusChanged
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.infrastructure.persistence.codec import (
    ENVELOPE,
    CodecError,
    decode,
    encode,
    format_time,
    to_cloudevent,
)
from jerry_git.infrastructure.persistence.json_text import MAX_DEPTH
from jerry_git.testing.histories import MOMENT, ONE_OF_EACH, happened
from tests.infrastructure.stores import recorded
from tests.infrastructure.strategies import THOROUGH, batches

REQUIRED_BY_CLOUDEVENTS = {"specversion", "id", "source", "type"}


def _place(event: DomainEvent, **changes: object):
    return replace(recorded("a", 1), event=event, **changes)


@pytest.mark.positive
@THOROUGH
@given(batches)
def test_every_event_of_every_kind_survives_with_what_is_unknown_about_it(batch):
    assert decode(encode(batch)) == tuple(batch)


@pytest.mark.positive
@THOROUGH
@given(batches)
def test_what_was_read_is_written_again_byte_by_byte(batch):
    content = encode(batch)
    assert encode(decode(content)) == content


@pytest.mark.positive
@THOROUGH
@given(batches)
def test_bytes_are_canonical_json_with_two_spaces_one_final_newline_and_keys_in_order(batch):
    content = encode(batch)
    text = content.decode("utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    assert b"\r" not in content
    for document in json.loads(text):
        known = [key for key in document if key in ENVELOPE]
        assert known == [key for key in ENVELOPE if key in document]
        unknown = [key for key in document if key not in ENVELOPE]
        assert list(document) == [*known[:-1], *sorted(unknown), "data"]


@pytest.mark.positive
@THOROUGH
@given(batches)
def test_each_event_is_a_cloudevent_with_its_required_attributes_in_lower_case_names(batch):
    for item in batch:
        document = to_cloudevent(item)
        assert document.keys() >= REQUIRED_BY_CLOUDEVENTS
        assert document["specversion"] == "1.0"
        assert all(isinstance(document[name], str) and document[name] for name in REQUIRED_BY_CLOUDEVENTS)
        assert document["type"] == item.event.event_type
        assert all(name.isascii() and name.isalnum() and name.islower() for name in ENVELOPE)


@pytest.mark.positive
@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: type(event).__name__)
def test_data_holds_the_events_own_fields_in_the_order_of_the_class(event):
    own = [field.name for field in fields(event) if field.name not in {field.name for field in fields(DomainEvent)}]
    assert list(to_cloudevent(_place(event))["data"]) == own


@pytest.mark.positive
def test_there_is_an_example_of_each_kind_of_event():
    assert [type(event) for event in ONE_OF_EACH] == list(WORK_ITEM_EVENTS)


@pytest.mark.positive
def test_fields_at_their_default_are_left_out_and_come_back():
    event = happened(StatusChanged, "s", from_status=WorkItemStatus.PENDING, to_status=WorkItemStatus.IN_PROGRESS)
    document = to_cloudevent(_place(event))
    assert document["data"] == {"from_status": "pending", "to_status": "in_progress"}
    assert document.keys().isdisjoint({"session", "correlationid", "causationid", "parents"})
    assert decode(encode([_place(event)]))[0].event == event


@pytest.mark.positive
def test_a_field_at_its_default_may_also_stand_in_the_file():
    document = to_cloudevent(recorded("a", 1))
    document["data"]["author"] = None
    assert decode(json.dumps([document]).encode()) == (recorded("a", 1),)


@pytest.mark.positive
def test_unknown_attributes_stand_before_the_data_by_name_and_unknown_data_behind_the_known():
    item = _place(recorded("a", 1).event, attributes={"zeta": 1, "alpha": [2]}, data={"new": {"x": None}, "mood": "?"})
    document = to_cloudevent(item)
    assert list(document)[-3:] == ["alpha", "zeta", "data"]
    assert list(document["data"]) == ["text", "mood", "new"]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (MOMENT, "2026-11-23T07:10:48.123Z"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00.000Z"),
        (datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "2025-12-31T23:30:00.000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
        (datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC), "9999-12-31T23:59:59.999Z"),
    ],
)
def test_times_are_written_in_utc_with_milliseconds_and_four_digits_of_year(moment, written):
    assert format_time(moment) == written


@pytest.mark.positive
def test_texts_are_written_as_they_are_and_only_what_json_forbids_is_escaped():
    event = happened(CommentAdded, "c", text='日本語 🦜 "\\ \u2028 \x00 \t\n\r')
    content = encode([_place(event)])
    assert '"日本語 🦜 \\"\\\\ \u2028 \\u0000 \\t\\n\\r"'.encode() in content
    assert decode(content)[0].event == event


@pytest.mark.edge
def test_a_character_beyond_the_first_plane_may_be_written_as_two_escapes():
    content = encode([recorded("a", 1)]).replace(b'"text": "a"', b'"text": "\\ud83e\\udd9c"')
    assert decode(content)[0].event.text == "🦜"


@pytest.mark.positive
def test_a_batch_of_many_lists_is_not_taken_for_deep_nesting():
    labels = [_place(happened(LabelsAdded, f"l{number}", labels=("x",)), version=number) for number in range(1, 50)]
    assert decode(encode(labels)) == tuple(labels)


@pytest.mark.edge
def test_what_is_unknown_may_be_nested_to_a_depth_of_32_in_all_and_no_deeper():
    deepest = encode([_place(recorded("a", 1).event, data={"deep": nested(MAX_DEPTH - 3)})])
    assert encode(decode(deepest)) == deepest
    with pytest.raises(CodecError, match="nested too deeply"):
        decode(encode([_place(recorded("a", 1).event, data={"deep": nested(MAX_DEPTH - 2)})]))


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth - 1):
        value = [value]
    return value
