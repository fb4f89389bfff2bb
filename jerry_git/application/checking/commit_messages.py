"""Commit messages: the items that they name exist, and the items whose events they carry are named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.errors import InvalidValueError
from jerry_domain.value_objects.display_id import DisplayId
from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.checking.sources import EventFileReader, Source, read_all
from jerry_git.application.checking.streams import Log

TRAILER = "Jerry-Item"
MOST_TRAILERS = 50
"""An import touches more items than anybody wants to read in a message (docs/commits.md)."""

_TRAILER = re.compile(rf"^{TRAILER}:\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_PASSED = re.compile(r"(fixup!|squash!|amend!|Merge |Revert |Reapply )")
_SCISSORS = re.compile(r"^. -{8,} >8 -{8,}$", re.MULTILINE)


def spoken(message: str, comment: str = "#") -> str:
    """What git keeps of a message: no comment lines, and nothing below the scissors."""
    cut = _SCISSORS.search(message)
    kept = message[: cut.start()] if cut else message
    return "\n".join(line for line in kept.splitlines() if not line.startswith(comment)).strip()


def named(message: str, prefix: str) -> tuple[str, ...]:
    """The items that a message names: trailers, and display ids with the repository's prefix; each once, in order."""
    found = [(match.start(1), match[1]) for match in _TRAILER.finditer(message)]
    found += [(match.start(), match[0]) for match in re.finditer(rf"\b{re.escape(prefix)}-[1-9]\d*\b", message)]
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def check_message(
    message: str, prefix: str, exists: Callable[[str], bool], *, needs_item: bool, path: str, comment: str = "#"
) -> Iterator[Finding]:
    """What is wrong with a message, in the file at `path`; what git or a later rebase writes itself passes.

    Lines that begin with `comment` are no part of it.
    """
    text = spoken(message, comment)
    if not text or _PASSED.match(text):
        return
    names = named(text, prefix)
    lines = message.splitlines()
    for name in names:
        if not exists(name):
            line = next((number for number, said in enumerate(lines, 1) if name in said), 0)
            mend = "name one that exists: `jerry list`, or create it: `jerry new`"
            yield finding("unknown-item", f"no item is called {name}", mend, path, line)
    if needs_item and not names:
        mend = f"add a line such as `{TRAILER}: {prefix}-1`; `[tool.jerry.commit-msg]` demands it"
        yield finding("no-item", "the message names no item", mend, path, 1)
    if names and not _TRAILER.sub("", text).strip():
        message = "there is nothing but trailers: git would take an abandoned message for one"
        yield finding("no-message", message, "say what the commit does", path, 1)


def exists(source: Source, reader: EventFileReader, name: str) -> bool:
    """Whether `source` has an item of this display id, alias or internal id."""
    folder = reader.folder_of(f"{WorkItem.category}-{name}")
    if folder is not None and source.entries((folder,)):
        return True
    try:
        display_id = str(DisplayId.parse(name))
    except InvalidValueError:
        return False
    name = json.dumps(display_id)
    return bool(
        source.mentioning((f'"display_id": {name}',), reader.folder)
        or source.mentioning((f'"display_id":{name}',), reader.archive)
    )


def committed_items(source: Source, reader: EventFileReader) -> Sequence[str]:
    """The display ids of the items of which `source` has new events, sorted by age."""
    added = [change.path for change in source.changes((reader.folder,), published=False) if change.before is None]
    folders = sorted({folder for path in added if (folder := reader.stream_folder(path)) is not None})
    if not folders:
        return ()
    board = Log.of(read_all(source, reader, source.entries(folders))).board()
    return tuple(state.display_id for state in board.items.values() if state.display_id)
