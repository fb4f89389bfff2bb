"""Regular expressions: what they find, which text one finds and another does not, and when nobody can tell."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jerry_domain.schemas import patterns
from jerry_domain.schemas.characters import _BORDERS, ecma_traits, python_traits, readings
from jerry_domain.schemas.patterns import (
    TooLargeError,
    UnsupportedPatternError,
    disjoint,
    escaping,
    language,
    sample,
)

ATOMS = ["a", "b", "c", "0", "_", "-", " ", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\.", r"\n", r"\x41"]
CLASSES = ["[a-c]", "[^a-c]", r"[\d_]", r"[^\w]", r"[^\s-]", "[ab0-9-]", r"[\]\-]", "[^b]"]
TEXTS = st.text(st.sampled_from("abcA0_- .\n]é٣\u00a0"), max_size=6)
LETTERS = st.text(st.sampled_from("abcA0_- ."), max_size=6)


def _quantified(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    times = st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "{1,2}?"])
    return st.tuples(inner, times).map(lambda it: f"(?:{it[0]}){it[1]}")


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda it: f"({it[0]}|{it[1]})"),
        st.tuples(inner, inner).map("|".join),
        _quantified(inner),
        inner.map(lambda it: f"^{it}"),
        inner.map(lambda it: f"{it}$"),
    )


PATTERNS = st.recursive(st.sampled_from([*ATOMS, *CLASSES, ""]), _larger, max_leaves=5)
PLAIN = PATTERNS.filter(lambda pattern: not re.search(r"\\[dwsDWS]|\.", pattern))


def searched(pattern: str, text: str, flags: int = 0) -> bool:
    """What Python's `re` finds, with `$` for the very end."""
    return re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), text, flags) is not None


@pytest.mark.positive
@settings(derandomize=True, max_examples=300)
@given(PATTERNS, LETTERS)
def test_a_pattern_finds_what_the_regular_expressions_of_python_find(pattern, text):
    assert language(pattern).matches(text) == searched(pattern, text)
    assert language(pattern).finds(text) == searched(pattern, text)


@pytest.mark.positive
@settings(derandomize=True, max_examples=300)
@given(PATTERNS, TEXTS)
def test_beyond_ascii_the_answer_is_that_of_both_readings_or_none(pattern, text):
    found = language(pattern).finds(text)
    unicode, ascii_only = searched(pattern, text), searched(pattern, text, re.ASCII)
    if found is not None:
        assert found == unicode == language(pattern).matches(text)
    if found is not None and "\u00a0" not in text:  # ECMA-262 has its spaces beyond ASCII too
        assert found == ascii_only


@pytest.mark.positive
@settings(derandomize=True, max_examples=200)
@given(st.lists(PATTERNS, max_size=2), st.lists(PATTERNS, min_size=1, max_size=2), st.lists(TEXTS, max_size=12))
def test_a_text_escapes_only_where_some_do(inside, outside, texts):
    try:
        escaped = escaping(inside, outside)
    except UnsupportedPatternError:
        assume(False)
        return
    for flags in (0, re.ASCII):

        def escapes(text, flags=flags):
            return all(searched(p, text, flags) for p in inside) and not all(searched(p, text, flags) for p in outside)

        if escaped is None:
            assert not any(map(escapes, texts))
        else:
            assert escapes(escaped)
            assert not any(escapes(text) for text in texts if len(text) < len(escaped))


@pytest.mark.positive
@settings(derandomize=True, max_examples=200)
@given(
    st.lists(PLAIN, max_size=2), st.lists(PLAIN, max_size=2), st.integers(0, 4), st.none() | st.integers(0, 4), TEXTS
)
def test_bounds_of_the_length_are_kept(inside, outside, shortest, longest, text):
    for found, wanted in (
        (escaping(inside, outside, shortest, longest), True),
        (sample(inside, shortest, longest), False),
    ):
        fits = shortest <= len(text) and (longest is None or len(text) <= longest)
        held = all(searched(p, text) for p in inside) and not (wanted and all(searched(p, text) for p in outside))
        if found is None:
            assert not (fits and held)
        else:
            assert shortest <= len(found)
            assert longest is None or len(found) <= longest
            assert all(searched(pattern, found) for pattern in inside)


INCLUDED = [
    ("^a+$", "^a*$"),
    ("^[a-z]{1,64}$", r"^\w+$"),
    ("^[0-9]+$", r"^\d+$"),
    (r"^\d+$", r"^\w+$"),
    (r"^\d{4}-\d\d-\d\d$", r"^[-\d]{10}$"),
    ("^a|^b", "^(a|b)"),
    ("(?<year>ab)", "(?P<name>a)b"),
    ("a{2,3}?", "aa"),
    (r"^\t\n\r\f\v\0\x20\u00e9\/$", "^[\t][\n][\r][\f][\v]\\x00\\ é/$"),
    ("^[\\b]$", "^\\x08$"),
    ("a{x}", "x[}]"),
    ("", "$|^"),
    ("^.$", "^[^\\n]$"),
    ("^(a?){30}$", "^a{0,30}$"),
    ("x]", "]"),
    ("^(?:^)*a", "(?:^)+a(?:$)?"),
    ("^[a-c-e]$", "^[abce-]$"),
]


@pytest.mark.positive
@pytest.mark.parametrize(("narrow", "wide"), INCLUDED)
def test_what_one_pattern_finds_the_other_finds(narrow, wide):
    assert escaping((narrow,), (wide,)) is None


@pytest.mark.positive
@pytest.mark.parametrize(
    ("inside", "outside", "text"),
    [
        ("^a*$", "^a+$", ""),
        (r"^\w+$", "^[a-z0-9]+$", "A"),
        ("^.{1,30}$", "^.{1,29}$", "a" * 30),
        (r"^[\s\S]$", "^.$", "\n"),
        ("^a\n?$", "^a$", "a\n"),
        ("^[^ -~\\x00-\\x1f\\x7f]$", "^$", "¡"),
        (r"^[\x80-\u00ff]$", "^[à-ÿ]$", "¡"),
    ],
)
def test_the_text_that_shows_a_difference_is_short_and_readable(inside, outside, text):
    assert escaping((inside,), (outside,)) == text


@pytest.mark.positive
def test_a_sample_is_found_by_all():
    assert sample(("^[0-9a-f]{8}-[0-9a-f]{4}$",)) == "aaaaaaaa-aaaa"
    assert sample(("x", "^..$", "y")) == "xy"
    assert sample(("x",), shortest=5, longest=7) == "aaaax"
    assert sample((), shortest=3) == "aaa"


@pytest.mark.positive
def test_patterns_are_disjoint_or_not():
    assert disjoint("^a", "^b")
    assert not disjoint("a", "b")


@pytest.mark.positive
def test_every_character_is_read_in_one_of_the_ways_that_are_foreseen():
    """All of the two planes that are mixed; the others hold a few long runs of ideographs, if anything."""
    border = 0
    for code in [*range(0x20000), *range(0x20000, sys.maxunicode + 1, 61)]:
        border = code if code in _BORDERS else border
        assert {ecma_traits(chr(code)), python_traits(chr(code))} <= set(readings(border)), hex(code)


@pytest.mark.negative
@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)",
        "(?!a)b",
        "(?<=a)b",
        "(?<!a)b",
        "(?i)a",
        r"(a)\1",
        r"\bword",
        r"\p{L}",
        r"\ca",
        r"\00",
        r"\ud83d",
        r"\u12",
        r"\Z",
        "a\\",
        "a{,3}",
        "a**",
        "a*+",
        "a{2}{3}",
        "a{3,2}",
        "^*",
        "$+",
        "*a",
        "{2}",
        "[]",
        "[^]a]",
        "[a",
        "[c-a]",
        r"[\w-.]",
        r"[a-\d]",
        "(a",
        "a)",
        "(?<n>a)(?<n>b)",
    ],
)
def test_what_is_not_understood_is_refused(pattern):
    with pytest.raises(UnsupportedPatternError, match="in the pattern"):
        language(pattern)


@pytest.mark.negative
@pytest.mark.parametrize(
    "pattern",
    [
        "a{1,100000}",
        "a{100000}",
        "a{9999999999999999999999}",
        "(((a{10}){10}){10}){10}",
        "((((){999999}){999999}){999999}){999999}",
        "(" * 5000 + ")" * 5000,
        "a" * 5000,
    ],
    ids=["to many", "many", "very many", "nested", "empty", "deep", "long"],
)
def test_what_would_take_too_long_is_refused(pattern):
    with pytest.raises(TooLargeError):
        language(pattern)


@pytest.mark.negative
def test_a_comparison_that_would_take_too_long_is_refused():
    with pytest.raises(TooLargeError):
        escaping(("^.*a.{18}$", "^.*b.{18}$"), ("^.*c.{17}$",))
    with pytest.raises(TooLargeError):
        sample((), shortest=10**9)
    with pytest.raises(TooLargeError):
        sample(("|".join(f"[{chr(code)}]" for code in range(1000, 1600)),))
    with pytest.raises(TooLargeError):
        language("(a?){400}b").matches("a" * 3_000)


@pytest.mark.positive
def test_no_text_is_promised_where_there_is_none():
    assert sample(("a^",)) is None
    assert sample(("^a", "b$"), longest=1) is None
    assert sample(("a",), shortest=2, longest=1) is None
    assert escaping(("a",), ()) is None
    assert escaping(("a",), ("b",), longest=0) is None


@pytest.mark.negative
@pytest.mark.parametrize(
    ("inside", "outside"),
    [(r"^\d+$", "^[0-9]+$"), (r"^\w$", "^[A-Za-z0-9_]$"), (r"^\ufeff$", r"^\S$"), ("^\r$", "^.$")],
)
def test_what_hangs_on_the_reading_is_not_decided(inside, outside):
    with pytest.raises(UnsupportedPatternError, match="how characters beyond ASCII are read"):
        escaping((inside,), (outside,))


@pytest.mark.edge
def test_the_dollar_is_the_very_end_and_a_line_end_before_it_is_not_forgiven():
    assert language("a$").matches("ba")
    assert not language("a$").matches("ba\n")


@pytest.mark.positive
def test_the_borders_of_the_text_may_stand_anywhere():
    assert sample(("$^",)) == ""
    assert sample(("(^a|b)c$",)) == "ac"
    assert not language("a(^b|c$)").matches("ab")
    assert language("(?:^|-)x(?:$|-)").matches("a-x-b")


@pytest.mark.edge
def test_a_digit_beyond_ascii_is_a_digit_for_some():
    assert language(r"^\d$").finds("٣") is None
    assert not language(r"^\d$").matches("٣")
    assert language(r"^\d$").finds("3")
    assert language("^٣$").finds("٣")


@pytest.mark.edge
def test_the_bounds_are_those_that_are_documented(monkeypatch):
    assert len(sample((), shortest=19_999)) == 19_999
    monkeypatch.setattr(patterns, "MAX_STATES", 10)
    with pytest.raises(TooLargeError):
        sample((), shortest=10)
