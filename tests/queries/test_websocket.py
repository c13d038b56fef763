"""The websocket commands: who may ask, what is refused how, what comes back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.legrand_ews.access import PAGES, ROLES, Right, Role
from custom_components.legrand_ews.archive import Archive, WriterStatus
from custom_components.legrand_ews.bill_settings import BillSettings
from custom_components.legrand_ews.charging.control import SIGNAL_STEP
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.consumption import GasFactors
from custom_components.legrand_ews.history import DATA_HISTORY
from custom_components.legrand_ews.queries.websocket import async_setup_websocket

from ..access_support import person, token
from ..archive.support import START, ZONE, charge, interval, rate, sample, session
from .test_questions import SITE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from homeassistant.core import HomeAssistant

type Ask = Callable[..., Awaitable[dict[str, Any]]]

JANUARY = {"span": "month", "date": "2026-01-15"}

NIGHT = rate("0.12", "t1", "CHF", "Night")
BILLING = {
    "currency": "CHF",
    "plans": {
        "electricity": {
            "tariffs": [{"id": "t1", "name": "Night", "color": "#123456", "prices": [{"amount": "0.12"}]}],
            "rules": [{"tariff": "t1", "start": "00:00", "end": "23:59"}],
        }
    },
}

INVALID: tuple[tuple[str, dict[str, Any]], ...] = (
    ("consumption", {}),
    ("consumption", {"scope": "room"}),
    ("consumption", {"scope": "device", "keys": []}),
    ("consumption", {"scope": "device", "keys": "ovens"}),
    ("consumption", {"scope": "device", "period": "week"}),
    ("consumption", {"scope": "device", "span": "week"}),
    ("consumption", {"scope": "device", "start": 5}),
    ("consumption", {"scope": "device", "period": "whole", "until": "now"}),
    ("consumption", {"scope": "device", "previous": "yes"}),
    ("cost", {}),
    ("cost", {"scope": "device", "by_tariff": "yes"}),
    ("tariffs", {"plan": "gas"}),
    ("compare", {"keys": ["ovens", "mains"], "by": "weight"}),
    ("compare", {"keys": ["ovens"]}),
    ("compare", {"keys": ["ovens", "ovens"]}),
    ("compare", {"keys": ["ovens", "mains"], "scope": "total"}),
    ("samples", {"device": "ovens", "start": "2026-01-01"}),
    ("samples", {"device": "ovens", "start": "2026-01-01", "end": "2026-01-02", "step": 60}),
    ("site", {"more": 1}),
    ("sessions", {"start": "2026-01-01"}),
    ("sessions", {"start": "2026-01-01", "end": "2026-01-02", "stations": []}),
    ("sessions", {"start": "2026-01-01", "end": "2026-01-02", "stations": "bay"}),
    ("charging", {"station": "bay"}),
    ("charging/subscribe", {"station": "bay"}),
    ("access", {"user": "anna"}),
)

TIMES = {"start": "2026-01-01", "end": "2026-01-02"}
DOORS: tuple[tuple[str, dict[str, Any], set[Right]], ...] = (
    ("site", {}, set(PAGES)),
    ("consumption", {"scope": "total", **JANUARY}, {Right.CONSUMPTION}),
    ("compare", {"keys": ["ovens", "mains"], **JANUARY}, {Right.CONSUMPTION}),
    ("samples", {"device": "ovens", **TIMES}, {Right.CONSUMPTION, Right.PANEL}),
    ("cost", {"scope": "total", **JANUARY}, {Right.TARIFFS, Right.CONSUMPTION}),
    ("tariffs", {}, {Right.TARIFFS, Right.CONSUMPTION}),
    ("sessions", TIMES, {Right.CHARGING}),
    ("charging", {}, {Right.CHARGING}),
    ("archive/info", {}, {Right.SYSTEM}),
    ("download", {"sessions": True, "start": "2025-06-10", "end": "2025-06-10"}, {Right.REPORTS}),
    ("charging/subscribe", {}, {Right.CHARGING}),
)
"""The command, its fields, and the rights of which one is needed."""


class StandInBill:
    """Prices of a site."""

    def __init__(self) -> None:
        self.settings = BillSettings.of({"billing": BILLING}, currency="EUR", zone=dt_util.get_default_time_zone())
        self.currency = self.settings.currency

    def plan(self, key: Any) -> Any:
        return self.settings.plan(key)


class StandIn:
    """What the commands need of the history, over an archive of its own."""

    def __init__(self, hass: HomeAssistant, archive: Archive) -> None:
        self.hass = hass
        self.archive = archive
        self.away = False
        self.zone = ZONE
        self.period = 600
        self.bill = StandInBill()
        factor = GasFactors(factors=((date(2025, 12, 31), Decimal("10.5")),))
        self.settings = SimpleNamespace(factors=factor)
        self.writer = SimpleNamespace(status=WriterStatus(queued=3, dropped={"samples": 2}, last_write=7.5))

    def site(self) -> Any:
        return SITE

    async def async_ask(self, question: Callable[[Archive], Any]) -> Any:
        if self.away:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="archive_unavailable")
        return await self.hass.async_add_executor_job(question, self.archive)


@pytest.fixture
async def history(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[StandIn]:
    def build() -> Archive:
        archive = Archive.open(f"sqlite:///{tmp_path / 'archive.db'}", site="home", zone=ZONE)
        archive.write(
            [
                interval(START, 100, "ovens", load="heating"),
                interval(START + 3600, 30, rate=NIGHT),
                interval(START, 5, "gas", quantity="volume", commodity="gas"),
            ],
            [sample(START, "ovens", power=(2.0, 1.0, 3.0))],
            sessions=[session("one", START, 3600, (NIGHT, 5000)), session("two", START + 7200, None, station="yard")],
        )
        archive.write_charges([charge(START, "0.3", currency="CHF")])
        return archive

    history = StandIn(hass, await hass.async_add_executor_job(build))
    hass.data[DATA_HISTORY] = history  # type: ignore[misc]
    yield history
    hass.data.pop(DATA_HISTORY, None)
    await hass.async_add_executor_job(history.archive.close)


@pytest.fixture
async def ask(hass: HomeAssistant, hass_ws_client: Any) -> Ask:
    assert await async_setup_component(hass, DOMAIN, {})
    async_setup_websocket(hass)
    client = await hass_ws_client(hass)

    async def ask(command: str, **fields: Any) -> dict[str, Any]:
        await client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **fields})
        answer: dict[str, Any] = await client.receive_json()
        return answer

    return ask


async def test_without_an_installation_every_command_says_so(ask: Ask) -> None:
    times = TIMES
    for command, fields in (
        ("site", {}),
        ("consumption", {"scope": "total", **JANUARY}),
        ("cost", {"scope": "total", **JANUARY}),
        ("tariffs", {}),
        ("compare", {"keys": ["ovens", "mains"], **JANUARY}),
        ("samples", {"device": "ovens", **times}),
        ("sessions", times),
        ("archive/info", {}),
    ):
        answer = await ask(command, **fields)
        assert (answer["success"], answer["error"]["code"]) == (False, "no_installation"), command
        assert answer["error"]["translation_domain"] == DOMAIN


@pytest.mark.parametrize("role", Role)
async def test_each_role_asks_what_it_may_see(
    hass: HomeAssistant,
    history: StandIn,  # noqa: ARG001 -- must be there
    ask: Ask,  # noqa: ARG001 -- registers the commands
    hass_ws_client: Any,
    role: Role,
) -> None:
    client = await hass_ws_client(hass, await token(hass, await person(hass, role)))
    answered = []
    for command, fields, _ in DOORS:
        await client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **fields})
        answer = await client.receive_json()
        while answer["type"] != "result":
            answer = await client.receive_json()
        if answer["success"]:
            answered.append(command)
        else:
            error = answer["error"]
            assert error["code"] == "unauthorized", command
            if command != "download":
                assert error["translation_key"] == "missing_right", command
                assert error["message"].startswith("Anna may not do this"), command
    assert answered == [command for command, _, rights in DOORS if rights & ROLES[role]]


@pytest.mark.parametrize("role", Role)
async def test_everybody_is_told_what_he_may(
    hass: HomeAssistant,
    ask: Ask,  # noqa: ARG001 -- registers the commands
    hass_ws_client: Any,
    role: Role,
) -> None:
    client = await hass_ws_client(hass, await token(hass, await person(hass, role)))
    await client.send_json_auto_id({"type": f"{DOMAIN}/access"})
    assert (await client.receive_json())["result"] == {
        "role": role.value,
        "rights": sorted(right.value for right in ROLES[role]),
        "administrator": role is Role.ADMINISTRATOR,
    }


async def test_the_site_is_told_while_the_archive_is_away(history: StandIn, ask: Ask) -> None:
    result = (await ask("site"))["result"]
    assert (result["name"], result["time_zone"], result["sample_rate"]) == ("Bakery", ZONE, 600)
    assert result["currency"] == "CHF"
    assert (result["since"], result["until"]) == (START, START + 4200)
    history.away = True
    away = (await ask("site"))["result"]
    assert away == result | {"since": None, "until": None}


async def test_consumption_comes_by_bar_with_sums_and_names(history: StandIn, ask: Ask) -> None:  # noqa: ARG001
    result = (await ask("consumption", scope="device", previous=True, **JANUARY))["result"]
    assert len(result["bars"]) == len(result["previous_bars"]) == 31
    assert [(one["name"], one["sum"], one["previous_sum"]) for one in result["series"]] == [
        ("Ovens", 100, None),
        ("Mains", 30, None),
        ("Gas", 5, None),
    ]
    assert [one.get("equivalent_sum") for one in result["series"]] == [None, None, 52]
    total = (await ask("consumption", scope="total", period="year", start="2026-01-01", end="2026-01-02"))["result"]
    assert [(one["key"], one["commodity"], one["amounts"]) for one in total["series"]] == [
        (None, "electricity", [130]),
        (None, "gas", [5]),
    ]


async def test_two_are_compared(history: StandIn, ask: Ask) -> None:  # noqa: ARG001
    result = (await ask("compare", keys=["ovens", "mains"], **JANUARY))["result"]
    assert (result["scope"], result["comparable_by"], result["differences"][0]["sum"]) == ("device", "amount", 70)
    assert (await ask("compare", keys=["ovens", "gas"], **JANUARY))["result"]["comparable_by"] == "cost"


async def test_they_are_compared_by_cost(history: StandIn, ask: Ask) -> None:  # noqa: ARG001
    result = (await ask("compare", keys=["ovens", "mains"], by="cost", **JANUARY))["result"]
    assert (result["by"], result["comparable_by"]) == ("cost", "amount")
    assert [(one["name"], one["sum"], one["unpriced_sum"]) for one in result["series"]] == [
        ("Ovens", None, 100),
        ("Mains", 0.0036, 0),
    ]
    assert result["differences"] == [{"currency": "CHF", "costs": [None] * 31, "sum": None}]


async def test_costs_come_by_tariff_and_bar(history: StandIn, ask: Ask) -> None:  # noqa: ARG001
    result = (await ask("cost", scope="total", **JANUARY))["result"]
    assert [(one["commodity"], one["tariff"], one["sum"], one["amount_sum"]) for one in result["series"]] == [
        ("electricity", "t1", 0.0036, 30),
        ("electricity", None, None, 100),
        ("gas", None, None, 5),
    ]
    assert [(one["name"], one["costs"][:2], one["sum"]) for one in result["charges"]] == [("Meter", [0.3, None], 0.3)]
    together = (await ask("cost", scope="total", by_tariff=False, **JANUARY))["result"]
    assert [(one["sum"], one["unpriced_sum"]) for one in together["series"]] == [(0.0036, 100), (None, 5)]


async def test_tariffs_are_told_with_what_holds_now(history: StandIn, ask: Ask) -> None:
    result = (await ask("tariffs"))["result"]
    plan = result["plans"]["electricity"]
    assert (result["currency"], plan["active"]["name"], plan["active"]["price"]) == ("CHF", "Night", 0.12)
    assert [one["tariff"] for one in plan["segments"]] == ["t1"]
    history.away = True
    assert (await ask("tariffs"))["success"]


async def test_samples_come_as_lists(history: StandIn, ask: Ask) -> None:  # noqa: ARG001
    result = (await ask("samples", device="ovens", start="2026-01-01", end="2026-01-02", step=3600))["result"]
    assert (result["starts"], result["seconds"]) == ([START], [600])
    assert list(result["quantities"]) == ["power"]
    assert result["quantities"]["power"]["maximum"] == [3.0]


async def test_sessions_come_with_their_costs_and_sums(history: StandIn, ask: Ask) -> None:  # noqa: ARG001
    times = {"start": "2026-01-01", "end": "2026-02-01"}
    result = (await ask("sessions", **times))["result"]
    assert [(one["id"], one["costs"]) for one in result["sessions"]] == [("one", {"CHF": 0.6}), ("two", {})]
    assert [(one["station"], one["count"]) for one in result["stations"]] == [("bay", 1), ("yard", 1)]
    result = (await ask("sessions", **times, stations=["yard"]))["result"]
    assert [one["id"] for one in result["sessions"]] == ["two"]
    refused = await ask("sessions", **times, stations=["nowhere"])
    assert refused["error"]["code"] == "unknown_keys"


async def test_without_a_load_manager_charging_says_so(ask: Ask) -> None:
    assert (await ask("charging"))["result"] == {"manager": None, "stations": []}


async def test_how_charging_goes_is_told_after_each_step_until_nobody_wants_to_know(
    hass: HomeAssistant, hass_ws_client: Any
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{DOMAIN}/charging/subscribe"})
    subscription = (await client.receive_json())["id"]
    for _ in range(3):
        told = await client.receive_json()
        assert (told["id"], told["event"]) == (subscription, {"manager": None, "stations": []})
        async_dispatcher_send(hass, SIGNAL_STEP)
    assert (await client.receive_json())["id"] == subscription
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": subscription})
    assert (await client.receive_json())["type"] == "result"
    async_dispatcher_send(hass, SIGNAL_STEP)
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_the_archive_tells_how_it_is_and_why_it_is_not(history: StandIn, ask: Ask) -> None:
    result = (await ask("archive/info"))["result"]
    assert result["size"] > 0
    expected = {"engine": "sqlite", "intervals": 3, "samples": 1, "alarms": 0, "last_interval": START + 4200}
    expected |= {"schema_version": 1, "kept_since": None, "sessions": 2}
    expected |= {"queued": 3, "dropped": {"samples": 2}, "last_write": 7.5, "error": None}
    assert result == expected | {"size": result["size"], "engine": result["engine"]}
    assert "sqlite" in result["engine"].lower()
    history.away = True
    away = (await ask("archive/info"))["result"]
    assert (away["engine"], away["size"], away["queued"]) == (None, None, 3)
    assert away["error"]


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("consumption", {"scope": "total"}),
        ("cost", {"scope": "total"}),
        ("compare", {"keys": ["ovens", "mains"]}),
        ("samples", {"device": "ovens", "start": "2026-01-01", "end": "2026-01-02"}),
        ("sessions", {"start": "2026-01-01", "end": "2026-01-02"}),
    ],
)
async def test_what_needs_the_archive_fails_while_it_is_away(
    history: StandIn, ask: Ask, command: str, fields: dict[str, Any]
) -> None:
    history.away = True
    times = {} if command in ("samples", "sessions") else JANUARY
    assert (await ask(command, **fields, **times))["error"]["code"] == "archive_unavailable"


@pytest.mark.parametrize(
    ("code", "fields", "word"),
    [
        ("bad_date", {"span": "day", "date": "tomorrow"}, "tomorrow"),
        ("end_before_start", {"period": "day", "start": "2026-01-02", "end": "2026-01-01"}, "2026-01-02"),
        ("which_time", {}, "span"),
        ("unknown_keys", {"span": "day", "keys": ["nobody"]}, "nobody"),
        ("too_many_values", {"period": "hour", "start": "1990-01-01", "end": "2040-01-01"}, "200000"),
    ],
)
async def test_what_is_refused_has_a_code_and_a_sentence(
    history: StandIn,  # noqa: ARG001
    ask: Ask,
    code: str,
    fields: dict[str, Any],
    word: str,
) -> None:
    answer = await ask("consumption", scope="device", **fields)
    error = answer["error"]
    assert (answer["success"], error["code"], error["translation_key"]) == (False, code, code)
    assert word in error["message"]
    assert " " in error["message"]


async def test_fields_that_no_command_has_are_refused(history: StandIn, ask: Ask) -> None:  # noqa: ARG001
    for command, fields in INVALID:
        answer = await ask(command, **fields)
        assert not answer["success"], (command, fields)
        assert answer["error"]["code"] == "invalid_format", (command, fields)
