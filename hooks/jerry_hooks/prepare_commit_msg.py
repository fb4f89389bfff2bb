"""A commit that carries events names their items: `Jerry-Item` trailers, which `git log --grep` finds."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from jerry_git.application.checking.commit_messages import MOST_TRAILERS, TRAILER, committed_items
from jerry_git.bootstrap import App
from jerry_hooks.commit_msg import message_file
from jerry_hooks.running import run

_NOT_OURS = ("merge", "squash")
"""Messages that git makes of other commits, whose trailers are theirs."""


def check(app: App, source: str) -> Sequence[str]:
    """The trailers that belong into the message; none for an import of very many items."""
    if source in _NOT_OURS:
        return ()
    names = committed_items(app.guard.sources.index(None), app.guard.reader)
    return tuple(f"{TRAILER}: {name}" for name in names) if len(names) <= MOST_TRAILERS else ()


def message_source(environment: Mapping[str, str], arguments: Sequence[str]) -> str:
    """Where the message comes from, as git says: `message`, `template`, `merge`, `squash`, `commit`, or nothing."""
    given = arguments[1] if len(arguments) > 1 else ""
    return environment.get("PRE_COMMIT_COMMIT_MSG_SOURCE", given)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the hook; returns its exit status."""
    given = sys.argv[1:] if arguments is None else arguments

    def work(app: App) -> int:
        trailers = check(app, message_source(os.environ, given))
        app.git.add_trailers(message_file(app, given[:1]), trailers)
        return 0

    return run(work)
