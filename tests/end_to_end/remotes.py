"""Remotes as git itself serves them: a folder, and `git daemon` on the loopback interface."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.end_to_end.conftest import Place, place


def hub(tmp_path: Path) -> Place:
    """A bare repository that takes pushes."""
    made = place(tmp_path / "hub.git", tmp_path / "home")
    made.git("init", "--quiet", "--bare", "--initial-branch=main")
    made.git("config", "daemon.receivePack", "true")
    return made


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which `git daemon` serves the repository in `folder`, for a while."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("--reuseaddr", "--export-all", "--listen=127.0.0.1", f"--port={port}", f"--base-path={folder.parent}")
    # a session of its own: the daemon's children end with it
    daemon = subprocess.Popen(
        ("git", "daemon", *options, str(folder)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"git://127.0.0.1:{port}/{folder.name}"
    finally:
        import os
        import signal

        os.killpg(daemon.pid, signal.SIGTERM)
        daemon.wait()


def clone(address: str, folder: Path, home: Path, **extra: str) -> Place:
    """A clone of what is served at `address`."""
    made = place(folder, home, **extra)
    made.git("clone", "--quiet", address, ".")
    made.git("checkout", "--quiet", "-B", "main")
    return made


def begun(address: str, folder: Path, home: Path) -> Place:
    """The first clone: work tracking is set up, and sent."""
    made = clone(address, folder, home)
    (made.folder / "code.py").write_text("print('hello')\n")
    made.git("add", "code.py")
    made.git("commit", "--quiet", "--message=Code")
    made.run(sys.executable, "-m", "jerry_git", "init")
    made.jerry("sync")
    return made
