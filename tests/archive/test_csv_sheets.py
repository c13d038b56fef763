"""What stands in the CSV files: which columns, which rows, which numbers."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from custom_components.legrand_ews.archive import Archive, CsvStyle, Folders
from custom_components.legrand_ews.archive.rows import PartRow, RateRow

from .csv_support import OURS, POINT, device, site, text, tree
from .support import START, ZONE, alarm, interval, sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custom_components.legrand_ews.archive import Site

HOUR, DAY = 3600, 86400
RATE = RateRow(tariff="day", name="Day", price=Decimal("0.23105"), currency="EUR")
NIGHT = replace(RATE, tariff="night", name="Night", price=Decimal("0.1"))
FRANCS = replace(RATE, currency="CHF", price=Decimal(2))


@pytest.fixture
def archive(sqlite: str) -> Iterator[Archive]:
    """Return the archive of a site, in a file: what is read is tested elsewhere."""
    archive = Archive.open(sqlite, site="home", zone=ZONE)
    yield archive
    archive.close()


def bring(archive: Archive, root: Path, of: Site, now: int, style: CsvStyle | None = None) -> None:
    """Build all files."""
    Folders(root, style or CsvStyle(), ZONE).update(archive, of, now=now, since=None)


def test_what_devices_counted(archive: Archive, root: Path) -> None:
    archive.write(
        [
            interval(START, 100),
            interval(START, 5, quantity="energy_export"),
            interval(START + 600, 200, estimated=True),
            interval(START, 30, "gas", quantity="volume", commodity="gas"),
            interval(START, 4, "tap", quantity="volume", commodity="water"),
        ]
    )
    bring(archive, root, site(), START + 1200)
    assert text(root, "devices/1/1_energy_2026-01.csv") == [
        "time;energy_import [Wh];energy_export [Wh];estimated",
        "2026-01-01T00:00:00+01:00;100;5;",
        "2026-01-01T00:10:00+01:00;200;;1",
    ]
    assert text(root, "devices/3/3_gas_2026-01.csv")[1:] == ["2026-01-01T00:00:00+01:00;30;"]
    assert text(root, "devices/4/4_water_2026-01.csv")[0] == "time;volume [dm3];estimated"
    assert text(root, "gas/devices_2026-01_1.csv") == ["time;3 gas [dm3]", "2026-01-01T00:00:00+01:00;30"]
    assert text(root, "overallTotal/values_2026-01.csv") == [
        "time;electricity [Wh];gas [dm3];water [dm3]",
        "2026-01-01T00:00:00+01:00;100;30;4",
        "2026-01-01T00:10:00+01:00;200;;",
    ]
    assert not (root / "devices/2").exists()


def test_what_the_site_cost(archive: Archive, root: Path) -> None:
    gas: dict[str, Any] = {"quantity": "volume", "commodity": "gas"}
    free = replace(RATE, price=Decimal("0.000"))
    archive.write(
        [
            interval(START, 100, rate=RATE),
            interval(START, 100, "ovens", rate=NIGHT),
            interval(START, 100, "hidden", rate=RATE, counted=False),
            interval(START, 50, quantity="energy_export", rate=NIGHT),
            interval(START, 3, "gas", **gas, rate=replace(RATE, price=Decimal("-0.95"))),
            interval(START + 600, 7),
            interval(START + 1200, 8, "gas", **gas, rate=RATE),
            interval(START + 1200, 8, "tap", quantity="volume", commodity="water", rate=free),
            interval(START + 1800, 9, "hidden", rate=RATE, counted=False),
        ]
    )
    bring(archive, root, site(), START + HOUR)
    assert text(root, "overallTotal/costs_2026-01.csv") == [
        "time;electricity [EUR];credit [EUR];gas [EUR];water [EUR]",
        "2026-01-01T00:00:00+01:00;0,033105;0,005;-0,00285;",
        "2026-01-01T00:10:00+01:00;;;;",
        "2026-01-01T00:20:00+01:00;;;0,0018484;0",
    ]
    bring(archive, root, site(), START + HOUR, POINT)
    assert text(root, "overallTotal/costs_2026-01.csv")[1] == "2026-01-01T00:00:00+01:00,0.033105,0.005,-0.00285,"


def test_an_interval_of_several_rates_is_one_row_and_each_currency_has_its_columns(
    archive: Archive, root: Path
) -> None:
    rates = RATE, NIGHT, FRANCS, None
    parts = [PartRow(start=START + 60 * number, amount=1000, rate=rate) for number, rate in enumerate(rates)]
    archive.write([interval(START, 4000, parts=tuple(parts))])
    bring(archive, root, site(), START + HOUR)
    title, line = text(root, "overallTotal/costs_2026-01.csv")
    assert title.split(";")[1:4] == ["electricity [CHF]", "electricity [EUR]", "credit [CHF]"]
    assert line == "2026-01-01T00:00:00+01:00;2;0,33105;;;;;;"


def test_without_prices_there_is_no_file_of_costs(archive: Archive, root: Path) -> None:
    archive.write([interval(START, 100), interval(START, 100, "hidden", rate=RATE, counted=False)])
    bring(archive, root, site(), START + HOUR)
    assert [path for path in tree(root) if path.startswith("overallTotal")] == ["overallTotal/values_2026-01.csv"]


def test_tables_by_device_load_and_group(archive: Archive, root: Path) -> None:
    archive.write(
        [
            interval(START, 1, "mains", load="heating", groups=("east", "west")),
            interval(START, 20, "ovens", load="sockets", groups=("east",)),
            interval(START, 300, "hidden", load="heating", groups=("east",), counted=False),
            interval(START, 4000, "deleted", load="heating", groups=("east",)),
        ]
    )
    devices = (device(2, "mains"), device(10, "ovens"), device(3, "hidden", counted=False), device(None, "new"))
    bring(archive, root, site(*devices), START + 600)
    assert text(root, "energy/devices_2026-01_1.csv") == [
        "time;2 mains [Wh];3 hidden [Wh];10 ovens [Wh]",
        "2026-01-01T00:00:00+01:00;1;300;20",
    ]
    assert text(root, "energy/loads_2026-01_1.csv")[1] == "2026-01-01T00:00:00+01:00;4001;20"
    assert text(root, "energy/groups_2026-01_1.csv")[1] == "2026-01-01T00:00:00+01:00;4021;1"
    assert text(root, "overallTotal/values_2026-01.csv")[1] == "2026-01-01T00:00:00+01:00;4021;;"
    assert sorted(path.name for path in (root / "devices").iterdir()) == ["10", "2", "3"]


def test_what_devices_measured(archive: Archive, root: Path) -> None:
    measured: dict[str, Any] = {
        "voltage_l1": (230.1, 229.5, 231.0),
        "thd_current_l1": (3, 2, 4),
        "harmonic_3": 5.0,
        "power": -1.5,
    }
    archive.write(samples=[sample(START, **measured), sample(START + 600, power=2)])
    bring(archive, root, site(), START + 1200)
    assert text(root, "devices/1/1_stat_2026-01.csv") == [
        "time;power average;power minimum;power maximum;voltage_l1 average;voltage_l1 minimum;voltage_l1 maximum",
        "2026-01-01T00:00:00+01:00;-1,5;-1,5;-1,5;230,1;229,5;231",
        "2026-01-01T00:10:00+01:00;2;2;2;;;",
    ]
    assert text(root, "devices/1/1_thd_2026-01.csv")[1:] == ["2026-01-01T00:00:00+01:00;3;2;4"]
    assert text(root, "devices/1/1_harmonics_2026-01.csv")[1:] == ["2026-01-01T00:00:00+01:00;5;5;5"]


def test_changes_of_state(archive: Archive, root: Path) -> None:
    tripped = {"device_id": "mains", "kind": "state", "event": "breaker_tripped", "subject": "breaker"}
    archive.write(
        alarms=[
            alarm(1, START + 1.5, **tripped, text="=Breaker\ntripped"),
            alarm(2, START + 2, **{**tripped, "kind": "command"}, text="Opened"),
            alarm(3, START + 3, **{**tripped, "device_id": None}, text="Site"),
            alarm(4, START + 4, **{**tripped, "device_id": "deleted"}, text="Gone"),
        ]
    )
    bring(archive, root, site(), START + 600)
    assert text(root, "devices/1/1_state_2026-01.csv") == [
        "time;event;subject;text",
        "2026-01-01T00:00:01+01:00;breaker_tripped;breaker;'=Breaker tripped",
    ]
    assert sum("_state_" in path for path in tree(root)) == 1


def test_settings_say_what_the_site_consists_of(archive: Archive, root: Path) -> None:
    devices = (device(2, "ovens", load="sockets", groups=("east", "west")), device(1, "mains", counted=False))
    bring(archive, root, site(*devices, device(None, "new")), START, POINT)
    rows = list(csv.DictReader(text(root, "settings/devices.csv")))
    assert rows[0] == {
        "number": "1",
        "name": "mains",
        "gateway": "Main",
        "host": "192.0.2.1:502",
        "address": "1",
        "model": "412045",
        "family": "Meters",
        "measures": "electricity",
        "load": "Heating",
        "groups": "East",
        "excluded": "yes",
    }
    assert (rows[1]["load"], rows[1]["groups"], rows[1]["excluded"], len(rows)) == ("Sockets", "East | West", "", 2)
    assert text(root, "settings/system.csv") == [
        "kind,name,devices",
        "site,Home,",
        "load,Heating,1 mains",
        "load,Sockets,2 ovens",
        "group,East,1 mains | 2 ovens",
        "group,West,2 ovens",
    ]


def test_the_hour_that_is_there_twice(archive: Archive, root: Path) -> None:
    turn = int(datetime.fromisoformat("2026-10-25T00:00:00+00:00").timestamp())
    archive.write(interval(turn + 1800 * number, number) for number in range(4))
    bring(archive, root, site(), turn + DAY)
    assert text(root, "devices/1/1_energy_2026-10.csv")[1:] == [
        "2026-10-25T02:00:00+02:00;0;;",
        "2026-10-25T02:30:00+02:00;1;;",
        "2026-10-25T02:00:00+01:00;2;;",
        "2026-10-25T02:30:00+01:00;3;;",
    ]


def test_the_pieces_of_an_interval_are_in_one_row(archive: Archive, root: Path) -> None:
    archive.write(
        [
            interval(START, 1, seconds=207, load="heating", rate=NIGHT),
            interval(START + 207, 20, seconds=393, load="sockets", rate=NIGHT),
            interval(START + DAY + 207, 300, seconds=393, load="sockets"),
        ]
    )
    bring(archive, root, site(), START + 2 * DAY)
    alone = "2026-01-02T00:03:27+01:00"
    assert text(root, "energy/loads_2026-01_1.csv")[1:] == ["2026-01-01T00:00:00+01:00;1;20", f"{alone};;300"]
    assert text(root, "devices/1/1_energy_2026-01.csv")[1:] == ["2026-01-01T00:00:00+01:00;21;;", f"{alone};300;;"]
    assert text(root, "overallTotal/costs_2026-01.csv")[1:] == ["2026-01-01T00:00:00+01:00;0,0021;;;", f"{alone};;;;"]


def test_files_are_by_the_month_of_the_place(archive: Archive, root: Path) -> None:
    archive.write([interval(START - 600, 1), interval(START, 2)])
    bring(archive, root, site(), START + 600)
    assert text(root, "devices/1/1_energy_2025-12.csv")[1:] == ["2025-12-31T23:50:00+01:00;1;;"]
    assert text(root, "devices/1/1_energy_2026-01.csv")[1:] == ["2026-01-01T00:00:00+01:00;2;;"]


def test_names_are_in_no_path_and_begin_no_formula(archive: Archive, root: Path) -> None:
    evil = "=../../\r\n;+x"
    archive.write([interval(device="../x", load="../../l", groups=("/g",)), interval(START + 600, device="mains")])
    archive.write(samples=[sample(START, "mains", 600, **{"../../v": 1.0})])
    archive.write(alarms=[alarm(1, device_id="mains", kind="state", event=evil, subject=evil, text=evil)])
    of = site(device(1, "../x", name=evil), device(2, "mains"), loads={"../../l": evil}, groups={"/g": evil})
    bring(archive, root, of, START + HOUR)
    assert all(OURS.fullmatch(path) for path in tree(root))
    assert text(root, "energy/loads_2026-01_1.csv")[0] == "time;\"'=../../ ;'+x [Wh]\""
    assert {path.name for path in root.parent.iterdir()} == {"archive", "csv"}
