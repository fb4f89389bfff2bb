"""A bar for work that nobody asked for and that takes long: on a terminal, and gone when it is done (DESIGN 9)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

import click

PATIENCE = 1.0
"""Seconds that work may take without a bar."""
_UP_AND_WIPE = "\x1b[1A\x1b[2K"
"""click leaves a bar that is done on its line, and goes to the next one."""


@contextmanager
def passing_bar(label: str, steps: int) -> Iterator[Callable[[], None]]:
    """What is to be called after each step of work that has so many."""
    begin, done = monotonic(), 0
    update: Callable[[int], None] | None = None

    def step() -> None:
        nonlocal done, update
        done += 1
        if update is not None:
            update(1)
        elif monotonic() - begin >= PATIENCE:
            stack.callback(click.echo, _UP_AND_WIPE, nl=False, err=True)
            seldom = max(steps // 200, 1)
            bar = click.progressbar(length=steps, label=label, file=sys.stderr, update_min_steps=seldom)
            update = stack.enter_context(bar).update
            update(done)

    with ExitStack() as stack:
        yield step
