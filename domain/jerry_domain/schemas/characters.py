"""Sets of characters as regular expressions name them, and the alphabet that a few of them make of Unicode.

ECMA-262 and Python read `\\d`, `\\w`, `\\s` and `.` differently beyond ASCII and for a few characters within it. The
alphabet has every symbol that either reading makes, so that what holds for all of its texts holds in both; texts to
show are made of characters that both read alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise
from string import ascii_letters, digits, printable
from typing import NamedTuple

DIGIT, WORD, SPACE, ANY = "d", "w", "s", "."
Traits = frozenset[str]

_END = 0x110000
_SURROGATES = range(0xD800, 0xE000)
_WORD_CHARACTERS = frozenset(ascii_letters + digits + "_")
_ECMA_SPACES = frozenset("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff").union(
    map(chr, range(0x2000, 0x200B))
)
_ECMA_LINE_ENDS = frozenset("\n\r\u2028\u2029")
_NEXT_LINE = "\x85"  # a space for Python alone
_PECULIAR = sorted(ord(char) for char in _ECMA_SPACES | {_NEXT_LINE} if ord(char) > 127)
_BORDERS = frozenset(range(129)).union(*({code, code + 1} for code in _PECULIAR), {0xD800, 0xE000, _END})
_BEYOND = (frozenset({ANY}), frozenset({ANY, WORD}), frozenset({ANY, WORD, DIGIT}))
_FRIENDLY = sorted(printable, key=lambda char: (not char.islower(), not char.isdigit(), not char.isupper(), char))
_TRIED = 8


class CharacterSet(NamedTuple):
    """Code points by ranges, by traits and by traits that they lack; or all others."""

    ranges: tuple[tuple[int, int], ...] = ()
    having: Traits = frozenset()
    lacking: Traits = frozenset()
    negated: bool = False

    def has(self, code: int, traits: Traits) -> bool:
        """Whether it holds a code point that is read as having these traits."""
        found = (
            not self.having.isdisjoint(traits)
            or not self.lacking <= traits
            or any(first <= code <= last for first, last in self.ranges)
        )
        return found != self.negated


class Symbol(NamedTuple):
    """The sets that some characters are in, and one of these that every reading puts there, if there is one."""

    sets: frozenset[CharacterSet]
    char: str | None


def ecma_traits(char: str) -> Traits:
    """What ECMA-262 says of a character."""
    return _traits(
        digit=char in digits,
        word=char in _WORD_CHARACTERS,
        space=char in _ECMA_SPACES,
        line_end=char in _ECMA_LINE_ENDS,
    )


def python_traits(char: str) -> Traits:
    """What Python's `re` says of a character in a `str`."""
    return _traits(
        digit=char.isdecimal(), word=char.isalnum() or char == "_", space=char.isspace(), line_end=char == "\n"
    )


def readings(code: int) -> Iterable[Traits]:
    """Every way to read the characters from this one up to the next border."""
    char = chr(code)
    if code < 128 or char in _ECMA_SPACES or char == _NEXT_LINE:
        return {ecma_traits(char), python_traits(char)}
    return _BEYOND


def sets_of(char: str, sets: Iterable[CharacterSet], traits: Traits) -> frozenset[CharacterSet]:
    """Those of the sets that hold the character, read so."""
    code = ord(char)
    return frozenset(each for each in sets if each.has(code, traits))


@lru_cache(maxsize=256)
def alphabet(sets: frozenset[CharacterSet]) -> tuple[Symbol, ...]:
    """What the sets can tell apart, the most readable characters first."""
    borders = sorted(_BORDERS.union(*({first, last + 1} for each in sets for first, last in each.ranges)))
    symbols: dict[frozenset[CharacterSet], str | None] = {}
    for char in chain(_FRIENDLY, _samples(borders)):
        found = sets_of(char, sets, ecma_traits(char))
        if found not in symbols and found == sets_of(char, sets, python_traits(char)):
            symbols[found] = char
    for border in borders[:-1]:
        for traits in readings(border):
            symbols.setdefault(sets_of(chr(border), sets, traits), None)
    return tuple(Symbol(*item) for item in symbols.items())


def _samples(borders: list[int]) -> Iterator[str]:
    chars = [
        chr(code)
        for first, end in pairwise(borders)
        for code in range(first, min(end, first + _TRIED))
        if code not in _SURROGATES
    ]
    return iter(sorted(chars, key=lambda char: (not char.isprintable(), char)))


def _traits(*, digit: bool, word: bool, space: bool, line_end: bool) -> Traits:
    marks = ((DIGIT, digit), (WORD, word), (SPACE, space), (ANY, not line_end))
    return frozenset(mark for mark, holds in marks if holds)
