"""What flaps makes a handful of entries, and what people do is never damped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.alarms import Journal, Kind

from .support import MINUTE, START, closing, done, occurrence, trip

DAMPED = {Kind.COMMUNICATION: 1} | dict.fromkeys((Kind.STATE, Kind.THRESHOLD, Kind.CONFIGURATION, Kind.CHARGING), 3)


def counts(journal: Journal) -> list[int]:
    """Return the counts of all entries, oldest first."""
    return [one.count for one in reversed(journal.entries)]


@pytest.mark.parametrize(("kind", "own"), DAMPED.items())
def test_the_first_ones_stand_for_themselves(kind: Kind, own: int) -> None:
    journal = Journal()
    recorded = [done(journal, occurrence(START + MINUTE * number, kind)) for number in range(6)]
    assert [one.new for one in recorded] == [True] * own + [False] * (6 - own)
    assert counts(journal) == [1] * (own - 1) + [7 - own]
    assert journal.entries[0].last_at == START + 5 * MINUTE


@pytest.mark.parametrize("kind", sorted(set(Kind) - set(DAMPED)))
def test_what_people_do_is_an_account(kind: Kind) -> None:
    journal = Journal()
    for number in range(30):
        assert done(journal, occurrence(START + number, kind)).new
    assert counts(journal) == [1] * 30


@pytest.mark.parametrize(("pause", "joined"), [(15 * MINUTE, True), (15 * MINUTE + 1, False)])
def test_a_calm_quarter_of_an_hour_ends_a_run(pause: float, joined: bool) -> None:  # noqa: FBT001 - pytest's way
    journal = Journal()
    done(journal, occurrence(START, Kind.COMMUNICATION))
    assert done(journal, occurrence(START + pause, Kind.COMMUNICATION)).new is not joined


def test_after_a_calm_time_states_stand_for_themselves_again() -> None:
    journal = Journal()
    for start in (START, START + 3600):
        for number in range(5):
            done(journal, occurrence(start + MINUTE * number))
    assert counts(journal) == [1, 1, 3, 1, 1, 3]


def test_a_run_that_never_ends_makes_an_entry_an_hour() -> None:
    journal = Journal()
    for number in range(24 * 6):
        done(journal, occurrence(START + 10 * MINUTE * number))
    assert counts(journal)[:4] == [1, 1, 6, 6]
    assert len(journal.entries) == 2 + 24
    assert sum(counts(journal)) == 24 * 6


@pytest.mark.parametrize(
    "other",
    [
        {"device_id": "d2"},
        {"device_id": None},
        {"kind": Kind.CONFIGURATION},
        {"subject": "input_3"},
        {"event": "breaker_opened"},
        {"alarm": True},
    ],
)
def test_only_what_is_alike_is_joined(other: dict[str, object]) -> None:
    journal = Journal()
    done(journal, occurrence(START, kind=Kind.COMMUNICATION))
    assert done(journal, occurrence(START + 1, **{"kind": Kind.COMMUNICATION, **other})).new  # type: ignore[arg-type]


@given(st.lists(st.floats(0, 3600), min_size=200, max_size=200))
def test_a_link_that_drops_a_hundred_times_in_an_hour_makes_a_handful_of_entries(offsets: list[float]) -> None:
    journal = Journal()
    for number, offset in enumerate(sorted(offsets)):
        lost = number % 2 == 0
        event = "communication_lost" if lost else "communication_back"
        done(journal, occurrence(START + offset, Kind.COMMUNICATION, event, alarm=lost))
    assert len(journal.entries) <= 8
    assert sum(counts(journal)) == 200
    assert journal.active == []


def test_an_alarm_that_comes_again_is_on_again_in_its_entry() -> None:
    journal = Journal()
    for number in range(3):
        done(journal, trip(START + 10 * number))
        done(journal, closing(START + 10 * number + 5))
    assert journal.active == []
    again = done(journal, trip(START + 100))
    assert not again.new
    assert (again.entry.count, again.entry.ended_at) == (2, None)
    assert journal.active == [again.entry]


def test_what_was_acknowledged_takes_nothing_in() -> None:
    journal = Journal()
    first = done(journal, occurrence(START, Kind.COMMUNICATION)).entry
    journal.acknowledge([first.id], START + 1, "Ann")
    second = done(journal, occurrence(START + 2, Kind.COMMUNICATION))
    assert second.new
    assert not done(journal, occurrence(START + 3, Kind.COMMUNICATION)).new
    assert counts(journal) == [1, 2]


@given(st.lists(st.tuples(st.sampled_from(list(DAMPED)), st.floats(0, 1200), st.booleans()), max_size=40))
def test_a_restart_changes_no_damping(steps: list[tuple[Kind, float, bool]]) -> None:
    steady, restarted, at = Journal(), Journal(), START
    for kind, seconds, restart in steps:
        at += seconds
        assert steady.record(occurrence(at, kind)) == restarted.record(occurrence(at, kind))
        if restart:
            restarted = Journal.load(restarted.snapshot()())


def test_a_clock_set_back_a_little_goes_on_in_the_entry_and_far_begins_another() -> None:
    journal = Journal()
    done(journal, occurrence(START, Kind.COMMUNICATION))
    a_little = done(journal, occurrence(START - MINUTE, Kind.COMMUNICATION))
    assert (a_little.new, a_little.entry.last_at) == (False, START)
    far = done(journal, occurrence(START - 3600, Kind.COMMUNICATION))
    assert (far.new, far.entry.id) == (True, 2)
