"""A value against a JSON Schema: yes, no, or nobody can tell; held to the official suite and to `jsonschema`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from jerry_domain.schemas.evaluation import equal, valid
from jerry_domain.schemas.formats import SUBFORMATS, fits_format, known_format

SUITE = Path(__file__).parents[2] / "data" / "json-schema-test-suite" / "draft2020-12"
UNTOLD = {
    "defs.json": 2,  # the metaschema, which is another document
    "dynamicRef.json": 40,
    "ref.json": 2,  # the metaschema
    "refRemote.json": 31,
    "unevaluatedItems.json": 2,  # with $dynamicRef
    "unevaluatedProperties.json": 2,  # the same
    "vocabulary.json": 5,  # a dialect of its own
}
"""How many of the suite's questions stay open, by file; in every other file none does."""


@pytest.mark.positive
@pytest.mark.parametrize("path", sorted(SUITE.glob("*.json")), ids=lambda path: path.stem)
def test_the_official_suite_is_answered_rightly(path):
    untold, wrong = 0, []
    for case in json.loads(path.read_text(encoding="utf-8")):
        for question in case["tests"]:
            answer = valid(question["data"], case["schema"])
            untold += answer is None
            if answer is not None and answer != question["valid"]:
                wrong.append((case["description"], question["description"]))
    assert wrong == []
    assert untold == UNTOLD.get(path.name, 0)


NAMES = st.sampled_from("abc")
NUMBERS = st.integers(-3, 6) | st.sampled_from([0.5, 1.0, 2.5, 3.0])
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(st.sampled_from("abx1"), max_size=3)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
COUNTS = st.integers(0, 3)
TYPES = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"])
NAME_LISTS = st.lists(NAMES, max_size=2, unique=True)


def _schemas(inner):
    some = st.lists(inner, min_size=1, max_size=3)
    by_name = st.dictionaries(NAMES, inner, max_size=2)
    keywords = {
        "$ref": st.sampled_from(["#/$defs/x", "#/$defs/y", "#y"]),
        "additionalProperties": inner,
        "allOf": some,
        "anyOf": some,
        "const": VALUES,
        "contains": inner,
        "dependentRequired": st.dictionaries(NAMES, NAME_LISTS, max_size=2),
        "dependentSchemas": by_name,
        "else": inner,
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "exclusiveMaximum": NUMBERS,
        "exclusiveMinimum": NUMBERS,
        "if": inner,
        "items": inner,
        "maxContains": COUNTS,
        "maxItems": COUNTS,
        "maxLength": COUNTS,
        "maxProperties": COUNTS,
        "maximum": NUMBERS,
        "minContains": COUNTS,
        "minItems": COUNTS,
        "minLength": COUNTS,
        "minProperties": COUNTS,
        "minimum": NUMBERS,
        "multipleOf": st.sampled_from([1, 2, 3, 0.5]),
        "not": inner,
        "oneOf": some,
        "pattern": st.sampled_from(["a", "^b", "[0-9]$", "^(a|b)*$"]),
        "patternProperties": st.dictionaries(st.sampled_from(["a", "[bc]", "^$"]), inner, max_size=2),
        "prefixItems": some,
        "properties": by_name,
        "propertyNames": inner,
        "required": NAME_LISTS,
        "then": inner,
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "unevaluatedItems": inner,
        "unevaluatedProperties": inner,
        "uniqueItems": st.booleans(),
    }
    return st.lists(st.sampled_from(sorted(keywords)), max_size=4, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({keyword: keywords[keyword] for keyword in chosen})
    )


SCHEMAS = st.recursive(st.booleans() | TYPES.map(lambda name: {"type": name}), _schemas, max_leaves=6)


@pytest.mark.positive
@settings(derandomize=True, max_examples=600)
@given(SCHEMAS, VALUES)
def test_a_verdict_is_that_of_the_jsonschema_package(schema, value):
    definitions = {"x": {"type": ["integer", "string"]}, "y": {"$anchor": "y", "required": ["a"], "minItems": 1}}
    document = {"allOf": [schema], "$defs": definitions}
    assert valid(value, document) == Draft202012Validator(document).is_valid(value)


FORMATS = [
    ("date", "2024-02-29", True),
    ("date", "0000-02-29", True),
    ("date", "2023-02-29", False),
    ("date", "20230228", False),
    ("time", "23:59:60Z", True),
    ("time", "15:59:60.5-08:00", True),
    ("time", "12:00:60Z", False),
    ("time", "12:00", False),
    ("time", "24:00:00Z", False),
    ("date-time", "2024-01-01t00:00:00z", True),
    ("date-time", "2024-01-01 00:00:00Z", False),
    ("duration", "P1Y2M3DT4H5M6S", True),
    ("duration", "P2W", True),
    ("duration", "PT", False),
    ("duration", "P", False),
    ("duration", "P1Y2D", None),
    ("uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", True),
    ("uuid", "2eb8aa08aa9811eab4aa73b441d16380", False),
    ("email", "joe.bloggs@example.com", True),
    ("email", '"joe bloggs"@example.com', None),
    ("email", "joe", False),
    ("ipv4", "127.0.0.1", True),
    ("ipv4", "127.0.0.01", False),
    ("ipv6", "::1", True),
    ("ipv6", "fe80::a%eth1", False),
    ("uri", "https://example.com:80/a?b#c", True),
    ("uri", "urn:oasis:names", True),
    ("uri", "http://[::1]/", None),
    ("uri", "/relative", False),
    ("uri", "http://a b/", False),
    ("hostname", "example.com", None),
]


@pytest.mark.positive
@pytest.mark.parametrize(("name", "text", "answer"), FORMATS)
def test_a_string_has_a_format_or_not(name, text, answer):
    assert fits_format(text, name) is answer
    assert valid(text, {"format": name}, formats=True) is answer
    assert valid(text, {"format": name}) is True


@pytest.mark.positive
def test_formats_that_include_others_are_known_and_include_what_these_include():
    assert known_format("date")
    assert not known_format("hostname")
    for name, wider in SUBFORMATS.items():
        assert name not in wider
        assert all(SUBFORMATS.get(each, frozenset()) <= wider for each in wider)


@pytest.mark.positive
@settings(derandomize=True, max_examples=200)
@given(VALUES, VALUES)
def test_values_are_equal_as_json_is(a, b):
    words = [json.dumps(it, sort_keys=True) for it in (a, b)]
    assert equal(a, b) == (re.sub(r"\.0\b", "", words[0]) == re.sub(r"\.0\b", "", words[1]))
    assert equal(a, json.loads(words[0]))


@pytest.mark.positive
def test_numbers_are_what_is_written():
    assert valid(0.3, {"multipleOf": 0.1})
    assert valid(1e23, {"const": 10**23})
    assert valid(19.99, {"multipleOf": 0.01, "maximum": 19.99})
    assert not valid(0.35, {"multipleOf": 0.1})


@pytest.mark.positive
@pytest.mark.parametrize(
    ("reference", "value", "answer"),
    [
        ("#", {"a": 1}, True),
        ("#/$defs/a~1b", "x", True),
        ("#/$defs/a~1b", 1, False),
        ("#/$defs/c%25d", 1, True),
        ("#/allOf/0", {"a": 1}, True),
        ("#named", 1, True),
        ("inner.json", 1, False),
        ("https://example.com/inner.json#/$defs/deep", 1, True),
        ("https://example.com/inner.json#deep", "x", False),
    ],
)
def test_a_reference_is_followed_within_the_document(reference, value, answer):
    root = {
        "$id": "https://example.com/root.json#",
        "$defs": {
            "a/b": {"type": "string"},
            "c%d": {"$anchor": "named", "type": "integer"},
            "inner": {
                "$id": "inner.json",
                "$ref": "#/$defs/other",
                "$defs": {"deep": {"$anchor": "deep", "type": "integer"}, "other": {"type": "string"}},
            },
        },
        "allOf": [{"maxProperties": 3}],
        "type": "object",
    }
    assert valid(value, {"$ref": reference}, root) is answer


@pytest.mark.positive
def test_a_recursive_schema_ends_with_the_value():
    tree = {"type": "object", "properties": {"next": {"$ref": "#"}}, "additionalProperties": False}
    assert valid({"next": {"next": {}}}, tree)
    assert not valid({"next": {"next": {"other": 1}}}, tree)


UNKNOWN = {"$ref": "https://example.com/elsewhere"}


@pytest.mark.positive
@pytest.mark.parametrize(
    ("schema", "answer"),
    [
        ({"allOf": [UNKNOWN, False]}, False),
        ({"allOf": [UNKNOWN, True]}, None),
        ({"anyOf": [UNKNOWN, True]}, True),
        ({"anyOf": [UNKNOWN, False]}, None),
        ({"oneOf": [UNKNOWN, True, True]}, False),
        ({"oneOf": [UNKNOWN, True]}, None),
        ({"oneOf": [UNKNOWN, False]}, None),
        ({"not": UNKNOWN}, None),
        ({"if": UNKNOWN, "then": True, "else": True}, True),
        ({"if": UNKNOWN, "then": False, "else": False}, False),
        ({"if": UNKNOWN, "then": True, "else": False}, None),
        ({"contains": UNKNOWN}, None),
        ({"contains": UNKNOWN, "minContains": 0}, True),
        ({"contains": UNKNOWN, "minContains": 3}, False),
        ({"contains": UNKNOWN, "maxContains": 0}, None),
        ({"allOf": [{"anyOf": [True, UNKNOWN]}], "unevaluatedItems": False}, None),
        ({"allOf": [{"anyOf": [True, UNKNOWN]}], "unevaluatedItems": {"type": "integer"}}, True),
        ({"anyOf": [{"not": UNKNOWN}, True], "unevaluatedItems": False}, False),
    ],
)
def test_doubt_spreads_only_where_it_matters(schema, answer):
    assert valid([1, 2], schema) is answer


@pytest.mark.positive
@pytest.mark.parametrize(
    ("schema", "answer"),
    [
        ({"patternProperties": {"(?=a)": True}}, True),
        ({"patternProperties": {"(?=a)": False}}, None),
        ({"patternProperties": {"(?=a)": True}, "additionalProperties": True}, True),
        ({"patternProperties": {"(?=a)": True}, "additionalProperties": False}, None),
        ({"patternProperties": {"(?=a)": True, "a": True}, "additionalProperties": False}, True),
        ({"patternProperties": {"(?=a)": True}, "unevaluatedProperties": False}, None),
    ],
)
def test_a_pattern_that_is_not_understood_may_concern_any_key(schema, answer):
    assert valid({"a": 1}, schema) is answer


@pytest.mark.negative
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "text"},
        {"type": 1},
        {"enum": 1},
        {"minimum": "1"},
        {"minimum": True},
        {"multipleOf": 0},
        {"minLength": -1},
        {"maxItems": 1.5},
        {"required": "a"},
        {"dependentRequired": {"a": "b"}},
        {"uniqueItems": 1},
        {"pattern": 1},
        {"format": 1},
        {"allOf": []},
        {"anyOf": [1]},
        {"properties": {"a": 1}},
        {"items": [True]},
        {"if": 1},
        {"if": True, "then": 1},
        {"$ref": 1},
        {"anyOf": [{"prefixItems": 1, "items": True}]},
        "schema",
        None,
    ],
)
def test_a_malformed_schema_says_nothing(schema):
    assert valid("text", schema, True, formats=True) is None


@pytest.mark.negative
@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"prefixItems": 1, "items": True}, [1]),
        ({"contains": True, "minContains": "1"}, [1]),
        ({"properties": 1, "additionalProperties": True}, {}),
    ],
)
def test_a_malformed_neighbour_makes_a_keyword_say_nothing(schema, value):
    assert valid(value, schema) is None


@pytest.mark.negative
@pytest.mark.parametrize(
    "reference",
    [
        "https://example.com/other.json",
        "other.json#/a",
        "//[broken",
        "#unknown",
        "#twice",
        "#/$defs/none",
        "#/allOf/7",
        "#/allOf/x",
        "#/allOf/0/title/x",
        "#/$defs/inner/$defs/deep",
        "twin.json",
        "#/title",
    ],
)
def test_a_reference_that_leads_nowhere_certain_says_nothing(reference):
    root = {
        "title": "text",
        "$defs": {
            "inner": {"$id": "inner.json", "$defs": {"deep": True}},
            "one": {"$id": "twin.json"},
            "two": {"$id": "twin.json"},
            "three": {"$anchor": "twice"},
            "four": {"$anchor": "twice"},
            "five": {"$id": "#old"},
            "six": {"not": {"$ref": "#"}, "items": True},
        },
        "allOf": [{"title": "text"}],
        "properties": [],
        "anyOf": {},
    }
    assert valid(1, {"$ref": reference}, root) is None


@pytest.mark.negative
@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": r"\d"},
        {"$dynamicRef": "#a"},
        {"$recursiveRef": "#"},
        {"pattern": "(?=x)"},
        {"pattern": "a{1,99999}"},
        {"allOf": [{"$schema": "http://json-schema.org/draft-07/schema#"}]},
        {"$schema": "https://example.com/dialect"},
        {"allOf": [{"$id": "#name"}]},
        {"allOf": [{"$id": 1}]},
        {"$id": "https://example.com/", "allOf": [{"$id": "//[broken"}]},
    ],
)
def test_what_is_not_understood_says_nothing(schema):
    assert valid("a digit for some: ٣", schema) is None


@pytest.mark.edge
def test_a_cycle_of_references_ends():
    assert valid(1, {"$ref": "#"}) is None
    assert valid(1, {"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, True]}}}) is True


@pytest.mark.negative
def test_work_without_end_ends():
    branching = {"$defs": {str(n): {"anyOf": [{"$ref": f"#/$defs/{n + 1}"}] * 2} for n in range(30)} | {"30": False}}
    assert valid(1, {"$ref": "#/$defs/0"}, branching) is None
    deep = 1
    for _ in range(600):
        deep = [deep]
    assert valid(deep, {"items": {"$ref": "#"}}) is None
    assert valid(deep, {"type": "array"}) is True


@pytest.mark.edge
def test_a_value_nested_beyond_measure_says_nothing():
    deep = []
    for _ in range(5_000):
        deep = [deep]
    assert valid(deep, {"const": [[[]]]}) is None


@pytest.mark.edge
def test_infinity_is_no_multiple_and_no_integer():
    assert valid(float("inf"), {"multipleOf": 2}) is None
    assert valid(float("inf"), {"type": "integer"}) is False
    assert valid(float("inf"), {"minimum": 2}) is True


@pytest.mark.positive
def test_a_list_is_not_taken_for_the_key_of_something_else():
    assert not equal(True, [True])
    assert not equal({}, [])
    assert not equal(["list"], "list")
    assert valid([1, True, 0, False, {}, [], None, ""], {"uniqueItems": True})
