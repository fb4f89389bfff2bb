"""What kind of work an item is, how urgent, and how it leans on others."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class WorkType(StrEnum):
    """The kind of a work item."""

    EPIC = "epic"
    STORY = "story"
    TASK = "task"
    SUBTASK = "subtask"
    BUG = "bug"
    SPIKE = "spike"

    def may_have_parent(self, parent: WorkType) -> bool:
        """Whether an item of this type may stand under one of type `parent`."""
        return parent in PARENT_TYPES[self]


PARENT_TYPES: Mapping[WorkType, tuple[WorkType, ...]] = {
    WorkType.EPIC: (WorkType.EPIC,),
    WorkType.STORY: (WorkType.EPIC,),
    WorkType.TASK: (WorkType.EPIC, WorkType.STORY),
    WorkType.SUBTASK: (WorkType.STORY, WorkType.TASK, WorkType.BUG, WorkType.SPIKE),
    WorkType.BUG: (WorkType.EPIC, WorkType.STORY, WorkType.TASK),
    WorkType.SPIKE: (WorkType.EPIC, WorkType.STORY),
}


class Priority(StrEnum):
    """How urgent an item is; `rank` orders them, 0 the most urgent."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical to 3 for low."""
        return tuple(Priority).index(self)


class DependencyKind(StrEnum):
    """How an item refers to a target: it is blocked by it, related to it, discovered from it, or a duplicate of it."""

    BLOCKS = "blocks"
    RELATES_TO = "relates-to"
    DISCOVERED_FROM = "discovered-from"
    DUPLICATES = "duplicates"
