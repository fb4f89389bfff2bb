"""Files of a source with the batches of its archives in their own places, as if each were still a file (ADR-034).

So a rule sees a stream whole, and an event file that went into an archive unaltered is no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.sources import Change, Entry, Source
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.adapters.git_sources import blob_id
from jerry_git.infrastructure.persistence.event_paths import is_archive, month_of_archive

if TYPE_CHECKING:
    from jerry_git.infrastructure.persistence.archives import Batch

_FILE = "100644"


class _Archived(Entry):
    """An entry that no file stands for."""

    __slots__ = ()


class UnpackedSource:
    """Implements `Source` over another one; archives are read for the months that are asked about."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._batches: dict[str, dict[str, Batch]] = {}
        self.problems: list[Problem] = []
        """What in the archives that were read belongs to no stream."""

    @property
    def name(self) -> str:
        """See `Source.name`."""
        return self._source.name

    def tracked(self) -> Sequence[Entry]:
        """See `Source.tracked`; archives are files like others here."""
        return self._source.tracked()

    def files(self, folders: Sequence[str]) -> Sequence[Entry]:
        """See `Source.files`."""
        return self._source.files(folders)

    def former(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """See `Source.former`."""
        return self._source.former(entries)

    def mentioning(self, texts: Sequence[str], folder: str, names: str = "*") -> Sequence[str]:
        """See `Source.mentioning`: of files that stand by themselves, for archives may be many and large."""
        return self._source.mentioning(texts, folder, names)

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """See `Files.entries`; with all events come their archives as well."""
        if not any(folder == ".jerry" or f"{folder}/".startswith(f"{EVENTS}/") for folder in folders):
            return self._source.entries(folders)
        every = any(folder in (".jerry", EVENTS) for folder in folders)
        found = self._source.entries(list(dict.fromkeys((*folders, *(() if ".jerry" in folders else (ARCHIVE,))))))
        archives = [entry for entry in found if is_archive(entry.path) and entry.is_regular]
        files = [entry for entry in found if every or not entry.path.startswith(f"{ARCHIVE}/")]
        months = None if every else {folder.split("/")[2] for folder in folders if folder.startswith(f"{EVENTS}/")}
        there = {entry.path for entry in files}
        wanted = frozenset(folders)
        held = [
            _Archived(path, _FILE)
            for path in self._held(archives, months)
            if path not in there and (every or path.rpartition("/")[0] in wanted)
        ]
        return sorted((*files, *held), key=lambda entry: entry.path)

    def contents(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """See `Files.contents`; a file that is not as an archive has it cannot be trusted."""
        for entry, content in self._source.contents([entry for entry in entries if not isinstance(entry, _Archived)]):
            yield entry, self._compared(entry.path, content)
        for entry in entries:
            if isinstance(entry, _Archived):
                archive, batch = self._known(entry.path)
                yield entry, _content(archive, batch)

    def _compared(self, path: str, content: bytes | Problem) -> bytes | Problem:
        for archive, batch in [(archive, held[path]) for archive, held in self._batches.items() if path in held]:
            if _content(archive, batch) != content and not isinstance(content, Problem):
                message = f"differs from what line {batch.number} of {archive} holds under its name"
                return Problem(code="duplicate-id", path=path, message=message, mend=f"git log -- {path} {archive}")
        return content

    def changes(self, patterns: Sequence[str], *, published: bool) -> Sequence[Change]:
        """See `Source.changes`: what went into an archive unaltered is left out, what came in one is new."""
        if not any(pattern.rstrip("/*") in ("", ".jerry", EVENTS) for pattern in patterns):
            return self._source.changes(patterns, published=published)
        asked = (*patterns, ARCHIVE) if EVENTS in patterns else patterns
        changes = self._source.changes(asked, published=published)
        gone = [change.path for change in changes if _is_gone(change)]
        came = {change.path for change in changes if change.before is None and is_archive(change.path)}
        if not gone and not came:
            return changes
        archives = [entry for entry in self._source.entries((ARCHIVE,)) if is_archive(entry.path) and entry.is_regular]
        months = {path.split("/")[2] for path in gone} | {month_of_archive(path) for path in came}
        held = self._held(archives, months)
        return [
            *(kept for change in changes if (kept := _moved(change, held)) is not None),
            *self._brought(changes, [entry for entry in archives if entry.path in came], archives),
        ]

    def _brought(self, changes: Sequence[Change], came: Sequence[Entry], archives: Sequence[Entry]) -> Iterator[Change]:
        """The batches that come in new archives and stood nowhere before."""
        known = {path for entry in archives if entry not in came for path in self._batches.get(entry.path, ())}
        for base in dict.fromkeys(change.base for change in changes):
            new = {change.path for change in changes if change.base == base and change.before is None}
            gone = {change.path for change in changes if change.base == base and _is_gone(change)}
            fresh = [entry.path for entry in came if entry.path in new]
            paths = {path for archive in fresh for path in self._batches.get(archive, ())} - gone - known
            if paths:
                folders = sorted({path.rpartition("/")[0] for path in paths})
                paths -= {entry.path for entry in self._source.entries(folders)}
            yield from (Change(base, path, None, _Archived(path, _FILE)) for path in sorted(paths))

    def _held(self, archives: Iterable[Entry], months: set[str] | None) -> dict[str, tuple[str, Batch]]:
        """The batches of archives of these months, all where None, by path, each with the archive that it is in."""
        from jerry_git.infrastructure.persistence.archives import batches_in

        chosen = [entry for entry in archives if months is None or month_of_archive(entry.path) in months]
        unread = [entry for entry in chosen if entry.path not in self._batches]
        for entry, content in self._source.contents(unread) if unread else ():
            batches, problems = ((), (content,)) if isinstance(content, Problem) else batches_in(entry.path, content)
            self._batches[entry.path] = {batch.path: batch for batch in batches}
            self.problems += problems
        return {path: (entry.path, batch) for entry in chosen for path, batch in self._batches[entry.path].items()}

    def _known(self, path: str) -> tuple[str, Batch]:
        return next((archive, held[path]) for archive, held in self._batches.items() if path in held)


def _is_gone(change: Change) -> bool:
    return change.after is None and change.path.startswith(f"{EVENTS}/")


def _moved(change: Change, held: dict[str, tuple[str, Batch]]) -> Change | None:
    """A change as it is when archives are looked into; None for a file that went into one as it was."""
    before = change.before
    if before is None or not before.is_regular or not _is_gone(change) or change.path not in held:
        return change
    content = _content(*held[change.path])
    if isinstance(content, Problem):
        return change
    blob = blob_id(content, len(before.blob))
    return None if blob == before.blob else Change(change.base, change.path, before, Entry(change.path, _FILE, blob))


def _content(archive: str, batch: Batch) -> bytes | Problem:
    from jerry_git.infrastructure.persistence.codec import CodecError

    try:
        return batch.content()
    except CodecError as error:
        mend = error.mend.replace("PATH", archive)
        return Problem(code=error.code, path=archive, message=error.message, mend=mend, line=batch.number)
