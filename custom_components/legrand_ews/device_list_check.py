"""The rows of a list of devices, or those that a scan makes: checked by the rules of a device's form.

This module owns what stands against a row. What the fields mean is the matter of ``device`` and ``device_form``, how a
list is written that of ``device_list``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import BooleanSelector, NumberSelector, SelectSelector

from .catalog import Kind
from .const import (
    CONF_ADDRESS,
    CONF_ALLOW_COMMANDS,
    CONF_CONCENTRATOR,
    CONF_EXCLUDE_ALERTS,
    CONF_EXCLUDE_FROM_TOTALS,
    CONF_GROUPS,
    CONF_LABELS,
    CONF_LOAD,
    CONF_MODEL,
    CONF_PROFILE,
)
from .device import DeviceConfig, find_conflict
from .device_form import (
    AUTOMATIC,
    MOST_GROUPS,
    SECTION_LABELS,
    SECTION_MORE,
    InvalidFieldError,
    details_schema,
    stored_data,
)
from .device_list import COLUMNS, Problem, split_labels
from .load_choices import Choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .catalog import Catalog, Model
    from .device_list import Row


_CARRIERS: Final = frozenset({Kind.INTERFACE, Kind.COMMUNICATION, Kind.CONCENTRATOR})
_APART: Final = frozenset({CONF_MODEL, CONF_PROFILE, CONF_GROUPS, CONF_LABELS})
_SWITCHES: Final = frozenset({CONF_EXCLUDE_FROM_TOTALS, CONF_EXCLUDE_ALERTS, CONF_ALLOW_COMMANDS})
_TRUTHS: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_BETWEEN_GROUPS: Final = re.compile(r"[|;]")


@dataclass(frozen=True, kw_only=True)
class NewDevice:
    """A device ready to be saved."""

    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The devices of a list, and all that stands against them; to be saved only where nothing does."""

    devices: tuple[NewDevice, ...] = ()
    problems: tuple[Problem, ...] = ()


def check(
    catalog: Catalog,
    rows: Iterable[Row],
    *,
    here: Iterable[DeviceConfig] = (),
    elsewhere: Iterable[DeviceConfig] = (),
    limit: int = 0,
    choices: Choices | None = None,
) -> Checked:
    """Return the devices that the rows describe and all that stands against them, by the rules of the form.

    ``here`` are the devices that the gateway has, ``elsewhere`` those of other gateways; ``limit`` is how many
    addresses the gateway may have, 0 for any number; ``choices`` the loads and groups there are, by default no groups.
    """
    forms = _Forms(catalog, choices or Choices())
    beside, others = list(here), list(elsewhere)
    addresses = {config.address for config in beside}
    devices: list[NewDevice] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            data = forms.data(row)
        except _RowError as error:
            problems += error.problems
            continue
        config = DeviceConfig.from_data(f"line {row.line}", "", data)
        title = row.cells.get(CONF_NAME) or default_name(catalog, config)
        config = DeviceConfig.from_data(config.id, title, data)
        if conflict := find_conflict(catalog, config, beside, others):
            problems.append(_problem(row, conflict.field, conflict.reason, conflict.other))
        elif limit and len(addresses | {config.address}) > limit:
            problems.append(_problem(row, CONF_ADDRESS, "limit_reached", str(limit)))
        else:
            addresses.add(config.address)
        beside.append(config)
        devices.append(NewDevice(title=title, data=data))
    return Checked(devices=tuple(devices), problems=tuple(problems))


def default_name(catalog: Catalog, config: DeviceConfig) -> str:
    """Return the name of a device that was given none: model and place."""
    return f"{catalog.models[config.model].display_number} ({config.place})"


def stands_alone(catalog: Catalog, model: Model) -> bool:
    """Tell whether a model is set up as a device: one that carries others only where it has something to tell."""
    if model.kind not in _CARRIERS or model.states or model.commands:
        return True
    maps = (catalog.profiles[row.profile] for row in catalog.candidates(model.number))
    return any(profile.measures or profile.states or profile.clock for profile in maps)


def _problem(row: Row, column: str, reason: str, detail: str = "") -> Problem:
    """Return a problem of a cell."""
    return Problem(line=row.line, column=column, reason=reason, detail=detail)


class _RowError(ValueError):
    """A row is no device."""

    def __init__(self, *problems: Problem) -> None:
        """Say why."""
        super().__init__(*problems)
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class _Form:
    """The form of a model and its fields by name, those of its sections apart."""

    schema: vol.Schema
    fields: Mapping[str, Any]
    sections: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, catalog: Catalog, model: Model, choices: Choices) -> _Form:
        """Return the form of a model."""
        schema = details_schema(catalog, model, choices)
        fields = {str(key): value for key, value in schema.schema.items()}
        inner = {key: fields.pop(key).schema.schema for key in (SECTION_LABELS, SECTION_MORE) if key in fields}
        sections: dict[str, Mapping[str, Any]]
        sections = {key: {str(name): value for name, value in rows.items()} for key, rows in inner.items()}
        return cls(schema=schema, fields=fields, sections=sections)

    def field(self, column: str) -> tuple[str, Any]:
        """Return the section and the selector of a column: no section for a field above them, no selector for none."""
        if column in self.fields:
            return "", self.fields[column]
        return SECTION_MORE, self.sections.get(SECTION_MORE, {}).get(column)


class _Forms:
    """The forms of the models, filled in with rows."""

    def __init__(self, catalog: Catalog, choices: Choices) -> None:
        """Begin without any form made."""
        self._catalog = catalog
        self._choices = choices
        self._models = {_plain(number): model for number, model in catalog.models.items()}
        self._forms: dict[str, _Form] = {}

    def data(self, row: Row) -> dict[str, Any]:
        """Return what is stored of the device that a row describes; raises ``_RowError``."""
        model = self._model(row)
        if model.number not in self._forms:
            self._forms[model.number] = _Form.of(self._catalog, model, self._choices)
        form = self._forms[model.number]
        if load := row.cells.get(CONF_LOAD):
            row = replace(row, cells={**row.cells, CONF_LOAD: self._choices.load(load)})
        values, problems = _values(form, row)
        try:
            values = form.schema(values)
        except vol.Invalid as error:
            told = {problem.column for problem in problems}
            problems += [problem for problem in _invalid(form, row, error) if problem.column not in told]
        groups = [self._choices.group(name) or name for name in _groups(row)]
        if len(groups) > MOST_GROUPS:
            problems.append(_problem(row, CONF_GROUPS, "too_many_groups", str(MOST_GROUPS)))
        elif unknown := [name for name in groups if name not in self._choices.groups]:
            problems.append(_problem(row, CONF_GROUPS, "unknown_group", ", ".join(unknown)))
        profile = row.cells.get(CONF_PROFILE, AUTOMATIC)
        if profile != AUTOMATIC:
            values = {**values, SECTION_MORE: {**values.get(SECTION_MORE, {}), CONF_PROFILE: profile}}
            known = self._profiles(model, values)
            if profile not in known:
                reason = "bad_choice" if known else "not_for_model"
                problems.append(_problem(row, CONF_PROFILE, reason, ", ".join(known)))
        if problems:
            raise _RowError(*problems)
        try:
            data = stored_data(self._catalog, model, values)
        except InvalidFieldError as error:
            raise _RowError(_problem(row, error.field, error.reason, error.detail)) from error
        return data | {CONF_GROUPS: groups} if groups else data

    def _model(self, row: Row) -> Model:
        """Return the model that a row names."""
        given = row.cells.get(CONF_MODEL, "")
        model = self._models.get(_plain(given))
        if not given:
            raise _RowError(_problem(row, CONF_MODEL, "missing"))
        if model is None:
            raise _RowError(_problem(row, CONF_MODEL, "unknown_model", given))
        if not stands_alone(self._catalog, model):
            raise _RowError(_problem(row, CONF_MODEL, "not_set_up", given))
        return model

    def _profiles(self, model: Model, values: Mapping[str, Any]) -> list[str]:
        """Return the register maps to choose from: the model's, and those of the concentrator it is wired to."""
        carriers = (model.number, values.get(CONF_CONCENTRATOR, ""))
        return [candidate.profile for number in carriers for candidate in self._catalog.candidates(number)]


def _values(form: _Form, row: Row) -> tuple[dict[str, Any], list[Problem]]:
    """Return the filled-in form, and the cells that it has no field for or that no field can take."""
    values: dict[str, Any] = {section: {} for section in form.sections}
    problems: list[Problem] = []
    for column, text in row.cells.items():
        section, selector = form.field(column)
        if column in _APART or column not in COLUMNS:
            continue
        if selector is None:
            if column not in _SWITCHES or _TRUTHS.get(text.casefold(), True):
                problems.append(_problem(row, column, "not_for_model"))
            continue
        try:
            (values[section] if section else values)[column] = _converted(selector, text)
        except ValueError:
            problems.append(_problem(row, column, *_expected(column, selector)))
    if labels := split_labels(row.cells.get(CONF_LABELS, "")):
        known = form.sections.get(SECTION_LABELS, {})
        if labels.keys() <= known.keys():
            values[SECTION_LABELS] = labels
        else:
            reason = "bad_label" if known else "not_for_model"
            problems.append(_problem(row, CONF_LABELS, reason, ", ".join(known)))
    return values, problems


def _groups(row: Row) -> list[str]:
    """Return the groups that a row names, each once."""
    parts = (part.strip() for part in _BETWEEN_GROUPS.split(row.cells.get(CONF_GROUPS, "")))
    return list(dict.fromkeys(filter(None, parts)))


def _invalid(form: _Form, row: Row, error: vol.Invalid) -> Iterator[Problem]:
    """Return what a form does not take."""
    for part in error.errors if isinstance(error, vol.MultipleInvalid) else [error]:
        column = str(part.path[-1]) if part.path else ""
        if column in row.cells:
            yield _problem(row, column, *_expected(column, form.field(column)[1]))
        else:
            yield _problem(row, column, "missing")


def _plain(text: str) -> str:
    """Return what people may write differently in one form: ``4 120 45``, ``412045``; ``046680``, ``46680``; ``m3``."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).lstrip("0")


def _converted(selector: Any, text: str) -> Any:
    """Return a text as a field of a form takes it; raises ``ValueError``."""
    if isinstance(selector, SelectSelector):
        return {_plain(option): option for option in _options(selector)}.get(_plain(text), text)
    if isinstance(selector, BooleanSelector):
        if text.casefold() not in _TRUTHS:
            raise ValueError(text)
        return _TRUTHS[text.casefold()]
    if not isinstance(selector, vol.All | NumberSelector):
        return text
    number = float(text.replace(",", "."))
    whole = isinstance(selector, vol.All)
    if not math.isfinite(number) or (whole and not number.is_integer()):
        raise ValueError(text)
    return int(number) if whole else number


def _expected(column: str, selector: Any) -> tuple[str, str]:
    """Return the reason (key of the strings) why a field did not take a value, and what it would take."""
    if column == CONF_ADDRESS:
        return "bad_address", ""
    if isinstance(selector, SelectSelector):
        return "bad_choice", ", ".join(_options(selector))
    if isinstance(selector, BooleanSelector):
        return "bad_choice", "yes, no"
    number = selector.validators[0] if isinstance(selector, vol.All) else selector
    if isinstance(number, NumberSelector):
        low, high = number.config.get("min"), number.config.get("max")
        return "bad_number", f"≥ {low:g}" if high is None else f"{low:g} … {high:g}"
    return "bad_value", ""


def _options(selector: SelectSelector) -> list[str]:
    """Return what can be chosen."""
    return [row if isinstance(row, str) else row["value"] for row in selector.config["options"]]
