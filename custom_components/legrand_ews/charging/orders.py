"""Tells stations their limits: what lowers a current first, and only what changed.

Owns what stations were told, and when they are told again. Which limit is right is the manager's matter.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from ..const import LOGGER
from .port import OrderError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from .port import Port

_REPEAT: Final = 0.5
"""Share of the time after which a station forgets its order when it is told again."""
_CLOSE: Final = 0.05
"""A within which two limits are the same."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An order that a station took."""

    limit: float
    at: float


class Orders:
    """What the stations were told and have to be told."""

    def __init__(self, spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """``spawn`` lets work go on in the background."""
        self.ports: Mapping[str, Port] = {}
        self.told: dict[str, Told] = {}
        """What each took last; missing: not known."""
        self._spawn = spawn
        self._wanted: dict[str, float] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failing: set[str] = set()

    def give(self, limits: Mapping[str, float]) -> None:
        """Tell the stations these limits, A; stations that are not named are told nothing more."""
        self._wanted = {key: self.ports[key].settable(limit) for key, limit in limits.items() if key in self.ports}
        self.repeat()

    def repeat(self) -> None:
        """Tell stations again what they would forget, or did not take."""
        due = [key for key, limit in self._wanted.items() if self._is_due(key, limit)]
        if due:
            cuts = [key for key in due if self._lowers(key)]
            self._spawn(self._round(cuts, [key for key in due if key not in cuts]))

    def seen(self, key: str, limit: float | None, at: float) -> None:
        """Compare what a station says its order is, at a time, with what it was told."""
        told = self.told.get(key)
        if told is None or limit is None or at <= told.at + self.ports[key].patience:
            return
        if abs(limit - told.limit) > _CLOSE:
            LOGGER.info("%s was told %g A and has %g A", self.ports[key].name, told.limit, limit)
            del self.told[key]

    async def async_give(self, limits: Mapping[str, float]) -> None:
        """Tell the stations these limits, and wait until they were told."""
        self._wanted = {key: self.ports[key].settable(limit) for key, limit in limits.items() if key in self.ports}
        await self._all(key for key, limit in self._wanted.items() if self._is_due(key, limit))

    def _lowers(self, key: str) -> bool:
        """Tell whether an order makes the current smaller than it may be."""
        told = self.told.get(key)
        return told is None or self._wanted[key] < told.limit

    def _is_due(self, key: str, limit: float) -> bool:
        """Tell whether a station has to be told."""
        told = self.told.get(key)
        if told is None or abs(told.limit - limit) > _CLOSE:
            return True
        refresh = self.ports[key].refresh
        return refresh is not None and monotonic() - told.at >= _REPEAT * refresh

    async def _round(self, cuts: Iterable[str], others: Iterable[str]) -> None:
        """Tell the stations; none draws more before others draw less."""
        if await self._all(cuts):
            await self._all(others)

    async def _all(self, keys: Iterable[str]) -> bool:
        """Tell some stations at once; True where all took it."""
        return all(await asyncio.gather(*(self._tell(key) for key in keys)))

    async def _tell(self, key: str) -> bool:
        """Tell one station what holds by now; True where it has it."""
        async with self._turns[key]:
            limit, port = self._wanted.get(key), self.ports.get(key)
            if limit is None or port is None or not self._is_due(key, limit):
                return True
            try:
                await port.async_order(limit)
            except OrderError as err:
                self._failed(key, port, err)
                return False
            self._failing.discard(key)
            self.told[key] = Told(limit=limit, at=monotonic())
            return True

    def _failed(self, key: str, port: Port, err: OrderError) -> None:
        """Note that it is not known what a station has; say so once."""
        self.told.pop(key, None)
        log = LOGGER.debug if key in self._failing else LOGGER.warning
        log("%s could not be told its order: %s", port.name, err)
        self._failing.add(key)
