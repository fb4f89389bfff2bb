"""Comparisons of schemas: sound against a validator, reflexive, transitive, bounded; never raising."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from jerry_domain.schemas.compatibility import Example, compare
from jerry_domain.schemas.dialects import DIALECTS
from jerry_domain.schemas.documents import Document, UnknownError, conjunction
from jerry_domain.schemas.inclusion import Inclusion
from tests.domain.schemas.random_schemas import SEEDS, pair_of, schema_of, values_of

SUITE = Path(__file__).parents[2] / "data" / "json-schema-test-suite"
FILES = sorted(SUITE.glob("draft*/*.json"))


def _drawn(writer, reader):
    """Values that a comparison itself would try."""
    try:
        inclusion = Inclusion(backward=True, strict=True)
        terms = [conjunction([Document(schema).node]) for schema in (writer, reader)]
        return list(inclusion.samples(*terms))
    except UnknownError:
        return []


@pytest.mark.positive
@settings(max_examples=120, derandomize=True, deadline=None)
@given(SEEDS)
def test_what_is_compatible_takes_every_value_and_what_is_not_shows_one(seed):
    old, new = pair_of(seed)
    comparison = compare(old, new, strict=True)
    values = [*values_of(seed), *_drawn(old, new), *_drawn(new, old)]
    before, after = Draft202012Validator(old), Draft202012Validator(new)
    for direction, writer, reader in ((comparison.backward, before, after), (comparison.forward, after, before)):
        broken = [value for value in values if writer.is_valid(value) and not reader.is_valid(value)]
        if direction.verdict == "compatible":
            assert broken == []
        for reason in direction.reasons:
            if reason.example is not None:
                assert writer.is_valid(reason.example.value)
                assert not reader.is_valid(reason.example.value)


@pytest.mark.positive
@settings(max_examples=60, derandomize=True, deadline=None)
@given(SEEDS)
def test_as_written_takes_every_value_that_a_writer_of_the_old_schema_makes(seed):
    old, new = pair_of(seed)
    if compare(old, new).backward.verdict == "compatible":
        before, after = Draft202012Validator(_closed(old)), Draft202012Validator(new)
        for value in [*values_of(seed), *_drawn(_closed(old), new)]:
            assert not before.is_valid(value) or after.is_valid(value)


def _closed(schema):
    """The schema with every object closed that names properties and says nothing of others."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if {"allOf", "anyOf", "oneOf", "if", "not", "$ref"} & schema.keys():
        return {**schema, "not": {}}  # closing is not the conjunct's own matter: such a writer makes nothing here
    inner = {key: _within(key, value) for key, value in schema.items()}
    is_written = "properties" in schema and "additionalProperties" not in schema
    return {**inner, "additionalProperties": False} if is_written else inner


def _within(key, value):
    if key in ("properties", "patternProperties"):
        return {name: _closed(item) for name, item in value.items()}
    return _closed(value) if key in ("items", "prefixItems", "additionalProperties") else value


@pytest.mark.positive
@settings(max_examples=60, derandomize=True, deadline=None)
@given(SEEDS)
def test_compatible_over_a_chain_is_never_incompatible_in_the_end(seed):
    first, second = pair_of(seed)
    third = pair_of(seed + 1)[1]
    steps = [compare(one, other, strict=True).backward.verdict for one, other in ((first, second), (second, third))]
    if steps == ["compatible", "compatible"]:
        assert compare(first, third, strict=True).backward.verdict != "incompatible"


def _respelled(schema):
    """The same schema, written otherwise: another order of keys, and a title here and there."""
    if isinstance(schema, list):
        return [_respelled(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _respelled(value) for key, value in reversed(schema.items())}


@pytest.mark.positive
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_schema_of_the_official_suite_is_compatible_with_itself(path):
    for case in json.loads(path.read_text(encoding="utf-8")):
        schema = case["schema"]
        assert compare(schema, schema).full.verdict == "compatible"
        assert compare(schema, _respelled(schema)).full.verdict == "compatible"
        if isinstance(schema, dict) and path.parent.name in ("draft7", "draft2020-12"):
            titled = {**schema, "title": "the same"}
            assert compare(schema, titled, strict=True).full.verdict in ("compatible", "undecided")


@pytest.mark.positive
@pytest.mark.parametrize("path", sorted(SUITE.glob("draft2020-12/*.json")), ids=lambda path: path.stem)
def test_what_is_said_of_two_schemas_of_the_suite_holds_for_its_values(path):
    cases = json.loads(path.read_text(encoding="utf-8"))[:6]
    verdict_of = {id(test): test["valid"] for case in cases for test in case["tests"]}
    for one, other in itertools.permutations(cases, 2):
        comparison = compare(one["schema"], other["schema"], strict=True)
        if comparison.backward.verdict == "compatible":
            known = {json.dumps(test["data"]): verdict_of[id(test)] for test in other["tests"]}
            for test in one["tests"]:
                if test["valid"]:
                    assert known.get(json.dumps(test["data"]), True), (one, other, test)


def _nested(levels, keyword="not"):
    schema = {"type": "string"}
    for _ in range(levels):
        schema = {keyword: [schema, schema]} if keyword in ("oneOf", "anyOf") else {keyword: schema}
    return schema


def _tangle(size):
    names = [f"N{number}" for number in range(size)]
    return {
        "$ref": "#/$defs/N0",
        "$defs": {
            name: {
                "type": "object",
                "properties": {other: {"anyOf": [{"$ref": f"#/$defs/{other}"}, {"type": "null"}]} for other in names},
            }
            for name in names
        },
    }


HOSTILE = {
    "a tower of oneOf": (_nested(12, "oneOf"), {"type": "string"}),
    "a tower of anyOf": (_nested(14, "anyOf"), {**_nested(14, "anyOf"), "maxLength": 3}),
    "a very deep schema": (_nested(3000), {"type": "string"}),
    "a deep schema": (_nested(300, "items"), _nested(301, "items")),
    "many branches that overlap": (
        {"oneOf": [{"minLength": number} for number in range(40)]},
        {"oneOf": [{"maxLength": number} for number in range(40)]},
    ),
    "a tangle of references": (_tangle(14), {**_tangle(14), "required": ["N3"]}),
    "many conditions": (
        {"allOf": [{"if": {"minLength": n}, "then": {"maxLength": n + 5}} for n in range(20)]},
        {"allOf": [{"if": {"minLength": n}, "then": {"maxLength": n + 4}} for n in range(20)]},
    ),
    "a pattern that counts": ({"pattern": "^(a{1,500}){1,500}$"}, {"pattern": "^(a{1,400}){1,500}$"}),
    "a huge minimum": ({"type": "array", "minItems": 10**9}, {"type": "array", "minItems": 10**9 + 1}),
    "huge texts": ({"type": "string", "minLength": 10**12}, {"type": "string", "minLength": 10**12 + 1}),
    "very many properties asked for": ({"type": "object"}, {"type": "object", "minProperties": 10**9}),
    "numbers beyond all bounds": ({"minimum": 1e308}, {"minimum": 10**400}),
    "not a number": ({"minimum": float("nan")}, {"minimum": 1}),
}


@pytest.mark.edge
@pytest.mark.parametrize(("old", "new"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_schema_is_answered_and_never_with_a_yes(old, new):
    assert compare(old, new).full.verdict in ("incompatible", "undecided")


@pytest.mark.negative
@pytest.mark.parametrize(
    "schema",
    [None, 3, "string", [], {"type": 3}, {"properties": []}, {"anyOf": {}}, {"required": "a"}, {"items": 3},
     {"$ref": 3}, {"$ref": "#/nowhere"}, {"enum": 3}, {"minLength": -1}, {"maximum": "1"}, {"dependencies": 3},
     {"$schema": "https://json-schema.org/draft/2020-12/schema", "items": [{}]}, {"exclusiveMinimum": True},
     {"$schema": "http://json-schema.org/draft-07/schema#", "exclusiveMinimum": True, "minimum": 3},
     {"dependentRequired": 3}, {"pattern": 3}, {"uniqueItems": "yes"}],
    ids=str,
)  # fmt: skip
def test_what_is_no_schema_is_undecided(schema):
    comparison = compare({"type": "object", "properties": {}}, schema)
    assert comparison.backward.verdict == "undecided"
    assert comparison.step == "upcaster"
    assert compare(schema, {"type": "object", "properties": {"a": {}}}).backward.verdict != "compatible" or schema == {}


@pytest.mark.edge
def test_a_pointer_names_the_place_in_the_schema_as_it_was_given():
    old = {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}, {"type": "string"}]}
    new = {**old, "items": [{"type": "string"}, {"type": "string", "maxLength": 3}]}
    (reason,) = compare(old, new).backward.reasons
    assert (reason.rule, reason.pointer, reason.path) == ("S1", "/items/1/maxLength", "/1")


@pytest.mark.positive
def test_an_old_reference_into_a_tuple_is_followed():
    old = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "items": [{"type": "string"}, {"$ref": "#/items/0"}],
        "additionalItems": {"$ref": "#/items/0"},
    }
    new = {"prefixItems": [{"type": "string"}], "items": {"type": "string"}}
    assert compare(old, new).full.verdict == "compatible"


@pytest.mark.positive
def test_every_dialect_says_the_same_in_its_own_words():
    closed = {"exclusiveMinimum": 1}
    for url, draft in DIALECTS.items():
        own = {"minimum": 1, "exclusiveMinimum": True} if draft == 4 else closed
        found = compare({"$schema": f"{url}#", "type": "number", **own}, {"type": "number", **closed})
        assert found.full.verdict == "compatible"


@pytest.mark.positive
def test_a_keyword_that_a_dialect_does_not_know_is_passed_over():
    old = {"$schema": "http://json-schema.org/draft-04/schema#", "const": 1, "id": "http://example.com/x"}
    assert compare(old, {"type": "string"}).backward.verdict == "incompatible"


@pytest.mark.positive
def test_an_example_is_json_on_one_line():
    (reason,) = compare({"type": "string"}, {"type": "string", "maxLength": 2}).backward.reasons
    assert reason.example == Example('"aaa"')
    assert reason.example.value == "aaa"


@pytest.mark.edge
def test_true_and_one_are_not_the_same():
    assert compare({"const": True}, {"const": 1}).backward.verdict == "incompatible"


@pytest.mark.positive
def test_a_schema_of_numbers_by_seed_is_the_same_each_time():
    assert schema_of(7) == schema_of(7)


AHEAD = {"(?=a)b": {"type": "integer"}}
OF_TEXT, OF_WHOLE = (
    {"type": "object", "properties": {"a": {"type": kind}}, "required": ["a"]} for kind in ("string", "integer")
)
UNTOLD = {
    "an exclusion that is malformed": ({"type": "string"}, {"type": "string", "not": {"minLength": "x"}}),
    "a property that is malformed, under a union": (
        {"type": "object", "properties": {"a": {"minLength": "x"}, "b": {"enum": [1, 2]}}, "required": ["a", "b"]},
        {"anyOf": [OF_TEXT, OF_WHOLE]},
    ),
    "a pattern of keys that cannot be judged": (
        {"type": "object", "patternProperties": AHEAD},
        {"type": "object", "patternProperties": AHEAD, "required": ["a"]},
    ),
    "two patterns of keys that cannot be told apart": (
        {"type": "object", "patternProperties": {"(?=a)c": {"type": "string"}}},
        {"type": "object", "patternProperties": AHEAD},
    ),
    "two patterns in closed objects": (
        {"type": "object", "patternProperties": {"(?=a)c": {"type": "string"}}, "additionalProperties": False},
        {"type": "object", "patternProperties": AHEAD},
    ),
    "branches with such patterns": (
        {"anyOf": [{**OF_TEXT, "patternProperties": AHEAD}, {**OF_WHOLE, "patternProperties": AHEAD}]},
        {
            "oneOf": [{**OF_TEXT, "patternProperties": AHEAD}, {**OF_WHOLE, "patternProperties": AHEAD}],
            "maxProperties": 1,
        },
    ),
    "a schema that excludes itself": (
        {"type": "string", "not": {"$ref": "#"}},
        {"type": "string", "not": {"$ref": "#"}, "minLength": 1},
    ),
    "two schemas that exclude each other": (
        {"not": {"$ref": "#/$defs/A"}, "$defs": {"A": {"not": {"$ref": "#"}}}},
        {
            "not": {"$ref": "#/$defs/A"},
            "$defs": {"A": {"not": {"$ref": "#"}, "title": "A", "minLength": 0}},
            "maxLength": 3,
        },
    ),
    "lists that are longer than any example": (
        {"type": "array", "items": {"type": "integer"}, "minItems": 5000},
        {"type": "array", "items": {"type": "string"}, "minItems": 5000},
    ),
    "lists that exclude lists of themselves": (
        {"type": "array", "not": {"type": "array", "items": {"$ref": "#"}, "minItems": 1}},
        {"type": "array", "not": {"type": "array", "items": {"$ref": "#"}, "minItems": 1}, "maxItems": 3},
    ),
}


@pytest.mark.edge
@pytest.mark.parametrize(("old", "new"), UNTOLD.values(), ids=UNTOLD)
def test_what_cannot_be_told_of_keys_and_of_itself_is_no_yes(old, new):
    assert compare(old, new).backward.verdict != "compatible"
    assert compare(new, old).backward.verdict in ("compatible", "incompatible", "undecided")


@pytest.mark.positive
def test_branches_that_lie_apart_by_a_required_key_may_become_exclusive():
    assert compare({"anyOf": [OF_TEXT, OF_WHOLE]}, {"oneOf": [OF_TEXT, OF_WHOLE]}).full.verdict == "compatible"
