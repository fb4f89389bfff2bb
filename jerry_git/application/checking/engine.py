"""The check: every rule over one source (DESIGN 7).

Asked about everything, it reads everything. Otherwise the cost is in the number of files that differ from the base: it
reads the streams that they belong to, and of the rest only what mentions the same ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from jerry_git.application.checking.append_only import append_only
from jerry_git.application.checking.findings import Finding, Level, Report
from jerry_git.application.checking.sources import EventFileReader, Source
from jerry_git.application.settings import Settings


def check(source: Source, reader: EventFileReader, settings: Settings, *, whole: bool) -> Report:
    """Every finding in `source`: of all that is there when `whole`, else of what differs from the base.

    Raises `GitError`, and `CannotCheckError` where a tree is missing that is needed.
    """
    changes = source.changes((reader.folder,), published=False)
    findings = [*append_only(changes, "event"), *_published(source, settings)]
    altered = {change.path: change.after for change in changes if change.after is not None}
    files = 0
    if whole or altered:  # where nothing is to be judged, the judges need not be loaded
        from jerry_git.application.checking.examining import Examination

        examination = Examination(source, reader, settings)
        concerns, files = examination.of_all() if whole else examination.of(altered)
        findings += concerns
    return Report(source=source.name, findings=graded(findings, settings.severities), files=files)


def check_append_only(source: Source, reader: EventFileReader, settings: Settings) -> Report:
    """What was published and is not as it was; reads no file. Raises as `check` does."""
    changes = source.changes((reader.folder,), published=False)
    findings = (*append_only(changes, "event"), *_published(source, settings))
    return Report(source=source.name, findings=graded(findings, settings.severities), files=len(changes))


def _published(source: Source, settings: Settings) -> Iterator[Finding]:
    if settings.append_only_paths:
        yield from append_only(source.changes(settings.append_only_paths, published=True), "published")


def graded(findings: Iterable[Finding], severities: Mapping[str, Level]) -> tuple[Finding, ...]:
    """The findings as grave as the repository says, errors first, then by place; those that are off are left out."""
    kept = []
    for found in findings:
        level = severities.get(found.code, found.severity)
        if level != "off":
            kept.append(found if level == found.severity else replace(found, severity=level))
    return tuple(sorted(kept, key=lambda found: (found.severity, found.path, found.line, found.code, found.message)))
