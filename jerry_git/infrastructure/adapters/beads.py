"""The issues of beads and beads_rust, read from their JSONL file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_domain.value_objects.text import TITLE_LENGTH
from jerry_git.application.importing import ForeignComment, ForeignItem, ImportNote

T = TypeVar("T")

ORIGIN = "beads"

_STATUSES: Mapping[str, WorkItemStatus] = {
    "open": WorkItemStatus.PENDING,
    "pending": WorkItemStatus.PENDING,
    "deferred": WorkItemStatus.PENDING,
    "in_progress": WorkItemStatus.IN_PROGRESS,
    "hooked": WorkItemStatus.IN_PROGRESS,
    "blocked": WorkItemStatus.BLOCKED,
    "closed": WorkItemStatus.DONE,
    "done": WorkItemStatus.DONE,
    "cancelled": WorkItemStatus.CANCELLED,
}
_TYPES: Mapping[str, WorkType] = {
    "epic": WorkType.EPIC,
    "feature": WorkType.STORY,
    "story": WorkType.STORY,
    "task": WorkType.TASK,
    "chore": WorkType.TASK,
    "subtask": WorkType.SUBTASK,
    "bug": WorkType.BUG,
    "spike": WorkType.SPIKE,
}
_PRIORITIES = (Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM, Priority.LOW, Priority.LOW)
_KINDS: Mapping[str, DependencyKind] = {
    "blocks": DependencyKind.BLOCKS,
    "relates-to": DependencyKind.RELATES_TO,
    "related": DependencyKind.RELATES_TO,
    "discovered-from": DependencyKind.DISCOVERED_FROM,
    "duplicates": DependencyKind.DUPLICATES,
}
_PARENT = "parent-child"


class _Dependency(BaseModel):
    depends_on_id: str
    type: str = "blocks"


class _Comment(BaseModel):
    author: str = ""
    text: str = ""
    created_at: datetime | None = None


class _Issue(BaseModel):
    """An issue as beads writes it; what is not named here is kept as `original`."""

    model_config = ConfigDict(extra="allow")

    id: Annotated[str, Field(min_length=1)]
    title: str
    description: str = ""
    acceptance_criteria: str = ""
    design: str = ""
    notes: str = ""
    status: str = "open"
    priority: Annotated[int, Field(ge=0)] = 2
    issue_type: str = "task"
    assignee: str | None = None
    estimated_minutes: int | None = None
    labels: list[str] = []
    dependencies: list[_Dependency] = []
    comments: list[_Comment] = []
    close_reason: str = ""
    delete_reason: str = ""


# Kept in their own places; everything else an issue says goes into `original`, as text.
_PLACED = frozenset(_Issue.model_fields) - {"status", "priority", "issue_type"}


def read_beads(path: Path) -> tuple[list[ForeignItem], list[ImportNote]]:
    """The issues of a beads JSONL file, and notes on what was not understood; raises `OSError`.

    A line that is not an issue is noted and passed over: one bad line never hides the rest.
    """
    items, notes = [], []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                raw = from_json(line)
                tidy = _tidy(raw)
                issue = _Issue.model_validate(tidy)
            except ValidationError as error:
                notes.append(ImportNote(line=number, reference="", message=f"passed over: {_worded(error)}"))
                continue
            except ValueError as error:
                notes.append(ImportNote(line=number, reference="", message=f"passed over: not JSON: {error}"))
                continue
            if b"\\u0000" in line and tidy != raw:
                notes.append(ImportNote(line=number, reference=issue.id, message="NUL characters left out"))
            items.append(_foreign(number, issue, notes))
    return items, notes


def _tidy(raw: Any) -> Any:
    """Without NUL characters, which no text of ours has, and without nulls: a field that says nothing."""
    if isinstance(raw, str):
        return raw.replace("\0", "")
    if isinstance(raw, list):
        return [_tidy(item) for item in raw]
    if isinstance(raw, dict):
        return {_tidy(key): _tidy(value) for key, value in raw.items() if value is not None}
    return raw


def _worded(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, detail['loc'])) or 'the line'}: {detail['msg']}" for detail in error.errors())


def _foreign(line: int, issue: _Issue, notes: list[ImportNote]) -> ForeignItem:
    def note(message: str) -> None:
        notes.append(ImportNote(line=line, reference=issue.id, message=message))

    deleted = issue.status == "tombstone"
    parents, dependencies = _links(issue, note)
    return ForeignItem(
        line=line,
        reference=issue.id,
        title=_title(issue, note),
        work_type=_mapped(_TYPES, issue.issue_type, WorkType.TASK, "type", note),
        status=WorkItemStatus.PENDING
        if deleted
        else _mapped(_STATUSES, issue.status, WorkItemStatus.PENDING, "status", note),
        priority=_PRIORITIES[min(issue.priority, len(_PRIORITIES) - 1)],
        description=_description(issue),
        reason=issue.close_reason,
        parent=parents[0] if parents else None,
        dependencies=dependencies,
        labels=[re.sub(r"[\s,]", "-", label.strip()) for label in issue.labels if label.strip()],
        comments=[
            ForeignComment(author=said.author, written_at=_utc(said.created_at), text=said.text)
            for said in issue.comments
        ],
        assignee=issue.assignee or None,
        estimate=issue.estimated_minutes or None,
        deleted=issue.delete_reason or "deleted in beads" if deleted else None,
        original=dict(_original(issue)),
    )


def _mapped(table: Mapping[str, T], word: str, default: T, what: str, note: Callable[[str], None]) -> T:
    found = table.get(word.strip().lower().replace("-", "_"))
    if found is None:
        note(f"{what} {word!r} is not known here; taken as {default}")
        return default
    return found


def _links(issue: _Issue, note: Callable[[str], None]) -> tuple[list[str], list[tuple[DependencyKind, str]]]:
    parents: list[str] = []
    others: list[tuple[DependencyKind, str]] = []
    for dependency in issue.dependencies:
        kind = dependency.type.strip().lower().replace("_", "-")
        if kind != dependency.type:
            note(f"dependency type {dependency.type!r} read as {kind!r}")
        if kind == _PARENT:
            parents.append(dependency.depends_on_id)
            continue
        if kind not in _KINDS:
            note(f"dependency type {dependency.type!r} is not known here; taken as relates-to")
        others.append((_KINDS.get(kind, DependencyKind.RELATES_TO), dependency.depends_on_id))
    for further in parents[1:]:
        note(f"has more than one parent; {further} becomes relates-to")
        others.append((DependencyKind.RELATES_TO, further))
    return parents, others


def _title(issue: _Issue, note: Callable[[str], None]) -> str:
    joiners = "\u200c\u200d"  # parts of emoji, which a title may have
    printable = "".join(char if char.isprintable() or char in joiners else " " for char in issue.title)
    title = " ".join(printable.split()) or issue.id
    if len(title) > TITLE_LENGTH:
        title = title[: TITLE_LENGTH - 1] + "…"
    if title != issue.title:
        note(f"title written as {title!r}")
    return title


def _description(issue: _Issue) -> str:
    """beads' further texts become sections of the description."""
    sections: Sequence[tuple[str, str]] = (
        ("Design", issue.design),
        ("Acceptance criteria", issue.acceptance_criteria),
        ("Notes", issue.notes),
    )
    parts = [issue.description, *(f"## {name}\n\n{text}" for name, text in sections if text.strip())]
    return "\n\n".join(part for part in parts if part.strip())


def _original(issue: _Issue) -> Iterator[tuple[str, str]]:
    values: dict[str, Any] = issue.model_dump(mode="json", exclude_unset=True)
    for key in sorted(values):
        value = values[key]
        if key not in _PLACED and value not in (None, "", [], {}):
            yield key, value if isinstance(value, str) else str(value)


def _utc(moment: datetime | None) -> datetime | None:
    """In UTC to the millisecond, as events have it."""
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:  # in UTC it lies before the year 1 or after 9999
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
