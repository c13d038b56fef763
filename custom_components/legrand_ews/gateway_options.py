"""The menu of a gateway: how it is polled, a scan for devices, lists of devices in and out.

This module owns the dialogue. Lists are the matter of ``device_list`` and ``device_list_check``, the scan is that of
``device_scan``.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, override

import voluptuous as vol
from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import ConfigFlowResult, ConfigSubentry, OptionsFlow
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.helpers.translation import async_get_translations

from .catalog_store import DATA_CATALOG
from .const import (
    CONF_MODEL,
    DEFAULT_FRAME_INTERVAL,
    DEFAULT_MEASURE_INTERVAL,
    DEFAULT_RS485_TIMEOUT,
    DEFAULT_STATUS_POLL_TIME,
    DEVICE_LIMITS,
    DOMAIN,
    OPT_DEVICE_LIMIT,
    OPT_FRAME_INTERVAL,
    OPT_MEASURE_INTERVAL,
    OPT_RS485_TIMEOUT,
    OPT_STATUS_POLL_TIME,
    OPT_SYNC_CLOCK,
    STATUS_POLL_TIMES,
    SUBENTRY_DEVICE,
)
from .device import configs_elsewhere, configs_of, device_subentries
from .device_form import choice, number
from .device_list import LARGEST, export_csv, parse
from .device_list_check import check
from .device_scan import DeviceScan, sort_out
from .loads import choices, named

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Sequence

    from .catalog import Catalog
    from .device_list import Problem, Row
    from .device_list_check import Checked, NewDevice
    from .device_scan import Found

MENU: Final = ("polling", "scan", "import_list", "export_list")

CONF_FIRST: Final = "first"
CONF_LAST: Final = "last"
CONF_DEVICES: Final = "devices"
CONF_LIST: Final = "list"
CONF_FILE: Final = "file"

_LAST_ADDRESS: Final = 247
# Between two looks of the dialogue at a walk that goes on, s.
_REFRESH: Final = 0.5
_NONE: Final = "—"


def options_schema() -> vol.Schema:
    """Return the form of a gateway's polling (manual 7.8, release notes "Modbus Communication")."""
    return vol.Schema(
        {
            vol.Required(OPT_MEASURE_INTERVAL, default=DEFAULT_MEASURE_INTERVAL): number(1, 3600, unit="s"),
            vol.Required(OPT_STATUS_POLL_TIME, default=str(DEFAULT_STATUS_POLL_TIME)): choice(
                {str(seconds): f"{seconds} s" for seconds in STATUS_POLL_TIMES}
            ),
            vol.Required(OPT_RS485_TIMEOUT, default=DEFAULT_RS485_TIMEOUT): number(50, 10000, unit="ms"),
            vol.Required(OPT_FRAME_INTERVAL, default=DEFAULT_FRAME_INTERVAL): number(0, 5000, unit="ms"),
            vol.Required(OPT_DEVICE_LIMIT, default="0"): choice(
                [str(limit) for limit in DEVICE_LIMITS], translation_key="device_limit"
            ),
            vol.Required(OPT_SYNC_CLOCK, default=False): BooleanSelector(),
        }
    )


def scan_schema() -> vol.Schema:
    """Return the form of a scan."""
    return vol.Schema(
        {
            vol.Required(CONF_FIRST, default=1): number(1, _LAST_ADDRESS),
            vol.Required(CONF_LAST, default=_LAST_ADDRESS): number(1, _LAST_ADDRESS),
        }
    )


def found_schema(found: Sequence[Found]) -> vol.Schema:
    """Return the form of what a scan found, all of it chosen."""
    rows = [SelectOptionDict(value=str(device.address), label=device.label) for device in found]
    config = SelectSelectorConfig(options=rows, multiple=True, mode=SelectSelectorMode.LIST)
    return vol.Schema({vol.Required(CONF_DEVICES, default=[row["value"] for row in rows]): SelectSelector(config)})


def import_schema() -> vol.Schema:
    """Return the form that takes a list of devices."""
    return vol.Schema(
        {
            vol.Optional(CONF_LIST): TextSelector(TextSelectorConfig(multiline=True)),
            vol.Optional(CONF_FILE): FileSelector(FileSelectorConfig(accept=".csv,.tsv,.txt,.yaml,.yml")),
        }
    )


def export_schema() -> vol.Schema:
    """Return the form that shows a list of devices."""
    return vol.Schema({vol.Optional(CONF_LIST): TextSelector(TextSelectorConfig(multiline=True))})


class GatewayOptionsFlow(OptionsFlow):
    """Changes how a gateway is polled, and adds or lists its devices."""

    _scan: DeviceScan

    def __init__(self) -> None:
        """Begin with nothing looked for and nothing read."""
        self._task: asyncio.Task[None] | None = None
        self._shown_at = 0.0
        self._rows: list[Row] = []
        self._text = ""

    @property
    def _catalog(self) -> Catalog:
        """The catalogue."""
        return self.hass.data[DATA_CATALOG]

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Ask what is to be done."""
        return self.async_show_menu(step_id="init", menu_options=list(MENU))

    async def async_step_polling(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the gateway is polled."""
        if user_input is not None:
            numbers = {key: value if isinstance(value, bool) else int(value) for key, value in user_input.items()}
            return self.async_create_entry(data={**self.config_entry.options, **numbers})
        known = dict(self.config_entry.options)
        known |= {key: str(known[key]) for key in (OPT_STATUS_POLL_TIME, OPT_DEVICE_LIMIT) if key in known}
        return self.async_show_form(
            step_id="polling", data_schema=self.add_suggested_values_to_schema(options_schema(), known)
        )

    async def async_step_scan(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where to look, then begin."""
        errors: dict[str, str] = {}
        if user_input is not None:
            known = {device.address for device in configs_of(self.config_entry)}
            wanted = range(user_input[CONF_FIRST], user_input[CONF_LAST] + 1)
            if addresses := [address for address in wanted if address not in known]:
                self._scan = DeviceScan(self.hass, self.config_entry, self._catalog, addresses, self._show_progress)
                self._task = self.hass.async_create_background_task(
                    self._scan.async_run(), f"scan of {self.config_entry.title}"
                )
                return await self.async_step_scanning()
            errors = {CONF_LAST: "nothing_to_scan"}
        return self.async_show_form(
            step_id="scan",
            data_schema=self.add_suggested_values_to_schema(scan_schema(), user_input),
            errors=errors,
        )

    @callback
    def _show_progress(self) -> None:
        """Let the dialogue follow the walk."""
        if (now := monotonic()) - self._shown_at < _REFRESH:
            return
        self._shown_at = now
        self.async_update_progress(self._scan.share)
        self.async_notify_flow_changed()

    async def async_step_scanning(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:  # noqa: ARG002
        """Show how far the scan is."""
        if self._task is None or self._task.done():
            return self.async_show_progress_done(next_step_id="scan_result")
        found, unknown = sort_out(self._catalog, self._scan.looked)
        return self.async_show_progress(
            step_id="scanning",
            progress_action="scanning",
            progress_task=self._task,
            description_placeholders={
                "address": str(self._scan.address),
                "last": str(self._scan.addresses[-1]),
                "count": str(len(found) + len(unknown)),
            },
        )

    @callback
    @override
    def async_remove(self) -> None:
        """End a scan with its dialogue."""
        if self._task is not None:
            self._task.cancel()

    async def async_step_scan_result(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show what was found, add what is chosen."""
        found, unknown = sort_out(self._catalog, self._scan.looked)
        if not found:
            return self._show_nothing(unknown)
        problems: Iterable[Problem] = ()
        # What began a scan that has ended at once arrives here too.
        if user_input is not None and CONF_DEVICES in user_input:
            names = {device.name.casefold() for device in configs_elsewhere(self.hass, self.config_entry)}
            chosen = [device for device in found if str(device.address) in user_input[CONF_DEVICES]]
            checked = self._check([device.row(names, self.config_entry.title) for device in chosen])
            if not checked.problems:
                return self._add(checked.devices)
            problems = checked.problems
        errors = {"base": "not_added"} if problems else {"base": "scan_ended"} if self._scan.error else {}
        return self.async_show_form(
            step_id="scan_result",
            data_schema=self.add_suggested_values_to_schema(found_schema(found), user_input),
            errors=errors,
            description_placeholders={
                "count": str(len(found)),
                "unknown": ", ".join(unknown) or _NONE,
                "problems": await self._told(problems, "at_address"),
                **self._scan_end(),
            },
        )

    def _scan_end(self) -> dict[str, str]:
        """Return where a scan ended, and why where it did so early."""
        return {"address": str(self._scan.address), "reason": self._scan.error or _NONE}

    @callback
    def _show_nothing(self, unknown: list[str]) -> ConfigFlowResult:
        """Say that nothing was found that could be added, or that the gateway was not to be reached."""
        step = "scan_failed" if self._scan.error else "nothing_found"
        shown = {"unknown": ", ".join(unknown) or _NONE, **self._scan_end()}
        return self.async_show_menu(step_id=step, menu_options=["scan"], description_placeholders=shown)

    async def async_step_nothing_found(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say that nothing was found."""
        return await self.async_step_scan_result(user_input)

    async def async_step_scan_failed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say that the gateway could not be reached."""
        return await self.async_step_scan_result(user_input)

    async def async_step_import_list(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a list of devices, and say all that is wrong with it."""
        errors: dict[str, str] = {}
        problems: tuple[Problem, ...] = ()
        if user_input is not None:
            content: bytes | str | None = user_input.get(CONF_LIST, "")
            if CONF_FILE in user_input:
                content = await self.hass.async_add_executor_job(self._upload, user_input[CONF_FILE])
            if content is None:
                errors = {CONF_FILE: "upload_lost"}
            else:
                self._rows, read = parse(content)
                self._text = _shown(content)
                problems = (*read, *self._check(self._rows).problems)
                if not problems:
                    return await self.async_step_import_confirm()
                errors = {"base": "bad_list"}
        return self.async_show_form(
            step_id="import_list",
            data_schema=self.add_suggested_values_to_schema(import_schema(), {CONF_LIST: self._text}),
            errors=errors,
            description_placeholders={
                "count": str(len(problems)),
                "problems": await self._told(sorted(problems, key=lambda problem: problem.line), "at_cell"),
            },
        )

    def _upload(self, file_id: str) -> bytes | None:
        """Return what is in an uploaded file, a little more than a list may have at most; blocking."""
        try:
            with process_uploaded_file(self.hass, file_id) as path, path.open("rb") as file:
                return file.read(LARGEST + 1)
        except ValueError, OSError:
            return None

    async def async_step_import_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Say what is going to be added, then add it."""
        checked = self._check(self._rows)
        # Somebody else may have added a device since the list was read.
        if checked.problems:
            return await self.async_step_import_list({CONF_LIST: self._text})
        if user_input is not None:
            return self._add(checked.devices)
        counts = Counter(device.data[CONF_MODEL] for device in checked.devices)
        models = self._catalog.models
        rows = [f"| {models[key].display_number} | {models[key].name} | {count} |" for key, count in counts.items()]
        return self.async_show_form(
            step_id="import_confirm",
            data_schema=vol.Schema({}),
            description_placeholders={"count": str(len(checked.devices)), "models": "\n".join(rows)},
        )

    async def async_step_export_list(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the devices as a list to copy."""
        if user_input is not None:
            return await self.async_step_init()
        known = choices(self.hass)
        devices = [(device.title, named(known, device.data)) for device in device_subentries(self.config_entry)]
        text = export_csv(self._catalog, devices)
        return self.async_show_form(
            step_id="export_list",
            data_schema=self.add_suggested_values_to_schema(export_schema(), {CONF_LIST: text}),
            description_placeholders={"count": str(len(devices))},
        )

    def _check(self, rows: Iterable[Row]) -> Checked:
        """Check rows beside all devices there are."""
        limit = self.config_entry.options.get(OPT_DEVICE_LIMIT, 0)
        here = configs_of(self.config_entry)
        return check(
            self._catalog,
            rows,
            here=here,
            elsewhere=configs_elsewhere(self.hass, self.config_entry),
            limit=limit,
            choices=choices(self.hass),
        )

    @callback
    def _add(self, devices: Sequence[NewDevice]) -> ConfigFlowResult:
        """Save devices; the gateway reloads once, after the last."""
        for device in devices:
            subentry = ConfigSubentry(
                data=MappingProxyType(dict(device.data)),
                subentry_type=SUBENTRY_DEVICE,
                title=device.title,
                unique_id=None,
            )
            self.hass.config_entries.async_add_subentry(self.config_entry, subentry)
        return self.async_abort(reason="devices_added", description_placeholders={"count": str(len(devices))})

    async def _told(self, problems: Iterable[Problem], place: str) -> str:
        """Return problems as a list in the user's language; ``place`` is the string that tells where one is."""
        if not problems:
            return ""
        language = self.hass.config.language
        own = await async_get_translations(self.hass, language, "options", {DOMAIN})
        form = await async_get_translations(self.hass, language, "config_subentries", {DOMAIN})
        texts = form | own
        return "\n".join(f"- {_sentence(texts, problem, place)}" for problem in problems)


def _sentence(texts: dict[str, str], problem: Problem, place: str) -> str:
    """Return what is wrong, and where: by the strings of these forms or of the device's."""
    own, form = f"component.{DOMAIN}.options.error", f"component.{DOMAIN}.config_subentries.device.error"
    reason = texts.get(f"{own}.{problem.reason}") or texts.get(f"{form}.{problem.reason}", problem.reason)
    where = texts.get(f"{own}.{place if problem.column else 'at_line'}", "{line}: {problem}")
    return where.format(line=problem.line, column=problem.column, problem=reason.format(other=problem.detail))


def _shown(content: bytes | str) -> str:
    """Return a list to be mended in the form; nothing of one that is too large for it or is no text."""
    with suppress(UnicodeDecodeError):
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
        return text if len(content) <= LARGEST else ""
    return ""
