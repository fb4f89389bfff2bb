"""Event files that lie in the work tree as git has them, read from git's objects instead of the disk (ADR-037).

Nothing is lost where git does not answer: what does not come from here is read from its file.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO

from jerry_git.application.errors import GitError
from jerry_git.application.layout import EVENTS
from jerry_git.infrastructure.adapters.git import PATHSPEC_VARIABLES
from jerry_git.infrastructure.adapters.git_sources import TRUSTING
from jerry_git.infrastructure.persistence.event_files import MAX_BYTES
from jerry_git.infrastructure.persistence.marks import mark_of

_ALTERED = ("diff-files", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-relative", "--", EVENTS)
_KNOWN = ("ls-files", "-z", "-v", "--stage", "--", ":(top,attr:-text !filter !ident !working-tree-encoding).jerry")
"""Files that git writes to the disk byte by byte as it has them. git up to 2.41 finds none by attributes below a longer
path."""
_CONTENTS = ("--no-replace-objects", "cat-file", "--batch", "--buffer")
_REGULAR = (b"100644", b"100755")
_CHUNK = 1 << 16


class UnalteredFiles:
    """The event files below `root` that git's `index` has, and that nobody has altered since, as git judges."""

    def __init__(self, root: str, index: str) -> None:
        self._root = root
        self._index = index
        self._environment = {
            **{key: value for key, value in os.environ.items() if key not in PATHSPEC_VARIABLES},
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "none",  # nor does git before 2.44 fetch an object that a partial clone lacks
        }
        self._environment.pop("GIT_INDEX_FILE", None)  # a hook's; `index` is the one whose mark is looked at

    def contents(self, folders: Sequence[str]) -> Iterator[tuple[str, Mapping[str, bytes]]]:
        """Each of `folders` once, in any order, with the content by name of those files in it that git has.

        Three processes, however many files there are.
        """
        left = dict.fromkeys(folders)
        with suppress(OSError, EOFError, GitError), TemporaryFile() as blobs:
            names = self._unaltered(left.keys(), blobs)
            blobs.seek(0)
            for folder, found in self._read(names, blobs):
                del left[folder]
                yield folder, found
        for folder in left:
            yield folder, {}

    def _unaltered(self, folders: Set[str], blobs: IO[bytes]) -> Mapping[str, Sequence[str]]:
        """The names of the unaltered files in each folder; the ids of their blobs go to `blobs`, in the same order."""
        before = mark_of(self._index)
        altered = frozenset(self._rows(_ALTERED))
        found: dict[str, list[str]] = {}
        for row in self._rows(_KNOWN):
            meta, _, path = row.partition(b"\t")
            tag, mode, blob, stage = meta.split(b" ")
            folder, _, name = os.fsdecode(path).rpartition("/")
            # another tag than H: git was told to assume that the file is unchanged, or that it is not there
            if tag == b"H" and mode in _REGULAR and stage == b"0" and folder in folders and path not in altered:
                found.setdefault(folder, []).append(name)
                blobs.write(blob + b"\n")
        # two answers of different indexes say nothing about a file that was staged between them
        return found if mark_of(self._index) == before else {}

    def _read(self, names: Mapping[str, Sequence[str]], blobs: IO[bytes]) -> Iterator[tuple[str, Mapping[str, bytes]]]:
        if not names:
            return
        with self._git(_CONTENTS, blobs) as printed:
            for folder, wanted in names.items():
                found = {name: _next_blob(printed) for name in wanted}
                yield folder, {name: content for name, content in found.items() if content is not None}

    def _rows(self, command: Sequence[str]) -> Iterator[bytes]:
        """What git prints, each row ended by a zero byte; raises `GitError` at its end where git fails."""
        rest = b""
        with self._git((*TRUSTING, *command)) as printed:
            while chunk := printed.read(_CHUNK):
                *rows, rest = (rest + chunk).split(b"\0")
                yield from rows

    @contextmanager
    def _git(self, arguments: Sequence[str], stdin: IO[bytes] | None = None) -> Iterator[IO[bytes]]:
        """What git prints; raises `GitError` where it fails."""
        with subprocess.Popen(
            ("git", *arguments),
            cwd=self._root,
            env=self._environment,
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=_CHUNK,
        ) as process:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            yield process.stdout
        if process.returncode:
            raise GitError(arguments, f"exit status {process.returncode}")


def _next_blob(printed: IO[bytes]) -> bytes | None:
    """The next object that `git cat-file --batch` prints, None for one that is not here; raises `EOFError`."""
    told = printed.readline().split()
    if told[1:] == [b"missing"]:
        return None
    if told[1:2] != [b"blob"] or (size := int(told[2])) > MAX_BYTES:  # git has failed, or a reader of the file would
        raise EOFError
    content = printed.read(size + 1)
    if len(content) <= size:
        raise EOFError
    return content[:size]
