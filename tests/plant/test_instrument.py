"""Pulse inputs and what stands in for meters."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plant.electrical import MICRO
from plant.instrument import Fixed, PulseInput, Unconnected, counted


@given(litres=st.decimals(0, 10**9, places=6), weight=st.sampled_from([Decimal(1), Decimal(10), Decimal("0.5")]))
def test_pulses_are_whole_and_say_what_passed(litres: Decimal, weight: Decimal) -> None:
    amount = int(litres * 10**6) * MICRO
    seen = PulseInput(lambda: amount, key="volume", weight=weight)
    pulses, volume = seen.value("pulses"), seen.value("volume")
    assert isinstance(pulses, Decimal)
    assert isinstance(volume, Decimal)
    assert pulses == pulses.to_integral_value()
    assert 0 <= litres - volume < weight
    assert volume == pulses * weight
    assert seen.value("pulse_weight") == float(weight)
    assert seen.value("energy_import") is seen.value("power") is None


def test_what_counts_is_exact() -> None:
    assert counted(MICRO * 1_234_567) == Decimal("1.234567")
    assert counted(MICRO - 1) == 0


def test_fixed_values_come_first() -> None:
    seen = Fixed({"power": 7.0}, Unconnected())
    assert seen.value("power") == 7.0
    assert seen.value("pulses") == 0
    assert seen.value("frequency") is None
