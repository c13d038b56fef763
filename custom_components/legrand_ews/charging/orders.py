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
    from collections.abc import Callable, Collection, Coroutine, Mapping

    from .port import Port

_REPEAT: Final = 0.5
"""Share of the time after which a station forgets its order when it is told again."""
_LITTLE: Final = 1.0
"""A: a smaller raise is not worth a place on the line at once."""
_UNHURRIED: Final = 60.0
"""s after the last order until it is."""
_CLOSE: Final = 0.05
"""A within which two limits are the same."""
_RETRY: Final = (1.0, 16.0)
"""s until a station that did not take its order is told again: at first, and in the end."""
_HOLD: Final = 60.0
"""s that a station which does not take its order holds back others; then what it draws has long been measured."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An order that a station took."""

    limit: float
    at: float


@dataclass(frozen=True, kw_only=True)
class Failing:
    """An order that a station did not take, so many times since it last took one."""

    since: float
    last: float
    times: int = 1

    @property
    def again(self) -> float:
        """When it is told again."""
        first, longest = _RETRY
        return self.last + min(first * 2.0 ** min(self.times - 1, 16), longest)


class Orders:
    """What the stations were told and have to be told."""

    def __init__(self, spawn: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """``spawn`` lets work go on in the background."""
        self.ports: Mapping[str, Port] = {}
        self.told: dict[str, Told] = {}
        """What each took last; missing: not known."""
        self._spawn = spawn
        self._wanted: dict[str, float] = {}
        self._lost: frozenset[str] = frozenset()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failing: dict[str, Failing] = {}
        self._differing: set[str] = set()

    def give(self, limits: Mapping[str, float], lost: Collection[str] = ()) -> None:
        """Tell the stations these limits, A; stations that are not named are told nothing more.

        ``lost``: those whose full rating is reckoned with, so that others need not wait for them.
        """
        self._want(limits, lost)
        self.repeat()

    async def async_give(self, limits: Mapping[str, float]) -> None:
        """Tell the stations these limits at once, and wait until they were told."""
        self._want(limits, ())
        self._failing.clear()
        await self._all([key for key in self._wanted if self._is_due(key)])

    def repeat(self) -> None:
        """Tell stations again what they would forget, or did not take."""
        due = [key for key in self._wanted if self._is_due(key)]
        if any(not self._rests(key) for key in due):
            raises = [key for key in due if self._raises(key)]
            self._spawn(self._round([key for key in due if key not in raises], raises))

    def seen(self, key: str, limit: float | None, at: float) -> None:
        """Compare what a station says its order is, asked at a time, with what it was told."""
        told = self.told.get(key)
        if told is None or limit is None or at <= told.at + self.ports[key].patience:
            return
        if abs(limit - told.limit) <= _CLOSE:
            self._differing.discard(key)
            return
        log = LOGGER.debug if key in self._differing else LOGGER.warning
        log("%s was told %g A and has %g A", self.ports[key].name, told.limit, limit)
        self._differing.add(key)
        del self.told[key]

    def _want(self, limits: Mapping[str, float], lost: Collection[str]) -> None:
        """Take other limits; what a station has that is told nothing more, others decide."""
        self._wanted = {key: limit for key, limit in limits.items() if key in self.ports}
        self._lost = frozenset(lost)
        self.told = {key: told for key, told in self.told.items() if key in self._wanted}

    def _limit(self, key: str) -> float:
        """Return what a station is to be told, A."""
        return self.ports[key].settable(self._wanted[key])

    def _is_due(self, key: str) -> bool:
        """Tell whether a station has to be told."""
        told = self.told.get(key)
        if told is None:
            return True
        more = self._limit(key) - told.limit
        soon = monotonic() - told.at < _UNHURRIED
        if abs(more) > _CLOSE and not (told.limit > 0 and 0 < more < _LITTLE and soon):
            return True
        refresh = self.ports[key].refresh
        return refresh is not None and monotonic() - told.at >= _REPEAT * refresh

    def _raises(self, key: str) -> bool:
        """Tell whether an order lets a station draw more than it may; where that is not known, it is told first."""
        told = self.told.get(key)
        return told is not None and self._limit(key) > told.limit

    def _rests(self, key: str) -> bool:
        """Tell whether a station did not take its order a moment ago."""
        failing = self._failing.get(key)
        return failing is not None and monotonic() < failing.again

    def _holds(self, key: str) -> bool:
        """Tell whether others must not draw more before a station took its order."""
        failing = self._failing.get(key)
        return failing is not None and key not in self._lost and monotonic() - failing.since < _HOLD

    async def _round(self, first: list[str], raises: list[str]) -> None:
        """Tell the stations; none draws more before others draw less."""
        await self._all(first)
        if not any(self._holds(key) for key in first):
            await self._all(raises)

    async def _all(self, keys: list[str]) -> None:
        """Tell some stations at once."""
        await asyncio.gather(*(self._tell(key) for key in keys))

    async def _tell(self, key: str) -> None:
        """Tell one station what holds by now."""
        async with self._turns[key]:
            if key not in self._wanted or key not in self.ports or not self._is_due(key) or self._rests(key):
                return
            limit, port = self._limit(key), self.ports[key]
            try:
                await port.async_order(limit)
            except OrderError as err:
                self._failed(key, port, err)
                return
            self._failing.pop(key, None)
            self.told[key] = Told(limit=limit, at=monotonic())

    def _failed(self, key: str, port: Port, err: OrderError) -> None:
        """Note that it is not known what a station has; say so once."""
        self.told.pop(key, None)
        before, now = self._failing.get(key), monotonic()
        log = LOGGER.warning if before is None else LOGGER.debug
        log("%s could not be told its order: %s", port.name, err)
        self._failing[key] = (
            Failing(since=now, last=now)
            if before is None
            else Failing(since=before.since, last=now, times=before.times + 1)
        )
