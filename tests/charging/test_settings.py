"""How charging is managed, as the options have it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.legrand_ews.charging.settings import LAYOUTS, ON_STOP, GreenupSettings, is_complete, read_config
from custom_components.legrand_ews.greenup import LoadManagerConfig, Mode

LIMITS: dict[str, Any] = {"max_current": 250.0, "charge_current": 230.0}
STORED: dict[str, Any] = {"meter": "m", "config": LIMITS}


def read(**changed: Any) -> GreenupSettings | None:
    stored = {key: value for key, value in {**STORED, **changed}.items() if value is not None}
    return GreenupSettings.from_options({"greenup": stored})


def test_what_is_not_stored_has_the_defaults_of_the_manual() -> None:
    settings = read()
    assert settings == GreenupSettings(config=LoadManagerConfig(max_current=250, charge_current=230), meter="m")
    assert (settings.layout, settings.interval, settings.on_stop) == ("total", 2.0, "minimum")
    config = settings.config
    assert (config.hysteresis, config.step_1, config.step_2, config.guaranteed_charge) == (0, 75, 50, 32)
    assert (config.hold_time, config.waiting_time, config.skip_time) == (60, 90, 300)


@pytest.mark.parametrize(
    "options",
    [{}, {"greenup": {}}, {"greenup": {"meter": "m"}}, {"greenup": {"config": LIMITS}}, {"greenup": {"sensors": []}}],
)
def test_without_meter_and_limits_nothing_is_set_up(options: dict[str, Any]) -> None:
    assert GreenupSettings.from_options(options) is None
    assert not is_complete(options.get("greenup", {}))


stations = st.frozensets(st.text(max_size=3), max_size=3)
configs = st.builds(
    LoadManagerConfig,
    max_current=st.floats(100, 300),
    charge_current=st.floats(10, 100),
    mode=st.sampled_from(Mode),
    hysteresis=st.floats(0, 20),
    control_logic=st.booleans(),
    margin=st.none() | st.floats(0, 5),
    charging_cap=st.none() | st.floats(6, 100),
)


@given(
    st.builds(
        GreenupSettings,
        config=configs,
        meter=st.none(),
        sensors=st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=3, unique=True).map(tuple),
        layout=st.sampled_from(LAYOUTS),
        interval=st.floats(1, 5),
        priority=stations,
        unmanaged=stations,
        on_stop=st.sampled_from(ON_STOP),
    )
)
def test_what_is_stored_is_plain_and_reads_the_same(settings: GreenupSettings) -> None:
    stored = json.loads(json.dumps(settings.stored()))
    assert GreenupSettings.from_options({"greenup": stored}) == settings


def test_a_device_as_meter_reads_the_same() -> None:
    settings = GreenupSettings(config=LoadManagerConfig(**LIMITS), meter="m", priority=frozenset({"b", "a"}))
    assert GreenupSettings.from_options({"greenup": settings.stored()}) == settings
    assert settings.stored()["priority"] == ["a", "b"]
    assert "sensors" not in settings.stored()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"sensors": ["sensor.a"]}, "one of both"),
        ({"meter": None, "sensors": ["sensor.a"] * 2}, "one sensor of current for each phase"),
        ({"meter": None, "sensors": list("abcd")}, "one sensor of current for each phase"),
        ({"layout": "none"}, "not known"),
        ({"on_stop": "explode"}, "not known"),
        ({"interval": 0.5}, "every 1 to 5 s"),
        ({"interval": 6}, "every 1 to 5 s"),
        ({"config": {**LIMITS, "charge_current": 251}}, "current for charging"),
        ({"config": {"max_current": 250}}, "charge_current"),
        ({"config": {**LIMITS, "max_current": "many"}}, "real number"),
        ({"config": {**LIMITS, "mode": "magic"}}, "magic"),
        ({"config": {**LIMITS, "margin": 230}}, "margin"),
        ({"config": {**LIMITS, "margin": -1}}, "margin"),
        ({"config": {**LIMITS, "charging_cap": 0}}, "all stations"),
        ({"config": {**LIMITS, "charging_cap": float("inf")}}, "all stations"),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_reason(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(**changed)


def test_a_setting_of_another_version_is_passed_over() -> None:
    config = read_config({**LIMITS, "from_the_future": 1})
    assert asdict(config) == asdict(LoadManagerConfig(**LIMITS))
