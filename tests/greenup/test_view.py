"""What one step knows."""

from __future__ import annotations

from math import inf

import pytest

from custom_components.legrand_ews.greenup import LoadManagerConfig, Zone
from custom_components.legrand_ews.greenup.journal import Journal
from custom_components.legrand_ews.greenup.session import NOTHING, Session, Stage
from custom_components.legrand_ews.greenup.view import View

from .site import single


def view(
    *sessions: Session, zone: Zone = Zone.GREEN, cap: float | None = None, fresh: bool = True, meter: float = 0.0
) -> View:
    """Return a step with these values, a lost station of 16 A on L1."""
    return View(
        now=0.0,
        config=LoadManagerConfig(50, 40, charging_cap=cap),
        sessions=sessions,
        journal=Journal(0.0),
        zone=zone,
        meter=(meter, 0.0, 0.0),
        base=[0.0] * 3,
        booked=[16.0, 0.0, 0.0],
        high=[0.0] * 3,
        noise=NOTHING,
        may_grow=fresh,
        over_for=[0.0] * 3,
        excess_for=0.0,
        limit=50.0,
    )


@pytest.mark.parametrize(
    ("zone", "fresh", "growing"),
    [(Zone.GREEN, True, True), (Zone.YELLOW, True, True), (Zone.RED, True, False), (Zone.GREEN, False, False)],
)
def test_what_lets_orders_grow(zone: Zone, fresh: bool, growing: bool) -> None:  # noqa: FBT001
    assert view(zone=zone, fresh=fresh).growing is growing


def test_who_is_managed() -> None:
    some = [Session(single(n), stage) for n, stage in enumerate((Stage.CHARGING, Stage.AUTHORISING, Stage.QUEUED))]
    lost = Session(single(3), Stage.CHARGING)
    lost.lost = True
    assert view(*some, lost).managed == some[:2]


@pytest.mark.parametrize(("meter", "over"), [(50.0, False), (50.1, True)])
def test_what_is_over(meter: float, over: bool) -> None:  # noqa: FBT001
    assert view(meter=meter).over(0) is over
    assert not view(meter=meter).over(1)


def test_a_cap_holds_for_lost_stations_too() -> None:
    assert [view(cap=30.0).cap(p) for p in range(3)] == [14.0, 30.0, 30.0]
    assert view(cap=10.0).cap(0) == 0.0
    assert view().cap(0) == inf
