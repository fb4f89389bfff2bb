"""Putting the checks into the configuration of the pre-commit framework, and taking them out again.

No git hook is written here: which program runs the hooks, and where they lie, stays the user's own choice.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

CONFIGURATION = ".pre-commit-config.yaml"
LOCAL = "local"
FIXERS = ("end-of-file-fixer", "trailing-whitespace", "pretty-format-json", "mixed-line-ending")
"""Hooks of others that rewrite files which are to stay as they are."""

KEPT = r"^\.jerry/(events|schemas)/"
"""The pattern of the files that no fixer may touch."""

Value = str | bool | tuple[str, ...]
HookEntry = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A check that pre-commit can run: its id is the name of the program too."""

    id: str
    name: str
    stages: tuple[str, ...]
    pass_filenames: bool = False
    default: bool = True


HOOKS: Mapping[str, Hook] = {
    hook.id: hook
    for hook in (
        Hook(
            id="jerry-append-only",
            name="jerry checks that events are only added",
            stages=("pre-commit", "pre-merge-commit", "pre-push"),
            default=False,
        ),
        Hook(
            id="jerry-transitions",
            name="jerry checks that every stream is legal",
            stages=("pre-commit", "pre-merge-commit", "pre-push"),
            default=False,
        ),
        Hook(
            id="jerry-check",
            name="jerry checks events and streams",
            stages=("pre-commit", "pre-merge-commit"),
        ),
        Hook(
            id="jerry-commit-msg",
            name="jerry checks the items that the message names",
            stages=("commit-msg",),
            pass_filenames=True,
        ),
        Hook(
            id="jerry-prepare-commit-msg",
            name="jerry writes items into the message",
            stages=("prepare-commit-msg",),
            pass_filenames=True,
        ),
        Hook(
            id="jerry-post-merge",
            name="jerry looks at what a merge brought",
            stages=("post-merge", "post-rewrite"),
        ),
        Hook(
            id="jerry-schema-immutable",
            name="jerry checks that published schemas stay",
            stages=("pre-commit", "pre-merge-commit", "pre-push"),
            default=False,
        ),
        Hook(
            id="jerry-schema-compat",
            name="jerry checks that old events stay readable",
            stages=("pre-commit", "pre-merge-commit", "pre-push"),
            default=False,
        ),
        Hook(
            id="jerry-schema-drift",
            name="jerry checks event classes against their schemas",
            stages=("pre-commit", "pre-merge-commit"),
            default=False,
        ),
        Hook(
            id="jerry-layers",
            name="jerry checks that layers import what they may",
            stages=("pre-commit", "pre-merge-commit", "pre-push"),
            default=False,
        ),
        Hook(id="jerry-pre-push", name="jerry checks what is pushed", stages=("pre-push",)),
    )
}
"""Every hook by its id. The only table of them: `.pre-commit-hooks.yaml` is held to it by a test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where pre-commit gets the hooks from: a repository at a revision, or `local` and a Python requirement."""

    repo: str = LOCAL
    rev: str = ""
    requirement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An element of the list `repos` in the configuration; `rev` is empty for a local one."""

    repo: str
    rev: str
    hooks: tuple[HookEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The configuration as it is and as it would be, None where there is no file; and what the user has in it."""

    before: str | None
    after: str | None
    hooks: tuple[str, ...] = ()
    """Our hooks in `before`."""
    default_types: tuple[str, ...] | None = None
    """What `default_install_hook_types` lists, None where it is not set."""
    rewriting: tuple[str, ...] = ()
    """Which of `FIXERS` are there without an `exclude` that names `.jerry`."""

    @property
    def changed(self) -> bool:
        """Whether there is something to write."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something that the user should know; `code` is stable."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksReport:
    """What was done to the configuration, or would be; `command`, if any, is what the user has to run then."""

    draft: Draft
    hooks: tuple[str, ...]
    hook_types: tuple[str, ...] = ()
    command: str = ""
    warnings: tuple[Advice, ...] = ()


class HookConfigurationError(Exception):
    """The configuration cannot be edited; `line` is 0 where there is none, `snippet` is for pasting."""

    def __init__(self, code: str, reason: str, *, line: int = 0, hint: str = "", snippet: str = "") -> None:
        super().__init__(f"{CONFIGURATION}{f':{line}' if line else ''}: {reason}")
        self.code = code
        self.hint = hint
        self.snippet = snippet


class HookConfiguration(Protocol):
    """The configuration of pre-commit in a work tree."""

    def with_entry(self, entry: Entry) -> Draft:
        """The file with this entry in the place of any of `HOOKS`; raises `HookConfigurationError`, `OSError`."""
        ...

    def without_hooks(self) -> Draft:
        """The file without any of `HOOKS`; raises `HookConfigurationError`, `OSError`."""
        ...

    def write(self, draft: Draft) -> None:
        """Put the file into the state that the draft names, in one step; raises `OSError`."""
        ...

    def origin(self) -> Origin:
        """Where the running program was installed from."""
        ...

    def hooks_path(self) -> str:
        """The folder that git's `core.hooksPath` names, empty when it is not set; raises `GitError`."""
        ...


def default_hooks() -> tuple[str, ...]:
    """The ids of the hooks that are installed when none is named."""
    return tuple(hook.id for hook in HOOKS.values() if hook.default)


def install(
    configuration: HookConfiguration, ids: Sequence[str] = (), origin: Origin | None = None, *, dry_run: bool = False
) -> HooksReport:
    """Put the hooks into the configuration, by default those of `default_hooks` from where the program came from.

    Raises `HookConfigurationError`, `GitError`, `OSError`.
    """
    hooks = tuple(hook for hook in HOOKS.values() if hook.id in (ids or default_hooks()))
    origin = origin or configuration.origin()
    draft = configuration.with_entry(entry_for(hooks, origin))
    types = _types(hooks)
    warnings = tuple(_advice(draft, types, configuration.hooks_path(), origin))
    if draft.changed and not dry_run:
        configuration.write(draft)
    return HooksReport(
        draft=draft,
        hooks=tuple(hook.id for hook in hooks),
        hook_types=types,
        command=_command("install", types),
        warnings=warnings,
    )


def uninstall(configuration: HookConfiguration, *, dry_run: bool = False) -> HooksReport:
    """Take our hooks out of the configuration; raises `HookConfigurationError`, `OSError`.

    Where the file goes, the git hooks that pre-commit made have to go too: they refuse commits without it.
    """
    draft = configuration.without_hooks()
    if draft.changed and not dry_run:
        configuration.write(draft)
    types = _types([HOOKS[name] for name in draft.hooks])
    is_gone = draft.changed and draft.after is None
    return HooksReport(
        draft=draft, hooks=draft.hooks, hook_types=types, command=_command("uninstall", types) if is_gone else ""
    )


def _types(hooks: Sequence[Hook]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stage for hook in hooks for stage in hook.stages))


def _command(verb: str, types: Sequence[str]) -> str:
    return " ".join((f"pre-commit {verb}", *(f"--hook-type {kind}" for kind in types)))


def entry_for(hooks: Sequence[Hook], origin: Origin) -> Entry:
    """The entry that has pre-commit run these hooks; a local one says all that a manifest would."""
    if origin.repo != LOCAL:
        return Entry(repo=origin.repo, rev=origin.rev, hooks=tuple({"id": hook.id} for hook in hooks))
    return Entry(repo=LOCAL, rev="", hooks=tuple(_in_full(hook, origin.requirement) for hook in hooks))


def _in_full(hook: Hook, requirement: str) -> HookEntry:
    return {
        "id": hook.id,
        "name": hook.name,
        "entry": hook.id,
        "language": "python",
        "additional_dependencies": (requirement,),
        "stages": hook.stages,
        "always_run": True,
        "pass_filenames": hook.pass_filenames,
        "require_serial": True,
    }


def _advice(draft: Draft, types: Sequence[str], hooks_path: str, origin: Origin) -> Iterator[Advice]:
    """What stands in the way of the hooks, or of which they stand in the way."""
    if hooks_path:
        yield Advice(
            code="hooks-path",
            message=f"core.hooksPath is set to {hooks_path!r}: pre-commit does not install git hooks while it is",
            hint="let the hooks in that folder call `pre-commit run --hook-stage STAGE`; the setting is left alone",
        )
    if draft.default_types is not None and (missing := [kind for kind in types if kind not in draft.default_types]):
        yield Advice(
            code="hook-types",
            message=f"default_install_hook_types lacks {', '.join(missing)}",
            hint="add them there, for a plain `pre-commit install` leaves them out",
        )
    if draft.rewriting:
        yield Advice(
            code="fixers",
            message=f"these hooks may rewrite events and schemas: {', '.join(draft.rewriting)}",
            hint=f"give each of them `exclude: {KEPT}`",
        )
    if origin.repo.startswith("file:"):
        yield Advice(
            code="file-url",
            message=f"the hooks come from {origin.repo}, which others may not reach",
            hint="name a repository that all can reach: `jerry hooks install --repo URL --rev REV`",
        )


def diff(draft: Draft) -> list[str]:
    """The draft as a unified diff, line by line, without line ends; empty when nothing changes."""
    names = [f"{side}/{CONFIGURATION}" for side in "ab"]
    texts = (draft.before, draft.after)
    old, new = (name if text is not None else "/dev/null" for name, text in zip(names, texts, strict=True))
    before, after = (re.findall(r"[^\n]*\n|[^\n]+", text or "") for text in texts)
    printed = []
    for text in difflib.unified_diff(before, after, old, new):
        printed.append(text.rstrip("\r\n"))
        if not text.endswith("\n"):
            printed.append("\\ No newline at end of file")
    return printed
