"""Which files are modules, what they are called, and which of them an import means: told from paths alone.

A module is where its file is: `src/shop/domain/order.py` below the source root `src` is `shop.domain.order`. Packages
need no `__init__.py`, and nothing is asked of Python's own import system, for nothing of the project is installed here.
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from jerry_git.application.layers.imports import Import
from jerry_git.application.layers.tree import SUFFIXES

_PROJECTS = frozenset(("pyproject.toml", "setup.py", "setup.cfg"))
_INIT = "__init__"


@dataclass(frozen=True, slots=True)
class Module:
    """A module: its dotted name, the path of its file, and `base`, the path without suffix and `__init__`.

    A package without `__init__.py` is a module too, of the path of its folder; `is_file` is false there.
    """

    name: str
    path: str
    base: str
    is_file: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """What an import means: a module by its number, something outside by its dotted name, or, rarely, either."""

    module: int | None = None
    outside: str | None = None


_NOTHING = Target()


def base_of(path: str) -> str:
    """The path of a module without its suffix; that of the folder for `__init__.py`."""
    base = path.removesuffix(posixpath.splitext(path)[1]) if path.endswith(SUFFIXES) else path
    return posixpath.dirname(base) if posixpath.basename(base) == _INIT else base


def source_roots(
    paths: Sequence[str], files: Iterable[str], wanted: Sequence[str]
) -> tuple[tuple[str, ...], list[str]]:
    """The folders below which modules have their names, innermost first, and the patterns that match none.

    `paths` are those of the modules, `files` those of everything. Without `wanted`, the roots are what the files tell:
    folders of projects and their `src`, and what holds a package with `__init__.py` that stands in no other. The top
    folder is one always.
    """
    folders = {folder for path in paths for folder in _folders(path)}
    unmatched = []
    if wanted:
        roots = {""}
        for pattern in wanted:
            found = {folder for folder in folders if fnmatchcase(folder, pattern) and _depth(folder) == _depth(pattern)}
            if not found and pattern != ".":
                unmatched.append(pattern)
            roots |= found
    else:
        regular = {posixpath.dirname(path) for path in paths if posixpath.basename(path).startswith(f"{_INIT}.py")}
        projects = {posixpath.dirname(path) for path in files if posixpath.basename(path) in _PROJECTS}
        roots = {"", *projects, *(posixpath.join(project, "src") for project in projects), "src"}
        roots |= {posixpath.dirname(package) for package in regular if package}
        roots -= regular - {""}
        roots &= folders | {""}
    return tuple(sorted(roots, key=lambda root: (-_depth(root), root))), unmatched


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _folders(path: str) -> Iterable[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


@dataclass(eq=False)
class Modules:
    """All modules of a source, by number, and what their imports mean."""

    paths: Sequence[str]
    roots: tuple[str, ...]
    all: list[Module] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)
    _regular: set[str] = field(default_factory=set)
    _tops: dict[str, list[str]] = field(default_factory=dict)
    _folders: list[str] = field(default_factory=list)
    _known: dict[tuple[str | None, ...], Target] = field(default_factory=dict)
    _scripts: dict[str, dict[tuple[str | None, ...], Target]] = field(default_factory=dict)
    """The same for the folders whose files find each other by bare names, as scripts do that Python is started with."""

    def __post_init__(self) -> None:
        """Number the files, and after them the folders that are packages without `__init__.py`."""
        stubs: dict[str, int] = {}
        for path in self.paths:
            base = base_of(path)
            number = len(self.all)
            self._folders.append(posixpath.dirname(path))
            self.all.append(Module(self._name(base), path, base))
            package = posixpath.basename(path).startswith(f"{_INIT}.")
            if package:
                self._regular.add(base)
            if path.endswith(".pyi"):
                stubs.setdefault(base, number)
            elif package or base not in self._places:  # a package stands before a module of the same name
                self._places[base] = number
        self._scripts = {folder: {} for folder in {*self._folders} - self._regular - {*self.roots}}
        for base, number in stubs.items():
            self._places.setdefault(base, number)
        for folder in sorted({folder for path in self.paths for folder in _folders(path)}):
            if folder not in self._places:
                self._places[folder] = len(self.all)
                self.all.append(Module(self._name(folder), folder, folder, is_file=False))

    def _name(self, base: str) -> str:
        root = next(root for root in self.roots if not root or base.startswith(f"{root}/"))
        return base.removeprefix(f"{root}/" if root else "").replace("/", ".")

    def meant(self, importer: int, found: Import) -> Target:
        """What an import in a module means; a name that is no module means the module that it is taken from."""
        folder = self._folders[importer]
        if found.level:
            return self._relative(folder, found)
        known = self._scripts.get(folder, self._known)
        key: tuple[str | None, ...] = (found.module, found.name)
        target = known.get(key)
        if target is not None:
            return target
        if len(self._roots_with(found.module.partition(".")[0])) > 1:  # it depends on who asks
            key = (found.module, found.name, folder)
        if key not in known:
            known[key] = self._absolute(folder, found.module, found.name)
        return known[key]

    def _roots_with(self, top: str) -> list[str]:
        roots = self._tops.get(top)
        if roots is None:
            roots = self._tops[top] = [root for root in self.roots if _join(root, top) in self._places]
        return roots

    def _relative(self, folder: str, found: Import) -> Target:
        for _ in range(found.level - 1):
            if not folder:
                return _NOTHING
            folder = posixpath.dirname(folder)
        names = [*found.module.split("."), found.name] if found.module else [found.name]
        base, number = folder, self._places.get(folder)
        for name in names:
            if name is None or name == "*":
                break
            base = _join(base, name)
            if base not in self._places:
                break
            number = self._places[base]
        return Target(module=number)

    def _absolute(self, folder: str, module: str, name: str | None) -> Target:
        top = module.partition(".")[0]
        roots = self._roots_with(top)
        if len(roots) > 1:
            near = [root for root in roots if not root or folder == root or folder.startswith(f"{root}/")]
            roots = [*near, *(root for root in roots if root not in near)]
        if folder in self._scripts and top not in sys.stdlib_module_names and _join(folder, top) in self._places:
            roots = [*roots, folder]
        wanted = module if name is None or name == "*" else f"{module}.{name}"
        best, length = None, 0
        for root in roots:
            number, found = self._deepest(root, wanted)
            if found > length:
                best, length = number, found
        if best is None:
            return Target(outside=module)
        is_whole = length >= module.count(".") + 1
        if not self.all[best].is_file and (length == 1 or not is_whole):
            # A folder of the repository may be called like a package from elsewhere: `alembic` often is.
            return Target(module=best if length == wanted.count(".") + 1 else None, outside=module)
        return Target(module=best)

    def _deepest(self, root: str, dotted: str) -> tuple[int, int]:
        """The module that the longest beginning of a dotted name is, and how many names that are."""
        base = _join(root, dotted.replace(".", "/"))
        length = dotted.count(".") + 1
        while base not in self._places:  # the first name is there: `root` was chosen for it
            base = posixpath.dirname(base)
            length -= 1
        return self._places[base], length


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
