"""The configuration of the pre-commit framework as text: what is not ours keeps every byte.

A parser says where things stand; whole lines are put in and taken out there. The text itself tells how it was before:

* `repos: []` becomes `repos: # []`;
* a key `repos` that was not there carries the comment `KEY_MARK`;
* a last line without a line break leaves our last line without one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from jerry_git.application.hooks import FIXERS, HOOKS, Entry, HookConfigurationError
from jerry_git.infrastructure.adapters.pre_commit_entries import Style, as_plain, rendered, says
from jerry_git.infrastructure.adapters.yaml_nodes import InvalidYamlError, Node, Plain, cut, put, read

KEY_MARK = "# made by `jerry hooks install`"

_COMMENT_LINE = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*+( *)#[^\r\n]*(?:\r\n|\n|\r|\Z)")
_EMPTY_LIST = re.compile(r"\[[ \t]*\]")
_PUT_AWAY = re.compile(r"# (?=\[[ \t]*\])")


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
        target, repos, places = as_plain(entry), self._plain_repos(), self.places()
        if len(places) == 1 and says(places[0].plain(ours=True), target):
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
        return self._verified(cut(self.text, spans), repos) if repos else self._emptied(spans)

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
            return put(self.text, self._document.end, [f"{indent}repos: {KEY_MARK}", *lines])
        if self._repos.children:
            style = self._style(self._repos.children[-1])
            return put(self.text, self._after(self._repos, style.column), rendered(entry, style))
        bracket = self.text.index("[", self._repos.start)
        lines = rendered(entry, Style(column=self._key.column + 2))
        text = put(self.text, self._document.line_end(self._repos.end), lines)
        return f"{text[:bracket]}# {text[bracket:]}"

    def _replaced(self, node: Node, entry: Entry) -> str:
        start, end = self._lines_of(node)
        rest = cut(self.text, [(start, end)])
        return put(rest, min(start, len(rest)), rendered(entry, self._style(node)), like=self.text)

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
            return self._verified(cut(self.text, [(self._document.line_start(start), end), *spans]), None)
        text = cut(self.text, spans)
        if put_away := _PUT_AWAY.search(self.text, self._key.end, min(span[0] for span in spans)):
            return self._verified(text[: put_away.start()] + text[put_away.end() :], [])
        colon = text.index(":", self._key.end) + 1
        return self._verified(f"{text[:colon]} []{text[colon:]}", [])
