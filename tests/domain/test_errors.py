"""What is refused says so in words, and carries its data for whoever words it better."""

from __future__ import annotations

import pytest

from jerry_domain.errors import (
    CannotUndoError,
    ClaimedByOtherError,
    CycleError,
    DomainError,
    IllegalTransitionError,
    InvalidValueError,
    ItemDeletedError,
    ItemExistsError,
    OpenChildrenError,
    ParentTypeError,
    QualityGateError,
)
from jerry_domain.ports.event_store import (
    ConcurrencyError,
    CorruptStreamError,
    EventStoreError,
    IdempotencyError,
    LockTimeoutError,
    OutcomeUnknownError,
    Problem,
    StoreUnavailableError,
)
from tests.domain.builders import NOON, STREAM

TORN = Problem(code="JER001", path="a.json", line=7, message="torn", mend="jerry doctor", stream=STREAM)


@pytest.mark.negative
@pytest.mark.parametrize(
    ("error", "words", "data"),
    [
        (InvalidValueError("title", "", "is empty"), "title '': is empty", ("title", "", "is empty")),
        (
            IllegalTransitionError("WORK-1", "done", "blocked", ["in_progress"]),
            "WORK-1 is done and cannot become blocked",
            ("WORK-1", "done", "blocked", ("in_progress",)),
        ),
        (ItemDeletedError("WORK-1"), "WORK-1 is deleted", ("WORK-1",)),
        (ItemExistsError("WORK-1"), "WORK-1 exists already", ("WORK-1",)),
        (
            ParentTypeError("subtask", "epic", ["story"]),
            "an item of type subtask cannot have a parent of type epic",
            ("subtask", "epic", ("story",)),
        ),
        (
            OpenChildrenError("WORK-1", ["WORK-2", "WORK-3"]),
            "WORK-1 has open children: WORK-2, WORK-3",
            ("WORK-1", ("WORK-2", "WORK-3")),
        ),
        (
            QualityGateError("WORK-1", "L1", ["no positive tests", "no coverage"]),
            "WORK-1 does not meet quality level L1: no positive tests; no coverage",
            ("WORK-1", "L1", ("no positive tests", "no coverage")),
        ),
        (
            CycleError(["WORK-1", "WORK-2"]),
            "these would wait for each other: WORK-1 -> WORK-2 -> WORK-1",
            (("WORK-1", "WORK-2"),),
        ),
        (
            ClaimedByOtherError("WORK-1", "Bob", None, NOON),
            "WORK-1 is claimed by Bob until 2026-03-02 12:00 UTC",
            ("WORK-1", "Bob", None, NOON),
        ),
        (
            CannotUndoError("WORK-1", "it has no history"),
            "the last change of WORK-1 cannot be undone: it has no history",
            ("WORK-1", "it has no history"),
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_refusal_of_the_domain_has_words_and_data(error, words, data):
    assert isinstance(error, DomainError)
    assert str(error) == words
    assert tuple(vars(error).values()) == data


@pytest.mark.negative
@pytest.mark.parametrize(
    ("error", "words", "data"),
    [
        (ConcurrencyError("s-1", 3, 4), "stream s-1: expected version 3, found 4", ("s-1", 3, 4)),
        (
            IdempotencyError("s-1", ["a", "b"], "known in part"),
            "stream s-1: known in part: a, b",
            ("s-1", ("a", "b"), "known in part"),
        ),
        (CorruptStreamError("s-1", [TORN]), "a.json:7: torn", ("s-1", (TORN,))),
        (
            LockTimeoutError("s-1", 2.5),
            "the lock 's-1' was held by another process for more than 2.5 s",
            ("s-1", 2.5),
        ),
        (StoreUnavailableError(".jerry", "read-only"), ".jerry: read-only", (".jerry", "read-only")),
        (OutcomeUnknownError("s-1", ["a"], "cut off"), "stream s-1: cut off", ("s-1", ("a",), "cut off")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_failure_of_a_store_has_words_and_data(error, words, data):
    assert isinstance(error, EventStoreError)
    assert str(error) == words
    assert tuple(vars(error).values()) == data


@pytest.mark.positive
def test_a_value_that_is_not_accepted_is_a_value_error_for_those_who_do_not_know_the_domain():
    with pytest.raises(ValueError, match="is empty"):
        raise InvalidValueError("title", "", "is empty")


@pytest.mark.positive
def test_a_problem_of_a_whole_file_names_no_line():
    assert str(Problem(code="JER002", path="a.json", message="not a file", mend="remove it")) == "a.json: not a file"
