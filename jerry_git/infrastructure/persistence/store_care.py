"""Looking after the files below `.jerry`, and bringing lost events back from the journal (DESIGN 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.ports.event_store import Problem
from jerry_git.application.examination import LostFile
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_joining import GitJoining
from jerry_git.infrastructure.persistence.codec import CodecError, decode
from jerry_git.infrastructure.persistence.diagnosis import diagnose
from jerry_git.infrastructure.persistence.event_files import MAX_BYTES
from jerry_git.infrastructure.persistence.event_paths import file_name, stream_folder
from jerry_git.infrastructure.persistence.file_system_event_store import FileSystemEventStore, is_torn
from jerry_git.infrastructure.persistence.jerry_folder import JerryFolder
from jerry_git.infrastructure.persistence.journal import JournalEntry


class FileSystemStoreCare:
    """Implements `StoreCare` over a work tree."""

    def __init__(
        self, root: Path, store: FileSystemEventStore, git: Git, folder: JerryFolder, joining: GitJoining
    ) -> None:
        self._root = root
        self._store = store
        self._git = git
        self._folder = folder
        self._joining = joining

    def diagnose(self, problem: Problem) -> Sequence[Problem]:
        """See `StoreCare.diagnose`."""
        path = self._root / problem.path
        if (
            problem.code != "invalid-event"
            or problem.path.startswith(f"{ARCHIVE}/")
            or path.is_symlink()
            or not path.is_file()
        ):
            return (problem,)
        with path.open("rb") as file:
            return diagnose(problem.path, file.read(MAX_BYTES)) or (problem,)

    def missing_files(self) -> Sequence[str]:
        """See `StoreCare.missing_files`."""
        return self._folder.missing(self._folder.identity())

    def write_missing_files(self) -> Sequence[str]:
        """See `StoreCare.write_missing_files`."""
        return self._folder.write_missing(self._folder.identity())

    def leftovers(self) -> Sequence[str]:
        """See `StoreCare.leftovers`."""
        streams = self._store.folders(WorkItem.category)
        return [f"{stream_folder(stream)}/{name}" for stream in streams for name in self._store.leftovers(stream)]

    def clear_leftovers(self) -> Mapping[str, str]:
        """See `StoreCare.clear_leftovers`; under each stream's lock, where no writer is at work."""
        made: dict[str, str] = {}
        for stream in self._store.folders(WorkItem.category):
            if self._store.leftovers(stream):
                made |= self._store.clear_leftovers(stream)
        return made

    def misjoined(self) -> Sequence[str]:
        """See `StoreCare.misjoined`."""
        return self._joining.misjoined()

    def settle(self) -> Sequence[str]:
        """See `StoreCare.settle`."""
        return self._joining.settle()

    def lost(self) -> Sequence[LostFile]:
        """See `StoreCare.lost`."""
        roots = self._git.work_trees()
        missing = [
            entry
            for entry in self._store.journal.entries()
            if not any(_is_whole(root / entry.path, entry.text) for root in roots)
        ]
        committed = self._git.paths_ever_added(EVENTS) if missing else frozenset()
        return [_described(entry) for entry in missing if entry.path not in committed]

    def recover(self, paths: Sequence[str]) -> Sequence[str]:
        """See `StoreCare.recover`; a journal entry that is not what its path says is passed over."""
        wanted = set(paths)
        written = []
        for entry in self._store.journal.entries():
            if entry.path in wanted and _is_genuine(entry.path, entry.text):
                self._store.restore(entry.path, entry.text.encode())
                written.append(entry.path)
        return written


def _described(entry: JournalEntry) -> LostFile:
    try:
        batch = decode(entry.text.encode())
    except CodecError:
        return LostFile(path=entry.path)
    return LostFile(
        path=entry.path,
        item_id=batch[0].stream.removeprefix(f"{WorkItem.category}-"),
        kinds=tuple(recorded.event.event_type.split(".")[-2] for recorded in batch),
        actor=batch[0].event.actor.partition(" <")[0],
        at=batch[0].event.occurred_at,
    )


def _is_whole(path: Path, text: str) -> bool:
    return path.exists() and not is_torn(path, text.encode())


def _is_genuine(path: str, text: str) -> bool:
    try:
        batch = decode(text.encode())
    except CodecError:
        return False
    return path == f"{stream_folder(batch[0].stream)}/{file_name(batch)}"
