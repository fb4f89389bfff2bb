"""Published bytes stay: a sample of every event type is pinned, and so are the schemas that describe it."""

from __future__ import annotations

import copy
import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from jerry_domain.events.work_item_events import WORK_ITEM_EVENTS
from jerry_git.infrastructure.persistence import schemas
from jerry_git.infrastructure.persistence.codec import decode, encode, split_type
from jerry_git.infrastructure.persistence.diagnosis import diagnose
from tests.infrastructure.samples import FOLDER, SAMPLES, sample_path

EVENT_TYPES = [event.event_type for event in WORK_ITEM_EVENTS]
each_type = pytest.mark.parametrize("event_type", EVENT_TYPES)


def _shipped() -> dict[str, bytes]:
    root = files("jerry_git") / "schemas"
    return {f"{folder.name}/{file.name}": file.read_bytes() for folder in root.iterdir() for file in folder.iterdir()}


def _schema(event_type: str) -> dict[str, object]:
    name, version = split_type(event_type)
    return json.loads(_shipped()[f"{name}/v{version}.json"])


def _data(event_type: str) -> dict[str, object]:
    return json.loads(sample_path(event_type).read_bytes())[0]["data"]


def _validator(event_type: str) -> Draft202012Validator:
    return Draft202012Validator(_schema(event_type), format_checker=FormatChecker())


def _without_descriptions(schema: bytes) -> object:
    return json.loads(
        schema, object_pairs_hook=lambda pairs: {key: value for key, value in pairs if key != "description"}
    )


@pytest.mark.positive
@each_type
def test_the_bytes_of_the_sample_are_what_is_written_today(event_type):
    assert encode([SAMPLES[event_type]]) == sample_path(event_type).read_bytes()


@pytest.mark.positive
@each_type
def test_the_sample_is_read_as_the_event_that_it_was(event_type):
    assert decode(sample_path(event_type).read_bytes()) == (SAMPLES[event_type],)


@pytest.mark.positive
@each_type
def test_the_sample_has_no_fault(event_type):
    assert diagnose("sample.json", sample_path(event_type).read_bytes()) == ()


@pytest.mark.positive
def test_there_is_a_sample_of_every_event_type_and_no_other_file():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(f"{event_type}.json" for event_type in EVENT_TYPES)


@pytest.mark.positive
def test_the_shipped_schemas_are_those_of_the_classes():
    assert _shipped().keys() == schemas.all_schemas().keys()
    for name, made in schemas.all_schemas().items():
        assert _without_descriptions(_shipped()[name]) == _without_descriptions(made), name


@pytest.mark.positive
@each_type
def test_a_schema_is_valid_itself_and_names_dialect_and_event(event_type):
    schema = _schema(event_type)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (schema["$id"], schema["title"]) == (f"urn:jerry:{event_type}", event_type)
    assert schema["description"]


@pytest.mark.positive
@each_type
def test_the_sample_is_valid_under_its_schema(event_type):
    assert list(_validator(event_type).iter_errors(_data(event_type))) == []


@pytest.mark.positive
@each_type
def test_a_schema_lets_fields_pass_that_a_later_version_may_add(event_type):
    assert _validator(event_type).is_valid({**_data(event_type), "added_later": {"x": [1]}})


@pytest.mark.negative
@each_type
def test_a_schema_refuses_each_required_field_that_is_missing(event_type):
    for field in _schema(event_type).get("required", []):
        data = copy.deepcopy(_data(event_type))
        del data[field]
        assert not _validator(event_type).is_valid(data), field


@pytest.mark.negative
@each_type
def test_a_schema_refuses_a_field_of_another_type(event_type):
    for field in _schema(event_type).get("properties", {}):
        assert not _validator(event_type).is_valid({**_data(event_type), field: {"no": ["field", "is", "such"]}}), field
