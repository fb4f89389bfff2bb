"""Searching: all words, in any case, wherever an item says them."""

from __future__ import annotations

import pytest

from jerry_git.application import commands, queries
from tests.application.acting import DONE, at, board, given, names


@pytest.fixture
def work(services):
    """Four items that speak of parsers in different places, the fourth of them done."""
    given(services, "Lexer", description="Feeds the PARSER.\nStraße")
    given(services, "Parser loops on empty input", labels=["urgent"])
    given(services, "Report")
    commands.comment(services, "WORK-3", "The parser needs this, too")
    at(services, DONE, "Old parser")
    return services


def found(services, words, **options):
    return names(queries.search(board(services), words, **options))


@pytest.mark.positive
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("loops", ["WORK-2"], id="a word of a title"),
        pytest.param("LOOPS", ["WORK-2"], id="in any case"),
        pytest.param("strasse", ["WORK-1"], id="folded as languages want it"),
        pytest.param("feeds", ["WORK-1"], id="a word of a description"),
        pytest.param("urgent", ["WORK-2"], id="a label"),
        pytest.param("needs", ["WORK-3"], id="a word of a comment"),
        pytest.param("work-3", ["WORK-3"], id="a display id"),
        pytest.param("empty   parser", ["WORK-2"], id="several words in any order"),
        pytest.param("pars oop", ["WORK-2"], id="parts of words"),
    ],
)
def test_an_item_is_found_by(work, words, expected):
    assert found(work, words) == expected


@pytest.mark.positive
def test_titles_go_first_then_open_items_then_older_ones(work):
    assert found(work, "parser") == ["WORK-2", "WORK-4", "WORK-1", "WORK-3"]


@pytest.mark.positive
def test_closed_items_are_left_out_when_so_asked(work):
    assert found(work, "parser", closed=False) == ["WORK-2", "WORK-1", "WORK-3"]


@pytest.mark.negative
@pytest.mark.parametrize("words", ["parsers", "parser missing", "WORK-9"])
def test_an_item_that_lacks_a_word_is_not_found(work, words):
    assert found(work, words) == []


@pytest.mark.negative
def test_deleted_items_are_not_found(work):
    commands.delete(work, "WORK-2")
    assert found(work, "loops") == []


@pytest.mark.edge
def test_no_words_find_everything(work):
    assert sorted(found(work, " ")) == ["WORK-1", "WORK-2", "WORK-3", "WORK-4"]
