"""Tests of carrying out orders, on a device with faults."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, override

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modbus_connection.exceptions import (
    AcknowledgeError,
    GatewayTargetError,
    IllegalDataValueError,
    ModbusConnectionError,
    ModbusError,
    ModbusProtocolError,
    ModbusTimeoutError,
    ServerDeviceBusyError,
    ServerDeviceFailureError,
)

from custom_components.legrand_ews.bus import (
    Commander,
    Order,
    Outcome,
    Priority,
    Result,
    order_for,
    order_for_settings,
)
from custom_components.legrand_ews.catalog import (
    Command,
    Condition,
    Profile,
    Setting,
    SettingKind,
    Space,
    State,
    StateKind,
    Verb,
    Write,
)

from .support import FakeUnit, client_of, now, profile, register, run, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HOLDING = Space.HOLDING
STATE, COMMAND, LOCK, KIND, MODE_AT, TIME_AT = 10, 20, 21, 30, 40, 41
OPEN, CLOSED, TRIPPED = 0, 1, 2
VERBS: Final = {1: OPEN, 2: CLOSED}
MODE = Setting(
    key="output_1_mode",
    output="output_1",
    kind=SettingKind.MODE,
    register=register(MODE_AT, slow=True),
    values={0: "impulsive", 1: "blinking"},
)
ON_TIME = Setting(
    key="output_1_on_time",
    output="output_1",
    kind=SettingKind.ON_TIME,
    register=register(TIME_AT, slow=True),
    single=True,
)


def write(address: int, *values: int, space: Space = HOLDING, single: bool = False) -> Write:
    """Return a write."""
    return Write(space=space, address=address, values=values, single=single)


def command(state: str, verb: Verb, *writes: Write, **fields: Any) -> Command:
    """Return a command."""
    return Command(state=state, verb=verb, writes=writes, expect=fields.pop("expect", None), **fields)


COMMANDS = (
    command("breaker", Verb.OPEN, write(COMMAND, 1), expect="open"),
    command("breaker", Verb.CLOSE, write(LOCK, 0xA5A5), write(COMMAND, 2), expect="closed"),
    command(
        "output_1",
        Verb.ON,
        write(5, 1, space=Space.COIL, single=True),
        expect="on",
        valid_if=Condition(register="kind", values=frozenset({2})),
    ),
    command("contactor", Verb.CLOSE, write(COMMAND, 9)),
)
MAP: Final[Profile] = profile(
    states={
        "breaker": State(
            key="breaker",
            kind=StateKind.BREAKER,
            register=register(STATE),
            values={OPEN: "open", CLOSED: "closed", TRIPPED: "tripped"},
        ),
        "output_1": State(key="output_1", kind=StateKind.OUTPUT, register=register(5, space=Space.COIL)),
    },
    commands={(row.state, row.verb): row for row in COMMANDS},
    settings={MODE.key: MODE, ON_TIME.key: ON_TIME},
    registers={"kind": register(KIND)},
)


@dataclass(frozen=True)
class Fault:
    """What happens to one write."""

    done: bool = True
    """The device does it."""
    error: Callable[[], Exception] | None = None
    """What comes back in place of an answer."""
    after: float = 0.0
    """Seconds until the device shows it."""


FINE = Fault()
FAULTS: Final = {
    "fine": FINE,
    "refused": Fault(done=False, error=IllegalDataValueError),
    "failed": Fault(done=False, error=ServerDeviceFailureError),
    "busy": Fault(done=False, error=ServerDeviceBusyError),
    "acknowledged": Fault(error=AcknowledgeError, after=1.0),
    "lost before": Fault(done=False, error=ModbusTimeoutError),
    "lost after": Fault(error=ModbusTimeoutError),
    "gateway silent": Fault(error=GatewayTargetError),
    "dropped before": Fault(done=False, error=ModbusConnectionError),
    "dropped after": Fault(error=ModbusConnectionError, after=0.3),
    "garbage": Fault(error=ModbusProtocolError),
    "stuck": Fault(done=False),
    "slow": Fault(after=1.2),
    "too slow": Fault(after=5.0),
}
READ_FAULTS: Final = {"silent": ModbusTimeoutError, "garbage": ModbusProtocolError, "down": ModbusConnectionError}


class Machine(FakeUnit):
    """A breaker with an output; ``faults`` befall its writes in turn, ``blind`` its reads."""

    def __init__(self, faults: Iterable[str] = (), blind: Iterable[str] = (), **memory: int) -> None:
        """Start open, with an output of kind 2."""
        super().__init__({(HOLDING, KIND): 2, (HOLDING, MODE_AT): 1, (HOLDING, TIME_AT): 0})
        self.memory |= {(HOLDING, globals()[name]): value for name, value in memory.items()}
        self.shown: int | None = None
        """The position as last read without a fault."""
        self.times: list[float] = []
        """When each write came."""
        self._faults = iter(list(faults))
        self._blind = iter(list(blind))

    @override
    async def _read(self, space: Space, address: int, count: int) -> list[int]:
        kind = READ_FAULTS.get(next(self._blind, ""))
        self.fault = lambda _: None if kind is None else kind("blind")
        words = await super()._read(space, address, count)
        if (space, address) == (HOLDING, STATE):
            self.shown = words[0]
        return words

    async def _write(self, space: Space, address: int, values: list[int]) -> None:
        self.times.append(now())
        fault = FAULTS[next(self._faults, "fine")]
        await asyncio.sleep(self.answer)
        if fault.done:
            asyncio.get_running_loop().call_later(fault.after, self._do, space, address, values)
            await asyncio.sleep(0)
        if fault.error is not None:
            raise fault.error()

    def _do(self, space: Space, address: int, values: list[int]) -> None:
        if (space, address) == (HOLDING, COMMAND):
            space, address, values = HOLDING, STATE, [VERBS.get(values[0], TRIPPED)]
        self.memory |= {(space, address + index): int(value) for index, value in enumerate(values)}

    @override
    async def write_register(self, address: int, value: int) -> None:
        await super().write_register(address, value)
        await self._write(HOLDING, address, [value])

    @override
    async def write_registers(self, address: int, values: list[int]) -> None:
        await super().write_registers(address, values)
        await self._write(HOLDING, address, values)

    @override
    async def write_coil(self, address: int, value: bool) -> None:
        await super().write_coil(address, value)
        await self._write(Space.COIL, address, [value])


def carry_out(machine: Machine, order: Order) -> Outcome:
    """Carry out one order."""

    async def main() -> Outcome:
        return await Commander(client_of(machine), MAP).execute(order)

    return run(main())


def close(within: float = 3.0) -> Order:
    """Return the order to close the breaker: two writes."""
    return replace(order_for(MAP, "breaker", Verb.CLOSE), within=within)


def open_() -> Order:
    """Return the order to open the breaker: one write."""
    return order_for(MAP, "breaker", Verb.OPEN)


@pytest.mark.parametrize(
    ("fault", "result", "value", "reason", "code"),
    [
        ("fine", Result.CONFIRMED, "open", "", None),
        ("slow", Result.CONFIRMED, "open", "", None),
        ("acknowledged", Result.CONFIRMED, "open", "", None),
        ("refused", Result.REFUSED, "closed", "exception", 3),
        ("failed", Result.REFUSED, "closed", "exception", 4),
        ("busy", Result.REFUSED, "closed", "exception", 6),
        ("lost before", Result.LOST, "closed", "silent", None),
        ("lost after", Result.CONFIRMED, "open", "", None),
        ("gateway silent", Result.CONFIRMED, "open", "", None),
        ("dropped before", Result.LOST, "closed", "gateway", None),
        ("dropped after", Result.CONFIRMED, "open", "", None),
        ("garbage", Result.CONFIRMED, "open", "", None),
        ("stuck", Result.CONTRADICTED, "closed", "different", None),
        ("too slow", Result.CONTRADICTED, "closed", "different", None),
    ],
)
def test_what_is_read_back_decides_and_nothing_is_sent_twice(
    fault: str, result: Result, value: str, reason: str, code: int | None
) -> None:
    machine = Machine([fault], STATE=CLOSED)
    outcome = carry_out(machine, open_())
    assert (outcome.result, outcome.value, outcome.reason, outcome.code) == (result, value, reason, code)
    assert machine.writes == [("many", COMMAND, [1])]
    lost = FAULTS[fault].error not in (None, AcknowledgeError)
    assert bool(outcome.detail) == lost


def test_a_confirmed_command_takes_two_requests() -> None:
    outcome = carry_out(Machine(STATE=CLOSED), open_())
    assert outcome.seconds == pytest.approx(0.01 + 0.05 + 0.01)


@pytest.mark.parametrize(("after", "seconds"), [("fine", 0.2), ("slow", 1.9), ("stuck", 3.3)])
def test_the_device_is_asked_until_it_follows_or_its_time_is_over(after: str, seconds: float) -> None:
    machine = Machine([after], STATE=CLOSED)
    assert carry_out(machine, open_()).seconds < seconds
    assert len(machine.requests) < 12


def test_a_breaker_that_trips_after_closing_contradicts() -> None:
    class Tripping(Machine):
        @override
        def _do(self, space: Space, address: int, values: list[int]) -> None:
            super()._do(space, address, values)
            if self.memory.get((HOLDING, STATE)) == CLOSED:
                self.memory[HOLDING, STATE] = TRIPPED

    outcome = carry_out(Tripping(STATE=OPEN), close())
    assert (outcome.result, outcome.value) == (Result.CONTRADICTED, "tripped")
    assert outcome.seconds == pytest.approx(3.0, abs=0.5)


@pytest.mark.parametrize("fault", ["refused", "lost before", "dropped before"])
def test_a_sequence_stops_at_the_write_that_fails(fault: str) -> None:
    machine = Machine([fault])
    outcome = carry_out(machine, close())
    assert outcome.result in (Result.REFUSED, Result.LOST)
    assert outcome.detail.startswith("write 1 of 2")
    assert [row[1] for row in machine.writes] == [LOCK]


def test_a_later_write_that_fails_is_named() -> None:
    machine = Machine(["fine", "refused"])
    outcome = carry_out(machine, close())
    assert (outcome.result, outcome.code) == (Result.REFUSED, 3)
    assert outcome.detail.startswith("write 2 of 2")


@pytest.mark.parametrize(("blind", "result"), [(1, Result.CONFIRMED), (99, Result.LOST)])
def test_a_look_that_fails_is_repeated(blind: int, result: Result) -> None:
    machine = Machine(blind=["silent"] * blind, STATE=CLOSED)
    outcome = carry_out(machine, open_())
    assert outcome.result is result
    assert outcome.reason == ("" if result is Result.CONFIRMED else "unread")
    assert len(machine.writes) == 1


@pytest.mark.parametrize(("kind", "result", "writes"), [(2, Result.CONFIRMED, 1), (1, Result.REFUSED, 0)])
def test_what_is_not_valid_now_is_not_sent(kind: int, result: Result, writes: int) -> None:
    machine = Machine(KIND=kind)
    outcome = carry_out(machine, order_for(MAP, "output_1", Verb.ON))
    assert (outcome.result, len(machine.writes)) == (result, writes)
    assert outcome.reason == ("" if writes else "not_now")


@pytest.mark.parametrize(
    ("blind", "result", "reason"),
    [("silent", Result.LOST, "silent"), ("garbage", Result.LOST, "garbage"), ("down", Result.LOST, "gateway")],
)
def test_a_device_that_does_not_tell_its_condition_gets_nothing(blind: str, result: Result, reason: str) -> None:
    machine = Machine(blind=[blind])
    outcome = carry_out(machine, order_for(MAP, "output_1", Verb.ON))
    assert (outcome.result, outcome.reason) == (result, reason)
    assert outcome.detail.startswith("nothing was sent")
    assert machine.writes == []


@pytest.mark.parametrize(
    ("fault", "result"), [("fine", Result.ACCEPTED), ("refused", Result.REFUSED), ("lost after", Result.LOST)]
)
def test_a_command_without_a_state_is_accepted_at_best(fault: str, result: Result) -> None:
    machine = Machine([fault])
    outcome = carry_out(machine, order_for(MAP, "contactor", Verb.CLOSE))
    assert (outcome.result, outcome.value, machine.requests) == (result, None, [])


def test_a_pulse_sets_what_differs_then_switches_on() -> None:
    machine = Machine(TIME_AT=5)
    outcome = carry_out(machine, order_for(MAP, "output_1", Verb.PULSE, seconds=5.0))
    assert outcome.result is Result.ACCEPTED
    assert outcome.settings == {MODE.key: "impulsive", ON_TIME.key: 5.0}
    assert machine.writes == [("many", MODE_AT, [0]), ("one bit", 5, True)]


@pytest.mark.parametrize("fault", ["stuck", "refused", "lost before"])
def test_a_pulse_whose_time_the_device_did_not_take_does_not_switch_on(fault: str) -> None:
    machine = Machine([fault], MODE_AT=0)
    outcome = carry_out(machine, order_for(MAP, "output_1", Verb.PULSE, seconds=5.0))
    assert outcome.result in (Result.CONTRADICTED, Result.REFUSED, Result.LOST)
    assert outcome.settings == {MODE.key: "impulsive", ON_TIME.key: 0.0}
    assert machine.writes == [("one", TIME_AT, 5)]


@pytest.mark.parametrize(("time", "result", "writes"), [(0, Result.REFUSED, 0), (3, Result.ACCEPTED, 2)])
def test_a_pulse_of_the_devices_own_length_needs_one(time: int, result: Result, writes: int) -> None:
    machine = Machine(TIME_AT=time)
    outcome = carry_out(machine, order_for(MAP, "output_1", Verb.PULSE))
    assert (outcome.result, outcome.reason) == (result, "" if writes else "not_timed")
    assert len(machine.writes) == writes


def test_settings_that_are_right_are_not_written() -> None:
    machine = Machine(MODE_AT=1, TIME_AT=7)
    order = order_for_settings(MAP, "output_1", {SettingKind.MODE: "blinking", SettingKind.ON_TIME: 7.0})
    outcome = carry_out(machine, order)
    assert outcome.result is Result.CONFIRMED
    assert outcome.settings == {MODE.key: "blinking", ON_TIME.key: 7.0}
    assert machine.writes == []


@pytest.mark.parametrize(
    ("faults", "result", "kept"),
    [
        ((), Result.CONFIRMED, ("impulsive", 9.0)),
        (("lost after",), Result.CONFIRMED, ("impulsive", 0.0)),
        (("stuck",), Result.CONTRADICTED, ("blinking", 9.0)),
        (("fine", "refused"), Result.REFUSED, ("impulsive", 0.0)),
    ],
)
def test_settings_are_read_back(faults: tuple[str, ...], result: Result, kept: tuple[str, float]) -> None:
    machine = Machine(faults)
    values: dict[SettingKind, str | float] = {SettingKind.MODE: "impulsive", SettingKind.ON_TIME: 9.0}
    if faults == ("lost after",):
        del values[SettingKind.ON_TIME]
    outcome = carry_out(machine, order_for_settings(MAP, "output_1", values))
    assert outcome.result is result
    expected = dict(zip((MODE.key, ON_TIME.key), kept, strict=True))
    assert dict(outcome.settings) == {key: expected[key] for key in outcome.settings}
    assert MODE.key in outcome.settings


def test_a_lost_connection_is_made_by_a_read_before_the_write() -> None:
    machine = Machine(STATE=CLOSED)
    machine.connected = False
    assert carry_out(machine, open_()).result is Result.CONFIRMED
    assert machine.requests[0] == (HOLDING, COMMAND, 1)


def test_without_a_gateway_nothing_is_sent() -> None:
    machine = Machine(blind=["down"] * 9)
    machine.connected = False
    outcome = carry_out(machine, open_())
    assert (outcome.result, outcome.reason, machine.writes) == (Result.LOST, "gateway", [])


def test_orders_wait_for_each_other_but_not_for_ever() -> None:
    async def main() -> None:
        machine = Machine(["stuck"] * 9, STATE=CLOSED)
        commander = Commander(client_of(machine), MAP, patience=5.0)
        outcomes = await asyncio.gather(*(commander.execute(open_()) for _ in range(4)))
        assert [outcome.reason for outcome in outcomes] == ["different", "different", "busy", "busy"]
        assert [outcome.result for outcome in outcomes[2:]] == [Result.REFUSED] * 2
        assert outcomes[3].seconds == pytest.approx(5.0)
        assert len(machine.writes) == 2

    run(main())


def test_who_gives_up_waiting_leaves_the_queue() -> None:
    async def main() -> None:
        machine = Machine(["stuck"], STATE=CLOSED)
        commander = Commander(client_of(machine), MAP)
        first, second, third = (asyncio.create_task(commander.execute(open_())) for _ in range(3))
        await asyncio.sleep(1)
        second.cancel()
        assert (await third).result is Result.CONFIRMED
        assert (await first).result is Result.CONTRADICTED
        assert second.cancelled()
        assert len(machine.writes) == 2

    run(main())


def test_a_command_cancelled_before_its_first_write_sends_nothing() -> None:
    async def main() -> None:
        machine = Machine()
        commander = Commander(client_of(machine), MAP)
        task = asyncio.create_task(commander.execute(order_for(MAP, "output_1", Verb.ON)))
        await settle()
        assert machine.requests
        task.cancel()
        await asyncio.sleep(10)
        assert task.cancelled()
        assert machine.writes == []
        assert (await commander.execute(close())).result is Result.CONFIRMED

    run(main())


def test_a_command_cancelled_in_mid_sequence_is_carried_out_to_its_end() -> None:
    async def main() -> None:
        machine = Machine()
        commander = Commander(client_of(machine), MAP)
        task = asyncio.create_task(commander.execute(close()))
        await asyncio.sleep(0.005)
        assert [row[1] for row in machine.writes] == [LOCK]
        task.cancel()
        await settle()
        assert task.cancelled()
        assert (await commander.execute(open_())).result is Result.CONFIRMED
        assert [row[1] for row in machine.writes] == [LOCK, COMMAND, COMMAND]
        assert machine.memory[HOLDING, STATE] == OPEN

    run(main())


def test_commands_go_before_polls_and_are_read_back_before_them_too() -> None:
    async def main() -> None:
        machine = Machine(STATE=CLOSED)
        client = client_of(machine)
        polls = [asyncio.create_task(client.read(Priority.STATUS, HOLDING, 100, 1)) for _ in range(10)]
        await settle()
        outcome = await Commander(client, MAP).execute(open_())
        assert outcome.result is Result.CONFIRMED
        assert outcome.seconds < 0.3
        assert not all(poll.done() for poll in polls)
        await asyncio.gather(*polls)

    run(main())


@dataclass(kw_only=True)
class Call:
    """One caller's order, and what came of it."""

    token: int
    order: Order
    start: float
    cancel_after: float | None
    faults: tuple[str, ...]
    outcome: Outcome | None = None
    ended: float | None = None
    shown: int | None = None
    position: int | None = None
    writes: list[float] = field(default_factory=list)


def call_of(token: int, drawn: tuple[bool, float, float | None, tuple[str, str]]) -> Call:
    """Return a call: to close or to open, each write marked with the call's token."""
    closes, start, cancel_after, faults = drawn
    order = close() if closes else replace(open_(), steps=(write(LOCK, 0), write(COMMAND, 1)))
    steps = tuple(replace(step, values=(*step.values, 1000 + token)) for step in order.steps)
    return Call(token=token, order=replace(order, steps=steps), start=start, cancel_after=cancel_after, faults=faults)


class Marked(Machine):
    """A machine that knows whose write it gets; each call brings the faults of its own writes."""

    def __init__(self, calls: list[Call], blind: Iterable[str]) -> None:
        """Serve some calls."""
        super().__init__(blind=blind)
        self._calls = {1000 + call.token: call for call in calls}

    @override
    async def write_registers(self, address: int, values: list[int]) -> None:
        call = self._calls[values[-1]]
        self._faults = iter([call.faults[len(call.writes)]] if len(call.writes) < 2 else [])
        call.writes.append(now())
        await super().write_registers(address, values[:-1])


async def make(commander: Commander, machine: Marked, call: Call) -> None:
    """Make one call at its time, and give it up at its time."""
    await asyncio.sleep(call.start)
    try:
        async with asyncio.timeout(call.cancel_after):
            call.outcome = await commander.execute(call.order)
    except TimeoutError:
        return
    call.ended, call.shown = now(), machine.shown
    call.position = machine.memory.get((HOLDING, STATE), OPEN)


WANTED: Final = {"open": OPEN, "closed": CLOSED}
CALLS = st.lists(
    st.tuples(
        st.booleans(),
        st.floats(0, 4),
        st.none() | st.floats(0.001, 3),
        st.tuples(st.sampled_from(sorted(FAULTS)), st.sampled_from(sorted(FAULTS))),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(drawn=CALLS, blind=st.lists(st.sampled_from(["", "", *READ_FAULTS]), max_size=20))
def test_whatever_happens_each_write_is_sent_once_one_command_at_a_time(
    drawn: list[tuple[bool, float, float | None, tuple[str, str]]], blind: list[str]
) -> None:
    calls = [call_of(token, row) for token, row in enumerate(drawn)]

    async def main() -> None:
        machine = Marked(calls, blind)
        commander = Commander(client_of(machine), MAP, patience=6.0)
        async with asyncio.timeout(300), asyncio.TaskGroup() as group:
            for call in calls:
                group.create_task(make(commander, machine, call))
        await asyncio.sleep(60)
        assert not any(task is not asyncio.current_task() for task in asyncio.all_tasks())
        last = call_of(99, (True, 0.0, None, ("fine", "fine")))
        machine._calls[1099] = last
        machine._blind = iter(())
        await make(commander, machine, last)
        assert last.outcome is not None
        assert last.outcome.result is Result.CONFIRMED

    run(main())
    for call in calls:
        assert len(call.writes) <= 2
        check(call)
    spans = sorted((call.writes[0], call.ended or call.writes[-1], call.token) for call in calls if call.writes)
    for (_, end, _), (start, _, _) in pairwise(spans):
        assert end <= start


def check(call: Call) -> None:
    """A call's result is consistent with what the device did."""
    outcome = call.outcome
    if outcome is None:
        return
    wanted = WANTED[str(call.order.expect)]
    faults = [FAULTS[name] for name in call.faults[: len(call.writes)]]
    failed = [fault.error for fault in faults if fault.error not in (None, AcknowledgeError)]
    match outcome.result:
        case Result.CONFIRMED:
            assert call.shown == call.position == wanted
            assert call.writes
        case Result.CONTRADICTED:
            assert len(call.writes) == 2
            assert not failed
            assert call.shown != wanted
        case Result.REFUSED if outcome.reason == "busy":
            assert not call.writes
        case Result.REFUSED:
            assert failed in ([IllegalDataValueError], [ServerDeviceFailureError], [ServerDeviceBusyError])
            assert not faults[-1].done
        case Result.LOST:
            assert failed or outcome.reason == "unread" or not call.writes
            assert outcome.value is None or outcome.value != call.order.expect
        case Result.ACCEPTED:
            raise AssertionError("a breaker's state is read back")


def test_no_outcome_is_an_error_of_modbus() -> None:
    for fault in FAULTS:
        for blind in ([], ["silent"], ["down"] * 30):
            try:
                carry_out(Machine([fault, fault], blind), close())
            except ModbusError as err:
                pytest.fail(f"{fault}: {err}")
