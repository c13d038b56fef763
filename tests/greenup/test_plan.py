"""Orders, reasons and events."""

from __future__ import annotations

from string import Formatter

import pytest

from custom_components.legrand_ews.greenup import REASONS, Order, Reason

VALUES = {"limit": 6.0, "phase": "L2", "step": 1, "seconds": 30.4, "place": 2, "short": 6.7}


@pytest.mark.parametrize("key", REASONS)
def test_every_reason_is_a_sentence_of_known_values(key: str) -> None:
    names = {name for _, name, _, _ in Formatter().parse(REASONS[key]) if name}
    assert names <= set(VALUES)
    text = str(Reason(key, VALUES))
    assert text
    assert "{" not in text


def test_an_order_says_why_in_parts_and_in_words() -> None:
    order = Order.of(0.0, "short", short=6.7, phase="L2")
    assert order.reason == "waiting: 7 A short on L2"
    assert order.why is not None
    assert (order.why.key, order.why.values["phase"]) == ("short", "L2")


def test_an_order_can_be_made_of_the_contracts_two_values() -> None:
    assert Order(6.0, "so").why is None
