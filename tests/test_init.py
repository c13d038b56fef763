"""Set-up, reload and removal of gateways."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from homeassistant.components import persistent_notification
from homeassistant.components.modbus import async_get_temporary_unit
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from modbus_connection import ModbusSerialParams

from custom_components.legrand_ews.bus import STATION_FRAME_INTERVAL
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.greenup import LoadManagerConfig
from custom_components.legrand_ews.history import DATA_HISTORY
from plant.scenario import DeviceSpec, GatewaySpec

from .support import COUNTER, METER, PULSES, SOCKETS, install_profiles, loaded, subentry_id
from .test_loads import site

if TYPE_CHECKING:
    from typing import Any

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel

STATION = DeviceSpec(name="Station", model="059000", address=8, at="mains", phase="l1")


def missing_map(panel: Panel, entry: GatewayConfigEntry, device: str = COUNTER.name) -> ir.IssueEntry | None:
    """Return the repair of a device without a map."""
    issue_id = f"profile_missing_{entry.entry_id}_{subentry_id(device)}"
    return ir.async_get(panel.hass).async_get_issue(DOMAIN, issue_id)


def reloads_of(panel: Panel, entry: GatewayConfigEntry) -> list[None]:
    """Return a list that grows with each set-up of a gateway from now on."""
    seen: list[None] = []
    setup = panel.hass.config_entries.async_reload

    async def noted(entry_id: str) -> bool:
        """Note the reload, then do it."""
        if entry_id == entry.entry_id:
            seen.append(None)
        return await setup(entry_id)

    panel.hass.config_entries.async_reload = noted  # type: ignore[method-assign]
    return seen


async def test_a_gateway_and_its_devices_show_values(panel: Panel) -> None:
    entry = await panel.start(METER, SOCKETS)
    assert loaded(entry)
    assert panel.link(entry, "connected") == "on"
    assert panel.number("Sockets", "power") > 0
    assert panel.number("Mains", "energy_import") > 0


async def test_the_gateway_is_a_device_and_its_devices_hang_on_it(panel: Panel) -> None:
    entry = await panel.start(METER)
    gateway, meter = panel.device(entry), panel.device(entry, "Mains")
    assert gateway.name == "Panel"
    assert gateway.config_entry_id == entry.entry_id
    assert gateway.config_subentry_id is None
    assert (meter.name, meter.manufacturer, meter.model_id) == ("Mains", "Legrand", "4 120 45")
    assert meter.model == "EMDX³ Modular multifunction meter"
    assert meter.via_device_id == gateway.id
    assert meter.config_subentry_id == subentry_id("Mains")


async def test_the_area_is_given_to_a_new_gateway_only(panel: Panel, area_registry: ar.AreaRegistry) -> None:
    cellar, attic = area_registry.async_create("Cellar"), area_registry.async_create("Attic")
    await panel.serve(METER)
    entry = panel.entry()
    panel.hass.config_entries.async_update_entry(entry, data={**entry.data, "area": cellar.id})
    await panel.hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    assert panel.device(entry).area_id == cellar.id
    dr.async_get(panel.hass).async_update_device(panel.device(entry).id, area_id=attic.id)
    await panel.hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert panel.device(entry).area_id == attic.id


async def test_set_up_does_not_wait_for_a_gateway_that_refuses(panel: Panel) -> None:
    await panel.serve(METER)
    await panel.plant.refuse(panel.gateway())
    entry = await panel.set_up()
    assert loaded(entry)
    assert panel.state("Mains", "power") == STATE_UNAVAILABLE
    assert panel.link(entry, "connected") == "off"
    await panel.plant.refuse(panel.gateway(), refuse=False)
    await panel.wait()
    assert panel.link(entry, "connected") == "on"
    assert panel.number("Mains", "power") != 0


async def test_set_up_does_not_wait_for_a_gateway_that_says_nothing(panel: Panel) -> None:
    await panel.serve(METER, kind="rtu_tcp")
    entry = panel.entry()
    asked = panel.hold(1)
    assert await panel.hass.config_entries.async_setup(entry.entry_id)
    assert loaded(entry)
    assert panel.link(entry, "connected") == STATE_UNKNOWN
    assert panel.state("Mains", "power") == STATE_UNAVAILABLE
    await asked.wait()
    # The request on the wire is given up with the gateway.
    assert await panel.hass.config_entries.async_unload(entry.entry_id)


async def test_unloaded_a_gateway_is_left_alone_and_reloaded_it_is_polled_again(panel: Panel) -> None:
    entry = await panel.start(METER)
    seen = panel.requests_to(1)
    assert await panel.hass.config_entries.async_unload(entry.entry_id)
    await panel.wait()
    assert seen == []
    assert panel.state("Mains", "power") == STATE_UNAVAILABLE
    assert panel.gateway().stats.transactions > 0
    await panel.hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    assert seen
    assert panel.number("Mains", "power") != 0


async def test_what_other_gateways_do_does_not_matter(panel: Panel) -> None:
    one = GatewaySpec(name="One", devices=(METER,))
    two = GatewaySpec(name="Two", devices=(SOCKETS,))
    await panel.serve(gateways=(one, two))
    first, second = await panel.set_up("One"), await panel.set_up("Two")
    await panel.plant.refuse(panel.gateway("One"))
    await panel.wait()
    assert panel.link(first, "connected") == "off"
    assert panel.state("Mains", "power") == STATE_UNAVAILABLE
    assert panel.link(second, "connected") == "on"
    assert panel.number("Sockets", "power") > 0


async def test_a_device_the_catalogue_does_not_know_is_left_out_and_said(
    panel: Panel, caplog: pytest.LogCaptureFixture
) -> None:
    await panel.serve(METER)
    stranger = DeviceSpec(name="Stranger", model="000000", address=9, at="mains")
    pulses = replace(PULSES, name="Strange pulses", concentrator="000001")
    entry = await panel.set_up(devices=(METER, stranger, pulses))
    assert loaded(entry)
    assert panel.number("Mains", "power") != 0
    assert "Stranger: the catalogue does not know 000000" in caplog.text
    assert "Strange pulses: the catalogue does not know 000001" in caplog.text
    assert panel.find("Stranger", "power") is None


async def test_what_is_no_device_is_left_alone(panel: Panel) -> None:
    await panel.serve(METER)
    entry = panel.entry()
    other = ConfigSubentry(data={}, subentry_type="load", title="Heating", unique_id=None)  # type: ignore[arg-type]
    panel.hass.config_entries.async_add_subentry(entry, other)
    await panel.hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    assert set(entry.runtime_data.devices) == {subentry_id("Mains")}
    assert panel.number("Mains", "power") != 0


async def test_other_settings_of_the_same_line_are_refused_with_the_reason(panel: Panel) -> None:
    await panel.serve(METER, kind="rtu_tcp")
    entry = panel.entry()
    line = ModbusSerialParams(device=f"socket://127.0.0.1:{panel.gateway().port}", baudrate=9600)
    async with async_get_temporary_unit(panel.hass, line, 1):
        await panel.hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_ERROR
        assert entry.error_reason_translation_key == "link_settings_in_use"
        assert "different link settings" in str(entry.reason)
    assert await panel.hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert panel.number("Mains", "power") != 0


@pytest.mark.parametrize(
    ("devices", "chosen", "expected"),
    [
        ((), 50, 0.05),
        ((STATION,), 50, STATION_FRAME_INTERVAL),
        ((STATION,), 400, 0.4),
        ((), 400, 0.4),
    ],
)
async def test_charging_stations_get_the_quiet_they_need(
    panel: Panel, devices: tuple[DeviceSpec, ...], chosen: int, expected: float
) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=devices, frame_interval=chosen)
    assert entry.runtime_data.link.frame_interval == expected


async def test_a_device_without_a_map_is_a_repair_until_its_map_is_there(panel: Panel) -> None:
    await panel.serve(METER, COUNTER)
    entry = await panel.set_up()
    missing = missing_map(panel, entry)
    assert missing is not None
    assert missing.translation_key == "profile_missing"
    assert missing.translation_placeholders == {
        "device": "Counter",
        "model": "7 000 43",
        "folder": panel.hass.config.path(DOMAIN, "profiles"),
    }
    assert panel.find("Counter", "power") is None
    await panel.hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert missing_map(panel, entry) is not None
    install_profiles(panel.hass, "plant_counter_700")
    await panel.hass.services.async_call(DOMAIN, "reload", blocking=True)
    await panel.settle()
    assert missing_map(panel, entry) is None
    assert panel.number("Counter", "power") > 0


async def test_changes_in_a_row_make_one_reload_a_second_later(panel: Panel) -> None:
    entry = await panel.start(METER)
    reloads = reloads_of(panel, entry)
    for name in ("Board", "Main board"):
        panel.hass.config_entries.async_update_entry(entry, title=name)
        await panel.settle()
    assert reloads == []
    await panel.wait(1)
    assert len(reloads) == 1
    await panel.wait(10)
    assert len(reloads) == 1
    assert panel.device(entry).name == "Main board"


async def test_a_reload_that_is_due_does_not_load_what_was_unloaded(panel: Panel) -> None:
    entry = await panel.start(METER)
    panel.hass.config_entries.async_update_entry(entry, title="Board")
    await panel.settle()
    await panel.hass.config_entries.async_unload(entry.entry_id)
    await panel.wait(10)
    assert entry.state is ConfigEntryState.NOT_LOADED


async def test_a_reload_that_is_due_is_forgotten_with_the_gateway(panel: Panel) -> None:
    entry = await panel.start(METER)
    reloads = reloads_of(panel, entry)
    panel.hass.config_entries.async_update_entry(entry, title="Board")
    await panel.settle()
    await panel.hass.config_entries.async_remove(entry.entry_id)
    await panel.wait(10)
    assert reloads == []


async def test_a_gateway_that_cannot_be_unloaded_is_not_reloaded_once_deleted(panel: Panel) -> None:
    entry = await panel.start(METER)
    reloads = reloads_of(panel, entry)
    panel.hass.config_entries.async_update_entry(entry, title="Board")
    await panel.settle()
    with patch.object(panel.hass.config_entries, "async_unload_platforms", return_value=False):
        await panel.hass.config_entries.async_remove(entry.entry_id)
    await panel.wait(10)
    assert reloads == []


async def test_a_deleted_device_goes_with_its_entities_and_is_not_asked_any_more(
    panel: Panel, hass_storage: dict[str, Any]
) -> None:
    entry = await panel.start(METER, SOCKETS)
    assert panel.find("Sockets", "power")
    seen = panel.requests_to(2)
    panel.hass.config_entries.async_remove_subentry(entry, subentry_id("Sockets"))
    await panel.wait(1)
    seen.clear()
    await panel.wait(10)
    assert seen == []
    assert panel.find("Sockets", "power") is None
    identifier = (DOMAIN, subentry_id("Sockets"))
    assert dr.async_get(panel.hass).async_get_device_by_identifier(identifier, entry.entry_id) is None
    assert panel.number("Mains", "power") != 0
    await panel.hass.config_entries.async_unload(entry.entry_id)
    assert set(hass_storage[f"{DOMAIN}.meters.{entry.entry_id}"]["data"]) == {subentry_id("Mains")}


async def test_the_repair_of_a_deleted_device_goes_with_it(panel: Panel) -> None:
    other = GatewaySpec(name="Other", devices=(replace(COUNTER, name="Other counter"),))
    await panel.serve(gateways=(GatewaySpec(name="Panel", devices=(METER, COUNTER)), other))
    entry, others = await panel.set_up("Panel"), await panel.set_up("Other")
    assert missing_map(panel, entry) is not None
    panel.hass.config_entries.async_remove_subentry(entry, subentry_id(COUNTER.name))
    await panel.wait(1)
    assert missing_map(panel, entry) is None
    assert missing_map(panel, others, "Other counter") is not None


async def test_a_deleted_gateway_names_the_devices_it_took_along(
    panel: Panel, hass_storage: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    entry = await panel.start(SOCKETS, METER, COUNTER)
    await panel.hass.config_entries.async_unload(entry.entry_id)
    assert f"{DOMAIN}.meters.{entry.entry_id}" in hass_storage
    assert missing_map(panel, entry) is not None
    told: dict[str, Any] = {}
    persistent_notification.async_register_callback(panel.hass, lambda _, new: told.update(new))
    await panel.hass.config_entries.async_remove(entry.entry_id)
    await panel.settle()
    (notification,) = told.values()
    assert notification["title"] == "Panel"
    expected = "The gateway Panel was deleted together with its 3 devices: Counter, Mains, Sockets"
    assert notification["message"] == expected
    assert expected in caplog.text
    assert f"{DOMAIN}.meters.{entry.entry_id}" not in hass_storage
    assert missing_map(panel, entry) is None
    assert er.async_entries_for_config_entry(er.async_get(panel.hass), entry.entry_id) == []


async def test_a_deleted_gateway_without_devices_needs_no_word(panel: Panel) -> None:
    entry = await panel.start()
    told: dict[str, Any] = {}
    persistent_notification.async_register_callback(panel.hass, lambda _, new: told.update(new))
    await panel.hass.config_entries.async_remove(entry.entry_id)
    await panel.settle()
    assert told == {}


async def test_an_installation_whose_charging_contradicts_itself_is_not_set_up_and_says_why(panel: Panel) -> None:
    settings = GreenupSettings(config=LoadManagerConfig(max_current=40, charge_current=38), sensors=("sensor.l1",))
    right, wrong = settings.stored(), settings.stored()
    wrong["config"]["charge_current"] = 41
    entry = await site(panel.hass, greenup=wrong)
    await panel.settle()
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.reason is not None
    assert "at most the maximum current" in entry.reason
    assert DATA_HISTORY not in panel.hass.data
    panel.hass.config_entries.async_update_entry(entry, options={"greenup": right})
    assert await panel.hass.config_entries.async_reload(entry.entry_id)
    assert panel.hass.data[DATA_HISTORY] is not None
