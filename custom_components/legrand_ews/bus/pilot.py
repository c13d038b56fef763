"""Tells a charging station what a car may draw, by its map.

This module owns which currents a station can be told and the writes that tell it. What it should be told, when and how
often, others know.
"""

from __future__ import annotations

import asyncio
import math
from decimal import Decimal
from typing import TYPE_CHECKING

from modbus_connection.encode import split_words
from modbus_connection.exceptions import ModbusError

from ..catalog import Charging, Write
from .link import Priority

if TYPE_CHECKING:
    from ..catalog import Profile, Register
    from .client import UnitClient


class Pilot:
    """The limit of one charging station; of one side where it has two."""

    def __init__(self, client: UnitClient, profile: Profile) -> None:
        """Command the station at ``client`` by its map. Raises ``ValueError`` where that does not say how."""
        if profile.charging is None:
            raise ValueError(f"{profile.id} does not say how a station is told what to charge")
        self._client = client
        self._charging: Charging = profile.charging
        # A limit and the leave to charge are two writes: those of two orders must not mix.
        self._turn = asyncio.Lock()

    @property
    def adjustable(self) -> bool:
        """True where the station can be told a current; otherwise only to charge or not."""
        return self._charging.limit is not None

    @property
    def resolution(self) -> float:
        """The step between two limits, A; 0.0 where there are none."""
        limit = self._charging.limit
        return 0.0 if limit is None else float(limit.scale)

    @property
    def refresh(self) -> float | None:
        """How often the limit must be repeated or the station forgets it, s; None: never."""
        return self._charging.refresh

    def settable(self, limit: float) -> float:
        """Return the greatest current not above ``limit`` that the station can be told, A; 0.0 below its minimum.

        One that cannot be adjusted takes its maximum or, where the map does not say that, what it was given.
        """
        charging = self._charging
        if not limit >= charging.minimum:
            return 0.0
        if charging.limit is None:
            return charging.maximum if math.isfinite(charging.maximum) else limit
        amperes = min(limit, charging.maximum)
        return float(_raw(charging.limit, amperes) * charging.limit.scale)

    async def set(self, limit: float) -> None:
        """Tell the station a limit, A, rounded down as ``settable``; 0.0 is not to charge.

        Each write is sent once, in the order of the calls. Raises ``ModbusError`` with the write that failed; those
        behind it are not sent.
        """
        writes = self._writes(self.settable(limit))
        async with self._turn:
            for number, (what, write) in enumerate(writes, 1):
                try:
                    await self._client.connect(Priority.SAFETY, write)
                    await self._client.write(Priority.SAFETY, write)
                except ModbusError as err:
                    raise ModbusError(f"{what}, write {number} of {len(writes)}: {err}") from err

    def _writes(self, limit: float) -> list[tuple[str, Write]]:
        """Return what to send for a limit that can be told, A, each with its name."""
        charging = self._charging
        if limit == 0.0 and charging.forbid:
            return [("forbid", write) for write in charging.forbid]
        writes: list[tuple[str, Write]] = []
        if charging.limit is not None:
            raw = charging.off if limit == 0.0 else None
            writes.append(("limit", self._limit(charging.limit, _raw(charging.limit, limit) if raw is None else raw)))
        return writes if limit == 0.0 else [*writes, *(("allow", write) for write in charging.allow)]

    def _limit(self, row: Register, raw: int) -> Write:
        """Return the write of a raw limit."""
        words = split_words(raw, count=row.words, word_order=row.word_order)
        return Write(space=row.space, address=row.address, values=tuple(words), single=self._charging.single)


def _raw(row: Register, amperes: float) -> int:
    """Return the greatest raw number of a register that is not above a current, A."""
    return math.floor(Decimal(repr(float(amperes))) / row.scale)
