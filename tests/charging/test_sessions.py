"""Cars that come and go, against sums that know nothing of books."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import RateRow, SessionPart
from custom_components.legrand_ews.charging.sessions import Seen, SessionBook
from custom_components.legrand_ews.greenup import StationState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custom_components.legrand_ews.archive import SessionRow
    from custom_components.legrand_ews.charging.session_prices import Part

FREE, WAITING, CHARGING, DONE, FAULT, OFFLINE = StationState
BEGIN: Final = 1_789_999_200
"""A full hour, POSIX seconds."""
HOUR: Final = 3600
ODD: Final = RateRow(tariff="odd", name="Odd hours", price=Decimal("0.30"), currency="EUR")
EVEN: Final = RateRow(tariff="even", name="Even hours", price=Decimal("0.10"), currency="EUR")
THIRDS: Final = (EVEN, ODD, None)


def by_hour(start: int, end: int, amount: int) -> Sequence[Part]:
    """Price hours in turn: even, odd, not at all."""
    cuts = [start, *range(start - start % HOUR + HOUR, end, HOUR), end]
    upto = [amount * (cut - start) // (end - start) for cut in cuts]
    rates = [THIRDS[(cut - BEGIN) // HOUR % len(THIRDS)] for cut in cuts]
    return [(rate, after - before) for rate, (before, after) in zip(rates, pairwise(upto), strict=False)]


def always(rate: RateRow | None) -> Any:
    """Price everything alike."""
    return lambda _start, _end, amount: [(rate, amount)]


class Bay:
    """A station and the book of its sessions. Times are seconds after ``BEGIN``."""

    def __init__(self, price: Any = by_hour) -> None:
        self.price = price
        self.book = SessionBook(price)
        self.rows: list[SessionRow] = []

    def see(self, at: float, state: StationState, energy: float | str | None = None, **more: Any) -> None:
        level = None if energy is None else Decimal(str(energy))
        self.book.take("bay", "Bay 1", Seen(state=state, energy=level, **more), BEGIN + at)
        self.rows += self.book.take_rows()

    def restart(self, at: float) -> None:
        snapshot = json.loads(json.dumps(self.book.snapshot()))
        self.book = SessionBook(self.price)
        self.book.restore(snapshot, BEGIN + at)

    @property
    def parts(self) -> list[tuple[RateRow | None, int]]:
        return [(part.rate, part.amount) for part in self.rows[-1].parts]


def test_a_session_is_from_the_coming_of_a_car_to_its_leaving() -> None:
    bay = Bay()
    bay.see(0, FREE, 5000)
    bay.see(10, WAITING, 5000, charge=0.0)
    bay.see(20, CHARGING, 5000, charge=0.0, card="04A1")
    bay.see(620, CHARGING, 6100.5, charge=4.7, priority=True)
    bay.see(630, DONE, 6101, charge=4.78, priority=True)
    bay.see(640, FREE, 6101, charge=0.0)
    first, last = bay.rows
    assert first.id == last.id
    assert (first.start, first.end, first.energy, first.charge) == (BEGIN + 10, None, 0, 0)
    assert (last.station, last.name, last.start, last.end) == ("bay", "Bay 1", BEGIN + 10, BEGIN + 640)
    assert (last.energy, last.charge, last.card, last.priority) == (1101, 4780, "04A1", True)
    assert last.parts == (SessionPart(rate=EVEN, amount=1101),)
    assert last.breaks == ()
    assert not bay.book.open


def test_two_sessions_have_two_ids() -> None:
    bay = Bay()
    for at in (0, 10):
        bay.see(at, WAITING)
        bay.see(at + 5, FREE)
    assert len({row.id for row in bay.rows}) == 2


def test_a_station_that_does_not_answer_begins_and_ends_nothing() -> None:
    bay = Bay()
    bay.see(0, OFFLINE)
    assert not bay.rows
    bay.see(10, CHARGING, 0)
    bay.see(20, OFFLINE)
    assert bay.book.open["bay"].start == BEGIN + 10
    bay.see(7000, CHARGING, 3000)
    assert bay.book.open["bay"].energy == 3000
    assert bay.book.open["bay"].breaks == ()


def test_an_open_session_is_told_every_quarter_of_an_hour() -> None:
    bay = Bay()
    for at in range(0, 3601, 10):
        bay.see(at, CHARGING, at)
    assert [row.energy for row in bay.rows] == [0, 900, 1800, 2700, 3600]
    assert all(row.end is None for row in bay.rows)


def test_what_was_there_before_the_first_sight_is_nobodys() -> None:
    bay = Bay()
    bay.see(0, CHARGING, 8000, charge=31.0)
    bay.see(10, CHARGING, 8010, charge=31.5)
    assert bay.book.open["bay"].energy == 10
    assert bay.book.open["bay"].charge == 0.5


def test_what_a_station_counted_while_it_did_not_answer_is_not_the_next_cars() -> None:
    bay = Bay()
    bay.see(0, FREE, 8000)
    bay.see(10, OFFLINE)
    bay.see(9000, CHARGING, 9500)
    assert bay.book.open["bay"].energy == 0


def test_a_counter_that_is_never_read_counts_nothing() -> None:
    bay = Bay()
    bay.see(0, CHARGING)
    assert (bay.book.open["bay"].energy, bay.book.open["bay"].charge, bay.book.open["bay"].cost) == (None, None, None)
    bay.see(10, FREE)
    assert (bay.rows[-1].energy, bay.rows[-1].charge, bay.rows[-1].parts) == (None, None, ())


def test_a_counter_of_sessions_starts_anew_with_the_next_car() -> None:
    bay = Bay()
    bay.see(0, CHARGING, 0)
    bay.see(3600, CHARGING, 7400)
    bay.see(3610, FREE, 7400)
    bay.see(3620, WAITING, 7400)
    bay.see(3630, CHARGING, 12)
    bay.see(3640, CHARGING, 30)
    bay.see(3650, FREE, 30)
    assert [row.energy for row in bay.rows if row.end] == [7400, 30]


def test_energy_is_priced_by_when_it_was_used() -> None:
    bay = Bay()
    bay.see(0, WAITING, 0)
    bay.see(1800, CHARGING, 0)
    bay.see(5400, CHARGING, 3600)
    bay.see(5410, FREE, 3600)
    assert bay.parts == [(EVEN, 1800), (ODD, 1800)]


def test_no_energy_is_spread_over_a_time_without_charging() -> None:
    bay = Bay()
    bay.see(0, CHARGING, 0)
    bay.see(1000, WAITING, 700)
    bay.see(7000, WAITING, 700)
    bay.see(7100, CHARGING, 701)
    bay.see(7190, FREE, 801)
    assert bay.parts == [(EVEN, 700), (ODD, 101)]


def test_a_coarse_counter_is_spread_over_the_time_since_it_moved() -> None:
    bay = Bay()
    for at in range(3000, 4200, 10):
        bay.see(at, CHARGING, 1000)
        bay.book.end_piece(BEGIN + at + 5)
    bay.see(4200, CHARGING, 2000)
    bay.see(4210, FREE, 2000)
    assert bay.parts == [(EVEN, 495), (ODD, 505)]


def test_a_piece_keeps_its_price_when_another_holds() -> None:
    prices = [EVEN]
    bay = Bay(lambda _start, _end, amount: [(prices[-1], amount)])
    bay.see(0, CHARGING, 0)
    bay.see(100, CHARGING, 1000)
    assert bay.book.open["bay"].cost == Decimal("0.1")
    bay.book.end_piece(BEGIN + 105)
    prices.append(ODD)
    assert bay.book.open["bay"].cost == Decimal("0.1")
    bay.see(200, CHARGING, 2000)
    assert bay.book.open["bay"].cost == Decimal("0.4")
    bay.see(210, FREE, 2000)
    assert bay.parts == [(EVEN, 1000), (ODD, 1000)]


def test_prices_that_change_over_a_restart_are_not_those_of_before() -> None:
    bay = Bay(always(EVEN))
    bay.see(0, CHARGING, 0)
    bay.see(100, CHARGING, 1000)
    bay.price = always(ODD)
    bay.restart(200)
    bay.see(210, CHARGING, 2000)
    bay.see(220, FREE, 2000)
    assert bay.parts == [(EVEN, 1000), (ODD, 1000)]


def test_nothing_but_a_price_that_holds_costs_nothing_yet() -> None:
    for price, cost in ((always(None), None), (always(ODD), Decimal(0))):
        bay = Bay(price)
        bay.see(0, CHARGING, 0)
        assert bay.book.open["bay"].cost == cost


def test_the_last_card_that_was_read_stays() -> None:
    bay = Bay()
    for at, card in enumerate([None, "old", "new", "", None]):
        bay.see(at, WAITING, card=card)
    bay.see(10, FREE, card="other")
    assert bay.rows[-1].card == "new"


def test_a_session_goes_on_after_a_restart_with_what_was_used_meanwhile() -> None:
    bay = Bay()
    bay.see(0, CHARGING, 100, charge=1.0, card="04A1", priority=True)
    bay.see(10, WAITING, 110, charge=1.5)
    began = bay.book.open["bay"]
    bay.restart(600)
    assert bay.book.open["bay"] == began
    bay.see(610, OFFLINE)
    bay.see(620, CHARGING, 900, charge=6.0)
    now = bay.book.open["bay"]
    assert (now.id, now.start, now.energy, now.charge, now.card) == (began.id, BEGIN, 800, 5.0, "04A1")
    assert [(one.at - BEGIN, one.seconds) for one in now.breaks] == [(10, 610)]


def test_a_car_that_left_during_a_restart_left_at_the_last_sight() -> None:
    bay = Bay()
    bay.see(0, CHARGING, 100)
    bay.see(10, CHARGING, 110)
    bay.restart(600)
    bay.see(605, OFFLINE)
    bay.see(610, FREE, 2000)
    assert (bay.rows[-1].end, bay.rows[-1].energy) == (BEGIN + 10, 10)
    bay.see(620, WAITING, 2000)
    assert bay.rows[-1].id != bay.rows[-2].id
    bay.see(630, FREE, 2000)
    assert bay.rows[-1].end == BEGIN + 630


def test_a_station_that_is_no_more_ends_its_session_at_the_last_sight() -> None:
    bay = Bay()
    bay.see(0, CHARGING, 100)
    bay.restart(600)
    bay.book.close("bay")
    bay.book.close("other")
    (row,) = bay.book.take_rows()
    assert row.end == BEGIN
    bay.see(700, FREE, 900)
    assert not bay.rows[1:]


def test_a_clock_that_is_set_back_makes_no_negative_times() -> None:
    bay = Bay()
    bay.see(5000, CHARGING, 0)
    bay.see(100, CHARGING, 100)
    bay.see(110, WAITING, 200)
    bay.see(120, FREE, 200)
    assert (bay.rows[-1].start, bay.rows[-1].end, bay.rows[-1].energy) == (BEGIN + 5000, BEGIN + 5000, 200)
    assert bay.rows[-1].breaks == ()


def test_a_restart_puts_right_a_clock_that_was_ahead() -> None:
    bay = Bay()
    bay.see(90_000, CHARGING, 0)
    bay.restart(100)
    bay.see(200, CHARGING, 100)
    bay.see(300, FREE, 150)
    assert (bay.rows[-1].start, bay.rows[-1].end, bay.rows[-1].energy) == (BEGIN + 100, BEGIN + 300, 150)


@pytest.mark.parametrize("damage", [{"seen": None}, {"parts": [["x", 1]]}, {"energy": {"level": "x"}}, {"pause": {}}])
def test_a_session_that_cannot_be_read_is_left_out(damage: dict[str, Any]) -> None:
    bay = Bay()
    for station in ("bad", "good"):
        bay.book.take(station, station, Seen(state=WAITING), BEGIN)
    snapshot = bay.book.snapshot()
    snapshot["sessions"]["bad"] |= damage
    book = SessionBook(by_hour)
    book.restore(snapshot, BEGIN)
    assert list(book.open) == ["good"]
    assert len(book.open) == 1


@pytest.mark.parametrize("snapshot", [{}, {"version": 0, "sessions": {"bay": {}}}, {"version": 1}])
def test_a_state_of_another_version_is_no_state(snapshot: dict[str, Any]) -> None:
    book = SessionBook(by_hour)
    book.restore(snapshot, BEGIN)
    assert not book.open


SIGHTS: Final = st.lists(
    st.tuples(
        st.sampled_from([WAITING, CHARGING, CHARGING, DONE, FAULT, OFFLINE]),
        st.integers(1, 900),
        st.integers(0, 9999),
        st.sampled_from(["", "", "drop", "piece", "restart"]),
    ),
    max_size=40,
)
"""State, seconds since the sight before, tenths of a Wh since then, and what happens between."""


@given(sights=SIGHTS)
def test_parts_add_up_to_what_was_counted_over_any_cuts_restarts_and_drops(sights: list[Any]) -> None:
    bay = Bay()
    at, level, total, unread = 0, Decimal(5_000_000), Decimal(0), Decimal(0)
    bay.see(at, CHARGING, str(level))
    for state, seconds, tenths, between in sights:
        at += seconds
        more = Decimal(tenths) / 10
        if between == "drop" and level - unread > more:
            level, total = Decimal(0), total - unread
        elif between == "piece":
            bay.book.end_piece(BEGIN + at - 0.5)
        elif between == "restart":
            bay.restart(at)
        level, total = level + more, total + more
        # A drop that nobody sees is none: the counter is read then.
        silent = state is OFFLINE and between != "drop"
        unread = unread + more if silent else Decimal(0)
        bay.see(at, OFFLINE if silent else CHARGING if state is OFFLINE else state, str(level))
    at += 1
    bay.see(at, CHARGING, str(level))
    bay.see(at + 1, FREE, str(level))
    assert bay.rows[-1].energy == int(total)
    assert sum(amount for _rate, amount in bay.parts) == int(total)
    assert len({row.id for row in bay.rows}) == 1
    for before, after in pairwise(bay.rows):
        kept = {part.rate: part.amount for part in after.parts}
        assert all(kept[part.rate] >= part.amount for part in before.parts)


@given(sights=SIGHTS)
def test_a_restart_between_any_two_sights_changes_nothing(sights: list[Any]) -> None:
    ends = []
    for restarts in (False, True):
        bay = Bay(always(ODD))
        at, level = 0, 0
        bay.see(at, CHARGING, level)
        for state, seconds, tenths, _between in sights:
            at, level = at + seconds, level + tenths
            bay.see(at, state, level / 10, charge=tenths / 100)
            if restarts:
                bay.restart(at)
        bay.see(at + 1, CHARGING, level / 10)
        bay.see(at + 2, FREE, level / 10)
        ends.append(replace(bay.rows[-1], id=""))
    assert ends[0] == ends[1]


@given(sights=st.lists(st.tuples(st.integers(1, 900), st.booleans()), min_size=1, max_size=40))
def test_even_charging_costs_by_the_clock_however_it_is_cut(sights: list[tuple[int, bool]]) -> None:
    bay = Bay()
    at = 0
    bay.see(at, CHARGING, 0)
    for seconds, cut in sights:
        at += seconds
        bay.see(at, CHARGING, 2 * at)
        if cut:
            bay.book.end_piece(BEGIN + at)
    bay.see(at, FREE, 2 * at)
    expected: dict[RateRow | None, int] = {}
    for begin in range(0, at, HOUR):
        rate = THIRDS[begin // HOUR % 3]
        expected[rate] = expected.get(rate, 0) + 2 * (min(at, begin + HOUR) - begin)
    assert dict(bay.parts) == {rate: pytest.approx(amount, abs=len(sights) + 1) for rate, amount in expected.items()}
