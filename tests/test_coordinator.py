"""Who is polled, when, for what; and what is said where somebody does not answer."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from custom_components.legrand_ews.coordinator import CycleMeter, target_of
from custom_components.legrand_ews.device import DeviceConfig, resolve
from plant.faults import ExceptionOn
from plant.scenario import DeviceSpec, GatewaySpec

from .support import GENERIC, METER, PULSES, SOCKETS, Clock, install_profiles, plant_catalog

if TYPE_CHECKING:
    from typing import Any

    from .support import Panel

VALUES = (3, 0x1000, 34)
"""The block of what is shown by default."""
SETTINGS = [(3, 0x1200, 2), (3, 0x200B, 1)]
"""Ratios and wiring, which it needs."""
OTHER_PULSES = replace(PULSES, name="Other pulses", position=2, at="sockets")


def said(caplog: pytest.LogCaptureFixture, part: str) -> list[int]:
    """Return the levels of what the integration logged with these words."""
    return [
        record.levelno
        for record in caplog.records
        if record.name == "custom_components.legrand_ews" and part in record.getMessage()
    ]


STATES = {(3, 4207, 1), (3, 8714, 1)}
"""What is asked for at the status poll time."""


def measured(seen: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the reads of measures among all."""
    return [read for read in seen if read not in STATES]


def switch(panel: Panel, device: str, key: str, *, on: bool) -> None:
    """Enable or disable an entity, as a user would."""
    by = None if on else er.RegistryEntryDisabler.USER
    er.async_get(panel.hass).async_update_entity(panel.entity(device, key), disabled_by=by)


async def test_only_what_somebody_looks_at_is_read(panel: Panel) -> None:
    await panel.serve(METER)
    seen = panel.requests_to(1)
    await panel.set_up()
    assert sorted(measured(seen)) == sorted([VALUES, *SETTINGS])
    seen.clear()
    await panel.wait()
    assert seen == [VALUES]


async def test_settings_are_read_again_every_few_minutes(panel: Panel) -> None:
    await panel.start(METER)
    seen = panel.requests_to(1)
    await panel.wait(290)
    assert measured(seen) == [VALUES]
    seen.clear()
    await panel.wait(20)
    assert sorted(measured(seen)) == sorted([VALUES, *SETTINGS])


async def test_a_quantity_that_is_switched_on_is_read_after_the_reload(panel: Panel) -> None:
    await panel.start(METER)
    seen = panel.requests_to(1)
    switch(panel, "Mains", "power_demand_tariff_1", on=True)
    await panel.wait()
    assert seen == [VALUES]
    seen.clear()
    await panel.wait(31)
    assert (3, 0x1306, 2) in seen
    assert panel.number("Mains", "power_demand_tariff_1") >= 0


async def test_a_counter_is_read_as_long_as_anything_of_its_device_is(panel: Panel) -> None:
    await panel.start(METER)
    for key in ("voltage_l1", "current_l1", "current_l2", "current_l3", "energy_import"):
        switch(panel, "Mains", key, on=False)
    await panel.wait(31)
    seen = panel.requests_to(1)
    await panel.wait()
    # Power with its sign, and both energies.
    assert seen == [(3, 0x1014, 14)]


async def test_a_device_with_nothing_switched_on_is_not_asked(panel: Panel) -> None:
    await panel.start(METER, SOCKETS)
    for entry in er.async_entries_for_device(
        er.async_get(panel.hass), dr_id(panel, "Sockets"), include_disabled_entities=True
    ):
        er.async_get(panel.hass).async_update_entity(entry.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await panel.wait(31)
    seen, others = panel.requests_to(2), panel.requests_to(1)
    await panel.wait()
    assert seen == []
    assert others == [VALUES]


def dr_id(panel: Panel, device: str) -> str:
    """Return the id of a device in the registry."""
    entity = er.async_get(panel.hass).async_get(panel.entity(device, "power"))
    assert entity is not None
    assert entity.device_id is not None
    return entity.device_id


async def test_a_device_switched_off_is_not_asked_until_it_is_switched_on(panel: Panel) -> None:
    await panel.start(METER, SOCKETS)
    device = dr_id(panel, "Sockets")
    dr.async_get(panel.hass).async_update_device(device, disabled_by=dr.DeviceEntryDisabler.USER)
    await panel.wait(31)
    seen = panel.requests_to(2)
    await panel.wait()
    assert seen == []
    assert panel.hass.states.get(panel.entity("Sockets", "power")) is None
    assert panel.number("Mains", "power") != 0
    dr.async_get(panel.hass).async_update_device(device, disabled_by=None)
    await panel.wait(31)
    assert seen
    assert panel.number("Sockets", "power") > 0


async def test_devices_at_one_address_are_read_together_and_go_their_own_ways(panel: Panel) -> None:
    await panel.start(PULSES, OTHER_PULSES)
    seen = panel.requests_to(6)
    await panel.wait()
    assert seen == [(3, 0x0300, 4)]
    switch(panel, "Other pulses", "energy_import", on=False)
    await panel.wait(31)
    seen.clear()
    await panel.wait()
    assert seen == [(3, 0x0300, 2)]
    assert panel.number("Pulses", "energy_import") > 0


async def test_a_silent_device_is_unavailable_and_the_others_are_not(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await panel.start(METER, SOCKETS)
    panel.unit(2).faults.silent = True
    await panel.wait()
    assert panel.state("Sockets", "power") == STATE_UNAVAILABLE
    assert panel.number("Mains", "power") != 0
    assert panel.link(entry, "connected") == "on"
    await panel.wait()
    await panel.wait(600)
    assert said(caplog, "Panel: address 2 does not answer") == [logging.WARNING]
    panel.unit(2).faults.silent = False
    assert said(caplog, "answers again") == []
    await panel.wait(600)
    assert panel.number("Sockets", "power") > 0
    assert said(caplog, "Panel: address 2 answers again") == [logging.INFO]


async def test_a_silent_device_is_asked_ever_less_often(panel: Panel) -> None:
    await panel.start(METER)
    panel.unit(1).faults.silent = True
    unanswered = [panel.gateway().stats.unanswered]
    for _ in range(12):
        await panel.wait()
        unanswered.append(panel.gateway().stats.unanswered)
    asked = [after > before for before, after in pairwise(unanswered)]
    assert asked == [True, True, False, True, False, False, False, True, *[False] * 4]


async def test_a_device_silent_from_the_start_is_said_once(panel: Panel, caplog: pytest.LogCaptureFixture) -> None:
    await panel.serve(METER)
    panel.unit(1).faults.silent = True
    await panel.set_up()
    await panel.wait()
    assert panel.state("Mains", "power") == STATE_UNAVAILABLE
    assert said(caplog, "address 1 does not answer") == [logging.WARNING]


async def test_a_silent_device_behind_a_gateway_that_comes_and_goes_is_said_once(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    await panel.start(METER, SOCKETS)
    panel.unit(2).faults.silent = True
    await panel.wait()
    await panel.plant.refuse(panel.gateway())
    await panel.wait(600)
    await panel.plant.refuse(panel.gateway(), refuse=False)
    await panel.wait(600)
    assert said(caplog, "address 2 does not answer") == [logging.WARNING]
    await panel.plant.refuse(panel.gateway())
    await panel.wait(600)
    panel.unit(2).faults.silent = False
    await panel.plant.refuse(panel.gateway(), refuse=False)
    await panel.wait(600)
    assert said(caplog, "address 2 does not answer") == [logging.WARNING]
    assert said(caplog, "address 2 answers again") == [logging.INFO]


async def test_a_lost_gateway_is_said_once_and_comes_back_by_itself(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await panel.start(METER, SOCKETS)
    await panel.plant.refuse(panel.gateway())
    for _ in range(4):
        await panel.wait()
    for device in ("Mains", "Sockets"):
        assert panel.state(device, "power") == STATE_UNAVAILABLE
    assert panel.link(entry, "connected") == "off"
    assert said(caplog, "Panel: the gateway cannot be reached") == [logging.WARNING]
    await panel.plant.refuse(panel.gateway(), refuse=False)
    await panel.wait(60)
    for device in ("Mains", "Sockets"):
        assert panel.number(device, "power") != 0
    assert panel.link(entry, "connected") == "on"
    assert said(caplog, "Panel: the gateway can be reached again") == [logging.INFO]
    assert said(caplog, "cannot be reached") == [logging.WARNING]
    assert said(caplog, "does not answer") == []


async def test_a_dropped_connection_is_made_again(panel: Panel) -> None:
    entry = await panel.start(METER)
    panel.plant.drop(panel.gateway())
    for _ in range(2):
        await panel.wait()
    assert panel.number("Mains", "power") != 0
    assert panel.link(entry, "connected") == "on"


async def test_one_bad_answer_does_no_harm(panel: Panel) -> None:
    await panel.start(METER)
    for fault in ("wrong_length", "wrong_transaction"):
        setattr(panel.unit(1).faults, fault, 1)
        await panel.wait()
        assert panel.number("Mains", "power") != 0, fault


async def test_who_asks_for_an_update_gets_one_at_once(panel: Panel) -> None:
    assert await async_setup_component(panel.hass, "homeassistant", {})
    await panel.start(METER)
    panel.unit(1).faults.silent = True
    for _ in range(2):
        await panel.wait()
    panel.unit(1).faults.silent = False
    await panel.wait(1)
    assert panel.state("Mains", "power") == STATE_UNAVAILABLE
    await panel.hass.services.async_call(
        "homeassistant", "update_entity", {"entity_id": panel.entity("Mains", "power")}, blocking=True
    )
    await panel.settle()
    assert panel.number("Mains", "power") != 0


async def test_the_account_of_the_link(panel: Panel, all_enabled: None) -> None:  # noqa: ARG001
    await panel.serve(GENERIC)
    entry = await panel.set_up(frame_interval=20)
    assert panel.link(entry, "bus_load") == STATE_UNKNOWN
    made = panel.gateway().stats.transactions
    await panel.wait(31)
    requests = panel.gateway().stats.transactions
    assert int(panel.link(entry, "requests")) in range(made, requests + 1)
    await panel.wait(31)
    # Nothing takes time here but the quiet after each request.
    assert float(panel.link(entry, "bus_load")) == pytest.approx(100 * 0.02 / 31)
    assert panel.link(entry, "errors") == "0"
    assert panel.link(entry, "last_error") == STATE_UNKNOWN
    assert float(panel.link(entry, "cycle_time")) == 31
    panel.unit(GENERIC.address).faults.silent = True
    await panel.wait(31)
    await panel.wait(31)
    assert int(panel.link(entry, "errors")) >= 1
    assert "0x0b" in panel.link(entry, "last_error")


async def test_a_gateway_without_devices_says_nothing_of_its_link(panel: Panel) -> None:
    entry = await panel.start()
    await panel.wait(31)
    assert panel.link(entry, "connected") == STATE_UNKNOWN
    assert panel.gateway().stats.transactions == 0


async def test_gateways_have_links_of_their_own(panel: Panel) -> None:
    await panel.serve(gateways=(GatewaySpec(name="One", devices=(METER,)), GatewaySpec(name="Two", devices=(SOCKETS,))))
    one, two = await panel.set_up("One"), await panel.set_up("Two")
    panel.gateway("One").faults.silent = True
    await panel.wait(31)
    await panel.wait(31)
    assert int(panel.link(one, "errors")) > 0
    assert int(panel.link(two, "errors")) == 0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.inject(monkeypatch)
    return clock


def test_a_cycle_lasts_until_every_address_had_its_turn(clock: Clock) -> None:
    meter = CycleMeter()
    for address in (1, 2):
        meter.expect(address, expected=True)
    meter.polled(1)
    clock.now += 3
    meter.polled(1)
    before = meter.last
    assert before is None
    clock.now += 4
    meter.polled(2)
    assert meter.last == 7
    clock.now += 5
    meter.polled(2)
    assert meter.last == 7
    meter.polled(1)
    assert meter.last == 5


def test_an_address_that_is_not_polled_any_more_is_not_waited_for(clock: Clock) -> None:
    meter = CycleMeter()
    for address in (1, 2):
        meter.expect(address, expected=True)
    meter.polled(1)
    meter.expect(2, expected=False)
    clock.now += 10
    meter.polled(1)
    assert meter.last == 10


async def test_a_silent_device_does_not_stop_the_count_of_cycles(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    panel.unit(2).faults.silent = True
    entry = await panel.set_up()
    await panel.wait()
    await panel.wait(31)
    assert float(panel.link(entry, "cycle_time")) == 10
    await panel.wait(31)
    assert float(panel.link(entry, "cycle_time")) == 31


async def test_a_device_says_who_it_is_once(panel: Panel) -> None:
    breaker = DeviceSpec(name="Breaker", model="dpx3_250_measuring", address=4, at="sockets")
    install_profiles(panel.hass, "plant_dpx3")
    await panel.serve(breaker)
    seen = panel.requests_to(4)
    entry = await panel.set_up()
    serial = panel.device(entry, "Breaker").serial_number
    assert serial
    assert int(serial, 16) > 0
    assert [address for _, address, _ in seen].count(0) == 1
    seen.clear()
    await panel.wait()
    assert all(address >= 0x400 for _, address, _ in seen)


async def test_a_device_that_was_out_of_reach_says_later_who_it_is(panel: Panel) -> None:
    breaker = DeviceSpec(name="Breaker", model="dpx3_250_measuring", address=4, at="sockets")
    install_profiles(panel.hass, "plant_dpx3")
    await panel.serve(breaker)
    read = panel.unit(4).read

    def gone(function: int, start: int, count: int) -> list[int]:
        """Lose the connection when asked for the identity."""
        if start == 0:
            panel.plant.drop(panel.gateway())
        return read(function, start, count)

    panel.unit(4).read = gone  # type: ignore[assignment, method-assign]
    entry = await panel.set_up()
    assert panel.device(entry, "Breaker").serial_number is None
    panel.unit(4).read = read  # type: ignore[method-assign]
    for _ in range(2):
        await panel.wait()
    assert panel.device(entry, "Breaker").serial_number


async def test_a_device_that_does_not_say_who_it_is_is_polled_all_the_same(panel: Panel) -> None:
    breaker = DeviceSpec(name="Breaker", model="dpx3_250_measuring", address=4, at="sockets")
    install_profiles(panel.hass, "plant_dpx3")
    await panel.serve(breaker)
    panel.unit(4).faults.exceptions.append(ExceptionOn(code=2, first=0, last=11))
    entry = await panel.set_up()
    assert panel.device(entry, "Breaker").serial_number is None
    assert panel.number("Breaker", "power") > 0


def test_quantities_a_map_does_not_have_are_not_asked_for() -> None:
    data: dict[str, Any] = {"model": "412045", "address": 1, "supply": "downstream"}
    device = resolve(plant_catalog(), DeviceConfig.from_data("id", "It", data))
    assert target_of(device, ["energy_import", "nothing"]).keys == {"energy_export"}
