"""Quality metrics from the reports of coverage.py (JSON, XML) and of test runners (JUnit XML) (PAT-008)."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_git.application.errors import ReportError

MAX_BYTES = 256 << 20

_KINDS = ("positive", "negative", "edge")
# test_edge_of_it, TestEdgeCases and TEST_EDGE, but neither edges nor knowledge
_WORDS = re.compile(r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))([Nn]egative|[Ee]dge|NEGATIVE|EDGE)(?![a-z])")


def read_coverage(path: Path) -> TestCoverage:
    """The coverage of a coverage.py report, lines and branches together as coverage.py counts; raises `ReportError`."""
    content = _content(path)
    try:
        if content.lstrip().startswith(b"{"):
            return _coverage_json(json.loads(content))
        return _coverage_xml(_parse(path, content))
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise ReportError(path, f"not a report of coverage.py: {error}") from error


def _coverage_json(report: dict[str, dict[str, int]]) -> TestCoverage:
    totals = report["totals"]
    covered = totals["covered_lines"] + totals.get("covered_branches", 0)
    return TestCoverage.from_fraction(covered, totals["num_statements"] + totals.get("num_branches", 0))


def _coverage_xml(root: ElementTree.Element) -> TestCoverage:
    if root.tag != "coverage":
        raise ValueError(f"its root is <{root.tag}>, not <coverage>")
    if "lines-valid" not in root.attrib:  # written before coverage.py 5
        return TestCoverage.from_fraction(round(float(root.attrib["line-rate"]) * 10_000), 10_000)
    covered = int(root.attrib["lines-covered"]) + int(root.get("branches-covered", 0))
    return TestCoverage.from_fraction(covered, int(root.attrib["lines-valid"]) + int(root.get("branches-valid", 0)))


def read_tests(path: Path) -> TestRatio:
    """The passing tests of a JUnit report by kind; raises `ReportError`.

    A test case's kind is its property `kind` (positive, negative, edge); without one, the words "negative" and "edge"
    in its name or class decide; else it is positive. Failed and skipped cases show nothing and do not count.
    """
    root = _parse(path, _content(path))
    if root.tag not in ("testsuites", "testsuite"):
        raise ReportError(path, f"not a JUnit report: its root is <{root.tag}>, not <testsuites>")
    counts: Counter[str] = Counter()
    for case in root.iter("testcase"):
        if not any(case.find(outcome) is not None for outcome in ("failure", "error", "skipped")):
            counts[_kind(case)] += 1
    return TestRatio(positive=counts["positive"], negative=counts["negative"], edge=counts["edge"])


def _kind(case: ElementTree.Element) -> str:
    for item in case.iterfind("properties/property"):
        if item.get("name") == "kind" and item.get("value") in _KINDS:
            return str(item.get("value"))
    match = _WORDS.search(f"{case.get('classname', '')} {case.get('name', '')}")
    return match[1].lower() if match else "positive"


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ReportError(path, f"larger than {MAX_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise ReportError(path, f"cannot be read: {error.strerror}") from error


def _parse(path: Path, content: bytes) -> ElementTree.Element:
    # Reports need no document type, and without one there are no entities to blow up.
    if b"<!ENTITY" in content:
        raise ReportError(path, "declares XML entities, which no report needs")
    if b"\0" in content:  # UTF-16 or UTF-32, in which the word above would not be found
        raise ReportError(path, "not UTF-8, as reports are")
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise ReportError(path, f"not XML: {error}") from error
