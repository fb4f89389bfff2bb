"""The baseline: the violations of one day, frozen. New ones fail, mended ones leave the file, and it only shrinks.

A violation is known by its code, its importer and what is imported, without lines: edits around it do not matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

SCHEMA = "jerry.layers-baseline.v1"


class Frozen(NamedTuple):
    """A violation without its place; names are dotted."""

    code: str
    importer: str
    imported: str


class BaselineError(Exception):
    """The file is no baseline; the reason."""


def written(violations: Iterable[Frozen]) -> str:
    """The file: sorted, a violation on a line, so that a change of it can be read."""
    rows = [f"    {json.dumps(violation._asdict(), ensure_ascii=False)}" for violation in sorted(set(violations))]
    listed = "[\n" + ",\n".join(rows) + "\n  ]" if rows else "[]"
    return f'{{\n  "schema": "{SCHEMA}",\n  "violations": {listed}\n}}\n'


def read(content: bytes) -> frozenset[Frozen]:
    """The violations in a baseline; raises `BaselineError` for what is none."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise BaselineError(f"its schema is not {SCHEMA}")
    rows = document.get("violations")
    if not isinstance(rows, list):
        raise BaselineError("violations is not a list")
    return frozenset(_frozen(row) for row in rows)


def _frozen(row: object) -> Frozen:
    match row:
        case {"code": str(code), "importer": str(importer), "imported": str(imported)}:
            return Frozen(code, importer, imported)
        case _:
            raise BaselineError(f"not a violation: {json.dumps(row)[:100]}")
