"""A pytest plugin that prints the kind of each test function: `pytest -p tests.kinds --collect-only -qq`."""

from __future__ import annotations

import pytest

from tests.conftest import KINDS


def pytest_collection_finish(session: pytest.Session) -> None:
    """A line `KIND <kind> <function>` for each; a parametrised function once for each kind that it has."""
    found = {
        (kind, item.nodeid.partition("[")[0])
        for item in session.items
        for kind in KINDS
        if item.get_closest_marker(kind)
    }
    for kind, function in sorted(found):
        print(f"KIND {kind} {function}")  # noqa: T201 - what it is for
