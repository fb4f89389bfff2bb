"""Texts that a regular expression finds something in, as an automaton that reads one character after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, assert_never

from jerry_domain.schemas.characters import CharacterSet, Traits, ecma_traits, python_traits, sets_of
from jerry_domain.schemas.expressions import Choice, Edge, Node, Repeat, Sequence, TooLargeError, parse

MAX_PLACES: Final = 2_000
"""How many places an automaton may have; each character of a pattern takes one or two, each repetition its own."""
MAX_WORK: Final = 1_000_000
"""How many places one question may go through."""

START: Final = 0


class State(NamedTuple):
    """Where in the expression a reader may be; `first` before the first character, `found` once and for all."""

    places: frozenset[int]
    first: bool = False
    found: bool = False

    @property
    def hopeless(self) -> bool:
        """Whether nothing that follows helps."""
        return not self.places and not self.found


FOUND: Final = State(frozenset(), found=True)


class Language:
    """The texts in which a pattern finds something, `$` being the very end."""

    __slots__ = ("_end", "_free", "_steps", "_useful", "initial", "pattern", "sets")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._steps: list[list[tuple[CharacterSet, int]]] = [[]]
        self._free: list[list[tuple[str, int]]] = [[]]
        self._end = self._build(parse(pattern), START)
        self.sets = frozenset(each for steps in self._steps for each, _ in steps)
        self._useful = self._useful_places()
        self.initial = self._state({START}, first=True)

    def matches(self, text: str) -> bool:
        """Whether the pattern finds something in the text, as ECMA-262 reads it; raises `TooLargeError`."""
        return self._reads(text, ecma_traits)

    def finds(self, text: str) -> bool | None:
        """The same, but None where Python's `re` reads a character of the text otherwise and that matters."""
        found = self._reads(text, ecma_traits)
        return found if (text.isascii() and text.isprintable()) or self._reads(text, python_traits) == found else None

    def step(self, state: State, sets: frozenset[CharacterSet]) -> State:
        """The state behind one more character, which is in these sets."""
        if state.found:
            return state
        behind = {place for origin in state.places for each, place in self._steps[origin] if each in sets}
        return self._state(behind | {START}, first=False)

    def accepts(self, state: State) -> bool:
        """Whether the text may end here."""
        return state.found or self._end in self._closure(state.places, "^$" if state.first else "$")

    def _reads(self, text: str, traits_of: Callable[[str], Traits]) -> bool:
        state, work = self.initial, 0
        for char in text:
            if state.found or state.hopeless:
                break
            work += len(state.places) + len(self.sets) + 1
            if work > MAX_WORK:
                raise TooLargeError(f"a long text for the pattern {self.pattern[:200]!r}")
            state = self.step(state, sets_of(char, self.sets, traits_of(char)))
        return self.accepts(state)

    def _state(self, places: set[int], *, first: bool) -> State:
        closure = self._closure(places, "^" if first else "")
        if self._end in closure:
            return FOUND
        return State(frozenset(closure) if first else self._useful & closure, first)

    def _closure(self, places: Iterable[int], edges: str) -> set[int]:
        """These places and all that no character parts from them, `^` and `$` being open if they are among `edges`."""
        reached = set(places)
        waiting = list(reached)
        while waiting:
            for sign, place in self._free[waiting.pop()]:
                if place not in reached and sign in edges:
                    reached.add(place)
                    waiting.append(place)
        return reached

    def _useful_places(self) -> frozenset[int]:
        """Places that lead to the end without a further `^`, and from which a character or the text's end does."""
        before: list[list[int]] = [[] for _ in self._steps]
        for place, (steps, free) in enumerate(zip(self._steps, self._free, strict=True)):
            for target in [target for _, target in steps] + [target for sign, target in free if sign != "^"]:
                before[target].append(place)
        leading = {self._end}
        waiting = [self._end]
        while waiting:
            for place in before[waiting.pop()]:
                if place not in leading:
                    leading.add(place)
                    waiting.append(place)
        return frozenset(p for p in leading if self._steps[p] or any(sign == "$" for sign, _ in self._free[p]))

    def _build(self, node: Node, start: int) -> int:
        """Lay out an expression from a place on; the place where it ends."""
        match node:
            case CharacterSet():
                end = self._place()
                self._steps[start].append((node, end))
                return end
            case Edge(sign):
                return self._place((start, sign))
            case Sequence(parts):
                for part in parts:
                    start = self._build(part, start)
                return start
            case Choice(branches):
                return self._place(*((self._build(branch, start), "") for branch in branches))
            case Repeat(part, least, most):
                return self._build_repeat(part, least, most, start)
            case _:
                assert_never(node)

    def _build_repeat(self, part: Node, least: int, most: int | None, start: int) -> int:
        for _ in range(least):
            start = self._build(part, self._place((start, "")))
        if most is None:
            loop = self._place((start, ""))
            self._free[self._build(part, loop)].append(("", loop))
            return loop
        exits = [(start, "")]
        for _ in range(most - least):
            start = self._build(part, self._place((start, "")))
            exits.append((start, ""))
        return self._place(*exits)

    def _place(self, *origins: tuple[int, str]) -> int:
        """A new place, reached freely from others."""
        if len(self._steps) >= MAX_PLACES:
            raise TooLargeError(f"a long repetition in the pattern {self.pattern[:200]!r}")
        self._steps.append([])
        self._free.append([])
        for origin, sign in origins:
            self._free[origin].append((sign, len(self._steps) - 1))
        return len(self._steps) - 1
