"""A meter knows every quantity, and its counters fit together."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.catalog import QUANTITIES, QuantityKind
from plant.electrical import TOTAL, Installation
from plant.meter import COUNTERS, READERS, Meter, shared, tariff_at
from plant.terminals import Terminals

from .support import MONDAY, installation

OF_OTHERS = {"volume"}
"""Quantities that no electrical meter has."""
OF_STATIONS = {"session_energy", "session_charge", "rated_current", "card"}
"""Quantities of charging stations."""


def meter(plant: Installation, place: str = "panel", keys: tuple[str, ...] = (), **more: object) -> Meter:
    """A meter at a place."""
    return Meter(Terminals(plant, plant.nodes[place], **more), keys)  # type: ignore[arg-type]


def number(value: object) -> float:
    """A value that must be a number."""
    assert isinstance(value, (Decimal, float))
    return float(value)


def test_there_is_a_reader_for_each_quantity_but_those_of_stations_and_no_other() -> None:
    assert set(READERS) == set(QUANTITIES) - OF_STATIONS


@pytest.mark.parametrize("place", ["mains", "sun", "compressor"])
def test_every_quantity_has_a_value_of_its_kind(place: str) -> None:
    plant = installation(start=MONDAY.replace(hour=13))
    seen = meter(plant, place, ("energy_import_tariff_8",))
    plant.advance(1000)
    for key, quantity in QUANTITIES.items():
        value = seen.value(key)
        if key in OF_OTHERS | OF_STATIONS:
            assert value is None
        elif quantity.kind is QuantityKind.ENUM:
            assert isinstance(value, str), key
        elif quantity.kind.counts:
            assert isinstance(value, Decimal), key
            assert value >= 0
        else:
            assert isinstance(value, float), key
    assert seen.value("gearbox_temperature") is None


@settings(max_examples=20, deadline=None)
@given(tariffs=st.integers(1, 8), pieces=st.lists(st.integers(1, 5000), max_size=6))
def test_tariffs_add_up_to_the_total(tariffs: int, pieces: list[int]) -> None:
    plant = installation(tick=60)
    seen = meter(plant, "mains", (f"energy_import_tariff_{tariffs}",))
    for piece in pieces:
        plant.advance(piece)
        for key in ("energy_import", "energy_export", "reactive_energy_import"):
            parts = [seen.value(f"{key}_tariff_{tariff}") for tariff in range(1, 9)]
            assert [part is None for part in parts] == [tariff > tariffs for tariff in range(1, 9)]
            total = sum(part for part in parts if isinstance(part, Decimal))
            assert total == pytest.approx(seen.value(key), abs=Decimal("0.00001"))
        hours = [seen.value(f"operating_time_tariff_{tariff}") for tariff in range(1, 9)]
        operated = sum(hour for hour in hours if isinstance(hour, float))
        assert operated == pytest.approx(number(seen.value("operating_time")))


def test_the_live_tariff_counts_and_the_others_stand() -> None:
    plant = installation(start=MONDAY.replace(hour=5, minute=50), tick=60)
    seen = meter(plant, keys=("energy_import_tariff_2",))
    assert seen.value("tariff") == 2.0
    assert seen.value("tariff_count") == 2.0
    night = seen.value("energy_import_tariff_2")
    plant.advance(1200)
    assert seen.value("tariff") == 1.0
    later = seen.value("energy_import_tariff_2")
    day = seen.value("energy_import_tariff_1")
    plant.advance(600)
    assert number(later) > number(night)
    assert seen.value("energy_import_tariff_2") == later
    assert number(seen.value("energy_import_tariff_1")) > number(day)


@given(hour=st.integers(0, 23), count=st.integers(1, 8))
def test_tariffs_are_among_their_number(hour: int, count: int) -> None:
    assert 1 <= tariff_at(hour, count) <= count
    assert {tariff_at(each, count) for each in range(24)} == set(range(1, count + 1))


@given(total=st.integers(0, 10**24), count=st.integers(1, 8))
def test_shares_add_up(total: int, count: int) -> None:
    assert sum(shared(total, count)) == total
    assert len(shared(total, count)) == count


def test_demand_is_the_average_of_the_last_quarter() -> None:
    plant = installation(start=MONDAY, tick=30)
    seen = meter(plant, "sockets")
    node = plant.nodes["sockets"]
    assert number(seen.value("power_demand")) == node.power[TOTAL] / 1000
    before = number(seen.value("energy_import"))
    plant.advance(900)
    average = (number(seen.value("energy_import")) - before) * 4
    assert number(seen.value("power_demand")) == pytest.approx(average, rel=1e-6)
    plant.advance(500)
    assert number(seen.value("power_demand")) == pytest.approx(average, rel=1e-6)
    assert number(seen.value("apparent_power_demand")) > average
    assert number(seen.value("current_demand")) == pytest.approx(average / 0.93 / 230 / 3, rel=0.05)
    assert number(seen.value("averaging_elapsed")) == pytest.approx(8 / 60)


def test_maxima_are_never_below_the_averages() -> None:
    plant = installation(start=MONDAY.replace(hour=2), tick=60)
    seen = meter(plant, "compressor")
    for _ in range(30):
        plant.advance(900)
        for key in ("power", "reactive_power", "apparent_power"):
            assert number(seen.value(f"{key}_demand_max")) >= number(seen.value(f"{key}_demand"))
        for phase in ("l1", "l2", "l3"):
            assert number(seen.value(f"current_demand_max_{phase}")) >= number(seen.value(f"current_demand_{phase}"))
        assert number(seen.value("current_n_demand_max")) >= 0


def test_demand_of_the_live_tariff_is_the_live_demand() -> None:
    plant = installation(tick=60)
    seen = meter(plant, keys=("energy_import_tariff_4",))
    plant.advance(900)
    live = int(number(seen.value("tariff")))
    assert seen.value(f"power_demand_tariff_{live}") == seen.value("power_demand")
    other = live % 4 + 1
    assert seen.value(f"power_demand_tariff_{other}") != seen.value("power_demand")


def test_partial_counters_grow_with_the_total() -> None:
    plant = installation()
    seen = meter(plant, "mains")
    for key in COUNTERS:
        partial, total = number(seen.value(f"{key}_partial")), number(seen.value(key))
        assert partial == pytest.approx(total / 5, rel=1e-3)
        plant.advance(30)
        grown = number(seen.value(f"{key}_partial")) - partial
        assert grown == pytest.approx(number(seen.value(key)) - total, abs=1e-3)


def test_phases_add_up_where_none_feeds_back() -> None:
    plant = installation()
    plant.advance(100)
    seen = meter(plant, "panel")
    for key in ("energy_import", "reactive_energy_import"):
        parts = sum(number(seen.value(f"{key}_{phase}")) for phase in ("l1", "l2", "l3"))
        assert parts >= number(seen.value(key)) - 1e-3
    assert number(seen.value("energy_import")) == pytest.approx(
        sum(number(seen.value(f"energy_import_{phase}")) for phase in ("l1", "l2", "l3")), abs=1e-4
    )


def test_sides_of_reactive_energy_add_up() -> None:
    plant = installation(start=MONDAY.replace(hour=13))
    plant.advance(100)
    seen = meter(plant, "mains")
    for way in ("import", "export"):
        sides = sum(number(seen.value(f"reactive_energy_{way}_{side}")) for side in ("lagging", "leading"))
        assert sides == pytest.approx(number(seen.value(f"reactive_energy_{way}")), abs=1e-3)


def test_a_single_phase_meter_knows_one_phase() -> None:
    seen = meter(installation(), "lighting", phases=(2,))
    assert number(seen.value("voltage_l1")) > 200
    assert seen.value("voltage_l2") is seen.value("energy_import_l2") is seen.value("power_l3") is None
    assert seen.value("energy_import_l1") == seen.value("energy_import")
    assert seen.value("wiring") == "single_phase"


def test_the_sign_of_the_power_factor_goes_where_the_side_has_a_register() -> None:
    plant = installation()
    plain = meter(plant, "servers", phases=(1,))
    sided = meter(plant, "servers", ("power_factor_sector",), phases=(1,))
    assert number(plain.value("power_factor")) < 0 < number(sided.value("power_factor"))
    assert sided.value("power_factor_sector") == "capacitive"
    assert abs(number(plain.value("power_factor"))) < abs(number(plain.value("displacement_factor")))
    assert meter(plant, "servers", phases=(1,)).value("power_factor_l2") is None
