"""A week of tariffs as text, for a form. Owns the picture; knows no language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .timetable import DAY, EPOCH_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from .plan import CostPlan

_HOUR: Final = 3600
_LONGEST: Final = 7
"""Letters of a day's name, so that the picture is at most 32 wide."""
_HEAD: Final = "".join(str(hour).ljust(6) for hour in range(0, 24, 6)).rstrip()


def week_picture(plan: CostPlan, first_day: date, letters: Mapping[str, str], day_names: Sequence[str]) -> str:
    """Return eight lines: the hours 0, 6, 12 and 18, and seven days from a local one on, a character an hour.

    ``letters``: by tariff. ``day_names``: from Monday on. "." has no tariff, "/" more than one, and a blank is an hour
    that is not there. An hour that is there twice is both.
    """
    hours = _hours(plan, first_day)
    width = min(_LONGEST, max(len(name) for name in day_names)) + 1
    lines = [" " * width + _HEAD]
    for number in range(7):
        name = day_names[(first_day.weekday() + number) % 7][:_LONGEST]
        cells = (hours.get(number * 24 + hour, set()) for hour in range(24))
        lines.append(name.ljust(width) + "".join(_letter(cell, letters) for cell in cells))
    return "\n".join(lines)


def _hours(plan: CostPlan, first_day: date) -> dict[int, set[str | None]]:
    """Return the tariffs of the hours of the wall clock, numbered from the first midnight on."""
    midnight = (first_day.toordinal() - EPOCH_DAY) * DAY
    hours: dict[int, set[str | None]] = {}
    # No zone is a day off.
    for one in plan.timetable.walk(midnight - DAY, midnight + 8 * DAY):
        tariff = None if one.rule < 0 else plan.rules[one.rule].tariff_id
        begin, end = one.start + one.offset - midnight, one.end + one.offset - midnight
        for hour in range(begin // _HOUR, (end - 1) // _HOUR + 1):
            hours.setdefault(hour, set()).add(tariff)
    return hours


def _letter(tariffs: set[str | None], letters: Mapping[str, str]) -> str:
    """Return the character of an hour."""
    if len(tariffs) > 1:
        return "/"
    return "".join("." if one is None else letters.get(one, "?") for one in tariffs) or " "
