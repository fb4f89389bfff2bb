"""Items of another tracker, as a reader of its files would hand them over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_git.application.importing import ForeignItem, ImportReport, import_items

ORIGIN = "beads"


def foreign(reference: str, line: int = 1, **data: Any) -> ForeignItem:
    """An item with what it must have, and what the test says."""
    kept: dict[str, Any] = {
        "title": f"Title of {reference}",
        "work_type": WorkType.TASK,
        "status": WorkItemStatus.PENDING,
        "priority": Priority.MEDIUM,
        **data,
    }
    return ForeignItem(line=line, reference=reference, **kept)


def blocks(*references: str) -> list[tuple[DependencyKind, str]]:
    """Dependencies on items that block this one."""
    return [(DependencyKind.BLOCKS, reference) for reference in references]


def numbered(*items: ForeignItem) -> Iterator[ForeignItem]:
    """The items, each on a line of its own."""
    lines = count(1)
    return (replace(item, line=next(lines)) for item in items)


def bring(services: Any, *items: ForeignItem, **options: Any) -> ImportReport:
    """Import the items as they stand in a file."""
    return import_items(services, ORIGIN, list(numbered(*items)), **options)


def notes(report: ImportReport) -> list[tuple[int, str, str]]:
    """Line, reference and message of each note."""
    return [(note.line, note.reference, note.message) for note in report.notes]
