"""Python modules of a source as code that is read and never run: what a name in one of them stands for."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.sources import Entry, Files
from jerry_git.application.schemas.declarations import SourceProblem
from jerry_git.application.schemas.upcasters import module_paths
from jerry_git.application.settings import SchemaSettings

LIKE_DATACLASS = "typing.dataclass_transform()"
"""What a function stands for that says of itself that it makes of a class what `dataclass` does (PEP 681)."""
_TRANSFORMS = ("typing.dataclass_transform", "typing_extensions.dataclass_transform")
_DEEPEST = 40
_TYPE_ALIAS: Any = getattr(ast, "TypeAlias", ())
"""`type X = ...`, which Python knows from 3.12 on."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that an import binds: of a module, or of something in it."""

    module: str
    name: str | None = None


Binding = ast.ClassDef | ast.FunctionDef | ast.expr | Imported | None
"""What a name of a module's top level stands for; None where it stands for several things, or for something else."""


@dataclass(eq=False)
class Module:
    """One module: its dotted name, the path of its file, and its code."""

    name: str
    path: str
    code: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether relative imports in it begin at itself."""
        return self.path.endswith("/__init__.py")

    @property
    def classes(self) -> Iterator[ast.ClassDef]:
        """The classes of its top level, in conditions and handlers too; of one name, the last."""
        found = {each.name: each for each in _flat(self.code.body) if isinstance(each, ast.ClassDef)}
        return iter(found.values())

    @cached_property
    def names(self) -> dict[str, Binding]:
        """What its top level binds, in conditions and handlers too."""
        found: dict[str, Binding] = {}
        for statement in _flat(self.code.body):
            for name, binding in _bound(self, statement):
                found[name] = binding if name not in found or _alike(found[name], binding) else None
        return found

    @cached_property
    def stars(self) -> list[str]:
        """The modules from which it imports everything."""
        return [
            _absolute(self, statement)
            for statement in _flat(self.code.body)
            if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
        ]


def _flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody") if isinstance(statement, ast.If | ast.Try) else ():
            yield from _flat(getattr(statement, name, ()))
        for handler in getattr(statement, "handlers", ()):
            yield from _flat(handler.body)


def _alike(one: Binding, other: Binding) -> bool:
    return isinstance(one, Imported) and one == other


def _bound(module: Module, statement: ast.stmt) -> Iterator[tuple[str, Binding]]:
    match statement:
        case ast.ClassDef(name=name):
            yield name, statement
        case ast.Import(names=names):
            for alias in names:
                yield (
                    alias.asname or alias.name.partition(".")[0],
                    Imported(alias.name if alias.asname else alias.name.partition(".")[0]),
                )
        case ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name, Imported(_absolute(module, statement), alias.name)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=value):
            yield name, value
        case ast.FunctionDef(name=name):
            yield name, statement
        case ast.AsyncFunctionDef(name=name):
            yield name, None
        case _:
            aliases: list[Any] = [statement] if isinstance(statement, _TYPE_ALIAS) else []
            yield from [(alias.name.id, alias.value) for alias in aliases if not alias.type_params]


def _absolute(module: Module, statement: ast.ImportFrom) -> str:
    if not statement.level:
        return statement.module or ""
    parts = module.name.split(".")
    kept = parts[: len(parts) - statement.level + (1 if module.is_package else 0)]
    return ".".join([*kept, *([statement.module] if statement.module else [])])


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the library, by its module."""

    module: Module
    code: ast.ClassDef

    @property
    def name(self) -> str:
        """`module.Class`."""
        return f"{self.module.name}.{self.code.name}"


@dataclass(frozen=True, slots=True)
class Alias:
    """An expression that a name stands for, in the module that says so."""

    module: Module
    code: ast.expr


Meaning = Class | Alias | str | None
"""A class or an alias of the library, the dotted name of something outside of it, or None: cannot be told."""


@dataclass
class Library:
    """The modules of a source below its source roots, read when they are asked for."""

    source: Files
    settings: SchemaSettings
    problems: list[SourceProblem] = field(default_factory=list)
    _modules: dict[str, Module | None] = field(default_factory=dict)
    _packages: dict[str, dict[str, Entry]] = field(default_factory=dict)

    def module(self, name: str) -> Module | None:
        """A module by its dotted name; None where it is not here, or cannot be read (which is told)."""
        self.load([name])
        return self._modules[name]

    def load(self, names: Iterable[str]) -> None:
        """Read modules, all at once: a source of git objects starts its processes but one time."""
        wanted: dict[Entry, str] = {}
        for name in names:
            if name not in self._modules:
                self._modules[name] = None
                files = self.files(name.partition(".")[0])
                wanted |= {files[path]: name for path in module_paths(self.settings, name)[::-1] if path in files}
        firsts = {name: entry for entry, name in wanted.items()}
        for entry, content in self.source.contents(list(firsts.values())):
            self._modules[wanted[entry]] = self._parsed(wanted[entry], entry, content)

    def files(self, package: str) -> dict[str, Entry]:
        """The files of a package or module of the top level, by path; none of Python's own library."""
        if package in sys.stdlib_module_names:
            return {}
        if package not in self._packages:
            roots = ["" if root == "." else f"{root}/" for root in self.settings.source_roots]
            places = [f"{root}{package}{end}" for root in roots for end in ("", ".py")]
            entries = self.source.entries(places)
            self._packages[package] = {entry.path: entry for entry in entries if entry.is_regular}
        return self._packages[package]

    def _parsed(self, name: str, entry: Entry, content: bytes | Problem) -> Module | None:
        if isinstance(content, Problem):
            self._tell(entry.path, content.message, 0)
            return None
        try:
            return Module(name, entry.path, ast.parse(content))
        except SyntaxError as error:
            self._tell(entry.path, f"not Python of this version: {error.msg}", error.lineno or 0)
        except (ValueError, RecursionError, MemoryError) as error:
            self._tell(entry.path, f"cannot be read: {error}", 0)
        return None

    def _tell(self, path: str, message: str, line: int) -> None:
        self.problems.append(SourceProblem(message=message, mend=f"correct {path}", path=path, line=line))

    def name_of(self, path: str) -> str:
        """The dotted name of the module that a file is, below the innermost source root."""
        roots = sorted((f"{root}/" for root in self.settings.source_roots if root != "."), key=len, reverse=True)
        inner = next((path.removeprefix(root) for root in roots if path.startswith(root)), path)
        return inner.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def meaning(self, module: Module, code: ast.expr, depth: int = 0) -> Meaning:
        """What a name, or a dotted one, stands for in a module."""
        if depth > _DEEPEST:
            return None
        if isinstance(code, ast.Name):
            return self._named(module, code.id, depth)
        if isinstance(code, ast.Attribute):
            return self._attribute(self.meaning(module, code.value, depth + 1), code.attr, depth)
        return None

    def _attribute(self, outer: Meaning, name: str, depth: int) -> Meaning:
        return self._imported(outer, name, depth) if isinstance(outer, str) else None

    def _named(self, module: Module, name: str, depth: int) -> Meaning:
        if name not in module.names:
            return self._starred(module, name, depth)
        match module.names[name]:
            case ast.ClassDef() as code:
                return Class(module, code)
            case Imported(module=origin, name=None):
                return origin
            case Imported(module=origin, name=str(inner)):
                return self._imported(origin, inner, depth)
            case ast.FunctionDef() as code:
                return LIKE_DATACLASS if self._is_transform(module, code, depth) else None
            case ast.expr() as code:
                return self.meaning(module, code, depth + 1) or Alias(module, code)
            case _:
                return None

    def _is_transform(self, module: Module, code: ast.FunctionDef, depth: int) -> bool:
        calls = [each.func for each in code.decorator_list if isinstance(each, ast.Call)]
        return any(self.meaning(module, call, depth + 1) in _TRANSFORMS for call in calls)

    def _imported(self, origin: str, name: str, depth: int) -> Meaning:
        if depth > _DEEPEST:
            return None
        module = self.module(origin)
        if module is None:
            return f"{origin}.{name}"
        if name not in module.names and self.module(f"{origin}.{name}") is not None:
            return f"{origin}.{name}"
        return self._named(module, name, depth + 1)

    def _starred(self, module: Module, name: str, depth: int) -> Meaning:
        origins = [self.module(origin) for origin in module.stars]
        for origin in origins:
            if origin is not None and depth < _DEEPEST and (found := self._named(origin, name, depth + 1)):
                return found
        if None in origins:
            return None
        return f"builtins.{name}" if hasattr(builtins, name) else None
