"""The items that a commit message names exist; where the repository demands it, a message names one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from jerry_git.application.checking.commit_messages import check_message, exists
from jerry_git.application.checking.findings import Report, graded
from jerry_git.application.errors import NotInitializedError
from jerry_git.bootstrap import App
from jerry_hooks.running import refuse, run


def check(app: App, file: Path) -> Report:
    """What is wrong with the message in `file`; nothing where no work is tracked."""
    try:
        prefix = app.prefix
    except NotInitializedError:
        return Report(source=file.name)
    guard = app.guard
    places = (guard.sources.index(None), guard.sources.work_tree(None))
    findings = check_message(
        file.read_text(encoding="utf-8", errors="replace"),
        prefix,
        lambda name: any(exists(place, guard.reader, name) for place in places),
        needs_item=guard.settings.message_needs_item,
        path=file.name,
        comment=app.git.comment_mark(),
    )
    return Report(source="the commit message", findings=graded(findings, guard.settings.severities))


def message_file(app: App, arguments: Sequence[str]) -> Path:
    """The file that is named, or else git's own: a top-level `files:` filters the name away (pre-commit#3720)."""
    if arguments:
        return Path(arguments[0])
    merging = app.repository.git_dir / "MERGE_MSG"
    return merging if merging.exists() else app.repository.git_dir / "COMMIT_EDITMSG"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the hook; returns its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    return run(lambda app: refuse((check(app, message_file(app, given)),)))
