"""Coverage, counts of tests, and the levels built on them (PAT-008)."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.quality import DEFAULT_THRESHOLDS, GateLevel, QualityPolicy, TestCoverage, TestRatio

PERCENT = st.floats(0, 100)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("covered", "total", "percent"),
    [
        pytest.param(1, 2, 50.0, id="half"),
        pytest.param(1, 3, 33.33, id="a third, rounded down"),
        pytest.param(2, 3, 66.66, id="two thirds, rounded down"),
        pytest.param(0, 5, 0.0, id="nothing covered"),
        pytest.param(5, 5, 100.0, id="all covered"),
        pytest.param(99_999, 100_000, 99.99, id="all but one of 100,000 is not complete"),
        pytest.param(0, 0, 100.0, id="nothing to cover"),
    ],
)
def test_coverage_is_made_from_a_fraction(covered, total, percent):
    assert TestCoverage.from_fraction(covered, total) == TestCoverage(percent=percent)


@pytest.mark.positive
@pytest.mark.parametrize(("percent", "text"), [(0, "0 %"), (80.0, "80 %"), (79.5, "79.5 %"), (100, "100 %")])
def test_coverage_is_written_in_percent(percent, text):
    assert str(TestCoverage(percent=percent)) == text


@pytest.mark.positive
@pytest.mark.parametrize(
    ("percent", "threshold", "gap"),
    [
        pytest.param(80.0, 80.0, 0.0, id="met exactly"),
        pytest.param(90.0, 80.0, 0.0, id="more than met"),
        pytest.param(79.5, 80.0, 0.5, id="half a point short"),
        pytest.param(79.996, 80.0, 0.01, id="short by less than is shown"),
        pytest.param(33.33, 80.0, 46.67, id="far short, without a computer's crumbs"),
    ],
)
def test_coverage_knows_its_gap_to_a_threshold(percent, threshold, gap):
    assert TestCoverage(percent=percent).gap_to(threshold) == gap


@pytest.mark.edge
@given(PERCENT, PERCENT)
def test_there_is_no_gap_just_when_the_threshold_is_met(percent, threshold):
    assert (TestCoverage(percent=percent).gap_to(threshold) == 0) == (percent >= threshold)


@pytest.mark.edge
@given(st.integers(1, 10**9), st.data())
def test_coverage_is_complete_just_when_everything_is_covered(total, data):
    covered = data.draw(st.integers(0, total))
    assert (TestCoverage.from_fraction(covered, total).percent == 100) == (covered == total)


@pytest.mark.negative
@pytest.mark.parametrize("percent", [-0.01, 100.01, nan, inf, -inf])
def test_coverage_outside_0_to_100_percent_is_refused(percent):
    with pytest.raises(InvalidValueError, match="between 0 and 100"):
        TestCoverage(percent=percent)


@pytest.mark.negative
@pytest.mark.parametrize(("covered", "total"), [(3, 2), (-1, 2), (0, -1)])
def test_a_fraction_that_is_none_is_refused(covered, total):
    with pytest.raises(InvalidValueError, match="between 0 and the total"):
        TestCoverage.from_fraction(covered, total)


@pytest.mark.positive
def test_a_ratio_counts_its_tests_in_numbers_percent_and_words():
    ratio = TestRatio(positive=13, negative=5, edge=2)
    assert ratio.total == 20
    assert ratio.percentages == (65.0, 25.0, 10.0)
    assert str(ratio) == "13 positive, 5 negative, 2 edge"


@pytest.mark.edge
def test_no_tests_have_no_percentages():
    assert TestRatio().percentages == (0.0, 0.0, 0.0)


@pytest.mark.negative
@pytest.mark.parametrize("kind", ["positive", "negative", "edge"])
def test_a_count_below_zero_is_refused(kind):
    with pytest.raises(InvalidValueError) as caught:
        TestRatio(**{kind: -1})
    assert caught.value.field == f"{kind} tests"


@pytest.mark.positive
@pytest.mark.parametrize(
    ("level", "kinds", "threshold"),
    [
        ("L0", ("positive",), 0.0),
        ("L1", ("positive", "negative"), 80.0),
        ("L2", ("positive", "negative", "edge"), 90.0),
    ],
)
def test_each_level_asks_for_more_kinds_of_tests_and_more_coverage(level, kinds, threshold):
    assert GateLevel(level).kinds == kinds
    assert DEFAULT_THRESHOLDS[GateLevel(level)] == threshold


@pytest.mark.positive
@pytest.mark.parametrize(
    ("policy", "work_type", "level"),
    [
        pytest.param(QualityPolicy(), WorkType.TASK, None, id="off by default"),
        pytest.param(QualityPolicy(default=GateLevel.L1), WorkType.TASK, GateLevel.L1, id="the default"),
        pytest.param(QualityPolicy(default=GateLevel.L1), WorkType.SPIKE, None, id="not for spikes"),
        pytest.param(
            QualityPolicy(default=GateLevel.L1, by_type={WorkType.BUG: GateLevel.L2}),
            WorkType.BUG,
            GateLevel.L2,
            id="the type's own",
        ),
        pytest.param(
            QualityPolicy(by_type={WorkType.SPIKE: GateLevel.L0}), WorkType.SPIKE, GateLevel.L0, id="a spike's own"
        ),
    ],
)
def test_a_policy_knows_the_level_for_each_type(policy, work_type, level):
    assert policy.level_for(work_type) is level


@pytest.mark.positive
def test_tests_without_a_count_are_as_good_as_none_and_each_lack_is_named():
    assert QualityPolicy().missing(GateLevel.L2, TestCoverage(percent=33.33), None) == (
        "no positive tests",
        "no negative tests",
        "no edge tests",
        "coverage 33.33 % is 56.67 points under 90 %",
    )
