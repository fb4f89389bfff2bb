"""What a change touches, file by file, and the tier of each."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from jerry_git.application.checking.sources import Change, Entry, Files, Source
from jerry_git.application.layout import ARCHIVE, EVENTS
from jerry_git.application.reviewing.changes import Definition, Former, definitions
from jerry_git.application.reviewing.kinds import Kinds
from jerry_git.application.reviewing.tiers import How, Kind, Tier, Touch, rank, tier_of
from jerry_git.application.schemas.library import Module
from jerry_git.application.settings import ReviewSettings, Settings

_EVERYTHING = ("**",)
_TESTS = frozenset(("tests", "test"))
_DOCUMENTS = frozenset((".md", ".rst", ".adoc", ".txt"))
_SETTINGS = ("pyproject.toml", ".jerry/config.toml")


def touched(source: Source, settings: Settings) -> list[Touch]:
    """Everything that differs from the base, the riskiest first; raises as the source does.

    Of several configured paths that name a file the one with the most letters wins, of equal ones the riskiest.
    """
    changes = {change.path: change for change in source.changes(_EVERYTHING, published=False)}
    named = _named(source, settings.review)
    decisions = {path for path in _below(source, settings.review.decisions) if _is_record(path)}
    places = {path: _place(change, settings, decisions) for path, change in changes.items()}
    former = Former(source, list(changes.values()))
    inside = [change for path, change in changes.items() if places[path] is None]
    found = [_whole(change, kind) for path, change in changes.items() if (kind := places[path]) is not None]
    found += _modules(source, former, inside, settings)
    found += _guards(source, former, [changes[path] for path in _SETTINGS if path in changes])
    graded = [_by_settings(touch, named) for touch in found]
    return sorted(graded, key=lambda touch: (rank(touch.tier), touch.path, touch.line, touch.kind, touch.names))


# --- by the settings


def _named(source: Source, settings: ReviewSettings) -> dict[str, tuple[str, Tier]]:
    """The files that a configured path names, each with the one that decides and its tier."""
    found: dict[str, tuple[str, Tier]] = {}
    patterns = [(pattern, tier) for tier in Tier for pattern in getattr(settings, tier)]
    for pattern, tier in sorted(patterns, key=lambda each: (_letters(each[0]), -rank(each[1]))):
        found |= dict.fromkeys(_below(source, (pattern,)), (pattern, tier))
    return found


def _letters(pattern: str) -> int:
    return sum(char not in "*?[]" for char in pattern)


def _below(source: Source, patterns: Sequence[str]) -> list[str]:
    return [change.path for change in source.changes(patterns, published=False)] if patterns else []


def _by_settings(touch: Touch, named: Mapping[str, tuple[str, Tier]]) -> Touch:
    """With the tier of a configured path; what sets the guards is not lowered by what it sets."""
    pattern, tier = named.get(touch.path, ("", touch.tier))
    if touch.kind is Kind.SETTINGS and rank(tier) > rank(touch.tier):
        return touch
    return replace(touch, tier=tier, pattern=pattern)


# --- by the place


def _place(change: Change, settings: Settings, decisions: set[str]) -> Kind | None:
    """What a file is by where it lies, None for code that is to be looked into."""
    path = PurePosixPath(change.path)
    if change.path.startswith(f"{settings.schemas.directory}/"):
        return Kind.SCHEMA
    if change.path.startswith((f"{EVENTS}/", f"{ARCHIVE}/")):
        return Kind.NEW_STORED if change.before is None else Kind.STORED
    if change.path in decisions:
        return Kind.DECISION
    if _TESTS & set(path.parts[:-1]) or _is_test(path.name):
        return Kind.TEST
    if path.suffix in _DOCUMENTS or path.parts[0] in ("doc", "docs"):
        return Kind.DOCUMENT
    return None if path.suffix == ".py" else Kind.FILE


def _is_record(path: str) -> bool:
    """Whether a file in a folder of decision records can be one: neither their list nor another kind of file."""
    name = PurePosixPath(path)
    return name.suffix in _DOCUMENTS and name.stem.lower() not in ("readme", "index")


def _is_test(name: str) -> bool:
    return name == "conftest.py" or (name.endswith(".py") and name.startswith("test_")) or name.endswith("_test.py")


def _whole(change: Change, kind: Kind) -> Touch:
    return Touch(path=change.path, kind=kind, how=_how(change.before, change.after), tier=tier_of(kind))


def _how(before: object, after: object) -> How:
    if before is None:
        return "new"
    return "changed" if after is not None else "gone"


# --- the settings of the guards


def _guards(source: Source, former: Former, changes: Sequence[Change]) -> Iterator[Touch]:
    """A file of settings whose part about this program differs."""
    for change in changes:
        if _guarding(source, change.after) != _guarding(former, change.before):
            yield _whole(change, Kind.SETTINGS)


def _guarding(files: Files, entry: Entry | None) -> Any:
    """The settings of this program in a file, none of one that cannot be read."""
    for _, content in files.contents([entry] if entry is not None and entry.is_regular else []):
        try:
            document = tomllib.loads(content.decode()) if isinstance(content, bytes) else {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
            return None
        tool = document.get("tool") if entry is not None and entry.path == "pyproject.toml" else {"jerry": document}
        return tool.get("jerry") if isinstance(tool, dict) else None
    return None


# --- by the code


@dataclass(frozen=True, slots=True)
class _Side:
    """The Python files of one side of a change: their modules, and what the definitions in them are."""

    kinds: Kinds
    modules: Mapping[str, Module | None]

    @classmethod
    def of(cls, files: Files, entries: Sequence[Entry | None], settings: Settings) -> _Side:
        kinds = Kinds(files, settings.schemas)
        return cls(kinds, kinds.modules({entry.path: entry for entry in entries if entry and entry.is_regular}))

    def definitions(self, path: str) -> tuple[dict[str, Definition], dict[str, tuple[Kind, str]]]:
        module = self.modules.get(path)
        if module is None:
            return {}, {}
        found = definitions(module.code)
        return found, self.kinds.of(module, found)


def _modules(source: Source, former: Former, changes: Sequence[Change], settings: Settings) -> Iterator[Touch]:
    after = _Side.of(source, [change.after for change in changes], settings)
    before = _Side.of(former, [change.before for change in changes], settings)
    for change in changes:
        yield from _inside(change, before, after)


def _inside(change: Change, before: _Side, after: _Side) -> Iterator[Touch]:
    """The definitions that differ, those of one kind together; a file that cannot be read as a whole as well."""
    path = change.path
    (old, old_kinds), (new, new_kinds) = before.definitions(path), after.definitions(path)
    modules = [side.modules[path] for side in (before, after) if path in side.modules]
    if None in modules:
        yield _whole(change, Kind.UNREADABLE)
    groups: dict[tuple[Kind, How], list[tuple[str, str]]] = {}
    imports: list[tuple[str, str]] = []
    for name in [*new, *(name for name in old if name not in new)]:
        how = _how(old.get(name), new.get(name))
        if how != "changed" and isinstance((new.get(name) or old[name]).statement, ast.alias):
            imports.append((name, ""))  # whatever uses it changed as well
        elif how != "changed" or old[name].said != new[name].said:
            kind, user = _riskier(new_kinds.get(name), old_kinds.get(name))
            groups.setdefault((kind, how), []).append((name, user))
    if imports and not groups:
        groups[Kind.CODE, "changed"] = imports
    for (kind, how), names in groups.items():
        line = min((new[name].line for name, _ in names if name in new), default=0)
        told = tuple(f"{name} (of {user})" if user else name for name, user in names if name)
        yield Touch(path=path, kind=kind, how=how, tier=tier_of(kind), line=line, names=told)
    if not groups and None not in modules:
        yield _whole(change, Kind.LAYOUT if modules else Kind.FILE)  # else a link, or no file at all


def _riskier(*kinds: tuple[Kind, str] | None) -> tuple[Kind, str]:
    return min((each for each in kinds if each is not None), key=lambda each: rank(tier_of(each[0])))
