"""Every rule of the table: a change that breaks, its innocent twin, and a value that shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from jerry_domain.schemas.compatibility import compare
from jerry_domain.schemas.documents import Document
from tests.domain.schemas.rule_table import BREAK, CASES, OK, UNSURE

RULES = sorted({case.rule for case in CASES})


@pytest.mark.positive
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_change_means_what_the_table_says(case):
    found = compare(case.old, case.new)
    assert (found.backward.verdict, found.forward.verdict) == (case.backward, case.forward)
    if case.step:
        assert found.step == case.step


WITHIN = {"O14", "O19", "O20", "T4", "T13", "N4", "A4", "U4", "F1", "F2"}
"""Rules about others within, special cases of others, and changes that are none."""


@pytest.mark.positive
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in WITHIN])
def test_a_rule_is_named_where_it_applies(rule):
    found = [compare(case.old, case.new) for case in CASES if case.rule == rule]
    assert rule in {reason.rule for comparison in found for reason in (*comparison.full.reasons, *comparison.notes)}


@pytest.mark.positive
@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_example_is_an_event_of_the_writer_that_the_reader_refuses(case):
    found = compare(case.old, case.new)
    for direction, writer, reader in ((found.backward, case.old, case.new), (found.forward, case.new, case.old)):
        for reason in direction.reasons:
            if reason.example is not None and reason.rule not in ("S3", "S4", "U5", "U6"):
                value = reason.example.value
                assert Draft202012Validator(Document(writer).root).is_valid(value)
                assert not Draft202012Validator(Document(reader).root).is_valid(value)


@pytest.mark.positive
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_change_that_breaks_and_one_that_does_not(rule):
    verdicts = {verdict for case in CASES if case.rule == rule for verdict in (case.backward, case.forward)}
    harmless = rule in ("O14", "O18", "O19", "F1", "R6", "N4")
    assert OK in verdicts or rule in ("F3", "X1")
    assert harmless or verdicts & {BREAK, UNSURE}


@pytest.mark.positive
def test_the_documented_table_and_the_cases_have_the_same_rules():
    page = Path(__file__).parents[3].joinpath("docs", "schema-rules.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| ([A-Z][0-9]+) \|", page, re.MULTILINE))
    assert {rule for rule in documented if not rule.startswith("R")} | {"R6"} == set(RULES)


@pytest.mark.negative
@pytest.mark.parametrize("case", [case for case in CASES if UNSURE in (case.backward, case.forward)], ids=str)
def test_what_cannot_be_judged_is_never_taken_for_a_yes(case):
    found = compare(case.old, case.new)
    assert found.full.verdict != OK
    assert all(reason.message for reason in found.full.reasons)


@pytest.mark.edge
@pytest.mark.parametrize("case", CASES, ids=str)
def test_either_schema_is_compatible_with_itself(case):
    for schema in (case.old, case.new):
        assert compare(schema, schema).full.verdict == OK


@pytest.mark.edge
def test_strictly_taken_an_open_object_may_hold_anything_at_a_new_key():
    old, new = (
        {"type": "object", "properties": {"a": {}}},
        {"type": "object", "properties": {"a": {}, "b": {"type": "null"}}},
    )
    assert compare(old, new).backward.verdict == OK
    (reason,) = compare(old, new, strict=True).backward.reasons
    assert (reason.rule, reason.verdict, reason.path) == ("O2", BREAK, "/b")
