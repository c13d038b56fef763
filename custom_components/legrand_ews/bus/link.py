"""One gateway link: who may speak when.

This module owns the order of requests on a link, the quiet time between them and the account of both.
The connection itself belongs to whoever hands in the request; what is read or written is ``client``'s matter.
"""

from __future__ import annotations

import asyncio
import heapq
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from itertools import count
from operator import itemgetter
from time import monotonic
from typing import TYPE_CHECKING, Final

from modbus_connection.exceptions import (
    GatewayPathUnavailableError,
    GatewayTargetError,
    ModbusConnectionError,
    ModbusError,
    ModbusExceptionError,
    ModbusTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FRAME_INTERVAL: Final = 0.05
"""Quiet time after an answer, s (manual, release notes "Frame Interval")."""

STATION_FRAME_INTERVAL: Final = 0.2
"""The least quiet time on a link with a charging station, s."""

SILENCE: Final = (ModbusTimeoutError, GatewayTargetError, GatewayPathUnavailableError)
"""The unit did not answer, or not in time; who is asked may all the same have heard."""

_RETRY_FIRST: Final = 1.0
_RETRY_LONGEST: Final = 60.0
_RETRY_LONGEST_WATCH: Final = 5.0
# Looks at stations in a row while other polls wait: there are many stations, and always one more to look at.
_OVERTAKEN: Final = 2
# A gateway that stopped forwarding keeps its socket open: only a new connection wakes it.
_WEDGED_AFTER: Final = 8
_DISCONNECT_LIMIT: Final = 2.0
# The line was quiet all the time that nobody answered; the rest is for somebody who is late.
_AFTER_SILENCE: Final = 0.5


class Priority(IntEnum):
    """Who goes first; within a class, who asked first."""

    SAFETY = 0
    COMMAND = 1
    READBACK = 2
    WATCH = 3
    """The main meter of the load manager."""
    LOOK = 4
    """Stations under the load manager; others get a turn between them."""
    STATUS = 5
    MEASURE = 6


class LinkDownError(ModbusConnectionError):
    """The gateway could not be reached a moment ago: not tried again yet."""


@dataclass(kw_only=True)
class LinkStatistics:
    """What happened on a link since it was made."""

    requests: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    """How often a request failed, by the name of the error."""
    busy: float = 0.0
    """Time the link could not have carried another request, s."""
    last_error: str | None = None
    longest: float = 0.0
    """The longest request so far, s."""

    @property
    def failed(self) -> int:
        """Requests that failed."""
        return sum(self.errors.values())


class Link:
    """Serialises requests on one link: one in flight, the most urgent next, a pause between."""

    def __init__(
        self,
        *,
        frame_interval: float = FRAME_INTERVAL,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Make an idle link. ``frame_interval`` in s."""
        self.frame_interval = frame_interval
        self.disconnect: Callable[[], Awaitable[None]] | None = None
        """Drops a connection that carries nothing more."""
        self.changed: Callable[[], None] | None = None
        """Called when the gateway is lost and when it is back."""
        self.statistics = LinkStatistics()
        self.error: ModbusConnectionError | None = None
        """Why the gateway cannot be reached; None while it can, or before the first try."""
        self._clock = clock
        self._waiting: list[tuple[Priority, int, asyncio.Future[None]]] = []
        self._order = count()
        self._in_flight = False
        self._overtaken = 0
        self._quiet_until = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._lost_at = 0.0
        self._retry_delay = 0.0
        self._timeouts = 0

    @property
    def queued(self) -> int:
        """Requests waiting for their turn."""
        return sum(not future.done() for _, _, future in self._waiting)

    async def request[ResultT](
        self,
        priority: Priority,
        call: Callable[[], Awaitable[ResultT]],
        *,
        limit: float,
        connected: Callable[[], bool] = lambda: True,
        write: bool = False,
        probe: bool = False,
    ) -> ResultT:
        """Return what ``call`` answers, once it is its turn; ``limit`` bounds the call itself, s.

        ``connected`` tells, after a timeout, whether there was a connection at all. A ``write`` is cut at its limit in
        any case. A ``probe`` goes where perhaps nobody is: its silence is no error, and says nothing of the gateway.

        Raises ``ModbusError`` as the call does; ``ModbusTimeoutError`` past the limit, ``ModbusConnectionError`` where
        nothing was connected by then; ``LinkDownError`` for polls while the gateway is known to be out of reach
        (commands always try).
        """
        self._refuse_while_down(priority)
        await self._turn(priority)
        started, pause = self._clock(), self.frame_interval
        try:
            # A write is never left to itself: it must not reach the device after it was said to have failed.
            alone = priority > Priority.COMMAND and not write and not connected()
            result = await _answer(partial(_by_itself, call) if alone else call, limit, connected)
        except ModbusError as err:
            if probe and isinstance(err, SILENCE):
                self._unheard()
                pause *= _AFTER_SILENCE
            else:
                await self._failed(err)
            raise
        else:
            self._answered()
            return result
        finally:
            self._release(started, pause)

    def _refuse_while_down(self, priority: Priority) -> None:
        """Spare polls the wait for a gateway that was just found out of reach."""
        if self.error is None or priority <= Priority.READBACK:
            return
        longest = _RETRY_LONGEST_WATCH if priority in (Priority.WATCH, Priority.LOOK) else _RETRY_LONGEST
        if self._clock() < self._lost_at + min(self._retry_delay, longest):
            raise LinkDownError(str(self.error))

    async def _turn(self, priority: Priority) -> None:
        """Wait until this request is the next one.

        Raises ``LinkDownError`` for a poll whose turn comes after the gateway was found out of reach.
        """
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._order), future))
        self._next()
        try:
            await future
            self._refuse_while_down(priority)
        except asyncio.CancelledError, LinkDownError:
            # The turn was given but will not be used: pass it on.
            if future.done() and not future.cancelled():
                self._in_flight = False
                self._next()
            raise

    def _next(self) -> None:
        """Give the turn to the most urgent request, once the line has been quiet long enough."""
        if self._in_flight or self._timer is not None:
            return
        while self._waiting and self._waiting[0][2].done():
            heapq.heappop(self._waiting)
        if not self._waiting:
            return
        pause = self._quiet_until - self._clock()
        if pause > 0:
            self._timer = asyncio.get_running_loop().call_later(pause, self._quiet)
            return
        self._in_flight = True
        self._chosen().set_result(None)

    def _chosen(self) -> asyncio.Future[None]:
        """Take out who goes: the most urgent, or who asked first of those that were overtaken too often."""
        urgent = self._waiting[0]
        if urgent[0] is not Priority.LOOK:
            return heapq.heappop(self._waiting)[2]
        behind = [one for one in self._waiting if one[0] > Priority.LOOK and not one[2].done()]
        self._overtaken = self._overtaken + 1 if behind else 0
        if self._overtaken <= _OVERTAKEN:
            return heapq.heappop(self._waiting)[2]
        self._overtaken = 0
        first = min(behind, key=itemgetter(1))
        self._waiting.remove(first)
        heapq.heapify(self._waiting)
        return first[2]

    def _quiet(self) -> None:
        """End the pause: only now is chosen who goes, so that a command overtakes."""
        self._timer = None
        self._quiet_until = 0.0
        self._next()

    def _release(self, started: float, pause: float) -> None:
        """Account for the request and let the next one go after a pause, s."""
        now = self._clock()
        self.statistics.busy += now - started + pause
        self.statistics.longest = max(self.statistics.longest, now - started)
        self._in_flight = False
        self._quiet_until = now + pause
        self._next()

    def _answered(self) -> None:
        """Note that the gateway answers."""
        self.statistics.requests += 1
        self._reachable(None)
        self._timeouts = 0

    def _unheard(self) -> None:
        """Note a probe that nobody answered."""
        self.statistics.requests += 1
        self._reachable(None)

    async def _failed(self, err: ModbusError) -> None:
        """Note an error, and what it says about the gateway."""
        statistics = self.statistics
        statistics.requests += 1
        name = type(err).__name__.removesuffix("Error")
        statistics.errors[name] = statistics.errors.get(name, 0) + 1
        statistics.last_error = str(err)
        if isinstance(err, ModbusConnectionError):
            self._reachable(err)
            self._lost_at = self._clock()
            self._retry_delay = min(2 * self._retry_delay, _RETRY_LONGEST) or _RETRY_FIRST
            return
        self._reachable(None)
        if isinstance(err, ModbusExceptionError) and not isinstance(err, GatewayTargetError):
            self._timeouts = 0
        elif isinstance(err, ModbusTimeoutError):
            self._timeouts += 1
            if self._timeouts % _WEDGED_AFTER == 0 and self.disconnect is not None:
                with suppress(ModbusError, TimeoutError):
                    async with asyncio.timeout(_DISCONNECT_LIMIT):
                        await self.disconnect()

    def _reachable(self, err: ModbusConnectionError | None) -> None:
        """Note whether the gateway can be reached."""
        turned = (err is None) is not (self.error is None)
        first = self.statistics.requests == 1
        self.error = err
        if err is None:
            self._retry_delay = 0.0
        if (turned or first) and self.changed is not None:
            self.changed()


async def _by_itself[ResultT](call: Callable[[], Awaitable[ResultT]]) -> ResultT:
    """Return what a call answers; it goes on by itself where nobody waits any more.

    Without a connection the call makes one first, and that must not be cancelled: the connection is shared, and what
    becomes of its making would be logged as an error nobody took.
    """
    task = asyncio.ensure_future(call())
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    await asyncio.wait({task})
    return task.result()


async def _answer[ResultT](
    call: Callable[[], Awaitable[ResultT]],
    limit: float,
    connected: Callable[[], bool],
) -> ResultT:
    """Return what a call answers in time.

    Raises ``ModbusTimeoutError`` past the limit, ``ModbusConnectionError`` where nothing was connected by then.
    """
    try:
        async with asyncio.timeout(limit):
            return await call()
    except TimeoutError as err:
        if not connected():
            raise ModbusConnectionError(f"no connection in {limit:g} s") from err
        if isinstance(err, ModbusTimeoutError):
            raise
        raise ModbusTimeoutError(f"no answer in {limit:g} s") from err
