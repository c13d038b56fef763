"""The installation entry: what the whole site has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry  # type: ignore[import-untyped]

from custom_components.legrand_ews.command_code import code_matches
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.installation import find_installation
from plant.scenario import DeviceSpec

from .support import install_profiles

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from .support import Panel

BREAKER = DeviceSpec(name="Main breaker", model="414930", address=11, at="mains")
ACTIVE = "sensor.site_active_alarms"


@pytest.fixture
async def site(hass: HomeAssistant, panel: Panel) -> ConfigEntry:
    """Set up a breaker and the installation."""
    install_profiles(hass, "plant_ems_state")
    await panel.start(BREAKER, status_poll_time=10)
    entry: ConfigEntry = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
    entry.add_to_hass(hass)  # type: ignore[attr-defined]
    await hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    return entry


def shown(hass: HomeAssistant) -> tuple[str, list[str]]:
    """Return how many alarms are active, and their texts."""
    state = hass.states.get(ACTIVE)
    assert state is not None
    return state.state, [row["text"] for row in state.attributes.get("alarms", ())]


async def test_the_active_alarms_are_counted_and_named(hass: HomeAssistant, panel: Panel, site: ConfigEntry) -> None:
    assert shown(hass) == ("0", [])
    panel.unit(11).trip()
    await panel.wait()
    assert shown(hass) == ("1", ["Breaker tripped"])
    panel.unit(11).alarm("configuration_error")
    await panel.wait()
    assert shown(hass)[0] == "2"
    panel.unit(11).clear()
    await panel.wait()
    assert shown(hass) == ("0", [])
    assert find_installation(hass) is site


async def test_alarms_from_before_are_counted_from_the_start(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry
) -> None:
    panel.unit(11).trip()
    await panel.wait()
    await hass.config_entries.async_reload(site.entry_id)
    await panel.settle()
    assert shown(hass) == ("1", ["Breaker tripped"])


async def test_the_installation_is_a_service_device(hass: HomeAssistant, site: ConfigEntry) -> None:
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, site.entry_id), site.entry_id)
    assert device is not None
    assert (device.name, device.entry_type) == ("Site", dr.DeviceEntryType.SERVICE)


async def test_it_can_be_taken_away_while_gateways_go_on(hass: HomeAssistant, panel: Panel, site: ConfigEntry) -> None:
    await hass.config_entries.async_remove(site.entry_id)
    await panel.settle()
    assert hass.states.get(ACTIVE) is None
    panel.unit(11).trip()
    await panel.wait()
    assert panel.state("Main breaker", "breaker") == "tripped"


async def test_it_is_offered_beside_the_first_gateway_only_while_there_is_none(
    hass: HomeAssistant, panel: Panel
) -> None:
    await panel.serve(BREAKER)
    entry = await panel.set_up()
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["step_id"] for flow in flows] == ["installation"]
    made = await hass.config_entries.flow.async_configure(flows[0]["flow_id"], {"name": "Site"})
    assert made["type"] is FlowResultType.CREATE_ENTRY
    await hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []
    assert find_installation(hass) is made["result"]


async def ask(
    hass: HomeAssistant, site: ConfigEntry, step: str = "installation", **answers: object
) -> ConfigFlowResult:
    """Answer a form of the installation."""
    menu = await hass.config_entries.options.async_init(site.entry_id)
    form = await hass.config_entries.options.async_configure(menu["flow_id"], {"next_step_id": step})
    result = await hass.config_entries.options.async_configure(form["flow_id"], answers)
    await hass.async_block_till_done()
    return result


async def test_a_code_is_kept_as_what_it_can_be_checked_by(
    hass: HomeAssistant, panel: Panel, site: ConfigEntry
) -> None:
    assert (await ask(hass, site, code_active=True))["errors"] == {"code": "code_missing"}
    await ask(hass, site, code_active=True, code=" 4711 ")
    kept = site.options["code"]
    assert "4711" not in str(kept)
    assert code_matches(kept, "4711")
    assert not code_matches(kept, "4712")
    await ask(hass, site, code_active=True)
    assert site.options["code"] == kept
    await ask(hass, site, code_active=False)
    assert "code" not in site.options
    await panel.settle()
