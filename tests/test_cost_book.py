"""What everything costs, against sums in fractions that know nothing of books."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import ChargeRow, CostSum, HourCost, IntervalRow, PartRow, RateRow
from custom_components.legrand_ews.bill_settings import PLANS, BillSettings
from custom_components.legrand_ews.billing import CostFigures
from custom_components.legrand_ews.consumption import Place
from custom_components.legrand_ews.cost_book import NOTHING, CostBook, device_key, entry_of, read_entry
from custom_components.legrand_ews.prices import Prices

from .test_cost_sensor import rule, tariff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from custom_components.legrand_ews.archive import Commodity, Quantity
    from custom_components.legrand_ews.archive.rows import CostSpan

PARIS: Final = ZoneInfo("Europe/Paris")
NOW: Final = datetime(2026, 3, 29, 14, 20, tzinfo=PARIS)
"""A Sunday on which the clock was set."""
HOUR: Final = 3600
DAY: Final = 86400
BEGIN: Final = int(datetime(2026, 3, 28, tzinfo=PARIS).timestamp())
PLAN_OPTIONS: Final = {
    "tariffs": [tariff("a", ("0.25", None)), tariff("b", ("0.1", None))],
    "rules": [rule("b", "02:00", "05:59"), rule("a")],
    "charges": [{"id": "rent", "name": "Rent", "per": "day", "prices": [{"amount": "1"}]}],
}
SETTINGS: Final = BillSettings.of(
    {"billing": {"currency": "EUR", "plans": dict.fromkeys(PLANS, PLAN_OPTIONS)}}, currency="EUR", zone=PARIS
)
PLAN_NAMES: Final = {"energy_import": "electricity", "energy_export": "export"}
"""The plan of a quantity; of others it is named as the commodity."""


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose a consumption is."""

    device: str
    quantity: Quantity
    commodity: Commodity
    load: str | None = None
    groups: tuple[str, ...] = ()
    counted: bool = True


OWNERS: Final = (
    Owner(device="a", quantity="energy_import", commodity="electricity", load="heating", groups=("west", "top")),
    Owner(device="a", quantity="energy_export", commodity="electricity", load="heating", groups=("west",)),
    Owner(device="b", quantity="energy_import", commodity="electricity", load="heating"),
    Owner(device="c", quantity="energy_import", commodity="electricity", load="others", groups=("top",), counted=False),
    Owner(device="c", quantity="energy_export", commodity="electricity", counted=False),
    Owner(device="d", quantity="volume", commodity="gas", groups=("west",)),
    Owner(device="e", quantity="volume", commodity="water", load="garden"),
)

prices = st.decimals(min_value=-10, max_value=10, places=8)
rates = st.none() | st.builds(
    RateRow,
    tariff=st.sampled_from("ab"),
    name=st.just("Any"),
    price=prices,
    currency=st.sampled_from(("EUR", "EUR", "EUR", "CHF")),
)
ago = st.integers(0, 3 * DAY) | st.integers(0, 800 * DAY)


@st.composite
def rows(draw: st.DrawFn) -> IntervalRow:
    """Draw an interval, which may have parts, that begins some time before now."""
    parts = draw(st.lists(st.tuples(st.integers(0, 10**7), rates), min_size=1, max_size=3))
    start, seconds = int(NOW.timestamp()) - draw(ago), draw(st.integers(3, DAY))
    step, several = seconds // len(parts), len(parts) > 1
    cut = [PartRow(start=start + number * step, amount=one[0], rate=one[1]) for number, one in enumerate(parts)]
    return IntervalRow(
        **vars(draw(st.sampled_from(OWNERS))),
        start=start,
        seconds=seconds,
        amount=sum(amount for amount, _ in parts),
        rate=None if several else parts[0][1],
        parts=tuple(cut) if several else (),
    )


def first_instant(at: float) -> int:
    """Return when a local day begins."""
    day = datetime.fromtimestamp(at, PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(day.timestamp())


charges = st.builds(
    ChargeRow,
    day=ago.map(lambda seconds: first_instant(NOW.timestamp() - seconds)),
    commodity=st.sampled_from(("electricity", "gas", "water")),
    charge=st.sampled_from(("rent", "standing")),
    name=st.just("Any"),
    cost=prices,
    currency=st.sampled_from(("EUR", "EUR", "CHF")),
)
hours = st.builds(
    lambda owner, **more: HourCost(**vars(owner), **more),
    st.sampled_from(OWNERS),
    rate=rates,
    amount=st.integers(-(10**7), 10**7),
    start=ago.map(lambda seconds: int(NOW.timestamp() - seconds) // HOUR * HOUR),
)

type Piece = tuple[str, Fraction, int]
"""An entry, money that it is to have, and when."""


def shares(
    owner: IntervalRow | HourCost | CostSum, rate: RateRow | None, amount: int
) -> Iterator[tuple[str, Fraction]]:
    """Yield what an amount is worth to whom."""
    if rate is None or rate.currency != "EUR":
        return
    money = Fraction(rate.price) * amount / 1000
    fed_back = owner.quantity == "energy_export"
    kind = "credit" if fed_back else "cost"
    yield f"{kind}/device:{owner.device}", money
    if not owner.counted:
        return
    for key in (owner.commodity, "overall"):
        yield f"{kind}/{key}", money
        yield f"bill/{key}", -money if fed_back else money
    yield f"tariff/{PLAN_NAMES.get(owner.quantity, owner.commodity)}:{rate.tariff}", money
    for group in owner.groups:
        yield f"{kind}/group:{owner.commodity}:{group}", money
    if owner.load and not fed_back:
        yield f"cost/load:{owner.commodity}:{owner.load}", money


def pieces_of(row: IntervalRow) -> list[tuple[int, RateRow | None, int]]:
    """Return start, rate and amount of what an interval is made of."""
    return [(part.start, part.rate, part.amount) for part in row.parts] or [(row.start, row.rate, row.amount)]


def of_rows(intervals: Iterable[IntervalRow]) -> list[Piece]:
    """Return what intervals come to."""
    return [
        (entry, money, start)
        for row in intervals
        for start, rate, amount in pieces_of(row)
        for entry, money in shares(row, rate, amount)
    ]


def of_charges(found: Iterable[ChargeRow], sign: int = 1) -> list[Piece]:
    """Return what fixed charges come to."""
    return [
        (f"{kind}/{key}", sign * Fraction(one.cost), one.day)
        for one in found
        if one.currency == "EUR"
        for kind in ("charges", "bill")
        for key in (one.commodity, "overall")
    ]


def of_hours(found: Iterable[HourCost]) -> list[Piece]:
    """Return what hours come to."""
    return [(entry, money, hour.start) for hour in found for entry, money in shares(hour, hour.rate, hour.amount)]


def expected(pieces: Iterable[Piece], now: datetime) -> dict[str, tuple[Fraction, ...]]:
    """Return the figures of all entries: ever, today, this month, this year."""
    found: dict[str, list[Fraction]] = defaultdict(lambda: [Fraction(0)] * 4)
    for entry, money, at in pieces:
        day = datetime.fromtimestamp(at, PARIS)
        holds = (True, day.date() == now.date(), (day.year, day.month) == (now.year, now.month), day.year == now.year)
        found[entry] = [one + money if counts else one for one, counts in zip(found[entry], holds, strict=True)]
    return {entry: tuple(sums) for entry, sums in found.items()}


def sums_of(intervals: Iterable[IntervalRow], now: datetime) -> Iterator[CostSum]:
    """Yield what an archive tells of its intervals when the book begins."""
    for row in intervals:
        for start, rate, amount in pieces_of(row):
            at, span = datetime.fromtimestamp(start, PARIS), "ever"
            if at.year == now.year:
                span = "year" if at.month != now.month else "today" if at.date() == now.date() else "month"
            owner = {field.name: getattr(row, field.name) for field in fields(Owner)}
            yield CostSum(**owner, rate=rate, amount=amount, span=cast("CostSpan", span))


def book(now: datetime = NOW) -> CostBook:
    """Return an empty book."""
    return CostBook(Prices(SETTINGS, {}), zone=PARIS, now=now.timestamp())


def exact(figures: CostFigures) -> tuple[Fraction, ...]:
    """Return figures as fractions."""
    return tuple(Fraction(one) for one in (figures.total, figures.today, figures.this_month, figures.this_year))


@given(
    archived=st.lists(rows(), max_size=6),
    booked=st.lists(rows(), max_size=6),
    opened=st.lists(rows(), max_size=3),
    known=st.lists(charges, max_size=4),
    new=st.lists(charges, max_size=4),
    changes=st.lists(hours, max_size=4),
    later=st.sampled_from((0, 7 * HOUR, 12 * HOUR, 3 * DAY, 300 * DAY)),
)
def test_figures_are_what_all_of_it_comes_to(
    archived: list[IntervalRow],
    booked: list[IntervalRow],
    opened: list[IntervalRow],
    known: list[ChargeRow],
    new: list[ChargeRow],
    changes: list[HourCost],
    later: int,
) -> None:
    site, then = book(), datetime.fromtimestamp(NOW.timestamp() + later, PARIS)
    site.begin(sums_of(archived, NOW), known, NOW.timestamp())
    for row in booked:
        site.book(row)
    site.charge(new)
    site.charge(known, back=True)
    site.correct(changes)
    pieces = [*of_rows([*archived, *booked, *opened]), *of_charges([*known, *new]), *of_charges(known, -1)]
    wanted = expected([*pieces, *of_hours(changes)], then)
    found = site.figures(then.timestamp(), opened, wanted)
    assert {entry: exact(figures) for entry, figures in found.items()} == wanted


@given(
    before=st.lists(hours, max_size=4),
    later=st.lists(hours, max_size=8),
    days=st.lists(charges, max_size=6),
    places=st.lists(st.integers(0, 60), min_size=1, max_size=12, unique=True).map(sorted),
)
def test_hours_are_sums_of_all_that_was_until_their_end(
    before: list[HourCost], later: list[HourCost], days: list[ChargeRow], places: list[int]
) -> None:
    wanted = [BEGIN + place * HOUR for place in places]
    sums = [CostSum(**{key: value for key, value in _plain(one).items() if key != "start"}) for one in before]
    inside = [HourCost(**_plain(one) | {"start": BEGIN + one.start % (60 * HOUR)}) for one in later]
    found = book().hourly(wanted, sums, inside, days)
    start = [(entry, money, 0) for entry, money, _ in of_hours(before)]
    pieces = [*start, *of_hours(inside), *of_charges(days)]
    reached = {entry for entry, _, at in pieces if at <= wanted[-1]}
    assert set(found) == reached
    for entry, totals in found.items():
        assert list(totals) == wanted
        for at, total in totals.items():
            assert total == sum(money for name, money, since in pieces if name == entry and since <= at), (entry, at)


def _plain(row: HourCost) -> dict[str, Any]:
    """Return the fields of a row."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


def interval(owner: Owner, amount: int, price: str = "0.2", *, tariff: str = "a", currency: str = "EUR") -> IntervalRow:
    """Return an interval of ten minutes that ends now."""
    rate = RateRow(tariff=tariff, name="Any", price=Decimal(price), currency=currency)
    return IntervalRow(**vars(owner), start=int(NOW.timestamp()) - 600, seconds=600, amount=amount, rate=rate)


def totals(site: CostBook, *entries: str) -> list[Decimal]:
    """Return what entries came to ever."""
    found = site.figures(NOW.timestamp(), (), entries)
    return [found[entry].total for entry in entries]


def test_what_is_fed_back_is_a_credit_and_makes_the_bill_smaller() -> None:
    site = book()
    site.book(interval(OWNERS[0], 5000, "0.25"))
    site.book(interval(OWNERS[1], 2000, "0.1"))
    assert totals(site, "cost/electricity", "credit/electricity", "bill/electricity", "bill/overall") == [
        Decimal("1.25"),
        Decimal("0.2"),
        Decimal("1.05"),
        Decimal("1.05"),
    ]
    assert totals(site, "cost/device:a", "credit/device:a", "tariff/electricity:a", "tariff/export:a") == [
        Decimal("1.25"),
        Decimal("0.2"),
        Decimal("1.25"),
        Decimal("0.2"),
    ]
    assert totals(site, "cost/group:electricity:west", "cost/load:electricity:heating") == [Decimal("1.25")] * 2


def test_an_excluded_device_has_its_own_cost_only() -> None:
    site = book()
    site.book(interval(OWNERS[3], 1000))
    site.book(interval(OWNERS[4], 1000))
    own = totals(site, "cost/device:c", "credit/device:c")
    assert own == [Decimal("0.2")] * 2
    others = ("cost/overall", "bill/overall", "credit/overall", "cost/load:electricity:others", "tariff/electricity:a")
    assert totals(site, *others) == [0] * len(others)


def test_money_of_another_currency_is_left_to_the_archive() -> None:
    site = book()
    site.book(interval(OWNERS[0], 1000, currency="CHF"))
    franc = ChargeRow(day=BEGIN, commodity="electricity", charge="rent", name="Rent", cost=Decimal(3), currency="CHF")
    site.charge([franc])
    assert totals(site, "cost/overall", "bill/overall", "charges/overall", "cost/device:a") == [0] * 4
    assert site.charged("rent") == BEGIN, "the day is paid for all the same"


def test_the_latest_day_of_each_charge_is_known() -> None:
    site = book()

    def charge(name: str, day: int) -> ChargeRow:
        """Return a charge of a day."""
        return ChargeRow(
            day=BEGIN + day * DAY, commodity="gas", charge=name, name=name, cost=Decimal(1), currency="EUR"
        )

    site.begin((), [charge("rent", 0), charge("other", -3)], NOW.timestamp())
    site.charge([charge("rent", -1)])
    assert [site.charged(name) for name in ("rent", "other", "none")] == [BEGIN, BEGIN - 3 * DAY, None]
    site.charge([charge("rent", 0)], back=True)
    assert site.charged("rent") == BEGIN
    assert totals(site, "charges/gas", "bill/overall", "charges/overall") == [2, 2, 2]


def test_a_correction_moves_money_from_one_tariff_to_another() -> None:
    site = book()
    site.book(interval(OWNERS[0], 1000, "0.2"))
    hour = int(NOW.timestamp()) // HOUR * HOUR
    old, new = (interval(OWNERS[0], 1, price, tariff=key).rate for key, price in (("a", "0.2"), ("b", "0.5")))
    site.correct(
        HourCost(**vars(OWNERS[0]), rate=rate, amount=amount, start=hour)
        for rate, amount in ((old, -1000), (new, 1000))
    )
    assert totals(site, "tariff/electricity:a", "tariff/electricity:b", "cost/overall") == [
        0,
        Decimal("0.5"),
        Decimal("0.5"),
    ]


def test_what_is_open_is_in_the_figures_but_not_in_the_book() -> None:
    site, row = book(), interval(OWNERS[0], 1000)
    entries = {"cost/overall", "cost/device:a", "never/there"}
    found = site.figures(NOW.timestamp(), [row], entries)
    assert found == {
        **dict.fromkeys(("cost/overall", "cost/device:a"), CostFigures(*[Decimal("0.2")] * 4)),
        "never/there": NOTHING,
    }
    assert site.figures(NOW.timestamp(), (), entries) == dict.fromkeys(entries, NOTHING)


def test_there_is_something_to_show_for_every_device_and_tariff_from_the_start() -> None:
    places = {
        "a": Place(commodity="electricity", load="heating", groups=("west",)),
        "c": Place(commodity="electricity", load="others", counted=False),
        "e": Place(commodity="water", load=None),
    }
    found = {read_entry(entry) for entry in book().entries(places)}
    devices = {("cost", device_key(device)) for device in "ace"}
    site = {(kind, key) for kind in ("cost", "bill") for key in ("electricity", "water", "overall")}
    site |= {("bill", "gas")}
    site |= {("charges", key) for key in ("electricity", "gas", "water", "overall")}
    site |= {("tariff", f"{plan}:{key}") for plan in PLANS for key in "ab"}
    assert found == devices | site | {("cost", "load:electricity:heating"), ("cost", "group:electricity:west")}


def test_without_tariffs_and_charges_there_is_nothing_to_show() -> None:
    plain = BillSettings.of({}, currency="EUR", zone=PARIS)
    site = CostBook(Prices(plain, {}), zone=PARIS, now=NOW.timestamp())
    assert site.entries({"a": Place(commodity="electricity", load="heating")}) == set()


def test_a_new_day_and_a_new_month_begin_at_nothing() -> None:
    site, entry = book(), entry_of("cost", "overall")
    site.book(interval(OWNERS[0], 1000))
    cost, days = Fraction(1, 5), {0: 4, 1: 3, 3: 2, 280: 1}
    for day, counting in days.items():
        figures = exact(site.figures((NOW + timedelta(days=day)).timestamp(), (), [entry])[entry])
        total, today, month, year = figures
        assert (total, year, month, today) == tuple(cost if place < counting else 0 for place in range(4)), day
