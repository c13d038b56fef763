"""Times the event loop of the Home Assistant that it is put into, and what an alarm costs there.

This component owns the clockwork: a coroutine that wants to run every 5 ms and notes how late it does, and a stopwatch
around the journal's ``record``. It is for benchmarks only, and starts with the action ``bench_probe.start``.
"""

from __future__ import annotations

import asyncio
import gc
from functools import wraps
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import SupportsResponse, callback

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
    from homeassistant.helpers.typing import ConfigType

DOMAIN: Final = "bench_probe"
TICK: Final = 0.005
"""s between two looks at the clock."""
_JOURNAL: Final = "legrand_ews_journal"
_WORST: Final = 5


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001 -- Home Assistant's signature
    """Register the actions."""
    probe = Probe(hass)
    hass.services.async_register(DOMAIN, "start", probe.async_start)
    hass.services.async_register(DOMAIN, "stop", probe.async_stop, supports_response=SupportsResponse.ONLY)
    return True


class Probe:
    """The clockwork."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start without a measurement."""
        self._hass = hass
        self._task: asyncio.Task[None] | None = None
        self._ticks: list[tuple[float, float, float, int]] = []
        self._records: list[float] = []
        self._collected = 0.0
        self._collecting = 0.0

    async def async_start(self, _call: ServiceCall) -> None:
        """Begin to measure."""
        self._ticks, self._records = [], []
        journal = self._hass.data[_JOURNAL]
        journal.record = self._timed(type(journal).record.__get__(journal))
        gc.callbacks.append(self._collection)
        self._task = self._hass.async_create_background_task(self._async_watch(), DOMAIN)

    async def async_stop(self, _call: ServiceCall) -> ServiceResponse:
        """End, and tell: s and counts."""
        if self._task is not None:
            self._task.cancel()
            del self._hass.data[_JOURNAL].record
            gc.callbacks.remove(self._collection)
        worst: list[Any] = [list(tick) for tick in sorted(self._ticks, reverse=True)[:_WORST]]
        return {
            "ticks": len(self._ticks),
            "worst": worst,
            "records": len(self._records),
            "record_time": sum(self._records),
            "record_longest": max(self._records, default=0.0),
        }

    async def _async_watch(self) -> None:
        """Note, tick by tick: s late, s that this thread computed, s of garbage collection, records of the journal."""
        while True:
            begin, computed = perf_counter(), thread_time()
            collected, records = self._collected, len(self._records)
            await asyncio.sleep(TICK)
            self._ticks.append(
                (
                    perf_counter() - begin - TICK,
                    thread_time() - computed,
                    self._collected - collected,
                    len(self._records) - records,
                )
            )

    def _timed(self, record: Callable[..., None]) -> Callable[..., None]:
        """Return a journal's ``record`` with a stopwatch."""

        @callback
        @wraps(record)
        def timed(*arguments: Any, **more: Any) -> None:
            """Record."""
            begin = perf_counter()
            record(*arguments, **more)
            self._records.append(perf_counter() - begin)

        return timed

    def _collection(self, phase: str, _told: dict[str, int]) -> None:
        """Note how long the garbage is collected."""
        if phase == "start":
            self._collecting = perf_counter()
        else:
            self._collected += perf_counter() - self._collecting
