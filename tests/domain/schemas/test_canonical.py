"""The canonical form: one spelling for each meaning, and never another meaning."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from jerry_domain.schemas.canonical import canonical, fingerprint, published_text
from tests.domain.schemas.random_schemas import SEEDS, schema_of, values_of

TEXT = {"type": "string"}
NODE = {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}}}

ALIKE = {
    "annotations": ({"type": "string", "title": "Name", "description": "x", "examples": ["a"]}, TEXT),
    "a property called title": (
        {"properties": {"title": {"type": "string", "title": "Title"}}},
        {"properties": {"title": TEXT}},
    ),
    "the word for open": ({"properties": {}, "additionalProperties": True}, {"properties": {}}),
    "trivial words": ({"type": "array", "items": {}, "minItems": 0, "uniqueItems": False}, {"type": "array"}),
    "orders": (
        {"required": ["b", "a"], "properties": {"b": {}, "a": True}},
        {"properties": {"a": True, "b": True}, "required": ["a", "b"]},
    ),
    "null in a union": ({"anyOf": [TEXT, {"type": "null"}]}, {"type": ["null", "string"]}),
    "null by OpenAPI's word": ({"type": "string", "nullable": True}, {"type": ["null", "string"]}),
    "a list of one type": ({"type": ["string"]}, TEXT),
    "whole numbers among numbers": ({"type": ["integer", "number"]}, {"type": "number"}),
    "an enum of one": ({"enum": ["a"], "type": "string"}, {"const": "a"}),
    "the constant null": ({"const": None}, {"type": "null"}),
    "the order of an enum": ({"enum": ["b", "a", "b"]}, {"enum": ["a", "b"]}),
    "whole floats": ({"minimum": 1.0}, {"minimum": 1}),
    "a union of one": ({"anyOf": [{"minLength": 1}], "default": "x"}, {"minLength": 1, "default": "x"}),
    "a conjunction of nothing": ({"type": "string", "allOf": [{}]}, TEXT),
    "a reference": ({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": TEXT}}, {"properties": {"a": TEXT}}),
    "a reference with a default": (
        {"properties": {"a": {"$ref": "#/definitions/A", "default": "x"}}, "definitions": {"A": TEXT}},
        {"properties": {"a": {"type": "string", "default": "x"}}},
    ),
    "names of definitions": (
        {"$ref": "#/$defs/Node", "$defs": {"Node": NODE}},
        {"$ref": "#/$defs/L", "$defs": {"L": json.loads(json.dumps(NODE).replace("Node", "L")), "unused": TEXT}},
    ),
    "pydantic's pattern of a Decimal": (
        {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$"}]},
        {"type": ["number", "string"]},
    ),
    "what a discriminator maps to": (
        {"oneOf": [TEXT, {"type": "null"}], "discriminator": {"propertyName": "kind", "mapping": {"a": "#/$defs/A"}}},
        {"oneOf": [{"type": "null"}, TEXT], "discriminator": {"propertyName": "kind"}},
    ),
}


@pytest.mark.positive
@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_what_means_the_same_has_one_form(one, other):
    assert canonical(one) == canonical(other)
    assert fingerprint(one) == fingerprint(other)


DIFFERENT = {
    "a default": ({"type": "string", "default": "x"}, {"type": "string", "default": "y"}),
    "true and one": ({"const": True}, {"const": 1}),
    "a required key": ({"required": ["a"]}, {}),
    "a closed object": ({"additionalProperties": False}, {}),
    "the order of a tuple": ({"prefixItems": [TEXT, {}]}, {"prefixItems": [{}, TEXT]}),
    "how many branches of oneOf": ({"oneOf": [TEXT, TEXT]}, {"oneOf": [TEXT]}),
    "a word of one's own": ({"x-unit": "EUR"}, {}),
    "words beside a reference": (
        {"$ref": "#/$defs/A", "maxLength": 3, "$defs": {"A": TEXT}},
        {"$ref": "#/$defs/A", "$defs": {"A": TEXT}},
    ),
}


@pytest.mark.negative
@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_means_something_else_has_another_form(one, other):
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.positive
@settings(max_examples=150, derandomize=True, deadline=None)
@given(SEEDS)
def test_the_form_of_the_form_is_the_form(seed):
    form = canonical(schema_of(seed))
    assert canonical(form) == form


@pytest.mark.positive
@settings(max_examples=150, derandomize=True, deadline=None)
@given(SEEDS)
def test_the_form_takes_what_the_schema_takes(seed):
    schema = schema_of(seed)
    before, after = Draft202012Validator(schema), Draft202012Validator(canonical(schema))
    for value in values_of(seed):
        assert before.is_valid(value) == after.is_valid(value)


@pytest.mark.positive
def test_a_published_file_has_a_head_and_says_that_an_object_is_open():
    schema = {
        "$id": "urn:x", "title": "order", "description": "An order.", "type": "object", "properties": {"a": TEXT},
        "additionalProperties": True,
    }  # fmt: skip
    text = published_text(schema)
    assert json.loads(text) == {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    assert text == published_text(json.loads(text))
    assert text.endswith("}\n")


def _bomb(levels):
    defs = {f"A{n}": {"type": "array", "prefixItems": [{"$ref": f"#/$defs/A{n + 1}"}] * 2} for n in range(levels)}
    return {"$ref": "#/$defs/A0", "$defs": {**defs, f"A{levels}": TEXT}}


def _nested(levels):
    schema: dict = {}
    for _ in range(levels):
        schema = {"not": schema}
    return schema


@pytest.mark.edge
@pytest.mark.parametrize(
    "schema",
    [_bomb(60), _nested(150), 12, True, {"properties": []}, {"required": 3}, {"$ref": "#/$defs/none"}, {"type": 7},
     {"$defs": 1, "anyOf": {}}, {"enum": "a"}],
    ids=["a bomb", "deep", "a number", "true", "a list", "a count", "dangling", "no type", "no list", "no enum"],
)  # fmt: skip
def test_what_is_odd_or_hostile_is_given_back(schema):
    assert len(published_text(schema) if schema is not True and schema != 12 else "") < 200_000
    assert canonical(schema) is not None


@pytest.mark.edge
def test_what_is_nested_too_deeply_is_given_back():
    deep = _nested(5000)
    assert canonical(deep) is deep


@pytest.mark.edge
def test_a_schema_of_very_many_definitions_keeps_its_references():
    definitions = {f"A{number}": {"items": {"$ref": f"#/$defs/A{number + 1}"}} for number in range(400)}
    form = canonical({"$ref": "#/$defs/A0", "$defs": {**definitions, "A400": TEXT}})
    assert len(form["$defs"]) == 401


@pytest.mark.edge
def test_a_published_file_of_a_schema_that_is_true_says_so():
    assert published_text(True) == "true\n"
