"""The command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulation.command import arguments, main

if TYPE_CHECKING:
    from pathlib import Path

MINE = {
    "title": "My house",
    "start": "10:00",
    "end": "11:00",
    "manager": {"max_current": 40, "charge_current": 40, "hold_time": 0},
    "groups": [{"name": "S", "rated_current": 32, "visits": [{"arrive": "10:05", "leave": "10:55", "need": 5}]}],
}


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """Return the file of a small workload."""
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(MINE), encoding="utf-8")
    return str(path)


def test_one_workload_is_shown_with_its_picture(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([mine]) == 0
    out = capsys.readouterr().out
    assert out.startswith("mine, seed 1: the highest phase, A")
    assert "5.0 of 5.0 kWh" in out
    assert "mine: My house" in out
    (row,) = [line.split() for line in out.splitlines() if line.startswith("mine  ")]
    assert row[:6] == ["mine", "continuous", "5.0", "5.0", "5.0", "1.000"]


def test_figures_and_pictures_are_written(mine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture, figures = tmp_path / "day.svg", tmp_path / "day.json"
    words = [mine, mine, "--mode", "both", "--seed", "4", "--days", "2", "--processes", "1"]
    assert main([*words, "--picture", str(picture), "--json", str(figures)]) == 0
    assert "seed 4" not in capsys.readouterr().out, "of several no picture is shown"
    assert "seed 4" in picture.read_text(encoding="utf-8")
    rows = json.loads(figures.read_text(encoding="utf-8"))
    assert [(row["seed"], row["setting"]) for row in rows] == [
        (4, "continuous"),
        (4, "steps"),
        (5, "continuous"),
        (5, "steps"),
    ] * 2
    assert all(row["energy"] == pytest.approx(5000) and row["bound_energy"] == pytest.approx(5000) for row in rows)


def test_settings_and_faults_of_the_command_line_count(mine: str, tmp_path: Path) -> None:
    figures = tmp_path / "day.json"
    words = [mine, "--no-bound", "--json", str(figures)]

    def found(*more: str) -> dict[str, float]:
        assert main([*words, *more]) == 0
        (row,) = json.loads(figures.read_text(encoding="utf-8"))
        return dict(row)

    plain = found()
    assert "bound_energy" not in plain
    assert found("--set", "hold_time=600")["first_wait"] >= plain["first_wait"] + 590
    assert found("--fault", "lost_meter@10:00-11:00")["energy"] == 0
    assert found("--set", "mode=steps")["setting"] == "steps"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["nowhere.json"], "nowhere.json is neither one of W1"),
        (["--set", "hold_time"], "a setting is NAME=VALUE"),
        (["--set", "speed=3"], "--set.speed: there is no such setting"),
        (["--set", "hold_time=-3"], "--set: times are not negative"),
        (["--set", "hold_time=long"], "--set: "),
        (["--fault", "fire@10:00-11:00"], "one of frozen_meter"),
        (["--json", "/nowhere/x.json"], "/nowhere/x.json"),
    ],
)
def test_what_cannot_be_done_is_said(
    words: list[str], error: str, mine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words if words == ["nowhere.json"] else [mine, "--no-bound", *words]) == 1
    assert error in capsys.readouterr().err


def test_all_workloads_are_the_default_and_words_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert arguments([]).workloads == []
    for words in (["--days", "0"], ["--mode", "fast"], ["--days", "x"]):
        with pytest.raises(SystemExit):
            arguments(words)
    assert "not from 1 on" in capsys.readouterr().err
