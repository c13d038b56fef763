"""Whether a station has a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .garage import NAME

if TYPE_CHECKING:
    from .garage import Garage

BAY = "Bay 1"


def problem(garage: Garage, name: str) -> str:
    return garage.shown(name, "problem", "binary_sensor").state


@pytest.mark.parametrize(("word", "state"), [("Faulted", "fault"), ("Rebooting", "offline")])
async def test_a_charger_that_reports_a_fault_or_nothing_has_a_problem(garage: Garage, word: str, state: str) -> None:
    assert problem(garage, NAME) == "off"
    garage.says = word
    await garage.wait(10)
    assert (problem(garage, NAME), garage.shown(NAME, "state").state) == ("on", state)
    garage.says = None
    await garage.wait(10)
    assert (problem(garage, NAME), garage.shown(NAME, "state").state) == ("off", "free")


async def test_a_station_that_does_not_answer_has_a_problem_after_a_while(garage: Garage) -> None:
    unit = garage.panel.unit(11)
    unit.faults.silent = True
    await garage.wait(30)
    assert problem(garage, BAY) == "off"
    await garage.wait(60)
    assert (problem(garage, BAY), garage.shown(BAY, "state").state) == ("on", "offline")
    unit.faults.silent = False
    await garage.wait(30)
    assert (problem(garage, BAY), garage.shown(BAY, "state").state) == ("off", "free")


async def test_a_station_with_a_fault_has_a_problem(garage: Garage) -> None:
    garage.plug(BAY, need=20_000, current=16)
    await garage.wait(60)
    assert problem(garage, BAY) == "off"
    garage.panel.unit(11).alarm("lock_fault")
    await garage.wait(10)
    assert (problem(garage, BAY), garage.shown(BAY, "state").state) == ("on", "fault")
