"""The bill of the site: which tariff holds now, and when the next one does.

Joins the settings and the conditions' history to prices, and renews them. What was priced stays so in the archive.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .cost_conditions import CostConditions
from .prices import Prices

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from .bill_settings import BillSettings, PlanKey
    from .billing import ActivePrice, CostPlan


class Bill:
    """Prices of a site."""

    def __init__(self, hass: HomeAssistant, settings: BillSettings) -> None:
        """Take the settings; ``async_start`` begins."""
        self._hass = hass
        self.settings = settings
        self._conditions = CostConditions(hass, settings.conditions, self._renew)
        self.prices = self.new_prices()
        self._watchers: list[Callable[[], None]] = []
        self._alarm: CALLBACK_TYPE | None = None

    @property
    def currency(self) -> str:
        """ISO 4217."""
        return self.settings.currency

    @property
    def keys(self) -> tuple[PlanKey, ...]:
        """The plans that have tariffs."""
        return self.prices.keys

    async def async_start(self) -> None:
        """Look what the conditions were and are, and follow the clock."""
        await self._conditions.async_start()
        self._set_alarm()

    async def async_stop(self) -> None:
        """Follow nothing any more."""
        if self._alarm is not None:
            self._alarm()
            self._alarm = None
        await self._conditions.async_stop()

    def plan(self, key: PlanKey) -> CostPlan:
        """Return the tariffs and rules of a plan, with what is known of its conditions."""
        return self.prices.plans[key]

    def active(self, key: PlanKey) -> ActivePrice | None:
        """Return the price that holds now, None where there is none."""
        return self.plan(key).at(dt_util.utcnow())

    def new_prices(self) -> Prices:
        """Return prices as of now, also for another thread."""
        return Prices(self.settings, {key: tuple(spans) for key, spans in self._conditions.spans.items()})

    @callback
    def watch(self, watcher: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``watcher`` whenever another price may hold. Returns the way out."""
        self._watchers.append(watcher)

        @callback
        def leave() -> None:
            """Watch no more."""
            self._watchers.remove(watcher)

        return leave

    @callback
    def _renew(self) -> None:
        """A condition began or ended."""
        self.prices = self.new_prices()
        self._set_alarm()
        self._tell()

    @callback
    def _set_alarm(self) -> None:
        """Wake up when the next price holds, and when the day ends."""
        if not self.keys:
            return
        if self._alarm is not None:
            self._alarm()
            self._alarm = None
        now = int(dt_util.utcnow().timestamp())
        changes = (self.plan(key).next_change(now) for key in self.keys)
        # What is told of today and tomorrow is told anew each day; so are changes further away than plans look.
        midnight = int((dt_util.start_of_local_day() + timedelta(days=1)).timestamp())
        at = min([midnight, *(change for change in changes if change is not None)])
        self._alarm = async_track_point_in_utc_time(self._hass, self._ring, dt_util.utc_from_timestamp(at))

    @callback
    def _ring(self, _now: datetime) -> None:
        """Another price holds."""
        self._alarm = None
        self._set_alarm()
        self._tell()

    @callback
    def _tell(self) -> None:
        """Tell who watches."""
        for watcher in list(self._watchers):
            watcher()
