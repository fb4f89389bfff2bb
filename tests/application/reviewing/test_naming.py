"""The past tense of events, by a small list of words."""

from __future__ import annotations

import pytest

from jerry_git.application.reviewing.naming import tense


@pytest.mark.positive
@pytest.mark.parametrize(
    "name",
    ["OrderPlaced", "OrderPlacedV2", "OrderPlacedEvent", "order_placed", "placed", "MailSent", "CustomerCheckedOut",
     "OrderPaid", "RequestTimedOut", "URLReset"],
)  # fmt: skip
def test_a_name_that_ends_in_a_past_participle_is_past(name: str) -> None:
    assert tense(name) == "past"


@pytest.mark.negative
@pytest.mark.parametrize("name", ["PlaceOrder", "OrderSend", "OrderCreate", "CreateOrderEvent", "Cancel", "SendOut"])
def test_a_name_that_reads_as_a_command_is_not(name: str) -> None:
    assert tense(name) == "other"


@pytest.mark.edge
@pytest.mark.parametrize("name", ["OrderFeed", "PaymentOverdue", "PlacedOrder", "Event", "_", "Out"])
def test_of_another_word_it_cannot_be_told(name: str) -> None:
    assert tense(name) == "untold"
