"""The streams of the program as it was started: closed ones, broken ones, and encodings that lack a character."""

from __future__ import annotations

import codecs
import io
import os
import sys
from contextlib import suppress

ESCAPES = "jerry.escapes"
"""What stdout and stderr do with a character that their encoding does not have."""


def prepare() -> None:
    """Make stdout and stderr streams that can be written to; a stdin that is closed stays None."""
    codecs.register_error(ESCAPES, _escape)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us: `jerry list >&-`
            # takes the number that is free, or a file of the store would get it
            descriptor = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - its only way
            if name != "stdin":
                setattr(sys, name, open(descriptor, "w"))  # noqa: PTH123, SIM115 - up to the end, and without pathlib
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=ESCAPES)
    if isinstance(sys.stderr, io.TextIOWrapper):
        encoding = sys.stderr.encoding
        sys.stderr = _Talk(sys.stderr.detach(), encoding, ESCAPES, line_buffering=True)


class _Talk(io.TextIOWrapper):
    """Stderr, where what cannot be told is left out: it changes nothing about what was done."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def _escape(error: UnicodeError) -> tuple[str, int]:
    r"""The characters as JSON escapes them (`\u2014`, two for an emoji), so that JSON stays JSON in every locale."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), error.end
