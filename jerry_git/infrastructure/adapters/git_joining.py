"""A merge, rebase or cherry-pick that is under way: events and archives as the commits have them that it joins.

git takes an event file that went into an archive, and a similar new one, for a rename. Then it moves files, tells of
conflicts that are none, or writes marks into files (ADR-034). No event and no archive is ever renamed or altered, so
the trees of the commits alone tell what becomes of each path.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from jerry_domain.errors import InvalidValueError
from jerry_domain.ports.event_store import StoreUnavailableError
from jerry_git.application.checking.sources import Entry
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_discovery import Repository
from jerry_git.infrastructure.adapters.git_sources import TreeSource
from jerry_git.infrastructure.persistence.archives import archive_path
from jerry_git.infrastructure.persistence.codec import CodecError, decode
from jerry_git.infrastructure.persistence.event_paths import (
    ARCHIVE_FILE,
    FILE,
    file_name,
    is_archive,
    month_of_archive,
    stream_folder,
)

_PLACES = (EVENTS, ARCHIVE)
_BEFORE = "1"
"""The stage in the index of what the two sides of a conflict have come from."""
_Files = Mapping[str, Entry]
"""Events and archives by their paths."""


class _Mends(NamedTuple):
    """What makes the index one of events and archives as the joined commits have them."""

    wrong: Sequence[Entry]
    """Files that are otherwise in the index, or not in it."""
    stray: Sequence[str]
    """Paths that the index has, and that none of the commits has, or not all of them any longer."""

    @property
    def paths(self) -> Sequence[str]:
        return sorted((*(entry.path for entry in self.wrong), *self.stray))


class GitJoining:
    """What git has under way in one work tree; every method raises `GitError` when git refuses."""

    def __init__(self, git: Git, repository: Repository) -> None:
        self._git = git
        self._root = repository.root
        self._git_dir = repository.git_dir

    def misjoined(self) -> Sequence[str]:
        """The paths of events and archives that are not as the joined commits have them, sorted.

        None where nothing is under way, and none as long as no conflict and no moved or altered file tells of a
        supposed rename: who takes a commit apart leaves files out on purpose.
        """
        return self._mends().paths

    def settle(self) -> Sequence[str]:
        """Put these paths right, in the index and the work tree; returns them. Nothing else is touched.

        Killed at any moment, the next one finishes it: what is wrong in the index or the work tree is wrong still, and
        what is stray goes last. Raises `StoreUnavailableError` where somebody has made a folder in a file's place.
        """
        mends = self._mends()
        for entry in mends.wrong:
            if _is_folder(self._root / entry.path):
                raise StoreUnavailableError(entry.path, "a folder is in its place; move it away, and try again")
        if mends.wrong:
            rows = [f"{entry.mode} {entry.blob} 0\t{entry.path}" for entry in mends.wrong]
            self._git.ask("update-index", "-z", "--index-info", stdin=_listed(rows))
            written = _listed([entry.path for entry in mends.wrong])
            self._git.ask("checkout-index", "--force", "--index", "-z", "--stdin", stdin=written)
        if mends.stray:
            for path in mends.stray:
                self._remove(path)
            self._git.forget(mends.stray)
        return mends.paths

    def _remove(self, path: str) -> None:
        """Remove a file, and folders that are empty then; nothing where a symbolic link leads elsewhere."""
        file = self._root / path
        if file.parent.resolve() == file.parent and not _is_folder(file):
            file.unlink(missing_ok=True)
            with suppress(OSError):
                file.parent.rmdir()

    def _mends(self) -> _Mends:
        joined = self._joined()
        if joined is None:
            # of what is in conflict alone git tells quickly, however large its index
            unmerged = self._git.ask("ls-files", "--unmerged", "-z", "--", *_PLACES)
            return self._mends_by_content() if unmerged else _Mends((), ())
        index, conflicts = self._index()
        ours, theirs, *bases = (self._files(commit) for commit in joined)
        wanted, doubtful = _join(ours, theirs, bases)
        homes = {(entry.blob, _name(path)) for path, entry in wanted.items()}
        unknown = index.keys() - ours.keys() - theirs.keys()
        edited = self._edited()
        moved = {path for path in unknown if (index[path].blob, _name(path)) in homes}
        wrong = {path for path, entry in wanted.items() if index.get(path) != entry}
        altered = (wrong | edited) & index.keys() & wanted.keys()
        conflicting = conflicts.keys() - doubtful
        if not (conflicting or moved or altered):
            return _Mends((), ())
        # what somebody has written into a moved file is theirs; one that is gone is nobody's
        stray = {path for path in moved if path not in edited or not os.path.lexists(self._root / path)}
        return _Mends([wanted[path] for path in wrong | altered], sorted((conflicting - wanted.keys()) | stray))

    def _mends_by_content(self) -> _Mends:
        """The same where git does not keep what it joins (a squash, a stash, `git am`): each file tells of its place.

        What is not in conflict, and a file that does not tell, is left for people.
        """
        index, conflicts = self._index()
        sides = [entry for entries in conflicts.values() for entry in entries]
        homes = _homes(self._git, sides)
        wanted = {home: Entry(home, entry.mode, entry.blob) for entry, home in homes.items()}
        stray = {path for path, entries in conflicts.items() if homes.keys() >= {*entries}} - wanted.keys()
        return _Mends([entry for path, entry in wanted.items() if index.get(path) != entry], sorted(stray))

    def _joined(self) -> Sequence[str] | None:
        """The two commits that are joined, and those that they have come from; None where git does not tell.

        An octopus has several; which parent of a merge is picked, only the command line told.
        """
        merging = self._git_dir / "MERGE_HEAD"
        if merging.exists():
            merged = merging.read_text().split()
            bases = self._git.read("merge-base", "--all", "HEAD", merged[0], none_is=1).decode().split()
            return ("HEAD", *merged, *bases) if len(merged) == 1 else None
        rebasing = any((self._git_dir / name).exists() for name in ("rebase-merge", "rebase-apply"))
        for name in ("CHERRY_PICK_HEAD", *(("REBASE_HEAD",) if rebasing else ())):
            if self._git.names_commit(name) is not None:
                commit, *parents = self._git.ask("rev-list", "--parents", "-1", name).split()
                return ("HEAD", commit, *parents) if len(parents) < 2 else None
        return None

    def _files(self, commit: str) -> _Files:
        entries = TreeSource(self._git, commit, commit).entries(_PLACES)
        return {entry.path: entry for entry in entries if _is_called_so(entry.path)}

    def _index(self) -> tuple[_Files, Mapping[str, Sequence[Entry]]]:
        """What the index has, and what the two sides have of each path that is in conflict there."""
        files: dict[str, Entry] = {}
        conflicts: dict[str, list[Entry]] = {}
        for row in filter(None, self._git.ask("ls-files", "--stage", "-z", "--", *_PLACES).split("\0")):
            facts, _, path = row.partition("\t")
            mode, blob, stage = facts.split(" ")
            if stage == "0":
                files[path] = Entry(path, mode, blob)
            elif _is_called_so(path):
                conflicts.setdefault(path, []).extend([Entry(path, mode, blob)] if stage != _BEFORE else [])
        return files, conflicts

    def _edited(self) -> set[str]:
        """The files that are otherwise in the work tree than in the index."""
        options = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=all")
        return set(self._git.ask("diff", *options, "--", *_PLACES).split("\0"))


def _join(ours: _Files, theirs: _Files, bases: Sequence[_Files]) -> tuple[_Files, set[str]]:
    """The files of two commits that have come from `bases`, path by path; and those that both of them altered."""
    wanted: dict[str, Entry] = {}
    doubtful: set[str] = set()
    for path in ours.keys() | theirs.keys():
        now = {ours.get(path), theirs.get(path)}
        before: set[Entry | None] = {base[path] for base in bases if path in base}
        left, *more = now - (before or {None}) if len(now) > 1 else now
        if more:
            doubtful.add(path)
        elif left is not None:
            wanted[path] = left
    return wanted, doubtful


def _homes(git: Git, entries: Sequence[Entry]) -> Mapping[Entry, str]:
    """The path of each of these files that tells where it belongs: events by their stream, archives by their digits."""
    found: dict[Entry, str] = {}
    for entry, content in TreeSource(git, "", "").former(entries):
        if isinstance(content, bytes) and (home := _home(entry.path, content)):
            found[entry] = home
    return found


def _home(path: str, content: bytes) -> str | None:
    if is_archive(path) and archive_path(month_of_archive(path), content) == path:
        return path
    try:
        batch = decode(content)
        return f"{stream_folder(batch[0].stream)}/{file_name(batch)}"
    except (CodecError, InvalidValueError):
        return None


def _is_called_so(path: str) -> bool:
    """Whether a path has the name of an event file or an archive, wherever it lies; users may have others there."""
    return any(form.fullmatch(_name(path)) for form in (FILE, ARCHIVE_FILE))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _listed(rows: Sequence[str]) -> str:
    return "".join(f"{row}\0" for row in rows)
