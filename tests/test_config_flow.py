"""The forms of a gateway: how it is reached, changed and polled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr

from custom_components.legrand_ews.command_code import code_matches
from custom_components.legrand_ews.config_flow import gateway_schema
from custom_components.legrand_ews.const import DOMAIN
from plant.scenario import RTU_TCP, SERIAL, TCP, GatewaySpec

from .support import GENERIC, METER, SOCKETS, loaded

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigFlowResult

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel

NOWHERE = {"host": "127.0.0.1", "port": 1}
"""Where nobody listens."""


async def opened(panel: Panel, connection: str = TCP) -> ConfigFlowResult:
    """Open the form of a new gateway."""
    flows = panel.hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"][:3] == [TCP, RTU_TCP, SERIAL]
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": connection})
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == connection
    assert form["errors"] == {}
    return form


async def filled(panel: Panel, form: ConfigFlowResult, **values: Any) -> ConfigFlowResult:
    """Send a form."""
    result = await panel.hass.config_entries.flow.async_configure(form["flow_id"], values)
    await panel.settle()
    return result


def address(panel: Panel, name: str | int = 0) -> dict[str, Any]:
    """Return what a user fills in to reach a gateway of the plant."""
    known = panel.connection(name)
    values = {key: known[key] for key in ("host", "port", "device", "parity") if key in known}
    return values | {key: str(known[key]) for key in ("baudrate", "stopbits") if key in known}


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form shows before anything is filled in."""
    assert form["data_schema"] is not None
    return {
        str(key): key.description["suggested_value"]
        for key in form["data_schema"].schema
        if key.description and "suggested_value" in key.description
    }


def fields(form: ConfigFlowResult) -> set[str]:
    """Return the fields of a form."""
    assert form["data_schema"] is not None
    return {str(key) for key in form["data_schema"].schema}


@pytest.mark.parametrize("kind", [TCP, RTU_TCP, SERIAL])
async def test_a_gateway_of_each_kind_is_tried_and_saved(panel: Panel, kind: str) -> None:
    await panel.serve(METER, kind=kind)
    form = await opened(panel, kind)
    result = await filled(panel, form, name="Board", **address(panel))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Board"
    assert result["data"] == panel.connection()
    assert loaded(result["result"])
    assert panel.gateway().stats.transactions == 1


@pytest.mark.parametrize(("kind", "key"), [(TCP, "host"), (SERIAL, "device")])
async def test_without_a_name_the_address_is_the_name(panel: Panel, kind: str, key: str) -> None:
    await panel.serve(METER, kind=kind)
    result = await filled(panel, await opened(panel, kind), **address(panel))
    known = panel.connection()
    assert result["title"] == (f"127.0.0.1:{known['port']}" if key == "host" else known["device"])


async def test_host_names_are_kept_in_one_form(panel: Panel) -> None:
    await panel.serve(METER)
    values = {**address(panel), "host": " LocalHost "}
    result = await filled(panel, await opened(panel), name="  ", **values)
    assert result["title"] == f"localhost:{values['port']}"
    assert result["data"]["host"] == "localhost"


async def test_a_line_without_devices_is_a_gateway_all_the_same(panel: Panel) -> None:
    await panel.serve(SOCKETS)
    result = await filled(panel, await opened(panel), **address(panel))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert panel.gateway().stats.unanswered == 1


async def test_a_gateway_out_of_reach_is_said_with_the_reason_and_can_be_reached_later(panel: Panel) -> None:
    await panel.serve(METER)
    await panel.plant.refuse(panel.gateway())
    form = await opened(panel)
    assert "save_anyway" not in fields(form)
    form = await filled(panel, form, name="Board", **address(panel))
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] == {"base": "cannot_connect"}
    assert form["description_placeholders"] is not None
    assert f"127.0.0.1:{panel.connection()['port']}" in form["description_placeholders"]["reason"]
    assert "save_anyway" in fields(form)
    assert suggested(form) == {"name": "Board", **address(panel)}
    await panel.plant.refuse(panel.gateway(), refuse=False)
    result = await filled(panel, form, name="Board", save_anyway=False, **address(panel))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert "save_anyway" not in result["data"]


async def test_a_gateway_out_of_reach_can_be_saved_all_the_same(panel: Panel) -> None:
    form = await filled(panel, await opened(panel), name="Board", **NOWHERE)
    result = await filled(panel, form, name="Board", save_anyway=True, **NOWHERE)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Board"
    assert loaded(result["result"])


async def test_a_serial_port_that_is_not_there_is_said(panel: Panel) -> None:
    form = await filled(
        panel, await opened(panel, SERIAL), device="/dev/nothing", baudrate="9600", parity="N", stopbits="2"
    )
    assert form["errors"] == {"base": "cannot_connect"}
    result = await filled(
        panel, form, device="/dev/nothing", baudrate="9600", parity="N", stopbits="2", save_anyway=True
    )
    assert result["data"] == {
        "kind": "gateway",
        "connection": "serial",
        "device": "/dev/nothing",
        "baudrate": 9600,
        "parity": "N",
        "stopbits": 2,
    }


async def test_a_gateway_is_set_up_once_however_its_host_is_written(panel: Panel) -> None:
    await panel.serve(METER)
    await panel.set_up()
    form = await filled(panel, await opened(panel), name="Another", **{**address(panel), "host": "127.0.0.1 "})
    assert form["errors"] == {"base": "gateway_used"}
    assert form["description_placeholders"] is not None
    assert form["description_placeholders"]["other"] == "Panel"


async def test_who_adds_the_first_gateway_is_told_how_to_come_to_the_dashboard(panel: Panel) -> None:
    await panel.serve(METER)
    first = await filled(panel, await opened(panel), name="Board", **address(panel))
    assert first["description"] == "first_gateway"
    await panel.serve(METER)
    second = await filled(panel, await opened(panel), name="Another", **address(panel))
    assert (second["type"], second["description"]) == (FlowResultType.CREATE_ENTRY, None)


async def test_the_same_gateway_without_a_name_is_told_by_its_address(panel: Panel) -> None:
    await panel.serve(METER)
    assert (await filled(panel, await opened(panel), **address(panel)))["type"] is FlowResultType.CREATE_ENTRY
    form = await filled(panel, await opened(panel), **address(panel))
    assert form["errors"] == {"base": "gateway_used"}


async def test_names_of_gateways_are_unique(panel: Panel) -> None:
    await panel.serve(METER)
    await panel.set_up()
    form = await filled(panel, await opened(panel), name=" panel ", **NOWHERE)
    assert form["errors"] == {"name": "name_used"}
    assert form["description_placeholders"] is not None
    assert form["description_placeholders"]["other"] == "Panel"
    form = await filled(panel, form, name="Other panel", **NOWHERE)
    assert form["errors"] == {"base": "cannot_connect"}


async def test_one_host_may_have_several_gateways(panel: Panel) -> None:
    await panel.serve(gateways=(GatewaySpec(name="One", devices=(METER,)), GatewaySpec(name="Two", devices=(SOCKETS,))))
    await panel.set_up("One")
    result = await filled(panel, await opened(panel), name="Two", **address(panel, "Two"))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_gateway_stands_in_the_area_chosen_for_it(panel: Panel, area_registry: ar.AreaRegistry) -> None:
    await panel.serve(METER)
    cellar = area_registry.async_create("Cellar")
    result = await filled(panel, await opened(panel), name="Board", area=cellar.id, **address(panel))
    assert panel.device(result["result"]).area_id == cellar.id


@pytest.mark.parametrize("port", [0, 65536])
async def test_a_port_no_gateway_has_is_refused(panel: Panel, port: int) -> None:
    form = await opened(panel)
    with pytest.raises(InvalidData):
        await filled(panel, form, host="127.0.0.1", port=port)


def test_fields_of_each_kind() -> None:
    def names(kind: str) -> list[str]:
        return [str(key) for key in gateway_schema(kind).schema]

    assert names(TCP) == ["name", "host", "port", "area"]
    assert names(RTU_TCP) == ["name", "host", "port", "baudrate", "area"]
    assert names(SERIAL) == ["name", "device", "baudrate", "parity", "stopbits", "area"]
    defaults = {str(key): key.default() for key in gateway_schema(SERIAL).schema if callable(key.default)}
    assert defaults == {"baudrate": "19200", "parity": "E", "stopbits": "1"}


async def reopened(panel: Panel, entry: GatewayConfigEntry) -> ConfigFlowResult:
    """Open the form that changes a gateway."""
    form: ConfigFlowResult = await panel.hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "reconfigure"
    return form


async def test_changed_name_area_and_port_are_taken_over(panel: Panel, area_registry: ar.AreaRegistry) -> None:
    await panel.serve(gateways=(GatewaySpec(name="Old", devices=(METER,)), GatewaySpec(name="New", devices=(METER,))))
    cellar = area_registry.async_create("Cellar")
    entry = await panel.set_up("Old")
    form = await reopened(panel, entry)
    assert suggested(form) == {"name": "Old", **address(panel, "Old")}
    result = await filled(panel, form, name="Moved", area=cellar.id, **address(panel, "New"))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    await panel.wait(1)
    assert entry.title == "Moved"
    assert entry.data == {**panel.connection("New"), "area": cellar.id}
    assert loaded(entry)
    device = panel.device(entry)
    assert (device.name, device.area_id) == ("Moved", cellar.id)
    before = panel.gateway("New").stats.transactions
    await panel.wait()
    assert panel.gateway("New").stats.transactions > before
    result = await filled(panel, await reopened(panel, entry), name="Moved", **address(panel, "New"))
    await panel.wait(1)
    assert panel.device(entry).area_id is None


async def test_a_gateway_moved_by_hand_stays_where_it_is(panel: Panel, area_registry: ar.AreaRegistry) -> None:
    entry = await panel.start(METER)
    attic = area_registry.async_create("Attic")
    dr.async_get(panel.hass).async_update_device(panel.device(entry).id, area_id=attic.id)
    await filled(panel, await reopened(panel, entry), name="Renamed", **address(panel))
    await panel.wait(1)
    device = panel.device(entry)
    assert (device.name, device.area_id) == ("Renamed", attic.id)


async def test_a_gateway_that_was_never_set_up_can_be_moved(panel: Panel, area_registry: ar.AreaRegistry) -> None:
    cellar = area_registry.async_create("Cellar")
    await panel.serve(METER)
    entry = panel.entry()
    result = await filled(panel, await reopened(panel, entry), name="Board", area=cellar.id, **address(panel))
    assert result["reason"] == "reconfigure_successful"
    await panel.settle()
    assert loaded(entry)
    device = panel.device(entry)
    assert (device.name, device.area_id) == ("Board", cellar.id)


@pytest.mark.parametrize(
    ("name", "where", "errors"),
    [("Two", "One", {"name": "name_used"}), ("One", "Two", {"base": "gateway_used"})],
)
async def test_a_changed_gateway_may_not_take_the_place_of_another(
    panel: Panel, name: str, where: str, errors: dict[str, str]
) -> None:
    await panel.serve(gateways=(GatewaySpec(name="One", devices=(METER,)), GatewaySpec(name="Two", devices=(SOCKETS,))))
    entry = await panel.set_up("One")
    await panel.set_up("Two")
    form = await filled(panel, await reopened(panel, entry), name=name, **address(panel, where))
    assert form["errors"] == errors
    assert form["description_placeholders"] is not None
    assert form["description_placeholders"]["other"] == "Two"
    assert entry.data == panel.connection("One")


async def test_a_changed_address_out_of_reach_can_be_saved_all_the_same(panel: Panel) -> None:
    entry = await panel.start(METER)
    form = await filled(panel, await reopened(panel, entry), name="Panel", **NOWHERE)
    assert form["errors"] == {"base": "cannot_connect"}
    assert loaded(entry)
    assert panel.number("Mains", "power") != 0
    result = await filled(panel, form, name="Panel", save_anyway=True, **NOWHERE)
    assert result["reason"] == "reconfigure_successful"
    await panel.wait(1)
    assert entry.data["port"] == NOWHERE["port"]
    assert panel.state("Mains", "power") == STATE_UNAVAILABLE


async def test_a_line_with_other_settings_is_let_go_for_the_test(panel: Panel) -> None:
    await panel.serve(METER, kind=RTU_TCP)
    entry = await panel.set_up()
    form = await reopened(panel, entry)
    assert suggested(form)["baudrate"] == "19200"
    result = await filled(panel, form, name="Panel", **{**address(panel), "baudrate": "9600"})
    assert result["reason"] == "reconfigure_successful"
    await panel.settle()
    assert entry.data["baudrate"] == 9600
    assert loaded(entry)
    assert panel.number("Mains", "power") != 0


async def test_a_line_that_does_not_answer_with_other_settings_is_taken_up_again(panel: Panel) -> None:
    await panel.serve(METER, kind=RTU_TCP)
    entry = await panel.set_up()
    await panel.plant.refuse(panel.gateway())
    form = await filled(panel, await reopened(panel, entry), name="Panel", **{**address(panel), "baudrate": "9600"})
    assert form["errors"] == {"base": "cannot_connect"}
    assert loaded(entry)
    assert entry.data["baudrate"] == 19200
    await panel.plant.refuse(panel.gateway(), refuse=False)
    await panel.wait()
    assert panel.number("Mains", "power") != 0


async def test_a_serial_line_can_be_changed_while_it_is_in_use(panel: Panel) -> None:
    await panel.serve(METER, kind=SERIAL)
    entry = await panel.set_up()
    form = await reopened(panel, entry)
    assert suggested(form) == {"name": "Panel", **address(panel)}
    result = await filled(panel, form, name="Panel", **{**address(panel), "stopbits": "2", "parity": "N"})
    assert result["reason"] == "reconfigure_successful"
    await panel.settle()
    assert (entry.data["parity"], entry.data["stopbits"]) == ("N", 2)
    assert panel.number("Mains", "power") != 0


OPTIONS = {
    "measure_interval": 10,
    "status_poll_time": "60",
    "rs485_timeout": 300,
    "frame_interval": 50,
    "device_limit": "0",
    "sync_clock": False,
}


async def polling(panel: Panel, entry: GatewayConfigEntry) -> ConfigFlowResult:
    """Open the form of a gateway's polling."""
    flows = panel.hass.config_entries.options
    menu = await flows.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    return await flows.async_configure(menu["flow_id"], {"next_step_id": "polling"})


async def choose(panel: Panel, entry: GatewayConfigEntry, **changes: Any) -> None:
    """Fill in the options of a gateway."""
    form = await polling(panel, entry)
    assert form["type"] is FlowResultType.FORM
    result = await panel.hass.config_entries.options.async_configure(form["flow_id"], {**OPTIONS, **changes})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await panel.settle()


async def test_options_begin_as_the_original_and_are_kept_as_numbers(panel: Panel) -> None:
    entry = await panel.start(METER)
    panel.hass.config_entries.async_update_entry(entry, options={})
    form = await polling(panel, entry)
    assert form["data_schema"] is not None
    assert form["data_schema"]({}) == OPTIONS
    await choose(panel, entry, status_poll_time="15", device_limit="32")
    assert entry.options == {**OPTIONS, "status_poll_time": 15, "device_limit": 32}
    form = await polling(panel, entry)
    assert suggested(form) == {**OPTIONS, "status_poll_time": "15", "device_limit": "32"}


@pytest.mark.parametrize(
    "change", [{"measure_interval": 0}, {"status_poll_time": "4"}, {"rs485_timeout": 20}, {"device_limit": "11"}]
)
async def test_options_the_line_cannot_keep_are_refused(panel: Panel, change: dict[str, Any]) -> None:
    entry = await panel.start()
    form = await polling(panel, entry)
    with pytest.raises(InvalidData):
        await panel.hass.config_entries.options.async_configure(form["flow_id"], {**OPTIONS, **change})


async def test_the_measure_interval_takes_effect(panel: Panel) -> None:
    entry = await panel.start(METER)
    seen = panel.requests_to(1)
    await panel.wait(10)
    assert seen
    await choose(panel, entry, measure_interval=120, status_poll_time="120", frame_interval=0)
    await panel.wait(1)
    seen.clear()
    await panel.wait(100)
    assert seen == []
    await panel.wait(121)
    assert seen


async def test_the_frame_interval_takes_effect_one_reload_later(panel: Panel) -> None:
    entry = await panel.start(METER)
    link = entry.runtime_data.link
    await choose(panel, entry, frame_interval=20)
    assert entry.runtime_data.link is link
    await panel.wait(1)
    link = entry.runtime_data.link
    assert link.frame_interval == 0.02
    # The clock stands still: all that a request takes is the quiet time after it.
    before = link.statistics.busy
    await panel.wait(10)
    asked = link.statistics.requests
    assert asked > 0
    assert link.statistics.busy == pytest.approx(asked * 0.02)
    assert before < link.statistics.busy


async def test_the_timeout_takes_effect(panel: Panel) -> None:
    await panel.serve(GENERIC, kind=RTU_TCP)
    panel.unit(GENERIC.address).faults.delay = 0.8
    entry = await panel.set_up(rs485_timeout=600)
    assert panel.number("Generic", "energy_import") > 0
    await choose(panel, entry, rs485_timeout=50, frame_interval=0)
    await panel.wait(1)
    assert panel.state("Generic", "energy_import") == STATE_UNAVAILABLE


async def test_the_first_gateway_offers_the_installation(panel: Panel) -> None:
    await panel.start(METER)
    (offer,) = panel.hass.config_entries.flow.async_progress()
    assert offer["step_id"] == "installation"
    assert offer["context"]["title_placeholders"] == {"name": panel.hass.config.location_name}
    result = await panel.hass.config_entries.flow.async_configure(offer["flow_id"], {"name": "Works"})
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "Works")
    await panel.settle()
    assert panel.hass.states.get("sensor.works_active_alarms") is not None
    assert loaded(result["result"])


async def test_there_is_one_installation(panel: Panel) -> None:
    await panel.start(METER)
    flows = panel.hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    other = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": "installation"})
    created = await flows.async_configure(form["flow_id"], {})
    assert created["title"] == panel.hass.config.location_name
    result = await flows.async_configure(other["flow_id"], {"next_step_id": "installation"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert "installation" not in menu["menu_options"]


async def test_the_installation_keeps_a_code_until_another_one_is_given(panel: Panel) -> None:
    await panel.start()
    flows = panel.hass.config_entries
    menu = await flows.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    form = await flows.flow.async_configure(menu["flow_id"], {"next_step_id": "installation"})
    entry = (await flows.flow.async_configure(form["flow_id"], {}))["result"]

    async def set_code(**values: Any) -> ConfigFlowResult:
        """Fill in the settings of the installation."""
        menu = await flows.options.async_init(entry.entry_id)
        form = await flows.options.async_configure(menu["flow_id"], {"next_step_id": "installation"})
        result = await flows.options.async_configure(form["flow_id"], values)
        await panel.settle()
        return result

    assert (await set_code(code_active=True))["errors"] == {"code": "code_missing"}
    await set_code(code_active=True, code="1234")
    kept = entry.options["code"]
    assert code_matches(kept, "1234")
    await set_code(code_active=True)
    assert entry.options["code"] == kept
    await set_code(code_active=False)
    assert "code" not in entry.options
