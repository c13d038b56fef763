"""Links to consumption as a file: who gets what, how it is sent, and what is told meanwhile."""

from __future__ import annotations

import csv
import io
import os
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import aiohttp
import pytest
import voluptuous as vol
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.legrand_ews import download
from custom_components.legrand_ews.archive.rows import RateRow
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.download import LIFE, async_setup_downloads
from custom_components.legrand_ews.history import History, find_history

from .archive.support import interval, session
from .support import METER, SOCKETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.coordinator import GatewayConfigEntry

    from .support import Panel

DAY = date(2025, 6, 10)
DAYS = {"start": "2025-06-10", "end": "2025-06-10"}
ELECTRICITY = "report_energy_devices_electricity.csv"
SESSIONS = "report_charging_sessions.csv"
COST = "report_energy_devices_electricity_cost.csv"
RATE = RateRow(tariff="day", name="Day", price=Decimal("0.25"), currency="EUR")
BY_NAME: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"loads": "others"}, "report_energy_loads.csv", "Others [Wh]"),
    ({"loads": ["OTHERS"]}, "report_energy_loads.csv", "Others [Wh]"),
    ({"groups": ["east"]}, "report_energy_groups_electricity.csv", "East [Wh]"),
    ({"groups": "East"}, "report_energy_groups_electricity.csv", "East [Wh]"),
)
REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "download_choice"),
    ({"all": True, "loads": ["heating"]}, "download_choice"),
    ({"device_id": []}, "download_choice"),
    ({"all": True, "loads": ["heating"], "sessions": True}, "download_choice"),
    ({"sessions": True, "start": "2025-06-11"}, "download_period"),
    ({"loads": ["nowhere"]}, "download_unknown"),
    ({"groups": ["heating"]}, "download_unknown"),
    ({"device_id": "nothing"}, "not_ours"),
    ({"all": True, "start": "2025-06-11"}, "download_period"),
    ({"all": True, "start": "2099-01-01", "end": "2099-01-02"}, "download_period"),
)


@pytest.fixture
async def gateway(hass: HomeAssistant, panel: Panel) -> GatewayConfigEntry:
    """Set up two meters of an installation that has known them for a day."""
    entry = await panel.start(METER, SOCKETS)
    group = ConfigSubentryDataWithId(subentry_id="east", data={}, subentry_type="group", title="East", unique_id=None)
    site = MockConfigEntry(
        domain=DOMAIN,
        title="Site",
        data={"kind": "installation"},
        options={"access": {"default": "greenup"}},
        subentries_data=[group],
    )
    site.add_to_hass(hass)
    await hass.config_entries.async_setup(site.entry_id)
    await panel.settle()
    first = int(dt_util.start_of_local_day(DAY).timestamp())
    starts = range(first, first + 86400, 900)
    of_mains = [interval(at, at * 7919 % 1009, "of_mains", seconds=900, load="heating") for at in starts]
    place: dict[str, Any] = {"load": "others", "groups": ("east",), "rate": RATE}
    of_sockets = [interval(at, 2, "of_sockets", seconds=900, **place) for at in starts]
    await find_history(hass).async_ask(lambda archive: archive.write(of_mains + of_sockets))
    set_up_downloads(hass)
    return entry


def set_up_downloads(hass: HomeAssistant) -> None:
    """Register what is tested, unless the integration did."""
    if not hass.services.has_service(DOMAIN, "download_data"):
        async_setup_downloads(hass)


async def ask(hass: HomeAssistant, **fields: Any) -> dict[str, Any]:
    """Run the action."""
    answer = await hass.services.async_call(
        DOMAIN, "download_data", {**DAYS, **fields}, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)


def tables(content: bytes) -> dict[str, list[list[str]]]:
    """Return the cells of the files of a zip."""
    with ZipFile(io.BytesIO(content)) as found:
        return {
            name: list(csv.reader(io.StringIO(found.read(name).decode("utf-8-sig")), delimiter=";"))
            for name in found.namelist()
        }


@pytest.fixture
async def browser(gateway: GatewayConfigEntry, hass_client_no_auth: Any) -> Any:  # noqa: ARG001
    """Return a client that is not logged in."""
    return await hass_client_no_auth()


@pytest.fixture
async def socket(
    hass: HomeAssistant,
    gateway: GatewayConfigEntry,  # noqa: ARG001
    hass_ws_client: Any,
    hass_read_only_access_token: str,
) -> Any:
    """Return the connection of a user who may only read."""
    return await hass_ws_client(hass, hass_read_only_access_token)


async def subscribe(socket: Any, **fields: Any) -> tuple[int, str]:
    """Ask for a link by websocket; return the subscription's number and the link."""
    await socket.send_json_auto_id({"type": f"{DOMAIN}/download", "all": True, **DAYS, **fields})
    answer = await socket.receive_json()
    assert answer["success"], answer
    told = await socket.receive_json()
    assert (told["id"], told["type"], told["event"]["file"]) == (answer["id"], "event", "reportdata.zip")
    return answer["id"], told["event"]["url"]


async def told_at_last(socket: Any) -> tuple[list[float], dict[str, Any]]:
    """Return the shares that are told, and what comes at the end."""
    shares: list[float] = []
    while "progress" in (event := (await socket.receive_json())["event"]):
        shares.append(event["progress"])
    return shares, event


async def test_the_link_opens_without_logging_in(hass: HomeAssistant, panel: Panel, gateway: Any, browser: Any) -> None:
    answer = await ask(hass, device_id=[panel.device(gateway, "Mains").id], sample_rate=60)
    assert answer["file"] == "reportdata.zip"
    expires = dt_util.parse_datetime(answer["expires"])
    assert expires is not None
    assert abs(expires - dt_util.now() - timedelta(hours=1)) < timedelta(minutes=1)
    response = await browser.get(answer["url"])
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="reportdata.zip"'
    ((name, rows),) = tables(await response.read()).items()
    assert name == ELECTRICITY
    assert rows[0][0] == "time"
    assert rows[0][1].endswith("Mains [Wh]")
    assert (len(rows), rows[1][0]) == (25, "2025-06-10T00:00:00-07:00")


async def test_sample_rates(hass: HomeAssistant, browser: Any) -> None:
    for rate, rows in ({}, 96), ({"sample_rate": "15"}, 96), ({"sample_rate": 60.0}, 24), ({"sample_rate": "1440"}, 1):
        answer = await ask(hass, all=True, **rate)
        found = tables(await (await browser.get(answer["url"])).read())
        assert len(found[ELECTRICITY]) == rows + 1
        assert len(found[ELECTRICITY][0]) == 3


async def test_loads_and_groups_go_by_key_or_name(hass: HomeAssistant, browser: Any) -> None:
    for chosen, name, title in BY_NAME:
        answer = await ask(hass, **chosen, sample_rate=1440)
        found = tables(await (await browser.get(answer["url"])).read())
        assert {key: [row[1] for row in rows] for key, rows in found.items()} == {name: [title, "192"]}, chosen


async def test_costs_are_in_files_of_their_own_where_they_are_wanted(
    hass: HomeAssistant, socket: Any, browser: Any
) -> None:
    for wanted in {}, {"costs": False}:
        answer = await ask(hass, all=True, **wanted)
        assert list(tables(await (await browser.get(answer["url"])).read())) == [ELECTRICITY]
    answer = await ask(hass, groups=["East"], costs=True, sample_rate=1440)
    name, costs = list(tables(await (await browser.get(answer["url"])).read()).items())[1]
    assert (name, [row[1] for row in costs]) == ("report_energy_groups_electricity_cost.csv", ["East [EUR]", "0,048"])
    _, url = await subscribe(socket, costs=True, sample_rate=1440)
    found = tables(await (await browser.get(url)).read())
    assert list(found) == [ELECTRICITY, COST]
    assert found[COST][1][1:] == ["", "0,048"]


async def test_charging_sessions_are_in_a_file_of_their_own_where_they_are_wanted(
    hass: HomeAssistant, socket: Any, browser: Any
) -> None:
    begin = int(dt_util.start_of_local_day(DAY).timestamp())
    rows = [session(key, at, 3600, (RATE, 2000), card=key) for key, at in (("today", begin), ("later", begin + 86400))]
    await find_history(hass).async_ask(lambda archive: archive.write(sessions=rows))
    for wanted, names in (
        ({"all": True}, [ELECTRICITY]),
        ({"all": True, "sessions": False}, [ELECTRICITY]),
        ({"all": True, "sessions": True}, [ELECTRICITY, SESSIONS]),
        ({"sessions": True}, [SESSIONS]),
    ):
        answer = await ask(hass, **wanted)
        found = tables(await (await browser.get(answer["url"])).read())
        assert list(found) == names, wanted
    assert [row[2:4] for row in found[SESSIONS]] == [["station", "card"], ["Bay 1", "today"]]
    _, url = await subscribe(socket, sessions=True)
    assert list(tables(await (await browser.get(url)).read())) == [ELECTRICITY, SESSIONS]


async def test_the_last_day_is_in_the_file(hass: HomeAssistant, browser: Any) -> None:
    answer = await ask(hass, all=True, start="2025-06-09", end="2025-06-11", sample_rate=1440)
    rows = tables(await (await browser.get(answer["url"])).read())[ELECTRICITY]
    assert [row[0][:10] for row in rows[1:]] == ["2025-06-09", "2025-06-10", "2025-06-11"]
    assert [bool(row[1]) for row in rows[1:]] == [False, True, False]


async def test_what_is_yet_to_come_has_no_rows(hass: HomeAssistant, browser: Any) -> None:
    today = dt_util.now().date()
    answer = await ask(hass, all=True, start=today.isoformat(), end=(today + timedelta(days=9)).isoformat())
    (rows,) = tables(await (await browser.get(answer["url"])).read()).values()
    last = dt_util.parse_datetime(rows[-1][0])
    assert last is not None
    assert last <= dt_util.now()


async def test_what_makes_no_sense_is_refused(hass: HomeAssistant, gateway: Any) -> None:  # noqa: ARG001
    for fields, reason in REFUSED:
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, **fields)
        assert caught.value.translation_key == reason, fields
        assert "{" not in str(caught.value)


async def test_a_gateway_counts_nothing(hass: HomeAssistant, panel: Panel, gateway: Any) -> None:
    with pytest.raises(ServiceValidationError, match="Panel counts no consumption"):
        await ask(hass, device_id=panel.device(gateway).id)


async def test_rates_that_there_are_not_are_refused(hass: HomeAssistant, gateway: Any) -> None:  # noqa: ARG001
    with pytest.raises(vol.Invalid):
        await ask(hass, all=True, sample_rate=10)


async def test_without_an_installation_there_is_nothing(hass: HomeAssistant, panel: Panel) -> None:  # noqa: ARG001
    assert await async_setup_component(hass, DOMAIN, {})
    set_up_downloads(hass)
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, all=True)
    assert caught.value.translation_key == "no_installation"


async def test_without_devices_there_is_nothing(hass: HomeAssistant, panel: Panel) -> None:
    site = MockConfigEntry(domain=DOMAIN, title="Site", data={"kind": "installation"})
    site.add_to_hass(hass)
    await hass.config_entries.async_setup(site.entry_id)
    await panel.settle()
    set_up_downloads(hass)
    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, all=True)
    assert caught.value.translation_key == "download_nothing"


async def an_hour_later(panel: Panel) -> None:
    """Let the time of all links pass."""
    async_fire_time_changed(panel.hass, dt_util.utcnow() + LIFE + timedelta(seconds=1))
    await panel.settle()


async def test_a_link_is_good_for_one_file_and_an_hour(hass: HomeAssistant, panel: Panel, browser: Any) -> None:
    url = (await ask(hass, all=True))["url"]
    assert (await browser.get(url.partition("?")[0])).status == 401
    other = (await ask(hass, all=True))["url"]
    mixed = f"{other.partition('?')[0]}?{url.partition('?')[2]}"
    assert (await browser.get(mixed)).status == 401
    assert (await browser.get(url)).status == 200
    assert (await browser.get(url)).status == 200
    await an_hour_later(panel)
    assert (await browser.get(url)).status == 404


async def test_how_it_goes_is_told(socket: Any, browser: Any) -> None:
    _, url = await subscribe(socket)
    content = await (await browser.get(url)).read()
    shares, end = await told_at_last(socket)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert end == {"done": True, "bytes": len(content)}


async def test_refusals_reach_who_asked_by_websocket(socket: Any) -> None:
    await socket.send_json_auto_id({"type": f"{DOMAIN}/download", **DAYS})
    answer = await socket.receive_json()
    assert not answer["success"]
    assert answer["error"]["translation_key"] == "download_choice"


async def test_who_left_is_told_nothing_and_keeps_the_link(socket: Any, browser: Any) -> None:
    number, url = await subscribe(socket)
    await socket.send_json_auto_id({"type": "unsubscribe_events", "subscription": number})
    assert (await socket.receive_json())["success"]
    assert len(await (await browser.get(url)).read()) > 100
    await socket.send_json_auto_id({"type": "ping"})
    assert (await socket.receive_json())["type"] == "pong"


async def test_the_end_of_a_link_is_told(panel: Panel, socket: Any) -> None:
    await subscribe(socket)
    await an_hour_later(panel)
    assert await told_at_last(socket) == (
        [],
        {"error": "The link to the download is no longer good: ask for a new one"},
    )


async def test_an_archive_that_is_away_is_told_before_anything_is_sent(
    socket: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, url = await subscribe(socket)

    async def away(*_given: Any) -> None:
        """Do not answer."""
        raise HomeAssistantError("The archive is away")

    monkeypatch.setattr(History, "async_ask", away)
    response = await browser.get(url)
    assert (response.status, await response.text()) == (503, "The archive is away")
    assert await told_at_last(socket) == ([], {"error": "The archive is away"})


async def test_an_installation_that_is_gone_is_told(hass: HomeAssistant, socket: Any, browser: Any) -> None:
    _, url = await subscribe(socket)
    await hass.config_entries.async_unload(find_history(hass).entry.entry_id)
    assert (await browser.get(url)).status == 503
    shares, end = await told_at_last(socket)
    assert (shares, list(end)) == ([], ["error"])


async def test_a_file_that_breaks_off_does_not_look_whole(
    socket: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_given: Any) -> Iterator[bytes]:
        """Yield a piece, then fail as a database does."""
        yield b"PK"
        raise OSError("disk gone")

    _, url = await subscribe(socket)
    monkeypatch.setattr(download, "stream", failing)
    response = await browser.get(url)
    with pytest.raises(aiohttp.ClientPayloadError):
        await response.read()
    shares, end = await told_at_last(socket)
    assert shares == []
    assert "disk gone" in end["error"]


async def test_once_the_browser_is_gone_nothing_is_made(
    hass: HomeAssistant, socket: Any, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def endless(*_given: Any) -> Iterator[bytes]:
        """Yield pieces for ever, and note them."""
        while True:
            made.append(1 << 16)
            yield os.urandom(made[-1])

    _, url = await subscribe(socket)
    monkeypatch.setattr(download, "stream", endless)
    response = await browser.get(url)
    assert len(await response.content.readexactly(1 << 18)) == 1 << 18
    response.close()
    assert await told_at_last(socket) == ([], {"error": "The download was broken off"})
    until_then = len(made)
    for _ in range(3):
        await socket.send_json_auto_id({"type": "ping"})
        assert (await socket.receive_json())["type"] == "pong"
    await find_history(hass).async_ask(lambda _archive: None)
    assert len(made) == until_then
