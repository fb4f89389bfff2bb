"""The message of a commit that carries events alone: short, and machines can read whose events they are."""

from __future__ import annotations

import pytest

from jerry_domain.aggregates.work_item import WorkItem
from jerry_domain.value_objects.work_item_id import WorkItemId
from jerry_git.application.messages import MOST_TRAILERS, SUBJECT_LENGTH, commit_message
from tests.application.acting import given, internal
from tests.application.fakes import DamagedStore, problem


def path(item_id: str, name: str = "00000001-0123456789ab.json") -> str:
    return f".jerry/events/2026-03/{WorkItem.category}-{item_id}/{name}"


def paths(services, *names: str) -> list[str]:
    return [path(internal(services, name)) for name in names]


@pytest.mark.positive
def test_a_message_names_the_items_and_has_a_trailer_for_each(services):
    names = given(services, "Lexer", "Parser")
    assert commit_message(services.store, paths(services, *names)) == (
        "jerry: WORK-1, WORK-2\n\nJerry-Item: WORK-1\nJerry-Item: WORK-2\n"
    )


@pytest.mark.positive
def test_several_files_of_one_item_name_it_once(services):
    given(services, "Parser")
    files = [*paths(services, "WORK-1"), path(internal(services, "WORK-1"), "00000002-0123456789ab.json")]
    assert commit_message(services.store, files) == "jerry: WORK-1\n\nJerry-Item: WORK-1\n"


@pytest.mark.positive
def test_a_crowd_is_counted(services):
    names = given(services, *(f"Item {number}" for number in range(12)))
    subject, _, trailers = commit_message(services.store, paths(services, *names)).partition("\n\n")
    assert subject == "jerry: 12 items"
    assert len(trailers.splitlines()) == 12


@pytest.mark.edge
def test_a_subject_is_at_most_72_characters_long(services):
    names = given(services, *(f"Item {number}" for number in range(12)))
    subjects = [commit_message(services.store, paths(services, *names[:n])).partition("\n")[0] for n in range(1, 13)]
    assert all(len(subject) <= SUBJECT_LENGTH for subject in subjects)
    assert subjects[7] == "jerry: WORK-1, WORK-2, WORK-3, WORK-4, WORK-5, WORK-6, WORK-7, WORK-8"
    assert subjects[8] == "jerry: 9 items"


@pytest.mark.edge
def test_more_than_50_items_have_no_trailers(services):
    names = given(services, *(f"Item {number}" for number in range(MOST_TRAILERS + 1)))
    assert commit_message(services.store, paths(services, *names[:-1])).count("Jerry-Item: ") == MOST_TRAILERS
    assert commit_message(services.store, paths(services, *names)) == "jerry: 51 items"


@pytest.mark.positive
def test_files_of_the_set_up_are_named_only_when_they_come_alone(services):
    given(services, "Parser")
    setting_up = [".jerry/README.md", ".jerry/repository.json"]
    assert commit_message(services.store, setting_up) == "jerry: set up work tracking"
    assert commit_message(services.store, [*setting_up, *paths(services, "WORK-1")]).startswith("jerry: WORK-1\n")


@pytest.mark.negative
def test_an_item_that_is_not_in_the_store_is_named_by_its_internal_id(services):
    item_id = str(WorkItemId.compose(1, 1))
    assert commit_message(services.store, [path(item_id)]) == f"jerry: {item_id}\n\nJerry-Item: {item_id}\n"


@pytest.mark.negative
def test_an_item_that_cannot_be_read_is_named_by_its_internal_id(services):
    given(services, "Parser")
    item_id = internal(services, "WORK-1")
    damaged = DamagedStore(services.store, damaged={item_id: problem()})
    assert commit_message(damaged, [path(item_id)]).startswith(f"jerry: {item_id}\n")
