"""The review of a change: its tier, why, and what to look at."""

from __future__ import annotations

from dataclasses import dataclass

from jerry_git.application.checking.guard import Rules
from jerry_git.application.checking.sources import EventFileReader, Source
from jerry_git.application.reviewing.checklist import Answer, answered
from jerry_git.application.reviewing.tiers import Tier, Touch, riskiest
from jerry_git.application.reviewing.touching import touched
from jerry_git.application.settings import Settings


@dataclass(frozen=True, slots=True)
class Review:
    """What a review is about: what the change in `source` touches, and the answers to the checklists."""

    source: str
    touches: tuple[Touch, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def tier(self) -> Tier | None:
        """The riskiest of all that is touched, None where nothing changed."""
        return riskiest(touch.tier for touch in self.touches)

    @property
    def is_refused(self) -> bool:
        """Whether a check failed, or a decision record is missing."""
        return any(answer.outcome == "failed" for answer in self.answers)


def review(source: Source, reader: EventFileReader, settings: Settings, layers: Rules) -> Review:
    """Review what differs from the base; raises `GitError`, and `CannotCheckError` where a tree is missing."""
    touches = touched(source, settings)
    answers = answered(touches, source, reader, settings, layers) if touches else ()
    return Review(source.name, tuple(touches), tuple(answers))
