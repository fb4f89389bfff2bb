"""Freezing today's violations into a baseline, and taking the mended ones out of it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jerry_git.application.layers.baseline import Frozen
from jerry_git.application.layers.examining import Violation


@dataclass(frozen=True, slots=True)
class Freeze:
    """What the baseline is to hold, what leaves it, and the violations that it does not take in."""

    kept: tuple[Frozen, ...]
    mended: tuple[Frozen, ...] = ()
    refused: tuple[Violation, ...] = ()


def freeze(violations: Iterable[Violation], frozen: frozenset[Frozen] | None) -> Freeze:
    """All violations where there is no baseline yet (`frozen` is None); else only those that it holds already."""
    found = list(violations)
    today = {violation.frozen for violation in found}
    if frozen is None:
        return Freeze(tuple(sorted(today)))
    refused = tuple(violation for violation in found if violation.frozen not in frozen)
    return Freeze(tuple(sorted(frozen & today)), tuple(sorted(frozen - today)), refused)
