"""Done: what stands in the way of it, and how it is forced."""

from __future__ import annotations

import pytest

from jerry_domain.errors import IllegalTransitionError, InvalidValueError, OpenChildrenError, QualityGateError
from jerry_domain.events.work_item_events import QualityMetricsUpdated
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.value_objects.quality import GateLevel, QualityPolicy
from tests.domain.builders import DONE, IN_PROGRESS, PENDING, at_status, happened, moved
from tests.domain.given_when_then import given, refused

L0, L1, L2 = GateLevel
EVERYTHING = {"coverage": 100.0, "positive": 5, "negative": 3, "edge": 1}


def working(*, work_type=WorkType.TASK, **metrics):
    """An item in progress, with these metrics if any."""
    measured = (happened(QualityMetricsUpdated, **metrics),) if metrics else ()
    return given(*at_status(IN_PROGRESS, work_type=work_type), *measured)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("item", "policy"),
    [
        pytest.param(working(), None, id="gates that were never configured ask for nothing"),
        pytest.param(working(), QualityPolicy(), id="a policy without levels asks for nothing"),
        pytest.param(working(positive=1), QualityPolicy(default=L0), id="L0 asks for one positive test"),
        pytest.param(
            working(positive=1, negative=1, coverage=80.0), QualityPolicy(default=L1), id="L1 at exactly 80 percent"
        ),
        pytest.param(working(**EVERYTHING), QualityPolicy(default=L2), id="L2 with tests of every kind"),
        pytest.param(working(work_type=WorkType.SPIKE), QualityPolicy(default=L2), id="a spike needs no tests"),
        pytest.param(
            working(positive=1),
            QualityPolicy(default=L2, by_type={WorkType.TASK: L0}),
            id="the level of the item's type goes before the default",
        ),
        pytest.param(
            working(), QualityPolicy(by_type={WorkType.BUG: L2}), id="a level for another type does not concern it"
        ),
        pytest.param(
            working(positive=1, negative=1, coverage=60.0),
            QualityPolicy(default=L1, thresholds={L1: 60.0}),
            id="a threshold of one's own",
        ),
        pytest.param(
            working(positive=1, negative=1),
            QualityPolicy(default=L1, thresholds={L1: 0.0}),
            id="a threshold of zero asks for no coverage",
        ),
    ],
)
def test_an_item_that_passes_its_gate_is_done(item, policy):
    item.when(lambda item, at: item.complete(at, policy=policy)).then(moved(IN_PROGRESS, DONE))


@pytest.mark.negative
@pytest.mark.parametrize(
    ("item", "policy", "level", "missing"),
    [
        pytest.param(working(), QualityPolicy(default=L0), L0, ("no positive tests",), id="L0 without any test"),
        pytest.param(
            working(),
            QualityPolicy(default=L1),
            L1,
            ("no positive tests", "no negative tests", "no coverage recorded, 80 % needed"),
            id="L1 with nothing known names all that is missing",
        ),
        pytest.param(
            working(positive=1, negative=1, coverage=79.5),
            QualityPolicy(default=L1),
            L1,
            ("coverage 79.5 % is 0.5 points under 80 %",),
            id="L1 half a point short",
        ),
        pytest.param(
            working(positive=1, negative=1, coverage=90.0),
            QualityPolicy(default=L2),
            L2,
            ("no edge tests",),
            id="L2 without edge cases",
        ),
        pytest.param(
            working(work_type=WorkType.SPIKE),
            QualityPolicy(by_type={WorkType.SPIKE: L0}),
            L0,
            ("no positive tests",),
            id="a spike whose type is named is no exception",
        ),
    ],
)
def test_an_item_that_misses_its_gate_is_not_done_and_hears_what_is_missing(item, policy, level, missing):
    item.when(lambda item, at: item.complete(at, policy=policy)).then(
        refused(QualityGateError, item="WORK-1", level=level, missing=missing)
    )


@pytest.mark.edge
@pytest.mark.parametrize("coverage", [79.999, 79.9999999])
def test_a_coverage_under_the_threshold_by_a_hair_does_not_pass(coverage):
    working(positive=1, negative=1, coverage=coverage).when(
        lambda item, at: item.complete(at, policy=QualityPolicy(default=L1))
    ).then(refused(QualityGateError, level=L1))


@pytest.mark.negative
def test_a_parent_with_open_children_is_not_done():
    working().when(lambda item, at: item.complete(at, open_children=["WORK-2", "WORK-3"])).then(
        refused(OpenChildrenError, item="WORK-1", children=("WORK-2", "WORK-3"))
    )


@pytest.mark.edge
def test_open_children_are_told_before_the_gate():
    working().when(lambda item, at: item.complete(at, open_children=["WORK-2"], policy=QualityPolicy(default=L2))).then(
        refused(OpenChildrenError, children=("WORK-2",))
    )


@pytest.mark.positive
@pytest.mark.parametrize(
    "obstacle",
    [
        pytest.param({"open_children": ["WORK-2"]}, id="open children"),
        pytest.param({"policy": QualityPolicy(default=L2)}, id="a gate"),
        pytest.param({"open_children": ["WORK-2"], "policy": QualityPolicy(default=L2)}, id="both"),
    ],
)
def test_an_obstacle_yields_to_force_with_a_reason_and_the_event_says_so(obstacle):
    working().when(lambda item, at: item.complete(at, reason="shipped anyway", force=True, **obstacle)).then(
        moved(IN_PROGRESS, DONE, "shipped anyway", forced=True)
    )


@pytest.mark.positive
def test_force_that_overruled_nothing_is_not_recorded_as_force():
    working().when(lambda item, at: item.complete(at, reason="to be safe", force=True)).then(
        moved(IN_PROGRESS, DONE, "to be safe")
    )


@pytest.mark.negative
@pytest.mark.parametrize("reason", [pytest.param("", id="no reason"), pytest.param(" \n", id="only blanks")])
def test_force_wants_a_reason(reason):
    working().when(lambda item, at: item.complete(at, reason=reason, open_children=["WORK-2"], force=True)).then(
        refused(InvalidValueError, field="reason")
    )


@pytest.mark.negative
@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"reason": "at once", "force": True}, id="by force"),
        pytest.param({"force": True}, id="by force without a reason"),
        pytest.param({"open_children": ["WORK-2"]}, id="with open children"),
        pytest.param({"policy": QualityPolicy(default=L2)}, id="with a gate"),
    ],
)
def test_what_is_not_in_progress_is_not_done_and_hears_of_that_first(data):
    given(*at_status(PENDING)).when(lambda item, at: item.complete(at, **data)).then(
        refused(IllegalTransitionError, source=PENDING, target=DONE)
    )


@pytest.mark.positive
def test_what_is_done_already_meets_no_obstacle():
    given(*at_status(DONE)).when(
        lambda item, at: item.complete(at, open_children=["WORK-2"], policy=QualityPolicy(default=L2), force=True)
    ).then_nothing()
