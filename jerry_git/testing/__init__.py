"""Tests that any implementation of a port can run, under pytest; nothing else in the package imports them."""

import pytest

pytest.register_assert_rewrite(
    "jerry_git.testing.event_store_contract", "jerry_git.testing.idempotency_contract", "jerry_git.testing.store_case"
)
