"""Tests of reading a unit in spite of its faults."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modbus_connection.exceptions import (
    GatewayPathUnavailableError,
    GatewayTargetError,
    IllegalDataAddressError,
    IllegalDataValueError,
    IllegalFunctionError,
    ModbusConnectionError,
    ModbusDesyncError,
    ModbusError,
    ModbusProtocolError,
    ModbusTimeoutError,
    ServerDeviceBusyError,
    ServerDeviceFailureError,
)
from modbus_connection.mock import MockModbusConnection

from custom_components.legrand_ews.bus import (
    Health,
    Priority,
    Target,
    TargetReading,
    UnitClient,
    UnitReader,
    UnitSilentError,
)
from custom_components.legrand_ews.bus.reader import BACK_OFF_FIRST, BACK_OFF_LONGEST, SLOW_INTERVAL
from custom_components.legrand_ews.catalog import Catalog, DataType, ReadRules, Scale, Space

from .support import FakeUnit, client_of, measure, now, profile, refuse, register, run, virtual_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custom_components.legrand_ews.catalog import Profile

    from .support import Request

POLL = 10.0
HOLDING = Space.HOLDING
RULES = ReadRules(max_words=8)
GAIN = register(900, slow=True)
THREE = profile(
    [
        measure("voltage_l1", register(0)),
        measure("current_l1", register(100)),
        measure("frequency", register(200)),
        measure("power", register(1), scale="gain"),
    ],
    read=RULES,
    registers={"gain": GAIN},
    scales={"gain": Scale(registers=("gain",), values={1: Decimal(1), 2: Decimal(10)})},
)
"""Three blocks of measures, and one of settings."""
MEMORY = {(HOLDING, 0): 230, (HOLDING, 1): 7, (HOLDING, 100): 16, (HOLDING, 200): 50, (HOLDING, 900): 2}
VALUES = {"voltage_l1": 230.0, "current_l1": 16.0, "frequency": 50.0, "power": 70.0}
PLAIN = frozenset(VALUES) - {"power"}
SILENT = (ModbusTimeoutError, GatewayTargetError, GatewayPathUnavailableError)


def target(keys: Iterable[str] = VALUES, of: Profile = THREE) -> Target:
    """Return a target."""
    return Target(profile=of, keys=frozenset(keys))


class Polling:
    """A unit, its reader and what polling it gives."""

    def __init__(self, *targets: Target, unit: FakeUnit | None = None) -> None:
        """Poll some targets, all of the map of three blocks where none are given."""
        self.unit = unit or FakeUnit(MEMORY)
        self.reader = UnitReader(client_of(self.unit), clock=now)
        self.targets = list(targets) or [target()]

    async def poll(self, **options: Any) -> TargetReading:
        """Read once; return the reading of the first target."""
        return (await self.reader.read(self.targets, Priority.MEASURE, **options))[0]

    async def asked(self, **options: Any) -> list[int]:
        """Read once; return the addresses that were asked for."""
        self.unit.requests.clear()
        with suppress(UnitSilentError):
            await self.poll(**options)
        return [address for _, address, _ in self.unit.requests]

    def fail(self, error: Callable[[], Exception], *addresses: int) -> None:
        """Let reads of some addresses fail from now on, of all where none are given."""
        self.unit.fault = refuse(error, addresses) if addresses else lambda _: error()

    def work(self) -> None:
        """Let all reads work from now on."""
        self.unit.fault = lambda _: None


def once(error: Callable[[], Exception], address: int) -> Callable[[Request], Exception | None]:
    """Return a fault: the first read from an address fails."""
    left = [address]

    def fault(request: Request) -> Exception | None:
        if request[1] in left:
            left.clear()
            return error()
        return None

    return fault


def test_a_poll_reads_each_block_once_and_gives_all_values() -> None:
    async def main() -> None:
        polling = Polling()
        reading = await polling.poll()
        assert reading.values == VALUES
        assert not reading.failed
        assert not reading.unsupported
        assert polling.unit.requests == [(HOLDING, 0, 2), (HOLDING, 100, 1), (HOLDING, 200, 1), (HOLDING, 900, 1)]

    run(main())


def test_a_unit_behind_another_backend_is_read_alike() -> None:
    async def main() -> None:
        mock = MockModbusConnection().for_unit(5)
        mock.load_raw({"holding": {address: word for (_, address), word in MEMORY.items()}})
        reader = UnitReader(UnitClient(virtual_link(), mock), clock=now)
        [reading] = await reader.read([target()], Priority.MEASURE)
        assert reading.values == VALUES

    run(main())


def test_targets_share_what_they_have_in_common_and_are_answered_in_order() -> None:
    async def main() -> None:
        other = profile([measure("steps", register(1))], read=ReadRules(max_words=4))
        polling = Polling(target(["power"]), target(["voltage_l1"]), target(["steps"], other))
        readings = await polling.reader.read(polling.targets, Priority.MEASURE)
        assert [reading.values for reading in readings] == [{"power": 70.0}, {"voltage_l1": 230.0}, {"steps": 7.0}]
        assert polling.unit.requests == [(HOLDING, 0, 2), (HOLDING, 1, 1), (HOLDING, 900, 1)]

    run(main())


def test_other_targets_are_read_as_soon_as_they_are_wanted() -> None:
    async def main() -> None:
        polling = Polling(target(["voltage_l1"]))
        assert await polling.asked() == [0]
        polling.targets[0] = target(["current_l1"])
        assert await polling.asked() == [100]
        polling.targets.append(target(["voltage_l1"]))
        assert await polling.asked() == [0, 100]

    run(main())


def test_nothing_wanted_asks_nothing_and_says_nothing_about_the_unit() -> None:
    async def main() -> None:
        polling = Polling()
        polling.targets.clear()
        assert await polling.reader.read([], Priority.MEASURE) == []
        assert polling.unit.requests == []
        assert not polling.reader.health.heard

    run(main())


def test_the_plan_tells_what_a_poll_reads() -> None:
    async def main() -> None:
        polling = Polling()
        planned = [(block.space, block.address, block.count) for block in polling.reader.planned(polling.targets)]
        await polling.poll()
        assert polling.unit.requests[:-1] == planned

    run(main())


# Refusals


@pytest.mark.parametrize("error", [IllegalFunctionError, IllegalDataAddressError, IllegalDataValueError])
def test_a_refused_row_is_told_and_never_asked_for_again(error: type[ModbusError]) -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(lambda: error("not here"), 100)
        for _ in range(3):
            reading = await polling.poll()
            assert reading.unsupported == {"current_l1"}
            assert not reading.failed
            assert reading.values == {key: VALUES[key] for key in VALUES if key != "current_l1"}
        assert [address for _, address, _ in polling.unit.requests].count(100) == 1
        assert list(polling.reader.refused) == [register(100)]
        assert "not here" in polling.reader.refused[register(100)] or error is not ModbusError

    run(main())


def test_a_refused_block_is_narrowed_to_the_rows_that_are_refused() -> None:
    async def main() -> None:
        of = profile([measure(f"m{address}", register(address)) for address in range(8)], read=RULES)
        polling = Polling(target(of.measures, of))
        polling.fail(IllegalDataAddressError, 2, 5)
        reading = await polling.poll()
        assert reading.unsupported == {"m2", "m5"}
        assert set(reading.values) == {"m0", "m1", "m3", "m4", "m6", "m7"}
        assert len(polling.unit.requests) < 2 * 8
        # Around them, reads are as long as before.
        assert await polling.asked() == [0, 3, 6]

    run(main())


def test_a_hole_that_cannot_be_read_over_costs_one_more_read_and_no_value() -> None:
    async def main() -> None:
        of = profile([measure(f"m{address}", register(address)) for address in (0, 1, 4, 5)], read=RULES)
        polling = Polling(target(of.measures, of))
        polling.fail(IllegalDataAddressError, 2)
        reading = await polling.poll()
        assert not reading.unsupported
        assert len(reading.values) == 4
        assert await polling.asked() == [0, 4]

    run(main())


def test_rows_of_one_word_are_refused_together_with_one_request() -> None:
    async def main() -> None:
        bits = profile([measure(f"bit{bit}", register(3, DataType.BIT, bit=bit)) for bit in range(16)])
        polling = Polling(target(bits.measures, bits))
        polling.fail(IllegalDataAddressError)
        reading = await polling.poll()
        assert reading.unsupported == set(bits.measures)
        assert len(polling.unit.requests) == 1

    run(main())


def test_what_refers_to_a_refused_setting_is_unsupported() -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(IllegalDataAddressError, 900)
        assert (await polling.poll()).unsupported == {"power"}
        assert await polling.asked() == [0, 100, 200]

    run(main())


def test_a_unit_that_refuses_everything_answers() -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(IllegalDataAddressError)
        reading = await polling.poll()
        assert reading.unsupported == set(VALUES)
        assert polling.reader.health.heard
        assert not polling.reader.health.silent
        assert await polling.asked() == []

    run(main())


LAYOUT = st.lists(st.tuples(st.integers(0, 60), st.sampled_from([DataType.U16, DataType.U32])), min_size=1, max_size=12)


@settings(max_examples=80, deadline=None)
@given(layout=LAYOUT, bad=st.sets(st.integers(0, 62), max_size=8), most=st.integers(2, 20))
def test_whatever_a_unit_refuses_the_rest_is_read_in_full_and_soon_without_a_refusal(
    layout: list[tuple[int, DataType]], bad: set[int], most: int
) -> None:
    """The unit refuses every read that touches a bad address."""

    async def main() -> None:
        rows = {f"m{index}": register(address, kind) for index, (address, kind) in enumerate(layout)}
        of = profile([measure(key, row) for key, row in rows.items()], read=ReadRules(max_words=most))
        polling = Polling(target(rows, of), unit=FakeUnit({(HOLDING, address): address for address in range(80)}))
        polling.fail(IllegalDataAddressError, *(bad or {9999}))
        planned = len(polling.reader.planned(polling.targets))
        bad_keys = {key for key, row in rows.items() if bad & set(range(row.address, row.address + row.words))}
        for poll in range(4):
            polling.unit.requests.clear()
            reading = await polling.poll()
            assert len(polling.unit.requests) <= planned + 2 * len(rows)
            refused = [row for row in polling.unit.requests if polling.unit.fault(row) is not None]
            if poll > 1:
                assert not refused
        alone = {row.address for row in rows.values() if row in polling.reader.refused}
        for key, row in rows.items():
            if key in bad_keys:
                assert key in reading.unsupported
            elif row.address not in alone:
                value = row.address if row.words == 1 else row.address * 0x10000 + row.address + 1
                assert reading.values[key] == value
        assert not reading.failed

    run(main())


# Silence


@pytest.mark.parametrize("error", SILENT)
def test_a_unit_never_heard_costs_one_request(error: type[ModbusError]) -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(lambda: error("nobody there"))
        with pytest.raises(UnitSilentError, match="nobody there"):
            await polling.poll()
        assert len(polling.unit.requests) == 1
        assert polling.reader.health.silent

    run(main())


def test_a_silent_unit_is_asked_ever_more_rarely_one_request_at_a_time() -> None:
    async def main() -> list[float]:
        polling = Polling()
        polling.fail(GatewayTargetError)
        tries = []
        while now() < 1500:
            before = len(polling.unit.requests)
            with pytest.raises(UnitSilentError):
                await polling.poll()
            assert len(polling.unit.requests) <= before + 1
            if len(polling.unit.requests) > before:
                tries.append(now())
            await asyncio.sleep(0.5)
        return tries

    waits = [later - earlier for earlier, later in pairwise(run(main()))]
    assert waits == pytest.approx([10, 20, 40, 80, 160, 300, 300, 300], abs=0.6)


def test_a_unit_that_was_never_there_stays_harmless_for_ever() -> None:
    health = Health()
    for _ in range(5000):
        health.missed(100.0)
        assert health.retry_at <= 100.0 + BACK_OFF_LONGEST
    health.answered()
    health.missed(0.0)
    assert health.retry_at == BACK_OFF_FIRST


def test_a_silent_unit_is_asked_before_its_time_for_somebody_who_wants_it_now() -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(GatewayTargetError)
        assert len(await polling.asked()) == 1
        assert len(await polling.asked()) == 0
        assert len(await polling.asked(now=True)) == 1
        polling.work()
        assert len(await polling.asked()) == 0
        assert (await polling.poll(now=True)).values == VALUES
        assert not polling.reader.health.silent
        assert (await polling.poll()).values == VALUES

    run(main())


def test_a_healthy_unit_gets_a_second_chance() -> None:
    async def main() -> None:
        polling = Polling()
        await polling.poll()
        for address in (0, 200):
            polling.unit.fault = once(lambda: ModbusTimeoutError("lost"), address)
            polling.unit.requests.clear()
            assert (await polling.poll()).values == VALUES
            assert [at for _, at, _ in polling.unit.requests].count(address) == 2
            assert len(polling.unit.requests) == 4

    run(main())


def test_a_healthy_unit_that_falls_silent_costs_two_requests_then_one() -> None:
    async def main() -> None:
        polling = Polling()
        await polling.poll()
        polling.fail(lambda: ModbusTimeoutError("silent"))
        assert len(await polling.asked()) == 2
        assert polling.reader.health.silent
        await asyncio.sleep(BACK_OFF_FIRST + 0.1)
        assert len(await polling.asked()) == 1

    run(main())


def test_a_unit_that_falls_silent_in_the_middle_is_left_alone() -> None:
    async def main() -> None:
        of = profile([measure(f"m{at}", register(100 * at)) for at in range(20)], read=RULES)
        polling = Polling(target(of.measures, of), unit=FakeUnit())
        polling.fail(lambda: ModbusTimeoutError("silent"), *range(100, 2000))
        reading = await polling.poll()
        assert set(reading.values) == {"m0"}
        assert reading.failed == set(of.measures) - {"m0"}
        assert len(polling.unit.requests) <= 5

    run(main())


def test_a_block_without_an_answer_fails_only_its_measures() -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(lambda: ModbusTimeoutError("silent"), 100)
        reading = await polling.poll()
        assert reading.failed == {"current_l1"}
        assert reading.values == {key: VALUES[key] for key in VALUES if key != "current_l1"}
        assert not polling.reader.health.silent
        polling.work()
        assert (await polling.poll()).values == VALUES

    run(main())


def test_an_answer_between_two_blocks_without_one_shows_that_the_unit_is_there() -> None:
    async def main() -> None:
        of = profile([measure(f"m{at}", register(100 * at)) for at in range(5)], read=RULES)
        polling = Polling(target(of.measures, of), unit=FakeUnit())
        polling.fail(lambda: ModbusTimeoutError("silent"), 100, 300)
        assert (await polling.poll()).failed == {"m1", "m3"}

    run(main())


def test_a_block_that_never_answers_costs_less_and_less() -> None:
    async def main() -> list[int]:
        polling = Polling()
        polling.fail(lambda: ModbusTimeoutError("silent"), 100)
        counts = []
        for _ in range(60):
            counts.append((await polling.asked()).count(100))
            await asyncio.sleep(POLL - now() % POLL)
        polling.work()
        assert (await polling.poll(now=True)).values == VALUES
        assert (await polling.asked()).count(100) == 1
        return counts

    counts = run(main())
    assert counts[:2] == [2, 1]
    assert max(counts[2:]) == 1
    assert sum(counts) < 12


def test_a_unit_that_is_mute_about_its_first_block_is_found_alive() -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(lambda: ModbusTimeoutError("silent"), 0)
        with pytest.raises(UnitSilentError):
            await polling.poll()
        await asyncio.sleep(BACK_OFF_FIRST)
        reading = await polling.poll()
        assert set(reading.values) == {"current_l1", "frequency"}
        assert reading.failed == {"voltage_l1", "power"}
        assert not polling.reader.health.silent

    run(main())


def test_after_any_silence_all_is_there_again_with_the_first_answer() -> None:
    async def main() -> None:
        for polls in range(12):
            polling = Polling()
            await polling.poll()
            polling.fail(GatewayTargetError)
            for _ in range(polls):
                await polling.asked(now=True)
            polling.work()
            await asyncio.sleep(max(polling.reader.health.retry_at - now(), 0))
            assert (await polling.poll()).values == VALUES

    run(main())


# Settings


def test_settings_are_read_at_the_start_and_then_every_five_minutes() -> None:
    async def main() -> list[float]:
        polling = Polling()
        times = []
        while now() < 1000:
            if 900 in await polling.asked():
                times.append(now())
            assert (await polling.poll()).values == VALUES
            await asyncio.sleep(POLL)
        return times

    waits = [later - earlier for earlier, later in pairwise([0.0, *run(main())])]
    assert waits[0] < 1
    assert waits[1:] == pytest.approx([SLOW_INTERVAL] * 3, abs=POLL + 1)


def test_a_changed_setting_is_seen() -> None:
    async def main() -> None:
        polling = Polling()
        assert (await polling.poll()).values["power"] == 70.0
        polling.unit.memory[HOLDING, 900] = 1
        await asyncio.sleep(SLOW_INTERVAL)
        assert (await polling.poll()).values["power"] == 7.0

    run(main())


@pytest.mark.parametrize("error", [ServerDeviceFailureError, *SILENT, lambda: ModbusProtocolError("garbage")])
def test_a_setting_that_fails_at_the_start_is_read_with_the_next_poll(error: Callable[[], Exception]) -> None:
    async def main() -> None:
        polling = Polling()
        polling.targets = [target(PLAIN)]
        await polling.poll()
        polling.targets = [target()]
        polling.fail(error, 900)
        reading = await polling.poll()
        assert reading.failed == {"power"}
        assert set(reading.values) == PLAIN
        polling.work()
        assert (await polling.poll()).values == VALUES
        assert await polling.asked() == [0, 100, 200]

    run(main())


def test_a_setting_that_fails_later_keeps_its_value() -> None:
    async def main() -> None:
        polling = Polling()
        await polling.poll()
        await asyncio.sleep(SLOW_INTERVAL)
        polling.fail(ServerDeviceFailureError, 900)
        assert (await polling.poll()).values == VALUES

    run(main())


def test_only_the_settings_that_are_missing_are_read_between() -> None:
    async def main() -> None:
        of = profile(
            [measure("wiring", register(900, slow=True)), measure("tariff", register(950, slow=True))], read=RULES
        )
        polling = Polling(target(["wiring"], of))
        assert await polling.asked() == [900]
        polling.targets = [target(["wiring", "tariff"], of)]
        assert await polling.asked() == [950]
        assert await polling.asked() == []
        polling.targets = [target(["tariff"], of)]
        assert await polling.asked() == []

    run(main())


def test_settings_read_between_do_not_put_off_the_others() -> None:
    async def main() -> None:
        of = profile(
            [measure("wiring", register(900, slow=True)), measure("tariff", register(950, slow=True))], read=RULES
        )
        polling = Polling(target(["wiring"], of))
        await polling.poll()
        polling.targets = [target(["wiring", "tariff"], of)]
        await asyncio.sleep(SLOW_INTERVAL - 50)
        assert await polling.asked() == [950]
        await asyncio.sleep(50)
        assert await polling.asked() == [900, 950]

    run(main())


@pytest.mark.parametrize("error", [GatewayTargetError, lambda: ModbusConnectionError("gone")])
def test_a_unit_that_was_away_is_asked_for_its_settings_again(error: Callable[[], Exception]) -> None:
    async def main() -> None:
        polling = Polling()
        await polling.poll()
        polling.fail(error)
        with pytest.raises(ModbusError):
            await polling.poll()
        polling.work()
        polling.unit.memory[HOLDING, 900] = 1
        await asyncio.sleep(BACK_OFF_FIRST)
        assert (await polling.poll()).values["power"] == 7.0

    run(main())


# Other faults


def test_a_gateway_out_of_reach_is_no_silence_of_the_unit() -> None:
    async def main() -> None:
        polling = Polling()
        await polling.poll()
        polling.fail(lambda: ModbusConnectionError("gone"), 100)
        with pytest.raises(ModbusConnectionError):
            await polling.poll()
        assert [address for _, address, _ in polling.unit.requests].count(200) == 1
        assert not polling.reader.health.silent
        polling.work()
        await asyncio.sleep(1.0)
        assert (await polling.poll()).values == VALUES

    run(main())


@pytest.mark.parametrize(
    "error",
    [
        lambda: ModbusProtocolError("3 bytes instead of 5"),
        lambda: ModbusDesyncError("wrong transaction"),
        ServerDeviceBusyError,
        ServerDeviceFailureError,
    ],
)
def test_garbage_and_excuses_fail_their_block_and_the_next_read_works(error: Callable[[], Exception]) -> None:
    async def main() -> None:
        polling = Polling()
        await polling.poll()
        polling.fail(error, 100)
        reading = await polling.poll()
        assert reading.failed == {"current_l1"}
        assert set(reading.values) == set(VALUES) - {"current_l1"}
        assert not reading.unsupported
        polling.work()
        assert (await polling.poll()).values == VALUES

    run(main())


def test_after_an_answer_to_another_request_the_block_is_read_over_a_new_connection() -> None:
    async def main() -> None:
        polling = Polling()
        await polling.poll()
        unit = polling.unit

        def drop() -> Exception:
            unit.connected = False
            return ModbusDesyncError("wrong transaction")

        unit.fault = once(drop, 100)
        assert (await polling.poll()).values == VALUES

        # The connection does not come back: the gateway is gone, not the unit.
        unit.fault = once(drop, 100)
        after_drop = unit.fault

        def gone(request: Request) -> Exception | None:
            return after_drop(request) or (None if unit.connected else ModbusConnectionError("gone"))

        unit.connected = True
        unit.fault = gone
        with pytest.raises(ModbusConnectionError):
            await polling.poll()
        assert not polling.reader.health.silent

    run(main())


def test_a_unit_of_which_only_garbage_is_heard_is_neither_silent_nor_healthy() -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(lambda: ModbusProtocolError("garbage"))
        reading = await polling.poll()
        assert reading.failed == set(VALUES)
        assert not reading.values
        assert not polling.reader.health.heard
        polling.fail(GatewayTargetError)
        await polling.asked()
        failures = polling.reader.health.failures
        assert failures == 1
        polling.fail(lambda: ModbusProtocolError("garbage"))
        await polling.asked(now=True)
        assert polling.reader.health.failures == failures

    run(main())


def test_a_unit_that_only_makes_excuses_is_alive() -> None:
    async def main() -> None:
        polling = Polling()
        polling.fail(ServerDeviceFailureError)
        reading = await polling.poll()
        assert reading.failed == set(VALUES)
        assert polling.reader.health.heard
        assert not polling.reader.health.silent

    run(main())


def test_a_refusal_is_an_answer_and_a_silence_after_it_fails_only_its_block() -> None:
    async def main() -> None:
        polling = Polling()
        faults = {0: IllegalDataAddressError(), 1: IllegalDataAddressError(), 100: ModbusTimeoutError("silent")}
        polling.unit.fault = lambda request: faults.get(request[1])
        reading = await polling.poll()
        assert reading.unsupported == {"voltage_l1", "power"}
        assert reading.failed == {"current_l1"}
        assert set(reading.values) == {"frequency"}

    run(main())


def test_a_silence_while_a_block_is_narrowed_fails_rows_but_refuses_none_of_them() -> None:
    async def main() -> None:
        of = profile([measure(f"m{address}", register(address)) for address in range(8)], read=RULES)
        polling = Polling(target(of.measures, of))
        whole = [(HOLDING, 0, 8)]
        polling.unit.fault = lambda row: IllegalDataAddressError() if row in whole else ModbusTimeoutError("silent")
        reading = await polling.poll()
        assert reading.failed == set(of.measures)
        assert not polling.reader.refused
        polling.work()
        assert len((await polling.poll(now=True)).values) == 8

    run(main())


CATALOG = Catalog.load(None)


@pytest.mark.parametrize("built_in", CATALOG.profiles.values(), ids=lambda row: row.id)
def test_every_measure_of_every_map_is_read_within_the_rules(built_in: Profile) -> None:
    async def main() -> None:
        of = built_in if built_in.inputs is None else built_in.at_position(1)
        polling = Polling(target(of.measures, of))
        polling.unit.answer = 0.0
        reading = await polling.poll()
        assert set(reading.values) == set(of.measures)
        assert all(count <= of.read.max_words for _, _, count in polling.unit.requests)

    run(main())
