"""Retry is not optional: exponential backoff with full jitter (LES-003, DESIGN 5)."""

from __future__ import annotations

import pytest

from jerry_domain.ports.event_store import ConcurrencyError, LockTimeoutError
from jerry_git.application.retry import Backoff, retrying


class Action:
    """Fails with these errors, one after the other, and then returns "done"."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def conflicts(count: int) -> list[Exception]:
    return [ConcurrencyError("work_item-1", 1, 2 + number) for number in range(count)]


@pytest.mark.positive
def test_by_default_the_pauses_double_from_10_ms_with_eight_tries():
    assert list(Backoff().pauses(lambda: 1.0)) == [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64]


@pytest.mark.positive
def test_no_pause_is_longer_than_the_cap():
    assert list(Backoff(base=0.5, tries=5).pauses(lambda: 1.0)) == [0.5, 1.0, 1.0, 1.0]


@pytest.mark.positive
@pytest.mark.parametrize("jitter", [0.0, 0.25, 0.999])
def test_jitter_is_full_each_pause_is_its_share(jitter):
    assert list(Backoff(factor=3, tries=4).pauses(lambda: jitter)) == pytest.approx(
        [jitter * 0.01, jitter * 0.03, jitter * 0.09]
    )


@pytest.mark.positive
@pytest.mark.parametrize("failures", range(8))
def test_an_action_is_tried_until_it_succeeds(failures):
    action, slept = Action(*conflicts(failures)), []
    assert retrying(action, sleep=slept.append, jitter=lambda: 1.0) == "done"
    assert action.calls == failures + 1
    assert slept == list(Backoff().pauses(lambda: 1.0))[:failures]


@pytest.mark.negative
def test_the_last_conflict_is_raised():
    action, slept = Action(*conflicts(9)), []
    with pytest.raises(ConcurrencyError) as refusal:
        retrying(action, sleep=slept.append, jitter=lambda: 0.0)
    assert (action.calls, refusal.value.actual) == (8, 9)


@pytest.mark.negative
@pytest.mark.parametrize("error", [LockTimeoutError("structure", 10), ValueError("no")])
def test_other_errors_are_not_tried_again(error):
    action = Action(error)
    with pytest.raises(type(error)):
        retrying(action, sleep=lambda seconds: pytest.fail("no pause"))
    assert action.calls == 1


@pytest.mark.edge
def test_one_try_is_no_retry():
    action = Action(*conflicts(1))
    with pytest.raises(ConcurrencyError):
        retrying(action, Backoff(tries=1), sleep=lambda seconds: pytest.fail("no pause"))
    assert action.calls == 1
