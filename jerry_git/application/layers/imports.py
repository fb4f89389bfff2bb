"""What one file says about imports, whatever the file is called."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

STATEMENT, CALL, TEXT = "statement", "call", "text"
"""How an import is written: as a statement, as a call such as `import_module("a.b")`, as a text that names a module."""


class Import(NamedTuple):
    """One name that is imported. Lines and columns are 1-based; columns count characters.

    `module` is as written, without the dots of a relative import, which are counted in `level`; `name` is what is taken
    from it, `*` for everything, None for the module itself. The place is that of the name; `start`, `start_column` and
    `end` are those of the statement. `typing` says that only type checkers see it.
    """

    module: str
    name: str | None
    level: int
    line: int
    column: int
    start: int
    start_column: int
    end: int
    typing: bool = False
    how: str = STATEMENT


class Spot(NamedTuple):
    """A place in a file, and what is there."""

    line: int
    column: int
    what: str


class Allowance(NamedTuple):
    """A comment `# jerry: allow[LES-002] reason`; `problem` says what is wrong with it, empty when nothing is."""

    line: int
    column: int
    codes: tuple[str, ...]
    reason: str
    problem: str = ""


class Scan(NamedTuple):
    """What was read in one file.

    `computed` are imports whose names are known only when the program runs. `trouble` says why the parser refused the
    file, with the line; `unread` that nothing in it can be relied on.
    """

    imports: tuple[Import, ...] = ()
    computed: tuple[Spot, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    trouble: Spot | None = None
    unread: bool = False


_PLAIN = 8
"""So many fields has the row of an import that is neither for type checkers alone nor dynamic: most are plain."""


def packed(scan: Scan | None) -> bytes:
    """A scan as one line of JSON; None, for what is no Python, as `null`."""
    if scan is None:
        return b"null"
    rows = [found if found.typing or found.how != STATEMENT else found[:_PLAIN] for found in scan.imports]
    return json.dumps((rows, *scan[1:]), ensure_ascii=True, separators=(",", ":")).encode()


def unpacked(data: Any) -> Scan | None:
    """What `packed` wrote, from the parsed JSON; raises `TypeError` or `ValueError` for anything else."""
    if data is None:
        return None
    imports, computed, allowances, trouble, unread = data
    return Scan(
        tuple([Import(*row) for row in imports]),
        tuple([Spot(*row) for row in computed]),
        tuple([Allowance(line, column, tuple(codes), *rest) for line, column, codes, *rest in allowances]),
        None if trouble is None else Spot(*trouble),
        unread,
    )


_ALLOW = re.compile(r"#\s*jerry:\s*(?P<rest>[^#]*)")
_FORM = re.compile(r"allow\s*\[(?P<codes>[^\]]*)\]\s*(?P<reason>.*)", re.DOTALL)


def allowance(comment: str, line: int, column: int) -> Allowance | None:
    """What a comment allows; None where it does not speak to this program."""
    found = _ALLOW.search(comment)
    if found is None:
        return None
    place = column + found.start()
    form = _FORM.fullmatch(found["rest"].strip())
    if form is None:
        return Allowance(line, place, (), "", "it is not understood: write `# jerry: allow[LES-002] reason`")
    codes = tuple(code.strip() for code in form["codes"].split(",") if code.strip())
    return Allowance(line, place, codes, form["reason"].strip(" :-"))
