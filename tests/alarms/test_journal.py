"""The journal against a plain model, its file cut anywhere, its capacity, and a disk that does not write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.legrand_ews.alarms import Entry, Journal, JournalFile, Kind, Occurrence

from .support import START, closing, done, occurrence, occurrences, trip

if TYPE_CHECKING:
    from pathlib import Path

many = st.lists(occurrences, max_size=60)
CERTAIN = {True: {Kind.COMMAND, Kind.CLOCK}, False: {Kind.COMMAND, Kind.CLOCK, Kind.STATE}}


class Model:
    """Alarms as a set of keys, and how many occurrences counted."""

    def __init__(self) -> None:
        self.active: set[tuple[str | None, Kind, str]] = set()
        self.counted = 0

    def take(self, what: Occurrence) -> None:
        """Follow one occurrence."""
        key = what.origin.device_id, what.kind, what.subject
        if what.alarm is None:
            self.counted += 1
        elif what.alarm is (key in self.active):
            self.counted += what.kind in CERTAIN[what.alarm]
        else:
            self.counted += 1
            self.active ^= {key}


def keys(entries: list[Entry]) -> list[tuple[str | None, Kind, str]]:
    """Return what alarms are told by."""
    return [(one.device_id, one.kind, one.subject) for one in entries]


def whole(data: bytes) -> dict[int, dict[str, Any]]:
    """Return the last whole line of each entry in a file."""
    lines: dict[int, dict[str, Any]] = {}
    for line in data.split(b"\n"):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        lines[entry["id"]] = entry
    return lines


@given(many)
def test_alarms_and_counts_are_those_of_a_plain_model(happened: list[Occurrence]) -> None:
    journal, model = Journal(), Model()
    for what in happened:
        journal.record(what)
        model.take(what)
        active = journal.active
        assert set(keys(active)) == model.active
        assert len(active) == journal.active_count() == len(model.active)
        assert active == [one for one in journal.entries if one.alarm and one.ended_at is None]
    assert sum(one.count for one in journal.entries) == model.counted
    assert all(one.at <= one.last_at <= (one.ended_at or one.last_at) for one in journal.entries)
    assert [one.id for one in journal.entries] == list(range(len(journal.entries), 0, -1))


@settings(max_examples=60)
@given(happened=many, cut=st.floats(0, 1), more=many)
def test_a_file_cut_anywhere_gives_back_every_whole_line(
    tmp_path_factory: pytest.TempPathFactory, happened: list[Occurrence], cut: float, more: list[Occurrence]
) -> None:
    path: Path = tmp_path_factory.mktemp("cut") / "journal"
    file, journal = JournalFile(path), Journal()
    for what in happened:
        journal.record(what)
        file.append(journal.take_changes())
    left = path.read_bytes()[: round(cut * file.size)] if file.size else b""
    path.write_bytes(left)
    journal = Journal.load(file.read())
    assert {one.id: one.as_dict() for one in journal.entries} == whole(left)
    assert journal.pending == []
    assert journal.damaged <= 1
    for what in more:
        journal.record(what)
    file.append(journal.take_changes())
    again = Journal.load(file.read())
    assert again.entries == journal.entries
    assert again.active == journal.active


@given(happened=many, capacity=st.integers(1, 8))
def test_the_capacity_holds_and_what_is_new_or_on_stays(happened: list[Occurrence], capacity: int) -> None:
    journal, lines, model = Journal(capacity=capacity), list[str](), Model()
    for what in happened:
        before = journal.active
        recorded = journal.record(what)
        model.take(what)
        lines += journal.take_changes()
        assert len(journal.entries) <= capacity
        assert set(keys(journal.active)) <= model.active
        if recorded is not None:
            assert recorded.entry in journal.entries
        if len(before) < capacity and set(keys(before)) == model.active:
            assert set(keys(journal.active)) == model.active
        else:
            model.active = set(keys(journal.active))
        assert set(keys(Journal.load(lines, capacity=capacity).active)) == model.active
    assert Journal.load(journal.snapshot()(), capacity=capacity).entries == journal.entries


def test_an_alarm_that_is_on_outlives_newer_entries() -> None:
    journal = Journal(capacity=3)
    first = done(journal, trip()).entry
    for number in range(10):
        done(journal, occurrence(START + number, Kind.COMMAND))
    assert [one.id for one in journal.entries] == [11, 10, 1]
    assert journal.active == [first]
    assert done(journal, closing(START + 60)).new
    assert [one.id for one in journal.entries] == [12, 11, 10]


def test_an_alarm_that_found_no_room_does_not_come_back() -> None:
    journal = Journal(capacity=2)
    for number in range(3):
        done(journal, trip(START + number, device_id=f"d{number}"))
    assert keys(journal.active) == [("d2", Kind.STATE, "breaker"), ("d1", Kind.STATE, "breaker")]
    for number in (1, 2):
        done(journal, closing(START + 10, device_id=f"d{number}"))
    assert Journal.load(journal.take_changes(), capacity=2).active == []


def test_no_room_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        Journal(capacity=0)


def test_the_beginning_of_an_alarm_that_is_on_is_no_news() -> None:
    journal = Journal()
    first = done(journal, trip())
    journal.take_changes()
    again = done(journal, trip(START + 5))
    assert (again.entry, again.new) == (first.entry, False)
    assert journal.entries == [first.entry]
    assert journal.pending == []


def test_the_end_of_an_alarm_ends_its_entry_and_is_one() -> None:
    journal = Journal()
    done(journal, trip(START))
    assert journal.is_active("d1", Kind.STATE, "breaker")
    end = done(journal, closing(START + 5))
    assert not journal.is_active("d1", Kind.STATE, "breaker")
    assert (end.new, end.entry.alarm, end.entry.ended_at) == (True, False, None)
    assert [(one.event, one.ended_at) for one in journal.entries] == [
        ("breaker_closed", None),
        ("breaker_tripped", START + 5),
    ]


@pytest.mark.parametrize("kind", [Kind.COMMUNICATION, Kind.THRESHOLD, Kind.CONFIGURATION])
def test_the_end_of_no_alarm_is_nothing(kind: Kind) -> None:
    journal = Journal()
    assert journal.record(occurrence(kind=kind, alarm=False)) is None
    assert journal.entries == []
    assert journal.pending == []


@pytest.mark.parametrize("kind", [Kind.STATE, Kind.COMMAND, Kind.CLOCK])
def test_a_state_or_a_deed_is_news_without_an_alarm_to_end(kind: Kind) -> None:
    recorded = done(Journal(), occurrence(kind=kind, alarm=False))
    assert (recorded.new, recorded.entry.alarm) == (True, None)


@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.CLOCK])
def test_a_deed_is_news_while_its_alarm_is_on(kind: Kind) -> None:
    journal = Journal()
    first = done(journal, occurrence(kind=kind, alarm=True)).entry
    assert done(journal, occurrence(kind=kind, alarm=True, user="Ann")).entry.alarm is None
    assert journal.active == [first]


def test_an_alarm_ends_no_earlier_than_it_began_when_the_clock_is_set_back() -> None:
    journal = Journal()
    done(journal, trip(START))
    done(journal, closing(START - 3600))
    assert [one.ended_at for one in journal.entries] == [None, START]


def test_entries_are_selected_newest_first() -> None:
    journal = Journal()
    for number in range(4):
        done(journal, occurrence(START + 10 * number, Kind.COMMAND, device_id=f"d{number % 2}"))
    done(journal, occurrence(START + 50, Kind.COMMUNICATION))
    done(journal, occurrence(START + 70, Kind.COMMUNICATION))

    def ids(**what: Any) -> list[int]:
        return [one.id for one in journal.select(**what)]

    assert ids() == [one.id for one in journal.entries] == [5, 4, 3, 2, 1]
    assert ids(kinds={Kind.COMMUNICATION}) == [5]
    assert ids(device_id="d1") == [5, 4, 2]
    assert ids(since=START + 20) == [5, 4, 3]
    assert ids(until=START + 20) == [2, 1]
    assert ids(since=START + 60, until=START + 61) == [5]
    assert ids(limit=2) == [5, 4]
    assert ids(limit=0) == ids(kinds=()) == []
    assert ids(kinds={Kind.COMMAND}, device_id="d0", since=START + 1) == [3]


def test_active_alarms_are_counted_by_device() -> None:
    journal = Journal()
    for device_id, subject in (("d1", "a"), ("d1", "b"), ("d2", "a"), (None, "a")):
        done(journal, trip(device_id=device_id, subject=subject))
    assert (journal.active_count(), journal.active_count("d1"), journal.active_count("d3")) == (4, 2, 0)


def test_some_are_acknowledged_by_id_and_only_once() -> None:
    journal = Journal()
    first, second = (done(journal, trip(START, device_id=one)).entry for one in ("d1", "d2"))
    assert [one.id for one in journal.acknowledge([first.id, first.id, 99], START + 1, "Ann")] == [first.id]
    assert journal.acknowledge([first.id], START + 2, "Bob") == []
    assert [(one.id, one.acknowledged_at, one.acknowledged_by) for one in journal.entries] == [
        (second.id, None, None),
        (first.id, START + 1, "Ann"),
    ]
    assert len(journal.active) == 2
    assert Journal.load(journal.pending).entries == journal.entries


def test_all_alarms_are_acknowledged_but_no_deeds() -> None:
    journal = Journal()
    done(journal, trip())
    done(journal, closing())
    done(journal, occurrence(kind=Kind.COMMAND))
    assert [one.event for one in journal.acknowledge(None, START, None)] == ["breaker_tripped"]
    assert journal.acknowledge(None, START, None) == []


def test_states_are_known_after_a_restart_and_noted_once() -> None:
    journal = Journal()
    assert journal.known_state("d1", "breaker") is None
    for word in ("open", "open", "closed", "closed"):
        journal.note_state("d1", "breaker", word)
    assert len(journal.pending) == 2
    for lines in (journal.pending, journal.snapshot()()):
        again = Journal.load(lines)
        assert again.known_state("d1", "breaker") == "closed"
        assert again.damaged == 0


@pytest.mark.parametrize(("at", "ended_at"), [(None, START), (START + 60, START + 60)])
def test_a_device_that_is_gone_has_no_alarms_and_states(at: float | None, ended_at: float) -> None:
    journal = Journal()
    for device_id in ("gone", "kept", None):
        done(journal, trip(device_id=device_id))
    for device_id in ("gone", "kept"):
        journal.note_state(device_id, "breaker", "tripped")
    assert [(one.device_id, one.ended_at) for one in journal.forget({"kept"}, at)] == [("gone", ended_at)]
    for seen in (journal, Journal.load(journal.pending), Journal.load(journal.snapshot()())):
        assert [one.device_id for one in seen.active] == [None, "kept"]
        assert len(seen.entries) == 3
        assert (seen.known_state("gone", "breaker"), seen.known_state("kept", "breaker")) == (None, "tripped")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "\0\0\0",
        "7",
        "[]",
        '"id"',
        "null",
        "{}",
        '{"id": 1}',
        '{"state": "on"}',
        '{"state": 3, "device_id": "d1", "subject": "breaker"}',
        '{"state": "on", "device_id": null, "subject": "breaker"}',
        '{"rule": "of a newer version"}',
        pytest.param("[" * 5000, id="deep"),
    ],
)
def test_a_line_that_means_nothing_is_counted_and_left_out(line: str) -> None:
    journal = Journal()
    done(journal, trip())
    journal.note_state("d1", "breaker", "tripped")
    again = Journal.load([line, *journal.pending, line])
    assert again.damaged == 2
    assert again.entries == journal.entries
    assert again.known_state("d1", "breaker") == "tripped"


@given(st.lists(st.text() | st.builds(json.dumps, st.dictionaries(st.sampled_from(["id", "state"]), st.text()))))
def test_no_file_is_so_bad_that_there_is_no_journal(lines: list[str]) -> None:
    assert Journal.load(lines).entries == []


def test_two_beginnings_of_an_alarm_whose_end_was_lost_are_one_alarm() -> None:
    journal = Journal()
    done(journal, trip(START))
    lines = journal.take_changes()
    done(journal, closing(START + 5))
    journal.take_changes()
    done(journal, trip(START + 9))
    again = Journal.load(lines + journal.take_changes())
    assert [(one.id, one.ended_at) for one in again.entries] == [(3, None), (1, START + 9)]
    assert [one.id for one in again.active] == [3]


def test_ids_go_on_after_a_restart() -> None:
    journal = Journal()
    done(journal, occurrence())
    done(journal, occurrence(kind=Kind.COMMAND))
    assert done(Journal.load(journal.snapshot()()), occurrence(kind=Kind.CLOCK)).entry.id == 3


def test_lines_stay_until_they_are_saved() -> None:
    journal = Journal()
    done(journal, occurrence())
    lines = journal.pending
    done(journal, occurrence(kind=Kind.COMMAND))
    assert journal.pending[:1] == lines
    journal.saved(len(lines))
    assert len(journal.pending) == 1
    assert journal.take_changes() != lines
    assert journal.pending == []


def fill(journal: Journal, count: int) -> None:
    """Record deeds, each a line."""
    for _ in range(count):
        done(journal, occurrence(kind=Kind.COMMAND))


def test_a_file_that_is_too_long_wants_compaction_until_it_had_it() -> None:
    journal, lines = Journal(capacity=10), list[str]()
    fill(journal, 20)
    lines += journal.take_changes()
    fill(journal, 5)
    lines += journal.take_changes()
    wanted = [journal.wants_compaction]
    fill(journal, 1)
    lines += journal.take_changes()
    wanted += [journal.wants_compaction, Journal.load(lines, capacity=10).wants_compaction]
    assert len(journal.snapshot()()) == 10
    wanted.append(journal.wants_compaction)
    journal.compacted(0)
    wanted.append(journal.wants_compaction)
    assert wanted == [False, True, True, True, False]


def test_what_happens_during_a_compaction_is_written_after_it() -> None:
    journal = Journal(capacity=10)
    fill(journal, 12)
    lines, count = journal.snapshot()(), len(journal.pending)
    fill(journal, 1)
    journal.compacted(count)
    assert len(journal.pending) == 1
    assert Journal.load(lines + journal.pending, capacity=10).entries == journal.entries


def test_a_disk_that_never_writes_costs_bounded_memory_and_no_entry() -> None:
    journal = Journal(capacity=10)
    fill(journal, 1026)
    assert len(journal.pending) <= 25
    wanted = [journal.wants_compaction]
    lines, count = journal.snapshot()(), len(journal.pending)
    journal.compacted(count)
    wanted.append(journal.wants_compaction)
    assert wanted == [True, False]
    fill(journal, 1)
    assert Journal.load(lines + journal.pending, capacity=10).entries == journal.entries


def test_lines_given_up_during_a_compaction_ask_for_another() -> None:
    journal = Journal(capacity=10)
    fill(journal, 12)
    journal.snapshot()()
    fill(journal, 20)
    journal.compacted(12)
    assert journal.wants_compaction
    assert Journal.load(journal.snapshot()(), capacity=10).entries == journal.entries


def test_many_states_alone_do_not_ask_for_compaction_for_ever() -> None:
    journal = Journal(capacity=1)
    for number in range(100):
        journal.note_state(f"d{number}", "breaker", "open")
    lines = journal.snapshot()()
    journal.compacted(len(journal.pending))
    assert not journal.wants_compaction
    assert not Journal.load(lines, capacity=1).wants_compaction
