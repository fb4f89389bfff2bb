"""What is wrong with a file, in full: the quick codec and the thorough diagnosis agree on what is good."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_git.infrastructure.persistence.codec import CodecError, decode, encode
from jerry_git.infrastructure.persistence.diagnosis import diagnose
from jerry_git.testing.store_case import rows
from tests.infrastructure.damaged_files import (
    GONE,
    GOOD,
    INVALID,
    NOT_A_BATCH,
    NOT_JSON,
    NOT_UTF8,
    SECOND,
    changed,
    raw,
)
from tests.infrastructure.strategies import THOROUGH, batches, json_values

PATH = ".jerry/events/2026-11/x/f.json"
DAMAGED = {**NOT_JSON, **INVALID, **{name: (content, 1, "") for name, content in NOT_A_BATCH.items()}}
OF_OTHER_TYPES = (
    None,
    True,
    1,
    1.5,
    -1,
    10**400,
    "",
    "x",
    "done",
    "2026-12-24",
    [],
    ["x"],
    [1],
    {},
    {"x": 1},
    {"x": "y"},
)


def accepts(content: bytes) -> bool:
    try:
        decode(content)
    except CodecError:
        return False
    return True


def places(document: object) -> list[tuple[object, ...]]:
    """The way to every key of the events and their data."""
    return [
        place
        for number, event in enumerate(document)
        for place in [*((number, key) for key in event), *((number, "data", key) for key in event["data"])]
    ]


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A good file with one or two values put in the place of others, taken away, or added."""
    document = json.loads(encode(draw(batches)))
    for _ in range(draw(st.integers(1, 2))):
        *way, key = draw(st.sampled_from(places(document)))
        target = document
        for step in way:
            target = target[step]
        value = draw(st.sampled_from(OF_OTHER_TYPES) | json_values | st.just(GONE))
        if value is GONE:
            target.pop(key)
        elif key != "data" or isinstance(value, dict):
            target[draw(st.just(key) | st.just(f"{key}2"))] = value
        if not all(isinstance(event.get("data"), dict) for event in document):
            break
    return json.dumps(document).encode()


@pytest.mark.positive
@THOROUGH
@given(batches)
def test_a_good_file_has_no_fault(batch):
    assert diagnose(PATH, encode(batch)) == ()


@pytest.mark.positive
@THOROUGH
@given(mutations())
def test_diagnosis_finds_a_fault_just_where_the_codec_refuses(content):
    assert bool(diagnose(PATH, content)) != accepts(content)


@pytest.mark.positive
def test_all_faults_of_all_events_are_listed_in_their_order():
    batch = json.loads(GOOD)
    batch[0] |= {"time": "noon", "actor": "", "session": 7}
    batch[0]["data"] |= {"work_type": "saga", "title": 5}
    batch[1] |= {"streamversion": 0}
    batch[1]["data"] = {}
    problems = diagnose(PATH, (json.dumps(batch, indent=2, ensure_ascii=False) + "\n").encode())
    assert [(problem.line, problem.message.split(": ")[:2]) for problem in problems] == [
        (4, ["event 1", "time"]),
        (4, ["event 1", "actor"]),
        (4, ["event 1", "session"]),
        (4, ["event 1", "data.work_type"]),
        (4, ["event 1", "data.title"]),
        (SECOND, ["event 2", "streamversion"]),
        (SECOND, ["event 2", "data.text"]),
    ]
    assert {(problem.code, problem.path) for problem in problems} == {("invalid-event", PATH)}
    assert all(problem.mend.endswith(f"git checkout HEAD -- {PATH}") for problem in problems)


@pytest.mark.positive
def test_a_fault_of_one_event_does_not_hide_an_unknown_type_of_another():
    batch = json.loads(changed("actor", GONE))
    batch[1]["type"] = "jerry.work_item.teleported.v1"
    assert [problem.code for problem in diagnose(PATH, json.dumps(batch).encode())] == [
        "invalid-event",
        "unknown-event-type",
    ]


@pytest.mark.negative
@pytest.mark.parametrize(("content", "line", "message"), rows(DAMAGED))
def test_whatever_the_codec_refuses_diagnosis_reports_on_the_same_line(content, line, message):
    problems = diagnose(PATH, content)
    assert problems
    assert problems[0].line == line


@pytest.mark.negative
@pytest.mark.parametrize(("content", "line"), rows(NOT_UTF8))
def test_a_file_that_is_not_text_has_one_fault(content, line):
    (problem,) = diagnose(PATH, content)
    assert (problem.code, problem.line) == ("not-utf8", line)


@pytest.mark.positive
def test_a_rule_that_is_not_about_shape_is_reported_in_the_words_of_the_codec():
    (problem,) = diagnose(PATH, raw("2026-11-23T", "2026-02-31T"))
    assert problem.message == (
        "event 1: time is '2026-02-31T07:10:48.123Z', not a time such as 2026-11-23T07:10:48.123Z"
    )


@pytest.mark.edge
def test_an_event_that_is_no_object_is_one_fault_among_others():
    content = json.dumps(["event", *json.loads(changed("actor", GONE))]).encode()
    assert [problem.message.split(": ")[0] for problem in diagnose(PATH, content)] == ["event 1", "event 2"]
