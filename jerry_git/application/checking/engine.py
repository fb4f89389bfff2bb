"""The check: every rule over one source (DESIGN 7).

Asked about everything, it reads everything. Otherwise the cost is in the number of files that differ from the base: it
reads the streams that they belong to, and of the rest only what mentions the same ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jerry_git.application.checking.append_only import append_only
from jerry_git.application.checking.findings import Finding, Report, graded
from jerry_git.application.checking.sources import Change, EventFileReader, Source
from jerry_git.application.schemas.checking import check_schemas, patterns
from jerry_git.application.settings import Settings


def check(source: Source, reader: EventFileReader, settings: Settings, *, whole: bool) -> Report:
    """Every finding in `source`: of all that is there when `whole`, else of what differs from the base.

    Raises `GitError`, and `CannotCheckError` where a tree is missing that is needed.
    """
    changes = source.changes((reader.folder, *patterns(settings.schemas)), published=False)
    events, others = _parted(changes, (f"{reader.folder}/", f"{reader.archive}/"))
    findings = [*append_only(events, "event"), *_published(source, settings)]
    findings += check_schemas(source, settings.schemas, others, whole=whole)
    altered = {change.path: change.after for change in events if change.after is not None}
    files = 0
    if whole or altered:  # where nothing is to be judged, the judges need not be loaded
        from jerry_git.application.checking.examining import Examination

        examination = Examination(source, reader, settings)
        concerns, files = examination.of_all() if whole else examination.of(altered)
        findings += concerns
    return Report(source=source.name, findings=graded(findings, settings.severities), files=files)


def _parted(changes: Sequence[Change], folders: tuple[str, ...]) -> tuple[list[Change], list[Change]]:
    inside = [change for change in changes if change.path.startswith(folders)]
    return inside, [change for change in changes if not change.path.startswith(folders)]


def check_append_only(source: Source, reader: EventFileReader, settings: Settings) -> Report:
    """What was published and is not as it was; reads no file. Raises as `check` does."""
    changes = source.changes((reader.folder,), published=False)
    findings = (*append_only(changes, "event"), *_published(source, settings))
    return Report(source=source.name, findings=graded(findings, settings.severities), files=len(changes))


def _published(source: Source, settings: Settings) -> Iterator[Finding]:
    if settings.append_only_paths:
        yield from append_only(source.changes(settings.append_only_paths, published=True), "published")
