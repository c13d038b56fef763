"""The load manager at work: when meter and stations are read, when it takes a step, when it is kept.

Joins the manager with ports, orders, sessions and the journal. Who may draw how much is decided in ``greenup``.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HassJob, callback
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, OPT_GREENUP
from ..greenup import LoadManager, StationState
from ..roles import OPT_ACCESS
from .managed import ports
from .meter import meter_of
from .orders import Orders
from .sessions import Seen, SessionBook, electricity
from .settings import GreenupSettings
from .tell import Teller

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine, Iterable, Mapping
    from datetime import datetime

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from ..greenup import MeterReading, Order, Plan, StationConfig
    from ..greenup.sight import SessionView
    from ..history import History
    from .port import Port, Sight
    from .sessions import OpenSession

DATA_CONTROL: HassKey[LoadControl] = HassKey(f"{DOMAIN}_greenup")
STORE: Final = f"{DOMAIN}.greenup"
"""Where sessions and the state of the manager are kept over a restart."""
SIGNAL_STEP: Final = f"{DOMAIN}_greenup_step"
"""Sent after each step, and when the manager ends."""

_VERSION: Final = 1
_SAVE_DELAY: Final = 60.0
_LOOK_LIMIT: Final = 30.0
"""s that all stations of a site may take to be read; by then a step is more urgent."""
_START_LIMIT: Final = 60.0
"""s after which a station whose gateway is not loaded counts as lost."""
_LOOKS: Final = 2
"""Looks without an answer after which a station is not waited for, if its gateway is loaded."""
_URGENT_GAP: Final = 1.0
"""s between steps that an overload asks for."""


@dataclass(frozen=True, kw_only=True)
class StationNow:
    """A station as people see it."""

    view: SessionView
    order: Order | None
    """None while the control logic is off."""
    state: StationState
    """What the station last said; OFFLINE where it did not answer."""
    session: OpenSession | None


class LoadControl:
    """The running load manager of a site."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, settings: GreenupSettings, history: History) -> None:
        """Take the settings; ``async_start`` begins."""
        self._hass = hass
        self._entry = entry
        self._history = history
        self._store: Store[dict[str, Any]] = Store(hass, _VERSION, STORE)
        self._leave: list[CALLBACK_TYPE] = []
        self._looking = False
        self._measuring = False
        self._saving = False
        self._ended = False
        self._stepped = float("-inf")
        self._began = monotonic()
        self.settings = settings
        self.rest = rest_of(entry)
        """What the site was set to beside charging when this began."""
        self.ports, self.unwatched = ports(hass, settings)
        self.meter = meter_of(hass, settings)
        self.reading: MeterReading | None = None
        self.sights: dict[str, Sight] = {}
        self._missed: Counter[str] = Counter()
        """Looks at stations whose gateways were loaded."""
        self.manager = LoadManager(settings.config, ())
        self.book = SessionBook(electricity(lambda: history.bill.prices))
        self.orders = Orders(self._spawn)
        self.teller = Teller(hass)
        self.plan: Plan | None = None
        self.stations: dict[str, StationNow] = {}

    async def async_start(self) -> None:
        """Go on from what was kept, and follow the clock."""
        kept = await self._store.async_load() or {}
        self._manage(kept.get("manager", {}), self.ports)
        self.book.restore(kept.get("sessions", {}), time())
        for gone in self.book.open.keys() - self.ports.keys():
            self.book.close(gone)
        period = timedelta(seconds=self.settings.config.period)
        self._leave += [
            async_track_time_interval(self._hass, self._look_due, period, cancel_on_shutdown=True),
            self._hass.async_add_shutdown_job(HassJob(self._async_last_orders, "last orders to stations")),
            self._history.bill.watch(self._prices_changed),
        ]
        self._follow_meter()
        self._entry.async_create_background_task(self._hass, self._async_look(), "first look at stations")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let orders go out in the background."""
        self._entry.async_create_background_task(self._hass, work, "orders to stations")

    def _follow_meter(self) -> None:
        """Read the meter at its interval."""
        interval = timedelta(seconds=self.settings.interval)
        self._stop_meter = async_track_time_interval(self._hass, self._measure_due, interval, cancel_on_shutdown=True)

    def _manage(self, snapshot: Mapping[str, Any], stations: Collection[str]) -> None:
        """Make a manager of the settings and some stations, which goes on from a snapshot."""
        configs = [
            replace(port.config, priority=key in self.settings.priority)
            for key, port in self.ports.items()
            if key in stations
        ]
        self.manager = LoadManager.restore(self.settings.config, configs, snapshot, monotonic())
        self.orders.ports = self.ports

    @callback
    def survey(self) -> None:
        """Look which stations there are; go on with the others where that changed."""
        found, self.unwatched = ports(self._hass, self.settings)
        if _configs(found) != _configs(self.ports) or _names(found) != _names(self.ports):
            self.ports = {key: self._kept(port) for key, port in found.items()}
            self._renew()

    def _kept(self, port: Port) -> Port:
        """Return the port that there was, where it is the same station."""
        known = self.ports.get(port.config.id)
        return known if known is not None and (known.config, known.name) == (port.config, port.name) else port

    @callback
    def apply(self, settings: GreenupSettings) -> None:
        """Take over other settings; cars that charge go on."""
        if (settings.meter, settings.sensors) != (self.settings.meter, self.settings.sensors):
            self.meter, self.reading = meter_of(self._hass, settings), None
        self.settings = settings
        self._stop_meter()
        self._follow_meter()
        found, self.unwatched = ports(self._hass, settings)
        self.ports = {key: self._kept(port) for key, port in found.items()}
        self._renew()

    def _renew(self) -> None:
        """Go on with a new manager."""
        for gone in self.sights.keys() - self.ports.keys():
            del self.sights[gone]
            self.book.close(gone)
        self._go_on()
        if self.plan is not None:
            self.step()

    def _go_on(self) -> None:
        """Manage the stations there are; one that came later is load of the building until it was seen."""
        self._manage(self.manager.snapshot(), self.manager.sessions.keys() | self.sights.keys())

    async def async_stop(self) -> None:
        """End it; stations keep their orders until the next manager takes over."""
        for leave in (*self._leave, self._stop_meter):
            leave()
        self._leave.clear()
        self._ended = True
        self._hand_on()
        self.teller.close()
        await self._store.async_save(self._snapshot())

    async def _async_last_orders(self) -> None:
        """Home Assistant stops: tell the stations what is safe without a manager."""
        if self.settings.on_stop == "keep" or self.plan is None or not self.settings.config.control_logic:
            return
        for leave in (*self._leave[:1], self._stop_meter):
            leave()
        self._ended = True
        self.manager.rest(stop=self.settings.on_stop == "stop")
        await self.orders.async_give(self.manager.limits)
        await self._store.async_save(self._snapshot())

    async def _measure_due(self, _now: datetime) -> None:
        """Read the meter, unless that is under way."""
        if self._measuring:
            return
        self._measuring = True
        try:
            self._take_reading(await self.meter.async_read())
        finally:
            self._measuring = False

    @callback
    def _take_reading(self, reading: MeterReading | None) -> None:
        """Take what the meter told; an overload does not wait for the next step."""
        if self._ended:
            return
        if reading is not None:
            self.reading = reading
            over = max(reading.currents) > self.settings.config.max_current
            if over and self.plan is not None and monotonic() - self._stepped >= _URGENT_GAP:
                self.step()
                return
        self.orders.repeat()

    async def _look_due(self, _now: datetime) -> None:
        """Look at the stations, unless that is under way."""
        await self._async_look()

    async def _async_look(self) -> None:
        """Look at all stations, at the meter last, and take a step."""
        if self._looking:
            return
        self._looking = True
        try:
            lines: defaultdict[str, list[str]] = defaultdict(list)
            for key, port in self.ports.items():
                lines[port.line].append(key)
            looks = [asyncio.ensure_future(self._async_see(keys)) for keys in lines.values()]
            if looks:
                _, late = await asyncio.wait(looks, timeout=_LOOK_LIMIT)
                for look in late:
                    look.cancel()
            if self._is_old(self.reading) and (reading := await self.meter.async_read()) is not None:
                self.reading = reading
        finally:
            self._looking = False
        if not self.sights.keys() <= self.manager.sessions.keys():
            self._go_on()
        if self.plan is not None or self._all_there():
            self.step()

    def _is_old(self, reading: MeterReading | None) -> bool:
        """Tell whether a step is worth another reading of the meter."""
        return reading is None or monotonic() - reading.at >= self.settings.interval

    def _all_there(self) -> bool:
        """Tell whether a first step can be taken: while Home Assistant starts, gateways come one after the other."""
        known = all(key in self.sights or self._missed[key] >= _LOOKS for key in self.ports)
        return known or monotonic() - self._began > _START_LIMIT

    async def _async_see(self, keys: Iterable[str]) -> None:
        """Look at the stations of one line, one after the other."""
        for key in keys:
            if (port := self.ports.get(key)) is None:
                continue
            asked = monotonic()
            sight = await port.async_look()
            self._missed[key] += port.there
            if sight is not None and key in self.ports:
                self.sights[key] = sight
                self.orders.seen(key, sight.told, asked)

    @callback
    def step(self) -> None:
        """Let the manager decide, and do what it says; nothing once it ended, though a look may be under way."""
        if self._ended:
            return
        now = self._stepped = monotonic()
        readings = {key: sight.reading for key, sight in self.sights.items() if key in self.ports}
        plan = self.plan = self.manager.step(now, self.reading, readings)
        seen = {key: self.manager.view(key) for key in self.manager.sessions}
        lost = [key for key, view in seen.items() if view.lost]
        self.orders.give({key: order.limit for key, order in plan.orders.items()}, lost)
        at, views = time(), {}
        for key, view in seen.items():
            port, order = self.ports[key], plan.orders.get(key)
            sight = self.sights.get(key)
            state = StationState.OFFLINE if view.lost or sight is None else sight.reading.state
            self.book.take(key, port.name, _seen(view, order, sight, state), at)
            views[key] = view, state
        sessions = self.book.open
        self.stations = {
            key: StationNow(view=view, order=plan.orders.get(key), state=state, session=sessions.get(key))
            for key, (view, state) in views.items()
        }
        self.teller.take(plan, self)
        self._hand_on()
        self._save_later()
        async_dispatcher_send(self._hass, SIGNAL_STEP)

    def _hand_on(self) -> None:
        """Put sessions into the archive."""
        if rows := self.book.take_rows():
            self._history.writer.put(sessions=rows)
            self._history.tables.note_sessions(rows)

    def start(self, station: str, departure: float | None = None) -> None:
        """Let a session go first; ``departure``: when the car will leave, POSIX s."""
        self.manager.start(station)
        if departure is not None:
            self.manager.set_departure(station, monotonic() + departure - time())
        self.step()

    def hold(self, station: str) -> None:
        """Let a session wait until it is started, or the car leaves."""
        self.manager.hold(station)
        self.step()

    def set_priority(self, station: str, *, priority: bool) -> None:
        """Set the priority of the session that runs."""
        self.manager.set_session_priority(station, priority)
        self.step()

    @property
    def currency(self) -> str:
        """What costs are in, ISO 4217."""
        return self._history.bill.currency

    @callback
    def _prices_changed(self) -> None:
        """Book what was charged so far at the prices that held."""
        self.book.end_piece(time())

    def _save_later(self) -> None:
        """Keep the state within a minute."""
        if not self._saving:
            # Asked for again, a delayed save would be put off again: for ever, at each step.
            self._saving = True
            self._store.async_delay_save(self._snapshot, _SAVE_DELAY)

    def _snapshot(self) -> dict[str, Any]:
        """Return what is kept over a restart."""
        self._saving = False
        return {"manager": self.manager.snapshot(), "sessions": self.book.snapshot()}


def rest_of(entry: ConfigEntry) -> object:
    """Return all settings of the installation but those of charging, and those that nothing has to begin anew for."""
    options = {key: value for key, value in entry.options.items() if key not in (OPT_GREENUP, OPT_ACCESS)}
    subentries = {key: (row.title, dict(row.data)) for key, row in entry.subentries.items()}
    return entry.title, options, subentries


def _seen(view: SessionView, order: Order | None, sight: Sight | None, state: StationState) -> Seen:
    """Return what the book of sessions wants to know of a station."""
    return Seen(
        state=state,
        order=None if order is None else order.limit,
        reason=None if order is None else order.why,
        energy=None if sight is None else sight.energy,
        charge=view.charge,
        card=None if sight is None else sight.card,
        priority=view.priority,
    )


def _configs(found: Mapping[str, Port]) -> list[StationConfig]:
    """Return the stations of some ports."""
    return [port.config for port in found.values()]


def _names(found: Mapping[str, Port]) -> list[str]:
    """Return the names of some ports."""
    return [port.name for port in found.values()]


async def async_start_control(hass: HomeAssistant, entry: ConfigEntry, history: History) -> None:
    """Begin to manage charging, where the installation says how.

    Raises ``ConfigEntryError`` where what is stored contradicts itself.
    """
    try:
        settings = GreenupSettings.from_options(entry.options)
    except ValueError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="greenup_contradicts",
            translation_placeholders={"error": str(err)},
        ) from err
    if settings is not None:
        control = hass.data[DATA_CONTROL] = LoadControl(hass, entry, settings, history)
        await control.async_start()


async def async_stop_control(hass: HomeAssistant) -> None:
    """End it, where there is one."""
    control = hass.data.pop(DATA_CONTROL, None)
    if control is not None:
        await control.async_stop()
        async_dispatcher_send(hass, SIGNAL_STEP)


async def async_forget_control(hass: HomeAssistant) -> None:
    """Delete what was kept: the installation was deleted."""
    await Store[dict[str, Any]](hass, _VERSION, STORE).async_remove()


@callback
def survey(hass: HomeAssistant) -> None:
    """Let the load manager look which stations there are, if there is one."""
    if (control := hass.data.get(DATA_CONTROL)) is not None:
        control.survey()
