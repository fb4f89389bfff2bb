"""What the domain refuses. Each error carries data; the command line puts it into words (DESIGN 9).

DomainError
+-- InvalidValueError (also a ValueError)
+-- IllegalTransitionError
+-- ItemDeletedError
+-- ItemExistsError
+-- ParentTypeError
+-- OpenChildrenError
+-- QualityGateError
+-- CycleError
+-- ClaimedByOtherError
+-- CannotUndoError
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class DomainError(Exception):
    """A rule of the domain was about to be broken; nothing has changed."""


class InvalidValueError(DomainError, ValueError):
    """A value that its value object does not accept."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(f"{field} {value!r}: {reason}")
        self.field = field
        self.value = value
        self.reason = reason


class IllegalTransitionError(DomainError):
    """The state machine has no arrow from `source` to `target`."""

    def __init__(self, item: str, source: str, target: str, allowed: Sequence[str]) -> None:
        super().__init__(f"{item} is {source} and cannot become {target}")
        self.item = item
        self.source = source
        self.target = target
        self.allowed = tuple(allowed)


class ItemDeletedError(DomainError):
    """A deleted item takes no more commands but `restore`."""

    def __init__(self, item: str) -> None:
        super().__init__(f"{item} is deleted")
        self.item = item


class ItemExistsError(DomainError):
    """A stream can be created only once."""

    def __init__(self, item: str) -> None:
        super().__init__(f"{item} exists already")
        self.item = item


class ParentTypeError(DomainError):
    """An item of this type cannot stand under a parent of that type."""

    def __init__(self, item_type: str, parent_type: str, allowed: Sequence[str]) -> None:
        super().__init__(f"an item of type {item_type} cannot have a parent of type {parent_type}")
        self.item_type = item_type
        self.parent_type = parent_type
        self.allowed = tuple(allowed)


class OpenChildrenError(DomainError):
    """A parent with open children cannot be done unless forced with a reason."""

    def __init__(self, item: str, children: Sequence[str]) -> None:
        super().__init__(f"{item} has open children: {', '.join(children)}")
        self.item = item
        self.children = tuple(children)


class QualityGateError(DomainError):
    """The configured quality gate is not met; `missing` says what it lacks, a line each (PAT-008)."""

    def __init__(self, item: str, level: str, missing: Sequence[str]) -> None:
        super().__init__(f"{item} does not meet quality level {level}: {'; '.join(missing)}")
        self.item = item
        self.level = level
        self.missing = tuple(missing)


class CycleError(DomainError):
    """The items of `path` would wait for each other for ever; the last waits for the first."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(f"these would wait for each other: {' -> '.join([*path, path[0]])}")
        self.path = tuple(path)


class ClaimedByOtherError(DomainError):
    """Somebody else, or another session of the same actor, holds the claim."""

    def __init__(self, item: str, claimant: str, session: str | None, until: datetime) -> None:
        super().__init__(f"{item} is claimed by {claimant} until {until:%Y-%m-%d %H:%M} UTC")
        self.item = item
        self.claimant = claimant
        self.session = session
        self.until = until


class CannotUndoError(DomainError):
    """The last change has no compensating event."""

    def __init__(self, item: str, reason: str) -> None:
        super().__init__(f"the last change of {item} cannot be undone: {reason}")
        self.item = item
        self.reason = reason
