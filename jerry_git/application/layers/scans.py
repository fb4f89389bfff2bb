"""The port through which files are scanned: an adapter remembers what a blob holds, so that it is read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import Finding
from jerry_git.application.checking.sources import Entry, Source
from jerry_git.application.layers.tree import SUFFIXES

if TYPE_CHECKING:
    from jerry_git.application.layers.imports import Scan

FORMAT = 1
"""Goes up whenever the same bytes would give another scan, or the same scans another report."""


class Scans(Protocol):
    """Scans of files, and reports on trees that were seen before; nothing that is remembered is trusted for more."""

    def of(
        self, source: Source, entries: Sequence[Entry], *, texts: bool
    ) -> Iterator[tuple[Entry, Scan | Problem | None]]:
        """Each entry with its scan, in any order: a `Problem` where it cannot be had, None where it is no Python."""
        ...

    def report(self, key: str) -> tuple[Finding, ...] | None:
        """The findings that `keep` was given for this key; None where they are not known any more."""
        ...

    def keep(self, key: str, findings: Sequence[Finding]) -> None:
        """Remember the findings; failing to is no failure."""
        ...


def scanned(path: str, content: bytes, *, texts: bool) -> Scan | None:
    """The scan of a file; None for one that is neither called nor marked as Python."""
    from jerry_git.application.layers.reading import is_script, scan

    return scan(content, texts=texts) if path.endswith(SUFFIXES) or is_script(content) else None


class DirectScans:
    """Reads everything each time; implements `Scans`."""

    def of(
        self, source: Source, entries: Sequence[Entry], *, texts: bool
    ) -> Iterator[tuple[Entry, Scan | Problem | None]]:
        """See `Scans.of`."""
        for entry, content in source.contents(entries):
            found = content if isinstance(content, Problem) else scanned(entry.path, content, texts=texts)
            yield entry, found

    def report(self, key: str) -> None:
        """See `Scans.report`."""

    def keep(self, key: str, findings: Sequence[Finding]) -> None:
        """See `Scans.keep`."""
