"""One file of Python, read for its imports and never run."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping

from jerry_git.application.layers import tolerant
from jerry_git.application.layers.imports import TEXT, Import, Scan, Spot
from jerry_git.application.layers.quick import quick

_BODIES: Mapping[type[ast.AST], tuple[str, ...]] = {
    ast.FunctionDef: ("body",),
    ast.AsyncFunctionDef: ("body",),
    ast.ClassDef: ("body",),
    ast.For: ("body", "orelse"),
    ast.AsyncFor: ("body", "orelse"),
    ast.While: ("body", "orelse"),
    ast.With: ("body",),
    ast.AsyncWith: ("body",),
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.TryStar: ("body", "handlers", "orelse", "finalbody"),
    ast.ExceptHandler: ("body",),
    ast.Match: ("cases",),
    ast.match_case: ("body",),
}
_DYNAMIC = re.compile(
    rb"import_module|__import__|resolve_name|run_module|importlib|pkgutil|runpy|builtins|\bexec\b|\beval\b"
)
_TEXTS = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+(?::[^\W\d][\w.]*)?")
"""A text that may name a module: dotted, and perhaps with what is in it, as entry points are written."""
_GUARD = "TYPE_CHECKING"
_GUARD_AS = re.compile(r"TYPE_CHECKING\s+as\s+(\w+)")
_SHEBANG = re.compile(rb"#![^\r\n]*python")
_PYTHON = f"Python {sys.version_info[0]}.{sys.version_info[1]}"


def is_script(content: bytes) -> bool:
    """Whether a file that is not called `.py` says that Python runs it."""
    return _SHEBANG.match(content) is not None


def scan(content: bytes, *, texts: bool = False) -> Scan:
    """The imports in a file; with `texts`, those too that a text may name. Never raises for what the bytes are."""
    if not texts and (plain := quick(content)) is not None:
        return plain
    try:
        tree = ast.parse(content)
    except SyntaxError as error:
        return _unparsed(content, Spot(error.lineno or 1, 1, str(error.msg)))
    except (ValueError, RecursionError, MemoryError) as error:
        return _unparsed(content, Spot(1, 1, str(error) or type(error).__name__))
    reader = _Reader(tree, content)
    imports, computed = list(reader.statements()), list[Spot]()
    if _DYNAMIC.search(content):
        from jerry_git.application.layers.calls import calls

        for found in calls(tree):
            (imports if isinstance(found, Import) else computed).append(found)  # type: ignore[arg-type]
    if texts:
        imports += _texts(tree)
    if not content.isascii():
        imports, computed = [reader.placed(found) for found in imports], [reader.spot(found) for found in computed]
    allowances = tuple(tolerant.comments(reader.text)) if b"jerry" in content else ()
    return Scan(tuple(sorted(imports, key=_place)), tuple(sorted(computed)), allowances)


def _place(found: Import) -> tuple[int, int]:
    return found.line, found.column


class _Reader:
    """A parsed file; columns of the parser count bytes of UTF-8 from 0."""

    def __init__(self, tree: ast.Module, content: bytes) -> None:
        self._tree = tree
        self._content = content
        self._lines: list[str] | None = None

    @property
    def text(self) -> str:
        """The file as text; it was decoded once by the parser."""
        return _decoded(self._content)

    def statements(self) -> Iterator[Import]:
        """The import statements, at any depth."""
        guards = {_GUARD}
        if _GUARD.encode() in self._content:
            guards |= set(_GUARD_AS.findall(self.text))
        stack: list[tuple[list[ast.stmt], bool]] = [(self._tree.body, False)]
        while stack:
            body, typing = stack.pop()
            for node in body:
                kind = node.__class__
                if kind is ast.Import or kind is ast.ImportFrom:
                    yield from _imported(node, typing)  # type: ignore[arg-type]
                elif kind is ast.If:
                    stack += _branches(node, guards, typing)  # type: ignore[arg-type]
                else:
                    for field in _BODIES.get(kind, ()):
                        stack.append((getattr(node, field), typing))

    def placed(self, found: Import) -> Import:
        """With columns that count characters."""
        column, start = self._column(found.line, found.column), self._column(found.start, found.start_column)
        return found._replace(column=column, start_column=start)

    def spot(self, found: Spot) -> Spot:
        """With a column that counts characters."""
        return found._replace(column=self._column(found.line, found.column))

    def _column(self, line: int, column: int) -> int:
        if self._lines is None:
            self._lines = re.split(r"\r\n|\r|\n", self.text)
        return len(self._lines[line - 1].encode()[: column - 1].decode("utf-8", "ignore")) + 1


def _imported(node: ast.Import | ast.ImportFrom, typing: bool) -> Iterator[Import]:  # noqa: FBT001 - positional is fast
    start, column, end = node.lineno, node.col_offset + 1, node.end_lineno or node.lineno
    module, level = (node.module or "", node.level) if isinstance(node, ast.ImportFrom) else (None, 0)
    for alias in node.names:
        place = (alias.lineno, alias.col_offset + 1, start, column, end, typing)
        if module is None:
            yield Import(alias.name, None, 0, *place)
        else:
            yield Import(module, alias.name, level, *place)


def _branches(node: ast.If, guards: set[str], typing: bool) -> list[tuple[list[ast.stmt], bool]]:  # noqa: FBT001
    body, otherwise = _guarding(node.test, guards)
    return [(node.body, typing or body), (node.orelse, typing or otherwise)]


def _guarding(test: ast.expr, guards: set[str]) -> tuple[bool, bool]:
    """Whether only type checkers take the branch, and whether only they take the other one."""
    match test:
        case ast.Name(id=name):
            return name in guards, False
        case ast.Attribute(attr=name):
            return name == _GUARD, False
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            body, otherwise = _guarding(inner, guards)
            return otherwise, body
        case ast.BoolOp(op=ast.And(), values=values):
            return any(_guarding(value, guards)[0] for value in values), False
        case _:
            return False, False


def _texts(tree: ast.Module) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _TEXTS.fullmatch(node.value):
            module, _, name = node.value.partition(":")
            place = (node.lineno, node.col_offset + 1, node.lineno, node.col_offset + 1, node.end_lineno or node.lineno)
            yield Import(module, name.partition(".")[0] or None, 0, *place, how=TEXT)


def _decoded(content: bytes) -> str:
    """The text of a file by its byte-order mark or its comment, UTF-8 without; raises `SyntaxError`, `ValueError`."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return content.decode(encoding)


def _unparsed(content: bytes, trouble: Spot) -> Scan:
    """What can be read of a file that the parser refuses."""
    if b"\0" in content:
        return Scan(trouble=trouble._replace(what="it has null bytes"), unread=True)
    try:
        text = _decoded(content)
        imports, computed = tolerant.statements(text)
    except tolerant.BrokenError as error:
        return Scan(trouble=Spot(error.line, 1, str(error)), unread=True)
    except (SyntaxError, ValueError) as error:
        return Scan(trouble=trouble._replace(what=str(error)), unread=True)
    what = f"{_PYTHON} cannot parse it: {trouble.what}"
    allowances = tuple(tolerant.comments(text))
    return Scan(tuple(imports), tuple(computed), allowances, trouble._replace(what=what))
