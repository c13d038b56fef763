"""Reasons as sentences."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from custom_components.legrand_ews.charging.reason_text import SELECTOR, reason_text
from custom_components.legrand_ews.greenup import REASONS, Reason

from ..bill_support import ENGLISH

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.greenup.plan import Value

    from ..support import Panel

VALUES: dict[str, Value] = {"limit": 13.5, "phase": "L2", "step": 2, "seconds": 40.0, "short": 6.7, "place": 3}
TEXTS = ENGLISH["selector"][SELECTOR]["options"]


def test_each_reason_has_a_sentence_of_the_same_values() -> None:
    assert set(TEXTS) == set(REASONS)
    for key, text in REASONS.items():
        assert set(re.findall(r"{(\w+)}", TEXTS[key])) == {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", REASONS)
async def test_each_reason_is_told_as_the_manager_would_tell_it(hass: HomeAssistant, panel: Panel, key: str) -> None:
    await panel.load_integration()
    reason = Reason(key, VALUES)
    text = reason_text(hass, reason)
    assert text.casefold() == str(reason).casefold()
    assert text[0].isupper()


async def test_without_a_translation_it_is_plain_english(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.charging.reason_text.selector_text", lambda *args: args[-1])
    assert reason_text(hass, Reason("full", VALUES)) == "charging at 13.5 A, all that the station or the car takes"


async def test_a_wait_is_told_in_tens_of_seconds(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    for seconds, shown in ((0, 0), (0.3, 10), (10.0, 10), (51.2, 60), (300.0, 300)):
        text = reason_text(hass, Reason("hold_time", {"seconds": seconds}))
        assert text == f"Waiting: the station must ask for {shown} s more"


async def test_a_limit_has_a_tenth_where_it_needs_one(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    for limit, shown in ((16.0, "16"), (6.5, "6.5"), (13, "13")):
        text = reason_text(hass, Reason("blind", {"limit": limit}))
        assert text == f"Charging at {shown} A: the meter does not answer"
