"""The check of layers over one source: every module is read, for what one of them imports concerns all (LES-002)."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import RULES, Finding, Report, Step, finding, graded
from jerry_git.application.checking.sources import Entry, EventFileReader, Source
from jerry_git.application.layers.scans import FORMAT, Scans
from jerry_git.application.layers.tree import Tree, tree_of
from jerry_git.application.settings import LayerSettings, Settings

if TYPE_CHECKING:  # where the same files were checked before, nothing else of this room is needed
    from jerry_git.application.layers.baseline import Frozen
    from jerry_git.application.layers.examining import Examined
    from jerry_git.application.layers.imports import Scan


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """The rules of layers, with what is remembered of files that were read before."""

    scans: Scans

    def __call__(self, source: Source, reader: EventFileReader, settings: Settings) -> Report:  # noqa: ARG002 - one shape
        """Every finding in the source; raises as the source does.

        Where the same files were checked by the same rules before, the findings are those of that time.
        """
        entries = source.tracked()
        tree = tree_of(source, entries)
        key = _key(source, tree, entries, settings.layers)
        found = None if key is None else self.scans.report(key)
        if found is None:
            found = tuple(self.examined(source, tree, entries, settings.layers).findings())
            if key is not None and all(each.code != "layer-unread" for each in found):  # it may be here next time
                self.scans.keep(key, found)
        found = (*found, *grown(source, entries, settings.layers))
        return Report(source=source.name, findings=graded(found, settings.severities), files=len(tree.files))

    def examined(self, source: Source, tree: Tree, entries: Sequence[Entry], settings: LayerSettings) -> Examined:
        """Everything that the check knows of a source; raises as the source does."""
        from jerry_git.application.layers.examining import Examined
        from jerry_git.application.layers.graph import Graph
        from jerry_git.application.layers.modules import Modules, source_roots
        from jerry_git.application.layers.rules import asks_deep, rules_of

        scans, unread = _scanned(self.scans, source, tree, texts=settings.strings)
        paths = sorted(scans)
        roots, unmatched = source_roots(paths, [entry.path for entry in entries], settings.roots)
        modules = Modules(paths, roots)
        numbered = {number: scans[path] for number, path in enumerate(paths)}
        graph = Graph.of(modules, numbered, asks_deep(settings))
        rules = rules_of(settings, graph)
        rules.unmatched = [*(("roots", pattern) for pattern in unmatched), *rules.unmatched]
        frozen, problem = _baseline(source, entries, settings)
        own = "pyproject.toml" if any(entry.path == "pyproject.toml" for entry in entries) else ".jerry/config.toml"
        return Examined(
            graph=graph,
            rules=rules,
            scans=numbered,
            unread=[*unread, *problem],
            frozen=frozen,
            settings=settings,
            settings_path=own,
        )


def _key(source: Source, tree: Tree, entries: Sequence[Entry], settings: LayerSettings) -> str | None:
    """What the findings depend on; None where a file cannot be read."""
    marks = [entry for entry in entries if entry.path == settings.baseline or entry.path.endswith(_MARKS)]
    blobs: dict[str, str] = {}
    for entry, content in source.contents([entry for entry in (*tree.files.values(), *marks) if not entry.blob]):
        if isinstance(content, Problem):
            return None
        blobs[entry.path] = hashlib.sha256(content).hexdigest()
    parts = [repr((FORMAT, sys.version_info[:2], settings, sorted(tree.lost)))]
    parts += [f"{path} {entry.blob or blobs[entry.path]}" for path, entry in sorted(tree.files.items())]
    parts += [f"{entry.path} {entry.blob or blobs[entry.path]}" for entry in marks if entry.path == settings.baseline]
    parts += [entry.path for entry in marks]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


_MARKS = ("pyproject.toml", "setup.py", "setup.cfg")


def _scanned(scans: Scans, source: Source, tree: Tree, *, texts: bool) -> tuple[dict[str, Scan], list[Finding]]:
    """The modules by path, and those that could not be read."""
    found: dict[str, Scan] = {}
    unread = [
        finding("layer-unread", what, f"`git rm {path}`, or let it lead to a file of the repository", path)
        for path, what in tree.lost
    ]
    names: dict[Entry, list[str]] = {}
    for path, entry in tree.files.items():
        names.setdefault(entry, []).append(path)
    for entry, scan in scans.of(source, list(names), texts=texts):
        if isinstance(scan, Problem):
            unread.append(finding("layer-unread", scan.message, scan.mend, entry.path))
        elif scan is not None:
            found |= dict.fromkeys(names[entry], scan)
    return found, unread


def _baseline(
    source: Source, entries: Sequence[Entry], settings: LayerSettings
) -> tuple[frozenset[Frozen], list[Finding]]:
    from jerry_git.application.layers.baseline import BaselineError, read

    own = [entry for entry in entries if entry.path == settings.baseline and entry.is_regular]
    for entry, content in source.contents(own):
        try:
            if not isinstance(content, Problem):
                return read(content), []
            reason = content.message
        except BaselineError as error:
            reason = str(error)
        return frozenset(), [finding("layer-baseline", reason, f"git checkout HEAD -- {entry.path}", entry.path)]
    return frozenset(), []


def grown(source: Source, entries: Sequence[Entry], settings: LayerSettings) -> Iterator[Finding]:
    """What the baseline holds that it did not hold before: frozen is what was there on the first day."""
    if not any(entry.path == settings.baseline for entry in entries):
        return
    changes = source.changes((settings.baseline,), published=False)
    pairs = [(change.before, change.after) for change in changes if change.before and change.after]
    told: set[Frozen] = set()
    for before, after in pairs:
        old, new = _held(source.former([before])), _held(source.contents([after]))
        if old is None or new is None:  # told by whoever reads it
            continue
        for frozen in sorted(new - old - told):
            told.add(frozen)
            message = f"{frozen.importer} to {frozen.imported} ({frozen.code}) was added to the baseline"
            yield finding("layer-baseline", message, "mend it in the code: the baseline only shrinks", after.path)


def _held(contents: Iterator[tuple[Entry, bytes | Problem]]) -> frozenset[Frozen] | None:
    from jerry_git.application.layers.baseline import BaselineError, read

    for _, content in contents:
        if isinstance(content, bytes):
            try:
                return read(content)
            except BaselineError:
                return None
    return None


def data_of(found: Sequence[Finding]) -> str:
    """Findings as JSON, for `Scans.keep`."""
    return json.dumps([{**asdict(each), "severity": None} for each in found])


def findings_of(data: str) -> tuple[Finding, ...]:
    """What `data_of` wrote; raises `ValueError`, `TypeError` or `KeyError` for anything else."""
    found = []
    for row in json.loads(data):
        row["severity"] = RULES[row["code"]].severity
        row["steps"] = tuple(Step(**step) for step in row["steps"])
        found.append(Finding(**row))
    return tuple(found)
