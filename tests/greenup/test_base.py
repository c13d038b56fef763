"""The base load."""

from __future__ import annotations

from random import Random

import pytest

from custom_components.legrand_ews.greenup.base import DAY, BaseLoad


def fed(levels: list[float], period: float = 10.0) -> BaseLoad:
    base = BaseLoad()
    for number, level in enumerate(levels):
        base.see(number * period, (level, 0.0, 0.0))
    return base


def test_noise_is_what_the_level_changes_until_the_next_order() -> None:
    random = Random(1)  # noqa: S311
    level, levels = 100.0, []
    for _ in range(2000):
        level += random.gauss(0, 2)
        levels.append(level)
    assert fed(levels).noise[0] == pytest.approx(2 * 1.5**0.5, rel=0.35)


def test_a_kettle_is_no_noise() -> None:
    levels = [5.0 + 9.0 * (number % 60 < 20) for number in range(600)]
    assert fed(levels).noise[0] < 1.0


def test_a_steady_level_has_no_noise() -> None:
    assert fed([7.0] * 600).noise == (0.0, 0.0, 0.0)


def test_what_was_high_lately_is_remembered_for_a_while() -> None:
    base = fed([5, 18, 5, 5])
    assert base.high[0] == 18
    base.see(500, (5, 0, 0))
    assert base.high[0] == 5


def test_the_peak_is_that_of_thirty_days() -> None:
    base = BaseLoad()
    assert base.peak is None
    base.see(0, (50, 1, 1))
    for day in range(1, 30):
        base.see(day * DAY, (20, 2, 1))
    assert base.peak == (50, 2, 1)
    base.see(30 * DAY, (20, 2, 1))
    assert base.peak == (20, 2, 1)


def test_a_level_that_falls_is_believed_when_all_cars_were_read_again() -> None:
    base = BaseLoad()
    for second in range(10):
        base.see(second, (20.0 - second, second, 0.0), 0.0)
    assert base.level == [20.0, 9.0, 0.0]
    base.see(10, (10.0, 10.0, 0.0), 8.0)
    assert base.level == [12.0, 10.0, 0.0]


def test_a_meter_that_is_read_every_second_makes_no_less_noise() -> None:
    random = Random(2)  # noqa: S311
    level, often, seldom = 100.0, BaseLoad(), BaseLoad()
    for second in range(20000):
        level += random.gauss(0, 1)
        often.see(second, (level, 0.0, 0.0))
        if second % 10 == 0:
            seldom.see(second, (level, 0.0, 0.0))
    assert often.noise[0] == pytest.approx(seldom.noise[0], rel=0.5)
