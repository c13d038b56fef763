"""Home Assistant's statistics of a simulated past: hourly sums of the sensors that count.

This module owns what is imported, and the seam to what Home Assistant counts itself. Its own sums begin at 0 where the
past ends at a large one. So they are lifted, as soon as there are any, until they rise over the seam as the sensor's
state does. A seam that is done already is lifted by nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from .client import Client

HOUR: Final = 3600
SCALES: Final[Mapping[str, float]] = {"Wh": 1.0, "kWh": 1e-3, "MWh": 1e-6, "L": 1.0, "m³": 1e-3}
"""What a Wh or L is in the unit of a sensor."""
MONEY: Final = 1e-6
"""What a millionth is in any currency."""
UNIT_CLASSES: Final[Mapping[str, str | None]] = {
    "energy": "energy",
    "gas": "volume",
    "water": "volume",
    "monetary": None,
}
"""By device class."""


@dataclass(frozen=True, kw_only=True)
class Hourly:
    """What a sensor counted in each hour."""

    entity_id: str
    amounts: Mapping[int, int]
    """Wh, L or millionths of a currency, by the hour's first instant, POSIX s."""
    total: bool = False
    """True for a sensor that counts from 0 what the archive knows; else it shows a meter's index."""


@dataclass(frozen=True, kw_only=True)
class Seam:
    """Where the past of a sensor ends, in the sensor's unit."""

    at: int
    """First instant of the first hour that is Home Assistant's own."""
    sum: float
    state: float


@dataclass(frozen=True, kw_only=True)
class _Sensor:
    """A sensor as it shows itself."""

    value: float
    unit: str
    unit_class: str | None

    @property
    def scale(self) -> float:
        """What one of the amounts is in its unit."""
        return SCALES.get(self.unit, MONEY)


@dataclass(frozen=True, kw_only=True)
class _Own:
    """The first row of a sensor's own."""

    at: int
    sum: float
    state: float


async def plan(client: Client, found: Iterable[Hourly], *, since: int, until: int) -> dict[str, Seam]:
    """Return where the past of each sensor has to end; without those that count nothing or have no past."""
    series = {one.entity_id: one for one in found if any(one.amounts.values())}
    sensors = await _sensors(client, series)
    own = await _own(client, sensors, since)
    seams = {}
    for entity_id, sensor in sensors.items():
        one, first = series[entity_id], own.get(entity_id)
        at = min(until, until if first is None else first.at) // HOUR * HOUR
        before = [amount for hour, amount in one.amounts.items() if hour < at]
        if not before:
            continue
        scale, known = sensor.scale, sensor.value if first is None else first.state
        known_at = until if first is None else first.at + HOUR
        after = sum(amount for hour, amount in one.amounts.items() if at <= hour < known_at)
        index = max(0.0, known - after * scale)
        seams[entity_id] = Seam(at=at, sum=sum(before) * scale, state=sum(before) * scale if one.total else index)
    return seams


async def fill(client: Client, found: Iterable[Hourly], seams: Mapping[str, Seam]) -> int:
    """Import the hours before the seams; return how many. Home Assistant files them in its own time."""
    series = {one.entity_id: one for one in found}
    sensors = await _sensors(client, seams.keys() & series.keys())
    count = 0
    for entity_id, sensor in sensors.items():
        rows = _rows(series[entity_id], seams[entity_id], sensor.scale)
        metadata = {
            "statistic_id": entity_id,
            "source": "recorder",
            "name": None,
            "has_sum": True,
            "mean_type": 0,
            "unit_class": sensor.unit_class,
            "unit_of_measurement": sensor.unit,
        }
        await client.command("recorder/import_statistics", metadata=metadata, stats=rows)
        count += len(rows)
    return count


async def join(client: Client, seams: Mapping[str, Seam]) -> dict[str, Seam]:
    """Lift what Home Assistant counted after the seams; return the seams with nothing behind them yet."""
    if not seams:
        return {}
    sensors = await _sensors(client, seams)
    own = await _own(client, sensors, min(seam.at for seam in seams.values()), seams)
    for entity_id, first in own.items():
        seam = seams[entity_id]
        await client.command(
            "recorder/adjust_sum_statistics",
            statistic_id=entity_id,
            start_time=_iso(seam.at),
            adjustment=seam.sum + max(0.0, first.state - seam.state) - first.sum,
            adjustment_unit_of_measurement=sensors[entity_id].unit,
        )
    return {entity_id: seam for entity_id, seam in seams.items() if entity_id not in own}


async def clear(client: Client, entity_ids: Collection[str]) -> None:
    """Forget the statistics of sensors."""
    if entity_ids:
        await client.command("recorder/clear_statistics", statistic_ids=sorted(entity_ids))


def _rows(one: Hourly, seam: Seam, scale: float) -> list[dict[str, Any]]:
    """Return the hours before a seam, as Home Assistant takes them."""
    rows, risen = [], 0
    for hour in sorted(hour for hour in one.amounts if hour < seam.at):
        risen += one.amounts[hour]
        # A bill may be less than nothing, an index may not.
        state = risen * scale if one.total else max(0.0, seam.state - seam.sum + risen * scale)
        rows.append({"start": _iso(hour), "sum": round(risen * scale, 6), "state": round(state, 6)})
    return rows


async def _sensors(client: Client, entity_ids: Collection[str]) -> dict[str, _Sensor]:
    """Return those of the sensors that have a number, of a kind and in a unit that count."""
    found = {}
    for state in await client.command("get_states"):
        attributes = state["attributes"]
        unit, kind = attributes.get("unit_of_measurement"), attributes.get("device_class")
        number = state["state"] not in ("unavailable", "unknown")
        counts = unit in SCALES or kind == "monetary"
        if state["entity_id"] in entity_ids and number and counts and kind in UNIT_CLASSES:
            value = float(state["state"])
            found[state["entity_id"]] = _Sensor(value=value, unit=unit, unit_class=UNIT_CLASSES[kind])
    return found


async def _own(
    client: Client, entity_ids: Collection[str], since: int, seams: Mapping[str, Seam] | None = None
) -> dict[str, _Own]:
    """Return the first row of each sensor; with ``seams``: the first one behind its seam."""
    found: dict[str, _Own] = {}
    for period in ("hour", "5minute") if entity_ids else ():
        told = await client.command(
            "recorder/statistics_during_period",
            start_time=_iso(since),
            statistic_ids=sorted(entity_ids),
            period=period,
            types=["state", "sum"],
        )
        for entity_id, rows in told.items():
            for row in rows:
                at = int(row["start"]) // 1000
                late = seams is None or at >= seams[entity_id].at
                if late and row.get("sum") is not None and (entity_id not in found or at < found[entity_id].at):
                    found[entity_id] = _Own(at=at, sum=row["sum"], state=row["state"])
    return found


def _iso(at: int) -> str:
    """Return a time as Home Assistant takes it."""
    return datetime.fromtimestamp(at, UTC).isoformat()
