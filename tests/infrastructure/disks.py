"""File systems of a test's own, in a mount namespace that vanishes with the process, where the system allows it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_MOUNT = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && shift 2 && exec "$@"'
_NAMESPACES = (("unshare", "--mount"), ("unshare", "--mount", "--map-root-user"))


def on_a_small_disk(folder: Path, size: str) -> Sequence[str] | None:
    """What to put before a command so that `folder` is a file system of `size` for it; None where one may not."""
    folder.mkdir(exist_ok=True)
    for namespace in _NAMESPACES:
        prefix = (*namespace, "sh", "-c", _MOUNT, "sh", size, str(folder))
        if shutil.which(prefix[0]) and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return prefix
    return None
