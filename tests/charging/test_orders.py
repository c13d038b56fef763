"""Orders to stations: only what changed, what lowers a current first, again where it did not arrive."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from math import floor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.charging import orders as module
from custom_components.legrand_ews.charging.orders import Orders
from custom_components.legrand_ews.charging.port import OrderError
from custom_components.legrand_ews.greenup import StationConfig

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Mapping

    from custom_components.legrand_ews.charging.port import Sight

KEYS = ("a", "b", "c")


@dataclass
class Plug:
    """A station that notes what it is told."""

    key: str
    name: str
    log: list[tuple[str, float]]
    refresh: float | None = None
    patience: float = 0.0
    fails: bool = False
    reached: bool = True
    there: bool = True
    line: str = ""
    has: float = 32.0
    gate: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    config: StationConfig = field(default_factory=lambda: StationConfig("x", 32.0, (0,)))

    def settable(self, limit: float) -> float:
        """Whole amperes from 6."""
        return float(floor(limit)) if limit >= 6 and self.reached else 0.0

    async def async_look(self) -> Sight | None:
        """Nobody looks."""
        raise NotImplementedError

    async def async_order(self, limit: float) -> None:
        """Take it, or not."""
        self.log.append((self.key, limit))
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.fails or not self.reached:
            raise OrderError("it does not want to")
        self.has = limit


class Bench:
    """Three plugs and what tells them."""

    def __init__(self) -> None:
        """Begin with plugs that were told nothing."""
        self.now = 1000.0
        self.log: list[tuple[str, float]] = []
        self.plugs = {key: Plug(key, key.upper(), self.log) for key in KEYS}
        self.work: list[Coroutine[Any, Any, None]] = []
        self.orders = Orders(self.work.append)
        self.orders.ports = self.plugs

    async def settle(self) -> list[tuple[str, float]]:
        """Let everything go out; return what did."""
        while self.work:
            await self.work.pop(0)
        told, self.log[:] = list(self.log), []
        return told

    async def give(self, limits: Mapping[str, float], lost: tuple[str, ...] = ()) -> list[tuple[str, float]]:
        """Give orders; return what went out."""
        self.orders.give(limits, lost)
        return await self.settle()

    async def repeat(self, after: float = 2.0) -> list[tuple[str, float]]:
        """Let time pass, and repeat what is due."""
        self.now += after
        self.orders.repeat()
        return await self.settle()


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Return plugs with a clock that stands still."""
    bench = Bench()
    monkeypatch.setattr(module, "monotonic", lambda: bench.now)
    yield bench
    for work in bench.work:
        work.close()


async def test_only_what_changed_is_told(bench: Bench) -> None:
    assert await bench.give({"a": 10.0, "b": 0.0}) == [("a", 10.0), ("b", 0.0)]
    assert await bench.give({"a": 10.4, "b": 0.0}) == []
    assert await bench.give({"a": 11.0, "b": 0.0}) == [("a", 11.0)]
    assert await bench.repeat(3600) == []


async def test_who_is_not_managed_is_told_nothing(bench: Bench) -> None:
    assert await bench.give({"a": 10.0, "z": 10.0}) == [("a", 10.0)]
    await bench.give({})
    assert await bench.repeat() == []


async def test_after_a_time_without_orders_all_are_told_anew(bench: Bench) -> None:
    await bench.give({"a": 10.0})
    await bench.give({})
    assert await bench.give({"a": 10.0}) == [("a", 10.0)]


async def test_less_is_told_before_more(bench: Bench) -> None:
    await bench.give({"a": 10.0, "b": 20.0, "c": 6.0})
    assert await bench.give({"a": 16.0, "b": 12.0, "c": 8.0}) == [("b", 12.0), ("a", 16.0), ("c", 8.0)]


async def test_what_a_station_forgets_is_told_again_in_time(bench: Bench) -> None:
    bench.plugs["a"].refresh = 60
    await bench.give({"a": 10.0, "b": 10.0})
    assert await bench.repeat(29) == []
    assert await bench.repeat(1) == [("a", 10.0)]
    assert await bench.repeat(29) == []


async def test_one_that_fails_holds_back_raises_but_no_repetitions(bench: Bench) -> None:
    bench.plugs["c"].refresh = 60
    await bench.give({"a": 20.0, "b": 6.0, "c": 9.0})
    bench.plugs["a"].fails = True
    assert await bench.give({"a": 6.0, "b": 20.0, "c": 9.0}) == [("a", 6.0)]
    assert ("c", 9.0) in await bench.repeat(31)
    assert bench.plugs["b"].has == 6.0
    bench.plugs["a"].fails = False
    assert await bench.repeat(16) == [("a", 6.0), ("b", 20.0)]


async def test_one_that_fails_is_told_again_ever_more_seldom(bench: Bench) -> None:
    bench.plugs["a"].fails = True
    await bench.give({"a": 6.0})
    times = [second for second in range(1, 80) if await bench.repeat(1)]
    assert times == [1, 3, 7, 15, 31, 47, 63, 79]


async def test_while_one_rests_after_a_failure_raises_still_wait(bench: Bench) -> None:
    await bench.give({"a": 20.0, "b": 6.0})
    bench.plugs["a"].fails = True
    await bench.give({"a": 6.0, "b": 20.0})
    assert await bench.repeat(0.5) == []
    assert bench.plugs["b"].has == 6.0


async def test_one_that_is_lost_holds_nobody_back(bench: Bench) -> None:
    await bench.give({"a": 20.0, "b": 6.0})
    bench.plugs["a"].fails = True
    assert await bench.give({"a": 6.0, "b": 20.0}, ("a",)) == [("a", 6.0), ("b", 20.0)]


async def test_one_that_refuses_holds_others_back_for_a_minute_at_most(bench: Bench) -> None:
    await bench.give({"a": 20.0, "b": 6.0})
    bench.plugs["a"].fails = True
    await bench.give({"a": 6.0, "b": 20.0})
    await bench.repeat(59)
    assert bench.plugs["b"].has == 6.0
    await bench.repeat(1)
    assert bench.plugs["b"].has == 20.0


async def test_a_failure_is_said_once_until_it_is_over(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.plugs["a"].fails = True
    await bench.give({"a": 6.0})
    await bench.repeat(10)
    assert [row.levelname for row in caplog.records] == ["WARNING", "DEBUG"]
    assert caplog.records[0].getMessage() == "A could not be told its order: it does not want to"
    bench.plugs["a"].fails = False
    await bench.repeat(30)
    bench.plugs["a"].fails = True
    await bench.give({"a": 8.0})
    assert caplog.records[-1].levelname == "WARNING"


async def test_what_cannot_be_reached_is_told_what_holds_once_it_can(bench: Bench) -> None:
    """Not what it could be told before, which was nothing."""
    bench.plugs["a"].reached = False
    await bench.give({"a": 16.0})
    bench.plugs["a"].reached = True
    assert await bench.repeat(30) == [("a", 16.0)]


async def test_one_that_has_another_limit_is_told_again_and_named_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.give({"a": 16.0})
    for _ in range(3):
        bench.now += 10
        bench.orders.seen("a", 9.0, bench.now)
        assert await bench.repeat(0) == [("a", 16.0)]
    assert [row.levelname for row in caplog.records] == ["WARNING", "DEBUG", "DEBUG"]
    assert caplog.records[0].getMessage() == "A was told 16 A and has 9 A"


@pytest.mark.parametrize(("limit", "after"), [(None, 10.0), (16.03, 10.0), (9.0, 0.0), (9.0, 4.9)])
async def test_what_a_station_tells_is_believed_only_where_it_can_be(
    bench: Bench, limit: float | None, after: float
) -> None:
    bench.plugs["a"].patience = 4.9
    await bench.give({"a": 16.0})
    bench.orders.seen("a", limit, bench.now + after)
    assert await bench.repeat(10) == []


async def test_one_that_was_told_nothing_yet_may_have_what_it_wants(bench: Bench) -> None:
    bench.orders.seen("a", 9.0, bench.now)
    assert bench.orders.told == {}


async def test_a_newer_order_overtakes_one_that_waits(bench: Bench) -> None:
    gate = bench.plugs["a"].gate = asyncio.Event()
    bench.orders.give({"a": 10.0})
    slow = asyncio.create_task(bench.work.pop())
    await bench.plugs["a"].asked.wait()
    bench.orders.give({"a": 20.0})
    bench.orders.give({"a": 6.0})
    later = [asyncio.create_task(work) for work in bench.work]
    bench.work.clear()
    gate.set()
    await asyncio.gather(slow, *later)
    assert bench.log == [("a", 10.0), ("a", 6.0)]


async def test_last_orders_are_waited_for_and_do_not_rest(bench: Bench) -> None:
    bench.plugs["a"].fails = True
    await bench.give({"a": 20.0, "b": 20.0})
    bench.plugs["a"].fails = False
    bench.log.clear()
    await bench.orders.async_give({"a": 6.0, "b": 0.0})
    assert sorted(bench.log) == [("a", 6.0), ("b", 0.0)]
    assert bench.work == []


LIMITS = st.sampled_from([0.0, 6.0, 10.0, 16.0])


@given(
    rounds=st.lists(
        st.tuples(st.fixed_dictionaries(dict.fromkeys(KEYS, LIMITS)), st.sets(st.sampled_from(KEYS))), max_size=8
    )
)
def test_none_draws_more_while_another_did_not_take_its_cut(
    rounds: list[tuple[dict[str, float], set[str]]],
) -> None:
    """And once all can be told, all have what they should."""
    bench = Bench()

    async def run() -> None:
        """Give the orders of each round while some fail."""
        for limits, failing in rounds:
            before = {key: plug.has for key, plug in bench.plugs.items()}
            for key, plug in bench.plugs.items():
                plug.fails = key in failing
            known = set(bench.orders.told)
            await bench.give(limits)
            uncut = any(key in failing and limits[key] < before[key] for key in KEYS)
            raised = {key for key in known if bench.plugs[key].has > before[key]}
            assert not (uncut and raised)
            bench.now += 2
        for plug in bench.plugs.values():
            plug.fails = False
        await bench.repeat(60)
        if rounds:
            assert {key: plug.has for key, plug in bench.plugs.items()} == rounds[-1][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "monotonic", lambda: bench.now)
        asyncio.run(run())
