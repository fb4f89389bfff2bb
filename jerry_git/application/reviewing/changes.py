"""What changed inside of a module: its definitions, whatever comments, docstrings and layout around them."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jerry_domain.ports.event_store import Problem
from jerry_git.application.checking.sources import Change, Entry, Source

_UNSAID = frozenset(("type_comment", "kind", "ctx"))
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Former:
    """The files of a source as they were in its base; implements `Files`."""

    def __init__(self, source: Source, changes: Sequence[Change]) -> None:
        self._source = source
        self._changed = {change.path for change in changes}
        self._before = {change.path: change.before for change in changes if change.before is not None}

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """See `Files.entries`."""
        kept = [entry for entry in self._source.entries(folders) if entry.path not in self._changed]
        kept += [entry for entry in self._before.values() if _is_below(entry.path, folders)]
        return sorted(kept, key=lambda entry: entry.path)

    def contents(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Problem]]:
        """See `Files.contents`."""
        yield from self._source.former([entry for entry in entries if entry.path in self._before])
        yield from self._source.contents([entry for entry in entries if entry.path not in self._before])


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name of a module's top level stands for: what its code says, and which names that uses.

    Statements that give no name are all one definition, whose name is empty. `statement` is the last class or function
    of the name, or the first statement that binds it.
    """

    name: str
    line: int
    said: tuple[str, ...]
    uses: frozenset[str]
    statement: ast.AST


def definitions(code: ast.Module) -> dict[str, Definition]:
    """The definitions of a module, by name; a class in a class by both names."""
    found: dict[str, Definition] = {}
    for name, statement, words in _pieces(code.body):
        former = found.get(name)
        line = getattr(statement, "lineno", 0)
        uses = frozenset(node.id for node in ast.walk(statement) if isinstance(node, ast.Name))
        if former is None:
            found[name] = Definition(name, line, (words,), uses, statement)
        else:
            binding = statement if isinstance(statement, _DOCUMENTED) else former.statement
            found[name] = Definition(name, former.line, (*former.said, words), former.uses | uses, binding)
    return found


_Piece = tuple[str, ast.AST, str]
"""A name, the code that binds it, and what that says."""


def _pieces(body: Sequence[ast.stmt]) -> Iterator[_Piece]:
    """What each statement gives a name to, in conditions and handlers too."""
    for place, statement in enumerate(body):
        match statement:
            case ast.If(test=test):
                yield "", test, said(test)
                yield from _pieces([*statement.body, *statement.orelse])
            case ast.Try(handlers=handlers):
                inner = [each for handler in handlers for each in handler.body]
                yield from _pieces([*statement.body, *inner, *statement.orelse, *statement.finalbody])
            case ast.Expr(value=ast.Constant()) if place == 0:
                pass  # the docstring
            case _:
                yield from _named(statement)


def _named(statement: ast.stmt) -> Iterator[_Piece]:
    match statement:
        case ast.ClassDef():
            yield from _of_class(statement, "")
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name, statement, said(statement)
        case ast.Import(names=names):
            yield from ((alias.asname or alias.name.partition(".")[0], alias, said(alias)) for alias in names)
        case ast.ImportFrom(names=names):
            origin = f"{'.' * statement.level}{statement.module or ''}"
            yield from ((alias.asname or alias.name, alias, f"{origin} {said(alias)}") for alias in names)
        case ast.Assign(targets=targets):
            yield from _assigned(statement, targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            yield from _assigned(statement, [target])
        case _:
            yield "", statement, said(statement)


def _of_class(code: ast.ClassDef, outer: str) -> Iterator[_Piece]:
    yield f"{outer}{code.name}", code, said(code)
    for inner in code.body:
        if isinstance(inner, ast.ClassDef):
            yield from _of_class(inner, f"{outer}{code.name}.")


def _assigned(statement: ast.stmt, targets: Sequence[ast.expr]) -> Iterator[_Piece]:
    names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    for name in sorted(names) or ("",):
        yield name, statement, said(statement)


def said(code: ast.AST) -> str:
    """What a piece of code says: equal for pieces that differ in comments, docstrings and layout alone.

    Without recursion: code may be nested deeper than this program may call itself.
    """
    words: list[str] = []
    waiting: deque[object] = deque([code])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, list):
            words.append(f"[{len(node)}]")
            waiting.extend(node)
        elif isinstance(node, ast.AST):
            words.append(type(node).__name__)
            waiting.extend(_field(node, name, value) for name, value in ast.iter_fields(node) if name not in _UNSAID)
        else:
            words.append(repr(node))
    return " ".join(words)


def _field(node: ast.AST, name: str, value: object) -> object:
    if name == "body" and isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
        return node.body[1:]
    return value
