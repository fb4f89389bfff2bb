"""What every test has: one of the marks positive, negative, edge (PAT-004, ADR-014), and a clean surrounding."""

from __future__ import annotations

import pytest

KINDS = ("positive", "negative", "edge")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test without exactly one kind, and write the kind into the JUnit report for `jerry quality`."""
    wrong = []
    for item in items:
        kinds = [kind for kind in KINDS if item.get_closest_marker(kind)]
        if len(kinds) != 1:
            wrong.append(f"{item.nodeid}: {kinds or 'no kind'}")
        item.user_properties += [("kind", kind) for kind in kinds]
    if wrong:
        raise pytest.UsageError("each test is marked positive, negative or edge, just one:\n" + "\n".join(wrong))
