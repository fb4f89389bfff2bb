"""What regular expressions, as JSON Schema uses them, find and do not find: texts for and against, or a proof of none.

An expression is searched for, not matched from the start. A proof of none holds whether `\\d`, `\\w`, `\\s` and `.` are
read as in ECMA-262 or as in Python; `$` is the very end, as in ECMA-262. A text is shown only if both readings agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from jerry_domain.schemas.automata import MAX_WORK, Language, State
from jerry_domain.schemas.characters import CharacterSet, Symbol, alphabet
from jerry_domain.schemas.expressions import TooLargeError, UnsupportedPatternError

__all__ = ["Language", "TooLargeError", "UnsupportedPatternError", "disjoint", "escaping", "language", "sample"]

MAX_STATES: Final = 20_000
"""How many states of several automata side by side are visited for one answer."""

MAX_RANGES: Final = 500
"""How many ranges of characters they may tell apart."""


class _Spot(NamedTuple):
    """What each automaton has come to, and how long the text is, up to the length that it must have."""

    states: tuple[State, ...]
    length: int


@lru_cache(maxsize=512)
def language(pattern: str) -> Language:
    """The language of a pattern; raises `UnsupportedPatternError` and `TooLargeError`."""
    return Language(pattern)


def escaping(
    inside: Sequence[str], outside: Sequence[str], shortest: int = 0, longest: int | None = None
) -> str | None:
    """A shortest text that all of `inside` find and not all of `outside` do; None if there is provably none.

    Raises `UnsupportedPatternError` and `TooLargeError` where that cannot be decided.
    """
    within, without = list(map(language, inside)), list(map(language, outside))

    def is_wanted(states: tuple[State, ...]) -> bool:
        accepted = [each.accepts(state) for each, state in zip(within + without, states, strict=True)]
        return all(accepted[: len(within)]) and not all(accepted[len(within) :])

    return _decide(_Search(within, without, is_wanted, shortest, longest)) if without else None


def sample(inside: Sequence[str], shortest: int = 0, longest: int | None = None) -> str | None:
    """A shortest text that all the patterns find; None if there is provably none. Raises as `escaping` does."""
    within = list(map(language, inside))

    def is_wanted(states: tuple[State, ...]) -> bool:
        return all(each.accepts(state) for each, state in zip(within, states, strict=True))

    return _decide(_Search(within, [], is_wanted, shortest, longest))


def disjoint(a: str, b: str) -> bool:
    """Whether no text is found by both patterns. Raises as `escaping` does."""
    return sample((a, b)) is None


class _Search(NamedTuple):
    """Breadth first, so that the first text found is a shortest one."""

    within: list[Language]
    without: list[Language]
    is_wanted: Callable[[tuple[State, ...]], bool]
    shortest: int
    longest: int | None

    @property
    def symbols(self) -> Sequence[Symbol]:
        sets = frozenset(each for language in self.within + self.without for each in language.sets)
        if sum(len(each.ranges) + 1 for each in sets) > MAX_RANGES:
            raise TooLargeError("patterns of too many characters")
        return alphabet(sets)

    def run(self, symbols: Sequence[Symbol]) -> list[Symbol] | None:
        """The symbols of a text that is wanted."""
        start = _Spot(tuple(each.initial for each in self.within + self.without), 0)
        origins: dict[_Spot, tuple[_Spot, Symbol] | None] = {start: None}
        layer, length, pace = [start], 0, _Pace()
        while layer and (self.longest is None or length <= self.longest):
            for spot in layer:
                if length >= self.shortest and self.is_wanted(spot.states):
                    return _way(origins, spot)
            length += 1
            behind = []
            for spot in layer:
                for symbol in symbols:
                    following = _Spot(self._step(spot, symbol, pace), min(length, self.shortest))
                    if following not in origins and not self._is_hopeless(following):
                        origins[following] = (spot, symbol)
                        behind.append(following)
                pace.check(len(origins))
            layer = behind
        return None

    def _step(self, spot: _Spot, symbol: Symbol, pace: _Pace) -> tuple[State, ...]:
        return tuple(
            pace.step(each, state, symbol.sets)
            for each, state in zip(self.within + self.without, spot.states, strict=True)
        )

    def _is_hopeless(self, spot: _Spot) -> bool:
        return any(state.hopeless for state in spot.states[: len(self.within)])


class _Pace:
    """Steps, each taken once and each paid for."""

    __slots__ = ("known", "work")

    def __init__(self) -> None:
        self.work = 0
        self.known: dict[tuple[int, State, frozenset[CharacterSet]], State] = {}

    def step(self, language: Language, state: State, sets: frozenset[CharacterSet]) -> State:
        self.work += 1
        key = (id(language), state, sets)
        if key not in self.known:
            self.known[key] = language.step(state, sets)
            self.work += len(state.places) + len(self.known[key].places)
        return self.known[key]

    def check(self, states: int) -> None:
        if self.work > MAX_WORK or states > MAX_STATES:
            raise TooLargeError("patterns whose comparison takes too long")


def _decide(search: _Search) -> str | None:
    """A text of characters that all readings agree on, or the proof that no reading has any."""
    symbols = search.symbols
    found = search.run([symbol for symbol in symbols if symbol.char is not None])
    if found is None and search.run(symbols) is not None:
        raise UnsupportedPatternError("patterns whose comparison hangs on how characters beyond ASCII are read")
    return None if found is None else "".join(symbol.char or "" for symbol in found)


def _way(origins: dict[_Spot, tuple[_Spot, Symbol] | None], spot: _Spot) -> list[Symbol]:
    symbols = []
    origin = origins[spot]
    while origin:
        spot, symbol = origin
        symbols.append(symbol)
        origin = origins[spot]
    return symbols[::-1]
