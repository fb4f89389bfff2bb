"""The domain imports nothing that stands around it, and each layer only what it may (LES-002)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from jerry_git.application.checking.findings import Report
from jerry_git.bootstrap import App
from jerry_hooks.running import refuse, run


def check(app: App, environment: Mapping[str, str]) -> Iterator[Report]:
    """A report for each thing that the hook is about: the index, a range, or the branches of a push."""
    return app.guard.hooked(app.layers, environment)


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: ARG001 - file names are not asked for
    """Run the hook; returns its exit status."""
    return run(lambda app: refuse(check(app, os.environ)))
