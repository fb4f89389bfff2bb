"""Upcasters of a repository: where they are declared, what their source says, and a stub for a new one.

They are found without importing anything. The fingerprint is of what the code says: comments, docstrings and layout
are no part of it, and it is the same under every version of Python that can parse the code.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pprint import pformat
from typing import Any

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.sources import Source
from jerry_git.application.settings import SchemaSettings

Json = Any


@dataclass(frozen=True, slots=True)
class Upcaster:
    """A declared upcaster of an event, from a version to the next; `fault` says why it has no fingerprint."""

    event: str
    version: int
    function: str
    path: str = ""
    line: int = 0
    fingerprint: str = ""
    fault: str = ""


def key_of(event: str, version: int) -> str:
    """How the settings name the upcaster that starts from a version."""
    return f"{event}.v{version}"


def declared(source: Source, settings: SchemaSettings) -> dict[tuple[str, int], Upcaster]:
    """Every upcaster that the settings name, by event and the version it starts from; raises as the source does."""
    modules = {function.partition(":")[0] for function in settings.upcasters.values()}
    files = _read(source, settings, sorted(modules))
    found = {}
    for key, function in settings.upcasters.items():
        event, _, version = key.rpartition(".v")
        found[event, int(version)] = _located(Upcaster(event, int(version), function), files)
    return found


def paths(settings: SchemaSettings) -> list[str]:
    """Where the modules of the declared upcasters may lie."""
    modules = sorted({function.partition(":")[0] for function in settings.upcasters.values()})
    return [path for module in modules for path in module_paths(settings, module)]


def module_paths(settings: SchemaSettings, module: str) -> list[str]:
    """The files that a module may be, below each of the source roots."""
    inner = module.replace(".", "/")
    roots = ["" if root == "." else f"{root}/" for root in settings.source_roots]
    return [f"{root}{inner}{end}" for root in roots for end in (".py", "/__init__.py")]


_File = tuple[str, ast.Module | str]
"""The path of a module, and its code, or what keeps it from being read."""


def _read(source: Source, settings: SchemaSettings, modules: Sequence[str]) -> dict[str, _File]:
    places = {path: module for module in modules for path in module_paths(settings, module)}
    files: dict[str, _File] = {}
    entries = [entry for entry in source.entries(list(places)) if entry.path in places] if places else []
    for entry, content in source.contents([entry for entry in entries if entry.is_regular]):
        files.setdefault(places[entry.path], (entry.path, _code(content)))
    return files


def _code(content: bytes | Problem) -> ast.Module | str:
    if isinstance(content, Problem):
        return content.message
    try:
        return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"not Python of this version: {error}"


def _located(upcaster: Upcaster, files: Mapping[str, _File]) -> Upcaster:
    module, _, name = upcaster.function.partition(":")
    if module not in files:
        return _faulty(upcaster, f"there is no module {module} below the source roots")
    path, code = files[module]
    if isinstance(code, str):
        return _faulty(upcaster, f"{path}: {code}", path)
    named = _named(code)
    if not isinstance(named.get(name), ast.FunctionDef):
        return _faulty(upcaster, f"{path} has no function {name} of its own", path)
    used = _used(name, named)
    text = "\n".join(f"{key}={_said(named[key])}" for key in sorted(used))
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    return Upcaster(upcaster.event, upcaster.version, upcaster.function, path, named[name].lineno, f"sha256:{digest}")


def _faulty(upcaster: Upcaster, fault: str, path: str = "") -> Upcaster:
    return Upcaster(upcaster.event, upcaster.version, upcaster.function, path, fault=fault)


def _named(code: ast.Module) -> dict[str, ast.stmt]:
    """What the top level of a module gives names to."""
    found: dict[str, ast.stmt] = {}
    for statement in code.body:
        for name in _names(statement):
            found[name] = statement
    return found


def _names(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case _:
            pass


def _used(name: str, named: Mapping[str, ast.stmt]) -> set[str]:
    """The name, and every name of the module's top level that it comes to."""
    used = {name}
    waiting = [name]
    while waiting:
        statement = named[waiting.pop()]
        words = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        waiting += sorted((words & named.keys()) - used)
        used |= words & named.keys()
    return used


def _said(node: object) -> str:
    """What a piece of code says, the same under every version of Python."""
    if isinstance(node, list):
        return f"[{','.join(map(_said, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    parts = (
        f"{name}={_said(value)}"
        for name, value in ast.iter_fields(node)
        if name not in ("type_comment", "kind", "ctx") and value is not None and value != []
        for value in [_without_docstring(node, name, value)]
    )
    return f"{type(node).__name__}({','.join(parts)})"


def _without_docstring(node: ast.AST, name: str, value: Any) -> Any:
    is_body = name == "body" and isinstance(node, ast.FunctionDef | ast.ClassDef)
    if is_body and isinstance(value[0], ast.Expr) and isinstance(value[0].value, ast.Constant):
        return value[1:]
    return value


def stub(event: str, version: int, added: Mapping[str, Json], removed: Sequence[str], module: str = "") -> str:
    """An upcaster from a version to the next, ready to be filled in, and the line of the settings that declares it.

    `added` are properties that the next version requires, with a value that fits each; `removed` those it has no more.
    """
    word = re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", event)).lower().strip("_")
    name = f"{word}_v{version}_to_v{version + 1}"
    lines = [
        f"def {name}(data: dict[str, object]) -> dict[str, object]:",
        f'    """{event}: the data of version {version} as version {version + 1} has them; pure, and for ever."""',
        "    upcast = dict(data)",
        *(f"    upcast.pop({key!r}, None)  # what became of it?" for key in removed),
        *(f"    upcast[{key!r}] = {pformat(value)}  # what was true of old events?" for key, value in added.items()),
        "    return upcast",
        "",
        "# pyproject.toml",
        "# [tool.jerry.schemas.upcasters]",
        f'# "{key_of(event, version)}" = "{module or "your.module"}:{name}"',
    ]
    return "\n".join(lines) + "\n"
