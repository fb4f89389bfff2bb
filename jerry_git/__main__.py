"""The program: the script `jerry`, and `python -m jerry_git`."""

import gc
import sys


def run() -> None:
    """Run `jerry`, and leave with its exit status.

    Python looks for garbage in what imports leave behind, several times, and once more when it ends: a tenth of what a
    short command takes, and nothing is ever found.
    """
    gc.set_threshold(50_000)
    from jerry_git.cli.main import main

    try:
        sys.exit(main())
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
