"""Findings in every format, whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jerry_git import __version__
from jerry_git.application.checking.findings import CannotCheckError, Report, Step, finding
from jerry_git.application.checking.rendering import FORMATS, document, github, sarif, text

REPORT = Report(
    source="the index",
    files=3,
    findings=(
        finding("not-json", "not JSON: 100 %", "git checkout HEAD -- a,b:c.json", "a,b:c.json", 4),
        finding("event-deleted", "is gone", "git checkout HEAD -- b.json", "b.json"),
        finding("cycle", "A -> B\nA", "jerry depend remove A B"),
    ),
)


@pytest.mark.positive
def test_as_text_each_finding_has_its_place_its_code_and_its_cure():
    assert text(REPORT) == (
        "a,b:c.json:4: error[not-json] not JSON: 100 %\n"
        "  mend: git checkout HEAD -- a,b:c.json\n"
        "b.json: error[event-deleted] is gone\n"
        "  mend: git checkout HEAD -- b.json\n"
        "error[cycle] A -> B\\nA\n"
        "  mend: jerry depend remove A B\n"
    )


@pytest.mark.positive
def test_as_json_there_is_one_document():
    data = json.loads(document(REPORT))
    assert (data["schema"], data["source"], data["files"]) == ("jerry.check.v1", "the index", 3)
    assert data["findings"][1] == {
        "code": "event-deleted",
        "severity": "error",
        "path": "b.json",
        "line": None,
        "message": "is gone",
        "mend": "git checkout HEAD -- b.json",
        "fixable": False,
        "column": None,
        "steps": [],
    }


CHAIN = Report(
    source="s",
    findings=(
        finding(
            "layer-chain",
            "a reaches c",
            "turn it",
            "a b.py",
            2,
            column=5,
            steps=(
                Step(path="a b.py", line=2, column=5, message="a imports b"),
                Step(path="b.py", line=1, column=8, message="b imports c"),
            ),
        ),
    ),
)


@pytest.mark.positive
def test_a_chain_is_told_step_by_step_in_every_format():
    assert text(CHAIN) == (
        "a b.py:2:5: error[layer-chain] a reaches c\n"
        "  a b.py:2:5: a imports b\n"
        "  b.py:1:8: b imports c\n"
        "  mend: turn it\n"
    )
    assert github(CHAIN) == (
        "::error file=a b.py,line=2,col=5,title=layer-chain::a reaches c%0Aa b.py:2:5: a imports b%0A"
        "b.py:1:8: b imports c%0Amend: turn it\n"
    )
    (found,) = json.loads(document(CHAIN))["findings"]
    assert found["steps"][1] == {"path": "b.py", "line": 1, "column": 8, "message": "b imports c"}
    (result,) = json.loads(sarif(CHAIN))["runs"][0]["results"]
    (first, second) = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert first["location"]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 5},
    }
    assert second["location"]["message"] == {"text": "b imports c"}


@pytest.mark.positive
def test_github_is_given_annotations_with_its_own_escapes():
    assert github(REPORT).splitlines() == [
        "::error file=a%2Cb%3Ac.json,line=4,title=not-json::not JSON: 100 %25 (mend: git checkout HEAD -- a,b:c.json)",
        "::error file=b.json,line=1,title=event-deleted::is gone (mend: git checkout HEAD -- b.json)",
        "::error title=cycle::A -> B%0AA (mend: jerry depend remove A B)",
    ]


@pytest.mark.positive
def test_sarif_names_the_rules_and_the_places():
    (run,) = json.loads(sarif(REPORT))["runs"]
    driver = run["tool"]["driver"]
    assert driver["version"] == __version__
    assert [rule["id"] for rule in driver["rules"]] == ["cycle", "event-deleted", "not-json"]
    assert [driver["rules"][result["ruleIndex"]]["id"] for result in run["results"]] == [
        "not-json", "event-deleted", "cycle",
    ]  # fmt: skip
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%2Cb%3Ac.json", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 4}
    assert "locations" not in run["results"][2]


@pytest.mark.edge
@pytest.mark.parametrize("form", FORMATS)
def test_a_name_that_is_not_utf8_can_be_printed_in_every_format(form: str, tmp_path: Path):
    odd = b"a\xff\x1b[31m.json".decode("utf-8", "surrogateescape")
    report = Report(source="s", findings=(finding("wrong-name", f"not {odd}", f"rm {odd}", odd),))
    printed = FORMATS[form](report)
    printed.encode()
    assert "\x1b" not in printed or form == "github"


@pytest.mark.edge
@pytest.mark.parametrize("form", FORMATS)
def test_nothing_found_is_said_in_the_form_of_each_format(form: str):
    printed = FORMATS[form](Report(source="s"))
    assert printed == "" if form in ("text", "github") else json.loads(printed)


@pytest.mark.negative
def test_a_code_without_a_rule_is_a_mistake():
    with pytest.raises(KeyError):
        finding("no-such-code", "", "")


@pytest.mark.negative
def test_what_could_not_be_checked_carries_its_cure():
    error = CannotCheckError("main is not here", "git fetch")
    assert (str(error), error.cure) == ("main is not here", "git fetch")
