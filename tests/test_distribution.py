"""The knowledge summary's distribution of tests, kept (PAT-004, ADR-014)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARES = {"positive": (60, 70), "negative": (20, 30), "edge": (10, 15)}


@pytest.fixture(scope="module")
def shares() -> dict[str, float]:
    """Percent of test functions by kind; a parametrised function counts once for each kind that it has."""
    command = (sys.executable, "-m", "pytest", "--collect-only", "-qq", "-p", "no:cacheprovider", "-p", "tests.kinds")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV"))}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    counts = Counter(line.split(" ")[1] for line in done.stdout.splitlines() if line.startswith("KIND "))
    return {kind: 100 * count / counts.total() for kind, count in counts.items()}


@pytest.mark.positive
@pytest.mark.parametrize("kind", SHARES)
def test_the_share_of_each_kind_is_within_its_bounds(shares: dict[str, float], kind: str) -> None:
    """60-70 % show what works, 20-30 % what is refused, 10-15 % what lies at the border."""
    lowest, highest = SHARES[kind]
    assert lowest <= shares[kind] <= highest, shares
