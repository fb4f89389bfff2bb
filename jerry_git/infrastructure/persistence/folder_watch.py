"""What comes to and goes from a folder, told by the kernel (inotify), so that it need not be listed anew (ADR-035).

The times of a folder cannot tell that: between two looks at it they show one change, ours, where there were two.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
from contextlib import suppress
from pathlib import Path

_KINDS = frozenset(("ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs"))
"""File systems that only this machine's kernel changes: of another's changes it would not tell."""

_MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x40, 0x80, 0x100, 0x200
_DELETE_SELF, _MOVE_SELF, _ONLYDIR, _DONT_FOLLOW = 0x400, 0x800, 0x01000000, 0x02000000
_CAME = _MOVED_TO | _CREATE
_NAMED = _CAME | _MOVED_FROM | _DELETE
_ASKED = _NAMED | _DELETE_SELF | _MOVE_SELF | _ONLYDIR | _DONT_FOLLOW
_HEAD = struct.Struct("iIII")
_READ = 16 << 10
_LARGEST = _HEAD.size + 256
"""Bytes that are read at a time, and that the largest event has: with less than that left over there may be more."""


class FolderWatch:
    """The changes of one folder from now on; raises `OSError` where there can be no watch."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._owner = os.getpid()
        self._descriptor = _watched(path)
        status = os.lstat(path)
        self._place = (status.st_dev, status.st_ino)
        if _kind(status.st_dev) not in _KINDS:
            raise OSError(f"{path} does not lie on a file system of this machine alone")

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # a beginning that failed
            os.close(self._descriptor)

    def changes(self) -> dict[str, bool] | None:
        """The names that came (True) or went (False) since the last time, each as it was last.

        None where they are not known any more: the folder was moved, removed or replaced, there were too many changes,
        or this is a fork, which would take them from its parent.
        """
        if os.getpid() != self._owner:
            return None
        try:
            status = os.lstat(self._path)
            if (status.st_dev, status.st_ino) != self._place or not stat.S_ISDIR(status.st_mode):
                return None
            return _told(self._descriptor)
        except OSError:
            return None


def _watched(path: str) -> int:
    if not sys.platform.startswith("linux"):
        raise OSError("there is no inotify here")
    from ctypes import CDLL, get_errno

    system = CDLL(None, use_errno=True)
    descriptor = int(system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    if descriptor < 0:
        raise OSError(get_errno(), "no inotify")
    if system.inotify_add_watch(descriptor, os.fsencode(path), _ASKED) < 0:
        os.close(descriptor)
        raise OSError(get_errno(), "no watch", path)
    return descriptor


def _told(descriptor: int) -> dict[str, bool] | None:
    found: dict[str, bool] = {}
    more = True
    while more:
        try:
            events = os.read(descriptor, _READ)
        except BlockingIOError:
            break
        more = len(events) > _READ - _LARGEST
        place = 0
        while place < len(events):
            _, mask, _, length = _HEAD.unpack_from(events, place)
            if not mask & _NAMED:
                return None
            place += _HEAD.size + length
            found[os.fsdecode(events[place - length : place].rstrip(b"\0"))] = bool(mask & _CAME)
    return found


def _kind(device: int) -> str:
    """The kind of the file system on a device, "" where the mounts do not tell."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in Path("/proc/self/mountinfo").read_text(errors="replace").splitlines():
        mount, _, source = line.partition(" - ")
        if mount.split(" ")[2] == wanted:
            return source.split(" ")[0]
    return ""
