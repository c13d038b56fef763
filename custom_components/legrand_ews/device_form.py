"""The fields of a device's form, by model, and the way from the form to what is stored and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.const import CONF_NAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from .catalog import Commodity, DataType, Kind, Option, StateKind
from .const import (
    CONF_ADDRESS,
    CONF_ALLOW_COMMANDS,
    CONF_CONCENTRATOR,
    CONF_EXCLUDE_ALERTS,
    CONF_EXCLUDE_FROM_TOTALS,
    CONF_FACTOR,
    CONF_FUNCTION,
    CONF_GROUPS,
    CONF_INTERFACE,
    CONF_LABELS,
    CONF_LOAD,
    CONF_MODEL,
    CONF_PHASE,
    CONF_POSITION,
    CONF_PROFILE,
    CONF_PULSE_UNIT,
    CONF_PULSE_WEIGHT,
    CONF_RATED_CURRENT,
    CONF_REGISTER,
    CONF_SIDE,
    CONF_SUPPLY,
    CONF_TYPE,
    CONF_WORD_ORDER,
    CONF_WORDS,
    PHASES,
    SIDES,
    SUPPLY_DOWNSTREAM,
    SUPPLY_UPSTREAM,
)
from .device import PULSE_UNITS
from .load_choices import Choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .catalog import Catalog, Model, Profile

SECTION_MORE: Final = "more"
SECTION_LABELS: Final = "labels"
AUTOMATIC: Final = "automatic"
_LAST_ADDRESS: Final = 247
MOST_GROUPS: Final = 5
"""Groups that a device can be in (manual 7.16.2.3)."""
_LAST_INTERFACE: Final = 32
_MOST_INPUTS: Final = 12
_RATED_CURRENTS: Final = (6, 125)
"""A. Below 6 A no car charges (EN 61851-1)."""
_USUAL_CURRENT: Final = 32
_REGISTERS: Final = 0x10000
_EMS_ADDRESS: Final = re.compile(r"(\d{1,3})(?:\s*-\s*(\d{1,2}))?")
_METERS: Final = frozenset({Kind.METER, Kind.COUNTER, Kind.PULSE_METER, Kind.BREAKER})
_LABELLED: Final = frozenset({StateKind.INPUT, StateKind.OUTPUT, StateKind.CONTACTOR, StateKind.BREAKER})
_TYPES: Final = [kind.value for kind in DataType if kind not in (DataType.TEXT, DataType.DATE, DataType.BIT)]
_AS_GIVEN: Final = (
    CONF_SIDE,
    CONF_PHASE,
    CONF_RATED_CURRENT,
    CONF_SUPPLY,
    CONF_LOAD,
    CONF_EXCLUDE_FROM_TOTALS,
    CONF_EXCLUDE_ALERTS,
    CONF_ALLOW_COMMANDS,
)
_GENERIC: Final = (CONF_FUNCTION, CONF_REGISTER, CONF_WORDS, CONF_FACTOR, CONF_TYPE, CONF_WORD_ORDER)
_MORE: Final = (CONF_ALLOW_COMMANDS, CONF_EXCLUDE_FROM_TOTALS, CONF_EXCLUDE_ALERTS, CONF_PROFILE)


class InvalidFieldError(ValueError):
    """A field of the form cannot be taken as it is."""

    def __init__(self, field: str, reason: str, detail: str = "") -> None:
        """Name the field, the reason (key of the strings) and what the message shows."""
        super().__init__(f"{field}: {reason} {detail}")
        self.field = field
        self.reason = reason
        self.detail = detail


def number(low: float, high: float, *, unit: str | None = None) -> vol.All[Any]:
    """Return a field for a whole number in a range."""
    config = NumberSelectorConfig(min=low, max=high, step=1, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


def choice(options: Mapping[str, str] | list[str], *, translation_key: str | None = None) -> SelectSelector:
    """Return a drop-down: of labels by value, or of values that the strings name."""
    rows = options if isinstance(options, list) else [SelectOptionDict(value=k, label=v) for k, v in options.items()]
    config = SelectSelectorConfig(options=rows, mode=SelectSelectorMode.DROPDOWN)
    if translation_key is not None:
        config["translation_key"] = translation_key
    return SelectSelector(config)


def _several(options: Mapping[str, str]) -> SelectSelector:
    """Return a drop-down of which several can be chosen, labels by value."""
    rows = [SelectOptionDict(value=key, label=label) for key, label in options.items()]
    return SelectSelector(SelectSelectorConfig(options=rows, multiple=True, mode=SelectSelectorMode.DROPDOWN))


def details_schema(catalog: Catalog, model: Model, choices: Choices | None = None) -> vol.Schema:
    """Return the form that a model needs (manual 7.16.1.3 and 7.16.1.4)."""
    options = model.options
    choices = choices or Choices()
    fields: dict[Any, Any] = {vol.Optional(CONF_NAME): TextSelector()}
    ems = Option.INTERFACE in options
    fields[vol.Required(CONF_ADDRESS)] = TextSelector() if ems else number(1, _LAST_ADDRESS)
    if Option.CONCENTRATOR in options:
        fields |= _pulse_fields(catalog, model)
    fields |= _station_fields(model)
    if Option.SUPPLY in options:
        directions = [SUPPLY_UPSTREAM, SUPPLY_DOWNSTREAM]
        fields[vol.Required(CONF_SUPPLY, default=SUPPLY_UPSTREAM)] = choice(directions, translation_key=CONF_SUPPLY)
    if Option.GENERIC in options:
        fields |= _generic_fields()
    if model.kind in _METERS and model.commodity in (None, Commodity.ELECTRICITY):
        fields[vol.Optional(CONF_LOAD)] = choice(choices.loads)
    if model.kind in _METERS and choices.groups:
        fields[vol.Optional(CONF_GROUPS)] = _several(choices.groups)
    if labels := _label_fields(catalog, model):
        fields[vol.Optional(SECTION_LABELS)] = section(vol.Schema(labels), {"collapsed": True})
    if more := _more_fields(catalog, model):
        fields[vol.Optional(SECTION_MORE)] = section(vol.Schema(more), {"collapsed": True})
    return vol.Schema(fields)


def _station_fields(model: Model) -> dict[Any, Any]:
    """Return which part of a charging station it is and how it is wired; nothing for what is none."""
    if model.kind is not Kind.STATION:
        return {}
    fields: dict[Any, Any] = {}
    if Option.SIDE in model.options:
        fields[vol.Required(CONF_SIDE, default=SIDES[0])] = choice(list(SIDES), translation_key=CONF_SIDE)
    fields[vol.Required(CONF_PHASE, default=PHASES[0])] = choice(list(PHASES), translation_key=CONF_PHASE)
    fields[vol.Required(CONF_RATED_CURRENT, default=_USUAL_CURRENT)] = number(*_RATED_CURRENTS, unit="A")
    return fields


def _pulse_fields(catalog: Catalog, model: Model) -> dict[Any, Any]:
    """Return where a pulse meter is wired and what a pulse stands for."""
    carriers = {
        carrier.number: f"{carrier.display_number} · {carrier.name}"
        for carrier in catalog.models.values()
        if carrier.inputs or carrier.kind is Kind.CONCENTRATOR
    }
    units = list(PULSE_UNITS[model.commodity or Commodity.ELECTRICITY])
    weight = NumberSelector(NumberSelectorConfig(min=0.001, step="any", mode=NumberSelectorMode.BOX))
    return {
        vol.Required(CONF_CONCENTRATOR): choice(carriers),
        vol.Required(CONF_POSITION): number(1, _MOST_INPUTS),
        vol.Required(CONF_PULSE_WEIGHT): weight,
        vol.Required(CONF_PULSE_UNIT, default=units[0]): choice({unit: unit for unit in units}),
    }


def _generic_fields() -> dict[Any, Any]:
    """Return what tells how to read any meter."""
    functions = {"3": "3 (holding registers)", "4": "4 (input registers)"}
    return {
        vol.Required(CONF_FUNCTION, default="3"): choice(functions),
        vol.Required(CONF_REGISTER): TextSelector(),
        vol.Required(CONF_WORDS, default=2): number(1, 4),
        vol.Required(CONF_FACTOR, default="1"): TextSelector(),
        vol.Required(CONF_TYPE, default=DataType.U32.value): choice(_TYPES, translation_key="data_type"),
        vol.Required(CONF_WORD_ORDER, default="big"): choice(["big", "little"], translation_key=CONF_WORD_ORDER),
    }


def _maps(catalog: Catalog, model: Model) -> list[Profile]:
    """Return the register maps that a model may have."""
    return [catalog.profiles[candidate.profile] for candidate in catalog.candidates(model.number)]


def _takes_orders(profile: Profile) -> bool:
    """Tell whether a map knows commands, or how a station is told what a car may draw."""
    return bool(profile.commands or profile.settings or profile.charging)


def _label_fields(catalog: Catalog, model: Model) -> dict[Any, Any]:
    """Return a field for the name of each input and output that a map of the model knows."""
    states = {
        key
        for profile in _maps(catalog, model)
        for key, state in profile.states.items()
        if state.kind in _LABELLED and state.name is None
    }
    return {vol.Optional(key): TextSelector() for key in sorted(states, key=lambda key: (len(key), key))}


def _more_fields(catalog: Catalog, model: Model) -> dict[Any, Any]:
    """Return what few people change."""
    fields: dict[Any, Any] = {}
    if model.kind in _METERS:
        fields[vol.Required(CONF_EXCLUDE_FROM_TOTALS, default=False)] = BooleanSelector()
    fields[vol.Required(CONF_EXCLUDE_ALERTS, default=False)] = BooleanSelector()
    if any(catalog.may_command(model.number, profile) for profile in _maps(catalog, model) if _takes_orders(profile)):
        fields[vol.Required(CONF_ALLOW_COMMANDS, default=False)] = BooleanSelector()
    candidates = catalog.candidates(model.number)
    if len(candidates) > 1:
        labels = {AUTOMATIC: "—"} | {
            candidate.profile: catalog.profiles[candidate.profile].name for candidate in candidates
        }
        fields[vol.Required(CONF_PROFILE, default=AUTOMATIC)] = choice(labels)
    return fields


def stored_data(catalog: Catalog, model: Model, user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a filled-in form.

    Raises ``InvalidFieldError``.
    """
    flat = {**user_input, **user_input.get(SECTION_MORE, {})}
    data: dict[str, Any] = {CONF_MODEL: model.number}
    data |= _address(flat[CONF_ADDRESS])
    for key in _AS_GIVEN:
        if key in flat:
            data[key] = flat[key]
    if groups := flat.get(CONF_GROUPS):
        if len(groups) > MOST_GROUPS:
            raise InvalidFieldError(CONF_GROUPS, "too_many_groups", str(MOST_GROUPS))
        data[CONF_GROUPS] = list(groups)
    labels = {key: text.strip() for key, text in user_input.get(SECTION_LABELS, {}).items() if text.strip()}
    if labels:
        data[CONF_LABELS] = labels
    if flat.get(CONF_PROFILE, AUTOMATIC) != AUTOMATIC:
        data[CONF_PROFILE] = flat[CONF_PROFILE]
    if Option.CONCENTRATOR in model.options:
        data |= _pulse(catalog, flat)
    if Option.GENERIC in model.options:
        data |= _generic(flat)
    return data


def _address(given: str | float) -> dict[str, int]:
    """Read an address: ``5``, or ``2-1`` for device 2 behind EMS interface 1."""
    match = _EMS_ADDRESS.fullmatch(str(given).strip())
    if match is None or not 1 <= int(match[1]) <= _LAST_ADDRESS:
        raise InvalidFieldError(CONF_ADDRESS, "bad_address")
    data = {CONF_ADDRESS: int(match[1])}
    if match[2] is not None:
        if not 1 <= int(match[2]) <= _LAST_INTERFACE:
            raise InvalidFieldError(CONF_ADDRESS, "bad_address")
        data[CONF_INTERFACE] = int(match[2])
    return data


def _pulse(catalog: Catalog, flat: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of a pulse meter."""
    profile = catalog.profile_for(flat[CONF_CONCENTRATOR], flat.get(CONF_PROFILE))
    mapped = profile.inputs.count if profile is not None and profile.inputs is not None else 0
    inputs = mapped or catalog.models[flat[CONF_CONCENTRATOR]].inputs
    if inputs and flat[CONF_POSITION] > inputs:
        raise InvalidFieldError(CONF_POSITION, "no_such_input", str(inputs))
    return {key: flat[key] for key in (CONF_CONCENTRATOR, CONF_POSITION, CONF_PULSE_WEIGHT, CONF_PULSE_UNIT)}


def _generic(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of a generic meter."""
    words = DataType(flat[CONF_TYPE]).words or 0
    if words != flat[CONF_WORDS]:
        raise InvalidFieldError(CONF_WORDS, "bad_words", str(words))
    try:
        register = int(str(flat[CONF_REGISTER]).strip(), 16)
    except ValueError:
        register = -1
    if not 0 <= register <= _REGISTERS - words:
        raise InvalidFieldError(CONF_REGISTER, "bad_register")
    try:
        factor = float(str(flat[CONF_FACTOR]).replace(",", "."))
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise InvalidFieldError(CONF_FACTOR, "bad_factor")
    data = {key: flat[key] for key in _GENERIC}
    return data | {
        CONF_REGISTER: f"{register:04X}",
        CONF_FACTOR: str(flat[CONF_FACTOR]).strip().replace(",", "."),
        CONF_FUNCTION: int(flat[CONF_FUNCTION]),
    }


def form_values(model: Model, title: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of a model shows of a stored device, which may have been of another model."""
    values = {key: value for key, value in data.items() if key not in (CONF_MODEL, CONF_INTERFACE, *_MORE)}
    values[CONF_NAME] = title
    if Option.INTERFACE in model.options:
        parts = [data[key] for key in (CONF_ADDRESS, CONF_INTERFACE) if key in data]
        values[CONF_ADDRESS] = "-".join(map(str, parts))
    if CONF_FUNCTION in data:
        values[CONF_FUNCTION] = str(data[CONF_FUNCTION])
    if more := {key: data[key] for key in _MORE if key in data}:
        values[SECTION_MORE] = more
    return values
