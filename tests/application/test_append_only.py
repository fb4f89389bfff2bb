"""The rule of files that are only added, over changes as git tells them."""

from __future__ import annotations

import pytest

from jerry_git.application.checking.append_only import append_only
from jerry_git.application.checking.sources import Change, Entry


def change(before: str | None, after: str | None, base: str = "HEAD", path: str = "a.json", mode: str = "100644"):
    old = None if before is None else Entry(path, "100644", before)
    new = None if after is None else Entry(path, mode, after)
    return Change(base, path, old, new)


def codes(*changes: Change) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in append_only(changes, "event")]


@pytest.mark.positive
def test_an_executable_bit_alters_nothing():
    assert codes(change("1", "1", mode="100755")) == []


@pytest.mark.positive
def test_a_file_that_is_new_to_one_base_is_no_alteration_of_it():
    assert codes(change(None, "1", base="other")) == []


@pytest.mark.positive
def test_what_several_bases_have_is_told_once():
    assert codes(change("1", None), change("1", None, base="other")) == [
        ("event-deleted", "is gone, but HEAD has it"),
    ]


@pytest.mark.positive
def test_what_only_the_other_side_of_a_merge_has_is_told_of_it():
    dropped = change("1", None, base="other", path="b.json")
    assert codes(change(None, "2"), dropped) == [("event-deleted", "is gone, but other has it")]


@pytest.mark.positive
@pytest.mark.parametrize(("mode", "kind"), [("120000", "a symbolic link"), ("160000", "a submodule")])
def test_a_file_is_replaced_by(mode: str, kind: str):
    assert codes(change("1", "2", mode=mode)) == [
        ("event-replaced", f"was replaced by {kind}, but HEAD has it otherwise")
    ]
