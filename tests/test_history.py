"""The history of a site: from polls of real meters to rows in a real archive, and to the totals that people see."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from custom_components.legrand_ews.const import DOMAIN
from custom_components.legrand_ews.history import DATA_HISTORY, History, find_history, total_id
from custom_components.legrand_ews.loads import assign
from custom_components.legrand_ews.metering import load_key
from plant.scenario import DeviceSpec

from .support import METER, PULSES, SOCKETS, drained, install_profiles, subentry_id
from .test_loads import site

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from custom_components.legrand_ews.archive import Archive, ConsumptionRow, IntervalRow, Scope

    from .support import Panel

HEATED = DeviceSpec(name="Heated", model="412045", address=2, at="sockets", load="heating")


def history(hass: HomeAssistant) -> History:
    """Return the history of the site."""
    return hass.data[DATA_HISTORY]


async def begin(panel: Panel, *rows: tuple[str, str, str], **options: Any) -> ConfigEntry:
    """Set up the installation, and let its archive tell what it has."""
    entry = await site(panel.hass, *rows, **options)
    await panel.settle()
    return entry


async def count(panel: Panel, seconds: float = 1200, *, every: float = 60) -> None:
    """Let meters count, and what they counted be written."""
    for _ in range(round(seconds / every)):
        await panel.wait(every)
    await written(panel)


async def written(panel: Panel) -> None:
    """Let rows that wait be handed on and written, and the totals be shown: what the clock does each minute."""
    one = history(panel.hass)
    one._hand_on()
    one._tick(dt_util.utcnow())
    assert await panel.hass.async_add_executor_job(drained, one.writer)
    await one.async_ask(lambda archive: archive.info())
    await panel.settle()


async def intervals(hass: HomeAssistant) -> list[IntervalRow]:
    """Return all intervals of the archive."""
    return await history(hass).async_ask(lambda archive: list(archive.intervals(None, 0, 2**40)))


async def years(hass: HomeAssistant, scope: Scope) -> list[ConsumptionRow]:
    """Return what was counted altogether."""
    return await history(hass).async_ask(lambda archive: archive.consumption(scope, None, "year", 0, 2**40))


def index(panel: Panel, device: str) -> float:
    """Return what the energy sensor of a device shows, kWh."""
    return float(panel.number(device, "energy_import"))


def total(hass: HomeAssistant, entry: ConfigEntry, key: str, measure: str = "total") -> float | None:
    """Return what the sensor of a total shows, kWh or m3; None where there is none."""
    entity = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, total_id(entry, key, measure))
    state = None if entity is None else hass.states.get(entity)
    return None if state is None else float(state.state)


async def test_what_meters_count_is_in_the_archive_and_in_the_totals(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED, PULSES)
    entry = await begin(panel)
    await panel.wait()
    began = index(panel, "Heated")
    await count(panel)
    counted = index(panel, "Heated") - began
    assert counted > 0
    shown = total(hass, entry, load_key("heating", "electricity"))
    assert shown == pytest.approx(counted, abs=0.002)
    assert total(hass, entry, load_key("heating", "electricity"), "today") == shown
    assert total(hass, entry, load_key("heating", "electricity"), "yesterday") == 0
    everything = total(hass, entry, "electricity")
    assert everything is not None
    assert everything > shown
    rows = [row for row in await intervals(hass) if row.device == subentry_id("Heated")]
    assert {row.quantity for row in rows} == {"energy_import"}
    assert len({row.start for row in rows}) == len(rows) >= 2
    assert {row.load for row in rows} == {"heating"}
    assert 0 < sum(row.amount for row in rows) <= 1000 * counted + 1


async def test_loads_and_totals_are_service_devices_of_the_installation(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel, ("group", "g1", "West"))
    assign(hass, "group", "g1", {subentry_id("Heated")})
    await count(panel)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    by_name = {device.name: device for device in devices}
    assert set(by_name) == {"Site", "Totals", "Heating", "West"}
    assert by_name["Heating"].via_device_id == by_name["Site"].id
    assert by_name["West"].config_subentry_id == "g1"
    state = hass.states.get("sensor.heating_electricity")
    assert state is not None
    assert (state.attributes["device_class"], state.attributes["state_class"]) == ("energy", "total_increasing")
    assert state.attributes["unit_of_measurement"] == "kWh"


async def test_a_load_that_is_switched_off_has_no_device(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel, 600)
    assert hass.states.get("sensor.heating_electricity") is not None
    hass.config_entries.async_update_entry(entry, options={"loads_off": ["heating"]})
    await panel.settle()
    assert hass.states.get("sensor.heating_electricity") is None
    names = {device.name for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)}
    assert names == {"Site", "Totals"}


async def test_nothing_is_lost_or_counted_twice_over_a_reload(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER, SOCKETS)
    entry = await begin(panel)
    await panel.wait()
    began = index(panel, "Mains") + index(panel, "Sockets")
    await count(panel, 900)
    await hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    await count(panel, 900)
    ended = index(panel, "Mains") + index(panel, "Sockets")
    assert total(hass, entry, "electricity") == pytest.approx(ended - began, abs=0.003)
    rows = await intervals(hass)
    assert len({(row.device, row.quantity, row.start) for row in rows}) == len(rows)
    for device in {row.device for row in rows}:
        imports = [row for row in rows if row.device == device and row.quantity == "energy_import"]
        spans = [(row.start, row.start + row.seconds) for row in imports]
        assert all(before[1] == after[0] for before, after in pairwise(spans)), device


async def test_a_device_that_moves_leaves_what_it_counted(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel, 300)
    before = total(hass, entry, load_key("heating", "electricity"))
    assert before
    assign(hass, "load", "cooling", {subentry_id("Heated")})
    await panel.wait(5)
    await count(panel, 900)
    heating = total(hass, entry, load_key("heating", "electricity"))
    cooling = total(hass, entry, load_key("cooling", "electricity"))
    everything = total(hass, entry, "electricity")
    assert heating is not None
    assert cooling
    assert before <= heating < before + cooling
    assert everything == pytest.approx(heating + cooling, abs=0.002)
    assert {row.key for row in await years(hass, "load")} == {"heating", "cooling"}


async def test_a_deleted_gateway_leaves_its_totals(hass: HomeAssistant, panel: Panel) -> None:
    gateway = await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel, 300)
    before = total(hass, entry, "electricity")
    assert before
    await hass.config_entries.async_remove(gateway.entry_id)
    await panel.settle()
    await written(panel)
    after = total(hass, entry, "electricity")
    assert after is not None
    assert after >= before
    await hass.config_entries.async_reload(entry.entry_id)
    await panel.settle()
    assert total(hass, entry, "electricity") == after


async def test_what_devices_measure_is_sampled(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    await begin(panel)
    await count(panel)
    found = await history(hass).async_ask(lambda archive: list(archive.samples(subentry_id("Mains"), None, 0, 2**40)))
    assert found
    average, least, most = found[0].values["power"]
    assert least <= average <= most
    assert found[0].seconds == 600
    assert "energy_import" not in found[0].values


async def test_alarms_are_in_the_archive_as_they_are_now(hass: HomeAssistant, panel: Panel) -> None:
    install_profiles(hass, "plant_ems_state")
    breaker = DeviceSpec(name="Main breaker", model="414930", address=11, at="mains")
    await panel.start(breaker, status_poll_time=10)
    await begin(panel)
    panel.unit(11).trip()
    await panel.wait()
    await written(panel)

    async def trips() -> list[dict[str, Any]]:
        """Return the trips in the archive."""
        rows = await history(hass).async_ask(lambda archive: archive.alarms(0, 2**40))
        return [dict(row.data) for row in rows if row.data["event"] == "breaker_tripped"]

    assert [row["ended_at"] for row in await trips()] == [None]
    panel.unit(11).clear()
    await panel.wait()
    await written(panel)
    assert [row["ended_at"] for row in await trips()] == [panel.clock.now]


async def test_readings_wait_for_an_archive_that_is_not_there_yet(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.history._WAIT", 0)
    monkeypatch.setattr("custom_components.legrand_ews.history._BACK_OFF", (0.05,))
    await panel.start(HEATED)
    tried, opened = 0, History.open_archive

    def refuse(self: History) -> Archive:
        """Be away the first times."""
        nonlocal tried
        tried += 1
        if tried > 5:
            return opened(self)
        raise OSError("not yet")

    monkeypatch.setattr(History, "open_archive", refuse)
    await begin(panel)
    await panel.settle()
    assert history(hass).consumption.ready
    assert tried > 5


async def test_without_an_installation_there_is_no_history(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(METER)
    with pytest.raises(ServiceValidationError):
        find_history(hass)


async def test_another_time_zone_begins_a_new_history(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    await begin(panel)
    await count(panel, 600)
    first = history(hass)
    await hass.config.async_update(time_zone="Asia/Kolkata")
    await panel.settle()
    assert history(hass) is not first
    assert history(hass).zone == "Asia/Kolkata"
    assert await intervals(hass)


async def test_old_rows_go_once_a_day(hass: HomeAssistant, panel: Panel) -> None:
    await panel.start(HEATED)
    await begin(panel, keep_intervals=1)
    await count(panel, 1200)
    before = await intervals(hass)
    assert before
    panel.clock.now += 3 * 86400
    writer = history(hass).writer
    assert await hass.async_add_executor_job(writer.pause, 10)
    history(hass)._retain_due(dt_util.utcnow())
    await panel.settle()
    assert await intervals(hass) == before
    writer.resume()
    history(hass)._retain_due(dt_util.utcnow())
    await panel.settle()
    assert await intervals(hass) == []
    assert [row.amount for row in await years(hass, "total")] == [sum(row.amount for row in before)]


async def test_a_long_silence_goes_to_the_hours_it_belongs_to(
    recorder_mock: object,  # noqa: ARG001
    hass: HomeAssistant,
    panel: Panel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await panel.start(HEATED)
    entry = await begin(panel)
    await count(panel, 600)
    await panel.wait(3 * 3600)
    added: list[tuple[str, int]] = []
    late = history(hass).late
    monkeypatch.setattr(late, "add", lambda entity, _hour, amount, **_more: added.append((entity, amount)))
    await panel.wait(3 * 3600)
    await written(panel)
    entities = {entity for entity, _ in added}
    device = panel.entity("Heated", "energy_import")
    heating = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, total_id(entry, load_key("heating", "electricity"))
    )
    assert {device, heating} <= entities
    assert sum(amount for entity, amount in added if entity == device) > 0
