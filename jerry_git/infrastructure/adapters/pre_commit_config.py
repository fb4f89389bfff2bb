"""The configuration of the pre-commit framework, edited as text: what is not ours keeps every byte.

A parser says where things stand; whole lines are put in and taken out there. The text itself tells how it was before:

* `repos: []` becomes `repos: # []`;
* a key `repos` that was not there carries the comment `KEY_MARK`;
* a file that was not there begins with the comment `FILE_MARK`;
* a last line without a line break leaves our last line without one.
"""

from __future__ import annotations

import json
import re
import secrets
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from jerry_git.application.hooks import (
    CONFIGURATION,
    FIXERS,
    HOOKS,
    LOCAL,
    Draft,
    Entry,
    HookConfigurationError,
    Origin,
    Value,
)
from jerry_git.infrastructure.adapters.git import Git
from jerry_git.infrastructure.adapters.yaml_nodes import BREAK, InvalidYamlError, Node, Plain, read
from jerry_git.infrastructure.persistence.disk import Disk

DISTRIBUTION = "jerry-git"
FILE_MARK = "# made by `jerry hooks install`; https://pre-commit.com says what else can stand here"
KEY_MARK = "# made by `jerry hooks install`"
NEW_FILE = f"{FILE_MARK}\nrepos: []\n"

_COMMENT_LINE = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*( *)#[^\r\n]*(?:\r\n|\n|\r|\Z)")
_EMPTY_LIST = re.compile(r"\[[ \t]*\]")
_PUT_AWAY = re.compile(r"# (?=\[[ \t]*\])")
_WORD = r"[\w./@+~-]+(?::[\w./@+~-]+)*"
_SIMPLE = re.compile(rf"(?=[A-Za-z]){_WORD}(?: {_WORD})*", re.ASCII)
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
"""What would be no text if it stood without quotes: pre-commit reads YAML 1.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a list of repositories is laid out: the dash's column, the blanks after a dash, the inner dash's offset."""

    column: int = 2
    gap: int = 1
    inner: int = 2


@dataclass(frozen=True, slots=True)
class Place:
    """An element of `repos` that has hooks of ours, and which of its hooks they are."""

    index: int
    node: Node
    ours: tuple[int, ...]

    @property
    def hooks(self) -> tuple[Node, ...]:
        """All hooks of the element."""
        return self.node.items("hooks")

    @property
    def is_ours(self) -> bool:
        """Whether it has no hook of anybody else."""
        return len(self.ours) == len(self.hooks)

    def plain(self, *, ours: bool) -> dict[str, Plain]:
        """The element with only our hooks, or only the others."""
        hooks = [hook.plain() for index, hook in enumerate(self.hooks) if (index in self.ours) is ours]
        return {**self.node.mapping(), "hooks": [*hooks]}


class Config:
    """A configuration as text; what edits it returns another text, and raises `HookConfigurationError`."""

    def __init__(self, text: str) -> None:
        try:
            self._document = read(text)
        except InvalidYamlError as error:
            hint = "nothing was written; `pre-commit validate-config` tells when the file is right"
            raise HookConfigurationError("hooks-yaml", f"not YAML: {error}", line=error.line, hint=hint) from error
        self.text = text
        self._root = self._document.root
        self._require_mapping()
        found = self._root.find("repos")
        self._key: Node | None = found[0] if found else None
        self._repos: Node | None = found[1] if found else None

    def places(self) -> list[Place]:
        """Where hooks of ours are."""
        found = []
        for index, node in enumerate(self._root.items("repos")):
            ours = tuple(number for number, hook in enumerate(node.items("hooks")) if hook.text("id") in HOOKS)
            found += [Place(index, node, ours)] if ours else []
        return found

    def hooks(self) -> tuple[str, ...]:
        """Our hooks, in the order of the text."""
        return tuple(place.hooks[index].text("id") for place in self.places() for index in place.ours)

    def default_types(self) -> tuple[str, ...] | None:
        """What `default_install_hook_types` lists, None where it is not set."""
        if self._root.find("default_install_hook_types") is None:
            return None
        return tuple(node.value for node in self._root.items("default_install_hook_types"))

    def rewriting(self) -> tuple[str, ...]:
        """The fixers that may rewrite our files, because no `exclude` names them."""
        hooks = [hook for repo in self._root.items("repos") for hook in repo.items("hooks")]
        bare = {hook.text("id") for hook in hooks if "jerry" not in hook.text("exclude") + self._root.text("exclude")}
        return tuple(fixer for fixer in FIXERS if fixer in bare)

    def with_entry(self, entry: Entry) -> str:
        """The text with the entry as the only one that has hooks of ours.

        An entry that says as much already stays as it is, whatever else the user has written into it.
        """
        target, repos, places = _as_plain(entry), self._plain_repos(), self.places()
        if len(places) == 1 and _says(places[0].plain(ours=True), target):
            return self.text
        self._require_lines(entry)
        if len(places) == 1 and places[0].is_ours:
            repos[places[0].index] = target
            return self._verified(self._replaced(places[0].node, entry), repos, entry)
        if places:
            return Config(self.without_hooks()).with_entry(entry)
        return self._verified(self._added(entry), [*repos, target], entry)

    def without_hooks(self) -> str:
        """The text as it was before any hook of ours was there."""
        places = self.places()
        if not places:
            return self.text
        self._require_lines()
        rest = {place.index: place.plain(ours=False) for place in places}
        gone = {place.index for place in places if place.is_ours}
        repos = [rest.get(index, repo) for index, repo in enumerate(self._plain_repos()) if index not in gone]
        spans = [self._lines_of(node) for place in places for node in self._of_ours(place)]
        return self._verified(_cut(self.text, spans), repos) if repos else self._emptied(spans)

    def _require_mapping(self) -> None:
        root, keys = self._root, [key for key, _ in self._root.pairs() if key.value == "repos"]
        if root.kind == "sequence":
            hint = "such a list is older than pre-commit 1.0: `pre-commit migrate-config` brings it up to date"
            self._refuse("hooks-shape", "a list, not a mapping", root, hint)
        if root.kind != "mapping" and root.end > root.start:
            self._refuse("hooks-shape", "not a mapping", root, "it needs a key `repos` with a list")
        if len(keys) > 1:
            self._refuse("hooks-shape", "`repos` is there twice", keys[-1], "make one list of the two")
        repos = root.find("repos")
        if repos and repos[1].kind == "alias":
            self._refuse("hooks-layout", "`repos` is an alias", repos[0], "write the list itself there")
        if repos and repos[1].kind != "sequence":
            self._refuse("hooks-shape", "`repos` is not a list", repos[0], "write `repos: []` for an empty one")

    def _require_lines(self, entry: Entry | None = None) -> None:
        """Refuse what stands in brackets: whole lines are put in and taken out."""
        if self._root.flow:
            self._refuse("hooks-flow", "it is in flow style, with braces", self._root, entry=entry)
        if self._repos and self._repos.flow and not self._is_empty_pair(self._repos):
            self._refuse("hooks-flow", "`repos` is a list in brackets", self._repos, entry=entry)

    def _refuse(self, code: str, reason: str, node: Node, hint: str = "", entry: Entry | None = None) -> NoReturn:
        hint = hint or ("paste this into its list `repos`" if entry else "take the hooks out by hand")
        raise HookConfigurationError(
            code,
            reason,
            line=self._document.line(node.start),
            hint=f"nothing was written; {hint}",
            snippet="\n".join(rendered(entry, Style(column=0))) if entry else "",
        )

    def _verified(self, text: str, repos: Sequence[Plain] | None, entry: Entry | None = None) -> str:
        """`text` if it says what it should: an alias, say, may put another list into this one's place."""
        wanted = self._root.mapping()
        wanted.pop("repos", None)
        try:
            found = read(text).root.mapping()
        except InvalidYamlError:
            found = {}
        if found != (wanted if repos is None else {**wanted, "repos": [*repos]}):
            self._refuse("hooks-layout", "it is laid out in a way that jerry cannot edit", self._root, entry=entry)
        return text

    def _plain_repos(self) -> list[Plain]:
        return [node.plain() for node in self._root.items("repos")]

    def _is_empty_pair(self, node: Node) -> bool:
        return not node.children and _EMPTY_LIST.search(self.text, node.start, node.end) is not None

    def _added(self, entry: Entry) -> str:
        """The text with the entry at the end of the list, which is made if need be."""
        if self._key is None or self._repos is None:
            indent = " " * self._root.column
            lines = rendered(entry, Style(column=self._root.column + 2))
            return _put(self.text, self._document.end, [f"{indent}repos: {KEY_MARK}", *lines])
        if self._repos.children:
            style = self._style(self._repos.children[-1])
            return _put(self.text, self._after(self._repos, style.column), rendered(entry, style))
        bracket = self.text.index("[", self._repos.start)
        lines = rendered(entry, Style(column=self._key.column + 2))
        text = _put(self.text, self._document.line_end(self._repos.end), lines)
        return f"{text[:bracket]}# {text[bracket:]}"

    def _replaced(self, node: Node, entry: Entry) -> str:
        start, end = self._lines_of(node)
        rest = _cut(self.text, [(start, end)])
        return _put(rest, min(start, len(rest)), rendered(entry, self._style(node)), like=self.text)

    def _style(self, repo: Node) -> Style:
        """How an element of the list is laid out."""
        column = self._document.column(self._document.dash(repo))
        hooks = repo.find("hooks")
        inner = 2
        if hooks and hooks[1].kind == "sequence" and hooks[1].children and not hooks[1].flow:
            inner = self._document.column(self._document.dash(hooks[1].children[0])) - repo.column
        on_one_line = self._document.line(self._document.dash(repo)) == self._document.line(repo.start)
        return Style(column=column, gap=repo.column - column - 1 if on_one_line else 1, inner=inner)

    def _after(self, node: Node, column: int) -> int:
        """Where the line after the node begins; comments that are indented more than the list belong to it."""
        position = self._end_of_line(node)
        while (comment := _COMMENT_LINE.match(self.text, position)) and len(comment[1]) > column:
            position = comment.end()
        return position

    def _end_of_line(self, node: Node) -> int:
        ends_line = self.text[node.end - 1 : node.end] in ("\n", "\r")
        return node.end if ends_line else self._document.line_end(node.end)

    def _lines_of(self, element: Node) -> tuple[int, int]:
        """The lines of an element of a list, its dash included."""
        return self._document.line_start(self._document.dash(element)), self._end_of_line(element)

    def _of_ours(self, place: Place) -> Sequence[Node]:
        found = place.node.find("hooks")
        if place.is_ours:
            return [place.node]
        if found and found[1].flow:
            self._refuse("hooks-flow", "`hooks` is a list in brackets", found[1])
        return [place.hooks[index] for index in place.ours]

    def _emptied(self, spans: Sequence[tuple[int, int]]) -> str:
        """The text without these lines, with which nothing is left in the list."""
        assert self._key is not None  # noqa: S101 - there are elements
        start, end = self._key.start, self._document.line_end(self._key.end)
        if self.text[start:end].rstrip() == f"repos: {KEY_MARK}":
            return self._verified(_cut(self.text, [(self._document.line_start(start), end), *spans]), None)
        text = _cut(self.text, spans)
        if put_away := _PUT_AWAY.search(self.text, self._key.end, min(span[0] for span in spans)):
            return self._verified(text[: put_away.start()] + text[put_away.end() :], [])
        colon = text.index(":", self._key.end) + 1
        return self._verified(f"{text[:colon]} []{text[colon:]}", [])


def rendered(entry: Entry, style: Style) -> list[str]:
    """The entry as lines."""
    inner = style.column + 1 + style.gap
    rev = [f"rev: {_scalar(entry.rev)}"] if entry.rev else []
    lines = _element([f"repo: {_scalar(entry.repo)}", *rev, "hooks:"], style.column, style.gap)
    for hook in entry.hooks:
        pairs = [f"{key}: {_scalar(value)}" for key, value in hook.items()]
        lines += _element(pairs, inner + style.inner, style.gap)
    return lines


def _element(pairs: Sequence[str], column: int, gap: int) -> list[str]:
    dash, indent = f"{' ' * column}-{' ' * gap}", " " * (column + 1 + gap)
    return [f"{indent if number else dash}{pair}" for number, pair in enumerate(pairs)]


def _scalar(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_scalar, value))}]"
    is_simple = _SIMPLE.fullmatch(value) and value.lower() not in _WORDS
    return value if is_simple else json.dumps(value, ensure_ascii=False)


def _as_plain(entry: Entry) -> dict[str, Plain]:
    (element,) = read("\n".join(rendered(entry, Style(column=0)))).root.children
    return element.mapping()


def _says(found: Mapping[str, Plain], target: Mapping[str, Plain]) -> bool:
    """Whether an entry has just the hooks of the target, each with what the target says of it and perhaps more."""
    ours, wanted = (_hooks_by_id(entry) for entry in (found, target))
    same = all(found.get(key) == value for key, value in target.items() if key != "hooks")
    return (
        same
        and ours.keys() == wanted.keys()
        and all(hook.items() <= ours[name].items() for name, hook in wanted.items())
    )


def _hooks_by_id(entry: Mapping[str, Plain]) -> dict[str, dict[str, Plain]]:
    hooks = entry["hooks"]
    return {str(hook["id"]): hook for hook in hooks if isinstance(hook, dict)}


def _put(text: str, position: int, lines: Sequence[str], like: str | None = None) -> str:
    """`text` with further lines where a line begins, or after a last line without a line break."""
    newline = _newline(text if like is None else like, position)
    block = newline.join(lines)
    if position and text[position - 1] not in "\r\n":
        return f"{text}{newline}{block}"
    return f"{text[:position]}{block}{newline}{text[position:]}"


def _newline(text: str, position: int) -> str:
    """How lines end there."""
    above = BREAK.findall(text, 0, position)
    below = BREAK.search(text)
    return str(above[-1]) if above else below[0] if below else "\n"


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` without these lines; a last line without a line break takes the one before it along."""
    for start, end in sorted(spans, reverse=True):
        rest = text[end:]
        kept = text[:start]
        if not rest and not text.endswith(("\n", "\r")):
            kept = kept.removesuffix("\n").removesuffix("\r")
        text = kept + rest
    return text


class PreCommitConfiguration:
    """The file in a work tree; implements `jerry_git.application.hooks.HookConfiguration`."""

    def __init__(self, root: Path, git: Git, disk: Disk | None = None) -> None:
        self._path = root / CONFIGURATION
        self._git = git
        self._disk = disk or Disk()

    def with_entry(self, entry: Entry) -> Draft:
        """See `HookConfiguration.with_entry`."""
        before = self._read()
        if before is None:
            made = Config(NEW_FILE).with_entry(entry).replace("repos: # []\n", "repos:\n", 1)
            return Draft(before=None, after=made)
        config = Config(before)
        return self._draft(config, config.with_entry(entry))

    def without_hooks(self) -> Draft:
        """See `HookConfiguration.without_hooks`."""
        before = self._read()
        if before is None:
            return Draft(before=None, after=None)
        config = Config(before)
        after = config.without_hooks()
        return self._draft(config, None if after != before and BREAK.sub("\n", after) == NEW_FILE else after)

    def write(self, draft: Draft) -> None:
        """See `HookConfiguration.write`."""
        if draft.after is None:
            self._disk.remove(self._path)
            return
        temporary = self._path.with_name(f"{CONFIGURATION}.{secrets.token_hex(4)}.tmp")
        try:
            self._disk.create(temporary, draft.after.encode())
            if draft.before is not None:
                temporary.chmod(stat.S_IMODE(self._path.stat().st_mode))
            self._disk.rename(temporary, self._path)
        except OSError:
            self._disk.remove(temporary)
            raise

    def origin(self) -> Origin:
        """See `HookConfiguration.origin`."""
        return installed_from()

    def hooks_path(self) -> str:
        """See `HookConfiguration.hooks_path`."""
        printed = self._git.read("config", "--get", "core.hooksPath", none_is=1)
        return printed.decode("utf-8", "replace").strip()

    def _draft(self, config: Config, after: str | None) -> Draft:
        return Draft(
            before=config.text,
            after=after,
            hooks=config.hooks(),
            default_types=config.default_types(),
            rewriting=config.rewriting(),
        )

    def _read(self) -> str | None:
        """The text with its line ends as they are, None where there is no file."""
        if self._path.is_symlink():
            hint = f"nothing was written; run this where {CONFIGURATION} is a file of its own"
            raise HookConfigurationError("hooks-symlink", "a symbolic link", hint=hint)
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            line = len(BREAK.findall(content[: error.start].decode())) + 1
            hint = "nothing was written; pre-commit reads no other encoding"
            raise HookConfigurationError("hooks-encoding", "not UTF-8", line=line, hint=hint) from error


def installed_from() -> Origin:
    """The repository and commit that the running program was installed from, or the requirement of its version."""
    from importlib.metadata import PackageNotFoundError, distribution

    from jerry_git import __version__

    local = Origin(repo=LOCAL, requirement=f"{DISTRIBUTION}=={__version__}")
    try:
        told = distribution(DISTRIBUTION).read_text("direct_url.json")
    except PackageNotFoundError:
        return local
    return (_direct_origin(told) if told else None) or local


def _direct_origin(told: str) -> Origin | None:
    """What PEP 610 says of a distribution that came out of a git repository, None of any other."""
    try:
        direct = json.loads(told)
        if direct["vcs_info"]["vcs"] == "git":
            return Origin(repo=str(direct["url"]), rev=str(direct["vcs_info"]["commit_id"]))
    except (ValueError, KeyError, TypeError):
        return None
    return None
