"""Many days: what comes of them, and that processes change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from custom_components.legrand_ews.greenup import Mode
from simulation import runs
from simulation.day import day_of
from simulation.merit import merit
from simulation.physics import simulate
from simulation.runs import Job, Result, record_of, results_of, run
from simulation.table import COLUMNS, table

from .support import Fill, small

if TYPE_CHECKING:
    from custom_components.legrand_ews.greenup import LoadManagerConfig, StationConfig

MODES = {str(mode): {"mode": mode} for mode in Mode}


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the simple manager take the place of the integration's; in steps it keeps a margin."""

    def manager(config: LoadManagerConfig, stations: tuple[StationConfig, ...]) -> Fill:
        return Fill(config.max_current, stations, 10 if config.mode is Mode.STEPS else 0)

    monkeypatch.setattr(runs, "LoadManager", manager)


@pytest.mark.usefixtures("filled")
def test_a_job_is_a_day_under_each_setting_with_one_bound() -> None:
    first, second = results_of(Job(workload=small(), seed=3, settings=MODES, window=(36600, 37200)))
    assert [(one.workload, one.seed, one.setting) for one in (first, second)] == [
        ("small", 3, "continuous"),
        ("small", 3, "steps"),
    ]
    assert first.bound is second.bound is not None
    assert first.merit.energy_share is not None
    assert 0.98 < first.merit.energy_share < 1
    assert first.window_energy == pytest.approx(32 * 690 / 6)
    assert second.window_energy == pytest.approx(30 * 690 / 6)


@pytest.mark.usefixtures("filled")
def test_a_bound_is_left_out() -> None:
    (one,) = results_of(Job(workload=small(), seed=1, settings={"x": {}}, bounded=False))
    assert (one.bound, one.merit.energy_share, one.window_energy) == (None, None, 0)


def test_the_integrations_own_manager_charges_a_car() -> None:
    record = record_of(small(visit={"need": 5}), 1, {"hold_time": 0.0})
    assert merit(record).lowest == pytest.approx(1)
    assert merit(record).overload_longest == 0


def test_processes_change_nothing() -> None:
    jobs = [Job(workload=small(visit={"need": need}), seed=1, settings=MODES) for need in (3, 5)]
    assert run(jobs) == run(jobs, 1)


@pytest.mark.usefixtures("filled")
def test_a_table_has_a_line_for_each_workload_and_setting_and_all_of_a_setting() -> None:
    workloads = [small(), replace(small(), name="other")]
    jobs = [Job(workload=one, seed=seed, settings=MODES) for one in workloads for seed in (1, 2)]
    lines = table(run(jobs, 1)).splitlines()
    assert [line.split()[:2] for line in lines[3:]] == [
        ["small", "continuous"],
        ["small", "steps"],
        ["other", "continuous"],
        ["other", "steps"],
        ["all", "continuous"],
        ["all", "steps"],
    ]
    assert all(len(line.split()) == 2 + len(COLUMNS) for line in lines[3:])
    assert "longest s" in lines[1]


def test_a_table_says_the_mean_of_energies_and_the_worst_of_waits() -> None:
    day = day_of(small(), 1)
    judged = merit(simulate(day, Fill(40, day.stations)))
    rows = [
        Result(workload="x", seed=seed, setting="s", merit=replace(judged, energy=energy, first_wait=wait), bound=None)
        for seed, energy, wait in ((1, 1000, 60), (2, 3000, 660))
    ]
    (row,) = table(rows).splitlines()[3:]
    assert row.split()[:4] == ["x", "s", "100.0", "2.0"], "no bound, no shares"
    assert row.split()[-3] == "11"
