"""What a merge, a pull or a rebase brought: a summary for people, which refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jerry_git.application.checking.append_only import append_only
from jerry_git.application.checking.findings import Finding
from jerry_git.application.checking.sources import EventFileReader, Source, read_all
from jerry_git.application.checking.streams import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What came in, by the names of items, and the published files that are not as they were.

    `forked` are items that branches moved apart, `differing` those of which they say other things, with the fields;
    `second` are claims that somebody else's came before.
    """

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    forked: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    events: int = 0
    altered: tuple[Finding, ...] = ()


def incoming(source: Source, reader: EventFileReader) -> Incoming:
    """What `source` has beyond its base."""
    changes = source.changes((reader.folder,), published=False)
    altered = tuple(append_only(changes, "event"))
    added = {change.path for change in changes if change.before is None}
    folders = sorted({folder for path in added if (folder := reader.stream_folder(path)) is not None})
    if not folders:
        return Incoming(altered=altered)
    log = Log.of(read_all(source, reader, source.entries(folders)))
    board = log.board()
    created: list[str] = []
    changed: list[str] = []
    forked: list[str] = []
    differing: list[str] = []
    second: list[str] = []
    for item_id, history in log.items.items():
        new = [place for place in history if log.path(item_id, place.event.event_id) in added]
        name = f"{board.name(item_id)} {board.items[item_id].title}".strip()
        (created if any(place.version == 1 for place in new) else changed).append(name)
        apart = board.divergences.get(item_id, ()) if new else ()
        if any(found.is_fork for found in apart):
            forked.append(name)
        elif apart:
            differing.append(f"{name} ({', '.join(found.field for found in apart)})")
        if new and board.items[item_id].is_open:
            second += [f"{name}, {claim.claimant}" for claim in board.items[item_id].claims[1:]]
    events = sum(len(file.events) for file in log.files if file.path in added)
    return Incoming(
        created=tuple(created),
        changed=tuple(changed),
        forked=tuple(forked),
        differing=tuple(differing),
        second=tuple(second),
        events=events,
        altered=altered,
    )


MOST_NAMES = 10


def summary(came: Incoming) -> Iterator[str]:
    """Lines for people; none where nothing came."""
    if came.events:
        yield f"jerry: {came.events} event{'' if came.events == 1 else 's'} came in"
    rows = {
        "new": came.created,
        "changed": came.changed,
        "moved apart": came.forked,
        "said differently": came.differing,
        "claimed before": came.second,
    }
    for title, names in rows.items():
        yield from (f"  {title}: {name}" for name in names[:MOST_NAMES])
        if len(names) > MOST_NAMES:
            yield f"  {title}: and {len(names) - MOST_NAMES} more"
    if came.forked or came.differing:
        yield "  branches disagree: `jerry show ITEM` tells what they say, `jerry reconcile` settles it"
    for found in came.altered:
        yield f"  warning[{found.code}] {found.path} {found.message}"
        yield f"    mend: {found.mend}"
