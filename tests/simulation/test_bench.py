"""The benchmark's days and what it makes of them; how good they are is not tested."""

from __future__ import annotations

from typing import Any

import pytest

from bench import greenup
from custom_components.legrand_ews.greenup import Mode
from simulation.bound import Bound
from simulation.merit import Merit
from simulation.runs import Result
from simulation.workload import FaultKind, names, workload_of

GOOD: dict[str, Any] = {
    "energy": 900.0,
    "asked": 1200.0,
    "energy_share": 0.9,
    "early_share": 0.8,
    "overload_longest": 20.0,
    "overload_total": 50.0,
    "overload_heat": 3.0,
    "lowest": 0.5,
    "jain": 0.9,
    "first_wait": 600.0,
    "starts": 3,
    "commands": 40.0,
}
BAD = {"energy_share": 0.7, "overload_longest": 100.0, "lowest": 0.1, "first_wait": 2760.0, "starts": 13}


def results(mode: Mode, energy: float = 500.0, overload: float = 10.0, **changes: Any) -> list[Result]:
    """Return good days of all workloads, the last of which is changed."""
    last = names()[-1]
    return [
        Result(
            workload=name,
            seed=1,
            setting=str(mode),
            merit=Merit(**GOOD | (changes if name == last else {})),
            bound=Bound(energy=1000, early=900),
            window_energy=energy,
            window_overload=overload,
        )
        for name in names()
    ]


def missed(figures: list[greenup.Figure]) -> list[str]:
    return [figure.name.strip() for figure in figures if figure.good is False]


def test_days_of_all_workloads_pass_with_and_without_a_frozen_hour() -> None:
    plain, frozen = greenup.jobs(2), greenup.frozen_jobs(2)
    assert [(job.workload.name, job.seed) for job in plain] == [(name, seed) for name in names() for seed in (1, 2)]
    assert all(tuple(job.settings) == ("continuous", "steps") for job in plain)
    for job in frozen:
        (fault,) = job.workload.faults
        assert fault.kind is FaultKind.FROZEN_METER
        assert job.window == (fault.start, fault.start + 3600)
        assert job.workload.start < fault.start < job.workload.end


@pytest.mark.parametrize("mode", Mode)
def test_good_days_miss_nothing_and_the_worst_day_counts(mode: Mode) -> None:
    assert missed(greenup.of_mode(mode, results(mode))) == []
    of_others = results(Mode.STEPS if mode is Mode.CONTINUOUS else Mode.CONTINUOUS, **BAD)
    assert missed(greenup.of_mode(mode, [*results(mode), *of_others])) == []
    found = missed(greenup.of_mode(mode, results(mode, **BAD)))
    wanted = ["longest overload", "lowest fulfilled share", "longest first wait", "starts of a car, the most"]
    assert found == ([f"{mode}: R_E, mean", *wanted] if mode is Mode.CONTINUOUS else wanted[:1])


def test_a_frozen_hour_is_safe_and_cars_go_on() -> None:
    assert missed(greenup.of_frozen(Mode.STEPS, results(Mode.STEPS))) == []
    (longest,) = missed(greenup.of_frozen(Mode.STEPS, results(Mode.STEPS, overload=35.0)))
    assert longest.endswith("longest overload in it")
    (energy,) = missed(greenup.of_frozen(Mode.STEPS, results(Mode.STEPS, energy=0.0)))
    assert energy == "energy in that hour, mean"


def test_the_largest_site_has_its_stations() -> None:
    assert len(workload_of(greenup.largest(255), "x").stations) == 255


async def test_the_benchmark_runs_in_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greenup, "LARGEST", 3)
    monkeypatch.setattr(greenup, "run", lambda jobs: results(Mode.CONTINUOUS) + results(Mode.STEPS) if jobs else [])
    figures = await greenup.measure(seeds=1)
    steps = [figure for figure in figures if figure.name.endswith("a step, half in")]
    assert [figure.name for figure in steps] == [f"{mode}, 3 stations: a step, half in" for mode in Mode]
    assert all(figure.reached > 0 for figure in steps)
    assert [figure.reached for figure in figures[:6]] == [1.0] * 6
