"""A merge, rebase or cherry-pick that is under way: events and archives as the commits have them that it joins.

git takes an event file that went into an archive, and a similar new one, for a rename. Then it moves files, tells of
conflicts that are none, or writes marks into files (ADR-034). No event and no archive is ever renamed or altered, so
the trees of the commits alone tell what becomes of each path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from jerry_git.application.checking.sources import Entry
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_sources import TreeSource
from jerry_git.infrastructure.persistence.event_paths import ARCHIVE_FILE, FILE

_PLACES = (EVENTS, ARCHIVE)
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

    def __init__(self, git: Git, git_dir: Path) -> None:
        self._git = git
        self._git_dir = git_dir

    def misjoined(self) -> Sequence[str]:
        """The paths of events and archives that are not as the joined commits have them, sorted.

        None where nothing is under way, and none as long as no conflict and no moved or altered file tells of a
        supposed rename: who takes a commit apart leaves files out on purpose.
        """
        return self._mends().paths

    def settle(self) -> Sequence[str]:
        """Put these paths right, in the index and the work tree; returns them. Nothing else is touched."""
        mends = self._mends()
        if mends.wrong:
            rows = [f"{entry.mode} {entry.blob} 0\t{entry.path}" for entry in mends.wrong]
            self._git.ask("update-index", "-z", "--index-info", stdin=_listed(rows))
            written = _listed([entry.path for entry in mends.wrong])
            self._git.ask("checkout-index", "--force", "-z", "--stdin", stdin=written)
        if mends.stray:  # last, for it is what tells of a supposed rename, should this be killed
            options = ("--force", "--quiet", "--sparse", "--pathspec-from-file=-", "--pathspec-file-nul")
            self._git.ask("--literal-pathspecs", "rm", *options, stdin=_listed(mends.stray))
        return mends.paths

    def _mends(self) -> _Mends:
        joined = self._joined()
        if joined is None:
            return _Mends((), ())
        ours, theirs, *bases = (self._files(commit) for commit in joined)
        wanted, doubtful = _join(ours, theirs, bases)
        index, conflicts = self._index()
        conflicts -= doubtful
        homes = {(entry.blob, _name(path)) for path, entry in wanted.items()}
        unknown = index.keys() - ours.keys() - theirs.keys()
        moved = {path for path in unknown if (index[path].blob, _name(path)) in homes}
        altered = {path for path in index.keys() & wanted.keys() if index[path] != wanted[path]}
        if not (conflicts or moved or altered):
            return _Mends((), ())
        wrong = [entry for path, entry in wanted.items() if index.get(path) != entry]
        return _Mends(wrong, sorted((conflicts - wanted.keys()) | (moved - self._edited())))

    def _joined(self) -> Sequence[str] | None:
        """The two commits that are joined, and those that they have come from; None where nothing is under way.

        An octopus looks for no renames; which parent of a merge is picked, only the command line told.
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

    def _index(self) -> tuple[_Files, set[str]]:
        """What the index has, and the paths that are in conflict there."""
        files, conflicts = {}, set()
        for row in filter(None, self._git.ask("ls-files", "--stage", "-z", "--", *_PLACES).split("\0")):
            facts, _, path = row.partition("\t")
            mode, blob, stage = facts.split(" ")
            if stage == "0":
                files[path] = Entry(path, mode, blob)
            elif _is_called_so(path):
                conflicts.add(path)
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
        before = {base[path] for base in bases if path in base} or {None}
        left, *more = now - before if len(now) > 1 else now
        if more:
            doubtful.add(path)
        elif left is not None:
            wanted[path] = left
    return wanted, doubtful


def _is_called_so(path: str) -> bool:
    """Whether a path has the name of an event file or an archive, wherever it lies; users may have others there."""
    return any(form.fullmatch(_name(path)) for form in (FILE, ARCHIVE_FILE))


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _listed(rows: Sequence[str]) -> str:
    return "".join(f"{row}\0" for row in rows)
