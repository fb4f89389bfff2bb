"""A YAML text as nodes that know where they stand, for edits that leave every other byte alone."""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Plain = str | list["Plain"] | dict[str, "Plain"]

BREAK = re.compile(r"\r\n|\n|\r")
_KINDS: dict[str, Literal["scalar", "alias", "sequence", "mapping"]] = {
    "ScalarEvent": "scalar",
    "AliasEvent": "alias",
    "SequenceStartEvent": "sequence",
    "MappingStartEvent": "mapping",
}


class InvalidYamlError(Exception):
    """The text is no single YAML document; `line` counts from 1."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document, and where its text begins and ends; an alias is not followed."""

    kind: Literal["scalar", "alias", "sequence", "mapping"]
    start: int
    end: int
    column: int
    value: str = ""
    flow: bool = False
    children: tuple[Node, ...] = ()

    def pairs(self) -> list[tuple[Node, Node]]:
        """Keys and values of a mapping; of anything else, none."""
        return list(zip(self.children[::2], self.children[1::2], strict=True)) if self.kind == "mapping" else []

    def find(self, key: str) -> tuple[Node, Node] | None:
        """The key and its value; of several, the last one counts."""
        found = [(name, value) for name, value in self.pairs() if (name.kind, name.value) == ("scalar", key)]
        return found[-1] if found else None

    def items(self, key: str) -> tuple[Node, ...]:
        """The elements of the list at the key, none where there is no list."""
        found = self.find(key)
        return found[1].children if found and found[1].kind == "sequence" else ()

    def text(self, key: str) -> str:
        """The scalar at the key, empty where there is none."""
        found = self.find(key)
        return found[1].value if found and found[1].kind == "scalar" else ""

    def mapping(self) -> dict[str, Plain]:
        """Keys and values as data; of anything but a mapping, none."""
        return {str(key.plain()): value.plain() for key, value in self.pairs()}

    def plain(self) -> Plain:
        """The value as texts, lists and mappings; of an alias, its name."""
        if self.kind == "sequence":
            return [child.plain() for child in self.children]
        return self.mapping() if self.kind == "mapping" else self.value


@dataclass(frozen=True, slots=True)
class Document:
    """The only document of a text: its root, the places of the dashes of block lists, and where it ends."""

    text: str
    root: Node
    dashes: tuple[int, ...]
    end: int

    def dash(self, element: Node) -> int:
        """Where the dash of an element of a block list is."""
        return self.dashes[bisect_left(self.dashes, element.start) - 1]

    def column(self, position: int) -> int:
        """How far into its line the position is."""
        return position - self.line_start(position)

    def line(self, position: int) -> int:
        """The number of the line, from 1."""
        return len(BREAK.findall(self.text, 0, position)) + 1

    def line_start(self, position: int) -> int:
        """Where the position's line begins."""
        return max((found.end() for found in BREAK.finditer(self.text, 0, position)), default=0)

    def line_end(self, position: int) -> int:
        """Where the line after the position's begins, or the text ends."""
        found = BREAK.search(self.text, position)
        return found.end() if found else len(self.text)


def read(text: str) -> Document:
    """Parse a text; raises `InvalidYamlError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor that is used again, which YAML permits
            _reader().compose(text)
        events = _reader().parse(text)
        root, end = _document(text, events)
        dashes = [token.start_mark.index for token in _reader().scan(text) if type(token).__name__ == "BlockEntryToken"]
    except RecursionError:
        raise InvalidYamlError("it is nested too deeply", 1) from None
    except YAMLError as error:
        raise InvalidYamlError(_reason(error), _line(error, text)) from error
    return Document(text, root, tuple(dashes), end)


def _reader() -> Any:
    """A reader with nothing but the text, whose parts ruamel.yaml leaves without types."""
    return YAML(typ="safe", pure=True)


def _reason(error: YAMLError) -> str:
    character = getattr(error, "character", None)
    if character is not None:
        return f"the character {character!r} cannot stand here"
    return str(getattr(error, "problem", None) or error).splitlines()[0].removeprefix("but ")


def _line(error: YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    return len(BREAK.findall(text, 0, getattr(error, "position", 0))) + 1


def _document(text: str, events: Iterator[Any]) -> tuple[Node, int]:
    """The root, an empty scalar where the text says nothing, and where an explicit end or the text's end is."""
    root = Node("scalar", 0, 0, 0)
    for event in events:
        name = type(event).__name__
        if name in _KINDS:
            root = _node(text, event, events)
        elif name == "DocumentEndEvent" and event.explicit:
            return root, event.start_mark.index
    return root, len(text)


def _node(text: str, event: Any, events: Iterator[Any]) -> Node:
    kind = _KINDS[type(event).__name__]
    start = event.start_mark
    if kind in ("scalar", "alias"):
        value = event.value if kind == "scalar" else f"*{event.anchor}"
        return Node(kind, start.index, _scalar_end(text, event), start.column, value)
    children, last = _children(text, events)
    flow = bool(event.flow_style)
    end = last if flow else max((child.end for child in children), default=event.end_mark.index)
    return Node(kind, start.index, end, start.column, flow=flow, children=children)


def _children(text: str, events: Iterator[Any]) -> tuple[tuple[Node, ...], int]:
    """The nodes up to the end of a list or mapping, and where its closing bracket ends."""
    found = []
    while type(event := next(events)).__name__ in _KINDS:
        found.append(_node(text, event, events))
    return tuple(found), event.end_mark.index


def _scalar_end(text: str, event: Any) -> int:
    """The parser counts blank lines after a block scalar to it, which is right only where they are kept."""
    start, end = event.start_mark.index, event.end_mark.index
    kept = event.value.endswith("\n\n") or event.value == "\n" if getattr(event, "style", None) in ("|", ">") else True
    return int(end) if kept else start + len(text[start:end].rstrip())


def put(text: str, position: int, lines: Sequence[str], like: str | None = None) -> str:
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


def cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` without these lines; a last line without a line break takes the one before it along."""
    for start, end in sorted(spans, reverse=True):
        rest = text[end:]
        kept = text[:start]
        if not rest and not text.endswith(("\n", "\r")):
            kept = kept.removesuffix("\n").removesuffix("\r")
        text = kept + rest
    return text
