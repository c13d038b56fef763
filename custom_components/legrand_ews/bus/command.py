"""Carries out orders: each write once, one order at a time per device, then reads back what came of it.

This module owns what is known of a command's effect. What to write is ``order``'s matter, who speaks when ``link``'s.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

from modbus_connection.exceptions import ModbusConnectionError, ModbusError, ModbusExceptionError

from .codec import holds
from .link import SILENCE, Priority
from .order import write_of
from .plan import plan
from .states import rows_of, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..catalog import Profile, Register, Write
    from .client import UnitClient
    from .codec import Value
    from .order import Order

type _Words = dict[Register, Sequence[int]]

_PAUSES: Final = (0.0, 0.1, 0.2, 0.4)
_LAST_PAUSE: Final = 0.5
"""Between the looks at a device that has not followed yet, s."""


class Result(StrEnum):
    """What came of an order."""

    CONFIRMED = "confirmed"
    """Read back as expected."""
    ACCEPTED = "accepted"
    """The device took it; nothing tells what it did."""
    REFUSED = "refused"
    """The device refused it, or it is not possible now."""
    LOST = "lost"
    """No answer, and nothing read back shows that it was done."""
    CONTRADICTED = "contradicted"
    """The device took it and reads back different."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an order, and what is known of the device after it."""

    result: Result
    value: str | None = None
    """The state's word as last read back; None where it was not, or is unknown."""
    settings: Mapping[str, Value | None] = field(default_factory=dict)
    """Settings as last read, by key, where the order has some."""
    reason: str = ""
    """Why not, as a short key: ``busy``, ``not_now``, ``not_timed``, ``exception``, ``silent``, ``garbage``,
    ``gateway``, ``unread``, ``different``."""
    code: int | None = None
    """Modbus exception code."""
    detail: str = ""
    """The same for people: which write, which error."""
    seconds: float = 0.0
    """From the call to the outcome, the wait for other orders included."""


class Commander:
    """Carries out orders on one device: one at a time, in the order in which they came."""

    def __init__(self, client: UnitClient, profile: Profile, *, patience: float = 10.0) -> None:
        """Command the device at ``client`` by its map; ``patience`` is how long an order waits for others, s."""
        self._client = client
        self._profile = profile
        self._patience = patience
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[Outcome] | None = None

    async def execute(self, order: Order) -> Outcome:
        """Carry out an order and return what came of it; raises no ``ModbusError``.

        Cancelled before its first write was handed to the link, nothing is sent. Once it was, the order is carried out
        to its end all the same, and the next one waits for that: half a sequence would leave a device unlocked.
        """
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            return Outcome(
                result=Result.REFUSED,
                reason="busy",
                detail=f"other commands took more than {self._patience:g} s",
                seconds=clock() - started,
            )
        run = _Run(self._client, self._profile, order)
        task = self._running = asyncio.create_task(run.outcome())
        task.add_done_callback(lambda _: self._turn.release())
        try:
            outcome = await asyncio.shield(task)
        except asyncio.CancelledError:
            if not run.committed:
                task.cancel()
            raise
        return replace(outcome, seconds=clock() - started)

    async def settled(self) -> None:
        """Wait until no order is under way."""
        async with self._turn:
            return


@dataclass(kw_only=True)
class _Seen:
    """What was read back."""

    values: dict[str, Value | None] = field(default_factory=dict)
    error: str = ""
    """Why the last look failed."""


class _Run:
    """One order on its way."""

    def __init__(self, client: UnitClient, profile: Profile, order: Order) -> None:
        """Start with nothing sent."""
        self.committed = False
        """True once a write was handed to the link."""
        self._client = client
        self._profile = profile
        self._order = order
        self._settings: dict[str, Value | None] = {}

    async def outcome(self) -> Outcome:
        """Carry out the order."""
        try:
            known = await self._look_first()
        except ModbusError as err:
            failure = _failure(err)
            return replace(failure, detail=f"nothing was sent: {failure.detail}")
        outcome = self._objection(known) or await self._set(known) or await self._command()
        return replace(outcome, settings=self._settings)

    async def _look_first(self) -> _Words:
        """Read what decides whether and what to write."""
        order, profile = self._order, self._profile
        rows = [profile.settings[key].register for key in order.settings]
        if order.valid_if is not None:
            rows.append(profile.registers[order.valid_if.register])
        if order.timed is not None:
            rows.append(profile.settings[order.timed].register)
        if not rows and not self._client.connected:
            await self._client.connect(Priority.COMMAND, order.steps[0])
        return await self._read(rows, Priority.COMMAND)

    async def _read(self, rows: Iterable[Register], priority: Priority) -> _Words:
        """Read registers now."""
        words: _Words = {}
        for block in plan(rows, self._profile.read):
            read = await self._client.read(priority, block.space, block.address, block.count)
            words.update({row: block.words_of(row, read) for row in block.rows})
        return words

    def _objection(self, known: _Words) -> Outcome | None:
        """Return why the order is not possible now, None where it is."""
        order, profile = self._order, self._profile
        if not holds(profile, order.valid_if, known.get):
            reason, detail = "not_now", f"{order.valid_if.register if order.valid_if else ''} does not allow it"
        elif order.timed is not None and not value_of(profile, order.timed, known.get):
            reason, detail = "not_timed", f"{order.timed} is 0"
        else:
            return None
        return Outcome(result=Result.REFUSED, reason=reason, detail=detail)

    async def _set(self, known: _Words) -> Outcome | None:
        """Write the settings that differ and read all back; None where they are right and a command follows.

        An output is not switched on before it is sure that the device will switch it off.
        """
        order, profile = self._order, self._profile
        writes = {
            profile.settings[key].register: write_of(profile.settings[key], order.settings[key])
            for key in order.settings
        }
        wanted = {row: write.values for row, write in writes.items()}
        expect = {key: value_of(profile, key, wanted.get) for key in order.settings}
        self._settings = {key: value_of(profile, key, known.get) for key in order.settings}
        changed = [write for row, write in writes.items() if tuple(known[row]) != write.values]
        outcome = Outcome(result=Result.CONFIRMED)
        if changed:
            failure = await self._send(changed)
            seen = await self._follow(expect, failure)
            self._settings |= seen.values
            outcome = _judge(failure, seen, expect)
        return None if order.steps and outcome.result is Result.CONFIRMED else outcome

    async def _command(self) -> Outcome:
        """Send the command and read back the state."""
        order = self._order
        failure = await self._send(order.steps)
        if order.state is None or order.expect is None:
            return failure or Outcome(result=Result.ACCEPTED)
        expect: dict[str, Value | None] = {order.state: order.expect}
        seen = await self._follow(expect, failure)
        value = seen.values.get(order.state)
        return replace(_judge(failure, seen, expect), value=None if value is None else str(value))

    async def _send(self, writes: Sequence[Write]) -> Outcome | None:
        """Send writes in their order, each once; stop at the first that fails and return what is known of it."""
        self.committed = True
        for number, write in enumerate(writes, 1):
            try:
                await self._client.write(Priority.COMMAND, write)
            except ModbusError as err:
                failure = _failure(err)
                return replace(failure, detail=f"write {number} of {len(writes)}: {failure.detail}")
        return None

    async def _follow(self, expect: Mapping[str, Value | None], failure: Outcome | None) -> _Seen:
        """Look until the device shows what is expected, or its time is over; once where it refused."""
        clock = asyncio.get_running_loop().time
        refused = failure is not None and failure.result is Result.REFUSED
        end = clock() + (0.0 if refused else self._order.within)
        rows = set(rows_of(self._profile, expect))
        seen = _Seen()
        for pause in chain(_PAUSES, repeat(_LAST_PAUSE)):
            await asyncio.sleep(min(pause, max(end - clock(), 0.0)))
            try:
                words = await self._read(rows, Priority.READBACK)
            except ModbusError as err:
                seen.error = str(err)
            else:
                seen = _Seen(values={key: value_of(self._profile, key, words.get) for key in expect})
            if seen.values == expect or clock() >= end:
                break
        return seen


def _failure(err: ModbusError) -> Outcome:
    """Return what an error says of the request that met it."""
    result, reason = Result.LOST, "garbage"
    if isinstance(err, ModbusConnectionError):
        reason = "gateway"
    elif isinstance(err, SILENCE):
        reason = "silent"
    elif isinstance(err, ModbusExceptionError):
        result, reason = Result.REFUSED, "exception"
    code = err.exception_code if isinstance(err, ModbusExceptionError) else None
    return Outcome(result=result, reason=reason, code=None if code is None else int(code), detail=str(err))


def _judge(failure: Outcome | None, seen: _Seen, expect: Mapping[str, Value | None]) -> Outcome:
    """Weigh what a device answered against what it shows."""
    if failure is not None and failure.result is Result.REFUSED:
        return failure
    if seen.values == expect:
        return Outcome(result=Result.CONFIRMED, detail=f"answer lost: {failure.detail}" if failure else "")
    if failure is not None:
        return failure
    if not seen.values:
        return Outcome(result=Result.LOST, reason="unread", detail=seen.error)
    return Outcome(result=Result.CONTRADICTED, reason="different")
