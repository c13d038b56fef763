"""The demo's command: starts, refusals, and the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .support import added, free_port, hold, run_demo

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Checked, Interrupted
    from .support import Demo


def test_check_of_a_fresh_folder_succeeds(checked: Checked) -> None:
    assert checked.code == 0, checked.output
    assert added(checked.output) == (checked.place.devices, checked.place.devices)
    assert "every device has values, the log has no error" in checked.output
    assert checked.left == []


def test_ctrl_c_during_the_start_leaves_nothing_running(interrupted: Interrupted) -> None:
    assert interrupted.code == 0, interrupted.output
    assert "Ctrl-C ends it" not in interrupted.output
    assert "Traceback" not in interrupted.output
    assert interrupted.left == []


def test_start_of_a_known_folder_adds_nothing(demo: Demo) -> None:
    assert added(demo.output) == (demo.place.devices, 0)


def test_past_is_simulated_and_made_once(checked: Checked, demo: Demo) -> None:
    (said,) = re.findall(r"History before [-\d]+ [\d:]+ is simulated", checked.output)
    assert demo.output.count("is simulated") == 1
    assert said in demo.output


def test_start_says_where_and_as_whom_to_sign_in(demo: Demo) -> None:
    assert demo.url in demo.output
    assert "user demo, password demo-demo" in demo.output


def test_running_demo_is_not_started_twice(demo: Demo) -> None:
    done = run_demo("--scenario", demo.place.scenario, "--config", demo.folder, "--port", free_port())
    assert done.returncode == 1
    assert "of a simulated gateway is taken" in done.stdout
    assert str(demo.folder) in done.stdout


def test_folder_of_another_scenario_is_refused(checked: Checked) -> None:
    done = run_demo("--scenario", "max", "--config", checked.folder)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert f"{checked.folder} was made for the scenario {checked.place.scenario}" in done.stdout
    assert "name another one with --config" in done.stdout


@pytest.mark.parametrize("option", ["--port", "--plant-port", "--control"])
def test_taken_port_is_refused_before_anything_is_made(tmp_path: Path, option: str) -> None:
    folder = tmp_path / "config"
    ports = {"--port": free_port(), "--plant-port": free_port()}
    with hold(taken := free_port()):
        words = [word for pair in (ports | {option: taken}).items() for word in pair]
        done = run_demo("--scenario", "house", "--config", folder, *words)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert f"port {taken}" in done.stdout
    assert f"name another one with {option}" in done.stdout
    assert not folder.exists()


def test_unknown_scenario_is_refused(tmp_path: Path) -> None:
    done = run_demo("--scenario", "castle", "--config", tmp_path / "config")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert "castle" in done.stdout
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize(("scenario", "plugs"), [("house", 0), ("charging", 6)])
def test_more_cars_than_plugs_are_refused(tmp_path: Path, scenario: str, plugs: int) -> None:
    done = run_demo("--scenario", scenario, "--config", tmp_path / "config", "--cars", plugs + 1)
    assert done.returncode == 1
    assert f"{scenario} has {plugs} plugs" in done.stdout
    assert not (tmp_path / "config").exists()


def test_help_names_every_option() -> None:
    done = run_demo("--help")
    assert done.returncode == 0
    names = ("port", "config", "scenario", "plant-port", "timing", "speed", "control", "cars", "headless-check")
    for option in (f"--{name}" for name in names):
        assert f"{option} " in done.stdout or f"{option}]" in done.stdout
