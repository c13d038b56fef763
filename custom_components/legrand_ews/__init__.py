"""Legrand's Energy Web Server in Home Assistant.

This package joins the rooms: ``catalog`` (what products are), ``bus`` (one gateway link), ``metering`` (indexes to
totals), ``alarms`` (the journal). It does not own the Modbus connection: that is Home Assistant's ``modbus``
integration.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from homeassistant.components import persistent_notification
from homeassistant.components.modbus import async_get_unit
from homeassistant.const import Platform
from homeassistant.exceptions import ConfigEntryError, HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.translation import async_get_exception_message

from .alarm_watch import AlarmWatch
from .bundle import async_serve_bundle
from .bus import STATION_FRAME_INTERVAL, Commander, Link, UnitClient
from .catalog import Kind
from .catalog_store import DATA_CATALOG, async_load_catalog, profiles_folder
from .charging.control import async_forget_control, async_start_control, async_stop_control
from .charging.control import survey as survey_stations
from .charging.take_over import reload_gateways, take_over
from .clock_sync import start_clock_sync
from .connection import line_speed, modbus_params
from .const import (
    CONF_AREA,
    CONF_KIND,
    DEFAULT_FRAME_INTERVAL,
    DEFAULT_RS485_TIMEOUT,
    DOCUMENTATION,
    DOMAIN,
    KIND_INSTALLATION,
    LOGGER,
    OPT_FRAME_INTERVAL,
    OPT_GREENUP,
    OPT_RS485_TIMEOUT,
    SUBENTRY_DEVICE,
)
from .coordinator import CycleMeter, GatewayConfigEntry, GatewayData, LinkCoordinator, UnitCoordinator
from .device import Device, DeviceConfig, resolve
from .download import async_setup_downloads
from .history import DATA_HISTORY, async_start_history, async_stop_history, survey
from .installation import PLATFORMS as INSTALLATION_PLATFORMS
from .installation import offer_installation
from .journal import DATA_JOURNAL, async_load_journal
from .loads import clean as clean_loads
from .meters import Meters
from .news import DATA_NEWS, News
from .queries.websocket import async_setup_websocket
from .services import async_setup_services
from .status import StatusCoordinator, status_keys

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import ConfigType

    from .catalog import Catalog

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
]

# Several devices are often added in a row: one reload serves them all.
_RELOAD_DELAY: Final = 1.0
# How long commands under way may hold up the end of a gateway, s.
_COMMANDS_END: Final = 5.0


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001 -- Home Assistant's signature
    """Load the catalogue and the journal, register the actions."""
    hass.data[DATA_NEWS] = News(hass)
    await async_load_catalog(hass)
    await async_load_journal(hass)
    async_setup_services(hass)
    async_setup_websocket(hass)
    async_setup_downloads(hass)
    await async_serve_bundle(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GatewayConfigEntry) -> bool:
    """Set up a gateway, or the installation.

    Does not wait for a gateway: what does not answer yet is unavailable, and asked again.
    """
    if entry.data[CONF_KIND] == KIND_INSTALLATION:
        clean_loads(hass, entry)
        await async_start_history(hass, entry)
        try:
            await async_start_control(hass, entry, hass.data[DATA_HISTORY])
        except ConfigEntryError:
            await async_stop_history(hass)
            raise
        await hass.config_entries.async_forward_entry_setups(entry, INSTALLATION_PLATFORMS)
        entry.async_on_unload(entry.add_update_listener(_async_reload_installation))
        return True
    catalog = hass.data[DATA_CATALOG]
    gateway = _register_gateway(hass, entry)
    meters = Meters(hass, entry.entry_id)
    await meters.async_load()
    devices = _devices(entry, catalog)
    _report_maps(hass, entry, devices.values())
    meters.forget_but(set(entry.subentries))
    link = Link(frame_interval=_frame_interval(entry, devices.values()))
    cycle = CycleMeter()
    status = LinkCoordinator(hass, entry, link, cycle)
    units = _units(hass, entry, link, devices, meters, cycle)
    entry.runtime_data = GatewayData(
        link=link,
        catalog=catalog,
        meters=meters,
        device_id=gateway.id,
        devices=devices,
        units=units,
        states={
            address: StatusCoordinator(hass, entry, unit)
            for address, unit in units.items()
            if any(status_keys(device) for device in unit.devices.values())
        },
        commanders={
            device.config.id: Commander(units[device.config.address].client, device.profile)
            for device in devices.values()
            if device.profile is not None and (device.profile.commands or device.profile.settings)
        },
        status=status,
    )
    survey(hass)
    survey_stations(hass)
    AlarmWatch(hass, entry).start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    start_clock_sync(hass, entry)
    offer_installation(hass)
    for states in entry.runtime_data.states.values():
        states.start()
    for unit in (*entry.runtime_data.states.values(), *entry.runtime_data.units.values()):
        entry.async_create_background_task(hass, unit.async_refresh(), f"first poll of {unit.name}")
    entry.async_on_unload(entry.add_update_listener(_async_reload_soon))
    return True


def _known(hass: HomeAssistant) -> set[str]:
    """Return the ids of all gateways and devices."""
    entries = hass.config_entries.async_entries(DOMAIN)
    return {entry.entry_id for entry in entries} | {key for entry in entries for key in entry.subentries}


async def _async_reload_installation(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take over changed settings of the installation."""
    if take_over(hass, entry):
        return
    # While the history is still there, so that it closes what devices counted in their old places. Where that changes
    # the entry, this is called again.
    if not clean_loads(hass, entry):
        hass.config_entries.async_schedule_reload(entry.entry_id)


def _frame_interval(entry: GatewayConfigEntry, devices: Iterable[Device]) -> float:
    """Return the quiet time between frames, s: the option's, and what charging stations need at the least."""
    chosen: float = entry.options.get(OPT_FRAME_INTERVAL, DEFAULT_FRAME_INTERVAL) / 1000
    stations = any(device.model.kind is Kind.STATION for device in devices)
    return max(chosen, STATION_FRAME_INTERVAL) if stations else chosen


def _register_gateway(hass: HomeAssistant, entry: GatewayConfigEntry) -> dr.DeviceEntry:
    """Put the gateway into the device registry, in the area chosen for it when it is new."""
    registry = dr.async_get(hass)
    known = registry.async_get_device_by_identifier((DOMAIN, entry.entry_id), entry.entry_id)
    gateway = registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        model="Modbus gateway",
        entry_type=None,
    )
    if known is None and (area := entry.data.get(CONF_AREA)):
        registry.async_update_device(gateway.id, area_id=area)
    return gateway


def _devices(entry: GatewayConfigEntry, catalog: Catalog) -> dict[str, Device]:
    """Return the gateway's devices by subentry."""
    devices: dict[str, Device] = {}
    for subentry in entry.subentries.values():
        if subentry.subentry_type != SUBENTRY_DEVICE:
            continue
        config = DeviceConfig.from_subentry(subentry)
        try:
            devices[config.id] = resolve(catalog, config)
        except KeyError as err:
            LOGGER.error("%s: the catalogue does not know %s", config.name, err.args[0])
    return devices


def _report_maps(hass: HomeAssistant, entry: GatewayConfigEntry, devices: Iterable[Device]) -> None:
    """Raise an issue for each device without a register map; clear those of devices that have one or are gone."""
    prefix = f"profile_missing_{entry.entry_id}_"
    missing = {f"{prefix}{device.config.id}": device for device in devices if device.profile is None}
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and issue_id.startswith(prefix) and issue_id not in missing:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
    for issue_id, device in missing.items():
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            learn_more_url=f"{DOCUMENTATION}/profiles.md",
            severity=ir.IssueSeverity.WARNING,
            translation_key="profile_missing",
            translation_placeholders={
                "device": device.config.name,
                "model": device.carrier.display_number,
                "folder": str(profiles_folder(hass)),
            },
        )


def _units(
    hass: HomeAssistant,
    entry: GatewayConfigEntry,
    link: Link,
    devices: dict[str, Device],
    meters: Meters,
    cycle: CycleMeter,
) -> dict[int, UnitCoordinator]:
    """Return a coordinator per Modbus address.

    Raises ``ConfigEntryError`` where another integration holds the connection with other settings.
    """
    params = modbus_params(entry.data)
    timeout = entry.options.get(OPT_RS485_TIMEOUT, DEFAULT_RS485_TIMEOUT) / 1000
    by_address: dict[int, list[Device]] = {}
    for device in devices.values():
        by_address.setdefault(device.config.address, []).append(device)
    units: dict[int, UnitCoordinator] = {}
    for address, here in by_address.items():
        try:
            unit = async_get_unit(hass, entry, params, address)
        except HomeAssistantError as err:
            raise ConfigEntryError(
                translation_domain=DOMAIN,
                translation_key="link_settings_in_use",
                translation_placeholders={"error": str(err)},
            ) from err
        link.disconnect = unit.disconnect
        client = UnitClient(link, unit, rs485_timeout=timeout, baudrate=line_speed(entry.data))
        units[address] = UnitCoordinator(
            hass, entry, client=client, address=address, devices=here, meters=meters, cycle=cycle
        )
    return units


async def _async_reload_soon(hass: HomeAssistant, entry: GatewayConfigEntry) -> None:
    """Reload after a change of settings or devices."""

    async def reload(_now: datetime) -> None:
        """Reload unless the entry went away meanwhile."""
        if hass.config_entries.async_get_entry(entry.entry_id) is not None:
            hass.config_entries.async_schedule_reload(entry.entry_id)

    entry.runtime_data.reload_later(async_call_later(hass, _RELOAD_DELAY, reload))


async def async_unload_entry(hass: HomeAssistant, entry: GatewayConfigEntry) -> bool:
    """Stop polling a gateway, or take the installation away."""
    if entry.data[CONF_KIND] == KIND_INSTALLATION:
        await hass.data[DATA_HISTORY].async_quiet()
        unloaded = await hass.config_entries.async_unload_platforms(entry, INSTALLATION_PLATFORMS)
        if unloaded:
            await async_stop_control(hass)
            await async_stop_history(hass)
        return unloaded
    # What was sent is read back before the line goes.
    with suppress(TimeoutError):
        async with asyncio.timeout(_COMMANDS_END):
            await asyncio.gather(*(commander.settled() for commander in entry.runtime_data.commanders.values()))
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        entry.runtime_data.reload_later(None)
        await entry.runtime_data.meters.async_save()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: GatewayConfigEntry) -> None:
    """Forget a deleted gateway; say so where it took devices with it."""
    if entry.data[CONF_KIND] == KIND_INSTALLATION:
        await async_forget_control(hass)
        if OPT_GREENUP in entry.options:
            # Their stations have entities of the load manager.
            reload_gateways(hass)
        return
    hass.data[DATA_JOURNAL].forget(_known(hass))
    survey(hass)
    survey_stations(hass)
    await Meters(hass, entry.entry_id).async_remove()
    _report_maps(hass, entry, ())
    names = [subentry.title for subentry in entry.subentries.values() if subentry.subentry_type == SUBENTRY_DEVICE]
    if names:
        message = async_get_exception_message(
            DOMAIN,
            "gateway_deleted_with_devices",
            {"gateway": entry.title, "count": str(len(names)), "devices": ", ".join(sorted(names))},
        )
        LOGGER.warning("%s", message)
        persistent_notification.async_create(hass, message, title=entry.title)
