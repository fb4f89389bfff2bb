"""The graph of a source judged: every violation, allowance, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from jerry_git.application.checking.findings import Finding, Step, finding
from jerry_git.application.layers.baseline import Frozen
from jerry_git.application.layers.graph import Graph, Rule, chains, reached, reaching
from jerry_git.application.layers.imports import Allowance, Import, Scan
from jerry_git.application.layers.rules import Rules
from jerry_git.application.settings import LayerSettings

LESSON = "LES-002"
_CODES = frozenset((LESSON, "layer-import", "layer-chain", "layer-external", "layer-dynamic"))
"""What an allowance may name."""
_MEND = f"turn it round with a port, or allow it there: `# jerry: allow[{LESSON}] reason`"
_LAST = -1


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
        found = [violation for rule in self.rules.rules for violation in self._of(rule)]
        places = [(each.frozen, each.found.path, each.found.line) for each in found]
        yield from dict(zip(reversed(places), reversed(found), strict=True)).values()
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
        whole = self.graph.modules.all[imported].name if self.graph.is_module(imported) else self.graph.names[imported]
        is_own = site.name is None or (site.name == whole.rpartition(".")[2] and whole != site.module)
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
                codes = {"layer-import" if each == "layer-chain" else each for each in allowance.codes}
                if {LESSON, code} & codes:  # a chain is allowed where one of its imports is
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
                yield finding(
                    "layer-syntax",
                    message,
                    "correct it, or run the check with a newer Python",
                    path,
                    line,
                    column=column,
                )

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
