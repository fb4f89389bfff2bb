"""What a merge, a pull or a rebase brought in: a summary, which refuses nothing, for it is too late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jerry_git.application.checking.incoming import incoming, summary
from jerry_git.application.checking.rendering import printable
from jerry_git.bootstrap import App
from jerry_hooks.running import run, say


def check(app: App) -> Iterator[str]:
    """Lines that tell what came in since the branch last moved; after a squash merge, what is staged."""
    for source in app.guard.sources.moved():
        yield from summary(incoming(source, app.guard.reader))


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: ARG001 - git's argument tells of a squash, prek does not
    """Run the hook; returns 0 whatever came in."""

    def work(app: App) -> int:
        for line in check(app):
            say(printable(line))
        return 0

    run(work)
    return 0
