"""Repositories of any size, as years of work leave them: most items are done, a few hundred are open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.events.work_item_events import (
    AssigneeChanged,
    CommentAdded,
    Created,
    DependencyAdded,
    DetailsChanged,
    LabelsAdded,
    PriorityChanged,
    StatusChanged,
)
from jerry_domain.value_objects.classification import DependencyKind, Priority, WorkType
from jerry_domain.value_objects.status import WorkItemStatus
from jerry_domain.value_objects.work_item_id import EPOCH, WorkItemId
from jerry_git.infrastructure.persistence.codec import encode
from jerry_git.infrastructure.persistence.event_paths import file_name, stream_folder
from jerry_git.testing.histories import MOMENT, happened

ROOT = Path(__file__).parent.parent
JERRY = (sys.executable, "-m", "jerry_git")
OPEN = 200
"""So many of the youngest items are open, at any size."""
SOURCE = "urn:uuid:0b9d2f6a-7c1e-4a53-8f3d-5e2a9c4b7d10"


def environment(home: Path) -> dict[str, str]:
    """A person without settings of their own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "JERRY_", "PYTHONDONT"))}
    names = {f"GIT_{who}_{what}": word for who in ("AUTHOR", "COMMITTER") for what, word in _PERSON.items()}
    paths = os.pathsep.join(str(ROOT / source) for source in (".", "domain", "hooks"))
    return {**kept, **names, "HOME": str(home), "PYTHONPATH": paths}


_PERSON = {"NAME": "Ada", "EMAIL": "ada@example.org"}


def run(root: Path, world: dict[str, str], *command: str) -> None:
    """Run a program, which succeeds."""
    subprocess.run(command, cwd=root, env=world, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def repository(root: Path, items: int, world: dict[str, str]) -> None:
    """A repository with so many items, ten events each, one commit, packed."""
    root.mkdir()
    run(root, world, "git", "init", "--quiet", "--initial-branch=main")
    run(root, world, "git", "config", "gc.auto", "0")
    run(root, world, *JERRY, "init")
    for number in range(items):
        _write(root, number, items)
    run(root, world, "git", "add", ".")
    run(root, world, "git", "commit", "--quiet", "--message=Years of work")
    run(root, world, "git", "gc", "--quiet")


def _item_id(number: int, items: int) -> WorkItemId:
    """An item an hour, the last one now."""
    moment = MOMENT - timedelta(hours=items - number)
    return WorkItemId.compose((moment - EPOCH) // timedelta(milliseconds=1), number % 1000)


def _write(root: Path, number: int, items: int) -> None:
    stream = f"work_item-{_item_id(number, items)}"
    folder = root / stream_folder(stream)
    folder.mkdir(parents=True, exist_ok=True)
    parents: tuple[str, ...] = ()
    for version, event in enumerate(_events(number, items), 1):
        at = MOMENT - timedelta(hours=items - number) + timedelta(minutes=version)
        place = RecordedEvent(
            event=replace(event, occurred_at=at), stream=stream, version=version, parents=parents, source=SOURCE
        )
        (folder / file_name((place,))).write_bytes(encode((place,)))
        parents = (place.event.event_id,)


def _events(number: int, items: int) -> Iterator[DomainEvent]:
    """Ten events: those of an item that is done, or of one that waits, and for every third open one for another."""

    def event(what: type[DomainEvent], **data: object) -> DomainEvent:
        nonlocal count
        count += 1
        return happened(what, f"{number}/{count}", **data)

    count = 0
    is_open = number >= items - OPEN
    pending, going, done = WorkItemStatus.PENDING, WorkItemStatus.IN_PROGRESS, WorkItemStatus.DONE
    title = f"Item {number} of a long list of work"
    yield event(Created, display_id=f"WORK-{number + 1}", work_type=WorkType.TASK, title=title)
    yield event(DetailsChanged, description=f"What there is to do about {number}, in a sentence or two. " * 3)
    yield event(LabelsAdded, labels=(f"label-{number % 20}",))
    yield event(PriorityChanged, priority=list(Priority)[number % 4])
    if is_open and number % 3 == 0 and number + 1 < items:
        yield event(DependencyAdded, kind=DependencyKind.BLOCKS, target=str(_item_id(number + 1, items)))
    else:
        yield event(AssigneeChanged, assignee=f"Person {number % 7} <person{number % 7}@example.org>")
    for comment in range(3):
        yield event(CommentAdded, text=f"Comment {comment} on {number}: this is how it went, and what is next.")
    if is_open:
        yield event(LabelsAdded, labels=("open",))
        yield event(LabelsAdded, labels=("waiting",))
    else:
        yield event(StatusChanged, from_status=pending, to_status=going)
        yield event(StatusChanged, from_status=going, to_status=done, reason="it works")
