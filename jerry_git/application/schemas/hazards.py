"""What in the body of a class changes its schema in a way that its annotations do not say."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from jerry_git.application.schemas.annotations import OpaqueError, parsed
from jerry_git.application.schemas.library import Class, Library

_TELLING = frozenset(
    ("__get_pydantic_core_schema__", "__get_pydantic_json_schema__", "model_json_schema", "__class_getitem__",
     "_generate_next_value_", "__pydantic_config__")
)  # fmt: skip
_MAKING = frozenset(("__new__", "__init__"))
_VALIDATORS = frozenset(("field_validator", "model_validator", "validator", "root_validator", "field_serializer"))
_PLAIN = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Expr, ast.Pass,
    ast.Import, ast.ImportFrom)  # fmt: skip
_DECORATING = frozenset(("pydantic.with_config", "pydantic.config.with_config", "attr.s", "attr.attrs"))
"""Decorators that say what a class takes: by a configuration, or that annotations are no fields unless it is said."""


def judge(library: Library, owner: Class, *, is_enum: bool) -> None:
    """Raise `OpaqueError` for a class that says of itself what it takes, or whose body depends on something."""
    for statement in owner.code.body:
        if not isinstance(statement, _PLAIN) and not _binds_methods_only(statement):
            raise OpaqueError
        names = set(_bound(statement))
        is_nested = isinstance(statement, ast.ClassDef)
        if names & _TELLING or (is_nested and (is_enum or "Config" in names)) or (is_enum and names & _MAKING):
            raise OpaqueError
    for decorator in owner.code.decorator_list:
        code = decorator.func if isinstance(decorator, ast.Call) else decorator
        if library.meaning(owner.module, code) in _DECORATING:
            raise OpaqueError


def _binds_methods_only(statement: ast.stmt) -> bool:
    """Whether it is a condition, such as of a type checker, in which there are no fields."""
    return isinstance(statement, ast.If) and all(
        isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Pass) or _binds_methods_only(inner)
        for inner in [*statement.body, *statement.orelse]
    )


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a class's body gives a value."""
    match statement:
        case ast.Assign(targets=targets):
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in names)
        case _:
            pass


def bound(code: ast.ClassDef, *, annotated: bool = True) -> set[str]:
    """The names to which a class's body gives a value; without those of annotated fields, if they are not asked for."""
    statements = (each for each in code.body if annotated or not isinstance(each, ast.AnnAssign))
    return {name for statement in statements for name in _bound(statement)}


def mentioned(annotation: ast.expr) -> set[str]:
    """The names in an annotation, in quotes too."""
    names = set[str]()
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                names |= {inner.id for inner in ast.walk(parsed(node.value)) if isinstance(inner, ast.Name)}
            except OpaqueError:
                continue
    return names


def validated(library: Library, owner: Class) -> Iterator[str]:
    """The fields that a validator may take other values for, or that a method gives a default; `*` for all of them."""
    for statement in owner.code.body:
        if isinstance(statement, ast.FunctionDef):
            for decorator in statement.decorator_list:
                yield from _loosened(library, owner, decorator)
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            yield from _loosened(library, owner, statement.value.func)  # _x = field_validator("x")(function)


def _loosened(library: Library, owner: Class, decorator: ast.expr) -> Sequence[str]:
    match decorator:
        case ast.Attribute(value=ast.Name(id=field), attr="default"):
            return [field]
        case ast.Call(func=func, args=args, keywords=keywords):
            words = {word.arg: word.value for word in keywords}
            mode = words.get("mode")
            name = _name(library, owner, func)
            is_after = isinstance(mode, ast.Constant) and mode.value == "after"
            if name not in _VALIDATORS or is_after or (name == "field_validator" and mode is None):
                return ()
            fields = [argument.value for argument in args if isinstance(argument, ast.Constant)]
            return [str(field) for field in fields] if fields else ["*"]
        case _:
            return ()


def _name(library: Library, owner: Class, func: ast.expr) -> str:
    """What a decorator is called where it comes from, or else where it is used."""
    meaning = library.meaning(owner.module, func)
    text = meaning if isinstance(meaning, str) else ast.unparse(func)
    return text.rpartition(".")[2]
