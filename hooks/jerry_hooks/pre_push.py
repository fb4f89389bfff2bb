"""What is pushed is append-only and legal: tree against tree for every ref, deletions included.

Run by git itself it is told every ref on its standard input. The pre-commit framework tells of one at most and passes
no input (pre-commit#2523), so that every branch that the push may bring is looked at.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from jerry_git.application.checking.findings import Report
from jerry_git.application.checking.guard import RefUpdate, everything
from jerry_git.bootstrap import App
from jerry_hooks.running import refuse, run

DEFAULT_REMOTE = "origin"


def check(
    app: App, environment: Mapping[str, str], remote: str | None = None, lines: Iterable[str] = ()
) -> Iterator[Report]:
    """A report for each ref that is pushed to `remote`, as git's `lines` tell; or for each that may be."""
    updates = [update for update in map(RefUpdate.parse, lines) if update is not None]
    if remote is not None and updates:
        return app.guard.pushed(everything, updates, remote)
    named = {"PRE_COMMIT_REMOTE_NAME": environment.get("PRE_COMMIT_REMOTE_NAME", remote or DEFAULT_REMOTE)}
    return app.guard.hooked(everything, {**environment, **named})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the hook; returns its exit status. git passes the remote's name and URL, the framework nothing."""
    given = sys.argv[1:] if arguments is None else arguments
    remote = given[0] if given else None
    lines = sys.stdin
    if remote is None or lines is None or lines.isatty():
        lines = ()
    return run(lambda app: refuse(check(app, os.environ, remote, lines)))
