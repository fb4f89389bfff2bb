"""The work trees and branches of a clone, read where they are: nothing is checked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.ports.event_store import StreamScan
from jerry_git.application.layout import ARCHIVE
from jerry_git.application.places import Place
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_past import GitPast
from jerry_git.infrastructure.adapters.git_sources import TreeSource
from jerry_git.infrastructure.adapters.unpacked_source import UnpackedSource
from jerry_git.infrastructure.persistence.committed_files import placed
from jerry_git.infrastructure.persistence.event_paths import stream_folder


class GitPlaces:
    """Implements `jerry_git.application.places.Places`; `scan` reads the streams of the work tree at a root."""

    def __init__(self, git: Git, root: Path, scan: Callable[[Path], Iterable[StreamScan]]) -> None:
        self._git = git
        self._root = root
        self._scan = scan

    def work_trees(self) -> Sequence[tuple[Place, Iterable[StreamScan]]]:
        """See `Places.work_trees`."""
        found = []
        for record in filter(None, self._git.ask("worktree", "list", "--porcelain", "-z").split("\0\0")):
            facts: dict[str, str] = {}
            for line in record.split("\0"):
                key, _, value = line.partition(" ")
                facts[key] = value
            root = Path(facts["worktree"])
            if (root / ".jerry").is_dir() and "bare" not in facts:
                name = facts.get("branch", "").removeprefix("refs/heads/") or f"at {facts.get('HEAD', '')[:8]}"
                found.append((Place(name=name, path=str(root), here=root == self._root), self._scan(root)))
        return sorted(found, key=lambda row: not row[0].here)

    def branches(self) -> Mapping[Place, str]:
        """See `Places.branches`."""
        wanted = "--format=%(HEAD)%00%(symref)%00%(objectname)%00%(refname:lstrip=2)"
        found = {}
        for row in self._git.ask("for-each-ref", wanted, "refs/heads/", "refs/remotes/").splitlines():
            mark, symbolic, commit, name = row.split("\0")
            if not symbolic:
                found[Place(name=name, here=mark == "*")] = commit
        return dict(sorted(found.items(), key=lambda row: not row[0].here))

    def streams_on(self, stream: str, branches: Iterable[Place]) -> Mapping[Place, StreamScan]:
        """See `Places.streams_on`; branches that say the same are read once."""
        commits = self.branches()
        wanted = [place for place in branches if place in commits]
        folder = stream_folder(stream)
        asked = "".join(f"{commits[place]}:{part}\n" for place in wanted for part in (folder, ARCHIVE)).encode()
        trees = self._git.read("cat-file", "--batch-check=%(objectname)", stdin=asked).decode().splitlines()
        read: dict[tuple[str, ...], StreamScan | None] = {}
        found = {}
        for place, events, archive in zip(wanted, trees[::2], trees[1::2], strict=True):
            key = tuple("" if tree.endswith(" missing") else tree for tree in (events, archive))
            if any(key) and key not in read:
                read[key] = self._stream(commits[place], folder)
            if (scan := read.get(key)) is not None:
                found[place] = scan
        return found

    def scans(self, commit: str) -> Iterable[StreamScan]:
        """See `Places.scans`."""
        return GitPast(self._git).scans(commit)

    def _stream(self, commit: str, folder: str) -> StreamScan | None:
        tree = UnpackedSource(TreeSource(self._git, commit, commit))
        files = placed(tree.entries((folder,)), WorkItem.category)
        scan = next((scan for scan in files.scans(tree.contents(files.entries)) if scan.stream), None)
        if scan is None:
            return None
        mended = (replace(problem, mend=f"git log {commit[:12]} -- {problem.path}") for problem in scan.problems)
        return replace(scan, problems=tuple(mended))
