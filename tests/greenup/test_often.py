"""Asked every second, with stations that are read every ten: the same readings again and again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.greenup import LoadManagerConfig, Mode, Plan

from .site import Car, FastSite, Site, single, triple

if TYPE_CHECKING:
    from custom_components.legrand_ews.greenup import StationConfig

LIMIT = 80.0
SETTLED = 400.0


@st.composite
def site(draw: st.DrawFn) -> FastSite:
    """A site whose cars all charge, with room for the lowest limits of all."""
    stations: list[StationConfig] = []
    for number in range(draw(st.integers(1, 4))):
        phase = draw(st.integers(0, 3))
        rated = draw(st.sampled_from([16.0, 32.0]))
        stations.append(triple(number, rated) if phase == 3 else single(number, phase, rated))
    measured = draw(st.booleans())
    cars = {one.id: Car(draw(st.sampled_from([6.0, 10.0, 16.0, 32.0])), measured=measured) for one in stations}
    mode = draw(st.sampled_from(Mode))
    config = LoadManagerConfig(
        LIMIT, LIMIT, 3.0, mode=mode, turns=False, rotation_after=1e9, guaranteed_charge=1000.0, emergency=False
    )
    return FastSite(config, stations, cars, every=draw(st.integers(2, 12)), delay=draw(st.integers(1, 5)))


def lowest(one: FastSite) -> list[float]:
    """Return what the stations draw at least per phase while all charge."""
    least = {s.id: 6.0 if one.config.mode is Mode.CONTINUOUS else s.rated_current / 2 for s in one.stations}
    return [sum(least[s.id] for s in one.stations if p in s.phases) for p in range(3)]


def watched(one: FastSite, seconds: float) -> list[dict[str, float]]:
    """Let time pass and return the orders of each second."""
    seen = [dict(one.orders)]

    def keep(_site: Site, _before: dict[str, float], plan: Plan) -> None:
        seen.append({key: order.limit for key, order in plan.orders.items()})

    one.run(seconds, keep)
    return seen


def falls(seen: list[dict[str, float]]) -> int:
    """Return in how many seconds an order fell."""
    return sum(any(after[key] < before[key] for key in after) for before, after in pairwise(seen))


def turns(seen: list[dict[str, float]], key: str) -> int:
    """Return how often an order changed its direction."""
    moves = [after[key] > before[key] for before, after in pairwise(seen) if after[key] != before[key]]
    return sum(before != after for before, after in pairwise(moves))


@settings(deadline=None, max_examples=12, derandomize=True)
@given(site(), st.tuples(*[st.floats(0, 1)] * 3), st.integers(0, 2), st.floats(0.1, 1))
def test_a_load_that_comes_is_made_room_for_by_one_cut(
    one: FastSite, shares: tuple[float, ...], phase: int, jump: float
) -> None:
    free = [0.75 * LIMIT - least for least in lowest(one)]
    base = [max(free[p], 0.0) * shares[p] for p in range(3)]
    more = max(free[phase] - base[phase], 0.0) * jump
    start = SETTLED
    one.base = lambda now: tuple(base[p] + more * (p == phase and now >= start) for p in range(3))  # type: ignore[assignment, return-value]
    one.run(SETTLED)
    assert all(one.orders.values())
    one.longest = 0.0
    seen = watched(one, 120)
    assert falls(seen) <= 1
    assert all(all(orders.values()) for orders in seen)
    assert all(turns(seen, key) <= 1 for key in one.orders)
    assert one.longest <= one.delay + 2


@settings(deadline=None, max_examples=8, derandomize=True)
@given(site(), st.tuples(*[st.floats(0.7, 1)] * 3), st.integers(0, 2), st.floats(0.3, 1))
def test_a_load_that_goes_is_filled_without_going_back(
    one: FastSite, shares: tuple[float, ...], phase: int, jump: float
) -> None:
    free = [0.9 * LIMIT - least for least in lowest(one)]
    base = [max(free[p], 0.0) * shares[p] for p in range(3)]
    start = SETTLED
    one.base = lambda now: tuple(base[p] * (1 - jump * (p == phase and now >= start)) for p in range(3))  # type: ignore[assignment, return-value]
    one.run(SETTLED)
    assert all(one.orders.values())
    one.longest = 0.0
    seen = watched(one, 120)
    alone = all(len(station.phases) == 1 for station in one.stations)
    assert falls(seen) == 0 or not alone
    assert one.longest == 0
