"""What the definitions of a module are, told from their code: nothing is imported."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.sources import Entry, Files
from jerry_git.application.reviewing.changes import Definition
from jerry_git.application.reviewing.tiers import Kind, Tier, rank, tier_of
from jerry_git.application.schemas.classes import Classes
from jerry_git.application.schemas.library import Alias, Class, Library, Module
from jerry_git.application.settings import SchemaSettings

EVENT_BASES = frozenset(("DomainEvent", "Event", "BaseEvent", "EventBase", "IntegrationEvent"))
_AGGREGATE_BASES = frozenset(("AggregateRoot", "Aggregate", "BaseAggregate"))
_APPLY = frozenset(("_apply", "apply", "_when", "when", "_mutate"))
_COLLECT = frozenset(("collect_events", "pull_events", "pop_events", "pending_events", "collect_new_events"))
_ABSTRACT = frozenset(("typing.Protocol", "typing_extensions.Protocol", "abc.ABC", "abc.ABCMeta"))
_PORT_NAME = re.compile(r"I[A-Z][a-z]\w*")
_STORE_NAME = re.compile(r"\w*Event(Store|Codec|Serializer|Mapper|Encoder|Decoder)")

_PLACES: tuple[tuple[Kind, frozenset[str]], ...] = (
    (Kind.AGGREGATE, frozenset(("aggregate", "aggregates"))),
    (Kind.PORT, frozenset(("port", "ports"))),
    (Kind.PROJECTION, frozenset(("projection", "projections", "projectors", "read_model", "read_models"))),
    (Kind.QUERY, frozenset(("queries", "query", "query_handlers"))),
    (Kind.HANDLER, frozenset(("commands", "handlers", "command_handlers"))),
    (Kind.ADAPTER, frozenset(("adapter", "adapters", "infrastructure"))),
)
"""What everything is in a package or module of one of these names; the first that fits."""

_NAMES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.PROJECTION, re.compile(r"\w+(Projection|Projector|ReadModel)")),
    (Kind.QUERY, re.compile(r"\w+Query(Handler)?")),
    (Kind.HANDLER, re.compile(r"\w+Handler|handle(_\w+)?")),
)
"""What a class or a function of such a name is, wherever it is."""


class Kinds:
    """Tells what definitions are, in the modules of one side of a change."""

    def __init__(self, files: Files, settings: SchemaSettings) -> None:
        self._files = files
        self._settings = settings
        self._library = Library(files, settings)
        self._classes = Classes(self._library)
        self._upcasters = frozenset(settings.upcasters.values())

    def modules(self, entries: Mapping[str, Entry]) -> dict[str, Module | None]:
        """Each file as a module, None where it cannot be read."""
        names = {path: self._library.name_of(path) for path in entries}
        self._library.load(names.values())
        found = {path: self._library.module(name) for path, name in names.items()}
        kept = {path: module for path, module in found.items() if module is not None and module.path == path}
        others = [entry for path, entry in entries.items() if path not in kept]
        # what is no module of the library has a name of Python's own, or the same name as another file
        read = self._files.contents(others)
        return {**kept, **{entry.path: _parsed(names[entry.path], entry.path, content) for entry, content in read}}

    def of(self, module: Module, found: Mapping[str, Definition]) -> dict[str, tuple[Kind, str]]:
        """The kind of each definition, and the name of the one that it is a part of, empty where it is by itself.

        What a definition uses of its own module is a part of it; the riskiest one counts.
        """
        own = {name: self._kind(module, definition) for name, definition in found.items()}
        kinds = {name: (kind, "") for name, kind in own.items()}
        reached = set[str]()
        for user in sorted((name for name in own if tier_of(own[name]) != Tier.LOW), key=lambda name: _risk(own[name])):
            waiting = [user]
            while waiting:
                outer = user.partition(".")[0]  # is no part of a class in it
                for name in sorted(found[waiting.pop()].uses & found.keys() - reached - {outer}):
                    reached.add(name)
                    waiting.append(name)
                    if _risk(own[user]) < _risk(own[name]):
                        kinds[name] = (own[user], user)
        return kinds

    def _kind(self, module: Module, definition: Definition) -> Kind:
        code, name = definition.statement, definition.name.rpartition(".")[2]
        if isinstance(code, ast.alias):
            return Kind.CODE
        if f"{module.name}:{definition.name}" in self._upcasters:
            return Kind.UPCASTER
        kind = self._kind_of_class(Class(module, code)) if isinstance(code, ast.ClassDef) else None
        if kind is not None and tier_of(kind) != Tier.MEDIUM:
            return kind
        parts = frozenset(module.name.split("."))
        found = [] if kind is None else [kind]
        if isinstance(code, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found += [kind for kind, pattern in _NAMES if pattern.fullmatch(name)]
        found += [kind for kind, words in _PLACES if words & parts]
        return next((kind for kind in found if tier_of(kind) == Tier.HIGH), next(iter(found), Kind.CODE))

    def _kind_of_class(self, found: Class) -> Kind | None:
        """What a class is by itself or by its ancestors."""
        lineage = self._lineage(found)
        if self._is_event(found, lineage):
            return Kind.EVENT
        if self._is_port(found):
            return Kind.PORT
        if _STORE_NAME.fullmatch(found.code.name):
            return Kind.STORE
        methods = {each.name for each in found.code.body if isinstance(each, ast.FunctionDef)}
        if any(_last(each) in _AGGREGATE_BASES for each in lineage) or (methods & _APPLY and methods & _COLLECT):
            return Kind.AGGREGATE
        if any(isinstance(each, Class) and self._is_port(each) for each in lineage[1:]):
            return Kind.ADAPTER
        return None

    def _lineage(self, found: Class) -> list[Class | str]:
        """The class and all that it descends from: what is elsewhere, or cannot be told, by its name."""
        line: list[Class | str] = [found]
        for each in line:  # which grows
            if isinstance(each, Class):
                line += [up for up in self._bases(each) if up not in line]
        return line

    def _bases(self, found: Class) -> Iterator[Class | str]:
        for code in found.code.bases:
            yield self._named(found.module, code)

    def _named(self, module: Module, code: ast.expr) -> Class | str:
        """What a base stands for, its last word where that cannot be told."""
        plain = _plain(code)
        meaning = self._library.meaning(module, plain)
        if isinstance(meaning, Alias):  # such as `Root = AggregateRoot[Event]`
            plain = _plain(meaning.code)
            meaning = self._library.meaning(meaning.module, plain)
        return meaning if isinstance(meaning, Class | str) else str(getattr(plain, "attr", getattr(plain, "id", "")))

    def _is_port(self, found: Class) -> bool:
        is_named = bool(_PORT_NAME.fullmatch(found.code.name)) or "ports" in found.module.name.split(".")
        said = {*self._bases(found), *(self._named(found.module, word.value) for word in found.code.keywords)}
        return is_named and bool(said & _ABSTRACT)

    def _is_event(self, found: Class, lineage: list[Class | str]) -> bool:
        settings = self._settings
        if not settings.declares:
            return any(_last(each) in EVENT_BASES and not _is_standard(each) for each in lineage)
        if found in self._event_bases:
            return True
        if settings.modules and not any(_is_in(found.module.name, pattern) for pattern in settings.modules):
            return False
        if settings.bases:
            return any(base in lineage for base in self._event_bases)
        return self._classes.kind(found) not in (None, "enum")

    @cached_property
    def _event_bases(self) -> list[Class | str]:
        """The configured bases, those that are elsewhere by their dotted names."""
        found: list[Class | str] = []
        for base in self._settings.bases:
            name, _, inner = base.partition(":")
            module = self._library.module(name)
            meaning = None if module is None else self._library.meaning(module, ast.Name(inner))
            found.append(meaning if isinstance(meaning, Class) else f"{name}.{inner}")
        return found


def _parsed(name: str, path: str, content: bytes | Problem) -> Module | None:
    if isinstance(content, Problem):
        return None
    try:
        return Module(name, path, ast.parse(content))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _risk(kind: Kind) -> tuple[int, int]:
    return rank(tier_of(kind)), list(Kind).index(kind)


def _plain(code: ast.expr) -> ast.expr:
    return code.value if isinstance(code, ast.Subscript) else code


def _last(found: Class | str) -> str:
    return found.code.name if isinstance(found, Class) else found.rpartition(".")[2]


def _is_standard(found: Class | str) -> bool:
    return isinstance(found, str) and "." in found and found.partition(".")[0] in sys.stdlib_module_names


def _is_in(module: str, pattern: str) -> bool:
    package = pattern.removesuffix(".*")
    return module == package or (pattern.endswith(".*") and module.startswith(f"{package}."))
