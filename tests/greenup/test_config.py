"""What the user sets."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.legrand_ews.greenup import LoadManagerConfig, Mode, StationConfig


@pytest.mark.parametrize(
    "values",
    [
        ("a", 5.0, (0,)),
        ("a", float("nan"), (0,)),
        ("a", 32.0, ()),
        ("a", 32.0, (0, 0)),
        ("a", 32.0, (3,)),
        ("a", 32.0, (0,), False, 5.0),
        ("a", 16.0, (0,), False, 20.0),
    ],
)
def test_a_station_that_cannot_be_is_refused(values: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="a: "):
        StationConfig(*values)


@pytest.mark.parametrize(
    "values",
    [
        {"max_current": 0},
        {"charge_current": 101},
        {"charge_current": 0},
        {"step_2": 80},
        {"step_1": 101},
        {"hysteresis": -1},
        {"hold_time": -1},
        {"stop_after": 10},
        {"guaranteed_charge": -1},
    ],
)
def test_limits_that_cannot_be_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"the |times|meter"):
        LoadManagerConfig(**{"max_current": 100.0, "charge_current": 90.0, **values})  # type: ignore[arg-type]


def test_the_defaults_are_those_of_the_manual() -> None:
    one = LoadManagerConfig(250, 230)
    assert (one.hysteresis, one.step_1, one.step_2, one.guaranteed_charge) == (0, 75, 50, 32)
    assert (one.hold_time, one.waiting_time, one.skip_time) == (60, 90, 300)
    assert one.load_control
    assert one.control_logic
    assert one.mode is Mode.CONTINUOUS


def test_a_station_that_only_knows_on_and_off_has_its_rating_as_floor() -> None:
    assert StationConfig("a", 16, (0,), adjustable=False).floor == 16
    assert StationConfig("a", 16, (0,), min_current=8).floor == 8
