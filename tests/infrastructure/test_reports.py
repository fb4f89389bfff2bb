"""Quality metrics from real reports: coverage.py and pytest are run, and what they write is read (PAT-008)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jerry_domain.value_objects.quality import TestCoverage, TestRatio
from jerry_git.application.errors import ReportError
from jerry_git.infrastructure.adapters import reports
from jerry_git.infrastructure.adapters.reports import read_coverage, read_tests
from jerry_git.testing.store_case import rows
from tests.infrastructure.repositories import write

PROGRAM = """
def judge(number):
    if number > 3:
        return "large"
    if number < 0:
        return "negative"
    return "small"

judge(5)
"""

TESTS = """
import pytest

def test_plain(): pass
def test_negative_number(): pass
class TestEdgeCases:
    def test_one(self): pass
    def test_two(self): pass
def test_nonnegative_knowledge(): pass
def test_declared(record_property): record_property("kind", "edge")
def test_negative_declared_otherwise(record_property): record_property("kind", "positive")
def test_declared_as_nonsense_negative(record_property): record_property("kind", "odd")
def test_another_property(record_property): record_property("owner", "edge")
def test_fails(): assert False
@pytest.mark.skip(reason="x")
def test_skipped(): pass
@pytest.fixture
def broken(): raise ValueError
def test_error_negative(broken): pass
"""


def python(folder: Path, *arguments: str, status: int = 0) -> None:
    """Run Python there, away from the coverage and the pytest that watch this test."""
    surrounding = {key: value for key, value in os.environ.items() if not key.startswith(("COV", "PYTEST"))}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=surrounding, capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A folder with coverage's reports of a program, with branches and without."""
    folder = tmp_path_factory.mktemp("measured")
    write(folder, "program.py", PROGRAM)
    for name, option in (("lines", []), ("branches", ["--branch"])):
        data = f"--data-file={name}"
        python(folder, "-m", "coverage", "run", data, *option, "program.py")
        python(folder, "-m", "coverage", "json", data, "-q", "-o", f"{name}.json")
        python(folder, "-m", "coverage", "xml", data, "-q", "-o", f"{name}.xml")
    return folder


@pytest.fixture(scope="module")
def tested(tmp_path_factory):
    """The JUnit report of a run of pytest."""
    folder = tmp_path_factory.mktemp("tested")
    write(folder, "test_it.py", TESTS)
    options = ("-p", "no:cacheprovider", "-o", "junit_family=xunit1", "--junit-xml=junit.xml")
    python(folder, "-m", "pytest", *options, "test_it.py", status=1)
    return folder / "junit.xml"


@pytest.mark.positive
@pytest.mark.parametrize("form", ["json", "xml"])
def test_lines_and_branches_count_together_as_coverage_counts_them(measured, form):
    assert read_coverage(measured / f"lines.{form}") == TestCoverage.from_fraction(4, 7)
    assert read_coverage(measured / f"branches.{form}") == TestCoverage.from_fraction(4 + 1, 7 + 4)


@pytest.mark.positive
def test_passing_tests_are_counted_by_their_property_or_else_by_their_name(tested):
    assert read_tests(tested) == TestRatio(positive=4, negative=2, edge=3)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("name", "kind"),
    [("test_negative", "negative"), ("negative", "negative"), ("test_edge_of_it", "edge"), ("TestX.test_EDGE", "edge"),
     ("TestNegative.test_x", "negative"), ("TestEdgeCases", "edge"), ("TestNegatives", "positive"),
     ("test_edges", "positive"), ("test_knowledge", "positive"), ("test_nonnegative", "positive"), ("", "positive")],
)  # fmt: skip
def test_only_whole_words_of_a_name_count(tmp_path, name, kind):
    path = write(tmp_path, "junit.xml", f'<testsuite><testcase name="{name}"/></testsuite>')
    assert read_tests(path) == TestRatio(**{kind: 1})


@pytest.mark.positive
def test_a_report_of_an_old_coverage_with_a_rate_alone_is_read(tmp_path):
    path = write(tmp_path, "coverage.xml", '<?xml version="1.0" ?><!DOCTYPE coverage><coverage line-rate="0.8725"/>')
    assert read_coverage(path) == TestCoverage(percent=87.25)


@pytest.mark.edge
def test_nothing_to_cover_is_covered_and_no_tests_are_none(tmp_path):
    empty = write(tmp_path, "coverage.json", '\n {"totals": {"covered_lines": 0, "num_statements": 0}}')
    assert read_coverage(empty) == TestCoverage(percent=100)
    assert read_tests(write(tmp_path, "junit.xml", "<testsuites/>")) == TestRatio()


@pytest.mark.edge
def test_almost_all_is_not_all(tmp_path):
    path = write(tmp_path, "coverage.json", '{"totals": {"covered_lines": 99999, "num_statements": 100000}}')
    assert read_coverage(path).percent == 99.99


BOMB = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><coverage>&c;</coverage>'
NO_COVERAGE = {
    "empty": (b"", "not XML"),
    "cut off": (b'{"totals": {"covered', "not a report of coverage.py"),
    "another JSON": (b"{}", "not a report of coverage.py: 'totals'"),
    "totals that are a list": (b'{"totals": []}', "not a report of coverage.py"),
    "counts that are texts": (b'{"totals": {"covered_lines": "1", "num_statements": "2"}}', "not a report"),
    "more covered than there is": (b'{"totals": {"covered_lines": 3, "num_statements": 2}}', "between 0 and the total"),
    "less than nothing covered": (b'{"totals": {"covered_lines": -1, "num_statements": 2}}', "between 0 and the total"),
    "not a number": (b'{"totals": {"covered_lines": NaN, "num_statements": 2}}', "between 0 and the total"),
    "numbers beyond all": (b'{"totals": {"covered_lines": 1e999, "num_statements": 1e999}}', "not a report"),
    "nested too deeply": (b'{"totals": ' + b"[" * 100_000, "not a report"),
    "another XML": (b"<html/>", "its root is <html>, not <coverage>"),
    "XML without counts": (b"<coverage/>", "'line-rate'"),
    "a rate beyond all": (b'<coverage line-rate="inf"/>', "not a report"),
    "a rate that is a word": (b'<coverage line-rate="most"/>', "not a report"),
    "a list": (b"[1]", "not XML"),
    "entities": (BOMB.encode(), "declares XML entities"),
    "entities in UTF-16": (BOMB.encode("utf-16"), "not UTF-8, as reports are"),
    "bytes": (bytes(range(256)), "not UTF-8, as reports are"),
}
NO_TESTS = {
    "empty": (b"", "not XML"),
    "cut off": (b"<testsuites><testsuite>", "not XML"),
    "another XML": (b"<coverage/>", "its root is <coverage>, not <testsuites>"),
    "JSON": (b"{}", "not XML"),
    "entities": (BOMB.replace("coverage", "testsuite").encode(), "declares XML entities"),
    "entities in UTF-16": (BOMB.replace("coverage", "testsuite").encode("utf-16"), "not UTF-8"),
}


@pytest.mark.negative
@pytest.mark.parametrize(("content", "reason"), rows(NO_COVERAGE))
def test_what_is_no_report_of_coverage_is_told(tmp_path, content, reason):
    path = write(tmp_path, "report", content)
    with pytest.raises(ReportError) as refusal:
        read_coverage(path)
    assert refusal.value.path == path
    assert reason in refusal.value.reason


@pytest.mark.negative
@pytest.mark.parametrize(("content", "reason"), rows(NO_TESTS))
def test_what_is_no_report_of_tests_is_told(tmp_path, content, reason):
    path = write(tmp_path, "report", content)
    with pytest.raises(ReportError) as refusal:
        read_tests(path)
    assert reason in refusal.value.reason


@pytest.mark.negative
@pytest.mark.parametrize("read", [read_coverage, read_tests])
def test_a_report_that_cannot_be_read_is_told(tmp_path, read):
    for path, reason in ((tmp_path / "nothing", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(ReportError, match=f"cannot be read: {reason}"):
            read(path)


@pytest.mark.negative
def test_a_report_larger_than_any_is_not_read(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(reports.MAX_BYTES + 1)
    with pytest.raises(ReportError, match="larger than 268435456 bytes"):
        read_coverage(path)
