"""The journal over the websocket: filters and pages, what is told of changes, who acknowledged what."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)

from custom_components.legrand_ews.alarms import Journal, Kind, Origin
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.journal import DATA_JOURNAL, SiteJournal, async_load_journal
from custom_components.legrand_ews.queries import alarms
from custom_components.legrand_ews.queries.alarms import async_alarms

from ..alarms.support import START, occurrence, occurrences, trip

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.alarms import Entry

type Ask = Callable[..., Awaitable[dict[str, Any]]]

SINCE, UNTIL = "2023-11-14T23:00+00:00", "2023-11-15T00:30+00:00"
TIMES = {"since": dt_util.parse_datetime(SINCE), "until": dt_util.parse_datetime(UNTIL)}

PASSES: dict[str, Callable[[Entry, Any], bool]] = {
    "kinds": lambda entry, kinds: entry.kind.value in kinds,
    "device": lambda entry, device: entry.device_id == device,
    "since": lambda entry, _: entry.last_at >= TIMES["since"].timestamp(),  # type: ignore[union-attr]
    "until": lambda entry, _: entry.at < TIMES["until"].timestamp(),  # type: ignore[union-attr]
    "active": lambda entry, wanted: not wanted or (entry.alarm is True and entry.ended_at is None),
    "unacknowledged": lambda entry, wanted: not wanted or (entry.alarm is True and entry.acknowledged_at is None),
    "text": lambda entry, text: text.lower() in f"{entry.text}\n{entry.device}\n{entry.gateway}".lower(),
}

filters = st.fixed_dictionaries(
    {},
    optional={
        "kinds": st.lists(st.sampled_from(Kind), min_size=1),
        "device": st.sampled_from([None, "d1", "d2", "d3"]),
        "since": st.just(SINCE),
        "until": st.just(UNTIL),
        "active": st.booleans(),
        "unacknowledged": st.booleans(),
        "text": st.sampled_from(["", "OVEN", "cell", "a", "é"]),
    },
)


def result[T](answer: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that waits for nothing."""
    with pytest.raises(StopIteration) as over:
        answer.send(None)
    value: T = over.value.value
    return value


def over(journal: Journal) -> Any:
    """Return as much of Home Assistant as a question needs."""
    return SimpleNamespace(
        data={DATA_JOURNAL: SimpleNamespace(journal=journal)},
        config=SimpleNamespace(time_zone="Europe/Paris"),
        config_entries=SimpleNamespace(async_entries=lambda _domain: []),
    )


@settings(max_examples=80)
@given(happened=st.lists(occurrences, max_size=20), seen=st.sets(st.integers(1, 20)), asked=filters, data=st.data())
def test_pages_have_every_entry_that_passes_once_and_in_order(
    happened: Any, seen: set[int], asked: dict[str, Any], data: st.DataObject
) -> None:
    journal = Journal()
    for what in happened:
        journal.record(what)
    journal.acknowledge(seen, START, "Zoë")
    hass = over(journal)
    found: list[dict[str, Any]] = []
    place: dict[str, int] = {}
    while True:
        limit = data.draw(st.integers(1, 8))
        page = result(async_alarms(hass, {**asked, **place, "limit": limit}))
        assert len(page["entries"]) <= limit
        found += page["entries"]
        if not page["more"]:
            break
        assert page["entries"]
        place = {"before": found[-1]["id"]}
    wanted = [one for one in journal.entries if all(PASSES[name](one, value) for name, value in asked.items())]
    assert found == [one.as_dict() for one in sorted(wanted, key=lambda one: -one.id)]
    assert page["active"] == len(journal.active)
    assert page["unacknowledged"] == sum(one.alarm is True and one.acknowledged_at is None for one in journal.entries)


@pytest.fixture
async def site(hass: HomeAssistant) -> SiteJournal:
    """Return an empty journal."""
    assert await async_setup_component(hass, DOMAIN, {})
    return hass.data[DATA_JOURNAL]


@pytest.fixture
async def client(hass: HomeAssistant, site: SiteJournal, hass_ws_client: Any) -> Any:  # noqa: ARG001 -- comes first
    return await hass_ws_client(hass)


@pytest.fixture
def ask(client: Any) -> Ask:
    async def ask(command: str = "", **fields: Any) -> dict[str, Any]:
        await client.send_json_auto_id({"type": f"{DOMAIN}/alarms{command}", **fields})
        answer: dict[str, Any] = await client.receive_json()
        return answer

    return ask


def happen(site: SiteJournal, subject: str = "breaker", *, device: str = "d1", on: bool = True) -> None:
    """Let an alarm begin or end, and tell."""
    origin = Origin(device_id=device, device="Ovens", gateway="Cellar", address="5")
    site.record(Kind.STATE, "breaker_tripped" if on else "breaker_closed", origin, subject=subject, alarm=on)


async def test_without_an_installation_the_journal_is_there(site: SiteJournal, ask: Ask) -> None:
    nothing = {"entries": [], "more": False, "active": 0, "unacknowledged": 0, "devices": {}}
    assert (await ask())["result"] == nothing
    site.journal.record(trip(START))
    (entry,) = (await ask())["result"]["entries"]
    assert (entry["at"], entry["kind"], entry["text"]) == (START, "state", "Ovens: breaker_tripped")


async def test_devices_have_the_names_of_today_and_deleted_ones_their_last(
    hass: HomeAssistant, site: SiteJournal, ask: Ask
) -> None:
    rows = [ConfigSubentryDataWithId(subentry_id="d1", data={}, subentry_type="device", title="Stoves", unique_id=None)]
    MockConfigEntry(
        domain=DOMAIN, entry_id="g1", title="Basement", data={"kind": "gateway"}, subentries_data=rows
    ).add_to_hass(hass)
    for device in ("d1", "d2", "g1", None):
        site.journal.record(occurrence(device_id=device))
    assert (await ask(device="d1"))["result"]["devices"] == {"d1": "Stoves", "d2": "Ovens", "g1": "Basement"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"since": "yesterday"}, "bad_date"),
        ({"since": "2026-01-02", "until": "2026-01-01"}, "end_before_start"),
        ({"kinds": ["weather"]}, "invalid_format"),
        ({"kinds": []}, "invalid_format"),
        ({"limit": 0}, "invalid_format"),
        ({"limit": 501}, "invalid_format"),
        ({"before": "7"}, "invalid_format"),
        ({"active": "yes"}, "invalid_format"),
    ],
)
async def test_what_is_no_question_is_refused(ask: Ask, fields: dict[str, Any], code: str) -> None:
    answer = await ask(**fields)
    assert (answer["success"], answer["error"]["code"]) == (False, code)


async def test_the_user_of_the_connection_acknowledges(
    hass: HomeAssistant, site: SiteJournal, ask: Ask, hass_admin_user: MockUser
) -> None:
    happen(site)
    happen(site, "input_3")
    happen(site, on=False)
    assert (await ask("/acknowledge", ids=[2, 99]))["result"] == {"acknowledged": [2]}
    assert (await ask("/acknowledge", ids=[2]))["result"] == {"acknowledged": []}
    assert (await ask("/acknowledge", all=True))["result"] == {"acknowledged": [1]}
    assert (await ask(unacknowledged=True))["result"]["unacknowledged"] == 0
    await site.async_save()
    await async_load_journal(hass)
    seen = [entry.acknowledged_by for entry in hass.data[DATA_JOURNAL].journal.entries]
    assert seen == [None, hass_admin_user.name, hass_admin_user.name]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "which_alarms"),
        ({"ids": [1], "all": True}, "which_alarms"),
        ({"all": False}, "invalid_format"),
        ({"ids": []}, "invalid_format"),
        ({"ids": ["1"]}, "invalid_format"),
    ],
)
async def test_what_is_acknowledged_must_be_said_once(
    site: SiteJournal, ask: Ask, fields: dict[str, Any], code: str
) -> None:
    happen(site)
    assert (await ask("/acknowledge", **fields))["error"]["code"] == code
    assert site.journal.entries[0].acknowledged_at is None


async def test_users_need_the_rights(
    hass: HomeAssistant, site: SiteJournal, hass_ws_client: Any, hass_read_only_access_token: str
) -> None:
    happen(site)
    client = await hass_ws_client(hass, hass_read_only_access_token)
    outcome = []
    for command in ("alarms", "alarms/acknowledge"):
        more = {"all": True} if command.endswith("acknowledge") else {}
        await client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **more})
        answer = await client.receive_json()
        outcome.append((answer["success"], answer.get("error", {}).get("code")))
    assert outcome == [(True, None), (False, "unauthorized")]
    assert site.journal.entries[0].acknowledged_at is None


@pytest.fixture(autouse=True)
def long_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no pause be over before a test says so, however slow the machine is."""
    monkeypatch.setattr(alarms, "_PAUSE", 1000 * alarms._PAUSE)


async def pass_pause(hass: HomeAssistant) -> None:
    """Let the pause between two events go by."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=alarms._PAUSE + 1))
    await hass.async_block_till_done()


async def follow(client: Any) -> dict[str, Any]:
    """Subscribe, and return the first event."""
    await client.send_json_auto_id({"type": f"{DOMAIN}/alarms/subscribe"})
    assert (await client.receive_json())["success"]
    return await told(client)


async def told(client: Any) -> dict[str, Any]:
    """Return the next event."""
    event: dict[str, Any] = (await client.receive_json())["event"]
    return event


async def quiet(client: Any) -> bool:
    """Tell whether nothing is told before the answer to a ping."""
    await client.send_json_auto_id({"type": "ping"})
    return bool((await client.receive_json())["type"] == "pong")


async def test_changes_are_told_together_with_a_pause_between(
    hass: HomeAssistant, site: SiteJournal, client: Any
) -> None:
    assert await follow(client) == {"active": 0, "unacknowledged": 0, "newest": None, "changed": []}
    happen(site)
    happen(site, "input_3")
    happen(site, on=False)
    assert await quiet(client)
    await pass_pause(hass)
    event = await told(client)
    assert (event["active"], event["unacknowledged"], event["newest"]) == (1, 2, 3)
    assert event["changed"] == [entry.as_dict() for entry in reversed(site.journal.entries)]
    site.acknowledge([2], "Zoë")
    await pass_pause(hass)
    event = await told(client)
    assert (event["unacknowledged"], [one["id"] for one in event["changed"]]) == (1, [2])
    await pass_pause(hass)
    assert await quiet(client)
    happen(site, "input_4")
    assert [one["id"] for one in (await told(client))["changed"]] == [4], "after a pause at once"


async def test_an_end_comes_in_one_event_with_what_it_ends(hass: HomeAssistant, site: SiteJournal, client: Any) -> None:
    happen(site)
    await follow(client)
    await pass_pause(hass)
    happen(site, on=False)
    assert [one["id"] for one in (await told(client))["changed"]] == [1, 2]


@pytest.mark.parametrize(("count", "listed"), [(100, True), (101, False)])
async def test_many_changes_are_to_be_asked_for(
    hass: HomeAssistant, site: SiteJournal, client: Any, count: int, *, listed: bool
) -> None:
    await follow(client)
    for number in range(count):
        happen(site, f"input_{number}")
    await pass_pause(hass)
    event = await told(client)
    assert (event["newest"], event["active"], event["changed"] is not None) == (count, count, listed)


async def test_who_left_is_told_nothing(hass: HomeAssistant, site: SiteJournal, client: Any) -> None:
    await follow(client)
    happen(site)
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": 1})
    assert (await client.receive_json())["success"]
    await pass_pause(hass)
    happen(site, on=False)
    assert await quiet(client)


async def test_no_news_is_not_told(hass: HomeAssistant, site: SiteJournal, client: Any) -> None:
    happen(site)
    await follow(client)
    await pass_pause(hass)
    site.forget({"d1"})
    assert await quiet(client)
