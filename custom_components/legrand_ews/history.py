"""The history of the site, as long as the installation is loaded.

This module owns the archive's life, and what reaches it when: readings become rows (``consumption``), rows are written
a moment later, the CSV folders follow, late energy goes to the right hours of Home Assistant's statistics.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import callback
from homeassistant.exceptions import ConfigEntryError, HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import instance_id
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later, async_track_utc_time_change
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .archive import FAULTS, Archive, ArchiveError, ArchiveWriter, describe
from .archive_driver import async_need_driver
from .archive_issue import ArchiveIssue
from .bill import Bill
from .bill_settings import BillSettings
from .catalog_store import DATA_CATALOG
from .const import CONF_KIND, DOMAIN, KIND_GATEWAY, LOGGER
from .consumption import Consumption, place_of
from .cost_book import CostBook
from .cost_duties import CostDuties
from .csv_tables import CsvTables
from .device import configs_of, resolve
from .history_settings import HistorySettings
from .journal import DATA_JOURNAL, alarm_row
from .late_statistics import LateStatistics
from .metering import UNIT
from .news import DATA_NEWS, site_changed
from .site_view import site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant

    from .alarms import Entry
    from .archive import BookedRow, ChargeRow, CostSum, CsvStyle, Site, WriterStatus
    from .billing import CostFigures
    from .bus import Value
    from .consumption import Figures
    from .device import Device
    from .metering import Reading

DATA_HISTORY: HassKey[History] = HassKey(f"{DOMAIN}.history")

SIGNAL_COSTS: Final = f"{DOMAIN}_costs"
"""Sent when costs are new, and when there are none any more."""
TICK_SECOND: Final = 58
"""Of each minute: then totals are shown. What Home Assistant notes at a full hour is what was counted in that hour."""
_TABLES_SECOND: Final = 40
_WRITE_AFTER: Final = 2.0
_TAKE: Final = 1000
"""Rows at a time: some 15 ms."""
_LIMIT: Final = 100_000
_WAIT: Final = 10.0
_BACK_OFF: Final = (1, 2, 5, 10, 30, 60)
_STOP: Final = 20.0


class History:
    """The archive of the site and what feeds it."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, *, site_id: str) -> None:
        """Prepare; ``start`` begins. ``site_id`` tells the rows of this Home Assistant from those of others."""
        self.hass = hass
        self.entry = entry
        self.folder = Path(hass.config.path(DOMAIN))
        self.settings = HistorySettings.of(entry.options, self.folder)
        self.zone = hass.config.time_zone
        self.site_id = site_id
        self._url = self.settings.url
        zone = dt_util.get_default_time_zone()
        self.bill = Bill(hass, self._bill_settings())
        self.consumption = Consumption(
            period=self.settings.period,
            zone=zone,
            now=time(),
            factors=self.settings.factors,
            costs=CostBook(self.bill.prices, zone=zone, now=time()),
        )
        self._issue = ArchiveIssue(hass)
        self.figures: Mapping[str, Figures] = {}
        """The totals by key, renewed each minute."""
        self.costs: Mapping[str, CostFigures] = {}
        """The costs by ``cost_book.entry_of``, as often."""
        self.duties = CostDuties(self, zone)
        self.writer = ArchiveWriter(
            self.open_archive, limit=_LIMIT, on_change=self._status_from_thread, back_off=_BACK_OFF
        )
        self.late = LateStatistics(hass)
        self.tables = CsvTables(self)
        self._numbers: dict[str, int] = {}
        self._watchers: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._leave: list[CALLBACK_TYPE] = []
        self._pump: CALLBACK_TYPE | None = None
        self._pumping = asyncio.Lock()

    def _bill_settings(self) -> BillSettings:
        """Read the tariffs and rules as they are now. Raises ``ValueError`` where they contradict themselves."""
        zone = dt_util.get_default_time_zone()
        return BillSettings.of(self.entry.options, currency=self.hass.config.currency, zone=zone)

    def _prices_change(self) -> bool:
        """Tell whether tariffs, rules or the currency are others now; stored by hand, they may make no sense."""
        try:
            return self._bill_settings() != self.bill.settings
        except ValueError:
            return True

    @property
    def style(self) -> CsvStyle:
        """How tables are written."""
        return self.settings.style

    @property
    def period(self) -> int:
        """The sample rate, s."""
        return self.settings.period

    def open_archive(self) -> Archive:
        """Open the archive; blocking. Raises one of ``FAULTS``."""
        return Archive.open(self._url, site=self.site_id, zone=self.zone)

    def change_archive(self, url: str) -> None:
        """Use another archive from now on that has all of this one; writing is held meanwhile."""
        self._url = url
        self.writer.reopen()

    async def async_ask[T](self, question: Callable[[Archive], T]) -> T:
        """Ask the archive something in another thread.

        Raises ``HomeAssistantError`` where it does not answer.
        """
        try:
            answer = self.writer.call(question)
            return await asyncio.wrap_future(answer)
        except asyncio.CancelledError:
            if not answer.cancelled() or _is_cancelled():
                raise
            raise _unavailable(RuntimeError("it was closed")) from None
        except (*FAULTS, RuntimeError) as err:
            # Executors that were shut down raise a RuntimeError.
            raise _unavailable(err) from err

    def start(self) -> None:
        """Begin: readings are taken as soon as the archive told where the counters stood."""
        self.survey()
        self._leave += [
            async_track_utc_time_change(self.hass, self._tick, second=TICK_SECOND),
            async_track_utc_time_change(self.hass, self._tables_due, second=_TABLES_SECOND),
            async_track_utc_time_change(self.hass, self._retain_due, hour=3, minute=17, second=0),
            self.bill.watch(self._take_prices),
            self.hass.data[DATA_JOURNAL].follow(self._note_alarm),
            self.hass.bus.async_listen(EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_close),
            self.hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._zone_may_change),
        ]
        self.entry.async_create_background_task(self.hass, self._async_begin(), "archive of the site")

    async def _async_begin(self) -> None:
        """Wait for the archive, and go on from what is in it."""
        await self.bill.async_start()
        while True:
            try:
                # An update of Home Assistant may have taken the driver away.
                await async_need_driver(self.hass, self.settings.url)
                devices = sorted(self._devices())
                marks, booked, numbers = await self.async_ask(partial(self._remembered, devices=devices))
                now = int(time())
                costs, charges = await self.async_ask(partial(_costs, now=now))
                break
            except (ArchiveError, HomeAssistantError) as err:
                LOGGER.debug("The archive is not there yet: %s", err)
                await asyncio.sleep(_WAIT)
        self._numbers = numbers
        self.consumption.costs.begin(costs, charges, now)
        self.consumption.begin(marks, booked)
        entries = self.hass.data[DATA_JOURNAL].journal.entries
        self.writer.put(alarms=[alarm_row(entry) for entry in entries])
        self._show()

    def _remembered(
        self, archive: Archive, *, devices: list[str]
    ) -> tuple[Mapping[tuple[str, str], tuple[int, int]], list[BookedRow], dict[str, int]]:
        """Return where the counters stood, what was ever booked, and the numbers of the devices. Blocking."""
        now = datetime.fromtimestamp(time(), dt_util.get_default_time_zone())
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        since = int((month - timedelta(days=1)).replace(day=1).timestamp())
        booked = [*archive.booked(since, commodity="electricity"), *archive.booked(since, commodity="water")]
        # The worth of gas may be another one each day.
        booked += archive.booked(None if self.settings.factors.factors else since, commodity="gas")
        return archive.marks(), booked, archive.numbers(devices)

    def begin_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that has to be over before the end, such as adding entities."""
        task = self.hass.async_create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def async_quiet(self) -> None:
        """Tell nobody of the totals any more, so that nothing new begins.

        Entities that were added while the others are taken away would stay, and show these totals for ever.
        """
        self._watchers.clear()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def async_stop(self) -> None:
        """Write what there is and close the archive."""
        self.survey()
        if self.consumption.ready and self._prices_change():
            self.consumption.split()
        for leave in self._leave:
            leave()
        self._leave.clear()
        await self._async_close()
        await self.bill.async_stop()
        await self.late.async_flush()
        self.late.close()
        self._issue.close()

    async def _async_close(self, _event: Event[Any] | None = None) -> None:
        """Write what there is; nothing is taken any more."""
        if self._pump is not None:
            self._pump()
            self._pump = None
        self.consumption.settle()
        # What a long gap closed beyond that is worked out anew from where the archive is.
        self._hand_on(_LIMIT // 2)
        self.consumption.ready = False
        left = await self.hass.async_add_executor_job(self.writer.stop, _STOP)
        if left:
            LOGGER.warning(
                "The archive did not take %s rows; consumption is made up for from the meters, samples are lost",
                len(left),
            )

    def _devices(self) -> dict[str, Device]:
        """Return the devices of all gateways that the catalogue knows."""
        catalog = self.hass.data[DATA_CATALOG]
        found: dict[str, Device] = {}
        for entry in self.hass.config_entries.async_entries(DOMAIN):
            if entry.data.get(CONF_KIND) == KIND_GATEWAY:
                for config in configs_of(entry):
                    if config.model in catalog.models:
                        found[config.id] = resolve(catalog, config)
        return found

    @callback
    def survey(self) -> None:
        """Look what the devices count for now, and which there are."""
        devices = self._devices()
        places = {key: place_of(device) for key, device in devices.items() if device.keys}
        if not self.consumption.survey(places):
            return
        self._schedule()
        if self.consumption.ready:
            task = self._async_number(sorted(devices))
            self.entry.async_create_background_task(self.hass, task, "numbers of devices")

    async def _async_number(self, devices: list[str]) -> None:
        """Give new devices their numbers."""
        try:
            self._numbers = await self.async_ask(lambda archive: archive.numbers(devices))
        except HomeAssistantError as err:
            LOGGER.debug("New devices have no numbers yet: %s", err)

    def site(self) -> Site:
        """Return what the site consists of."""
        return site_of(self.hass, self.entry, self._devices(), self._numbers)

    @callback
    def take(self, device: str, quantity: str, reading: Reading) -> None:
        """Take what a reading of a counter meant."""
        self.consumption.take(device, quantity, reading)
        self._schedule()

    @callback
    def sample(self, device: str, at: float, values: Mapping[str, Value | None]) -> None:
        """Take what a device measured."""
        self.consumption.sample(device, at, values)
        self._schedule()

    @callback
    def watch(self, watcher: Callable[[], None]) -> CALLBACK_TYPE:
        """Call ``watcher`` whenever the totals are new. Returns the way out."""
        self._watchers.append(watcher)

        @callback
        def leave() -> None:
            """Watch no more."""
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return leave

    @callback
    def _schedule(self) -> None:
        """Hand on what there is in a moment: devices are polled one after the other, and one write serves them all."""
        if self._pump is None and self.consumption.waiting:
            self._pump = async_call_later(self.hass, _WRITE_AFTER, self._async_pump)

    async def _async_pump(self, _now: datetime) -> None:
        """Hand on what there is; what a long gap closed some at a time, and no more than the archive takes."""
        self._pump = None
        async with self._pumping:
            while self.consumption.waiting and self._room():
                self._hand_on()
                await asyncio.sleep(0)
        self._schedule()

    def _room(self) -> bool:
        """Tell whether the writer can take more; while the archive is away it keeps what it can."""
        status = self.writer.status
        return status.error is not None or status.queued < _LIMIT // 2

    @callback
    def _hand_on(self, most: int = _TAKE) -> None:
        """Hand up to so many rows to the writer."""
        intervals, samples = self.consumption.rows(most)
        self.writer.put(intervals, samples)
        self.hass.data[DATA_NEWS].handed_on([row.start for row in intervals])
        self.tables.note(row.start for row in intervals)
        self.tables.note(row.start for row in samples)
        self.duties.note(row.start for row in intervals if row.rate or row.parts)
        self._move_late()

    def _move_late(self) -> None:
        """Pass on what belongs to past hours of Home Assistant's statistics."""
        registry = er.async_get(self.hass)
        totals: dict[tuple[str, int, int], int] = {}
        for late in self.consumption.take_late():
            hour = int(late.at) // 3600 * 3600
            entity = registry.async_get_entity_id("sensor", DOMAIN, f"{late.device}_{late.quantity}")
            if entity is not None:
                self.late.add(entity, late.hour, late.amount, jump_hour=hour)
            tick = (int(late.at) - TICK_SECOND) // 60 * 60 + 60 + TICK_SECOND
            for key, weight in late.keys.items():
                place = (key, late.hour, tick // 3600 * 3600)
                totals[place] = totals.get(place, 0) + late.amount * weight
        for (key, hour, jump), amount in totals.items():
            entity = registry.async_get_entity_id("sensor", DOMAIN, total_id(self.entry, key))
            if entity is not None:
                self.late.add(entity, hour, amount // UNIT, jump_hour=jump)

    @callback
    def _tick(self, _now: datetime) -> None:
        """Show the totals."""
        if self.consumption.ready:
            self.renew()
            self.duties.due(time())

    @callback
    def renew(self) -> None:
        """Hand on what is closed, and show the totals."""
        self._hand_on()
        self._show()

    @callback
    def _show(self) -> None:
        """Renew the totals and costs, and tell."""
        self.figures = self.consumption.figures(time())
        self.costs = self.consumption.costs_now(time())
        for watcher in self._watchers:
            watcher()
        async_dispatcher_send(self.hass, SIGNAL_COSTS)

    @callback
    def _take_prices(self) -> None:
        """Go on with prices that may be others: a condition began or ended."""
        self.consumption.costs.prices = self.bill.prices

    @callback
    def _note_alarm(self, entry: Entry) -> None:
        """Put an entry of the journal into the archive."""
        self.writer.put(alarms=[alarm_row(entry)])

    @callback
    def _tables_due(self, _now: datetime) -> None:
        """Let the CSV folders follow."""
        if self.settings.csv and self.tables.due():
            self.entry.async_create_background_task(self.hass, self.tables.async_follow(), "CSV folders of the site")

    @callback
    def _retain_due(self, _now: datetime) -> None:
        """Delete once a day what is older than it has to be; not while a backup or a move reads the archive."""
        before = self.settings.before(time())
        if before and not self.writer.paused:
            task = self._async_retain(before)
            self.entry.async_create_background_task(self.hass, task, "old rows of the archive")

    async def _async_retain(self, before: Mapping[Any, int]) -> None:
        """Delete what begins before a time, by kind."""
        try:
            gone = await self.async_ask(lambda archive: archive.retain(before))
        except HomeAssistantError as err:
            LOGGER.warning("Old rows of the archive could not be deleted: %s", err)
        else:
            LOGGER.debug("Deleted from the archive: %s", gone)

    @callback
    def _zone_may_change(self, _event: Event[Any]) -> None:
        """Begin anew in another time zone, or with another currency."""
        if self.hass.config.time_zone != self.zone or self._prices_change():
            self.hass.config_entries.async_schedule_reload(self.entry.entry_id)

    def _status_from_thread(self, status: WriterStatus) -> None:
        """Take how writing goes, from the writer's thread."""
        if not self.hass.loop.is_closed():
            self.hass.loop.call_soon_threadsafe(self._take_status, status)

    @callback
    def _take_status(self, status: WriterStatus) -> None:
        """Pass on how writing goes."""
        self._issue.take(status)
        self.hass.data[DATA_NEWS].written(status)


async def async_start_history(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Begin the history of the site. Raises ``ConfigEntryError`` where its tariffs contradict themselves."""
    site_id = await instance_id.async_get(hass)
    try:
        history = entry.runtime_data = hass.data[DATA_HISTORY] = History(hass, entry, site_id=site_id)
    except ValueError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="billing_contradicts",
            translation_placeholders={"error": str(err)},
        ) from err
    history.start()
    site_changed(hass)


async def async_stop_history(hass: HomeAssistant) -> None:
    """End it: all that is known is written."""
    history = hass.data.pop(DATA_HISTORY)
    async_dispatcher_send(hass, SIGNAL_COSTS)
    site_changed(hass)
    await history.async_stop()


@callback
def survey(hass: HomeAssistant) -> None:
    """Let the history look at the devices, if there is one."""
    site_changed(hass)
    if (history := hass.data.get(DATA_HISTORY)) is not None:
        history.survey()


def total_id(entry: ConfigEntry, key: str, measure: str = "total") -> str:
    """Return what identifies the entity of a total."""
    return f"{entry.entry_id}_{measure}_{key}"


def find_history(hass: HomeAssistant) -> History:
    """Return the history of the site.

    Raises ``ServiceValidationError`` where there is no installation that keeps one.
    """
    history = hass.data.get(DATA_HISTORY)
    if history is None:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_installation")
    return history


def _is_cancelled() -> bool:
    """Tell whether it is the caller that is to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _unavailable(err: Exception) -> HomeAssistantError:
    """Return what tells people that the archive does not answer."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="archive_unavailable",
        translation_placeholders={"error": describe(err)},
    )


def _costs(archive: Archive, now: int) -> tuple[list[CostSum], list[ChargeRow]]:
    """Ask what everything cost so far. Blocking."""
    return archive.cost_sums(now), archive.charges(0, now + 86400)
