"""The user's own classes and functions, imported in the environment that runs; only what the settings name.

No hook does so: a hook has an environment of its own, and never runs the code that it looks at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from jerry_git.application.schemas.verifying import BrokenCodeError

Json = Any


@contextmanager
def source_roots(root: Path, folders: Sequence[str]) -> Iterator[None]:
    """The source roots at the head of `sys.path`, for a while."""
    before = list(sys.path)
    sys.path[:0] = [str(root / folder) for folder in folders if (root / folder).is_dir()]
    try:
        yield
    finally:
        sys.path[:] = before


def named(function: str) -> Any:
    """What `module:name` names; raises `BrokenCodeError`."""
    module, _, name = function.partition(":")
    try:
        found = import_module(module)  # jerry: allow[LES-002] the user's code, which a person asked to be run
        for part in name.split("."):
            found = getattr(found, part)
    except Exception as error:
        raise BrokenCodeError(f"{function} cannot be imported: {type(error).__name__}: {error}") from error
    return found


class ImportedCode:
    """Implements `UserCode`; `classes` are `module:name` by event name."""

    def __init__(self, root: Path, folders: Sequence[str], classes: Mapping[str, str]) -> None:
        self._root = root
        self._folders = folders
        self._classes = classes
        self._named = lru_cache(maxsize=None)(named)

    def upcaster(self, function: str) -> Callable[[dict[str, Json]], dict[str, Json]]:
        """See `UserCode.upcaster`; the function gets a copy of the data, so that it cannot change what is stored."""
        with source_roots(self._root, self._folders):
            upcast = self._named(function)

        def run(data: dict[str, Json]) -> dict[str, Json]:
            from copy import deepcopy

            try:
                result: dict[str, Json] = upcast(deepcopy(data))
            except Exception as error:
                raise BrokenCodeError(f"{function} failed: {type(error).__name__}: {error}") from error
            return result

        return run

    def load(self, event: str, data: Json) -> None:
        """See `UserCode.load`."""
        if event not in self._classes:
            return
        with source_roots(self._root, self._folders):
            event_class = self._named(self._classes[event])
            try:
                _loaded(event_class, data)
            except Exception as error:
                raise BrokenCodeError(f"{self._classes[event]} does not take it: {error}") from error


def _loaded(event_class: Any, data: Json) -> Any:
    """An event of the class: by pydantic where it can, by msgspec or the class itself where it cannot."""
    if hasattr(event_class, "__struct_fields__"):
        import msgspec

        return msgspec.convert(data, event_class)
    if hasattr(event_class, "__attrs_attrs__"):
        return event_class(**data)
    from pydantic import TypeAdapter

    return TypeAdapter(event_class).validate_python(data, strict=False)
