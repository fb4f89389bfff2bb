"""What is published stays: as every base has it."""

from __future__ import annotations

import json

import pytest

from jerry_git.application.checking.sources import Change, Entry
from jerry_git.application.schemas.checking import check_immutable
from jerry_git.application.schemas.immutable import immutable
from jerry_git.application.schemas.registry import Record
from jerry_git.application.settings import Settings
from tests.application.schemas.registries import FOLDER, ORDER, WITH_NOTE, WITH_TOTAL, codes, published
from tests.application.sources import MemorySource

V1 = f"{FOLDER}/placed/v1.json"


def report(files, before):
    return check_immutable(MemorySource(files, before), None, Settings())


@pytest.mark.positive
def test_a_new_version_and_a_new_event_are_no_change():
    found = report(published(ORDER, WITH_NOTE) | published(ORDER, event="paid"), published(ORDER))
    assert (found.findings, found.files) == ((), 2)


@pytest.mark.positive
def test_nothing_is_read_where_nothing_changed():
    source = MemorySource(published(ORDER), published(ORDER))
    assert check_immutable(source, None, Settings()).findings == ()
    assert source.read == []


REWRITTEN = {
    "another layout": json.dumps(ORDER, indent=4).encode(),
    "another order": json.dumps(dict(reversed(ORDER.items()))).encode(),
    "a description": json.dumps({**ORDER, "description": "An order."}).encode(),
    "the word for open": json.dumps({**ORDER, "additionalProperties": True}).encode(),
}


@pytest.mark.edge
@pytest.mark.parametrize("content", REWRITTEN.values(), ids=REWRITTEN)
def test_bytes_that_mean_the_same_are_a_warning(content):
    (found,) = report({V1: content}, published(ORDER)).findings
    assert (found.code, found.severity, found.path) == ("schema-rewritten", "warning", V1)


BROKEN = {
    "another meaning": ({V1: json.dumps(WITH_TOTAL).encode()}, ["schema-modified"]),
    "no JSON any more": ({V1: b"{"}, ["schema-modified"]),
    "gone": ({}, ["schema-deleted"]),
    "moved": ({f"{FOLDER}/ordered/v1.json": published(ORDER)[V1]}, ["schema-renamed"]),
    "a link": ({V1: b"->v2.json"}, ["schema-replaced"]),
}


@pytest.mark.negative
@pytest.mark.parametrize(("files", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_published_file_that_is_not_as_it_was_is_refused(files, expected):
    found = report(files, published(ORDER))
    assert codes(found.findings) == expected
    assert found.is_refused
    assert f"git checkout HEAD -- {V1}" in found.findings[0].mend


@pytest.mark.negative
def test_a_record_that_changed_is_refused():
    path = f"{FOLDER}/placed/v2.upcaster.json"
    before, after = ({path: Record("m:f", f"sha256:{n}").text().encode()} for n in (1, 2))
    assert codes(report(after, before).findings) == ["schema-modified"]


@pytest.mark.edge
def test_what_could_never_be_read_is_published_all_the_same():
    assert codes(report({V1: b"{}"}, {V1: b"{"}).findings) == ["schema-modified"]
    assert report({V1: b"{"}, {V1: b"{"}).findings == ()


@pytest.mark.edge
def test_a_file_in_no_place_of_the_registry_is_none_of_its_business():
    assert report({}, {f"{FOLDER}/README.md": b"x"}).findings == ()


class TwoBases(MemorySource):
    """A merge: the files against both sides."""

    def __init__(self, files, ours, theirs):
        super().__init__(files)
        self._sides = {"HEAD": ours, "MERGE_HEAD": theirs}

    def changes(self, patterns, *, published):
        return [
            Change(base, change.path, change.before, change.after)
            for base, side in self._sides.items()
            for change in MemorySource(self._files, side).changes(patterns, published=published)
        ]

    def former(self, entries):
        for side in self._sides.values():
            yield from MemorySource({}, side).former(entries)


@pytest.mark.negative
def test_two_branches_that_published_one_version_each_otherwise_are_told_once():
    path = f"{FOLDER}/placed/v2.json"
    ours, theirs = published(ORDER, WITH_NOTE), published(ORDER, WITH_TOTAL)
    source = TwoBases(published(ORDER, {"type": "object"}), ours, theirs)
    (found,) = immutable(source, FOLDER, source.changes((FOLDER,), published=False))
    assert (found.code, found.path) == ("schema-published-twice", path)
    assert "HEAD and MERGE_HEAD" in found.message


@pytest.mark.negative
@pytest.mark.parametrize("kept", [WITH_NOTE, WITH_TOTAL])
def test_a_merge_that_keeps_one_side_is_told_of_the_other(kept):
    source = TwoBases(published(ORDER, kept), published(ORDER, WITH_NOTE), published(ORDER, WITH_TOTAL))
    (found,) = immutable(source, FOLDER, source.changes((FOLDER,), published=False))
    assert found.code == "schema-modified"
    assert ("MERGE_HEAD" if kept is WITH_NOTE else "HEAD") in found.message


@pytest.mark.edge
def test_a_new_entry_without_content_of_its_own_is_no_former_one():
    change = Change("HEAD", f"{FOLDER}/placed/v1.json", None, Entry(V1, "100644", "1"))
    assert list(immutable(MemorySource({}), FOLDER, [change])) == []


@pytest.mark.edge
def test_the_executable_bit_does_not_matter():
    source = MemorySource(published(ORDER), published(ORDER))
    (entry,) = source.entries([FOLDER])
    change = Change("HEAD", V1, entry, Entry(V1, "100755", entry.blob))
    assert list(immutable(source, FOLDER, [change])) == []
