"""The rule table of docs/schema-rules.md as cases: a change, and what it means for either reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = Any
TEXT, WHOLE, NUMBER, NULL = ({"type": kind} for kind in ("string", "integer", "number", "null"))
OK, BREAK, UNSURE = "compatible", "incompatible", "undecided"


@dataclass(frozen=True)
class Case:
    rule: str
    name: str
    old: Json
    new: Json
    backward: str
    forward: str
    step: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def thing(properties: Json = None, **keywords: Json) -> Json:
    return {"type": "object", "properties": properties or {}, **keywords}


def _at_a(schema: Json) -> Json:
    return thing({"a": schema}, required=["a"])


def text(**keywords: Json) -> Json:
    return {"type": "string", **keywords}


def whole(**keywords: Json) -> Json:
    return {"type": "integer", **keywords}


def number(**keywords: Json) -> Json:
    return {"type": "number", **keywords}


def array(items: Json = None, **keywords: Json) -> Json:
    return {"type": "array", **({} if items is None else {"items": items}), **keywords}


def tagged(tag: str, **properties: Json) -> Json:
    return thing({"kind": {"const": tag}, **properties}, required=["kind"])


CLOSED = {"additionalProperties": False}
LIST = {"anyOf": [{"$ref": "#/$defs/Node"}, NULL]}


def recursive(value: Json, name: str = "Node", steps: int = 1) -> Json:
    """A linked list that comes back to itself after some steps."""
    names = [name] + [f"{name}{step}" for step in range(1, steps)]
    following = [*names[1:], name]
    defs = {
        own: thing({"value": value, "next": {"anyOf": [{"$ref": f"#/$defs/{other}"}, NULL]}}, required=["value"])
        for own, other in zip(names, following, strict=True)
    }
    return {"$ref": f"#/$defs/{name}", "$defs": defs}


WHOLE_EVENTS = [
    Case(
        "O1",
        "an optional property is added to a closed object",
        thing({"a": TEXT}, **CLOSED),
        thing({"a": TEXT, "b": TEXT}, **CLOSED),
        OK,
        BREAK,
        "version",
    ),
    Case(
        "O2",
        "an optional property is added to an open object",
        thing({"a": TEXT}),
        thing({"a": TEXT, "b": TEXT}),
        OK,
        OK,
    ),
    Case(
        "O2",
        "an optional property is added where anything was let in by word",
        thing({"a": TEXT}, additionalProperties=True),
        thing({"a": TEXT, "b": TEXT}),
        BREAK,
        OK,
        "upcaster",
    ),
    Case(
        "O3",
        "a required property is added to an open object",
        thing({"a": TEXT}),
        thing({"a": TEXT, "b": TEXT}, required=["b"]),
        BREAK,
        OK,
        "upcaster",
    ),
    Case(
        "O3",
        "a required property is added to a closed object",
        thing({"a": TEXT}, **CLOSED),
        thing({"a": TEXT, "b": TEXT}, required=["b"], **CLOSED),
        BREAK,
        BREAK,
        "upcaster",
    ),
    Case(
        "O3",
        "a property that was always required stays",
        thing({"a": TEXT}, required=["a"]),
        thing({"a": TEXT, "b": TEXT}, required=["a"]),
        OK,
        OK,
    ),
    Case(
        "O4",
        "a required property with a default is added",
        thing({"a": TEXT}),
        thing({"a": TEXT, "b": text(default="x")}, required=["b"]),
        BREAK,
        OK,
        "upcaster",
    ),
    Case(
        "O4",
        "an optional property with a default is added",
        thing({"a": TEXT}),
        thing({"a": TEXT, "b": text(default="x")}),
        OK,
        OK,
    ),
    Case(
        "O5",
        "an optional property is removed, new events closed",
        thing({"a": TEXT, "b": TEXT}),
        thing({"a": TEXT}, **CLOSED),
        BREAK,
        OK,
        "upcaster",
    ),
    Case(
        "O5",
        "a required property is removed, new events closed",
        thing({"a": TEXT, "b": TEXT}, required=["b"]),
        thing({"a": TEXT}, **CLOSED),
        BREAK,
        BREAK,
        "upcaster",
    ),
    Case(
        "O5",
        "a property that nothing could be is removed",
        thing({"a": TEXT, "b": False}, **CLOSED),
        thing({"a": TEXT}, **CLOSED),
        OK,
        OK,
    ),
    Case(
        "O6",
        "an optional property is removed, new events open",
        thing({"a": TEXT, "b": TEXT}),
        thing({"a": TEXT}),
        OK,
        OK,
        "upcaster",
    ),
    Case(
        "O6",
        "a required property is removed, new events open",
        thing({"a": TEXT, "b": TEXT}, required=["b"]),
        thing({"a": TEXT}),
        OK,
        BREAK,
        "upcaster",
    ),
    Case(
        "O7",
        "a property is renamed",
        thing({"a": TEXT}, required=["a"], **CLOSED),
        thing({"b": TEXT}, required=["b"], **CLOSED),
        BREAK,
        BREAK,
        "upcaster",
    ),
    Case(
        "O7",
        "a property of another name joins",
        thing({"a": TEXT}, required=["a"]),
        thing({"a": TEXT, "b": TEXT}, required=["a"]),
        OK,
        OK,
    ),
    Case(
        "O8",
        "an optional property becomes required",
        thing({"a": TEXT}),
        thing({"a": TEXT}, required=["a"]),
        BREAK,
        OK,
        "upcaster",
    ),
    Case(
        "O8",
        "a property comes with one that is required, and is required",
        thing({"a": TEXT, "b": TEXT}, required=["a"], dependentRequired={"a": ["b"]}),
        thing({"a": TEXT, "b": TEXT}, required=["a", "b"]),
        OK,
        OK,
    ),
    Case(
        "O9",
        "a required property becomes optional",
        thing({"a": TEXT}, required=["a"]),
        thing({"a": TEXT}),
        OK,
        BREAK,
        "version",
    ),
    Case("O9", "both require it", thing({"a": TEXT}, required=["a"]), thing({"a": {}}, required=["a"]), OK, BREAK),
    Case(
        "O10",
        "required names a key that is no property",
        thing(required=["foo"]),
        thing(required=["bar"]),
        BREAK,
        BREAK,
    ),
    Case(
        "O10",
        "required names the same key that is no property",
        thing(required=["foo"]),
        thing(required=["foo"], minProperties=1),
        OK,
        OK,
    ),
    Case("O11", "an open object is closed", thing({"a": TEXT}), thing({"a": TEXT}, **CLOSED), BREAK, OK, "upcaster"),
    Case("O11", "a closed object stays closed", thing({"a": TEXT}, **CLOSED), thing({"a": {}}, **CLOSED), OK, BREAK),
    Case("O12", "a closed object is opened", thing({"a": TEXT}, **CLOSED), thing({"a": TEXT}), OK, BREAK, "version"),
    Case(
        "O12",
        "what else there is may be more",
        thing(additionalProperties=WHOLE),
        thing(additionalProperties=NUMBER),
        OK,
        BREAK,
    ),
    Case(
        "O13",
        "what else there is gets a schema",
        thing({"a": TEXT}),
        thing({"a": TEXT}, additionalProperties=TEXT),
        BREAK,
        OK,
    ),
    Case(
        "O13",
        "what else there is becomes narrower",
        thing(additionalProperties=NUMBER),
        thing(additionalProperties=WHOLE),
        BREAK,
        OK,
    ),
    Case(
        "O13",
        "what else there is has the same schema",
        thing(additionalProperties=NUMBER),
        thing(additionalProperties={"type": ["number"]}),
        OK,
        OK,
    ),
    Case(
        "O14",
        "the word for open is written down",
        thing({"a": TEXT}),
        thing({"a": TEXT}, additionalProperties=True),
        OK,
        OK,
        "free",
    ),
    Case(
        "O15",
        "a pattern of keys is added",
        thing({"a": TEXT}),
        thing({"a": TEXT}, patternProperties={"^x-": WHOLE}),
        BREAK,
        OK,
    ),
    Case(
        "O15",
        "a pattern of keys is removed",
        thing({"a": TEXT}, patternProperties={"^x-": WHOLE}),
        thing({"a": TEXT}),
        OK,
        BREAK,
    ),
    Case(
        "O15",
        "a pattern of keys takes more",
        thing(patternProperties={"^x": WHOLE}),
        thing(patternProperties={"^x": NUMBER}),
        OK,
        BREAK,
    ),
    Case(
        "O15",
        "a pattern of keys is joined by one that lies apart",
        thing(patternProperties={"^x": WHOLE}, **CLOSED),
        thing(patternProperties={"^x": WHOLE, "^y": TEXT}, **CLOSED),
        OK,
        BREAK,
    ),
    Case(
        "O15",
        "names of keys are asked for",
        thing({"a": TEXT}),
        thing({"a": TEXT}, propertyNames={"pattern": "^[a-z]$"}),
        BREAK,
        OK,
    ),
    Case(
        "O15",
        "a name that may be is no name any more",
        thing({"ab": TEXT}, **CLOSED),
        thing({"ab": TEXT}, propertyNames={"maxLength": 1}, **CLOSED),
        BREAK,
        OK,
    ),
    Case(
        "O15",
        "names of keys may be longer",
        thing(propertyNames={"maxLength": 3}),
        thing(propertyNames={"maxLength": 4}),
        OK,
        BREAK,
    ),
    Case(
        "O15",
        "keys of a pattern are no names any more",
        thing(patternProperties={"^x": WHOLE}, **CLOSED),
        thing(patternProperties={"^x": WHOLE}, propertyNames={"maxLength": 3}, **CLOSED),
        BREAK,
        OK,
    ),
    Case(
        "O15",
        "what is not evaluated is refused",
        thing({"a": TEXT}),
        thing({"a": TEXT}, unevaluatedProperties=False),
        BREAK,
        OK,
    ),
    Case(
        "O15",
        "what is not evaluated is let in",
        {"allOf": [thing({"a": TEXT})], "unevaluatedProperties": False},
        thing({"a": TEXT}),
        OK,
        BREAK,
    ),
    Case("O16", "more properties are asked for", thing({"a": TEXT}), thing({"a": TEXT}, minProperties=1), BREAK, OK),
    Case(
        "O16",
        "fewer properties are taken",
        thing({"a": TEXT}, maxProperties=5),
        thing({"a": TEXT}, maxProperties=3),
        BREAK,
        OK,
    ),
    Case(
        "O16",
        "as many as there always are",
        thing({"a": TEXT}, required=["a"], **CLOSED),
        thing({"a": TEXT}, required=["a"], minProperties=1, maxProperties=1, **CLOSED),
        OK,
        OK,
    ),
    Case(
        "O17",
        "a property needs another",
        thing({"a": TEXT, "b": TEXT}),
        thing({"a": TEXT, "b": TEXT}, dependentRequired={"a": ["b"]}),
        BREAK,
        OK,
    ),
    Case(
        "O17",
        "a property asks for more",
        thing({"a": TEXT, "b": TEXT}),
        thing({"a": TEXT, "b": TEXT}, dependentSchemas={"a": {"required": ["b"]}}),
        BREAK,
        OK,
    ),
    Case(
        "O17",
        "a property needs one that is always there",
        thing({"a": TEXT, "b": TEXT}, required=["b"]),
        thing({"a": TEXT, "b": TEXT}, dependentRequired={"a": ["b"]}, dependentSchemas={"a": {"required": ["b"]}}),
        OK,
        BREAK,
    ),
    Case(
        "O17",
        "a property asks for less",
        thing({"a": TEXT}, dependentSchemas={"a": {"maxProperties": 2}}),
        thing({"a": TEXT}, dependentSchemas={"a": {"maxProperties": 3}}),
        OK,
        BREAK,
    ),
    Case(
        "O17",
        "what a property needs changes its spelling",
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            **thing(dependencies={"a": ["b"], "c": {"required": ["d"]}}),
        },
        thing(dependentRequired={"a": ["b"]}, dependentSchemas={"c": {"required": ["d"]}}),
        OK,
        OK,
    ),
    Case(
        "O18", "a default changes", thing({"a": text(default="x")}), thing({"a": text(default="y")}), OK, OK, "upcaster"
    ),
    Case(
        "O18",
        "a default of a required property changes",
        thing({"a": text(default="x")}, required=["a"]),
        thing({"a": text(default="y")}, required=["a"]),
        OK,
        OK,
        "free",
    ),
    Case(
        "O19",
        "properties change places",
        thing({"a": TEXT, "b": WHOLE}),
        thing({"b": WHOLE, "a": TEXT}),
        OK,
        OK,
        "free",
    ),
    Case(
        "O20",
        "an object within asks for more",
        _at_a(thing({"b": TEXT})),
        _at_a(thing({"b": TEXT}, required=["b"])),
        BREAK,
        OK,
    ),
    Case(
        "O20",
        "an object within asks for less",
        _at_a(thing({"b": TEXT}, required=["b"])),
        _at_a(thing({"b": TEXT})),
        OK,
        BREAK,
    ),
]

VALUES = [
    ("T1", "another type", TEXT, WHOLE, BREAK, BREAK),
    ("T1", "the same type", TEXT, {"type": ["string"]}, OK, OK),
    ("T2", "whole numbers to numbers", WHOLE, NUMBER, OK, BREAK),
    ("T3", "numbers to whole numbers", NUMBER, WHOLE, BREAK, OK),
    ("T3", "multiples of two to whole numbers", number(multipleOf=2), WHOLE, OK, BREAK),
    ("T4", "texts to bytes", TEXT, text(contentEncoding="base64"), BREAK, BREAK),
    ("T4", "bytes stay bytes", text(contentEncoding="base64"), text(contentEncoding="base64", minLength=0), OK, OK),
    ("T5", "null joins a list of types", TEXT, {"type": ["string", "null"]}, OK, BREAK),
    ("T5", "null joins a union", TEXT, {"anyOf": [TEXT, NULL]}, OK, BREAK),
    ("T5", "null by OpenAPI's word", TEXT, text(nullable=True), OK, BREAK),
    ("T5", "null by OpenAPI's word is null by the type", text(nullable=True), {"type": ["string", "null"]}, OK, OK),
    ("T6", "null leaves", {"type": ["string", "null"]}, TEXT, BREAK, OK),
    ("T6", "null stays", {"type": ["string", "null"]}, {"anyOf": [NULL, TEXT]}, OK, OK),
    (
        "T7",
        "the list of types grows",
        {"type": ["string", "integer"]},
        {"type": ["string", "integer", "boolean"]},
        OK,
        BREAK,
    ),
    ("T7", "the list of types shrinks", {"type": ["string", "integer"]}, TEXT, BREAK, OK),
    ("T8", "an enum grows", {"enum": ["a"]}, {"enum": ["a", "b"]}, OK, BREAK),
    ("T9", "an enum shrinks", {"enum": ["a", "b"]}, {"enum": ["a"]}, BREAK, OK),
    ("T9", "an enum has another order", {"enum": ["a", "b"]}, {"enum": ["b", "a"]}, OK, OK),
    ("T10", "texts become an enum", TEXT, {"enum": ["a", "b"]}, BREAK, OK),
    ("T10", "an enum becomes texts", text(enum=["a", "b"]), TEXT, OK, BREAK),
    ("T11", "a constant is asked for", TEXT, {"const": "a"}, BREAK, OK),
    ("T11", "a constant is another", {"const": "b"}, {"const": "a"}, BREAK, BREAK),
    ("T11", "a constant becomes an enum that has it", {"const": "a"}, {"enum": ["a", "b"]}, OK, BREAK),
    ("T12", "a schema where none was", {}, TEXT, BREAK, OK),
    ("T12", "no schema any more", TEXT, True, OK, BREAK),
    ("T12", "nothing is taken", TEXT, False, BREAK, OK),
    ("T13", "numbers to texts of digits", NUMBER, {"anyOf": [NUMBER, TEXT]}, OK, BREAK),
    ("T13", "a decimal becomes a text", {"anyOf": [NUMBER, TEXT]}, TEXT, BREAK, OK),
    ("S1", "texts are longer", TEXT, text(minLength=3), BREAK, OK),
    ("S1", "texts are shorter", text(maxLength=9), text(maxLength=5), BREAK, OK),
    ("S1", "texts may be shorter", text(minLength=3), text(minLength=2), OK, BREAK),
    ("S2", "a pattern is added", TEXT, text(pattern="^a+$"), BREAK, OK),
    ("S2", "a pattern is another", text(pattern="^b+$"), text(pattern="^a+$"), BREAK, BREAK),
    ("S2", "a pattern finds more", text(pattern="^a+$"), text(pattern="^a*$"), OK, BREAK),
    ("S2", "a pattern that finds everything", TEXT, text(pattern=".*"), OK, OK),
    ("S3", "a format is added", TEXT, text(format="date"), BREAK, OK),
    ("S3", "a format is another", text(format="date"), text(format="date-time"), BREAK, BREAK),
    ("S3", "a format is wider", text(format="uri"), text(format="uri-reference"), OK, BREAK),
    ("S3", "listed texts fit the format", {"enum": ["2026-11-23"]}, text(format="date"), OK, BREAK),
    ("S3", "listed texts do not fit the format", {"enum": ["today"]}, text(format="date"), BREAK, BREAK),
    ("S4", "a media type is another", text(contentMediaType="a/b"), text(contentMediaType="a/c"), BREAK, BREAK),
    ("S4", "a media type stays", text(contentMediaType="a/b"), text(contentMediaType="a/b", maxLength=3), BREAK, OK),
    ("N1", "a minimum rises", whole(minimum=1), whole(minimum=2), BREAK, OK),
    ("N1", "a maximum falls", number(maximum=2.5), number(maximum=2), BREAK, OK),
    ("N1", "a maximum excludes itself", number(maximum=2), number(exclusiveMaximum=2), BREAK, OK),
    ("N1", "a minimum falls", number(minimum=1), number(minimum=0), OK, BREAK),
    ("N2", "a bound includes itself", number(exclusiveMinimum=1), number(minimum=1), OK, BREAK),
    ("N2", "the same bound of whole numbers", whole(minimum=1), whole(exclusiveMinimum=0), OK, OK),
    ("N2", "the same bound of whole numbers with a fraction", whole(maximum=2), whole(maximum=2.5), OK, OK),
    ("N3", "multiples are asked for", WHOLE, whole(multipleOf=2), BREAK, OK),
    ("N3", "multiples of a divisor", number(multipleOf=0.3), number(multipleOf=0.1), OK, BREAK),
    ("N3", "multiples of another number", whole(multipleOf=4), whole(multipleOf=6), BREAK, BREAK),
    ("N4", "draft-04's bound excludes", number(minimum=1, exclusiveMinimum=True), number(exclusiveMinimum=1), OK, OK),
    (
        "N4",
        "draft-04's bound includes",
        number(maximum=1, exclusiveMaximum=False),
        number(exclusiveMaximum=1),
        BREAK,
        OK,
    ),
    ("A1", "items are narrower", array(NUMBER), array(WHOLE), BREAK, OK),
    ("A1", "items get a schema", array(), array(WHOLE), BREAK, OK),
    ("A1", "items are wider", array(WHOLE), array(NUMBER), OK, BREAK),
    ("A2", "more items are asked for", array(WHOLE), array(WHOLE, minItems=1), BREAK, OK),
    ("A2", "fewer items are taken", array(WHOLE), array(WHOLE, maxItems=2), BREAK, OK),
    ("A2", "no item twice", array(WHOLE), array(WHOLE, uniqueItems=True), BREAK, OK),
    (
        "A2",
        "no item twice where there is one at most",
        array(WHOLE, maxItems=1),
        array(WHOLE, uniqueItems=True),
        OK,
        BREAK,
    ),
    ("A2", "something is to be contained", array(NUMBER), array(NUMBER, contains={"const": 1}), BREAK, OK),
    (
        "A2",
        "something may be contained fewer times",
        array(contains={"const": 1}, maxContains=3),
        array(contains={"const": 1}, maxContains=2),
        BREAK,
        OK,
    ),
    (
        "A2",
        "something is contained by another name",
        array(contains=WHOLE, minContains=2),
        array(contains=NUMBER),
        OK,
        BREAK,
    ),
    ("A2", "what all items are is contained", array(WHOLE, minItems=1), array(contains=NUMBER), OK, BREAK),
    ("A2", "nothing need be contained", array(WHOLE), array(WHOLE, contains=TEXT, minContains=0), OK, OK),
    (
        "A3",
        "a tuple is shorter",
        array(False, prefixItems=[NUMBER, NUMBER]),
        array(False, prefixItems=[NUMBER]),
        BREAK,
        OK,
    ),
    ("A3", "a tuple becomes a list", {"type": "array", "items": [NUMBER, TEXT]}, array(NUMBER), BREAK, BREAK),
    ("A3", "a tuple of one kind becomes a list", array(False, prefixItems=[NUMBER, NUMBER]), array(NUMBER), OK, BREAK),
    (
        "A3",
        "a tuple refuses more",
        {"type": "array", "items": [NUMBER]},
        {"type": "array", "items": [NUMBER], "additionalItems": False},
        BREAK,
        OK,
    ),
    (
        "A3",
        "items that are not evaluated are refused",
        array(prefixItems=[WHOLE]),
        array(prefixItems=[WHOLE], unevaluatedItems=False),
        BREAK,
        OK,
    ),
    ("A4", "a text becomes a list", TEXT, array(TEXT), BREAK, BREAK),
    ("A4", "a text or a list", TEXT, {"anyOf": [array(TEXT), TEXT]}, OK, BREAK),
    ("U1", "a branch is added", {"anyOf": [TEXT, NUMBER]}, {"anyOf": [TEXT, NUMBER, array()]}, OK, BREAK),
    ("U1", "a branch is removed", {"anyOf": [tagged("x"), tagged("y")]}, {"anyOf": [tagged("x")]}, BREAK, OK),
    (
        "U1",
        "branches change places",
        {"anyOf": [tagged("x"), tagged("y")]},
        {"anyOf": [tagged("y"), tagged("x")]},
        OK,
        OK,
    ),
    (
        "U1",
        "a union of tags becomes one shape",
        {"anyOf": [tagged("x"), tagged("y")]},
        thing({"kind": {"enum": ["x", "y"]}}, required=["kind"]),
        OK,
        OK,
    ),
    (
        "U1",
        "one shape becomes a union of tags that lacks one",
        thing({"kind": {"enum": ["x", "y"]}}, required=["kind"]),
        {"anyOf": [tagged("x"), tagged("z")]},
        BREAK,
        BREAK,
    ),
    ("U2", "a branch is added that lies apart", {"oneOf": [TEXT]}, {"oneOf": [TEXT, WHOLE]}, OK, BREAK),
    (
        "U2",
        "a branch overlaps more",
        {"oneOf": [TEXT, {"maxLength": 5}]},
        {"oneOf": [TEXT, {"maxLength": 10}]},
        BREAK,
        OK,
    ),
    ("U3", "a branch of allOf is added", {"allOf": [TEXT]}, {"allOf": [TEXT, {"minLength": 2}]}, BREAK, OK),
    ("U3", "a branch of allOf is removed", {"allOf": [TEXT, {"minLength": 2}]}, {"allOf": [TEXT]}, OK, BREAK),
    ("U4", "oneOf becomes anyOf", {"oneOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE]}, OK, OK),
    (
        "U4",
        "anyOf becomes oneOf",
        {"anyOf": [TEXT, text(minLength=3)]},
        {"oneOf": [TEXT, text(minLength=3)]},
        BREAK,
        OK,
    ),
    ("U4", "one branch alone is unwrapped", {"oneOf": [TEXT]}, TEXT, OK, OK),
    ("U5", "the tag is another", tagged("x"), tagged("y"), BREAK, BREAK),
    (
        "U5",
        "the discriminator is another",
        {"anyOf": [tagged("x")], "discriminator": {"propertyName": "kind"}},
        {"anyOf": [tagged("x")], "discriminator": {"propertyName": "type"}},
        BREAK,
        BREAK,
    ),
    (
        "U5",
        "the discriminator stays",
        {"anyOf": [tagged("x")], "discriminator": {"propertyName": "kind"}},
        {"oneOf": [tagged("x")], "discriminator": {"propertyName": "kind"}},
        OK,
        OK,
    ),
    (
        "U6",
        "the discriminator maps one more",
        {"anyOf": [tagged("x")], "discriminator": {"propertyName": "kind", "mapping": {"x": "#"}}},
        {"anyOf": [tagged("x")], "discriminator": {"propertyName": "kind", "mapping": {"x": "#", "y": "#"}}},
        OK,
        BREAK,
    ),
    ("U7", "a value is excluded", TEXT, text(**{"not": {"const": "x"}}), BREAK, OK),
    ("U7", "more is excluded", text(**{"not": {"minLength": 3}}), text(**{"not": {"minLength": 2}}), BREAK, OK),
    ("U7", "a type is excluded that could not be", TEXT, {"not": {"type": ["null", "object"]}}, OK, BREAK),
    (
        "U7",
        "any of several is excluded",
        {"type": ["string", "null"]},
        {"not": {"anyOf": [NULL, {"const": 1}]}},
        BREAK,
        BREAK,
    ),
    ("U7", "what is excluded twice is asked for", {"not": {"not": TEXT}}, TEXT, OK, OK),
    ("U8", "a condition is added", TEXT, text(**{"if": {"minLength": 2}, "then": {"pattern": "^a"}}), BREAK, OK),
    (
        "U8",
        "a condition is removed",
        text(**{"if": {"minLength": 2}, "then": {"pattern": "^a"}, "else": {"pattern": "^b"}}),
        TEXT,
        OK,
        BREAK,
    ),
]

DOCUMENTS = [
    Case(
        "F1",
        "a reference is written out",
        {"$ref": "#/$defs/A", "$defs": {"A": _at_a(TEXT)}},
        _at_a(TEXT),
        OK,
        OK,
        "free",
    ),
    Case(
        "F1",
        "$defs were definitions, of another name",
        {"$ref": "#/$defs/A", "$defs": {"A": _at_a(TEXT)}},
        {"$ref": "#/definitions/B", "definitions": {"B": _at_a(TEXT)}},
        OK,
        OK,
        "free",
    ),
    Case(
        "F1",
        "what is referred to by an anchor",
        {"$ref": "#here", "$defs": {"A": {"$anchor": "here", **_at_a(TEXT)}}},
        _at_a(TEXT),
        OK,
        OK,
    ),
    Case("F2", "what is referred to is narrower", recursive(NUMBER), recursive(WHOLE), BREAK, OK, "upcaster"),
    Case(
        "F2",
        "what is referred to is the same, by a longer way",
        recursive(WHOLE),
        recursive(WHOLE, "Link", 2),
        OK,
        OK,
        "free",
    ),
    Case(
        "F2",
        "what is referred to by a longer way is narrower in one place",
        recursive(NUMBER, "Link", 2),
        {
            **recursive(NUMBER, "Link", 2),
            "$defs": {
                **recursive(NUMBER, "Link", 2)["$defs"],
                "Link1": recursive(WHOLE)["$defs"]["Node"]
                | {"properties": {"value": WHOLE, "next": {"anyOf": [{"$ref": "#/$defs/Link"}, NULL]}}},
            },
        },
        BREAK,
        OK,
    ),
    Case("F3", "a reference to nothing", {"$ref": "#/$defs/A"}, TEXT, UNSURE, UNSURE, "upcaster"),
    Case("F3", "a reference to elsewhere", TEXT, {"$ref": "https://example.com/a.json"}, UNSURE, UNSURE),
    Case(
        "F3",
        "a reference that leads to itself",
        TEXT,
        {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}},
        UNSURE,
        UNSURE,
    ),
    Case("F3", "a dynamic reference", TEXT, text(**{"$dynamicRef": "#x"}), UNSURE, OK),
    Case(
        "F3",
        "a reference within a schema of another name",
        TEXT,
        {"allOf": [{"$id": "other", "$ref": "#/$defs/A"}], "$defs": {"A": TEXT}},
        UNSURE,
        UNSURE,
    ),
    Case(
        "F3",
        "words beside a reference that draft-07 passes over",
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$ref": "#/definitions/A",
            "minLength": 3,
            "definitions": {"A": TEXT},
        },
        TEXT,
        OK,
        OK,
    ),
    Case(
        "F3",
        "words beside a reference in no dialect",
        {"$ref": "#/definitions/A", "minLength": 3, "definitions": {"A": array([TEXT])}},
        TEXT,
        UNSURE,
        UNSURE,
    ),
    Case("X1", "a keyword that is not known", {"foo": 1}, {"bar": 1}, UNSURE, UNSURE),
    Case("X1", "a keyword of one's own", TEXT, text(**{"x-unit": "EUR"}), OK, OK, "free"),
    Case("X1", "a dialect that is not known", TEXT, {"$schema": "https://example.com/mine", **TEXT}, UNSURE, UNSURE),
    Case("X1", "no schema", TEXT, {"type": "text"}, UNSURE, UNSURE),
    Case("X1", "no schema at all", TEXT, 12, UNSURE, UNSURE),
    Case("X1", "a keyword with a value that it cannot have", TEXT, text(minLength="3"), UNSURE, UNSURE),
    Case(
        "R6",
        "the dialect is another",
        {"$schema": "http://json-schema.org/draft-07/schema#", **TEXT},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **TEXT},
        OK,
        OK,
        "version",
    ),
]

CASES = [
    *WHOLE_EVENTS,
    *(Case(rule, name, _at_a(old), _at_a(new), back, forth) for rule, name, old, new, back, forth in VALUES),
    *DOCUMENTS,
]
