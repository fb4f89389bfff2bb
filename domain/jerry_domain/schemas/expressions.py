"""Regular expressions, read: what ECMA-262 and Python's `re` both understand, and in the same way."""

from __future__ import annotations

import re
from string import punctuation
from typing import Final, NamedTuple

from jerry_domain.schemas.characters import ANY, DIGIT, SPACE, WORD, CharacterSet

MAX_NESTING: Final = 40
"""How deep groups may nest."""


class UnsupportedPatternError(ValueError):
    """A pattern that is not understood, or about which readings differ."""


class TooLargeError(ValueError):
    """A question about patterns that would take too long to answer."""


class Sequence(NamedTuple):
    """One after the other."""

    parts: tuple[Node, ...]


class Choice(NamedTuple):
    """One of them."""

    branches: tuple[Node, ...]


class Repeat(NamedTuple):
    """The same over and over; without end if `most` is None."""

    part: Node
    least: int
    most: int | None


class Edge(NamedTuple):
    """`^` or `$`: the start or the end of the text."""

    sign: str


Node = Sequence | Choice | Repeat | Edge | CharacterSet

_TRAITS = {"d": DIGIT, "w": WORD, "s": SPACE}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_COUNTED = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}")
_FEWEST_LEFT_OUT = re.compile(r"\{,[0-9]*\}")
_GROUP = re.compile(r"\((?:\?:|\?P?<([A-Za-z_][A-Za-z0-9_]*)>|(?!\?))")
_HEXADECIMAL = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_ZERO = re.compile(r"0(?![0-9])")


def parse(pattern: str) -> Node:
    """The tree of a pattern; raises `UnsupportedPatternError`, or `TooLargeError` for deep nesting."""
    parser = _Parser(pattern)
    node = parser.choice()
    if parser.rest():
        raise parser.unsupported("a parenthesis that closes nothing")
    return node


class _Parser:
    __slots__ = ("at", "depth", "names", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.depth = 0
        self.names: set[str] = set()

    def rest(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.pattern, self.at)
        if found:
            self.at = found.end()
        return found

    def skip(self, char: str) -> bool:
        found = self.rest() == char
        self.at += found
        return found

    def unsupported(self, what: str) -> UnsupportedPatternError:
        return UnsupportedPatternError(f"{what} in the pattern {self.pattern[:200]!r}")

    def choice(self) -> Node:
        branches = [self.sequence()]
        while self.skip("|"):
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self) -> Node:
        parts = []
        while self.rest() not in ("", "|", ")"):
            parts.append(self.repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self) -> Node:
        bare_edge = self.rest() in ("^", "$")
        part = self.atom()
        times = self.times()
        if times is None:
            return part
        self.skip("?")  # a lazy one finds the same texts
        if bare_edge or self.times() is not None:
            raise self.unsupported("a repetition of what cannot be repeated")
        return Repeat(part, *times)

    def times(self) -> tuple[int, int | None] | None:
        for sign, times in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.skip(sign):
                return times
        if _FEWEST_LEFT_OUT.match(self.pattern, self.at):
            raise self.unsupported("a repetition without its lower bound")
        found = self.take(_COUNTED)
        if not found:
            return None
        least, comma, most = found.groups()
        if max(len(least), len(most)) > 6:
            raise TooLargeError(f"a long repetition in the pattern {self.pattern[:200]!r}")
        highest = int(least) if not comma else int(most) if most else None
        if most and (not comma or int(most) < int(least)):
            raise self.unsupported("a repetition whose bounds are reversed")
        return int(least), highest

    def atom(self) -> Node:
        char = self.rest()
        if char == "(":
            return self.group()
        if char in ("*", "+", "?") or (char == "{" and self.times() is not None):
            raise self.unsupported("a repetition of nothing")
        self.at += 1
        match char:
            case "^" | "$":
                return Edge(char)
            case ".":
                return CharacterSet(having=frozenset({ANY}))
            case "[":
                return self.bracketed()
            case "\\":
                return self.escape()
            case _:
                return _only(char)

    def group(self) -> Node:
        opening = self.take(_GROUP)
        if not opening or opening[1] in self.names:
            raise self.unsupported("a group of a kind that is not understood")
        if opening[1]:
            self.names.add(opening[1])
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise TooLargeError(f"deeply nested groups in the pattern {self.pattern[:200]!r}")
        node = self.choice()
        self.depth -= 1
        if not self.skip(")"):
            raise self.unsupported("a parenthesis that is not closed")
        return node

    def escape(self) -> CharacterSet:
        """What stands behind a backslash."""
        char = self.rest()
        hexadecimal = self.take(_HEXADECIMAL)
        if hexadecimal:
            code = int(hexadecimal[1] or hexadecimal[2], 16)
            if 0xD800 <= code < 0xE000:
                raise self.unsupported("half of a surrogate pair")
            return _only(chr(code))
        if self.take(_ZERO):
            return _only("\0")
        self.at += 1
        if char in _TRAITS:
            return CharacterSet(having=frozenset({_TRAITS[char]}))
        if char.lower() in _TRAITS:
            return CharacterSet(lacking=frozenset({_TRAITS[char.lower()]}))
        if char in _CONTROLS or (char and char in punctuation + " "):
            return _only(_CONTROLS.get(char, char))
        raise self.unsupported(f"the escape \\{char}")

    def bracketed(self) -> CharacterSet:
        """What stands behind an opening bracket."""
        negated = self.skip("^")
        if self.rest() == "]":
            raise self.unsupported("an empty class")
        parts = []
        while not self.skip("]"):
            part = self.member()
            if self.rest() == "-" and self.pattern[self.at + 1 : self.at + 2] != "]":
                self.at += 1
                part = self.span(part, self.member())
            parts.append(part)
        return CharacterSet(
            tuple(sorted({span for part in parts for span in part.ranges})),
            frozenset[str]().union(*(part.having for part in parts)),
            frozenset[str]().union(*(part.lacking for part in parts)),
            negated,
        )

    def member(self) -> CharacterSet:
        char = self.rest()
        if not char:
            raise self.unsupported("a class that is not closed")
        self.at += 1
        if char != "\\":
            return _only(char)
        return _only("\b") if self.skip("b") else self.escape()

    def span(self, first: CharacterSet, last: CharacterSet) -> CharacterSet:
        if not (first.ranges and last.ranges) or first.ranges > last.ranges:
            raise self.unsupported("a range that is none")
        return CharacterSet(((first.ranges[0][0], last.ranges[0][0]),))


def _only(char: str) -> CharacterSet:
    return CharacterSet(((ord(char), ord(char)),))
