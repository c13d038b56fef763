"""The forms of the bill: their fields, what they show of what is stored, what they refuse, what is stored of them.

This module owns the fields. The dialogue is that of ``bill_form``; how things are stored is told by ``bill_settings``.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.const import CONF_ID, CONF_NAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import (
    BooleanSelector,
    ColorRGBSelector,
    DateSelector,
    EntitySelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TimeSelector,
)

from .bill_settings import STATE_ON
from .const import OPT_GAS_FACTORS
from .device_form import choice
from .history_settings import read_factors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

type Row = dict[str, Any]
"""A tariff, a rule or a fixed charge as it is stored."""

MOST_TARIFFS: Final = 5
MOST_PRICES: Final = 5
"""Of a tariff (manual 7.16.3.1)."""
CONF_DELETE: Final = "delete"
CONF_GAS_FACTOR: Final = "gas_factor"
CONF_GAS_SINCE: Final = "gas_factor_since"
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOCAL: Final = "local"
_OFFSETS: Final = sorted({*range(-720, 841, 30), 345, 525, 765})
"""Minutes from UTC that clocks are set to."""
_COLORS: Final = ("#ff9800", "#2196f3", "#4caf50", "#e91e63", "#9c27b0")
_PRICES: Final = tuple(f"price_{number}" for number in range(1, MOST_PRICES + 1))
_LARGEST: Final = 1_000_000_000
_DECIMALS: Final = 6
_AS_GIVEN: Final = ("first_day", "last_day")
_MINUTE: Final = "%H:%M"


def number_text(given: float) -> str:
    """Return the decimal that a number was written as."""
    return f"{Decimal(str(given)).normalize():f}"


def tariff_schema(unit: str, row: Row | None, given: Mapping[str, Any] | None = None) -> vol.Schema:
    """Return the form of a tariff; ``unit``: of its prices; ``given``: what was entered, where it is shown again."""
    fields = {vol.Required(CONF_NAME): TextSelector(), vol.Required("color"): ColorRGBSelector()}
    return vol.Schema(fields | _price_fields(unit, given or _shown_prices(row)) | _delete_field(row))


def shown_tariff(row: Row | None, used: Collection[str] = ()) -> dict[str, Any]:
    """Return what the form shows of a tariff; of a new one a colour that is not ``used``."""
    color = next((color for color in _COLORS if color not in used), _COLORS[0]) if row is None else row["color"]
    shown = {"color": list(bytes.fromhex(color[1:]))}
    return shown if row is None else {CONF_NAME: row[CONF_NAME], **shown, **_shown_prices(row)}


def read_tariff(given: Mapping[str, Any], others: Collection[Row], errors: dict[str, str]) -> Row:
    """Return what is stored of the form, but the id; what is wrong goes into ``errors``."""
    name = _read_name(given, others, errors)
    color = f"#{bytes(given['color']).hex()}"
    return {CONF_NAME: name, "color": color, "prices": _read_prices(given, errors)}


def charge_schema(unit: str, row: Row | None, given: Mapping[str, Any] | None = None) -> vol.Schema:
    """Return the form of a fixed charge; ``unit`` and ``given`` as for a tariff."""
    per = choice(["day", "month"], translation_key="charge_per")
    fields = {vol.Required(CONF_NAME): TextSelector(), vol.Required("per", default="month"): per}
    return vol.Schema(fields | _price_fields(unit, given or _shown_prices(row)) | _delete_field(row))


def shown_charge(row: Row | None) -> dict[str, Any]:
    """Return what the form shows of a fixed charge."""
    return {} if row is None else {CONF_NAME: row[CONF_NAME], "per": row["per"], **_shown_prices(row)}


def read_charge(given: Mapping[str, Any], others: Collection[Row], errors: dict[str, str]) -> Row:
    """Return what is stored of the form, but the id and the day it was made."""
    name = _read_name(given, others, errors)
    return {CONF_NAME: name, "per": given["per"], "prices": _read_prices(given, errors)}


def rule_schema(tariffs: Collection[Row], row: Row | None) -> vol.Schema:
    """Return the form of a rule."""
    days = SelectSelectorConfig(
        options=list(WEEKDAYS), multiple=True, mode=SelectSelectorMode.LIST, translation_key="weekday"
    )
    fields: dict[Any, Any] = {
        vol.Required("tariff"): choice({tariff[CONF_ID]: tariff[CONF_NAME] for tariff in tariffs}),
        vol.Required("start", default="00:00:00"): TimeSelector(),
        vol.Required("end", default="23:59:00"): TimeSelector(),
        vol.Required("weekdays", default=list(WEEKDAYS)): SelectSelector(days),
        vol.Optional("first_day"): DateSelector(),
        vol.Optional("last_day"): DateSelector(),
        vol.Required("every_year", default=False): BooleanSelector(),
        vol.Optional("entity"): EntitySelector(),
        vol.Optional("state"): TextSelector(),
    }
    return vol.Schema(fields | _delete_field(row))


def shown_rule(row: Row | None) -> dict[str, Any]:
    """Return what the form shows of a rule."""
    if row is None:
        return {}
    times = {key: f"{row[key]}:00" for key in ("start", "end")}
    return {**row, **times, "weekdays": [WEEKDAYS[day] for day in row["weekdays"]]}


def read_rule(given: Mapping[str, Any], _others: Collection[Row], errors: dict[str, str]) -> Row:
    """Return what is stored of the form; seconds do not count."""
    row: Row = {
        "tariff": given["tariff"],
        "start": cv.time(given["start"]).strftime(_MINUTE),
        "end": cv.time(given["end"]).strftime(_MINUTE),
        "weekdays": sorted(WEEKDAYS.index(day) for day in given["weekdays"]),
    }
    row |= {key: given[key] for key in _AS_GIVEN if given.get(key)}
    first, last = (row.get(key) for key in _AS_GIVEN)
    if not row["weekdays"]:
        errors["weekdays"] = "no_weekday"
    if given["every_year"]:
        row["every_year"] = True
        if first is None:
            errors["first_day"] = "first_day_missing"
    elif first is not None and last is not None and date.fromisoformat(last) < date.fromisoformat(first):
        errors["last_day"] = "period_reversed"
    if given.get("entity"):
        row |= {"entity": given["entity"], "state": (given.get("state") or "").strip() or STATE_ON}
    return row


def general_schema(local: str) -> vol.Schema:
    """Return the form of the currency and the clock; ``local``: what people call the local time."""
    clocks = {LOCAL: local} | {str(offset): _offset_text(offset) for offset in _OFFSETS}
    return vol.Schema({vol.Optional("currency"): TextSelector(), vol.Required("clock"): choice(clocks)})


def shown_general(bill: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of the currency and the clock."""
    shown = {"clock": str(bill.get("clock", LOCAL))}
    return shown | {"currency": bill["currency"]} if "currency" in bill else shown


def read_general(given: Mapping[str, Any], errors: dict[str, str]) -> Row:
    """Return what is stored of the form: what is not there is Home Assistant's."""
    stored: Row = {} if given["clock"] == LOCAL else {"clock": int(given["clock"])}
    if currency := (given.get("currency") or "").strip().upper():
        stored["currency"] = currency
        try:
            cv.currency(currency)
        except vol.Invalid:
            errors["currency"] = "bad_currency"
    return stored


def gas_schema() -> vol.Schema:
    """Return the form of what gas is worth."""
    factor = NumberSelectorConfig(min=0, max=100, step=0.001, mode=NumberSelectorMode.BOX, unit_of_measurement="kWh/m³")
    return vol.Schema(
        {vol.Optional(CONF_GAS_FACTOR): NumberSelector(factor), vol.Optional(CONF_GAS_SINCE): DateSelector()}
    )


def shown_gas(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of the factors in the options."""
    factors = read_factors(options).factors
    return {CONF_GAS_FACTOR: float(factors[-1][1])} if factors and factors[-1][1] is not None else {}


def changed_factors(options: Mapping[str, Any], given: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the options with what gas is worth from which day on.

    Where nobody names a day, the first factor holds from today on, another one, and none, from tomorrow: so no day has
    two, and what was counted before stays as it was.
    """
    number, since = given.get(CONF_GAS_FACTOR), given.get(CONF_GAS_SINCE)
    factor = None if number is None else Decimal(number_text(number))
    factors = list(read_factors(options).factors)
    if since is not None or factor != (factors[-1][1] if factors else None):
        usual = today + timedelta(days=1) if factors else today
        day = usual if since is None else date.fromisoformat(since)
        factors = [*(row for row in factors if row[0] < day), (day, factor)]
    stored = [[day.isoformat(), None if worth is None else str(worth)] for day, worth in factors]
    return {**options, OPT_GAS_FACTORS: stored}


def _price_fields(unit: str, shown: Mapping[str, Any]) -> dict[Any, Any]:
    """Return a section for each price; the first one and those in which something is ``shown`` are open."""
    amount = NumberSelectorConfig(
        min=-_LARGEST, max=_LARGEST, step="any", mode=NumberSelectorMode.BOX, unit_of_measurement=unit
    )
    tax = NumberSelectorConfig(min=0, max=1000, step="any", mode=NumberSelectorMode.BOX, unit_of_measurement="%")
    fields = {
        vol.Optional("amount"): NumberSelector(amount),
        vol.Optional("tax"): NumberSelector(tax),
        vol.Optional("valid_from"): DateSelector(),
    }
    opened = {_PRICES[0], *(key for key in _PRICES if _filled(shown.get(key, {})))}
    return {vol.Optional(key): section(vol.Schema(fields), {"collapsed": key not in opened}) for key in _PRICES}


def _shown_prices(row: Row | None) -> dict[str, Any]:
    """Return what the sections show."""
    prices = [] if row is None else row["prices"]
    return {
        key: {part: value if part == "valid_from" else float(value) for part, value in price.items()}
        for key, price in zip(_PRICES, prices, strict=False)
    }


def _filled(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered in a section."""
    return {part: value for part, value in given.items() if value is not None}


def _read_prices(given: Mapping[str, Any], errors: dict[str, str]) -> list[Row]:
    """Return the prices in the order of their days: one alone needs none (manual 7.16.3.1)."""
    prices: dict[str, Row] = {}
    for key in _PRICES:
        filled = _filled(given.get(key, {}))
        if "amount" in filled:
            prices[key] = {part: _read_part(part, filled[part], key, errors) for part in filled}
        elif filled:
            errors[key] = "amount_missing"
    days: set[str | None] = set()
    for key, price in prices.items():
        day = price.get("valid_from")
        if len(prices) > 1 and day is None:
            errors[key] = "date_missing"
        elif day in days:
            errors[key] = "date_twice"
        days.add(day)
    if not prices:
        errors.setdefault(_PRICES[0], "price_missing")
    return sorted(prices.values(), key=lambda price: price.get("valid_from", ""))


def _read_part(part: str, given: Any, key: str, errors: dict[str, str]) -> str:
    """Return the text of a number, or the day as it is."""
    if part == "valid_from":
        return str(given)
    exact = Decimal(str(given))
    if exact != round(exact, _DECIMALS):
        errors[key] = "too_many_decimals"
    return number_text(given)


def _read_name(given: Mapping[str, Any], others: Collection[Row], errors: dict[str, str]) -> str:
    """Return a name that no other one has."""
    name = str(given[CONF_NAME]).strip()
    if not name:
        errors[CONF_NAME] = "name_missing"
    elif name.casefold() in {row[CONF_NAME].casefold() for row in others}:
        errors[CONF_NAME] = "name_used"
    return name


def _delete_field(row: Row | None) -> dict[Any, Any]:
    """Return the field that deletes what is there already."""
    return {} if row is None else {vol.Required(CONF_DELETE, default=False): BooleanSelector()}


def _offset_text(minutes: int) -> str:
    """Return a fixed offset as people write it."""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
