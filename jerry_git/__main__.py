"""The program: the script `jerry`, and `python -m jerry_git`."""

import gc
import os
import sys
from contextlib import suppress


def run() -> None:
    """Run `jerry`, and leave with its exit status.

    Python looks for garbage in what imports leave behind, several times, and when it ends takes every module apart: a
    quarter of what a short command takes. Nothing is ever found, and the system frees all of it at once.
    """
    gc.set_threshold(50_000)
    from jerry_git.cli.main import main

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us: `jerry list >&-`
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - up to the end, and without pathlib
    status = main()
    with suppress(OSError):  # what could not be printed was told already
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
