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
