"""Charging stations obey, count, and carry no more than they were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant.cars import Car
from plant.devices import build_units
from plant.electrical import TOTAL, Installation
from plant.row import Refused
from plant.scenario import DeviceSpec, GatewaySpec, load_scenario

from .support import MONDAY, catalog, installation, profile_of

if TYPE_CHECKING:
    from plant.station import Station
    from plant.unit import Unit

LIMIT = 0x6100
CAR = Car(need=50_000, current=32)


class Bay:
    """A station with its unit and installation at hand."""

    def __init__(self, model: str = "059014", at: str = "bay 1", known: Any = None, **more: Any) -> None:
        """Fit a station of this model to this place."""
        self.plant = installation(tick=1)
        spec = DeviceSpec(name="it", model=model, address=1, at=at, **more)
        units = build_units(GatewaySpec(name="one", devices=(spec,)), known or catalog(), self.plant)
        self.unit: Unit = units[1]
        station = self.unit.sections["it"].station
        assert station is not None
        self.station: Station = station
        self.node = self.plant.nodes[at]

    def told(self, amperes: float, wait: float = 1) -> Bay:
        """Write a limit and let time pass."""
        self.unit.write(6, LIMIT, [round(amperes * 10)])
        self.plant.advance(wait)
        return self

    @property
    def currents(self) -> list[float]:
        """What flows per phase of the mains, A."""
        return [self.node.apparent[phase] / self.plant.voltage[phase] for phase in range(3)]

    def word(self, key: str = "charge") -> str:
        """A state."""
        return self.unit.sections["it"].mechanism.word(key)

    def value(self, key: str) -> Any:
        """A value."""
        return self.unit.sections["it"].value(key)


@settings(max_examples=30, deadline=None)
@given(
    own=st.floats(6, 40),
    phases=st.integers(1, 3),
    limits=st.lists(st.sampled_from([0.0, 6.0, 7.3, 16.0, 31.9, 32.0]), min_size=1, max_size=4),
    rated=st.sampled_from([None, 16.0]),
)
def test_the_car_draws_the_least_of_limit_rating_and_its_own(
    own: float, phases: int, limits: list[float], rated: float | None
) -> None:
    bay = Bay(rated_current=rated)
    bay.station.plug(Car(need=1e6, current=own, phases=phases))
    bay.plant.advance(1)
    for limit in limits:
        bay.told(limit)
        expected = min(limit, own, rated or 32)
        assert bay.currents == pytest.approx([expected] * phases + [0.0] * (3 - phases), abs=1e-4)
        assert max(bay.currents) <= expected
        assert bay.word() == ("charging" if limit else "waiting")


def test_an_order_is_shown_at_once_and_followed_a_second_later() -> None:
    bay = Bay()
    bay.station.plug(CAR)
    bay.plant.advance(5)
    assert bay.word("station") == "on"
    assert bay.currents[0] == pytest.approx(32)
    bay.told(10, wait=0)
    assert (bay.unit.read(3, LIMIT, 1), bay.word("station")) == ([100], "managed")
    assert bay.currents[0] == pytest.approx(32)
    bay.plant.advance(1)
    assert bay.currents[0] == pytest.approx(10)


def test_how_late_a_car_follows_and_the_order_in_which_it_does() -> None:
    bay = Bay()
    bay.station.plug(replace(CAR, reaction=4))
    bay.plant.advance(4)
    bay.told(20).told(8, wait=2.5)
    assert bay.currents[0] == pytest.approx(32)
    bay.plant.advance(0.5)
    assert bay.currents[0] == pytest.approx(20)
    bay.plant.advance(1)
    assert bay.currents[0] == pytest.approx(8)


def test_from_free_to_done() -> None:
    bay = Bay(registers={"charging_limit": 0})
    seen = [bay.word()]
    bay.station.plug(Car(need=1000, current=16, card="CAFE"))
    assert bay.value("card") == "CAFE"
    bay.plant.advance(60)
    seen.append(bay.word())
    bay.told(16)
    seen.append(bay.word())
    bay.plant.advance(600)
    seen.append(bay.word())
    assert sum(bay.currents) == 0
    assert bay.value("session_energy") == pytest.approx(1000, abs=4)
    bay.station.unplug()
    seen.append(bay.word())
    assert seen == ["free", "waiting", "charging", "done", "free"]
    assert bay.value("card") == ""


def test_each_car_is_counted_by_itself() -> None:
    bay = Bay()
    bay.station.plug(Car(need=1e6, current=16))
    bay.plant.advance(1801)
    first = bay.value("session_energy")
    assert first == pytest.approx(0.5 * 3 * 16 * 230 * 0.99, rel=0.02)
    assert bay.value("session_charge") == pytest.approx(8, abs=0.01)
    bay.station.unplug()
    bay.plant.advance(60)
    assert bay.value("session_energy") == first
    bay.station.plug(Car(need=1e6, current=32, phases=1))
    assert (bay.value("session_energy"), bay.value("session_charge")) == (0, 0)
    bay.plant.advance(901)
    assert bay.value("session_charge") == pytest.approx(8, abs=0.01)
    energy = bay.value("energy_import")
    bay.plant.advance(10)
    assert float(bay.value("energy_import") - energy) == pytest.approx(10 / 3600 * 32 * 230 * 0.99, rel=0.02)


@settings(max_examples=15, deadline=None)
@given(
    acts=st.lists(
        st.one_of(
            st.integers(1, 90),
            st.sampled_from(["plug", "unplug", "fault", "well", "off", "on"]),
            st.sampled_from([0.0, 6.0, 20.0]),
        ),
        max_size=12,
    )
)
def test_sums_stay_exact_and_sessions_add_up_whatever_happens(acts: list[Any]) -> None:
    bay = Bay()
    before, total = bay.node.index.imported[TOTAL], 0.0
    for act in acts:
        if isinstance(act, int):
            bay.plant.advance(act)
        elif isinstance(act, float):
            bay.told(act, wait=0)
        elif act in ("off", "on"):
            bay.unit.hand("ev_socket", act)
        elif act in ("fault", "well"):
            bay.station.fault(on=act == "fault")
        elif act == "plug" and bay.station.car is None:
            total += bay.value("session_energy")
            bay.station.plug(replace(CAR, need=300))
        elif act == "unplug" and bay.station.car is not None:
            bay.station.unplug()
        root = bay.plant.root
        for place in range(4):
            assert root.power[place] == sum(child.power[place] for child in root.children)
        if bay.word() != "charging":
            assert bay.node.power[TOTAL] == 0
    total += bay.value("session_energy")
    taken = (bay.node.index.imported[TOTAL] - before) / 3.6e9
    assert total == pytest.approx(taken, abs=1e-4)


@pytest.mark.parametrize(
    ("key", "words"), [("lock_fault", ("fault", "fault")), ("diode_fault", ("fault", "on")), (None, ("fault", "fault"))]
)
def test_faults_end_the_charge_until_they_are_gone(key: str | None, words: tuple[str, str]) -> None:
    bay = Bay()
    bay.station.plug(CAR)
    bay.plant.advance(2)
    bay.station.fault(key)
    assert (bay.word("charge"), bay.word("station")) == words
    assert sum(bay.currents) == 0
    bay.station.fault(on=False)
    assert (bay.word("charge"), bay.word("station")) == ("charging", "on")
    bay.station.fault(key)
    bay.unit.clear()
    assert bay.word("charge") == "charging"
    with pytest.raises(ValueError, match="there is no alarm rust; there are lock_fault"):
        bay.station.fault("rust")


def test_a_socket_that_is_off_gives_nothing() -> None:
    bay = Bay()
    bay.station.plug(CAR)
    bay.plant.advance(2)
    bay.unit.write(6, 0x6110, [0])
    assert (bay.word("charge"), bay.word("station"), sum(bay.currents)) == ("waiting", "off", 0)
    bay.unit.write(6, 0x6110, [1])
    assert bay.word("charge") == "charging"


def test_only_one_car_at_a_time() -> None:
    bay = Bay()
    with pytest.raises(ValueError, match="there is no car"):
        bay.station.unplug()
    bay.station.plug(CAR)
    with pytest.raises(ValueError, match="there is a car"):
        bay.station.plug(CAR)


@pytest.mark.parametrize("raw", [59, 321, 1, 0xFFFF])
def test_limits_that_cannot_be_are_refused(raw: int) -> None:
    bay = Bay()
    with pytest.raises(Refused) as refused:
        bay.unit.write(6, LIMIT, [raw])
    assert refused.value.code == 3
    with pytest.raises(Refused) as refused:
        bay.unit.write(16, LIMIT, [100])
    assert refused.value.code == 1
    assert bay.unit.read(3, LIMIT, 1) == [320]
    assert not bay.station.managed


def test_a_stuck_station_does_not_obey_and_a_slow_one_does_so_later() -> None:
    bay = Bay()
    bay.station.plug(CAR)
    bay.unit.faults.stuck = True
    bay.told(6, wait=5)
    assert (bay.currents[0], bay.unit.read(3, LIMIT, 1)) == (pytest.approx(32), [320])
    bay.unit.faults.clear()
    bay.unit.faults.mechanism_delay = 10
    bay.told(6, wait=10)
    assert bay.currents[0] == pytest.approx(32)
    bay.plant.advance(1)
    assert bay.currents[0] == pytest.approx(6)


def test_frozen_words_hide_what_goes_on() -> None:
    bay = Bay()
    bay.station.plug(CAR)
    bay.plant.advance(5)
    bay.unit.freeze()
    before = bay.unit.read(3, 0x6010, 12), bay.unit.read(3, LIMIT, 1), bay.unit.read(3, 0x6000, 5)
    bay.told(6, wait=60)
    assert bay.currents[0] == pytest.approx(6)
    assert before == (bay.unit.read(3, 0x6010, 12), bay.unit.read(3, LIMIT, 1), bay.unit.read(3, 0x6000, 5))
    bay.unit.freeze(frozen=False)
    assert bay.unit.read(3, LIMIT, 1) == [60]
    assert bay.unit.read(3, 0x6010, 1) == [600]


def test_a_limit_that_is_not_repeated_is_forgotten() -> None:
    base = catalog().profiles["plant_greenup"]
    assert base.charging is not None
    forgetful = replace(base, charging=replace(base.charging, refresh=60.0))
    known = replace(catalog(), profiles={**catalog().profiles, "plant_greenup": forgetful})
    bay = Bay(known=known)
    bay.station.plug(CAR)
    for _ in range(3):
        bay.told(6, wait=60)
        assert bay.currents[0] == pytest.approx(6)
    bay.plant.advance(2)
    assert bay.currents[0] == pytest.approx(32)
    assert (bay.word("station"), bay.unit.read(3, LIMIT, 1)) == ("on", [320])


def test_a_map_without_a_limit_only_lets_cars_charge_or_not() -> None:
    own = profile_of(
        states={"charge": {"address": 0, "values": {0: "free", 1: "waiting", 2: "charging", 3: "done", 4: "fault"}}},
        charging={
            "allow": {"address": 5, "write": 6, "value": 1},
            "forbid": {"address": 5, "write": 6, "value": 0},
        },
    )
    known = replace(catalog(), profiles={**catalog().profiles, "test": own})
    bay = Bay(profile="test", rated_current=20.0, known=known)
    bay.station.plug(CAR)
    bay.plant.advance(2)
    assert bay.currents[0] == pytest.approx(20)
    bay.unit.write(6, 5, [0])
    bay.plant.advance(1)
    assert (bay.word(), bay.currents[0]) == ("waiting", 0)
    bay.unit.write(6, 5, [1])
    bay.plant.advance(1)
    assert bay.currents[0] == pytest.approx(20)
    with pytest.raises(ValueError, match="there is no alarm"):
        bay.station.fault()


def test_the_plug_sits_on_phases_of_the_mains() -> None:
    turned = Bay(phase="l2")
    turned.station.plug(replace(CAR, phases=1))
    turned.plant.advance(1)
    assert turned.currents == pytest.approx([0, 32, 0])
    assert turned.value("current_l1") == pytest.approx(32)
    assert turned.value("current_l2") == 0
    single = Bay("059012", "bay 2")
    single.station.plug(CAR)
    single.plant.advance(1)
    assert single.currents == pytest.approx([0, 32, 0])
    assert single.value("current_l2") is None


def two_sides() -> tuple[Installation, Unit]:
    """A station of the old range, both sides at one address."""
    plant = installation(tick=1)
    spec = DeviceSpec(name="left", model="059047", address=7, at="bay 1", side="left")
    right = replace(spec, name="right", at="bay 2", side="right", phase="l2")
    return plant, build_units(GatewaySpec(name="one", devices=(spec, right)), catalog(), plant)[7]


def test_two_sides_at_one_address_are_two_stations() -> None:
    plant, unit = two_sides()
    left, right = (unit.sections[name].station for name in ("left", "right"))
    assert left is not None
    assert right is not None
    for station in (left, right):
        station.plug(CAR)
    plant.advance(2)
    assert (unit.read(4, 0x0000, 1), unit.read(4, 0x0100, 1)) == ([30], [30])
    unit.write(16, 0x0140, [20])
    unit.write(6, 0x0050, [0])
    plant.advance(1)
    assert (unit.read(4, 0x0000, 1), unit.read(4, 0x0100, 1)) == ([20], [30])
    assert (unit.read(4, 0x0010, 1), unit.read(4, 0x0110, 1)) == ([0], [100])
    assert (unit.read(3, 0x0040, 1), unit.read(3, 0x0140, 1)) == ([0], [20])
    unit.write(6, 0x0050, [0x00A5])
    assert unit.read(3, 0x0040, 1) == [64]
    unit.hand("right:ev_socket", "off")
    unit.alarm("earth_fault")
    plant.advance(1)
    assert (unit.read(4, 0x0000, 2), unit.read(4, 0x0100, 2)) == ([90, 2], [20, 0])
    unit.write(5, 0x0120, [1])
    unit.clear()
    assert (unit.read(4, 0x0000, 1), unit.read(4, 0x0100, 1)) == ([30], [30])
    unit.alarm("right:lock_fault")
    assert (unit.read(4, 0x0003, 1), unit.read(4, 0x0103, 1)) == ([0], [1])


def words_of_a_day(seed: int) -> list[tuple[int, bool]]:
    """When cars are at the stations of the car park on a working day, by half hours."""
    scenario = load_scenario("charging")
    plant = Installation(scenario.tree, seed=seed, start=MONDAY.replace(hour=6), tick=1800)
    units = build_units(scenario.gateways[0], catalog(), plant)
    sections = [section for unit in units.values() for section in unit.sections.values() if section.station]
    seen = []
    for _ in range(48):
        plant.advance(1800)
        seen += [(place, section.mechanism.word("charge") != "free") for place, section in enumerate(sections)]
    return seen


def test_cars_come_and_go_by_the_seed() -> None:
    one, other = words_of_a_day(1), words_of_a_day(2)
    assert one == words_of_a_day(1)
    assert one != other
    for place in range(6):
        assert {there for at, there in one if at == place} == {True, False}


def test_a_car_put_there_by_hand_stays_and_one_taken_away_does_not_come_back_that_day() -> None:
    scenario = load_scenario("charging")
    plant = Installation(scenario.tree, start=MONDAY.replace(hour=11), tick=60)
    units = build_units(scenario.gateways[0], catalog(), plant)
    station = units[11].sections["Bay 1"].station
    assert station is not None
    assert station.car is not None
    station.unplug()
    plant.advance(3600)
    assert station.car is None
    own = replace(CAR, card="MINE")
    station.plug(own)
    plant.advance(timedelta(days=1).total_seconds())
    assert station.car is own
    station.unplug()
    plant.advance(timedelta(days=1).total_seconds())
    assert station.car not in (None, own)


def test_behind_an_open_breaker_nothing_flows() -> None:
    bay = Bay()
    bay.station.plug(CAR)
    bay.plant.advance(2)
    bay.plant.switch("bay 1", "breaker", closed=False)
    assert (sum(bay.currents), bay.word()) == (0, "waiting")
