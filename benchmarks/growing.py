"""Repositories of any size, as years of work leave them: most items are done, a few hundred are open.

One of a size is grown once in a run, as a pack, and cloned for each who measures: loose objects take several times as
long, and to remove them slows what is created next (ADR-033).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid5

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
from jerry_git.testing.histories import ACTOR, MOMENT

ROOT = Path(__file__).parent.parent
JERRY = (sys.executable, "-m", "jerry_git")
OPEN = 200
"""So many of the youngest items are open, at any size."""
OLD = timedelta(days=90)
"""So long nothing was said of an item that `jerry archive` puts away."""
NAMESPACE = UUID("0b9d2f6a-7c1e-4a53-8f3d-5e2a9c4b7d10")
SOURCE = f"urn:uuid:{NAMESPACE}"


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
    """A repository with so many items, ten events each, committed and packed."""
    grown = root.with_name(f"grown-{items}")
    if not grown.exists():
        _grow(grown, items, world)
    cloned(grown, root, world)


def cloned(source: Path, root: Path, world: dict[str, str]) -> None:
    """The same once more; packs are shared by hard links, and gone through by no automatic `git gc`."""
    run(root.parent, world, "git", "clone", "--quiet", "--config=gc.auto=0", str(source), str(root))


def old(items: int) -> int:
    """How many of so many items are old enough to be archived."""
    return max(0, items - max(OPEN, OLD // timedelta(hours=1)))


def _grow(root: Path, items: int, world: dict[str, str]) -> None:
    """The history alone; the work tree has none of the items."""
    root.mkdir()
    run(root, world, "git", "init", "--quiet", "--initial-branch=main")
    run(root, world, *JERRY, "init")
    run(root, world, "git", "add", ".")
    run(root, world, "git", "commit", "--quiet", "--message=Begin")
    command = ("git", "fast-import", "--quiet")
    with subprocess.Popen(command, cwd=root, env=world, stdin=subprocess.PIPE) as git:
        assert git.stdin is not None
        _tell(git.stdin, items)
    assert git.returncode == 0
    run(root, world, "git", "repack", "-a", "-d", "-f", "-q")


def _tell(git: IO[bytes], items: int) -> None:
    """One commit, as `git fast-import` reads it."""
    message = b"Years of work"
    git.write(b"commit refs/heads/main\ncommitter Ada <ada@example.org> %d +0000\n" % MOMENT.timestamp())
    git.write(b"data %d\n%s\nfrom refs/heads/main^0\n" % (len(message), message))
    for number in range(items):
        for path, content in _files(number, items):
            git.write(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content))


def _begun(number: int, items: int) -> datetime:
    """When an item was made: one an hour, the last one now."""
    return MOMENT - timedelta(hours=items - number)


def _item_id(number: int, items: int) -> WorkItemId:
    return WorkItemId.compose((_begun(number, items) - EPOCH) // timedelta(milliseconds=1), number % 1000)


def _files(number: int, items: int) -> Iterator[tuple[str, bytes]]:
    """The event files of an item: paths and contents."""
    stream = f"work_item-{_item_id(number, items)}"
    folder = stream_folder(stream)
    parents: tuple[str, ...] = ()
    for version, event in enumerate(_events(number, items), 1):
        place = RecordedEvent(event=event, stream=stream, version=version, parents=parents, source=SOURCE)
        yield f"{folder}/{file_name((place,))}", encode((place,))
        parents = (event.event_id,)


def _events(number: int, items: int) -> Iterator[DomainEvent]:
    """Ten events: those of an item that is done, or of one that waits, and for every third open one for another."""
    for count, (what, data) in enumerate(_changes(number, items), 1):
        at = _begun(number, items) + timedelta(minutes=count)
        yield what(event_id=str(uuid5(NAMESPACE, f"{number}/{count}")), occurred_at=at, actor=ACTOR, **data)


def _changes(number: int, items: int) -> Iterator[tuple[type[DomainEvent], dict[str, Any]]]:
    is_open = number >= items - OPEN
    pending, going, done = WorkItemStatus.PENDING, WorkItemStatus.IN_PROGRESS, WorkItemStatus.DONE
    title = f"Item {number} of a long list of work"
    yield Created, {"display_id": f"WORK-{number + 1}", "work_type": WorkType.TASK, "title": title}
    yield DetailsChanged, {"description": f"What there is to do about {number}, in a sentence or two. " * 3}
    yield LabelsAdded, {"labels": (f"label-{number % 20}",)}
    yield PriorityChanged, {"priority": list(Priority)[number % 4]}
    if is_open and number % 3 == 0 and number + 1 < items:
        yield DependencyAdded, {"kind": DependencyKind.BLOCKS, "target": str(_item_id(number + 1, items))}
    else:
        yield AssigneeChanged, {"assignee": f"Person {number % 7} <person{number % 7}@example.org>"}
    for comment in range(3):
        yield CommentAdded, {"text": f"Comment {comment} on {number}: this is how it went, and what is next."}
    if is_open:
        yield LabelsAdded, {"labels": ("open",)}
        yield LabelsAdded, {"labels": ("waiting",)}
    else:
        yield StatusChanged, {"from_status": pending, "to_status": going}
        yield StatusChanged, {"from_status": going, "to_status": done, "reason": "it works"}
