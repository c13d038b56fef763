"""Answers to questions about the history, as dashboards and other programs get them.

Owns the shape of the answers and their limits; knows neither who asks nor how the archive is reached. Everything here
blocks while the archive is read. Amounts are Wh and dm3, times POSIX seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from homeassistant.exceptions import ServiceValidationError

from .archive.rows import CONSUMED
from .catalog import QUANTITIES
from .const import DOMAIN
from .periods import BARS, Calendar, Window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from .archive import Archive, ConsumptionRow, Period, SampleRow, Scope
    from .archive.site import Site

type Asked = Mapping[str, Any]
"""The fields of a question."""
type Answer = dict[str, Any]
type _Line = tuple[str | None, str, str]
"""Key, quantity and commodity: what has amounts of its own."""
type _Found = dict[_Line, dict[int, tuple[int, int]]]
"""Amount and estimated amount by line and start."""

MOST_VALUES: Final = 200_000
"""Of an answer."""
SPANS: Final = tuple(BARS)
STEPS: Final = (None, 900, 3600, 86400)
UNITS: Final = {"electricity": "Wh", "gas": "L", "water": "L"}

_EVER: Final = 2**40
_STEP_BARS: Final[dict[int, Period]] = {3600: "hour", 86400: "day"}


def describe_site(site: Site, *, period: int, zone: str, ends: tuple[int | None, int | None]) -> Answer:
    """Return what the site consists of. ``period``: sample rate, s; ``ends``: those of ``known_time``."""
    return {
        "name": site.name,
        "time_zone": zone,
        "sample_rate": period,
        "since": ends[0],
        "until": ends[1],
        "devices": [
            {
                "id": one.id,
                "number": one.number,
                "name": one.name,
                "gateway": one.gateway,
                "address": one.address,
                "model": one.model,
                "commodity": one.commodity,
                "load": one.load,
                "groups": list(one.groups),
                "counted": one.counted,
            }
            for one in site.devices
        ],
        "loads": dict(site.loads),
        "groups": dict(site.groups),
    }


def known_time(archive: Archive) -> tuple[int | None, int | None]:
    """Return the start of the first day of which consumption is known, and the end of the last interval."""
    first = next(archive.grouped("device", None, 86400, -_EVER, _EVER), None)
    return None if first is None else first.start, archive.info().last_interval


def consumption(archive: Archive, site: Site, asked: Asked, now: int) -> Answer:
    """Return the bars of a window, and of the period before if that is asked for.

    ``asked``: scope, keys, group, period, start and end or span and date, previous. ``now``: the date, if there is
    none. Raises ServiceValidationError for what cannot be answered.
    """
    return _consumption(archive, site, asked, now)


def compare(archive: Archive, site: Site, asked: Asked, now: int) -> Answer:
    """Return the bars of two devices, loads or groups, and by how much the first consumed more (manual 8.2.2.3).

    ``asked``: as for ``consumption``, with two keys. If they have no commodity in common, ``comparable_by`` is "cost"
    and there is no difference.
    """
    answer = _consumption(archive, site, asked, now, quantities=CONSUMED)
    series = answer["series"]
    kinds = [_commodities(site, asked, key, series) for key in asked["keys"]]
    comparable = not all(kinds) or bool(kinds[0] & kinds[1])
    answer["comparable_by"] = "amount" if comparable else "cost"
    answer["differences"] = _differences(asked["keys"], series, len(answer["bars"])) if comparable else []
    return answer


def samples(archive: Archive, site: Site, asked: Asked) -> Answer:
    """Return average, minimum and maximum of what a device measured, from start to end.

    ``asked``: device, quantities, start, end, step. Raises ServiceValidationError for what cannot be answered.
    """
    calendar = Calendar(archive.zone)
    device, quantities, step = asked["device"], asked.get("quantities"), asked.get("step")
    if device not in _names(site, "device") and device not in archive.devices():
        raise _unknown([device])
    window = _whole_steps(calendar, _from_to(calendar, asked), step)
    rows = _few(archive.samples(device, quantities, window.start, window.end, step))
    names = sorted({name for row in rows for name in row.values})
    if missing := [name for name in quantities or () if name not in names and name not in QUANTITIES]:
        raise _unknown(missing)
    return {
        "time_zone": archive.zone,
        "start": window.start,
        "end": window.end,
        "starts": [row.start for row in rows],
        "seconds": [row.seconds for row in rows],
        "quantities": {name: _columns(rows, name) for name in names},
    }


def _consumption(
    archive: Archive, site: Site, asked: Asked, now: int, *, quantities: Collection[str] | None = None
) -> Answer:
    """Return the bars of a window; ``quantities``: only these, all if None."""
    calendar = Calendar(archive.zone)
    window, period = _window(calendar, asked, now)
    previous = calendar.before(window) if asked["previous"] else None
    names = _names(site, asked["scope"])
    keys = asked.get("keys")
    lists = max(1, len(names if keys is None else keys)) * (1 if previous is None else 2)
    _limit(window.about(period) * lists)
    _check_keys(archive, site, asked)
    pairs = calendar.pairs(window, period) if previous else [(bar, None) for bar in calendar.bars(window, period)]
    sides = [("", window, [pair[0] for pair in pairs])]
    if previous is not None:
        sides.append(("previous_", previous, [pair[1] for pair in pairs]))
    found = [_ask(archive, asked, period, of, bars, quantities) for _, of, bars in sides]
    order: list[str | None] = list(names if keys is None else keys)
    lines = sorted({line for rows in found for line in rows}, key=partial(_rank, order))
    series: list[Answer] = [
        {"key": key, "name": names.get(key), "quantity": quantity, "commodity": commodity, "unit": UNITS[commodity]}
        for key, quantity, commodity in lines
    ]
    answer: Answer = {"time_zone": archive.zone, "scope": asked["scope"], "period": period}
    for (prefix, of, bars), rows in zip(sides, found, strict=True):
        answer |= {f"{prefix}start": of.start, f"{prefix}end": of.end, f"{prefix}bars": bars}
        for line, told in zip(lines, series, strict=True):
            told.update(_amounts(prefix, rows.get(line, {}), bars))
    return answer | {"series": series}


def _window(calendar: Calendar, asked: Asked, now: int) -> tuple[Window, Period]:
    """Return the time that is asked for, in whole bars, and how long these are."""
    span, period = asked.get("span"), asked.get("period")
    if span is None:
        if period is None or "date" in asked:
            raise _which_time()
        return calendar.cover(_from_to(calendar, asked), period), period
    if "start" in asked or "end" in asked:
        raise _which_time()
    at = _instant(calendar, asked["date"]) if "date" in asked else now
    period = period or BARS[span]
    return calendar.cover(calendar.span(span, at), period), period


def _from_to(calendar: Calendar, asked: Asked) -> Window:
    """Return the time from start to end."""
    if "start" not in asked or "end" not in asked:
        raise _which_time()
    window = Window(start=_instant(calendar, asked["start"]), end=_instant(calendar, asked["end"]))
    if window.end <= window.start:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="end_before_start",
            translation_placeholders={"start": asked["start"], "end": asked["end"]},
        )
    return window


def _instant(calendar: Calendar, text: str) -> int:
    """Return the time that a date or datetime means."""
    try:
        return calendar.instant(text)
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="bad_date", translation_placeholders={"date": text}
        ) from err


def _whole_steps(calendar: Calendar, window: Window, step: int | None) -> Window:
    """Return the window with its first and last step as a whole."""
    if step is None:
        return window
    if step in _STEP_BARS:
        return calendar.cover(window, _STEP_BARS[step])
    return Window(start=window.start // step * step, end=-(-window.end // step) * step)


def _names(site: Site, scope: Scope) -> Mapping[str | None, str]:
    """Return the names of what the site has of a scope."""
    found: dict[Scope, Mapping[Any, str]] = {
        "device": {one.id: one.name for one in site.devices},
        "load": site.loads,
        "group": site.groups,
        "total": {},
    }
    return found[scope]


def _check_keys(archive: Archive, site: Site, asked: Asked) -> None:
    """Raise for keys that neither the site has nor the archive: what was deleted is still in there."""
    wanted: list[tuple[Scope, set[str | None]]] = [(asked["scope"], set(asked.get("keys") or ()))]
    if asked.get("group") is not None:
        wanted.append(("group", {asked["group"]}))
    for scope, keys in wanted:
        unknown = keys - set(_names(site, scope)) - ({None} if scope == "load" else set())
        if unknown and scope != "total":
            unknown -= {row.key for row in archive.consumption(scope, unknown, "year", -_EVER, _EVER)}
        if unknown:
            raise _unknown(sorted(map(str, unknown)))


def _ask(
    archive: Archive,
    asked: Asked,
    period: Period,
    window: Window,
    bars: Iterable[int | None],
    quantities: Collection[str] | None,
) -> _Found:
    """Return what the archive has of a window, by bar.

    What was summed up in an earlier time zone, and cannot be any more in this one, is in the bar in which it begins.
    """
    starts = sorted(bar for bar in bars if bar is not None)
    found: _Found = {}
    rows: Iterable[ConsumptionRow] = archive.consumption(
        asked["scope"], asked.get("keys"), period, window.start, window.end, group=asked.get("group")
    )
    for row in rows:
        if quantities is None or row.quantity in quantities:
            line = found.setdefault((row.key, row.quantity, row.commodity), {})
            bar = starts[bisect_right(starts, row.start) - 1]
            before = line.get(bar, (0, 0))
            line[bar] = before[0] + row.amount, before[1] + row.estimated
    return found


def _rank(order: Sequence[str | None], line: _Line) -> tuple[int, str, str, str]:
    """Return where a line comes: as asked for or as the site has it, what was deleted last."""
    key, quantity, commodity = line
    return order.index(key) if key in order else len(order), key or "", commodity, quantity


def _amounts(prefix: str, rows: Mapping[int, tuple[int, int]], bars: Sequence[int | None]) -> Answer:
    """Return the amounts of a line bar by bar and their sums; None where nothing is known."""
    found = [None if bar is None else rows.get(bar) for bar in bars]
    amounts, estimated = ([None if one is None else one[part] for one in found] for part in (0, 1))
    return {
        f"{prefix}amounts": amounts,
        f"{prefix}estimated": estimated,
        f"{prefix}sum": _sum(amounts),
        f"{prefix}estimated_sum": _sum(estimated),
    }


def _sum(values: Iterable[int | None]) -> int | None:
    """Add up what is known; None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _commodities(site: Site, asked: Asked, key: str, series: Iterable[Answer]) -> set[str]:
    """Return what a device, load or group consumes, as far as that is known."""
    found = {one["commodity"] for one in series if one["key"] == key}
    if asked["scope"] == "device":
        found |= {one.commodity for one in site.devices if one.id == key and one.commodity is not None}
    return found


def _differences(keys: Sequence[str], series: Iterable[Answer], bars: int) -> list[Answer]:
    """Return by how much the first one consumed more, of each commodity that at least one of them has."""
    lines = {(one["key"], one["commodity"], one["quantity"]): one for one in series}
    nothing: Answer = {"amounts": [None] * bars, "sum": None}
    answers = []
    for commodity, quantity in sorted({line[1:] for line in lines}):
        one, other = (lines.get((key, commodity, quantity), nothing) for key in keys)
        answers.append(
            {
                "commodity": commodity,
                "quantity": quantity,
                "unit": UNITS[commodity],
                "amounts": [_difference(*pair) for pair in zip(one["amounts"], other["amounts"], strict=True)],
                "sum": _difference(one["sum"], other["sum"]),
            }
        )
    return answers


def _difference(one: int | None, other: int | None) -> int | None:
    """Return a difference; None if either is not known."""
    return None if one is None or other is None else one - other


def _few(rows: Iterator[SampleRow]) -> list[SampleRow]:
    """Read samples until it is clear that they are too many."""
    found: list[SampleRow] = []
    values = 0
    for row in rows:
        if row.values:
            found.append(row)
            values += 3 * len(row.values)
            _limit(values)
    return found


def _columns(rows: Iterable[SampleRow], name: str) -> Answer:
    """Return what was measured of a quantity, sample by sample; None where nothing was."""
    found = [row.values.get(name) for row in rows]
    parts = ("average", "minimum", "maximum")
    columns = {part: [None if one is None else one[at] for one in found] for at, part in enumerate(parts)}
    return {"unit": QUANTITIES[name].unit if name in QUANTITIES else None, **columns}


def _limit(values: int) -> None:
    """Raise if an answer is too long."""
    if values > MOST_VALUES:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_many_values",
            translation_placeholders={"most": str(MOST_VALUES)},
        )


def _unknown(keys: Iterable[str]) -> ServiceValidationError:
    """Return the error for keys that nothing has."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="unknown_keys",
        translation_placeholders={"keys": ", ".join(keys)},
    )


def _which_time() -> ServiceValidationError:
    """Return the error for a time that is not said, or said twice."""
    return ServiceValidationError(translation_domain=DOMAIN, translation_key="which_time")
