"""Events in files, one for each append, that git merges without conflicts (DESIGN 3 and 5, ADR-010)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zlib import crc32

from jerry_domain.events.base import DomainEvent, RecordedEvent
from jerry_domain.ports.event_store import (
    CorruptStreamError,
    OutcomeUnknownError,
    Problem,
    Resumption,
    StoreUnavailableError,
    StreamScan,
)
from jerry_domain.services.causal_order import causal_order
from jerry_git.application.ports import Locks
from jerry_git.infrastructure.persistence.archives import Archives
from jerry_git.infrastructure.persistence.checkpoints import Checkpoint
from jerry_git.infrastructure.persistence.codec import REGISTRY, CodecError, EventRegistry, decode, encode
from jerry_git.infrastructure.persistence.disk import TEMPORARY, Disk
from jerry_git.infrastructure.persistence.event_files import MAX_BYTES, EventFiles, ReadFile, read_regular, scan_of
from jerry_git.infrastructure.persistence.event_paths import file_name, finished_name, stream_folder
from jerry_git.infrastructure.persistence.file_locks import FileLocks
from jerry_git.infrastructure.persistence.history import (
    Tip,
    between,
    check_version,
    follows,
    is_known,
    record,
    tip_of,
    version_of,
)
from jerry_git.infrastructure.persistence.journal import Journal, JournalEntry
from jerry_git.infrastructure.persistence.known_streams import KnownStream, KnownStreams
from jerry_git.infrastructure.persistence.marks import are_old

NOTHING: Mapping[str, bytes] = MappingProxyType({})

STRIPES = 64
"""Streams share this many locks, so that writers of different streams rarely wait for each other."""


class FileSystemEventStore:
    """An `IEventStore` below `root` (the work tree), with locks and journal below `private` (in the git directory).

    `source` names the repository (`urn:uuid:...`); `written` is told the path, relative to `root`, of each new file;
    `locks` gives the locks at the first append, for reading takes none.
    """

    def __init__(
        self,
        root: Path,
        private: Path,
        source: str,
        *,
        written: Callable[[str], None] = lambda path: None,  # noqa: ARG005
        registry: EventRegistry = REGISTRY,
        disk: Disk | None = None,
        locks: Callable[[], Locks] | None = None,
    ) -> None:
        self.root = root
        self._place = os.fspath(root)
        self._source = source
        self.written = written
        self._disk = disk or Disk()
        self._registry = registry
        self._files = EventFiles(root, registry)
        self.archives = Archives(root, registry)
        self._known = KnownStreams(self._files, self.archives)
        self._locks = locks or cache(lambda: FileLocks(private / "locks"))
        self.journal = Journal(private / "journal", self._disk)

    def append(self, stream: str, events: Sequence[DomainEvent], expected_version: int) -> int:
        """See `IEventStore.append`."""
        if not events:
            return self.get_version(stream)
        stream_folder(stream)  # a bad name is refused before anything is locked
        with self._lock(stream):
            tip = self._tip(stream)
            if tip.meets(events):
                history, known = self._read_whole(stream)
                tip = known.tip
                if is_known(stream, history, events):
                    return tip.version
            check_version(stream, tip, expected_version)
            batch = record(stream, tip, events, self._source)
            path = self._write(stream, batch)
        self.written(path)
        return batch[-1].version

    def read(self, stream: str, from_version: int = 1, to_version: int | None = None) -> tuple[RecordedEvent, ...]:
        """See `IEventStore.read`."""
        return between(causal_order(self._history(stream)), from_version, to_version)

    def resume(self, stream: str, checkpoint: str | None) -> Resumption:
        """See `IEventStore.resume`. A checkpoint tells files that were read by their names and marks (ADR-012)."""
        moment = time.time_ns()
        marks = self._files.marks(stream)
        found = None if checkpoint is None else self._go_on(stream, checkpoint, marks)
        events, known = found or self._read_whole(stream)

        def made() -> str | None:
            is_straight = found is not None or follows(frozenset(), events)
            is_settled = are_old((*marks.values(), *known.archives.values()), moment)
            is_all = marks.keys() == known.names  # nothing odd lies there, and nothing was appended meanwhile
            return str(Checkpoint.of(known, marks)) if is_straight and is_settled and is_all else None

        return Resumption(events=events, whole=found is None, checkpoint=made)

    def _go_on(
        self, stream: str, text: str, marks: Mapping[str, str]
    ) -> tuple[tuple[RecordedEvent, ...], KnownStream] | None:
        """The events beyond a checkpoint, where all that it tells is there, and they come after that."""
        checkpoint = Checkpoint.parse(text)
        if checkpoint is None or not checkpoint.holds(marks, self.archives.marks()):
            return None
        known = checkpoint.known
        heads = frozenset(known.tip.heads)
        news = self._known.go_on(stream, known, dict.fromkeys(marks.keys() - known.names, True))
        events = causal_order(news or ())
        return None if news is None or not follows(heads, events) else (events, known)

    def get_version(self, stream: str) -> int:
        """See `IEventStore.get_version`."""
        return version_of(self._history(stream))

    def scan(self, category: str) -> Iterable[StreamScan]:
        """See `IEventStore.scan`. Problems that belong to no stream come under the stream name ''."""
        for stream, problems in self.places(category):
            scan = self.scan_stream(stream) if stream else StreamScan(stream="", events=(), problems=problems)
            if scan.events or scan.problems:  # a writer that was killed may leave an empty folder
                yield scan

    def places(self, category: str) -> Iterator[tuple[str, tuple[Problem, ...]]]:
        """The names of the streams of `category`, each with the problems of its place; those of no stream under ''."""
        placed = list(self._files.streams(category))
        yield from ((stream, problems) for stream, problems in placed if not stream)
        if strays := self.archives.problems():
            yield "", tuple(strays)
        archived = {stream for stream in self.archives.streams() if stream.startswith(f"{category}-")}
        for stream in sorted(archived.union(stream for stream, _ in placed if stream)):
            yield stream, ()

    def scan_stream(self, stream: str, contents: Mapping[str, bytes] = NOTHING) -> StreamScan:
        """The events of one stream, and what is wrong with its files; those of which `contents` has are not opened."""
        return self._scan_names(stream, contents)[1]

    def folders(self, category: str) -> Iterator[str]:
        """The names of the streams of `category` that have a folder, even one without events."""
        return (stream for stream, _ in self._files.streams(category) if stream)

    def locate(self, stream: str) -> dict[str, str]:
        """The path, relative to `root`, of the file that holds each event id of a stream; unreadable files left out.

        Of an archived event it is the path that its file had.
        """
        folder = stream_folder(stream)
        return {
            recorded.event.event_id: f"{folder}/{name}"
            for name, batch, _ in self._batches(stream, self._files.list_stream(stream).names)
            for recorded in batch
        }

    def names(self, stream: str) -> tuple[str, ...]:
        """The names of the event files in the folder of a stream."""
        return self._files.list_stream(stream).names

    def locked(self, stream: str) -> AbstractContextManager[None]:
        """Nobody appends to the stream meanwhile; raises `LockTimeoutError`, `StoreUnavailableError`."""
        return self._lock(stream)

    def leftovers(self, stream: str) -> tuple[str, ...]:
        """The names of unfinished files of writers that were killed, or that are at work now."""
        return self._files.list_stream(stream).leftovers

    def clear_leftovers(self, stream: str) -> Mapping[str, str]:
        """Clear up unfinished files under the stream's lock; returns what became of each, by paths relative to `root`.

        That is the path of the event file, or empty where the unfinished one was removed.

        One whose append stands in the journal already is finished: it was certain when its writer was killed.
        Raises `StoreUnavailableError`.
        """
        with self._lock(stream):
            return self._clear_leftovers(stream)

    def holds(self, path: str) -> bool:
        """Whether an event file lies at `path`, relative to `root`, or went from there into an archive."""
        return os.path.lexists(self.root / path) or bool(self.archives.holding((path,)))

    def _clear_leftovers(self, stream: str) -> Mapping[str, str]:
        """Under the stream's lock nobody else is writing here: what is unfinished is a killed writer's."""
        folder = stream_folder(stream)
        names = self.leftovers(stream)
        promised = {entry.path: entry.text for entry in self.journal.entries()} if names else {}
        made: dict[str, str] = {}
        for name in names:
            path = f"{folder}/{finished_name(name)}"
            try:
                if path in promised and self._is_whole(f"{folder}/{name}", promised[path]):
                    self._disk.rename(self.root / folder / name, self.root / path)
                    self.written(path)
                    made[f"{folder}/{name}"] = path
                else:
                    self._disk.remove(self.root / folder / name)
                    made[f"{folder}/{name}"] = ""
            except OSError as error:
                raise StoreUnavailableError(f"{folder}/{name}", f"cannot be removed: {error.strerror}") from error
        return made

    def _is_whole(self, unfinished: str, text: str) -> bool:
        try:
            return read_regular(os.fspath(self.root), unfinished) == text.encode()
        except (OSError, CodecError):
            return False

    def restore(self, path: str, content: bytes) -> None:
        """Write a lost event file again, whole or not at all; nothing when it is there. `path` is relative to `root`.

        A file that a power cut left torn is not there. Raises `StoreUnavailableError`.
        """
        folder, _, name = path.rpartition("/")
        stream = folder.rpartition("/")[2]
        with self._lock(stream):
            self._clear_leftovers(stream)
            if (self.root / path).exists() and not is_torn(self.root / path, content):
                return
            temporary = self._temporary(folder, name)
            try:
                self._create(folder, temporary, content)
                self._disk.rename(temporary, self.root / path)
            except OSError as error:
                self._clean(temporary)
                raise _refused(path, error) from error
        self.written(path)

    def _lock(self, stream: str) -> AbstractContextManager[None]:
        return self._locks().hold(f"stream-{crc32(stream.encode()) % STRIPES:02d}")

    def _temporary(self, folder: str, name: str) -> str:
        return f"{self._place}/{folder}/.{name}.{os.getpid()}{TEMPORARY}"

    def _tip(self, stream: str) -> Tip:
        """The tip of a stream, under its lock; reads nothing but what is new since this process read it."""
        tip = self._known.catch_up(stream)
        if tip is None:
            self._clear_leftovers(stream)
            tip = self._read_whole(stream)[1].tip
        return tip

    def _history(self, stream: str) -> tuple[RecordedEvent, ...]:
        return self._read_whole(stream)[0]

    def _read_whole(self, stream: str) -> tuple[tuple[RecordedEvent, ...], KnownStream]:
        archives = self.archives.marks()
        names, scan = self._scan_names(stream)
        if scan.problems:
            raise CorruptStreamError(stream, scan.problems)
        known = KnownStream(set(names), archives, tip_of(scan.events))
        self._known.keep(stream, known)
        return scan.events, known

    def _scan_names(self, stream: str, contents: Mapping[str, bytes] = NOTHING) -> tuple[Sequence[str], StreamScan]:
        listing = self._files.list_stream(stream)
        while True:
            scan = scan_of(stream, self._batches(stream, listing.names, contents), listing.problems)
            before, listing = listing.names, self._files.list_stream(stream) if scan.problems else listing
            if listing.names == before:  # else files went into an archive while they were read
                return before, scan

    def _batches(
        self, stream: str, names: Iterable[str], contents: Mapping[str, bytes] = NOTHING
    ) -> Iterator[ReadFile]:
        """What the files of these names hold, and what archives hold of the stream: it is the union of both."""
        yield from ((name, *self._files.read(stream, name, contents.get(name))) for name in names)
        yield from self.archives.read(stream)

    def _write(self, stream: str, batch: Sequence[RecordedEvent]) -> str:
        """All or nothing: the file appears under its name whole, and only when the journal is on the disk.

        The bytes are written beside their place before the journal line, so that a full disk is found while
        nothing has been promised.
        """
        content = encode(batch)
        if decode(content, self._registry) != tuple(batch):  # such a file could never be mended
            raise ValueError(f"stream {stream}: these events would not be read back as they are")
        if len(content) > MAX_BYTES:
            raise StoreUnavailableError(stream, f"{len(content)} bytes are more than the {MAX_BYTES} of an event file")
        folder, name = stream_folder(stream), file_name(batch)
        path = f"{folder}/{name}"
        temporary = self._temporary(folder, name)
        try:
            self._create(folder, temporary, content)
        except OSError as error:
            self._clean(temporary)
            raise _refused(path, error) from error
        try:
            self.journal.write(JournalEntry(path, content.decode()), datetime.now(UTC))
        except OSError as error:
            self._clean(temporary)
            self._withdraw(path)
            raise _refused(path, error) from error
        self._publish(stream, batch, temporary, path)
        self._known.add(stream, name, batch)
        return path

    def _publish(self, stream: str, batch: Sequence[RecordedEvent], temporary: str, path: str) -> None:
        target = f"{self._place}/{path}"
        try:
            self._disk.rename(temporary, target)
        except OSError as error:
            try:
                there = self._disk.exists(target)
            except OSError:
                ids = [recorded.event.event_id for recorded in batch]
                raise OutcomeUnknownError(stream, ids, f"{path}: {error.strerror}") from error
            if not there:  # a network file system may fail a rename that it has done
                self._clean(temporary)
                self._withdraw(path)
                raise _refused(path, error) from error

    def _create(self, folder: str, temporary: str, content: bytes) -> None:
        try:
            self._disk.create(temporary, content)
        except FileNotFoundError:  # the stream's first append
            place = self._place
            for part in folder.split("/"):
                place = f"{place}/{part}"
                self._disk.make_directory(place)
            self._disk.create(temporary, content)

    def _clean(self, temporary: str) -> None:
        try:
            self._disk.remove(temporary)
        except OSError:  # the next append to the stream removes it
            return

    def _withdraw(self, path: str) -> None:
        try:
            self.journal.withdraw(path, datetime.now(UTC))
        except OSError:  # `jerry doctor` will list the append, and ask before it brings it back
            return


def is_torn(path: Path, content: bytes) -> bool:
    """Whether a power cut may have made this of a file with `content`: its beginning alone, or zeros in its place."""
    if path.is_symlink() or not path.is_file():
        return False
    found = path.read_bytes()
    return found != content and content.startswith(found.rstrip(b"\0"))


def _refused(path: str, error: OSError) -> StoreUnavailableError:
    place = f": {error.filename}" if error.filename else ""  # it may be the journal's, or a folder on the way
    return StoreUnavailableError(path, f"nothing was written: {error.strerror}{place}")
