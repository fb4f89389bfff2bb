"""The program: the script `jerry`, and `python -m jerry_git`."""

import gc
import os
import sys


def run() -> None:
    """Run `jerry`, and leave with its exit status.

    Python looks for garbage in what imports leave behind, several times, and when it ends takes every module apart: a
    quarter of what a short command takes. Nothing is ever found, and the system frees all of it at once.
    """
    os._exit(_status())


def _status() -> int:
    gc.set_threshold(50_000)
    from contextlib import suppress

    from jerry_git.cli.streams import prepare

    prepare()
    from jerry_git.cli.main import main

    status = main()
    with suppress(OSError):  # what could not be printed was told already
        sys.stdout.flush()
    return status


if __name__ == "__main__":
    run()
