"""Changes in memory, and what they touch as lines of text."""

from __future__ import annotations

from textwrap import dedent

from jerry_git.application.reviewing.rendering import place, what, why
from jerry_git.application.reviewing.touching import touched
from jerry_git.application.settings import Settings
from tests.application.sources import MemorySource

EVENTS = """
class DomainEvent: ...
class Placed(DomainEvent):
    order: str
"""
ORDER = """
class Order:
    def _apply(self, event): ...
    def collect_events(self): ...
"""


def source(after: dict[str, str], before: dict[str, str] | None = None) -> MemorySource:
    """What is in `after` against what was in `before`; files of `before` that are not in `after` are gone."""
    sides = ({path: dedent(text).encode() for path, text in (files or {}).items()} for files in (after, before))
    return MemorySource(*sides)


def lines(after: dict[str, str], before: dict[str, str] | None = None, settings: Settings | None = None) -> list[str]:
    """Tier, place, what and why of everything that is touched."""
    found = touched(source(after, before), settings or Settings())
    return [f"{touch.tier} {place(touch)} {what(touch)} by {why(touch)}" for touch in found]
