"""A gateway: takes requests for its units and answers them, in the time the line behind it needs.

This module owns a transaction from request to answer, faults included. Sockets and frames are ``server``'s matter.
"""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING, Final

from pymodbus.constants import ExcCodes
from pymodbus.datastore import ModbusServerContext
from pymodbus.pdu import ExceptionResponse

from .faults import Faults
from .line import READ_WORDS, Line, Mode, Stats, Timing, request_bytes, response_bytes
from .row import Refused
from .scenario import TCP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pymodbus.pdu import ModbusPDU

    from .scenario import GatewaySpec
    from .unit import Unit

MOST_TRANSACTIONS: Final = 0x10000
SERVED: Final = frozenset({1, 2, 3, 4, 5, 6, 15, 16})
"""Functions that units know."""
WRITING: Final = frozenset({5, 6, 15, 16})
ECHOED: Final = frozenset({5, 6})
"""Answered with the request itself, whatever became of it."""


class Gateway:
    """The units of one bus and the way to them."""

    def __init__(self, spec: GatewaySpec, units: Mapping[int, Unit], timing: Timing) -> None:
        """Connect the units, by their address."""
        self.spec = spec
        self.name = spec.name
        self.units = dict(units)
        self.faults = Faults()
        self.timing = timing
        self.context = UnitContext(self)
        self.port = 0
        """TCP port while it serves."""
        self.device = ""
        """Path of the serial device while it serves one."""
        self._line = Line(timing)
        self._lock = asyncio.Lock()
        self._random = Random(spec.name)

    @property
    def stats(self) -> Stats:
        """What has passed the line."""
        return self._line.stats

    @property
    def reports_silence(self) -> bool:
        """True where the gateway answers for a silent device."""
        reports = self.timing.reports_silence
        return self.spec.kind == TCP if reports is None else reports

    async def answer(self, request: ModbusPDU, arrival: float) -> ModbusPDU | None:
        """Return the answer to a request that arrived at this loop time, when it is due; None where there is none."""
        if self.timing.mode is Mode.RTU:
            async with self._lock:
                return await self._transact(request, self._line.begin(arrival))
        return await self._transact(request, arrival)

    async def _transact(self, request: ModbusPDU, begin: float) -> ModbusPDU | None:
        """Run one transaction from this moment on."""
        stats, unit = self.stats, self.units.get(request.dev_id)
        asked = request_bytes(request)
        stats.transactions += 1
        stats.request_bytes += asked
        if unit is None or unit.faults.silent or self.faults.silent or self._loses(unit, request, "lose_before"):
            return await self._unanswered(request, begin, asked)
        response = await self._response(unit, request)
        if self._loses(unit, request, "lose_after"):
            return await self._unanswered(request, begin, asked)
        answered = response_bytes(response)
        stats.response_bytes += answered
        stats.exceptions += response.isError()
        delay = self.faults.delay + unit.faults.delay
        if self.timing.mode is Mode.RTU:
            await self._line.finish(begin, self.timing.transaction(asked, answered) + delay)
        elif delay:
            await asyncio.sleep(delay)
        return response

    def _loses(self, unit: Unit, request: ModbusPDU, kind: str) -> bool:
        """Return True where a write, or its answer, gets lost."""
        return request.function_code in WRITING and (self.faults.take(kind) or unit.faults.take(kind))

    async def _unanswered(self, request: ModbusPDU, begin: float, asked: int) -> ModbusPDU | None:
        """Wait for a device that says nothing."""
        self.stats.unanswered += 1
        if self.timing.mode is Mode.RTU:
            await self._line.finish(begin, self.timing.duration(asked) + self.timing.timeout)
        else:
            await asyncio.sleep(self.timing.timeout)
        if not self.reports_silence:
            return None
        return _addressed(ExceptionResponse(request.function_code, ExcCodes.GATEWAY_NO_RESPONSE), request)

    async def _response(self, unit: Unit, request: ModbusPDU) -> ModbusPDU:
        """Return what a unit answers, with the faults it has."""
        count = max(request.count, len(request.registers), len(request.bits), 1)
        now = asyncio.get_running_loop().time()
        for faults in (self.faults, unit.faults):
            if (code := faults.code(now, request.address, count)) is not None:
                return _addressed(ExceptionResponse(request.function_code, ExcCodes(code)), request)
            if request.function_code in WRITING and faults.take("refuse_writes"):
                return _addressed(ExceptionResponse(request.function_code, ExcCodes(faults.refusal)), request)
        if request.function_code in SERVED:
            response = await request.datastore_update(self.context, request.dev_id)
            if request.function_code in ECHOED and not response.isError():
                response.bits, response.registers = request.bits, request.registers
        else:
            response = ExceptionResponse(request.function_code, ExcCodes.ILLEGAL_FUNCTION)
        _addressed(response, request)
        for faults in (self.faults, unit.faults):
            self._spoil(response, faults)
        return response

    def _spoil(self, response: ModbusPDU, faults: Faults) -> None:
        """Give an answer the faults that count down."""
        if response.function_code in READ_WORDS and faults.take("garbage"):
            response.registers = [self._random.getrandbits(16) for _ in response.registers]
        if response.function_code in READ_WORDS and faults.take("wrong_length"):
            response.registers = response.registers[:-1]
        if faults.take("wrong_transaction"):
            response.transaction_id = (response.transaction_id + 7) % MOST_TRANSACTIONS


class UnitContext(ModbusServerContext):
    """What pymodbus' requests read from and write to: the units of a gateway."""

    def __init__(self, gateway: Gateway) -> None:  # pylint: disable=super-init-not-called
        """Take the units of this gateway; the base class' own store is not used."""
        self.simdevices = []
        self._gateway = gateway

    async def async_getValues(  # noqa: N802
        self, device_id: int, func_code: int, address: int, count: int = 1
    ) -> list[int] | list[bool] | ExcCodes:
        """Read from a unit."""
        try:
            return self._gateway.units[device_id].read(func_code, address, count)
        except Refused as refused:
            return ExcCodes(refused.code)

    async def async_setValues(  # noqa: N802
        self, device_id: int, func_code: int, address: int, values: list[int] | list[bool]
    ) -> ExcCodes | None:
        """Write to a unit."""
        try:
            self._gateway.units[device_id].write(func_code, address, [int(value) for value in values])
        except Refused as refused:
            return ExcCodes(refused.code)
        return None

    def device_ids(self) -> list[int]:
        """Return the addresses of the units."""
        return list(self._gateway.units)


def _addressed(response: ModbusPDU, request: ModbusPDU) -> ModbusPDU:
    """Return the response as the answer to this request."""
    response.transaction_id = request.transaction_id
    response.dev_id = request.dev_id
    return response
