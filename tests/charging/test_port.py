"""Stations under one load manager, however they are reached: a charger of helpers beside stations on Modbus."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from homeassistant.helpers import issue_registry as ir

from custom_components.legrand_ews.const import DOMAIN

from .garage import ID, LIMIT, NAME, SWITCH, call

if TYPE_CHECKING:
    from homeassistant.core import State

    from .garage import Garage

BAY = "Bay 1"


def state(garage: Garage, entity: str) -> State:
    found = garage.hass.states.get(entity)
    assert found is not None
    return found


async def bring(garage: Garage) -> None:
    """Let a car of 16 A charge at the garage and one at the first bay."""
    garage.plug(BAY, need=20_000, current=16)
    garage.car = 16
    await garage.until("charging", NAME, BAY)


async def test_both_kinds_share_a_phase(garage: Garage) -> None:
    await bring(garage)
    garage.building = 16
    await garage.wait(60)
    assert {garage.shown(name, "state").state for name in (NAME, BAY)} == {"charging"}
    drawn = garage.drawn + float(garage.station(BAY).value("current_l1") or 0)
    assert 18 <= drawn <= 24
    assert min(garage.drawn, garage.station(BAY).limit) >= 6


async def test_a_charger_gets_what_another_leaves(garage: Garage) -> None:
    await bring(garage)
    garage.building = 16
    await garage.wait(60)
    shared = garage.drawn
    garage.station(BAY).unplug()
    await garage.wait(120)
    assert shared < 14 < garage.drawn


async def test_a_limit_that_somebody_changed_is_set_again(garage: Garage) -> None:
    await garage.come()
    await garage.wait(70)
    await call(garage.hass, LIMIT, "set_value", value=32)
    await garage.wait(20)
    assert float(state(garage, LIMIT).state) == 16


async def test_a_charger_that_takes_no_order_is_told_until_it_does(
    garage: Garage, caplog: pytest.LogCaptureFixture
) -> None:
    await garage.come()
    attributes = dict(state(garage, SWITCH).attributes)
    garage.hass.states.async_set(SWITCH, "unavailable", attributes)
    garage.control.hold(ID)
    await garage.panel.settle()
    await garage.panel.wait(10)
    complaints = [row for row in caplog.records if "could not be told" in row.getMessage()]
    assert [row.getMessage() for row in complaints if row.levelno == logging.WARNING] == [
        f"{NAME} could not be told its order: {SWITCH} is not available"
    ]
    assert len(complaints) > 1
    garage.hass.states.async_set(SWITCH, "on", attributes)
    await garage.wait(10)
    assert state(garage, SWITCH).state == "off"
    assert garage.drawn == 0


async def test_a_charger_goes_on_over_a_restart(garage: Garage) -> None:
    await garage.come()
    await garage.wait(60)
    start, energy = garage.shown(NAME, "start").state, float(garage.shown(NAME, "energy").state)
    await garage.hass.config_entries.async_reload(garage.site.entry_id)
    assert garage.drawn == 16
    await garage.wait(20)
    assert (garage.drawn, garage.shown(NAME, "state").state) == (16, "charging")
    assert garage.shown(NAME, "start").state == start
    assert float(garage.shown(NAME, "energy").state) > energy


async def test_a_charger_that_does_not_tell_is_lost_and_a_repair(garage: Garage) -> None:
    await garage.come()
    issue = f"greenup_station_silent_{ID}"
    garage.says = "Rebooting"
    await garage.wait(10)
    assert garage.shown(NAME, "state").state == "offline"
    assert garage.drawn == 16
    assert ir.async_get(garage.hass).async_get_issue(DOMAIN, issue) is not None
    garage.says = None
    await garage.wait(20)
    assert garage.shown(NAME, "state").state == "charging"
    assert ir.async_get(garage.hass).async_get_issue(DOMAIN, issue) is None


async def test_a_full_car_is_not_asked_again(garage: Garage) -> None:
    await garage.come()
    garage.full = True
    await garage.wait(30)
    assert garage.shown(NAME, "state").state == "done"
    assert state(garage, SWITCH).state == "off"
    await garage.wait(300)
    assert (garage.shown(NAME, "state").state, state(garage, SWITCH).state) == ("done", "off")


async def test_a_session_of_a_charger_is_archived_with_what_it_got(garage: Garage) -> None:
    await garage.come()
    await garage.wait(120)
    session = garage.control.stations[ID].session
    assert session is not None
    got = garage.shown(NAME, "energy").state
    garage.car = None
    await garage.wait(10)
    rows = [row for row in await garage.sessions() if row.station == ID]
    assert [(row.id, row.name, row.start) for row in rows] == [(session.id, NAME, session.start)]
    assert rows[0].energy == pytest.approx(1000 * float(got), abs=12)
    assert rows[0].end is not None
