"""A charger that is bound by its entities: what is seen of it, and how it is told its limit."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.core import State
from hypothesis import given
from hypothesis import strategies as st
from pytest_homeassistant_custom_component.common import async_mock_service  # type: ignore[import-untyped]

from custom_components.legrand_ews.charging.charger import ChargerConfig
from custom_components.legrand_ews.charging.entity_port import EntityPort
from custom_components.legrand_ews.charging.port import OrderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homeassistant.core import HomeAssistant, ServiceCall

    from custom_components.legrand_ews.charging.port import Sight

CHARGER = ChargerConfig.from_data(
    "c",
    "Garage",
    {
        "state_entity": "sensor.state",
        "states": {"Ready": "free", "Connected": "waiting", "Charging": "charging", "Finished": "done", "Bad": "fault"},
        "limit_entity": "number.limit",
        "switch_entity": "switch.charge",
        "rated_current": 32.0,
        "phases": ["l2", "l3", "l1"],
        "min_current": 6.0,
    },
)
SINGLE = replace(CHARGER, phases=(2,))
PRESENCE = replace(SINGLE, state_entity="binary_sensor.cable", states={}, limit_entity=None)


def port(hass: HomeAssistant, charger: ChargerConfig = CHARGER) -> EntityPort:
    return EntityPort(hass, charger, charger.station())


def show(hass: HomeAssistant, word: str, limit: str = "16", switch: str = "on", **numbers: tuple[str, str]) -> None:
    """Set the states of the charger's entities; ``numbers``: sensors, each with its unit."""
    for entity, state in (
        ("sensor.state", word),
        ("binary_sensor.cable", word),
        ("number.limit", limit),
        ("switch.charge", switch),
    ):
        hass.states.async_set(entity, state)
    for name, (state, unit) in numbers.items():
        hass.states.async_set(f"sensor.{name}", state, {"unit_of_measurement": unit})


async def look(one: EntityPort) -> Sight:
    sight = await one.async_look()
    assert sight is not None
    return sight


async def stage(one: EntityPort) -> str:
    return (await look(one)).reading.state.value


@given(
    limit=st.floats(0, 63),
    low=st.sampled_from([0, 5, 6, 8]),
    high=st.sampled_from([16, 20, 32]),
    step=st.sampled_from([0.1, 0.5, 1, 2]),
    least=st.sampled_from([6.0, 7.5]),
)
def test_the_limit_is_the_highest_that_its_number_takes_and_not_above_what_is_meant(
    limit: float, low: float, high: float, step: float, least: float
) -> None:
    state = State("number.limit", "16", {"min": low, "max": high, "step": step})
    hass: Any = SimpleNamespace(states=SimpleNamespace(get=lambda _: state))
    told = port(hass, replace(CHARGER, min_current=least)).settable(limit)
    grid = [round(low + n * step, 3) for n in range(int((high - low) / step + 1e-9) + 1)]
    fitting = [one for one in grid if max(least, low) <= one <= limit + 1e-6]
    assert told == pytest.approx(max(fitting, default=0.0))


async def test_a_number_that_is_not_there_takes_whole_amperes_and_one_without_steps_any(hass: HomeAssistant) -> None:
    assert port(hass).settable(13.7) == 13.0
    hass.states.async_set("number.limit", "6", {"min": 6, "max": 16, "step": 0})
    assert [port(hass).settable(limit) for limit in (13.7, 20.0, 5.9)] == [13.7, 16.0, 0.0]


async def test_a_charger_without_a_number_is_told_on_or_off(hass: HomeAssistant) -> None:
    assert [port(hass, PRESENCE).settable(limit) for limit in (32.0, 0.0, -1.0)] == [32.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("word", "switch", "state"),
    [
        ("Ready", "on", "free"),
        ("Connected", "off", "waiting"),
        ("Charging", "on", "charging"),
        ("Bad", "on", "fault"),
        ("Rebooting", "on", "offline"),
        ("unavailable", "on", "offline"),
        ("unknown", "on", "offline"),
        ("Finished", "on", "done"),
        ("Finished", "off", "waiting"),
        ("Finished", "unavailable", "done"),
    ],
)
async def test_words_mean_what_the_user_said(hass: HomeAssistant, word: str, switch: str, state: str) -> None:
    show(hass, word, switch=switch)
    assert await stage(port(hass)) == state


async def test_an_end_is_the_cars_own_only_if_it_could_charge(hass: HomeAssistant) -> None:
    one, seen = port(hass), []
    for word, switch, limit in (
        ("Finished", "off", "16"),
        ("Finished", "on", "unavailable"),
        ("Charging", "on", "16"),
        ("Finished", "on", "16"),
        ("unavailable", "off", "16"),
        ("Finished", "off", "16"),
        ("Connected", "off", "16"),
        ("Finished", "off", "16"),
    ):
        show(hass, word, limit, switch)
        seen.append(await stage(one))
    assert seen == ["waiting", "waiting", "charging", "done", "offline", "done", "waiting", "waiting"]


async def test_a_car_that_draws_charges_whatever_the_word(hass: HomeAssistant) -> None:
    charger = replace(SINGLE, current_entities=("sensor.current",))
    for current, state in (("0.9", "waiting"), ("1", "charging")):
        show(hass, "Connected", current=(current, "A"))
        assert await stage(port(hass, charger)) == state


async def test_a_cable_alone_tells_that_a_car_is_there_and_the_switch_that_it_charges(hass: HomeAssistant) -> None:
    for word, switch, state in (
        ("on", "on", "charging"),
        ("on", "off", "waiting"),
        ("on", "unknown", "waiting"),
        ("off", "on", "free"),
    ):
        show(hass, word, switch=switch)
        assert await stage(port(hass, PRESENCE)) == state
    measured = replace(PRESENCE, current_entities=("sensor.current",))
    show(hass, "on", current=("0", "A"))
    assert await stage(port(hass, measured)) == "waiting"


@pytest.mark.parametrize(
    ("sensors", "numbers", "currents"),
    [
        (("a", "b", "c"), {"a": ("7", "A"), "b": ("8000", "mA"), "c": ("9", "A")}, (9, 7, 8)),
        (("a",), {"a": ("7", "A")}, (7, 7, 7)),
        (("a", "b", "c"), {"a": ("7", "A"), "b": ("-0.2", "A"), "c": ("0", "A")}, (0, 7, 0)),
        (("a", "b", "c"), {"a": ("7", "A"), "b": ("unavailable", "A"), "c": ("9", "A")}, None),
        ((), {"power": ("6.9", "kW")}, (10, 10, 10)),
        ((), {"power": ("nan", "W")}, None),
        ((), {"power": ("5", "apples")}, None),
        ((), {}, None),
    ],
)
async def test_currents_are_those_of_the_phases_of_the_site(
    hass: HomeAssistant,
    sensors: Sequence[str],
    numbers: dict[str, tuple[str, str]],
    currents: tuple[float, float, float] | None,
) -> None:
    show(hass, "Charging", "16", "on", **numbers)
    charger = replace(
        CHARGER, current_entities=tuple(f"sensor.{name}" for name in sensors), power_entity="sensor.power"
    )
    seen = (await look(port(hass, charger))).reading.currents
    assert seen == (None if currents is None else pytest.approx(currents))


async def test_the_power_of_one_phase_is_on_that_phase(hass: HomeAssistant) -> None:
    show(hass, "Charging", power=("2300", "W"))
    assert (await look(port(hass, replace(SINGLE, power_entity="sensor.power")))).reading.currents == (0, 0, 10)


@pytest.mark.parametrize(
    ("state", "unit", "energy"),
    [
        ("12.345", "kWh", "12345.0"),
        ("0.0012345", "MWh", "1234.5"),
        ("7", "Wh", "7.0"),
        ("inf", "kWh", None),
        ("unknown", "kWh", None),
    ],
)
async def test_energy_is_told_in_watt_hours(hass: HomeAssistant, state: str, unit: str, energy: str | None) -> None:
    show(hass, "Charging", energy=(state, unit))
    sight = await look(port(hass, replace(CHARGER, energy_entity="sensor.energy")))
    assert sight.energy == (None if energy is None else Decimal(energy))
    assert (await look(port(hass))).energy is None


@pytest.mark.parametrize(
    ("charger", "limit", "switch", "told"),
    [
        (CHARGER, "16", "on", 16.0),
        (CHARGER, "16", "off", 0.0),
        (CHARGER, "unavailable", "off", 0.0),
        (CHARGER, "unknown", "on", None),
        (replace(CHARGER, switch_entity=None), "0", "on", 0.0),
        (PRESENCE, "16", "on", 32.0),
        (PRESENCE, "16", "unavailable", None),
    ],
)
async def test_the_order_it_has_is_seen(
    hass: HomeAssistant, charger: ChargerConfig, limit: str, switch: str, told: float | None
) -> None:
    show(hass, "on", limit, switch)
    assert (await look(port(hass, charger))).told == told


async def test_it_is_there_once_its_state_is_known(hass: HomeAssistant) -> None:
    one = port(hass)
    assert not one.there
    assert await one.async_look() is None
    for word, there in (("unavailable", False), ("unknown", False), ("Rebooting", True)):
        show(hass, word)
        assert one.there is there


def orders(hass: HomeAssistant) -> list[tuple[str, dict[str, Any]]]:
    """Return the list that takes the orders from now on."""
    given: list[tuple[str, dict[str, Any]]] = []
    for domain, action in (("number", "set_value"), ("switch", "turn_on"), ("switch", "turn_off")):

        async def note(call: ServiceCall) -> None:
            """Note an order."""
            given.append((call.service, dict(call.data)))

        hass.services.async_register(domain, action, note)
    return given


NUMBER, SWITCH = {"entity_id": "number.limit"}, {"entity_id": "switch.charge"}


@pytest.mark.parametrize(
    ("charger", "switch", "limit", "given"),
    [
        (CHARGER, "off", 10, [("set_value", {**NUMBER, "value": 10}), ("turn_on", SWITCH)]),
        (CHARGER, "on", 10, [("set_value", {**NUMBER, "value": 10})]),
        (CHARGER, "on", 0, [("turn_off", SWITCH)]),
        (replace(CHARGER, switch_entity=None), "on", 0, [("set_value", {**NUMBER, "value": 0})]),
        (PRESENCE, "off", 32, [("turn_on", SWITCH)]),
        (PRESENCE, "on", 32, []),
    ],
)
async def test_an_order_is_the_number_first_and_then_the_switch(
    hass: HomeAssistant, charger: ChargerConfig, switch: str, limit: float, given: list[tuple[str, dict[str, Any]]]
) -> None:
    show(hass, "on", switch=switch)
    done = orders(hass)
    await port(hass, charger).async_order(limit)
    assert done == given


async def test_an_entity_that_is_not_available_is_named(hass: HomeAssistant) -> None:
    show(hass, "Connected", limit="unavailable")
    done = orders(hass)
    with pytest.raises(OrderError, match=r"number\.limit is not available"):
        await port(hass).async_order(10)
    hass.states.async_remove("switch.charge")
    with pytest.raises(OrderError, match=r"switch\.charge is not available"):
        await port(hass).async_order(0)
    assert done == []


@pytest.mark.parametrize(
    ("error", "text"), [(KeyError("token"), "number.limit: 'token'"), (OSError(), "number.limit: OSError")]
)
async def test_whatever_another_integration_raises_is_a_failed_order(
    hass: HomeAssistant, error: Exception, text: str
) -> None:
    show(hass, "Connected")
    async_mock_service(hass, "number", "set_value", raise_exception=error)
    with pytest.raises(OrderError, match=text):
        await port(hass).async_order(10)


async def test_an_action_that_is_not_there_is_a_failed_order(hass: HomeAssistant) -> None:
    show(hass, "Connected")
    with pytest.raises(OrderError, match=r"number\.limit"):
        await port(hass).async_order(10)


async def test_another_integration_may_not_take_for_ever(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.charging.entity_port._LONGEST", 0)
    show(hass, "Connected")

    async def hang(_call: ServiceCall) -> None:
        """Never end."""
        await asyncio.Event().wait()

    hass.services.async_register("number", "set_value", hang)
    with pytest.raises(OrderError, match=r"number\.limit: TimeoutError"):
        await port(hass).async_order(10)
