"""A sync that was killed is cleared up by the next one: git's locks that nobody holds, and a join that was half done.

While a sync is at work a note says so, in the git directory of its work tree. The git programs that it starts inherit
an open file that is locked, so the system itself tells when the last of them has ended.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jerry_git.application.errors import CannotSyncError, GitError
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.git_discovery import Repository

_PATIENCE = 10.0
"""Seconds to wait for git programs that outlived their sync."""
_ROOM = 2.0
"""Seconds by which a file system's clock may differ from this one's."""


class Interruption:
    """The note of a sync at work, and what follows from one that nobody has taken away."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._git = Git(repository.root)
        self._folder = repository.git_dir / "jerry"
        self._note = self._folder / "sync.json"
        self._file: int | None = None

    def handle(self) -> tuple[int, ...]:
        """The open file that git programs are to inherit; none while no sync is at work."""
        return () if self._file is None else (self._file,)

    @contextmanager
    def guarded(self, branch: str) -> Iterator[None]:
        """Note that a sync is at work; the note stays only when the process is killed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._folder / "sync.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(self._file, fcntl.LOCK_SH)
            self._write({"branch": branch, "at": time.time(), "head": self._git.names_commit("HEAD"), "joining": None})
            yield
        finally:
            os.close(self._file)
            self._file = None
            self._note.unlink(missing_ok=True)

    def note(self, joining: str) -> None:
        """Note that the branch, as it stands, is about to be joined with this commit."""
        self._write({**self._read(), "head": self._git.names_commit("HEAD"), "joining": joining})

    def clear(self) -> None:
        """Clear up behind a sync that was killed; nothing when none was.

        Raises `CannotSyncError` while git programs are at work in the work tree, or where a file was changed since.
        """
        note = self._read()
        if not note:
            return
        self._wait_for_orphans()
        if _git_is_at_work(self._repository.root):
            hint = "wait until it has ended, and sync again"
            raise CannotSyncError("a sync was killed, and git is at work here", hint)
        for lock in self._stale_locks(float(note.get("at", time.time()))):
            lock.unlink(missing_ok=True)
        if note.get("joining"):
            self._take_back(note["branch"], note["head"], note["joining"])
        self._note.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            note = json.loads(self._note.read_bytes())
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def _write(self, note: object) -> None:
        temporary = self._note.with_suffix(".tmp")
        temporary.write_text(json.dumps(note))
        temporary.replace(self._note)

    def _wait_for_orphans(self) -> None:
        file = os.open(self._folder / "sync.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            end = time.monotonic() + _PATIENCE
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() > end:
                        message = "the git programs of a sync that was killed are still at work"
                        raise CannotSyncError(message, "wait until they have ended, and sync again") from None
                    time.sleep(0.05)
                else:
                    return
        finally:
            os.close(file)

    def _stale_locks(self, since: float) -> list[Path]:
        """Lock files of git that appeared while the sync was at work; no program is there that could hold them."""
        places = {self._repository.git_dir, self._repository.common_dir}
        found = [lock for place in places for lock in place.glob("*.lock")]
        found += [*(self._repository.common_dir / "refs").rglob("*.lock")]
        return [lock for lock in found if lock.stat().st_mtime >= since - _ROOM]

    def _take_back(self, branch: str, head: str, joining: str) -> None:
        """Bring branch, index and files back to where they were before a join that did not come to its end."""
        git_dir = self._repository.git_dir
        rebasing = any((git_dir / name).exists() for name in ("rebase-merge", "rebase-apply"))
        ended = not rebasing and self._git.names_commit(f"refs/heads/{branch}") != head
        for name in ("rebase-merge", "rebase-apply"):
            shutil.rmtree(git_dir / name, ignore_errors=True)
        for name in ("MERGE_HEAD", "MERGE_MODE", "MERGE_MSG", "AUTO_MERGE", "REBASE_HEAD", "CHERRY_PICK_HEAD"):
            (git_dir / name).unlink(missing_ok=True)
        if ended:
            return
        self._git.ask("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        self._git.ask("update-ref", f"refs/heads/{branch}", head)
        self._restore(head, joining)

    def _restore(self, head: str, joining: str) -> None:
        spans = (f"{head}..{joining}", f"{head}...{joining}", f"{joining}...{head}")
        paths = {path for span in spans for path in self._changed(span)}
        wanted = self._blobs(head, paths)
        foreign = [path for path in sorted(paths) if not self._is_ours(path, wanted.get(path))]
        if foreign:
            hint = f"look at {', '.join(foreign[:5])}; then `git checkout HEAD -- PATH`, and sync again"
            raise CannotSyncError("a sync was killed, and files that it had written were changed since", hint)
        rows = [f"{mode} {blob}\t{path}" for path, (mode, blob) in wanted.items()]
        rows += [f"0 {'0' * len(head)}\t{path}" for path in paths - wanted.keys()]
        self._git.ask("update-index", "-z", "--index-info", stdin="".join(f"{row}\0" for row in rows))
        for path in paths - wanted.keys():
            (self._repository.root / path).unlink(missing_ok=True)
        if wanted:
            self._git.ask("checkout-index", "-f", "-z", "--stdin", stdin="".join(f"{path}\0" for path in wanted))

    def _changed(self, span: str) -> list[str]:
        command = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=all", span, "--")
        return [path for path in self._git.ask(*command).split("\0") if path]

    def _blobs(self, commit: str, paths: set[str]) -> dict[str, tuple[str, str]]:
        """Mode and object id of those of the paths that a commit has."""
        found = {}
        if paths:
            command = ("--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", commit, "--", *sorted(paths))
            for row in filter(None, self._git.ask(*command).split("\0")):
                facts, _, path = row.partition("\t")
                mode, _, blob = facts.split(" ")[:3]
                found[path] = (mode, blob)
        return found

    def _is_ours(self, path: str, wanted: tuple[str, str] | None) -> bool:
        """Whether nothing is lost when a file is written anew: git has its content, or it is a beginning of such."""
        file = self._repository.root / path
        if not os.path.lexists(file):
            return True
        if file.is_symlink() or not file.is_file():
            return wanted is None or file.is_symlink()
        blob = self._git.ask("hash-object", "--", path).strip()
        try:
            self._git.read("cat-file", "-e", blob)
        except GitError:
            return self._is_beginning(path, file.read_bytes())
        return True

    def _is_beginning(self, path: str, content: bytes) -> bool:
        """Whether a file was cut off while it was written: it begins as some commit has it."""
        for revision in ("HEAD", self._read().get("joining", "")):
            try:
                whole = self._git.read("cat-file", "blob", f"{revision}:{path}")
            except GitError:
                continue
            if whole.startswith(content):
                return True
        return False


def _git_is_at_work(root: Path) -> bool:
    """Whether a git program runs in this work tree; where the system does not tell where, whether any runs at all."""
    processes = Path("/proc")
    if not (processes / "self").exists():
        return _any_git_runs()
    for process in processes.glob("[0-9]*"):
        try:
            if (process / "comm").read_text().strip() == "git" and (process / "cwd").resolve().is_relative_to(root):
                return True
        except OSError:  # it has ended, or is somebody else's
            continue
    return False


def _any_git_runs() -> bool:
    import subprocess

    done = subprocess.run(("ps", "-A", "-o", "comm="), capture_output=True, text=True, check=False)
    return any(Path(row.strip()).name == "git" for row in done.stdout.splitlines())
