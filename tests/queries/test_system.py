"""How the system fares, asked once or followed."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.const import __version__ as home_assistant_version
from homeassistant.loader import async_get_integration

from custom_components.legrand_ews.catalog_store import async_load_catalog
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.queries.system import async_system
from plant.scenario import GatewaySpec

from ..support import METER, SOCKETS, install_profiles, plain_catalog
from ..test_history import begin
from .test_links import BREAKER, HEATER, MAPS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.core import HomeAssistant

    from ..support import Panel


async def system(hass: HomeAssistant) -> dict[str, Any]:
    """Return how the system fares."""
    return await async_system(hass, {})


async def test_versions_start_and_disk_are_told(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    told = await system(hass)
    assert told["version"] == str((await async_get_integration(hass, DOMAIN)).version)
    assert told["home_assistant"] == home_assistant_version
    assert 0 < told["started_at"] <= time()
    assert (await system(hass))["started_at"] == told["started_at"]
    assert 0 < told["disk"]["free"] <= told["disk"]["total"]


async def test_a_disk_that_cannot_be_looked_at_is_none(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(folder: object) -> None:
        """Be away."""
        asked.append(str(folder))
        raise OSError("no such disk")

    monkeypatch.setattr("custom_components.legrand_ews.queries.system.disk_usage", refuse)
    await panel.start(METER)
    assert (await system(hass))["disk"] is None
    await begin(panel)
    assert (await system(hass))["disk"] is None
    assert asked == [hass.config.config_dir, hass.config.path(DOMAIN)]


async def test_a_gateway_is_told_with_its_link_and_who_is_silent(hass: HomeAssistant, panel: Panel) -> None:
    entry = await panel.start(METER, SOCKETS)
    panel.unit(2).faults.silent = True
    await panel.wait()
    await panel.wait(31)
    report = entry.runtime_data.status.data
    (gateway,) = (await system(hass))["gateways"]
    assert gateway == {
        "id": entry.entry_id,
        "name": entry.title,
        "connected": True,
        "bus_load": report.load,
        "cycle_time": report.cycle_time,
        "requests": report.requests,
        "errors": report.errors,
        "units": 2,
        "silent": [2],
        "problem": None,
    }
    assert gateway["requests"] > gateway["errors"] > 0


async def test_a_gateway_that_is_lost_or_not_loaded_says_why(hass: HomeAssistant, panel: Panel) -> None:
    entry = await panel.start(METER)
    await panel.plant.refuse(panel.gateway())
    await panel.wait()
    (gateway,) = (await system(hass))["gateways"]
    assert (gateway["connected"], gateway["problem"]) == (False, str(entry.runtime_data.link.error))
    await hass.config_entries.async_unload(entry.entry_id)
    (gateway,) = (await system(hass))["gateways"]
    assert (gateway["connected"], gateway["requests"], gateway["silent"]) == (None, None, [])
    assert gateway["problem"] == "not_loaded"


async def test_the_catalogue_is_told_with_what_is_wrong_but_not_where_it_lies(
    hass: HomeAssistant, panel: Panel
) -> None:
    folder = install_profiles(hass, *MAPS)
    (folder / "broken.yaml").write_text("id: [\n", encoding="utf-8")
    await panel.start(METER)
    await async_load_catalog(hass)
    told = (await system(hass))["catalog"]
    assert (told["models"], told["maps"]) == (len(plain_catalog().models), len(plain_catalog().profiles) + 2)
    assert (told["user_maps"], [error["file"] for error in told["errors"]]) == (2, ["broken.yaml"])
    assert set(told["errors"][0]) == {"file", "line", "key", "reason"}


async def test_links_of_loaded_gateways_are_told(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, *MAPS)
    entry = await panel.start(BREAKER, HEATER)
    assert [link["action"]["address"] for link in (await system(hass))["links"]] == ["12", "99"]
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await system(hass))["links"] == []


@pytest.fixture
async def follow(hass: HomeAssistant, panel: Panel, hass_ws_client: Any) -> Callable[[], Awaitable[Any]]:
    """Return what subscribes; the client is to be asked for events."""

    async def begin() -> Any:
        """Subscribe."""
        await panel.load_integration()
        client = await hass_ws_client(hass)
        await client.send_json_auto_id({"type": f"{DOMAIN}/system/subscribe"})
        assert (await client.receive_json())["success"]
        return client

    return begin


async def event(client: Any) -> dict[str, Any]:
    """Return the next event."""
    message = await client.receive_json()
    assert message["type"] == "event"
    told: dict[str, Any] = message["event"]
    return told


async def test_a_follower_is_told_at_once_and_again_with_each_account_of_a_link(
    hass: HomeAssistant, panel: Panel, follow: Callable[[], Awaitable[Any]]
) -> None:
    entry = await panel.start(METER)
    client = await follow()
    first = await event(client)
    assert set(first) == set(await system(hass))
    await panel.wait(31)
    later = await event(client)
    assert later["gateways"][0]["requests"] > first["gateways"][0]["requests"]
    assert later["gateways"][0]["id"] == entry.entry_id


async def test_many_changes_are_one_event(panel: Panel, follow: Callable[[], Awaitable[Any]]) -> None:
    entry = await panel.start(METER)
    client = await follow()
    await event(client)
    for load in range(50):
        entry.runtime_data.status.async_set_updated_data(
            type(entry.runtime_data.status.data)(connected=True, load=float(load))
        )
    await panel.settle()
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"
    await panel.wait(6)
    assert (await event(client))["gateways"][0]["bus_load"] == 49
    await panel.settle()
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_gateways_may_come_and_go_while_somebody_follows(
    hass: HomeAssistant, panel: Panel, follow: Callable[[], Awaitable[Any]]
) -> None:
    await panel.serve(gateways=(GatewaySpec(name="One", kind="tcp", devices=(METER,)),))
    client = await follow()
    assert (await event(client))["gateways"] == []
    entry = await panel.set_up()
    await panel.wait(6)
    assert [one["connected"] for one in (await event(client))["gateways"]] == [True]
    await hass.config_entries.async_unload(entry.entry_id)
    await panel.wait(6)
    assert [one["problem"] for one in (await event(client))["gateways"]] == ["not_loaded"]


async def test_who_unsubscribed_is_told_no_more(panel: Panel, follow: Callable[[], Awaitable[Any]]) -> None:
    entry = await panel.start(METER)
    client = await follow()
    await event(client)
    before = len(entry.runtime_data.status._listeners)
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": 1})
    assert (await client.receive_json())["success"]
    assert len(entry.runtime_data.status._listeners) == before - 1
    await panel.wait(31)
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_only_who_may_see_the_system_is_told(
    hass: HomeAssistant, panel: Panel, hass_ws_client: Any, hass_read_only_access_token: str
) -> None:
    await panel.load_integration()
    for client, allowed in (
        (await hass_ws_client(hass), True),
        (await hass_ws_client(hass, hass_read_only_access_token), False),
    ):
        for command in ("system", "system/subscribe"):
            await client.send_json_auto_id({"type": f"{DOMAIN}/{command}"})
            answer = await client.receive_json()
            assert answer["success"] is allowed, command
            assert allowed or answer["error"]["code"] == "unauthorized"
