"""Where event files lie, and how they are found and read without trusting what lies there (DESIGN 3)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import NamedTuple

from jerry_domain.errors import InvalidValueError
from jerry_domain.events.base import RecordedEvent
from jerry_domain.ports.event_store import Problem, StreamScan
from jerry_domain.services.causal_order import causal_order
from jerry_git.application.layout import EVENTS, way_out
from jerry_git.infrastructure.persistence.codec import CodecError, EventRegistry, decode
from jerry_git.infrastructure.persistence.event_paths import (
    A_FILE,
    A_MONTH,
    A_STREAM,
    FILE,
    MONTH,
    STREAM,
    file_name,
    is_leftover,
    stream_folder,
)
from jerry_git.infrastructure.persistence.folder_watch import FolderWatch

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
MAX_BYTES = 16 << 20
"""No event file is larger: texts are limited to 1 MiB each."""


def read_regular(root: str, path: str) -> bytes:
    """The bytes of a regular file at `path` below `root`, no link at its end; raises `CodecError`, `OSError`."""
    # O_NONBLOCK: a FIFO put in the place of a file must not hang the reader
    descriptor = os.open(f"{root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise CodecError("not-a-file", "not a regular file", "git checkout HEAD -- PATH")
        if status.st_size > MAX_BYTES:
            raise CodecError("too-large", too_large(status.st_size), "git checkout HEAD -- PATH")
        return os.read(descriptor, status.st_size + 1)
    finally:
        os.close(descriptor)


def too_large(size: int) -> str:
    """What to say of a file of so many bytes."""
    return f"{size} bytes are more than the {MAX_BYTES} that an event file may have"


ReadFile = tuple[str, tuple[RecordedEvent, ...], Problem | None]
"""The name of an event file, the events in it, and what is wrong with it."""


class Listing(NamedTuple):
    """What lies in one folder: names that are as they should be, leftovers of killed writers, and problems."""

    names: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class EventFiles:
    """The event files below `root`, read only. Nothing here raises for what lies there: it becomes a `Problem`."""

    def __init__(self, root: Path, registry: EventRegistry) -> None:
        self._root = os.fspath(root)
        self._registry = registry

    def streams(self, category: str) -> Iterator[tuple[str, tuple[Problem, ...]]]:
        """Every stream's name with the problems of its place, by month and name; ("", problems) for strays."""
        jerry = self._list(".jerry", re.compile("events"), "", only_expected=True)
        months = self._list(EVENTS, MONTH, A_MONTH) if jerry.names else Listing()
        yield from _strays(jerry.problems + months.problems)
        for month in months.names:
            listing = self._list(f"{EVENTS}/{month}", STREAM, A_STREAM)
            yield from _strays(listing.problems)
            for stream in listing.names:
                problem = misplaced(stream, month)
                if problem is not None:
                    yield "", (problem,)
                elif stream.startswith(f"{category}-"):
                    yield stream, ()

    def list_stream(self, stream: str) -> Listing:
        """The event files of one stream."""
        folder = stream_folder(stream)
        linked = self._link_above(folder)
        return Listing(problems=(link(linked),)) if linked else self._list(folder, FILE, A_FILE, folders=False)

    def beyond(self, stream: str, known: Set[str], changes: Mapping[str, bool] | None = None) -> Set[str] | None:
        """The names in the folder of a stream beyond those known; None when one is gone, or anything is odd.

        The folder is listed, but where its `changes` are told: the names that came (True) or went since all were known.
        """
        folder = stream_folder(stream)
        if self._link_above(f"{folder}/"):
            return None
        if changes is None:
            names = self._names(folder)
            lost = names is None or not known <= names
        else:
            names = {name for name, came in changes.items() if came}
            lost = any(name in known for name, came in changes.items() if not came)
        new = set() if names is None else names - known
        return new if not lost and all(map(FILE.fullmatch, new)) else None

    def _names(self, folder: str) -> set[str] | None:
        try:
            return set(os.listdir(f"{self._root}/{folder}"))
        except FileNotFoundError:
            return set()
        except OSError:
            return None

    def watch(self, stream: str) -> FolderWatch | None:
        """A watch over the folder of a stream, None where there can be none."""
        try:
            return FolderWatch(f"{self._root}/{stream_folder(stream)}")
        except OSError:
            return None

    def marks(self, stream: str) -> dict[str, str]:
        """What lies in the folder of a stream, by name, each with what changes when it does, the time of that last."""
        try:
            folder = os.open(f"{self._root}/{stream_folder(stream)}", _FOLDER)
        except OSError:  # reading will tell
            return {}
        try:
            with os.scandir(folder) as entries:  # from there a look at each takes half as long as by its whole path
                found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries]
        except OSError:  # one has just gone
            return {}
        finally:
            os.close(folder)
        return {name: f"{status.st_ino} {status.st_size} {status.st_ctime_ns}" for name, status in found}

    def _link_above(self, path: str) -> str:
        """The first folder on the way to `path` that is a symbolic link, "" where none is."""
        place = path.find("/")
        while place >= 0:
            if os.path.islink(f"{self._root}/{path[:place]}"):
                return path[:place]
            place = path.find("/", place + 1)
        return ""

    def read(
        self, stream: str, name: str, content: bytes | None = None
    ) -> tuple[tuple[RecordedEvent, ...], Problem | None]:
        """The events of one file, or what is wrong with it; nothing is opened where its `content` is given."""
        path = f"{stream_folder(stream)}/{name}"
        try:
            known = read_regular(self._root, path) if content is None else content
            batch = read_batch(known, stream, name, self._registry)
        except CodecError as error:
            mend = error.mend.replace("PATH", path)
            return (), Problem(
                code=error.code, path=path, message=error.message, mend=mend, line=error.line, stream=stream
            )
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            return (), Problem(code="unreadable", path=path, message=message, mend=f"ls -l {path}", stream=stream)
        return batch, None

    def _list(
        self, folder: str, pattern: re.Pattern[str], wanted: str, *, folders: bool = True, only_expected: bool = False
    ) -> Listing:
        if os.path.islink(f"{self._root}/{folder}"):
            return Listing(problems=(link(folder),))
        names, leftovers, problems = [], [], []
        try:
            with os.scandir(f"{self._root}/{folder}") as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    name = entry.name
                    if not pattern.fullmatch(name):
                        if not folders and is_leftover(name) and not entry.is_dir(follow_symlinks=False):
                            leftovers.append(name)
                        elif not only_expected:
                            problems.append(stray(f"{folder}/{name}", wanted))
                    elif entry.is_symlink():
                        problems.append(link(f"{folder}/{name}"))
                    elif folders and not entry.is_dir(follow_symlinks=False):
                        problems.append(stray(f"{folder}/{name}", wanted))
                    else:
                        names.append(name)
        except FileNotFoundError:
            return Listing()
        except OSError as error:
            message = f"cannot be listed: {error.strerror}"
            return Listing(
                problems=(Problem(code="unreadable", path=folder, message=message, mend=f"ls -ld {folder}"),)
            )
        return Listing(tuple(names), tuple(leftovers), tuple(problems))


def scan_of(stream: str, files: Iterable[ReadFile], problems: Iterable[Problem] = ()) -> StreamScan:
    """A stream out of its files, wherever they were read, each event once; `problems` are those of its folder."""
    wrong = list(problems)
    found: dict[str, RecordedEvent] = {}
    for name, batch, problem in files:
        if problem is not None:
            wrong.append(problem)
        for recorded in batch:
            known = found.setdefault(recorded.event.event_id, recorded)
            if known is not recorded and known != recorded:
                wrong.append(_duplicate(stream, name, recorded))
    return StreamScan(stream=stream, events=causal_order(found.values()), problems=tuple(wrong))


def _duplicate(stream: str, name: str, recorded: RecordedEvent) -> Problem:
    path = f"{stream_folder(stream)}/{name}"
    message = f"event id {recorded.event.event_id} stands in another file with other content"
    return Problem(code="duplicate-id", path=path, message=message, mend=f"git log -- {path}", stream=stream)


def _strays(problems: tuple[Problem, ...]) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    if problems:
        yield "", problems


def stray(path: str, wanted: str) -> Problem:
    """What lies where nothing of its name belongs."""
    return Problem(code="wrong-name", path=path, message=f"not {wanted}", mend=way_out(path))


def link(path: str) -> Problem:
    """A link in the place of a file or folder."""
    return Problem(
        code="symbolic-link", path=path, message="a symbolic link, which is never followed", mend=f"git log -- {path}"
    )


def misplaced(stream: str, month: str) -> Problem | None:
    """What is wrong with a stream's folder below the folder of a month, None where it belongs there."""
    path = f"{EVENTS}/{month}/{stream}"
    try:
        folder = stream_folder(stream)
    except InvalidValueError as error:
        return stray(path, f"{A_STREAM}: {error.reason}")
    if folder != path:
        return Problem(code="wrong-name", path=path, message=f"belongs at {folder}", mend=f"git mv {path} {folder}")
    return None


def read_batch(content: bytes, stream: str, name: str, registry: EventRegistry) -> tuple[RecordedEvent, ...]:
    """The events of a file of that name in the folder of `stream`; raises `CodecError`."""
    batch = decode(content, registry)
    check_names(batch, stream, name)
    return batch


def check_names(batch: Sequence[RecordedEvent], stream: str, name: str) -> None:
    """Name and path agree with the content, and versions count up by one; raises `CodecError`."""
    for place, recorded in enumerate(batch):
        if recorded.stream != stream:
            raise CodecError("wrong-name", f"holds an event of {recorded.stream}", _way_back(recorded.stream))
        if recorded.version != batch[0].version + place:
            message = f"event {place + 1} has version {recorded.version}, not {batch[0].version + place}"
            raise CodecError("version-gap", message, "git checkout HEAD -- PATH")
    if file_name(batch) != name:
        raise CodecError("wrong-name", f"is not named {file_name(batch)}, as its content says", "git mv it back")


def _way_back(stream: str) -> str:
    """How a file comes to the folder of its stream, from which git moves it where it takes folders for renamed."""
    try:
        folder = stream_folder(stream)
    except InvalidValueError:
        return "git log --follow -- PATH"
    return f"mkdir -p {folder} && git mv PATH {folder}/"
