"""The items in commit messages."""

from __future__ import annotations

import pytest

from jerry_domain.events.work_item_events import Created, DisplayIdChanged
from jerry_domain.value_objects.classification import WorkType
from jerry_git.application.checking.commit_messages import check_message, committed_items, exists, named, spoken
from jerry_git.infrastructure.persistence.event_file_reader import CloudEventFileReader
from jerry_git.testing.histories import happened, item_id
from tests.application.sources import MemorySource, files_of

READER = CloudEventFileReader()


def created(name: str, display_id: str) -> Created:
    return happened(Created, name, display_id=display_id, work_type=WorkType.TASK, title=name)


ITEMS = {
    **files_of([created("one", "WORK-1")]),
    **files_of([created("two", "WORK-2"), happened(DisplayIdChanged, "renumbered", display_id="WORK-7")], 1),
}
SOURCE = MemorySource(ITEMS, files_of([created("one", "WORK-1")]))


def wrong(message: str, *, needs_item: bool = False) -> list[tuple[str, int]]:
    found = check_message(
        message, "WORK", lambda name: exists(SOURCE, READER, name), needs_item=needs_item, path="COMMIT_EDITMSG"
    )
    return [(finding.code, finding.line) for finding in found]


@pytest.mark.positive
@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("Mend WORK-1, WORK-2 and WORK-1", ("WORK-1", "WORK-2")),
        ("x\n\nJerry-Item: WORK-3\njerry-item:  06hs000000000\n", ("WORK-3", "06hs000000000")),
        ("HOMEWORK-1 WORK-0 WORK-1x work-1 SHA-1", ()),
        ("", ()),
    ],
)
def test_a_message_names(message, names):
    assert named(message, "WORK") == names


@pytest.mark.positive
def test_comments_and_what_is_below_the_scissors_are_not_said():
    message = "Mend\n# WORK-9\n\n# ------------------------ >8 ------------------------\ndiff WORK-8\n"
    assert spoken(message) == "Mend"
    assert wrong(message) == []


@pytest.mark.positive
@pytest.mark.parametrize("name", ["WORK-1", "WORK-2", "WORK-7", "work-7", item_id(0)])
def test_an_item_exists_by_display_id_alias_and_internal_id(name):
    assert exists(SOURCE, READER, name)


@pytest.mark.negative
@pytest.mark.parametrize("name", ["WORK-3", "WORK-11", item_id(5), "nonsense", "WORK-"])
def test_no_item_exists_of_another_name(name):
    assert not exists(SOURCE, READER, name)


@pytest.mark.negative
def test_an_item_that_does_not_exist_is_told_with_its_line():
    assert wrong("Mend\n\nfor WORK-5\nJerry-Item: WORK-6") == [("unknown-item", 3), ("unknown-item", 4)]


@pytest.mark.negative
def test_trailers_alone_are_no_message():
    assert wrong("\nJerry-Item: WORK-1\n") == [("no-message", 1)]


@pytest.mark.negative
def test_a_message_without_an_item_is_refused_only_on_demand():
    assert wrong("Mend it") == []
    assert wrong("Mend it", needs_item=True) == [("no-item", 1)]
    assert wrong("Mend it\n\nJerry-Item: WORK-1", needs_item=True) == []


@pytest.mark.edge
@pytest.mark.parametrize(
    "message",
    ["fixup! WORK-9", "squash! x", "amend! x", "Merge branch 'WORK-9'", 'Revert "WORK-9"', 'Reapply "x"', "", "# x"],
)
def test_what_git_writes_itself_passes(message):
    assert wrong(message, needs_item=True) == []


@pytest.mark.positive
def test_a_commit_carries_the_items_of_its_new_events():
    assert committed_items(SOURCE, READER) == ("WORK-7",)
    assert committed_items(MemorySource(ITEMS, {}), READER) == ("WORK-1", "WORK-7")


@pytest.mark.edge
def test_a_commit_without_events_carries_no_items():
    assert committed_items(MemorySource(ITEMS, ITEMS), READER) == ()
    assert committed_items(MemorySource({".jerry/events/x": b"x"}, {}), READER) == ()
