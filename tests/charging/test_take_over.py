"""Changed settings of charging, while everything goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from custom_components.legrand_ews.charging.control import DATA_CONTROL
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.history import DATA_HISTORY

from ..access_support import keep
from ..support import subentry_id
from ..test_init import reloads_of
from .park import CONFIG, METER

if TYPE_CHECKING:
    from .park import Park

SETTINGS = GreenupSettings(config=CONFIG, meter=subentry_id(METER))
TWO = subentry_id("Bay 2")


async def test_other_limits_and_priorities_need_no_reload(park: Park) -> None:
    history, control, reloads = park.hass.data[DATA_HISTORY], park.control, reloads_of(park.panel, park.gateway)
    changed = replace(SETTINGS, interval=5.0, priority=frozenset({TWO}), config=replace(CONFIG, max_current=63.0))
    await park.change(changed)
    assert park.hass.data[DATA_HISTORY] is history
    assert park.control is control
    assert control.settings == changed
    assert control.manager.config.max_current == 63.0
    assert reloads == []


async def test_other_roles_need_no_reload(park: Park) -> None:
    history, control = park.hass.data[DATA_HISTORY], park.control
    keep(park.hass, default="none", users={"anybody": "greenup"})
    await park.panel.settle()
    assert park.hass.data[DATA_HISTORY] is history
    assert park.control is control


async def test_the_meter_is_read_at_the_new_interval(park: Park) -> None:
    park.base(5)
    await park.change(replace(SETTINGS, interval=5.0))
    reads = park.panel.requests_to(1)
    await park.panel.wait(3)
    assert reads == []
    await park.panel.wait(5)
    assert len(reads) == 1


async def test_who_is_managed_loads_installation_and_gateways_anew(park: Park) -> None:
    history, control, reloads = park.hass.data[DATA_HISTORY], park.control, reloads_of(park.panel, park.gateway)
    await park.change(replace(SETTINGS, unmanaged=frozenset({TWO})))
    assert park.hass.data[DATA_HISTORY] is not history
    assert park.control is not control
    assert TWO not in park.control.ports
    assert reloads == [None]


async def test_other_options_load_the_installation_anew(park: Park) -> None:
    history, reloads = park.hass.data[DATA_HISTORY], reloads_of(park.panel, park.gateway)
    options = {**park.site.options, "loads_off": ["water"]}
    park.hass.config_entries.async_update_entry(park.site, options=options)
    await park.panel.settle()
    assert park.hass.data[DATA_HISTORY] is not history
    assert reloads == []


async def test_the_name_of_the_installation_is_among_the_rest(park: Park) -> None:
    history = park.hass.data[DATA_HISTORY]
    park.hass.config_entries.async_update_entry(park.site, title="Home")
    await park.panel.settle()
    assert park.hass.data[DATA_HISTORY] is not history


async def test_set_up_at_run_time_stations_get_their_entities(park: Park) -> None:
    await park.wait(10)
    park.hass.config_entries.async_update_entry(park.site, options={})
    await park.panel.settle()
    assert DATA_CONTROL not in park.hass.data
    await park.change(SETTINGS)
    await park.wait(10)
    assert park.shown("Bay 1", "state").state == "free"


async def test_what_contradicts_itself_ends_it(park: Park) -> None:
    stored = SETTINGS.stored()
    stored["config"]["charge_current"] = 99.0
    park.hass.config_entries.async_update_entry(park.site, options={"greenup": stored})
    await park.panel.settle()
    assert DATA_CONTROL not in park.hass.data
    assert park.site.reason is not None
