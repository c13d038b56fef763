"""The menu of a gateway: polling, a scan, lists of devices in and out."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.gateway_options import MENU

from .support import METER, PULSES, SOCKETS, Panel, loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.config_entries import ConfigEntry, ConfigFlowResult

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

INTEGRATION = Path(__file__).parent.parent / "custom_components" / DOMAIN
LIST = "model,address,name,load\n4 120 45,1,Mains,others\n4 120 45,2,Süd,\n"


async def opened(panel: Panel, entry: GatewayConfigEntry, step: str) -> ConfigFlowResult:
    """Choose from the menu of a gateway."""
    flows = panel.hass.config_entries.options
    menu = await flows.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == list(MENU)
    return await flows.async_configure(menu["flow_id"], {"next_step_id": step})


async def sent(panel: Panel, form: ConfigFlowResult, **values: Any) -> ConfigFlowResult:
    """Send a form; return what follows once everything begun has ended."""
    result = await panel.hass.config_entries.options.async_configure(form["flow_id"], values)
    await panel.settle()
    if result["type"] is FlowResultType.SHOW_PROGRESS:
        result = await panel.hass.config_entries.options.async_configure(form["flow_id"])
    return result


def told(form: ConfigFlowResult, key: str = "problems") -> str:
    """Return what a form fills into its text."""
    assert form["description_placeholders"] is not None
    return form["description_placeholders"][key]


def shown(form: ConfigFlowResult, field: str = "list") -> str:
    """Return what a form shows in a field."""
    assert form["data_schema"] is not None
    (key,) = (key for key in form["data_schema"].schema if key == field)
    return str(key.description["suggested_value"])


def titles(entry: ConfigEntry) -> list[str]:
    """Return the devices of a gateway."""
    return [subentry.title for subentry in entry.subentries.values()]


@contextmanager
def uploaded(tmp_path: Path, content: bytes) -> Iterator[str]:
    """Upload a file."""
    path = tmp_path / "list.csv"
    path.write_bytes(content)

    @contextmanager
    def process(_hass: Any, _file: str) -> Iterator[Path]:
        """Give the file once."""
        if not path.exists():
            raise ValueError("File does not exist")
        yield path
        path.unlink()

    with patch("custom_components.legrand_ews.gateway_options.process_uploaded_file", process):
        yield str(uuid4())


async def test_a_scan_finds_what_is_not_set_up_and_adds_it(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=(METER,))
    form = await sent(panel, await opened(panel, entry, "scan"), first=1, last=4)
    assert form["step_id"] == "scan_result"
    assert (told(form, "count"), told(form, "unknown"), form["errors"]) == ("1", "—", {})
    assert form["data_schema"] is not None
    (field,) = form["data_schema"].schema.values()
    (row,) = field.config["options"]
    assert row["value"] == "2"
    assert row["label"].startswith("2 · 4 120 45 ")
    assert form["data_schema"]({}) == {"devices": ["2"]}
    result = await sent(panel, form, devices=["2"])
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "devices_added")
    assert told(result, "count") == "1"
    assert titles(entry) == ["Mains", "4 120 45 (2)"]
    await panel.wait(1)
    state = panel.hass.states.get("sensor.4_120_45_2_power")
    assert state is not None
    assert float(state.state) != 0


async def test_a_scan_tells_how_far_it_is_and_ends_with_its_dialogue(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=(METER,))
    asked = panel.hold(2)
    form = await opened(panel, entry, "scan")
    flows = panel.hass.config_entries.options
    progress = await flows.async_configure(form["flow_id"], {"first": 1, "last": 9})
    assert progress["type"] is FlowResultType.SHOW_PROGRESS
    assert progress["progress_action"] == "scanning"
    await asked.wait()
    again = await flows.async_configure(form["flow_id"])
    assert again["description_placeholders"] == {"address": "2", "last": "9", "count": "0"}
    flows.async_abort(form["flow_id"])
    await panel.settle()
    assert flows.async_progress() == []
    assert entry.runtime_data.link.queued == 0
    seen = panel.requests_to(1)
    await panel.wait(10)
    assert seen
    assert titles(entry) == ["Mains"]


async def test_a_scan_that_finds_nothing_says_so_and_can_be_repeated(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up()
    menu = await sent(panel, await opened(panel, entry, "scan"), first=7, last=9)
    assert (menu["type"], menu["step_id"], menu["menu_options"]) == (FlowResultType.MENU, "nothing_found", ["scan"])
    assert (told(menu, "unknown"), told(menu, "address")) == ("—", "9")
    form = await sent(panel, menu, next_step_id="scan")
    assert form["step_id"] == "scan"
    assert (await sent(panel, form, first=8, last=8))["step_id"] == "nothing_found"


async def test_a_scan_of_a_gateway_that_is_gone_says_so(panel: Panel) -> None:
    await panel.serve(METER)
    entry = await panel.set_up(devices=())
    form = await opened(panel, entry, "scan")
    await panel.plant.refuse(panel.gateway())
    menu = await sent(panel, form, first=1, last=3)
    assert menu["step_id"] == "scan_failed"
    assert told(menu, "address") == "1"
    assert told(menu, "reason") != "—"


async def test_a_scan_needs_an_address_that_is_free(panel: Panel) -> None:
    entry = await panel.start(METER)
    for first, last in ((1, 1), (9, 5)):
        form = await sent(panel, await opened(panel, entry, "scan"), first=first, last=last)
        assert form["errors"] == {"last": "nothing_to_scan"}
    with pytest.raises(InvalidData):
        await sent(panel, form, first=1, last=248)


async def test_a_limit_stands_against_what_was_found(panel: Panel) -> None:
    specs = (METER, SOCKETS)
    await panel.serve(*specs)
    entry = await panel.set_up(devices=(METER,), device_limit=1)
    form = await sent(panel, await opened(panel, entry, "scan"), first=1, last=2)
    form = await sent(panel, form, devices=["2"])
    assert form["errors"] == {"base": "not_added"}
    assert told(form).startswith("- Address 2, address: This gateway is limited to 1 addresses")
    assert titles(entry) == ["Mains"]


@pytest.mark.parametrize("by_file", [False, True])
async def test_a_list_is_checked_confirmed_and_added(panel: Panel, tmp_path: Path, *, by_file: bool) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=())
    link = entry.runtime_data.link
    form = await opened(panel, entry, "import_list")
    assert told(form) == ""
    if by_file:
        with uploaded(tmp_path, LIST.encode("utf-8-sig")) as file:
            form = await sent(panel, form, file=file, list="what a file goes before")
    else:
        form = await sent(panel, form, list=LIST)
    assert form["step_id"] == "import_confirm"
    assert told(form, "count") == "2"
    assert told(form, "models").startswith("| 4 120 45 | ")
    assert told(form, "models").endswith(" | 2 |")
    assert titles(entry) == []
    result = await sent(panel, form)
    assert (result["reason"], told(result, "count")) == ("devices_added", "2")
    assert titles(entry) == ["Mains", "Süd"]
    assert entry.runtime_data.link is link
    await panel.wait(1)
    assert loaded(entry)
    assert panel.hass.states.get("sensor.sud_power") is not None


async def test_a_list_with_errors_saves_nothing_and_names_them_all(panel: Panel) -> None:
    entry = await panel.start(METER)
    bad = "model;address;name;load;colour\n412045;1;;;\n412045;2;mains;tea;\n412045;3;New;;\n"
    form = await sent(panel, await opened(panel, entry, "import_list"), list=bad)
    assert form["errors"] == {"base": "bad_list"}
    assert told(form).splitlines() == [
        "- Line 1, colour: There is no such column.",
        "- Line 2, address: Mains has this address already.",
        "- Line 3, load: Expected one of: heating, cooling, hot_water, lighting, sockets, ventilation, others.",
    ]
    assert told(form, "count") == "3"
    assert shown(form) == bad
    assert titles(entry) == ["Mains"]
    form = await sent(panel, form, list="hello")
    assert told(form).startswith("- Line 1: This is neither CSV")


async def test_a_file_that_is_no_text_or_gone_is_refused(panel: Panel, tmp_path: Path) -> None:
    entry = await panel.start()
    form = await opened(panel, entry, "import_list")
    with uploaded(tmp_path, "model,address,name\n412045,1,Küche".encode("latin-1")) as file:
        form = await sent(panel, form, file=file)
        assert told(form).startswith("- Line 2: The file is not in UTF-8.")
        assert shown(form) == ""
        form = await sent(panel, form, file=file)
        assert form["errors"] == {"file": "upload_lost"}
    with uploaded(tmp_path, b"x" * 2_000_000) as file:
        form = await sent(panel, form, file=file)
        assert told(form) == "- Line 1: The list is larger than 1 MB."


async def test_what_was_added_meanwhile_stands_against_a_confirmed_list(panel: Panel) -> None:
    await panel.serve(METER, SOCKETS)
    entry = await panel.set_up(devices=())
    first = await sent(panel, await opened(panel, entry, "import_list"), list=LIST)
    second = await sent(panel, await opened(panel, entry, "import_list"), list=LIST)
    await sent(panel, second)
    form = await sent(panel, first)
    assert (form["step_id"], form["errors"]) == ("import_list", {"base": "bad_list"})
    assert titles(entry) == ["Mains", "Süd"]


async def test_an_export_is_imported_by_another_home_assistant(panel: Panel) -> None:
    entry = await panel.start(METER, PULSES)
    form = await opened(panel, entry, "export_list")
    assert told(form, "count") == "2"
    text = shown(form)
    menu = await sent(panel, form, list=text)
    assert menu["step_id"] == "init"
    kept = {subentry.title: subentry.data for subentry in entry.subentries.values()}
    for subentry_id in list(entry.subentries):
        panel.hass.config_entries.async_remove_subentry(entry, subentry_id)
    await sent(panel, await sent(panel, await opened(panel, entry, "import_list"), list=text))
    back = {subentry.title: subentry.data for subentry in entry.subentries.values()}
    assert back.keys() == kept.keys()
    for title, data in kept.items():
        assert data.items() <= back[title].items()


async def test_other_options_stay_where_the_polling_changes(panel: Panel) -> None:
    entry = await panel.start(METER, later=1)
    form = await opened(panel, entry, "polling")
    assert form["data_schema"] is not None
    await sent(panel, form, **form["data_schema"]({}))
    assert (entry.options["later"], entry.options["measure_interval"]) == (1, 10)


def test_every_reason_has_a_sentence() -> None:
    english = json.loads((INTEGRATION / "translations" / "en.json").read_text(encoding="utf-8"))
    known = english["options"]["error"].keys() | english["config_subentries"]["device"]["error"].keys()
    names = ("device_list", "device_list_check", "gateway_options", "device", "device_form")
    code = "\n".join((INTEGRATION / f"{name}.py").read_text(encoding="utf-8") for name in names)
    patterns = (
        r'reason="(\w+)"',
        r'_report\([^"\n]*"(\w+)"',
        r'_problem\(\w+, [\w.]+, "(\w+)"',
        r'return "(\w+)", ',
        r'errors = \{[^"\n]*"(\w+)"\}',
        r'else "(\w+)"$',
    )
    used = {reason for pattern in patterns for reason in re.findall(pattern, code)}
    assert {"bad_csv", "too_large", "bad_number", "unknown_model", "position_used", "upload_lost"} <= used
    used |= {"not_for_model", "bad_label", "at_cell", "at_line", "at_address", "not_added", "scan_ended", "bad_list"}
    assert used - {"devices_added"} <= known
    assert set(english["options"]["abort"]) == {"devices_added"}
