"""The program: the script `jerry`, and `python -m jerry_git`."""

# what is imported here is imported before an interrupt can be told: only what the interpreter has loaded already
import gc
import os
import sys

INTERRUPTED = 130


def run() -> None:
    """Run `jerry`, and leave with its exit status.

    Python looks for garbage in what imports leave behind, several times, and when it ends takes every module apart: a
    quarter of what a short command takes. Nothing is ever found, and the system frees all of it at once.
    """
    try:
        os._exit(_status())
    except BaseException as error:  # outside of any command: while modules are loaded
        # what Python 3.11 makes of an interrupt in `__set_name__` is a RuntimeError
        if not isinstance(error, KeyboardInterrupt) and not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        try:
            os.write(2, b"\ninterrupted\n")
        finally:
            os._exit(INTERRUPTED)


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
