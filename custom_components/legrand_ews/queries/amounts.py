"""Answers to questions about the history, as dashboards and other programs get them.

Owns the shape of the answers about the site, amounts and samples; how bars are asked for is in ``questions``, what they
cost in ``costs``, what gas is worth in ``equivalents``. Everything here blocks while the archive is read. Amounts are
Wh and dm3, times POSIX seconds.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from ..catalog import QUANTITIES
from ..consumption import GasFactors
from .equivalents import add_equivalents
from .periods import Calendar, Window
from .questions import EVER, Question, add_up, from_to, limit, names_of, unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ..archive import Archive, ConsumptionRow, Period, SampleRow
    from ..archive.site import Site
    from .questions import Answer, Asked, Meter, Side

type Amounts = dict[Meter, dict[int, tuple[int, int]]]
"""Amount and estimated amount by line and bar."""

STEPS: Final = (None, 900, 3600, 86400)

_STEP_BARS: Final[dict[int, Period]] = {3600: "hour", 86400: "day"}


def describe_site(site: Site, *, period: int, zone: str, currency: str, ends: tuple[int | None, int | None]) -> Answer:
    """Return what the site consists of. ``period``: sample rate, s; ``ends``: those of ``known_time``."""
    return {
        "name": site.name,
        "time_zone": zone,
        "sample_rate": period,
        "currency": currency,
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
    first = next(archive.grouped("device", None, 86400, -EVER, EVER), None)
    return None if first is None else first.start, archive.info().last_interval


def consumption(archive: Archive, site: Site, asked: Asked, now: int, factors: GasFactors | None = None) -> Answer:
    """Return the bars of a window, and of the period before if that is asked for.

    ``asked``, ``now``: as ``Question.read`` takes them. ``factors``: what gas is worth, none known if None. Raises
    ServiceValidationError for what cannot be answered.
    """
    question = Question.read(archive, site, asked, now)
    found = [read_amounts(archive, question, side) for side in question.sides]
    answer = tell_amounts(question, found)
    add_equivalents(archive, question, found, factors or GasFactors(), answer["series"])
    return answer


def read_amounts(
    archive: Archive, question: Question, side: Side, quantities: Collection[str] | None = None
) -> Amounts:
    """Return what the archive has of a window. ``quantities``: only these, all if None."""
    rows: Iterable[ConsumptionRow] = chain.from_iterable(
        archive.consumption(
            question.scope, question.keys, period, window.start, window.end, group=question.group, whole=whole
        )
        for window, period, whole in question.pieces(side)
    )
    found: Amounts = {}
    for row in rows:
        if quantities is None or row.quantity in quantities:
            line = found.setdefault((row.key, row.quantity, row.commodity), {})
            bar = side.bar(row.start)
            before = line.get(bar, (0, 0))
            line[bar] = before[0] + row.amount, before[1] + row.estimated
    return found


def tell_amounts(question: Question, found: Iterable[Amounts]) -> Answer:
    """Return an answer with the amounts of each side."""
    sides = list(zip(question.sides, found, strict=True))
    series = []
    for meter in sorted({meter for _, rows in sides for meter in rows}, key=question.rank):
        told = question.title(meter)
        for side, rows in sides:
            told |= _amounts(side, rows.get(meter, {}))
        series.append(told)
    return question.head() | {"series": series}


def samples(archive: Archive, site: Site, asked: Asked) -> Answer:
    """Return average, minimum and maximum of what a device measured, from start to end.

    ``asked``: device, quantities, start, end, step. Raises ServiceValidationError for what cannot be answered.
    """
    calendar = Calendar(archive.zone)
    device, quantities, step = asked["device"], asked.get("quantities"), asked.get("step")
    if device not in names_of(site, "device") and device not in archive.devices():
        raise unknown([device])
    window = _whole_steps(calendar, from_to(calendar, asked), step)
    rows = _few(archive.samples(device, quantities, window.start, window.end, step))
    names = sorted({name for row in rows for name in row.values})
    if missing := [name for name in quantities or () if name not in names and name not in QUANTITIES]:
        raise unknown(missing)
    return {
        "time_zone": archive.zone,
        "start": window.start,
        "end": window.end,
        "starts": [row.start for row in rows],
        "seconds": [row.seconds for row in rows],
        "quantities": {name: _columns(rows, name) for name in names},
    }


def _whole_steps(calendar: Calendar, window: Window, step: int | None) -> Window:
    """Return the window with its first and last step as a whole."""
    if step is None:
        return window
    if step in _STEP_BARS:
        return calendar.cover(window, _STEP_BARS[step])
    return Window(start=window.start // step * step, end=-(-window.end // step) * step)


def _amounts(side: Side, rows: Mapping[int, tuple[int, int]]) -> Answer:
    """Return the amounts of a line bar by bar and their sums; None where nothing is known."""
    found = side.laid(rows)
    amounts, estimated = ([None if one is None else one[part] for one in found] for part in (0, 1))
    return {
        f"{side.prefix}amounts": amounts,
        f"{side.prefix}estimated": estimated,
        f"{side.prefix}sum": add_up(amounts),
        f"{side.prefix}estimated_sum": add_up(estimated),
    }


def _few(rows: Iterator[SampleRow]) -> list[SampleRow]:
    """Read samples until it is clear that they are too many."""
    found: list[SampleRow] = []
    values = 0
    for row in rows:
        if row.values:
            found.append(row)
            values += 3 * len(row.values)
            limit(values)
    return found


def _columns(rows: Iterable[SampleRow], name: str) -> Answer:
    """Return what was measured of a quantity, sample by sample; None where nothing was."""
    found = [row.values.get(name) for row in rows]
    parts = ("average", "minimum", "maximum")
    columns = {part: [None if one is None else one[at] for one in found] for at, part in enumerate(parts)}
    return {"unit": QUANTITIES[name].unit if name in QUANTITIES else None, **columns}
