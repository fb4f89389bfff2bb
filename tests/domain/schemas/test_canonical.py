# ruff: noqa: E501 - the lines of a table are the lines of schemas
"""The canonical form: one spelling for each meaning, and never another meaning."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from jerry_domain.schemas.canonical import canonical, fingerprint, published_text
from tests.domain.schemas.odd_schemas import odd_schema_of
from tests.domain.schemas.random_schemas import SEEDS, schema_of, values_of

TEXT = {"type": "string"}
NODE = {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}}}


def _linked(key, own=None):
    return {"type": "object", "properties": {key: {"$ref": f"#/$defs/{own or key.upper()}"}}}


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
    "the branches of a union that lead to themselves": (
        {"anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}], "$defs": {"A": _linked("a"), "B": _linked("b")}},
        {
            "anyOf": [{"$ref": "#/$defs/Z"}, {"$ref": "#/$defs/A"}],
            "$defs": {"A": _linked("a", "A"), "Z": _linked("b", "Z")},
        },
    ),
    "a definition that takes anything": ({"items": {"$ref": "#/$defs/A"}, "$defs": {"A": True}}, {"items": {}}),
    "a word that says nothing beside a reference": (
        {"$ref": "#/$defs/A", "minLength": 0, "$defs": {"A": TEXT}},
        TEXT,
    ),
    "the end of a tuple": (
        {"prefixItems": [TEXT], "items": False},
        {"prefixItems": [TEXT], "maxItems": 1},
    ),
    "the end of a tuple, said twice": (
        {"prefixItems": [TEXT, TEXT], "items": False, "maxItems": 1},
        {"prefixItems": [TEXT, TEXT], "maxItems": 1},
    ),
    "a whole number as a constant": ({"const": 1.0}, {"enum": [1, 1.0]}),
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
    "the constant null where a type forbids it": ({"const": None, "type": "string"}, {"const": None}),
    "a definition that takes nothing": ({"items": {"$ref": "#/$defs/A"}, "$defs": {"A": False}}, {}),
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
@settings(max_examples=150, derandomize=True, deadline=None)
@given(SEEDS)
def test_words_strewn_over_a_schema_change_neither_its_form_nor_what_it_takes(seed):
    schema = odd_schema_of(seed)
    form = canonical(schema)
    assert canonical(form) == form == canonical(json.loads(published_text(schema)))
    before, after = Draft202012Validator(schema), Draft202012Validator(form)
    for value in values_of(seed):
        assert before.is_valid(value) == after.is_valid(value)


REFERRED = {
    "by a place in a definition": (
        {"properties": {"a": {"$ref": "#/$defs/A/properties/x"}}, "$defs": {"A": {"properties": {"x": TEXT}}}}
    ),
    "by a place in a union": {"anyOf": [{"type": "object"}, {"maxProperties": 0}], "properties": {"a": {"$ref": "#/anyOf/1"}}},
    "by an anchor": {"properties": {"a": {"$ref": "#t"}}, "$defs": {"A": {"$anchor": "t", "type": "string"}}},
    "by an address": {"$id": "urn:x", "properties": {"a": {"$ref": "urn:x#/$defs/A"}}, "$defs": {"A": TEXT}},
    "by an escaped name": {"properties": {"a": {"$ref": "#/$defs/A%20B"}}, "$defs": {"A B": TEXT}},
    "by a definition within": {"properties": {"a": {"$ref": "#/properties/b/$defs/A"}, "b": {"$defs": {"A": TEXT}}}},
    "dynamically": {"properties": {"a": {"$dynamicRef": "#t"}}, "$defs": {"A": {"$dynamicAnchor": "t", "type": "string"}}},
    "by an address within": {"properties": {"a": {"$ref": "urn:y"}}, "$defs": {"A": {"$id": "urn:y", "type": "string"}}},
    "as the whole": {"properties": {"a": {"$ref": "#"}}, "maxProperties": 1},
    "as what a word has seen": {"allOf": [{"additionalProperties": True}], "unevaluatedProperties": False},
    "as what a definition has seen": {"$ref": "#/$defs/A", "$defs": {"A": {"allOf": [{"additionalProperties": {}}], "unevaluatedProperties": False}}},
}  # fmt: skip
VALUES = [
    {},
    {"a": "x"},
    {"a": 1},
    {"a": {}},
    {"a": {"b": 1, "c": 1}},
    {"b": 1, "c": 1},
    1,
    {"a": {"a": {"a": 1, "b": 1}}},
]


@pytest.mark.edge
@pytest.mark.parametrize("schema", REFERRED.values(), ids=REFERRED)
def test_what_is_referred_to_in_another_way_stays_where_it_is(schema):
    form = canonical({"title": "said", **schema})
    before, after = Draft202012Validator(schema), Draft202012Validator(form)
    assert [before.is_valid(value) for value in VALUES] == [after.is_valid(value) for value in VALUES]
    assert "title" not in form
    assert canonical(form) == form


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


def _fat_bomb():
    bomb = _bomb(12)
    bomb["$defs"]["A12"] = {"properties": {f"p{n}": TEXT for n in range(1000)}}
    return bomb


def _crowd(size, each):
    return {"$ref": "#/$defs/A0", "$defs": {
        f"A{n}": {"properties": {f"x{k}": {"$ref": f"#/$defs/A{(n + k + 1) % size}"} for k in range(each)}}
        for n in range(size)
    }}  # fmt: skip


def _row(size):
    defs = {f"A{n}": {"items": {"$ref": f"#/$defs/A{n + 1}"}} for n in range(size)}
    return {"$ref": "#/$defs/A0", "$defs": {**defs, f"A{size}": TEXT}}


def _nested(levels):
    schema: dict = {}
    for _ in range(levels):
        schema = {"not": schema}
    return schema


@pytest.mark.edge
@pytest.mark.parametrize(
    "schema",
    [_bomb(60), _nested(150), 12, True, {"properties": []}, {"required": 3}, {"$ref": "#/$defs/none"}, {"type": 7},
     {"$defs": 1, "anyOf": {}}, {"enum": "a"}, _fat_bomb(), _crowd(300, 10), _row(900), {"items": [{"$ref": "#/$defs/A"}]},
     {"x-own": [{"$ref": "#/$defs/A"}], "$defs": {"A": TEXT}}],
    ids=["a bomb", "deep", "a number", "true", "a list", "a count", "dangling", "no type", "no list", "no enum", "a fat bomb",
         "a crowd", "a row", "a list of items", "a word of one's own"],
)  # fmt: skip
def test_what_is_odd_or_hostile_has_a_form_that_is_bounded(schema):
    assert len(published_text(schema) if schema is not True and schema != 12 else "") < 200_000
    assert canonical(schema) is not None


@pytest.mark.edge
def test_what_is_deeper_than_python_follows_is_given_back():
    schema = _nested(700)
    assert canonical(schema) is schema


@pytest.mark.edge
def test_half_a_character_can_be_published_and_has_a_fingerprint():
    schema = {"const": "\ud800"}
    assert fingerprint(schema).startswith("sha256:")
    assert json.loads(published_text(schema).encode())["const"] == "\ud800"


@pytest.mark.edge
def test_definitions_that_only_each_other_tells_apart_have_one_form_in_any_order():
    names = [f"L{n}" for n in range(20)]
    defs = {
        name: {"items": {"$ref": f"#/$defs/{after}"}} for name, after in zip(names, [*names[1:], "L0"], strict=True)
    }
    defs["L19"]["maxItems"] = 3
    one = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in names], "$defs": defs}
    assert canonical(canonical(one)) == canonical(one)
    assert len(canonical(one)["$defs"]) == 20


@pytest.mark.positive
def test_what_is_referred_to_from_several_places_is_written_out_at_each():
    a, b = {"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}
    referring = {"properties": {"a": a, "b": b}, "$defs": {"A": {"properties": {"x": b}}, "B": TEXT}}
    assert canonical(referring) == canonical({"properties": {"a": {"properties": {"x": TEXT}}, "b": TEXT}})


@pytest.mark.edge
def test_a_published_file_of_a_schema_that_is_true_says_so():
    assert published_text(True) == "true\n"
