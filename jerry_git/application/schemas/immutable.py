"""What is published stays: schemas and records against every base that has them (rules R1 to R5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jerry_domain.schemas.canonical import canonical
from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.checking.sources import Change, Entry, Source
from jerry_git.application.schemas.registry import NotReadableError, parsed, place_of

Json = Any


def immutable(source: Source, directory: str, changes: Sequence[Change]) -> Iterator[Finding]:
    """A finding for each published file that is not as it was; what only looks otherwise is a warning.

    Raises as the source does.
    """
    moved = {change.after.blob: change.path for change in changes if change.before is None and change.after is not None}
    told: set[str] = set()
    touched = [change for change in changes if change.before is not None and place_of(directory, change.path)]
    former = _contents(source.former([change.before for change in touched if change.before is not None]))
    after = _contents(
        source.contents([after for change in touched if (after := change.after) is not None and after.is_regular])
    )
    for path, found in _twice(touched, former):
        told.add(path)
        yield found
    for change in touched:
        fault = None if change.path in told else _fault(change, moved, former, after)
        if fault is not None:
            told.add(change.path)
            yield fault


_Read = Mapping[Entry, Json]
_UNREADABLE = object()


def _contents(read: Iterator[tuple[Entry, Any]]) -> dict[Entry, Json]:
    found: dict[Entry, Json] = {}
    for entry, content in read:
        try:
            found[entry] = canonical(parsed(content))
        except NotReadableError:
            found[entry] = _UNREADABLE
    return found


def _twice(changes: Sequence[Change], former: _Read) -> Iterator[tuple[str, Finding]]:
    """Versions that two sides of a merge both published, each its own (rule R5)."""
    sides: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        sides[change.path].append(change)
    for path, found in sides.items():
        forms = [former[change.before] for change in found if change.before is not None]
        if any(form != forms[0] for form in forms):
            names = " and ".join(dict.fromkeys(change.base for change in found))
            yield path, _published_twice(path, names, found[0].base)


def _published_twice(path: str, names: str, base: str) -> Finding:
    message = f"{names} have each published another {path.rpartition('/')[2]}"
    mend = f"git checkout {base} -- {path}; publish the other one as the next version"
    return finding("schema-published-twice", message, mend, path)


def _fault(change: Change, moved: Mapping[str, str], former: _Read, after: _Read) -> Finding | None:
    before, now = change.before, change.after
    restore = f"git checkout {change.base} -- {change.path}"
    if before is None or (now is not None and before.blob == now.blob and before.is_regular == now.is_regular):
        return None
    if now is None:
        target = moved.get(before.blob)
        code, how = ("schema-deleted", "is gone") if target is None else ("schema-renamed", f"was renamed to {target}")
        return finding(code, f"{how}, but {change.base} has published it", restore, change.path)
    if not now.is_regular:
        message = f"is no regular file any more, but {change.base} has published it"
        return finding("schema-replaced", message, restore, change.path)
    if former[before] is _UNREADABLE or former[before] != after[now]:
        message = f"means something else than what {change.base} has published"
        return finding(
            "schema-modified", message, f"{restore}; then publish the change as the next version", change.path
        )
    return finding(
        "schema-rewritten", f"is written otherwise than {change.base} has it, and means the same", restore, change.path
    )
