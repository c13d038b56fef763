"""The actions: raw registers for reports from the field, register maps read again."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.components.modbus.connection import async_get_connection_info
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.connection import modbus_params
from custom_components.legrand_ews.const import DOMAIN
from plant.faults import ExceptionOn
from plant.scenario import RTU_TCP, DeviceSpec, GatewaySpec

from .support import COUNTER, METER, SOCKETS, install_profiles

if TYPE_CHECKING:
    from homeassistant.auth.models import User
    from homeassistant.core import ServiceResponse

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel

FIXED = DeviceSpec(name="Mains", model="412045", address=1, at="mains", values={"voltage_l1": 231.456})


async def read(
    panel: Panel, entry: GatewayConfigEntry, context: Context | None = None, **request: Any
) -> ServiceResponse:
    """Read registers as a user does."""
    data = {"config_entry_id": entry.entry_id, "unit": 1, "function": 3, "address": 0x1000, "count": 2, **request}
    return await panel.hass.services.async_call(
        DOMAIN, "read_registers", data, blocking=True, return_response=True, context=context
    )


@pytest.mark.parametrize("address", [4096, "4096", "0x1000", "0X1000"])
async def test_registers_are_read_as_they_are(panel: Panel, address: int | str) -> None:
    entry = await panel.start(FIXED)
    # As the form sends it: the function as a text, numbers with a point.
    assert await read(panel, entry, address=address, function="3", count=2.0, unit=1.0) == {
        "unit": 1,
        "function": 3,
        "address": 4096,
        "words": [3, 34848],
        "hexadecimal": ["0x0003", "0x8820"],
    }


async def test_input_registers(panel: Panel) -> None:
    install_profiles(panel.hass, "plant_ems_measure")
    entry = await panel.start(DeviceSpec(name="Module", model="414920", address=2, at="sockets"))
    response = await read(panel, entry, unit=2, function=4, address="0x501D")
    assert response is not None
    assert len(response["words"]) == 2  # type: ignore[arg-type]
    with pytest.raises(HomeAssistantError):
        await read(panel, entry, unit=2, function=3, address="0x501D")


async def test_any_unit_behind_the_gateway_can_be_read_and_is_let_go_again(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=(METER,))
    response = await read(panel, entry, unit=2, count=1)
    assert response is not None
    assert response["unit"] == 2
    (connection,) = async_get_connection_info(panel.hass)
    assert connection.units == {entry.entry_id: [1]}


async def test_a_gateway_without_devices_can_be_read(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    assert await read(panel, entry)
    assert async_get_connection_info(panel.hass) == []


@pytest.mark.parametrize("address", ["", "0xZZ", "65536", "-1", "1e3", "010", "4096.0"])
async def test_what_is_no_address_is_said(panel: Panel, address: str) -> None:
    entry = await panel.start(METER)
    with pytest.raises(ServiceValidationError) as info:
        await read(panel, entry, address=address)
    assert info.value.translation_key == "bad_address"
    assert info.value.translation_placeholders == {"address": address}
    assert str(info.value).startswith(f"{address} is not an address")


async def test_a_read_does_not_go_beyond_the_last_register(panel: Panel) -> None:
    entry = await panel.start(METER)
    with pytest.raises(ServiceValidationError):
        await read(panel, entry, address=65535, count=2)
    with pytest.raises(HomeAssistantError) as info:
        await read(panel, entry, address=65535, count=1)
    assert info.value.translation_key == "read_failed"


@pytest.mark.parametrize(
    "wrong",
    [{"unit": 0}, {"unit": 256}, {"function": 5}, {"count": 0}, {"count": 126}, {"address": 65536}, {"address": None}],
)
async def test_what_modbus_does_not_have_is_refused(panel: Panel, wrong: dict[str, Any]) -> None:
    entry = await panel.start(METER)
    before = panel.gateway().stats.transactions
    with pytest.raises(vol.Invalid):
        await read(panel, entry, **wrong)
    assert panel.gateway().stats.transactions == before


@pytest.mark.parametrize("unit", [9, 248, 255])
async def test_a_unit_that_is_not_there_is_said(panel: Panel, unit: int) -> None:
    entry = await panel.start(METER)
    with pytest.raises(HomeAssistantError) as info:
        await read(panel, entry, unit=unit)
    assert info.value.translation_key == "read_failed"
    assert str(info.value).startswith(f"Unit {unit} could not be read")


async def test_a_refusal_is_said_with_its_reason(panel: Panel) -> None:
    entry = await panel.start(METER)
    panel.unit(1).faults.exceptions.append(ExceptionOn(code=2, first=0x1000, last=0x1000))
    with pytest.raises(HomeAssistantError, match="0x02"):
        await read(panel, entry)


async def test_a_gateway_out_of_reach_is_said(panel: Panel) -> None:
    entry = await panel.start(METER)
    await panel.plant.refuse(panel.gateway())
    with pytest.raises(HomeAssistantError) as info:
        await read(panel, entry)
    assert info.value.translation_key == "read_failed"


async def test_a_line_somebody_else_holds_with_other_settings_is_said(panel: Panel) -> None:
    await panel.serve(METER, kind=RTU_TCP)
    entry = await panel.set_up(devices=())
    other = modbus_params({**panel.connection(), "baudrate": 1200})
    async with async_get_temporary_unit(panel.hass, other, 9):
        with pytest.raises(HomeAssistantError) as info:
            await read(panel, entry)
    assert info.value.translation_key == "read_failed"


async def test_a_gateway_that_is_not_loaded_cannot_be_read(panel: Panel) -> None:
    entry = await panel.start(METER)
    await panel.hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError):
        await read(panel, entry)
    with pytest.raises(ServiceValidationError):
        await read(panel, entry, config_entry_id="nothing")


async def test_actions_are_for_administrators(panel: Panel, hass_read_only_user: User) -> None:
    entry = await panel.start(METER)
    before = panel.gateway().stats.transactions
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await panel.hass.services.async_call(DOMAIN, "reload", blocking=True, context=context)
    with pytest.raises(Unauthorized):
        await read(panel, entry, context)
    assert panel.gateway().stats.transactions == before


async def test_actions_are_there_before_any_gateway(panel: Panel) -> None:
    await panel.load_integration()
    assert panel.hass.services.has_service(DOMAIN, "read_registers")
    await panel.hass.services.async_call(DOMAIN, "reload", blocking=True)


async def test_maps_are_read_again_and_taken_into_use_by_all_gateways(panel: Panel) -> None:
    two = DeviceSpec(name="Second", model="700043", address=3, at="lighting")
    await panel.serve(gateways=(GatewaySpec(name="One", devices=(COUNTER,)), GatewaySpec(name="Two", devices=(two,))))
    await panel.set_up("One")
    await panel.set_up("Two")
    assert panel.find("Counter", "power") is None
    install_profiles(panel.hass, "plant_counter_700")
    await panel.hass.services.async_call(DOMAIN, "reload", blocking=True)
    await panel.settle()
    assert panel.number("Counter", "power") > 0
    assert panel.number("Second", "power") > 0


async def told(panel: Panel, action: str, **data: Any) -> dict[str, Any]:
    """Return what an action answers."""
    answer = await panel.hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)
    assert isinstance(answer, dict)
    return answer


async def test_the_devices_of_a_gateway_are_exported(panel: Panel) -> None:
    entry = await panel.start(METER, SOCKETS)
    answer = await told(panel, "export_devices", config_entry_id=entry.entry_id)
    assert answer["count"] == 2
    assert [row["name"] for row in csv.DictReader(io.StringIO(answer["csv"]))] == ["Mains", "Sockets"]


async def test_the_installation_is_no_gateway(panel: Panel) -> None:
    await panel.load_integration()
    site = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
    site.add_to_hass(panel.hass)
    await panel.hass.config_entries.async_setup(site.entry_id)
    with pytest.raises(ServiceValidationError, match="Site is no gateway"):
        await told(panel, "export_devices", config_entry_id=site.entry_id)


async def test_alarms_are_listed_by_kind_time_and_whether_they_are_on(panel: Panel) -> None:
    await panel.start(METER, SOCKETS)
    for address in (1, 2):
        panel.unit(address).faults.silent = True
    await panel.wait()
    panel.unit(2).faults.silent = False
    await panel.wait()
    await panel.wait(20)
    everything = (await told(panel, "list_alarms"))["alarms"]
    assert [row["event"] for row in everything] == ["communication_back", "communication_lost", "communication_lost"]
    (active,) = (await told(panel, "list_alarms", active=True, limit=1))["alarms"]
    assert (active["device"], active["kind"]) == ("Mains", "communication")
    assert (await told(panel, "list_alarms", kinds=["command"]))["alarms"] == []
    local = dt_util.as_local(dt_util.utc_from_timestamp(panel.clock.now)).replace(tzinfo=None)
    assert (await told(panel, "list_alarms", since=str(local + timedelta(hours=1))))["alarms"] == []
    assert len((await told(panel, "list_alarms", since=str(local - timedelta(hours=1))))["alarms"]) == 3


async def test_alarms_are_acknowledged_by_who_calls(panel: Panel, hass_admin_user: User) -> None:
    await panel.start(METER, SOCKETS)
    for address in (1, 2):
        panel.unit(address).faults.silent = True
    await panel.wait()
    first, second = (row["id"] for row in (await told(panel, "list_alarms"))["alarms"])
    answer = await panel.hass.services.async_call(
        DOMAIN,
        "acknowledge_alarms",
        {"ids": str(first)},
        blocking=True,
        return_response=True,
        context=Context(user_id=hass_admin_user.id),
    )
    assert answer == {"acknowledged": [first]}
    assert await told(panel, "acknowledge_alarms", all="on") == {"acknowledged": [second]}
    seen = {row["id"]: row["acknowledged_by"] for row in (await told(panel, "list_alarms"))["alarms"]}
    assert seen == {first: hass_admin_user.name, second: None}


@pytest.mark.parametrize("data", [{}, {"ids": [1], "all": True}])
async def test_what_is_acknowledged_must_be_said(panel: Panel, data: dict[str, Any]) -> None:
    await panel.load_integration()
    with pytest.raises(ServiceValidationError, match="ids of entries, or all"):
        await told(panel, "acknowledge_alarms", **data)


async def test_only_who_has_the_right_acknowledges(panel: Panel, hass_read_only_user: User) -> None:
    await panel.load_integration()
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await panel.hass.services.async_call(
            DOMAIN, "acknowledge_alarms", {"all": True}, blocking=True, context=context
        )
