"""Events in words: what happened, in a few words for a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from jerry_domain.events.work_item_events import (
    AssigneeChanged,
    Claimed,
    ClaimReleased,
    CommentAdded,
    CommentRemoved,
    Created,
    Deleted,
    DependencyAdded,
    DependencyRemoved,
    DetailsChanged,
    DisplayIdChanged,
    DueDateChanged,
    EstimateChanged,
    Imported,
    LabelsAdded,
    LabelsRemoved,
    ParentChanged,
    PriorityChanged,
    QualityMetricsUpdated,
    Reconciled,
    Restored,
    StatusChanged,
    StatusCorrected,
    as_work_item_event,
)

if TYPE_CHECKING:
    from jerry_git.application.board import Board
    from jerry_git.application.queries import LogEntry


def describe(board: Board, entry: LogEntry) -> str:  # noqa: C901 - one flat branch for each event
    """What the event of `entry` did, on one line."""
    event = as_work_item_event(entry.recorded.event)
    match event:
        case Created():
            return f"created: {event.title}"
        case DetailsChanged():
            return _details(event)
        case StatusChanged():
            forced = ", forced" if event.forced else ""
            return f"{event.from_status} -> {event.to_status}{forced}{_because(event.reason)}"
        case StatusCorrected():
            return f"{event.from_status} back to {event.to_status}{_because(event.reason)}"
        case Reconciled():
            return f"reconciled: {event.to_status}{_because(event.reason)}"
        case PriorityChanged():
            return f"priority {entry.before.priority} -> {event.priority}"
        case AssigneeChanged():
            return f"assigned to {event.assignee or 'nobody'}"
        case Claimed():
            return f"claimed until {event.until:%Y-%m-%d %H:%M}"
        case ClaimReleased():
            return f"claim released{_because(event.reason)}"
        case ParentChanged():
            return f"moved under {board.name(event.parent)}" if event.parent else "moved to the top"
        case DependencyAdded():
            return f"{_leaning(event)} {board.name(event.target)}"
        case DependencyRemoved():
            return f"no longer {_leaning(event)} {board.name(event.target)}"
        case LabelsAdded():
            return f"labelled {' '.join(event.labels)}"
        case LabelsRemoved():
            return f"label {' '.join(event.labels)} removed"
        case CommentAdded():
            return f"commented: {event.text.splitlines()[0]}"
        case CommentRemoved():
            return "comment withdrawn"
        case DueDateChanged():
            return f"due {event.due or 'on no day'}"
        case EstimateChanged():
            return f"estimate {event.minutes} minutes" if event.minutes else "estimate cleared"
        case QualityMetricsUpdated():
            return f"measured: {_measures(event)}"
        case DisplayIdChanged():
            return f"renumbered from {entry.before.display_id} to {event.display_id}"
        case Imported():
            return f"imported from {event.origin}: {event.reference}"
        case Deleted():
            return f"deleted{_because(event.reason)}"
        case Restored():
            return f"restored{_because(event.reason)}"
        case _:
            assert_never(event)


def _because(reason: str) -> str:
    return f" ({reason.splitlines()[0]})" if reason else ""


def _details(event: DetailsChanged) -> str:
    changes = [f"title: {event.title}"] if event.title is not None else []
    changes += [f"type: {event.work_type}"] if event.work_type is not None else []
    changes += ["description changed"] if event.description is not None else []
    return ", ".join(changes)


def _leaning(event: DependencyAdded | DependencyRemoved) -> str:
    return "depends on" if event.kind == "blocks" else str(event.kind)


def _measures(event: QualityMetricsUpdated) -> str:
    counts = ("positive", "negative", "edge")
    parts = [f"coverage {event.coverage:g} %"] if event.coverage is not None else []
    parts += [f"{getattr(event, name)} {name}" for name in counts if getattr(event, name) is not None]
    return ", ".join(parts) or "nothing"
