"""A station on a gateway: what is read of it, and what it is told."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.bus import Index
from custom_components.legrand_ews.charging.modbus_port import ModbusPort, number, site_currents
from custom_components.legrand_ews.charging.port import OrderError
from custom_components.legrand_ews.greenup import StationConfig, StationState

from ..support import subentry_id

if TYPE_CHECKING:
    from .park import Park

WIRINGS = [(0,), (1,), (2,), (0, 1, 2), (1, 2, 0), (2, 0, 1)]


def port_of(park: Park, bay: str) -> ModbusPort:
    """Return the port of a station of the park."""
    port = park.control.ports[subentry_id(bay)]
    assert isinstance(port, ModbusPort)
    return port


async def test_a_look_tells_of_the_car_and_the_order(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 3", current=16, card=" CAFE ")
    await park.wait(60)
    park.panel.clock.now += 60
    sight = await port_of(park, "Bay 3").async_look()
    assert sight is not None
    assert sight.reading.at == park.panel.clock.now
    assert sight.reading.state is StationState.CHARGING
    assert sight.reading.currents == pytest.approx((0.0, 16.0, 0.0), abs=0.05)
    assert sight.reading.charge == pytest.approx(0.4, abs=0.1)
    assert sight.energy is not None
    assert sight.energy > 20
    assert sight.card == "CAFE"
    assert sight.told == park.limit("Bay 3")


async def test_without_a_car_there_is_no_card_and_no_current(park: Park) -> None:
    sight = await port_of(park, "Bay 1").async_look()
    assert sight is not None
    assert (sight.reading.state, sight.reading.currents) == (StationState.FREE, (0.0, 0.0, 0.0))
    assert (sight.card, sight.told) == (None, 0.0)


async def test_what_hardly_changes_is_read_once_a_minute(park: Park) -> None:
    await park.wait(60)
    port, asked = port_of(park, "Bay 1"), park.panel.requests_to(11)
    for free, second in itertools.product((True, False), (0, 20, 40)):
        if not free and second == 0:
            park.plug("Bay 1")
        park.panel.clock.now += 60 if second == 0 else 20
        asked.clear()
        sight = await port.async_look()
        assert sight is not None
        assert (sight.told is not None) == (second == 0)
        assert (sight.energy is not None) == (second == 0 or (not free and second > 0))
        assert len(asked) == (3 if second == 0 else 1 if free else 2)


async def test_an_order_is_read_back_at_the_next_look(park: Park) -> None:
    await park.wait(60)
    port = port_of(park, "Bay 1")
    for limit in (10.0, 12.0):
        await port.async_order(limit)
        sight = await port.async_look()
        assert sight is not None
        assert sight.told == limit
        park.panel.clock.now += 1


async def test_a_fault_is_a_state(park: Park) -> None:
    park.plug("Bay 1")
    park.station("Bay 1").fault()
    sight = await port_of(park, "Bay 1").async_look()
    assert sight is not None
    assert sight.reading.state is StationState.FAULT


async def test_a_silent_station_is_not_asked_again_at_once(park: Park) -> None:
    port = port_of(park, "Bay 1")
    park.unit("Bay 1").faults.silent = True
    assert await port.async_look() is None
    park.unit("Bay 1").faults.silent = False
    park.panel.clock.now += 9
    assert await port.async_look() is None
    park.panel.clock.now += 1
    assert await port.async_look() is not None


async def test_orders_are_rounded_to_what_the_register_holds(park: Park) -> None:
    port = port_of(park, "Bay 1")
    assert [port.settable(limit) for limit in (0.0, 5.99, 6.0, 10.17, 99.0)] == [0.0, 0.0, 6.0, 10.1, 32.0]
    assert port.refresh is None
    await port.async_order(10.17)
    assert park.limit("Bay 1") == 10.1
    await port.async_order(0.0)
    assert park.limit("Bay 1") == 0.0


async def test_a_refused_order_is_an_error_with_the_reason(park: Park) -> None:
    park.unit("Bay 1").faults.refuse_writes = 1
    with pytest.raises(OrderError, match="limit, write 1 of 1"):
        await port_of(park, "Bay 1").async_order(10)


async def test_while_its_gateway_is_not_loaded_it_is_not_there(park: Park) -> None:
    port = port_of(park, "Bay 1")
    assert (port.there, port.line) == (True, park.gateway.entry_id)
    assert await park.hass.config_entries.async_unload(park.gateway.entry_id)
    assert (port.there, port.line) == (False, "")
    assert await port.async_look() is None
    assert port.settable(10.17) == 10.1
    writes = park.writes("Bay 1")
    with pytest.raises(OrderError, match="not loaded"):
        await port.async_order(10)
    assert writes == []
    assert await park.hass.config_entries.async_setup(park.gateway.entry_id)
    await port.async_order(10)
    assert park.limit("Bay 1") == 10


async def test_before_its_gateway_was_ever_loaded_nothing_can_be_told(park: Park) -> None:
    new = ModbusPort(park.hass, StationConfig("of_nobody", 32.0, (0,)), "Nobody")
    assert (new.there, new.refresh, new.settable(10)) == (False, None, 0.0)
    with pytest.raises(OrderError, match="not loaded"):
        await new.async_order(10)


@given(wiring=st.sampled_from(WIRINGS), currents=st.lists(st.floats(-1, 80), min_size=3, max_size=3))
def test_each_current_is_on_the_phase_of_the_site_that_it_is_wired_to(
    wiring: tuple[int, ...], currents: list[float]
) -> None:
    values = {f"current_l{place}": current for place, current in enumerate(currents, 1)}
    found = site_currents(StationConfig("x", 32.0, wiring), values)
    assert found is not None
    assert [found[phase] for phase in wiring] == [max(current, 0.0) for current in currents[: len(wiring)]]
    assert sum(found) == pytest.approx(sum(found[phase] for phase in wiring))


@pytest.mark.parametrize("missing", ["current_l1", "current_l2", "current_l3"])
def test_one_that_does_not_measure_all_its_phases_measures_none(missing: str) -> None:
    values = {f"current_l{place}": 1.0 for place in range(1, 4)}
    del values[missing]
    assert site_currents(StationConfig("x", 32.0, (0, 1, 2)), values) is None


def test_only_numbers_are_numbers() -> None:
    index = Index(value=Decimal(5), modulus=Decimal(100), resolution=Decimal(1))
    assert [number(value) for value in (Decimal("1.5"), 2, 2.5, "3", index, None)] == [1.5, 2.0, 2.5, None, None, None]
