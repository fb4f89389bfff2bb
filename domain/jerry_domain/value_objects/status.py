"""The state machine of a work item, as data (ADR-015)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class WorkItemStatus(StrEnum):
    """Where a work item stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether there is work left: everything but done and cancelled."""
        return self not in (WorkItemStatus.DONE, WorkItemStatus.CANCELLED)

    def can_become(self, status: WorkItemStatus) -> bool:
        """Whether the state machine has an arrow from here to `status`; never true for `status` itself."""
        return status in TRANSITIONS[self]


INITIAL_STATUS = WorkItemStatus.PENDING

# In the order in which they are shown to people.
TRANSITIONS: Mapping[WorkItemStatus, tuple[WorkItemStatus, ...]] = {
    WorkItemStatus.PENDING: (WorkItemStatus.IN_PROGRESS, WorkItemStatus.CANCELLED),
    WorkItemStatus.IN_PROGRESS: (WorkItemStatus.BLOCKED, WorkItemStatus.DONE, WorkItemStatus.CANCELLED),
    WorkItemStatus.BLOCKED: (WorkItemStatus.IN_PROGRESS, WorkItemStatus.CANCELLED),
    WorkItemStatus.DONE: (WorkItemStatus.IN_PROGRESS,),
    WorkItemStatus.CANCELLED: (),
}


def state_diagram() -> str:
    """The state machine as a Mermaid diagram, ending in a newline."""
    lines = ["stateDiagram-v2", f"    [*] --> {INITIAL_STATUS}"]
    lines += [f"    {source} --> {target}" for source, targets in TRANSITIONS.items() for target in targets]
    lines += [f"    {status} --> [*]" for status, targets in TRANSITIONS.items() if not targets]
    return "\n".join(lines) + "\n"
