"""The dialogue of Green'Up: the main meter, the limits, the times, and which stations come first (manual 7.16.5).

This module owns the menu and the fields. Every form saves at once, so what is stored is read anew each time; what it
means is told by ``settings``. Chargers of other integrations have a dialogue of their own, ``charger_flow``.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..catalog import Kind
from ..catalog_store import DATA_CATALOG
from ..const import DOMAIN, OPT_GREENUP
from ..device import DeviceConfig, device_subentries, resolve
from ..device_form import choice, number
from ..greenup import LoadManagerConfig, Mode
from ..greenup.config import FLOOR
from .meter import meter_keys
from .settings import (
    CONF_CONFIG,
    CONF_INTERVAL,
    CONF_LAYOUT,
    CONF_METER,
    CONF_ON_STOP,
    CONF_PRIORITY,
    CONF_SENSORS,
    CONF_UNMANAGED,
    DEFAULT_INTERVAL,
    INTERVALS,
    LAYOUTS,
    MOST_SENSORS,
    ON_STOP,
    GreenupSettings,
    is_complete,
)
from .stations import known
from .units import CURRENT, has_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

type Row = dict[str, Any]

SECTION_MORE: Final = "more"
CONF_MAX: Final = "max_current"
CONF_CHARGE: Final = "charge_current"
_DEFAULTS: Final[Mapping[str, Any]] = {field.name: field.default for field in fields(LoadManagerConfig)}
_LARGEST: Final = 10_000
"""A: no panel of these products has a larger main."""
_PERCENT: Final[Mapping[str, tuple[int, int]]] = {"hysteresis": (0, 50), "step_1": (1, 100), "step_2": (1, 100)}
_LISTS: Final = (CONF_PRIORITY, CONF_UNMANAGED)
_NOTHING: Final = "—"
_SWITCHES: Final = ("load_control", "control_logic")
_RULES: Final = ("emergency", "predicted_admission")
_OPTIONAL: Final = ("charging_cap", "margin")
_TIMES: Final[Mapping[str, tuple[int, int]]] = {
    "hold_time": (0, 3600),
    "waiting_time": (10, 3600),
    "skip_time": (0, 86400),
    "rotation_after": (0, 86400),
    "min_on": (0, 86400),
    "min_off": (0, 3600),
    "stale_after": (10, 3600),
    "stop_after": (10, 86400),
}
"""s: the least and the most of each."""


class GreenupForms(OptionsFlow):
    """Asks how charging is managed."""

    async def async_step_greenup(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Say what is set, and ask what is to be changed: without meter and limits there is nothing more to it."""
        stored = self._greenup
        later = ["greenup_times", "greenup_stations", "greenup_remove"] if is_complete(stored) else []
        return self.async_show_menu(
            step_id="greenup",
            menu_options=["greenup_meter", "greenup_limits", *later, "greenup_finish"],
            description_placeholders=shown_overview(self.hass, stored),
        )

    async def async_step_greenup_finish(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """End: all is saved already."""
        return self.async_create_entry(data=dict(self.config_entry.options))

    async def async_step_greenup_remove(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Give charging up, once that was confirmed."""
        if user_input is None:
            return self.async_show_form(step_id="greenup_remove", data_schema=vol.Schema({}))
        kept = {key: value for key, value in self.config_entry.options.items() if key != OPT_GREENUP}
        return self.async_create_entry(data=kept)

    async def async_step_greenup_meter(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask what measures the mains."""
        errors: dict[str, str] = {}
        placeholders = {"entity": ""}
        if user_input is not None:
            changed = read_meter(self.hass, user_input, errors, placeholders)
            if self._save_greenup(changed, errors):
                return await self.async_step_greenup()
        return self._show_greenup(
            "greenup_meter", meter_schema(self.hass), user_input or self._greenup, errors, placeholders
        )

    async def async_step_greenup_limits(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the limits and the rules."""
        stored = self._greenup
        dedicated = stored.get(CONF_LAYOUT) == "dedicated"
        errors: dict[str, str] = {}
        if user_input is not None:
            limits = read_limits(user_input, errors, dedicated=dedicated)
            if self._save_greenup({CONF_CONFIG: {**stored.get(CONF_CONFIG, {}), **limits}}, errors):
                return await self.async_step_greenup()
        schema = limits_schema(dedicated=dedicated)
        return self._show_greenup("greenup_limits", schema, user_input or shown_limits(stored), errors)

    async def async_step_greenup_times(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the times, and what is done when Home Assistant stops."""
        stored = self._greenup
        errors: dict[str, str] = {}
        if user_input is not None:
            times = {key: user_input[key] for key in _TIMES}
            if times["stale_after"] > times["stop_after"]:
                errors["stop_after"] = "stop_before_stale"
            on_stop = user_input[CONF_ON_STOP]
            if self._save_greenup({CONF_CONFIG: {**stored[CONF_CONFIG], **times}, CONF_ON_STOP: on_stop}, errors):
                return await self.async_step_greenup()
        return self._show_greenup(
            "greenup_times", times_schema(), user_input or {**stored, **stored[CONF_CONFIG]}, errors
        )

    async def async_step_greenup_stations(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which stations come first, and which are left alone (manual 7.16.5.2)."""
        names = known(self.hass)
        errors: dict[str, str] = {}
        if user_input is not None and self._save_greenup({key: sorted(user_input[key]) for key in _LISTS}, errors):
            return await self.async_step_greenup()
        shown = {key: [station for station in self._greenup.get(key, ()) if station in names] for key in _LISTS}
        schema = vol.Schema({vol.Optional(key, default=list): _several(names) for key in _LISTS})
        return self._show_greenup("greenup_stations", schema, user_input or shown, errors)

    def _show_greenup(
        self,
        step: str,
        schema: vol.Schema,
        shown: Mapping[str, Any],
        errors: dict[str, str],
        placeholders: Mapping[str, str] | None = None,
    ) -> ConfigFlowResult:
        """Show a form with what is stored, or was given."""
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
            description_placeholders=placeholders,
        )

    @property
    def _greenup(self) -> Mapping[str, Any]:
        """What is stored of Green'Up."""
        stored: Mapping[str, Any] = self.config_entry.options.get(OPT_GREENUP, {})
        return stored

    def _save_greenup(self, changed: Mapping[str, Any], errors: dict[str, str]) -> bool:
        """Store what was given, None taken out; tell whether it was right, also beside what is stored already."""
        stored = {key: value for key, value in {**self._greenup, **changed}.items() if value is not None}
        options = {**self.config_entry.options, OPT_GREENUP: stored}
        if not errors:
            try:
                GreenupSettings.from_options(options)
            except ValueError:
                errors["base"] = "does_not_fit"
        if errors:
            return False
        self.hass.config_entries.async_update_entry(self.config_entry, options=options)
        return True


def meters(hass: HomeAssistant) -> dict[str, str]:
    """Return the devices that measure currents, by their ids, with their gateways; stations are none."""
    catalog = hass.data[DATA_CATALOG]
    found = {}
    for entry in hass.config_entries.async_entries(DOMAIN):
        for row in device_subentries(entry):
            config = DeviceConfig.from_subentry(row)
            if (model := catalog.models.get(config.model)) is None or model.kind is Kind.STATION:
                continue
            if meter_keys(resolve(catalog, config)):
                found[config.id] = f"{config.name} · {entry.title}"
    return found


def shown_overview(hass: HomeAssistant, stored: Mapping[str, Any]) -> dict[str, str]:
    """Return what the menu tells of what is set."""
    meter = meters(hass).get(stored.get(CONF_METER, "")) or ", ".join(stored.get(CONF_SENSORS, ()))
    limits = {key: stored.get(CONF_CONFIG, {}).get(key) for key in (CONF_MAX, CONF_CHARGE)}
    shown = {key: _NOTHING if limit is None else f"{limit:g} A" for key, limit in limits.items()}
    return {CONF_METER: meter or _NOTHING, **shown}


def meter_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form of the main meter."""
    sensors = EntitySelectorConfig(domain="sensor", device_class="current", multiple=True)
    return vol.Schema(
        {
            vol.Required(CONF_LAYOUT, default=LAYOUTS[0]): choice(list(LAYOUTS), translation_key="greenup_layout"),
            vol.Optional(CONF_METER): choice(meters(hass)),
            vol.Optional(CONF_SENSORS): EntitySelector(sensors),
            vol.Required(CONF_INTERVAL, default=DEFAULT_INTERVAL): _number(*INTERVALS, "s", step=0.5),
        }
    )


def read_meter(
    hass: HomeAssistant, given: Mapping[str, Any], errors: dict[str, str], placeholders: dict[str, str]
) -> Row:
    """Return what is stored of the form; what is wrong goes into ``errors``, the entity at fault beside it."""
    meter, sensors = given.get(CONF_METER), given.get(CONF_SENSORS) or []
    if meter and sensors:
        errors[CONF_SENSORS] = "meter_twice"
    elif not meter and not sensors:
        errors[CONF_METER] = "meter_missing"
    elif len(sensors) > MOST_SENSORS:
        errors[CONF_SENSORS] = "too_many_sensors"
    elif wrong := next((sensor for sensor in sensors if not has_unit(hass, sensor, CURRENT)), None):
        errors[CONF_SENSORS] = "no_current"
        placeholders["entity"] = wrong
    elif len(set(sensors)) < len(sensors):
        errors[CONF_SENSORS] = "sensor_twice"
    return {
        CONF_LAYOUT: given[CONF_LAYOUT],
        CONF_INTERVAL: given[CONF_INTERVAL],
        CONF_METER: meter or None,
        CONF_SENSORS: sensors or None,
    }


def limits_schema(*, dedicated: bool) -> vol.Schema:
    """Return the form of the limits; where the meter only sees stations, both currents may be one."""
    charge = vol.Optional(CONF_CHARGE) if dedicated else vol.Required(CONF_CHARGE)
    amperes = _number(FLOOR, _LARGEST, "A")
    rules = {vol.Required(key, default=_DEFAULTS[key]): BooleanSelector() for key in _RULES}
    spare = {vol.Optional("charging_cap"): amperes, vol.Optional("margin"): _number(0, _LARGEST, "A")}
    shares = {vol.Required(key, default=_DEFAULTS[key]): _number(*_PERCENT[key], "%") for key in _PERCENT}
    return vol.Schema(
        {
            vol.Required(CONF_MAX): amperes,
            charge: amperes,
            vol.Required("mode", default=Mode.CONTINUOUS.value): choice(list(Mode), translation_key="greenup_mode"),
            **shares,
            vol.Required("guaranteed_charge", default=_DEFAULTS["guaranteed_charge"]): _number(0, 1000, "Ah"),
            **{vol.Required(key, default=_DEFAULTS[key]): BooleanSelector() for key in _SWITCHES},
            vol.Optional(SECTION_MORE): section(vol.Schema(rules | spare), {"collapsed": True}),
        }
    )


def shown_limits(stored: Mapping[str, Any]) -> Row:
    """Return what the form of the limits shows of what is stored."""
    config = stored.get(CONF_CONFIG, {})
    more = {key: config[key] for key in (*_RULES, *_OPTIONAL) if config.get(key) is not None}
    return {**config, SECTION_MORE: more}


def read_limits(given: Mapping[str, Any], errors: dict[str, str], *, dedicated: bool) -> Row:
    """Return what is stored of the form of the limits, None where none is wanted; a section left out changes none."""
    limits = dict(given)
    if (more := limits.pop(SECTION_MORE, None)) is not None:
        limits |= dict.fromkeys(_OPTIONAL) | more
    limits.setdefault(CONF_CHARGE, limits[CONF_MAX])
    if limits[CONF_CHARGE] > limits[CONF_MAX]:
        errors[CONF_CHARGE] = "above_maximum"
    elif limits[CONF_CHARGE] == limits[CONF_MAX] and not dedicated:
        errors[CONF_CHARGE] = "only_dedicated"
    if limits["step_2"] > limits["step_1"]:
        errors["step_2"] = "above_first_step"
    if (limits.get("margin") or 0) >= limits[CONF_CHARGE]:
        errors[SECTION_MORE] = "margin_too_large"
    return limits


def times_schema() -> vol.Schema:
    """Return the form of the times."""
    times = {vol.Required(key, default=int(_DEFAULTS[key])): number(*_TIMES[key], unit="s") for key in _TIMES}
    on_stop = choice(list(ON_STOP), translation_key="greenup_on_stop")
    return vol.Schema({**times, vol.Required(CONF_ON_STOP, default="minimum"): on_stop})


def _number(low: float, high: float, unit: str, *, step: float = 0.1) -> NumberSelector:
    """Return a field for a number with a unit."""
    config = NumberSelectorConfig(min=low, max=high, step=step, mode=NumberSelectorMode.BOX, unit_of_measurement=unit)
    return NumberSelector(config)


def _several(names: Mapping[str, str]) -> SelectSelector:
    """Return a list of which several can be chosen."""
    rows = [SelectOptionDict(value=key, label=name) for key, name in names.items()]
    return SelectSelector(SelectSelectorConfig(options=rows, multiple=True, mode=SelectSelectorMode.LIST))
