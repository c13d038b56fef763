"""The state of the counters, kept over restarts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed  # type: ignore[import-untyped]

from custom_components.legrand_ews.bus import Index
from custom_components.legrand_ews.catalog import QuantityKind
from custom_components.legrand_ews.meters import MAX_RATES, Meters

if TYPE_CHECKING:
    import pytest
    from homeassistant.core import HomeAssistant

KEY = "legrand_ews.meters.entry"
START = 1_772_000_000.0


def index(value: int, *, modulus: int | None = 100_000_000, resolution: int = 10) -> Index:
    """Return a reading of a counter, Wh."""
    return Index(Decimal(value), None if modulus is None else Decimal(modulus), Decimal(resolution))


async def loaded(hass: HomeAssistant) -> Meters:
    """Return the counters of a gateway as stored."""
    meters = Meters(hass, "entry")
    await meters.async_load()
    return meters


async def later(hass: HomeAssistant, seconds: float) -> None:
    """Let what is due be saved."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done(wait_background_tasks=True)


def total(meters: Meters, value: int, at: float, device: str = "a", key: str = "energy_import") -> Decimal:
    """Take a reading."""
    return meters.update(device, key, index(value), START + at).total


async def test_a_total_begins_where_the_meter_stands_and_grows_with_it(hass: HomeAssistant) -> None:
    meters = await loaded(hass)
    assert total(meters, 5000, 0) == 5000
    assert total(meters, 5100, 10) == 5100
    assert total(meters, 900, 10, key="energy_export") == 900
    assert total(meters, 70, 10, device="b") == 70


async def test_a_reset_during_a_restart_costs_nothing(hass: HomeAssistant) -> None:
    meters = await loaded(hass)
    for at, value in enumerate((5000, 5100, 0, 10, 20, 30)):
        before = total(meters, value, 10 * at)
    assert before == 5130
    await meters.async_save()
    again = await loaded(hass)
    assert total(again, 40, 70) == 5140


async def test_without_what_was_stored_a_total_begins_anew(hass: HomeAssistant) -> None:
    meters = await loaded(hass)
    total(meters, 5000, 0)
    await meters.async_save()
    await meters.async_remove()
    assert total(await loaded(hass), 10, 10) == 10


async def test_counters_of_devices_switched_off_are_kept(hass: HomeAssistant) -> None:
    meters = await loaded(hass)
    for at, value in enumerate((5000, 0, 10, 20, 30)):
        expected = total(meters, value, 10 * at, device="off")
    await meters.async_save()
    again = await loaded(hass)
    total(again, 1, 100, device="on")
    await again.async_save()
    assert total(await loaded(hass), 30, 200, device="off") == expected


async def test_counters_of_deleted_devices_are_forgotten(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    meters = await loaded(hass)
    total(meters, 5000, 0, device="old")
    total(meters, 5000, 0, device="kept")
    await meters.async_save()
    assert set(hass_storage[KEY]["data"]) == {"old", "kept"}
    again = await loaded(hass)
    again.forget_but({"kept"})
    await again.async_save()
    assert set(hass_storage[KEY]["data"]) == {"kept"}


async def test_damaged_storage_is_no_reason_to_stop(hass: HomeAssistant, hass_storage: dict[str, Any]) -> None:
    hass_storage[KEY] = {"version": 1, "minor_version": 1, "key": KEY, "data": {"a": {"energy_import": {"last": 5}}}}
    assert total(await loaded(hass), 70, 0) == 70


async def test_a_change_of_the_counters_step_is_no_consumption(hass: HomeAssistant) -> None:
    meters = await loaded(hass)
    assert total(meters, 50_000, 0) == 50_000
    # The ratio of the current transformer was set from 1 to 100: all indexes are 100 times as large.
    readings = [
        meters.update("a", "energy_import", index(value, modulus=10**10, resolution=1000), START + 10 * at).total
        for at, value in enumerate((5_000_000, 5_001_000, 5_002_000, 5_003_000, 5_004_000), 1)
    ]
    assert readings[0] == 50_000
    assert 50_000 < readings[-1] < 60_000


async def test_quantities_of_the_users_own_count_too(hass: HomeAssistant) -> None:
    meters = await loaded(hass)
    assert meters.update("a", "strokes", index(5, modulus=None, resolution=1), START).total == 5
    assert meters.update("a", "strokes", index(9, modulus=None, resolution=1), START + 10).total == 9


async def test_readings_are_saved_now_and_then_however_often_they_come(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    meters = await loaded(hass)
    total(meters, 5000, 0)
    await later(hass, 200)
    assert KEY not in hass_storage
    total(meters, 5100, 200)
    await later(hass, 301)
    assert hass_storage[KEY]["data"]["a"]["energy_import"]["total"] == "5100"
    total(meters, 5200, 400)
    await later(hass, 301)
    assert hass_storage[KEY]["data"]["a"]["energy_import"]["total"] == "5200"


async def test_a_new_offset_is_saved_soon_whatever_else_is_read(
    hass: HomeAssistant, hass_storage: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    meters = await loaded(hass)
    for at, value in enumerate((5000, 0, 10)):
        total(meters, value, 10 * at)
    await later(hass, 301)
    assert hass_storage[KEY]["data"]["a"]["energy_import"]["total"] == "5000"
    total(meters, 20, 30)
    assert "Counter energy_import of device a: reset at index 20" in caplog.text
    total(meters, 700, 30, key="energy_export")
    await later(hass, 6)
    assert hass_storage[KEY]["data"]["a"]["energy_import"]["total"] == "5020"


async def test_a_poll_that_ends_after_the_last_save_writes_nothing_over_its_successors(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    old = await loaded(hass)
    total(old, 5000, 0)
    await old.async_save()
    new = await loaded(hass)
    total(new, 6000, 3600)
    total(old, 5010, 3600)
    await new.async_save()
    await later(hass, 400)
    assert hass_storage[KEY]["data"]["a"]["energy_import"]["total"] == "6000"


def test_every_kind_that_counts_has_a_limit() -> None:
    assert set(MAX_RATES) == {kind for kind in QuantityKind if kind.counts}
    assert all(rate > 0 for rate in MAX_RATES.values())
