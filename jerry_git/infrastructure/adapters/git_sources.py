"""What a check can look at, read by git's plumbing: objects and the index, never the disk for what is committed.

Paths come with `-z`, and every option that a user's configuration could change is given. `GIT_INDEX_FILE` is left as
git sets it for its hooks: `git commit -a` and `git commit PATH` commit another index than `.git/index`.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.checking.sources import LINK, Change, Entry
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_bases import Base

_RAW = (
    "--raw", "-z", "-r", "--no-abbrev", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv",
    "--no-relative", "--ignore-submodules=none", "-O/dev/null",
)  # fmt: skip
TRUSTING = ("-c", "core.fsmonitor=false", "-c", "core.trustctime=true", "-c", "core.checkStat=default")
"""A file whose time of modification was set back still has another time of change."""
_LISTED = (
    "-z",
    "-v",
    "--stage",
    "--cached",
    "--modified",
    "--deleted",
    "--others",
    "--exclude-standard",
    "--full-name",
)
_FEW = 100
_CHUNK = 2_000
"""So many files are asked of git at once: what is in memory is bounded."""


class TreeSource:
    """The files of one commit, with the trees that it is compared with; implements `Source`."""

    def __init__(
        self, git: Git, name: str, commit: str, bases: Sequence[Base] = (), published: Base | None = None
    ) -> None:
        self.name = name
        self._git = git
        self._commit = commit
        self._bases = tuple(bases)
        self._published = published

    def changes(self, patterns: Sequence[str], *, published: bool) -> Sequence[Change]:
        """See `Source.changes`; where there is nothing to compare with, everything is new."""
        bases = self._compared(only=published)
        if not bases:
            return [Change("nothing", entry.path, None, entry) for entry in self.entries(patterns)]
        return [change for base in bases for change in _changes(base, self._diff(base.tree, _globs(patterns)))]

    def _compared(self, *, only: bool) -> tuple[Base, ...]:
        if self._published is None:
            return self._bases
        return (self._published,) if only else (*self._bases, self._published)

    def _diff(self, tree: str, pathspecs: Sequence[str]) -> bytes:
        return self._git.read("diff-tree", *_RAW, tree, self._commit, "--", *pathspecs)

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """See `Source.entries`."""
        return _listed(folders, self._list)

    def files(self, folders: Sequence[str]) -> Sequence[Entry]:
        """See `Source.files`: an archive is a file like others here."""
        return self.entries(folders)

    def _list(self, folders: Sequence[str]) -> list[Entry]:
        command = ("--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", self._commit, "--", *folders)
        return [_tree_entry(row) for row in _rows(self._git.read(*command))]

    def tracked(self) -> Sequence[Entry]:
        """See `Source.tracked`."""
        return [_tree_entry(row) for row in _rows(self._git.read("ls-tree", "-r", "-z", "--full-tree", self._commit))]

    def contents(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """See `Source.contents`."""
        return self.former(entries)

    def former(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """See `Source.former`."""
        for start in range(0, len(entries), _CHUNK):
            yield from _blobs(self._git, entries[start : start + _CHUNK])

    def mentioning(self, texts: Sequence[str], folder: str, names: str = "*") -> Sequence[str]:
        """See `Source.mentioning`."""
        head = len(self._commit) + 1
        return [path[head:] for path in _grep(self._git, (self._commit,), texts, folder, names)]


class IndexSource(TreeSource):
    """The files that the next commit will have."""

    def __init__(self, git: Git, bases: Sequence[Base], published: Base | None = None) -> None:
        super().__init__(git, "the index", "", bases, published)

    def _diff(self, tree: str, pathspecs: Sequence[str]) -> bytes:
        return self._git.read("diff-index", "--cached", *_RAW, tree, "--", *pathspecs)

    def _list(self, folders: Sequence[str]) -> list[Entry]:
        printed = self._git.read("ls-files", "--stage", "-z", "--full-name", "--", *_globs(folders))
        return [_index_entry(row) for row in _rows(printed)]

    def tracked(self) -> Sequence[Entry]:
        """See `Source.tracked`."""
        return [_index_entry(row) for row in _rows(self._git.read("ls-files", "--stage", "-z", "--full-name"))]

    def mentioning(self, texts: Sequence[str], folder: str, names: str = "*") -> Sequence[str]:
        """See `Source.mentioning`."""
        return _grep(self._git, ("--cached",), texts, folder, names)


class WorkTreeSource(IndexSource):
    """The files as they lie on the disk, those that git does not know of included."""

    def __init__(self, git: Git, root: Path, bases: Sequence[Base], published: Base | None = None) -> None:
        super().__init__(git, bases, published)
        self.name = "the work tree"
        self._root = os.fspath(root)

    def _diff(self, tree: str, pathspecs: Sequence[str]) -> bytes:
        return self._git.read("--no-optional-locks", "diff", *_RAW, tree, "--", *pathspecs)

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """See `Source.entries`."""
        return [entry for folder in folders for entry in self._walk(folder)]

    def tracked(self) -> Sequence[Entry]:
        """See `Source.tracked`: what git ignores is left out, what it is told to assume is not believed."""
        printed = self._git.read(*TRUSTING, "ls-files", *_LISTED)
        found: dict[str, Entry] = {}
        gone = set()
        for row in _rows(printed):
            tag, rest = row[0], row[2:]
            if tag == "?":
                found[rest] = self._on_disk(rest)
            elif tag == "R":
                gone.add(rest.split("\t", 1)[1])
            else:
                entry = _index_entry(rest)
                # a small letter: git is told to assume that the file is unchanged
                is_other = tag == "C" or (tag.islower() and tag != "s")
                found[entry.path] = self._on_disk(entry.path) if is_other else entry
        return [found[path] for path in sorted(found) if path not in gone]

    def _on_disk(self, path: str) -> Entry:
        try:
            return Entry(path, _mode(Path(self._root, path).lstat().st_mode))
        except OSError:  # it went while git looked
            return Entry(path, "000000")

    def _walk(self, path: str) -> Iterator[Entry]:
        place = Path(self._root, path)
        for part in (*reversed(place.relative_to(self._root).parents), Path(path)):
            if Path(self._root, part).is_symlink():  # never followed, at no step
                yield Entry(part.as_posix(), LINK)
                return
        if not place.is_dir():
            if place.is_file():
                yield Entry(path, _mode(place.stat().st_mode))
            return
        with os.scandir(place) as found:
            for item in sorted(found, key=lambda item: item.name):
                inner = f"{path}/{item.name}"
                if item.is_dir(follow_symlinks=False):
                    yield from self._walk(inner)
                else:
                    yield Entry(inner, _mode(item.stat(follow_symlinks=False).st_mode))

    def contents(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """See `Source.contents`."""
        from jerry_git.infrastructure.persistence.codec import CodecError
        from jerry_git.infrastructure.persistence.event_files import read_regular

        for entry in entries:
            try:
                if entry.mode == LINK:  # as git keeps it: what it names
                    yield entry, os.fsencode(os.readlink(Path(self._root, entry.path)))  # noqa: PTH115 - not a Path
                else:
                    yield entry, read_regular(self._root, entry.path)
            except CodecError as error:
                yield entry, _problem(error.code, entry.path, error.message)
            except OSError as error:
                yield entry, _problem("unreadable", entry.path, f"cannot be read: {error.strerror}")

    def former(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """See `Source.former`; a file on the disk that has the wanted content is read sooner than git starts."""
        others = []
        for entry in entries:
            content = self._same(entry)
            if content is None:
                others.append(entry)
            else:
                yield entry, content
        yield from super().former(others)

    def _same(self, entry: Entry) -> bytes | None:
        from jerry_git.infrastructure.persistence.event_files import MAX_BYTES

        try:
            file = os.open(f"{self._root}/{entry.path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            content = os.read(file, MAX_BYTES + 1)
        except OSError:  # a folder
            return None
        finally:
            os.close(file)
        return content if len(content) <= MAX_BYTES and blob_id(content, len(entry.blob)) == entry.blob else None

    def mentioning(self, texts: Sequence[str], folder: str, names: str = "*") -> Sequence[str]:
        """See `Source.mentioning`."""
        return _grep(self._git, ("--untracked", "--no-exclude-standard"), texts, folder, names)


class UnpublishedSource(WorkTreeSource):
    """The files as they lie on the disk, of which new ones that git does not ignore are a change as well."""

    def __init__(self, git: Git, root: Path, base: Base) -> None:
        super().__init__(git, root, (base,))
        self.name = f"the work tree against {base.name}"

    def changes(self, patterns: Sequence[str], *, published: bool) -> Sequence[Change]:
        """See `Source.changes`."""
        known = super().changes(patterns, published=published)
        asked = ("ls-files", "--others", "--exclude-standard", "-z", "--full-name", "--", *_globs(patterns))
        others = set(_rows(self._git.read(*asked))) - {change.path for change in known}
        return [*known, *(Change(self._bases[0].name, path, None, self._entry(path)) for path in sorted(others))]

    def _entry(self, path: str) -> Entry:
        return Entry(path, _mode(Path(self._root, path).lstat().st_mode))


def _listed(folders: Sequence[str], ask: Callable[[Sequence[str]], list[Entry]]) -> list[Entry]:
    """What lies below `folders`; where they are very many, git is asked for all that have them in common.

    A command line has a limit, and git compares each path with each pathspec.
    """
    if len(folders) <= _FEW:
        return ask(folders)
    wanted = frozenset(folders)
    everything = ask((posixpath.commonpath(folders),))
    return [entry for entry in everything if posixpath.dirname(entry.path) in wanted]


def _mode(mode: int) -> str:
    """A mode of the file system as git would write it; `000000` for what git cannot keep."""
    if stat.S_ISLNK(mode):
        return LINK
    if not stat.S_ISREG(mode):
        return "000000"
    return "100755" if mode & stat.S_IXUSR else "100644"


def blob_id(content: bytes, digits: int = 40) -> str:
    """The id that git gives to content: SHA-1 in 40 digits, or SHA-256 in 64."""
    new = hashlib.sha1 if digits == 40 else hashlib.sha256
    return new(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


def _globs(patterns: Sequence[str]) -> list[str]:
    return [f":(top,glob){pattern.rstrip('/')}" for pattern in patterns]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _rows(printed: bytes) -> list[str]:
    return [_text(row) for row in printed.split(b"\0") if row]


def _tree_entry(row: str) -> Entry:
    meta, path = row.split("\t", 1)
    mode, _, blob = meta.split(" ")
    return Entry(path, mode, blob)


def _index_entry(row: str) -> Entry:
    meta, path = row.split("\t", 1)
    mode, blob, stage = meta.split(" ")
    if stage != "0":
        raise _unmerged(path)
    return Entry(path, mode, blob)


def _unmerged(path: str) -> CannotCheckError:
    cure = "resolve the conflict, then `git add` the file"
    if path.startswith((f"{EVENTS}/", f"{ARCHIVE}/")):
        cure = "nothing conflicts in it: `jerry doctor --fix` puts it as the two sides have it (docs/archiving.md)"
    return CannotCheckError(f"{path} is in conflict", cure)


def _changes(base: Base, printed: bytes) -> Iterator[Change]:
    """`:<mode> <mode> <blob> <blob> <status>` and the path, in turn."""
    fields = _rows(printed)
    for meta, path in zip(fields[::2], fields[1::2], strict=True):
        before, after, old, new, status = meta.removeprefix(":").split(" ")
        if status == "U":
            raise _unmerged(path)
        yield Change(base.name, path, _side(path, before, old), _side(path, after, new))


def _side(path: str, mode: str, blob: str) -> Entry | None:
    return Entry(path, mode, blob) if mode.strip("0") else None


def _grep(git: Git, where: Sequence[str], texts: Sequence[str], folder: str, names: str) -> list[str]:
    patterns = [argument for text in texts for argument in ("-e", text)]
    options = ("-l", "-z", "-a", "-F", "--no-color", "--full-name", "--no-recurse-submodules", "--no-textconv")
    within = f":(top,glob){folder}/**/{names}" if folder else f":(top,glob)**/{names}"
    revision = [word for word in where if not word.startswith("-")]
    flags = [word for word in where if word.startswith("-")]
    return _rows(git.read("grep", *options, *flags, *patterns, *revision, "--", within, none_is=1))


def _blobs(git: Git, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
    from jerry_git.infrastructure.persistence.event_files import MAX_BYTES, too_large

    sizes = _sizes(git, entries)
    wanted = [entry for entry in entries if sizes[entry.blob] <= MAX_BYTES]
    printed = git.read("cat-file", "--batch", stdin=_ids({entry.blob for entry in wanted if sizes[entry.blob] >= 0}))
    found: dict[str, bytes] = {}
    place = 0
    while place < len(printed):
        end = printed.index(b"\n", place)
        name, _, size = printed[place:end].decode().split(" ")
        found[name] = printed[end + 1 : end + 1 + int(size)]
        place = end + 2 + int(size)
    for entry in entries:
        if entry.blob in found:
            yield entry, found[entry.blob]
        elif sizes[entry.blob] < 0:
            yield entry, _problem("unreadable", entry.path, f"its object {entry.blob} is not here")
        else:
            yield entry, _problem("too-large", entry.path, too_large(sizes[entry.blob]))


def _sizes(git: Git, entries: Sequence[Entry]) -> dict[str, int]:
    """The bytes of each blob, -1 for one that is not here."""
    printed = git.read("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=_ids({e.blob for e in entries}))
    rows = (row.split(" ") for row in printed.decode().splitlines())
    return {name: int(size) if size.isdigit() else -1 for name, size, *_ in rows}


def _ids(blobs: set[str]) -> bytes:
    return "".join(f"{blob}\n" for blob in sorted(blobs)).encode()


def _problem(code: str, path: str, message: str) -> Problem:
    return Problem(code=code, path=path, message=message, mend=f"git log -- {path}")
