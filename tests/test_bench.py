"""The arithmetic and the text of the benchmarks; what they measure is not tested."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import probe
from bench.alarms import ALARMS, STEPS, lost
from bench.field import scenario_of
from bench.table import Figure, number, percentile, plain, table
from bench.watched import Transaction, cycles, pauses

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

VALUES = st.lists(st.floats(-1e9, 1e9), min_size=1)


@given(VALUES, st.floats(0, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], percent: float) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) >= len(values) * percent / 100
    below = [value for value in values if value < found]
    assert not below or sum(value <= max(below) for value in values) < len(values) * percent / 100


def test_percentiles_of_a_hundred_values() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [percentile(values, percent) for percent in (0, 1, 50, 99, 100)] == [1, 1, 50, 99, 100]


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


@pytest.mark.parametrize(
    ("figure", "good"),
    [
        (Figure(name="a", reached=1.0), None),
        (Figure(name="a", reached=1.0, wanted=1.0), True),
        (Figure(name="a", reached=1.1, wanted=1.0), False),
        (Figure(name="a", reached=1.0, wanted=1.0, at_least=True), True),
        (Figure(name="a", reached=0.9, wanted=1.0, at_least=True), False),
    ],
)
def test_a_bound_is_kept_from_its_own_side(figure: Figure, good: bool | None) -> None:  # noqa: FBT001
    assert figure.good is good
    assert plain(figure)["ok"] is good


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (18570, "18570"), (115.84, "115.8"), (1.04321, "1.043"), (0.00123456, "0.0012"), (-3.2, "-3.200")],
)
def test_numbers_show_four_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_a_table_has_a_line_for_each_figure_and_says_what_was_missed() -> None:
    figures = [
        Figure(name="cycle", reached=3.25, unit="s"),
        Figure(name="latency", reached=130.0, unit="ms", wanted=126.4),
        Figure(name="times", reached=5.5, wanted=5.0, at_least=True),
    ]
    title, empty, head, line, *rows = table("bus: a title", figures).splitlines()
    assert (title, empty) == ("bus: a title", "")
    assert head.split() == ["figure", "wanted", "reached"]
    assert set(line) == {"-", " "}
    assert [row.split() for row in rows] == [
        ["cycle", "3.250", "s"],
        ["latency", "≤", "126.4", "ms", "130.0", "ms", "MISSED"],
        ["times", "≥", "5.000", "5.500", "ok"],
    ]


def transaction(unit: int, address: int, arrival: float, *, function: int = 3, took: float = 0.01) -> Transaction:
    return Transaction(
        gateway=0,
        unit=unit,
        function=function,
        address=address,
        words=2,
        arrival=arrival,
        end=arrival + took,
        answered=True,
    )


def test_a_cycle_lies_between_two_reads_of_the_same_registers_of_a_unit() -> None:
    log = [
        transaction(1, 0x1000, 0.0),
        transaction(2, 0x1000, 1.0),
        transaction(1, 0x1200, 1.5),
        transaction(1, 0x1000, 2.0),
        transaction(1, 0x1000, 2.5, function=16),
        transaction(2, 0x1000, 4.0),
        transaction(1, 0x1000, 5.0),
    ]
    assert cycles(log) == {1: [2.0, 3.0], 2: [3.0]}
    assert cycles(log, since=0.5) == {1: [3.0], 2: [3.0]}


def test_a_pause_lies_between_an_answer_and_the_next_request() -> None:
    log = [transaction(2, 0, 2.0, took=0.5), transaction(1, 0, 0.0, took=1.0), transaction(3, 0, 3.0)]
    assert pauses(log) == [1.0, 0.5]


def test_a_scenario_has_the_models_behind_each_gateway_at_addresses_from_one() -> None:
    scenario = scenario_of(2, ("412045", "414930", "414931"))
    rows = [[(device.model, device.address) for device in gateway.devices] for gateway in scenario.gateways]
    assert rows == [[("412045", 1), ("414930", 2), ("414931", 3)]] * 2
    assert len({device.name for device in scenario.devices}) == len({device.at for device in scenario.devices}) == 6


def storm(devices: list[str]) -> list[dict[str, str]]:
    return [{"device": device, "subject": subject, "event": event} for device in devices for _, subject, event in STEPS]


def test_the_storm_is_of_a_thousand_alarms_none_of_which_is_damped() -> None:
    assert ALARMS == 1000
    assert max(Counter((subject, event) for _, subject, event in STEPS).values()) <= 3


def test_an_alarm_is_lost_where_the_same_one_is_there_less_often() -> None:
    entries = storm(["a", "b"])
    assert lost(["a", "b"], entries) == 0
    assert lost(["a", "b"], entries[1:]) == 1
    assert lost(["a", "b"], [*entries[1:], entries[1]]) == 1
    assert lost(["a", "b"], [*entries, *entries]) == 0
    assert lost(["a", "b"], storm(["a"])) == len(STEPS)


class Journal:
    def __init__(self) -> None:
        self.taken: list[str] = []

    def record(self, kind: str, *, subject: str) -> None:
        self.taken.append(f"{kind} {subject}")


async def test_the_probe_times_what_is_recorded_while_it_runs_and_hands_the_journal_back(hass: HomeAssistant) -> None:
    journal = hass.data["legrand_ews_journal"] = Journal()
    assert await probe.async_setup(hass, {})
    journal.record("before", subject="x")
    await hass.services.async_call(probe.DOMAIN, "start", blocking=True)
    journal.record("in", subject="x")
    journal.record("in", subject="y")
    found = await hass.services.async_call(probe.DOMAIN, "stop", blocking=True, return_response=True)
    journal.record("after", subject="x")
    assert journal.taken == ["before x", "in x", "in y", "after x"]
    assert found is not None
    assert found["records"] == 2
    assert 0 < found["record_longest"] <= found["record_time"]
