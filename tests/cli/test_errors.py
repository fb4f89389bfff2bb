"""Every error of the layers below has words of its own, and a hint that mends."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jerry_domain import errors as domain
from jerry_domain.aggregates.work_item_state import WorkItemState
from jerry_domain.ports import event_store as store
from jerry_git.application import errors as outside
from jerry_git.application.checking.findings import CannotCheckError
from jerry_git.application.errors import AmbiguousItemError, ItemNotFoundError, UnreadableItemError
from jerry_git.cli.errors import explain

THEN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PROBLEM = store.Problem(code="not-json", path="a.json", message="not JSON", mend="git checkout HEAD -- a.json", line=3)
HERE = Path("here")

EXAMPLES = [
    domain.IllegalTransitionError("WORK-1", "pending", "done", ("in_progress", "cancelled")),
    domain.IllegalTransitionError("WORK-1", "cancelled", "in_progress", ()),
    domain.IllegalTransitionError("WORK-1", "done", "claimed", ("in_progress",)),
    domain.IllegalTransitionError("WORK-1", "blocked", "in_progress", ("in_progress", "cancelled")),
    domain.ItemDeletedError("WORK-1"),
    domain.ParentTypeError("story", "task", ("epic",)),
    domain.OpenChildrenError("WORK-1", ("WORK-2",)),
    domain.QualityGateError("WORK-1", "L1", ("no negative tests",)),
    domain.CycleError(("WORK-1", "WORK-2")),
    domain.ClaimedByOtherError("WORK-1", "Eve", "s-1", THEN),
    domain.CannotUndoError("WORK-1", "it has no history"),
    store.ConcurrencyError("work_item-1", 3, 4),
    store.IdempotencyError("work_item-1", ("id",), "known in part"),
    store.CorruptStreamError("work_item-1", (PROBLEM,)),
    store.LockTimeoutError("structure", 10),
    store.StoreUnavailableError("a.json", "nothing was written: No space left on device"),
    store.OutcomeUnknownError("work_item-1", ("id",), "a.json: Input/output error"),
    ItemNotFoundError("WORK-9", ("WORK-8",)),
    ItemNotFoundError("nothing"),
    ItemNotFoundError("WORK-9", ("WORK-8",), unreadable=1),
    ItemNotFoundError("WORK-9", unreadable=2),
    AmbiguousItemError("WORK-1", (WorkItemState(item_id="a", title="One"), WorkItemState(item_id="b", title="Two"))),
    UnreadableItemError("WORK-1", (PROBLEM,)),
    outside.UnknownMomentError("v1.2", ("v1.1",), shallow=True),
    outside.UnknownMomentError("soon"),
    outside.BeforeHistoryError("2020-01-01", THEN, THEN),
    outside.BeforeHistoryError("2020-01-01", THEN, THEN, shallow=True),
    outside.BeforeHistoryError("today", THEN, None),
    outside.NoWorkTreeError(HERE, "no repository"),
    outside.NoWorkTreeError(HERE, "bare repository"),
    outside.NoWorkTreeError(HERE, "inside the git directory"),
    outside.NoWorkTreeError(HERE, "no current folder"),
    outside.NoWorkTreeError(HERE, "git refuses to work here", "dubious ownership"),
    outside.GitError(("commit",), "fatal: unable to auto-detect email address; set user.email"),
    outside.GitError(("commit",), "fatal: cannot do a partial commit during a merge."),
    outside.CannotSyncError("a merge is under way in this work tree", "finish it"),
    outside.NotInitializedError(HERE),
    outside.NotCheckedOutError("this work tree does not have .jerry/repository.json", "git checkout -- .jerry"),
    outside.IdentityError(".jerry/repository.json", "format 2 needs a later jerry-git"),
    outside.PrefixFixedError("WORK"),
    outside.ConfigurationError("pyproject.toml", [("tool.jerry.commit.mode", "not one of these")]),
    CannotCheckError("origin/main names no commit that is here", "`git fetch origin` may bring it"),
    outside.ReportError(Path("coverage.json"), "not a report of coverage.py"),
]


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


@pytest.mark.positive
@pytest.mark.parametrize("error", EXAMPLES, ids=_name)
def test_an_error_has_a_code_a_message_and_a_hint(error: Exception) -> None:
    """No refusal leaves a person alone."""
    explanation = explain(error)
    assert explanation is not None
    assert explanation.code
    assert explanation.message
    assert explanation.hint


@pytest.mark.positive
def test_the_hint_of_an_illegal_step_names_the_commands_that_are_legal() -> None:
    """From where the item stands."""
    explanation = explain(EXAMPLES[0])
    assert explanation is not None
    assert explanation.hint == "from pending: `jerry start WORK-1`, `jerry cancel WORK-1`"


@pytest.mark.negative
def test_no_error_of_the_layers_below_is_without_words() -> None:
    """A new error class must be worded here."""
    bases = (domain.DomainError, store.EventStoreError)
    classes = {
        member
        for module in (domain, store, outside)
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Exception) and member.__module__ == module.__name__ and member not in bases
    }
    worded = {type(error) for error in EXAMPLES} | {domain.InvalidValueError}
    # `create` never meets an id that exists: the store refuses first, and another id is drawn.
    assert classes - worded == {domain.ItemExistsError}


@pytest.mark.negative
def test_half_a_character_that_no_argument_brings_stays_a_bug() -> None:
    with pytest.raises(UnicodeEncodeError) as caught:
        "\ud800".encode()
    assert explain(caught.value) is None


@pytest.mark.edge
def test_what_should_not_happen_is_not_explained_away() -> None:
    """A bug stays a bug."""
    assert explain(ZeroDivisionError("division by zero")) is None
