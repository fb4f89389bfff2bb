"""Self-validating quality values and the gates built on them (PAT-008)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import ClassVar

from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects.classification import WorkType
from jerry_domain.values import Value, value


@value
class TestCoverage(Value):
    """A share of code that tests run, in percent from 0 to 100; raises `InvalidValueError` outside."""

    __test__: ClassVar[bool] = False  # pytest would collect a class of this name

    percent: float

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:  # NaN fails this too
            raise InvalidValueError("coverage", f"{self.percent}", "coverage lies between 0 and 100 percent")

    @classmethod
    def from_fraction(cls, covered: int, total: int) -> TestCoverage:
        """Coverage of `covered` out of `total` lines or branches, rounded down to hundredths of a percent.

        Rounded down, so that 99.999 % never passes for complete. Nothing to cover is fully covered.
        """
        if not 0 <= covered <= total:
            raise InvalidValueError("coverage", f"{covered}/{total}", "covered lies between 0 and the total")
        return cls(percent=covered * 10_000 // total / 100 if total else 100.0)

    def gap_to(self, threshold: float) -> float:
        """Percentage points missing to `threshold`, in hundredths; 0 only when it is met."""
        gap = threshold - self.percent
        return max(0.01, round(gap, 2)) if gap > 0 else 0.0

    def __str__(self) -> str:
        return f"{self.percent:g} %"


@value
class TestRatio(Value):
    """How many tests show what works, what is refused, and what happens at the edges; raises `InvalidValueError`."""

    __test__: ClassVar[bool] = False

    positive: int = 0
    negative: int = 0
    edge: int = 0

    def __post_init__(self) -> None:
        for name in ("positive", "negative", "edge"):
            if getattr(self, name) < 0:
                raise InvalidValueError(f"{name} tests", str(getattr(self, name)), "a count is 0 or more")

    @property
    def total(self) -> int:
        """All tests counted."""
        return self.positive + self.negative + self.edge

    @property
    def percentages(self) -> tuple[float, float, float]:
        """Positive, negative and edge tests in percent of the total; all 0 where there are none."""
        if not self.total:
            return (0.0, 0.0, 0.0)
        return (
            100 * self.positive / self.total,
            100 * self.negative / self.total,
            100 * self.edge / self.total,
        )

    def __str__(self) -> str:
        return f"{self.positive} positive, {self.negative} negative, {self.edge} edge"


class GateLevel(StrEnum):
    """What an item's tests must show: L0 positive tests, L1 negative ones too, L2 edge cases as well."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of test this level asks for."""
        return ("positive", "negative", "edge")[: int(self.value[1]) + 1]


DEFAULT_THRESHOLDS: Mapping[GateLevel, float] = {GateLevel.L0: 0.0, GateLevel.L1: 80.0, GateLevel.L2: 90.0}


@value
class QualityPolicy(Value):
    """Which gate an item must pass before it is done. With no levels, the default, every gate is off.

    `default` holds for every type not named in `by_type`, except spikes, which need no tests unless named.
    """

    default: GateLevel | None = None
    by_type: Mapping[WorkType, GateLevel] = field(default_factory=dict)
    thresholds: Mapping[GateLevel, float] = field(default_factory=lambda: dict(DEFAULT_THRESHOLDS))

    def level_for(self, work_type: WorkType) -> GateLevel | None:
        """The gate for items of `work_type`, or None."""
        if work_type is WorkType.SPIKE:
            return self.by_type.get(work_type)
        return self.by_type.get(work_type, self.default)

    def missing(self, level: GateLevel, coverage: TestCoverage | None, ratio: TestRatio | None) -> tuple[str, ...]:
        """What still lacks for `level`, a phrase each; empty when the gate is passed."""
        lacks = [f"no {kind} tests" for kind in level.kinds if not getattr(ratio or TestRatio(), kind)]
        threshold = self.thresholds.get(level, DEFAULT_THRESHOLDS[level])
        if coverage is None:
            if threshold > 0:
                lacks.append(f"no coverage recorded, {threshold:g} % needed")
        elif gap := coverage.gap_to(threshold):
            lacks.append(f"coverage {coverage} is {gap:g} points under {threshold:g} %")
        return tuple(lacks)
