"""A day as text and as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from simulation.day import day_of
from simulation.physics import simulate
from simulation.picture import svg, text

from .support import Scripted, small

if TYPE_CHECKING:
    from simulation.physics import Record

SVG = "{http://www.w3.org/2000/svg}"
GROUP = {"name": "<S>", "stations": 2, "priority": 1, "visits": [{"arrive": "10:10", "leave": "10:50", "need": 4}]}


def passed(limit: float = 16, **changes: Any) -> Record:
    day = day_of(small(loads=[{"current": 20}], group=GROUP, **changes), 1)
    return simulate(day, Scripted(day, lambda now: limit if now >= 1200 else 0))


def test_the_chart_shows_loads_cars_and_the_limit() -> None:
    lines = text(passed(limit=8), columns=60, rows=10).splitlines()
    chart = lines[1:11]
    assert all(len(line) == 68 for line in chart)
    (limit,) = [line for line in chart if line.startswith("   40 │")]
    assert set(limit[7:67]) == {"┄"}
    columns = ["".join(column).strip(" ┄") for column in zip(*(line[7:67] for line in chart), strict=True)]
    assert columns[10] == "░" * 5, "20 of 42 A in rows of 4.2 A"
    assert columns[25] == "████░░░░░"[-9:], "and two cars of 8 A"


def test_a_line_per_station_shows_waiting_drawing_and_full() -> None:
    lines = text(passed(), columns=60).splitlines()
    (station,) = [line for line in lines if line.lstrip().startswith("<S>1*")]
    cells = station.partition("│")[2].partition("│")[0]
    assert cells[:10] == " " * 10
    assert set(cells[10:20]) == {"·"}
    assert set(cells[21:41]) == {"▄"}
    assert set(cells[43:50]) == {"✓"}
    assert cells[50:] == " " * 10
    assert station.endswith("4.0 of 4.0 kWh")
    assert "10" in next(line for line in lines if "└" in line)
    assert "* priority" in lines[-1]


def test_a_day_of_few_steps_or_many_columns_is_drawn() -> None:
    lines = text(passed(), columns=2000, rows=3).splitlines()
    assert len(lines[1]) <= 2008


def test_the_file_is_a_drawing_with_all_that_there_is() -> None:
    root = ET.fromstring(svg(passed()))  # noqa: S314 -- our own
    assert root.tag == f"{SVG}svg"
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert {"L1", "L2", "L3", "40 A", "<S>1 *", "<S>2", "10:00", "11:00"} <= set(texts)
    assert texts.count("4.0 of 4.0 kWh") == 2
    shapes = [one.get("class") for one in root.iter(f"{SVG}polygon")]
    assert shapes == ["cars", "base"] * 3
    bars = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "cars"]
    assert bars
    assert all(0 < float(one.get("height", "0")) <= 14 for one in bars)


def test_without_cars_nothing_is_drawn_above_the_loads() -> None:
    day = day_of(small(loads=[{"current": 20, "noise": 10}], group=GROUP), 1)
    root = ET.fromstring(svg(simulate(day, Scripted(day, lambda _: 0))))  # noqa: S314 -- our own
    points = [one.get("points") for one in root.iter(f"{SVG}polygon")]
    assert points[::2] == points[1::2]
    assert len(set(points)) == 3
