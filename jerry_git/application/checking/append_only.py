"""Append-only: what was published is never altered, removed, renamed or replaced; files are only added (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jerry_git.application.checking.findings import Finding, finding
from jerry_git.application.checking.sources import LINK, SUBMODULE, Change

_KINDS = {LINK: "a symbolic link", SUBMODULE: "a submodule"}


def append_only(changes: Sequence[Change], prefix: str) -> Iterator[Finding]:
    """A finding for each published file that is not as it was; codes begin with `prefix`.

    A path that several bases have is told once. A file that went, with its very content added under another name, was
    renamed.
    """
    added = {change.after.blob: change.path for change in changes if change.before is None and change.after is not None}
    told: set[str] = set()
    for change in changes:
        if change.path not in told:
            found = list(_faults(change, added, prefix))
            told.update(fault.path for fault in found)
            yield from found


def _faults(change: Change, added: dict[str, str], prefix: str) -> Iterator[Finding]:
    before, after = change.before, change.after
    if before is None:
        return
    restore = f"git checkout {change.base} -- {change.path}"
    if after is None:
        target = added.get(before.blob)
        code = f"{prefix}-deleted" if target is None else f"{prefix}-renamed"
        how = "is gone" if target is None else f"was renamed to {target}"
        yield finding(code, f"{how}, but {change.base} has it", restore, change.path)
    elif after.is_regular != before.is_regular or not after.is_regular:
        kind = _KINDS.get(after.mode, "a file")
        yield finding(
            f"{prefix}-replaced", f"was replaced by {kind}, but {change.base} has it otherwise", restore, change.path
        )
    elif after.blob != before.blob:
        yield finding(f"{prefix}-modified", f"differs from what {change.base} has", restore, change.path)
