"""The demo's past: what reaches the archive and the statistics."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.legrand_ews.archive import Archive, IntervalRow
from custom_components.legrand_ews.bill_settings import BillSettings
from custom_components.legrand_ews.catalog import Catalog
from custom_components.legrand_ews.device import DeviceConfig, resolve
from custom_components.legrand_ews.prices import Prices
from demo import statistics
from demo.costs import costs
from demo.history import Mark, fill_history, fitted_devices, joining, totals, write_archive
from demo.simulated import Counter, Fitted, counters, interval_rows, sample_rows
from demo.statistics import HOUR, Hourly, Seam
from plant.electrical import TOTAL, Installation
from plant.past import STEP, Past
from plant.scenario import DeviceSpec, Scenario, load_scenario
from plant.site import PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZONE = "Europe/Paris"
SINCE = int(datetime(2026, 10, 24, tzinfo=ZoneInfo(ZONE)).timestamp())
"""The day before the one with 25 hours."""
UNTIL = SINCE + 51 * HOUR + 2 * STEP
EVER: dict[str, Any] = {"tariff": "t", "start": "00:00", "end": "23:59"}
TARIFF: dict[str, Any] = {"id": "t", "name": "Standard", "color": "#000000", "prices": [{"amount": "0.2"}]}
CHARGE: dict[str, Any] = {
    "id": "c",
    "name": "Standing",
    "per": "day",
    "prices": [{"amount": "0.5"}],
    "since": "2026-10-25",
}
BILLING = {"plans": {"electricity": {"tariffs": [TARIFF], "rules": [EVER], "charges": [CHARGE]}}}
PRICES = Prices(BillSettings.of({"billing": BILLING}, currency="EUR", zone=ZoneInfo(ZONE)), {})


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load(PROFILES)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("house")


@pytest.fixture(scope="module")
def plant(scenario: Scenario) -> SimpleNamespace:
    """A plant, as far as its past needs one."""
    return SimpleNamespace(scenario=scenario, installation=Installation(scenario.tree, scenario.flows))


@pytest.fixture(scope="module")
def past(plant: SimpleNamespace) -> Past:
    return Past(plant.installation, since=SINCE, until=UNTIL, zone=ZONE)


def data_of(spec: DeviceSpec) -> dict[str, Any]:
    """What Home Assistant keeps of a device."""
    fields = ("model", "address", "position", "concentrator", "pulse_unit", "supply", "load", "exclude_from_totals")
    data = {name: getattr(spec, name) for name in fields if getattr(spec, name) is not None}
    return data if spec.pulse_weight is None else data | {"pulse_weight": float(spec.pulse_weight)}


@pytest.fixture(scope="module")
def fitted(catalog: Catalog, scenario: Scenario) -> list[Fitted]:
    return [
        Fitted(device=resolve(catalog, DeviceConfig.from_data(spec.name, spec.name, data_of(spec))), spec=spec)
        for spec in scenario.devices
    ]


@pytest.fixture(scope="module")
def found(fitted: list[Fitted], past: Past, plant: SimpleNamespace) -> list[Counter]:
    return counters(fitted, past, plant.installation)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive.open(f"sqlite:///{tmp_path}/archive.db", site="demo", zone=ZONE)) as archive:
        yield archive


def by_name(found: list[Counter]) -> dict[tuple[str, str], Counter]:
    """Counters by device and quantity."""
    return {(counter.device, counter.quantity): counter for counter in found}


def test_counters_count_what_flowed_at_their_place(found: list[Counter], past: Past) -> None:
    known = by_name(found)
    for name, quantity, sign in (("Car", "energy_import", 1), ("Sun on the roof", "energy_import", -1)):
        amounts = known[name, quantity].amounts
        assert len(amounts) == len(past.steps)
        flowed = sum(max(0, sign * power) for power in past.power(name, TOTAL)) * STEP // 3_600_000
        assert sum(amounts) == flowed > 0
    gas, water = known["Gas", "volume"], known["Water", "volume"]
    assert {amount % 10 for amount in gas.amounts} == {0}
    assert {amount % 10 for amount in water.amounts} > {0}
    assert ("Car", "energy_export") not in known
    assert ("Kitchen breaker", "energy_import") not in known


def test_a_house_draws_what_its_parts_draw(found: list[Counter], past: Past, plant: SimpleNamespace) -> None:
    known = by_name(found)
    net = [
        one - other
        for one, other in zip(
            *(known["House connection", f"energy_{way}"].amounts for way in ("import", "export")), strict=True
        )
    ]
    parts = [
        sum(step)
        for step in zip(*(past.power(node.name, TOTAL) for node in plant.installation.root.children), strict=True)
    ]
    assert all(abs(wh - power * STEP / 3_600_000) <= 2 for wh, power in zip(net, parts, strict=True))


def test_places_are_those_of_the_devices(found: list[Counter]) -> None:
    known = by_name(found)
    assert known["Heat pump", "energy_import"].place.load == "heating"
    assert known["Water", "volume"].place.load is None
    assert known["Water", "volume"].place.commodity == "water"
    assert not known["House connection", "energy_import"].place.counted


def test_a_device_that_the_form_has_the_other_way_round_counts_the_other_way_round(
    fitted: list[Fitted], past: Past, plant: SimpleNamespace, catalog: Catalog
) -> None:
    sun = next(one for one in fitted if one.spec.name == "Sun on the roof")
    data = data_of(sun.spec) | {"supply": "upstream"}
    turned = Fitted(device=resolve(catalog, DeviceConfig.from_data("sun", "sun", data)), spec=sun.spec)
    (plain,), (other,) = (counters([one], past, plant.installation) for one in (sun, turned))
    assert (plain.quantity, other.quantity) == ("energy_import", "energy_export")
    assert plain.amounts == other.amounts
    powers = [
        [row.values["power"][0] for rows in sample_rows([one], past, plant.installation, {}) for row in rows]
        for one in (sun, turned)
    ]
    assert max(powers[0]) > 0
    assert min(powers[0]) >= 0
    assert powers[0] == [-value for value in powers[1]]


def test_rows_cover_the_span_without_gaps_and_say_that_they_are_estimated(found: list[Counter], past: Past) -> None:
    batches = list(interval_rows(found, past.steps, {"Car": SINCE + 3 * STEP + 1}, 100))
    rows = [row for batch in batches for row in batch]
    assert [row.start for row in rows] == sorted(row.start for row in rows)
    assert all(row.estimated and row.seconds == STEP for row in rows)
    starts = [row.start for row in rows if row.device == "Heat pump"]
    assert starts == list(range(SINCE, UNTIL, STEP))
    assert [row.start for row in rows if row.device == "Car"] == starts[:3]


def test_samples_have_the_quantities_of_the_device_around_their_average(
    fitted: list[Fitted], past: Past, plant: SimpleNamespace
) -> None:
    told = {rows[0].device: rows for rows in sample_rows(fitted, past, plant.installation, {"Car": SINCE}) if rows}
    assert "Car" not in told
    assert "Gas" not in told
    (heater,) = {tuple(row.values) for row in told["Water heater"]}
    assert {"power", "current_l1", "voltage_l1"} <= set(heater)
    assert "current_l2" not in heater
    assert len(told["House connection"]) == len(past.steps)
    for row in told["House connection"]:
        for average, least, most in row.values.values():
            assert least <= average <= most
        assert 220 < row.values["voltage_l3"][0] < 240


def test_an_archive_gets_the_past_once_and_up_to_what_a_device_tells_itself(
    archive: Archive, found: list[Counter], fitted: list[Fitted], past: Past, plant: SimpleNamespace
) -> None:
    own = UNTIL - 5 * STEP
    archive.write(
        [
            IntervalRow(
                device="Car",
                quantity="energy_import",
                commodity="electricity",
                start=own + 60,
                seconds=STEP - 60,
                amount=7,
                load="others",
            )
        ]
    )
    for _ in range(2):
        write_archive(archive, found, fitted, past, plant, PRICES)  # type: ignore[arg-type]
    rows = [row for row in archive.intervals(["Car"], SINCE, UNTIL) if row.quantity == "energy_import"]
    assert [row.start for row in rows] == [*range(SINCE, own, STEP), own + 60]
    hours = archive.consumption("device", ["Heat pump"], "day", SINCE, UNTIL)
    assert sum(row.amount for row in hours) == sum(by_name(found)["Heat pump", "energy_import"].amounts)
    assert [row.amount == row.estimated for row in hours] == [True] * 3
    paid = costs(archive, PRICES, "entry", SINCE, UNTIL)
    counted = [row for row in archive.consumption("total", None, "day", SINCE, UNTIL) if row.commodity == "electricity"]
    imported = sum(row.amount for row in counted if row.quantity == "energy_import")
    # What Home Assistant counted itself was not priced here.
    assert sum(paid["entry_cost_total_electricity"].values()) == (imported - 7) * 200 > 0
    assert sum(paid["entry_charges_total_overall"].values()) == 2 * 500_000
    assert sum(paid["entry_bill_total_electricity"].values()) == (imported - 7) * 200 + 1_000_000


def test_totals_are_what_counts_for_them(archive: Archive, found: list[Counter], past: Past) -> None:
    for rows in interval_rows(found, past.steps, {}, 1000):
        archive.write(rows)
    known, hours = by_name(found), totals(archive, "entry", SINCE, UNTIL)
    heat = sum(known["Heat pump", "energy_import"].amounts)
    assert sum(hours["entry_total_load:electricity:heating"].values()) == heat
    assert sum(hours["entry_total_water"].values()) == sum(known["Water", "volume"].amounts)
    names = ("Car", "Heat pump", "Water heater", "Laundry")
    assert sum(hours["entry_total_electricity"].values()) == sum(
        sum(known[name, "energy_import"].amounts) for name in names
    )
    assert hours["entry_total_overall"] == hours["entry_total_electricity"]


def test_gas_counts_with_what_it_is_worth(archive: Archive, found: list[Counter], past: Past) -> None:
    for rows in interval_rows(found, past.steps, {}, 1000):
        archive.write(rows)
    hours = totals(archive, "entry", SINCE, UNTIL, gas_factor=Decimal("11.237"))
    sums = {key.removeprefix("entry_total_"): sum(amounts.values()) for key, amounts in hours.items()}
    assert sums["gas"] > 0
    assert sums["gas_equivalent"] == int(sums["gas"] * Decimal("11.237"))
    assert sums["overall"] == sums["electricity"] + sums["gas_equivalent"]


class Desk:
    """Home Assistant as far as the past needs it: sensors with what they show, and rows of statistics."""

    def __init__(self) -> None:
        self.states: list[dict[str, Any]] = []
        self.money: dict[str, Any] = {
            "unique_id": "meter_cost_total",
            "entity_id": "sensor.meter_cost",
            "platform": "legrand_ews",
            "disabled_by": "integration",
            "device_id": "meter",
            "config_entry_id": "gateway",
        }
        self.entities: list[dict[str, Any]] = [self.money]
        self.rows: dict[str, dict[int, dict[str, float]]] = {}
        self.units: dict[str, str] = {}
        self.reloads: list[str] = []
        self.notes: list[dict[str, Any]] = []

    def add(self, entity_id: str, unique_id: str, value: float, *, unit: str = "kWh", kind: str = "energy") -> None:
        """A sensor."""
        self.entities.append(
            {
                "unique_id": unique_id,
                "entity_id": entity_id,
                "platform": "legrand_ews",
                "disabled_by": None,
                "device_id": None,
            }
        )
        attributes = {"unit_of_measurement": unit, "device_class": kind}
        self.states.append({"entity_id": entity_id, "state": str(value), "attributes": attributes})

    def sums(self, entity_id: str) -> list[float]:
        """The sums of a sensor in order of time."""
        rows = self.rows.get(entity_id, {})
        return [rows[at]["sum"] for at in sorted(rows)]

    async def post(self, path: str, _: dict[str, Any]) -> None:
        """Load an entry anew."""
        self.reloads.append(path)

    async def action(self, domain: str, name: str, **data: Any) -> None:
        """Show a note, or write tables."""
        self.notes.append({"action": f"{domain}.{name}", **data})

    async def command(self, kind: str, **given: Any) -> Any:
        """Answer a websocket command."""
        return getattr(self, kind.replace("/", "_"))(**given)

    def get_config(self) -> dict[str, str]:
        return {"time_zone": ZONE, "currency": "EUR"}

    def get_states(self) -> list[dict[str, Any]]:
        return self.states

    def config_device_registry_list(self) -> list[dict[str, Any]]:
        return [{"id": "meter", "name": "House connection"}]

    def config_entity_registry_list(self) -> list[dict[str, Any]]:
        return self.entities

    def config_entity_registry_update(self, *, entity_id: str, disabled_by: None) -> None:
        assert entity_id == self.money["entity_id"]
        self.money["disabled_by"] = disabled_by

    def recorder_statistics_during_period(
        self, *, start_time: str, statistic_ids: list[str], period: str, types: list[str]
    ) -> dict[str, list[dict[str, float]]]:
        assert statistic_ids
        assert {"state", "sum"} == set(types)
        since = int(datetime.fromisoformat(start_time).timestamp())
        return {
            key: [{"start": at * 1000, **row} for at, row in sorted(self.rows[key].items()) if at >= since]
            for key in statistic_ids
            if key in self.rows and period == "hour"
        }

    def recorder_import_statistics(self, *, metadata: dict[str, Any], stats: list[dict[str, Any]]) -> None:
        self.units[metadata["statistic_id"]] = metadata["unit_of_measurement"]
        rows = self.rows.setdefault(metadata["statistic_id"], {})
        for row in stats:
            start = datetime.fromisoformat(row["start"])
            assert start.minute == start.second == 0
            rows[int(start.timestamp())] = {"sum": row["sum"], "state": row["state"]}

    def recorder_adjust_sum_statistics(
        self, *, statistic_id: str, start_time: str, adjustment: float, adjustment_unit_of_measurement: str
    ) -> None:
        assert adjustment_unit_of_measurement == self.units[statistic_id]
        since = datetime.fromisoformat(start_time).timestamp()
        for at, row in self.rows[statistic_id].items():
            if at >= since:
                row["sum"] += adjustment

    def recorder_clear_statistics(self, *, statistic_ids: list[str]) -> None:
        for key in statistic_ids:
            self.rows.pop(key, None)


HOURS = {UNTIL // HOUR * HOUR + place * HOUR: 1500 for place in range(-5, 1)}
"""1.5 kWh in each hour, the last one cut short by the start of the demo."""


async def filed(desk: Desk, *series: Hourly) -> dict[str, Seam]:
    """Plan and import."""
    seams = await statistics.plan(desk, series, since=SINCE, until=UNTIL)  # type: ignore[arg-type]
    await statistics.fill(desk, series, seams)  # type: ignore[arg-type]
    return seams


async def test_sums_rise_over_the_seam_as_the_state_does() -> None:
    desk = Desk()
    desk.add("sensor.car", "car_energy_import", 100.0)
    seams = await filed(desk, Hourly(entity_id="sensor.car", amounts=HOURS))
    assert desk.sums("sensor.car") == [1.5, 3.0, 4.5, 6.0, 7.5]
    assert seams["sensor.car"] == Seam(at=UNTIL // HOUR * HOUR, sum=7.5, state=98.5)
    assert await statistics.join(desk, seams) == seams  # type: ignore[arg-type]
    desk.rows["sensor.car"] |= {
        seams["sensor.car"].at + place * HOUR: {"sum": 0.5 * place, "state": 100.25 + 0.5 * place} for place in (0, 1)
    }
    for _ in range(2):
        assert await statistics.join(desk, seams) == {}  # type: ignore[arg-type]
        assert desk.sums("sensor.car") == [1.5, 3.0, 4.5, 6.0, 7.5, 9.25, 9.75]


async def test_what_home_assistant_counted_before_stays_behind_the_past() -> None:
    desk = Desk()
    desk.add("sensor.car", "car_energy_import", 120.0)
    own = UNTIL // HOUR * HOUR - 2 * HOUR
    desk.rows["sensor.car"] = {own: {"sum": 0.5, "state": 50.0}, own + HOUR: {"sum": 2.0, "state": 51.5}}
    seams = await filed(desk, Hourly(entity_id="sensor.car", amounts=HOURS))
    assert seams["sensor.car"].at == own
    assert await statistics.join(desk, seams) == {}  # type: ignore[arg-type]
    assert desk.sums("sensor.car") == [1.5, 3.0, 4.5, 6.0, 7.5]


async def test_totals_begin_at_nothing_and_units_are_those_of_the_sensors() -> None:
    desk = Desk()
    desk.add("sensor.all", "x_total_electricity", 9.0)
    desk.add("sensor.gas", "gas_volume", 700.0, unit="m³", kind="gas")
    desk.add("sensor.water", "water_volume", 4000, unit="L", kind="water")
    desk.add("sensor.odd", "odd", 1, unit="ft³", kind="water")
    desk.states.append({"entity_id": "sensor.away", "state": "unavailable", "attributes": {}})
    names = ("all", "gas", "water", "odd", "away")
    seams = await filed(
        desk, *(Hourly(entity_id=f"sensor.{name}", amounts=HOURS, total=name == "all") for name in names)
    )
    assert {key: (seam.sum, seam.state) for key, seam in seams.items()} == {
        "sensor.all": (7.5, 7.5),
        "sensor.gas": (7.5, 698.5),
        "sensor.water": (7500.0, 2500.0),
    }
    assert desk.sums("sensor.water")[0] == 1500
    assert all(row["state"] >= 0 for row in desk.rows["sensor.water"].values())


async def test_nothing_is_planned_for_what_counted_nothing() -> None:
    desk = Desk()
    desk.add("sensor.car", "car_energy_import", 100.0)
    assert await filed(desk, Hourly(entity_id="sensor.car", amounts=dict.fromkeys(HOURS, 0))) == {}
    assert await statistics.join(desk, {}) == {}  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path, scenario: Scenario) -> Path:
    """A folder of a Home Assistant with a house in it."""
    subentries = [
        {"subentry_id": f"id of {spec.name}", "subentry_type": "device", "title": spec.name, "data": data_of(spec)}
        for spec in scenario.devices
    ]
    entries = [
        {"entry_id": "site", "domain": "legrand_ews", "data": {"kind": "installation"}, "subentries": []},
        {"entry_id": "house", "domain": "legrand_ews", "data": {"kind": "gateway"}, "subentries": subentries},
        {"entry_id": "other", "domain": "sun", "data": {}},
    ]
    storage = tmp_path / ".storage"
    storage.mkdir()
    (tmp_path / "legrand_ews").mkdir()
    (storage / "core.config_entries").write_text(json.dumps({"data": {"entries": entries}}))
    (storage / "core.uuid").write_text(json.dumps({"data": {"uuid": "demo"}}))
    return tmp_path


def test_devices_are_those_that_are_written_down(folder: Path, scenario: Scenario, catalog: Catalog) -> None:
    found = fitted_devices(folder, scenario, catalog)
    assert [one.device.config.name for one in found] == [spec.name for spec in scenario.devices]


async def test_a_folder_gets_its_past_once(folder: Path, plant: SimpleNamespace, catalog: Catalog) -> None:
    desk = Desk()
    said: list[str] = []
    desk.add("sensor.heat", "id of Heat pump_energy_import", 5000.0)
    desk.add("sensor.total", "site_total_electricity", 300.0)
    desk.rows["sensor.total"] = {SINCE: {"sum": 1.0, "state": 1.0}}

    async def start(days: int) -> None:
        """A start of the demo."""
        await fill_history(desk, plant, catalog, folder, days=days, started=UNTIL + 7, tell=said.append)  # type: ignore[arg-type]

    await start(0)
    assert (said, Mark.load(folder), desk.notes) == ([], None, [])
    await start(1)
    assert said == ["History before 2026-10-26 02:20 is simulated"]
    assert desk.notes[0]["message"].startswith(said[0])
    assert desk.reloads == [f"/api/config/config_entries/entry/{key}/reload" for key in ("site", "gateway")]
    assert desk.money["disabled_by"] is None
    mark = Mark.load(folder)
    assert mark is not None
    assert mark.done
    assert datetime.fromtimestamp(mark.since, ZoneInfo(ZONE)) == datetime(2026, 10, 25, tzinfo=ZoneInfo(ZONE))
    assert mark.seams.keys() == {"sensor.heat", "sensor.total"}
    assert len(desk.sums("sensor.heat")) == 27
    assert desk.sums("sensor.total") == sorted(desk.sums("sensor.total"))
    kept = {key: dict(rows) for key, rows in desk.rows.items()}
    await start(30)
    assert (desk.rows, Mark.load(folder), len(desk.reloads), len(said)) == (kept, mark, 2, 2)


async def test_a_start_that_was_cut_short_is_made_up_for(
    folder: Path, plant: SimpleNamespace, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()
    desk.add("sensor.heat", "id of Heat pump_energy_import", 5000.0)

    async def cut(*_: Any) -> int:
        raise ConnectionError

    async def start() -> None:
        """A start of the demo, each later than the last."""
        await fill_history(desk, plant, catalog, folder, days=1, started=UNTIL + len(desk.reloads) * HOUR, tell=str)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(statistics, "fill", cut)
        with pytest.raises(ConnectionError):
            await start()
    await start()
    mark = Mark.load(folder)
    assert mark is not None
    assert mark.done
    assert mark.until == UNTIL
    assert len(desk.sums("sensor.heat")) == 27


async def test_joining_goes_on_until_nothing_is_left(folder: Path) -> None:
    desk, seam = Desk(), Seam(at=UNTIL // HOUR * HOUR, sum=7.5, state=98.5)
    desk.add("sensor.car", "car_energy_import", 100.0)
    desk.units["sensor.car"] = "kWh"
    desk.rows["sensor.car"] = {seam.at: {"sum": 0.0, "state": 99.0}}
    Mark(since=SINCE, until=UNTIL, done=True, seams={"sensor.car": seam}).save(folder)
    for _ in range(2):
        async with joining(desk, folder) as task:  # type: ignore[arg-type]
            await task
    mark = Mark.load(folder)
    assert mark is not None
    assert mark.seams == {}
    assert desk.sums("sensor.car") == [8.0]
    assert [note["action"] for note in desk.notes] == ["legrand_ews.export_csv"]
