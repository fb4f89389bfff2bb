"""The state of a work item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from jerry_domain.value_objects.claim import Claim
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import INITIAL_STATUS, WorkItemStatus
from jerry_domain.values import Value, value

if TYPE_CHECKING:
    from jerry_domain.value_objects.quality import TestCoverage, TestRatio

FOLD_VERSION = 2
"""Raised with every change of `evolve` or of the state's shape: cached folds of another version are dropped."""


@value
class Comment(Value):
    """What somebody said; `comment_id` is the id of the event that added it."""

    comment_id: str
    author: str
    written_at: datetime
    text: str


@value
class Dependency(Value):
    """A leaning on the item `target` (internal id). Kind `blocks`: the target blocks the one that holds this."""

    kind: DependencyKind
    target: str

    def __lt__(self, other: Dependency) -> bool:
        return (self.kind, self.target) < (other.kind, other.target)


@value
class ExternalReference(Value):
    """Where an imported item came from: the other tracker, the id there, and its fields as they stood."""

    origin: str
    reference: str
    original: Mapping[str, str]


@value
class WorkItemState(Value):
    """Everything the events of one item say. `created_at` is None while no creation was seen (an incomplete history).

    Times are UTC; `estimate` is in minutes; `parent` and dependency targets are internal ids;
    `status_event` is the id of the last event that moved the status; `claims` are more than one only where clones that
    had not met took the item at the same time, the first come first.
    """

    item_id: str
    display_id: str = ""
    aliases: tuple[str, ...] = ()
    work_type: WorkType = WorkType.TASK
    title: str = ""
    description: str = ""
    status: WorkItemStatus = INITIAL_STATUS
    status_event: str | None = None
    previous_status: WorkItemStatus | None = None
    reason: str = ""
    priority: Priority = Priority.MEDIUM
    assignee: str | None = None
    claims: tuple[Claim, ...] = ()
    parent: str | None = None
    dependencies: frozenset[Dependency] = frozenset()
    labels: frozenset[str] = frozenset()
    comments: tuple[Comment, ...] = ()
    due: date | None = None
    estimate: int | None = None
    coverage: TestCoverage | None = None
    tests: TestRatio | None = None
    imported: tuple[ExternalReference, ...] = ()
    deleted: bool = False
    created_at: datetime | None = None
    created_by: str = ""
    updated_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def name(self) -> str:
        """What to call the item: its display id, or the internal one where no creation was seen."""
        return self.display_id or self.item_id

    @property
    def is_open(self) -> bool:
        """Whether there is work left in it: not done, not cancelled, not deleted."""
        return self.status.is_open and not self.deleted

    @property
    def claim(self) -> Claim | None:
        """The claim that came first, even where it has run out; None where nobody claims the item."""
        return self.claims[0] if self.claims else None

    def targets(self, kind: DependencyKind) -> tuple[str, ...]:
        """The targets of dependencies of one kind, sorted."""
        return tuple(sorted(dependency.target for dependency in self.dependencies if dependency.kind is kind))

    def active_claim(self, now: datetime) -> Claim | None:
        """The claim that still runs at `now`, if any."""
        return next((claim for claim in self.claims if claim.is_active(now)), None)
