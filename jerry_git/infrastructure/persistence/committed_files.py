"""The event files of a tree, placed by path alone: the same rules as for folders on the disk (`EventFiles`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jerry_domain.ports.event_store import Problem, StreamScan
from jerry_git.application.checking.sources import LINK, Entry
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.persistence.codec import REGISTRY, CodecError
from jerry_git.infrastructure.persistence.event_files import ReadFile, link, misplaced, read_batch, scan_of, stray
from jerry_git.infrastructure.persistence.event_paths import (
    A_FILE,
    A_MONTH,
    A_STREAM,
    AN_ARCHIVE,
    FILE,
    MONTH,
    STREAM,
    is_archive,
    is_leftover,
)


@dataclass(frozen=True, slots=True)
class TreeFiles:
    """The event files of a tree, and the problems by stream ('' for those of none) and path."""

    entries: Sequence[Entry]
    problems: Mapping[str, Mapping[str, Problem]]

    def scans(self, contents: Iterable[tuple[Entry, bytes | Problem]]) -> Iterator[StreamScan]:
        """The streams out of what stands in `entries`; strays come under the name ''."""
        files: dict[str, list[ReadFile]] = {}
        for entry, content in contents:
            stream, name = entry.path.split("/")[-2:]
            files.setdefault(stream, []).append(_read(entry.path, stream, name, content))
        for stream in sorted({*files, *self.problems}):
            yield scan_of(stream, files.get(stream, ()), self.problems.get(stream, {}).values())


def placed(entries: Iterable[Entry], category: str) -> TreeFiles:
    """The files below `.jerry` that belong to streams of `category`, and what lies astray below `.jerry/events`."""
    files: list[Entry] = []
    problems: dict[str, dict[str, Problem]] = {}
    for entry in entries:
        stream, problem = _place(entry, category)
        if problem is not None:
            problems.setdefault(stream, {})[problem.path] = problem
        elif stream:
            files.append(entry)
    return TreeFiles(files, problems)


def _place(entry: Entry, category: str) -> tuple[str, Problem | None]:
    """The stream that a file belongs to ('' for none), and what is wrong with its place."""
    parts = entry.path.split("/")
    if entry.path in (".jerry", EVENTS, ARCHIVE):
        return "", _no_folder(entry, "a folder")
    if entry.path.startswith(f"{ARCHIVE}/"):
        return "", None if is_archive(entry.path) and entry.is_regular else _no_folder(entry, AN_ARCHIVE)
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
    is_leftover_file = len(parts) == 5 and is_leftover(parts[4])
    if problem is not None or not stream.startswith(f"{category}-") or is_leftover_file:
        return "", problem
    return stream, _misfit(entry, parts)


def _misfit(entry: Entry, parts: Sequence[str]) -> Problem | None:
    """What is wrong with a file in the folder of its stream."""
    here, is_folder = "/".join(parts[:5]), len(parts) > 5
    if not FILE.fullmatch(parts[4]):
        return stray(here, A_FILE)
    if is_folder or (not entry.is_regular and entry.mode != LINK):
        return Problem(code="not-a-file", path=here, message="not a regular file", mend=f"git log -- {here}")
    return link(here) if entry.mode == LINK else None


def _no_folder(entry: Entry, wanted: str) -> Problem:
    return link(entry.path) if entry.mode == LINK else stray(entry.path, wanted)


def _read(path: str, stream: str, name: str, content: bytes | Problem) -> ReadFile:
    if isinstance(content, Problem):
        return name, (), content
    try:
        return name, read_batch(content, stream, name, REGISTRY), None
    except CodecError as error:
        return name, (), Problem(code=error.code, path=path, message=error.message, mend=error.mend, line=error.line)
