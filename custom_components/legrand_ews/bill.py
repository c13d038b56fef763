"""The bill of the site: which tariff holds now, and what an interval of consumption costs.

Joins the settings, the conditions' history and the ``billing`` room. What was priced stays so: the archive keeps it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .archive import PartRow, RateRow
from .billing import Pricer
from .cost_conditions import CostConditions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from .archive import IntervalRow
    from .bill_settings import BillSettings, PlanKey, Spans
    from .billing import ActivePrice, CostPlan, Tariff

PLAN_OF: Final[dict[tuple[str, str], PlanKey]] = {
    ("electricity", "energy_import"): "electricity",
    ("electricity", "energy_export"): "export",
    ("gas", "volume"): "gas",
    ("water", "volume"): "water",
}
"""The plan that prices a quantity of a commodity."""

type Priced = tuple[RateRow | None, tuple[PartRow, ...]]
"""The rate of an interval, or its parts."""

_UNPRICED: Final[Priced] = (None, ())


class Prices:
    """What intervals cost, by settings that do not change; for one thread."""

    def __init__(self, settings: BillSettings, spans: Mapping[str, Spans]) -> None:
        """Take the settings, and when each condition was on."""
        self.settings = settings
        self.plans: dict[PlanKey, CostPlan] = {key: settings.plan(key, spans) for key in settings.plans}
        self.keys: tuple[PlanKey, ...] = tuple(key for key, plan in settings.plans.items() if plan.tariffs)
        """The plans that have tariffs."""
        self._pricers = {key: Pricer(self.plans[key]) for key in self.keys}
        self._rates: dict[tuple[PlanKey, ActivePrice], RateRow] = {}

    def price(self, commodity: str, quantity: str, start: int, end: int, amount: int) -> Priced:
        """Return what an interval is to be paid at. ``amount``: Wh or dm3; times: POSIX seconds."""
        key = PLAN_OF.get((commodity, quantity))
        pricer = None if key is None else self._pricers.get(key)
        if key is None or pricer is None:
            return _UNPRICED
        pieces = pricer.price(start, end, amount)
        if len(pieces) == 1:
            return self._rate(key, pieces[0].active), ()
        return None, tuple(
            PartRow(start=one.start, amount=one.amount, rate=self._rate(key, one.active)) for one in pieces
        )

    def price_row(self, row: IntervalRow) -> Priced:
        """Return the same of an interval of the archive."""
        return self.price(row.commodity, row.quantity, row.start, row.start + row.seconds, row.amount)

    def _rate(self, key: PlanKey, active: ActivePrice | None) -> RateRow | None:
        """Return a price as the archive takes it."""
        if active is None:
            return None
        rate = self._rates.get((key, active))
        if rate is None:
            name = tariff_of(self.settings, key, active.tariff_id).name
            rate = self._rates[key, active] = RateRow(
                tariff=active.tariff_id, name=name, price=active.price, currency=self.settings.currency
            )
        return rate


def tariff_of(settings: BillSettings, key: PlanKey, tariff: str) -> Tariff:
    """Return a tariff of a plan, by its id."""
    return next(one for one in settings.plans[key].tariffs if one.id == tariff)


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
