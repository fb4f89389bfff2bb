"""The check of layers over one source: every module is read, for what one of them imports concerns all (LES-002)."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.findings import RULES, Finding, Report, Step, finding, graded
from jerry_git.application.checking.sources import Entry, EventFileReader, Source
from jerry_git.application.layers.baseline import BaselineError, Frozen, read
from jerry_git.application.layers.graph import Graph, Rule, chains, reached, reaching
from jerry_git.application.layers.imports import Allowance, Import, Scan
from jerry_git.application.layers.modules import Modules, source_roots
from jerry_git.application.layers.rules import Rules, asks_deep, rules_of
from jerry_git.application.layers.scans import FORMAT, Scans
from jerry_git.application.layers.tree import Tree, tree_of
from jerry_git.application.settings import LayerSettings, Settings

LESSON = "LES-002"
_CODES = frozenset((LESSON, "layer-import", "layer-chain", "layer-external", "layer-dynamic"))
"""What an allowance may name."""
_MEND = f"turn it round with a port, or allow it there: `# jerry: allow[{LESSON}] reason`"
_LAST = -1


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
            if key is not None:
                self.scans.keep(key, found)
        found = (*found, *grown(source, entries, settings.layers))
        return Report(source=source.name, findings=graded(found, settings.severities), files=len(tree.files))

    def examined(self, source: Source, tree: Tree, entries: Sequence[Entry], settings: LayerSettings) -> Examined:
        """Everything that the check knows of a source; raises as the source does."""
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
    for _, content in contents:
        if isinstance(content, bytes):
            try:
                return read(content)
            except BaselineError:
                return None
    return None


@dataclass(frozen=True, slots=True)
class Violation:
    """One finding, and by what it is known for ever."""

    frozen: Frozen
    found: Finding


@dataclass(eq=False)
class Examined:
    """The graph of a source with its rules, allowances and baseline."""

    graph: Graph
    rules: Rules
    scans: Mapping[int, Scan]
    unread: Sequence[Finding]
    frozen: frozenset[Frozen]
    settings: LayerSettings
    settings_path: str = "pyproject.toml"
    _allowed: dict[tuple[int, int], list[Allowance]] = field(default_factory=dict)
    """Allowances by module and line of the imports that they stand on."""

    def __post_init__(self) -> None:
        """Find where each allowance counts."""
        for number, scan in self.scans.items():
            for allowance in scan.allowances:
                if not _fault(allowance):
                    self._allowed.setdefault((number, allowance.line), []).append(allowance)

    def findings(self) -> Iterator[Finding]:
        """Everything but what the baseline holds."""
        violations = list(self.violations())
        yield from (violation.found for violation in violations if violation.frozen not in self.frozen)
        yield from self.unread
        yield from self._troubles()
        yield from self._unmatched()
        yield from self._allowances()
        for frozen in sorted(self.frozen - {violation.frozen for violation in violations}):
            message = f"{frozen.importer} to {frozen.imported} ({frozen.code}) is mended, and still in the baseline"
            yield finding("layer-mended", message, "`jerry layers baseline` takes it out", self.settings.baseline)

    def violations(self) -> Iterator[Violation]:
        """Every breach of a rule; one import that breaks two of them is told once."""
        told = set()
        for rule in self.rules.rules:
            for violation in self._of(rule):
                place = (violation.frozen, violation.found.path, violation.found.line)
                if place not in told:
                    told.add(place)
                    yield violation
        yield from self._computed()

    def _of(self, rule: Rule) -> Iterator[Violation]:
        sites = self._counting(rule)
        for chain in chains(self.graph, rule, sites):
            is_direct = len(chain) == 2
            code = rule.code if is_direct or rule.code != "layer-import" else "layer-chain"
            importer, imported = self.graph.names[chain[0]], self.graph.names[chain[_LAST]]
            frozen = Frozen(code, importer, imported)
            if is_direct:
                for site in _lines(sites(*chain)):
                    yield Violation(frozen, self._direct(rule, chain, site))
            else:
                yield Violation(frozen, self._chained(rule, chain, code, sites))

    def _direct(self, rule: Rule, chain: Sequence[int], site: Import) -> Finding:
        importer, imported = chain[0], chain[_LAST]
        line, column = self._place(site, imported)
        hint = ", for type checkers alone" if site.typing else ""
        names = self.graph.names
        message = f"{names[importer]} imports {names[imported]}{hint}: {rule.says[imported]}"
        return _finding(rule.code, message, self.graph.modules.all[importer].path, line, column)

    def _chained(self, rule: Rule, chain: Sequence[int], code: str, sites: _Sites) -> Finding:
        steps = tuple(self._step(one, other, sites) for one, other in pairwise(chain))
        names = self.graph.names
        through = f"{len(chain) - 2} other{'s' if len(chain) > 3 else ''}"
        message = f"{names[chain[0]]} reaches {names[chain[_LAST]]} through {through}: {rule.says[chain[_LAST]]}"
        return _finding(code, message, steps[0].path, steps[0].line, steps[0].column, steps)

    def _step(self, importer: int, imported: int, sites: _Sites) -> Step:
        line, column = self._place(sites(importer, imported)[0], imported)
        names = self.graph.names
        message = f"{names[importer]} imports {names[imported]}"
        path = self.graph.modules.all[importer].path
        return Step(path=path, line=line, column=column, message=message)

    def _place(self, site: Import, imported: int) -> tuple[int, int]:
        """That of the name when the name is what is imported, that of the statement when it is something in it."""
        own = self.graph.names[imported].rpartition(".")[2]
        name = (site.name or site.module).rpartition(".")[2]
        is_own = site.name is None or (name == own and self.graph.names[imported] != site.module)
        return (site.line, site.column) if is_own else (site.start, site.start_column)

    def _computed(self) -> Iterator[Violation]:
        """Imports that are not known before the program runs, in modules that must not import everything."""
        guarded = frozenset(number for rule in self.rules.rules for number in rule.importers)
        for number in sorted(guarded & self.scans.keys()):
            name, path = self.graph.names[number], self.graph.modules.all[number].path
            for spot in self.scans[number].computed:
                if self._allowance(number, (spot.line,), "layer-dynamic") is None:
                    message = f"{name} imports what is known only when it runs: {spot.what}"
                    mend = f"name it, or say why: `# jerry: allow[{LESSON}] reason`"
                    found = finding("layer-dynamic", message, mend, path, spot.line, column=spot.column)
                    yield Violation(Frozen("layer-dynamic", name, spot.what), found)

    def _counting(self, rule: Rule, *, allowed: bool = False) -> _Sites:
        """The imports that count under a rule; with `allowed`, those too that something allows."""

        def sites(importer: int, imported: int) -> Sequence[Import]:
            found: Sequence[Import] = self.graph.imports[importer][imported]
            if not rule.typing:
                found = [site for site in found if not site.typing]
            if allowed:
                return found
            if any(importer in ones and imported in others for _, ones, others in self.rules.allowed):
                return ()
            if not self._allowed:
                return found
            return [site for site in found if self._allowance(importer, _own_lines(site), rule.code) is None]

        return sites

    def _allowance(self, number: int, lines: Iterable[int], code: str) -> Allowance | None:
        for line in lines:
            for allowance in self._allowed.get((number, line), ()):
                if LESSON in allowance.codes or code in allowance.codes:
                    return allowance
        return None

    def _troubles(self) -> Iterator[Finding]:
        for number, scan in self.scans.items():
            if scan.trouble is None:
                continue
            path, (line, column, what) = self.graph.modules.all[number].path, scan.trouble
            if scan.unread:
                yield finding("layer-unread", f"cannot be read: {what}", f"correct {path}", path, line)
            else:
                message = f"{what}; its imports were read without a parser"
                yield finding("layer-syntax", message, "run the check with a newer Python", path, line, column=column)

    def _unmatched(self) -> Iterator[Finding]:
        for key, pattern in self.rules.unmatched:
            message = f"tool.jerry.layers.{key}: {pattern!r} matches no module"
            mend = "correct the name: `jerry layers graph` shows what there is"
            yield finding("layer-unmatched", message, mend, self.settings_path)

    def _allowances(self) -> Iterator[Finding]:
        """Allowances that say too little, or are needed no more."""
        used = self._used()
        for number, scan in self.scans.items():
            path = self.graph.modules.all[number].path
            for allowance in scan.allowances:
                place = (path, allowance.line)
                if fault := _fault(allowance):
                    mend = f"write `# jerry: allow[{LESSON}] reason`"
                    yield finding("layer-allowance", fault, mend, *place, column=allowance.column)
                elif (number, allowance) not in used:
                    message = "it allows nothing that a rule refuses on this line"
                    yield finding("layer-unused", message, "take the comment out", *place, column=allowance.column)
        for place_, (pair, _, _) in enumerate(self.rules.allowed):
            if (_LAST, place_) not in used:
                names = f"{', '.join(pair.importers)} to {', '.join(pair.imported)}"
                message = f"tool.jerry.layers.allowed[{place_}]: {names} allows nothing that a rule refuses"
                yield finding("layer-unused", message, "take it out of the settings", self.settings_path)

    def _used(self) -> set[tuple[int, object]]:
        """The allowances without which something would be found: comments by module, settings by their place."""
        if not self._allowed and not self.rules.allowed:
            return set()
        used: set[tuple[int, object]] = set()
        for rule in self.rules.rules:
            sites = self._counting(rule, allowed=True)
            for importer, imported in _violating(self.graph, rule, sites):
                for place, (_, ones, others) in enumerate(self.rules.allowed):
                    if importer in ones and imported in others:
                        used.add((_LAST, place))
                for site in sites(importer, imported):
                    allowance = self._allowance(importer, _own_lines(site), rule.code)
                    used.add((importer, allowance))
        for number, scan in self.scans.items():
            for spot in scan.computed:
                used.add((number, self._allowance(number, (spot.line,), "layer-dynamic")))
        return used


_Sites = Callable[[int, int], Sequence[Import]]


def _violating(graph: Graph, rule: Rule, sites: _Sites) -> Iterator[tuple[int, int]]:
    """Every import on a way from what a rule is about to what it forbids."""
    between = reaching(graph, rule, sites) if rule.transitive else set()
    behind = {*rule.importers, *(reached(graph, rule, sites) if between else ())}
    ahead = {*rule.imported, *between}
    for importer in behind:
        for imported in graph.imports[importer]:
            if imported in ahead and sites(importer, imported):
                yield importer, imported


def _fault(allowance: Allowance) -> str:
    """What is wrong with an allowance by itself."""
    if allowance.problem:
        return allowance.problem
    if unknown := [code for code in allowance.codes if code not in _CODES]:
        return f"{unknown[0]} is nothing that can be allowed: {LESSON} is"
    if not allowance.codes:
        return f"it names nothing to allow: {LESSON} is what it means"
    return "" if allowance.reason else "it gives no reason"


def _own_lines(site: Import) -> tuple[int, ...]:
    """The lines on which an allowance for an import may stand: its own, the first and the last of the statement."""
    return (site.line, site.start, site.end)


def _lines(sites: Sequence[Import]) -> Iterator[Import]:
    """One import for each statement and line: many names from one module are one import."""
    told = set()
    for site in sites:
        if (site.start, site.start_column) not in told:
            told.add((site.start, site.start_column))
            yield site


def _finding(code: str, message: str, path: str, line: int, column: int, steps: tuple[Step, ...] = ()) -> Finding:
    return finding(code, message, _MEND, path, line, column=column, steps=steps)


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
