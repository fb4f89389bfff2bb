"""The message of a commit that carries events alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.ports.event_store import CorruptStreamError, IEventStore
from jerry_git.application.layout import ARCHIVE

SUBJECT_LENGTH = 72
MOST_TRAILERS = 50


def commit_message(store: IEventStore, paths: Sequence[str], gone: Sequence[str] = ()) -> str:
    """A subject of at most 72 characters, and a `Jerry-Item` trailer for each of up to 50 items (docs/commits.md).

    `paths` are new files, `gone` event files that went into archives.
    """
    if gone or any(path.startswith(f"{ARCHIVE}/") for path in paths):
        return "jerry: put old events into archives"
    names = list(dict.fromkeys(_names(store, paths)))
    if not names:
        return "jerry: set up work tracking"
    subject = f"jerry: {', '.join(names)}"
    if len(subject) > SUBJECT_LENGTH:
        subject = f"jerry: {len(names)} items"
    if len(names) > MOST_TRAILERS:
        return subject
    return subject + "\n\n" + "".join(f"Jerry-Item: {name}\n" for name in names)


def _names(store: IEventStore, paths: Sequence[str]) -> Iterable[str]:
    """The display ids of the items whose event files these are; the internal id of one that cannot be read."""
    streams = dict.fromkeys(path.split("/")[-2] for path in paths if path.startswith(".jerry/events/"))
    for stream in streams:
        item_id = stream.removeprefix(f"{WorkItem.category}-")
        try:
            events = store.read(stream)
        except CorruptStreamError:
            events = ()
        yield WorkItem.load_from_history(item_id, events).state.name if events else item_id
