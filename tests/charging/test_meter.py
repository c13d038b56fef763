"""The main meter: the currents of a device with their signs and phases, or those of sensors."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from freezegun import freeze_time
from homeassistant.util import dt as dt_util

from custom_components.legrand_ews.charging.meter import SensorMeter, amperes, meter_keys, meter_of, site_currents
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.device import Device, DeviceConfig, resolve

from ..support import plant_catalog, subentry_id
from .park import CONFIG, METER

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.bus import Value
    from custom_components.legrand_ews.charging.meter import SiteMeter
    from custom_components.legrand_ews.greenup import MeterReading

    from ..support import Panel
    from .park import Park

SENSORS = ("sensor.l1", "sensor.l2", "sensor.l3")


def device(model: str = "412045", **settings: Any) -> Device:
    config = DeviceConfig(id="m", name="Mains", model=model, address=1, **settings)
    return resolve(plant_catalog(), config)


def values(one: Device, **told: Value | None) -> dict[str, Value | None]:
    """Return what was read, by the rows of the map."""
    return {one.keys[key]: value for key, value in told.items()}


async def read(meter: SiteMeter) -> MeterReading:
    reading = await meter.async_read()
    assert reading is not None
    return reading


def show(hass: HomeAssistant, *currents: str, unit: str = "A") -> None:
    for entity, current in zip(SENSORS, currents, strict=False):
        hass.states.async_set(entity, current, {"unit_of_measurement": unit})


# A device


def test_currents_are_read_with_the_powers_that_give_their_sign() -> None:
    one = device()
    wanted = [f"{name}_{phase}" for phase in ("l1", "l2", "l3") for name in ("current", "power")]
    assert meter_keys(one) == [one.keys[key] for key in wanted]


@pytest.mark.parametrize(("supply", "signs"), [("upstream", (1, -1, 1)), ("downstream", (-1, 1, 1))])
def test_what_is_fed_back_is_negative(supply: str, signs: tuple[int, ...]) -> None:
    one = device(supply=supply)
    told = values(
        one, current_l1=Decimal(5), power_l1=900, current_l2=6.0, power_l2=-1000, current_l3=Decimal("0.1"), power_l3=0
    )
    size = (5, 6, 0.1)
    assert site_currents(one, told) == pytest.approx([sign * part for sign, part in zip(signs, size, strict=True)])


def test_a_current_without_its_power_counts_as_drawn() -> None:
    one = device()
    assert site_currents(one, values(one, current_l1=5, current_l2=6, current_l3=7, power_l3=None)) == (5, 6, 7)


def test_a_phase_that_was_not_read_leaves_no_reading() -> None:
    one = device()
    assert site_currents(one, values(one, current_l1=5, current_l2=None, current_l3=7)) is None
    assert site_currents(one, values(one, current_l1=5, current_l2=6)) is None


@pytest.mark.parametrize(("phase", "currents"), [("l1", (5, 0, 0)), ("l3", (0, 0, 5)), (None, (5, 0, 0))])
def test_a_meter_of_one_phase_tells_of_the_phase_it_is_on(
    phase: str | None, currents: tuple[float, float, float]
) -> None:
    one = device("414919", phase=phase)
    key = next(key for key in one.keys if key.startswith("current_l"))
    assert site_currents(one, values(one, **{key: 5})) == currents


async def test_the_meter_of_the_site_is_what_the_settings_name(park: Park) -> None:
    reading = await read(meter_of(park.hass, park.control.settings))
    assert reading.at == park.panel.clock.now
    seen = [float(park.panel.number(METER, f"current_l{n}")) for n in (1, 2, 3)]
    assert reading.currents == pytest.approx(seen, abs=0.5)
    assert min(reading.currents) > 1


async def test_a_meter_that_was_silent_is_asked_again_after_a_few_seconds(park: Park) -> None:
    meter, unit, asked = park.control.meter, park.panel.unit(1), park.panel.requests_to(1)
    unit.faults.silent = True
    assert await meter.async_read() is None
    unit.faults.silent = False
    asked.clear()
    for seconds, there in ((0, False), (4.9, False), (0.2, True)):
        park.panel.clock.now += seconds
        assert (await meter.async_read() is not None) is there
        assert bool(asked) is there


async def test_a_meter_whose_gateway_is_not_loaded_tells_nothing(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    settings = GreenupSettings(config=CONFIG, meter=subentry_id(METER))
    assert await meter_of(hass, settings).async_read() is None


# Sensors


async def test_sensors_tell_in_their_own_units_and_one_may_stand_for_one_phase(
    hass: HomeAssistant,
    panel: Panel,  # noqa: ARG001 -- for the clock
) -> None:
    show(hass, "5", "-6.5", "7")
    assert (await read(SensorMeter(hass, SENSORS))).currents == (5, -6.5, 7)
    show(hass, "5000", unit="mA")
    assert (await read(meter_of(hass, GreenupSettings(config=CONFIG, sensors=SENSORS[:1])))).currents == (5, 0, 0)


@pytest.mark.parametrize("bad", ["unavailable", "unknown", "nan", "inf", ""])
async def test_one_sensor_without_a_number_leaves_no_reading(hass: HomeAssistant, bad: str) -> None:
    show(hass, "5", bad, "7")
    assert await SensorMeter(hass, SENSORS).async_read() is None
    assert amperes(hass, SENSORS[1]) is None
    assert amperes(hass, SENSORS[0]) == 5


async def test_what_is_no_current_is_no_current(hass: HomeAssistant) -> None:
    show(hass, "5", unit="kW")
    assert amperes(hass, SENSORS[0]) is None
    assert amperes(hass, "sensor.gone") is None


async def test_a_reading_is_as_old_as_the_sensor_that_was_silent_longest(hass: HomeAssistant, panel: Panel) -> None:
    meter, begun = SensorMeter(hass, SENSORS), panel.clock.now
    show(hass, "5", "6", "7")
    assert (await read(meter)).at == pytest.approx(begun, abs=0.5)
    panel.clock.now += 30
    show(hass, "5", "6")
    assert (await read(meter)).at == pytest.approx(begun, abs=0.5)
    show(hass, "5", "6", "7")
    assert (await read(meter)).at == pytest.approx(begun + 30, abs=0.5)


async def test_sensors_that_were_silent_before_are_known_to_be_old(hass: HomeAssistant, panel: Panel) -> None:
    show(hass, "5", "6", "7")
    with freeze_time(dt_util.utcnow() + timedelta(minutes=3), real_asyncio=True):
        reading = await read(SensorMeter(hass, SENSORS))
    assert reading.at == pytest.approx(panel.clock.now - 180, abs=1)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
async def test_a_clock_that_is_set_makes_sensors_neither_older_nor_newer(
    hass: HomeAssistant, panel: Panel, jump: timedelta
) -> None:
    meter, begun = SensorMeter(hass, SENSORS), panel.clock.now
    show(hass, "5", "6", "7")
    await meter.async_read()
    panel.clock.now += 2
    show(hass, "6", "6", "7")
    with freeze_time(dt_util.utcnow() + jump, real_asyncio=True):
        assert begun - 0.5 <= (await read(meter)).at <= panel.clock.now
        panel.clock.now += 2
        show(hass, "6", "6", "7")
        panel.clock.now += 40
        later = (await read(meter)).at
        assert begun + 1.5 <= later <= panel.clock.now
        panel.clock.now += 40
        assert (await read(meter)).at == later
