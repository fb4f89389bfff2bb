"""The event files of a tree, placed by path alone: the same rules as for folders on the disk (`EventFiles`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jerry_domain.ports.event_store import Problem, StreamScan
from jerry_git.application.checking.sources import EVENTS, LINK, Entry
from jerry_git.infrastructure.persistence.codec import REGISTRY, CodecError
from jerry_git.infrastructure.persistence.event_files import (
    A_FILE,
    A_MONTH,
    A_STREAM,
    FILE,
    MONTH,
    STREAM,
    ReadFile,
    is_leftover,
    link,
    misplaced,
    read_batch,
    scan_of,
    stray,
)


@dataclass(frozen=True, slots=True)
class TreeFiles:
    """The files of each stream, and the problems by stream ('' for those of none), each path once."""

    streams: Mapping[str, list[Entry]] = field(default_factory=dict)
    problems: Mapping[str, dict[str, Problem]] = field(default_factory=dict)

    def scans(self, contents: Iterable[tuple[Entry, bytes | Problem]]) -> Iterator[StreamScan]:
        """The streams, of which `contents` are the files of `entries`; strays come under the name ''."""
        files: dict[str, list[ReadFile]] = {}
        for entry, content in contents:
            stream, name = entry.path.split("/")[-2:]
            files.setdefault(stream, []).append(_read(entry.path, stream, name, content))
        for stream in sorted({*files, *self.problems}):
            yield scan_of(stream, files.get(stream, ()), self.problems.get(stream, {}).values())

    @property
    def entries(self) -> list[Entry]:
        """The event files to be read."""
        return [entry for entries in self.streams.values() for entry in entries]


def placed(entries: Iterable[Entry], category: str) -> TreeFiles:
    """The files below `.jerry` that belong to streams of `category`, and what lies astray below `.jerry/events`."""
    streams: dict[str, list[Entry]] = {}
    problems: dict[str, dict[str, Problem]] = {}
    for entry in entries:
        stream, problem = _place(entry, category)
        if problem is not None:
            problems.setdefault(stream, {})[problem.path] = problem
        elif stream:
            streams.setdefault(stream, []).append(entry)
    return TreeFiles(streams, problems)


def _place(entry: Entry, category: str) -> tuple[str, Problem | None]:
    """The stream that a file belongs to ('' for none), and what is wrong with its place."""
    parts = entry.path.split("/")
    if entry.path in (".jerry", EVENTS):
        return "", _no_folder(entry, "a folder")
    if not entry.path.startswith(f"{EVENTS}/"):
        return "", None
    for depth, pattern, wanted in ((3, MONTH, A_MONTH), (4, STREAM, A_STREAM)):
        here = "/".join(parts[:depth])
        if not pattern.fullmatch(parts[depth - 1]):
            return "", stray(here, wanted)
        if len(parts) == depth:
            return "", _no_folder(entry, wanted)
    month, stream = parts[2:4]
    problem = misplaced(stream, month)
    if problem is not None or not stream.startswith(f"{category}-"):
        return "", problem
    name = parts[4]
    if len(parts) > 5 or not FILE.fullmatch(name):
        is_ours = len(parts) == 5 and is_leftover(name)
        return ("", None) if is_ours else (stream, stray("/".join(parts[:5]), A_FILE))
    if entry.mode == LINK:
        return stream, link(entry.path)
    if not entry.is_regular:
        return stream, Problem(code="not-a-file", path=entry.path, message="not a regular file", mend="git log -- PATH")
    return stream, None


def _no_folder(entry: Entry, wanted: str) -> Problem:
    return link(entry.path) if entry.mode == LINK else stray(entry.path, wanted)


def _read(path: str, stream: str, name: str, content: bytes | Problem) -> ReadFile:
    if isinstance(content, Problem):
        return name, (), content
    try:
        return name, read_batch(content, stream, name, REGISTRY), None
    except CodecError as error:
        return name, (), Problem(code=error.code, path=path, message=error.message, mend=error.mend, line=error.line)
