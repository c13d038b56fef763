"""Tests of the order on a link."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modbus_connection.exceptions import (
    GatewayTargetError,
    IllegalDataAddressError,
    ModbusConnectionError,
    ModbusProtocolError,
    ModbusTimeoutError,
)

from custom_components.legrand_ews.bus import FRAME_INTERVAL, Link, LinkDownError, Priority

from .support import now, run, settle, virtual_link

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LIMIT = 5.0
STEP = 0.01
COMMANDS = (Priority.SAFETY, Priority.COMMAND, Priority.READBACK)
POLLS = (Priority.WATCH, Priority.LOOK, Priority.STATUS, Priority.MEASURE)


def takes(seconds: float, answer: object = "answer") -> Callable[[], Awaitable[object]]:
    """Return a call that answers after some time."""

    async def call() -> object:
        await asyncio.sleep(seconds)
        return answer

    return call


def fails(error: Exception, seconds: float = 0.0) -> Callable[[], Awaitable[object]]:
    """Return a call that fails after some time."""

    async def call() -> object:
        await asyncio.sleep(seconds)
        raise error

    return call


async def attempt(link: Link, error: Exception, priority: Priority = Priority.MEASURE) -> None:
    """Make a request that fails with an error."""
    with pytest.raises(type(error)):
        await link.request(priority, fails(error), limit=LIMIT)


@dataclass(kw_only=True)
class Log:
    """Makes calls that note their names, in the order in which they run."""

    link: Link
    names: list[str] = field(default_factory=list)

    def ask(self, name: str, priority: Priority, seconds: float = 0.1) -> asyncio.Task[object]:
        """Start a request."""

        async def call() -> object:
            self.names.append(name)
            await asyncio.sleep(seconds)
            return name

        return asyncio.create_task(self.link.request(priority, call, limit=LIMIT))


def test_the_most_urgent_goes_next_and_within_a_class_the_first() -> None:
    async def main() -> list[str]:
        log = Log(link=virtual_link())
        tasks = [log.ask("running", Priority.MEASURE)]
        await settle()
        for name, priority in (
            ("measure 1", Priority.MEASURE),
            ("status", Priority.STATUS),
            ("measure 2", Priority.MEASURE),
            ("command 1", Priority.COMMAND),
            ("readback", Priority.READBACK),
            ("safety", Priority.SAFETY),
            ("command 2", Priority.COMMAND),
        ):
            tasks.append(log.ask(name, priority))
        await settle()
        assert log.link.queued == len(tasks) - 1
        await asyncio.gather(*tasks)
        assert log.link.queued == 0
        return log.names

    assert run(main()) == [
        "running",
        "safety",
        "command 1",
        "command 2",
        "readback",
        "status",
        "measure 1",
        "measure 2",
    ]


def test_a_command_that_arrives_during_the_pause_goes_next() -> None:
    async def main() -> list[str]:
        log = Log(link=virtual_link())
        polls = [log.ask("first", Priority.MEASURE), log.ask("second", Priority.MEASURE)]
        await asyncio.sleep(0.1 + FRAME_INTERVAL / 2)
        assert log.names == ["first"]
        await log.ask("command", Priority.COMMAND)
        assert now() == pytest.approx(0.1 + FRAME_INTERVAL + 0.1)
        await asyncio.gather(*polls)
        return log.names

    assert run(main()) == ["first", "command", "second"]


def test_a_request_on_a_quiet_line_goes_at_once() -> None:
    async def main() -> None:
        link = virtual_link()
        await link.request(Priority.MEASURE, takes(0.1), limit=LIMIT)
        await asyncio.sleep(FRAME_INTERVAL)
        before = now()
        await link.request(Priority.MEASURE, takes(0.1), limit=LIMIT)
        assert now() - before == pytest.approx(0.1)

    run(main())


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A request of the property below: all times in steps."""

    at: int
    priority: Priority
    lasts: int
    cancelled_after: int | None


@dataclass(kw_only=True)
class Course:
    """What became of it: all times in s."""

    arrived: float
    priority: Priority
    order: int
    started: float | None = None
    ended: float | None = None
    left: float | None = None
    """When it was over, started or not."""


ARRIVALS = st.lists(
    st.builds(
        Arrival,
        at=st.integers(0, 60),
        priority=st.sampled_from(Priority),
        lasts=st.integers(1, 12),
        cancelled_after=st.none() | st.integers(0, 20),
    ),
    min_size=1,
    max_size=14,
)
LONGEST = 9.5
"""Limit of a request, in steps: some last longer."""


def _waits(other: Course, moment: float) -> bool:
    """Tell whether a request waits at a moment."""
    there = other.arrived < moment - 1e-9 and (other.left or 0) > moment + 1e-9
    return there and (other.started is None or other.started > moment)


async def play(arrivals: list[Arrival], frame_interval: float) -> list[Course]:
    """Let requests arrive, end, fail and be cancelled as told."""
    link = virtual_link(frame_interval)

    async def one(arrival: Arrival, order: int) -> Course:
        # An offset of its own keeps two events from falling on one moment, where their order would be chance.
        await asyncio.sleep((arrival.at + order / 100) * STEP)
        course = Course(arrived=now(), priority=arrival.priority, order=order)

        async def call() -> None:
            course.started = now()
            try:
                await asyncio.sleep(arrival.lasts * STEP)
            finally:
                course.ended = now()

        request = asyncio.ensure_future(link.request(arrival.priority, call, limit=LONGEST * STEP))
        if arrival.cancelled_after is not None:
            asyncio.get_running_loop().call_later((arrival.cancelled_after + 0.005) * STEP, request.cancel)
        await asyncio.wait([request])
        course.left = now()
        if not request.cancelled():
            too_long = arrival.lasts > LONGEST
            assert isinstance(request.exception(), ModbusTimeoutError) is too_long
        return course

    courses = await asyncio.gather(*(one(arrival, order) for order, arrival in enumerate(arrivals)))
    assert link.queued == 0
    assert await link.request(Priority.MEASURE, takes(0), limit=LIMIT) == "answer"
    return courses


@settings(max_examples=150, deadline=None)
@given(arrivals=ARRIVALS, pause=st.integers(0, 6))
def test_whatever_arrives_only_the_running_request_and_the_pause_delay_the_most_urgent(
    arrivals: list[Arrival], pause: int
) -> None:
    interval = pause * STEP
    courses = run(play(arrivals, interval))
    end = -interval
    for course in sorted((row for row in courses if row.started is not None), key=lambda row: row.started or 0):
        assert course.started is not None
        assert course.ended is not None
        # One in flight, and a pause between.
        assert course.started >= end + interval - 1e-9
        # Nobody waits while the line is free.
        assert course.started <= max(course.arrived, end + interval) + 1e-9
        # Nobody who waited was more urgent, but for looks, which leave a turn to who waited longest of the others.
        waited = [other for other in courses if _waits(other, course.started)]
        if course.priority > Priority.LOOK and any(other.priority is Priority.LOOK for other in waited):
            assert all(other.priority >= Priority.LOOK for other in waited)
            rest = [other for other in waited if other.priority is not Priority.LOOK]
            assert all(course.arrived < other.arrived for other in rest)
        else:
            assert all((course.priority, course.arrived) < (other.priority, other.arrived) for other in waited)
        end = course.ended


def test_a_running_request_that_is_cancelled_gives_the_turn_back() -> None:
    async def main() -> list[str]:
        log = Log(link=virtual_link())
        first, second, third = (log.ask(name, Priority.MEASURE) for name in ("first", "second", "third"))
        await first
        await asyncio.sleep(FRAME_INTERVAL + 0.05)
        second.cancel()
        before = now()
        await third
        assert second.cancelled()
        assert now() - before == pytest.approx(FRAME_INTERVAL + 0.1)
        return log.names

    assert run(main()) == ["first", "second", "third"]


def test_a_request_cancelled_in_the_moment_it_got_its_turn_passes_it_on() -> None:
    async def main() -> list[str]:
        log = Log(link=virtual_link())
        first, second, third = (log.ask(name, Priority.MEASURE) for name in ("first", "second", "third"))
        queued: list[int] = []

        def cancel() -> None:
            queued.append(log.link.queued)
            second.cancel()

        # Behind the end of the pause, but in the same iteration of the loop.
        asyncio.get_running_loop().call_at(0.1 + FRAME_INTERVAL + 5e-10, cancel)
        await asyncio.gather(first, third)
        assert queued == [1]
        assert second.cancelled()
        return log.names

    assert run(main()) == ["first", "third"]


def test_cancelled_waiters_are_passed_over() -> None:
    async def main() -> list[str]:
        log = Log(link=virtual_link())
        running = log.ask("running", Priority.MEASURE)
        waiting = [log.ask(f"waiter {number}", Priority.COMMAND) for number in range(3)]
        last = log.ask("last", Priority.MEASURE)
        await settle()
        for task in waiting:
            task.cancel()
        await settle()
        assert log.link.queued == 1
        await asyncio.gather(running, last)
        return log.names

    assert run(main()) == ["running", "last"]


def test_all_waiters_cancelled_during_the_pause_leave_a_link_that_works() -> None:
    async def main() -> None:
        log = Log(link=virtual_link())
        await log.ask("first", Priority.MEASURE)
        waiter = log.ask("waiter", Priority.MEASURE)
        await settle()
        waiter.cancel()
        await asyncio.sleep(1)
        assert await log.ask("next", Priority.MEASURE) == "next"

    run(main())


def test_an_error_of_the_call_itself_gives_the_turn_back() -> None:
    async def main() -> None:
        link = virtual_link()
        with pytest.raises(ValueError, match="no such address"):
            await link.request(Priority.MEASURE, fails(ValueError("no such address")), limit=LIMIT)
        assert await link.request(Priority.MEASURE, takes(0), limit=LIMIT) == "answer"
        assert link.statistics.requests == 1

    run(main())


def test_a_call_past_its_limit_times_out_and_the_next_one_works() -> None:
    async def main() -> None:
        link = virtual_link()
        with pytest.raises(ModbusTimeoutError, match=r"no answer in 1\.5 s"):
            await link.request(Priority.MEASURE, takes(60), limit=1.5)
        assert now() == pytest.approx(1.5)
        assert await link.request(Priority.MEASURE, takes(0.1), limit=1.5) == "answer"
        assert link.error is None
        assert link.statistics.errors == {"ModbusTimeout": 1}

    run(main())


def test_a_timeout_of_the_connection_keeps_its_words() -> None:
    async def main() -> None:
        link = virtual_link()
        error = ModbusTimeoutError("read_holding_registers(1, 2): no response")
        with pytest.raises(ModbusTimeoutError) as caught:
            await link.request(Priority.MEASURE, fails(error), limit=1.0)
        assert caught.value is error
        assert link.statistics.last_error == str(error)

    run(main())


@pytest.mark.parametrize("call", [takes(60), fails(ModbusTimeoutError("could not connect"))])
def test_a_timeout_without_a_connection_is_the_gateways(call: Callable[[], Awaitable[object]]) -> None:
    async def main() -> None:
        link = virtual_link()
        with pytest.raises(ModbusConnectionError):
            await link.request(Priority.MEASURE, call, limit=1.5, connected=lambda: False)
        assert link.error is not None
        with pytest.raises(LinkDownError):
            await link.request(Priority.MEASURE, takes(0), limit=1.5)

    run(main())


class Connecting:
    """A shared connection in the making: it fails after some time, whoever waits for it."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self.cancelled = False

    async def __call__(self) -> object:
        """Wait for the connection as its users do."""
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        raise ModbusConnectionError("no route")


@pytest.mark.parametrize(("priority", "alone"), [*((p, True) for p in POLLS), (Priority.COMMAND, False)])
def test_a_connection_in_the_making_is_left_to_reads_and_taken_from_writes(priority: Priority, *, alone: bool) -> None:
    async def main() -> None:
        complaints: list[str] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))
        link = virtual_link()
        connecting = Connecting()
        with pytest.raises(ModbusConnectionError, match="no connection in 1 s"):
            await link.request(priority, connecting, limit=1.0, connected=lambda: False)
        await asyncio.sleep(20)
        assert connecting.cancelled is not alone
        assert complaints == []

    run(main())


def test_who_stops_waiting_for_a_connection_does_not_stop_its_making() -> None:
    async def main() -> None:
        link = virtual_link()
        connecting = Connecting()
        waiting = asyncio.ensure_future(
            link.request(Priority.MEASURE, connecting, limit=LIMIT, connected=lambda: False)
        )
        await asyncio.sleep(1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await link.request(Priority.MEASURE, takes(0), limit=LIMIT) == "answer"
        await asyncio.sleep(20)
        assert not connecting.cancelled

    run(main())


def test_statistics_tell_requests_errors_and_time() -> None:
    async def main() -> None:
        link = virtual_link()
        await link.request(Priority.MEASURE, takes(0.1), limit=LIMIT)
        await link.request(Priority.COMMAND, takes(0.3), limit=LIMIT)
        await attempt(link, IllegalDataAddressError(message="refused"))
        await attempt(link, GatewayTargetError(message="silent"))
        await attempt(link, GatewayTargetError(message="silent again"))
        statistics = link.statistics
        assert statistics.requests == 5
        assert statistics.failed == 3
        assert statistics.errors == {"IllegalDataAddress": 1, "GatewayTarget": 2}
        assert statistics.last_error == "silent again"
        assert statistics.longest == pytest.approx(0.3)
        assert statistics.busy == pytest.approx(0.4 + 5 * FRAME_INTERVAL)

    run(main())


def test_polls_spare_a_gateway_out_of_reach_and_try_it_ever_more_rarely() -> None:
    async def main() -> list[float]:
        link = virtual_link()
        tries: list[float] = []

        async def call() -> None:
            tries.append(now())
            raise ModbusConnectionError("refused")

        while now() < 300:
            with pytest.raises(ModbusConnectionError):
                await link.request(Priority.MEASURE, call, limit=LIMIT)
            await asyncio.sleep(0.25)
        assert link.statistics.requests == len(tries)
        assert link.statistics.busy == pytest.approx(len(tries) * FRAME_INTERVAL)
        return tries

    tries = run(main())
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert waits == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60], abs=0.6)


def test_what_the_load_manager_watches_is_tried_again_after_five_seconds_at_most() -> None:
    async def main() -> tuple[list[float], int]:
        link = virtual_link()
        tries: dict[Priority, list[float]] = {Priority.WATCH: [], Priority.MEASURE: []}

        while now() < 60:
            for priority, times in tries.items():

                async def call(times: list[float] = times) -> None:
                    times.append(now())
                    raise ModbusConnectionError("gone")

                with pytest.raises(ModbusConnectionError):
                    await link.request(priority, call, limit=LIMIT)
            await asyncio.sleep(0.25)
        return tries[Priority.WATCH], len(tries[Priority.MEASURE])

    tries, others = run(main())
    assert [later - earlier for earlier, later in pairwise(tries)][:5] == pytest.approx([1, 2, 4, 5, 5], abs=0.6)
    assert max(later - earlier for earlier, later in pairwise(tries)) == pytest.approx(5, abs=0.6)
    assert others == 0


def test_what_is_watched_goes_behind_commands_and_before_other_polls() -> None:
    async def main() -> list[Priority]:
        link = virtual_link()
        order: list[Priority] = []

        async def ask(priority: Priority) -> None:
            async def call() -> None:
                order.append(priority)

            await link.request(priority, call, limit=LIMIT)

        await asyncio.gather(ask(Priority.MEASURE), *(ask(priority) for priority in reversed(Priority)))
        return order

    assert run(main())[1:] == [
        Priority.SAFETY,
        Priority.COMMAND,
        Priority.READBACK,
        Priority.WATCH,
        Priority.LOOK,
        Priority.STATUS,
        Priority.MEASURE,
    ]


def test_looks_at_stations_leave_every_third_turn_to_others() -> None:
    async def main() -> list[Priority]:
        link = virtual_link()
        order: list[Priority] = []

        async def ask(priority: Priority) -> None:
            async def call() -> None:
                order.append(priority)

            await link.request(priority, call, limit=LIMIT)

        polls = [Priority.MEASURE, Priority.STATUS, *[Priority.LOOK] * 6, Priority.WATCH]
        await asyncio.gather(ask(Priority.SAFETY), *map(ask, polls))
        return order

    look = Priority.LOOK
    assert run(main()) == [
        Priority.SAFETY,
        Priority.WATCH,
        *(look, look, Priority.MEASURE),
        *(look, look, Priority.STATUS),
        *(look, look),
    ]


@pytest.mark.parametrize("priority", list(Priority))
def test_only_polls_are_refused_while_the_gateway_is_out_of_reach(priority: Priority) -> None:
    async def main() -> object:
        link = virtual_link()
        await attempt(link, ModbusConnectionError("gone"))
        return await link.request(priority, takes(0), limit=LIMIT)

    if priority in POLLS:
        with pytest.raises(LinkDownError, match="gone"):
            run(main())
    else:
        assert priority in COMMANDS
        assert run(main()) == "answer"


def test_polls_in_the_queue_of_a_gateway_that_goes_cost_neither_time_nor_requests() -> None:
    async def main() -> None:
        link = virtual_link()
        first = asyncio.create_task(attempt(link, ModbusConnectionError("gone")))
        polls = [asyncio.create_task(link.request(Priority.MEASURE, takes(1), limit=LIMIT)) for _ in range(20)]
        results = await asyncio.gather(first, *polls, return_exceptions=True)
        assert [type(result) for result in results[1:]] == [LinkDownError] * 20
        assert now() <= FRAME_INTERVAL + 1e-9
        assert link.statistics.requests == 1
        assert link.statistics.busy == pytest.approx(FRAME_INTERVAL)
        assert await link.request(Priority.COMMAND, takes(0), limit=LIMIT) == "answer"

    run(main())


def test_an_answer_of_any_kind_ends_the_outage_and_its_long_waits() -> None:
    async def main() -> None:
        link = virtual_link()
        for _ in range(6):
            await attempt(link, ModbusConnectionError("gone"), Priority.COMMAND)
        # A unit that is silent behind a gateway that can be reached.
        await attempt(link, ModbusTimeoutError("silent"), Priority.COMMAND)
        assert link.error is None
        await attempt(link, ModbusConnectionError("gone"))
        await asyncio.sleep(1.0)
        assert await link.request(Priority.MEASURE, takes(0), limit=LIMIT) == "answer"

    run(main())


def test_changed_is_called_once_per_turn_of_state() -> None:
    async def main() -> list[bool]:
        link = virtual_link()
        turns: list[bool] = []
        link.changed = lambda: turns.append(link.error is None)
        for error in (
            None,
            None,
            ModbusTimeoutError("silent"),
            ModbusConnectionError("gone"),
            ModbusConnectionError("still gone"),
            IllegalDataAddressError(),
            ModbusProtocolError("garbage"),
            None,
            ModbusConnectionError("gone"),
        ):
            if error is None:
                await link.request(Priority.COMMAND, takes(0), limit=LIMIT)
            else:
                await attempt(link, error, Priority.COMMAND)
        return turns

    assert run(main()) == [True, False, True, False]


def test_a_gateway_that_cannot_be_reached_at_first_is_told_at_once() -> None:
    async def main() -> list[bool]:
        link = virtual_link()
        turns: list[bool] = []
        link.changed = lambda: turns.append(link.error is None)
        await attempt(link, ModbusConnectionError("gone"), Priority.COMMAND)
        await attempt(link, ModbusConnectionError("gone"), Priority.COMMAND)
        return turns

    assert run(main()) == [False]


async def timeouts(link: Link, number: int) -> None:
    """Let some requests in a row time out."""
    for _ in range(number):
        await attempt(link, ModbusTimeoutError("silent"))


def test_a_gateway_that_passes_nothing_on_is_disconnected_every_eighth_timeout() -> None:
    async def main() -> list[int]:
        link = virtual_link()
        drops: list[int] = []

        async def disconnect() -> None:
            drops.append(link.statistics.requests)

        link.disconnect = disconnect
        await timeouts(link, 17)
        return drops

    assert run(main()) == [8, 16]


@pytest.mark.parametrize("answer", [takes(0), fails(IllegalDataAddressError())], ids=["words", "refusal"])
def test_an_answer_between_timeouts_shows_that_the_gateway_works(answer: Callable[[], Awaitable[object]]) -> None:
    async def main() -> list[int]:
        link = virtual_link()
        drops: list[int] = []

        async def disconnect() -> None:
            drops.append(link.statistics.requests)

        link.disconnect = disconnect
        for _ in range(3):
            await timeouts(link, 7)
            await asyncio.gather(link.request(Priority.MEASURE, answer, limit=LIMIT), return_exceptions=True)
        return drops

    assert run(main()) == []


@pytest.mark.parametrize("drop", [fails(ModbusConnectionError("cannot close")), takes(3600)], ids=["fails", "hangs"])
def test_a_disconnect_that_goes_wrong_neither_hides_the_timeout_nor_stops_the_link(
    drop: Callable[[], Awaitable[object]],
) -> None:
    async def main() -> None:
        link = virtual_link()

        async def disconnect() -> None:
            await drop()

        link.disconnect = disconnect
        await timeouts(link, 8)
        assert now() < 10
        assert await link.request(Priority.MEASURE, takes(0), limit=LIMIT) == "answer"

    run(main())
