"""The few ways in which the store writes. All writes go through here, so that a test can kill the process at each."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


class Disk:
    """Writes on a local file system; every method raises `OSError`. No method follows a link at its last step."""

    def make_directory(self, path: Path) -> None:
        """Make one directory if it is not there; `NotADirectoryError` where something else, or a link, stands."""
        with contextlib.suppress(FileExistsError):
            path.mkdir()
        if path.is_symlink() or not path.is_dir():
            raise NotADirectoryError(20, "not a directory, or a symbolic link", str(path))

    def create(self, path: Path, content: bytes) -> None:
        """Write a new file; `FileExistsError` where anything stands already."""
        self._write(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, content)

    def append_durably(self, path: Path, content: bytes) -> None:
        """Add to a file in one write, made if need be, and wait until the disk has it."""
        is_new = not path.exists()
        self._write(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, content, durable=True)
        if is_new:
            self.sync_directory(path.parent)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file its final name in one step."""
        source.rename(target)

    def exists(self, path: Path) -> bool:
        """Whether anything stands at `path`; unlike `Path.exists`, raises where that cannot be told."""
        try:
            path.lstat()
        except FileNotFoundError:
            return False
        return True

    def remove(self, path: Path) -> None:
        """Remove a file; it may be gone already."""
        path.unlink(missing_ok=True)

    def remove_directory(self, path: Path) -> None:
        """Remove a directory where nothing is in it."""
        with contextlib.suppress(OSError):  # something is, or it is gone already
            path.rmdir()

    def _write(self, path: Path, flags: int, content: bytes, *, durable: bool = False) -> None:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        try:
            view = memoryview(content)
            while view:
                view = view[self._write_some(descriptor, view) :]
            if durable:
                self._sync(descriptor)
        finally:
            os.close(descriptor)

    def _write_some(self, descriptor: int, content: memoryview) -> int:
        return os.write(descriptor, content)

    def _sync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def sync_directory(self, path: Path) -> None:
        """Wait until the disk has the names in a directory."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._sync(descriptor)
        finally:
            os.close(descriptor)
