"""Tests of telling a charging station what a car may draw."""

from __future__ import annotations

import asyncio
import math
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modbus_connection.exceptions import (
    AcknowledgeError,
    IllegalDataValueError,
    ModbusConnectionError,
    ModbusError,
    ModbusTimeoutError,
)

from custom_components.legrand_ews.bus import Pilot, Priority, Target, UnitReader, value_of
from custom_components.legrand_ews.catalog import Charging, DataType, Profile, Space, Write
from custom_components.legrand_ews.catalog.charging import LIMIT

from .support import FakeUnit, client_of, now, profile, register, run, virtual_link

if TYPE_CHECKING:
    from collections.abc import Callable

SCALE = Decimal("0.1")
FREELY = Charging(limit=register(100, scale=SCALE), single=True, minimum=6.0, maximum=32.0, off=0)


def write(address: int, value: int) -> Write:
    """Return a write of one register."""
    return Write(space=Space.HOLDING, address=address, values=(value,), single=True)


ALLOW, FORBID = write(101, 1), write(101, 0)
LEAVE = Charging(allow=(ALLOW,), forbid=(write(102, 7), FORBID))
BOTH = Charging(
    limit=FREELY.limit, single=True, maximum=32.0, off=0, allow=LEAVE.allow, forbid=LEAVE.forbid, refresh=60.0
)


class Station(FakeUnit):
    """A unit that answers some writes with errors, and notes who asked when."""

    def __init__(self) -> None:
        """Take every write."""
        super().__init__()
        self.refuse: Callable[[int], Exception | None] = lambda _: None

    async def write_register(self, address: int, value: int) -> None:
        await super().write_register(address, value)
        self.memory[Space.HOLDING, address] = value
        await asyncio.sleep(0.01)
        if (error := self.refuse(address)) is not None:
            raise error


def map_of(charging: Charging | None) -> Profile:
    """Return the map of a station."""
    return profile(charging=charging)


def pilot_of(charging: Charging, unit: FakeUnit | None = None) -> Pilot:
    """Return the pilot of a station."""
    return Pilot(client_of(unit or Station()), map_of(charging))


def told(charging: Charging, *limits: float) -> list[tuple[int, object]]:
    """Return the writes that tell a station some limits: address and value."""

    async def main() -> list[tuple[int, object]]:
        unit = Station()
        pilot = pilot_of(charging, unit)
        for limit in limits:
            await pilot.set(limit)
        return [(address, value) for _, address, value in unit.writes]

    return run(main())


def test_a_map_without_charging_has_no_pilot() -> None:
    with pytest.raises(ValueError, match="test does not say"):
        Pilot(client_of(FakeUnit()), map_of(None))


def test_what_a_pilot_says_of_its_station() -> None:
    freely, leave, both = pilot_of(FREELY), pilot_of(LEAVE), pilot_of(BOTH)
    assert [pilot.adjustable for pilot in (freely, leave, both)] == [True, False, True]
    assert [pilot.resolution for pilot in (freely, leave, both)] == [0.1, 0.0, 0.1]
    assert [pilot.refresh for pilot in (freely, leave, both)] == [None, None, 60.0]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(0.0, 0.0), (5.99, 0.0), (6.0, 6.0), (6.09, 6.0), (6.1, 6.1), (31.99, 31.9), (32.0, 32.0), (63.0, 32.0)],
)
def test_the_greatest_current_that_can_be_told(limit: float, expected: float) -> None:
    assert pilot_of(FREELY).settable(limit) == expected


@pytest.mark.parametrize(("limit", "expected"), [(math.inf, 32.0), (-math.inf, 0.0), (math.nan, 0.0), (-1.0, 0.0)])
def test_what_is_no_current_is_told_safely(limit: float, expected: float) -> None:
    assert pilot_of(FREELY).settable(limit) == expected


@pytest.mark.parametrize(
    ("maximum", "limit", "expected"), [(math.inf, 20.0, 20.0), (16.0, 20.0, 16.0), (16.0, 8.0, 16.0), (16.0, 5.0, 0.0)]
)
def test_a_station_that_cannot_be_adjusted_charges_with_all_it_has(
    maximum: float, limit: float, expected: float
) -> None:
    assert pilot_of(Charging(allow=(ALLOW,), forbid=(FORBID,), maximum=maximum)).settable(limit) == expected


SCALES = st.sampled_from([Decimal(text) for text in ("1", "0.5", "0.1", "0.25", "0.01", "0.001")])
KINDS = st.sampled_from([DataType.U16, DataType.S16, DataType.U32])


@given(SCALES, KINDS, st.sampled_from(["big", "little"]), st.lists(st.floats(0, 80), min_size=1, max_size=8))
def test_what_is_told_is_never_more_and_never_much_less_and_reads_back(
    scale: Decimal, kind: DataType, order: Any, limits: list[float]
) -> None:
    row = register(100, kind, scale=scale, word_order=order)
    charging = Charging(limit=row, minimum=6.0, maximum=32.0, off=0)

    async def main() -> None:
        unit = FakeUnit()
        pilot = pilot_of(charging, unit)
        for limit in sorted(limits):
            settable = pilot.settable(limit)
            assert settable <= limit
            assert pilot.settable(settable) == settable
            assert settable == 0.0 if limit < 6 else min(limit, 32.0) - float(scale) < settable <= 32.0
            await pilot.set(limit)
            (*_, (function, address, values)) = unit.writes
            assert (function, address) == ("many", 100)
            assert isinstance(values, list)
            assert value_of(map_of(charging), LIMIT, {row: values}.get) == settable
        settables = [pilot.settable(limit) for limit in sorted(limits)]
        assert all(one <= other for one, other in pairwise(settables))

    run(main())


@pytest.mark.parametrize(
    ("charging", "limit", "writes"),
    [
        (FREELY, 16.0, [(100, 160)]),
        (FREELY, 16.07, [(100, 160)]),
        (FREELY, 0.0, [(100, 0)]),
        (FREELY, 5.0, [(100, 0)]),
        (LEAVE, 16.0, [(101, 1)]),
        (LEAVE, 0.0, [(102, 7), (101, 0)]),
        (LEAVE, 3.0, [(102, 7), (101, 0)]),
        (BOTH, 16.0, [(100, 160), (101, 1)]),
        (BOTH, 0.0, [(102, 7), (101, 0)]),
        (Charging(limit=register(100), single=True, maximum=32.0, off=0xFFFF, allow=(ALLOW,)), 0.0, [(100, 0xFFFF)]),
        (
            Charging(limit=register(100), single=True, maximum=32.0, off=0xFFFF, allow=(ALLOW,)),
            9.0,
            [(100, 9), (101, 1)],
        ),
    ],
)
def test_a_limit_is_written_before_the_leave_and_each_write_once(
    charging: Charging, limit: float, writes: list[tuple[int, int]]
) -> None:
    assert told(charging, limit) == writes


def test_a_limit_goes_before_everything_else_that_waits() -> None:
    async def main() -> list[tuple[Space, int, int]]:
        unit = Station()
        link = virtual_link()
        pilot = Pilot(client_of(unit, link), map_of(FREELY))
        client = client_of(unit, link)
        polls = [
            asyncio.create_task(client.read(priority, Space.HOLDING, priority, 1))
            for priority in Priority
            if priority > Priority.SAFETY
        ]
        await asyncio.sleep(0)
        await pilot.set(8.0)
        before = list(unit.requests)
        await asyncio.gather(*polls)
        return before

    assert run(main()) == [(Space.HOLDING, Priority.COMMAND, 1)]


@pytest.mark.parametrize(
    ("charging", "limit", "address", "sent", "what"),
    [
        (BOTH, 16.0, 100, [100], "limit, write 1 of 2: "),
        (BOTH, 16.0, 101, [100, 101], "allow, write 2 of 2: "),
        (BOTH, 0.0, 102, [102], "forbid, write 1 of 2: "),
        (BOTH, 0.0, 101, [102, 101], "forbid, write 2 of 2: "),
    ],
)
@pytest.mark.parametrize("error", [IllegalDataValueError, ModbusTimeoutError, ModbusConnectionError])
def test_what_failed_is_told_and_nothing_behind_it_is_sent(
    charging: Charging, limit: float, address: int, sent: list[int], what: str, error: type[ModbusError]
) -> None:
    async def main() -> None:
        unit = Station()
        unit.refuse = lambda where: error() if where == address else None
        with pytest.raises(ModbusError) as raised:
            await pilot_of(charging, unit).set(limit)
        assert str(raised.value).startswith(what)
        assert isinstance(raised.value.__cause__, error)
        assert [where for _, where, _ in unit.writes] == sent

    run(main())


def test_what_the_station_is_still_at_counts_as_done() -> None:
    async def main() -> list[int]:
        unit = Station()
        unit.refuse = lambda _: AcknowledgeError()
        await pilot_of(BOTH, unit).set(16.0)
        return [address for _, address, _ in unit.writes]

    assert run(main()) == [100, 101]


def test_writes_of_two_orders_do_not_mix_and_the_last_one_holds() -> None:
    async def main() -> list[tuple[int, object]]:
        unit = Station()
        pilot = pilot_of(BOTH, unit)
        await asyncio.gather(pilot.set(16.0), pilot.set(0.0), pilot.set(8.0), pilot.set(0.0))
        return [(address, value) for _, address, value in unit.writes]

    stop = [(102, 7), (101, 0)]
    assert run(main()) == [(100, 160), (101, 1), *stop, (100, 80), (101, 1), *stop]


def test_a_read_makes_the_connection_first() -> None:
    async def main() -> None:
        unit = Station()
        unit.connected = False
        pilot = pilot_of(FREELY, unit)
        await pilot.set(16.0)
        assert unit.requests == [(Space.HOLDING, 100, 1)]
        assert len(unit.writes) == 1
        unit.fault = lambda _: ModbusConnectionError("gone")
        with pytest.raises(ModbusError, match="limit, write 1 of 1: gone"):
            await pilot.set(8.0)
        assert len(unit.writes) == 1

    run(main())


def test_a_limit_that_was_set_is_read_with_the_states() -> None:
    async def main() -> list[object]:
        unit = Station()
        reader = UnitReader(client_of(unit), clock=now)
        targets = [Target(profile=map_of(FREELY), keys=frozenset({LIMIT}))]
        seen: list[object] = []
        for limit in (16.4, 0.0):
            await pilot_of(FREELY, unit).set(limit)
            seen.append((await reader.read(targets, Priority.WATCH))[0].values[LIMIT])
        return seen

    assert run(main()) == [16.4, 0.0]
