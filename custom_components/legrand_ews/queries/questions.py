"""Questions for bars: which time, of what, and whether that can be answered.

Owns how a question is read, its limits and its errors, and the part of the answer that says what was taken. Knows
neither what the bars are of nor who asks. Reading a question blocks: what was deleted is looked for in the archive.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN
from .periods import BARS, Calendar, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from ..archive import Archive, Period, Scope
    from ..archive.site import Site
    from .periods import Span

type Asked = Mapping[str, Any]
"""The fields of a question."""
type Answer = dict[str, Any]
type Meter = tuple[str | None, str, str]
"""Key, quantity and commodity: what cannot be added up is apart."""

EVER: Final = 2**40
MOST_VALUES: Final = 200_000
"""Of an answer."""
SPANS: Final = tuple(BARS)
WHOLE: Final = "whole"
"""In place of a length of bars: a window is one bar."""
UNITS: Final = {"electricity": "Wh", "gas": "L", "water": "L"}
"""Of amounts."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """A window with its bars, one of two that stand side by side."""

    prefix: str
    """Of its fields in the answer."""
    window: Window
    bars: Sequence[int | None]
    """None: only the other side has such a bar."""

    @cached_property
    def _starts(self) -> list[int]:
        """Return where its own bars begin."""
        return sorted(bar for bar in self.bars if bar is not None)

    @property
    def spans(self) -> list[Window]:
        """Return its own bars, from where each begins to where the next one does."""
        ends = [*self._starts[1:], self.window.end]
        return [Window(start=start, end=end) for start, end in zip(self._starts, ends, strict=True)]

    def bar(self, start: int) -> int:
        """Return the bar that a time is in.

        What was summed up in an earlier time zone, and cannot be any more in this one, is in the bar in which it
        begins.
        """
        return self._starts[bisect_right(self._starts, start) - 1]

    def laid[T](self, values: Mapping[int, T]) -> list[T | None]:
        """Return values bar by bar; None where nothing is known."""
        return [None if bar is None else values.get(bar) for bar in self.bars]


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question for bars that can be answered."""

    zone: str
    scope: Scope
    keys: Sequence[str | None] | None
    """None: all."""
    group: str | None
    period: Period | Literal["whole"]
    sides: tuple[Side, ...]
    """The window and, if that is asked for, the period before."""
    names: Mapping[str | None, str]
    """Of what the site has."""

    @classmethod
    def read(cls, archive: Archive, site: Site, asked: Asked, now: int) -> Self:
        """Return what is asked for.

        ``asked``: scope, keys, group, period, start and end or span and date, previous. ``now``: the date, if there
        is none. Raises ServiceValidationError for what cannot be answered.
        """
        calendar = Calendar(archive.zone)
        window, period = _window(calendar, asked, now)
        whole = asked.get("period") == WHOLE
        previous = calendar.before(window) if asked["previous"] else None
        names, keys = names_of(site, asked["scope"]), asked.get("keys")
        sides = 1 if previous is None else 2
        limit((2 if whole else window.about(period)) * max(1, len(names if keys is None else keys)) * sides)
        _check_keys(archive, site, asked)
        return cls(
            zone=archive.zone,
            scope=asked["scope"],
            keys=keys,
            group=asked.get("group"),
            period=WHOLE if whole else period,
            sides=_parts(calendar, window, previous, period, asked.get("until"))
            if whole
            else _sides(calendar, window, previous, period),
            names=names,
        )

    def pieces(self, side: Side) -> Iterator[tuple[Window, Period, bool]]:
        """Yield what is to be read of a side: a time, the bars that are read of it, whether they are one together."""
        if self.period != WHOLE:
            yield side.window, self.period, False
            return
        calendar = Calendar(self.zone)
        for span in side.spans:
            yield span, calendar.unit(span), True

    def rank(self, meter: Meter) -> tuple[int, str, str, str]:
        """Return where a line comes: as asked for or as the site has it, what was deleted last."""
        key, quantity, commodity = meter
        order = list(self.names if self.keys is None else self.keys)
        return order.index(key) if key in order else len(order), key or "", commodity, quantity

    def title(self, meter: Meter) -> Answer:
        """Return what a line is of."""
        key, quantity, commodity = meter
        told = {"key": key, "name": self.names.get(key), "quantity": quantity, "commodity": commodity}
        return told | {"unit": UNITS[commodity]}

    def head(self) -> Answer:
        """Return what was taken: the part of the answer that is above the series."""
        answer: Answer = {"time_zone": self.zone, "scope": self.scope, "period": self.period}
        for side in self.sides:
            ends = {"start": side.window.start, "end": side.window.end, "bars": side.bars}
            answer |= {f"{side.prefix}{name}": value for name, value in ends.items()}
        return answer


def names_of(site: Site, scope: Scope) -> Mapping[str | None, str]:
    """Return the names of what the site has of a scope."""
    found: dict[Scope, Mapping[Any, str]] = {
        "device": {one.id: one.name for one in site.devices},
        "load": site.loads,
        "group": site.groups,
        "total": {},
    }
    return found[scope]


def from_to(calendar: Calendar, asked: Asked) -> Window:
    """Return the time from start to end. Raises ServiceValidationError if there is none."""
    if "start" not in asked or "end" not in asked:
        raise _which_time()
    window = Window(start=instant(calendar, asked["start"]), end=instant(calendar, asked["end"]))
    if window.end <= window.start:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="end_before_start",
            translation_placeholders={"start": asked["start"], "end": asked["end"]},
        )
    return window


def add_up[N: (int, Decimal)](values: Iterable[N | None]) -> N | None:
    """Add up what is known; None if nothing is."""
    known = [value for value in values if value is not None]
    return reduce(add, known) if known else None


def limit(values: int) -> None:
    """Raise ServiceValidationError if an answer is too long."""
    if values > MOST_VALUES:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_many_values",
            translation_placeholders={"most": str(MOST_VALUES)},
        )


def unknown(keys: Iterable[str]) -> ServiceValidationError:
    """Return the error for keys that nothing has."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="unknown_keys",
        translation_placeholders={"keys": ", ".join(keys)},
    )


def _window(calendar: Calendar, asked: Asked, now: int) -> tuple[Window, Period]:
    """Return the time that is asked for, in whole bars, and how long these are."""
    span: Span | None = asked.get("span")
    period: Period | Literal["whole"] | None = asked.get("period")
    if span is None:
        if period is None or "date" in asked:
            raise _which_time()
        if period == WHOLE:
            period = "day"
        return calendar.cover(from_to(calendar, asked), period), period
    if "start" in asked or "end" in asked:
        raise _which_time()
    at = instant(calendar, asked["date"]) if "date" in asked else now
    period = BARS[span] if period is None or period == WHOLE else period
    return calendar.cover(calendar.span(span, at), period), period


def _sides(calendar: Calendar, window: Window, previous: Window | None, period: Period) -> tuple[Side, ...]:
    """Return the bars of a window and of the one before, side by side."""
    if previous is None:
        return (Side(prefix="", window=window, bars=calendar.bars(window, period)),)
    pairs = calendar.pairs(window, period)
    return (
        Side(prefix="", window=window, bars=[pair[0] for pair in pairs]),
        Side(prefix="previous_", window=previous, bars=[pair[1] for pair in pairs]),
    )


def _parts(
    calendar: Calendar, window: Window, previous: Window | None, period: Period, until: int | None
) -> tuple[Side, ...]:
    """Return each side as one bar; as two where the last known bar of ``period`` ends within the window."""
    cut = None if until is None else calendar.cut(window, period, until)
    sides = [("", window, 0)] if previous is None else [("", window, 0), ("previous_", previous, 1)]
    return tuple(
        Side(prefix=prefix, window=side, bars=[side.start] if cut is None else [side.start, cut[place]])
        for prefix, side, place in sides
    )


def instant(calendar: Calendar, text: str) -> int:
    """Return the time that a date or datetime means."""
    try:
        return calendar.instant(text)
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="bad_date", translation_placeholders={"date": text}
        ) from err


def _check_keys(archive: Archive, site: Site, asked: Asked) -> None:
    """Raise for keys that neither the site has nor the archive: what was deleted is still in there."""
    wanted: list[tuple[Scope, set[str | None]]] = [(asked["scope"], set(asked.get("keys") or ()))]
    if asked.get("group") is not None:
        wanted.append(("group", {asked["group"]}))
    for scope, keys in wanted:
        strange = keys - set(names_of(site, scope)) - ({None} if scope == "load" else set())
        if strange and scope != "total":
            strange -= {row.key for row in archive.consumption(scope, strange, "year", -EVER, EVER)}
        if strange:
            raise unknown(sorted(map(str, strange)))


def _which_time() -> ServiceValidationError:
    """Return the error for a time that is not said, or said twice."""
    return ServiceValidationError(translation_domain=DOMAIN, translation_key="which_time")
