"""What is not a batch of events is refused: with a stable code, a line, and words (DESIGN 7, 9)."""

from __future__ import annotations

import pytest

from jerry_git.infrastructure.persistence.codec import CodecError, decode
from jerry_git.testing.store_case import rows
from tests.infrastructure.damaged_files import GOOD, INVALID, NOT_A_BATCH, NOT_JSON, NOT_UTF8, SECOND, changed


def refusal_of(content: bytes) -> CodecError:
    with pytest.raises(CodecError) as refusal:
        decode(content)
    assert refusal.value.mend
    assert len(refusal.value.message) < 400
    return refusal.value


@pytest.mark.positive
def test_the_file_that_all_damage_starts_from_is_good():
    assert [item.version for item in decode(GOOD)] == [1, 2]


@pytest.mark.negative
@pytest.mark.parametrize(("content", "line", "message"), rows(NOT_JSON))
def test_what_is_not_json_of_ours_is_refused_with_its_line_where_that_is_known(content, line, message):
    error = refusal_of(content)
    assert (error.code, error.line) == ("not-json", line)
    assert message in error.message


@pytest.mark.negative
@pytest.mark.parametrize(("content", "line"), rows(NOT_UTF8))
def test_what_is_not_utf8_is_refused_with_byte_and_line(content, line):
    error = refusal_of(content)
    assert (error.code, error.line) == ("not-utf8", line)


@pytest.mark.negative
@pytest.mark.parametrize("content", NOT_A_BATCH.values(), ids=NOT_A_BATCH)
def test_what_is_not_a_list_of_events_is_refused(content):
    error = refusal_of(content)
    assert (error.code, error.line) == ("not-a-batch", 1)


@pytest.mark.negative
@pytest.mark.parametrize(("content", "line", "message"), rows(INVALID))
def test_an_event_that_is_not_as_it_should_be_is_refused_with_its_number_field_and_line(content, line, message):
    error = refusal_of(content)
    assert (error.code, error.line) == ("invalid-event", line)
    assert message in error.message


@pytest.mark.negative
def test_an_unknown_event_type_is_refused_with_its_line_and_how_to_get_a_program_that_knows_it():
    error = refusal_of(changed("type", "jerry.work_item.teleported.v1", event=2))
    assert (error.code, error.line, error.mend) == ("unknown-event-type", SECOND, "pip install --upgrade jerry-git")
    assert error.message == (
        "event 2: no event named jerry.work_item.teleported is known here: "
        "jerry.work_item.teleported.v1 needs a later jerry-git"
    )
