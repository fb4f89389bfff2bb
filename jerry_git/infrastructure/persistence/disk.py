"""The few ways in which the store writes. All writes go through here, so that a test can kill the process at each."""

from __future__ import annotations

import contextlib
import os
import stat

Place = str | os.PathLike[str]

TEMPORARY = ".tmp"
"""How the names of files end that are being written."""


class Disk:
    """Writes on a local file system; every method raises `OSError`. No method follows a link at its last step."""

    def make_directory(self, path: Place) -> None:
        """Make one directory if it is not there; `NotADirectoryError` where something else, or a link, stands."""
        with contextlib.suppress(FileExistsError):
            os.mkdir(path)
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise NotADirectoryError(20, "not a directory, or a symbolic link", os.fspath(path))

    def create(self, path: Place, content: bytes) -> None:
        """Write a new file; `FileExistsError` where anything stands already."""
        self._write(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, content)

    def append_durably(self, path: Place, content: bytes) -> None:
        """Add to a file in one write, made if need be, and wait until the disk has it."""
        flags = os.O_WRONLY | os.O_APPEND
        try:
            self._write(path, flags, content, durable=True)
        except FileNotFoundError:
            self._write(path, flags | os.O_CREAT, content, durable=True)
            self.sync_directory(os.path.dirname(path))

    def rename(self, source: Place, target: Place) -> None:
        """Give a file its final name in one step."""
        os.rename(source, target)

    def exists(self, path: Place) -> bool:
        """Whether anything stands at `path`; unlike `Path.exists`, raises where that cannot be told."""
        try:
            os.lstat(path)
        except FileNotFoundError:
            return False
        return True

    def remove(self, path: Place) -> None:
        """Remove a file; it may be gone already."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)

    def remove_directory(self, path: Place) -> None:
        """Remove a directory where nothing is in it."""
        with contextlib.suppress(OSError):  # something is, or it is gone already
            os.rmdir(path)

    def _write(self, path: Place, flags: int, content: bytes, *, durable: bool = False) -> None:
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

    def sync_directory(self, path: Place) -> None:
        """Wait until the disk has the names in a directory."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._sync(descriptor)
        finally:
            os.close(descriptor)
