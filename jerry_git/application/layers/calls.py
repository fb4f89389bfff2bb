"""Imports that are calls: `import_module("a.b")` under whatever name, `__import__`, `resolve_name`, `run_module`.

What a name stands for is asked without regard to the order of the file: a name that ever stands for an import function
counts as one everywhere.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from jerry_git.application.layers.imports import CALL, Import, Spot

_IMPORTING = frozenset(
    (
        "importlib.import_module",
        "importlib.__import__",
        "builtins.__import__",
        "pkgutil.resolve_name",
        "runpy.run_module",
    )
)
_RUNNING = frozenset(("builtins.exec", "builtins.eval"))
_MODULES = frozenset(("importlib", "builtins", "pkgutil", "runpy", "functools", "sys"))
_BUILTINS = {
    "__import__": "builtins.__import__",
    "__builtins__": "builtins",
    "exec": "builtins.exec",
    "eval": "builtins.eval",
    "getattr": "builtins.getattr",
}
_STARRED = {
    "importlib": ("import_module", "__import__"),
    "builtins": ("__import__", "exec", "eval"),
    "pkgutil": ("resolve_name",),
    "runpy": ("run_module",),
    "functools": ("partial",),
}
_SELF = ("__package__", "__name__")
_MOST_TEXTS = 1_000


def calls(tree: ast.Module) -> Iterator[Import | Spot]:
    """Each import that is a call; a `Spot` where what it imports is known only when it runs."""
    return _Calls(tree).found()


class _Calls:
    def __init__(self, tree: ast.Module) -> None:
        self._nodes = list(ast.walk(tree))
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._values = _constants(self._nodes)
        self._understood: set[int] = set()
        self._bind()

    def _bind(self) -> None:
        """Which names stand for the modules and functions that matter, by imports and then by assignments."""
        for name, meaning in _BUILTINS.items():
            self._names[name].add(meaning)
        for node in self._nodes:
            if isinstance(node, ast.Import):
                self._bind_modules(node)
            elif isinstance(node, ast.ImportFrom) and node.module in _MODULES and not node.level:
                self._bind_members(node, node.module)
        pairs = [pair for node in self._nodes for pair in (*_assigned(node), *_defaults(node))]
        while any([self._assign(target, value) for target, value in pairs]):  # noqa: C419 - all are assigned
            pass  # until no name stands for more than before

    def _bind_modules(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            if top in _MODULES and (alias.name == top or not alias.asname):
                self._names[alias.asname or top].add(top)

    def _bind_members(self, node: ast.ImportFrom, module: str) -> None:
        for alias in node.names:
            members = _STARRED.get(module, ()) if alias.name == "*" else (alias.name,)
            for member in members:
                self._names[alias.asname or member].add(f"{module}.{member}")

    def _assign(self, target: ast.expr, value: ast.expr) -> bool:
        meanings = {meaning for meaning in self._meanings(value) if meaning in _IMPORTING | _RUNNING | _MODULES}
        name = _key(target)
        if not meanings or name is None:
            return False
        self._understood.add(id(value))
        before = len(self._names[name])
        self._names[name] |= meanings
        return len(self._names[name]) > before

    def _meanings(self, code: ast.expr) -> set[str]:
        match code:
            case ast.Name(id=name):
                return self._names.get(name, set())
            case ast.Attribute(value=value, attr=attribute):
                inner = {f"{outer}.{attribute}" for outer in self._meanings(value)}
                return inner | self._names.get(f".{attribute}", set())
            case ast.NamedExpr(value=value):
                return self._meanings(value)
            case ast.Call(func=function, args=[value, ast.Constant(value=str(attribute)), *_]):
                if "builtins.getattr" in self._meanings(function):
                    return {f"{outer}.{attribute}" for outer in self._meanings(value)}
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
                if "sys.modules" in self._meanings(value):
                    return {name}
                if "builtins" in self._meanings(value):  # __builtins__ is a dict in every module but the first
                    return {f"builtins.{name}"}
            case _:
                pass
        return set()

    def found(self) -> Iterator[Import | Spot]:
        """Every call, and then every other use of an import function, which hands it on to somewhere else."""
        for node in self._nodes:
            if isinstance(node, ast.Call):
                yield from self._call(node)
        for node in self._nodes:
            if isinstance(node, ast.expr) and id(node) not in self._understood:
                yield from self._handed_on(node)

    def _call(self, node: ast.Call) -> Iterator[Import | Spot]:
        meanings, arguments = self._meanings(node.func), node.args
        if "functools.partial" in meanings and arguments:
            meanings, arguments = self._meanings(arguments[0]), arguments[1:]
            if meanings & _IMPORTING:
                self._understood.add(id(node.args[0]))
        importing = sorted(meanings & _IMPORTING)
        if importing:
            self._understood.add(id(node.func))
            found = self._imports(importing[0].rpartition(".")[2], node, arguments)
            yield from found if found is not None else (_spot(node, ast.unparse(node.func)),)
        elif meanings & _RUNNING:
            yield from self._run(node, arguments)

    def _handed_on(self, node: ast.expr) -> Iterator[Spot]:
        if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
            return
        if self._meanings(node) & _IMPORTING:
            yield _spot(node, f"{ast.unparse(node)}, handed on")

    def _imports(self, function: str, node: ast.Call, arguments: Sequence[ast.expr]) -> list[Import] | None:
        """What a call imports; None where that is not known."""
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        read: Callable[[ast.Call, Sequence[ast.expr], dict[str | None, ast.expr]], list[Import] | None] = {
            "import_module": self._import_module,
            "__import__": self._import,
            "resolve_name": self._resolve_name,
            "run_module": self._run_module,
        }[function]
        return read(node, arguments, keywords)

    def _import_module(
        self, node: ast.Call, arguments: Sequence[ast.expr], keywords: dict[str | None, ast.expr]
    ) -> list[Import] | None:
        names = self._texts(_argument(arguments, keywords, 0, "name"))
        package = _argument(arguments, keywords, 1, "package")
        if names is None:
            return None
        found = []
        for name in names:
            module = name.lstrip(".")
            level = len(name) - len(module)
            if level and not _is_self(package):
                anchors = self._texts(package)
                if anchors is None:
                    return None
                parts = anchors[0].split(".")
                module = ".".join([*parts[: len(parts) - level + 1], module])
                level = 0
            found.append(_import(node, module, None, level))
        return found

    def _import(
        self, node: ast.Call, arguments: Sequence[ast.expr], keywords: dict[str | None, ast.expr]
    ) -> list[Import] | None:
        modules = self._texts(_argument(arguments, keywords, 0, "name"))
        level = _argument(arguments, keywords, 4, "level")
        if modules is None or not (level is None or (isinstance(level, ast.Constant) and isinstance(level.value, int))):
            return None
        dots = level.value if isinstance(level, ast.Constant) and isinstance(level.value, int) else 0
        listed = _argument(arguments, keywords, 3, "fromlist")
        elements = listed.elts if isinstance(listed, ast.List | ast.Tuple) else []
        names: list[str | None] = [name for element in elements for name in self._texts(element) or ()]
        return [_import(node, module, name, dots) for module in modules for name in names or [None]]

    def _resolve_name(
        self, node: ast.Call, arguments: Sequence[ast.expr], keywords: dict[str | None, ast.expr]
    ) -> list[Import] | None:
        names = self._texts(_argument(arguments, keywords, 0, "name"))
        if names is None:
            return None
        split = [name.partition(":") for name in names]
        return [_import(node, module, inner.partition(".")[0] or None, 0) for module, _, inner in split]

    def _run_module(
        self, node: ast.Call, arguments: Sequence[ast.expr], keywords: dict[str | None, ast.expr]
    ) -> list[Import] | None:
        names = self._texts(_argument(arguments, keywords, 0, "mod_name"))
        return None if names is None else [_import(node, name, None, 0) for name in names]

    def _run(self, node: ast.Call, arguments: Sequence[ast.expr]) -> Iterator[Import | Spot]:
        """`exec("import a.b")`: code in a plain text is read as well; other code is not known to import anything."""
        for code in self._texts(arguments[0] if arguments else None) or ():
            from jerry_git.application.layers.reading import scan

            inner = scan(code.encode())
            yield from (_import(node, found.module, found.name, found.level) for found in inner.imports)
            yield from (_spot(node, found.what) for found in inner.computed)

    def _texts(self, code: ast.expr | None) -> tuple[str, ...] | None:
        """The texts that an expression can be, None where that is not known."""
        match code:
            case ast.Constant(value=str(text)):
                return (text,)
            case ast.Name(id=name):
                return self._values.get(name)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _joined([self._texts(left), self._texts(right)])
            case ast.JoinedStr(values=values):
                return _joined([self._texts(value) for value in values])
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self._texts(value)
            case ast.IfExp(body=body, orelse=otherwise):
                both = self._texts(body), self._texts(otherwise)
                return None if None in both else (*(both[0] or ()), *(both[1] or ()))
            case _:
                return None


def _constants(nodes: Sequence[ast.AST]) -> dict[str, tuple[str, ...]]:
    """The names that are given a plain text once and nothing else, or one plain text after the other by a loop."""
    stored = Counter(node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
    stored.update(node.arg for node in nodes if isinstance(node, ast.arg))
    pairs = [
        *(pair for node in nodes for pair in _assigned(node)),
        *((node.target, node.iter) for node in nodes if isinstance(node, ast.For | ast.comprehension)),
    ]
    found = {}
    for target, value in pairs:
        elements = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else [value]
        texts = [element.value for element in elements if isinstance(element, ast.Constant)]
        plain = tuple(text for text in texts if isinstance(text, str))
        if isinstance(target, ast.Name) and stored[target.id] == 1 and plain and len(plain) == len(elements):
            found[target.id] = plain
    return found


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _unpacked(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield target, value
        case _:
            pass


def _defaults(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The parameters of a function that have a default, which they may be and need not."""
    if isinstance(node, ast.arguments):
        named = [*node.posonlyargs, *node.args]
        pairs = [
            *zip(named[len(named) - len(node.defaults) :], node.defaults, strict=True),
            *zip(node.kwonlyargs, node.kw_defaults, strict=True),
        ]
        yield from [(ast.Name(arg.arg, ast.Store()), value) for arg, value in pairs if value is not None]


def _unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        if len(target.elts) == len(value.elts):
            yield from zip(target.elts, value.elts, strict=True)
        return
    yield target, value


def _key(target: ast.expr) -> str | None:
    match target:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return f".{name}"
        case _:
            return None


def _argument(
    arguments: Sequence[ast.expr], keywords: dict[str | None, ast.expr], place: int, name: str
) -> ast.expr | None:
    return arguments[place] if place < len(arguments) else keywords.get(name)


def _is_self(package: ast.expr | None) -> bool:
    match package:
        case ast.Name(id=name):
            return name in _SELF
        case ast.Attribute(value=ast.Name(id="__spec__"), attr="parent"):
            return True
        case _:
            return False


def _joined(parts: Sequence[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    texts = [""]
    for part in parts:
        if part is None or len(texts) * len(part) > _MOST_TEXTS:
            return None
        texts = [head + tail for head in texts for tail in part]
    return tuple(texts)


def _import(node: ast.Call, module: str, name: str | None, level: int) -> Import:
    line, column = node.lineno, node.col_offset + 1
    return Import(module, name, level, line, column, line, column, node.end_lineno or line, how=CALL)


def _spot(node: ast.expr, what: str) -> Spot:
    return Spot(node.lineno, node.col_offset + 1, what)
