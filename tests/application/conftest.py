"""The fixture of every application test: services over an empty store."""

from __future__ import annotations

import pytest

from tests.application.fakes import Services


@pytest.fixture
def services() -> Services:
    """Ada's, at noon, with nothing in the store."""
    return Services()
