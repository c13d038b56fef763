"""Who shows the history is told what is new, together, and once it can be asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.legrand_ews.archive import WriterStatus
from custom_components.legrand_ews.news import DATA_NEWS, News, site_changed

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant


class Follower:
    """What was told, in turn."""

    def __init__(self, news: News) -> None:
        self.told: list[tuple[int | None, int]] = []
        self._news = news
        self.leave = news.follow(self._hear)

    def _hear(self) -> None:
        self.told.append((self._news.since, self._news.revision))


@pytest.fixture
def news(hass: HomeAssistant) -> News:
    return News(hass)


def status(last_write: float, queued: int = 0) -> WriterStatus:
    return WriterStatus(queued=queued, last_write=last_write)


def wait(hass: HomeAssistant, seconds: float) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))


async def test_what_was_written_is_told_once_with_its_earliest_start(hass: HomeAssistant, news: News) -> None:
    follower = Follower(news)
    news.handed_on([600, 1200])
    news.written(status(1.0))
    news.handed_on([900])
    news.written(status(2.0))
    assert follower.told == []
    wait(hass, 6)
    assert follower.told == [(600, 0)]
    news.written(status(3.0))
    wait(hass, 12)
    assert follower.told == [(600, 0)]
    follower.leave()


async def test_what_waits_for_the_archive_is_not_told(hass: HomeAssistant, news: News) -> None:
    follower = Follower(news)
    news.written(status(1.0))
    news.handed_on([600])
    news.written(status(1.0, queued=1))
    wait(hass, 6)
    assert follower.told == []
    news.written(status(2.0, queued=1))
    wait(hass, 12)
    assert follower.told == [(600, 0)]
    # The rest of it was not written yet: it is told again.
    news.written(status(3.0))
    wait(hass, 18)
    assert follower.told == [(600, 0), (600, 0)]
    follower.leave()


async def test_a_changed_site_is_told(hass: HomeAssistant, news: News) -> None:
    site_changed(hass)
    hass.data[DATA_NEWS] = news
    follower = Follower(news)
    site_changed(hass)
    site_changed(hass)
    wait(hass, 6)
    assert follower.told == [(None, 2)]
    follower.leave()


async def test_who_has_left_is_not_told_and_nothing_is_gathered(hass: HomeAssistant, news: News) -> None:
    follower = Follower(news)
    news.handed_on([600])
    news.written(status(1.0))
    follower.leave()
    wait(hass, 6)
    assert follower.told == []
    news.handed_on([1200])
    news.written(status(2.0))
    assert news.since is None
    later = Follower(news)
    news.handed_on([1800])
    news.written(status(3.0))
    wait(hass, 12)
    assert later.told == [(1800, 0)]
    later.leave()
