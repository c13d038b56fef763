"""The load manager at work, with real Modbus to a simulated car park."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from custom_components.legrand_ews.charging.control import DATA_CONTROL
from custom_components.legrand_ews.charging.settings import GreenupSettings
from custom_components.legrand_ews.greenup import StationState, Zone
from custom_components.legrand_ews.history import DATA_HISTORY
from plant.scenario import DeviceSpec
from plant.site import PROFILES

from ..bill_support import ALL_WEEK, AT_NIGHT, PLAN, WORKDAYS, stored
from ..support import install_profiles, subentry_id
from .park import CONFIG, METER, Park

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from custom_components.legrand_ews.charging.settings import OnStop

    from ..support import Panel

ONE, TWO, THREE, FOUR = (subentry_id(f"Bay {number}") for number in range(1, 5))
SETTINGS = GreenupSettings(config=CONFIG, meter=subentry_id(METER))


async def test_a_car_is_granted_what_it_takes_after_the_hold_time(park: Park) -> None:
    park.base(5)
    park.plug("Bay 1", current=16)
    await park.wait(10)
    assert (park.reason("Bay 1"), park.limit("Bay 1")) == ("hold_time", 0.0)
    await park.wait(50)
    assert park.now("Bay 1").state is StationState.CHARGING
    assert park.limit("Bay 1") >= 16
    assert park.current() == pytest.approx(21, abs=0.2)


async def test_stations_without_a_car_are_told_not_to_charge(park: Park) -> None:
    assert [park.limit(f"Bay {number}") for number in range(1, 5)] == [0.0] * 4


async def test_a_second_car_shares_what_there_is(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=32)
    alone = park.limit("Bay 1")
    await park.charge("Bay 2", current=32)
    assert alone > 28
    assert 6 <= park.limit("Bay 1") < 20
    assert 6 <= park.limit("Bay 2") < 20
    assert park.current() <= CONFIG.max_current


async def test_a_single_phase_car_shares_only_its_phase(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 3", "Bay 4", current=20)
    assert (park.limit("Bay 3"), park.limit("Bay 4")) >= (20, 20)


async def test_an_overload_lowers_currents_with_the_next_reading_of_the_meter(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", "Bay 2", current=32)
    before = park.limit("Bay 1"), park.limit("Bay 2")
    looks = park.panel.requests_to(11)
    park.base(22)
    assert park.current() > CONFIG.max_current
    await park.panel.wait(2)
    assert [look for look in looks if look[0] == 3] == []
    assert park.limit("Bay 1") + park.limit("Bay 2") < sum(before) - 10
    await park.panel.wait(2)
    assert park.current() <= CONFIG.max_current


async def test_what_the_meter_leaves_is_given_back(park: Park) -> None:
    park.base(25)
    await park.charge("Bay 1", current=32)
    few = park.limit("Bay 1")
    park.base(5)
    await park.wait(120)
    assert park.limit("Bay 1") > few + 10


async def test_without_a_meter_cars_keep_the_least_and_then_stop(park: Park) -> None:
    park.base(10)
    await park.charge("Bay 1", current=32)
    events = park.events()
    park.unit(METER).faults.silent = True
    await park.wait(30)
    assert (park.limit("Bay 1"), park.reason("Bay 1")) == (6.0, "blind")
    assert park.issues() == {"greenup_meter_silent"}
    await park.wait(CONFIG.stop_after)
    assert (park.limit("Bay 1"), park.reason("Bay 1")) == (0.0, "blind_waiting")
    park.unit(METER).faults.silent = False
    await park.wait(180)
    assert park.limit("Bay 1") > 6
    assert park.issues() == set()
    assert [event for event, _ in events] == ["meter_lost", "meter_back"]


async def test_a_meter_that_stands_still_counts_as_none(park: Park) -> None:
    park.base(10)
    await park.charge("Bay 1", current=20)
    park.unit(METER).freeze()
    park.station("Bay 1").unplug()
    park.plug("Bay 2", current=20)
    await park.wait(60)
    assert park.control.plan is not None
    assert park.control.plan.zone is Zone.BLIND
    assert park.limit("Bay 2") <= 6


async def test_a_station_that_is_silent_is_reckoned_with_its_rating(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", "Bay 2", current=32)
    events = park.events()
    park.unit("Bay 2").faults.silent = True
    await park.wait(90)
    assert park.now("Bay 2").view.lost
    assert park.now("Bay 2").state is StationState.OFFLINE
    assert park.issues() == {f"greenup_station_silent_{TWO}"}
    assert park.limit("Bay 1") == 0.0
    park.unit("Bay 2").faults.silent = False
    await park.wait(180)
    assert not park.now("Bay 2").view.lost
    assert park.issues() == set()
    assert park.limit("Bay 1") >= 6
    assert [(event, data["station"]) for event, data in events if event.startswith("station")] == [
        ("station_lost", "Bay 2"),
        ("station_found", "Bay 2"),
    ]


async def test_a_lost_station_does_not_keep_others_from_their_grant(park: Park) -> None:
    park.base(5)
    park.unit("Bay 3").faults.silent = True
    await park.charge("Bay 4", current=16)
    assert park.limit("Bay 4") >= 16


async def test_others_get_more_only_after_a_station_took_its_cut(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=32)
    had = park.limit("Bay 1")
    park.unit("Bay 1").faults.refuse_writes = -1
    park.plug("Bay 2", current=32)
    await park.wait(40)
    assert park.limit("Bay 1") == had
    assert park.control.orders.told.get(ONE) is None
    assert park.limit("Bay 2") == 0.0
    park.unit("Bay 1").faults.clear()
    await park.wait(60)
    assert park.limit("Bay 1") < had
    assert park.limit("Bay 2") >= 6


async def test_a_station_that_has_another_limit_is_told_again(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16)
    right = park.limit("Bay 1")
    park.station("Bay 1").order(limit=9.0)
    await park.wait(120)
    assert park.limit("Bay 1") >= right


async def test_a_station_that_was_told_more_by_others_is_told_again_at_once(park: Park) -> None:
    park.base(25)
    await park.charge("Bay 1", current=32)
    right = park.limit("Bay 1")
    park.base(5)
    park.station("Bay 1").order(limit=32.0)
    await park.wait(20)
    park.base(25)
    await park.wait(20)
    assert park.limit("Bay 1") <= right


async def test_a_station_that_takes_orders_and_does_nothing_is_told_again_and_named_once(
    park: Park, caplog: pytest.LogCaptureFixture
) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16)
    park.unit("Bay 1").faults.stuck = True
    writes = park.writes("Bay 1")
    park.base(30)
    await park.wait(60)
    assert len(writes) >= 4
    named = [row for row in caplog.records if "was told" in row.getMessage() and row.levelname == "WARNING"]
    assert len(named) == 1
    assert named[0].getMessage().startswith("Bay 1")


async def test_a_car_that_takes_more_than_it_may_is_told_of(park: Park) -> None:
    park.base(5)
    park.base(5)
    events = park.events()
    bay = park.gateway.subentries[ONE]
    park.hass.config_entries.async_update_subentry(park.gateway, bay, data={**bay.data, "rated_current": 10})
    await park.panel.wait(5)
    await park.charge("Bay 1", current=20, ignores_pilot=True)
    await park.wait(30)
    ignored = [data for event, data in events if event == "limit_ignored"]
    assert ignored
    assert ignored[0]["station"] == "Bay 1"
    assert ignored[0]["current"] > ignored[0]["limit"] + 1


async def test_nothing_is_written_that_a_station_has_already(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 3", current=16)
    await park.wait(60)
    writes = park.writes("Bay 1", "Bay 2", "Bay 3", "Bay 4")
    await park.wait(60)
    assert writes == []


async def test_over_a_restart_cars_keep_what_they_have(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", "Bay 3", current=16)
    before = {bay: park.limit(bay) for bay in ("Bay 1", "Bay 3")}
    session = park.now("Bay 1").session
    assert session is not None
    writes = park.writes("Bay 1", "Bay 3")
    await park.restart(away=30)
    await park.wait(10)
    assert {raw for bay, raw in writes if bay == "Bay 1"} <= {round(before["Bay 1"] * 10)}
    assert {bay: park.limit(bay) for bay in before} == before
    after = park.now("Bay 1").session
    assert after is not None
    assert (after.id, after.start) == (session.id, session.start)
    assert (after.energy or 0) > (session.energy or 0)


async def test_after_a_restart_nothing_grows_before_the_meter_was_read(park: Park) -> None:
    park.base(20)
    await park.charge("Bay 1", current=32)
    had = park.limit("Bay 1")
    park.unit(METER).faults.silent = True
    await park.restart()
    park.base(5)
    park.plug("Bay 2", current=16)
    await park.wait(60)
    assert park.limit("Bay 1") <= had
    assert park.limit("Bay 2") == 0.0
    park.unit(METER).faults.silent = False
    await park.wait(120)
    assert park.limit("Bay 2") >= 6


async def test_a_gateway_that_is_loaded_anew_interrupts_nobody(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16)
    had = park.limit("Bay 1")
    writes = park.writes("Bay 1")
    manager, session = park.control, park.now("Bay 1").session
    assert await park.hass.config_entries.async_unload(park.gateway.entry_id)
    await park.panel.wait(10)
    assert await park.hass.config_entries.async_setup(park.gateway.entry_id)
    await park.wait(60)
    assert park.control is manager
    assert park.limit("Bay 1") >= 16
    assert all(raw >= 160 for _, raw in writes), (had, writes)
    after = park.now("Bay 1").session
    assert session is not None
    assert after is not None
    assert after.id == session.id


async def test_a_station_whose_gateway_comes_late_is_not_stopped(park: Park) -> None:
    """Home Assistant starts: the installation is there long before the gateway."""
    park.base(5)
    await park.charge("Bay 1", current=16)
    writes = park.writes("Bay 1")
    assert await park.hass.config_entries.async_unload(park.site.entry_id)
    assert await park.hass.config_entries.async_unload(park.gateway.entry_id)
    assert await park.hass.config_entries.async_setup(park.site.entry_id)
    await park.wait(90)
    assert park.now("Bay 1").view.lost
    assert await park.hass.config_entries.async_setup(park.gateway.entry_id)
    await park.panel.wait(2)
    await park.panel.wait(2)
    await park.wait(60)
    assert writes
    assert 0 not in {raw for _, raw in writes}, writes


async def test_while_the_control_logic_is_off_nothing_is_written(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16)
    had = park.limit("Bay 1")
    await park.change(replace(SETTINGS, config=replace(CONFIG, control_logic=False)))
    writes = park.writes("Bay 1", "Bay 2")
    park.base(38)
    park.plug("Bay 2")
    await park.wait(60)
    assert (writes, park.limit("Bay 1")) == ([], had)
    assert park.now("Bay 1").order is None
    assert park.issues() == {"greenup_logic_off"}
    park.station("Bay 1").order(limit=13.0)
    await park.change(SETTINGS)
    await park.wait(30)
    assert park.limit("Bay 1") != 13.0
    assert park.issues() == set()


async def test_without_load_control_there_is_no_limit(park: Park) -> None:
    park.base(35)
    await park.change(replace(SETTINGS, config=replace(CONFIG, load_control=False)))
    await park.charge("Bay 1", current=32)
    assert (park.limit("Bay 1"), park.reason("Bay 1")) == (32.0, "no_limit")


async def test_other_limits_hold_at_once_and_cars_go_on(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=32)
    history, manager, session = park.hass.data[DATA_HISTORY], park.control, park.now("Bay 1").session
    writes = park.writes("Bay 1")
    await park.change(replace(SETTINGS, config=replace(CONFIG, max_current=25.0, charge_current=25.0)))
    assert park.hass.data[DATA_HISTORY] is history
    assert park.control is manager
    await park.wait(10)
    assert 6 <= park.limit("Bay 1") <= 20
    assert 0 not in {raw for _, raw in writes}
    after = park.now("Bay 1").session
    assert session is not None
    assert after is not None
    assert after.id == session.id


async def test_another_meter_is_not_taken_for_the_one_before(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16)
    for phase in range(1, 4):
        park.hass.states.async_set(f"sensor.l{phase}", "20", {"unit_of_measurement": "A"})
    sensors = tuple(f"sensor.l{phase}" for phase in range(1, 4))
    await park.change(replace(SETTINGS, meter=None, sensors=sensors))
    before = park.control.reading
    assert before is None
    await park.panel.wait(2)
    after = park.control.reading
    assert after is not None
    assert after.currents == (20, 20, 20)


async def test_a_station_that_is_left_alone_is_told_nothing(park: Park) -> None:
    park.base(5)
    park.station("Bay 2").order(limit=11.0)
    await park.change(replace(SETTINGS, unmanaged=frozenset({TWO})))
    writes = park.writes("Bay 2")
    park.plug("Bay 2", current=16)
    await park.wait(60)
    assert writes == []
    assert TWO not in park.control.stations
    assert ONE in park.control.stations


async def test_priority_by_default_comes_from_the_settings(park: Park) -> None:
    park.base(28)
    await park.charge("Bay 1", current=32)
    await park.change(replace(SETTINGS, priority=frozenset({TWO})))
    assert park.now("Bay 2").view.default_priority
    assert not park.now("Bay 1").view.default_priority


async def test_a_hold_ends_when_it_is_started(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16)
    park.control.hold(ONE)
    await park.panel.settle()
    assert (park.limit("Bay 1"), park.reason("Bay 1")) == (0.0, "held")
    park.control.start(ONE, departure=park.panel.clock.now + 3600)
    await park.wait(120)
    assert park.now("Bay 1").state is StationState.CHARGING


async def test_priority_of_a_session_is_forgotten_with_its_car(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16)
    park.control.set_priority(ONE, priority=True)
    assert park.now("Bay 1").view.priority
    park.station("Bay 1").unplug()
    await park.wait(20)
    assert not park.now("Bay 1").view.priority


async def test_a_station_that_is_taken_away_ends_its_session_and_its_issue(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", "Bay 2", current=10)
    park.unit("Bay 2").faults.silent = True
    await park.wait(90)
    assert park.issues() == {f"greenup_station_silent_{TWO}"}
    park.hass.config_entries.async_remove_subentry(park.gateway, TWO)
    await park.panel.wait(5)
    await park.wait(20)
    assert set(park.control.stations) == {ONE, THREE, FOUR}
    assert park.issues() == set()
    (ended,) = [row for row in await park.sessions() if row.station == TWO]
    assert ended.end is not None


async def test_a_station_that_is_new_is_managed(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=10)
    (row,) = [row for row in park.gateway.subentries.values() if row.subentry_id == TWO]
    park.hass.config_entries.async_remove_subentry(park.gateway, TWO)
    await park.panel.wait(5)
    await park.wait(10)
    park.hass.config_entries.async_add_subentry(park.gateway, row)
    await park.panel.wait(5)
    await park.charge("Bay 2", current=10)
    assert park.limit("Bay 2") >= 10
    assert park.now("Bay 1").state is StationState.CHARGING


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
async def test_a_jump_of_the_wall_clock_does_nothing(park: Park, monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16)
    had, session = park.limit("Bay 1"), park.now("Bay 1").session
    clock = park.panel.clock
    monkeypatch.setattr("custom_components.legrand_ews.charging.control.time", lambda: clock.now + jump)
    writes = park.writes("Bay 1", "Bay 2")
    await park.wait(60)
    assert all(raw >= 160 for _, raw in writes)
    assert park.limit("Bay 1") >= had - 1
    after = park.now("Bay 1").session
    assert session is not None
    assert after is not None
    assert after.id == session.id


async def test_sessions_are_archived_with_their_breaks(park: Park) -> None:
    park.base(5)
    await park.charge("Bay 1", current=16, card="CAFE")
    park.control.hold(ONE)
    await park.wait(120)
    park.control.start(ONE)
    await park.wait(300)
    park.station("Bay 1").unplug()
    await park.wait(20)
    (row,) = await park.sessions()
    assert (row.station, row.name, row.card) == (ONE, "Bay 1", "CAFE")
    assert row.end is not None
    assert row.energy is not None
    assert row.energy > 500
    assert sum(part.amount for part in row.parts) == row.energy
    assert [pause.reason for pause in row.breaks] == ["held"]
    assert row.breaks[0].seconds >= 110


async def test_sessions_are_priced_by_the_tariff_that_held(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.STATION_FRAME_INTERVAL", 0.0)
    await panel.hass.config.async_set_time_zone("America/Los_Angeles")
    rules = [{**WORKDAYS, "end": "22:19", "weekdays": ALL_WEEK}, {**AT_NIGHT, "start": "22:20"}]
    async with AsyncExitStack() as stack:
        park = Park(panel)
        await park.start(stack, options=stored(electricity={**PLAN, "rules": rules}))
        park.base(5)
        await park.charge("Bay 1", current=16)
        for _ in range(12):
            await panel.wait(60)
        park.station("Bay 1").unplug()
        await park.wait(20)
        (row,) = await park.sessions()
        await panel.unload_all()
    assert [None if part.rate is None else part.rate.name for part in row.parts] == ["Day", "Night"]
    assert all(part.amount > 500 for part in row.parts)
    assert sum(part.amount for part in row.parts) == row.energy


async def test_an_order_is_repeated_to_a_station_that_forgets_it(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.legrand_ews.STATION_FRAME_INTERVAL", 0.0)
    text = (PROFILES / "plant_greenup.yaml").read_text(encoding="utf-8").replace("off: 0}", "off: 0}\n  refresh: 60")
    (install_profiles(panel.hass) / "forgets.yaml").write_text(text, encoding="utf-8")
    async with AsyncExitStack() as stack:
        park = Park(panel)
        await park.start(stack, profiles=())
        writes = park.writes("Bay 1")
        await park.wait(90)
        await panel.unload_all()
    assert writes == [("Bay 1", 0)] * 3


@pytest.mark.parametrize(("on_stop", "limit"), [("keep", 16.5), ("minimum", 6.0), ("stop", 0.0)])
async def test_when_home_assistant_stops_stations_are_told_what_is_safe(
    park: Park, on_stop: OnStop, limit: float
) -> None:
    park.base(5)
    await park.change(replace(SETTINGS, on_stop=on_stop))
    await park.charge("Bay 1", current=16)
    (job,) = [row.job for row in park.hass._shutdown_jobs if row.job.name == "last orders to stations"]
    park.hass.async_run_hass_job(job)
    await park.panel.settle()
    assert park.limit("Bay 1") == limit
    if on_stop != "keep":
        # A look that was under way ends in a step.
        park.control.step()
        await park.wait(30)
        assert park.limit("Bay 1") == limit


async def test_the_first_step_waits_for_a_gateway_for_a_minute(park: Park) -> None:
    assert await park.hass.config_entries.async_unload(park.site.entry_id)
    assert await park.hass.config_entries.async_unload(park.gateway.entry_id)
    assert await park.hass.config_entries.async_setup(park.site.entry_id)
    await park.wait(50)
    assert park.control.plan is None
    await park.wait(20)
    assert park.control.plan is not None


async def test_once_it_ended_nothing_is_told(park: Park) -> None:
    control = park.control
    writes = park.writes("Bay 1")
    assert await park.hass.config_entries.async_unload(park.site.entry_id)
    assert DATA_CONTROL not in park.hass.data
    plan = control.plan
    control.step()
    await park.wait(20)
    assert control.plan is plan
    assert writes == []


@pytest.fixture
async def sides(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Park]:
    """Return a car park whose last two plugs are the sides of one station."""
    monkeypatch.setattr("custom_components.legrand_ews.STATION_FRAME_INTERVAL", 0.0)
    async with AsyncExitStack() as stack:
        park = Park(panel)
        await park.start(stack, devices=SIDES, profiles=("plant_greenup_two_sides",))
        yield park
        await panel.unload_all()


_TWO_SIDES: dict[str, Any] = {"model": "059047", "address": 21}
SIDES = (
    DeviceSpec(name=METER, model="412045", address=1, at="Site", registers={"ct": 20}),
    DeviceSpec(name="Left", side="left", phase="l2", at="Bay 3", **_TWO_SIDES),
    DeviceSpec(name="Right", side="right", phase="l3", at="Bay 4", **_TWO_SIDES),
)


async def test_both_sides_of_a_station_are_managed_each_by_itself(sides: Park) -> None:
    sides.base(5)
    await sides.charge("Right", current=16)
    assert sides.limit("Right") >= 16
    assert sides.limit("Left") == 0.0
    await sides.charge("Left", current=12)
    assert sides.limit("Left") >= 12
    assert sides.now("Right").state is StationState.CHARGING
