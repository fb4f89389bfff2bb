"""The event classes that the settings name, told from their code: nothing is imported (rule R9)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from jerry_domain.schemas.canonical import canonical
from jerry_git.application.checking.sources import Source
from jerry_git.application.schemas.annotations import OpaqueError, literal
from jerry_git.application.schemas.classes import Classes
from jerry_git.application.schemas.declarations import (
    DeclaredEvent,
    SourceProblem,
    differences,
    named,
    opaque_places,
)
from jerry_git.application.schemas.library import Class, Library, Module
from jerry_git.application.settings import SchemaSettings

__all__ = ["declared", "differences"]


def declared(source: Source, settings: SchemaSettings) -> tuple[list[DeclaredEvent], list[SourceProblem]]:
    """The event classes, sorted by module and line, and what the settings name and cannot be read.

    Raises as the source does.
    """
    finder = _Finder(Library(source, settings), source, settings)
    found = [finder.event(each) for each in finder.classes()]
    return sorted(found, key=lambda event: (event.path, event.line)), finder.problems


class _Finder:
    def __init__(self, library: Library, source: Source, settings: SchemaSettings) -> None:
        self._library = library
        self._source = source
        self._settings = settings
        self._kinds = Classes(library)
        self._told: list[SourceProblem] = []

    @property
    def problems(self) -> list[SourceProblem]:
        """Everything that could not be read."""
        return [*self._told, *self._library.problems]

    def classes(self) -> Iterator[Class]:
        """Every event class, once."""
        bases = [base for name in self._settings.bases if (base := self._base(name)) is not None]
        modules = list(self._modules()) if self._settings.modules else list(self._mentioning(bases))
        for module in modules:
            for code in module.classes:
                found = Class(module, code)
                if not code.name.startswith("_") and found not in bases and self._is_event(found, bases):
                    yield found

    def _is_event(self, found: Class, bases: Sequence[Class]) -> bool:
        if self._settings.bases:
            return any(self._descends(found, base) for base in bases)
        return self._kinds.kind(found) not in (None, "enum")

    def _descends(self, found: Class, base: Class) -> bool:
        ancestors = [found]
        for each in ancestors:  # which grows
            ancestors += [up for up in self._kinds.bases(each) if isinstance(up, Class) and up not in ancestors]
        return base in ancestors[1:]

    def _base(self, name: str) -> Class | None:
        module_name, _, class_name = name.partition(":")
        module = self._library.module(module_name)
        found = None if module is None else self._library.meaning(module, ast.Name(class_name))
        if isinstance(found, Class):
            return found
        self._tell(f"the base class {name} is not there")
        return None

    def _tell(self, message: str) -> None:
        mend = "correct `modules`, `bases` or `source-roots` in [tool.jerry.schemas]"
        self._told.append(SourceProblem(message=message, mend=mend))

    def _modules(self) -> Iterator[Module]:
        for pattern in self._settings.modules:
            names = self._below(pattern.removesuffix(".*")) if pattern.endswith(".*") else [pattern]
            self._library.load(names)
            found = [module for name in names if (module := self._library.module(name)) is not None]
            if not found and not self._library.problems:
                self._tell(f"there is no module {pattern} below the source roots")
            yield from found

    def _below(self, package: str) -> list[str]:
        """The modules of a package and of all packages in it."""
        files = self._library.files(package.partition(".")[0])
        names = {self._library.name_of(path) for path in files if path.endswith(".py")}
        return sorted(name for name in names if name == package or name.startswith(f"{package}."))

    def _mentioning(self, bases: Sequence[Class]) -> Iterator[Module]:
        """The modules that name a base, or a class that descends from one, until no more are found."""
        seen: dict[str, Module] = {}
        names, asked = {base.code.name for base in bases}, set[str]()
        while names:
            asked |= names
            paths = {path for root in self._settings.source_roots for path in self._naming(sorted(names), root)}
            self._library.load(map(self._library.name_of, sorted(paths - seen.keys())))
            fresh = [module for path in sorted(paths - seen.keys()) if (module := self._of(path, seen)) is not None]
            names = {name for module in fresh for name in self._passing_on(module, bases)} - asked
        yield from (seen[path] for path in sorted(seen))

    def _passing_on(self, module: Module, bases: Sequence[Class]) -> Iterator[str]:
        """The names by which a module has a base, or a class that descends from one."""
        for name in module.names:
            found = self._library.meaning(module, ast.Name(name))
            if isinstance(found, Class) and (
                self._is_event(found, bases) or (found in bases and name != found.code.name)
            ):
                yield name

    def _naming(self, names: Sequence[str], root: str) -> Sequence[str]:
        return self._source.mentioning(names, "" if root == "." else root, "*.py")

    def _of(self, path: str, seen: dict[str, Module]) -> Module | None:
        module = self._library.module(self._library.name_of(path))
        if module is None or module.path != path:
            return None
        seen[path] = module
        return module

    # --- one event

    def event(self, found: Class) -> DeclaredEvent:
        """What a class declares."""
        settings = self._settings
        name, version = (self._attribute(found, key) for key in (settings.name_attribute, settings.version_attribute))
        own_name, own_version = named(found.code.name, name, version)
        event = DeclaredEvent(
            name=own_name,
            version=own_version,
            schema=Classes(self._library).document(found),
            path=found.module.path,
            line=found.code.lineno,
            module=found.module.name,
            qualname=found.code.name,
        )
        schema = canonical(event.schema)
        trimmed = canonical(replace(event, schema=schema).without(settings.envelope).schema)
        return replace(event, schema=trimmed, opaque=opaque_places(trimmed))

    def _attribute(self, found: Class, name: str) -> object:
        """The value of a class attribute, its own or an inherited one, None where it has none that is literal."""
        try:
            ancestry = self._kinds.ancestry(found)
        except OpaqueError:
            ancestry = [found]
        for owner in ancestry:
            for statement in owner.code.body:
                if (value := _assigned(statement, name)) is not None:
                    return _literal(value)
        return None


def _assigned(statement: ast.stmt, name: str) -> ast.expr | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
            return value
        case ast.AnnAssign(target=ast.Name(id=target), value=value, annotation=annotation) if target == name:
            is_literal = isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value).endswith("Literal")
            return annotation.slice if value is None and is_literal and isinstance(annotation, ast.Subscript) else value
        case _:
            return None


def _literal(code: ast.expr) -> object:
    try:
        return literal(code)
    except OpaqueError:
        return None
