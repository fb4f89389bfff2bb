"""Archives: old event files as lines of one file a month, which is never altered (DESIGN 8, ADR-034).

A batch keeps its path, though no file stands there any longer: what is read, checked or compared by path goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from jerry_domain.ports.event_store import Problem
from jerry_git.application.layout import ARCHIVE
from jerry_git.infrastructure.persistence.codec import RESTORE, CodecError, EventRegistry
from jerry_git.infrastructure.persistence.disk import TEMPORARY
from jerry_git.infrastructure.persistence.event_files import ReadFile, link, read_batch, read_regular, stray
from jerry_git.infrastructure.persistence.event_paths import (
    AN_ARCHIVE,
    ARCHIVE_FILE,
    is_stream_of,
    month_of_archive,
    stream_folder,
)

MOST_BYTES = 8 << 20
"""A month's batches go into several archives where they are more."""
_LINE = re.compile(
    rb'\[\{"specversion":"1\.0","id":"(?P<id>[0-9a-f-]{36})",.*?"subject":"(?P<stream>[a-z][a-z_]*-[0-9a-z]+)",'
    rb'"time":"[^"]*","streamversion":(?P<version>[1-9][0-9]*)[,}]'
)
"""How a line begins. Within a text of JSON quotes are escaped, so that the first `"subject":"` is the attribute's."""


class Batch(NamedTuple):
    """One append in an archive: the path of the file that it was, its line, 1-based, and the text of that line."""

    path: str
    number: int
    line: bytes

    def content(self) -> bytes:
        """The file that it was; raises `CodecError`."""
        try:
            content = _to_file(self.line)
            if _to_line(content) == self.line:
                return content
        except (ValueError, RecursionError) as error:
            raise CodecError("not-json", f"not JSON: {error}", RESTORE) from None
        raise CodecError("not-canonical", "is not as `jerry archive` writes it", RESTORE)


def archive_path(month: str, content: bytes) -> str:
    """Where an archive lies: its name tells the month, and 12 digits of the SHA-256 of its content.

    What two branches archive alike is one file then, and what they do not are two.
    """
    return f"{ARCHIVE}/{month}-{hashlib.sha256(content).hexdigest()[:12]}.jsonl"


def to_line(content: bytes) -> bytes:
    """An event file as a line, with its line feed; raises `CodecError` for one not in the canonical form."""
    try:
        line = _to_line(content)
        if _to_file(line) == content and _LINE.match(line):
            return line + b"\n"
    except (ValueError, RecursionError) as error:
        raise CodecError("not-json", f"not JSON: {error}", RESTORE) from None
    raise CodecError("not-canonical", "is not in the canonical form (docs/format.md)", RESTORE)


def _to_line(content: bytes) -> bytes:
    return json.dumps(json.loads(content), ensure_ascii=False, separators=(",", ":")).encode()


def _to_file(line: bytes) -> bytes:
    return (json.dumps(json.loads(line), indent=2, ensure_ascii=False) + "\n").encode()


def batches_in(path: str, content: bytes) -> tuple[Sequence[Batch], Sequence[Problem]]:
    """The batches of an archive, told by the beginnings of their lines, and what is wrong with it as a file.

    What is wrong with a batch is found when it is read, and told of its stream; a bad line hides no other.
    """
    batches: list[Batch] = []
    problems: list[Problem] = []
    if archive_path(month_of_archive(path), content) != path:
        problems.append(_problem("wrong-name", path, "its name does not tell this content: it was altered"))
    folders: dict[bytes, str | None] = {}
    for number, line in enumerate(content.removesuffix(b"\n").split(b"\n"), 1):
        found = _LINE.match(line)
        if found is None:
            problems.append(_problem("not-a-batch", path, "not the line of an append", number))
            continue
        if found["stream"] not in folders:
            folders[found["stream"]] = _folder(path, found["stream"].decode())
        folder = folders[found["stream"]]
        if folder is None:
            message = f"{found['stream'].decode()} is no stream of {month_of_archive(path)}"
            problems.append(_problem("wrong-name", path, message, number))
        else:
            name = f"{int(found['version']):08d}-{found['id'].decode()[-12:]}.json"
            batches.append(Batch(f"{folder}/{name}", number, line))
    return batches, problems


def _folder(path: str, stream: str) -> str | None:
    return stream_folder(stream) if is_stream_of(stream, month_of_archive(path)) else None


class Archives:
    """The archives below `root`, read only. Nothing here raises for what lies there: it becomes a `Problem`."""

    def __init__(self, root: Path, registry: EventRegistry) -> None:
        self._root = os.fspath(root)
        self._registry = registry
        self._month = ""
        self._open: dict[str, _Archive] = {}

    def marks(self, month: str = "") -> Mapping[str, str]:
        """The paths of all archives, or those of a month, by age, each with what changes when it is written anew."""
        return {
            f"{ARCHIVE}/{entry.name}": f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"
            for entry in self._entries()
            if entry.name.startswith(month)
            and ARCHIVE_FILE.fullmatch(entry.name)
            and entry.is_file(follow_symlinks=False)
            for status in (entry.stat(follow_symlinks=False),)
        }

    def problems(self) -> Sequence[Problem]:
        """What lies in the folder and is no archive, and what belongs to no stream in those that are."""
        if os.path.islink(f"{self._root}/{ARCHIVE}"):
            return (link(ARCHIVE),)
        strays = [problem for entry in self._entries() if (problem := _misfit(entry)) is not None]
        return [*strays, *(problem for path in self.marks() for problem in self._archive(path).problems)]

    def of_month(self, month: str) -> Sequence[str]:
        """The paths of the archives of a month."""
        return [*self.marks(month)]

    def holding(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of `paths` at which an event file was that is in an archive."""
        wanted = frozenset(paths)
        months = {path.split("/")[-3] for path in wanted}
        archives = [
            self._archive(path, mark) for path, mark in self.marks().items() if month_of_archive(path) in months
        ]
        held = (batch.path for archive in archives for batches in archive.batches.values() for batch in batches)
        return wanted.intersection(held)

    def streams(self) -> frozenset[str]:
        """The streams of which there are batches."""
        return frozenset(stream for path in self.marks() for stream in self.streams_in(path))

    def streams_in(self, path: str) -> frozenset[str]:
        """The streams of which one archive has batches."""
        return frozenset(self._archive(path).batches)

    def read(self, stream: str) -> Iterator[ReadFile]:
        """The batches of a stream, each under the name of the file that it was; raises `InvalidValueError`."""
        for path, mark in self.marks(stream_folder(stream).split("/")[-2]).items():
            yield from self._archive(path, mark).read(stream, self._registry)

    def _archive(self, path: str, mark: str = "") -> _Archive:
        """An archive as it is now; those of one month are kept, for streams are asked for month by month."""
        mark = mark or self.marks().get(path, "")
        month = month_of_archive(path)
        if month != self._month:
            self._month, self._open = month, {}
        known = self._open.get(path)
        if known is None or known.mark != mark:
            known = self._open[path] = _Archive(self._root, path, mark)
        return known

    def _entries(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(f"{self._root}/{ARCHIVE}") as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:  # there is none
            return []
        linked = any(os.path.islink(f"{self._root}/{place}") for place in (".jerry", ARCHIVE))
        return [] if linked else found


class _Archive:
    """One archive: where the lines of each stream are."""

    def __init__(self, root: str, path: str, mark: str) -> None:
        self.mark = mark
        self.path = path
        self.problems: list[Problem] = []
        self.batches: dict[str, list[Batch]] = {}
        try:
            content = read_regular(root, path)
        except CodecError as error:
            self.problems.append(_problem(error.code, path, error.message))
        except OSError as error:
            self.problems.append(_problem("unreadable", path, f"cannot be read: {error.strerror}"))
        else:
            self._index(content)

    def _index(self, content: bytes) -> None:
        batches, problems = batches_in(self.path, content)
        self.problems += problems
        for batch in batches:
            self.batches.setdefault(batch.path.split("/")[-2], []).append(batch)

    def read(self, stream: str, registry: EventRegistry) -> Iterator[ReadFile]:
        for batch in self.batches.get(stream, ()):
            name = batch.path.rpartition("/")[2]
            try:
                yield name, read_batch(batch.line, stream, name, registry), None
            except CodecError as error:
                yield name, (), _problem(error.code, self.path, error.message, batch.number, stream)


def _misfit(entry: os.DirEntry[str]) -> Problem | None:
    path = f"{ARCHIVE}/{entry.name}"
    if entry.is_symlink():
        return link(path)
    if ARCHIVE_FILE.fullmatch(entry.name):
        return None if entry.is_file(follow_symlinks=False) else stray(path, AN_ARCHIVE)
    return None if entry.name.endswith(TEMPORARY) else stray(path, AN_ARCHIVE)


def _problem(code: str, path: str, message: str, line: int = 0, stream: str = "") -> Problem:
    mend = f"git checkout HEAD -- {path}"
    return Problem(code=code, path=path, message=message, mend=mend, line=line, stream=stream)
