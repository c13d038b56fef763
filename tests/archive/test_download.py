"""The data download: files, columns and rows of the zip, against a plain model; how it is made piece by piece."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import Archive, Site, SiteDevice
from custom_components.legrand_ews.archive.csv_format import CsvStyle
from custom_components.legrand_ews.archive.download import Request, stream
from custom_components.legrand_ews.archive.rows import PartRow, RateRow

from .support import START, TURNS, ZONE, ZONES, Model, batches, interval, new_site, session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from custom_components.legrand_ews.archive import IntervalRow

    from .support import Opener

HOUR, DAY = 3600, 86400
COMMODITIES = {"mains": "electricity", "ovens": "electricity", "gas": "gas", "tap": "water", "breaker": None}
GROUPS = {"mains": ("east", "west"), "tap": ("east",), "gas": ("west",)}
ELECTRICITY = "report_energy_devices_electricity.csv"
SESSIONS = "report_charging_sessions.csv"
COST = "report_energy_devices_electricity_cost.csv"
RATE = RateRow(tariff="day", name="Day", price=Decimal("0.23105"), currency="EUR")
NIGHT = replace(RATE, tariff="night", name="Night", price=Decimal("-0.1"))
FRANCS = replace(RATE, currency="CHF")
some = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def url(sqlite: str) -> str:
    """Use one engine: the questions themselves are tested on both elsewhere."""
    return sqlite


def device(key: str, **more: Any) -> SiteDevice:
    """Return a device named by its key."""
    given = {
        "name": key.title(),
        "gateway": "Panel",
        "host": "",
        "address": "1",
        "model": "",
        "family": "",
        "commodity": COMMODITIES.get(key, "electricity"),
        "load": "others",
        "groups": GROUPS.get(key, ()),
        "counted": True,
        **more,
    }
    return SiteDevice(id=key, **given)


def site(*devices: SiteDevice) -> Site:
    """Return a site with these devices, or one of each kind."""
    return Site(
        name="Site",
        devices=devices or tuple(device(key) for key in COMMODITIES),
        loads={"heating": "Heating", "sockets": "Sockets", "others": "Others"},
        groups={"east": "East wing", "west": "=West", "empty": "Empty"},
    )


def request(
    *keys: str, kind: Any = "devices", since: int = START, until: int = START + DAY, step: Any = HOUR, **more: Any
) -> Request:
    """Return what is asked for, of a day in hours."""
    return Request(kind=kind, keys=keys, since=since, until=until, step=step, **more)


def content(archive: Archive, asked: Request, of: Site | None = None, **style: Any) -> bytes:
    """Return the whole zip."""
    return b"".join(stream(archive, of or site(), asked, CsvStyle(**style), lambda _share: None))


def tables(archive: Archive, asked: Request, of: Site | None = None) -> dict[str, list[list[str]]]:
    """Return the cells of all files of the zip."""
    with ZipFile(io.BytesIO(content(archive, asked, of))) as found:
        assert found.testzip() is None
        return {
            name: list(csv.reader(io.StringIO(found.read(name).decode("utf-8-sig")), delimiter=";"))
            for name in found.namelist()
        }


def amounts(table: Sequence[Sequence[str]], column: int = 1) -> dict[str, str]:
    """Return the cells of a column that are not empty, by time."""
    return {row[0]: row[column] for row in table[1:] if row[column]}


def test_sessions_alone_have_their_file_even_without_a_row(archive: Archive) -> None:
    archive.write(sessions=[session("one", START, HOUR, (RATE, 1000), card="one")])
    for since, cards in (START, ["card", "one"]), (START - 2 * DAY, ["card"]):
        found = tables(archive, request(since=since, until=since + DAY, costs=True))
        assert list(found) == [SESSIONS]
        assert [row[3] for row in found[SESSIONS]] == cards


def test_sessions_that_begin_in_the_time_have_a_file_of_their_own(archive: Archive) -> None:
    charged = [(START - 60, "before"), (START, "first"), (START + DAY - 1, "last"), (START + DAY, "after")]
    archive.write(sessions=[session(key, start, HOUR, (RATE, 1000), card=key) for start, key in charged])
    found = tables(archive, request("mains"))
    assert list(found) == [ELECTRICITY, SESSIONS]
    assert [row[3] for row in found[SESSIONS]] == ["card", "first", "last"]
    assert [row[6] for row in found[SESSIONS]] == ["cost [EUR]", "0,23105", "0,23105"]
    assert list(tables(archive, request("mains", sessions=False))) == [ELECTRICITY]
    assert list(tables(archive, request("mains", since=START - 2 * DAY, until=START - DAY))) == [ELECTRICITY]
    assert content(archive, request("mains")) == content(archive, request("mains"))


@pytest.fixture
def archive(opener: Opener) -> Archive:
    """Return an archive with a day of four meters."""
    archive = opener(zone=ZONE)
    starts = [START + 600 * number for number in range(144)]
    archive.write(interval(start, 1, "mains", load="heating", groups=("east", "west")) for start in starts)
    archive.write(interval(start, 10, "ovens", load="sockets", groups=("east",)) for start in starts[12:])
    archive.write(interval(start, 100, "tap", quantity="volume", commodity="water") for start in starts[:6])
    return archive


def test_each_commodity_of_the_chosen_devices_has_a_file(archive: Archive) -> None:
    found = tables(archive, request("mains", "tap", "gas", "ovens"))
    assert {name: rows[0] for name, rows in found.items()} == {
        ELECTRICITY: ["time", "Mains [Wh]", "Ovens [Wh]"],
        "report_energy_devices_gas.csv": ["time", "Gas [dm3]"],
        "report_energy_devices_water.csv": ["time", "Tap [dm3]"],
    }
    assert list(tables(archive, request("tap"))) == ["report_energy_devices_water.csv"]


def test_a_row_for_each_hour_empty_where_nothing_is_known(archive: Archive) -> None:
    rows = tables(archive, request("mains", "ovens"))[ELECTRICITY][1:]
    assert len(rows) == 24
    assert rows[:3] == [
        ["2026-01-01T00:00:00+01:00", "6", ""],
        ["2026-01-01T01:00:00+01:00", "6", ""],
        ["2026-01-01T02:00:00+01:00", "6", "60"],
    ]
    assert amounts(tables(archive, request("gas"))["report_energy_devices_gas.csv"]) == {}


@pytest.mark.parametrize(("step", "rows", "first"), [(900, 96, "2"), (HOUR, 24, "6"), (DAY, 1, "144")])
def test_steps(archive: Archive, step: int, rows: int, first: str) -> None:
    table = tables(archive, request("mains", step=step))[ELECTRICITY]
    assert (len(table) - 1, table[1][1]) == (rows, first)


def test_nothing_is_0_unless_it_was_counted(archive: Archive) -> None:
    archive.write([interval(START, 0, "gas", quantity="volume", commodity="gas")])
    (table,) = tables(archive, request("gas")).values()
    assert amounts(table) == {"2026-01-01T00:00:00+01:00": "0"}


def test_what_is_exported_has_a_column_of_its_own_once_there_is_any(archive: Archive) -> None:
    assert tables(archive, request("mains"))[ELECTRICITY][0] == ["time", "Mains [Wh]"]
    archive.write([interval(START, 7, "mains", quantity="energy_export")])
    table = tables(archive, request("mains", "ovens"))[ELECTRICITY]
    assert table[0] == ["time", "Mains [Wh]", "Mains energy_export [Wh]", "Ovens [Wh]"]
    assert table[1][1:] == ["6", "7", ""]


def test_groups_have_a_file_for_each_commodity_of_theirs(archive: Archive) -> None:
    archive.write([interval(START, 9, "gas", quantity="volume", commodity="gas", groups=("east",))])
    found = tables(archive, request("east", "west", kind="groups"))
    assert {name: rows[0] for name, rows in found.items()} == {
        "report_energy_groups_electricity.csv": ["time", "East wing [Wh]", "'=West [Wh]"],
        "report_energy_groups_gas.csv": ["time", "East wing [dm3]", "'=West [dm3]"],
        "report_energy_groups_water.csv": ["time", "East wing [dm3]"],
    }
    assert found["report_energy_groups_electricity.csv"][3] == ["2026-01-01T02:00:00+01:00", "66", "6"]
    assert found["report_energy_groups_gas.csv"][1][1:] == ["9", ""]


def test_a_group_without_devices_has_an_empty_column(archive: Archive) -> None:
    (table,) = tables(archive, request("empty", kind="groups")).values()
    assert (table[0], amounts(table)) == (["time", "Empty [Wh]"], {})


def test_loads_have_one_file(archive: Archive) -> None:
    archive.write([interval(START, 5, "gas", quantity="volume", commodity="gas", load="heating")])
    ((name, table),) = tables(archive, request("sockets", "heating", kind="loads")).items()
    assert name == "report_energy_loads.csv"
    assert table[0] == ["time", "Sockets [Wh]", "Heating [Wh]"]
    assert [row[1:] for row in table[1:4]] == [["", "6"], ["", "6"], ["60", "6"]]


def test_what_is_excluded_is_in_files_of_devices_only(archive: Archive) -> None:
    archive.write([interval(START - 600, 500, "mains", load="heating", groups=("east",), counted=False)])
    since = START - HOUR
    (table,) = tables(archive, request("mains", since=since)).values()
    assert table[1][1] == "500"
    (table,) = tables(archive, request("heating", kind="loads", since=since)).values()
    assert table[1][1] == "6"


def test_rows_begin_with_the_first_month_that_something_is_known_of(archive: Archive) -> None:
    (table,) = tables(archive, request("mains", since=START - 400 * DAY, step=DAY)).values()
    assert [row[0] for row in table[1:]] == ["2026-01-01T00:00:00+01:00"]
    archive.write([interval(START - 20 * DAY, 3, "mains")])
    (table,) = tables(archive, request("mains", since=START - 400 * DAY, step=DAY)).values()
    assert table[1] == ["2025-12-01T00:00:00+01:00", ""]
    assert len(table) == 33


def test_a_device_that_is_gone_from_the_site_is_named_by_its_key(archive: Archive) -> None:
    (table,) = tables(archive, request("mains"), site(device("tap"))).values()
    assert table[0] == ["time", "mains [Wh]"]
    assert table[1][1] == "6"


def test_devices_have_their_numbers_as_in_the_folders(archive: Archive) -> None:
    same = site(device("mains", name="Main", number=1), device("ovens", name="Main", number=12))
    assert tables(archive, request("mains", "ovens"), same)[ELECTRICITY][0] == ["time", "1 Main [Wh]", "12 Main [Wh]"]


@pytest.fixture
def billed(opener: Opener) -> Archive:
    """Return an archive with two hours that have prices, and the rest of a day that has none."""
    archive = opener(zone=ZONE)
    gas: dict[str, Any] = {"quantity": "volume", "commodity": "gas", "rate": replace(RATE, price=Decimal("0.950"))}
    parts = PartRow(start=START, amount=30, rate=RATE), PartRow(start=START + 300, amount=70, rate=NIGHT)
    archive.write(
        [
            interval(START, 100, load="heating", groups=("east",), parts=parts),
            interval(START + 1800, 1000, load="heating", groups=("east",), rate=RATE),
            interval(START + HOUR, 3, "ovens", load="sockets", groups=("east",), rate=RATE),
            interval(START + HOUR, 40, quantity="energy_export", rate=RATE),
            interval(START + 2 * HOUR, 5, load="heating", groups=("east",)),
            interval(START, 2500, "gas", groups=("east",), **gas),
            interval(START, 9, "tap", quantity="volume", commodity="water"),
        ]
    )
    return archive


def test_each_file_has_one_of_its_costs_beside_it(billed: Archive) -> None:
    asked = request("mains", "ovens", "gas", "tap")
    found, without = tables(billed, replace(asked, costs=True)), tables(billed, asked)
    assert {name: rows for name, rows in found.items() if "_cost" not in name} == without
    assert list(found) == [name for one in without for name in (one, one.replace(".csv", "_cost.csv"))]
    for name in without:
        times = [row[0] for row in found[name]]
        assert [row[0] for row in found[name.replace(".csv", "_cost.csv")]] == times
    assert found[COST][:4] == [
        ["time", "Mains [EUR]", "Mains credit [EUR]", "Ovens [EUR]"],
        ["2026-01-01T00:00:00+01:00", "0,2309815", "", ""],
        ["2026-01-01T01:00:00+01:00", "", "0,009242", "0,00069315"],
        ["2026-01-01T02:00:00+01:00", "", "", ""],
    ]
    assert found["report_energy_devices_gas_cost.csv"][:2] == [
        ["time", "Gas [EUR]"],
        ["2026-01-01T00:00:00+01:00", "2,375"],
    ]
    water = found["report_energy_devices_water_cost.csv"]
    assert (water[0], amounts(water)) == (["time", "Tap"], {})


@pytest.mark.parametrize(("step", "cells"), [(900, ["-0,0000685", "", "0,23105"]), (DAY, ["0,2309815"])])
def test_steps_of_costs(billed: Archive, step: int, cells: list[str]) -> None:
    table = tables(billed, request("mains", step=step, costs=True))[COST]
    assert [row[1] for row in table[1 : 1 + len(cells)]] == cells


def test_groups_and_loads_have_files_of_costs(billed: Archive) -> None:
    found = tables(billed, request("east", "west", kind="groups", costs=True))
    assert list(found) == [
        "report_energy_groups_electricity.csv",
        "report_energy_groups_electricity_cost.csv",
        "report_energy_groups_gas.csv",
        "report_energy_groups_gas_cost.csv",
        "report_energy_groups_water.csv",
        "report_energy_groups_water_cost.csv",
    ]
    assert found["report_energy_groups_electricity_cost.csv"][:3] == [
        ["time", "East wing [EUR]", "'=West [EUR]"],
        ["2026-01-01T00:00:00+01:00", "0,2309815", ""],
        ["2026-01-01T01:00:00+01:00", "0,00069315", ""],
    ]
    found = tables(billed, request("sockets", "heating", kind="loads", costs=True))
    assert list(found) == ["report_energy_loads.csv", "report_energy_loads_cost.csv"]
    assert found["report_energy_loads_cost.csv"][0] == ["time", "Sockets [EUR]", "Heating [EUR]"]
    assert found["report_energy_loads_cost.csv"][2][1:] == ["0,00069315", ""]


def test_several_currencies_have_a_column_each(billed: Archive) -> None:
    billed.write([interval(START + 3 * HOUR, 100, "ovens", rate=FRANCS)])
    table = tables(billed, request("mains", "ovens", costs=True))[COST]
    assert table[0][1:3] == ["Mains [CHF]", "Mains [EUR]"]
    assert table[0][5:] == ["Ovens [CHF]", "Ovens [EUR]"]
    assert table[4][1:] == ["", "", "", "", "0,023105", ""]
    assert tables(billed, request("mains", costs=True))[COST][0][1] == "Mains [EUR]"


def test_the_style_is_that_of_the_tables(archive: Archive) -> None:
    with ZipFile(io.BytesIO(content(archive, request("mains", "ovens"), decimal=".", separator=","))) as found:
        lines = found.read(ELECTRICITY).split(b"\r\n")
    assert lines[:2] == [b"\xef\xbb\xbftime,Mains [Wh],Ovens [Wh]", b"2026-01-01T00:00:00+01:00,6,"]
    archive.write([interval(START + DAY, 50, "mains", rate=RATE)])
    asked = request("mains", since=START + DAY, until=START + 2 * DAY, costs=True)
    with ZipFile(io.BytesIO(content(archive, asked, decimal=".", separator=","))) as found:
        assert found.read(COST).split(b"\r\n")[1] == b"2026-01-02T00:00:00+01:00,0.0115525"


def test_the_same_rows_make_the_same_bytes(archive: Archive) -> None:
    asked = request("mains", "tap")
    assert content(archive, asked) == content(archive, asked)
    with ZipFile(io.BytesIO(content(archive, asked))) as found:
        assert {(row.date_time, row.compress_type) for row in found.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), ZIP_DEFLATED)
        }


def test_times_between_two_rows_are_refused() -> None:
    for span in ({"since": START + 1}, {"until": START + 600}):
        with pytest.raises(ValueError, match="quarters"):
            request("mains", **span)


@pytest.fixture
def long(archive: Archive) -> Archive:
    """Return an archive with 40 days of amounts that do not compress to nothing."""
    for day in range(1, 41):
        starts = range(START + day * DAY, START + (day + 1) * DAY, 900)
        archive.write(interval(start, start * 7919 % 100_003, "mains", seconds=900) for start in starts)
    return archive


def test_it_comes_in_pieces_that_are_made_when_they_are_asked_for(
    long: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, shares, days = request("mains", until=START + 41 * DAY, step=900), list[float](), list[int]()
    grouped = long.grouped

    def watched(*given: Any) -> Iterator[Any]:
        """Note how far the archive was read."""
        for row in grouped(*given):
            days.append((row.start - START) // DAY)
            yield row

    monkeypatch.setattr(long, "grouped", watched)
    pieces = stream(long, site(), asked, CsvStyle(), shares.append)
    first = [next(pieces), next(pieces)]
    assert days[-1] < 20
    assert shares[-1] < 0.5
    rest = list(pieces)
    assert len(rest) > 5
    assert shares == sorted(shares)
    assert shares[-1] == 1
    with ZipFile(io.BytesIO(b"".join([*first, *rest]))) as found:
        assert len(found.read(ELECTRICITY).splitlines()) == 1 + 41 * 96


def test_how_much_is_made_is_told_with_costs_too(long: Archive) -> None:
    asked, shares = request("mains", until=START + 41 * DAY, step=900, costs=True), list[float]()
    assert b"".join(stream(long, site(), asked, CsvStyle(), shares.append))
    assert shares == sorted(shares)
    assert (shares[0] < 0.2, shares[-1]) == (True, 1)


def test_it_can_be_ended_at_any_piece(long: Archive) -> None:
    pieces = stream(long, site(), request("mains", until=START + 41 * DAY, step=900), CsvStyle(), lambda _share: None)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert list(pieces) == []
    long.write([interval(START - DAY, 1)])


def at_a_rate(row: IntervalRow) -> IntervalRow:
    """Return an interval at one of some rates, at two, or at none."""
    rates = RATE, NIGHT, FRANCS, None
    rate = rates[row.amount % 4]
    if row.amount % 3:
        return replace(row, rate=rate)
    first = PartRow(start=row.start, amount=row.amount // 3, rate=rate)
    return replace(row, parts=(first, PartRow(start=row.start + 60, amount=row.amount * 2 // 3, rate=None)))


@some
@given(
    written=batches,
    zone=st.sampled_from(ZONES),
    step=st.sampled_from([(900, "quarter"), (HOUR, "hour"), (DAY, "day")]),
    kind=st.sampled_from([("devices", "device"), ("groups", "group"), ("loads", "load")]),
    turn=st.sampled_from(TURNS),
)
def test_all_that_was_counted_is_in_the_files_each_once(
    opener: Opener, written: Any, zone: str, step: Any, kind: Any, turn: int
) -> None:
    archive, model = opener(site=new_site(), zone=zone), Model(zone)
    for rows in written:
        archive.write(map(at_a_rate, rows))
        model.write(map(at_a_rate, rows))
    since, until = (archive._time.floor(turn + days * DAY, "day") for days in (-1, 2))
    keys = {"devices": ("mains", "ovens", "gas", "tap"), "groups": ("east", "west"), "loads": ("heating", "sockets")}
    asked = Request(kind=kind[0], keys=keys[kind[0]], since=since, until=until, step=step[0], costs=True)
    found = tables(archive, asked)
    costs = {name: found.pop(name) for name in list(found) if name.endswith("_cost.csv")}
    expected, cost = 0, Decimal(0)
    for row in model.rows.values():
        if since <= row.start < until:
            electric = row.commodity == "electricity"
            inside = row.counted and row.quantity != "energy_export"
            places = {
                "device": 1,
                "group": len(row.groups) * inside,
                "load": (row.load is not None) * inside * electric,
            }
            expected += row.amount * places[kind[1]]
            for part in row.parts or (row,):
                cost += places[kind[1]] * part.amount * part.rate.price / 1000 if part.rate is not None else 0
    cells = [cell for table in found.values() for row in table[1:] for cell in row[1:] if cell]
    assert sum(map(int, cells)) == expected
    cells = [cell for table in costs.values() for row in table[1:] for cell in row[1:] if cell]
    assert sum(Decimal(cell.replace(",", ".")) for cell in cells) == cost
    assert [[row[0] for row in table] for table in costs.values()] == [
        [row[0] for row in table] for table in found.values()
    ]
    for table in found.values():
        times = [datetime.fromisoformat(row[0]) for row in table[1:]]
        assert times == sorted(set(times))
        assert all(since <= time.timestamp() < until for time in times)
        assert {archive._time.floor(int(time.timestamp()), "day") == time.timestamp() for time in times} <= (
            {True} if step[0] == DAY else {True, False}
        )
