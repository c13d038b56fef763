"""Charging sessions in the archive: written, replaced, asked for, and added up by station."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.archive import SessionPart, SessionSum

from .support import RATES, START, ask, interruption, new_site, session, sessions

if TYPE_CHECKING:
    from custom_components.legrand_ews.archive import Archive, SessionRow

    from .support import Opener

HOUR = 3600
EVER = (-(2**40), 2**40)
some = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
moments = st.integers(-20_000, 20_000).map(lambda off: START + off)


def ids(archive: Archive, *asked: Any) -> list[str]:
    """Return the ids of what is found."""
    return [row.id for row in archive.sessions(*asked)]


@some
@given(st.lists(st.lists(sessions(), max_size=6), max_size=4), moments, st.integers(0, 20_000))
def test_the_last_one_of_an_id_comes_back_and_the_sums_are_of_those(
    opener: Opener, written: list[list[SessionRow]], since: int, seconds: int
) -> None:
    archive, newest, until = opener(site=new_site()), dict[str, Any](), since + seconds
    for rows in written:
        archive.write(sessions=rows)
        newest |= {row.id: row for row in rows}
    expected = sorted(newest.values(), key=lambda row: (row.start, row.id))
    assert archive.sessions(*EVER) == expected
    assert archive.sessions(*EVER, {"yard"}) == [row for row in expected if row.station == "yard"]
    for station in ("bay", "yard"):
        mine = [row for row in expected if row.station == station and since <= row.start < until]
        found = [one for one in archive.session_sums(since, until) if one.station == station]
        assert [(one.count, one.energy, one.charge) for one in found] == [
            (len(mine), sum(row.energy or 0 for row in mine), sum(row.charge or 0 for row in mine))
            for _ in range(bool(mine))
        ]
        amounts: Counter[Any] = Counter()
        for row in mine:
            for rate, amount in row.pieces:
                amounts[rate] += amount
        assert [{part.rate: part.amount for part in one.parts} for one in found] == [dict(amounts)] * bool(mine)
    archive.close()


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (START + HOUR, START + 2 * HOUR, ["open"]),
        (START + HOUR - 1, START + 2 * HOUR, ["open", "hour"]),
        (START - HOUR, START, ["open"]),
        (START - HOUR, START + 1, ["open", "hour", "moment"]),
        (START, START + 1, ["open", "hour", "moment"]),
        (START - 3 * HOUR, START - 2 * HOUR, []),
    ],
)
def test_a_span_has_what_goes_on_in_it(archive: Archive, since: int, until: int, found: list[str]) -> None:
    archive.write(sessions=[session("hour"), session("moment", seconds=0), session("open", START - HOUR, None)])
    assert ids(archive, since, until) == found


def test_a_session_that_ends_takes_the_place_of_the_open_one(archive: Archive, url: str) -> None:
    archive.write(sessions=[session("one", START, None, (RATES[0], 10), (RATES[1], 20), (None, 5))])
    ended = session("one", START, HOUR, (RATES[2], 40), breaks=(interruption(phase=1, meter=71.5),), card="04A2")
    archive.write(sessions=[ended])
    assert archive.sessions(*EVER) == [ended]
    assert ask(url, "SELECT amount FROM ews_session_part") == [(40,)]


def test_within_a_call_the_last_one_counts(archive: Archive) -> None:
    archive.write(sessions=[session("one", seconds=None), session("one", seconds=60)])
    assert archive.sessions(*EVER) == [session("one", seconds=60)]


def test_sums_have_the_newest_name_and_parts_by_rate(archive: Archive) -> None:
    archive.write(
        sessions=[
            session("a", START, HOUR, (RATES[0], 100), (None, 1), name="Left"),
            session("b", START + HOUR, HOUR, (RATES[0], 20), name="Bay 1"),
            session("c", START + 2 * HOUR, HOUR, energy=None, charge=None, name="Bay 1 left"),
        ]
    )
    parts = (SessionPart(rate=RATES[0], amount=120), SessionPart(rate=None, amount=1))
    assert archive.session_sums(START, START + 3 * HOUR) == [
        SessionSum(station="bay", name="Bay 1 left", count=3, energy=121, charge=60_000, parts=parts)
    ]
    assert archive.session_sums(START + 3 * HOUR, 2 * START) == []


def test_sites_in_one_database_know_nothing_of_each_other(opener: Opener) -> None:
    one, other = opener(site="one"), opener(site="other")
    one.write(sessions=[session("same", START, HOUR, (RATES[0], 1))])
    other.write(sessions=[session("same", START, None, (RATES[0], 2), (RATES[1], 3))])
    assert [row.energy for row in one.sessions(*EVER)] == [1]
    assert [row.energy for row in other.sessions(*EVER)] == [5]
    assert one.retain({"sessions": START + 1}) == {"sessions": 1}
    assert [len(row.parts) for row in other.sessions(*EVER)] == [2]
    assert (one.info().sessions, other.info().sessions) == (0, 1)


@pytest.mark.parametrize(
    ("seconds", "pieces", "more"),
    [(-1, (), {}), (60, ((None, 5),), {"energy": 6}), (60, ((RATES[0], 5),), {"energy": None})],
)
def test_a_session_that_does_not_add_up_is_refused(seconds: int, pieces: Any, more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="session"):
        session("one", START, seconds, *pieces, **more)
