"""The action that prices the past anew: what it tells, what it changes, and what it leaves alone."""

from __future__ import annotations

import asyncio
import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from custom_components.legrand_ews.archive import Archive, ArchiveError
from custom_components.legrand_ews.archive_work import alone
from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.cost_book import device_key
from custom_components.legrand_ews.cost_duties import CostDuties
from custom_components.legrand_ews.csv_tables import CsvTables
from custom_components.legrand_ews.history import SIGNAL_COSTS
from custom_components.legrand_ews.news import DATA_NEWS

from .support import SOCKETS, subentry_id
from .test_cost_sensor import billing, cost, ledger, tariff
from .test_history import HEATED, begin, count, history, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import (  # type: ignore[import-untyped]
        MockUser,
    )

    from .support import Panel

TODAY: Final = "2026-02-24"
"""Where Home Assistant's tests live; an evening."""
SPAN: Final = {"start": "2026-02-01", "end": "2026-02-28"}
DEARER: Final = {"tariffs": [tariff("day", ("0.50", None)), tariff("night", ("0.10", None))]}
NEAR: Final = 0.0051
"""Half a cent."""


def daily(amount: str, since: str = TODAY) -> dict[str, Any]:
    """Return a fixed charge of each day as it is stored."""
    return {"id": "c", "name": "Meter", "per": "day", "prices": [{"amount": amount}], "since": since}


async def recompute(hass: HomeAssistant, *, apply: bool = False, **more: Any) -> dict[str, Any]:
    """Run the action; return its answer."""
    data = {**SPAN, "apply": apply, **more}
    context = data.pop("context", None)
    answer: Any = await hass.services.async_call(
        DOMAIN, "recompute_costs", data, blocking=True, return_response=True, context=context
    )
    return answer  # type: ignore[no-any-return]


async def lived(panel: Panel, **before: Any) -> ConfigEntry:
    """Set up a site whose meters counted, and whose prices were changed since then."""
    await panel.start(HEATED, SOCKETS)
    entry = await begin(panel, **billing(**before))
    await count(panel, 3600, every=300)
    return entry


async def change(panel: Panel, entry: ConfigEntry, **parts: Any) -> None:
    """Change prices."""
    panel.hass.config_entries.async_update_entry(entry, options=billing(**parts))
    await panel.settle()


async def paid(hass: HomeAssistant) -> Decimal:
    """Return what the ledger has altogether."""
    return sum((row.cost for row in await ledger(hass) if row.cost is not None), Decimal(0))


async def test_a_preview_tells_the_difference_and_changes_nothing(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await lived(panel)
    await change(panel, entry, **DEARER)
    before, shown = await ledger(hass), cost(hass, entry, "cost", "electricity")
    noted: list[object] = []
    for of in (CsvTables, CostDuties):
        monkeypatch.setattr(of, "note", lambda _self, starts: noted.append(starts))
    revision = hass.data[DATA_NEWS].revision
    answer = await recompute(hass)
    assert hass.data[DATA_NEWS].revision == revision
    was = await paid(hass)
    assert was > 0
    assert answer["applied"] is False
    assert (answer["start"], answer["end"], answer["currency"]) == ("2026-02-01", TODAY, "EUR")
    assert answer["before"] == pytest.approx(float(was), abs=NEAR)
    assert answer["after"] == pytest.approx(float(2 * was), abs=NEAR)
    assert answer["difference"] == pytest.approx(float(was), abs=NEAR)
    assert answer["charges_difference"] == 0
    assert await ledger(hass) == before
    assert cost(hass, entry, "cost", "electricity") == shown
    assert noted == []


@pytest.mark.usefixtures("all_enabled")
async def test_what_is_applied_is_in_ledger_sensors_tables_and_statistics(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await lived(panel)
    await change(panel, entry, **DEARER)
    was, shown = await paid(hass), cost(hass, entry, "cost", "electricity")
    own = {name: cost(hass, entry, "cost", device_key(subentry_id(name))) for name in ("Heated", "Sockets")}
    assert shown is not None
    preview = await recompute(hass)
    noted: dict[type, list[int]] = {CsvTables: [], CostDuties: []}

    def note(of: type) -> Callable[[object, Iterable[int]], None]:
        """Return what notes in the place of one of them."""
        return lambda _self, starts: noted[of].extend(starts)

    for of in noted:
        monkeypatch.setattr(of, "note", note(of))
    revision = hass.data[DATA_NEWS].revision
    answer = await recompute(hass, apply=True)
    await panel.settle()
    assert hass.data[DATA_NEWS].revision == revision + 1
    assert answer == {**preview, "applied": True}
    assert await paid(hass) == 2 * was
    now = cost(hass, entry, "cost", "electricity")
    assert now == pytest.approx(shown + was, abs=Decimal("0.000002"))
    assert now == cost(hass, entry, "bill", "overall") == cost(hass, entry, "tariff", "electricity:day")
    for name, before in own.items():
        after = cost(hass, entry, "cost", device_key(subentry_id(name)))
        assert before is not None
        assert after is not None
        assert after > before
    first = 1_769_932_800
    assert noted == {CsvTables: [first], CostDuties: [first]}
    assert (await recompute(hass, apply=True))["difference"] == 0
    await hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    booked = cost(hass, entry, "cost", "electricity")
    assert booked is not None
    assert booked == pytest.approx(now, abs=Decimal("0.01"))


async def test_the_difference_is_told_by_tariff_and_by_device(hass: HomeAssistant, panel: Panel) -> None:
    entry = await lived(panel)
    other = {
        "tariffs": [tariff("peak", ("0.75", None))],
        "rules": [{"tariff": "peak", "start": "00:00", "end": "23:59"}],
    }
    await change(panel, entry, **other)
    was = await paid(hass)
    answer = await recompute(hass)
    amounts = {row["tariff"]: row["amount"] for row in answer["tariffs"]}
    costs = {row["tariff"]: row["cost"] for row in answer["tariffs"]}
    assert amounts.keys() == {"Day", "Peak"}
    assert amounts["Peak"] == -amounts["Day"] == pytest.approx(float(was) / 0.25)
    assert costs == pytest.approx({"Day": float(-was), "Peak": float(3 * was)}, abs=NEAR)
    assert {row["currency"] for row in answer["tariffs"]} == {"EUR"}
    devices = {row["name"]: row["difference"] for row in answer["devices"]}
    assert devices.keys() == {"Heated", "Sockets"}
    assert min(devices.values()) > 0
    assert sum(devices.values()) == pytest.approx(answer["difference"], abs=2 * NEAR)


async def test_what_was_unpriced_gets_a_price_and_the_other_way_round(hass: HomeAssistant, panel: Panel) -> None:
    entry = await lived(panel, rules=[])
    assert await paid(hass) == 0
    await change(panel, entry)
    answer = await recompute(hass, apply=True)
    await panel.settle()
    now = await paid(hass)
    assert answer["before"] == 0
    assert answer["after"] == pytest.approx(float(now), abs=NEAR)
    assert {row["tariff"]: row["amount"] < 0 for row in answer["tariffs"]} == {None: True, "Day": False}
    await change(panel, entry, rules=[])
    assert (await recompute(hass, apply=True))["after"] == 0
    assert await paid(hass) == 0


async def test_charges_are_laid_anew_from_the_day_on_that_they_hold(hass: HomeAssistant, panel: Panel) -> None:
    entry = await lived(panel, charges=[daily("0.30")])
    assert cost(hass, entry, "charges", "electricity") == Decimal("0.30")
    await change(panel, entry, charges=[daily("0.50", "2026-02-20")])
    preview = await recompute(hass)
    assert preview["charges_difference"] == pytest.approx(5 * 0.5 - 0.3)
    assert preview["difference"] == preview["charges_difference"]
    assert cost(hass, entry, "charges", "electricity") == Decimal("0.30")
    assert await recompute(hass, apply=True) == {**preview, "applied": True}
    await panel.settle()
    assert cost(hass, entry, "charges", "electricity") == Decimal("2.50")
    assert cost(hass, entry, "charges", "overall", "today") == Decimal("0.50")
    rows = await history(hass).async_ask(lambda archive: archive.charges(0, 2**40))
    assert [row.cost for row in rows] == 5 * [Decimal("0.50")]
    await written(panel)
    assert cost(hass, entry, "charges", "electricity") == Decimal("2.50")


async def test_days_outside_are_left_alone(hass: HomeAssistant, panel: Panel) -> None:
    entry = await lived(panel)
    await change(panel, entry, **DEARER)
    was = await paid(hass)
    answer = await recompute(hass, apply=True, end="2026-02-23")
    assert (answer["difference"], answer["before"], answer["end"]) == (0, 0, "2026-02-23")
    assert await paid(hass) == was


@pytest.mark.parametrize(
    "days", [{"start": "2026-02-24", "end": "2026-02-23"}, {"start": "2026-02-25", "end": "2026-02-28"}]
)
async def test_days_that_end_before_they_begin_and_days_to_come_are_refused(
    hass: HomeAssistant, panel: Panel, days: dict[str, Any]
) -> None:
    await panel.load_integration()
    await begin(panel, **billing())
    with pytest.raises(ServiceValidationError) as caught:
        await recompute(hass, **days)
    assert caught.value.translation_key == "end_before_start"


async def test_without_an_installation_there_is_nothing_to_price(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    with pytest.raises(ServiceValidationError) as caught:
        await recompute(hass)
    assert caught.value.translation_key == "no_installation"


async def test_it_is_for_administrators(hass: HomeAssistant, panel: Panel, hass_read_only_user: MockUser) -> None:
    await panel.load_integration()
    await begin(panel, **billing())
    with pytest.raises(Unauthorized):
        await recompute(hass, context=Context(user_id=hass_read_only_user.id))


async def test_it_waits_for_no_other_work_on_the_archive(hass: HomeAssistant, panel: Panel) -> None:
    await panel.load_integration()
    await begin(panel, **billing())
    with alone(hass), pytest.raises(HomeAssistantError) as caught:
        await recompute(hass)
    assert caught.value.translation_key == "archive_busy"
    assert (await recompute(hass))["difference"] == 0


async def test_what_fails_midway_is_shown_as_far_as_it_came(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await lived(panel)
    await change(panel, entry, **DEARER)
    was, first, reprice = await paid(hass), history(hass), Archive.reprice

    def fail(self: Archive, *span: Any, **how: Any) -> Any:
        """Do the work, and fail before its end."""
        reprice(self, *span, **how)
        raise ArchiveError("the disk is full")

    monkeypatch.setattr(Archive, "reprice", fail)
    with pytest.raises(HomeAssistantError) as caught:
        await recompute(hass)
    assert caught.value.translation_key == "archive_unavailable"
    await panel.settle()
    assert history(hass) is first
    with pytest.raises(HomeAssistantError):
        await recompute(hass, apply=True)
    await panel.settle()
    assert history(hass) is not first
    assert await paid(hass) == 2 * was
    shown = cost(hass, entry, "cost", "electricity")
    assert shown is not None
    assert shown >= 2 * was
    with alone(hass):
        pass


async def test_it_ends_with_the_installation(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await lived(panel)
    await change(panel, entry, **DEARER)
    reprice, begun, gone = Archive.reprice, asyncio.Event(), threading.Event()

    def wait(self: Archive, *span: Any, **how: Any) -> Any:
        """Begin when nobody wants it any more."""
        hass.loop.call_soon_threadsafe(begun.set)
        assert gone.wait(10)
        return reprice(self, *span, **how)

    monkeypatch.setattr(Archive, "reprice", wait)
    work = hass.async_create_task(recompute(hass, apply=True))
    await begun.wait()
    async_dispatcher_connect(hass, SIGNAL_COSTS, gone.set)
    unloading = hass.async_create_task(hass.config_entries.async_unload(entry.entry_id))
    with pytest.raises(HomeAssistantError) as caught:
        await work
    assert caught.value.translation_key == "archive_unavailable"
    assert await unloading
    await panel.settle()
    assert entry.state is ConfigEntryState.NOT_LOADED
    await hass.config_entries.async_setup(entry.entry_id)
    await panel.settle()
    assert (await recompute(hass))["applied"] is False
