"""What a check looks at: a source of files, and how it differs from what was published before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from jerry_domain.events.base import RecordedEvent
from jerry_domain.ports.event_store import Problem
from jerry_git.application.layout import way_out

LINK, SUBMODULE = "120000", "160000"
"""Modes of entries that are no files of their own, as git writes them."""


class Entry(NamedTuple):
    """A file of a source: path relative to the root, mode as git writes it, object id (empty for one on disk)."""

    path: str
    mode: str
    blob: str = ""

    @property
    def is_regular(self) -> bool:
        """Whether it is a file with content of its own; the executable bit does not matter."""
        return self.mode.startswith("100")


@dataclass(frozen=True, slots=True)
class Change:
    """How one path differs from `base`, a tree named for people; `before` or `after` is None where nothing stands."""

    base: str
    path: str
    before: Entry | None
    after: Entry | None


class Files(Protocol):
    """Files that can be listed and read; methods raise as those of `Source` do."""

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """The files below `folders`, sorted by path; a file may be named as well.

        An event file that went into an archive is there as if it still stood at its path.
        """
        ...

    def contents(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """Each entry with its bytes, or with what keeps them from being read."""
        ...


class Source(Files, Protocol):
    """Files at one moment: the work tree, the index, a revision, or the later of two trees.

    Methods raise `GitError`, and `CannotCheckError` where a tree is missing that is needed.
    """

    @property
    def name(self) -> str:
        """What people call it: `the index`, `main`."""
        ...

    def changes(self, patterns: Sequence[str], *, published: bool) -> Sequence[Change]:
        """Everything below `patterns` (git's glob pathspecs) that differs from a base.

        With `published`, only from what is published, where the repository names that; the tree before otherwise.
        """
        ...

    def files(self, folders: Sequence[str]) -> Sequence[Entry]:
        """The entries of files that stand by themselves, without what archives hold."""
        ...

    def tracked(self) -> Sequence[Entry]:
        """Every file that git has, or would take up, here, sorted by path; without blob where the disk differs."""
        ...

    def former(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """The same for what git has as an object: an entry of a base (`Change.before`), or one with a blob."""
        ...

    def mentioning(self, texts: Sequence[str], folder: str, names: str = "*") -> Sequence[str]:
        """The paths of the files below `folder`, of names that match a glob, whose bytes contain one of `texts`."""
        ...


@dataclass(frozen=True, slots=True)
class EventFile:
    """One event file as read: what is in it, and what is wrong with it (`events` is empty where it is unreadable)."""

    path: str
    events: tuple[RecordedEvent, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


class EventFileReader(Protocol):
    """Reads event files by the rules of the format (docs/format.md)."""

    folder: str
    """The folder of all event files, relative to the root."""
    archive: str
    """The folder of their archives, relative to the root."""
    creations: str
    """A glob that the names of files match in which a stream begins."""

    def stream_folder(self, path: str) -> str | None:
        """The folder of the stream that an event file at `path` belongs to; None where no event file can be."""
        ...

    def folder_of(self, stream: str) -> str | None:
        """The folder of a stream by its name; None for what is no name of a stream."""
        ...

    def mark(self, path: str) -> str:
        """What the name of an event file tells of the id of its first event: equal ids have equal marks."""
        ...

    def read(self, path: str, content: bytes) -> EventFile:
        """Judge one file by its path and bytes; never raises for what they are."""
        ...

    def is_archive(self, path: str) -> bool:
        """Whether `path` is where an archive of event files can be."""
        ...

    def is_leftover(self, path: str) -> bool:
        """Whether a file is what a killed writer leaves, which git ignores and the doctor removes."""
        ...


def read_all(source: Source, reader: EventFileReader, entries: Iterable[Entry]) -> Iterator[EventFile]:
    """Every entry as an event file, in their order; what cannot be one is told as a problem."""
    wanted = []
    for entry in entries:
        problem = _misplaced(reader, entry)
        if problem is None:
            wanted.append(entry)
        else:
            yield EventFile(entry.path, problems=(problem,))
    for entry, content in source.contents(wanted):
        if isinstance(content, Problem):
            yield EventFile(entry.path, problems=(content,))
        else:
            yield reader.read(entry.path, content)


def _misplaced(reader: EventFileReader, entry: Entry) -> Problem | None:
    path = entry.path
    if entry.mode == LINK:
        message = "a symbolic link, which is never followed"
        return Problem(code="symbolic-link", path=path, message=message, mend=f"git log -- {path}")
    if not entry.is_regular:
        return Problem(code="not-a-file", path=path, message="not a regular file", mend=f"git log -- {path}")
    if reader.stream_folder(path) is None and not reader.is_archive(path):
        message = f"not where an event file can be: {reader.folder}/<yyyy-mm>/<stream>/<version>-<suffix>.json"
        return Problem(code="wrong-name", path=path, message=message, mend=way_out(path))
    return None
