"""The features beside this file, run against the domain."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("features")
