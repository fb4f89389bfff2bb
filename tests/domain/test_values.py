"""What values have in common: made by keyword, never changed, equal by what they hold."""

from __future__ import annotations

import copy
import pickle
from dataclasses import field, replace
from itertools import combinations
from unittest import mock

import pytest

from jerry_domain.values import Value, value


@value
class Price(Value):
    """A value of one field without a default, one with, and one that is made."""

    amount: int
    currency: str = "EUR"
    notes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nobody is paid for buying."""
        if self.amount < 0:
            raise ValueError("below zero")


@value
class Rebate(Price):
    """A value that has more fields."""

    reason: str


TEN = Price(amount=10)


@pytest.mark.positive
@pytest.mark.parametrize(
    ("made", "told"),
    [
        (TEN, (10, "EUR", {})),
        (Price(currency="CHF", amount=3), (3, "CHF", {})),
        (Price(amount=3, currency="CHF", notes={"a": "b"}), (3, "CHF", {"a": "b"})),
        (replace(TEN, amount=4), (4, "EUR", {})),
        (Rebate(amount=2, reason="old"), (2, "EUR", {})),
    ],
)
def test_what_is_not_given_has_its_default(made, told):
    assert (made.amount, made.currency, made.notes) == told


@pytest.mark.positive
def test_a_value_is_made_of_its_fields_in_their_order():
    assert Rebate.of((2, "CHF", {}, "old")) == Rebate(reason="old", amount=2, currency="CHF")


@pytest.mark.negative
@pytest.mark.parametrize("values", [(), (1, "EUR"), (1, "EUR", {}, "more"), (-1, "EUR", {})])
def test_a_value_of_too_few_fields_or_too_many_or_wrong_ones_is_refused(values):
    with pytest.raises(ValueError):  # noqa: PT011 - by `zip`, or by the value itself
        Price.of(values)


@pytest.mark.positive
def test_what_is_made_for_one_is_its_own():
    assert TEN.notes is not Price(amount=10).notes


@pytest.mark.positive
@pytest.mark.parametrize("made", [TEN, Rebate(amount=2, reason="old"), Price(amount=1, currency="CHF")])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])  # noqa: S301 - our own
def test_a_copy_is_equal(made, copied):
    assert copied(made) == made
    assert type(copied(made)) is type(made)


@pytest.mark.positive
def test_a_value_is_written_as_it_is_made():
    assert repr(Rebate(amount=2, reason="old")) == "Rebate(amount=2, currency='EUR', notes={}, reason='old')"


@pytest.mark.positive
def test_equal_values_are_one_in_a_set():
    @value
    class Point(Value):
        x: int
        y: int

    assert len({Point(x=1, y=2), Point(y=2, x=1), Point(x=2, y=1)}) == 2


@pytest.mark.negative
@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, "Rebate: missing amount, reason"),
        ({"amount": 1, "currency": "CHF"}, "Rebate: missing reason"),
        ({"amount": 1, "reason": "old", "colour": "red"}, "Rebate: unknown colour"),
        ({"amount": 1, "reason": "old", "colour": "red", "notes": {}}, "Rebate: unknown colour"),
        ({"amount": 1, "currency": "CHF", "notes": {}, "colour": "red"}, "Rebate: missing reason; unknown colour"),
        ({"amount": 1, "currency": "CHF", "notes": {}, "reason": "", "b": 1, "a": 1}, "Rebate: unknown a, b"),
    ],
)
def test_a_field_that_is_missing_or_unknown_is_told(given, complaint):
    with pytest.raises(TypeError, match=f"^{complaint}$"):
        Rebate(**given)


@pytest.mark.negative
def test_fields_have_names():
    with pytest.raises(TypeError, match="positional"):
        Price(10)


@pytest.mark.negative
@pytest.mark.parametrize("kind", [Price, lambda **given: Rebate(reason="", **given)])
def test_what_a_value_asks_of_its_fields_is_asked(kind):
    with pytest.raises(ValueError, match="below zero"):
        kind(amount=-1)


@pytest.mark.edge
def test_values_of_two_kinds_differ():
    @value
    class Other(Value):
        amount: int
        currency: str = "EUR"
        notes: dict[str, str] = field(default_factory=dict)

    assert TEN == mock.ANY
    for one, other in combinations([TEN, Other(amount=10), Rebate(amount=10, reason=""), (10, "EUR", {}), None], 2):
        assert one != other
