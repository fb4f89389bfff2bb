"""The program: the script `jerry`, and `python -m jerry_git`."""

import codecs
import gc
import os
import sys
from contextlib import suppress

ESCAPES = "jerry.escapes"
"""What stdout and stderr do with a character that their encoding does not have."""


def _escape(error: UnicodeError) -> tuple[str, int]:
    r"""The characters as JSON escapes them (`\u2014`, two for an emoji), so that JSON stays JSON in every locale."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), error.end


def run() -> None:
    """Run `jerry`, and leave with its exit status.

    Python looks for garbage in what imports leave behind, several times, and when it ends takes every module apart: a
    quarter of what a short command takes. Nothing is ever found, and the system frees all of it at once.
    """
    gc.set_threshold(50_000)
    codecs.register_error(ESCAPES, _escape)
    from jerry_git.cli.main import main

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us: `jerry list >&-`
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - up to the end, and without pathlib
        getattr(sys, name).reconfigure(errors=ESCAPES)
    status = main()
    with suppress(OSError):  # what could not be printed was told already
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
