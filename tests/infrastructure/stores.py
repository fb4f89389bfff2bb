"""File stores in a folder of a test's own, and event files written by hand beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jerry_domain.events.base import RecordedEvent
from jerry_domain.ports.event_store import StreamScan
from jerry_git.infrastructure.persistence.codec import encode
from jerry_git.infrastructure.persistence.event_paths import file_name, stream_folder
from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore
from jerry_git.testing.histories import CATEGORY, batch, ids, stream

SOURCE = "urn:uuid:0b9d2f6a-7c1e-5a53-8f3d-5e2a9c4b7d10"
STREAM = stream()
OTHER_STREAM = stream(1)
FOLDER = stream_folder(STREAM)


def open_store(folder: Path, **options: Any) -> FileSystemEventStore:
    """A store whose work tree and private folder lie below `folder`, as one process would open it."""
    (folder / "tree").mkdir(parents=True, exist_ok=True)
    return FileSystemEventStore(folder / "tree", folder / "private", SOURCE, **options)


def given_store(folder: Path, *batches: str, **options: Any) -> FileSystemEventStore:
    """A store whose stream holds these batches, and whose other stream holds one event."""
    store = open_store(folder, **options)
    for names in batches:
        store.append(STREAM, batch(names), store.get_version(STREAM))
    store.append(OTHER_STREAM, batch("other"), 0)
    return store


def files(folder: Path, stream: str = STREAM) -> list[Path]:
    """The event files of a stream, by name."""
    return sorted((folder / "tree" / stream_folder(stream)).iterdir())


def names_of(recorded: Sequence[RecordedEvent]) -> str:
    """The names that `batch` would make these events from."""
    return " ".join(item.event.text for item in recorded)


def recorded(name: str, version: int, parents: str = "", **changes: Any) -> RecordedEvent:
    """The event that `batch` makes of `name`, in its place."""
    (event,) = batch(name)
    item = RecordedEvent(event=event, stream=STREAM, version=version, parents=ids(parents), source=SOURCE)
    return replace(item, **changes)


def put(folder: Path, *items: RecordedEvent) -> Path:
    """Write an event file as another clone, or a merge, would bring it in."""
    path = folder / "tree" / stream_folder(items[0].stream) / file_name(items)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(items))
    return path


def tampered(path: Path, **changes: Any) -> None:
    """Change attributes of the first event in a file; None takes one away."""
    document = json.loads(path.read_bytes())
    document[0] = {key: value for key, value in {**document[0], **changes}.items() if value is not None}
    path.write_text(json.dumps(document))


def scanned(folder: Path) -> dict[str, StreamScan]:
    """What a new process finds when it looks at everything, by stream; "" has what belongs to none."""
    found: dict[str, StreamScan] = {}
    for scan in open_store(folder).scan(CATEGORY):
        before = found.get(scan.stream, StreamScan(stream=scan.stream, events=(), problems=()))
        found[scan.stream] = replace(scan, problems=before.problems + scan.problems)
    return found


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, to see that nothing was written."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
