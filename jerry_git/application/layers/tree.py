"""The files of a source that are Python, under every name that a symbolic link gives them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.sources import LINK, Entry, Source

SUFFIXES = (".py", ".pyi", ".pyw")
_EXECUTABLE = "100755"
_MOST_LINKS = 20
_MOST_NAMES = 100_000
"""Links to folders that hold links may multiply without end."""


@dataclass(eq=False)
class Tree:
    """The candidates for modules by path, each with the file whose content it has; and links that lead nowhere."""

    files: dict[str, Entry] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)
    """Paths, and what is wrong with them."""


def tree_of(source: Source, entries: Sequence[Entry]) -> Tree:
    """All candidates among the files of a source. Links are followed inside of the repository only."""
    tree = Tree()
    links = []
    for entry in entries:
        if entry.mode == LINK:
            links.append(entry)
        elif _is_candidate(entry):
            tree.files[entry.path] = entry
    if links:
        _Links(source, entries, tree).follow(links)
    return tree


def _is_candidate(entry: Entry) -> bool:
    if not entry.is_regular:
        return False
    path = entry.path
    if path.endswith(SUFFIXES):
        return True
    return entry.mode == _EXECUTABLE or "." not in posixpath.basename(path).lstrip(".")


class _Links:
    def __init__(self, source: Source, entries: Sequence[Entry], tree: Tree) -> None:
        self._source = source
        self._tree = tree
        self._entries: Mapping[str, Entry] = {entry.path: entry for entry in entries}
        self._below: dict[str, list[str]] = {}
        for path in self._entries:
            folder = posixpath.dirname(path)
            while folder:
                self._below.setdefault(folder, []).append(path)
                folder = posixpath.dirname(folder)
        self._targets: dict[str, str | None] = {}
        self._left = _MOST_NAMES

    def follow(self, links: Sequence[Entry]) -> None:
        """Add what the links lead to, and tell of those that lead out of the repository or nowhere."""
        for entry, content in self._source.contents(links):
            self._targets[entry.path] = None if isinstance(content, Problem) else _aim(entry.path, content)
        packages = {posixpath.dirname(path) for path in self._tree.files if path.endswith(SUFFIXES)} - {""}
        for entry in links:
            matters = entry.path.endswith(SUFFIXES) or posixpath.dirname(entry.path) in packages
            found = list(self._led(entry.path, entry.path, 0))
            if not found and matters and not self._is_harmless(entry.path):
                self._tree.lost.append((entry.path, "a symbolic link that leads to nothing in the repository"))
            for path, target in found:
                self._tree.files.setdefault(path, target)
        if self._left < 0:
            self._tree.lost.append((links[0].path, "one of symbolic links that multiply without end"))

    def _is_harmless(self, path: str) -> bool:
        """Whether it leads to something here, though to nothing of Python."""
        target = self._resolved(path, 0)
        return target is not None and not path.endswith(SUFFIXES) and (target in self._entries or target in self._below)

    def _led(self, name: str, path: str, depth: int) -> Iterator[tuple[str, Entry]]:
        """The files that a path leads to, under the names that it gives them."""
        target = self._resolved(path, 0)
        if target is None or depth > _MOST_LINKS:
            return
        entry = self._entries.get(target)
        if entry is not None:
            if _is_candidate(entry) or (entry.is_regular and name.endswith(SUFFIXES)):
                yield name, entry
            return
        if f"{name}/".startswith(f"{target}/"):  # a folder within itself has no end
            return
        for inner in self._below.get(target, ()):
            self._left -= 1
            if self._left < 0:
                return
            other = f"{name}/{inner.removeprefix(f'{target}/')}"
            found = self._entries[inner]
            if found.mode == LINK:
                yield from self._led(other, inner, depth + 1)
            elif _is_candidate(found):
                yield other, found

    def _resolved(self, path: str, depth: int) -> str | None:
        """Where a path leads when every link in it is followed; None for out of the repository, or in a circle."""
        if depth > _MOST_LINKS:
            return None
        done = ""
        parts = path.split("/")
        for at, part in enumerate(parts):
            done = posixpath.join(done, part)
            if done in self._targets:
                target = self._targets[done]
                if target is None:
                    return None
                return self._resolved(posixpath.join(target, *parts[at + 1 :]), depth + 1)
        return done


def _aim(path: str, content: bytes) -> str | None:
    """The path that a link names, from the root; None for one out of the repository."""
    target = content.decode("utf-8", "surrogateescape")
    aim = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if target.startswith("/") or aim in ("..", ".") or aim.startswith("../") else aim
