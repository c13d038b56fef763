"""The action that puts the installation into Home Assistant's energy dashboard: what is missing is added.

This module owns what of ours becomes which source or device there. It fills in a cost where a source of ours has none;
nothing else that is there already is changed, and nothing is taken away.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import voluptuous as vol
from homeassistant.components.energy.data import EnergyManager, async_get_manager
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.service import async_register_admin_service

from .const import DOMAIN
from .cost_book import BILL, COST, CREDIT, cost_id, device_key
from .history import find_history, total_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from homeassistant.components.energy.data import EnergyPreferencesUpdate
    from homeassistant.config_entries import ConfigEntry

    from .archive import Site, SiteDevice

type _Rows = list[dict[str, Any]]
"""Sources or devices, as the energy dashboard keeps them."""

SERVICE_ADD: Final = "add_to_energy_dashboard"
ATTR_DEVICES: Final = "devices"
ATTR_WITH_CHARGES: Final = "with_charges"

SCHEMA: Final = vol.Schema(
    {
        vol.Optional(ATTR_DEVICE_ID): cv.string,
        vol.Required(ATTR_DEVICES, default=True): cv.boolean,
        vol.Required(ATTR_WITH_CHARGES, default=False): cv.boolean,
    },
)

_IMPORT: Final = "energy_import"
_EXPORT: Final = "energy_export"
_VOLUME: Final = "volume"
_POWER: Final = "power"
_FROM: Final = "stat_energy_from"
_TO: Final = "stat_energy_to"
_RATE: Final = "stat_rate"
_DEVICE: Final = "stat_consumption"
_PART_OF: Final = "included_in_stat"
_SIDES: Final = {
    _FROM: ("stat_cost", "entity_energy_price", "number_energy_price"),
    _TO: ("stat_compensation", "entity_energy_price_export", "number_energy_price_export"),
}
"""Where the money of an energy is: a statistic, the entity of a price, a price."""
_PRICED: Final = {"grid": "electricity", "gas": "gas", "water": "water"}
"""Kinds of source that have costs, with the total that is one."""
_LISTS: Final = {
    "device_consumption": ("electricity", _IMPORT),
    "device_consumption_water": ("water", _VOLUME),
}
"""Lists of devices, with what is in them."""


@callback
def async_setup_energy_dashboard(hass: HomeAssistant) -> None:
    """Register the action."""
    async_register_admin_service(
        hass, DOMAIN, SERVICE_ADD, _async_add, schema=SCHEMA, supports_response=SupportsResponse.OPTIONAL
    )


async def _async_add(call: ServiceCall) -> ServiceResponse:
    """Add what is missing, and tell the statistics that were added, got a cost, or were there."""
    history = find_history(call.hass)
    device_id = call.data.get(ATTR_DEVICE_ID)
    if device_id is not None and call.data[ATTR_WITH_CHARGES]:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="charges_of_total")
    offer = _Offer(call.hass, history.entry, history.site(), charges=call.data[ATTR_WITH_CHARGES])
    main = None if device_id is None else _main_meter(call.hass, offer, device_id)
    if main is not None:
        offer.switch_on(main)
    manager = await async_get_manager(call.hass)
    change = _Change(cast("dict[str, Any]", manager.data or EnergyManager.default_preferences()), offer)
    change.add_sources(main)
    if call.data[ATTR_DEVICES]:
        change.add_devices(main)
    if change.update:
        await manager.async_update(cast("EnergyPreferencesUpdate", change.update))
    return {key: list(dict.fromkeys(found)) for key, found in change.told.items()}


def _main_meter(hass: HomeAssistant, offer: _Offer, device_id: str) -> SiteDevice:
    """Return a device of ours that counts electricity; raises ``ServiceValidationError`` for anything else."""
    row = dr.async_get(hass).async_get(device_id)
    own = {key for domain, key in row.identifiers if domain == DOMAIN} if row is not None else set()
    if row is None or not own:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_ours", translation_placeholders={"target": device_id}
        )
    for device in offer.site.devices:
        if device.id in own and offer.counter(device, _IMPORT) is not None:
            return device
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_energy_meter",
        translation_placeholders={"device": row.name_by_user or row.name or device_id},
    )


class _Offer:
    """The sensors of ours that the dashboard can use: those that are switched on."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, site: Site, *, charges: bool) -> None:
        """Look what there is; ``charges``: costs with fixed charges, the credit taken off."""
        self.site = site
        self._entry = entry
        self._registry = er.async_get(hass)
        self._charges = charges

    @cached_property
    def money(self) -> Mapping[str, str]:
        """What each of our energies and volumes cost or brought in: a statistic by a statistic."""
        return {energy: money for energy, money in self._priced() if energy is not None and money is not None}

    def switch_on(self, device: SiteDevice) -> None:
        """Switch the costs of a device on: at first they are off if it is excluded from totals, as main meters are."""
        for kind in (COST, CREDIT):
            row = self._row(cost_id(self._entry.entry_id, kind, device_key(device.id)))
            if row is not None and row.disabled_by is er.RegistryEntryDisabler.INTEGRATION:
                self._registry.async_update_entity(row.entity_id, disabled_by=None)

    def _priced(self) -> Iterator[tuple[str | None, str | None]]:
        """Yield our energies and volumes, each with its money."""
        begin = total_id(self._entry, "")
        for row in er.async_entries_for_config_entry(self._registry, self._entry.entry_id):
            if row.domain == "sensor" and row.unique_id.startswith(begin):
                key = row.unique_id.removeprefix(begin)
                kinds = (BILL, COST) if self._charges else (COST,)
                found = (self._find(cost_id(self._entry.entry_id, kind, key)) for kind in kinds)
                yield row.entity_id, next((entity for entity in found if entity is not None), None)
        for device in self.site.devices:
            key = device_key(device.id)
            for quantity in (_IMPORT, _VOLUME):
                yield self.counter(device, quantity), self._find(cost_id(self._entry.entry_id, COST, key))
            if not self._charges:
                yield self.counter(device, _EXPORT), self._find(cost_id(self._entry.entry_id, CREDIT, key))

    def _find(self, unique_id: str) -> str | None:
        """Return the sensor with an id, None where there is none that is switched on."""
        row = self._row(unique_id)
        return None if row is None or row.disabled else row.entity_id

    def _row(self, unique_id: str) -> er.RegistryEntry | None:
        """Return what is registered of the sensor with an id."""
        entity_id = self._registry.async_get_entity_id("sensor", DOMAIN, unique_id)
        return None if entity_id is None else self._registry.async_get(entity_id)

    def total(self, commodity: str) -> str | None:
        """Return the sensor of a total."""
        return self._find(total_id(self._entry, commodity))

    def counter(self, device: SiteDevice, quantity: str) -> str | None:
        """Return the sensor of a quantity of a device."""
        return self._find(f"{device.id}_{quantity}")

    def price(self, plan: str) -> str | None:
        """Return the sensor of a plan's price."""
        return self._find(f"{self._entry.entry_id}_price_{plan}")

    def completed(self, source: dict[str, Any]) -> dict[str, Any]:
        """Return a source with its money where it has none."""
        more = {}
        for side, places in _SIDES.items():
            money = self.money.get(source.get(side) or "")
            if money is not None and all(source.get(place) is None for place in places):
                more[places[0]] = money
        return source | more


class _Change:
    """What becomes of the preferences."""

    def __init__(self, before: Mapping[str, Any], offer: _Offer) -> None:
        """Begin with what there is."""
        self.update: dict[str, _Rows] = {}
        """The lists that are other ones then."""
        self.told: dict[str, list[str]] = {"added": [], "completed": [], "kept": []}
        """Statistics."""
        self._before = before
        self._offer = offer

    def add_sources(self, main: SiteDevice | None) -> None:
        """Add grid, gas and water where they are missing, and costs to sources of ours that have none."""
        offer, before = self._offer, cast("_Rows", self._before["energy_sources"])
        after = [offer.completed(source) if source["type"] in _PRICED else source for source in before]
        self.told["completed"] += [stat for pair in zip(before, after, strict=True) for stat in _filled(*pair)]
        for kind, commodity in _PRICED.items():
            meter = main if kind == "grid" else None
            wanted = offer.total(commodity) if meter is None else offer.counter(meter, _IMPORT)
            if wanted is None:
                continue
            only = None if meter is None else offer.total(commodity) or ""
            if there := _standing(kind, wanted, after, only=only):
                self.told["kept"] += there
            else:
                after.append(self._source(kind, wanted, meter, _stats(after)))
                self.told["added"].append(wanted)
        if after != before:
            self.update["energy_sources"] = after

    def _source(self, kind: str, energy: str, meter: SiteDevice | None, used: set[str]) -> dict[str, Any]:
        """Return a new source; ``used``: statistics that are not to be in it."""
        sides = _SIDES if kind == "grid" else {_FROM: _SIDES[_FROM]}
        source: dict[str, Any] = {"type": kind, _FROM: energy}
        if kind == "grid":
            source |= {_TO: None, "cost_adjustment_day": 0.0}
        source |= dict.fromkeys(place for places in sides.values() for place in places)
        if meter is not None:
            more = {_TO: self._offer.counter(meter, _EXPORT), _RATE: self._offer.counter(meter, _POWER)}
            source |= {key: stat for key, stat in more.items() if stat is not None and stat not in used}
        source = self._offer.completed(source)
        for side, plan in ((_FROM, "electricity"), (_TO, "export")) if meter is not None else ():
            cost, price, _ = _SIDES[side]
            if source[side] is not None and source[cost] is None:
                source[price] = self._offer.price(plan)
        return source

    def add_devices(self, main: SiteDevice | None) -> None:
        """Add the counted devices; all electricity is part of what the main meter counts."""
        for name, (commodity, quantity) in _LISTS.items():
            upstream = main if commodity == "electricity" else None
            parent = None if upstream is None else self._offer.counter(upstream, quantity)
            before = cast("_Rows", self._before.get(name, []))
            there, new = {row[_DEVICE] for row in before}, list[dict[str, Any]]()
            for device in self._counted(commodity, upstream):
                stat = self._offer.counter(device, quantity)
                if stat is None:
                    continue
                if stat in there:
                    self.told["kept"].append(stat)
                else:
                    new.append({_DEVICE: stat} if parent in (None, stat) else {_DEVICE: stat, _PART_OF: parent})
            self.told["added"] += [row[_DEVICE] for row in new]
            if new:
                self.update[name] = [*before, *new]

    def _counted(self, commodity: str, main: SiteDevice | None) -> list[SiteDevice]:
        """Return the devices that count for the totals; the main meter, which they are part of, is one of them."""
        return [one for one in self._offer.site.devices if one is main or (one.counted and one.commodity == commodity)]


def _stats(sources: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the statistics that sources measure."""
    return {source[key] for source in sources for key in (_FROM, _TO, _RATE) if source.get(key) is not None}


def _filled(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the statistics of a source that got their money."""
    return [after[side] for side, (money, *_) in _SIDES.items() if before.get(money) != after.get(money)]


def _standing(kind: str, wanted: str, sources: _Rows, *, only: str | None) -> list[str]:
    """Return what is there in place of a source: itself, or others of its kind, which count the same.

    ``only``: the one other that counts the same, where somebody says that this one is to be added.
    """
    if wanted in _stats(sources):
        return [wanted]
    others = [source[_FROM] for source in sources if source["type"] == kind and source.get(_FROM) is not None]
    return others if only is None else [other for other in others if other == only]
